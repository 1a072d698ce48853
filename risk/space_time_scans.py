"""Space–time permutation scan: events crowded here and then, beyond the totals of place and of time.

It needs no exposure: where there are always many reports, or when all places report more, nothing
is found. So it is not misled by uneven reporting that stays as it is, nor by a theme that grows
everywhere; reporting that begins in one place looks like a cluster.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.method import METHOD, Method
from risk.periods import period_ordinals
from risk.scans import (
    CLUSTER_COLUMNS,
    NO_ZONES,
    TOO_FEW_EVENTS,
    Best,
    Scans,
    as_scans,
    chunks,
    cluster_rows,
    generator,
    log_likelihood_ratio,
    theme_row,
)
from risk.texts import mark
from risk.zones import Floats, Ints, Zones, circular_zones

ONE_PERIOD: Final = mark("all events in one period; nothing to compare")
CYLINDER_COLUMNS: Final = (*CLUSTER_COLUMNS, "first_period", "last_period")
_COMPARED = 4_000_000
_SAME_LLR = 1e-8


def space_time_scan(
    units: pd.DataFrame,
    events: pd.DataFrame,
    *,
    frequency: str = "Q",
    max_radius_m: float | None = METHOD.scan_radius_m,
    max_share: float = 0.5,
    max_duration: float = 0.5,
    max_centres: int | None = None,
    replicas: int = METHOD.scan_replicas,
    seed: int = 0,
    method: Method = METHOD,
) -> Scans:
    """Return the space–time permutation scan of each category (Kulldorff et al. 2005), its best cylinder only.

    `units`: unit_id, x_m, y_m (planar metres). `events`, one row an event: category, unit_id, period (a
    quarter for `frequency` "Q" or a month for "M": a pandas Period, a date, or text such as "2026Q3").
    A cylinder is a circle of `risk.zones.circular_zones`, around a unit with an event and with at
    most `max_share` of the events, during consecutive periods, at most `max_duration` of those from the
    first to the last event of the category. With C events in it, μ = events of the circle · events
    of the periods / N and LLR = C ln(C/μ) + (N−C) ln((N−C)/(N−μ)) where C > μ. Replicas permute the
    periods among the events, so all totals stay; p = (1 + replicas at least as high)/(1 + replicas). One p
    says whether there is any cluster in space and time at all.

    `clusters` has also first_period and last_period. A category with fewer than `method.scan_min_events`
    events, or all in one period, is a row with `is_tested` False and its reason. The same for any order of
    rows. Raises ValueError for events at unknown units or without a period, naming the first.
    """
    placed = _checked(units, events, frequency)
    themes, clusters = [], []
    for category, rows in placed.groupby("category", sort=True):
        ordinals = np.sort(rows["ordinal"].unique())
        span = int(ordinals[-1] - ordinals[0] + 1)
        zones = _zones(units, rows, max_radius_m, max_share, max_centres)
        reason = _refusal(len(rows), span, zones, method)
        if reason:
            themes.append(theme_row(category, len(rows), reason=reason))
            continue
        unit = pd.Index(zones.unit_ids).get_indexer(pd.Index(rows["unit_id"]))
        when = (rows["ordinal"] - ordinals[0]).to_numpy()
        order = np.lexsort((when, unit))
        intervals = _intervals(span, max(1, int(span * max_duration)))
        best, at, maxima = _tested(zones, unit[order], when[order], intervals, replicas, seed, category)
        found = cluster_rows(category, zones, [best], maxima, len(rows), 1)
        for row in found:
            row["first_period"] = pd.Period(ordinal=ordinals[0] + intervals[0][at], freq=frequency)
            row["last_period"] = pd.Period(ordinal=ordinals[0] + intervals[1][at] - 1, freq=frequency)
        themes.append(theme_row(category, len(rows), maxima=maxima, clusters=found, zones=zones))
        clusters.extend(found)
    return as_scans(themes, clusters, CYLINDER_COLUMNS)


def _tested(
    zones: Zones,
    unit: Ints,
    when: Ints,
    intervals: tuple[Ints, Ints],
    replicas: int,
    seed: int,
    category: Hashable,
) -> tuple[Best, int, Floats]:
    """Return the best cylinder, the number of its interval, and the best LLR of each replica."""
    best, at = Best(0, 1, 0, 0.0, 0.0), 0
    for centre, _, share, observed, llr in _cylinders(zones, _counts(zones, unit, when[:, None]), intervals):
        top = int(llr.argmax())
        if llr[top, 0] > best.llr + _SAME_LLR:
            which, at = divmod(top, len(intervals[0]))
            found = (int(observed[top, 0]), float(share[top] * len(unit)), float(llr[top, 0]))
            best = Best(centre, int(zones.sizes[centre][which]), *found)
    draw = generator(seed, category)
    maxima = []
    for many in chunks(replicas, max(len(unit), len(zones.unit_ids) * int(when.max() + 1))):
        permuted = draw.permuted(np.repeat(when[None, :], many, axis=0), axis=1).T
        highest = np.zeros(many)
        for _, maps, _, _, llr in _cylinders(zones, _counts(zones, unit, permuted), intervals):
            np.maximum(highest[maps], llr.max(axis=0), out=highest[maps])
        maxima.append(highest)
    return best, at, np.concatenate(maxima)


def _cylinders(
    zones: Zones, counts: NDArray[np.int32], intervals: tuple[Ints, Ints]
) -> Iterator[tuple[int, slice, Floats, Ints, Floats]]:
    """Yield, for each centre and some maps at once: centre, maps, share, observed and LLR of its cylinders.

    `counts` is (units, periods, maps); all maps have the same totals of units and of periods.
    """
    starts, stops = intervals
    total = int(counts[:, :, 0].sum())
    elapsed = np.concatenate([[0], np.cumsum(counts[:, :, 0].sum(axis=0))])
    of_time = (elapsed[stops] - elapsed[starts]) / total
    for centre, sizes in enumerate(zones.sizes):
        if not len(sizes):
            continue
        nearest = zones.members(centre, int(sizes[-1]))
        share = (np.cumsum(zones.share[nearest])[sizes - 1][:, None] * of_time).ravel()
        for maps in _steps(counts.shape[2], len(nearest) * max(len(starts), counts.shape[1])):
            observed = _in_cylinders(counts[nearest, :, maps], sizes, starts, stops)
            yield centre, maps, share, observed, log_likelihood_ratio(observed, share, total)


def _in_cylinders(counts: NDArray[np.int32], sizes: Ints, starts: Ints, stops: Ints) -> Ints:
    """Return events in each circle and interval, (circles · intervals, maps)."""
    circles = np.cumsum(counts, axis=0, dtype=np.int64)[sizes - 1]
    elapsed = np.pad(np.cumsum(circles, axis=1), ((0, 0), (1, 0), (0, 0)))
    inside: Ints = elapsed[:, stops] - elapsed[:, starts]
    return inside.reshape(-1, counts.shape[2])


def _steps(maps: int, numbers_each: int) -> Iterator[slice]:
    step = max(1, _COMPARED // numbers_each)
    return (slice(first, first + step) for first in range(0, maps, step))


def _counts(zones: Zones, unit: Ints, when: Ints) -> NDArray[np.int32]:
    """Return events by (unit, period, map) for periods given as (event, map)."""
    periods, maps = int(when.max()) + 1, when.shape[1]
    cell = (unit[:, None] * periods + when) * maps + np.arange(maps)
    counted = np.bincount(cell.ravel(), minlength=len(zones.unit_ids) * periods * maps)
    return counted.astype(np.int32).reshape(-1, periods, maps)


def _intervals(span: int, longest: int) -> tuple[Ints, Ints]:
    """Return first and one past the last period of each interval of at most `longest` periods."""
    pairs = [(first, first + long) for long in range(1, longest + 1) for first in range(span - long + 1)]
    return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])


def _zones(
    units: pd.DataFrame,
    rows: pd.DataFrame,
    max_radius_m: float | None,
    max_share: float,
    max_centres: int | None,
) -> Zones:
    told = rows["unit_id"].value_counts()
    here = units[units["unit_id"].isin(told.index)]
    here = here.assign(exposure=here["unit_id"].map(told))
    return circular_zones(here, max_radius_m=max_radius_m, max_share=max_share, max_centres=max_centres)


def _refusal(total: int, span: int, zones: Zones, method: Method) -> str:
    if total < method.scan_min_events:
        return TOO_FEW_EVENTS
    if span < 2:
        return ONE_PERIOD
    return "" if any(len(sizes) for sizes in zones.sizes) else NO_ZONES


def _checked(units: pd.DataFrame, events: pd.DataFrame, frequency: str) -> pd.DataFrame:
    unknown = ~events["unit_id"].isin(units["unit_id"])
    if unknown.any():
        raise ValueError(f"an event at unit {events.loc[unknown, 'unit_id'].iloc[0]!r}, which is not a unit")
    if events["category"].isna().any():
        unit = events.loc[events["category"].isna(), "unit_id"].iloc[0]
        raise ValueError(f"an event at unit {unit!r} has no category; give one or leave it out")
    return events[["category", "unit_id"]].assign(ordinal=period_ordinals(events["period"], frequency))
