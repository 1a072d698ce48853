"""Sums of restricted progress by cohort, frozen when a batch of it is first told.

A cohort is what began and ended in one year and place: assessments of a territory and year, actions resolved
there in it, grievances of a category received in it. Its units enter in batches of the minimum or more, and what
is told of a batch (how many criteria were met, how many days actions took) is kept as it was then: a unit that is
corrected or retracted later changes nothing, and a batch leaves as it came, whole. So all that can be had by
subtraction, within a release or between two, is a sum of batches; and of each batch only what at least the
minimum of its units speak of is summed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from risk.disclosure_rules import Rules
from risk.disclosure_sites import assign_sites

UNIT_COLUMNS: Final = {"unit_id": "string", "cohort_id": "string", "batch": "Int64", "is_held": "boolean"}
SUM_COLUMNS: Final = {
    "cohort_id": "string",
    "batch": "Int64",
    "item": "string",
    "units": "Int64",
    "full": "Int64",
    "half": "Int64",
    "none": "Int64",
    "days": "Float64",
}


def assign_cohorts(units: pd.DataFrame, earlier: pd.DataFrame | None, rules: Rules) -> pd.DataFrame:
    """Return the batch of every unit, by unit_id: one row a unit and cohort.

    units: unit_id (one row each), cohort_id, entity_id (the site or other thing it is of), is_critical (the
    same in a whole cohort). Only restricted ones. A batch holds the minimum of units, of `min_sites` entities, none with too large a share.
    earlier: what this returned before; None for the first. Columns: unit_id, cohort_id, batch (missing:
    waiting), is_held. Raises ValueError where a unit stands twice.
    """
    units = units.astype({"unit_id": "string", "cohort_id": "string"})
    theirs = {"unit_id": "site_id", "cohort_id": "area_id"}
    mine = {new: old for old, new in theirs.items()}
    critical = set(units.loc[units["is_critical"].astype(bool), "cohort_id"])
    parts = []
    for is_critical in (False, True):
        rows = units[units["cohort_id"].isin(critical) == is_critical].assign(is_public_record=False)
        before = None if earlier is None else earlier[earlier["cohort_id"].isin(critical) == is_critical]
        least = rules.least(is_critical)
        one = assign_sites(
            rows.rename(columns=theirs),
            None if before is None else before.rename(columns=theirs),
            replace(rules, min_count=least, min_count_critical=max(least, rules.min_count_critical)),
            whole_batches=True,
        )
        parts.append(one.rename(columns=mine))
    found = pd.concat(parts, ignore_index=True)
    # A batch of too few entities, or of one above all, waits on.
    fresh = found[found["batch"].notna() & ~_keys(found).isin(_keys(earlier) if earlier is not None else [])]
    entities = fresh.merge(units[["unit_id", "entity_id"]], on="unit_id").groupby("cohort_id")["entity_id"]
    of_each = entities.value_counts()
    most = of_each.groupby("cohort_id").max() / of_each.groupby("cohort_id").sum()
    is_few = (entities.nunique() < rules.min_sites) | (most > rules.most_of_one_site_share)
    few = is_few.index[is_few]
    waits = fresh.index[fresh["cohort_id"].isin(few)]
    found.loc[waits, "batch"] = pd.NA
    return found.astype(UNIT_COLUMNS).sort_values(["unit_id", "cohort_id"], ignore_index=True)


def freeze(
    assigned: pd.DataFrame, values: pd.DataFrame, earlier: pd.DataFrame | None, rules: Rules
) -> pd.DataFrame:
    """Return the sums of every batch that is told: those of batches told before as they were, of new ones anew.

    assigned: of `assign_cohorts`. values: unit_id, item, value (1, 0.5 or 0; missing: says nothing), days (may
    be missing), is_critical. earlier: what this returned before. Of an item that fewer units than the minimum of
    a batch speak of, nothing is summed.

    Columns: cohort_id, batch, item, units (that speak of it), full, half, none (how many of value 1, 0.5, 0),
    days (sum; missing where one unit has none).
    """
    told = assigned[assigned["batch"].notna()]
    standing = set(zip(told["cohort_id"], told["batch"], strict=True))
    before = (
        earlier if earlier is not None else pd.DataFrame({name: [] for name in SUM_COLUMNS}, dtype=object)
    ).astype(SUM_COLUMNS)
    pairs = list(zip(before["cohort_id"], before["batch"], strict=True))
    kept = before[[pair in standing for pair in pairs]]
    known = set(pairs)
    is_new = np.array([pair not in known for pair in zip(told["cohort_id"], told["batch"], strict=True)])
    said = values[["unit_id", "item", "value", "days", "is_critical"]].dropna(subset="value")
    said = said.astype({"unit_id": "string"})
    rows = told[is_new.astype(bool)].merge(said, on="unit_id")
    rows = rows.assign(full=rows["value"].eq(1.0), half=rows["value"].eq(0.5), none=rows["value"].eq(0.0))
    by = rows.groupby(["cohort_id", "batch", "item", "is_critical"], as_index=False)
    sums = by.agg(
        units=("unit_id", "nunique"), full=("full", "sum"), half=("half", "sum"), none=("none", "sum"),
        days=("days", lambda some: some.sum(skipna=False)),
    )  # fmt: skip
    least = sums["is_critical"].map(rules.least)
    fresh = sums[(sums["units"] >= least).to_numpy(dtype=bool)]
    both = pd.concat([kept, fresh.reindex(columns=list(SUM_COLUMNS)).astype(SUM_COLUMNS)])
    return both.sort_values(["cohort_id", "batch", "item"], ignore_index=True)


def summed(sums: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the sums of `sums` (of `freeze`, with columns `by`) over all batches: units, full, half, none, days."""
    numbers = ["units", "full", "half", "none"]
    if sums.empty:
        return sums.reindex(columns=[*by, *numbers, "days"])
    grouped = sums.groupby(by, as_index=False)
    days = grouped["days"].agg(lambda some: some.sum(skipna=False))["days"]
    return grouped[numbers].sum().assign(days=days)


def _keys(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["unit_id", "cohort_id", "batch"]].astype(object).fillna(0))
