"""Refiners in words: a status with whose word it is and what it does not say, the cycle, and the day that is due."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from frame import countries, formats
from frame.formats import number
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import REFINER_KINDS, RMAP_STATUSES

CAVEAT: Final = mark(
    "A status is about one facility and the time before somebody looked at it. No lot of material was checked for "
    "it, and it is no guarantee that there is no risk."
)
# Beside every single status.
SHORT_CAVEAT: Final = mark("one facility, looking back; no check of material, no guarantee")
MEANINGS: Final[dict[str, str]] = {
    "conformant": mark("passed its assessment"),
    "active": mark("committed itself; the assessment is under way"),
    "cross_recognized": mark("the list counts an assessment under another scheme"),
    "eligible": mark("could be assessed; nothing else is implied"),
    "not_listed": mark("said to be on no list"),
    "removed": mark("stood on an earlier list and is off the later one, for whatever reason"),
    "not_reported": mark("nobody reported a status; this does not say that it was not assessed"),
}


def status(row: dict[Any, Any]) -> str:
    """Return the status as its label."""
    return _(RMAP_STATUSES[row["status"]])


def told_by(row: dict[Any, Any]) -> str:
    """Return whose word the status is and of when: a list, or a company or buyer."""
    if row["told_by"] == "list":
        return _("list of {day}").format(day=formats.day(row["seen_on"]))
    if row["told_by"] == "nobody":
        return _("nobody on record")
    if pd.isna(row["company_said_on"]):
        return _("a company or buyer, day not reported")
    return _("a company or buyer, {when}").format(when=formats.as_published(str(row["company_said_on"])))


def reported(row: dict[Any, Any]) -> Any:
    """Return the status in the word of whoever reported it; missing where nobody did."""
    return row["status_reported"] if row["told_by"] == "list" else row["company_word"]


def cycle(years: Any) -> str:
    """Return the years from one assessment to the next."""
    if pd.isna(years):
        return _("not reported")
    return _n("{count} year", "{count} years", int(years)).format(count=number(years))


def due(row: dict[Any, Any]) -> str:
    """Return the day on which the next assessment is due, and whether it was reckoned."""
    if row["status"] == "removed":
        return _("none: off the list")
    said = formats.day(row["next_due_on"])
    return _("{day} (reckoned from the cycle)").format(day=said) if row["is_reckoned"] else said


def left(days: Any) -> str:
    """Return the days left until a day, or the days since it has passed."""
    if pd.isna(days):
        return _("not known")
    if days < 0:
        return _n("passed {count} day ago", "passed {count} days ago", int(-days)).format(count=number(-days))
    return _n("{count} day left", "{count} days left", int(days)).format(count=number(days))


def tip(row: dict[Any, Any]) -> str:
    """Return what the map says of a refiner, its status never without what that does not say."""
    where = f"{countries.name(row['country'])}, {_(REFINER_KINDS[row['kind']])}"
    return f"{row['name']} – {where}. {formats.named(_('Status'), status(row))} ({_(SHORT_CAVEAT)})"
