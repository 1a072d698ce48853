"""The rows that are public: what is published, and nothing that hangs on a record that is not.

All that is measured for readers below staff is measured from these rows alone, so it is everybody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from pipelines.checks.checking import Checked
from pipelines.checks.narrowing import FLAG

EMBARGO: Final = "embargo_until"
# Whose records a row belongs to, and the column that names the record: it goes with the record.
_BELONGS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "site_visits": (("site_record_id", "site_records"),),
    "observations": (("visit_id", "site_visits"),),
    "toll_claims": (("incident_id", "incidents"),),
    "site_matches": (("record_a", "site_records"), ("record_b", "site_records")),
    "event_matches": (("incident_a", "incidents"), ("incident_b", "incidents")),
    "assessment_figures": (("site_record_id", "site_records"),),
    "assessments": (("site_record_id", "site_records"),),
    "findings": (("assessment_id", "assessments"),),
    "improvement_actions": (("site_record_id", "site_records"),),
    "action_extensions": (("action_id", "improvement_actions"),),
    "grievance_steps": (("grievance_id", "grievances"),),
}
# What only points to a record stays, without the pointer.
_POINTS: Final[Mapping[str, tuple[str, str]]] = {
    "incidents": ("site_record_id", "site_records"),
    "improvement_actions": ("finding_id", "findings"),
}
# Each after those that its rows go with.
_IDS: Final[Mapping[str, str]] = {
    "site_records": "record_id",
    "incidents": "incident_id",
    "site_visits": "visit_id",
    "assessments": "assessment_id",
    "findings": "finding_id",
    "improvement_actions": "action_id",
    "grievances": "grievance_id",
}


def has_restricted(checked: Sequence[Checked], as_of: date) -> bool:
    """Return whether any row of any file is not public on the day `as_of`."""
    return any(not _is_public(file.taken, as_of).all() for file in checked)


def public_only(checked: Sequence[Checked], as_of: date) -> tuple[Checked, ...]:
    """Return the files with the rows alone that are public on the day; rows set aside are counted, not told.

    A record under an embargo of its own is not public before that day, whatever else it says.

    Places that no public record names are left out: a name and a point may be all that is secret of a site.
    """
    withheld: dict[str, set[str]] = {table: set() for table in _IDS}
    kept = list(checked)
    # A visit goes with its site, what was seen with the visit: one table after the other.
    for table in _IDS:
        kept = [_without(file, withheld, as_of) if file.table == table else file for file in kept]
        for before, after in zip(checked, kept, strict=True):
            if after.table == table:
                gone = set(before.taken[_IDS[table]]) - set(after.taken[_IDS[table]])
                withheld[table] |= gone
    kept = [file if file.table in _IDS else _without(file, withheld, as_of) for file in kept]
    named = {place for file in kept if file.table == "incidents" for place in file.taken["place_id"].dropna()}
    return tuple(_with_places(file, named) for file in kept)


def _is_public(rows: pd.DataFrame, as_of: date) -> np.ndarray:
    if FLAG not in rows:
        return np.ones(len(rows), dtype=bool)
    # What nobody called public is not.
    is_public = rows[FLAG].fillna(False).to_numpy(dtype=bool)
    if EMBARGO in rows:
        return is_public & ~(rows[EMBARGO] > pd.Timestamp(as_of)).to_numpy(dtype=bool)
    return is_public


def _without(file: Checked, withheld: Mapping[str, set[str]], as_of: date) -> Checked:
    rows = file.taken
    keeps = _is_public(rows, as_of).copy()
    for column, table in _BELONGS.get(file.table, ()):
        keeps &= ~rows[column].isin(withheld[table]).to_numpy(dtype=bool)
    if file.table == "citations":
        for table, ids in withheld.items():
            keeps &= ~((rows["table_name"] == table) & rows["record_id"].isin(ids)).to_numpy(dtype=bool)
    if file.table in _POINTS:
        column, table = _POINTS[file.table]
        rows = rows.assign(**{column: rows[column].mask(rows[column].isin(withheld[table]))})
    return _cut(replace(file, taken=rows), keeps)


def _with_places(file: Checked, named: set[str]) -> Checked:
    if file.table != "places":
        return file
    return _cut(file, file.taken["place_id"].isin(named).to_numpy(dtype=bool))


def _cut(file: Checked, keeps: np.ndarray) -> Checked:
    lost = file.rows_rejected
    taken = file.taken[keeps].reset_index(drop=True)
    return replace(
        file,
        taken=taken,
        positions=file.positions[keeps],
        rejected=file.rejected.iloc[:0],
        rows_in=len(taken) + lost,
    )
