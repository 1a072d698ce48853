"""Does a hotspot grow or fade, beyond what the theme does everywhere?

`trends` answers for the drawn windows of incidents (`risk.revisits` for two visits to one site). A rise in
reports is a rise in risk only where as many people looked as before: beside each trend stands what became
of visits and of reporting sources, and an arrow is drawn only where both stayed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special, stats

from risk.method import METHOD, Method
from risk.periods import period_ordinals
from risk.texts import mark

Floats = NDArray[np.float64]

TREND_CLASSES: Final[dict[str, str]] = {
    "new": mark("new"),
    "rising": mark("rising"),
    "falling": mark("falling"),
    "persistent": mark("persistent"),
    "no_clear_change": mark("no clear change"),
    "not_enough": mark("not enough information"),
}
# Steps of the bisection for the yearly ratio, and the log ratio a quarter beyond which there is no estimate.
_STEPS = 60
_STEEPEST = 8.0


@dataclass(frozen=True)
class _Series:
    """Windows by quarters: events of the window and of its theme everywhere, and time in quarters."""

    hotspot_ids: NDArray[np.object_]
    observed: Floats
    total: Floats
    quarters: Floats


def trend(observed: Floats, total: Floats, quarters: Floats | None = None) -> tuple[Floats, Floats]:
    """Return z and two-sided p of the Poisson score test for a log-linear trend, (windows,) each.

    `observed` is (windows, quarters), `total` the same shape or (quarters,): events of the theme
    everywhere (or reports of all themes), so that what all windows share is no trend. With q_t = N_t/N,
    μ = Σ q_t t and v = Σ q_t t² − μ²: z = Σ_t (t − μ) O_t / √(O v) (score test of Cox 1955 for a Poisson
    process, given O; Cochran–Armitage in form). A quarter where either is missing is left out for that
    window. NaN where O = 0 or all the theme's events are in one quarter. Cautious where the window
    holds most of the theme, since it is then compared with itself.

    >>> z, p = trend(np.array([[1, 1, 2, 3, 4, 5]]), np.full(6, 100))
    >>> round(float(z[0]), 3), round(float(p[0]), 3)
    (2.196, 0.028)
    """
    observed = np.atleast_2d(np.asarray(observed, dtype=float))
    time = np.arange(observed.shape[1], dtype=float) if quarters is None else quarters
    observed, weight = _weighted(observed, np.broadcast_to(np.asarray(total, dtype=float), observed.shape))
    mean = weight @ time
    variance = np.maximum(weight @ time**2 - mean**2, 0.0)
    scale = np.sqrt(observed.sum(axis=1) * np.where(variance > 1e-12, variance, 0.0))
    score = observed @ time - observed.sum(axis=1) * mean
    z = np.divide(score, scale, out=np.full(len(observed), np.nan), where=scale > 0)
    return z, 2 * stats.norm.sf(np.abs(z))


def yearly_ratio(observed: Floats, total: Floats, quarters: Floats | None = None) -> Floats:
    """Return by how much the window's part of the theme multiplies in a year, (windows,).

    Maximum likelihood of O_t ~ Poisson(a·N_t·exp(b·t)), as exp(4b). NaN where it does not exist (no event,
    or all of them at one end of the time), and where quarters with events of the theme are fewer than two.

    >>> np.round(yearly_ratio(np.array([[10.0, 20, 40, 80, 160]]), np.full(5, 1000.0)), 3)
    array([16.])
    """
    observed = np.atleast_2d(np.asarray(observed, dtype=float))
    time = np.arange(observed.shape[1], dtype=float) if quarters is None else quarters
    observed, weight = _weighted(observed, np.broadcast_to(np.asarray(total, dtype=float), observed.shape))
    events = observed.sum(axis=1)
    if not observed.size:
        return np.full(len(events), np.nan)
    mean = np.divide(observed @ time, events, out=np.full(len(events), np.nan), where=events > 0)
    low, high = np.full(len(events), -_STEEPEST), np.full(len(events), _STEEPEST)
    log_weight = np.log(weight, out=np.full(weight.shape, -np.inf), where=weight > 0)
    log_weight[weight.sum(axis=1) == 0] = 0.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        is_steeper = special.softmax(log_weight + middle[:, None] * time, axis=1) @ time < mean
        low, high = np.where(is_steeper, middle, low), np.where(is_steeper, high, middle)
    is_found = (np.abs(low) < _STEEPEST / 2) & np.isfinite(mean) & ((weight > 0).sum(axis=1) > 1)
    return np.where(is_found, np.exp(4 * low), np.nan)


def trends(
    windows: pd.DataFrame,
    totals: pd.DataFrame,
    effort: pd.DataFrame,
    passes: pd.DataFrame,
    *,
    method: Method = METHOD,
) -> pd.DataFrame:
    """Return the trend of each drawn window, one row a hotspot_id, sorted.

    `windows`: hotspot_id, category, quarter, observed (events; one row for each quarter of the category in
    `totals`, 0 where it was looked at and nothing fell in, missing where it was not looked at).
    `totals`: category, quarter, events everywhere. `effort`: hotspot_id, quarter, visits, sources.
    `passes`: hotspot_id and whether the window passes its test in the last four quarters
    (passes_recent), before them (passes_before), in the first and in the second half
    (passes_first_half, passes_second_half). A quarter is a pandas Period, a date, or text like "2026Q3".

    Columns: hotspot_id, trend_class, observed, quarter_count, z, p, p_adjusted (Benjamini–Hochberg over all
    windows tested), rate_ratio_per_year, and the columns of `effort_changes`, has_arrow. The first
    class that fits: not_enough (under `trend_min_reports` events or `trend_min_quarters` quarters),
    new (passes in the last four quarters, not before), rising and falling (p_adjusted < `q_falling`),
    persistent (passes in both halves), no_clear_change. A missing pass makes nothing new or persistent.
    `has_arrow`: rising or falling, and the effort steady. Raises ValueError where a window lacks a
    quarter, has more events than its theme, or a quarter is told twice.
    """
    series = _series(windows, totals)
    count = np.isfinite(series.observed).sum(axis=1)
    events = np.nansum(series.observed, axis=1)
    z, p = trend(series.observed, series.total, series.quarters)
    is_enough = (events >= method.trend_min_reports) & (count >= method.trend_min_quarters) & np.isfinite(z)
    z, p = np.where(is_enough, z, np.nan), np.where(is_enough, p, np.nan)
    ratio = yearly_ratio(series.observed, series.total, series.quarters)
    found = pd.DataFrame(
        {
            "hotspot_id": series.hotspot_ids,
            "observed": events,
            "quarter_count": count,
            "z": z,
            "p": p,
            "p_adjusted": adjusted(p),
            "rate_ratio_per_year": np.where(is_enough, ratio, np.nan),
        }
    )
    found.insert(1, "trend_class", _classes(found, passes, method))
    found = found.merge(effort_changes(_whole(effort, windows), method=method), on="hotspot_id", how="left")
    found["is_effort_steady"] = found["is_effort_steady"].eq(True).fillna(False).astype(bool)
    found["has_arrow"] = found["trend_class"].isin(["rising", "falling"]) & found["is_effort_steady"]
    return found


def _whole(effort: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Return `effort` of every quarter of the windows; missing where it is not told: nobody knows."""
    pairs = windows[["hotspot_id", "quarter"]]
    of_window, told = (
        rows.assign(ordinal=period_ordinals(rows["quarter"])).drop(columns="quarter")
        for rows in (pairs, effort)
    )
    wanted = of_window.merge(pairs[["quarter"]], left_index=True, right_index=True)
    return wanted.merge(told, on=["hotspot_id", "ordinal"], how="left").drop(columns="ordinal")


def effort_changes(effort: pd.DataFrame, *, method: Method = METHOD) -> pd.DataFrame:
    """Return hotspot_id, visits_change_pct, sources_change_pct, effort_change_pct, is_effort_steady.

    `effort`: hotspot_id, quarter, visits, sources. The mean of a quarter in the second half of the
    hotspot's quarters against that in the first half (the middle one of an odd number in neither):
    every quarter counts in the trend, so every quarter counts here. `effort_change_pct` is the larger
    of the two changes. A change from nothing has no percentage and is not steady; no visits in
    either half leave the sources to decide; what is missing is not steady, for nobody knows, and one
    missing quarter is enough.
    """
    rows = effort.assign(quarter=period_ordinals(effort["quarter"])).sort_values(["hotspot_id", "quarter"])
    place = rows.groupby("hotspot_id").cumcount()
    long = rows.groupby("hotspot_id")["quarter"].transform("size") // 2
    later = rows.groupby("hotspot_id").cumcount(ascending=False) < long
    measures = ["visits", "sources"]
    rows[measures] = rows[measures].apply(pd.to_numeric).astype(float)
    ids = pd.Index(rows["hotspot_id"].unique(), name="hotspot_id")
    first, second = (
        rows[half].groupby("hotspot_id")[measures].mean(skipna=False).reindex(ids)
        for half in (place < long, later)
    )
    change = 100 * (second - first) / first.where(first > 0)
    is_silent = (first == 0) & (second == 0)
    is_known = change.notna() | is_silent
    largest = change.abs().max(axis=1)
    steady = is_known.all(axis=1) & change.notna().any(axis=1) & (largest <= method.steady_effort_pct)
    signed = change["visits"].where(change["visits"].abs().eq(largest), change["sources"])
    result = change.add_suffix("_change_pct")
    result["effort_change_pct"] = signed.where(is_known.all(axis=1))
    return result.assign(is_effort_steady=steady).reset_index()


def adjusted(p: Floats) -> Floats:
    """Return `p` adjusted by Benjamini & Hochberg (1995) over those that are not missing."""
    result = np.full(len(p), np.nan)
    is_tested = np.isfinite(p)
    if is_tested.any():
        result[is_tested] = stats.false_discovery_control(p[is_tested])
    return result


def _classes(found: pd.DataFrame, passes: pd.DataFrame, method: Method) -> NDArray[np.object_]:
    flags = passes.drop_duplicates().set_index("hotspot_id")
    if flags.index.has_duplicates:
        raise ValueError(f"hotspot {flags.index[flags.index.duplicated()][0]!r} has two rows of passes")
    flags = flags.reindex(found["hotspot_id"]).astype("boolean")
    said = {name: flags[name].fillna(False).to_numpy(bool) for name in flags}
    is_new = said["passes_recent"] & flags["passes_before"].eq(False).fillna(False).to_numpy(bool)
    is_clear = (found["p_adjusted"] < method.q_falling).to_numpy()
    return np.select(
        [
            found["z"].isna(),
            is_new,
            is_clear & (found["z"] > 0),
            is_clear & (found["z"] < 0),
            said["passes_first_half"] & said["passes_second_half"],
        ],
        ["not_enough", "new", "rising", "falling", "persistent"],
        default="no_clear_change",
    ).astype(object)


def _series(windows: pd.DataFrame, totals: pd.DataFrame) -> _Series:
    """Return windows and totals by quarter, columns for the quarters of any category."""
    everywhere = totals.assign(quarter=period_ordinals(totals["quarter"]))
    of_window = windows.assign(quarter=period_ordinals(windows["quarter"]))
    _refuse_twice(everywhere, ["category", "quarter"])
    _refuse_twice(of_window, ["hotspot_id", "quarter"])
    joined = of_window.merge(everywhere, on=["category", "quarter"], how="left")
    rows_wanted = everywhere.groupby("category").size()
    has = joined.groupby("hotspot_id").agg(category=("category", "first"), rows=("events", "count"))
    short = has.index[has["rows"] != has["category"].map(rows_wanted)]
    if len(short) or joined["events"].isna().any():
        name = short[0] if len(short) else joined.loc[joined["events"].isna(), "hotspot_id"].iloc[0]
        raise ValueError(
            f"hotspot {name!r} does not have the quarters of its theme; give each a row, with 0 where "
            "nothing fell into the window and nothing where nobody looked"
        )
    joined[["observed", "events"]] = joined[["observed", "events"]].apply(pd.to_numeric).astype(float)
    is_more = (joined["observed"] > joined["events"] + 1e-9) | (joined["observed"] < 0)
    if is_more.any():
        raise ValueError(
            f"hotspot {joined.loc[is_more, 'hotspot_id'].iloc[0]!r} has more events than its theme"
        )
    quarters = np.sort(joined["quarter"].unique()).astype(float)
    observed, events = (
        joined.pivot(index="hotspot_id", columns="quarter", values=name).sort_index()
        for name in ("observed", "events")
    )
    return _Series(
        observed.index.to_numpy(object),
        observed.to_numpy(float),
        events.to_numpy(float),
        quarters - quarters.min() if len(quarters) else quarters,
    )


def _weighted(observed: Floats, total: Floats) -> tuple[Floats, Floats]:
    """Return both without their missing quarters; the weights of a row sum to 1."""
    is_there = np.isfinite(observed) & np.isfinite(total)
    weight = np.where(is_there, total, 0.0)
    whole = weight.sum(axis=1, keepdims=True)
    return np.where(is_there, observed, 0.0), np.divide(weight, whole, out=weight, where=whole > 0)


def _refuse_twice(rows: pd.DataFrame, keys: list[str]) -> None:
    twice = rows[rows.duplicated(keys)]
    if len(twice):
        raise ValueError(f"{keys[0]} {twice[keys[0]].iloc[0]!r} has a quarter twice; give one row a quarter")
