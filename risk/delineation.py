"""From windows that pass to outlines: which are drawn, and which units stay inside.

Three classes, drawn one after the other on the units still free, so that each unit of a theme lies in one
outline at most:

- confirmed: rate and share both pass, stable over the imputations, enough reports from enough sources;
- reported: the rate passes. A window that fails a condition of `confirmed` falls back to here, since a
  window that passes both tests passes the rate;
- distinctive: the share alone passes.

Within a class the best log-likelihood ratio comes first (Kulldorff, 1997); a window that shares a unit with
one drawn before is passed over. Between equal ratios the smaller radius wins, then the id of the unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from risk.method import Method
from risk.tails import CutOff, Numbers, log_likelihood_ratio
from risk.weighing import Weighed, middle
from risk.windows import Windows

TEST_OF: Final = {"confirmed": "confirmed", "reported": "rate", "distinctive": "share"}

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Outline:
    """One drawn window: its class, ratio, stability, and the units kept inside (ascending)."""

    window: int
    hotspot_class: str
    llr: float
    stability: float
    units: Rows


def outlines(
    windows: Windows,
    weighed: Weighed,
    cut_offs: dict[str, CutOff],
    source_count: Callable[[Rows], int],
    *,
    method: Method,
) -> list[Outline]:
    """Return the outlines of one theme, confirmed first, the best ratio first in each class.

    `cut_offs` has the Benjamini–Hochberg cut-off of each test; `source_count` says how many independent
    sources report the theme from some units.
    """
    free = np.ones(windows.membership.shape[1], dtype=bool)
    drawn = []
    for hotspot_class, test in TEST_OF.items():
        bar = cut_offs[test].p
        rows = np.flatnonzero(weighed.p[test] <= bar)
        stability = (weighed.exact(test, rows) <= bar).mean(axis=1)
        sources = 0
        if hotspot_class == "confirmed":
            sources = method.min_sources
            is_firm = stability >= method.stability_confirmed
            is_firm &= middle(weighed.observed[rows]) >= method.min_reports
            rows, stability = rows[is_firm], stability[is_firm]
        ratio = _ratio(weighed, test, rows)
        for at in np.lexsort((windows.centre[rows], windows.radius_m[rows], -ratio)):
            units = windows.units(int(rows[at]))
            if free[units].all() and (sources == 0 or source_count(units) >= sources):
                free[units] = False
                kept = _kept(weighed, test, units)
                drawn.append(
                    Outline(int(rows[at]), hotspot_class, float(ratio[at]), float(stability[at]), kept)
                )
    return drawn


def _ratio(weighed: Weighed, test: str, rows: Rows) -> Numbers:
    """Return the log-likelihood ratio of the windows, against workers, or for the share against reports."""
    observed, total = (
        (weighed.shared, weighed.shared_total) if test == "share" else (weighed.observed, weighed.total)
    )
    return log_likelihood_ratio(middle(observed[rows]), weighed.expected(test)[rows], total)


def _kept(weighed: Weighed, test: str, units: Rows) -> Rows:
    """Return the units without those that show no excess themselves though a report was to be expected.

    Counts are means over the imputations. At least one unit stays: if each alone shows none, all do.
    """
    counts, expected = weighed.own(test, units)
    shows_none: npt.NDArray[Any] = (counts <= expected) & (expected >= 1)
    return units if shows_none.all() else units[~shows_none]
