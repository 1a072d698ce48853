"""The rows that a reader sees: hotspots with the size of their excess, and what each unit shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from risk.delineation import TEST_OF, Outline
from risk.imputation import Ground
from risk.method import Method
from risk.rates import Prior, relative_risk
from risk.reports import Reports, is_mostly
from risk.tails import CutOff, binomial_power
from risk.weighing import Weighed, middle
from risk.windows import Windows

HOTSPOTS: Final = {
    "category": "object",
    "hotspot_class": "object",
    "centre_unit_id": "object",
    "radius_m": "float64",
    "unit_ids": "object",
    "observed": "float64",
    "expected": "float64",
    "expected_of_reports": "float64",
    "exposure": "float64",
    "report_count": "float64",
    "event_count": "int64",
    "source_count": "int64",
    "located_pct": "float64",
    "rr": "float64",
    "rr_low": "float64",
    "rr_high": "float64",
    "is_pooled": "bool",
    "llr": "float64",
    "p_rate": "float64",
    "p_share": "float64",
    "p_confirmed": "float64",
    "stability": "float64",
}
MEMBERS_OF: Final = {"hotspot": "int64", "unit_id": "object"}
EVENTS_OF: Final = {"hotspot": "int64", "event_id": "object", "share": "float64"}
UNITS: Final = {
    "unit_id": "object",
    "category": "object",
    "unit_class": "object",
    "observed": "float64",
    "expected": "float64",
    "window_expected": "float64",
    "rr": "float64",
    "rr_low": "float64",
    "rr_high": "float64",
    "is_pooled": "bool",
    "has_passing_window": "bool",
}
# Ten draws of each of twenty imputations: 200 for an interval of one unit, of which there are thousands.
UNIT_DRAWS: Final = 10


@dataclass(frozen=True)
class Drawing:
    """One theme, tested and drawn; `first` is the row number of its first hotspot, `rng` its own draws.

    `located_part` is the part of its events whose unit is known, and not drawn over an area.
    """

    windows: Windows
    ground: Ground
    weighed: Weighed
    drawn: list[Outline]
    prior: Prior
    first: int
    rng: np.random.Generator
    located_part: float


class HotspotRows(NamedTuple):
    """Rows of one theme for three of the frames of `risk.hotspots.Hotspots`."""

    hotspots: pd.DataFrame
    members_of: pd.DataFrame
    events_of: pd.DataFrame


def hotspot_rows(drawing: Drawing, reports: Reports, method: Method) -> HotspotRows:
    """Return the rows of `hotspots`, `members_of` and `events_of` of one theme; empty where none is drawn."""
    if not drawing.drawn:
        return HotspotRows(*(rows_or_none([], columns) for columns in (HOTSPOTS, MEMBERS_OF, EVENTS_OF)))
    windows, weighed, ids = drawing.windows, drawing.weighed, drawing.ground.unit_ids
    rows = np.array([outline.window for outline in drawing.drawn])
    exposure = windows.total(drawing.ground.exposure)[rows]
    observed = weighed.observed[rows]
    draws = -(-method.draws // observed.shape[1])
    size = relative_risk(
        drawing.prior, observed, exposure, interval=method.interval, rng=drawing.rng, draws=draws
    )
    told, events = _events(drawing, reports)
    hotspots = pd.DataFrame(
        {
            "category": weighed.category,
            "hotspot_class": [outline.hotspot_class for outline in drawing.drawn],
            "centre_unit_id": ids[windows.centre[rows]],
            "radius_m": windows.radius_m[rows],
            "unit_ids": ["; ".join(map(str, ids[outline.units])) for outline in drawing.drawn],
            "observed": middle(observed),
            "expected": weighed.expected("rate")[rows],
            "expected_of_reports": weighed.expected("share")[rows],
            "exposure": exposure,
            "report_count": middle(weighed.reports[rows]),
            **told,
            "rr": size.rr,
            "rr_low": size.low,
            "rr_high": size.high,
            "is_pooled": drawing.prior.is_pooled,
            "llr": [outline.llr for outline in drawing.drawn],
            **{f"p_{test}": middle(weighed.exact(test, rows)) for test in TEST_OF.values()},
            "stability": [outline.stability for outline in drawing.drawn],
        }
    )
    members = [
        pd.DataFrame({"hotspot": drawing.first + number, "unit_id": ids[outline.units]})
        for number, outline in enumerate(drawing.drawn)
    ]
    return HotspotRows(hotspots[list(HOTSPOTS)], pd.concat(members, ignore_index=True), events)


def unit_rows(drawing: Drawing, cut_offs: dict[str, CutOff], e_min: float, method: Method) -> pd.DataFrame:
    """Return the rows of `units` of one theme, in the order of the ids.

    `unit_class` is the class of the outline that keeps the unit. Elsewhere `no_excess` needs three things:
    no window centred here passes any test; of `window_expected` (the expected count within the largest
    radius) the part whose unit is known is at least `e_min`, for events drawn over their area as the workers
    are would hide an excess; and the exact test of that window would notice the excess with the same power,
    which it does not where the window holds much of all workers. All else is `too_little`. A unit outside every outline whose own window
    passes (`has_passing_window`) lies beside a hotspot: it is neither hot nor cleared. `observed` is the
    median over the imputations, so it does not add up to the events; `rr` and its interval are Marshall's
    (1991), 1 throughout where `is_pooled`, missing where the theme has no event.
    """
    windows, weighed, ground = drawing.windows, drawing.weighed, drawing.ground
    widest = windows.radius_m == windows.radius_m.max(initial=0.0)
    window_expected, window_part = np.zeros((2, len(ground.unit_ids)))
    window_expected[windows.centre[widest]] = weighed.expected("rate")[widest]
    window_part[windows.centre[widest]] = weighed.part[widest]
    passes = np.logical_or.reduce([weighed.p[test] <= cut_offs[test].p for test in cut_offs])
    has_passing = np.zeros(len(ground.unit_ids), dtype=bool)
    has_passing[windows.centre[passes]] = True
    is_noticed = window_expected * drawing.located_part >= e_min
    if is_noticed.any():
        located = weighed.total * drawing.located_part
        power = binomial_power(
            located, window_part[is_noticed], cut_offs["rate"].p, excess=method.noticed_excess
        )
        is_noticed[is_noticed] = power >= method.noticed_power
    unit_class = np.where(~has_passing & is_noticed, "no_excess", "too_little").astype(object)
    for outline in drawing.drawn:
        unit_class[outline.units] = outline.hotspot_class
    counts = weighed.by_unit.counts
    size = relative_risk(
        drawing.prior, counts, ground.exposure, interval=method.interval, rng=drawing.rng, draws=UNIT_DRAWS
    )
    return pd.DataFrame(
        {
            "unit_id": ground.unit_ids,
            "category": weighed.category,
            "unit_class": unit_class,
            "observed": middle(counts),
            "expected": ground.exposure / ground.exposure.sum() * weighed.total,
            "window_expected": window_expected,
            "rr": size.rr,
            "rr_low": size.low,
            "rr_high": size.high,
            "is_pooled": drawing.prior.is_pooled,
            "has_passing_window": has_passing,
        }
    )


def rows_or_none(frames: list[pd.DataFrame], columns: dict[str, str]) -> pd.DataFrame:
    """Return the frames one below the other, or no row of `columns`."""
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
    return pd.concat(filled, ignore_index=True)


def _events(drawing: Drawing, reports: Reports) -> tuple[dict[str, list[float]], pd.DataFrame]:
    """Return the counts of each hotspot's own events, and the rows of `events_of`."""
    told: dict[str, list[float]] = {"event_count": [], "source_count": [], "located_pct": []}
    frames = []
    ids = reports.placed.events["event_id"].to_numpy(dtype=object)
    for number, outline in enumerate(drawing.drawn):
        found, share = reports.within(drawing.weighed.category, drawing.windows.units(outline.window))
        own = found[is_mostly(share)]
        told["event_count"].append(own.size)
        told["source_count"].append(reports.count_sources(own))
        near = float(share[reports.is_near[found]].sum())
        told["located_pct"].append(100 * near / float(share.sum()) if found.size else float("nan"))
        frames.append(
            pd.DataFrame({"hotspot": drawing.first + number, "event_id": ids[found], "share": share})
        )
    return told, pd.concat(frames, ignore_index=True)
