"""Releases of two editions side by side: neither is ever taken for the other."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import release as writing
from risk.errors import BrokenRelease
from risk.vocabulary import Audience, Edition
from tests.made_tables import AS_OF, inputs, places, publish_tables, rejected
from warehouse.manifest import FilePromise, read_manifest
from warehouse.release import (
    Release,
    editions_published,
    list_releases,
    open_release,
    sha256_of,
)

TABLES = {"places": places("Kolwezi@25.5", "Likasi"), "rejected_row": rejected("not a number")}


def test_a_file_of_the_training_edition_says_so_in_its_name(tmp_path: Path) -> None:
    with writing.building(Edition.TRAINING, tmp_path) as folder:
        draft = writing.plan(Edition.TRAINING, AS_OF, inputs(), tmp_path).manifest
        audiences = {Audience.STAFF: TABLES, Audience.PUBLIC: {"places": TABLES["places"]}}
        writing.publish(folder, writing.write(folder, draft, audiences), draft.release_id)
    release = open_release("training", releases_dir=tmp_path, verified=True)
    assert release.path.name == "training-staff.duckdb"
    assert set(release.manifest.files) == {"training-staff.duckdb", "training-public.duckdb"}
    assert draft.release_id != publish_tables(tmp_path, TABLES)
    assert editions_published(tmp_path) == (Edition.OPEN, Edition.TRAINING)


def publish_training(releases_dir: Path) -> Release:
    """Publish the same tables as a release of the training edition."""
    with writing.building(Edition.TRAINING, releases_dir) as folder:
        draft = writing.plan(Edition.TRAINING, AS_OF, inputs(), releases_dir).manifest
        writing.publish(folder, writing.write(folder, draft, {Audience.STAFF: TABLES}), draft.release_id)
    return open_release("training", releases_dir=releases_dir)


def test_a_release_in_the_folder_of_the_other_edition_is_refused(tmp_path: Path) -> None:
    training = publish_training(tmp_path)
    publish_tables(tmp_path, TABLES)
    shutil.copytree(training.path.parent, tmp_path / "open" / training.id)
    (tmp_path / "open" / "current").write_text(training.id)
    with pytest.raises(BrokenRelease, match="of the training edition, not of the open one"):
        open_release("open", releases_dir=tmp_path)
    assert [s.problem is None for s in list_releases("open", tmp_path)] == [True, False]


def test_a_file_of_the_other_edition_under_a_name_of_this_one_is_refused(tmp_path: Path) -> None:
    """Even where size and hash are those that the manifest promises: the file itself says what it is."""
    training = publish_training(tmp_path)
    folder = tmp_path / "open" / publish_tables(tmp_path, TABLES)
    shutil.copy(training.path, folder / "staff.duckdb")
    with pytest.raises(BrokenRelease, match=r"manifest promises|altered"):
        open_release("open", releases_dir=tmp_path, verified=True)
    manifest = read_manifest(folder)
    size = (folder / "staff.duckdb").stat().st_size
    promise = FilePromise(sha256=sha256_of(folder / "staff.duckdb"), size_bytes=size)
    (folder / "manifest.json").write_text(
        replace(manifest, files={"staff.duckdb": promise}).to_text(), "utf-8"
    )
    release = open_release("open", releases_dir=tmp_path, verified=True)
    with pytest.raises(BrokenRelease, match="edition is 'training', not 'open'"):
        release.query("SELECT * FROM places")


def test_a_training_release_with_the_file_names_of_the_open_one_is_refused(tmp_path: Path) -> None:
    training = publish_training(tmp_path)
    folder = training.path.parent
    training.path.rename(folder / "staff.duckdb")
    promise = training.manifest.files["training-staff.duckdb"]
    renamed = replace(training.manifest, files={"staff.duckdb": promise})
    (folder / "manifest.json").write_text(renamed.to_text(), "utf-8")
    with pytest.raises(BrokenRelease, match=r"training-staff\.duckdb is not part of release"):
        open_release("training", releases_dir=tmp_path)
