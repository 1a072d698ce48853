"""Territories and changes in a browser: maps that can be read aloud, the table first on a phone, links that hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from layers import choropleths, palette
from risk.vocabulary import Audience
from tests.browser.conftest import Readers
from tests.browser.reader import Reader
from tests.browser.serving import served
from tests.made_areas import publish_areas

PHONE = {"width": 360, "height": 740}
_CHARTS = "svg.marks"
_TABLE = '.st-key-one-table [data-testid="stDataFrame"]'
_FILLS = "chart => [...chart.querySelectorAll('path')].map(path => path.getAttribute('fill'))"


def overflow(reader: Reader) -> int:
    """Return by how many pixels the page is wider than the screen."""
    wide: int = reader.page.get_by_test_id("stMain").evaluate("page => page.scrollWidth - page.clientWidth")
    return wide


def test_three_maps_stand_over_one_table_and_say_what_they_show(reader: Reader) -> None:
    reader.open("territories")
    charts = reader.page.locator(".st-key-maps").locator(_CHARTS)
    expect(charts).to_have_count(3)
    alternatives = reader.page.locator('.st-key-maps [aria-label^="Map: "]')
    expect(alternatives).to_have_count(3)
    told = alternatives.first.get_attribute("aria-label") or ""
    assert "Kolwezi insufficient data (not visited)" in told
    maps, table = (
        reader.page.locator(".st-key-maps").bounding_box(),
        reader.page.locator(_TABLE).bounding_box(),
    )
    assert maps
    assert table
    assert maps["y"] + maps["height"] <= table["y"] + 1


def test_what_is_not_known_has_no_colour_of_the_ramp(reader: Reader) -> None:
    reader.open("territories")
    chart = reader.page.locator(".st-key-maps svg.marks").first
    expect(chart).to_be_visible()
    fills = chart.evaluate(_FILLS)
    assert fills.count(palette.LAND) >= 16
    # No territory of the open edition has a score.
    assert not {*choropleths.RISK.values()} & {*fills}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_on_a_phone_the_table_stands_first_and_nothing_hangs_over(readers: Readers, language: str) -> None:
    reader = readers(viewport=PHONE)
    reader.open("territories", f"lang={language}")
    expect(reader.page.locator(".st-key-maps").locator(_CHARTS)).to_have_count(3)
    maps, table = (
        reader.page.locator(".st-key-maps").bounding_box(),
        reader.page.locator(_TABLE).bounding_box(),
    )
    assert maps
    assert table
    assert table["y"] + table["height"] <= maps["y"] + 1
    assert overflow(reader) == 0


def test_a_choice_is_kept_in_the_address(reader: Reader) -> None:
    reader.open("territories")
    reader.page.get_by_text("Provinces", exact=True).first.click()
    expect(reader.page).to_have_url(re.compile(r"[?&]grain=province"))
    reader.settle()
    reader.open("territories", "grain=province&theme=OSH")
    expect(
        reader.page.locator('.st-key-maps [aria-label^="Map: "][aria-label*="Haut-Katanga"]')
    ).to_have_count(3)
    expect(reader.page.get_by_role("combobox", name="Risk category")).to_have_value("Health and safety")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_changes_fit_a_phone(readers: Readers, language: str) -> None:
    reader = readers(viewport=PHONE)
    reader.open("changes", f"lang={language}&unit=territory")
    expect(reader.page.locator(_CHARTS).first).to_be_visible()
    assert overflow(reader) == 0


def test_a_hotspot_leads_to_its_card(readers: Readers, tmp_path: Path) -> None:
    publish_areas(tmp_path / "releases", audiences=tuple(Audience))
    with served(tmp_path / "releases", tmp_path / "log") as address:
        reader = readers(address)
        reader.open("changes")
        reader.page.get_by_role("button", name="Open its card").first.click()
        expect(reader.page).to_have_url(re.compile(r"/hotspots\?(.*&)?at=hotspot(:|%3A)[\w-]+"))
        expect(reader.page.get_by_role("heading", name="Where is risk concentrated?")).to_be_visible()
        reader.settle()
