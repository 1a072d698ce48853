"""What a check found, as a person reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from pipelines.checks.checking import Checked

SHOWN_ROWS: Final = 10
_SHOWN_LETTERS: Final = 60
_OUTLINE: Final = re.compile(r"(MULTI)?(POLYGON|POINT|LINESTRING)\b", re.IGNORECASE)
_COUNTS: Final = {1: "it", 2: "both"}


def fault_sentence(column: str | None, value: str | None, reason: str) -> str:
    """Return one broken promise as a clause.

    >>> fault_sentence("date_start", "31/02/2025", "not a date; write YYYY-MM-DD")
    "date_start is '31/02/2025', not a date; write YYYY-MM-DD"
    >>> fault_sentence("name", None, "empty; a value must be given")
    'name is empty; a value must be given'
    """
    if column is None or pd.isna(column):
        return reason
    if value is None or pd.isna(value):
        return f"{column} is {reason}"
    short = value if len(value) <= _SHOWN_LETTERS else f"{value[: _SHOWN_LETTERS - 1]}…"
    return f"{column} is {short if _OUTLINE.match(short) else repr(short)}, {reason}"


def summary(checked: Checked, *, is_built: bool = True) -> str:
    """Return what became of the file's rows, with the first faults by line; no line end at the end.

    Where a release is built of them, `is_built`, the last line says how to see the rows whole.
    """
    return "\n".join([_headline(checked), *_fault_lines(checked, is_built=is_built)])


def _headline(checked: Checked) -> str:
    rows, bad = checked.rows_in, checked.rows_rejected
    said = f"; {checked.remarks}" if checked.remarks else ""
    if checked.state == "none_found":
        return f"{checked.file}: a header and no row; nothing to take{said}"
    unit = "row" if rows == 1 else "rows"
    if not bad:
        return f"{checked.file}: {rows} {unit}, all taken{said}"
    verbs = "breaks its contract and was" if bad == 1 else "break their contract and were"
    taken = "1 was" if rows - bad == 1 else f"{rows - bad} were"
    return f"{checked.file}: {bad} of {rows} {unit} {verbs} set aside; {taken} taken{said}"


def _fault_lines(checked: Checked, *, is_built: bool) -> list[str]:
    bad = checked.rows_rejected
    if not bad:
        return []
    first = sorted(checked.rejected["line"].unique())[:SHOWN_ROWS]
    shown = checked.rejected[checked.rejected["line"].isin(first)]
    told: list[dict[Any, Any]] = shown[["line", "column_name", "value", "reason"]].to_dict("records")
    lines = [
        f"  line {fault['line']}: {fault_sentence(fault['column_name'], fault['value'], fault['reason'])}"
        for fault in told
    ]
    if bad > SHOWN_ROWS:
        lines.append(f"  … and {bad - SHOWN_ROWS} more rows")
    if not is_built:
        return lines
    which = _COUNTS.get(bad, f"all {bad}")
    lines.append(
        f"  See {which} whole, as {'it' if bad == 1 else 'they'} came: cobalt rejected --table {checked.table}"
    )
    return lines
