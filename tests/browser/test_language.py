"""One switch turns every word of ours; the browser's language is where a reader starts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from frame.front import FRONT, PAGES
from tests.browser.conftest import Readers
from tests.browser.reader import Reader

# Words that both languages write alike, or that stand as codes and names.
_ALIKE = re.compile(r"^[\W\d_]*$|^(EN|FR)$")


@pytest.mark.parametrize(
    ("locale", "heading"),
    [
        ("fr-FR", "Que sait-on, et où ?"),
        ("fr-CD", "Que sait-on, et où ?"),
        ("en-GB", "What is known, and where?"),
        ("de-DE", "What is known, and where?"),
    ],
)
def test_the_browser_chooses_the_first_language(readers: Readers, locale: str, heading: str) -> None:
    reader = readers(locale=locale)
    reader.open()
    assert re.sub(r"\s", " ", reader.page.locator("h1").inner_text()) == heading


def test_the_address_outranks_the_browser(readers: Readers) -> None:
    reader = readers(locale="fr-FR")
    reader.open("", "lang=en")
    expect(reader.page.locator("h1")).to_have_text("What is known, and where?")


def test_the_switch_turns_the_page_and_the_address(reader: Reader) -> None:
    reader.open("incidents")
    reader.press("FR")
    reader.expect_in_address("lang", "fr")
    expect(reader.page.locator("h1")).not_to_have_text(PAGES["incidents"])
    expect(reader.totals).to_contain_text("signalements")


@pytest.mark.parametrize("name", PAGES)
def test_no_word_of_ours_stays_behind(readers: Readers, name: str, catalogue: dict[str, str]) -> None:
    reader = readers()
    path = "" if name == FRONT else name
    query = "at=territory:CD7201" if name == FRONT else ""
    reader.open(path, "&".join(filter(None, ["lang=fr", query])))
    said = {line.strip() for line in reader.page.locator("body").inner_text().splitlines()}
    english = {text for text, french in catalogue.items() if text != french and not _ALIKE.match(text)}
    assert said & english == set()


def test_the_language_stays_when_the_reader_turns_the_page(reader: Reader) -> None:
    reader.open("data")
    reader.press("FR")
    reader.expect_in_address("lang", "fr")
    reader.page.get_by_role("link", name=re.compile("Chez qui")).click()
    expect(reader.page).to_have_url(re.compile(r"/ground\?.*lang=fr"))
    expect(reader.page.locator("h1")).to_have_text(re.compile("^Chez qui"))
