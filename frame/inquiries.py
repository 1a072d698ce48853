"""One case looked into: the alleged event beside what was assessed and done, on one line of time and in words."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import address, canvas, cards, formats, grievance_lists, grievance_words, tables, watermark
from frame.opening import Opened
from layers import inquiries as layer
from risk.escaping import for_markdown
from risk.progress_words import (
    ACTION_STATUSES,
    ASSESSMENT_KINDS,
    FRAMEWORK_STANDINGS,
    GRIEVANCE_STATUSES,
    OPEN_ACTIONS,
)
from risk.texts import translate as _
from risk.vocabulary import CATEGORIES, Audience
from warehouse import grievances

_KEY: Final = "case"
# Page of an entity, and the key under which it is chosen there.
_PAGES: Final = {"site": ("sites", "site"), "refiner": ("refiners", "refiner")}


def show(opened: Opened, rows: pd.DataFrame) -> None:
    """Draw the choice of a case among `rows` and, where one is chosen, what the inquiry has to set side by side."""
    names = {
        row["grievance_id"]: f"{formats.day(row['received_on'])} · {grievance_words.entity(row)} · "
        f"{_(CATEGORIES[row['category']].label)} ({row['grievance_id']})"
        for row in rows.to_dict("records")
    }
    asked = st.session_state[_KEY] if address.hold(_KEY) else next(iter(address.recall(_KEY)), None)
    st.session_state[_KEY] = asked if asked in names else None
    if asked and asked not in names:
        st.warning(
            _("This link names something that is not in this release or not among the chosen records.")
        )
    if not names:
        address.keep(_KEY, [])
        return
    case = st.selectbox(
        _("Look into one case"),
        list(names),
        format_func=lambda code: names[code],
        key=_KEY,
        index=None,
        placeholder=_("choose a case"),
    )
    address.keep(_KEY, [str(case)] if case else [])
    if case:
        with st.container(border=True):
            _one(opened, rows[rows["grievance_id"] == case].to_dict("records")[0])


def _one(opened: Opened, case: dict[Any, Any]) -> None:
    steps = grievances.steps(opened.release, case["grievance_id"])
    done = grievances.assessments(opened.release, case["entity_kind"], case["entity_id"])
    acts = _with_words(opened, grievances.actions(opened.release, case))
    _head(case)
    _placed(case)
    _chart(opened, case, steps, done, acts)
    _texts(case)
    first, second, third = st.tabs([_("Steps of the case"), _("Assessments"), _("Improvement actions")])
    with first:
        _days(case)
        grievance_lists.steps(steps, {})
    with second:
        _assessments(case, done)
    with third:
        _actions(opened, case, acts)


def _head(case: dict[Any, Any]) -> None:
    cards.title(grievance_words.entity(case), grievance_words.label(case))
    cards.fact(_("Risk category, as alleged"), _(CATEGORIES[case["category"]].label))
    if pd.notna(case["entity"]):
        page, key = _PAGES[case["entity_kind"]]
        words = {"sites": _("Open the site"), "refiners": _("Open the refiner")}[page]
        if st.button(f"{words} →", key="open-entity", type="tertiary"):
            address.turn_to(page, **{key: case["entity_id"]})


def _placed(case: dict[Any, Any]) -> None:
    st.markdown(
        formats.named(
            _("The alleged event, set among the assessments on record"),
            f"**{grievance_words.placement(case)}**",
        )
    )
    told = (
        (_("When, as alleged"), grievance_words.alleged(case)),
        (_("Last assessment before"), grievance_words.last_before(case)),
        (_("Next assessment after"), grievance_words.next_after(case)),
        (_("Actions that ran at that time"), grievance_words.running(case)),
    )
    for place, (label, value) in zip(st.columns(len(told)), told, strict=True):
        with place:
            cards.fact(label, for_markdown(value))
    st.caption(
        _(
            "An order in time is no cause: an assessment before or after an event shows neither that the event "
            "happened nor that anybody could have prevented it."
        )
    )


def _texts(case: dict[Any, Any]) -> None:
    """Draw what is alleged, where the file holds it; that is staff's alone."""
    if pd.notna(case["summary"]):
        cards.fact(_("What is alleged; for staff, not to be passed on"), for_markdown(case["summary"]))


def _days(case: dict[Any, Any]) -> None:
    told = (
        (_("To acknowledge"), grievance_words.took(case["days_to_acknowledge"])),
        (_("To decide"), grievance_words.took(case["days_to_decide"])),
        (_("To close"), grievance_words.took(case["days_to_close"])),
        (_("Open for"), grievance_words.since(case)),
    )
    for place, (label, value) in zip(st.columns(len(told)), told, strict=True):
        with place:
            cards.fact(label, value)


def _assessments(case: dict[Any, Any], rows: pd.DataFrame) -> None:
    if rows.empty:
        st.info(_none(case))
        return
    if case["entity_kind"] == "refiner":
        tables.show(rows, {"assessed_on": _("Day"), "list_id": _("First told by the list")})
        return
    each = rows.to_dict("records")
    shown = rows.assign(
        kind=[_(ASSESSMENT_KINDS[code]) for code in rows["kind"]],
        level=[_level(row) for row in each],
        framework=[_framework(row) for row in each],
    )
    tables.show(
        shown,
        {"assessed_on": _("Day"), "kind": _("Kind"), "level": _("Level"), "framework": _("Framework")},
        widths={"level": 220, "framework": 320},
    )


def _none(case: dict[Any, Any]) -> str:
    if case["entity_kind"] == "company":
        return _(
            "Assessments are on record for sites and refiners only; about a company nothing can be set here."
        )
    return _("No assessment is on record. Not assessed is not the same as without fault, or with one.")


def _level(row: dict[Any, Any]) -> str:
    level = _("none reached") if pd.isna(row["level"]) else str(row["level"])
    is_blocked = pd.notna(row["is_blocked"]) and bool(row["is_blocked"])
    return _("{level}; blocked by zero tolerance").format(level=level) if is_blocked else level


def _framework(row: dict[Any, Any]) -> str:
    title = formats.told({"title": row["framework_en"], "title_fr": row["framework_fr"]}, "title")
    if pd.isna(row["framework_en"]):
        return str(row["framework_id"])
    return f"{title} ({_(FRAMEWORK_STANDINGS[row['standing']])})"


def _with_words(opened: Opened, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the actions numbered, with the days between which each is known to have run."""
    as_of = pd.Timestamp(opened.release.as_of)
    is_open = rows["status"].isin(OPEN_ACTIONS)
    ends = pd.to_datetime(rows["resolved_on"].mask(is_open, as_of))
    starts = pd.to_datetime(rows["started_on"])
    titles = [formats.told({"title": row["title_en"], **row}, "title") for row in rows.to_dict("records")]
    return rows.assign(
        number=range(1, len(rows) + 1),
        title=pd.array(titles, dtype="string"),
        # Where an end is not known there is no bar to draw; the table has the row.
        from_on=starts.where(ends.notna()),
        to_on=ends,
        due_on_now=pd.to_datetime(rows["due_now_on"].fillna(rows["due_on"])),
    )


def _actions(opened: Opened, case: dict[Any, Any], rows: pd.DataFrame) -> None:
    if case["entity_kind"] != "site":
        st.info(_("Improvement actions are on record for sites only."))
        return
    if rows.empty:
        st.info(
            _("No improvement action is on record.")
            if opened.audience is Audience.STAFF
            else _("No published improvement action is on record; others may exist.")
        )
        return
    shown = rows.assign(
        status=[_(ACTION_STATUSES[code]) for code in rows["status"]],
        ran=[_("yes") if ran else _("no") for ran in rows["was_running"]],
        overdue=[_("yes") if value is True else _("no") for value in rows["is_overdue"].astype(object)],
    )
    tables.show(
        shown,
        {
            "number": _("No."),
            "title": _("Action"),
            "ran": _("Ran when the event began"),
            "status": _("Status"),
            "started_on": _("Started"),
            "due_on_now": _("Due"),
            "resolved_on": _("Resolved"),
            "overdue": _("Overdue"),
        },
        widths={"title": 300},
    )


def _chart(
    opened: Opened, case: dict[Any, Any], steps: pd.DataFrame, done: pd.DataFrame, acts: pd.DataFrame
) -> None:
    alleged = grievance_words.alleged(case)
    marks = pd.DataFrame(
        [
            *(
                {"line": "case", "day": row["happened_on"], "said": _dated(row["happened_on"], _step(row))}
                for row in steps.to_dict("records")
            ),
            *(
                {
                    "line": "assessed",
                    "day": row["assessed_on"],
                    "said": _dated(row["assessed_on"], _("assessment")),
                }
                for row in done.to_dict("records")
            ),
        ]
    )
    # What was cancelled is due on no day and ran to no day that is known.
    acts = acts[(acts["status"] != "cancelled") & acts[["from_on", "due_on_now"]].notna().any(axis=1)]
    drawn = acts.assign(
        due_on=acts["due_on_now"],
        said=[f"{row['number']} · {row['title']}" for row in acts.to_dict("records")],
    )
    days = pd.concat([marks["day"], *(drawn[name] for name in ("from_on", "to_on", "due_on"))])
    since, until = _axis(case, days)
    event = {
        "start": since if pd.isna(case["alleged_start"]) else case["alleged_start"],
        "end": case["received_on"] if pd.isna(case["alleged_end"]) else case["alleged_end"],
        "has_start": pd.notna(case["alleged_start"]),
        "has_end": pd.notna(case["alleged_end"]),
        "since": since,
        "until": until,
        "said": formats.named(_("Alleged"), alleged),
        "headings": _headings(done, len(acts)),
    }
    words = [watermark.words(), event["said"] + ".", formats.several(marks["said"])]
    chart = layer.draw(event, marks, drawn)
    st.altair_chart(watermark.in_chart(chart), width="stretch", alt=" ".join(filter(None, words)))
    canvas.legend(layer.LEGEND)


def _axis(case: dict[Any, Any], days: pd.Series) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day of the axis, a little more on each side than is drawn."""
    ends = pd.Series([case["alleged_start"], case["alleged_end"], case["received_on"]])
    known = pd.to_datetime(pd.concat([days, ends])).dropna()
    aside = max((known.max() - known.min()) * 0.06, pd.Timedelta(days=20))
    return known.min() - aside, known.max() + aside


def _headings(done: pd.DataFrame, drawn: int) -> dict[str, str]:
    more = drawn - layer.MOST
    actions = _("Improvement actions") if drawn else _("Improvement actions: none to draw")
    if more > 0:
        actions = _("Improvement actions; {count} more in the table").format(count=formats.number(more))
    return {
        "alleged": _("Alleged event"),
        "case": _("Steps of the case"),
        "assessed": _("Assessments") if len(done) else _("Assessments: none on record"),
        "actions": actions,
    }


def _step(row: dict[Any, Any]) -> str:
    return _(GRIEVANCE_STATUSES[row["status"]])


def _dated(day: Any, word: str) -> str:
    return formats.named(formats.day(day), word)
