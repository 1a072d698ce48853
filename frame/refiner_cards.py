"""The card of one refiner: its status with whose word that is, its assessments, its history, and cases about it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from frame import address, cards, citing, countries, formats, refiner_words
from frame.opening import Opened
from layers.refiners import THING
from risk.escaping import for_markdown
from risk.progress_words import GRIEVANCE_STATUSES
from risk.texts import translate as _
from risk.vocabulary import CATEGORIES, PLACE_PRECISIONS, REFINER_KINDS, RMAP_STATUSES
from warehouse import grievances, records, refiners

_KEY = "refiner"
_ASKED = "refiner_asked"


def take_from_map(thing: str) -> None:
    """Choose the refiner that was clicked on the map."""
    key = thing.removeprefix(THING)
    if key != thing:
        address.keep(_KEY, [key])
        st.session_state[_KEY] = key


def chosen(rows: pd.DataFrame) -> str | None:
    """Return the key of the refiner that was chosen and is among `rows`, else None."""
    asked = st.session_state[_KEY] if address.hold(_KEY) else next(iter(address.recall(_KEY)), None)
    st.session_state[_ASKED] = asked
    found = asked if asked in set(rows["facility_key"]) else None
    st.session_state[_KEY] = found
    return found


def show(opened: Opened, rows: pd.DataFrame) -> None:
    """Draw the choice of a refiner among `rows`, and its card."""
    names = {
        row["facility_key"]: f"{row['name']} ({countries.name(row['country'])})"
        for row in rows.to_dict("records")
    }
    key = st.selectbox(
        _("One refiner"),
        list(names),
        format_func=lambda code: names[code],
        key=_KEY,
        index=None,
        placeholder=_("choose a refiner, here or on the map"),
    )
    asked = st.session_state.get(_ASKED)
    if key:
        address.keep(_KEY, [str(key)])
        with st.container(border=True, key="card"):
            _card(opened, rows[rows["facility_key"] == key].to_dict("records")[0])
    elif asked:
        address.keep(_KEY, [])
        st.warning(
            _("This link names something that is not in this release or not among the chosen records.")
        )
    else:
        address.keep(_KEY, [])
        st.info(_("Choose a refiner to see what is on record about it."))


def _card(opened: Opened, row: dict[Any, Any]) -> None:
    cards.title(
        row["name"], f"{_(REFINER_KINDS[row['kind']])} · {for_markdown(countries.name(row['country']))}"
    )
    cards.fact(_("Status"), f"**{refiner_words.status(row)}** – {_(refiner_words.MEANINGS[row['status']])}")
    st.caption(_(refiner_words.CAVEAT))
    listed = f" ({row['list_id']})" if row["told_by"] == "list" else ""
    cards.fact(_("Whose word"), for_markdown(f"{refiner_words.told_by(row)}{listed}"))
    _word(_("In the word reported"), refiner_words.reported(row))
    left, right = st.columns(2)
    with left:
        cards.fact(_("Last assessed"), formats.day(row["assessed_on"]))
        cards.fact(_("Next due"), refiner_words.due(row))
    with right:
        cards.fact(_("Cycle"), refiner_words.cycle(row["cycle_years"]))
        if pd.notna(row["days_left"]):
            day = formats.day(opened.release.as_of)
            cards.fact(_("Seen from {day}").format(day=day), refiner_words.left(row["days_left"]))
    if row["told_by"] == "list" and pd.notna(row["company_word"]):
        said = _("{word} ({when})").format(
            word=row["company_word"], when=formats.as_published(str(row["company_said_on"]))
        )
        cards.fact(_("As a company or buyer reported it"), for_markdown(said))
    _word(_("Parent company"), row["parent_company"])
    _word(_("Note"), row["status_note"])
    cards.fact(_("RMAP id"), _("not reported") if pd.isna(row["rmap_id"]) else for_markdown(row["rmap_id"]))
    if pd.notna(row["place_precision"]):
        cards.fact(_("Place known to"), _(PLACE_PRECISIONS[row["place_precision"]].label))
    _history(opened, row["facility_key"])
    _cases(opened, row["facility_key"])
    if pd.notna(row["refiner_id"]):
        citing.sources(records.citations(opened.release, "refiners", row["refiner_id"]))


def _word(label: str, value: Any) -> None:
    if pd.notna(value):
        cards.fact(label, for_markdown(value))


def _history(opened: Opened, facility_key: str) -> None:
    rows = refiners.changes(opened.release)
    rows = rows[rows["facility_key"] == facility_key]
    if rows.empty:
        return
    lines = [
        f"- {formats.day(row['changed_on'])} · **{_(RMAP_STATUSES[row['status']])}** "
        f":small[({for_markdown(row['list_id'])})]"
        for row in rows.to_dict("records")
    ]
    cards.fact(_("History on lists, latest first"), "\n".join(["", *lines]))


def _cases(opened: Opened, facility_key: str) -> None:
    """Draw a way to each case about the refiner; below staff these are published cases alone."""
    rows = grievances.cases(opened.release)
    rows = rows[(rows["entity_kind"] == "refiner") & (rows["entity_id"] == facility_key)]
    for row in rows.to_dict("records"):
        label = _("Allegation of {day}: {category}, {status}").format(
            day=formats.day(row["received_on"]),
            category=_(CATEGORIES[row["category"]].label),
            status=_(GRIEVANCE_STATUSES[row["status"]]),
        )
        if st.button(f"{label} →", key=f"case-{row['grievance_id']}", type="tertiary"):
            address.turn_to("grievances", case=row["grievance_id"])
