"""Incidents over time as stacked bars, a quarter each."""

from __future__ import annotations

from typing import Final

import altair as alt
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import SEVERITIES

TITLE: Final = mark("Reports over time")
LEGEND: Final = Legend(
    mark("Severity"),
    tuple(Entry(label, palette.SEVERITY[level], "dot") for level, label in SEVERITIES.items()),
)


def draw(quarters: pd.DataFrame) -> alt.Chart:
    """Return bars of incident counts by quarter, stacked by severity.

    `quarters` has one row a quarter and severity: quarter_start (datetime), severity (1–5),
    incident_count. Empty rows draw an empty chart.
    """
    rows = quarters.assign(
        severity_label=[f"{level} {_(SEVERITIES[int(level)])}" for level in quarters["severity"]],
        quarter_label=[f"{day.year} {_('Q')}{(day.month - 1) // 3 + 1}" for day in quarters["quarter_start"]],
    )
    scale = alt.Scale(
        domain=[f"{level} {_(label)}" for level, label in SEVERITIES.items()],
        range=[palette.SEVERITY[level] for level in SEVERITIES],
    )
    chart = (
        alt.Chart(rows, height=260)
        .mark_bar(size=9, stroke=palette.SEVERITY_LINE[1], strokeWidth=0.7)
        .encode(
            x=alt.X("quarter_start:T", title=None, axis=alt.Axis(format="%Y", tickCount="year")),
            y=alt.Y(
                "incident_count:Q", title=_("incidents"), axis=alt.Axis(tickMinStep=1, gridColor=palette.GRID)
            ),
            color=alt.Color(
                "severity_label:N",
                scale=scale,
                # Three in a row fit a phone in both languages.
                legend=alt.Legend(
                    title=_("Severity"), orient="top", symbolType="square", columns=3, symbolStrokeWidth=0
                ),
            ),
            order=alt.Order("severity:Q"),
            tooltip=[
                alt.Tooltip("quarter_label:N", title=_("Quarter")),
                alt.Tooltip("severity_label:N", title=_("Severity")),
                alt.Tooltip("incident_count:Q", title=_("incidents")),
            ],
        )
    )
    # The ramp is made for the map's light paper; on a dark page its darkest step would vanish.
    on_paper: alt.Chart = chart.configure_view(fill=palette.LAND, strokeWidth=0)
    return on_paper
