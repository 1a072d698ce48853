"""The map shows what is on file, where it is, and no finer than it is known; a click opens its card."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests import counting
from tests.browser.reader import Reader
from warehouse import queries
from warehouse.release import Release

# Where a visit of 2020 found it: the quarter of Kolwezi that every map shows here.
KASULO, KASULO_AT = "site:site-kasulo-cdm-model-mine", (-10.69934, 25.49082)


def test_the_map_has_a_symbol_for_everything_on_file(reader: Reader, open_release: Release) -> None:
    reader.open()
    kinds = counting.symbols(counting.incidents())
    reader.expect_paths("sites", len(counting.site_dots(open_release)))
    reader.expect_paths("incidents", kinds["dots"])
    reader.expect_paths("concessions", len(counting.rows("concessions")))
    reader.expect_paths("territories", len(counting.rows("territories")))
    places = [id_ for pane in ("areas", "discs") for id_ in reader.things(pane) if id_.startswith("place:")]
    assert len(places) == kinds["others"]


def test_sites_stand_at_their_places(reader: Reader, open_release: Release) -> None:
    reader.open()
    drawn = {dot["id"]: dot for dot in reader.dots("sites")}
    assert {id_.removeprefix("site:") for id_ in drawn} == counting.site_dots(open_release)
    for site_id, records in counting.sites(open_release).items():
        dot = drawn.get(f"site:{site_id}")
        if dot:
            near = [
                (row["lat"], row["lon"]) for row in records if counting.is_point(row, row["place_precision"])
            ]
            assert any(
                abs(float(lat) - dot["lat"]) < 1e-4 and abs(float(lon) - dot["lon"]) < 1e-4
                for lat, lon in near
            )
    reader.look_at(*KASULO_AT, 13)
    middle = next(dot for dot in reader.dots("sites") if dot["id"] == KASULO)
    width, height = reader.frame.evaluate("() => [window.map.getSize().x, window.map.getSize().y]")
    assert (middle["x"], middle["y"]) == pytest.approx((width / 2, height / 2), abs=3)
    assert reader.is_shape_at(KASULO, middle["x"], middle["y"])


def test_a_stand_in_is_never_a_dot(reader: Reader, open_release: Release) -> None:
    reader.open()
    vague = set(counting.sites(open_release)) - counting.site_dots(open_release)
    assert vague
    assert not vague & {dot["id"].removeprefix("site:") for dot in reader.dots("sites")}
    assert all(dot["is_dot"] for dot in reader.dots("sites"))
    assert not any(dot["is_dot"] for dot in reader.dots("discs"))
    exact = {
        (round(float(row["lat"]), 5), round(float(row["lon"]), 5))
        for row in counting.placed()
        if counting.is_point(row, counting.precision(row))
    }
    drawn = {(round(dot["lat"], 5), round(dot["lon"], 5)) for dot in reader.dots("incidents")}
    assert drawn == exact


def test_a_click_opens_the_card_of_a_site_with_its_sources(reader: Reader) -> None:
    reader.open()
    reader.look_at(*KASULO_AT, 15)
    reader.click_on_map(KASULO)
    expect(reader.card).to_contain_text("Kasulo (CDM model mine)")
    expect(reader.card).to_contain_text("800, 2020")
    reader.card.get_by_text(re.compile(r"publishers?'s? records?$")).click()
    cited = [row for row in counting.rows("citations") if row["record_id"] == KASULO.removeprefix("site:")]
    for row in cited:
        link = reader.card.get_by_role("link", name=row["title"], exact=True).first
        expect(link).to_have_attribute("href", row["url"])


def test_a_click_opens_the_card_of_an_incident_with_its_sources(
    reader: Reader, open_release: Release
) -> None:
    reader.open("", "layers=incidents")
    place = queries.incident_places(open_release).query("extent_kind == 'point'").iloc[0]
    reports = queries.incidents(open_release)
    reports = reports[reports["place_key"] == place["place_key"]]
    reader.look_at(place["lat"], place["lon"], 14)
    reader.click_on_map(f"place:{place['place_key']}")
    expect(reader.card).to_contain_text(place["place_name"])
    reader.card.get_by_test_id("stExpander").first.click()
    first = next(row for row in counting.incidents() if row["incident_id"] == reports.iloc[0]["incident_id"])
    expect(reader.card).to_contain_text(first["summary"])
    cited = [row for row in counting.rows("citations") if row["record_id"] == first["incident_id"]]
    assert cited
    for row in cited:
        expect(reader.card.get_by_text(row["title"]).first).to_be_visible()


def test_a_click_opens_the_card_of_a_title_with_its_sources(reader: Reader) -> None:
    reader.open("", "layers=titles")
    title = counting.rows("concessions")[0]
    corner = re.findall(r"[-\d.]+", title["wkt"])
    reader.look_at(float(corner[1]), float(corner[0]), 12)
    reader.click_on_map(f"concession:{title['concession_id']}")
    expect(reader.card).to_contain_text(title["holder"])
    expect(reader.card).to_contain_text(title["status_reported"])
    expect(reader.card).to_contain_text("Mining cadastre of the DRC: titles and artisanal zones")


def test_a_click_opens_the_card_of_a_territory_with_its_source(reader: Reader) -> None:
    reader.open("", "layers=none")
    reader.click_on_map("territory:CD7202")
    expect(reader.card).to_contain_text("Mutshatsha")
    expect(reader.card).to_contain_text("DRC administrative boundaries (COD-AB)")
    found = [row for row in counting.incidents() if counting.territory(row) == "CD7202"]
    expect(reader.card).to_contain_text(re.compile(rf"Incidents on record\s*{len(found)}(?!\d)"))


def test_the_chosen_thing_is_ringed(reader: Reader) -> None:
    reader.open("", f"at={quote('territory:CD7202')}")
    expect(reader.frame.locator(".leaflet-chosen-pane path")).to_have_count(1)


@pytest.mark.parametrize("outline", ["territories", "concessions"])
def test_outlines_that_fail_are_said_in_words(reader: Reader, outline: str) -> None:
    reader.context.route(f"**/outlines/**/{outline}.json", lambda route: route.abort())
    reader.page.goto(reader.address)
    words = {"territories": "The outlines did not load.", "concessions": "The titles did not load."}
    message = reader.page.frame_locator('iframe[src*="st_folium"]').get_by_role("alert")
    expect(message).to_contain_text(words[outline])
    reader.watch.forgive(f"/{outline}.json")
