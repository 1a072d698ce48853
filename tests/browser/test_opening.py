"""Every page opens from its address, asks nobody but this machine, and says what it cannot show."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from frame.front import FRONT, PAGES
from risk.texts import speak, translate
from tests.browser.conftest import NARROW, WIDE, Readers
from tests.browser.reader import Reader
from tests.browser.serving import served
from tests.browser.watching import without_the_world

PATHS = {name: "" if name == FRONT else name for name in PAGES}


def question(name: str, language: str) -> str:
    speak(language)
    try:
        return translate(PAGES[name])
    finally:
        speak("en")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_as_the_first_thing_a_server_is_asked_for(
    readers: Readers, open_releases_dir: Path, tmp_path: Path, name: str
) -> None:
    with served(open_releases_dir, tmp_path / "log") as address:
        for language in ("fr", "en"):
            reader = readers(address)
            reader.open(PATHS[name], f"lang={language}")
            expect(reader.page.locator("h1")).to_have_text(question(name, language))
            expect(reader.page.get_by_test_id("stDialog")).to_have_count(0)
            expect(reader.page.get_by_test_id("stException")).to_have_count(0)
            expect(reader.page.locator("html")).to_have_attribute("lang", language)
            reader.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_without_the_world_outside(readers: Readers, name: str) -> None:
    reader = readers()
    reader.context.route("**/*", without_the_world)
    reader.open(PATHS[name])
    expect(reader.page.locator("h1")).to_have_text(question(name, "en"))
    if name == FRONT:
        reader.expect_paths("territories", 16)


# French is the longer language; one page in English stands for the rest.
@pytest.mark.parametrize(("name", "language"), [(FRONT, "en"), *((name, "fr") for name in PAGES)])
def test_nothing_is_wider_than_a_phone(readers: Readers, name: str, language: str) -> None:
    reader = readers(viewport=NARROW)
    reader.open(PATHS[name], f"lang={language}")
    widths = reader.page.evaluate(
        """() => ["html", '[data-testid="stMain"]', '[data-testid="stMainBlockContainer"]']
            .map(name => document.querySelector(name)).map(e => [e.scrollWidth, e.clientWidth])"""
    )
    assert all(inner <= outer for inner, outer in widths)
    assert widths[0][0] <= NARROW["width"]


def test_the_card_stands_beside_the_map_and_below_it_on_a_phone(readers: Readers) -> None:
    for viewport, is_below in ((WIDE, False), (NARROW, True)):
        reader = readers(viewport=viewport)
        reader.open("", "at=territory:CD7201")
        frame, card = reader.map_element.bounding_box(), reader.card.bounding_box()
        assert frame is not None
        assert card is not None
        assert (card["y"] >= frame["y"] + frame["height"]) is is_below
        assert (card["x"] >= frame["x"] + frame["width"]) is not is_below


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_both_themes(readers: Readers, scheme: str) -> None:
    reader = readers(color_scheme=scheme)
    reader.open("", "at=territory:CD7201")
    inks = reader.page.evaluate(
        """() => {
            const channels = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
            const light = text => { const [r, g, b] = channels(text).map(v => {
                v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
            const paper = light(getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor);
            return ["h1", '[data-testid="stCaptionContainer"] p', '[data-testid="stMarkdown"] p',
                    '[data-testid="stWidgetLabel"] p'].map(name => {
                const ink = light(getComputedStyle(document.querySelector(name)).color);
                return [paper, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)];
            });
        }"""
    )
    assert all((paper > 0.5) is (scheme == "light") for paper, _contrast in inks)
    assert all(contrast >= 4.5 for _paper, contrast in inks)


def test_no_release_says_which_command_to_run(readers: Readers, tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    with served(tmp_path / "releases", tmp_path / "log") as address:
        reader = readers(address)
        reader.page.goto(address)
        expect(reader.page.get_by_role("alert")).to_contain_text("cobalt build")


def test_the_watch_sees_what_it_is_there_for(readers: Readers, reader: Reader) -> None:
    """The positive control: without it, a blind watch would let every test pass."""
    reader.open("data")
    assert reader.watch.problems == []
    reader.page.evaluate("() => { setTimeout(() => { throw new Error('made on purpose'); }); }")
    reader.page.evaluate("() => { new Image().src = 'http://example.invalid/picture.png'; }")
    reader.page.evaluate("() => { console.error('said on purpose'); }")
    reader.page.evaluate(
        "() => { document.body.appendChild(document.createElement('object')).data = '/made.swf'; }"
    )
    wanted = ("script: made on purpose", "console: said on purpose", "img-src", "object-src")
    reader.page.wait_for_function("() => true")
    for word in wanted:
        reader.wait_for_problem(word)
    reader.watch.problems.clear()


def test_the_watch_sees_a_foreign_request(chromium: object, reader: Reader) -> None:
    """Without a policy in the way, as a page of another maker would be."""
    reader.page.set_content("<img src='http://example.invalid/picture.png'>")
    reader.wait_for_problem("foreign request: http://example.invalid/picture.png")
    reader.watch.problems.clear()


def test_every_answer_carries_the_policy(reader: Reader) -> None:
    answers = []
    reader.page.on("response", lambda answer: answers.append(answer))
    reader.open()
    reader.expect_paths("territories", 16)
    own = [answer for answer in answers if answer.url.startswith("http")]
    assert len(own) > 10
    assert [answer.url for answer in own if "content-security-policy" not in answer.headers] == []
