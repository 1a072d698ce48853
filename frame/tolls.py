"""Who gave which number of deaths, as text for cards and tables; never a mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from frame import formats
from frame.formats import named, number
from risk.escaping import for_markdown
from risk.texts import spoken
from risk.texts import translate as _


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
    deaths = formats.spread(row["killed_low"], row["killed_best"], row["killed_high"])
    if not is_contested(row):
        return deaths
    return f"**{deaths}** – {_said(row, claims, for_markdown)}"


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
    said += [_("nobody is named for {number}").format(number=one) for one in unnamed]
    return "; ".join(said)


def claim(one: Mapping[Any, Any]) -> str:
    """Return one claim as Markdown: `Police: at least 5`."""
    return _claim(one, for_markdown)


def _claim(one: Mapping[Any, Any], escaped: Callable[[Any], str]) -> str:
    is_french = spoken() == "fr" and pd.notna(one["claimant_fr"])
    claimant = escaped(one["claimant_fr" if is_french else "claimant"])
    return named(claimant, _figure(one["killed"], str(one["bound"])))


def _figure(killed: Any, bound: str) -> str:
    texts = {
        "exactly": "{number}",
        "at least": _("at least {number}"),
        "about": _("about {number}"),
        "up to": _("up to {number}"),
    }
    return texts[bound].format(number=number(killed))


def claim_rows(claims: pd.DataFrame) -> pd.DataFrame:
    """Return claims for a table: incident_id, claimant and figure in the reader's language, citation_rank."""
    rows = claims.to_dict("records")
    is_french = spoken() == "fr"
    return pd.DataFrame(
        {
            "incident_id": [row["incident_id"] for row in rows],
            "claimant": [row["claimant_fr" if is_french else "claimant"] for row in rows],
            "figure": [_figure(row["killed"], str(row["bound"])) for row in rows],
            "citation_rank": pd.array([row["citation_rank"] for row in rows], dtype="Int64"),
        }
    )
