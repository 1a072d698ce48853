"""Exports of KoboToolbox and ODK as they stand: one entry a submission, with its rows of repeats.

CSV (any delimiter), XLSX (first sheet, then one sheet a repeat) and JSON (of the API, nested or flat). Rows of
a repeat are found by PARENT_KEY, _submission__uuid, _submission__id or _parent_index.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipelines.forms.form import ACTIONS
from pipelines.reading.text_tables import read_delimited, read_head
from pipelines.reading.workbooks import is_workbook, read_sheets
from pipelines.source import Raw
from risk.errors import UnreadableFile

_LINKS: Final = ("PARENT_KEY", "_submission__uuid", "_submission__id", "_parent_index")
# What a submission is known by, for each way in which its repeats name it.
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "PARENT_KEY": ("KEY", "meta-instanceID", "meta/instanceID", "instanceID"),
    "_submission__uuid": ("_uuid", "KEY"),
    "_submission__id": ("_id",),
    "_parent_index": ("_index",),
}
# Stands for a list of objects that is no repeat of ours: nobody reads it.
_LIST: Final = "(list)"
_RESULTS: Final = ("results", "value", "data")


@dataclass(frozen=True)
class Row:
    """One row of an export: where it was, and its cells that are not blank, by header.

    `fault` says why it cannot be read, where that is so. `name` says which row of a repeat it is.
    """

    file: str
    line: int
    cells: Mapping[str, str]
    fault: str | None = None
    name: str = ""


@dataclass
class Entry:
    """A submission: its row, and the rows of its repeats."""

    row: Row
    path: Path
    repeats: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Exports:
    """What files hold: submissions in order, rows of repeats that belong to none, headers by file."""

    entries: tuple[Entry, ...]
    orphans: tuple[Row, ...]
    headers: Mapping[str, tuple[str, ...]]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class _Sheet:
    path: Path
    rows: tuple[Row, ...]
    headers: tuple[str, ...]
    is_repeat: bool


def read_exports(paths: Sequence[Path]) -> Exports:
    """Return what the files of an export hold, main tables and repeats put together.

    Raises UnreadableFile where one cannot be read at all.
    """
    entries: list[Entry] = []
    children: list[tuple[Path, Row]] = []
    headers: dict[str, tuple[str, ...]] = {}
    remarks: list[str] = []
    for path in paths:
        if _is_json(path):
            found = list(_json_entries(path))
            entries += found
            named = [name for entry in found for row in (entry.row, *entry.repeats) for name in row.cells]
            headers[path.name] = tuple(dict.fromkeys((*headers.get(path.name, ()), *named)))
            continue
        for sheet in _sheets(path, remarks):
            headers[path.name] = tuple(dict.fromkeys((*headers.get(path.name, ()), *sheet.headers)))
            if sheet.is_repeat:
                children += [(path, row) for row in sheet.rows]
            else:
                entries += [Entry(row, path) for row in sheet.rows]
    known = _known(entries)
    orphans = [row for path, row in children if not _linked(path, row, known)]
    return Exports(tuple(entries), tuple(orphans), headers, tuple(remarks))


def _sheets(path: Path, remarks: list[str]) -> Iterator[_Sheet]:
    """Yield the main table of a file and its repeats; say which other sheets were not read."""
    if not is_workbook(path):
        raw = read_delimited(path, required=())
        if raw.remarks:
            remarks.append(f"{path.name}: {raw.remarks}")
        yield _sheet(path, raw)
        return
    has_main = False
    for name, raw in read_sheets(path).items():
        sheet = _sheet(path, raw)
        if has_main and not sheet.is_repeat:
            remarks.append(f"{path.name}: sheet {name!r} is no repeat of the form and was not read")
            continue
        has_main |= not sheet.is_repeat
        yield sheet


def _sheet(path: Path, raw: Raw) -> _Sheet:
    headers = tuple(str(name) for name in raw.frame.columns)
    faults = {fault.position: fault.reason for fault in raw.faults}
    is_repeat = any(name in headers for name in _LINKS)
    rows = []
    for position, cells in enumerate(raw.frame.itertuples(index=False, name=None)):
        filled = {
            name: str(cell).strip() for name, cell in zip(headers, cells, strict=True) if str(cell).strip()
        }
        if not is_repeat:
            filled.setdefault("_index", str(position + 1))
        rows.append(Row(path.name, int(raw.lines[position]), filled, faults.get(position)))
    return _Sheet(path, tuple(rows), headers, is_repeat)


def _known(entries: Sequence[Entry]) -> dict[tuple[str, str], list[Entry]]:
    """Return submissions by what a repeat may name them by: the kind of link, and the id."""
    known: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        for link, keys in _KEYS.items():
            for name in {plain_id(entry.row.cells[key]) for key in keys if key in entry.row.cells}:
                known.setdefault((link, name), []).append(entry)
    return known


def _linked(path: Path, row: Row, known: Mapping[tuple[str, str], list[Entry]]) -> bool:
    """Put a row of a repeat to its submission; return whether there is one."""
    for link in _LINKS:
        if link not in row.cells:
            continue
        mine = known.get((link, plain_id(row.cells[link].partition("/")[0])), [])
        if link == "_parent_index":
            mine = _near(path, mine)
        if mine:
            nearest = max(mine, key=lambda entry: _nearness(path, entry.path))
            nearest.repeats.append(row)
            return True
    return False


def _near(path: Path, entries: list[Entry]) -> list[Entry]:
    """Return those whose file the row may belong to: a number alone says nothing of other files."""
    same = [entry for entry in entries if entry.path == path]
    if same:
        return same
    return (
        entries
        if len({entry.path for entry in entries}) == 1
        else [e for e in entries if _nearness(path, e.path)]
    )


def _nearness(path: Path, main: Path) -> int:
    """Return how surely a repeat of one file belongs to another: ODK names it after the main file."""
    if path == main:
        return 3
    return (
        2
        if path.parent == main.parent and path.stem.startswith(main.stem)
        else int(path.parent == main.parent)
    )


def plain_id(text: str) -> str:
    """Return an id without what stands before it.

    >>> plain_id("uuid:0a1b"), plain_id("12.0")
    ('0a1b', '12')
    """
    return text.strip().removeprefix("uuid:").removesuffix(".0")


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == ".json" or read_head(path).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(
        (b"[", b"{")
    )


def _json_entries(path: Path) -> Iterator[Entry]:
    read_head(path)
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except ValueError as error:
        raise UnreadableFile(path.name, f"is no JSON ({error})", next_move="export it again") from error
    listed = content
    if isinstance(content, dict):
        listed = next((content[key] for key in _RESULTS if isinstance(content.get(key), list)), [content])
    for number, given in enumerate(listed, start=1):
        if not isinstance(given, dict):
            yield Entry(Row(path.name, number, {}, "no submission, but a bare value; export it again"), path)
            continue
        cells, repeats = _flat(given, "")
        rows = [
            Row(path.name, number, inside, name=f"{name}[{rank}]")
            for name, listed_rows in repeats.items()
            for rank, inside in enumerate(listed_rows, start=1)
        ]
        yield Entry(Row(path.name, number, cells), path, rows)


def _flat(given: Mapping[str, Any], prefix: str) -> tuple[dict[str, str], dict[str, list[dict[str, str]]]]:
    """Return the values of a nested object under names with slashes, and its lists of objects by name."""
    cells: dict[str, str] = {}
    repeats: dict[str, list[dict[str, str]]] = {}
    for key, value in given.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            inner, lists = _flat(value, f"{name}/")
            cells |= inner
            repeats |= lists
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            if key.rpartition("/")[2] != ACTIONS:
                cells[name] = _LIST
                continue
            repeats[name] = [
                _flat(one, f"{name}/" if not _is_named(one, name) else "")[0]
                for one in value
                if isinstance(one, dict)
            ]
        elif (text := _as_text(value)) != "":
            cells[name] = text
    return cells, repeats


def _is_named(inside: Mapping[str, Any], name: str) -> bool:
    return any(str(key).startswith(f"{name}/") for key in inside)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return " ".join(_as_text(one) for one in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
