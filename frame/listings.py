"""The table twins of the map: the same rows, in words."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from frame import address, cards, formats, tables, tolls
from frame.opening import Opened
from risk.texts import translate as _
from risk.vocabulary import (
    CATEGORIES,
    PERMIT_TYPES,
    PLACE_PRECISIONS,
    RECORD_KINDS,
    SEVERITIES,
    SITE_KINDS,
    VERIFICATIONS,
)
from warehouse import records
from warehouse.queries import LISTED
from warehouse.tolls import claims as toll_claims


def incidents(rows: pd.DataFrame) -> None:
    """Draw incidents as a table: when, where, what, how sure, who says so."""
    shown = rows.assign(
        when=[
            formats.interval(row.date_start, row.date_end, row.date_precision) for row in rows.itertuples()
        ],
        category=[_(CATEGORIES[code].label) for code in rows["category"]],
        severity=[f"{level} {_(SEVERITIES[level])}" for level in rows["severity"]],
        verification=[_(VERIFICATIONS[code]) for code in rows["verification"]],
        record_kind=[_(RECORD_KINDS[code]) for code in rows["record_kind"]],
        place=rows["place_name"].fillna(rows["territory_reported"]),
        precision=[_(PLACE_PRECISIONS[code].label) for code in rows["place_precision"]],
        deaths=[
            formats.spread(row.killed_low, row.killed_best, row.killed_high) for row in rows.itertuples()
        ],
        summary=[formats.told(row, "summary") for row in rows.to_dict("records")],
    )
    tables.show(
        shown,
        {
            "when": _("When"),
            "place": _("Place"),
            "precision": _("Place known to"),
            "category": _("Risk category"),
            "severity": _("Severity"),
            "deaths": _("Deaths"),
            "verification": _("Verification"),
            "record_kind": _("Kind of record"),
            "summary": _("What was reported"),
            "source_publisher": _("First source"),
            "source_url": _("Address"),
            "incident_id": _("Record"),
        },
        links=("source_url",),
        wide=("summary",),
    )
    if len(rows) == LISTED:
        st.caption(
            _("Listed are the latest {count}; the filters reach the others.").format(
                count=formats.number(LISTED)
            )
        )


def contested(opened: Opened, rows: pd.DataFrame) -> None:
    """List the incidents whose published figures of deaths differ (`warehouse.tolls.contested`), and who gave which."""
    if rows.empty:
        return
    st.header(_("Where sources differ on the dead"), anchor=False)
    claims = toll_claims(opened.release, *rows["incident_id"])
    each = rows.to_dict("records")
    shown = rows.assign(
        when=[formats.interval(row["date_start"], row["date_end"], row["date_precision"]) for row in each],
        deaths=[tolls.deaths(row) for row in each],
        who=[tolls.who(row, claims) for row in each],
        counts=[_("yes") if row["counts_in_toll"] else _("not counted in the toll") for row in each],
    )
    tables.show(
        shown,
        {
            "when": _("When"),
            "deaths": _("Deaths"),
            "who": _("Who gave which figure"),
            "place_name": _("Place"),
            "counts": _("In the total"),
            "incident_id": _("Record"),
        },
        caption=_(
            "Newest first, in no order of size. Totals add up the lowest, the best and the highest figures, each by "
            "itself; no mean is taken."
        ),
        widths={"deaths": 165, "who": 480},
    )


def unplaced(rows: pd.DataFrame) -> None:
    """List incidents without a position, which no map can show."""
    without = rows[rows["lon"].isna()]
    if not without.empty:
        st.header(_("Not on the map: no position on record"), anchor=False)
        incidents(without)


def sites(rows: pd.DataFrame) -> None:
    """Draw sites as a table; those without a position are named under it."""
    shown = rows.assign(
        kind=[_(SITE_KINDS[code]) for code in rows["kind"]],
        precision=[_(PLACE_PRECISIONS[code].label) for code in rows["place_precision"]],
        zea=[formats.distance(metres) for metres in rows["nearest_zea_distance_m"]],
        page=[address.link("sites", site=code) for code in rows["site_id"]],
        incident_count=rows["incident_count"].mask(rows["incident_count"] == 0),
    )
    without = int(rows["lon"].isna().sum())
    said = _("{count} sites; {without} of them have no position and are not on the map.")
    if len(rows) == LISTED:
        said = _(
            "Listed are the first {count} sites by name, {without} of them without a position; "
            "the filters reach the others."
        )
    tables.show(
        shown,
        {
            "name": _("Name"),
            "page": _("Its page"),
            "aliases": _("Also written"),
            "territory": _("Territory"),
            "precision": _("Place known to"),
            "minerals": _("Minerals"),
            "workers": _("Workers"),
            "workers_year": _("Year of the figure"),
            "visited_on": _("Latest visit"),
            "concession_count": _("Titles at this place"),
            "zea": _("Nearest artisanal zone"),
            "incident_count": _("Incidents on record"),
            "publishers": _("Publishers"),
            "site_id": _("Record"),
        },
        caption=said.format(count=formats.number(len(rows)), without=formats.number(without)),
        links=("page",),
    )


def titles(rows: pd.DataFrame) -> None:
    """Draw sites and the titles they lie on, one row a pair."""
    shown = rows.assign(
        permit=[_(PERMIT_TYPES[code]) if pd.notna(code) else pd.NA for code in rows["permit_type"]],
        precision=[_(PLACE_PRECISIONS[code].label) for code in rows["place_precision"]],
        certain=[_certain(row) for row in rows.to_dict("records")],
        zea=[formats.distance(metres) for metres in rows["nearest_zea_distance_m"]],
        page=[address.link("sites", site=code) for code in rows["site_id"]],
    )
    tables.show(
        shown,
        {
            "name": _("Site"),
            "page": _("Its page"),
            "territory": _("Territory"),
            "precision": _("Place known to"),
            "concession_id": _("Title"),
            "permit": _("Kind of title"),
            "holder": _("Holder"),
            "status_reported": _("Status as the cadastre wrote it"),
            "certain": _("How sure"),
            "zea": _("Nearest artisanal zone"),
            "cadastre_as_of": _("Cadastre as of"),
        },
        links=("page",),
    )


def _certain(row: dict[str, object]) -> str:
    if row["concession_id"] is pd.NA or pd.isna(row["concession_id"]):
        return (
            _("on no title of the cadastre")
            if pd.notna(row["concession_count"])
            else _("not known: place too vague, or no cadastre")
        )
    return _("placed within 1 km") if row["is_certain"] else _("possible: the place is vague")


def both(reports: pd.DataFrame, found: pd.DataFrame) -> None:
    """Draw the table twins of the map, one behind the other."""
    first, second = st.tabs([_("Incidents as a table"), _("Sites as a table")])
    with first:
        incidents(reports)
    with second:
        sites(found)


def one_incident(opened: Opened, rows: pd.DataFrame) -> None:
    """Draw the choice of one record and that record in full, with all its sources."""
    if rows.empty:
        return
    names = {
        row.incident_id: f"{formats.interval(row.date_start, row.date_end, row.date_precision)} · "
        f"{row.place_name if pd.notna(row.place_name) else row.territory_reported} · "
        f"{_(CATEGORIES[row.category].label)}"
        for row in rows.itertuples()
    }
    kept = [code for code in address.recall("record") if code in names]
    if st.session_state.get("record") not in names:
        st.session_state["record"] = kept[0] if kept else None
    chosen = st.selectbox(
        _("One record with all its sources"),
        list(names),
        format_func=lambda code: names[code],
        key="record",
        index=None,
        placeholder=_("choose a record"),
    )
    address.keep("record", [chosen] if chosen else [])
    if chosen:
        row = rows[rows["incident_id"] == chosen].to_dict("records")[0]
        with st.container(border=True):
            cited = records.citations(opened.release, "incidents", chosen)
            cards.incident(row, cited, toll_claims(opened.release, chosen))
