"""Sign-ins that have ended before their time: a small store beside the releases, shared by all processes.

The cookie of a sign-in keeps no state on the server, so that a copy of it would outlive a sign-out. What is
kept here are hashes, never a name; entries fall out once no cookie of that time is taken any more.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from risk.errors import ConfigError

FILE: Final = "ended.sqlite"
DAY_S: Final = 86_400
# Streamlit takes its cookie for 31 days; a day more for clocks and zones.
KEPT_S: Final = 32 * DAY_S
# How far the provider's clock may be ahead of ours: what Authlib allows for when a token comes.
SKEW_S: Final = 120
# Together these are never the same for two sign-ins.
_OF_A_SESSION: Final = ("iss", "sub", "sid", "nonce", "iat")
# What an operator may know a reader by.
_OF_A_READER: Final = ("sub", "email", "preferred_username")
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS ended (key TEXT PRIMARY KEY, ended_at REAL NOT NULL) WITHOUT ROWID"
)


def prepare(folder: Path) -> None:
    """Make the store in `folder` where there is none. Raises ConfigError where that cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be made ({error}). Next: check COBALT_STATE_DIR") from error
    with _opened(folder, "rwc") as store:
        store.execute(_TABLE)


def end_session(folder: Path, claims: Mapping[str, Any], now: float) -> None:
    """Note that the sign-in with these `claims` has ended, whoever holds its cookie."""
    _note(folder, _session_key(claims), now)


def end_reader(folder: Path, subject: str, now: float) -> None:
    """Note that every sign-in of `subject` until `now` has ended. Raises ConfigError for an empty one."""
    if not subject.strip():
        raise ConfigError(
            "SUBJECT is empty. Next: give the subject or e-mail address that the provider knows"
        )
    _note(folder, _reader_key(subject), now)


def has_ended(folder: Path, claims: Mapping[str, Any]) -> bool:
    """Return whether the sign-in with these `claims` was ended, or all of its reader's at a later time.

    Raises ConfigError where the store cannot be read: nobody is then taken for signed in.
    """
    names = (claims.get(name) for name in _OF_A_READER)
    keys = [_reader_key(name) for name in names if isinstance(name, str) and name]
    marks = ", ".join("?" * len(keys))
    sql = f"SELECT 1 FROM ended WHERE key = ? OR (key IN ({marks}) AND ended_at >= ?) LIMIT 1"
    since = float(claims.get("iat") or 0) - SKEW_S
    with _opened(folder, "ro") as store:
        return store.execute(sql, (_session_key(claims), *keys, since)).fetchone() is not None


def _note(folder: Path, key: str, now: float) -> None:
    prepare(folder)
    with _opened(folder, "rw") as store:
        store.execute("DELETE FROM ended WHERE ended_at < ?", (now - KEPT_S,))
        store.execute("INSERT OR REPLACE INTO ended VALUES (?, ?)", (key, now))


@contextmanager
def _opened(folder: Path, mode: str) -> Iterator[sqlite3.Connection]:
    path = folder / FILE
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)) as store, store:
            yield store
    except sqlite3.Error as error:
        raise ConfigError(
            f"{path} cannot be used ({error}), so nobody can be taken for signed in. "
            "Next: check COBALT_STATE_DIR and its permissions, start again"
        ) from error


def _session_key(claims: Mapping[str, Any]) -> str:
    return _hash("session", (str(claims.get(name)) for name in _OF_A_SESSION))


def _reader_key(subject: str) -> str:
    return _hash("reader", (subject.strip().casefold(),))


def _hash(kind: str, parts: Iterable[str]) -> str:
    return hashlib.sha256(json.dumps([kind, *parts]).encode()).hexdigest()
