"""Sheets of an Excel workbook as they stand: all text, each row with its number in the sheet."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from pipelines.reading.text_tables import check_columns, read_head
from pipelines.source import Raw, Reader
from risk.errors import UnreadableFile

_SIGNATURES: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def workbook_reader(sheet: str | None) -> Reader:
    """Return a reader of the sheet named `sheet` (None: the first), whose first row that is not blank is the header.

    The reader raises UnreadableFile where the file is no workbook, is damaged, or lacks the sheet or a
    required column.
    """
    return partial(_read_sheet, sheet=sheet)


def is_workbook(path: Path) -> bool:
    """Return whether the file begins as an Excel workbook does. Raises UnreadableFile where there is none."""
    return read_head(path).startswith(_SIGNATURES)


def read_sheets(path: Path) -> dict[str, Raw]:
    """Return every sheet that has a row at all, by name; its first row that is not blank is the header.

    Raises UnreadableFile where the file is no workbook, or is damaged.
    """
    book = _opened(path)
    cells = {name: _cells(path, book, name) for name in book.sheet_names}
    return {
        name: _raw(path, name, rows, ())
        for name, rows in cells.items()
        if any(any(_as_text(cell) for cell in row) for row in rows)
    }


def _read_sheet(path: Path, *, required: tuple[str, ...], sheet: str | None) -> Raw:
    book = _opened(path)
    name = sheet or book.sheet_names[0]
    if name not in book.sheet_names:
        raise UnreadableFile(
            path.name,
            f"has no sheet {name!r}; it has {', '.join(book.sheet_names)}",
            next_move="check that it is the right workbook",
        )
    return _raw(path, name, _cells(path, book, name), required)


def _raw(path: Path, sheet: str, cells: list[list[Any]], required: tuple[str, ...]) -> Raw:
    rows = [[_as_text(cell) for cell in row] for row in cells]
    filled = [place for place, row in enumerate(rows) if any(row)]
    if not filled:
        raise UnreadableFile(path.name, f"has nothing in its sheet {sheet!r}", next_move="fetch it again")
    header = rows[filled[0]]
    check_columns(path.name, header, required)
    columns = [cell or f"(column {place})" for place, cell in enumerate(header, start=1)]
    body = filled[1:]
    frame = pd.DataFrame([rows[place] for place in body], columns=columns, dtype="str")
    return Raw(frame, np.array(body, dtype=np.int64) + 1)


def _opened(path: Path) -> CalamineWorkbook:
    if not is_workbook(path):
        raise UnreadableFile(path.name, "is no Excel workbook", next_move="fetch the .xlsx file again")
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError as error:
        raise UnreadableFile(path.name, "is locked by a password", next_move="save it without one") from error
    except (CalamineError, OSError) as error:
        raise _damaged(path, error) from error


def _cells(path: Path, book: CalamineWorkbook, sheet: str) -> list[list[Any]]:
    try:
        rows: list[list[Any]] = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        raise _damaged(path, error) from error
    return rows


def _damaged(path: Path, error: Exception) -> UnreadableFile:
    return UnreadableFile(path.name, f"is damaged or cut off ({error})", next_move="fetch the workbook again")


def _as_text(cell: Any) -> str:
    """Return a cell as a person would have typed it: 8000.0 as '8000', a day as '2019-05-15'.

    >>> _as_text(8000.0), _as_text(True), _as_text(datetime(2019, 5, 15))
    ('8000', 'yes', '2019-05-15')
    """
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, (date, time, timedelta)):
        return str(cell)
    return str(cell).strip()
