"""The score of one section over the assessments of a site; what has no score has a look of its own.

A line joins two scores only where both are of one version of a framework: another version asks other things.
"""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from risk.texts import mark
from risk.texts import translate as _

SCORE: Final = palette.ACCENT
NOTHING: Final = "#6b6b67"
HEIGHT: Final = 175
LEGEND: Final = Legend(
    mark("One assessment each"),
    (
        Entry(mark("score, 0 to 100 % of what was assessed"), SCORE, "dot"),
        Entry(mark("no score: not assessed, or under 60 % of the criteria"), NOTHING, "hatched"),
    ),
)
# Under the axis of scores there is room for what has none: it must not pass for nought.
_FLOOR: Final = -32
_UNDER: Final = -20
_HATCHED: Final = "M-1,-1H1V1H-1ZM-1,0L0,-1M-1,1L1,-1M0,1L1,0"


def draw(rows: pd.DataFrame, days: tuple[pd.Timestamp, pd.Timestamp]) -> alt.LayerChart:
    """Return the scores of one section as points on an axis of time that reaches over `days`.

    `rows` has one row an assessment: assessed_on, framework_id, score_pct (missing for none), day (in words) and
    said (what the assessment says of the section, in words). Empty rows draw an empty chart.
    """
    each = [_row(row) for row in rows.sort_values("assessed_on").to_dict("records")]
    parts = _parts(each)
    aside = max((days[1] - days[0]) * 0.08, pd.Timedelta(days=75))
    ends = [(day + step).isoformat() for day, step in zip(days, (-aside, aside), strict=True)]
    x = alt.X(
        "on:T",
        title=None,
        scale=alt.Scale(domain=ends),
        axis=alt.Axis(
            format="%m/%Y", tickCount=3, grid=False, labelFontSize=10, labelOverlap=True, labelBound=True
        ),
    )
    y = alt.Y(
        "score:Q",
        title=None,
        scale=alt.Scale(domain=[_FLOOR, 100], nice=False),
        axis=alt.Axis(values=[0, 50, 100], gridColor=palette.GRID, domain=False, ticks=False),
    )
    tips = [alt.Tooltip("day:N", title=_("Assessment")), alt.Tooltip("said:N", title=_("Score"))]
    with_score = [row for row in parts if row["score"] >= 0]
    without = [row for row in parts if row["score"] < 0]
    line = _of(with_score).mark_line(color=SCORE, strokeWidth=2).encode(x=x, y=y, detail="part:N")
    dots = _of(with_score).mark_point(filled=True, fill=SCORE, stroke="#ffffff", size=75, opacity=1)
    gaps = _of(without).mark_point(shape=_HATCHED, size=95, stroke=NOTHING, strokeWidth=1.1, filled=False)
    chart: alt.LayerChart = (
        alt.layer(line, dots.encode(x=x, y=y, tooltip=tips), gaps.encode(x=x, y=y, tooltip=tips))
        .properties(height=HEIGHT)
        .configure_view(fill=palette.LAND, strokeWidth=0)
    )
    return chart


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    score = _UNDER if pd.isna(row["score_pct"]) else round(float(row["score_pct"]), 1)
    told = {"on": row["assessed_on"].isoformat(), "day": row["day"], "said": row["said"]}
    return {**told, "score": score, "framework": row["framework_id"]}


def _parts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with the number of the stretch they belong to: a gap or another version begins a new one."""
    part, found = 0, []
    before: dict[str, Any] | None = None
    for row in rows:
        is_joined = (
            before and before["score"] >= 0 <= row["score"] and before["framework"] == row["framework"]
        )
        part += 0 if is_joined else 1
        found.append({**row, "part": part})
        before = row
    return found


def _of(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))
