"""A day in the forms that people and programs write: 2026-05-03, 03/05/2026, 3 mai 2026, a number of Excel.

Whether 03/05/2026 is 3 May or 5 March only another date of the same file may say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from typing import Final

import pandas as pd

from pipelines.reading.parsers import FIRST_YEAR, LAST_YEAR, Parser

_ISO: Final = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[t ].*)?", re.ASCII)
_PARTS: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[t ,].*)?", re.ASCII)
_DAY_WORD: Final = re.compile(r"(\d{1,2})(?:er)?[ .-]+([a-z]+)\.?[ ,.-]+(\d{4})\b.*", re.ASCII)
_WORD_DAY: Final = re.compile(r"([a-z]+)\.? +(\d{1,2}),? +(\d{4})\b.*", re.ASCII)
_SERIAL: Final = re.compile(r"[2-7]\d{4}(?:\.\d+)?", re.ASCII)
_EXCEL_ZERO: Final = date(1899, 12, 30)
# In English and French, without accents; each by its first letters.
_MONTHS: Final = (
    ("jan",),
    ("feb", "fev"),
    ("mar",),
    ("apr", "avr"),
    ("may", "mai"),
    ("jun", "juin"),
    ("jul", "juil"),
    ("aug", "aou"),
    ("sep",),
    ("oct",),
    ("nov",),
    ("dec",),
)


class Order(Enum):
    """Which comes first in dates of two small numbers and a year."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    UNKNOWN = "not known"


def order_of(cells: Iterable[str]) -> Order:
    """Return the order that the dates among `cells` show; not known where none does, or they disagree.

    >>> order_of(["03/05/2026", "25/05/2026"]), order_of(["03/05/2026"])
    (<Order.DAY_FIRST: 'day first'>, <Order.UNKNOWN: 'not known'>)
    """
    found = set()
    for cell in cells:
        if parts := _PARTS.fullmatch(cell.strip()):
            first, second = int(parts[1]), int(parts[2])
            found |= {Order.DAY_FIRST} if first > 12 else set()
            found |= {Order.MONTH_FIRST} if second > 12 else set()
    return found.pop() if len(found) == 1 else Order.UNKNOWN


def day_of(cell: str, order: Order = Order.UNKNOWN) -> date | None:
    """Return the day that `cell` names, None where it names none or may name two.

    >>> day_of("2026-05-03T10:00:00.000+02:00"), day_of("3 mai 2026"), day_of("03/05/2026")
    (datetime.date(2026, 5, 3), datetime.date(2026, 5, 3), None)
    """
    text = _plain(cell)
    if match := _ISO.fullmatch(text):
        return _day(*(int(part) for part in match.groups()))
    if match := _PARTS.fullmatch(text):
        return _of_parts(*(int(part) for part in match.groups()), order=order)
    if match := _DAY_WORD.fullmatch(text):
        return _day(int(match[3]), _month(match[2]), int(match[1]))
    if match := _WORD_DAY.fullmatch(text):
        return _day(int(match[3]), _month(match[1]), int(match[2]))
    if _SERIAL.fullmatch(text):
        return _EXCEL_ZERO + timedelta(days=int(float(text)))
    return None


def why_no_day(cell: str) -> str:
    """Return why `day_of` gives None for `cell`, in words that go on after its value."""
    if parts := _PARTS.fullmatch(_plain(cell)):
        first, second, year = (int(part) for part in parts.groups())
        if _day(year, second, first) and _day(year, first, second):
            one, other = f"{year}-{second:02}-{first:02}", f"{year}-{first:02}-{second:02}"
            return f"a date that may mean two days; write {one} or {other}"
    return "not a date; write YYYY-MM-DD"


def _plain(cell: str) -> str:
    parted = unicodedata.normalize("NFKD", cell.strip().lower())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def _of_parts(first: int, second: int, year: int, *, order: Order) -> date | None:
    by_day, by_month = _day(year, second, first), _day(year, first, second)
    if by_day is None or by_month is None or by_day == by_month:
        return by_day or by_month
    return {Order.DAY_FIRST: by_day, Order.MONTH_FIRST: by_month}.get(order)


def _month(word: str) -> int:
    return next((number for number, starts in enumerate(_MONTHS, 1) if word.startswith(starts)), 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _to_day(cell: str) -> pd.Timestamp | None:
    found = day_of(cell)
    return None if found is None else pd.Timestamp(found)


written_day: Final = Parser("datetime64[us]", _to_day, why_no_day)
