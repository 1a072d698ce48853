"""Hotspots in a real browser: outlines that open, a pattern that is there, a phone, a keyboard, a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from risk.vocabulary import Audience
from tests.browser.conftest import Readers
from tests.browser.reader import Reader
from tests.browser.serving import served
from tests.made_hotspots import CELLS, CONFIRMED, DISTINCTIVE, REPORTED, release_with
from warehouse import hotspots as asked
from warehouse.release import Release

PHONE = {"width": 360, "height": 780}
_FILLS = """pane => [...document.querySelectorAll(`.leaflet-${pane}-pane path`)].map(p => p.getAttribute("fill"))"""
_DASHES = """() => {
    const found = {};
    window.map.eachLayer(layer => {
        const id = layer.feature && layer._path && layer.feature.properties.id;
        if (id && id.startsWith("hotspot:")) { found[id] = layer._path.getAttribute("stroke-dasharray"); }
    });
    return found;
}"""


_HIDDEN_BY_OTHERS = """() => {
    const box = label => (label.firstElementChild || label).getBoundingClientRect();
    const seen = [...document.querySelectorAll(".atlas-label > span")].filter(l => l.style.visibility !== "hidden");
    return [seen.length, seen.filter(a => seen.some(b => {
        const [one, other] = [box(a), box(b)];
        return a !== b && one.left < other.right && other.left < one.right &&
            one.top < other.bottom && other.top < one.bottom;
    })).map(label => label.textContent)];
}"""

_NAMES_OVER_OUTLINES = """() => {
    const box = label => (label.firstElementChild || label).getBoundingClientRect();
    const small = [...document.querySelectorAll(".atlas-outline")].filter(path => box(path).width < 60);
    const names = [...document.querySelectorAll(".atlas-label > span")].filter(l => l.style.visibility !== "hidden");
    return [small.length, names.filter(a => small.some(b => {
        const [one, other] = [box(a), box(b)];
        return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
    })).map(label => label.textContent)];
}"""


@pytest.fixture(scope="module")
def made_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that serves one hotspot of each class."""
    folder: Path = tmp_path_factory.mktemp("hotspots")
    release_with(folder / "releases", tuple(Audience))
    with served(folder / "releases", folder / "log") as where:
        yield where


@pytest.fixture
def made(readers: Readers, made_address: str) -> Reader:
    return readers(made_address)


def test_each_class_has_its_own_line(made: Reader) -> None:
    made.open("hotspots")
    made.expect_paths("incidents", 3)
    dashes = made.frame.evaluate(_DASHES)
    assert set(dashes) == {f"hotspot:{one}" for one in (CONFIRMED, REPORTED, DISTINCTIVE)}
    assert dashes[f"hotspot:{CONFIRMED}"] is None
    assert len(set(dashes.values())) == 3


def test_names_on_the_map_never_hide_each_other_and_no_code_is_lost(made: Reader) -> None:
    made.open("hotspots")
    made.expect_paths("incidents", 3)
    for zoom in (5, 7, 9):
        made.look_at(-10.9, 26.2, zoom)
        made.frame.wait_for_timeout(400)
        count, hidden = made.frame.evaluate(_HIDDEN_BY_OTHERS)
        assert count > 0
        assert hidden == []
        shown = made.frame.evaluate(
            """() => [...document.querySelectorAll(".atlas-label > span")]
                .filter(label => label.style.visibility !== "hidden")
                .flatMap(label => [...label.querySelectorAll(".atlas-codes")].map(code => code.textContent))"""
        )
        assert set(" ".join(shown).split()) == {one[:3] for one in (CONFIRMED, REPORTED, DISTINCTIVE)}


def test_no_name_covers_an_outline_that_is_hardly_wider_than_itself(
    reader: Reader, open_release: Release
) -> None:
    found = asked.hotspots(open_release)
    reader.open("hotspots")
    reader.expect_paths("incidents", len(found))
    reader.frame.wait_for_timeout(400)
    count, covering = reader.frame.evaluate(_NAMES_OVER_OUTLINES)
    assert count == len(found)
    assert covering == []


def test_a_click_opens_the_card_and_rings_the_outline(made: Reader) -> None:
    made.open("hotspots")
    made.click_on_map(f"hotspot:{CONFIRMED}")
    expect(made.card).to_contain_text("About 3.0 times what the number of workers would lead us to expect")
    expect(made.card).to_contain_text("What would change our mind")
    expect(made.frame.locator(".leaflet-chosen-pane path")).to_have_count(1)


def test_a_measure_hides_what_does_not_pass_by_it(made: Reader) -> None:
    made.open("hotspots")
    made.expect_paths("incidents", 3)
    made.press("Both")
    made.expect_in_address("measure", "both")
    made.expect_paths("incidents", 1)
    made.press("Number of reports")
    made.expect_in_address("measure", "reports")
    made.expect_paths("incidents", 0)
    expect(made.page.get_by_text("Where reports are, not risk:").first).to_be_visible()


def test_a_copied_address_opens_the_same_view(made: Reader, readers: Readers) -> None:
    made.open("hotspots", f"category=OSH&measure=both&shown=looked&at=hotspot:{CONFIRMED}")
    made.expect_paths("incidents", 1)
    other = readers(made.address)
    other.page.goto(made.page.url)
    other.settle()
    other.expect_paths("incidents", 1)
    other.expect_paths("discs", 3)
    other.expect_paths("areas", 0)
    expect(other.card).to_contain_text("Health and safety")


def test_cells_that_cannot_tell_are_hatched_with_a_pattern_that_is_there(made: Reader) -> None:
    made.open("hotspots", "category=COR")
    made.expect_paths("areas", len(CELLS[:4]))
    assert set(made.frame.evaluate(_FILLS, "areas")) == {"url(#atlas-unknown)"}
    assert made.frame.locator("#atlas-unknown").count() == 1
    made.press("When last heard of")
    made.expect_paths("discs", 3)
    assert made.frame.locator("#atlas-unknown").count() == 1


def test_the_page_fits_a_phone_in_both_languages(readers: Readers, made_address: str) -> None:
    for language in ("en", "fr"):
        reader = readers(made_address, viewport=PHONE)
        reader.open("hotspots", f"lang={language}&at=hotspot:{CONFIRMED}")
        reader.expect_paths("incidents", 3)
        assert reader.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
        inside = reader.page.locator(".st-key-measure button, .st-key-shown button")
        for place in range(inside.count()):
            box = inside.nth(place).bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]


def test_a_keyboard_opens_a_card(made: Reader) -> None:
    made.open("hotspots")
    chooser = made.page.get_by_role("combobox", name=re.compile("Open the card of an outline"))
    chooser.focus()
    chooser.press("ArrowDown")
    chooser.press("Enter")
    expect(made.page).to_have_url(re.compile(r"[?&]at=hotspot%3A"))
    made.settle()
    expect(made.card).to_contain_text("What would change our mind")


def test_the_open_edition_is_shown_as_weak_as_it_is(reader: Reader, open_release: Release) -> None:
    # So few press reports show no excess anywhere, and rule out none.
    assert asked.hotspots(open_release).empty
    reader.open("hotspots")
    reader.expect_paths("incidents", 0)
    expect(reader.page.get_by_text("No outline is no finding of safety.").first).to_be_visible()
    expect(reader.page.get_by_text("No outline: too few reports to tell.").first).to_be_visible()
    expect(reader.page.get_by_text("64 of 64 cells with workers").first).to_be_visible()


def test_the_page_speaks_french(made: Reader, catalogue: dict[str, str]) -> None:
    made.open("hotspots", "lang=fr")
    expect(made.page.locator("h1")).to_have_text(catalogue["Where is risk concentrated?"])
    expect(made.page.get_by_text("foyer confirmé").first).to_be_visible()
