"""Maps made by chance: the test stays quiet where nothing is hot, and finds a zone that is.

Few maps, so each bound is what a test that just keeps the promise would overstep once in a thousand times
(binomial). The full tables come from `benchmarks/windows.py`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from risk.hotspots import find_hotspots
from tests.made_maps import (
    MIXED,
    Ground,
    Setting,
    belt_ground,
    false_windows,
    found_in,
    reports,
    site_ground,
    zone_at_work,
)
from warehouse.release import Release

MAPS = 40
FALSE_ALARMS = 0.064
RATE = ("confirmed", "reported")

QUIET = [
    Setting("exact", 200),
    Setting("exact", 2_000),
    Setting("half by territory", 500, territory_part=0.5),
]
UNEVEN = Setting("biased and uneven", 500, town_bias=3.0, is_uneven=True)


@pytest.fixture(scope="module")
def ground(open_release: Release) -> Ground:
    return site_ground(open_release)


def at_most(promise: float) -> int:
    """Return the number of maps that a test with this rate oversteps once in a thousand times."""
    return int(stats.binom.ppf(0.999, MAPS, promise))


def at_least(promise: float) -> int:
    return int(stats.binom.ppf(0.001, MAPS, promise))


def themes(ground: Ground, setting: Setting) -> list[pd.DataFrame]:
    """Return the `themes` of maps without any hotspot."""
    members = ground.members
    found = []
    for number in range(MAPS):
        events = reports(ground, setting, np.random.default_rng([number, setting.reports]))
        found.append(find_hotspots(ground.units, events, members, seed=number).themes)
    return found


def test_the_real_ground_is_the_cells_where_somebody_works(ground: Ground) -> None:
    assert 70 <= len(ground.units) <= 90
    assert (ground.units["exposure"] > 0).all()


@pytest.mark.parametrize("setting", QUIET, ids=lambda setting: f"{setting.name} {setting.reports}")
def test_where_nothing_is_hot_the_rate_seldom_says_so(ground: Ground, setting: Setting) -> None:
    alarms = sum(table["passes_rate"].sum() > 0 for table in themes(ground, setting))
    assert alarms <= at_most(FALSE_ALARMS)


def test_uneven_reporting_misleads_the_rate_and_not_the_confirmed(ground: Ground) -> None:
    found = themes(ground, UNEVEN)
    assert sum(table["passes_confirmed"].sum() > 0 for table in found) <= at_most(FALSE_ALARMS)
    assert sum(table["passes_rate"].sum() > 0 for table in found) >= at_least(0.58)


@pytest.mark.parametrize(
    ("setting", "by_rate", "confirmed"),
    [
        (Setting("exact", 500, others=7, excess=3.0, has_one_theme=True), 0.80, 0.70),
        (Setting("mixed", 500, others=7, excess=3.0, has_one_theme=True, **MIXED), 0.76, 0.50),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_zone_three_times_as_hot_is_found(setting: Setting, by_rate: float, confirmed: float) -> None:
    rate, sure, astray = [], [], []
    for number in range(MAPS):
        made = belt_ground(number)
        rng = np.random.default_rng([number, 8])
        zone = zone_at_work(made, rng)
        events = reports(made, setting, rng, zone)
        hotspots = find_hotspots(made.units, events, made.members, seed=number).hotspots
        if setting.is_exact:
            astray.append(false_windows(made, events, zone))
        rate.append(found_in(hotspots, made, zone, RATE))
        sure.append(found_in(hotspots, made, zone, ("confirmed",)))
    assert sum(one.is_found for one in rate) >= at_least(by_rate)
    assert sum(one.is_found for one in sure) >= at_least(confirmed)
    # Means of parts between 0 and 1: a binomial spread bounds theirs.
    assert sum(astray) <= at_most(0.05)
    wrong = [one.wrong_part for one in rate if one.wrong_part is not None]
    assert np.mean(wrong) <= 0.25
