"""Who looked where: visits, reports and their sources, and why a number is missing.

That nothing was reported may mean that nothing happened or that nobody looked. The visits tell which: they
are kept also where nothing was found. No count is ever 0 here; it is missing, and `absence` says why.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd

from risk.listed import listed_values
from risk.vocabulary import Absence

Tables = Collection[str]
_COUNTS: Final = ("visits", "sites_visited", "sources", "events")


def coverage(
    visits: pd.DataFrame,
    reports: pd.DataFrame,
    sites: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    window_start: pd.Timestamp,
    units: Collection[str] | None = None,
    failed: Tables = (),
) -> pd.DataFrame:
    """Return who looked over a window, one row a unit, sorted by id; a unit is a site, cell or area.

    visits: unit_id, site_id, visited_on, visit_group (visits of one group on one day are one visit), and
    has_finding (missing, or no such column: nobody knows, so that the visit may have found something). reports: unit_id, date, source_groups ('; '-separated), one row an event.
    sites: unit_id, site_id. The window is from window_start to as_of, both days included; later rows are
    not read.
    units: ids that get a row though nothing is known of them. failed: those of 'visits', 'reports', 'sites'
    whose table is not there or empty.

    Columns: unit_id, site_count (known sites), sites_visited, site_visited_pct (of the known sites, missing
    where none is), visits, sources (groups that reported), events: all over the window and missing, not 0,
    for none; last_visit_on, last_event_on (at any time up to as_of); weeks_without_signal (whole weeks
    since the later of these, missing if there was never one); absence of the events: 'none_found' (visited,
    nothing found), 'not_visited' (known sites, no visit, no report), 'not_reported' (no known site, no
    report; or a visit found something and nobody reported it), 'failed_to_load' (the table that would tell
    is not there); missing where there are events. Raises ValueError for an unknown name in `failed`, a
    missing unit or date, and a window that ends before it starts.
    """
    seen = _known(visits, "visited_on", as_of, "visits", failed)
    told = _known(reports, "date", as_of, "reports", failed)
    known = sites[["unit_id", "site_id"]].dropna().drop_duplicates()
    known = known.assign(unit_id=known["unit_id"].astype(str))
    known = known.iloc[:0] if "sites" in failed else known
    if window_start > as_of:
        raise ValueError(
            f"the window starts on {window_start:%Y-%m-%d}, after {as_of:%Y-%m-%d}; give an earlier day"
        )
    ids = sorted({*seen["unit_id"], *told["unit_id"], *known["unit_id"], *(units or ())})
    index = pd.Index(ids, dtype="string", name="unit_id")
    found = _counted(
        seen[seen["visited_on"] >= window_start], told[told["date"] >= window_start], ["unit_id"]
    ).reindex(index)
    found.insert(0, "site_count", known.groupby("unit_id").size().reindex(index).astype("Int64"))
    pct = 100 * found["sites_visited"].astype("Float64") / found["site_count"]
    is_known = found["site_count"].notna() & ("visits" not in failed)
    found.insert(2, "site_visited_pct", pct.fillna(0.0).where(is_known).clip(upper=100))
    found["last_visit_on"] = seen.groupby("unit_id")["visited_on"].max().reindex(index)
    found["last_event_on"] = told.groupby("unit_id")["date"].max().reindex(index)
    last = found[["last_visit_on", "last_event_on"]].max(axis=1)
    found["weeks_without_signal"] = ((as_of - last).dt.days // 7).astype("Int64")
    has_found = _has_finding(seen[seen["visited_on"] >= window_start]).reindex(index, fill_value=False)
    found["absence"] = absences(found, has_found, failed)
    return found.reset_index()


def coverage_quarters(
    visits: pd.DataFrame,
    reports: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    quarter_starts: pd.DatetimeIndex,
    failed: Tables = (),
) -> pd.DataFrame:
    """Return who looked by quarter: one row a unit and quarter with a visit or a report, sorted by these.

    Frames and `failed` are as `coverage` takes them. quarter_starts: the first day of each quarter, in
    order; the last ends on as_of, and what lies before the first is not counted.
    Columns: unit_id, quarter_start, visits, sites_visited, sources, events; missing, not 0, for none.
    """
    if not len(quarter_starts) or not quarter_starts.is_monotonic_increasing:
        raise ValueError("quarter_starts is empty or out of order; give the first days, the earliest first")
    seen = _known(visits, "visited_on", as_of, "visits", failed)
    told = _known(reports, "date", as_of, "reports", failed)
    seen = seen.assign(quarter_start=_quarters(seen["visited_on"], quarter_starts))
    told = told.assign(quarter_start=_quarters(told["date"], quarter_starts))
    return _counted(seen, told, ["unit_id", "quarter_start"]).sort_index().reset_index()


def absences(found: pd.DataFrame, has_finding: pd.Series, failed: Tables = ()) -> pd.Series:
    """Return why `events` is missing, by the rule of `coverage`; missing where it is not.

    `found` has site_count, visits and events, missing for none; has_finding: a visit found something.
    """
    is_visited = found["visits"].notna()
    rules = [
        ("reports" in failed, Absence.FAILED_TO_LOAD),
        (is_visited & has_finding, Absence.NOT_REPORTED),
        (is_visited, Absence.NONE_FOUND),
        ("visits" in failed or "sites" in failed, Absence.FAILED_TO_LOAD),
        (found["site_count"].notna(), Absence.NOT_VISITED),
        (True, Absence.NOT_REPORTED),
    ]
    holds = [np.broadcast_to(np.asarray(rule, dtype=bool), len(found)) for rule, _name in rules]
    names = np.select(holds, [str(name) for _rule, name in rules], "")
    return pd.Series(names, index=found.index, dtype="string").where(found["events"].isna())


def _known(frame: pd.DataFrame, day: str, as_of: pd.Timestamp, name: str, failed: Tables) -> pd.DataFrame:
    """Return the rows up to as_of, none where the table failed to load."""
    unknown = set(failed) - {"visits", "reports", "sites"}
    if unknown:
        raise ValueError(f"failed names {', '.join(sorted(unknown))}; write visits, reports or sites")
    if name in failed:
        return frame.iloc[:0].assign(**{day: pd.to_datetime(pd.Series(dtype="datetime64[us]"))})
    if frame[["unit_id", day]].isna().any(axis=None):
        raise ValueError(f"{name} has a row without unit_id or {day}; leave it out")
    days = pd.to_datetime(frame[day]).dt.normalize()
    return frame.assign(unit_id=frame["unit_id"].astype(str), **{day: days})[days <= as_of]


def _counted(seen: pd.DataFrame, told: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Return visits, sites_visited, sources and events by `key`, missing for none."""
    visits = seen.drop_duplicates([*key, "site_id", "visited_on", "visit_group"])
    rows, values = listed_values(told["source_groups"])
    groups = told[key].iloc[rows].assign(group=values)
    counts = {
        "sites_visited": seen.groupby(key)["site_id"].nunique(),
        "visits": visits.groupby(key).size(),
        "sources": groups.groupby(key)["group"].nunique(),
        "events": told.groupby(key).size(),
    }
    found = pd.concat([count.rename(name) for name, count in counts.items()], axis=1).astype("Int64")
    return found.mask((found == 0).fillna(False)).dropna(how="all")


def _has_finding(seen: pd.DataFrame) -> pd.Series:
    """Return by unit whether a visit found something, or may have."""
    if "has_finding" not in seen:
        return pd.Series(True, index=pd.Index(seen["unit_id"].unique(), name="unit_id"))
    return seen["has_finding"].fillna(True).astype(bool).groupby(seen["unit_id"]).any()


def _quarters(days: pd.Series, starts: pd.DatetimeIndex) -> pd.Series:
    """Return the start of the quarter of each day; missing before the first."""
    place = np.searchsorted(starts.to_numpy(), days.to_numpy(), side="right") - 1
    return pd.Series(starts.to_numpy()[np.maximum(place, 0)], index=days.index).where(place >= 0)
