"""Records that may not be published yet: the others of their class would be too few, and all could count them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pandas as pd

from pipelines.checks.checking import Checked
from pipelines.checks.narrowing import FLAG
from pipelines.disclosing.assigning import RULES_BELOW_STAFF, cell_territories
from pipelines.disclosing.public_rows import EMBARGO
from risk.disclosure_batches import publishable
from risk.vocabulary import Audience
from warehouse.release import Release

log = logging.getLogger(__name__)

_STOOD: Final = """
SELECT r.event_id, r.incident_id FROM event_records r
SEMI JOIN (SELECT event_id FROM disclosure_assignments WHERE class_id IS NOT NULL) USING (event_id)
"""


def to_keep_back(staff: Mapping[str, pd.DataFrame], before: Release | None, as_of: date) -> set[str]:
    """Return the incidents whose publication on the day would single others out.

    staff: tables of this build, from all rows. The release `before` told how many events a class and a cell
    hold. Once some of them are published, whoever counts knows what is left (`disclosure_batches.publishable`).
    An event is published with the first of its records that is, whenever and by whomever that record came.
    """
    if before is None or "published_records" not in before.manifest.tables[Audience.STAFF]:
        return set()
    rows = before.query("SELECT * FROM disclosure_assignments WHERE class_id IS NOT NULL")
    if rows.empty:
        return set()
    incidents = staff["incidents"]
    is_open = incidents[FLAG].fillna(False).astype(bool) & ~(incidents[EMBARGO] > pd.Timestamp(as_of)).fillna(
        False
    )
    shown = before.query("SELECT record_id FROM published_records WHERE table_name = 'incidents'")[
        "record_id"
    ]
    public = incidents.loc[is_open, "incident_id"]
    now = staff["event_records"].set_index("incident_id")["event_id"]
    stood = before.query(_STOOD)
    is_known, is_asked = (
        rows["event_id"].isin(_events_of(ids, now, stood)).to_numpy(dtype=bool)
        for ids in (public[public.isin(shown)], public[~public.isin(shown)])
    )
    is_asked = is_asked & ~is_known
    may = publishable(rows, is_asked, is_known, cell_territories(dict(staff)), RULES_BELOW_STAFF)
    shut = rows.loc[is_asked & ~may, "event_id"]
    ours = stood.loc[stood["event_id"].isin(shut), "incident_id"]
    of_events = now.index[now.isin(now.reindex(ours).dropna())]
    singled = set(public[public.isin([*ours, *of_events]) & ~public.isin(shown)])
    if singled:
        log.warning(
            "incidents: %d records are not published yet: too few of those they are counted with would remain",
            len(singled),
        )
    return singled


def kept_back(checked: Sequence[Checked], singled: set[str], as_of: date) -> tuple[Checked, ...]:
    """Return the files with one more day of embargo on the incidents `singled`."""
    return tuple(
        replace(file, taken=embargoed(file.taken, singled, as_of)) if file.table == "incidents" else file
        for file in checked
    )


def embargoed(incidents: pd.DataFrame, singled: set[str], as_of: date) -> pd.DataFrame:
    """Return `incidents` with an embargo until the next day on those `singled`."""
    until = pd.Timestamp(as_of + timedelta(days=1))
    later = incidents[EMBARGO].mask(incidents["incident_id"].isin(singled), until)
    return incidents.assign(**{EMBARGO: later})


def _events_of(public: pd.Series, now: pd.Series, stood: pd.DataFrame) -> set[str]:
    """Return the events of the release before that the records `public` tell of, by what is one event now or was then."""
    told = set(now.reindex(public).dropna())
    same = stood["incident_id"].map(now).isin(told) | stood["incident_id"].isin(public)
    return set(stood.loc[same, "event_id"])


def count_kept_back(incidents: pd.DataFrame, as_of: date) -> int:
    """Return how many of staff's incidents wait so, by their embargo of one day more."""
    until = incidents[EMBARGO] == pd.Timestamp(as_of + timedelta(days=1))
    return int((until.fillna(False) & incidents[FLAG].fillna(False)).sum())
