"""The address holds the whole view: what it says is shown, what makes no sense is dropped."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests import counting
from tests.browser.conftest import Readers
from tests.browser.reader import Reader


def test_a_copied_address_opens_the_same_view(readers: Readers, reader: Reader) -> None:
    reader.open()
    reader.press("Lualaba")
    reader.expect_in_address("province", "Lualaba")
    reader.press("Industrial titles")
    reader.expect_in_address("layers", "sites")
    reader.press("kind of risk")
    reader.expect_in_address("colour", "theme")
    reader.look_at(-10.69934, 25.49082, 15)
    reader.click_on_map("site:site-kasulo-cdm-model-mine")
    expect(reader.page).to_have_url(re.compile(r"at=site.*#map=15/-10\.6993/25\.4908$"))
    copied = reader.page.url

    other = readers()
    other.page.goto(copied)
    other.settle()
    expect(other.totals).to_have_text(reader.totals.inner_text())
    expect(other.card).to_contain_text("Kasulo (CDM model mine)")
    assert other.frame.evaluate("() => window.map.getZoom()") == 15
    centre = other.frame.evaluate("() => [window.map.getCenter().lat, window.map.getCenter().lng]")
    assert centre == pytest.approx([-10.69934, 25.49082], abs=1e-3)
    for pane in ("sites", "incidents", "discs", "areas", "concessions"):
        other.expect_paths(pane, reader.paths(pane))
    expect(other.page.get_by_role("radio", name="kind of risk")).to_be_checked()
    expect(other.page).to_have_url(copied)


def test_a_filter_changes_map_totals_chart_and_table_alike(reader: Reader) -> None:
    reader.open()
    reader.press("Lualaba")
    chosen = [row for row in counting.incidents() if counting.province(row) == "Lualaba"]
    low, best, high = counting.toll(chosen)
    expect(reader.totals).to_contain_text(f"{len(chosen)} of {len(counting.incidents())} incident records")
    expect(reader.totals).to_contain_text(f"{best} deaths reported (published range {low}–{high})")
    kinds = counting.symbols(chosen)
    reader.expect_paths("incidents", kinds["dots"])
    dated = [row for row in chosen if row["date_precision"] != "year"]
    reader.settle()
    assert reader.bars() == len(dated)
    reader.expect_table(len(chosen))


def test_a_filter_is_kept_from_page_to_page(reader: Reader) -> None:
    reader.open("", "province=Lualaba")
    reader.page.get_by_role("link", name="What was reported, and when?").click()
    expect(reader.page).to_have_url(re.compile(r"/incidents\?.*province=Lualaba"))
    chosen = [row for row in counting.incidents() if counting.province(row) == "Lualaba"]
    expect(reader.totals).to_contain_text(f"{len(chosen)} of")


def test_back_and_forward_lead_to_what_the_address_says(reader: Reader) -> None:
    reader.open("territories", "theme=OSH")
    reader.page.get_by_text("Provinces", exact=True).first.click()
    reader.expect_in_address("grain", "province")
    reader.settle()
    provinces = reader.page.locator('.st-key-maps [aria-label^="Map: "][aria-label*="Haut-Katanga"]')
    expect(provinces).to_have_count(3)

    reader.page.go_back()
    expect(provinces).to_have_count(0)
    expect(reader.page).not_to_have_url(re.compile("grain="))
    expect(reader.page.get_by_role("radio", name="Territories")).to_be_checked()
    expect(reader.page.get_by_role("combobox", name="Risk category")).to_have_value("Health and safety")

    reader.page.go_forward()
    expect(provinces).to_have_count(3)
    expect(reader.page).to_have_url(re.compile("grain=province"))

    # A link of the menu has no choices of its own: they stay.
    reader.page.get_by_role("link", name="What is changing?").click()
    expect(reader.page).to_have_url(re.compile(r"/changes\?.*theme=OSH"))


@pytest.mark.parametrize(
    "query",
    [
        "province=Atlantis&territory=CD9999&severity=9&severity=x&category=%3Cscript%3E&verification="
        "&years=abc&mineral=Pu&layers=dragons&colour=pink&at=site:nobody&lang=tlh&nonsense=%00%F0%9F%92%A9",
        "years=%C2%B2&years=%C2%B3&at=at:nan,nan",
        "years=9999&years=1&at=javascript:alert(1)",
        "years=-1&years=99999999999999999999&at=at:1,2,3",
    ],
)
def test_what_makes_no_sense_in_an_address_is_dropped(reader: Reader, query: str) -> None:
    reader.open("", query)
    expect(reader.page.locator("h1")).to_have_text("What is known, and where?")
    expect(reader.totals).to_contain_text(f"of {len(counting.incidents())} incident records")
    expect(reader.page.get_by_test_id("stException")).to_have_count(0)
    expect(reader.page.get_by_text("an error", exact=False)).to_have_count(0)


@pytest.mark.parametrize("fragment", ["map=99/95/500", "map=x", "map=8/NaN/1", "map="])
def test_a_view_that_makes_no_sense_shows_both_provinces(reader: Reader, fragment: str) -> None:
    reader.open("", "", fragment)
    bounds = reader.frame.evaluate(
        "() => { const b = window.map.getBounds(); return [b.getSouth(), b.getWest(), b.getNorth(), b.getEast()]; }"
    )
    assert bounds[0] < -11 < bounds[2]
    assert bounds[1] < 26 < bounds[3]
    assert bounds[3] - bounds[1] < 15
