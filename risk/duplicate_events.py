"""The event that its reports make together: what is taken from which report."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from risk.vocabulary import CATEGORIES, PLACE_PRECISIONS

# Best first.
_TRUST: Final = ("verified", "corroborated", "single_source", "disputed", "unverified", "retracted")
_PLACE: Final = ["lon", "lat", "place_precision", "radius_m", "territory_pcode", "place_name", "site_id"]
EVENT_COLUMNS: Final = (
    "event_id",
    "incident_id",
    "categories",
    "date_start",
    "date_end",
    *_PLACE,
    "killed_low",
    "killed_best",
    "killed_high",
    "killed_incident_id",
    "injured",
    "record_count",
    "source_groups",
    "source_count",
    "verification",
    "reported_on",
)


def merged(reports: pd.DataFrame, group: np.ndarray) -> pd.DataFrame:
    """Return one row an event, by event_id, from reports and the group of each.

    The best record is the best verified, then the best placed, then the one with the tightest dates. Dates
    come from the tightest interval, the place from the best-placed record, the best toll from the
    best-verified record that has one (`killed_incident_id`), its range from all. Retracted records give
    neither tolls nor sources unless all are retracted.
    """
    is_several = np.bincount(group)[group] > 1 if len(group) else np.zeros(0, dtype=bool)
    parts = [_alone(reports[~is_several]), _together(reports[is_several], group[is_several])]
    events = pd.concat([part for part in parts if len(part)] or parts[:1])
    return events[list(EVENT_COLUMNS)].sort_values("event_id", ignore_index=True)


def _alone(reports: pd.DataFrame) -> pd.DataFrame:
    """Return events of one report each."""
    return reports.assign(
        event_id="evt-" + reports["incident_id"].astype("string"),
        killed_low=reports["killed_low"].fillna(reports["killed_best"]),
        killed_high=reports["killed_high"].fillna(reports["killed_best"]),
        killed_incident_id=reports["incident_id"].where(reports["killed_best"].notna()),
        record_count=pd.array(np.ones(len(reports), np.int64), dtype="Int64"),
        source_count=_counts(reports["source_groups"]),
    )


def _together(reports: pd.DataFrame, group: np.ndarray) -> pd.DataFrame:
    """Return events of several reports each."""
    rows = _ranked(reports, group)
    best = _first(rows, ["trust", "fineness", "span"])
    by = rows.groupby("group")
    events = best[["incident_id"]].assign(
        event_id="evt-" + by["incident_id"].min().astype("string"),
        reported_on=by["reported_on"].min(),
        record_count=by.size().astype("Int64"),
        categories=_categories(rows, best),
    )
    events[["date_start", "date_end"]] = _first(rows, ["span", "trust"])[["date_start", "date_end"]]
    events[_PLACE] = _first(rows, ["fineness", "radius_m", "trust"])[_PLACE]
    speaking = rows[rows["speaks"]]
    events = events.join(_tolls(speaking)).join(_sources(speaking))
    events["verification"] = _verification(speaking, events["source_count"])
    return events


def _ranked(reports: pd.DataFrame, group: np.ndarray) -> pd.DataFrame:
    trust = reports["verification"].map({code: rank for rank, code in enumerate(_TRUST)})
    fineness = reports["place_precision"].map({code: rank for rank, code in enumerate(PLACE_PRECISIONS)})
    is_retracted = (reports["verification"] == "retracted").fillna(False).to_numpy(dtype=bool)
    rows = reports.assign(
        group=group,
        trust=trust.astype(float).fillna(len(_TRUST)),
        # A place without a point comes last, however fine it is said to be.
        fineness=fineness.astype(float).fillna(99) + 100 * reports["lon"].isna(),
        span=(pd.to_datetime(reports["date_end"]) - pd.to_datetime(reports["date_start"])).dt.days,
        is_retracted=is_retracted,
        id_rank=pd.factorize(reports["incident_id"], sort=True)[0],
    )
    every = rows.groupby("group")["is_retracted"].transform("all")
    return rows.assign(speaks=~rows["is_retracted"] | every)


def _first(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return for each event its first row in the order `by`; ties by incident_id."""
    keys = [rows[name].to_numpy(dtype=float, na_value=np.inf) for name in by]
    order = np.lexsort((rows["id_rank"].to_numpy(), *reversed(keys), rows["group"].to_numpy()))
    is_first = np.diff(rows["group"].to_numpy()[order], prepend=-1) != 0
    first: pd.DataFrame = rows.iloc[order[is_first]].set_index("group")
    return first


def _tolls(rows: pd.DataFrame) -> pd.DataFrame:
    low = rows["killed_low"].fillna(rows["killed_best"]).groupby(rows["group"]).min()
    high = rows["killed_high"].fillna(rows["killed_best"]).groupby(rows["group"]).max()
    best = _first(rows[rows["killed_best"].notna()], ["trust", "fineness", "span"])
    injured = _first(rows[rows["injured"].notna()], ["trust", "fineness", "span"])
    return pd.DataFrame({"killed_low": low, "killed_high": high}).assign(
        killed_best=best["killed_best"], killed_incident_id=best["incident_id"], injured=injured["injured"]
    )


def _sources(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the union of the groups of sources, sorted, and how many; missing where none is named."""
    unions = _unions(rows["group"], rows["source_groups"])
    lists = pd.Series({group: "; ".join(sorted(union)) for group, union in unions.items()}, dtype="string")
    counts = pd.Series({group: len(union) for group, union in unions.items()}, dtype="Int64")
    return pd.DataFrame({"source_groups": lists, "source_count": counts})


def _counts(lists: pd.Series) -> pd.Series:
    """Return how many parts the '; '-separated `lists` have, missing where there is none."""
    codes, different = pd.factorize(lists.astype("string"))
    counts = np.array([*(len(_split(text)) for text in different), 0])[codes]
    return pd.Series(counts, index=lists.index, dtype="Int64").where(counts > 0)


def _split(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(";")) - {""}


def _categories(rows: pd.DataFrame, best: pd.DataFrame) -> pd.Series:
    """Return the union of categories: the best record's primary first, the others in the list's order."""
    order = {code: rank for rank, code in enumerate(CATEGORIES)}
    primary = {group: text.partition(";")[0] for group, text in best["categories"].dropna().items()}
    unions = _unions(rows["group"], rows["categories"])
    first = {group: primary[group] for group in unions}
    # A code that is not in the list comes last.
    rank = {
        group: sorted(union, key=lambda code: (order.get(code, len(order)), code))
        for group, union in unions.items()
    }
    others = {group: [code for code in codes if code != first[group]] for group, codes in rank.items()}
    return pd.Series({group: "; ".join([first[group], *others[group]]) for group in unions}, dtype="string")


def _unions(groups: pd.Series, lists: pd.Series) -> dict[int, frozenset[str]]:
    """Return the union of the '; '-separated lists of each group that has one."""
    codes, different = pd.factorize(lists.astype("string"))
    parts = [_split(text) for text in different]
    unions: dict[int, frozenset[str]] = {}
    for group, code in zip(groups.tolist(), codes.tolist(), strict=True):
        if code >= 0 and parts[code]:
            unions[group] = unions[group] | parts[code] if group in unions else parts[code]
    return unions


def _verification(rows: pd.DataFrame, source_count: pd.Series) -> pd.Series:
    """Return the state of each event from its reports that speak.

    Verified if one is, else disputed if one is, else corroborated if one is or two groups of sources tell of
    it, else the best state.
    """
    state = _first(rows, ["trust"])["verification"].astype("string")
    has_disputed = rows["verification"].eq("disputed").groupby(rows["group"]).any()
    is_told_twice = source_count.ge(2).fillna(False) & state.isin(["single_source", "unverified"])
    state = state.mask(is_told_twice, "corroborated")
    return state.mask(has_disputed & (state != "verified"), "disputed")
