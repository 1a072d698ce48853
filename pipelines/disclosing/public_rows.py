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
from risk.sensitivity import sensitivities
from warehouse.contracts import TABLES, restricted_columns

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
# A visit goes with its site, what was seen with the visit: one table after the other.
_FIRST: Final = (
    *("site_records", "incidents", "site_visits"),
    *("assessments", "findings", "improvement_actions", "grievances"),
)


def first_restricted(checked: Sequence[Checked], as_of: date) -> tuple[str, int] | None:
    """Return file and line of the first row that is not public on the day `as_of`, or None."""
    for file in checked:
        seen = is_public(file.taken, as_of)
        if not seen.all():
            return file.file, int(file.lines[np.argmin(seen)])
    return None


def first_restricted_value(checked: Sequence[Checked]) -> tuple[str, int] | None:
    """Return file and line of the first row with a value that staff alone may see, or None."""
    for file in checked:
        has = file.taken[_restricted(file)].notna().any(axis=1).to_numpy(dtype=bool)
        if has.any():
            return file.file, int(file.lines[np.argmax(has)])
    return None


def public_only(checked: Sequence[Checked], as_of: date) -> tuple[Checked, ...]:
    """Return the files with the rows alone that are public on the day, restricted columns blank.

    A record under an embargo of its own is not public before that day, whatever else it says. What names a
    record stays only where that record does: one that staff do not have any more was, perhaps, not public.
    Places that no public record names are left out: a name and a point may be all that is secret of a site.
    Rows set aside are counted where they say themselves that they are public.
    """
    kept = [_blank(file) for file in checked]
    for table in _FIRST:
        there = _there(kept)
        kept = [_without(file, there, as_of) if file.table == table else file for file in kept]
    there = _there(kept)
    kept = [file if file.table in (*_FIRST, "citations") else _without(file, there, as_of) for file in kept]
    named = {place for file in kept if file.table == "incidents" for place in file.taken["place_id"].dropna()}
    kept = [_with_places(file, named) for file in kept]
    there = _there(kept)
    return tuple(_cited(file, there) for file in kept)


def is_public(rows: pd.DataFrame, as_of: date) -> np.ndarray:
    """Return which of the `rows` all may see on the day: called public, and under no embargo of their own."""
    if FLAG not in rows:
        return np.ones(len(rows), dtype=bool)
    # What nobody called public is not.
    is_flagged: np.ndarray = rows[FLAG].fillna(False).to_numpy(dtype=bool)
    if EMBARGO in rows:
        return is_flagged & ~(rows[EMBARGO] > pd.Timestamp(as_of)).to_numpy(dtype=bool)
    return is_flagged


def _restricted(file: Checked) -> list[str]:
    return (
        [name for name in restricted_columns(file.table) if name in file.taken]
        if file.table in TABLES
        else []
    )


def _blank(file: Checked) -> Checked:
    """Return the file without what staff alone may see: whatever is measured of it must not depend on that."""
    rows = file.taken
    # The day of an embargo is needed until it is known which rows are public.
    names = [name for name in _restricted(file) if name != EMBARGO]
    rows = rows.assign(**{name: _nothing(rows[name]) for name in names})
    if "sensitivity" in rows:
        # Staff's says one step more where age or sex of a victim are known: which of them are, it must not tell.
        told = sensitivities(rows["category"], rows["secondary_categories"], rows["has_children"])
        rows = rows.assign(sensitivity=told.astype(rows["sensitivity"].dtype))
    return replace(file, taken=rows, remarks=None)


def _nothing(column: pd.Series) -> pd.Series:
    return column.mask(pd.Series(True, column.index))


def _there(files: Sequence[Checked]) -> dict[str, set[str]]:
    """Return the ids of the rows of each table."""
    found: dict[str, set[str]] = {}
    for file in files:
        found.setdefault(file.table, set()).update(file.taken[file.source.key[0]].dropna().astype(str))
    return found


def _without(file: Checked, there: Mapping[str, set[str]], as_of: date) -> Checked:
    rows = file.taken
    keeps = is_public(rows, as_of).copy()
    for column, table in _BELONGS.get(file.table, ()):
        keeps &= (rows[column].isna() | rows[column].isin(there.get(table, set()))).to_numpy(dtype=bool)
    if file.table == "grievances":
        keeps &= _of_known_site(rows, there.get("site_records", set()))
    if file.table in _POINTS:
        column, table = _POINTS[file.table]
        rows = rows.assign(**{column: rows[column].where(rows[column].isin(there.get(table, set())))})
    if EMBARGO in rows:
        rows = rows.assign(**{EMBARGO: _nothing(rows[EMBARGO])})
    return _cut(replace(file, taken=rows), keeps, as_of)


def _of_known_site(rows: pd.DataFrame, sites: set[str]) -> np.ndarray:
    """Return which grievances are about no site, or one with a record in `sites`."""
    return ((rows["entity_kind"] != "site") | rows["entity_id"].isin(sites)).to_numpy(dtype=bool)


def _with_places(file: Checked, named: set[str]) -> Checked:
    if file.table != "places":
        return file
    return _cut(file, file.taken["place_id"].isin(named).to_numpy(dtype=bool))


def _cited(file: Checked, there: Mapping[str, set[str]]) -> Checked:
    """Return the citations of the rows that are there."""
    if file.table != "citations":
        return file
    pairs = zip(file.taken["table_name"], file.taken["record_id"], strict=True)
    return _cut(file, np.array([record in there.get(table, ()) for table, record in pairs], dtype=bool))


def _cut(file: Checked, keeps: np.ndarray, as_of: date | None = None) -> Checked:
    taken = file.taken[keeps].reset_index(drop=True)
    rows_in = len(taken) + _lost(file, as_of)
    return replace(
        file,
        taken=taken,
        positions=file.positions[keeps],
        rejected=file.rejected.iloc[:0],
        rows_in=rows_in,
        state="loaded" if rows_in else "none_found",
    )


def _lost(file: Checked, as_of: date | None) -> int:
    """Return how many rows set aside may be told: those that say that they are public, where rows say so.

    What hangs on a record that is not there hung, perhaps, on one that is not public.
    """
    if not file.rows_rejected or file.table in {*_BELONGS, "grievances", "citations", "places"}:
        return 0
    if as_of is None or FLAG not in file.taken:
        return file.rows_rejected
    aside = np.setdiff1d(np.arange(len(file.raw.frame)), file.positions)
    return int(is_public(file.source.shape(file.raw).iloc[aside], as_of).sum())
