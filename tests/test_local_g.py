"""Local G, G* and Moran's I are those of the literature, whatever the scale of the weights' rows."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from libpysal import examples, io
from scipy import sparse, stats

from risk.local_g import local_g, local_g_star, moran
from risk.windows import windows_of_neighbours, windows_within

KNOWN = Path(__file__).parent / "known"


def within(table: pd.DataFrame, radius_m: float) -> sparse.csr_array:
    """Return binary weights of all cells within the radius, the cell itself left out."""
    found = windows_within(table["x"], table["y"], [radius_m]).membership
    return sparse.csr_array(found - sparse.eye_array(len(table)))


@pytest.fixture(scope="module")
def grid() -> pd.DataFrame:
    return pd.read_csv(KNOWN / "getisord.csv")


@pytest.fixture(scope="module")
def columbus() -> tuple[pd.DataFrame, sparse.csr_array]:
    """Crime in 49 neighbourhoods, and their queen neighbours."""
    path = Path(examples.get_path("columbus.gal"))
    lines = path.read_text("utf-8").splitlines()[1:]
    neighbours = {
        int(head.split()[0]) - 1: [int(other) - 1 for other in row.split()]
        for head, row in zip(lines[::2], lines[1::2], strict=True)
    }
    matrix = windows_of_neighbours(neighbours).membership
    return pd.read_csv(KNOWN / "columbus.csv"), sparse.csr_array(matrix - sparse.eye_array(49))


@pytest.mark.parametrize("radius_m", [30, 60, 90, 120, 150])
def test_g_and_g_star_are_those_of_spdep_at_every_distance(grid: pd.DataFrame, radius_m: int) -> None:
    weights = within(grid, radius_m)
    np.testing.assert_allclose(local_g(grid["val"], weights), grid[f"G{radius_m}"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(local_g_star(grid["val"], weights), grid[f"Gs{radius_m}"], rtol=0, atol=1e-10)


def test_cell_120_has_the_published_values(grid: pd.DataFrame) -> None:
    weights = within(grid, 30)
    assert local_g(grid["val"], weights)[119] == pytest.approx(1.2219791625855, abs=1e-10)
    assert local_g_star(grid["val"], weights)[119] == pytest.approx(1.45077980738707, abs=1e-10)


def test_columbus_has_the_published_values(columbus: tuple[pd.DataFrame, sparse.csr_array]) -> None:
    table, weights = columbus
    star = local_g_star(table["CRIME"], weights)
    np.testing.assert_allclose(local_g(table["CRIME"], weights), table["G_B"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(star, table["Gs_B"], rtol=0, atol=1e-10)
    assert moran(table["CRIME"], weights) == pytest.approx(0.5001885571828611, abs=1e-10)
    adjusted = stats.false_discovery_control(2 * stats.norm.sf(np.abs(star)))
    assert (adjusted <= 0.05).sum() == 9
    np.testing.assert_allclose(adjusted, table["padj_fdr_Gs"], rtol=0, atol=1e-10)


def test_esda_agrees(columbus: tuple[pd.DataFrame, sparse.csr_array]) -> None:
    table, weights = columbus
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda import G_Local, Moran

        peer = io.open(examples.get_path("columbus.gal")).read()
        crime = table["CRIME"].to_numpy()
        plain = G_Local(crime, peer, transform="B", permutations=0, star=False, n_jobs=1)
        star = G_Local(crime, peer, transform="B", permutations=0, star=True, n_jobs=1)
        overall = Moran(crime, peer, permutations=0)
    np.testing.assert_allclose(local_g(crime, weights), plain.Zs, rtol=0, atol=1e-10)
    np.testing.assert_allclose(local_g_star(crime, weights), star.Zs, rtol=0, atol=1e-10)
    assert moran(crime, weights) == pytest.approx(overall.I, abs=1e-10)


def test_rescaling_a_row_changes_no_z(grid: pd.DataFrame) -> None:
    weights = within(grid, 60)
    scale = np.random.default_rng(1).uniform(0.01, 100, len(grid))
    scaled = sparse.csr_array(sparse.diags_array(scale) @ weights)
    np.testing.assert_allclose(local_g(grid["val"], scaled), local_g(grid["val"], weights), rtol=0, atol=1e-9)
    star = sparse.csr_array(weights + sparse.eye_array(len(grid)))
    scaled_star = sparse.csr_array(sparse.diags_array(scale) @ star)
    np.testing.assert_allclose(
        local_g_star(grid["val"], scaled_star), local_g_star(grid["val"], weights), rtol=0, atol=1e-9
    )


def test_the_unit_counts_as_its_nearest_neighbour_does_on_any_scale(grid: pd.DataFrame) -> None:
    weights = within(grid, 60)
    scale = np.random.default_rng(2).uniform(0.01, 100, len(grid))
    scaled = sparse.csr_array(sparse.diags_array(scale) @ weights)
    np.testing.assert_allclose(
        local_g_star(grid["val"], scaled), local_g_star(grid["val"], weights), rtol=0, atol=1e-9
    )


def test_a_unit_without_neighbours_has_no_g() -> None:
    weights = windows_of_neighbours({0: [1], 1: [0], 2: []}).membership
    found = local_g([1.0, 4.0, 2.0], weights)
    assert np.isnan(found[2])
    assert np.isfinite(found[:2]).all()


def test_values_without_spread_have_no_moran() -> None:
    assert np.isnan(moran([2.0, 2.0], windows_of_neighbours({0: [1], 1: [0]}).membership))


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(ValueError, match="a value is missing"):
        local_g([1.0, float("nan")], windows_of_neighbours({0: [1], 1: [0]}).membership)


def test_weights_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="one row and column a value"):
        local_g_star([1.0, 2.0, 3.0], windows_of_neighbours({0: [1], 1: [0]}).membership)
