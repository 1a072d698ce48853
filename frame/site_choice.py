"""The choice of one site by its name, and the list of all of them where none is chosen."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import address, formats, tables
from frame.formats import number
from frame.opening import Opened
from risk.texts import translate as _
from risk.vocabulary import SITE_KINDS
from warehouse import records, site_history

KEY: Final = "site"


def choose(opened: Opened) -> dict[str, Any] | None:
    """Draw the choice of a site and return its row of `sites`; None where none is chosen.

    The sites stand in the order of the alphabet. An id that no site of the file has is said to be none.
    """
    rows = site_history.site_names(opened.release)
    if rows.empty:
        st.info(_("No site is in this file. Absence of records says nothing about any site."))
        return None
    names = _labels(rows)
    asked = address.recall(KEY)
    if not address.hold(KEY) or st.session_state[KEY] not in names:
        known = [code for code in asked if code in names]
        st.session_state[KEY] = known[0] if known else None
        if asked and not known:
            st.warning(
                _("This link names something that is not in this release or not among the chosen records.")
            )
    chosen = st.selectbox(
        _("Site"),
        list(names),
        format_func=lambda code: names[code],
        key=KEY,
        index=None,
        placeholder=_("choose a site by its name"),
    )
    address.keep(KEY, [chosen] if chosen else [])
    if chosen:
        return records.site(opened.release, chosen).to_dict("records")[0]
    _every(rows)
    return None


def _labels(rows: pd.DataFrame) -> dict[str, str]:
    """Return a label for each site: its name and territory, and its id where two are alike."""
    place = rows["territory"].fillna(_("territory not known"))
    labels = rows["name"] + " · " + place
    twins = labels.duplicated(keep=False)
    labels = labels.where(~twins, labels + " · " + rows["site_id"])
    return dict(zip(rows["site_id"], labels, strict=True))


def _every(rows: pd.DataFrame) -> None:
    """List all sites by name, with what is on record of each and the way to its page."""
    shown = rows.assign(
        kind=[_(SITE_KINDS[code]) for code in rows["kind"]],
        visited=_days(rows["last_visit_on"], _("no visit on record")),
        assessed=_days(rows["last_assessed_on"], _("not assessed")),
        page=[address.link("sites", site=code) for code in rows["site_id"]],
    )
    tables.show(
        shown,
        {
            "name": _("Name"),
            "page": _("Its page"),
            "territory": _("Territory"),
            "kind": _("Kind"),
            "visited": _("Latest visit"),
            "assessed": _("Latest assessment"),
            "open_actions": _("Open actions"),
        },
        caption=_(
            "{count} sites, in the order of the alphabet. No list here puts one site above another."
        ).format(count=number(len(rows))),
        links=("page",),
        missing=_("none on record"),
    )


def _days(days: pd.Series, word: str) -> list[str]:
    return [word if pd.isna(day) else formats.day(day) for day in days]
