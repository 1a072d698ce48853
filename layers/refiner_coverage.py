"""How many known refiners were assessed, year by year: what is known as the whole bar, assessed as its filled part.

Where nobody knows how many were assessed, the bar is outlined and says so; an empty one would say that none was.
"""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from risk.texts import mark
from risk.texts import translate as _

ASSESSED: Final = "#12376b"
WITHOUT: Final = "#c3d6ef"
UNKNOWN_LINE: Final = "#75797e"
INK: Final = "#1f2933"
HEIGHT: Final = 230
LEGEND: Final = Legend(
    mark("Known refiners at the end of each year"),
    (
        Entry(mark("with an assessment since 2019 on record"), ASSESSED, "cell"),
        Entry(mark("without one on record"), WITHOUT, "cell"),
        Entry(mark("how many were assessed is not known"), UNKNOWN_LINE, "dashes"),
    ),
)


def draw(years: pd.DataFrame) -> alt.LayerChart:
    """Return one bar a year of one kind of refiner.

    `years` needs year, known, assessed (missing where not known), share (in words) and counts (in words), in the
    order of the years. Empty rows draw an empty chart.
    """
    rows = [_row(row) for row in years.to_dict("records")]
    top = max([1, *(row["known"] for row in rows)])
    x = alt.X(
        "year:O",
        title=None,
        scale=alt.Scale(paddingInner=0.25, paddingOuter=0.15),
        axis=alt.Axis(labelAngle=0, ticks=False),
    )
    scale = alt.Scale(domain=[0, top * 1.22], nice=False)
    told, untold = [row for row in rows if "assessed" in row], [row for row in rows if "assessed" not in row]
    layers = [
        _bars(told, x, "known", scale, {"fill": WITHOUT, "stroke": ASSESSED, "strokeWidth": 0.8}),
        _bars(told, x, "assessed", scale, {"fill": ASSESSED}),
        _bars(untold, x, "known", scale, {"fill": "#ffffff", "stroke": UNKNOWN_LINE, "strokeDash": [4, 3]}),
        _words(told, x, scale, "share", -17, is_bold=True),
        _words(told, x, scale, "counts", -5),
        _words(untold, x, scale, "counts", -5),
    ]
    chart: alt.LayerChart = (
        alt.layer(*layers).properties(height=HEIGHT).configure_view(fill=palette.LAND, strokeWidth=0)
    )
    return chart


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    """Return what the chart needs; how many were assessed has no key where it is missing."""
    said = {"year": str(row["year"]), "known": int(row["known"])}
    said |= {"share": row["share"], "counts": row["counts"]}
    return said | ({"assessed": int(row["assessed"])} if pd.notna(row["assessed"]) else {})


def _y(name: str, scale: alt.Scale) -> alt.Y:
    axis = alt.Axis(tickMinStep=1, tickCount=4, gridColor=palette.GRID, format="d")
    return alt.Y(f"{name}:Q", title=_("refiners"), scale=scale, axis=axis)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("year:N", title=_("Up to the end of")),
        alt.Tooltip("counts:N", title=_("Assessed of known")),
        alt.Tooltip("share:N", title=_("Assessed share")),
    ]


def _bars(
    rows: list[dict[str, Any]], x: alt.X, name: str, scale: alt.Scale, look: dict[str, Any]
) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(**look)
        .encode(x=x, y=_y(name, scale), tooltip=_tooltip())
    )
    return chart


def _words(
    rows: list[dict[str, Any]], x: alt.X, scale: alt.Scale, name: str, rise: int, *, is_bold: bool = False
) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_text(
            dy=rise, fontSize=12 if is_bold else 10, fontWeight="bold" if is_bold else "normal", color=INK
        )
        .encode(x=x, y=_y("known", scale), text=f"{name}:N", tooltip=_tooltip())
    )
    return chart
