"""Charts on a page, each with the table that holds the same numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from frame import tables, watermark
from layers import timelines
from risk.texts import translate as _
from risk.texts import translate_count as _n


def timeline(quarters: pd.DataFrame, year_only: int) -> None:
    """Draw incidents by quarter and severity, with what the bars cannot show said under them."""
    st.header(_(timelines.TITLE), anchor=False)
    if quarters.empty:
        st.info(_("No record matches. This says nothing about safety: nobody may have looked."))
        return
    st.altair_chart(watermark.in_chart(timelines.draw(quarters)), width="stretch")
    st.caption(
        _(
            "Bars count what was reported, not what happened. Reporting is uneven, so a taller bar is no trend."
        )
    )
    if year_only:
        st.caption(
            _n(
                "{count} record dated to a year only is not in the bars.",
                "{count} records dated to a year only are not in the bars.",
                year_only,
            ).format(count=year_only)
        )
    with st.expander(_("The same numbers as a table")):
        tables.show(
            quarters,
            {
                "quarter_start": _("Quarter starts"),
                "severity": _("Severity"),
                "incident_count": _("Incidents"),
            },
        )
