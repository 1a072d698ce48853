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
from pipelines.disclosing.assigning import RULES_BELOW_STAFF, carries, cell_territories
from pipelines.disclosing.public_rows import EMBARGO, is_public
from risk.disclosure_batches import publishable
from warehouse.release import Release

log = logging.getLogger(__name__)

# The prefix of a unit in `disclosure_cohorts` → its table and key.
_UNITS: Final = {
    "assessed": ("assessments", "assessment_id"),
    "started": ("improvement_actions", "action_id"),
    "resolved": ("improvement_actions", "action_id"),
    "grievance": ("grievances", "grievance_id"),
}
_BATCHES: Final = """
SELECT c.cohort_id, c.batch, split_part(c.unit_id, '|', 1) AS subject, split_part(c.unit_id, '|', 2) AS id,
       p.record_id IS NOT NULL AS is_known
FROM disclosure_cohorts c LEFT JOIN published_records p ON p.record_id = split_part(c.unit_id, '|', 2)
WHERE c.batch IS NOT NULL
"""


def tells_of_unpublished(before: Release | None) -> bool:
    """Return whether the release `before` told anything of records that are not public."""
    if before is None:
        return False
    return any(
        carries(before, table) and len(before.query(f"SELECT 1 AS one FROM {table} LIMIT 1"))
        for table in ("disclosure_assignments", "disclosure_site_batches", "disclosure_cohorts")
    )


def assigned_records(coded: pd.DataFrame, records: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the records that tell, or told, of each assigned event: event_id (as assigned), incident_id.

    coded: of `assign`. records: event_records. known: of `counted_records`. An event may be told by other records later, under another id:
    it is still the one that was counted.
    """
    now = records[["incident_id", "event_id"]].astype("string")
    linked = known.merge(now, on="incident_id", suffixes=("", "_now")).merge(
        now.rename(columns={"event_id": "event_id_now", "incident_id": "also"}), on="event_id_now"
    )
    more = linked[["event_id", "also"]].rename(columns={"also": "incident_id"})
    rows = pd.concat([known, more, now[["event_id", "incident_id"]]]).drop_duplicates()
    return rows[rows["event_id"].isin(coded["event_id"])].reset_index(drop=True)


def public_now(
    staff: Mapping[str, pd.DataFrame], singled: set[str], stood: pd.DataFrame, as_of: date
) -> set[str]:
    """Return the events of the release before, as assigned, that all can see on the day.

    stood: of `counted_records`; singled: incidents whose publication is kept back.
    """
    incidents = staff["incidents"]
    public = incidents.loc[is_public(incidents, as_of), "incident_id"]
    return _events_of(public[~public.isin(singled)], staff["event_records"], stood)


def waiting_now(staff: Mapping[str, pd.DataFrame], singled: set[str], stood: pd.DataFrame) -> set[str]:
    """Return the events of the release before, as assigned, whose publication is kept back."""
    return _events_of(pd.Series(sorted(singled), dtype="string"), staff["event_records"], stood)


def counted_records(before: Release | None) -> pd.DataFrame:
    """Return the records that tell of each event the release `before` had assigned: event_id, incident_id."""
    if before is None or not carries(before, "disclosure_assignments"):
        return pd.DataFrame({"event_id": [], "incident_id": []}, dtype="string")
    table = "disclosure_records" if carries(before, "disclosure_records") else "event_records"
    return before.query(
        f"SELECT event_id, incident_id FROM {table} SEMI JOIN disclosure_assignments USING (event_id)"
    ).astype("string")


def units_to_keep_back(staff: Mapping[str, pd.DataFrame], before: Release | None) -> dict[str, set[str]]:
    """Return the assessments, actions and grievances that may not be published yet, by table.

    Sums of a batch were told: what was published of it could be subtracted. So its units are published all
    together, or not yet.
    """
    held: dict[str, set[str]] = {}
    if before is None or not carries(before, "disclosure_cohorts"):
        return held
    rows = before.query(_BATCHES)
    public = {
        table: set(staff[table].loc[staff[table][FLAG].fillna(False).astype(bool), key])
        for table, key in _UNITS.values()
    }
    pairs = zip(rows["subject"], rows["id"], strict=True)
    rows["is_asked"] = [one in public[_UNITS[subject][0]] for subject, one in pairs]
    rows["is_asked"] &= ~rows["is_known"].astype(bool)
    seen = rows["is_asked"] | rows["is_known"].astype(bool)
    whole = seen.groupby([rows["cohort_id"], rows["batch"]]).transform("all")
    shut = rows[rows["is_asked"] & ~whole]
    for subject, one in zip(shut["subject"], shut["id"], strict=True):
        held.setdefault(_UNITS[subject][0], set()).add(one)
    if held:
        log.warning(
            "progress: %d records are not published yet: the others of their group are not either",
            sum(len(ids) for ids in held.values()),
        )
    return held


def to_keep_back(staff: Mapping[str, pd.DataFrame], before: Release | None, as_of: date) -> set[str]:
    """Return the incidents whose publication on the day would single others out.

    staff: tables of this build, from all rows. The release `before` told how many events a class and a cell
    hold. Once some of them are published, whoever counts knows what is left (`disclosure_batches.publishable`).
    An event is published with the first of its records that is, whenever and by whomever that record came.
    """
    if before is None or not carries(before, "published_records"):
        return set()
    rows = before.query("SELECT * FROM disclosure_assignments WHERE class_id IS NOT NULL")
    if rows.empty:
        return set()
    incidents = staff["incidents"]
    shown = before.query("SELECT record_id FROM published_records WHERE table_name = 'incidents'")[
        "record_id"
    ]
    public = incidents.loc[is_public(incidents, as_of), "incident_id"]
    now, stood = staff["event_records"], counted_records(before)
    is_known, is_asked = (
        rows["event_id"].isin(_events_of(ids, now, stood)).to_numpy(dtype=bool)
        for ids in (public[public.isin(shown)], public[~public.isin(shown)])
    )
    is_asked = is_asked & ~is_known
    may = publishable(rows, is_asked, is_known, cell_territories(dict(staff)), RULES_BELOW_STAFF)
    shut = rows.loc[is_asked & ~may, "event_id"]
    ours = stood.loc[stood["event_id"].isin(shut), "incident_id"]
    events = now.loc[now["incident_id"].isin(ours), "event_id"]
    of_events = now.loc[now["event_id"].isin(events), "incident_id"]
    singled = set(public[public.isin([*ours, *of_events]) & ~public.isin(shown)])
    if singled:
        log.warning(
            "incidents: %d records are not published yet: too few of those they are counted with would remain",
            len(singled),
        )
    return singled


def kept_back(
    checked: Sequence[Checked], singled: set[str], units: Mapping[str, set[str]], as_of: date
) -> tuple[Checked, ...]:
    """Return the files with one more day of embargo on the incidents `singled`, and without the flag of `units`."""
    return tuple(_kept(file, singled, units, as_of) for file in checked)


def _kept(file: Checked, singled: set[str], units: Mapping[str, set[str]], as_of: date) -> Checked:
    rows = file.taken
    if file.table == "incidents":
        rows = embargoed(rows, singled, as_of)
    elif file.table in units:
        is_held = rows[file.source.key[0]].isin(units[file.table])
        rows = rows.assign(**{FLAG: rows[FLAG].mask(is_held, False)})
    return replace(file, taken=rows)


def embargoed(incidents: pd.DataFrame, singled: set[str], as_of: date) -> pd.DataFrame:
    """Return `incidents` with an embargo until the next day on those `singled`."""
    until = pd.Timestamp(as_of + timedelta(days=1))
    later = incidents[EMBARGO].mask(incidents["incident_id"].isin(singled), until)
    return incidents.assign(**{EMBARGO: later})


def _events_of(public: pd.Series, now: pd.DataFrame, stood: pd.DataFrame) -> set[str]:
    """Return the events `stood` (as assigned) that the records `public` tell of: by what is one event now, or was."""
    told = now.loc[now["incident_id"].isin(public), "event_id"]
    same = set(now.loc[now["event_id"].isin(told), "incident_id"]) | set(public)
    return set(stood.loc[stood["incident_id"].isin(same), "event_id"])


def count_kept_back(incidents: pd.DataFrame, as_of: date) -> int:
    """Return how many of staff's incidents wait so, by their embargo of one day more."""
    until = incidents[EMBARGO] == pd.Timestamp(as_of + timedelta(days=1))
    return int((until.fillna(False) & incidents[FLAG].fillna(False)).sum())
