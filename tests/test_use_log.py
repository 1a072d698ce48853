"""The log of use says who took what and when, and neither who they are nor what they read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Any

import pytest

from entry import use_log
from risk.errors import ConfigError

READER = "reader-one@example.org"


@pytest.fixture(autouse=True)
def fresh_logs() -> Any:
    yield
    use_log._log.cache_clear()


def noted(folder: Path, reader: str | None = READER, **changes: Any) -> None:
    given: dict[str, Any] = {
        "what": use_log.VIEW_AS,
        "release_id": "2026-09-30-0123456789",
        "edition": "training",
        "audience": "member",
    }
    use_log.note(folder, 30, reader=reader, **(given | changes))


def test_a_line_says_what_was_taken_and_when_but_not_by_whom(tmp_path: Path) -> None:
    noted(tmp_path, filters={"province": ["Lualaba"]}, rows=12)
    (line,) = use_log.lines(tmp_path)
    assert line["what"] == "view_as"
    assert line["filters"] == {"province": ["Lualaba"]}
    assert line["rows"] == 12
    assert abs(datetime.fromisoformat(line["at"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert READER not in (tmp_path / use_log.FILE).read_text("utf-8")


def test_two_lines_of_one_reader_share_a_code_that_another_folder_does_not(tmp_path: Path) -> None:
    noted(tmp_path / "a")
    noted(tmp_path / "a", reader="another")
    noted(tmp_path / "a")
    noted(tmp_path / "b")
    mine = use_log.pseudonym(tmp_path / "a", READER)
    assert len(use_log.lines(tmp_path / "a")) == 3
    assert len(use_log.lines(tmp_path / "a", mine)) == 2
    assert use_log.lines(tmp_path / "b", mine) == []


def test_without_a_sign_in_the_reader_is_this_machine(tmp_path: Path) -> None:
    noted(tmp_path, reader=None)
    assert use_log.lines(tmp_path)[0]["reader"] == "local"


def test_the_newest_line_comes_first_and_a_broken_one_is_passed_over(tmp_path: Path) -> None:
    noted(tmp_path, rows=1)
    with (tmp_path / use_log.FILE).open("a", encoding="utf-8") as stream:
        stream.write('{"at": "2999-01-01T00:00:00+00:00", "rows": 2}\n{"at": "29')
    assert [line["rows"] for line in use_log.lines(tmp_path)] == [2, 1]


def test_days_are_files_of_their_own_and_old_ones_go(tmp_path: Path) -> None:
    noted(tmp_path)
    (handler,) = use_log._log(tmp_path, 30).handlers
    assert isinstance(handler, TimedRotatingFileHandler)
    for day in range(1, 40):
        (
            tmp_path / f"{use_log.FILE}.2026-08-{day:02d}"
            if day < 32
            else tmp_path / f"{use_log.FILE}.2026-09-{day - 31:02d}"
        ).write_text(json.dumps({"at": "2026", "reader": "old"}) + "\n", "utf-8")
    handler.doRollover()
    kept = sorted(path.name for path in tmp_path.glob(f"{use_log.FILE}.*"))
    assert len(kept) == 30
    assert f"{use_log.FILE}.2026-08-01" not in kept
    noted(tmp_path)
    assert len([line for line in use_log.lines(tmp_path) if line["reader"] != "old"]) == 2


def test_what_cannot_be_noted_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, no folder", "utf-8")
    with pytest.raises(ConfigError, match="COBALT_STATE_DIR"):
        noted(tmp_path / "state")
