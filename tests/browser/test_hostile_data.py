"""No text of a publisher runs as a script, breaks a page, or asks another host."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from frame.front import FRONT, PAGES
from frame.holdings import TABLES
from pipelines.build import build
from risk.vocabulary import Edition
from tests import counting
from tests.browser import hostile
from tests.browser.conftest import Readers
from tests.browser.reader import Reader
from tests.browser.serving import served
from warehouse import queries
from warehouse.release import Release, open_release

_OPEN_ALL = """() => {
    let count = 0;
    window.map.eachLayer(layer => { if (layer.getTooltip && layer.getTooltip()) { layer.openTooltip(); count++; } });
    return count;
}"""


@pytest.fixture(scope="module")
def hostile_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("hostile")
    built = build(hostile.write(folder / "open"), folder / "releases")
    assert built.loads["rows_taken"].sum() == built.loads["rows_in"].sum(), built.faults
    return open_release(Edition.OPEN, releases_dir=folder / "releases")


@pytest.fixture(scope="module")
def hostile_address(hostile_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    releases_dir = hostile_release.path.parents[2]
    with served(releases_dir, tmp_path_factory.mktemp("hostile-server") / "log") as address:
        yield address


@pytest.fixture
def victim(readers: Readers, hostile_address: str) -> Iterator[Reader]:
    """A reader of the hostile edition; the test fails where a text of it ran."""
    reader = readers(hostile_address)
    ran: list[object] = []
    reader.context.expose_function("ran", lambda which: ran.append(which))
    reader.ran = ran
    yield reader
    assert ran == []


def test_the_listener_hears_a_script_that_runs(victim: Reader) -> None:
    """The positive control, on the page and in the map's frame."""
    victim.open()
    for place in (victim.page, victim.frame):
        place.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", hostile.ATTACKS[0])
    victim.wait_until(lambda: victim.ran == [1, 1])
    victim.ran.clear()
    victim.watch.forgive("404")


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_edition_runs_nothing_on_a_page(victim: Reader, name: str) -> None:
    for language in ("en", "fr"):
        victim.open("" if name == FRONT else name, f"lang={language}")
        expect(victim.page.get_by_test_id("stException")).to_have_count(0)
        expect(victim.page.get_by_role("alert").filter(has_text="Next:")).to_have_count(0)


def test_hostile_tooltips_run_nothing(victim: Reader) -> None:
    victim.open()
    victim.expect_paths("territories", 16)
    victim.expect_paths("concessions", 256)
    assert victim.frame.evaluate(_OPEN_ALL) > 400
    shown = victim.frame.locator(".atlas-tip")
    assert any("<img src=x" in text for text in shown.all_inner_texts())
    expect(shown.locator("img, script, svg")).to_have_count(0)


def test_hostile_cards_run_nothing_and_show_the_text_as_it_stands(
    victim: Reader, hostile_release: Release
) -> None:
    title = counting.rows("concessions")[0]["concession_id"]
    site = counting.rows("sites")[1]["record_id"]
    place = queries.incident_places(hostile_release)["place_key"].iloc[0]
    for thing in (f"site:{site}", f"place:{place}", f"concession:{title}", "territory:CD7201"):
        victim.open("", f"at={quote(thing)}")
        for closed in victim.card.locator("summary").all():
            closed.click()
        expect(victim.card).to_contain_text("ran(")
        live = victim.card.locator("script, svg[onload], img[onerror], a[href^='javascript:']")
        expect(live).to_have_count(0)


def test_hostile_tables_and_notes_run_nothing(victim: Reader) -> None:
    for table in TABLES:
        victim.open("records", f"table={table}")
        expect(victim.page.get_by_test_id("stException")).to_have_count(0)
    victim.page.get_by_role("tab").nth(1).click()
    expect(victim.page.get_by_text("ran(").locator("visible=true").first).to_be_visible()
