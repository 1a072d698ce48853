"""Layers paint rows: nothing finer than reported, nothing foreign, nothing live."""

import re
from itertools import pairwise

import folium
import pandas as pd
import pytest
from streamlit_folium import generate_leaflet_string

from layers import basemap, chosen, concessions, incidents, palette, sites, territories, timelines
from risk.vocabulary import CATEGORIES, SEVERITIES

HOSTILE = "<img src=x onerror=alert(1)>${alert(2)}`x`</script>"


def leaflet(*groups):
    map_ = basemap.ground()
    for group in groups:
        group.add_to(map_)
    map_.get_root().render()
    return generate_leaflet_string(map_, base_id="div")


def place(**changes):
    row = {
        "place_key": "abc",
        "place_name": "Kasulo",
        "lon": 25.49,
        "lat": -10.7,
        "place_precision": "site",
        "extent_kind": "point",
        "extent_radius_m": None,
        "outline": None,
        "incident_count": 2,
        "severity_max": 5,
        "categories": "OSH; SEC",
    }
    return pd.DataFrame([row | changes])


def site(**changes):
    row = {
        "site_id": "site-a",
        "name": "Kasulo",
        "lon": 25.49,
        "lat": -10.7,
        "place_precision": "site",
        "extent_kind": "point",
        "extent_radius_m": None,
    }
    return pd.DataFrame([row | changes])


def test_an_exact_place_is_a_dot():
    script = leaflet(incidents.draw(place()))
    assert '"radius_px":8.1' in script
    assert '"radius_m"' not in script


@pytest.mark.parametrize(("precision", "radius"), [("locality", 5000), ("sector", 25000), ("site", 1000)])
def test_a_stand_in_is_a_disc_of_its_precision_and_never_a_dot(precision, radius):
    row = place(place_precision=precision, extent_kind="disc", extent_radius_m=radius)
    script = leaflet(incidents.draw(row))
    assert f'"radius_m":{radius}' in script
    assert '"radius_px"' not in script


def test_a_vague_site_is_a_disc_and_sites_that_share_it_share_one():
    two = pd.concat([site(site_id=i, extent_kind="disc", place_precision="sector") for i in ("a", "b")])
    script = leaflet(sites.draw(two))
    assert script.count('"radius_m":25000') == 1
    assert '"radius_px"' not in script


def test_a_row_without_a_position_is_not_drawn():
    script = leaflet(sites.draw(site(lon=None, lat=None, extent_kind="none")))
    assert '"radius' not in script


def test_a_concession_stands_for_its_place_as_its_outline():
    outline = '{"type":"Polygon","coordinates":[[[25,-10],[26,-10],[26,-11],[25,-10]]]}'
    script = leaflet(incidents.draw(place(extent_kind="concession", outline=outline)))
    assert '"type":"Polygon"' in script
    assert '"radius' not in script


@pytest.mark.parametrize("draw", [incidents.draw, sites.draw, chosen.draw])
def test_empty_rows_draw_an_empty_layer(draw):
    columns = [*place().columns, "site_id", "name"]
    group = draw(pd.DataFrame(columns=columns))
    assert isinstance(group, folium.FeatureGroup)
    assert '"features":[]' in leaflet(group)


def test_text_from_data_stays_text():
    script = leaflet(incidents.draw(place(place_name=HOSTILE)), sites.draw(site(name=HOSTILE)))
    assert "<img" not in script
    assert "${" not in script
    assert "</script" not in script


def test_no_layer_names_a_foreign_address():
    script = leaflet(
        territories.draw("../../outlines/x/territories.json"),
        concessions.draw("../../outlines/x/concessions.json", ["PE", "ZEA"]),
        incidents.draw(place()),
        sites.draw(site()),
    )
    found = set(re.findall(r"https?://[^\s\"')]+", script)) - {"http://www.w3.org/2000/svg"}
    assert not found
    assert all("http" not in url for _name, url in folium.Map.default_js + folium.Map.default_css)


def test_a_title_that_is_switched_off_has_no_style():
    script = leaflet(concessions.draw("u", ["PE"]))
    assert '"PE"' in script
    assert '"ZEA"' not in script


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_severity_ramp_grows_darker_so_that_it_reads_in_grey():
    shades = [luminance(palette.SEVERITY[level]) for level in SEVERITIES]
    assert shades == sorted(shades, reverse=True)
    assert all(a / b > 1.3 for a, b in pairwise(shades))


def test_every_category_has_one_kind_of_risk():
    kinds = [codes for _label, _colour, codes in palette.THEMES.values()]
    assert sorted(code for codes in kinds for code in codes) == sorted(CATEGORIES)


def test_a_point_needs_exactly_one_radius():
    from layers.shapes import point

    with pytest.raises(ValueError, match="radius"):
        point(1, 2, thing="a", tip="", style={})


def test_the_timeline_stacks_severities_in_order():
    quarters = pd.DataFrame(
        {"quarter_start": pd.to_datetime(["2024-01-01"]), "severity": [5], "incident_count": [3]}
    )
    drawn = timelines.draw(quarters).to_dict()
    assert drawn["encoding"]["color"]["scale"]["domain"][-1] == "5 critical"


def ground(**options):
    map_ = basemap.ground(**options)
    map_.get_root().render()
    return generate_leaflet_string(map_, base_id="div")


def test_the_map_shows_first_what_the_release_places():
    assert "fitBounds([[-39.5,25.0],[-38.5,27.0]]" in ground(home=((-39.5, 25.0), (-38.5, 27.0)))
    assert "fitBounds([[-12.2,24.6],[-10.0,28.3]]" in ground()


def test_each_edition_keeps_its_view_under_its_own_name():
    assert 'var hash = "#training-map=" + map.getZoom()' in ground(view="training-map")
    assert "training" not in ground()


def test_the_first_view_may_stand_between_whole_zooms_to_fill_the_frame():
    assert re.search(r'"zoomSnap": 0\.25', basemap.ground().get_root().render())


def test_a_watermark_is_written_all_over_the_map_and_said_aloud():
    script = ground(watermark="Invented – nothing is real")
    assert '.textContent = "Invented – nothing is real"' in script
    assert 'setAttribute("aria-label", "Invented – nothing is real Map. ' in script
    assert "atlas-mark" not in ground()


def test_a_watermark_is_text_and_never_script():
    script = ground(watermark=HOSTILE)
    assert "<img" not in script
    assert "</script>" not in script
