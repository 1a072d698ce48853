from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from pipelines.places.locating import NOWHERE, areas_m2, first_inside, nearest, outlines, pairs_inside, points


def _table(**boxes: tuple[float, float, float, float] | None) -> pd.DataFrame:
    shapes = [None if box is None else shapely.to_wkb(shapely.box(*box)) for box in boxes.values()]
    return pd.DataFrame({"key": list(boxes), "geometry": pd.Series(shapes, dtype=object)})


TWO = _table(b=(26.1, -11.0, 26.2, -10.9), a=(26.2, -11.0, 26.3, -10.9))


def _at(*spots: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    lon, lat = np.array(spots, dtype=float).reshape(-1, 2).T
    return lon, lat


def test_outlines_are_ordered_by_key_and_those_without_geometry_left_out() -> None:
    areas = outlines(_table(c=(0, 0, 1, 1), b=None, a=(0, 0, 2, 2)), "key")
    assert areas.keys.tolist() == ["a", "c"]
    assert areas.rows["key"].tolist() == ["a", "c"]


def test_a_point_on_a_border_lies_in_both_and_the_smallest_key_has_it() -> None:
    areas = outlines(TWO, "key")
    spot, area = pairs_inside(*_at((26.2, -10.95)), areas)
    assert (spot.tolist(), areas.keys[area].tolist()) == ([0, 0], ["a", "b"])
    assert areas.keys[first_inside(*_at((26.2, -10.95)), areas)].tolist() == ["a"]


def test_a_point_outside_is_nowhere() -> None:
    assert first_inside(*_at((27, -10.95)), outlines(TWO, "key")).tolist() == [NOWHERE]


def test_distance_is_in_metres_and_zero_inside() -> None:
    areas = outlines(TWO, "key")
    lon, lat = _at((26.15, -10.95), (26.15, -11.0 - 1000 / 110_600), (26.15, -10.9), (26.301, -10.95))
    found, distance_m = nearest(lon, lat, areas)
    assert areas.keys[found].tolist() == ["b", "b", "b", "a"]
    assert distance_m.tolist() == [0, pytest.approx(1000, abs=3), 0, pytest.approx(109.2, abs=0.6)]


def test_nothing_is_nearest_beyond_the_limit() -> None:
    found, distance_m = nearest(*_at((26.15, -11.05)), outlines(TWO, "key"), within_m=2_000)
    assert found.tolist() == [NOWHERE]
    assert np.isnan(distance_m).all()


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_of_two_at_one_distance_the_smallest_key_is_nearest(order: list[int]) -> None:
    areas = outlines(TWO.iloc[order], "key")
    found, _ = nearest(*_at((26.2, -11.01)), areas)
    assert areas.keys[found].tolist() == ["a"]


def test_a_long_edge_stays_straight_in_degrees_when_measured() -> None:
    # Projected as one chord, this four-degree edge would stray by more than a kilometre.
    areas = outlines(_table(a=(23.0, -11.0, 27.0, -10.0)), "key")
    assert nearest(*_at((25.0, -11.0)), areas)[1].tolist() == [0]


def test_no_points_and_no_outlines_are_no_failure() -> None:
    none = outlines(TWO.iloc[:0], "key")
    assert first_inside(*_at(), outlines(TWO, "key")).tolist() == []
    assert first_inside(*_at((26.2, -10.95)), none).tolist() == [NOWHERE]
    assert nearest(*_at((26.2, -10.95)), none)[0].tolist() == [NOWHERE]
    assert nearest(*_at(), outlines(TWO, "key"))[0].tolist() == []
    assert areas_m2(none).tolist() == []


def test_area_is_in_square_metres() -> None:
    # 0.1° by 0.1° at 10.95° south: 10.92 km by 11.06 km.
    assert areas_m2(outlines(TWO, "key")) == pytest.approx([120.8e6] * 2, rel=0.01)


def test_geometry_may_be_wkb_or_shapes() -> None:
    shapes = gpd.GeoDataFrame({"key": TWO["key"]}, geometry=gpd.GeoSeries.from_wkb(TWO["geometry"]))
    assert outlines(shapes, "key").keys.tolist() == outlines(TWO, "key").keys.tolist() == ["a", "b"]


def test_positions_are_counted_once_and_missing_ones_are_nowhere() -> None:
    rows = pd.DataFrame(
        {
            "lon": pd.array([26.2, None, 26.2, 26.2, 25.0], dtype="Float64"),
            "lat": pd.array([-11.0, -11.0, None, -11.0, -11.0], dtype="Float64"),
            "place_precision": ["site", "site", "site", "locality", "none"],
        },
        index=[7, 7, 7, 7, 7],
    )
    positions = points(rows)
    assert (positions.lon.tolist(), positions.lat.tolist()) == ([26.2], [-11.0])
    assert positions.of_row.tolist() == [0, NOWHERE, NOWHERE, 0, NOWHERE]
