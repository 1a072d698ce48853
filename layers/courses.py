"""The course of one site: assessments, visits, events and improvement actions on one axis of time.

Each lane has its name over it. A stretch past the day an action was due is drawn as such, whether the action is
still open or was resolved late.
"""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from risk.texts import mark
from risk.texts import translate as _

ASSESSMENT: Final = "#0047ab"
VISIT: Final = "#55606d"
EVENT: Final = "#5b1247"
RUNNING: Final = "#b4c3da"
RESOLVED: Final = "#4f6fa6"
LATE: Final = "#a34a00"
ASIDE: Final = "#8b8b87"
LEGEND: Final = Legend(
    mark("On one axis of time"),
    (
        Entry(mark("assessment"), ASSESSMENT, "cell"),
        Entry(mark("visit"), VISIT, "dot"),
        Entry(mark("reported event"), EVENT, "triangle"),
        Entry(mark("action at work, up to the day it is due"), RUNNING, "cell"),
        Entry(mark("action until it was resolved"), RESOLVED, "cell"),
        Entry(mark("past the day it was due"), LATE, "cell"),
        Entry(mark("draft or cancelled action"), ASIDE, "dashes"),
    ),
)
_LANE_PX: Final = 34
_FOOT_PX: Final = 60
_POINTS: Final[dict[str, tuple[str, str]]] = {
    # what → shape and colour
    "assessment": ("square", ASSESSMENT),
    "visit": ("circle", VISIT),
    "event": ("triangle-up", EVENT),
}
_BARS: Final[dict[str, dict[str, Any]]] = {
    "running": {"fill": RUNNING, "stroke": ASSESSMENT, "strokeWidth": 0.8},
    "resolved": {"fill": RESOLVED, "stroke": ASSESSMENT, "strokeWidth": 0.8},
    "late": {"fill": LATE, "stroke": "#5a2900", "strokeWidth": 0.8},
    "aside": {"fill": "#ffffff", "stroke": ASIDE, "strokeWidth": 1.2, "strokeDash": [3, 2]},
    "event": {"fill": EVENT, "stroke": EVENT, "strokeWidth": 0},
}


def draw(lanes: list[str], marks: pd.DataFrame, as_of: pd.Timestamp, as_of_said: str) -> alt.LayerChart:
    """Return the lanes under each other, with `marks` in them and the day of the release as a line.

    lanes: the name of each, in order. marks: lane (number), kind (assessment, visit or event, a point at
    `starts_on`, an event of several days as a bar too; running, resolved, late or aside, a bar; due, a stroke at
    `starts_on`), starts_on, ends_on (days; the same for a point), said (in words).
    """
    days = [*marks["starts_on"], *marks["ends_on"], as_of]
    first, last = min(days), max(days)
    aside = max((last - first) * 0.03, pd.Timedelta(days=75))
    height = _LANE_PX * len(lanes) + _FOOT_PX
    x = alt.X(
        "from:T",
        title=None,
        scale=alt.Scale(domain=[(first - aside).isoformat(), (last + aside).isoformat()]),
        axis=alt.Axis(
            format="%m/%Y", tickCount=5, gridColor=palette.GRID, labelFontSize=10, labelOverlap=True
        ),
    )
    rows = [_row(row) for row in marks.to_dict("records")]
    scale = alt.Scale(domain=[_LANE_PX * len(lanes), 0], nice=False, zero=False)
    y = alt.Y("y:Q", title=None, axis=None, scale=scale)
    top = alt.Y("top:Q", title=None, axis=None, scale=scale)
    tips = [alt.Tooltip("said:N", title=_("What"))]
    layers = [
        _names(lanes, y),
        *(_bars(rows, kind, look, x, top, tips) for kind, look in _BARS.items()),
        _strokes(rows, x, top, tips),
        *(_points(rows, kind, look, x, y, tips) for kind, look in _POINTS.items()),
        *_today(as_of, as_of_said, x),
    ]
    chart: alt.LayerChart = (
        alt.layer(*layers).properties(height=height).configure_view(fill=palette.LAND, strokeWidth=0)
    )
    return chart


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    # The name of a lane stands in its upper half, its marks in the lower.
    middle = _LANE_PX * row["lane"] + 24
    start, end = row["starts_on"].isoformat(), row["ends_on"].isoformat()
    told = {"kind": row["kind"], "from": start, "to": end, "said": row["said"]}
    return {**told, "y": middle, "top": middle - 6, "foot": middle + 6, "is_long": start != end}


def _of(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _names(lanes: list[str], y: alt.Y) -> alt.Chart:
    rows = [{"name": name, "y": _LANE_PX * number + 9} for number, name in enumerate(lanes)]
    chart: alt.Chart = (
        _of(rows)
        .mark_text(
            align="left", baseline="middle", fontSize=11, color="#1b232c", limit=alt.ExprRef("width - 8")
        )
        .encode(x=alt.value(4), y=y, text="name:N", tooltip=[alt.Tooltip("name:N", title=_("What"))])
    )
    return chart


def _bars(
    rows: list[dict[str, Any]], kind: str, look: dict[str, Any], x: alt.X, top: alt.Y, tips: list[alt.Tooltip]
) -> alt.Chart:
    own = [row for row in rows if row["kind"] == kind and row["is_long"]]
    if kind == "event":
        own = [{**row, "top": row["y"] + 4} for row in own]
    if kind == "late":
        # Thinner too, so that it is told from the others in grey.
        own = [{**row, "top": row["y"] - 3, "foot": row["y"] + 3} for row in own]
    chart: alt.Chart = _of(own).mark_rect(**look).encode(x=x, x2="to:T", y=top, y2="foot:Q", tooltip=tips)
    return chart


def _strokes(rows: list[dict[str, Any]], x: alt.X, top: alt.Y, tips: list[alt.Tooltip]) -> alt.Chart:
    own = [{**row, "top": row["y"] - 9, "foot": row["y"] + 9} for row in rows if row["kind"] == "due"]
    chart: alt.Chart = (
        _of(own).mark_rule(color="#1b232c", strokeWidth=2).encode(x=x, y=top, y2="foot:Q", tooltip=tips)
    )
    return chart


def _points(
    rows: list[dict[str, Any]],
    kind: str,
    look: tuple[str, str],
    x: alt.X,
    y: alt.Y,
    tips: list[alt.Tooltip],
) -> alt.Chart:
    shape, colour = look
    drawn = _of([row for row in rows if row["kind"] == kind]).mark_point(
        shape=shape,
        filled=True,
        fill=colour,
        stroke="#ffffff",
        strokeWidth=1,
        size=90,
        opacity=1,
    )
    chart: alt.Chart = drawn.encode(x=x, y=y, tooltip=tips)
    return chart


def _today(as_of: pd.Timestamp, said: str, x: alt.X) -> list[alt.Chart]:
    row = [{"from": as_of.isoformat(), "said": said}]
    tip = [alt.Tooltip("said:N", title=_("What"))]
    rule = _of(row).mark_rule(color="#1b232c", strokeDash=[4, 3], strokeWidth=1)
    return [rule.encode(x=x, tooltip=tip)]
