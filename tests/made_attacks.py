"""Three releases of an edition whose restricted records come late, are retracted and change; and attacks on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.build import build
from pipelines.verifying.attack import System, recovered, system_of, told
from pipelines.verifying.checking import BELOW_STAFF
from pipelines.verifying.opening import opened
from warehouse.manifest import read_manifest

DATES = (date(2025, 9, 30), date(2026, 3, 31), date(2026, 9, 30))
_RETRACTED = 0.06
_CHANGED = 0.06
_LATE = 0.3
_PUBLISHED = 0.25
_TAKEN_BACK = 0.05
# What a reader may filter by, each with the columns of the truth.
FILTERS = (
    ("true_territory",),
    ("true_territory", "true_quarter"),
    ("true_territory", "true_year"),
    ("true_territory", "true_category"),
    ("province", "true_quarter"),
    ("province", "true_category", "true_year"),
    ("true_quarter",),
    ("true_category", "true_quarter"),
    ("true_category", "true_year"),
    ("true_cell",),
    ("severity_band", "verification_band"),
    ("is_critical",),
    ("life",),
    ("batch",),
)
_AREAS = ((), ("province",), ("true_territory",))
_TIMES = ((), ("true_year",), ("true_quarter",))
_KINDS = ((), ("is_critical",), ("is_critical", "true_category"))


def build_three(edition: Path, folder: Path, seed: int = 0) -> list[Path]:
    """Build three releases of `edition` in `folder`, each as of a later day, and return their folders, oldest first."""
    rng = np.random.default_rng(seed)
    tables = {
        name: pd.read_csv(edition / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("incidents", "citations", "toll_claims")
    }
    incidents = tables["incidents"]
    is_hidden = incidents["public_record"].eq("no").to_numpy()
    days = pd.to_datetime(incidents["reported_on"].where(incidents["reported_on"].ne(""), "2025-01-01"))
    is_late = is_hidden & (rng.random(len(incidents)) < _LATE)
    known = days + pd.to_timedelta(np.where(is_late, rng.integers(60, 500, len(incidents)), 0), unit="D")
    is_gone = np.zeros(len(incidents), dtype=bool)
    found = []
    for number, day in enumerate(DATES):
        if number:
            is_gone |= is_hidden & (rng.random(len(incidents)) < _RETRACTED)
            moved = np.flatnonzero(is_hidden & (rng.random(len(incidents)) < _CHANGED))
            words = incidents["verification_reported"].to_numpy(copy=True)
            words[moved] = rng.permutation(words[moved])
            places = incidents["category_reported"].to_numpy(copy=True)
            places[moved] = rng.permutation(places[moved])
            incidents = incidents.assign(category_reported=places, verification_reported=words)
            # Some are published after all, and some that were public are taken back.
            says = incidents["public_record"].to_numpy(copy=True)
            chance = rng.random(len(incidents))
            says[is_hidden & (chance < _PUBLISHED)] = "yes"
            says[~is_hidden & (chance < _TAKEN_BACK)] = "no"
            incidents = incidents.assign(public_record=says)
        now = incidents[(known <= pd.Timestamp(day)) & ~is_gone]
        _write(edition, tables, now)
        name = build(edition, folder, as_of=day).release_id
        found.append(folder / "training" / name)
    return found


def system_of_files(releases: Sequence[Path]) -> System:
    """Return all that was published below staff in `releases` as one system, from their files."""
    stories, grounds = [], []
    for release in releases:
        with opened(release, read_manifest(release), None) as files:
            stories.append(told(files, "staff", "researcher", BELOW_STAFF))
            grounds.append(
                files.connection.execute(
                    """SELECT h3_r5, territory_pcode FROM staff.sites UNION SELECT h3_r5, territory_pcode
                       FROM staff.incidents UNION SELECT h3_r5, territory_pcode FROM staff.disclosure_assignments"""
                ).df()
            )
    return system_of(stories, pd.concat(grounds).dropna().drop_duplicates())


def naive(system: System, releases: int) -> System:
    """Return what a table tells that only leaves out numbers below the minimum, of the same events."""
    events = system.events.assign(province=provinces(system.events))
    columns = [
        "true_territory",
        "province",
        "true_quarter",
        "true_year",
        "true_category",
        "is_critical",
        "life",
    ]
    events = events.assign(piece=events.groupby(columns, dropna=False).ngroup())
    size = int(events["piece"].max()) + 1
    figures = []
    for number, area, time, kind in product(range(releases), _AREAS, _TIMES, _KINDS):
        now = events[events["life"].str.contains(str(number))]
        by = [*area, *time, *kind]
        for _, group in now.groupby(by) if by else ((None, now),):
            if len(group) >= BELOW_STAFF.least(bool(group["is_critical"].all())):
                figures.append(np.bincount(group["piece"], minlength=size) > 0)
    table = np.unique(np.array(figures, dtype=np.float64), axis=0)
    counts = np.bincount(events["piece"], minlength=size).astype(np.float64)
    return System(table, table @ counts, counts, events.drop_duplicates("piece"), events)


def provinces(events: pd.DataFrame) -> pd.Series:
    """Return the province of each event, by the P-code of its territory."""
    return events["true_territory"].str[:4]


def filtered(events: pd.DataFrame, count: int, seed: int) -> list[pd.DataFrame]:
    """Return `count` groups of 1 to k - 1 events: where two random filters meet, and what one leaves of another."""
    rng = np.random.default_rng(seed)
    events = events.assign(province=provinces(events))
    masks = [mask for columns in FILTERS for mask in _masks(events, columns)]
    found: list[pd.DataFrame] = []
    critical = events["is_critical"].to_numpy(dtype=bool)
    while len(found) < count:
        one, other = (masks[number] for number in rng.integers(0, len(masks), 2))
        groups = (one & other, one & ~other, one)
        found += [
            events[group]
            for group in groups
            if 0 < group.sum() < BELOW_STAFF.least(bool(critical[group].all()))
        ]
    return found[:count]


def broken_by(system: System, groups: Sequence[pd.DataFrame]) -> int:
    """Return how many counts of `groups` follow from the figures of `system`."""
    places = system.events.set_index(["event_id", "class_id"])["piece"]
    at = [
        group.assign(piece=places[pd.MultiIndex.from_frame(group[["event_id", "class_id"]])].to_numpy())
        for group in groups
    ]
    return len(recovered(system, at))


def _masks(events: pd.DataFrame, columns: tuple[str, ...]) -> Iterator[np.ndarray]:
    number = events.groupby(list(columns), dropna=False).ngroup().to_numpy()
    for group in range(int(number.max()) + 1):
        yield number == group


def _write(edition: Path, tables: dict[str, pd.DataFrame], incidents: pd.DataFrame) -> None:
    """Write the incidents that are known into `edition`, with what belongs to them."""
    incidents.to_csv(edition / "incidents.csv", index=False)
    ids = set(incidents["incident_id"])
    cited = tables["citations"]
    kept = cited[cited["table_name"].ne("incidents") | cited["record_id"].isin(ids)]
    kept.to_csv(edition / "citations.csv", index=False)
    claims = tables["toll_claims"]
    claims[claims["incident_id"].isin(ids)].to_csv(edition / "toll_claims.csv", index=False)
