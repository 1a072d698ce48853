"""Figures that others published of a site, as they are: indicators with a source, of which no score is made."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from frame import sourcing, tables
from frame.opening import Opened
from risk.texts import translate as _


def when(figures: pd.DataFrame) -> pd.Series:
    """Return when each figure is of, as published: its period, with the year behind where that does not say one.

    >>> rows = pd.DataFrame({"period": ["Q4", "Jan 2018", None], "year": pd.array([2023, 2018, 2022], "Int64")})
    >>> when(rows).tolist()
    ['Q4 2023', 'Jan 2018', '2022']
    """
    period, year = figures["period"].astype("string"), figures["year"].astype("string")
    says = period.str.contains(r"(?:19|20)\d{2}", regex=True).fillna(False).astype(bool)
    return period.where(says | year.isna(), period + " " + year).fillna(year)


def show(opened: Opened, figures: pd.DataFrame) -> None:
    """Draw the published figures of a site as a table, with their sources."""
    st.header(_("Published figures"), anchor=False)
    if figures.empty:
        st.markdown(_("No published figure belongs to this site."))
        return
    tables.show(
        figures.assign(when=when(figures)),
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
