"""Everything that a file of a release says, as text: each value decoded, each point of each geometry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import shapely

from warehouse.storage import SEALED


def decoded(path: Path) -> Iterator[str]:
    """Yield every value of every table of the file at `path`, numbers with all their digits."""
    with closing(duckdb.connect(str(path), read_only=True, config=SEALED)) as connection:
        tables = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"').fetchall():
                for value in row:
                    yield from _texts(value)


def found(needles: Iterable[str], texts: Iterable[str]) -> set[str]:
    """Return the needles that stand in any of `texts`, whatever their case."""
    text = "\n".join(texts).casefold()
    return {needle for needle in needles if needle.casefold() in text}


def found_in_bytes(needles: Iterable[str], content: bytes) -> set[str]:
    """Return the needles that stand in `content` as UTF-8 or UTF-16."""
    return {
        needle
        for needle in needles
        if any(needle.encode(code) in content for code in ("utf-8", "utf-16-le", "utf-16-be"))
    }


def _texts(value: object) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, bytes):
        yield value.hex()
        try:
            shape = shapely.from_wkb(value)
        except shapely.errors.GEOSException:
            return
        yield shapely.to_wkt(shape, rounding_precision=-1)
        return
    yield repr(value) if isinstance(value, float) else str(value)
