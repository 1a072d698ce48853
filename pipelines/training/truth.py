"""What is true: how often events happen at each site, and the relative rate that a measure should find.

This is the one place that defines both.

    rate(site, category, quarter) = workers · base(category) · kind(site, category) · site's own factor
                                    · planted factor(site, category, quarter) · season(category, quarter)

A theme is a category of an event, primary or secondary. The true relative rate of a theme in a place (a
site or a cell) over a time is

    RR = (events expected there / workers there) / (events expected everywhere / workers everywhere),

events that happen, whether or not anybody tells of them: 1 is the rate of the whole belt, at the same time.
The *told* relative rate is the same ratio of the events that are told; they differ where somebody looks
more closely. A measure without knowledge of the effort can only find the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.training.ground import Ground
from pipelines.training.kinds import CODES, SHARES, theme_shares
from pipelines.training.plants import QUARTER_STARTS, WINDOW_QUARTERS, Plants, factors, make_plants
from pipelines.training.reporting import efforts, told_chances
from pipelines.training.sites import Sites

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

# Risk differs with the work; a choice of this generator.
KIND_FACTORS: Final[dict[str, dict[str, float]]] = {
    "shaft": {"OSH": 1.3},
    "tunnel": {"OSH": 1.4},
    "washing": {"OSH": 0.5, "ENV": 1.7, "CHL": 1.5},
    "depot": {"OSH": 0.3, "TRC": 1.8, "COR": 1.5},
}
# Spread (of the logarithm) of the sites' own factors: shared by all categories, and of each alone.
SPREAD_SITE: Final = 0.25
SPREAD_CATEGORY: Final = 0.30
# Accidents in the rains (November to April) over those in the dry months. The open edition does not show
# it: six of its 18 pit collapses fell in the rains. This is a choice of this generator, and known to be so.
WET_OVER_DRY: Final = 1.5
WET_MONTHS: Final = (11, 12, 1, 2, 3, 4)


@dataclass(frozen=True)
class Truth:
    """The true rates; S sites, 13 primary categories in the order of CODES, 20 quarters.

    `rates`: events expected to happen, (S, 13, 20). `told`: chance that one is told, (S, 13, 20).
    `outlets`, `monitor`: that chance by who tells, (S, 20). `own`: the factors of each site that do not
    change with time, (S, 13).
    """

    rates: Floats
    told: Floats
    outlets: Floats
    monitor: Floats
    own: Floats
    plants: Plants


def make_truth(
    rng: np.random.Generator,
    ground: Ground,
    sites: Sites,
    size: float,
    events: float,
    *,
    is_even: bool = False,
) -> Truth:
    """Return the truth of which `events` are expected to be told over the five years.

    `is_even`: nothing is planted, and no site differs from another but in its workers and in who reports.
    """
    plants = Plants((), ()) if is_even else make_plants(rng, sites, size)
    own = np.ones((len(sites.frame), len(CODES)))
    if not is_even:
        own = _level_in_zones(_own_factors(rng, sites), sites, plants)
    rates = sites.workers[:, None, None] * own[:, :, None] * factors(plants, sites) * _seasons()[None]
    rates *= np.array([SHARES[code] for code in CODES])[None, :, None]
    outlets, monitor = efforts(ground, sites)
    told = told_chances(outlets, monitor)
    rates *= events / float((rates * told).sum())
    return Truth(rates, told, outlets, monitor, own, plants)


def month_weights() -> Floats:
    """Return the weight of each month, January first, for accidents; its mean is 1."""
    wet = np.array([month in WET_MONTHS for month in range(1, 13)])
    weights = np.where(wet, WET_OVER_DRY, 1.0)
    return np.asarray(weights / weights.mean())


def theme_rates(rates: Floats) -> Floats:
    """Return the events expected to have each theme, primary or secondary: (S, 13, Q) as `rates`."""
    return np.asarray(np.einsum("scq,ct->stq", rates, theme_shares()))


def relative_rates(rates: Floats, workers: Floats, group: Indices, groups: int) -> Floats:
    """Return the true relative rate of each group of sites, category and quarter, (G, 13, Q).

    `rates` are events by site, (S, 13, Q); `group` says which group each site is in. NaN where a group
    has no worker.

    >>> rates = np.array([[[2.0]], [[1.0]]])
    >>> relative_rates(rates, np.array([100.0, 200.0]), np.array([0, 1]), 2).ravel().tolist()
    [2.0, 0.5]
    """
    here = grouped(rates, group, groups)
    exposed = np.bincount(group, weights=workers, minlength=groups)
    everywhere = rates.sum(axis=0) / workers.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        found = here / exposed[:, None, None] / everywhere[None]
    found[exposed == 0] = np.nan
    return np.asarray(found)


def grouped(values: Floats, group: Indices, groups: int) -> Floats:
    """Return the sum of `values` (S, …) over the sites of each group, (G, …)."""
    total = np.zeros((groups, *values.shape[1:]))
    np.add.at(total, group, values)
    return total


def over_window(rates: Floats) -> Floats:
    """Return the events of the last 24 months as one quarter, (S, 13, 1)."""
    return np.asarray(rates[:, :, -WINDOW_QUARTERS:].sum(axis=2, keepdims=True))


def _own_factors(rng: np.random.Generator, sites: Sites) -> Floats:
    """Return what sets a site apart, whatever the time, (S, 13): its kind, and factors with mean 1."""
    count = len(sites.frame)
    spread = SPREAD_SITE * rng.normal(size=(count, 1)) + SPREAD_CATEGORY * rng.normal(
        size=(count, len(CODES))
    )
    own = np.exp(spread - (SPREAD_SITE**2 + SPREAD_CATEGORY**2) / 2)
    kinds = sites.frame["kind"].to_numpy()
    for kind, by_category in KIND_FACTORS.items():
        for category, factor in by_category.items():
            own[kinds == kind, CODES.index(category)] *= factor
    return np.asarray(own)


def _level_in_zones(own: Floats, sites: Sites, plants: Plants) -> Floats:
    """Return `own` with mean 1 (over workers) in each zone, so that a zone is what was planted, not luck."""
    for hotspot in plants.hotspots:
        here = sites.frame["cell"].isin(hotspot.cells).to_numpy()
        category = CODES.index(hotspot.category)
        own[here, category] /= np.average(own[here, category], weights=sites.workers[here])
    return own


def _seasons() -> Floats:
    """Return the factor of each category and quarter, (13, 20); only accidents know a season."""
    found = np.ones((len(CODES), len(QUARTER_STARTS)))
    weights = month_weights()
    for k, start in enumerate(QUARTER_STARTS):
        found[CODES.index("OSH"), k] = weights[start.month - 1 : start.month + 2].mean()
    return found
