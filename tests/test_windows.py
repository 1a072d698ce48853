"""Windows hold what lies within the radius, and the test on given neighbours finds what is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from risk.tails import binomial_tail, cut_off
from risk.windows import Windows, windows_of_neighbours, windows_within

KNOWN = Path(__file__).parent / "known"
HOT = {
    "74": "Northampton Hertford Halifax Bertie Edgecombe Martin Greene Richmond Scotland Robeson Bladen Columbus",
    "79": "Burke Cleveland Richmond Scotland Robeson Columbus",
}


def county_windows() -> Windows:
    """Return each county with its neighbours of Cressie and Read (1985)."""
    lines = (KNOWN / "sids_neighbours_cressie_read_1985.gal").read_text("utf-8").splitlines()[1:]
    heads, rows = lines[::2], lines[1::2]
    return windows_of_neighbours(
        {
            int(head.split()[0]) - 1: [int(n) - 1 for n in row.split()]
            for head, row in zip(heads, rows, strict=True)
        }
    )


@pytest.mark.parametrize("period", HOT)
def test_the_counties_known_as_hot_are_found_and_no_other(period: str) -> None:
    table = pd.read_csv(KNOWN / "sids_counties.csv")
    windows = county_windows()
    deaths, births = table[f"SID{period}"], table[f"BIR{period}"]
    p = binomial_tail(windows.total(deaths), deaths.sum(), windows.total(births) / births.sum())
    assert set(table["county"][p <= cut_off(p, 0.05).p]) == set(HOT[period].split())


def test_windows_are_those_of_every_pair_measured() -> None:
    rng = np.random.default_rng(8)
    x_m, y_m = rng.uniform(0, 60_000, (2, 70))
    radii = (0, 12_000, 20_000)
    windows = windows_within(x_m, y_m, radii)
    apart_m = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    wanted = np.vstack([apart_m <= radius for radius in radii])
    assert (windows.membership.toarray() == wanted).all()
    assert len(windows) == 210
    assert list(windows.radius_m[[0, 70, 140]]) == [0, 12_000, 20_000]
    assert (windows.centre == np.tile(np.arange(70), 3)).all()
    assert all((np.diff(windows.units(number)) > 0).all() for number in range(210))


def test_a_unit_on_the_radius_is_inside() -> None:
    windows = windows_within([0.0, 12_000.0, 12_000.1], [0.0, 0.0, 0.0], [12_000])
    assert list(windows.units(0)) == [0, 1]


def test_radius_0_is_the_unit_itself_though_another_shares_its_place() -> None:
    assert (windows_within([500.0, 500.0], [500.0, 500.0], [0]).membership.toarray() == np.eye(2)).all()


def test_a_lonely_unit_has_a_window_for_each_radius() -> None:
    assert len(windows_within([500_000.0], [8_700_000.0], [0, 12_000, 20_000])) == 3
    assert len(windows_within([], [], [0, 12_000])) == 0


def test_windows_do_not_depend_on_where_zero_is() -> None:
    rng = np.random.default_rng(9)
    x_m, y_m = rng.uniform(0, 90_000, (2, 50))
    here = windows_within(x_m, y_m, [12_000]).membership
    there = windows_within(y_m + 8_700_000, 700_000 - x_m, [12_000]).membership
    assert (here != there).nnz == 0


def test_degrees_are_refused() -> None:
    with pytest.raises(ValueError, match="look like degrees"):
        windows_within([25.4, 26.1], [-10.7, -10.9], [12_000])


def test_a_missing_position_is_refused() -> None:
    with pytest.raises(ValueError, match="no position"):
        windows_within([np.nan, 1_000.0], [0.0, 0.0], [12_000])


@pytest.mark.parametrize("radii", [(), (-1,)])
def test_radii_that_mean_nothing_are_refused(radii: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at least one radius"):
        windows_within([1_000.0], [0.0], radii)
