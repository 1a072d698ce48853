"""No excess is said only where one would have been noticed: a window with many of the workers moves the mean."""

from __future__ import annotations

import numpy as np
import pytest

from risk.hotspots import find_hotspots
from risk.tails import binomial_power, binomial_tail
from tests.test_hotspots import NO_MEMBERS, events, grid


def test_a_window_with_many_of_the_workers_clears_no_unit() -> None:
    alone = grid().head(1)
    found = find_hotspots(alone, events({"OSH": {"00-00": 300}}), NO_MEMBERS)
    assert found.themes["e_min"].iloc[0] < 300
    assert set(found.units["unit_class"]) == {"too_little"}
    # One place has half of the workers: its own excess lifts the mean that it is held against.
    lopsided = grid().assign(exposure=lambda rows: np.where(rows["unit_id"] == "00-00", 14_300.0, 100.0))
    found = find_hotspots(
        lopsided, events({"OSH": {"00-00": 12, "11-11": 1, "05-08": 6, "08-05": 5}}), NO_MEMBERS
    )
    big = found.units.set_index("unit_id").loc["00-00"]
    assert big["window_expected"] >= found.themes["e_min"].iloc[0]
    assert big["unit_class"] == "too_little"


def test_the_power_of_a_window_is_that_of_many_made_maps() -> None:
    rng = np.random.default_rng(5)
    for total, share, bar in ((60, 0.1, 0.001), (300, 0.05, 1e-4), (60, 0.4, 0.001)):
        inside = rng.binomial(total, 3 * share / (1 + 2 * share), 20_000)
        noticed = (binomial_tail(inside, total, share) <= bar).mean()
        assert binomial_power(total, share, bar, excess=3.0) == pytest.approx(noticed, abs=0.02)
    assert binomial_power([60, 0, 60], [1.0, 0.1, 0.1], 0.001, excess=3.0).tolist()[:2] == [0.0, 0.0]
    assert binomial_power(60, 0.1, 0.0, excess=3.0) == 0
