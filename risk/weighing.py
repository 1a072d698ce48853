"""The window tests of one theme: rate, share, and both at once, over all imputations.

rate: more reports than the window's part of all workers leads us to expect (exact binomial).
share: a larger part of all reports in the window than elsewhere (hypergeometric), which uneven reporting
leaves alone. confirmed: the larger p of the two, so that both must hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from risk.tails import Numbers, binomial_tail, hypergeometric_tail
from risk.windows import Windows

TESTS = ("rate", "share", "confirmed")


@dataclass(frozen=True)
class Units:
    """Exposure (units,), and by unit and imputation (units × k) the theme's events, those that the share
    test may use, and the events of all themes that it may use."""

    exposure: Numbers
    counts: Numbers
    shared: Numbers
    reports: Numbers


@dataclass(frozen=True)
class Weighed:
    """The tests of one theme in each window.

    `observed` holds the theme's events by window and imputation, `total` all of them;
    `shared` and `shared_total` the same without events known only from sources that report one theme,
    `reports` and `reports_total` all themes' events so counted. `part` is the window's part of all
    exposure. `by_unit` holds the counts that these are sums of. `p` maps the test to the median p by window, 1 where it cannot be at or under q.
    """

    category: str
    by_unit: Units
    observed: Numbers
    total: int
    part: Numbers
    shared: Numbers
    shared_total: int
    reports: Numbers
    reports_total: int
    p: dict[str, Numbers]

    def exact(self, test: str, windows: npt.NDArray[Any]) -> Numbers:
        """Return the p of `test` in the chosen windows and each imputation, (windows × k)."""
        if test == "rate":
            return binomial_tail(self.observed[windows], self.total, self.part[windows, None])
        share = hypergeometric_tail(
            self.shared[windows], self.reports_total, self.shared_total, self.reports[windows]
        )
        return share if test == "share" else np.maximum(share, self.exact("rate", windows))

    def own(self, test: str, units: npt.NDArray[Any]) -> tuple[Numbers, Numbers]:
        """Return count and expected count of each chosen unit by itself, means over the imputations."""
        if test == "share":
            expected = self.by_unit.reports[units] * (self.shared_total / max(self.reports_total, 1))
            return self.by_unit.shared[units].mean(axis=1), expected.mean(axis=1)
        exposure = self.by_unit.exposure
        return self.by_unit.counts[units].mean(axis=1), exposure[units] / exposure.sum() * self.total

    def expected(self, test: str) -> Numbers:
        """Return the expected count by window: by workers, or for the share test by all reports (median)."""
        if test == "share":
            return middle(self.reports) * (self.shared_total / max(self.reports_total, 1))
        return self.part * self.total


def weigh(
    category: str, windows: Windows, units: Units, *, q: float, reports: Numbers | None = None
) -> Weighed:
    """Return the tests of one theme.

    Every imputation holds the same events. `reports` are the sums of `units.reports` over the windows,
    where they are known already. p is worked out in full only where the median can be at or under `q`; the
    others keep 1, which no decision can see.
    """
    whole = units.exposure.sum()
    observed = windows.total(units.counts)
    weighed = Weighed(
        category=category,
        by_unit=units,
        observed=observed,
        total=_total(units.counts),
        part=np.minimum(windows.total(units.exposure) / whole, 1.0) if whole > 0 else np.empty(0),
        shared=observed if units.shared is units.counts else windows.total(units.shared),
        shared_total=_total(units.shared),
        reports=windows.total(units.reports) if reports is None else reports,
        reports_total=_total(units.reports),
        p={},
    )
    p = weighed.p
    p["rate"] = _medians(weighed, "rate", _can_pass(weighed.observed, _rate_bound(weighed), q))
    p["share"] = _medians(weighed, "share", _can_pass(weighed.shared, _share_bound(weighed), q))
    p["confirmed"] = _medians(weighed, "confirmed", np.flatnonzero((p["rate"] <= q) & (p["share"] <= q)))
    return weighed


def middle(values: Numbers) -> Numbers:
    """Return the median over the imputations of each row."""
    return values[:, 0] if values.shape[1] == 1 else np.asarray(np.median(values, axis=1))


Bound = tuple[Numbers, Callable[[npt.NDArray[Any], Numbers], Numbers]]


def _rate_bound(weighed: Weighed) -> Bound:
    mean = weighed.part * weighed.total
    return mean, lambda rows, count: binomial_tail(count, weighed.total, weighed.part[rows])


def _share_bound(weighed: Weighed) -> Bound:
    fewest = weighed.reports.min(axis=1)
    theme, reports = weighed.shared_total, weighed.reports_total
    mean = fewest * (theme / max(reports, 1))
    return mean, lambda rows, count: hypergeometric_tail(count, reports, theme, fewest[rows])


def _can_pass(observed: Numbers, bound: Bound, q: float) -> npt.NDArray[np.intp]:
    """Return the windows whose median p can be at or under `q`.

    In half of the imputations the count is at most its lower median. If the p of that count, at the most
    favourable draw, is above 2q, so is the upper middle p, and the median above q. Where the count is at or
    under its mean the tail is never that small (the median of both laws lies within one of the mean: Kaas &
    Buhrman, 1980; Siegel, 2001).
    """
    mean, tail = bound
    half = (observed.shape[1] - 1) // 2
    count = np.partition(observed, half, axis=1)[:, half]
    rows = np.flatnonzero(count > mean)
    return rows[tail(rows, count[rows]) <= 2 * q]


def _total(counts: Numbers) -> int:
    return round(float(counts[:, 0].sum()))


def _medians(weighed: Weighed, test: str, rows: npt.NDArray[np.intp]) -> Numbers:
    p = np.ones(len(weighed.part))
    if rows.size:
        p[rows] = middle(weighed.exact(test, rows))
    return p
