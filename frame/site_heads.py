"""The head of a site's page: where it is and on whose ground, what it is, and the days that are running."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from frame import address, formats, framework_names, site_facts, sourcing
from frame.cards import fact
from frame.opening import Opened
from frame.site_facts import listed, said
from risk.escaping import for_markdown
from risk.progress_words import ACTION_STATUSES
from risk.texts import translate as _
from risk.vocabulary import MINERALS, SITE_KINDS
from warehouse import records


def show(opened: Opened, site: dict[str, Any]) -> None:
    """Draw where a site is, on whose title, of what kind, and how many work there, with who says so."""
    st.header(for_markdown(site["name"]), anchor=False)
    if pd.notna(site["aliases"]):
        st.caption(formats.named(_("Also written"), for_markdown(site["aliases"])))
    first, second, third = st.columns(3)
    with first:
        fact(_("Province"), said(site["province"]))
        fact(_("Territory and precision"), site_facts.where(site))
        fact(_("Position taken from"), site_facts.position_source(opened, site))
        if pd.notna(site["lon"]) and st.button(f"{_('Show on the map')} →", type="tertiary"):
            address.turn_to("explore", at=f"site:{site['site_id']}")
    with second:
        for label, value in site_facts.ground(opened, site):
            fact(label, value)
        fact(_("Cooperative or company as reported"), said(site["operator_reported"]))
    with third:
        fact(_("Kind"), _kind(site))
        fact(_("Minerals"), listed(site["minerals"], MINERALS))
        fact(_("Workers"), _workers(opened, site))
        fact(_("Status as reported"), said(site["status_reported"]))
    site_facts.publishers(opened, site["site_id"])
    titles = records.site_overlap(opened.release, site["site_id"])["concession_id"].tolist()
    if pd.notna(site["nearest_zea_id"]):
        titles.append(site["nearest_zea_id"])
    sourcing.draw(opened, {"concessions": titles})


def _kind(site: dict[str, Any]) -> str:
    kind = _(SITE_KINDS[site["kind"]])
    if pd.isna(site["kind_reported"]):
        return kind
    return f"{kind} ({formats.named(_('as reported'), for_markdown(site['kind_reported']))})"


def _workers(opened: Opened, site: dict[str, Any]) -> str:
    told = site_facts.workers(site)
    rows = records.site_publishers(opened.release, site["site_id"])
    rows = rows[rows["record_id"] == site["workers_record_id"]] if pd.notna(site["workers_record_id"]) else []
    if not len(rows):
        return told
    row = rows.iloc[0]
    return f"{told} – {for_markdown(row['publisher'])} ({for_markdown(row['record_id'])})"


def clocks(opened: Opened, assessments: pd.DataFrame, actions: pd.DataFrame) -> None:
    """Draw the days that are running: until the last assessment expires, and until each open action is due."""
    st.header(_("What is due"), anchor=False)
    st.caption(
        _("Days count from the day of the release, {day}.").format(day=formats.day(opened.release.as_of))
    )
    lines = [_expiry(row) for row in last_of_each(assessments).to_dict("records")]
    lines += [_due(row) for row in actions[actions["is_open"]].to_dict("records")]
    if lines:
        st.markdown("\n".join(f"- {line}" for line in lines))
    if assessments.empty:
        st.markdown(_("No assessment is on record, so none expires."))
    if not actions["is_open"].any():
        st.markdown(_("No open improvement action is on record."))


def last_of_each(assessments: pd.DataFrame) -> pd.DataFrame:
    """Return the last assessment of the site under each scheme."""
    return assessments.drop_duplicates("scheme", keep="last")


def _expiry(row: dict[Any, Any]) -> str:
    about = _("Assessment of {day} ({framework})").format(
        day=formats.day(row["assessed_on"]), framework=framework_names.named(row)
    )
    if pd.isna(row["expires_on"]):
        return formats.named(about, _("no day of expiry on record"))
    left = int(row["days_left"])
    said = formats.clock(left) if left >= 0 else f"**{_('expired')}, {formats.clock(left)}**"
    until = _("valid until {day}").format(day=formats.day(row["expires_on"]))
    return f"{formats.named(about, until)} – {said}"


def _due(row: dict[Any, Any]) -> str:
    """Return an open action and its clock on one line; what is overdue stands out by weight and by its word."""
    said = formats.clock(row["days_left"])
    if row["is_overdue"]:
        said = f"**{said}**"
    parts = [for_markdown(formats.worded(row, "title")), _(ACTION_STATUSES[row["status"]])]
    if pd.notna(row["due_now_on"]):
        parts.append(_("due {day}").format(day=formats.day(row["due_now_on"])))
    return f"{' · '.join(parts)} – {said}"
