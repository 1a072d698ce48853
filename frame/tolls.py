"""Who gave which number of deaths, as text for cards and tables; never a mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from frame import formats
from frame.formats import named, number
from risk.escaping import for_markdown
from risk.texts import mark, spoken
from risk.texts import translate as _

# Notes of the open edition's claims; any other is told as it stands.
NOTES: Final = (
    mark("first count; below the range of the record"),
    mark("people buried"),
    mark("provisional, the day after"),
)


def is_contested(row: Mapping[Any, Any]) -> bool:
    """Return whether the published range of an incident is open (its ends differ)."""
    low, high = (
        row["killed_best"] if pd.isna(row[end]) else row[end] for end in ("killed_low", "killed_high")
    )
    if pd.isna(low) and pd.isna(high):
        return False
    return bool(pd.isna(low) or pd.isna(high) or low != high)


def toll(row: Mapping[Any, Any], claims: pd.DataFrame) -> str:
    """Return the deaths of an incident with its range and who gave which figure, as Markdown.

    `row` has killed_low, killed_best, killed_high; `claims` follows `TollClaims` and may hold other
    incidents' rows too. An end of the range that nobody is named for is said so.
    """
    if not is_contested(row):
        return deaths(row)
    return f"**{deaths(row)}** – {_said(row, claims, for_markdown)}"


def deaths(row: Mapping[Any, Any]) -> str:
    """Return the deaths of an incident with their range; where it begins at 0, that any death is disputed."""
    low, best, high = (row[f"killed_{end}"] for end in ("low", "best", "high"))
    if pd.isna(low) or low != 0 or not is_contested(row):
        return formats.spread(low, best, high)
    figure = formats.bounds(low, high) if pd.isna(best) else formats.spread(low, best, high)
    return _("{deaths}, deaths disputed").format(deaths=figure)


def who(row: Mapping[Any, Any], claims: pd.DataFrame) -> str:
    """Return who gave which figure as plain text for a table; `row` and `claims` are those of `toll`."""
    return _said(row, claims, str)


def _said(row: Mapping[Any, Any], claims: pd.DataFrame, escaped: Callable[[Any], str]) -> str:
    mine = claims[claims["incident_id"] == row["incident_id"]].sort_values(["killed", "claim_id"])
    if mine.empty:
        return _("the sources at hand do not say who gave which figure")
    said = [_claim(one, escaped) for one in mine.to_dict("records")]
    unnamed = [
        number(row[end])
        for end in ("killed_low", "killed_high")
        if pd.notna(row[end]) and not mine["killed"].eq(row[end]).any()
    ]
    said += [_("nobody named for {number}").format(number=one) for one in unnamed]
    return formats.several(said)


def claim(one: Mapping[Any, Any]) -> str:
    """Return one claim as Markdown: `Police: at least 5`."""
    return _claim(one, for_markdown)


def _claim(one: Mapping[Any, Any], escaped: Callable[[Any], str]) -> str:
    is_french = spoken() == "fr" and pd.notna(one["claimant_fr"])
    claimant = escaped(one["claimant_fr" if is_french else "claimant"])
    figure = _figure(one["killed"], str(one["bound"]))
    # What the figure counts, or why it lies outside the printed range: without it a reader takes it for deaths.
    noted = "" if pd.isna(one["note"]) else f" ({escaped(_(str(one['note'])))})"
    return f"{named(claimant, figure)}{noted}"


def _figure(killed: Any, bound: str) -> str:
    texts = {
        "exactly": "{number}",
        "at least": _("at least {number}"),
        "about": _("about {number}"),
        "up to": _("up to {number}"),
    }
    return texts[bound].format(number=number(killed))
