"""Cells stand for records that are too many to be drawn, and are never finer than what is known."""

import json
import re
from itertools import pairwise
from pathlib import Path

import h3
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from layers import cells as layer
from layers import palette
from tests.made_many import incidents, placed, release_of, sites
from tests.test_layers import leaflet, luminance
from warehouse import cells, records
from warehouse.cells import MOST_CELLS, beyond_cells, incidents_about, sites_in, symbol_counts

MIXED = ("site", "locality", "sector")
FINE = h3.latlng_to_cell(-10.7, 25.5, 7)
COARSE = h3.latlng_to_cell(-10.7, 25.5, 4)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """5,000 sites and 3,000 incidents, a third each known within 1 km, 5 km and 25 km."""
    site_rows = sites(5_000, precisions=MIXED)
    incident_rows = incidents(3_000, precisions=MIXED, seed=7)
    return release_of(tmp_path_factory.mktemp("many"), site_rows, incident_rows)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    return release_of(tmp_path_factory.mktemp("few"), sites(200, precisions=MIXED))


def drawn(**changes):
    row = {
        "cell": FINE,
        "resolution": 7,
        "site_count": 3,
        "incident_count": 12,
        "stand_in_count": 0,
        "severity_max": 5,
    }
    return pd.DataFrame([row | changes])


def features(group):
    """Return the features of a group: coarse ones first."""
    return [f for child in group._children.values() for f in json.loads(child.data)["features"]]


def test_a_cell_counts_each_record_once(many):
    rows = cells.cells(many)
    beyond = beyond_cells(many).iloc[0]
    assert rows["cell"].is_unique
    assert rows["site_count"].sum() + beyond["site_count"] == 5_000
    assert rows["incident_count"].sum() + beyond["incident_count"] == 3_000


def test_there_are_never_more_cells_than_a_map_can_draw(many):
    assert len(cells.cells(many)) <= MOST_CELLS
    assert len(cells.cells(many, incidents=False)) <= MOST_CELLS


def test_fewer_records_are_drawn_in_finer_cells(many, few):
    assert cells.cells(few)["resolution"].max() == 7
    assert 4 < cells.cells(many)["resolution"].max() < 7


def test_only_exact_positions_are_counted_in_fine_cells(many):
    rows = cells.cells(many)
    fine = rows[rows["resolution"] > 4]
    coarse = rows[rows["resolution"] == 4]
    exact = (placed(5_000, precisions=MIXED)["place_precision"] == "site").sum()
    assert (fine["stand_in_count"] == 0).all()
    assert fine["site_count"].sum() == exact
    assert (coarse["stand_in_count"] == coarse["site_count"] + coarse["incident_count"]).all()


def test_what_is_known_within_25_km_is_in_no_cell(many):
    vague = (placed(5_000, precisions=MIXED)["place_precision"] == "sector").sum()
    assert beyond_cells(many).iloc[0]["site_count"] == vague


def test_a_layer_that_is_off_is_not_counted(many):
    rows = cells.cells(many, incidents=False)
    assert (rows["incident_count"] == 0).all()
    assert rows["severity_max"].isna().all()


def test_filters_act_on_cells_as_on_tables(many):
    assert cells.cells(many, sites=False, severity=(5,))["severity_max"].eq(5).all()
    assert cells.cells(many, province=("Haut-Katanga",)).empty
    assert symbol_counts(many, province=("Haut-Katanga",)).iloc[0].tolist() == [0, 0]


def test_sites_that_share_a_stand_in_are_one_symbol(tmp_path):
    rows = sites(4, precisions=("sector",)).assign(lon=25.5, lat=-10.7)
    assert symbol_counts(release_of(tmp_path, rows)).iloc[0]["site_symbols"] == 1


def test_a_fine_cell_holds_what_it_counts(many):
    counted = cells.cells(many).iloc[-1]
    assert counted["resolution"] > 4
    assert len(sites_in(many, counted["cell"])) == counted["site_count"]
    assert len(incidents_about(many, ("cell", counted["cell"]))) == counted["incident_count"]


def test_a_coarse_cell_holds_the_stand_ins_it_counts_and_what_fine_cells_in_it_count(many):
    coarse = cells.cells(many).query("resolution == 4")
    counted = coarse.loc[coarse["site_count"].idxmax()]
    inside = sites_in(many, counted["cell"])
    assert (inside["extent_kind"] == "disc").sum() == counted["site_count"]
    assert (inside["extent_kind"] == "point").any()
    assert not (inside["extent_radius_m"] > 5_000).any()


@pytest.mark.parametrize("cell", ["", "no cell", h3.latlng_to_cell(-10.7, 25.5, 9), "' OR 1=1 --"])
def test_what_is_no_cell_of_ours_holds_nothing(many, cell):
    assert sites_in(many, cell).empty
    assert incidents_about(many, ("cell", cell)).empty


def test_the_card_of_a_place_asks_for_its_incidents_only(open_release):
    whole = incidents_about(open_release, ("territory", "CD7213"))
    assert set(whole["territory_pcode"]) <= {"CD7213"}
    assert incidents_about(open_release, None).empty
    assert incidents_about(open_release, ("concession", "PE-1")).empty


def test_a_cell_is_drawn_as_its_polygon_and_handed_back_by_its_name():
    (feature,) = features(layer.draw(drawn()))
    ring = feature["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert len(ring) == 7
    assert feature["properties"]["id"] == f"cell:{FINE}"


def test_the_colour_says_how_many():
    colours = [
        features(layer.draw(drawn(incident_count=n)))[0]["properties"]["style"]["fillColor"]
        for n in (1, 2, 9, 10, 999, 1000, 10**6)
    ]
    one, two, ten, hundred, thousand = palette.COUNTS
    assert colours == [one, two, two, ten, hundred, thousand, thousand]


def test_no_incident_is_no_colour_and_not_the_lightest_one():
    style = features(layer.draw(drawn(incident_count=0, severity_max=pd.NA)))[0]["properties"]["style"]
    assert "fillColor" not in style
    assert style["fillOpacity"] == 0


def test_the_ramp_of_counts_reads_in_grey():
    shades = [luminance(colour) for colour in palette.COUNTS]
    assert all(a / b > 1.3 for a, b in pairwise(shades))


def test_a_cell_with_stand_ins_has_a_dashed_border_and_says_so():
    feature = features(layer.draw(drawn(cell=COARSE, resolution=4, stand_in_count=2)))[0]
    assert feature["properties"]["style"]["dashArray"]
    assert "2 of these records are known within 5 km only" in feature["properties"]["tip"]


def test_coarse_cells_lie_under_fine_ones():
    both = pd.concat([drawn(), drawn(cell=COARSE, resolution=4, stand_in_count=1)])
    script = leaflet(layer.draw(both))
    assert re.search(rf'{COARSE}.*pane: "areas".*{FINE}.*pane: "discs"', script, re.DOTALL)


def test_a_coarse_cell_does_not_darken_the_fine_ones_above_it():
    both = pd.concat([drawn(), drawn(cell=COARSE, resolution=4, stand_in_count=1)])
    coarse, fine = (feature["properties"]["style"]["fillOpacity"] for feature in features(layer.draw(both)))
    assert coarse < fine / 5


def test_no_cells_draw_an_empty_layer():
    assert features(layer.draw(drawn().iloc[:0])) == []


def test_an_unknown_count_is_refused():
    with pytest.raises(KeyError):
        layer.draw(drawn(), count_by="deaths")


def test_a_cell_has_an_area_and_an_outline():
    row = records.cell(COARSE).iloc[0]
    assert 1_000 < row["area_km2"] < 3_000
    assert json.loads(row["outline"])["type"] == "Polygon"
    assert records.cell("no cell").empty


@pytest.fixture
def page(many, monkeypatch):
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(many.path.parent.parent.parent))
    return AppTest.from_file(str(Path(__file__).parent.parent / "app.py"), default_timeout=60)


def test_the_page_says_that_it_shows_cells_and_why(page):
    page.run()
    assert not page.exception
    said = " ".join(caption.value for caption in page.caption)
    assert "symbols would be too many for a map" in said
    assert "In no cell, for their place is known too vaguely" in said
    assert "Listed are the first 2,000 sites" in said


def test_the_page_of_a_chosen_cell_names_what_lies_in_it(page, many):
    busiest = cells.cells(many).sort_values("site_count").iloc[-1]
    page.query_params["at"] = f"cell:{busiest['cell']}"
    page.run()
    assert not page.exception
    inside = sites_in(many, busiest["cell"])
    said = [text.value for text in page.markdown]
    assert any(f"Sites on record]]  \n{len(inside)}, of these" in text for text in said), said
    assert inside["name"].iloc[0] in [button.label for button in page.button]


@pytest.mark.parametrize("text", ["-1", "8a" * 13, "", "8a2a1072b59ffff0", "zzz", "८" * 15])
def test_what_only_looks_like_a_cell_is_none(open_release, text):
    assert not cells.is_cell(text)
    for kind in ("cell", "site", "territory", "place"):
        assert incidents_about(open_release, (kind, text)).empty
    assert records.cell(text).empty
