"""Two editions in a browser: the switch on every page, and an invented edition that always says what it is."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from frame.front import FRONT, PAGES
from tests.browser.conftest import Readers
from tests.browser.reader import Reader
from tests.browser.serving import served
from tests.made_training import both_editions

INVENTED = {
    "en": "Invented – training edition. Nothing here is real.",
    "fr": "Inventé – édition d’exercice. Rien ici n’est réel.",
}
SWITCH = {"en": ("Open", "Training"), "fr": ("Ouverte", "Exercice")}
LINE = {"en": ("Open edition", "Training edition"), "fr": ("Édition ouverte", "Édition d’exercice")}
SMALLEST = {"width": 360, "height": 640}
# Words on the page that a reader can see, in whatever frame; titles of the tab and of frames as well.
_WORDS = "() => document.title + document.body.innerText + [...document.querySelectorAll('[title], [aria-label]')]" \
    ".map(e => e.title + e.getAttribute('aria-label')).join(' ')"  # fmt: skip
# Whether the band is what lies on top, all along its width.
_ON_TOP = """band => {
    const box = band.getBoundingClientRect();
    band.style.pointerEvents = "auto";
    const tops = [2, box.width / 2, box.width - 2].map(x => document.elementFromPoint(x, box.top + box.height / 2));
    band.style.pointerEvents = "";
    return tops.every(top => top === band) && Math.round(box.bottom) === window.innerHeight && box.left === 0
        && Math.round(box.width) === document.documentElement.clientWidth;
}"""
# How much of the map a reader can cut out without the words: the widest gap between whole ones, in rows.
_MARKS = """() => {
    const map = window.map.getContainer().getBoundingClientRect();
    const whole = [...document.querySelectorAll(".atlas-mark span")].map(e => e.getBoundingClientRect())
        .filter(b => b.left >= map.left && b.right <= map.right && b.top >= map.top && b.bottom <= map.bottom)
        .map(b => b.top - map.top).sort((a, b) => a - b);
    const edges = [0, ...whole, map.height];
    return {count: whole.length, gap: Math.max(...edges.slice(1).map((y, i) => y - edges[i]))};
}"""


@pytest.fixture(scope="module")
def both(open_releases_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that has a release of both editions."""
    folder = tmp_path_factory.mktemp("both")
    with served(both_editions(open_releases_dir, folder), folder / "log") as address:
        yield address


def path_of(name: str) -> str:
    return "" if name == FRONT else name


def switch(reader: Reader, label: str) -> None:
    reader.page.get_by_role("radio", name=label, exact=True).click()


def everything_said(reader: Reader) -> str:
    """Return every word in the page and its frames."""
    return "".join(frame.evaluate(_WORDS) for frame in reader.page.frames)


def expect_edition(reader: Reader, language: str, *, is_training: bool) -> None:
    line = reader.page.get_by_test_id("stMain").get_by_test_id("stCaptionContainer").first
    expect(line).to_contain_text(LINE[language][is_training])
    reader.expect_in_address("edition", "training" if is_training else "open")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", PAGES)
def test_the_switch_turns_every_page_and_back(readers: Readers, both: str, name: str, language: str) -> None:
    reader = readers(both)
    reader.open(path_of(name), f"lang={language}")
    band = reader.page.locator(".atlas-invented")
    for is_training in (False, True, False):
        switch(reader, SWITCH[language][is_training])
        expect_edition(reader, language, is_training=is_training)
        if name == FRONT:
            reader.expect_paths("concessions", 2) if is_training else reader.frame
        expect(band).to_have_count(int(is_training))
        if is_training:
            expect(band).to_have_text(INVENTED[language])
            expect(reader.page).to_have_title(re.compile(f"^{re.escape(INVENTED[language])} · "))
            assert band.evaluate(_ON_TOP)
            reader.page.mouse.wheel(0, 10_000)
            assert band.evaluate(_ON_TOP)
        else:
            assert INVENTED[language] not in everything_said(reader)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 768}, SMALLEST], ids=["wide", "phone"])
def test_any_piece_of_the_map_says_that_it_is_invented(
    readers: Readers, both: str, language: str, viewport: dict[str, int]
) -> None:
    reader = readers(both, viewport=viewport)
    reader.open("", f"edition=training&lang={language}")
    frame = reader.frame
    expect(frame.locator(".atlas-mark span").first).to_have_text(INVENTED[language])
    for media in ("screen", "print"):
        reader.page.emulate_media(media=media)
        expect(frame.locator(".atlas-mark span").first).to_be_visible()
        frame.wait_for_function(f"() => ({_MARKS})().count >= 3")
        assert frame.evaluate(_MARKS)["gap"] < 200
    reader.page.emulate_media(media="screen")
    reader.click_on_map("territory:CD7202")
    expect(reader.card).to_contain_text("Lubudi")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_band_stands_in_both_themes_on_a_phone_and_in_print(
    readers: Readers, both: str, scheme: str
) -> None:
    reader = readers(both, viewport=SMALLEST, color_scheme=scheme)
    reader.open("incidents", "edition=training&lang=fr")
    band = reader.page.locator(".atlas-invented")
    assert band.evaluate(_ON_TOP)
    assert (band.bounding_box() or {})["height"] < 60
    reader.page.get_by_test_id("stExpandSidebarButton").click()
    expect(reader.page.get_by_test_id("stSidebarNav")).to_be_in_viewport()
    assert band.evaluate(_ON_TOP)
    reader.page.emulate_media(media="print")
    expect(band).to_be_visible()
    widths = reader.page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_downloaded_table_says_on_each_row_that_it_is_invented(
    readers: Readers, both: str, tmp_path: Path, language: str
) -> None:
    for edition in ("training", "open"):
        reader = readers(both, accept_downloads=True)
        # A dialog of the system, which no test can answer, would ask where to.
        reader.context.add_init_script("delete window.showSaveFilePicker;")
        reader.open("incidents", f"edition={edition}&lang={language}")
        reader.page.locator('[data-testid="stDataFrame"]:visible').first.hover()
        with reader.page.expect_download() as started:
            reader.page.get_by_role("button", name="Download as CSV").locator("visible=true").first.click()
        started.value.save_as(tmp_path / "table.csv")
        text = (tmp_path / "table.csv").read_text("utf-8-sig")
        rows = list(csv.reader(text.splitlines()))[1:]
        assert len(rows) >= 2
        if edition == "training":
            assert {row[0] for row in rows} == {INVENTED[language]}
        else:
            assert INVENTED[language] not in text


def test_the_view_of_one_edition_is_not_carried_into_the_other(readers: Readers, both: str) -> None:
    reader = readers(both)
    reader.open("", "edition=open&province=Lualaba", "map=15/-10.6993/25.4908")
    assert reader.frame.evaluate("() => window.map.getZoom()") == 15
    switch(reader, "Training")
    expect_edition(reader, "en", is_training=True)
    reader.expect_paths("concessions", 2)
    bounds = "() => { const b = window.map.getBounds(); return [b.getSouth(), b.getWest(), b.getNorth(), b.getEast()]; }"
    reader.frame.wait_for_function("() => window.map.getZoom() < 12")
    south, west, north, east = reader.frame.evaluate(bounds)
    assert south < -10.7 < north
    assert west < 25.5 < 26.5 < east
    assert "province" not in reader.query
    reader.frame.evaluate("() => window.map.setView([-10.7, 26.5], 13, {animate: false})")
    view = re.compile(r"#training-map=13/(-10\.[67]\d{3})/(26\.[45]\d{3})$")
    expect(reader.page).to_have_url(view)
    # The middle of a map with an odd number of pixels lies half a pixel beside: 0.00009° at this zoom.
    kept = view.search(reader.page.url)
    assert kept is not None
    assert [float(part) for part in kept.groups()] == pytest.approx([-10.7, 26.5], abs=1.01e-4)

    other = readers(both)
    other.page.goto(reader.page.url)
    other.settle()
    assert other.frame.evaluate("() => window.map.getZoom()") == 13
    switch(other, "Open")
    expect_edition(other, "en", is_training=False)
    other.expect_paths("territories", 16)
    other.frame.wait_for_function("() => window.map.getZoom() < 12")


def test_a_view_of_the_other_edition_in_an_address_is_dropped(readers: Readers, both: str) -> None:
    reader = readers(both)
    reader.open("", "edition=training", "map=15/-10.6993/25.4908")
    assert reader.frame.evaluate("() => window.map.getZoom()") < 12
    expect(reader.page).not_to_have_url(re.compile("#"))


def test_a_server_with_one_edition_shows_no_switch(reader: Reader) -> None:
    reader.open("", "edition=training")
    expect(reader.page.get_by_role("radio", name="Training")).to_have_count(0)
    expect(reader.page.get_by_role("button", name="Training")).to_have_count(0)
    assert "edition" not in reader.query
    assert INVENTED["en"] not in everything_said(reader)
