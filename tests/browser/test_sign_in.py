"""Readers sign in at a provider: each sees the file of their own audience, for as long as the sign-in holds."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

import cobalt
from frame.front import PAGES
from risk.vocabulary import Audience
from tests.browser.conftest import Readers
from tests.browser.identities import READERS, Atlas, cookie_of, set_groups, signed, signed_in_atlas
from tests.browser.reader import Reader
from tests.made_audiences import counts, publish_audiences
from warehouse.release import Release

# A page without a map, in front of all others here, says how many incidents a file holds; one is for staff only.
LIGHT, FOR_STAFF = "incidents", "data"
FIRST = f"from frame import front; front.FRONT = '{LIGHT}'; front.ONLY_FOR['{FOR_STAFF}'] = frozenset({{'staff'}})"
ENDED = "Your sign-in has ended"
FILES = {
    Audience.PUBLIC: "file for the public",
    Audience.MEMBER: "file for member companies",
    Audience.RESEARCHER: "file for researchers",
    Audience.STAFF: "file for staff",
}

Enter = Callable[..., Reader]


@pytest.fixture(scope="module")
def releases_dir(open_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audiences")
    publish_audiences(open_release, folder)
    return folder


@pytest.fixture(scope="module")
def atlas(releases_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    with signed_in_atlas(releases_dir, tmp_path_factory.mktemp("sign-in"), FIRST) as one:
        yield one


@pytest.fixture(scope="module")
def known(releases_dir: Path) -> dict[Audience, int]:
    return counts(releases_dir)


@pytest.fixture(scope="module")
def cookies() -> dict[str, dict[str, Any]]:
    """The cookies of those who have signed in, by name."""
    return {}


@pytest.fixture
def enter(readers: Readers, atlas: Atlas, cookies: dict[str, dict[str, Any]]) -> Iterator[Enter]:
    """Lets a reader in by name: through the provider, where no cookie of theirs will do; or without a name."""
    made: list[Reader] = []

    def make(name: str = "", *, anew: bool = False) -> Reader:
        reader = readers(atlas.address)
        made.append(reader)
        # The provider's own page asks for a style sheet from elsewhere.
        reader.context.route(re.compile("jsdelivr"), lambda route: route.fulfill(body=""))
        if name and (anew or name not in cookies):
            sign_in(reader, name)
            cookies[name] = cookie_of(reader.context)
        else:
            carry(reader, cookies.get(name))
        return reader

    yield make
    for reader in made:
        reader.watch.forgive("jsdelivr")


def sign_in(reader: Reader, name: str) -> None:
    """Go through the provider and come back to the view that was left."""
    reader.open("", "province=Lualaba")
    reader.page.get_by_role("button", name="Sign in").click()
    reader.page.get_by_placeholder("sub").fill(name)
    reader.page.get_by_role("button", name="Authorize").click()
    expect(reader.page.get_by_role("button", name="Sign out")).to_be_visible()
    reader.expect_in_address("province", "Lualaba")


def carry(reader: Reader, cookie: dict[str, Any] | None, **changes: object) -> None:
    """Come with a cookie, where there is one, and open a page anew."""
    if cookie:
        value = signed(cookie["value"], **changes) if changes else cookie["value"]
        reader.context.add_cookies([cookie | {"value": value}])  # type: ignore[list-item]
    reader.open()


def expect_file(reader: Reader, audience: Audience, known: dict[Audience, int]) -> None:
    """Wait until the page counts what is in the file of `audience`."""
    expect(reader.totals).to_contain_text(f"of {known[audience]} incident records")


def touch(reader: Reader) -> None:
    """Do something that runs the page again."""
    reader.press("Haut-Katanga")
    reader.expect_in_address("province", "Haut-Katanga")


def test_each_reader_sees_the_file_of_their_audience_side_by_side(
    enter: Enter, known: dict[Audience, int]
) -> None:
    audiences = (Audience.STAFF, Audience.RESEARCHER, Audience.MEMBER)
    there = {audience: enter(name) for name, audience in zip(READERS, audiences, strict=True)}
    there[Audience.PUBLIC] = enter()
    for audience, reader in there.items():
        line = reader.page.get_by_test_id("stMain").get_by_test_id("stCaptionContainer").first
        expect(line).to_contain_text(FILES[audience])
        touch(reader)
    for audience, reader in there.items():
        expect_file(reader, audience, known)


def test_a_cookie_that_was_changed_or_has_run_out_is_worth_nothing(
    enter: Enter, cookies: dict[str, dict[str, Any]], known: dict[Audience, int]
) -> None:
    reader = enter("stella")
    cookie, now = cookies["stella"], int(time.time())
    value = cookie["value"]
    carry(reader, cookie | {"value": value[:20] + ("A" if value[20] != "A" else "B") + value[21:]})
    expect_file(reader, Audience.PUBLIC, known)
    expect(reader.page.get_by_text(ENDED)).to_have_count(0)
    carry(reader, cookie, nickname="of no weight")
    expect_file(reader, Audience.STAFF, known)
    for changes in ({"exp": now - 1}, {"exp": None}, {"iat": now - 3_601}):
        carry(reader, cookie, **changes)
        expect_file(reader, Audience.PUBLIC, known)
        expect(reader.page.get_by_text(ENDED)).to_be_visible()
    expect(reader.page.get_by_role("button", name="Sign in")).to_be_visible()


def test_signing_out_ends_a_copied_cookie_too(
    enter: Enter, cookies: dict[str, dict[str, Any]], known: dict[Audience, int]
) -> None:
    reader = enter("remy", anew=True)
    thief = enter("remy")
    expect_file(thief, Audience.RESEARCHER, known)
    reader.page.get_by_role("button", name="Sign out").click()
    reader.page.get_by_role("button", name="End session").click()
    expect(reader.page.get_by_role("button", name="Sign in")).to_be_visible()
    touch(thief)
    expect_file(thief, Audience.PUBLIC, known)
    carry(thief, cookies.pop("remy"))
    expect_file(thief, Audience.PUBLIC, known)
    expect(thief.page.get_by_text(ENDED)).to_be_visible()


def test_a_role_that_was_taken_away_bites_at_once_where_the_operator_says_so(
    enter: Enter, atlas: Atlas, known: dict[Audience, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = enter("maya")
    set_groups(atlas.provider, "maya", [])
    expect_file(reader, Audience.MEMBER, known)
    monkeypatch.setenv("COBALT_STATE_DIR", str(atlas.state_dir))
    assert cobalt.main(["sign-out", "Maya"]) == 0
    touch(reader)
    expect_file(reader, Audience.PUBLIC, known)


def test_a_link_to_a_page_of_others_is_not_found_in_the_readers_language(
    enter: Enter, catalogue: dict[str, str]
) -> None:
    reader = enter()
    for language, said in (("en", lambda text: text), ("fr", catalogue.__getitem__)):
        for path in (FOR_STAFF, "nowhere"):
            reader.open(path, f"lang={language}")
            expect(reader.page.get_by_role("heading", level=1)).to_have_text(said("Not found"))
            expect(reader.page.get_by_role("dialog")).to_have_count(0)
        menu = reader.page.get_by_test_id("stSidebarNav")
        expect(menu.get_by_text(said(PAGES[LIGHT]))).to_be_visible()
        expect(menu.get_by_text(said(PAGES[FOR_STAFF]))).to_have_count(0)


def test_staff_view_the_atlas_as_others_and_nobody_else_does(
    enter: Enter, known: dict[Audience, int]
) -> None:
    staff = enter("stella")
    expect(staff.page.get_by_test_id("stSidebarNav").get_by_text(PAGES[FOR_STAFF])).to_be_visible()
    staff.page.get_by_test_id("stMain").get_by_test_id("stSelectbox").first.click()
    staff.page.get_by_role("option", name="View as: member companies").click()
    staff.expect_in_address("as", "member")
    expect_file(staff, Audience.MEMBER, known)
    expect(staff.page.get_by_test_id("stSidebarNav").get_by_text(PAGES[FOR_STAFF])).to_have_count(0)
    staff.open(FOR_STAFF, "as=member")
    expect(staff.page.get_by_role("heading", level=1)).to_have_text("Not found")

    researcher = enter("remy")
    researcher.open("", "as=staff")
    expect_file(researcher, Audience.RESEARCHER, known)
    assert "as" not in researcher.query
    expect(researcher.page.get_by_test_id("stMain").get_by_text("View as")).to_have_count(0)
