"""Figures on the method in words: a value with its interval, and when, how often and by which method."""

from __future__ import annotations

from typing import Any

import pandas as pd

from frame.formats import day, number
from frame.hotspot_words import decimal
from frame.opening import Opened
from risk.method import METHOD
from risk.texts import translate as _
from risk.texts import translate_count as _n
from warehouse import methods

# Figures that are no part of a whole.
_RATIOS = frozenset(
    {
        "rank correlation with the true rate",
        "rank correlation with the age of the latest visit",
        "PAI",
        "PEI*",
        "true rate there, relative to the belt",
    }
)


def one(rows: pd.DataFrame, setting: str, figure: str) -> dict[str, Any] | None:
    """Return the row of one figure, or None where it was not measured."""
    found = rows[(rows["setting"] == setting) & (rows["figure"] == figure)]
    return None if found.empty else {str(name): value for name, value in found.iloc[0].items()}


def per_cent(row: dict[str, Any] | None) -> str:
    """Return a part with its interval: `92 % (85–97)`; a rank correlation as `0.34 (0.31–0.37)`.

    All or none of the cases has no interval that could be drawn from them: `100 % (on 10 made editions)`.
    """
    if row is None:
        return _("not measured")
    if row["figure"] in _RATIOS:
        ends = f"{decimal(row['low'], 2)}–{decimal(row['high'], 2)}"
        return f"{decimal(row['value'], 2)} ({ends})"
    if has_no_width(row):
        return f"{_part(row['value'])}\u00a0% ({on_editions(row)})"
    return f"{_part(row['value'])}\u00a0% ({_part(row['low'])}–{_part(row['high'])})"


def has_no_width(row: dict[str, Any]) -> bool:
    """Return whether the figure is all or none of the cases, so that drawing them anew gives no interval."""
    return bool(row["low"] == row["high"] and row["value"] in (0, 1))


def on_editions(row: dict[str, Any]) -> str:
    """Return on how many made editions a figure was measured."""
    count = int(row["runs"])
    return _n("on {count} made edition", "on {count} made editions", count).format(count=number(count))


def of_hundred(value: Any) -> str:
    """Return a part as how many of 100."""
    return _part(value)


def _part(value: Any) -> str:
    """Return a part of 1 in percent; only none is 0, and only all is 100."""
    per_hundred = 100 * float(value)
    if 0 < per_hundred < 0.05:
        return _("under {number}").format(number=number(0.1, digits=1))
    if 99.95 < per_hundred < 100:
        return _("over {number}").format(number=number(99.9, digits=1))
    is_whole = 9.5 <= per_hundred <= 99.5 or per_hundred in (0, 100)
    return number(per_hundred, digits=0 if is_whole else 1)


def other_method(rows: pd.DataFrame) -> str | None:
    """Return by which method figures were measured where it is not that of this release, else None."""
    versions = sorted(set(rows["method_version"]) - {METHOD.version})
    if not versions:
        return None
    return _("measured by method {version}; this release was made by method {own}").format(
        version=", ".join(versions), own=METHOD.version
    )


def false_alarms_where_uneven(null: pd.DataFrame) -> float | None:
    """Return the part of made maps without excess, reporting uneven, where reports against workers passed; or None."""
    is_of_it = null["setting"].str.contains("uneven", regex=False) & (null["figure"] == "any flag, rate")
    rows = null[is_of_it]
    return None if rows.empty else float((rows["value"] * rows["runs"]).sum() / rows["runs"].sum())


def measured(rows: pd.DataFrame, *, has_brackets: bool = True) -> str:
    """Return when and by which method figures were measured, over how many runs; warns of another method.

    `has_brackets`: an interval stands beside each figure.
    """
    first = rows.iloc[0]
    most = int(rows["runs"].max())
    parts = [
        _n("{count} made map or edition", "{count} made maps or editions", most).format(count=number(most)),
        _("method {version}").format(version=first["method_version"]),
        _("measured on {day}").format(day=day(first["measured_on"])),
        *([_("in brackets the 90 % interval")] if has_brackets else []),
    ]
    if set(rows["method_version"]) != {METHOD.version}:
        parts.append(_("this release was made by method {version}").format(version=METHOD.version))
    return " · ".join(parts)


def of(opened: Opened, test: str) -> pd.DataFrame:
    """Return the figures of one test that this release holds."""
    return methods.figures(opened.release, test)
