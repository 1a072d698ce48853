"""The course of a site on one axis of time: assessments, visits, events, and each improvement action."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import canvas, cards, formats, sourcing, tables, watermark
from frame.formats import number
from frame.opening import Opened
from layers import courses
from risk.progress_words import ACTION_STATUSES, ASSESSMENT_KINDS, VERIFICATION_KINDS
from risk.texts import translate as _
from risk.vocabulary import CATEGORIES, VERIFICATIONS

# More lanes than a reader follows; the table holds them all.
_MOST: Final = 24
_COLUMNS: Final = ["lane", "kind", "starts_on", "ends_on", "said"]
_POINTS: Final = ("assessment", "visit", "event")


def show(
    opened: Opened,
    assessments: pd.DataFrame,
    visits: pd.DataFrame,
    events: pd.DataFrame,
    actions: pd.DataFrame,
) -> None:
    """Draw all that is dated at a site on one axis, the same as a table, and where it comes from."""
    st.header(_("All on one axis of time"), anchor=False)
    if all(rows.empty for rows in (assessments, visits, events, actions)):
        st.markdown(_("No assessment, visit, event or improvement action is on record here."))
        return
    as_of = pd.Timestamp(opened.release.as_of)
    days = [_assessments(assessments), _visits(visits), _events(events)]
    names = [_("Assessments"), _("Visits"), _("Reported events")]
    lanes = [
        name if rows else formats.named(name, _("none on record"))
        for name, rows in zip(names, days, strict=True)
    ]
    marks = [{**row, "lane": lane} for lane, rows in enumerate(days) for row in rows]
    dated = actions[actions[["started_on", "due_now_on", "resolved_on"]].notna().any(axis=1)]
    for row in dated.head(_MOST).to_dict("records"):
        marks += [{**one, "lane": len(lanes)} for one in action_marks(row, as_of)]
        lanes.append(f"{formats.worded(row, 'title')} ({_(ACTION_STATUSES[row['status']])})")
    frame = pd.DataFrame(marks, columns=_COLUMNS)
    said = formats.named(_("Day of the release"), formats.day(as_of))
    canvas.legend(courses.LEGEND)
    st.altair_chart(
        watermark.in_chart(courses.draw(lanes, frame, as_of, said)), width="stretch", alt=_alt(frame)
    )
    st.caption(said + ". " + _("The dashed line is that day; a dark stroke is the day an action is due."))
    _left_out(actions, dated)
    _table(frame, actions)
    sourcing.draw(
        opened,
        {
            "assessments": assessments["assessment_id"],
            "site_visits": visits["visit_id"],
            "improvement_actions": actions["action_id"],
        },
    )


def _left_out(actions: pd.DataFrame, dated: pd.DataFrame) -> None:
    if len(dated) > _MOST:
        st.caption(_("{count} more in the table below").format(count=number(len(dated) - _MOST)))
    if len(actions) > len(dated):
        st.caption(
            _("Actions without any day, which no axis can show: {count}").format(
                count=number(len(actions) - len(dated))
            )
        )


def action_marks(row: dict[Any, Any], as_of: pd.Timestamp) -> list[dict[str, Any]]:
    """Return what is drawn of an action: its course up to the day it is due, past it, and that day.

    A start or an end that nobody reported is not made up: what has one day alone is that day's stroke.
    """
    start, due, resolved = row["started_on"], row["due_now_on"], row["resolved_on"]
    is_aside = row["status"] in ("draft", "cancelled")
    end = due if is_aside else resolved if pd.notna(resolved) else as_of if row["is_open"] else pd.NaT
    said = f"{formats.worded(row, 'title')} – {_(ACTION_STATUSES[row['status']])}"
    found = []
    if pd.notna(start) and row["is_open"] and pd.notna(due):
        found.append(_mark("running", start, max(start, due), said))
    elif pd.notna(start) and pd.notna(end) and end > start:
        turn = end if is_aside or pd.isna(due) else min(end, max(start, due))
        kind = "aside" if is_aside else "resolved" if pd.notna(resolved) else "running"
        found.append(_mark(kind, start, turn, said))
    if not is_aside and pd.notna(due) and pd.notna(end) and end > due:
        late = _("{title}: past the day it was due, {day}").format(
            title=formats.worded(row, "title"), day=formats.day(due)
        )
        found.append(_mark("late", due if pd.isna(start) else max(start, due), end, late))
    if pd.notna(due):
        found.append(_mark("due", due, due, f"{said}, {_('due {day}').format(day=formats.day(due))}"))
    elif not found and pd.notna(start if pd.notna(start) else resolved):
        only = start if pd.notna(start) else resolved
        found.append(_mark("due", only, only, f"{said}, {formats.day(only)}"))
    return found


def _mark(kind: str, start: pd.Timestamp, end: pd.Timestamp, said: str) -> dict[str, Any]:
    return {"kind": kind, "starts_on": start, "ends_on": end, "said": said}


def _assessments(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        _mark(
            "assessment",
            row["assessed_on"],
            row["assessed_on"],
            f"{_(ASSESSMENT_KINDS[row['kind']])}, {formats.day(row['assessed_on'])}",
        )
        for row in rows.to_dict("records")
    ]


def _visits(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        _mark(
            "visit",
            row["visited_on"],
            row["visited_on"],
            f"{row['visitor']}, {formats.day(row['visited_on'])}"
            + ("" if row["is_on_site"] else f" ({_('asked from afar')})"),
        )
        for row in rows.to_dict("records")
    ]


def _events(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        _mark(
            "event",
            row["date_start"],
            row["date_end"],
            f"{_(CATEGORIES[row['category']].label)}, "
            f"{formats.interval(row['date_start'], row['date_end'], row['date_precision'])} "
            f"({_(VERIFICATIONS[row['verification']])})",
        )
        for row in rows.to_dict("records")
    ]


def _alt(marks: pd.DataFrame) -> str:
    said = [watermark.words(), formats.several(marks["said"]) or _("none on record")]
    return " ".join(filter(None, said))


def _table(marks: pd.DataFrame, actions: pd.DataFrame) -> None:
    with st.expander(_("The same as a table")):
        points = marks[marks["kind"].isin(_POINTS)].sort_values("starts_on")
        words = {"assessment": _("assessment"), "visit": _("visit"), "event": _("reported event")}
        tables.show(
            points.assign(kind=points["kind"].map(words)),
            {"starts_on": _("From"), "ends_on": _("To"), "kind": _("What"), "said": _("In words")},
            wide=("said",),
        )
        tables.show(
            actions.assign(
                title=[formats.worded(row, "title") for row in actions.to_dict("records")],
                status=[_(ACTION_STATUSES[code]) for code in actions["status"]],
                clock=[
                    formats.clock(row["days_left"]) if row["is_open"] else "–"
                    for row in actions.to_dict("records")
                ],
                verification=[_(VERIFICATION_KINDS[code]) for code in actions["verification"]],
            ),
            {
                "title": _("What is to be done"),
                "status": _("Status"),
                "criterion_id": _("Criterion"),
                "started_on": _("Started"),
                "due_on": _("First due"),
                "due_now_on": _("Due now"),
                "resolved_on": _("Resolved"),
                "clock": _("Days"),
                "extensions": _("Extensions"),
                "verification": _("How it was verified"),
            },
        )


def reports(opened: Opened, incidents: pd.DataFrame) -> None:
    """List the incident records that name the site, each with its verification state and its sources."""
    st.header(_("Incidents reported here"), anchor=False)
    if incidents.empty:
        st.markdown(_("None on record; this is not a finding of safety."))
        return
    cards.incident_list(opened, incidents)
