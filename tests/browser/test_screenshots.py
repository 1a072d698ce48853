"""Pictures for the README and for whoever looks the pages through; made only where asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from frame.front import FRONT, PAGES
from tests.browser.conftest import NARROW, WIDE, Readers
from tests.browser.reader import Reader
from warehouse.settings import ROOT

FOLDER = Path(__file__).parent / "screenshots"
MOST_BYTES = 400_000
CHOSEN = "at=site:site-kasulo-cdm-model-mine"


def wanted() -> bool:
    """Pictures change with every machine's fonts, so a plain run leaves them alone."""
    return os.environ.get("COBALT_SCREENSHOTS") == "1"


def take(reader: Reader, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    reader.page.screenshot(path=path, animations="disabled")


def test_the_picture_of_the_readme_is_small() -> None:
    assert 0 < (ROOT / "docs" / "screenshot.png").stat().st_size < MOST_BYTES


def test_the_map_page_can_be_pictured(readers: Readers, tmp_path: Path) -> None:
    reader = readers(viewport=WIDE, color_scheme="light")
    reader.open("", CHOSEN)
    reader.expect_paths("territories", 16)
    path = ROOT / "docs" / "screenshot.png" if wanted() else tmp_path / "screenshot.png"
    take(reader, path)
    assert 0 < path.stat().st_size < MOST_BYTES


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_pictured(readers: Readers, name: str) -> None:
    if not wanted():
        return
    path, query = ("", CHOSEN) if name == FRONT else (name, "")
    for language, scheme, viewport in (
        ("en", "light", WIDE),
        ("en", "dark", WIDE),
        ("fr", "light", WIDE),
        ("fr", "light", NARROW),
        ("en", "dark", NARROW),
    ):
        reader = readers(viewport=viewport, color_scheme=scheme)
        reader.open(path, "&".join(filter(None, [f"lang={language}", query])))
        if name == FRONT:
            reader.expect_paths("territories", 16)
        width = "narrow" if viewport is NARROW else "wide"
        take(reader, FOLDER / f"{name}-{language}-{scheme}-{width}.png")
        reader.context.close()
