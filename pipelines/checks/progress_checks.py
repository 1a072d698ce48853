"""What rows of assessments, grievances and lists promise one another, so that all of them can be measured.

- An assessment names a framework of the edition, and is the only one of its site record, framework and day.
- A finding answers a criterion of that framework, once.
- Steps of a grievance begin when it was received and follow one another.
- A list tells of a facility once, and an RMAP id belongs to one refiner.

Of rows that exclude one another the first one stays. The rules are those of `risk`, which refuses such rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from pipelines.checks.checking import Checked, set_aside
from risk.findings import scheme_of
from risk.grievances import STAGES, can_follow
from risk.refiners import facility_keys, list_series

Rows = Mapping[str, pd.DataFrame]
# The reason of each row of a table that cannot stay, missing for all others; told all rows of all tables.
Judge = Callable[[pd.DataFrame, Rows], pd.Series]


def measurable(files: Sequence[Checked]) -> list[Checked]:
    """Return `files` in their order without the rows of progress that break a promise to one another."""
    found = list(files)
    judges: tuple[tuple[str, tuple[str, ...], Judge], ...] = (
        ("assessments", ("framework_id",), _of_no_framework),
        ("assessments", ("site_record_id", "framework_id", "assessed_on"), _assessed_twice),
        ("findings", ("criterion_id",), _of_no_criterion),
        ("findings", ("assessment_id", "criterion_id"), _found_twice),
        ("grievance_steps", ("happened_on", "status"), _out_of_order),
        ("refiners", ("refiner_id", "rmap_id"), _of_two_refiners),
        ("refiner_statuses", ("refiner_id", "rmap_id"), _of_two_refiners),
        ("refiner_statuses", ("name",), _listed_twice),
    )
    for table, columns, judge in judges:
        found = _judged(found, table, columns, judge)
    return found


def _judged(files: list[Checked], table: str, columns: tuple[str, ...], judge: Judge) -> list[Checked]:
    rows = _rows(files)
    if table not in rows:
        return files
    reasons = judge(rows[table], rows)
    found, start = [], 0
    for file in files:
        if file.table == table:
            own = reasons.iloc[start : start + len(file.taken)]
            start += len(own)
            file = set_aside(file, own.notna().to_numpy(dtype=bool), columns, own.dropna().tolist())
        found.append(file)
    return found


def _rows(files: Sequence[Checked]) -> dict[str, pd.DataFrame]:
    """Return all rows taken, by table; those of one table in the order of its files."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for file in files:
        parts.setdefault(file.table, []).append(file.taken)
    return {table: pd.concat(frames, ignore_index=True) for table, frames in parts.items()}


def _of_no_framework(assessments: pd.DataFrame, rows: Rows) -> pd.Series:
    known = rows["criteria"]["framework_id"].unique().tolist() if "criteria" in rows else []
    said = f"write one of {', '.join(known)}" if known else "add its file to the folder frameworks"
    reason = f"no framework of this edition; {said}"
    return _where(~assessments["framework_id"].isin(known), reason)


def _assessed_twice(assessments: pd.DataFrame, _: Rows) -> pd.Series:
    keys = assessments[["site_record_id", "assessed_on"]].assign(
        scheme=scheme_of(assessments["framework_id"])
    )
    first = _first(assessments["assessment_id"], keys)
    reason = "another assessment of that site record, framework and day, beside "
    return (reason + first + "; correct the day, or keep one").where(keys.duplicated())


def _of_no_criterion(findings: pd.DataFrame, rows: Rows) -> pd.Series:
    of = (
        rows["assessments"].set_index("assessment_id")["framework_id"]
        if "assessments" in rows
        else pd.Series()
    )
    framework = findings["assessment_id"].map(of).astype("string")
    asked = rows["criteria"] if "criteria" in rows else pd.DataFrame({"framework_id": [], "criterion_id": []})
    known = pd.MultiIndex.from_frame(asked[["framework_id", "criterion_id"]].astype(object))
    pairs = pd.MultiIndex.from_arrays([framework.astype(object), findings["criterion_id"].astype(object)])
    # Findings of no assessment go for that reason.
    is_unknown = framework.notna() & ~pairs.isin(known)
    reason = "no criterion of " + framework + "; correct it, or the framework_id of the assessment"
    return reason.where(is_unknown)


def _found_twice(findings: pd.DataFrame, _: Rows) -> pd.Series:
    again = findings.duplicated(["assessment_id", "criterion_id"])
    return _where(again, "a second finding on one criterion of one assessment; keep one of them")


def _out_of_order(steps: pd.DataFrame, rows: Rows) -> pd.Series:
    """Return the reasons of steps before the receipt, or that cannot follow the last step that can."""
    cases = (
        rows["grievances"] if "grievances" in rows else pd.DataFrame({"grievance_id": [], "received_on": []})
    )
    received: dict[str, pd.Timestamp] = dict(zip(cases["grievance_id"], cases["received_on"], strict=True))
    order = steps.assign(stage=steps["status"].map(STAGES))
    order = order.sort_values(["grievance_id", "happened_on", "stage", "step_id"])
    columns = ("grievance_id", "happened_on", "step_id", "status")
    last: dict[str, tuple[str, str]] = {}
    reasons: dict[int, str] = {}
    for row, case, day, step, status in zip(order.index, *(order[name] for name in columns), strict=True):
        # Steps of no grievance go for that reason.
        if case not in received:
            continue
        before, standing = last.get(case, ("", "received"))
        if day < received[case]:
            reasons[row] = "a step before the grievance was received; correct one of the days"
        elif before and not can_follow(status, standing):
            reasons[row] = f"a step that cannot follow {before} ({standing}); correct a day or a status"
        else:
            last[case] = (step, status)
    return pd.Series(reasons, dtype="string").reindex(steps.index)


def _of_two_refiners(frame: pd.DataFrame, rows: Rows) -> pd.Series:
    """Return the reasons of rows whose RMAP id stood beside another refiner before, refiners before lists."""
    names = ["refiner_id", "rmap_id"]
    known = rows["refiners"][names] if "refiners" in rows else frame[names].iloc[:0]
    both = pd.concat([known, frame[names]], ignore_index=True).dropna()
    first = frame["rmap_id"].map(both.drop_duplicates("rmap_id").set_index("rmap_id")["refiner_id"])
    is_other = frame[names].notna().all(axis=1) & (frame["refiner_id"] != first)
    return ("an RMAP id that is " + first.astype("string") + "'s before; correct one of them").where(is_other)


def _listed_twice(listings: pd.DataFrame, _: Rows) -> pd.Series:
    reasons = pd.Series(pd.NA, listings.index, dtype="string")
    rest = listings
    while True:
        # Without a row the others may be known for one: until none is there twice.
        keys = rest[["listed_on"]].assign(series=list_series(rest), key=facility_keys(rest)[0])
        again = keys.duplicated()
        if not again.any():
            return reasons
        first = _first(rest["listing_id"], keys)[again]
        reasons[first.index] = "a facility that is on this list already, as " + first + "; keep one"
        rest = rest[~again]


def _first(ids: pd.Series, keys: pd.DataFrame) -> pd.Series:
    """Return for each row the id of the first row with its key."""
    number = keys.groupby(list(keys), sort=False, dropna=False).ngroup()
    return ids.astype("string").groupby(number).transform("first").astype("string")


def _where(is_wrong: pd.Series, reason: str) -> pd.Series:
    return pd.Series(reason, is_wrong.index, dtype="string").where(is_wrong.fillna(False).astype(bool))
