"""Figures that others published of a site, as they are: indicators with a source, of which no score is made."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from frame import sourcing, tables
from frame.opening import Opened
from risk.texts import translate as _


def show(opened: Opened, figures: pd.DataFrame) -> None:
    """Draw the published figures of a site as a table, with their sources."""
    st.header(_("Published figures"), anchor=False)
    if figures.empty:
        st.markdown(_("No published figure belongs to this site."))
        return
    tables.show(
        figures.assign(when=figures["period"].fillna(figures["year"].astype("string"))),
        {
            "when": _("When"),
            "indicator": _("Indicator"),
            "value_reported": _("Value as published"),
            "unit": _("Unit"),
            "scope": _("What it covers"),
            "assessor": _("Who measured"),
            "note": _("Note"),
            "verification_reported": _("How it was verified"),
        },
        caption=_(
            "Each is one indicator of one publisher. They do not add up, no score is made of them, and they are no "
            "assessment against a framework."
        ),
        wide=("indicator",),
    )
    sourcing.draw(opened, {"assessment_figures": figures["figure_id"]})
