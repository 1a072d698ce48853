"""The open edition with a file for each audience, each of another number of incidents: the count tells the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from pipelines.release import building, publish, write
from risk.vocabulary import Audience, Edition
from warehouse.contracts import TABLES
from warehouse.release import Release, open_release

# None is all there are.
INCIDENTS: Final[dict[Audience, int | None]] = {
    Audience.PUBLIC: 10,
    Audience.MEMBER: 20,
    Audience.RESEARCHER: 30,
    Audience.STAFF: None,
}


def tables_of(release: Release) -> dict[str, pd.DataFrame]:
    """Return every table of a release but what it says of itself."""
    return {name: release.query(f"SELECT * FROM {name}") for name in TABLES if name != "metadata"}


def publish_audiences(
    staff: Release,
    releases_dir: Path,
    audiences: tuple[Audience, ...] = tuple(Audience),
    edition: Edition = Edition.OPEN,
) -> str:
    """Publish what `staff` holds once an audience and return the release id."""
    tables = tables_of(staff)
    draft = replace(staff.manifest, edition=edition.value, previous=None, files={}, tables={})
    files = {
        one: tables | {"incidents": tables["incidents"].head(INCIDENTS[one] or len(tables["incidents"]))}
        for one in audiences
    }
    with building(edition, releases_dir) as folder:
        publish(folder, write(folder, draft, files), draft.release_id)
    return draft.release_id


def count_of(release: Release) -> int:
    """Return how many incidents a file holds."""
    return int(release.query("SELECT count(*) AS n FROM incidents")["n"].iloc[0])


def counts(releases_dir: Path) -> dict[Audience, int]:
    """Return how many incidents each audience's file of the open edition holds."""
    return {one: count_of(open_release(Edition.OPEN, one, releases_dir=releases_dir)) for one in Audience}
