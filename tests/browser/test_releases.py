"""A reader is moved on to a new release at the next thing they do, and told so by the line of the page."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from playwright.sync_api import expect

from pipelines.build import build
from tests.browser.conftest import Readers
from tests.browser.serving import served
from tests.conftest import OPEN_EDITION


def test_a_new_release_is_taken_up_at_the_next_interaction(
    readers: Readers, open_releases_dir: Path, tmp_path: Path
) -> None:
    releases_dir = tmp_path / "releases"
    shutil.copytree(open_releases_dir, releases_dir)
    with served(releases_dir, tmp_path / "log") as address:
        reader = readers(address)
        reader.open()
        reader.expect_paths("territories", 16)
        line = reader.page.get_by_test_id("stMain").get_by_test_id("stCaptionContainer").first
        before = (releases_dir / "open" / "current").read_text("utf-8").strip()
        expect(line).to_contain_text(before)

        after = build(OPEN_EDITION, releases_dir, as_of=date(2026, 11, 20)).release_id
        assert after != before
        expect(line).to_contain_text(before)
        reader.press("kind of risk")
        expect(line).to_contain_text(after)
        expect(line).to_contain_text("20 Nov 2026")
        reader.settle()
        reader.expect_paths("territories", 16)
        expect(reader.page.get_by_role("radio", name="kind of risk")).to_be_checked()
