"""One server and one Chromium for all browser tests, a fresh context for each; each is watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, expect, sync_playwright

from risk.texts import LOCALE_DIR
from tests.browser.chromium import FLAGS, ensure
from tests.browser.reader import Reader
from tests.browser.serving import served

WIDE = {"width": 1366, "height": 768}
NARROW = {"width": 390, "height": 844}

Readers = Callable[..., Reader]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The one Chromium of these tests."""
    # A busy machine is slow, not wrong.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def address(open_releases_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that serves the open edition."""
    with served(open_releases_dir, tmp_path_factory.mktemp("server") / "log") as where:
        yield where


@pytest.fixture
def readers(chromium: Browser, address: str) -> Iterator[Readers]:
    """Makes readers; each test fails where one of them saw an error or asked another host."""
    made: list[Reader] = []

    def make(where: str = address, *, viewport: dict[str, int] = WIDE, **options: Any) -> Reader:
        options.setdefault("locale", "en-GB")
        context = chromium.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        made.append(Reader(context, where))
        return made[-1]

    yield make
    problems = [problem for reader in made for problem in reader.watch.problems]
    for reader in made:
        reader.context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def reader(readers: Readers) -> Reader:
    """A reader with a wide screen and an English browser."""
    return readers()


@pytest.fixture(scope="session")
def catalogue() -> dict[str, str]:
    """Every text of ours in English and in French."""
    with (LOCALE_DIR / "fr" / "LC_MESSAGES" / "cobalt.po").open("rb") as file:
        messages = read_po(file, locale="fr")
    return {str(m.id): str(m.string) for m in messages if m.id and isinstance(m.id, str)}
