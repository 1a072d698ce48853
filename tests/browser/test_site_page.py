"""The page of a site in a real browser: from the map, on a phone, by a link out of a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from risk.vocabulary import Audience
from tests.browser.conftest import NARROW, Readers
from tests.browser.serving import served
from tests.made_improving import ALPHA, NAMES, publish_improving


@pytest.fixture(scope="module")
def made_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that serves the made sites."""
    folder: Path = tmp_path_factory.mktemp("improving")
    publish_improving(folder / "releases", audiences=tuple(Audience))
    with served(folder / "releases", folder / "log") as where:
        yield where


def test_the_card_leads_to_a_page_that_fits_a_phone_and_says_what_has_no_score(
    readers: Readers, made_address: str
) -> None:
    reader = readers(made_address, viewport=NARROW)
    reader.open("", f"at=site:{ALPHA}&lang=fr&layers=sites")
    reader.page.get_by_test_id("stButton").get_by_role("button").filter(has_text="→").first.click()
    reader.expect_in_address("site", ALPHA)
    # The language and the layers go along.
    assert reader.query["lang"] == ["fr"]
    assert reader.query["layers"] == ["sites"]
    expect(reader.page.get_by_role("heading", name=NAMES[ALPHA])).to_be_visible()
    charts = reader.page.get_by_test_id("stVegaLiteChart")
    expect(charts).to_have_count(4)
    # Two assessments of a section without a score: two hatched squares in its chart, and no line.
    without = charts.nth(2)
    expect(without.locator('path[aria-roledescription="point"]')).to_have_count(2)
    expect(without.locator('path[aria-roledescription="line mark"]')).to_have_count(0)
    wide = reader.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROW["width"]
