"""Gains and losses by section, side by side and alike: losses to the left, gains to the right of one line."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from risk.texts import mark
from risk.texts import translate as _

GAINED: Final = "#0047ab"
LOST: Final = "#a34a00"
LEGEND: Final = Legend(
    mark("Criteria at sites"),
    (
        Entry(mark("lost (to the left)"), LOST, "cell"),
        Entry(mark("gained (to the right)"), GAINED, "cell"),
    ),
)
_ROW_PX: Final = 34


def draw(sections: pd.DataFrame) -> alt.LayerChart:
    """Return one row a section in the order given: name, gained and lost (counts).

    Both sides have one scale, so that a loss looks as large as a gain of the same size. Empty rows draw an empty
    chart.
    """
    names = sections["name"].tolist()
    top = max([1, *sections["gained"], *sections["lost"]])
    rows = [_side(row, side) for row in sections.to_dict("records") for side in ("lost", "gained")]
    x = alt.X(
        "count:Q",
        title=None,
        scale=alt.Scale(domain=[-1.35 * top, 1.35 * top], nice=False),
        axis=alt.Axis(labelExpr="abs(datum.value)", tickMinStep=1, tickCount=5, gridColor=palette.GRID),
    )
    y = alt.Y("name:N", title=None, sort=names, axis=alt.Axis(labelLimit=190, ticks=False, domain=False))
    tips = [
        alt.Tooltip("name:N", title=_("Section")),
        alt.Tooltip("what:N", title=_("Change")),
        alt.Tooltip("said:N", title=_("Criteria at sites")),
    ]
    scale = alt.Scale(domain=["lost", "gained"], range=[LOST, GAINED])
    shown = [row for row in rows if row["count"]]
    colour = alt.Color("side:N", scale=scale, legend=None)
    bars = _of(shown).mark_bar(size=18).encode(x=x, y=y, color=colour, tooltip=tips)
    words = [_words(shown, "lost", x, y), _words(shown, "gained", x, y)]
    line = _of([{"count": 0}]).mark_rule(color="#1b232c").encode(x=x)
    chart: alt.LayerChart = (
        alt.layer(bars, *words, line)
        .properties(height=_ROW_PX * max(len(names), 1) + 30)
        .configure_view(fill=palette.LAND, strokeWidth=0)
    )
    return chart


def _side(row: dict[Any, Any], side: str) -> dict[str, Any]:
    count = int(row[side])
    sign, what = ("\u2212", _("lost")) if side == "lost" else ("+", _("gained"))
    told = {"name": row["name"], "side": side, "what": what, "said": f"{sign}{count}"}
    return {**told, "count": -count if side == "lost" else count}


def _words(rows: list[dict[str, Any]], side: str, x: alt.X, y: alt.Y) -> alt.Chart:
    own = _of([row for row in rows if row["side"] == side])
    drawn = (
        own.mark_text(align="right", baseline="middle", dx=-4, fontSize=11, color="#1b232c")
        if side == "lost"
        else own.mark_text(align="left", baseline="middle", dx=4, fontSize=11, color="#1b232c")
    )
    chart: alt.Chart = drawn.encode(x=x, y=y, text="said:N")
    return chart


def _of(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))
