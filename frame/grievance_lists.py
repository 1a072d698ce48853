"""Grievances as tables: one row a case, and every dated step; each row says that it is an allegation."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from frame import address, filters, formats, grievance_words, tables
from frame.formats import number
from frame.opening import Opened
from risk.progress_words import ENTITY_KINDS, GRIEVANCE_STATUSES
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import CATEGORIES, Audience
from warehouse import grievances
from warehouse.release import Release

STATES: Final[dict[str, str]] = {"open": mark("still open"), "ended": mark("ended")}
# Key in the address → filter of `grievances.cases`.
FILTERS: Final[dict[str, str]] = {"case_state": "state", "case_entity": "entity_kind"}


def choose(release: Release) -> dict[str, tuple[str, ...]]:
    """Draw the filters with the counts of the whole release beside them; return what was chosen, by filter."""
    rows = grievances.cases(release)
    if rows.empty:
        return {}
    states = rows["is_open"].map({True: "open", False: "ended"}).value_counts().to_dict()
    kinds = rows["entity_kind"].value_counts().to_dict()
    with st.sidebar:
        st.header(_("Filters"), anchor=False)
        found = {
            "state": filters.pick("case_state", _("State"), states, STATES, "pills"),
            "entity_kind": filters.pick("case_entity", _("Whom it is about"), kinds, ENTITY_KINDS, "pills"),
        }
        if any(address.recall(key) for key in FILTERS):
            st.button(_("Clear all filters"), on_click=address.forget, args=[[*FILTERS]], width="stretch")
        st.caption(_("Numbers count grievances."))
    return found


def lead(opened: Opened, rows: pd.DataFrame) -> None:
    """Say how many there are, and what neither they nor their absence says."""
    is_staff = opened.audience is Audience.STAFF
    if rows.empty and not grievances.cases(opened.release).empty:
        st.info(_("No record matches. This says nothing about safety: nobody may have looked."))
    elif rows.empty:
        st.info(
            _(
                "No grievance is on record in this edition. That says nothing about any site, refiner or company: "
                "whoever has reason to complain may not dare to, or not know where."
            )
            if is_staff
            else _(
                "No published grievance is on record. Others may exist that are not public, and the absence of "
                "records says nothing about any site, refiner or company."
            )
        )
        return
    is_open = int(rows["is_open"].sum())
    st.markdown(
        "  ·  ".join(
            [
                formats.named(_("Allegations on record"), f"**{number(len(rows))}**"),
                formats.named(_("Still open"), f"**{number(is_open)}**"),
                formats.named(_("Ended"), f"**{number(len(rows) - is_open)}**"),
            ]
        )
    )
    st.caption(_(grievance_words.CAVEAT))
    if not is_staff:
        st.caption(
            _(
                "Published cases, set among published assessments and actions; others may exist that are not public. "
                "No text of a case is in this file."
            )
        )


def table(rows: pd.DataFrame) -> None:
    """Draw one row a case, latest received first: whom and what it is about, its state, its days, its place."""
    if rows.empty:
        return
    st.header(_("All cases, latest first"), anchor=False)
    each = rows.to_dict("records")
    shown = rows.assign(
        label=[grievance_words.label(row) for row in each],
        about=[grievance_words.entity(row) for row in each],
        category=[_(CATEGORIES[code].label) for code in rows["category"]],
        alleged=[grievance_words.alleged(row) for row in each],
        acknowledged=[grievance_words.took(days) for days in rows["days_to_acknowledge"]],
        decided=[grievance_words.took(days) for days in rows["days_to_decide"]],
        closed=[grievance_words.took(days) for days in rows["days_to_close"]],
        open_for=[grievance_words.since(row) for row in each],
        placed=[grievance_words.placement(row) for row in each],
    )
    tables.show(
        shown,
        {
            "received_on": _("Received"),
            "label": _("State"),
            "about": _("Whom it is about"),
            "category": _("Risk category"),
            "alleged": _("When, as alleged"),
            "placed": _("Among assessments"),
            "acknowledged": _("To acknowledge"),
            "decided": _("To decide"),
            "closed": _("To close"),
            "open_for": _("Open for"),
            "grievance_id": _("Case"),
        },
        meanings={
            "label": _(grievance_words.CAVEAT),
            "acknowledged": _("Days from its receipt until it was acknowledged"),
            "decided": _("Days from its receipt until it was accepted or found out of scope"),
            "closed": _("Days from its receipt until it was closed"),
            "open_for": _("Days from its receipt to the day of the release"),
            "placed": _("Where the alleged event lies among the assessments on record"),
        },
        widths={"label": 210, "about": 200, "alleged": 210, "placed": 220},
        right=("acknowledged", "decided", "closed", "open_for"),
    )


def history(opened: Opened, rows: pd.DataFrame) -> None:
    """Draw every step of the shown cases, in the order they were taken."""
    if rows.empty:
        return
    with st.expander(_("Every step of these cases")):
        found = grievances.steps(opened.release)
        found = found[found["grievance_id"].isin(rows["grievance_id"])]
        steps(found, {"grievance_id": _("Case")})


def steps(rows: pd.DataFrame, first: dict[str, str]) -> None:
    """Draw dated steps as a table, notes where the file holds any; `first` are columns that stand before."""
    shown = rows.assign(status=[_(GRIEVANCE_STATUSES[code]) for code in rows["status"]])
    has_notes = bool(rows["note"].notna().any())
    tables.show(
        shown,
        {
            **first,
            "happened_on": _("Day"),
            "status": _("Step"),
            **({"note": _("Note")} if has_notes else {}),
        },
        wide=("note",),
        missing=_("none on record"),
    )
