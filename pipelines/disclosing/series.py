"""What goes from one release of an edition to the next, and when it cannot."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from pipelines.disclosing.assigning import Series
from pipelines.disclosing.keeping_back import tells_of_unpublished
from pipelines.edition import EditionSpec
from risk.errors import BrokenRelease, InputError, NoRelease, ReleaseError
from risk.vocabulary import Audience, Edition
from warehouse.manifest import RELEASE_ID, read_manifest
from warehouse.release import Release, file_name, open_release, sha256_of

log = logging.getLogger(__name__)


def series_of(spec: EditionSpec, before_id: str | None, folder: Path, key: bytes) -> Series:
    """Return what is carried on of the release before; of a file that is not in good order, nothing.

    Then every measure of it is made anew.
    """
    first = Series(None, None, key, only_public=spec.only_public)
    if before_id is None:
        # `current` lost or broken: where releases stand, what they told must go on.
        stood = any(RELEASE_ID.fullmatch(one.name) for one in folder.iterdir() if one.is_dir())
        return replace(first, is_lost=stood)
    if _has_successor(folder, before_id):
        # `current` was set back: what the releases after it told must go on as well.
        return replace(first, is_lost=True)
    # Each by itself: what is told goes on from staff's file, however the public's may be.
    edition = Edition(spec.name)
    staff, public = (
        _in_order(edition, one, before_id, folder.parent) for one in (Audience.STAFF, Audience.PUBLIC)
    )
    if staff is not None and file_name(edition, Audience.PUBLIC) not in staff.manifest.files:
        # Of a time when there was one file for all: it has no classes.
        return first
    return replace(first, before=staff, public_before=public, is_lost=staff is None)


def _has_successor(folder: Path, release_id: str) -> bool:
    """Return whether a release in `folder` was built after `release_id`."""
    for one in folder.iterdir():
        if one.is_dir() and RELEASE_ID.fullmatch(one.name):
            try:
                if read_manifest(one).previous == release_id:
                    return True
            except BrokenRelease as error:
                log.warning("%s", error)
    return False


def _in_order(edition: Edition, audience: Audience, release_id: str, releases_dir: Path) -> Release | None:
    """Return a release opened for `audience`, or None where that file is not the one that was written."""
    try:
        release = open_release(edition, audience, release_id, releases_dir=releases_dir)
    except (NoRelease, BrokenRelease):
        return None
    promised = release.manifest.files[release.path.name].sha256
    return release if sha256_of(release.path) == promised else None


def hold_series(spec: EditionSpec, series: Series) -> None:
    """Stop where what was told of records that are not public cannot go on, or is said not to exist."""
    if spec.only_public and tells_of_unpublished(series.before):
        raise InputError(
            "edition.toml",
            "says only_public = true, and the release before tells of records that are not public",
            next_move="take that line out: what was told must go on",
        )
    # Classes made anew could be subtracted from those that were told; of invented events they may.
    if series.is_lost and not spec.only_public and spec.name != Edition.TRAINING:
        raise ReleaseError(
            "Staff's file of the last release cannot be read, or current names another, so what was told of records "
            "that are not public cannot go on. Nothing was published. Next: put that release, and the file current "
            "that names it, back from a copy"
        )
