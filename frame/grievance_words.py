"""Grievances in words: each is called an allegation, with its state; days, and the place among assessments."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from frame import formats
from frame.formats import number
from risk.grievances import PLACEMENTS
from risk.progress_words import ENTITY_KINDS, GRIEVANCE_STATUSES
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n

CAVEAT: Final = mark(
    "A grievance is an allegation. Its state says how far the inquiry has come; none says that the allegation is "
    "true, and one that was closed or found out of scope is not thereby untrue. No person is named."
)


def label(row: dict[Any, Any]) -> str:
    """Return that it is an allegation, and its state."""
    return _("allegation · {state}").format(state=_(GRIEVANCE_STATUSES[row["status"]]))


def entity(row: dict[Any, Any]) -> str:
    """Return whom it is about: a site or refiner by the name in our own tables, all else by its id."""
    name = row["entity_id"] if pd.isna(row["entity"]) else row["entity"]
    return f"{name} ({_(ENTITY_KINDS[row['entity_kind']])})"


def alleged(row: dict[Any, Any]) -> str:
    """Return when the event is alleged to have happened, an end that is not known in words."""
    start, end = row["alleged_start"], row["alleged_end"]
    received = formats.day(row["received_on"])
    if pd.notna(start) and pd.notna(end):
        return formats.interval(start, end, "day")
    if pd.notna(start):
        return _("{day} or later, end not known; reported on {received}").format(
            day=formats.day(start), received=received
        )
    if pd.notna(end):
        return _("up to {day}, beginning not known").format(day=formats.day(end))
    return _("not known; reported on {received}").format(received=received)


def took(days: Any) -> str:
    """Return a number of days, or that there was no such step."""
    if pd.isna(days):
        return _("no such step")
    return _n("{count} day", "{count} days", int(days)).format(count=number(days))


def since(row: dict[Any, Any]) -> str:
    """Return how long it has been open, or that it has ended."""
    return _("ended") if pd.isna(row["days_open"]) else took(row["days_open"])


def placement(row: dict[Any, Any]) -> str:
    """Return where the alleged event lies among assessments."""
    if pd.isna(row["placement"]):
        return _("not known")
    said, within = _(PLACEMENTS[row["placement"]]), row["assessments_within"]
    if row["placement"] != "cannot_be_told" or not within:
        return said
    return _n(
        "{said}; {count} assessment may lie within it",
        "{said}; {count} assessments may lie within it",
        int(within),
    ).format(said=said, count=number(within))


def running(row: dict[Any, Any]) -> str:
    """Return how many actions ran when the alleged event began."""
    if row["entity_kind"] != "site":
        return _("actions are on record for sites only")
    if pd.isna(row["open_actions"]):
        return _("not known: the beginning of the event is not")
    return formats.on_record(row["open_actions"])


def last_before(row: dict[Any, Any]) -> str:
    """Return the last assessment before the alleged event, and how long before."""
    if pd.isna(row["last_before_on"]):
        is_vague = pd.isna(row["alleged_start"])
        return _("not known: the beginning of the event is not") if is_vague else _("none on record")
    return _n(
        "{day}, {count} day before the event",
        "{day}, {count} days before the event",
        int(row["days_since_last"]),
    ).format(day=formats.day(row["last_before_on"]), count=number(row["days_since_last"]))


def next_after(row: dict[Any, Any]) -> str:
    """Return the next assessment after the alleged event, and how long after."""
    if pd.isna(row["next_after_on"]):
        return _("none on record")
    day = formats.day(row["next_after_on"])
    if pd.isna(row["days_to_next"]):
        return _("{day}; how long after is not known, for the end of the event is not").format(day=day)
    return _n(
        "{day}, {count} day after the event", "{day}, {count} days after the event", int(row["days_to_next"])
    ).format(day=day, count=number(row["days_to_next"]))
