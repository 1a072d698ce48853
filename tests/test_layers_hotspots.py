"""Outlines of hotspots, cells that cannot tell, and who looked: told apart without colour, never as sure as not."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import h3
import pandas as pd
import pytest
import shapely

from frame import assets
from layers import coverage, hotspots, palette, tested_cells
from layers.hotspots import LEGEND
from risk.vocabulary import HOTSPOT_CLASSES
from tests.test_layers import leaflet, luminance

CELL = h3.latlng_to_cell(-10.7, 25.5, 6)
SQUARE = shapely.box(25.4, -10.8, 25.6, -10.6)


def outline(hotspot_class="confirmed", shape=SQUARE, **changes):
    row = {
        "hotspot_id": f"OSH-{hotspot_class[0]}-1",
        "category": "OSH",
        "hotspot_class": hotspot_class,
        "outline": shapely.to_geojson(shape),
        "lon": 25.5,
        "lat": -10.7,
        "is_weak": False,
        "event_count": 14,
        "source_count": 4,
        "grade": "B",
    }
    return row | changes


def cell(**changes):
    row = {
        "cell": CELL,
        "report_count": 3,
        "workers_exposed": 250.0,
        "test_count": 13,
        "enough_count": 13,
        "no_excess_count": 13,
    }
    return pd.DataFrame([row | changes])


def looked(**changes):
    row = {
        "cell": CELL,
        "last_visit_on": pd.Timestamp("2026-10-01"),
        "last_event_on": pd.NaT,
        "weeks_without_signal": 4,
        "visits": 2,
        "sources": pd.NA,
        "absence": "none_found",
    }
    return pd.DataFrame([row | changes])


def features(group):
    found = [json.loads(child.data) for child in group._children.values() if hasattr(child, "pane")]
    return [feature for collection in found for feature in collection["features"]]


def style(group):
    (feature,) = features(group)
    return feature["properties"]["style"]


def styles():
    return {name: style(hotspots.draw(pd.DataFrame([outline(name)]))) for name in HOTSPOT_CLASSES}


def test_the_three_classes_differ_by_line_and_not_by_colour_alone():
    lines = [styles()[name].get("dashArray") for name in HOTSPOT_CLASSES]
    assert lines[0] is None
    assert len(set(lines)) == 3


def test_the_lines_stand_out_on_the_paper_of_the_map():
    for colour in palette.HOTSPOTS.values():
        assert (luminance(palette.LAND) + 0.05) / (luminance(colour) + 0.05) > 4.5


def test_no_outline_is_filled_as_if_every_place_in_it_were_sure():
    assert all(found["fillOpacity"] <= 0.1 for found in styles().values())


@pytest.mark.parametrize("name", HOTSPOT_CLASSES)
def test_a_weak_outline_is_thinner_and_fainter(name):
    weak = style(hotspots.draw(pd.DataFrame([outline(name, is_weak=True)])))
    assert weak["weight"] < styles()[name]["weight"] / 2
    assert weak["opacity"] < 1
    assert weak["fillOpacity"] <= styles()[name]["fillOpacity"]


def test_outlines_of_one_ground_lie_one_inside_the_other():
    rows = pd.DataFrame([outline(hotspot_id=f"OSH-c-{n}") for n in range(13)])
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in features(hotspots.draw(rows))]
    assert len(shapes) == 13
    assert all(inner.within(outer) and not inner.is_empty for outer, inner in pairwise(shapes))


def test_a_small_outline_lies_above_a_wide_one():
    wide = outline(shape=SQUARE.buffer(1), hotspot_id="OSH-c-wide")
    found = features(hotspots.draw(pd.DataFrame([outline(hotspot_id="OSH-c-small"), wide])))
    assert [one["properties"]["id"] for one in found] == ["hotspot:OSH-c-wide", "hotspot:OSH-c-small"]


def test_outlines_of_one_place_share_one_label_with_the_codes_of_all():
    rows = [outline(), outline(hotspot_id="SEC-r-1", category="SEC"), outline(lat=-9.0)]
    script = leaflet(hotspots.draw(pd.DataFrame(rows)))
    assert script.count("OSH SEC") == 1
    assert script.count("position: relative") == 2


def test_the_tip_says_how_sure_and_that_it_is_somewhere_in_there():
    (feature,) = features(hotspots.draw(pd.DataFrame([outline("reported", event_count=1, grade="D")])))
    tip = feature["properties"]["tip"]
    for words in ("reported hotspot", "1 report,", "grade D: insufficient data", "somewhere in this outline"):
        assert words in tip


def test_the_legend_has_a_line_for_each_class_and_one_for_the_weak():
    assert len(LEGEND.entries) == len(HOTSPOT_CLASSES) + 1
    assert len({entry.swatch for entry in LEGEND.entries}) == len(LEGEND.entries)


def test_a_cell_without_enough_information_is_hatched_and_never_a_colour_of_a_ramp():
    found = style(tested_cells.draw(cell(enough_count=0, no_excess_count=0)))
    assert found["fillColor"] == "url(#atlas-unknown)"
    assert 'pattern id="atlas-unknown"' in leaflet(tested_cells.draw(cell()))


def test_a_cell_where_no_excess_is_shown_has_no_fill_and_is_not_called_safe():
    (feature,) = features(tested_cells.draw(cell()))
    assert feature["properties"]["style"]["fillOpacity"] == 0
    assert "fillColor" not in feature["properties"]["style"]
    assert "This is not a finding of safety" in feature["properties"]["tip"]


def test_the_legend_explains_a_cell_without_fill_only_where_there_is_one():
    hatched = pd.concat([cell(enough_count=0, no_excess_count=0), cell(test_count=pd.NA, enough_count=pd.NA)])
    labels = [entry.label for entry in tested_cells.legend(hatched).entries]
    assert [label.split(":")[0] for label in labels] == ["not enough information", "no cell"]
    labels = [entry.label for entry in tested_cells.legend(cell(enough_count=1, no_excess_count=1)).entries]
    assert "no fill: enough reports to tell in at least one category. Not a finding of safety" in labels
    assert not any("no excess" in label for label in labels)


def test_where_only_cells_in_an_outline_have_no_fill_none_is_said_to_have_enough_reports():
    outlined = cell(enough_count=1, no_excess_count=0)
    labels = [entry.label for entry in tested_cells.legend(outlined).entries]
    assert "no fill: in an outline, of any category. Not a finding of safety" in labels
    assert not any("enough reports" in label for label in labels)
    (feature,) = features(tested_cells.draw(outlined))
    assert (
        "In an outline in 1 of 13 categories; in the others not enough information"
        in (feature["properties"]["tip"])
    )
    (feature,) = features(tested_cells.draw(cell(test_count=1, enough_count=1, no_excess_count=0)))
    assert "In an outline. This is not a finding of safety" in feature["properties"]["tip"]


def test_a_cell_that_can_tell_about_some_categories_only_says_so():
    (feature,) = features(tested_cells.draw(cell(enough_count=3, no_excess_count=2)))
    assert "3 of 13 categories" in feature["properties"]["tip"]


def test_a_cell_in_which_nothing_was_tested_is_not_drawn_as_tested():
    assert features(tested_cells.draw(cell(test_count=pd.NA))) == []


def test_the_colour_says_how_many_reports_and_none_is_no_colour():
    fills = [style(tested_cells.draw_counts(cell(report_count=n)))["fillColor"] for n in (1, 2, 5, 20, 100)]
    assert fills == list(palette.COUNTS)
    silent = style(tested_cells.draw_counts(cell(report_count=pd.NA)))
    assert silent["fillOpacity"] == 0
    assert "fillColor" not in silent


def test_a_cell_without_a_report_stays_on_the_map_and_says_that_nobody_may_have_looked():
    (feature,) = features(tested_cells.draw_counts(cell(report_count=pd.NA)))
    assert "No report: not reported, nobody may have looked" in feature["properties"]["tip"]
    assert feature["properties"]["style"]["dashArray"]
    labels = [entry.label for entry in tested_cells.COUNTS_LEGEND.entries]
    assert "no report: not reported, nobody may have looked" in labels


def test_a_cell_with_reports_lies_above_one_without():
    rows = pd.concat([cell(report_count=4), cell(report_count=pd.NA)])
    tips = [one["properties"]["tip"] for one in features(tested_cells.draw_counts(rows))]
    assert ["4 reports" in tip for tip in tips] == [False, True]


def test_when_last_heard_of_does_not_say_that_somebody_looked():
    assert coverage.LEGEND.title == "Latest visit, or report from there"
    assert not any("look" in entry.label for entry in coverage.LEGEND.entries)


def test_the_thinnest_outline_is_still_seen_where_it_is_as_small_as_a_letter():
    weak = style(hotspots.draw(pd.DataFrame([outline("reported", is_weak=True)])))
    assert weak["weight"] >= 2
    assert weak["className"] == "atlas-outline"
    assert ".atlas-outline { filter: drop-shadow" in assets._STYLE


def test_reports_where_no_workers_are_known_are_shown_as_untested():
    rows = cell(workers_exposed=pd.NA, test_count=pd.NA)
    assert "not tested" in features(tested_cells.draw_counts(rows))[0]["properties"]["tip"]


def test_a_longer_silence_is_lighter_and_none_on_record_is_empty():
    fills = [style(coverage.draw(looked(weeks_without_signal=n)))["fillColor"] for n in (0, 27, 79)]
    shades = [luminance(colour) for colour in fills]
    assert all(b / a > 1.3 for a, b in pairwise(shades))
    never = style(coverage.draw(looked(weeks_without_signal=pd.NA)))
    assert never["fillOpacity"] == 0
    assert never["dashArray"]


def test_who_looked_names_visits_reports_and_why_there_are_none():
    tip = features(coverage.draw(looked()))[0]["properties"]["tip"]
    for words in (
        "Latest visit on record: 2026-10-01",
        "Latest report: none",
        "2 visits",
        "looked, none found",
    ):
        assert words in tip


def test_who_looked_leaves_room_for_what_lies_under_it():
    (feature,) = features(coverage.draw(looked()))
    small = shapely.from_geojson(json.dumps(feature["geometry"]))
    whole = shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(CELL)])
    assert small.within(whole)
    assert small.area < whole.area / 4


@pytest.mark.parametrize(
    ("draw", "rows"),
    [
        (hotspots.draw, pd.DataFrame([outline()])),
        (tested_cells.draw, cell()),
        (tested_cells.draw_counts, cell()),
        (coverage.draw, looked()),
    ],
)
def test_no_row_draws_an_empty_layer(draw, rows):
    assert features(draw(rows.iloc[:0])) == []
    assert '"features":[]' in leaflet(draw(rows.iloc[:0]))


def test_a_name_of_a_thing_cannot_leave_its_script():
    rows = pd.DataFrame([outline(hotspot_id="</script><b>${x}`")])
    script = leaflet(hotspots.draw(rows))
    assert "</script" not in script
    assert "${" not in script


def test_no_layer_asks_another_host():
    script = leaflet(
        hotspots.draw(pd.DataFrame([outline()])), tested_cells.draw(cell()), coverage.draw(looked())
    )
    assert set(re.findall(r"https?://[^\s\"')]+", script)) <= {"http://www.w3.org/2000/svg"}
