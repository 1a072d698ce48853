"""Counts of restricted sites by area, told in batches, so that no step from one release to the next is small.

A site that comes waits until `min_count` of its area wait with it; then they enter together, as one batch, and
the count told grows by so many. A site that goes - retracted, published, moved to another area - is held: still
counted, until `min_count` of its area are, and what is left would be none or `min_count` at least. So all that
can be had by subtraction, within a release or between any two, is a sum of such batches: 0, or the minimum or
more. How many wait or are held, nobody below staff is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from risk.disclosure_rules import Rules
from risk.disclosure_tables import CellState

SITE_COLUMNS: Final = {"site_id": "string", "area_id": "string", "batch": "Int64", "is_held": "boolean"}


def assign_sites(
    sites: pd.DataFrame, earlier: pd.DataFrame | None, rules: Rules, *, whole_batches: bool = False
) -> pd.DataFrame:
    """Return the batch of every restricted site that has an area, one row a site and area, sorted by both.

    sites: site_id (one row each), area_id (may be missing: counted nowhere), is_public_record (missing: no).
    earlier: what this returned for the release before; None for the first. whole_batches: a batch leaves only
    as it came, when all of it is held; for sums that are not counts of sites. Columns: site_id, area_id, batch
    (missing: waiting, told to nobody), is_held. Rows of staff's file only. Raises ValueError where a site
    stands twice.
    """
    if sites["site_id"].duplicated().any():
        raise ValueError("a site stands twice; give each one row")
    is_restricted = ~sites["is_public_record"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    now = sites.loc[is_restricted & sites["area_id"].notna().to_numpy(), ["site_id", "area_id"]]
    before = _typed(earlier) if earlier is not None else _typed(pd.DataFrame(columns=list(SITE_COLUMNS)))
    told = before[before["batch"].notna()]
    told = told.assign(is_held=~_pairs(told).isin(_pairs(now)))
    if whole_batches:
        told = told[~_all_held(told)]
    else:
        # What was published all can see: the others that go must be enough by themselves.
        public = sites.loc[~is_restricted, "site_id"]
        for is_public in (True, False):
            told = told[~_may_go(told, told["site_id"].isin(public) == is_public, rules)]
    fresh = now[~_pairs(now).isin(_pairs(told))]
    many = fresh.groupby("area_id")["site_id"].transform("size").to_numpy()
    number = int(before["batch"].max()) + 1 if before["batch"].notna().any() else 1
    batch = np.where(many >= rules.min_count, number, -1)
    fresh = fresh.assign(batch=pd.Series(batch, fresh.index, dtype="Int64"), is_held=False)
    fresh["batch"] = fresh["batch"].mask(fresh["batch"] < 0)
    both = pd.concat([told, _typed(fresh)])
    return _typed(both).sort_values(["site_id", "area_id"], ignore_index=True)


def counted_sites(assigned: pd.DataFrame, areas: Sequence[str]) -> pd.DataFrame:
    """Return how many restricted sites each of `areas` has at least, one row an area in their order.

    assigned: of `assign_sites`. Columns: area_id, site_count (sum of the batches; missing where there is none),
    state ('at_least', or 'suppressed': none or too few). No total is told.
    """
    told = assigned[assigned["batch"].notna()]
    counts = told.groupby("area_id").size().reindex(list(areas), fill_value=0).to_numpy()
    state = np.where(counts > 0, CellState.AT_LEAST.value, CellState.SUPPRESSED.value)
    found = pd.DataFrame({"area_id": list(areas), "site_count": counts, "state": state})
    found = found.astype({"area_id": "string", "site_count": "Int64", "state": "string"})
    return found.assign(site_count=found["site_count"].mask(found["site_count"] == 0))


def _may_go(told: pd.DataFrame, is_meant: pd.Series, rules: Rules) -> np.ndarray:
    """Return which of the held rows that are meant leave: of areas where so many go, and so many or none stay."""
    held = (told["is_held"] & is_meant).astype(bool)
    is_held = held.to_numpy(dtype=bool)
    going = held.groupby(told["area_id"]).transform("sum").to_numpy(dtype=np.int64)
    staying = held.groupby(told["area_id"]).transform("size").to_numpy(dtype=np.int64) - going
    least = rules.min_count
    leaves: np.ndarray = is_held & (going >= least) & ((staying == 0) | (staying >= least))
    return leaves


def _all_held(told: pd.DataFrame) -> np.ndarray:
    """Return the rows of batches of which every row is held."""
    is_held = told["is_held"].astype(bool)
    found: np.ndarray = is_held.groupby([told["area_id"], told["batch"]]).transform("all").to_numpy(bool)
    return found


def _pairs(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["site_id", "area_id"]].astype(object))


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[list(SITE_COLUMNS)].astype(SITE_COLUMNS)
