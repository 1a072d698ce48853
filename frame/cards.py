"""The card of the chosen thing: what is known about it, how sure, and who says so."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import address, citing, formats, site_facts, tolls
from frame.formats import number
from frame.opening import Opened
from frame.site_facts import listed, said, where
from risk.escaping import for_markdown
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import (
    CATEGORIES,
    MINERALS,
    PERMIT_TYPES,
    SEVERITIES,
    SITE_KINDS,
    TERRITORY_KINDS,
    VERIFICATIONS,
)
from warehouse import records
from warehouse.tolls import claims as toll_claims

_MOST: Final = 12
# As high as the map with its legend; on a phone the style lets it grow.
_HEIGHT: Final = 720


def show(opened: Opened, thing: tuple[str, str] | None, incidents: pd.DataFrame) -> None:
    """Draw the card of `thing` (kind, id), or how to get one; `incidents` are the chosen ones.

    An id that nothing has, or that nothing can have, is said to be none of this release.
    """
    if thing is None:
        st.info(
            _("Choose a site, an incident, a title or a territory on the map to see what is known about it.")
        )
        return
    kind, code = thing
    draw = {
        "site": _site,
        "at": _sites_at,
        "place": _place,
        "concession": _concession,
        "territory": _territory,
        "cell": _cell,
        "hotspot": _hotspot,
    }.get(kind)
    with st.container(border=True, height=_HEIGHT, key="card"):
        if draw is None or not draw(opened, code, incidents):
            st.warning(
                _("This link names something that is not in this release or not among the chosen records.")
            )


def fact(label: str, value: str) -> None:
    """Draw one line of a card: a label and a value that is escaped already."""
    st.markdown(f":small[:gray[{label}]]  \n{value}")


def title(name: str, kind: str) -> None:
    """Draw the head of a card: what kind of thing it is, and its name as it came."""
    st.markdown(f":small[:blue[{kind}]]  \n**{for_markdown(name)}**")


def _site(opened: Opened, site_id: str, incidents: pd.DataFrame) -> bool:
    rows = records.site(opened.release, site_id)
    if rows.empty:
        return False
    site = rows.to_dict("records")[0]
    title(site["name"], _("Artisanal site"))
    if st.button(f"{_('All that is known of this site')} →", key=f"page-{site_id}", type="tertiary"):
        address.turn_to("sites", site=site_id)
    if pd.notna(site["aliases"]):
        fact(_("Also written"), for_markdown(site["aliases"]))
    left, right = st.columns(2)
    with left:
        fact(_("Workers"), site_facts.workers(site))
        fact(_("Minerals"), listed(site["minerals"], MINERALS))
    with right:
        fact(_("Kind"), _(SITE_KINDS[site["kind"]]))
        fact(
            _("Latest visit on record"),
            formats.day(site["visited_on"]) if pd.notna(site["visited_on"]) else _("no visit on record"),
        )
    fact(_("Place"), where(site))
    fact(_("Position taken from"), site_facts.position_source(opened, site))
    fact(_("Status as reported"), said(site["status_reported"]))
    fact(_("Cooperative or company as reported"), said(site["operator_reported"]))
    for label, value in site_facts.ground(opened, site):
        fact(label, value)
    _reports(opened, incidents[incidents["site_id"] == site_id])
    site_facts.publishers(opened, site_id)
    return True


def _sites_at(opened: Opened, point: str, incidents: pd.DataFrame) -> bool:
    try:
        lon, lat = (float(part) for part in point.split(","))
    except ValueError:
        return False
    rows = records.sites_at(opened.release, lon, lat)
    if rows.empty:
        return False
    title(_("{count} sites share this stand-in point").format(count=len(rows)), _("Artisanal sites"))
    st.caption(_("Where each of them lies exactly is not known."))
    for row in rows.to_dict("records"):
        st.markdown(f"**{for_markdown(row['name'])}** – {said(row['status_reported'])}")
        st.button(_("Open"), key=f"open-{row['site_id']}", on_click=_open, args=[f"site:{row['site_id']}"])
    return True


def _open(thing: str) -> None:
    address.keep("at", [thing])


def _place(opened: Opened, key: str, incidents: pd.DataFrame) -> bool:
    rows = incidents[incidents["place_key"] == key]
    if rows.empty:
        return False
    first = rows.to_dict("records")[0]
    count = len(rows)
    title(
        first["place_name"] if pd.notna(first["place_name"]) else first["territory"],
        _n("{count} incident", "{count} incidents", count).format(count=count),
    )
    fact(_("Place"), where(first))
    incident_list(opened, rows)
    return True


def _reports(opened: Opened, rows: pd.DataFrame) -> None:
    if rows.empty:
        fact(
            _("Incidents reported here"), _("none among the chosen records; this is not a finding of safety")
        )
        return
    count = len(rows)
    fact(_("Incidents reported here"), number(count))
    incident_list(opened, rows)


def incident_list(opened: Opened, rows: pd.DataFrame) -> None:
    """Draw incidents one under the other, each with its verification state and its sources."""
    ids = rows["incident_id"].head(_MOST)
    cited = records.citations(opened.release, "incidents", *ids)
    claims = toll_claims(opened.release, *ids)
    for row in rows.head(_MOST).to_dict("records"):
        when = formats.interval(row["date_start"], row["date_end"], row["date_precision"])
        category = _(CATEGORIES[row["category"]].label)
        with st.expander(f"{when} · {category} · {row['severity']} {_(SEVERITIES[row['severity']])}"):
            incident(row, cited[cited["record_id"] == row["incident_id"]], claims)
    if len(rows) > _MOST:
        st.caption(_("{count} more in the table below").format(count=len(rows) - _MOST))


def incident(row: dict[Any, Any], cited: pd.DataFrame, claims: pd.DataFrame) -> None:
    """Draw one incident in full with its sources (rows of `citations`) and who counted which dead (`toll_claims`)."""
    st.markdown(for_markdown(formats.told(row, "summary")))
    state = f"**{_(VERIFICATIONS[row['verification']])}**{_noted(row)}"
    st.markdown(f":small[{formats.named(_('Verification'), state)}]")
    if pd.notna(row["killed_best"]) or pd.notna(row["killed_high"]):
        note = "" if row["counts_in_toll"] else f" ({_('not counted in the toll')})"
        deaths = tolls.toll(row, claims)
        deaths = deaths if tolls.is_contested(row) else f"**{deaths}**"
        st.markdown(f":small[{formats.named(_('Deaths'), f'{deaths}{note}')}]")
    if pd.notna(row["secondary_categories"]):
        labels = {code: category.label for code, category in CATEGORIES.items()}
        st.markdown(f":small[{formats.named(_('Also'), listed(row['secondary_categories'], labels))}]")
    level = f"{_('Severity')} {row['severity']}"
    st.markdown(f":small[{formats.named(level, _(row['severity_reason']))}]")
    citing.sources(cited)


def _noted(row: dict[Any, Any]) -> str:
    return (
        ""
        if pd.isna(row["verification_note"])
        else f" – {for_markdown(formats.told(row, 'verification_note'))}"
    )


def _concession(opened: Opened, concession_id: str, incidents: pd.DataFrame) -> bool:
    rows = records.concession(opened.release, concession_id)
    if rows.empty:
        return False
    row = rows.to_dict("records")[0]
    title(row["concession_id"], _(PERMIT_TYPES[row["permit_type"]]))
    fact(_("Holder"), said(row["holder"]))
    fact(_("Status as the cadastre wrote it"), said(row["status_reported"]))
    fact(_("Size"), _("{count} squares of the cadastral grid").format(count=number(row["squares"])))
    fact(_("Sites placed on it exactly"), formats.on_record(row["site_count"]))
    fact(_("Incidents placed on it exactly"), formats.on_record(row["incident_count"]))
    citing.sources(records.citations(opened.release, "concessions", concession_id))
    return True


def _territory(opened: Opened, pcode: str, incidents: pd.DataFrame) -> bool:
    rows = records.territory(opened.release, pcode)
    if rows.empty:
        return False
    row = rows.to_dict("records")[0]
    title(row["name"], f"{_(TERRITORY_KINDS[row['kind']])} · {for_markdown(row['province'])}")
    fact(_("Sites on record"), formats.on_record(row["site_count"]))
    fact(_("Incidents on record"), formats.on_record(row["incident_count"]))
    fact(_("Of these among the chosen"), formats.on_record((incidents["territory_pcode"] == pcode).sum()))
    fact(_("Area"), f"{number(row['area_km2'])} km²")
    fact(_("P-code"), for_markdown(pcode))
    citing.sources(records.citations(opened.release, "territories", pcode))
    return True


def _cell(opened: Opened, cell: str, incidents: pd.DataFrame) -> bool:
    from frame import cell_cards

    return cell_cards.draw(opened, cell, incidents)


def _hotspot(opened: Opened, hotspot_id: str, incidents: pd.DataFrame) -> bool:
    from frame import hotspot_cards

    return hotspot_cards.draw(opened, hotspot_id)
