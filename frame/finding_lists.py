"""What a site gained and lost from one assessment to the next: both sides alike, side by side."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import formats, framework_names
from frame.formats import number
from risk.improvements import FINDING_CHANGES
from risk.progress_words import RESULTS
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n

# Losses have the first place on a phone's screen too: nobody scrolls past them.
SIDES: Final[dict[str, tuple[str, str, str]]] = {
    "lost": ("▼", mark("Lost"), mark("Nothing was lost among the criteria assessed both times.")),
    "gained": ("▲", mark("Gained"), mark("Nothing was gained among the criteria assessed both times.")),
}
_OTHERS: Final = ("kept_unmet", "kept_met", "newly_assessed", "no_longer_assessed", "not_comparable")


def show(changes: pd.DataFrame, assessments: pd.DataFrame) -> None:
    """Draw the changes of a site (`site_history.site_changes`), the latest pair open, those before it to open."""
    st.header(_("What changed between assessments"), anchor=False)
    if changes.empty:
        st.info(
            _("Nothing can be said about change: that takes two assessments under one framework.")
            if len(assessments) < 2
            else _("The assessments on record share no criterion, so that nothing can be compared.")
        )
        return
    for _scheme, rows in changes.groupby("scheme", sort=False):
        pairs = [pair for _day, pair in rows.groupby("assessed_on", sort=False)]
        for number_of, pair in enumerate(pairs):
            first = pair.to_dict("records")[0]
            title = f"{formats.day(first['assessed_before_on'])} → {formats.day(first['assessed_on'])}"
            if number_of == 0:
                st.subheader(title, anchor=False)
                _pair(pair)
            else:
                with st.expander(title):
                    _pair(pair)


def _pair(rows: pd.DataFrame) -> None:
    for place, (code, (sign, heading, nothing)) in zip(st.columns(2), SIDES.items(), strict=True):
        own = rows[rows["change"] == code].to_dict("records")
        with place, st.container(border=True):
            st.markdown(f"**{sign} {_(heading)} · {number(len(own))}**")
            if own:
                st.markdown(framework_names.listed(own, [_step(row) for row in own]))
            else:
                st.caption(_(nothing))
    others = rows["change"].value_counts()
    told = [
        formats.named(_(FINDING_CHANGES[code]), number(others[code]))
        for code in _OTHERS
        if others.get(code, 0)
    ]
    if told:
        st.caption(" · ".join(told))
    _aside(rows)


def _step(row: dict[Any, Any]) -> str:
    return f"{_(RESULTS[row['result_before']])} → {_(RESULTS[row['result']])}"


def _aside(rows: pd.DataFrame) -> None:
    """List, to open, what could not be compared: no gain and no loss, and no proof that nothing changed."""
    own = rows[rows["change"].isin(["newly_assessed", "no_longer_assessed", "not_comparable"])]
    if own.empty:
        return
    with st.expander(
        _n(
            "{count} criterion that cannot be compared", "{count} criteria that cannot be compared", len(own)
        ).format(count=number(len(own)))
    ):
        each = own.to_dict("records")
        st.markdown(framework_names.listed(each, [_(FINDING_CHANGES[row["change"]]) for row in each]))
