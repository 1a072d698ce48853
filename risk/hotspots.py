"""Where a theme is reported more than the number of workers, and the reporting, lead us to expect.

The exact window test: events of a theme within 0, 12 and 20 km of each unit with workers, against the
window's part of all workers (binomial) and against its part of all reports (hypergeometric); imprecise
events drawn over their area 20 times; Benjamini–Hochberg over all windows, radii and themes as one family.
Each step stands in a module of its own: `windows`, `imputation`, `weighing`, `delineation`, `rates`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from risk.delineation import outlines
from risk.excess import (
    EVENTS_OF,
    HOTSPOTS,
    MEMBERS_OF,
    UNITS,
    Drawing,
    hotspot_rows,
    rows_or_none,
    unit_rows,
)
from risk.imputation import Ground, Placement, ground_of, place_events
from risk.method import METHOD, Method
from risk.rates import fit_prior
from risk.reports import Reports, count_categories, reports_of
from risk.tails import CutOff, cut_off, least_expected
from risk.weighing import TESTS, Units, Weighed, weigh
from risk.windows import Windows, windows_within


@dataclass(frozen=True)
class Hotspots:
    """What the test found; frames that stay empty, with their columns, where there is nothing.

    - `hotspots`: a row for each outline, best first within category and class. `observed` (median over
      the imputations), `expected`, `expected_of_reports` (by the window's part of all reports),
      `exposure`, `report_count` (all themes), `event_count`, `source_count`, `located_pct`, `rr` with
      `rr_low` and `rr_high`, `is_pooled` and the p values speak of the window that was tested; `unit_ids`
      are the units that its outline keeps. `stability` is the share of the imputations in which the
      window's own test is at or under the cut-off.
    - `members_of`: `hotspot` (row number of `hotspots`), `unit_id` of the outline.
    - `events_of`: `hotspot`, `event_id`, `share` of the imputations that put it into the window.
      `event_count` and `source_count` count those with a share of at least a half; `located_pct` weighs all
      of them by their share, so that vague ones lower it.
    - `units`: a row for each unit and category, see `risk.excess.unit_rows`.
    - `themes`: a row for each category: events tested and not, windows that pass each test, the cut-offs,
      `e_min` (the expected count from which a three-fold excess would be noticed), `is_pooled`.
    - `untested`: `event_id` and `reason`: events in no unit, and in no area with an exposed unit.
    """

    hotspots: pd.DataFrame
    members_of: pd.DataFrame
    events_of: pd.DataFrame
    units: pd.DataFrame
    themes: pd.DataFrame
    untested: pd.DataFrame


def find_hotspots(
    units: pd.DataFrame,
    events: pd.DataFrame,
    members: pd.DataFrame,
    *,
    radii_m: Sequence[float] | None = None,
    categories: Sequence[str] = (),
    seed: int = 0,
    method: Method = METHOD,
) -> Hotspots:
    """Return the hotspots of each category among `events`, and what each unit shows.

    `units`: unit_id, x_m, y_m (planar metres), exposure (workers, above 0). `events`, those of the window
    of time: event_id, categories ("; " between codes), unit_id where exact, area_id where not, and, if
    known, source_groups ("; "), has_only_theme_source, is_near. `members`: area_id, unit_id. `categories`
    adds themes that had no event, so that their units are shown as not known. The family of tests is each
    unit × each radius × each theme with a tested event. The same seed gives the same rows in any order of
    the inputs. Raises ValueError on a unit without exposure or with a position in degrees, on ids that
    stand twice, and on an event in a unit that is not there.
    """
    ground = ground_of(units)
    placed = place_events(ground, events, members, imputations=method.imputations, seed=seed)
    reports = reports_of(placed)
    windows = windows_within(ground.x_m, ground.y_m, method.radii_m if radii_m is None else radii_m)
    weighed = _weigh_all(windows, ground, placed, reports, method)
    cut_offs = {test: cut_off(_family(weighed, test), method.q) for test in TESTS}
    themes = _themes(events, weighed, cut_offs, categories, method)
    drawings = []
    first = 0
    for code in themes["category"]:
        theme = weighed.get(code) or _silent(code, windows, ground)
        drawn = outlines(windows, theme, cut_offs, partial(reports.source_count, code), method=method)
        prior = fit_prior(theme.by_unit.counts, ground.exposure)
        rng = np.random.default_rng([seed, 2, *code.encode()])
        part = _located_part(code, placed, reports)
        drawings.append(Drawing(windows, ground, theme, drawn, prior, first, rng, part))
        first += len(drawn)
    return _told(drawings, reports, themes, cut_offs, placed, method)


def _located_part(code: str, placed: Placement, reports: Reports) -> float:
    """Return the part of a theme's tested events whose unit is known; 0 where it has none."""
    if code not in reports.codes:
        return 0.0
    return float(placed.events["unit_id"].notna().to_numpy(dtype=bool)[reports.has(code)].mean())


def _told(
    drawings: list[Drawing],
    reports: Reports,
    themes: pd.DataFrame,
    cut_offs: dict[str, CutOff],
    placed: Placement,
    method: Method,
) -> Hotspots:
    found = [hotspot_rows(drawing, reports, method) for drawing in drawings]
    shown = [
        unit_rows(drawing, cut_offs, e_min, method)
        for drawing, e_min in zip(drawings, themes["e_min"], strict=True)
    ]
    is_pooled = [drawing.prior.is_pooled for drawing in drawings]
    return Hotspots(
        hotspots=rows_or_none([rows.hotspots for rows in found], HOTSPOTS),
        members_of=rows_or_none([rows.members_of for rows in found], MEMBERS_OF),
        events_of=rows_or_none([rows.events_of for rows in found], EVENTS_OF),
        units=rows_or_none(shown, UNITS),
        themes=themes.assign(is_pooled=np.array(is_pooled, dtype=bool)),
        untested=placed.untested,
    )


def _weigh_all(
    windows: Windows, ground: Ground, placed: Placement, reports: Reports, method: Method
) -> dict[str, Weighed]:
    """Return the tests of each category that has an event to test."""
    everything = placed.counts(reports.can_share)
    by_window = windows.total(everything)
    weighed = {}
    for code in reports.codes:
        is_theme = reports.has(code)
        counts = placed.counts(is_theme)
        shared = counts if reports.can_share.all() else placed.counts(is_theme & reports.can_share)
        theme = Units(ground.exposure, counts, shared, everything)
        weighed[code] = weigh(code, windows, theme, q=method.q, reports=by_window)
    return weighed


def _silent(category: str, windows: Windows, ground: Ground) -> Weighed:
    """Return the tests of a category without events: none can pass."""
    nothing = np.zeros((len(ground.unit_ids), 1))
    return weigh(category, windows, Units(ground.exposure, nothing, nothing, nothing), q=0.0)


def _family(weighed: dict[str, Weighed], test: str) -> np.ndarray:
    return np.concatenate([theme.p[test] for theme in weighed.values()] or [np.empty(0)])


def _themes(
    events: pd.DataFrame,
    weighed: dict[str, Weighed],
    cut_offs: dict[str, CutOff],
    categories: Sequence[str],
    method: Method,
) -> pd.DataFrame:
    """Return the rows of `themes`, by category, without what the prior adds."""
    told = count_categories(events)
    codes = sorted({*categories, *told})
    e_min = least_expected(cut_offs["rate"].p, excess=method.noticed_excess, power=method.noticed_power)
    frame = pd.DataFrame({"category": pd.Series(codes, dtype=object)})
    frame["event_count"] = [weighed[code].total if code in weighed else 0 for code in codes]
    frame["untested_count"] = [told.get(code, 0) for code in codes] - frame["event_count"]
    for test in TESTS:
        passes = [
            int((weighed[code].p[test] <= cut_offs[test].p).sum()) if code in weighed else 0 for code in codes
        ]
        frame[f"passes_{test}"] = passes
    for test in TESTS:
        frame[f"cut_off_{test}"] = cut_offs[test].p
    return frame.assign(e_min=e_min)
