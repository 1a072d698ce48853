"""One cell of text to one value: what a publisher wrote, as a number, a day, a flag.

A parser never raises on content: what it cannot read becomes missing, and `explain` says why in
words that go on after "lon is 'x', …". Blank cells are missing without a reason,
unless the parser says what a blank stands for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import pandas as pd

MINUS: Final = "\N{MINUS SIGN}"
LARGEST_WHOLE: Final = 2**63 - 1
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,19}(\.0*)?", re.ASCII)
_COMMA = re.compile(r"([+-]?\d+),(\d+)", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YES: Final = frozenset({"yes", "true", "1", "oui"})
_NO: Final = frozenset({"no", "false", "0", "non"})


@dataclass(frozen=True)
class Parser:
    """How the cells of one column are read.

    `one` turns a stripped, non-empty cell into a value or None; `explain` says why None came out.
    `blank` is the value of a blank cell.
    `may_drop` marks a parser that leaves out cells on purpose: missing is then no fault.
    """

    dtype: Any
    one: Callable[[str], Any]
    explain: Callable[[str], str]
    may_drop: bool = False
    blank: Any = None

    def parse(self, cells: pd.Series) -> pd.Series:
        """Return the values of `cells`, same length and order; each distinct text is read once."""
        codes, texts = pd.factorize(cells.fillna(""))
        values = [self.one(text) if text else self.blank for text in (str(t).strip() for t in texts)]
        array: Any = pd.array(values, dtype=self.dtype) if self.dtype is not object else _objects(values)
        return pd.Series(array.take(codes), index=cells.index)


def _objects(values: list[Any]) -> Any:
    return pd.Series(values, dtype=object).array


def _same(cell: str) -> str:
    return cell


def _to_number(cell: str, *, comma_is_decimal: bool = False) -> float | None:
    cell = cell.replace(MINUS, "-")
    comma = _COMMA.fullmatch(cell)
    if comma and (comma_is_decimal or not _may_be_thousands(*comma.groups())):
        cell = ".".join(comma.groups())
    if not _NUMBER.fullmatch(cell):
        return None
    return float(cell)


def _may_be_thousands(whole: str, rest: str) -> bool:
    """Return whether '1,234' could mean 1234; '0,500' and '12,5' cannot.

    >>> _may_be_thousands("1", "234"), _may_be_thousands("0", "500"), _may_be_thousands("12", "5")
    (True, False, False)
    """
    digits = whole.lstrip("+-")
    return len(rest) == 3 and len(digits) <= 3 and not digits.startswith("0")


def _to_degrees(cell: str) -> float | None:
    return _to_number(cell, comma_is_decimal=True)


def _to_whole(cell: str) -> int | None:
    cell = cell.replace(MINUS, "-")
    if not _WHOLE.fullmatch(cell):
        return None
    value = int(cell.split(".")[0])
    return value if abs(value) <= LARGEST_WHOLE else None


def _to_day(cell: str) -> pd.Timestamp | None:
    if not _ISO_DAY.fullmatch(cell):
        return None
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        return None
    return pd.Timestamp(day) if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _to_flag(cell: str) -> bool | None:
    word = cell.lower()
    if word in _YES:
        return True
    return False if word in _NO else None


def _why_no_number(cell: str) -> str:
    comma = _COMMA.fullmatch(cell.replace(MINUS, "-"))
    if comma:
        whole, rest = comma.groups()
        return f"a number with a comma that may mean two things; write {whole}{rest} or {whole}.{rest}"
    return "not a number; write 12.5"


def _why_no_day(cell: str) -> str:
    if not _ISO_DAY.fullmatch(cell):
        return "not a date; write YYYY-MM-DD"
    if not FIRST_YEAR <= int(cell[:4]) <= LAST_YEAR:
        return f"a date outside {FIRST_YEAR}–{LAST_YEAR}; correct the year"
    return "no day of the calendar; write YYYY-MM-DD"


text: Final = Parser(pd.StringDtype(), _same, lambda cell: "no text")
number: Final = Parser(pd.Float64Dtype(), _to_number, _why_no_number)
degrees: Final = Parser(pd.Float64Dtype(), _to_degrees, lambda cell: "no decimal degrees; write -10.7012")
whole: Final = Parser(pd.Int64Dtype(), _to_whole, lambda cell: "not a whole number; write 8000")
day: Final = Parser("datetime64[us]", _to_day, _why_no_day)
flag: Final = Parser(pd.BooleanDtype(), _to_flag, lambda cell: "neither yes nor no; write yes or no")

yes_unless_no: Final = replace(flag, blank=True)
no_unless_yes: Final = replace(flag, blank=False)


def words(known: Mapping[str, str]) -> Parser:
    """Return a parser that turns a publisher's word into our code; other words are a fault.

    >>> words({"C.U.P.": "CUP"}).explain("X")
    'no word known here; known are C.U.P.'
    """
    allowed = ", ".join(known)
    return Parser(pd.StringDtype(), known.get, lambda cell: f"no word known here; known are {allowed}")


def dropping(rule: Callable[[str], str | None]) -> Parser:
    """Return a text parser that leaves out, without a fault, each cell for which `rule` gives None."""
    return Parser(pd.StringDtype(), rule, lambda cell: "left out", may_drop=True)
