"""The open edition placed, and every answer counted again with plain loops."""

from __future__ import annotations

from pathlib import Path

import h3
import pandas as pd
import pyproj
import pytest
import shapely

from pipelines.places.overlap import count_concessions, nearest_zea, site_concessions
from pipelines.places.place import place

OPEN_EDITION = Path(__file__).resolve().parent.parent / "data" / "open"
TO_METRES = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32735", always_xy=True).transform


def _outlines(name: str) -> pd.DataFrame:
    table = pd.read_csv(OPEN_EDITION / f"{name}.csv", dtype={"title_number": str})
    return table.assign(geometry=[shapely.to_wkb(shapely.from_wkt(text)) for text in table.pop("wkt")])


def _shapes(table: pd.DataFrame, key: str) -> dict[str, shapely.Geometry]:
    return {name: shapely.from_wkb(wkb) for name, wkb in zip(table[key], table["geometry"], strict=True)}


@pytest.fixture(scope="module")
def territories() -> pd.DataFrame:
    return _outlines("territories")


@pytest.fixture(scope="module")
def concessions() -> pd.DataFrame:
    return _outlines("concessions")


@pytest.fixture(scope="module")
def sites(territories: pd.DataFrame, concessions: pd.DataFrame) -> pd.DataFrame:
    """Every published site record, placed as if each were a site."""
    records = [pd.read_csv(OPEN_EDITION / f"{name}.csv") for name in ("sites", "ipis_sites")]
    rows = pd.concat(records, ignore_index=True).rename(columns={"record_id": "site_id"})
    return place(rows, territories, _outlines("provinces"), concessions)


@pytest.fixture(scope="module")
def overlaps(sites: pd.DataFrame, concessions: pd.DataFrame) -> pd.DataFrame:
    return site_concessions(sites, concessions, "2020-01")


def test_every_site_with_a_position_lies_in_the_territory_it_was_given(
    sites: pd.DataFrame, territories: pd.DataFrame
) -> None:
    shapes = _shapes(territories, "territory_pcode")
    for site in sites.itertuples():
        if pd.isna(site.lon):
            assert pd.isna(site.territory_pcode)
            continue
        holding = [
            pcode for pcode, shape in shapes.items() if shape.covers(shapely.Point(site.lon, site.lat))
        ]
        assert site.territory_pcode == min(holding), site.site_id


def test_names_and_provinces_follow_the_territory(sites: pd.DataFrame, territories: pd.DataFrame) -> None:
    table = territories.set_index("territory_pcode")
    for site in sites.dropna(subset="territory_pcode").itertuples():
        assert site.territory == table.loc[site.territory_pcode, "name"]
        assert site.province_pcode == table.loc[site.territory_pcode, "province_pcode"]
        assert site.province == {"CD71": "Haut-Katanga", "CD72": "Lualaba"}[site.province_pcode]


def test_every_site_lies_in_its_cells(sites: pd.DataFrame) -> None:
    for site in sites.dropna(subset="lon").itertuples():
        for cell in (site.h3_r4, site.h3_r5, site.h3_r6, site.h3_r7):
            outline = shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])
            # Edges are great circles: straight lines in degrees miss a few metres of them.
            assert outline.distance(shapely.Point(site.lon, site.lat)) < 1e-3, site.site_id


def test_the_titles_of_every_site_are_those_a_plain_loop_finds(
    sites: pd.DataFrame, concessions: pd.DataFrame, overlaps: pd.DataFrame
) -> None:
    shapes = _shapes(concessions, "concession_id")
    expected = {
        (site.site_id, title)
        for site in sites.dropna(subset="lon").itertuples()
        for title, shape in shapes.items()
        if shape.covers(shapely.Point(site.lon, site.lat))
    }
    assert set(zip(overlaps["site_id"], overlaps["concession_id"], strict=True)) == expected
    assert len(overlaps) == len(expected) > 100


def test_titles_are_certain_and_counted_only_where_the_place_is_exact(
    sites: pd.DataFrame, overlaps: pd.DataFrame
) -> None:
    counted = count_concessions(sites, overlaps)
    for site in counted.itertuples():
        rows = overlaps[overlaps["site_id"] == site.site_id]
        exact = (
            site.place_precision in ("pit", "site") and not site.position_is_proxy and not pd.isna(site.lon)
        )
        assert (rows["is_certain"] == exact).all()
        assert pd.isna(site.concession_count) if not exact else site.concession_count == len(rows)


def test_the_nearest_zone_of_every_site_is_the_one_a_plain_loop_finds(
    sites: pd.DataFrame, concessions: pd.DataFrame
) -> None:
    zones = _shapes(concessions[concessions["permit_type"] == "ZEA"], "concession_id")
    projected = {
        name: shapely.transform(shape, TO_METRES, interleaved=False) for name, shape in zones.items()
    }
    measured = nearest_zea(sites, concessions)
    assert measured["nearest_zea_distance_m"].notna().sum() > 100
    for site in measured.dropna(subset="nearest_zea_distance_m").itertuples():
        spot = shapely.Point(TO_METRES(site.lon, site.lat))
        distances = {name: shape.distance(spot) for name, shape in projected.items()}
        assert distances[site.nearest_zea_id] == pytest.approx(site.nearest_zea_distance_m, abs=2)
        assert min(distances.values()) == pytest.approx(site.nearest_zea_distance_m, abs=2)


def test_kasulo_and_mutoshi_lie_in_mutshatsha_although_the_press_says_kolwezi(sites: pd.DataFrame) -> None:
    territory = sites.set_index("site_id")["territory"]
    assert territory["site-kasulo-cdm-model-mine"] == "Mutshatsha"
    assert territory["site-mutoshi-asm-pilot-area"] == "Mutshatsha"


def test_the_large_pits_of_kcc_lie_in_mutshatsha_and_t17_just_within_the_city(
    territories: pd.DataFrame, concessions: pd.DataFrame
) -> None:
    facilities = pd.read_csv(OPEN_EDITION / "facilities.csv").assign(position_is_proxy=False)
    placed = place(facilities, territories, _outlines("provinces"), concessions).set_index("name")[
        "territory"
    ]
    assert placed["KCC - KOV open pit"] == "Mutshatsha"
    assert placed["KCC - Mashamba East"] == "Mutshatsha"
    assert placed["KCC - Kamoto underground"] == "Mutshatsha"
    assert placed["KCC - T17"] == "Kolwezi"


def test_the_publishers_territory_is_kept_beside_ours_where_they_differ(sites: pd.DataFrame) -> None:
    other = sites[sites["has_other_territory"].fillna(False)].set_index("name")
    assert other.loc["Kanina", ["territory_reported", "territory"]].tolist() == ["Mutshatsha", "Kolwezi"]
    # All of them IPIS's: the compiled records took their territory from the same outlines.
    assert len(other) == 17
    assert other["site_id"].str.startswith("ipis-").all()


def test_only_exact_positions_are_dots(sites: pd.DataFrame) -> None:
    is_dot = (sites["place_precision"] == "site") & ~sites["position_is_proxy"] & sites["lon"].notna()
    assert ((sites["extent_kind"] == "point") == is_dot).all()
    assert (sites["extent_kind"] == "none").sum() == sites["lon"].isna().sum() == 5


def test_incidents_told_of_kcc_stand_on_kccs_own_title(
    territories: pd.DataFrame, concessions: pd.DataFrame
) -> None:
    told = pd.read_csv(OPEN_EDITION / "incidents.csv").query("place_precision_reported == 'concession'")
    placed = place(told.assign(place_precision="sector"), territories, _outlines("provinces"), concessions)
    titles = placed.loc[placed["place_name"] == "KCC concession", "extent_concession_id"]
    holder = concessions.set_index("concession_id")["holder"]
    assert len(titles) == 4
    assert holder[titles.iloc[0]].startswith("KAMOTO COPPER COMPANY")
    assert (placed["extent_kind"] == "concession").tolist() == (~placed["position_is_proxy"]).tolist()
