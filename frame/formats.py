"""Numbers and dates as the reader's language writes them; absence by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

import pandas as pd
from babel.dates import format_date
from babel.numbers import format_decimal

from risk.texts import spoken
from risk.texts import translate as _
from risk.texts import translate_count as _n

# Length of a published date → what makes it a day, how precise it is.
_PUBLISHED: Final = {4: ("-01-01", "year"), 7: ("-01", "month"), 10: ("", "day")}


def _locale() -> str:
    # Day before month in both languages: 3/4 must not be read two ways.
    return "en_GB" if spoken() == "en" else spoken()


def number(value: Any, *, digits: int = 0) -> str:
    """Return a number with the language's separators, or the word for a value nobody reported."""
    if pd.isna(value):
        return _("not reported")
    return str(format_decimal(round(float(value), digits), locale=_locale()))


def on_record(count: Any) -> str:
    """Return a number of records; where there is none, that none is on record."""
    return number(count) if count else _("none on record")


def day(value: Any) -> str:
    """Return a date in the language's medium form, or the word for a date nobody reported."""
    if pd.isna(value):
        return _("not reported")
    return str(format_date(pd.Timestamp(value).date(), format="medium", locale=_locale()))


def as_published(value: str) -> str:
    """Return a date written `2020`, `2020-01` or `2020-01-31` in words, no finer than it came; else as it stands."""
    rest, precision = _PUBLISHED.get(len(value), ("", "day"))
    try:
        found = date.fromisoformat(value + rest)
    except ValueError:
        return value
    return interval(found, found, precision)


def short_day(value: Any) -> str:
    """Return a date short enough for the axis of a small chart: `23 Nov 24`."""
    return str(format_date(pd.Timestamp(value).date(), format="d MMM yy", locale=_locale()))


def interval(start: date | datetime, end: date | datetime, precision: str) -> str:
    """Return an interval of dates no finer than its precision: a day, a month, a year, or from–to."""
    if precision == "year":
        return str(start.year)
    if precision == "month":
        return str(format_date(start, format="LLLL y", locale=_locale()))
    if precision == "quarter":
        return f"{_('Q')}{(start.month - 1) // 3 + 1} {start.year}"
    return day(start) if start == end else f"{day(start)} – {day(end)}"


def spread(low: Any, best: Any, high: Any) -> str:
    """Return a figure with its published range: `12 (11–12)`; never a mean.

    A range whose ends agree is not printed.
    """
    if pd.isna(best):
        return (
            _("not reported")
            if pd.isna(low) and pd.isna(high)
            else f"{number(low)}–{number(high)} ({_('contested')})"
        )
    if pd.isna(low) or pd.isna(high) or (low == best == high):
        return number(best)
    return f"{number(best)} ({number(low)}–{number(high)})"


def bounds(low: Any, high: Any) -> str:
    """Return a range that was published without a best figure: `2,000–3,000`, `at least 2,000`."""
    if pd.isna(high):
        return _("at least {number}").format(number=number(low))
    if pd.isna(low):
        return _("at most {number}").format(number=number(high))
    return f"{number(low)}–{number(high)}"


def named(label: str, value: str) -> str:
    """Return `label: value`, with the space that the reader's language puts before a colon."""
    return _("{label}: {value}").format(label=label, value=value)


def several(parts: Iterable[str]) -> str:
    """Return `parts` one after the other, with the space that the reader's language puts before a semicolon."""
    return ("\u00a0; " if spoken() == "fr" else "; ").join(parts)


def told(row: Mapping[Any, Any], name: str) -> str:
    """Return what `row` tells under `name` in the reader's language, in English where the French is missing."""
    is_french = spoken() == "fr" and pd.notna(row[f"{name}_fr"])
    return str(row[f"{name}_fr" if is_french else name])


def distance(metres: Any) -> str:
    """Return a distance in metres below one kilometre, else in kilometres."""
    if pd.isna(metres):
        return _("distance not known")
    return f"{number(metres)} m" if metres < 1000 else f"{number(metres / 1000, digits=1)} km"


def worded(row: Mapping[Any, Any], name: str) -> str:
    """Return the text of `row` that ends in the reader's language (`title_en`, `title_fr`), else the English one."""
    is_there = pd.notna(row[f"{name}_{spoken()}"])
    return str(row[f"{name}_{spoken() if is_there else 'en'}"])


def clock(days_left: Any) -> str:
    """Return how long it is until a day that is due: `12 days left`, `3 days overdue`, `due on this day`."""
    if pd.isna(days_left):
        return _("no due day on record")
    days = abs(int(days_left))
    if days == 0:
        return _("due on this day")
    if days_left > 0:
        return _n("{count} day left", "{count} days left", days).format(count=number(days))
    return _n("{count} day overdue", "{count} days overdue", days).format(count=number(days))


def percent(value: Any) -> str:
    """Return a share in percent, with the space before the sign that does not break."""
    return f"{number(value)}\u00a0%"
