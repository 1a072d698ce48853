"""What was alleged, set against what was assessed and done: one axis of time, one line under the other.

The alleged time runs down through all lines. An end that nobody told fades out: nothing is drawn that looks like
a day. It is drawn dashed, for an allegation is no fact.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import altair as alt
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from risk.texts import mark
from risk.texts import translate as _

Place = Callable[..., Any]
ALLEGED: Final = "#a34a00"
ASSESSED: Final = "#12376b"
RUNNING: Final = "#4f6fa6"
OTHER: Final = "#d3dcec"
CASE: Final = "#55606d"
INK: Final = "#1f2933"
LEGEND: Final = Legend(
    mark("On one line of time"),
    (
        Entry(mark("time of the alleged event; an end that is not known fades out"), ALLEGED, "dashes"),
        Entry(mark("step of the case"), CASE, "dot"),
        Entry(mark("assessment"), ASSESSED, "diamond"),
        Entry(mark("action that ran when the alleged event began"), RUNNING, "cell"),
        Entry(mark("other action"), OTHER, "cell"),
        Entry(mark("day an action is due"), INK, "line"),
    ),
)
# Pixels from the top to the middle of each line; the first action lies on the last of them.
_LINES: Final = {"alleged": 34, "case": 84, "assessed": 134, "actions": 184}
_HEADING: Final = 20
_STEP: Final = 20
_AXIS: Final = 34
# More actions than a reader tells apart; the table holds them all.
MOST: Final = 12


def draw(event: dict[str, Any], marks: pd.DataFrame, actions: pd.DataFrame) -> alt.LayerChart:
    """Return the chart of one case.

    event: start, end (days, between which the alleged event lies at most), has_start, has_end (False: that end
    is not known), since and until (first and last day of the axis), said. marks: line ('case' or 'assessed'), day,
    said. actions: from_on, to_on, due_on (each may be missing), number, was_running, said; the first `MOST` are
    drawn. What lacks a day is not drawn. Headings: event['headings'], by line.
    """
    shown = actions.head(MOST)
    height = _LINES["actions"] + _STEP * max(1, len(shown))
    place = partial(_at, height)
    x = alt.X(
        "from:T",
        title=None,
        scale=alt.Scale(domain=[_iso(event["since"]), _iso(event["until"])], type="utc"),
        axis=alt.Axis(format="%Y-%m", tickCount=6, labelOverlap=True, grid=True, gridColor=palette.GRID),
    )
    layers = [
        *_alleged(event, x, place),
        _dots(marks[marks["line"] == "case"], x, place(_LINES["case"]), "circle", CASE, 55),
        _dots(marks[marks["line"] == "assessed"], x, place(_LINES["assessed"]), "diamond", ASSESSED, 150),
        *_bars(shown, x, place),
        *_headings(event["headings"], place),
    ]
    chart: alt.LayerChart = (
        alt.layer(*layers).properties(height=height + _AXIS).configure_view(fill=palette.LAND, strokeWidth=0)
    )
    return chart


def _at(height: int, line: float, off: float = 0) -> Any:
    """Return where a line lies, as a share of what the browser leaves of the height under a title; `off` in pixels."""
    return alt.value({"expr": f"height * {line / height:.4f} + {off}"})


def _iso(day: Any) -> str:
    return pd.Timestamp(day).strftime("%Y-%m-%dT00:00:00Z")


def _tooltip() -> list[alt.Tooltip]:
    return [alt.Tooltip("said:N", title=_("What and when"))]


def _alleged(event: dict[str, Any], x: alt.X, place: Place) -> list[alt.Chart]:
    """Return the alleged time as a pale band through all lines and a dashed bar on the first."""
    # A day alone would be too thin to see.
    last = max(pd.Timestamp(event["end"]) + pd.Timedelta(days=1), pd.Timestamp(event["start"]))
    row = {"from": _iso(event["start"]), "to": _iso(last), "said": event["said"]}
    chart = alt.Chart(alt.InlineData(values=[row])).encode(x=x, x2="to:T", tooltip=_tooltip())
    line = _LINES["alleged"]
    band = chart.mark_rect(color=_fading(event), opacity=0.16).encode(
        y=alt.value(0), y2=alt.value({"expr": "height"})
    )
    bar = chart.mark_rect(color=_fading(event), opacity=0.75).encode(y=place(line, -7), y2=place(line, 7))
    ends = [
        alt.Chart(alt.InlineData(values=[{"from": row[name], "said": event["said"]}]))
        .mark_rule(color=ALLEGED, strokeWidth=1.6, strokeDash=[4, 3])
        .encode(x=x, y=alt.value(0), y2=alt.value({"expr": "height"}), tooltip=_tooltip())
        for name, is_known in (("from", event["has_start"]), ("to", event["has_end"]))
        if is_known
    ]
    unknown = [
        alt.Chart(alt.InlineData(values=[{"from": row[name], "sign": "?"}]))
        .mark_text(fontSize=15, fontWeight="bold", color=ALLEGED, dx=shift)
        .encode(x=x, y=place(line), text="sign:N")
        for name, is_known, shift in (("from", event["has_start"], 8), ("to", event["has_end"], -8))
        if not is_known
    ]
    return [band, bar, *ends, *unknown]


def _fading(event: dict[str, Any]) -> Any:
    """Return a colour that fades towards each end that is not known."""
    clear = "rgba(163,74,0,0)"
    first, last = (ALLEGED if event[name] else clear for name in ("has_start", "has_end"))
    if first == last == ALLEGED:
        return ALLEGED
    stops = [{"color": first, "offset": 0}, {"color": last, "offset": 1}]
    if first == last:
        stops.insert(1, {"color": ALLEGED, "offset": 0.5})
    return {"gradient": "linear", "stops": stops, "x1": 0, "x2": 1, "y1": 0, "y2": 0}


def _dots(rows: pd.DataFrame, x: alt.X, y: Any, shape: str, colour: str, size: int) -> alt.Chart:
    values = [
        {"from": _iso(row["day"]), "said": row["said"]}
        for row in rows.to_dict("records")
        if pd.notna(row["day"])
    ]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_point(
            shape=shape, filled=True, fill=colour, stroke="#ffffff", strokeWidth=1, size=size, opacity=1
        )
        .encode(x=x, y=y, tooltip=_tooltip())
    )
    return chart


def _bars(rows: pd.DataFrame, x: alt.X, place: Place) -> list[alt.Chart]:
    """Return one bar an action on a line of its own, with its number before it and its due day across it."""
    found = []
    for step, row in enumerate(rows.to_dict("records")):
        middle = _LINES["actions"] + _STEP * step
        said = {"said": row["said"], "number": str(row["number"])}
        if pd.notna(row["from_on"]):
            value = said | {"from": _iso(row["from_on"]), "to": _iso(row["to_on"])}
            base = alt.Chart(alt.InlineData(values=[value])).encode(x=x, tooltip=_tooltip())
            colour = RUNNING if row["was_running"] else OTHER
            bar = base.mark_rect(color=colour, stroke=ASSESSED, strokeWidth=0.8, opacity=1)
            found.append(bar.encode(x2="to:T", y=place(middle, -6), y2=place(middle, 6)))
        first = row["due_on"] if pd.isna(row["from_on"]) else row["from_on"]
        if pd.notna(first):
            value = said | {"from": _iso(first)}
            number = alt.Chart(alt.InlineData(values=[value])).mark_text(
                align="right", dx=-5, fontSize=11, color=INK
            )
            found.append(number.encode(x=x, y=place(middle), text="number:N"))
        if pd.notna(row["due_on"]):
            due = alt.Chart(alt.InlineData(values=[said | {"from": _iso(row["due_on"])}]))
            rule = due.mark_rule(color=INK, strokeWidth=2)
            found.append(rule.encode(x=x, y=place(middle, -9), y2=place(middle, 9), tooltip=_tooltip()))
    return found


def _headings(words: dict[str, str], place: Place) -> list[alt.Chart]:
    """Return the heading of each line, at its left edge above it."""
    text: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": 11, "fontWeight": "bold"}
    each = [
        alt.Chart(alt.InlineData(values=[{"word": words[line]}])).encode(
            x=alt.value(4), y=place(at, -_HEADING), text="word:N"
        )
        for line, at in _LINES.items()
    ]
    halo = [one.mark_text(**text, stroke=palette.LAND, strokeWidth=4) for one in each]
    return [*halo, *(one.mark_text(**text, fill=INK) for one in each)]
