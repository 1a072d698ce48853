"""Events that somebody tells of, drawn from the true rates; and what is told without an event behind it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.training.kinds import CODES, variants
from pipelines.training.plants import AS_OF, QUARTER_STARTS
from pipelines.training.sites import SPOTS, Sites
from pipelines.training.truth import Truth, month_weights

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# What an entry stands for.
EVENT: Final = 0
FALSE_REPORT: Final = 1
MEASURE: Final = 2
# Of all records: duplicates, reports that are taken back, measures of authorities; the rest are events.
DUPLICATE_SHARE: Final = 0.12
RETRACTED_SHARE: Final = 0.01
MEASURE_SHARE: Final = 0.015
EVENT_SHARE: Final = 1 - DUPLICATE_SHARE - RETRACTED_SHARE - MEASURE_SHARE

_MOST_KILLED: Final = {"OSH": 45}
_MOST_KILLED_ELSE: Final = 8
# A death toll with a lower and an upper figure; some of these are contested by name.
_RANGE_SHARE: Final = 0.25
_CONTESTED_SHARE: Final = 0.4
# Events happen within some 100 m of the point that stands for their site.
_SPREAD_DEGREES: Final = 0.0008


@dataclass(frozen=True)
class Events:
    """Entries, one element each, in order of time.

    `role` EVENT, FALSE_REPORT or MEASURE; `site`, `category`, `quarter`, `variant` are indices (of the sites,
    of CODES, of the quarters, of `variants()`); `day` counts from 1970-01-01; `hour` of the day; `lon`, `lat`
    where it truly happened; `killed`, `low`, `high` (0 where nobody died), `injured`;
    `scenario`, `details` (n, 2), `numbers` (n, 2, 2), `aside` and `spot` what else there is to tell.
    """

    role: Ints
    site: Ints
    category: Ints
    quarter: Ints
    variant: Ints
    day: Ints
    hour: Ints
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    killed: Ints
    low: Ints
    high: Ints
    is_contested: Flags
    injured: Ints
    scenario: Ints
    numbers: Ints
    details: Ints
    aside: Ints
    spot: Ints

    def __len__(self) -> int:
        return len(self.role)


def draw_events(rng: np.random.Generator, sites: Sites, truth: Truth) -> Events:
    """Return the events told of (Poisson by site, category and quarter), false reports and measures."""
    means = truth.rates * truth.told
    cells = np.repeat(np.arange(means.size), rng.poisson(means.ravel()))
    expected = float(means.sum()) / EVENT_SHARE
    false = _spread(rng, means, round(expected * RETRACTED_SHARE))
    measures = _spread(rng, means, round(expected * MEASURE_SHARE))
    role = np.repeat([EVENT, FALSE_REPORT, MEASURE], [len(cells), len(false), len(measures)])
    site, category, quarter = np.unravel_index(np.concatenate([cells, false, measures]), means.shape)
    category = np.where(role == MEASURE, CODES.index("LGL"), category)
    drawn = _attributes(rng, sites, role, np.asarray(site), np.asarray(category), np.asarray(quarter))
    order = np.lexsort((drawn.site, drawn.hour, drawn.day))
    return Events(**{field.name: getattr(drawn, field.name)[order] for field in fields(drawn)})


def _spread(rng: np.random.Generator, means: npt.NDArray[np.float64], count: int) -> Ints:
    """Return `count` cells drawn as events are."""
    return np.asarray(rng.choice(means.size, count, p=means.ravel() / means.sum()), dtype=np.int64)


def _attributes(
    rng: np.random.Generator, sites: Sites, role: Ints, site: Ints, category: Ints, quarter: Ints
) -> Events:
    count = len(role)
    variant = _variants(rng, category)
    is_fatal = np.array([one.is_fatal for one in variants()])[variant] & (role != MEASURE)
    killed = _killed(rng, category, is_fatal)
    has_range = is_fatal & (killed >= 2) & (rng.random(count) < _RANGE_SHARE)
    hurt_chance = np.array([one.kind.hurt for one in variants()])[variant]
    is_hurt = (rng.random(count) < hurt_chance) & (role != MEASURE)
    place = sites.frame.iloc[site]
    return Events(
        role=role,
        site=site,
        category=category,
        quarter=quarter,
        variant=variant,
        day=_days(rng, category, quarter),
        hour=rng.integers(0, 24, count),
        lon=np.round(place["lon"].to_numpy() + rng.normal(0, _SPREAD_DEGREES, count), 5),
        lat=np.round(place["lat"].to_numpy() + rng.normal(0, _SPREAD_DEGREES, count), 5),
        killed=killed,
        low=np.where(has_range, killed - rng.integers(1, killed.clip(2), count), killed),
        high=np.where(has_range, killed + rng.integers(1, killed.clip(2) + 1, count), killed),
        is_contested=has_range & (rng.random(count) < _CONTESTED_SHARE),
        injured=np.where(is_hurt, rng.geometric(0.35, count), 0),
        scenario=rng.integers(0, 2, count),
        numbers=rng.integers([5, 2], [90, 10], (count, 2, 2)),
        details=rng.integers(0, 1 << 30, (count, 2)),
        aside=rng.integers(0, 1 << 30, count),
        spot=rng.integers(0, SPOTS, count),
    )


def _variants(rng: np.random.Generator, category: Ints) -> Ints:
    found = np.empty(len(category), dtype=np.int64)
    for k, code in enumerate(CODES):
        meant = [(v, one.chance) for v, one in enumerate(variants()) if one.kind.category == code]
        numbers, chances = np.array([v for v, _ in meant]), np.array([chance for _, chance in meant])
        here = np.flatnonzero(category == k)
        found[here] = rng.choice(numbers, len(here), p=chances / chances.sum())
    return found


def _killed(rng: np.random.Generator, category: Ints, is_fatal: Flags) -> Ints:
    """Return the dead of each event: mostly one or two, now and then many."""
    most = np.array([_MOST_KILLED.get(code, _MOST_KILLED_ELSE) for code in CODES])[category]
    killed = np.minimum(1 + np.floor(rng.lognormal(0.0, 1.0, len(category))), most)
    return np.where(is_fatal, killed, 0).astype(np.int64)


def _days(rng: np.random.Generator, category: Ints, quarter: Ints) -> Ints:
    """Return the day of each event within its quarter; accidents are likelier in the rains."""
    found = np.empty(len(category), dtype=np.int64)
    weights = month_weights()
    is_accident = category == CODES.index("OSH")
    ends = [*QUARTER_STARTS[1:], AS_OF + timedelta(days=1)]
    for k, (start, end) in enumerate(zip(QUARTER_STARTS, ends, strict=True)):
        days = np.arange(np.datetime64(start), np.datetime64(end))
        months = days.astype("datetime64[M]").astype(np.int64) % 12
        by_rain = weights[months] / weights[months].sum()
        for is_meant, chance in ((is_accident, by_rain), (~is_accident, None)):
            here = np.flatnonzero((quarter == k) & is_meant)
            found[here] = rng.choice(days.astype(np.int64), len(here), p=chance)
    return found
