"""Whole tables to read, with their codebook and their sources."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from frame import address, citing, tables
from frame.opening import Opened
from risk.escaping import for_markdown
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import PERMIT_TYPES, PLACE_PRECISIONS, REFINER_KINDS, RMAP_STATUSES, SITE_KINDS
from warehouse import records
from warehouse.absences import incomplete
from warehouse.contracts import codebook

TABLES: Final[dict[str, str]] = {
    "refiners": mark("Refiners"),
    "assessment_figures": mark("Published assessment figures"),
    "facilities": mark("Industrial mines and plants"),
    "facility_production": mark("Cobalt production"),
    "concessions": mark("Titles"),
    "places": mark("Places"),
    "site_records": mark("Publishers' records of sites"),
}
# Units that are words; the others are symbols, the same in both languages.
UNITS: Final = (mark("people"), mark("squares"), mark("degrees"), mark("t/year"))
TYPES: Final[dict[str, str]] = {
    "string": mark("text"),
    "Int64": mark("whole number"),
    "Float64": mark("number"),
    "boolean": mark("yes or no"),
    "datetime64": mark("date"),
}
# Columns that hold codes, shown by their labels.
_LABELS: Final[dict[str, dict[str, dict[str, str]]]] = {
    "refiners": {"kind": REFINER_KINDS, "rmap_status": RMAP_STATUSES},
    "concessions": {"permit_type": PERMIT_TYPES},
    "site_records": {"kind": SITE_KINDS},
}
_CAVEATS: Final[dict[str, str]] = {
    "refiners": mark(
        "A status is shown as a company or buyer reported it, with its date: history, not today. It speaks of a facility and looks back; it does not validate material and is no guarantee that there is no risk."
    ),
    "assessment_figures": mark(
        "One published indicator a row; figures of different publishers do not add up."
    ),
    "facility_production": mark("Figures overlap in scope and do not add up."),
}


def show(opened: Opened) -> None:
    """Draw the tables and, behind them, the dated notes on rules."""
    first, second = st.tabs([_("Tables"), _("Rules, as they were announced")])
    with first:
        table(opened, choose())
    with second:
        notes(opened)


def notes(opened: Opened) -> None:
    """Draw the dated notes on rules, latest first, with their sources."""
    st.caption(_("Each note stands for its date. Whether a measure is still in force is not known here."))
    rows = records.whole_table(opened.release, "regulatory_notes").sort_values("issued_on", ascending=False)
    for row in rows.to_dict("records"):
        text = for_markdown(row[f"text_{opened.language}"])
        st.markdown(f"**{row['issued_on']}** · {for_markdown(row['issuer'])} · {text}")
        citing.sources(records.citations(opened.release, "regulatory_notes", row["note_id"]))


def choose() -> str:
    """Draw the choice of a table and return its name."""
    address.choose_one("table", list(TABLES), "refiners")
    value = st.selectbox(_("Table"), list(TABLES), format_func=lambda name: _(TABLES[name]), key="table")
    address.keep("table", [] if value == "refiners" else [value])
    return str(value)


def table(opened: Opened, name: str) -> None:
    """Draw a whole table, its caveat, its codebook, and the sources of one record."""
    rows = records.whole_table(opened.release, name)
    book = codebook(name)
    book = book[book["column"] != "geometry"].assign(
        description=lambda rows: [_(text) for text in rows["description"]],
        type=lambda rows: [_(TYPES[kind.split("[")[0]]) for kind in rows["type"]],
        unit=lambda rows: [_(unit) if unit in UNITS else unit for unit in rows["unit"].fillna("–")],
    )
    if name in _CAVEATS:
        st.caption(_(_CAVEATS[name]))
    if not incomplete(opened.release, [name])["state"].eq("not_given").any():
        meanings = dict(zip(book["column"], book["description"], strict=True))
        _rows(rows, name, meanings)
    else:
        st.info(_("This edition has no such table."))
    with st.expander(_("What the columns mean")):
        tables.show(
            book,
            {
                "column": _("Column"),
                "type": _("Type"),
                "unit": _("Unit"),
                "may_be_absent": _("May be absent"),
                "description": _("Description"),
            },
            wide=("description",),
        )
    if rows.empty:
        return
    with st.expander(_("Sources of these records")):
        cited = records.table_citations(opened.release, name)
        tables.show(
            cited,
            {
                "record_id": _("Record"),
                "title": _("Source"),
                "publisher": _("Publisher"),
                "published": _("Published"),
                "url": _("Address"),
            },
            links=("url",),
        )


def _rows(rows: pd.DataFrame, name: str, meanings: dict[str, str]) -> None:
    tables.show(
        _labelled(rows, name),
        {column: column for column in rows.columns},
        caption=tables.counted(len(rows)),
        meanings=meanings,
        height=420,
    )


def _labelled(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    precisions = {code: precision.label for code, precision in PLACE_PRECISIONS.items()}
    shown = {"place_precision": precisions, **_LABELS.get(name, {})}
    return rows.assign(
        **{
            column: [_(labels[code]) for code in rows[column]]
            for column, labels in shown.items()
            if column in rows
        }
    )
