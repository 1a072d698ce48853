"""The log of use: who took what from which release, and when; one line of JSON each, kept for a set time.

It holds no name and no record: of a reader a keyed hash of their subject, which two lines of one reader share
and nobody can turn back without the key beside the log. Lines are only ever added; a day's file is closed at
midnight (UTC) and removed when its time is over.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path
from typing import Any, Final

from risk.errors import ConfigError

FILE: Final = "use.jsonl"
KEY_FILE: Final = "use.key"
EXPORT: Final = "export"
VIEW_AS: Final = "view_as"
LOCAL: Final = "local"
_SHOWN: Final = 12


def note(
    folder: Path,
    days: int,
    *,
    reader: str | None,
    what: str,
    release_id: str,
    edition: str,
    audience: str,
    filters: Mapping[str, Any] | None = None,
    rows: int | None = None,
) -> None:
    """Add a line: `reader` is the subject of a sign-in (None on this machine, without one).

    `what` is EXPORT or VIEW_AS; `filters` are the reader's choices, never values of records beyond them. Files
    older than `days` days are removed. Raises ConfigError where the log cannot be written: what is not noted
    is not handed out.
    """
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "reader": pseudonym(folder, reader),
        "what": what,
        "release_id": release_id,
        "edition": edition,
        "audience": audience,
        "filters": dict(filters or {}),
        "rows": rows,
    }
    try:
        _log(folder, days).info(json.dumps(line, ensure_ascii=True, sort_keys=True, default=str))
    except OSError as error:
        raise ConfigError(
            f"{folder / FILE} cannot be written ({error}). Next: check COBALT_STATE_DIR"
        ) from error


def pseudonym(folder: Path, reader: str | None) -> str:
    """Return the same short code for the same reader; 'local' without a sign-in."""
    if reader is None:
        return LOCAL
    return hashlib.blake2b(reader.encode(), key=_key(folder), digest_size=16).hexdigest()[:_SHOWN]


def lines(folder: Path, reader: str | None = None) -> list[dict[str, Any]]:
    """Return what is noted, newest first; of one pseudonym only where `reader` names it.

    A line that a crash cut off is left out.
    """
    found = []
    for path in sorted(folder.glob(f"{FILE}*")):
        for text in path.read_text("utf-8").splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if reader is None or line.get("reader") == reader:
                found.append(line)
    return sorted(found, key=lambda line: str(line.get("at")), reverse=True)


@cache
def _log(folder: Path, days: int) -> logging.Logger:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = _Loud(folder / FILE, when="midnight", utc=True, backupCount=days, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.getLogger(f"cobalt.use.{hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:8]}")
    log.propagate = False
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    return log


class _Loud(TimedRotatingFileHandler):
    """Logging swallows errors; a line of this log must not be lost in silence."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Raise what went wrong while a line was written."""
        raise


def _key(folder: Path) -> bytes:
    path = folder / KEY_FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(secrets.token_bytes(32))
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} cannot be had ({error}). Next: check COBALT_STATE_DIR") from error
