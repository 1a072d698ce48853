"""The page on the method in a browser: plain words first, formulas from our own server, on a phone and in French."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from frame.method_texts import FORMULAS
from tests.browser.conftest import NARROW, WIDE, Readers


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_first_screen_says_what_is_asked_and_how_often_it_is_right(
    readers: Readers, catalogue: dict[str, str], language: str
) -> None:
    reader = readers(viewport=WIDE)
    reader.open("method", f"lang={language}")
    word = "confirmed" if language == "en" else "confirmé"
    first = reader.page.get_by_test_id("stMarkdown").filter(has_text=word)
    expect(first.first).to_be_in_viewport()
    expect(first.nth(1)).to_be_in_viewport()
    expect(first.nth(1)).to_contain_text("100")
    title = "What each word means"
    heading = title if language == "en" else catalogue[title]
    expect(reader.page.get_by_role("heading", name=heading)).to_be_in_viewport()


def test_every_formula_is_drawn(readers: Readers) -> None:
    reader = readers()
    reader.open("method")
    for expander in reader.page.get_by_test_id("stExpander").all():
        expander.locator("summary").click()
    count = sum(len(several) for several in FORMULAS.values())
    drawn = reader.page.locator(".katex-display")
    expect(drawn).to_have_count(count)
    assert reader.page.locator(".katex-error").count() == 0
    expect(drawn.first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_holds_the_page(readers: Readers, scheme: str) -> None:
    reader = readers(viewport=NARROW, color_scheme=scheme)
    reader.open("method", "lang=fr")
    for expander in reader.page.get_by_test_id("stExpander").all():
        expander.locator("summary").click()
    reader.settle()
    widths = reader.page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    # A formula that is wider than the screen scrolls by itself.
    wide = reader.page.evaluate(
        "() => [...document.querySelectorAll('.katex-display')]"
        ".filter(e => e.getBoundingClientRect().right > window.innerWidth"
        " && !['auto', 'scroll'].includes(getComputedStyle(e.closest('[data-testid=stMarkdownContainer]') || e)"
        ".overflowX) && !['auto', 'scroll'].includes(getComputedStyle(e).overflowX)).length"
    )
    assert wide == 0
