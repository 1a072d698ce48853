"""Small maps and small charts: what is not known is hatched or a word, never the lightest colour, never a zero."""

from __future__ import annotations

from itertools import pairwise

import altair as alt
import pandas as pd
import pytest
import shapely

from layers import choropleths, quarters
from layers.choropleths import MEASURES, UNKNOWN
from risk.vocabulary import ABSENCES
from tests.test_layers import luminance


def area(
    name: str, left: int, value: float | None, *, immediate: int | None = None, is_partly_seen: bool = False
) -> dict:
    return {
        "unit_id": name,
        "name": name,
        "outline": shapely.to_geojson(shapely.box(25 + left, -11, 26 + left, -10)),
        "lon": 25.5 + left,
        "lat": -10.5,
        **dict.fromkeys(MEASURES, value),
        "immediate_count": immediate,
        "is_partly_seen": is_partly_seen,
        "said": "in words",
        "grade": "B",
    }


def drawn(*areas: dict, measure: str = "mean_score") -> list[dict]:
    """Return the layers of the map of `areas`: areas, hatching, names, and flags where there are any."""
    rows = pd.DataFrame([*areas]).astype({measure: "Float64", "immediate_count": "Int64"})
    return layers_of(choropleths.draw(rows, measure))


def layers_of(chart: alt.LayerChart) -> list[dict]:
    """Return the layers of `chart`, each with its own rows."""
    with alt.data_transformers.enable(consolidate_datasets=False):
        layers: list[dict] = chart.to_dict()["layer"]
    return layers


def values(layer: dict) -> list[dict]:
    found: list[dict] = layer["data"]["values"]
    return found


@pytest.mark.parametrize("name", MEASURES)
def test_a_ramp_grows_darker_so_that_it_reads_in_grey(name: str) -> None:
    shades = [luminance(colour) for _code, _least, _words, colour in MEASURES[name].steps]
    assert all(lighter / darker > 1.15 for lighter, darker in pairwise(shades))


@pytest.mark.parametrize("name", MEASURES)
def test_what_is_missing_is_on_no_step(name: str) -> None:
    steps = [code for code, *_rest in MEASURES[name].steps]
    assert MEASURES[name].step_of(None) == UNKNOWN
    assert MEASURES[name].step_of(pd.NA) == UNKNOWN
    assert UNKNOWN not in steps
    assert MEASURES[name].step_of(0.0) == steps[0]
    assert MEASURES[name].step_of(10_000_000.0) == steps[-1]


def test_a_band_begins_where_the_method_says() -> None:
    ends = {24.9: "low", 25.0: "medium", 49.9: "medium", 50.0: "high", 74.9: "high", 75.0: "extreme"}
    assert {score: MEASURES["mean_score"].step_of(score) for score in ends} == ends


def test_an_area_without_a_number_is_hatched_and_the_others_are_not() -> None:
    areas, hatched, *_rest = drawn(area("Known", 0, 10.0), area("Unknown", 2, None))
    (lines,) = values(hatched)
    (west, _south), *_points, (east, _north) = sorted(
        point for line in lines["geometry"]["coordinates"] for point in line
    )
    assert (west, east) == pytest.approx((27, 28), abs=0.1)
    fills = {feature["properties"]["name"]: feature["properties"]["fill"] for feature in values(areas)}
    assert fills["Known"] == choropleths.RISK["low"]
    assert fills["Unknown"] not in choropleths.RISK.values()


def test_a_mean_of_a_small_part_is_striped_and_so_is_its_legend() -> None:
    partly = {"is_partly_seen": True}
    layers = drawn(
        area("Seen", 0, 10.0), area("Partly", 2, 10.0, **partly), area("Unknown", 4, None, **partly)
    )
    (lines,) = values(layers[2])
    (west, _south), *_points, (east, _north) = sorted(
        point for line in lines["geometry"]["coordinates"] for point in line
    )
    assert (west, east) == pytest.approx((27, 28), abs=0.1)
    swatches = {name: [entry.swatch for entry in MEASURES[name].legend.entries] for name in MEASURES}
    assert {name for name, found in swatches.items() if "striped" in found} == {"mean_score"}


@pytest.mark.parametrize("measure", ["burden_workers", "assessed_workers_pct"])
def test_a_known_nought_is_dotted_and_so_is_its_legend(measure: str) -> None:
    layers = drawn(area("None", 0, 0.0), area("Some", 2, 50.0), area("Unknown", 4, None), measure=measure)
    dots = values(layers[2])
    assert dots
    assert all(25 < dot["lon"] < 26 for dot in dots)
    assert MEASURES[measure].legend.entries[0].swatch == "stippled"
    assert not values(drawn(area("Some", 2, 50.0), measure=measure)[2])


def test_a_finding_that_asks_for_an_answer_at_once_stands_on_whatever_colour() -> None:
    layers = drawn(
        area("Low", 0, 1.0, immediate=3), area("Unknown", 2, None, immediate=1), area("None", 4, 90.0)
    )
    flags = values(layers[-1])
    assert {flag["name"]: flag["count"] for flag in flags} == {"Low": 3, "Unknown": 1}
    assert layers[-1]["mark"]["shape"] == "triangle-up"


def test_an_area_too_narrow_for_its_name_has_a_letter() -> None:
    rows = pd.DataFrame(
        [area("Wide", 0, 1.0), area("A name much too long for it", 2, 1.0), area("Far", 20, 1.0)]
    )
    rows.loc[0, "outline"] = shapely.to_geojson(shapely.box(25, -11, 40, -10))
    assert choropleths.letters(rows) == [None, "a", None]
    names = values(drawn(*rows.to_dict("records"))[-1])
    assert [row["name"] for row in names] == ["Wide", "a", "Far"]


def test_a_ring_turns_as_the_browser_reads_it() -> None:
    # The other way round an area is the whole earth without it.
    (feature,) = values(drawn(area("Known", 0, 10.0))[0])
    assert not shapely.is_ccw(shapely.linearrings(feature["geometry"]["coordinates"][0]))


def test_no_area_draws_an_empty_map() -> None:
    rows = pd.DataFrame([area("Known", 0, 10.0)]).iloc[:0]
    assert values(layers_of(choropleths.draw(rows, "mean_score"))[0]) == []


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(KeyError):
        choropleths.draw(pd.DataFrame([area("Known", 0, 10.0)]), "combined")


def quarter(label: str, events: float | None, visits: int | None, absence: str | None = None) -> dict:
    sources = None if visits is None else 2
    row = {"label": label, "span": label, "events": events, "visits": visits, "sources": sources}
    return row | {"absence": absence}


@pytest.mark.parametrize("absence", ABSENCES)
def test_a_stretch_without_a_report_is_a_gap_with_its_word_and_no_bar(absence: str) -> None:
    rows = [quarter("1 Jan 25", 4.0, 3), quarter("1 Apr 25", None, None, absence)]
    bars, words, visits, sources = layers_of(quarters.draw(pd.DataFrame(rows)))
    assert [row["label"] for row in values(bars)] == ["1 Jan 25"]
    assert [(row["label"], row["word"]) for row in values(words)] == [("1 Apr 25", ABSENCES[absence])]
    for layer in (visits, sources):
        assert [row["label"] for row in values(layer)] == ["1 Jan 25"]
    for row in [*values(bars), *values(words)]:
        assert 0 not in row.values()


def test_reports_and_effort_share_one_axis_of_time() -> None:
    rows = [quarter("1 Jan 25", 4.0, 3), quarter("1 Apr 25", None, None, "not_visited")]
    layers = layers_of(quarters.draw(pd.DataFrame(rows)))
    domains = {tuple(layer["encoding"]["x"]["scale"]["domain"]) for layer in layers}
    assert domains == {("1 Jan 25", "1 Apr 25")}
    ranges = [
        layer["encoding"]["y"]["scale"]["range"] for layer in layers if "scale" in layer["encoding"]["y"]
    ]
    assert len({str(ends) for ends in ranges}) == 2
