from __future__ import annotations

from typing import Any

import h3
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.places.place import place
from warehouse.derived import Placed

# West to east: territory 7201, a gap of 3 km, 7202, then province 73 without any territory.
#   25.0          25.1     25.13          25.2            25.3
TERRITORIES = pd.DataFrame(
    {
        "territory_pcode": ["CD7202", "CD7103", "CD7201", "CD7102"],
        "name": ["East", "Kipushi", "West", "Kipushi"],
        "kind": ["territory", "city", "city", "territory"],
        "province_pcode": ["CD72", "CD71", "CD72", "CD71"],
        "geometry": [
            shapely.to_wkb(shapely.box(*box))
            for box in (
                (25.13, -11.0, 25.2, -10.9),
                (25.05, -11.1, 25.1, -11.0),
                (25.0, -11.0, 25.1, -10.9),
                (25.0, -11.1, 25.05, -11.0),
            )
        ],
    }
)
PROVINCES = pd.DataFrame(
    {
        "province_pcode": ["CD73", "CD72", "CD71"],
        "name": ["Beyond", "Lualaba", "Haut-Katanga"],
        "geometry": [
            shapely.to_wkb(shapely.box(*box))
            for box in (
                (25.2, -11.0, 25.3, -10.9),
                (24.9, -11.0, 25.2, -10.9),
                (25.0, -11.1, 25.1, -11.0),
            )
        ],
    }
)
CONCESSIONS = pd.DataFrame(
    {
        "concession_id": ["PE-2", "PE-1", "PER-9", "ZEA-3", "PR-4"],
        "permit_type": ["PE", "PE", "PER", "ZEA", "PR"],
        "geometry": [
            shapely.to_wkb(shapely.box(*box))
            for box in (
                (25.01, -10.99, 25.03, -10.97),
                (25.0, -11.0, 25.05, -10.95),
                (25.015, -10.985, 25.04, -10.975),
                (25.15, -10.96, 25.17, -10.94),
                (25.17, -10.96, 25.19, -10.94),
            )
        ],
    }
)
AREAS = ["province_pcode", "province", "territory_pcode", "territory"]
CELLS = ["h3_r4", "h3_r5", "h3_r6", "h3_r7"]
EXTENT = ["extent_kind", "extent_radius_m", "extent_concession_id"]


def _rows(*spots: tuple[float | None, float | None], **columns: Any) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "lon": pd.array([lon for lon, _ in spots], dtype="Float64"),
            "lat": pd.array([lat for _, lat in spots], dtype="Float64"),
            "place_precision": pd.array(["site"] * len(spots), dtype="string"),
            "position_is_proxy": pd.array([False] * len(spots), dtype="boolean"),
            "territory_reported": pd.array([None] * len(spots), dtype="string"),
        }
    )
    return rows.assign(**columns)


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    return place(rows, TERRITORIES, PROVINCES, CONCESSIONS)


def _first(rows: pd.DataFrame, columns: list[str]) -> list[Any]:
    return [None if pd.isna(value) else value for value in _placed(rows)[columns].iloc[0]]


def test_the_columns_are_those_of_the_contract() -> None:
    rows = _rows((25.02, -10.95), (None, None))
    placed = _placed(rows)
    assert list(placed) == [*rows, *Placed.to_schema().columns]
    Placed.validate(placed[list(Placed.to_schema().columns)])


def test_a_point_inside_has_the_territory_and_its_province() -> None:
    assert _first(_rows((25.02, -10.95)), AREAS) == ["CD72", "Lualaba", "CD7201", "West"]


@pytest.mark.parametrize(("spot", "pcode"), [((25.05, -11.05), "CD7102"), ((25.05, -11.0), "CD7102")])
def test_a_point_on_a_border_has_the_smallest_pcode(spot: tuple[float, float], pcode: str) -> None:
    assert _first(_rows(spot), ["territory_pcode"]) == [pcode]


@pytest.mark.parametrize(("lon", "pcode"), [(25.11, "CD7201"), (25.12, "CD7202"), (25.115, "CD7201")])
def test_a_point_in_a_gap_has_the_nearest_territory_and_in_its_middle_the_smallest(
    lon: float, pcode: str
) -> None:
    assert _first(_rows((lon, -10.95)), ["territory_pcode"]) == [pcode]


def test_a_point_just_over_the_outer_border_still_has_its_territory() -> None:
    assert _first(_rows((25.02, -10.89)), AREAS) == ["CD72", "Lualaba", "CD7201", "West"]


def test_a_point_in_another_province_has_no_territory_however_near_one_is() -> None:
    assert _first(_rows((25.201, -10.95)), AREAS) == ["CD73", "Beyond", None, None]


def test_a_point_far_from_every_territory_has_the_province_it_lies_in() -> None:
    assert _first(_rows((24.95, -10.95)), AREAS) == ["CD72", "Lualaba", None, None]


def test_a_point_just_beyond_another_province_has_that_province() -> None:
    assert _first(_rows((25.31, -10.95)), AREAS) == ["CD73", "Beyond", None, None]


def test_a_point_abroad_has_no_area_but_its_cells_and_its_dot() -> None:
    placed = _placed(_rows((121.9, -28.8))).iloc[0]
    assert placed[AREAS].isna().all()
    assert placed["h3_r7"] == h3.latlng_to_cell(-28.8, 121.9, 7)
    assert placed["extent_kind"] == "point"


@pytest.mark.parametrize("spot", [(None, None), (25.02, None), (None, -10.95)])
def test_a_row_without_a_position_has_nothing(spot: tuple[float | None, float | None]) -> None:
    placed = _placed(_rows(spot, territory_reported="West")).iloc[0]
    assert placed[[*AREAS, *CELLS, "has_other_territory", *EXTENT[1:]]].isna().all()
    assert (placed["extent_kind"], placed["territory_reported"]) == ("none", "West")


def test_precision_none_is_no_position_even_with_coordinates() -> None:
    placed = _placed(_rows((25.02, -10.95), place_precision="none")).iloc[0]
    assert placed[[*AREAS, *CELLS]].isna().all()
    assert placed["extent_kind"] == "none"


def test_a_row_known_to_its_province_has_no_territory() -> None:
    rows = _rows((25.02, -10.95), place_precision="province", territory_reported="East")
    assert _first(rows, [*AREAS, "has_other_territory"]) == ["CD72", "Lualaba", None, None, None]
    assert _first(rows, EXTENT) == ["province", None, None]


@pytest.mark.parametrize(
    ("spot", "reported", "differs"),
    [
        ((25.02, -10.95), "West (ville)", False),
        ((25.02, -10.95), "East", True),
        ((25.02, -10.95), None, None),
        ((24.95, -10.95), "West", None),
        ((25.07, -11.05), "Kipushi (ville)", False),
        ((25.02, -11.05), "Kipushi (ville)", True),
    ],
)
def test_the_publishers_territory_is_compared_by_name_and_kind(
    spot: tuple[float, float], reported: str | None, differs: bool | None
) -> None:
    assert _first(_rows(spot, territory_reported=reported), ["has_other_territory"]) == [differs]


def test_cells_are_those_of_the_point_itself() -> None:
    placed = _placed(_rows((25.02, -10.95))).iloc[0]
    for resolution in (4, 5, 6, 7):
        corners = [(lon, lat) for lat, lon in h3.cell_to_boundary(placed[f"h3_r{resolution}"])]
        assert h3.get_resolution(placed[f"h3_r{resolution}"]) == resolution
        assert shapely.Polygon(corners).covers(shapely.Point(25.02, -10.95))


@pytest.mark.parametrize(
    ("precision", "proxy", "extent"),
    [
        ("pit", False, ["point", None, None]),
        ("site", False, ["point", None, None]),
        ("pit", True, ["disc", 100, None]),
        ("site", True, ["disc", 1_000, None]),
        ("locality", False, ["disc", 5_000, None]),
        ("sector", False, ["disc", 25_000, None]),
        ("sector", True, ["disc", 25_000, None]),
        ("territory", False, ["territory", None, None]),
        ("province", False, ["province", None, None]),
        ("none", False, ["none", None, None]),
        ("site", None, ["disc", 1_000, None]),
    ],
)
def test_what_is_drawn_is_as_wide_as_the_place_is_vague(
    precision: str, proxy: bool | None, extent: list[Any]
) -> None:
    rows = _rows((25.02, -10.98), place_precision=precision)
    rows["position_is_proxy"] = pd.array([proxy], dtype="boolean")
    assert _first(rows, EXTENT) == extent


def test_an_outline_nobody_has_falls_back_to_the_wider_one() -> None:
    assert _first(_rows((24.95, -10.95), place_precision="territory"), EXTENT)[0] == "province"
    assert _first(_rows((121.9, -28.8), place_precision="territory"), EXTENT)[0] == "none"


@pytest.mark.parametrize(
    ("spot", "title"),
    [
        ((25.012, -10.98), "PE-2"),
        ((25.02, -10.98), "PE-2"),
        ((25.035, -10.98), "PE-1"),
        ((25.045, -10.96), "PE-1"),
    ],
)
def test_a_concession_is_the_smallest_mine_it_lies_in_before_any_tailings(
    spot: tuple[float, float], title: str
) -> None:
    rows = _rows(spot, place_precision="sector", place_precision_reported="concession")
    assert _first(rows, EXTENT) == ["concession", None, title]


def test_of_two_titles_with_one_outline_the_smaller_id_is_meant() -> None:
    twins = pd.concat([CONCESSIONS.iloc[[0]].assign(concession_id=name) for name in ("PE-8", "PE-7")])
    rows = _rows((25.02, -10.98), place_precision="sector", place_precision_reported="concession")
    assert place(rows, TERRITORIES, PROVINCES, twins)["extent_concession_id"].tolist() == ["PE-7"]


@pytest.mark.parametrize(
    ("spot", "changes"),
    [
        ((25.16, -10.95), {}),
        ((25.18, -10.95), {}),
        ((25.09, -10.92), {}),
        ((25.02, -10.98), {"position_is_proxy": True}),
        ((25.02, -10.98), {"place_precision_reported": "town"}),
        ((25.02, -10.98), {"place_precision_reported": None}),
    ],
)
def test_a_zone_a_research_permit_a_stand_in_or_another_word_is_no_concession(
    spot: tuple[float, float], changes: dict[str, Any]
) -> None:
    rows = _rows(spot, **{"place_precision": "sector", "place_precision_reported": "concession"} | changes)
    assert _first(rows, EXTENT) == ["disc", 25_000, None]


def test_no_rows_and_no_tables_are_no_failure() -> None:
    none = place(_rows(), TERRITORIES, PROVINCES, CONCESSIONS)
    assert len(none) == 0
    Placed.validate(none[list(Placed.to_schema().columns)])
    bare = place(_rows((25.02, -10.95)), TERRITORIES.iloc[:0], PROVINCES.iloc[:0], CONCESSIONS.iloc[:0])
    assert bare[AREAS].isna().all(axis=None)
    assert bare["h3_r5"].notna().all()


def test_an_outline_that_is_missing_is_passed_over() -> None:
    territories = TERRITORIES.assign(geometry=[None, *TERRITORIES["geometry"][1:]])
    placed = place(_rows((25.02, -10.95), (25.18, -10.95)), territories, PROVINCES, CONCESSIONS)
    assert placed["territory"].tolist()[0] == "West"
    assert placed["territory"].isna().tolist() == [False, True]
    assert placed["province"].tolist() == ["Lualaba", "Lualaba"]


def test_the_index_is_ignored_and_the_rows_given_are_left_alone() -> None:
    rows = _rows((25.02, -10.95), (None, None), (25.15, -10.95)).set_index(pd.Index([3, 3, 0]))
    before = rows.copy(deep=True)
    placed = _placed(rows)
    pd.testing.assert_frame_equal(rows, before)
    assert placed.index.tolist() == [3, 3, 0]
    assert placed["territory"].fillna("-").tolist() == ["West", "-", "East"]


def test_placing_twice_changes_nothing() -> None:
    once = _placed(_rows((25.02, -10.95), (25.11, -10.95), (None, None)))
    pd.testing.assert_frame_equal(_placed(once), once)


_SPOT = st.tuples(
    st.one_of(st.none(), st.floats(24.8, 25.4), st.sampled_from([25.05, 25.1, 25.115, 25.2])),
    st.one_of(st.none(), st.floats(-11.2, -10.8), st.sampled_from([-11.0, -10.98, -10.9])),
)
_ROW = st.tuples(
    _SPOT,
    st.sampled_from(["pit", "site", "locality", "sector", "territory", "province", "none"]),
    st.booleans(),
    st.sampled_from([None, "West", "Kipushi (ville)", "East"]),
    st.sampled_from(["concession", "town"]),
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(_ROW, max_size=12), seed=st.integers(0, 2**32 - 1))
def test_another_order_of_rows_or_outlines_gives_the_same_rows(rows: list[Any], seed: int) -> None:
    frame = _rows(
        *(row[0] for row in rows),
        place_precision=pd.array([row[1] for row in rows], dtype="string"),
        position_is_proxy=pd.array([row[2] for row in rows], dtype="boolean"),
        territory_reported=pd.array([row[3] for row in rows], dtype="string"),
        place_precision_reported=pd.array([row[4] for row in rows], dtype="string"),
    )
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(frame))
    shuffled = [table.iloc[rng.permutation(len(table))] for table in (TERRITORIES, PROVINCES, CONCESSIONS)]
    expected = _placed(frame).iloc[order]
    pd.testing.assert_frame_equal(place(frame.iloc[order], *shuffled), expected)
    assert (expected["extent_concession_id"].notna() == (expected["extent_kind"] == "concession")).all()
    assert (expected["extent_radius_m"].notna() == (expected["extent_kind"] == "disc")).all()
    assert not ((expected["extent_kind"] == "point") & frame.iloc[order]["position_is_proxy"]).any()
