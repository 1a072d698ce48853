"""Text tables (CSV, semicolons, tabs) as they stand: all text, each row with its line in the file.

Encodings: UTF-8 with or without a byte-order mark, UTF-16 with one, else Windows-1252 (said in the
remarks). Blank lines are skipped but counted. A row with too few or too many cells is kept as a fault;
what cannot be a table at all raises UnreadableFile, as early as its first megabyte shows it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from pipelines.source import Fault, Raw
from risk.errors import UnreadableFile

HEAD_BYTES: Final = 1 << 20
DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}
LARGEST_CELL: Final = 64 << 20
_CHUNK_ROWS: Final = 50_000
_SHARE_OF_NOISE: Final = 0.005
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte-order mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_OTHER_FORMATS: Final = (
    (
        b"PK\x03\x04",
        "a zip or a workbook",
        "save the sheet as CSV (UTF-8), or name the source of that format",
    ),
    (b"%PDF", "a PDF", "ask the publisher for the table itself"),
    (b"<", "a web page or XML", "download the file itself, not the page around it"),
)
_CONTROL: Final = bytes(set(range(32)) - {9, 10, 12, 13})
_UTF8_LETTER: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")

# The whole outline of a country fits one cell; Python's own limit of 128 kB does not hold it.
csv.field_size_limit(LARGEST_CELL)


def read_delimited(path: Path, *, required: tuple[str, ...]) -> Raw:
    """Return the table in `path`, delimited by commas, semicolons or tabs, with a header line.

    Raises UnreadableFile where the file is missing, empty, no text, damaged, or lacks a column of
    `required`.
    """
    head = read_head(path)
    encoding = _encoding_of_head(path.name, head)
    # The header is looked at before the rest is read: a long file of noise ends here.
    first = head.decode(encoding or _likely(head), errors="replace")
    delimiter, _ = _header(path.name, first, required, is_whole=len(head) < HEAD_BYTES)
    text, remarks = _decode(path.name, path.read_bytes(), encoding)
    if delimiter != ",":
        remarks.append(f"cells are divided by {DELIMITERS[delimiter]}")
    return _parse(path.name, text, delimiter, required, remarks)


def read_head(path: Path) -> bytes:
    """Return the first megabyte of `path`; raises UnreadableFile where there is none."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        reason = (error.strerror or "cannot be opened").lower()
        raise UnreadableFile(path.name, reason, next_move=f"put a readable file at {path}") from error
    if not head.strip() or head in {bom for bom, _, _ in _BOMS}:
        raise UnreadableFile(path.name, "is empty", next_move="fetch the file again from its publisher")
    return head


def _encoding_of_head(name: str, head: bytes) -> str | None:
    """Return the encoding a byte-order mark names, None without one; refuse what is no text."""
    for signature, what, next_move in _OTHER_FORMATS:
        if head.lstrip().startswith(signature):
            raise UnreadableFile(name, f"is {what}, not a text table", next_move=next_move)
    for bom, encoding, _ in _BOMS:
        if head.startswith(bom):
            return encoding
    noise = len(head) - len(head.translate(None, _CONTROL))
    if b"\0" in head or noise > _SHARE_OF_NOISE * len(head):
        raise UnreadableFile(
            name, "is not text, or is damaged", next_move="fetch it again, or save it as CSV in UTF-8"
        )
    return None


def _likely(head: bytes) -> str:
    """Return the encoding of a file's beginning; the last letter may be cut in two."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decode(name: str, data: bytes, encoding: str | None) -> tuple[str, list[str]]:
    """Return the text of `data` and what is unusual about its encoding."""
    if encoding is not None:
        label = next(label for bom, _, label in _BOMS if data.startswith(bom))
        try:
            return _without_nul(name, data.decode(encoding)), [f"read as {label}"]
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                name, f"is damaged: {label} breaks off at byte {error.start}", next_move="fetch it again"
            ) from error
    try:
        return _without_nul(name, data.decode("utf-8")), []
    except UnicodeDecodeError as error:
        _refuse_mixed(name, data, error.start)
    # Five bytes have no letter in Windows-1252; Latin-1 gives every byte one.
    try:
        return _without_nul(name, data.decode("cp1252")), ["not UTF-8; read as Windows-1252"]
    except UnicodeDecodeError:
        return _without_nul(name, data.decode("latin-1")), ["not UTF-8; read as Latin-1"]


def _refuse_mixed(name: str, data: bytes, start: int) -> None:
    """Refuse a file that is mostly UTF-8: read as Windows-1252 its good letters would be spoilt."""
    good = sum(len(letter) for letter in _UTF8_LETTER.findall(data))
    if good * 2 > len(_NOT_ASCII.findall(data)):
        line = data.count(b"\n", 0, start) + 1
        raise UnreadableFile(
            name,
            "a letter here is not UTF-8, though others in the file are",
            line=line,
            next_move="correct the letter, or save the whole file as UTF-8",
        )


def _without_nul(name: str, text: str) -> str:
    at = text.find("\0")
    if at >= 0:
        raise UnreadableFile(
            name,
            "a NUL byte, so the file is damaged",
            line=text.count("\n", 0, at) + 1,
            next_move="fetch it again",
        )
    return text


def _rows(name: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(
            name,
            f"the row that starts here cannot be read ({error})",
            line=line,
            next_move='close its quoted cells, and double each quote inside one ("")',
        ) from error


def _header(
    name: str, text: str, required: tuple[str, ...], *, is_whole: bool = True
) -> tuple[str, list[str]]:
    """Return the delimiter under which most required columns are found, and the header's cells."""
    if not is_whole and "\n" not in text and "\r" not in text:
        raise UnreadableFile(
            name, "has no line end in its first megabyte", next_move="check that it is a text table"
        )
    best: tuple[tuple[int, int], str, list[str]] | None = None
    for delimiter in DELIMITERS:
        try:
            cells = next((row for _, row in _rows(name, text, delimiter) if any(c.strip() for c in row)), [])
        except UnreadableFile:
            if delimiter == "\t" and best is None:
                raise
            continue
        cells = [cell.strip() for cell in cells]
        score = (len(set(cells) & set(required)), len(cells))
        if best is None or score > best[0]:
            best = (score, delimiter, cells)
    assert best is not None  # the last delimiter either gave one or raised
    check_columns(name, best[2], required)
    return best[1], best[2]


def check_columns(name: str, columns: list[str], required: tuple[str, ...]) -> None:
    """Raise UnreadableFile where `columns` holds a name twice or lacks one of `required`."""
    twice = [column for column, times in Counter(columns).items() if column and times > 1]
    if twice:
        raise UnreadableFile(
            name, f"has the column {twice[0]!r} twice", next_move="rename or remove one of the two"
        )
    lacking = [column for column in required if column not in columns]
    if lacking:
        found = ", ".join(column[:40] for column in columns[:12])
        raise UnreadableFile(
            name,
            f"lacks the column{'s' if len(lacking) > 1 else ''} {', '.join(lacking)}",
            next_move=f"check that it is the right file and format; it begins with the columns {found}",
        )


def _parse(name: str, text: str, delimiter: str, required: tuple[str, ...], remarks: list[str]) -> Raw:
    rows = _rows(name, text, delimiter)
    header: list[str] = []
    for _, cells in rows:
        if any(cell.strip() for cell in cells):
            header = [cell.strip() for cell in cells]
            break
    check_columns(name, header, required)
    columns = [cell or f"(column {place})" for place, cell in enumerate(header, start=1)]
    return _gather(rows, columns, remarks)


def _gather(rows: Iterator[tuple[int, list[str]]], columns: list[str], remarks: list[str]) -> Raw:
    """Return the rows as one frame; built in pieces, since text is smaller there than in lists."""
    width, empty = len(columns), 0
    pieces, pending = [_piece([], columns)], []
    lines: list[int] = []
    faults: list[Fault] = []
    for line, row in rows:
        if len(row) != width:
            if not any(cell.strip() for cell in row):
                empty += 1
                continue
            faults.append(_ragged(len(lines), row, width))
            row = [*row[:width], *[""] * (width - len(row))]
        elif not row[0].strip() and not any(cell.strip() for cell in row):
            empty += 1
            continue
        lines.append(line)
        pending.append(row)
        if len(pending) >= _CHUNK_ROWS:
            pieces.append(_piece(pending, columns))
            pending = []
    pieces.append(_piece(pending, columns))
    if empty:
        remarks = [*remarks, f"{empty} row{'s' if empty > 1 else ''} without any value skipped"]
    frame = pd.concat(pieces, ignore_index=True)
    return Raw(frame, np.array(lines, dtype=np.int64), "; ".join(remarks) or None, tuple(faults))


def _piece(rows: list[list[str]], columns: list[str]) -> pd.DataFrame:
    cells: Iterable[tuple[str, ...]] = zip(*rows, strict=True) if rows else ((),) * len(columns)
    arrays = [pd.array(column, dtype="str") for column in cells]
    return pd.DataFrame(dict(zip(columns, arrays, strict=True)))


def _ragged(position: int, row: list[str], width: int) -> Fault:
    return Fault(
        position,
        f"a row of {len(row)} cells under a header of {width}; give it {width}, "
        "and quote cells that hold a delimiter",
        tuple(row),
    )
