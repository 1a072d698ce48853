"""Reports by stretches of three months and, under them on the same axis, who looked.

A stretch without a report is a gap with the word for why; a bar of height zero would say that somebody
looked everywhere and found nothing.
"""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import ABSENCES

REPORTS: Final = "#0047ab"
VISITS: Final = "#6b7280"
SOURCES: Final = "#8a5a00"
LEGEND: Final = Legend(
    mark("Three months each"),
    (
        Entry(mark("reports (above)"), REPORTS, "cell"),
        Entry(mark("visits (below)"), VISITS, "cell"),
        Entry(mark("sources that reported (below)"), SOURCES, "dot"),
    ),
)
HEIGHT: Final = 240
# Two panels share one axis of time, reports above and effort below; in shares of the height, for what is left
# of it under a title and over the axis is known to the browser only.
_ABOVE: Final = (0.64, 0.02)
_BELOW: Final = (1.0, 0.74)


def draw(quarters: pd.DataFrame) -> alt.LayerChart:
    """Return bars of reports with visits and sources under them, on one axis of time.

    `quarters` has one row a stretch, in order: label (its first day), span (from–to), events, visits,
    sources (missing for none, never 0) and absence, whose word stands in the gap. Each chart has scales of
    its own: it shows change, not size. Empty rows draw an empty chart.
    """
    top = _top(quarters["events"])
    effort = max(_top(quarters["visits"]), _top(quarters["sources"]))
    rows = [_row(row) for row in quarters.to_dict("records")]
    x = alt.X(
        "label:O",
        title=None,
        scale=alt.Scale(domain=quarters["label"].tolist(), paddingInner=0.2, paddingOuter=0.1),
        axis=alt.Axis(labelAngle=-45, labelFontSize=10, ticks=False, labelOverlap=False),
    )
    layers = [
        _bars(_with(rows, "events"), x, _y("events", top, _ABOVE), REPORTS),
        _words([row for row in rows if "events" not in row], x),
        _bars(_with(rows, "visits"), x, _y("visits", effort, _BELOW), VISITS),
        _dots(_with(rows, "sources"), x, _y("sources", effort, _BELOW)),
    ]
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .resolve_scale(y="independent")
        .properties(height=HEIGHT)
        .configure_view(fill=palette.LAND, strokeWidth=0)
    )
    return chart


def _top(values: pd.Series) -> float:
    return max([1.0, *(float(value) for value in values.dropna())])


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    """Return what the chart needs of a row; what is missing has no key, so that nothing can draw it."""
    said: dict[str, Any] = {"label": row["label"], "span": row["span"]}
    for name in ("events", "visits", "sources"):
        told = pd.notna(row[name])
        said |= {name: round(float(row[name]), 1)} if told else {}
        said[f"{name}_said"] = f"{said[name]:g}" if told else _("none on record")
    if "events" not in said:
        word = _(ABSENCES[row["absence"]]) if pd.notna(row["absence"]) else _("not reported")
        said |= {"word": word, "events_said": word}
    return said


def _with(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [row for row in rows if name in row]


def _y(name: str, top: float, place: tuple[float, float]) -> alt.Y:
    ends = [{"expr": f"height * {share}"} for share in place]
    axis = alt.Axis(
        orient="left",
        tickMinStep=1,
        tickCount=3,
        gridColor=palette.GRID,
        format="d",
    )
    return alt.Y(f"{name}:Q", title=None, scale=alt.Scale(domain=[0, top], range=ends, nice=False), axis=axis)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("span:N", title=_("Three months")),
        alt.Tooltip("events_said:N", title=_("Reports")),
        alt.Tooltip("visits_said:N", title=_("Visits")),
        alt.Tooltip("sources_said:N", title=_("Sources")),
    ]


def _bars(rows: list[dict[str, Any]], x: alt.X, y: alt.Y, colour: str) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows)).mark_bar(color=colour).encode(x=x, y=y, tooltip=_tooltip())
    )
    return chart


def _dots(rows: list[dict[str, Any]], x: alt.X, y: alt.Y) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(filled=True, fill=SOURCES, stroke="#ffffff", strokeWidth=1, size=55, opacity=1)
        .encode(x=x, y=y, tooltip=_tooltip())
    )
    return chart


def _words(rows: list[dict[str, Any]], x: alt.X) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_text(angle=270, align="left", baseline="middle", fontSize=10, color="#55606d")
        .encode(x=x, y=alt.value({"expr": f"height * {_ABOVE[0]} - 4"}), text="word:N", tooltip=_tooltip())
    )
    return chart
