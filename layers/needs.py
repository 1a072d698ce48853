"""What needs money and is not met, by territory: how many of these needs an action answers, and is it funded."""

from __future__ import annotations

from typing import Final

import altair as alt
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from risk.texts import mark
from risk.texts import translate as _

# How a need is answered → words, colour, swatch; in the order in which they are stacked. What nobody answers is
# outlined, so that it is told from the others in grey too.
ANSWERED: Final[dict[str, tuple[str, str]]] = {
    "funded": (mark("with an action that is funded or needs no money"), "#1e3a72"),
    "not_funded": (mark("with an action that is not funded, or in part"), "#839cc3"),
    "no_action": (mark("without an action"), "#ffffff"),
}
_LINE: Final = "#a34a00"
LEGEND: Final = Legend(
    mark("Criteria at sites that need money and are not met"),
    (
        Entry(ANSWERED["funded"][0], ANSWERED["funded"][1], "cell"),
        Entry(ANSWERED["not_funded"][0], ANSWERED["not_funded"][1], "cell"),
        Entry(ANSWERED["no_action"][0], _LINE, "outline"),
    ),
)
_ROW_PX: Final = 28


def draw(needs: pd.DataFrame) -> alt.Chart:
    """Return one stacked bar a territory, in the order given.

    `needs` has one row a territory and way: name, answered (of `ANSWERED`), need_count. Empty rows draw an empty
    chart.
    """
    names = list(dict.fromkeys(needs["name"]))
    codes = list(ANSWERED)
    rows = [
        {
            "name": row["name"],
            "answered": row["answered"],
            "words": _(ANSWERED[row["answered"]][0]),
            "place": codes.index(row["answered"]),
            "count": int(row["need_count"]),
        }
        for row in needs.to_dict("records")
    ]
    fill = alt.Scale(domain=codes, range=[colour for _words, colour in ANSWERED.values()])
    line = alt.Scale(domain=codes, range=[palette.COUNTS_LINE, palette.COUNTS_LINE, _LINE])
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows), height=_ROW_PX * max(len(names), 1) + 30)
        .mark_bar(size=16, strokeWidth=1.2)
        .encode(
            x=alt.X(
                "count:Q", title=None, stack="zero", axis=alt.Axis(tickMinStep=1, gridColor=palette.GRID)
            ),
            y=alt.Y("name:N", title=None, sort=names, axis=alt.Axis(labelLimit=150, ticks=False)),
            color=alt.Color("answered:N", scale=fill, legend=None),
            stroke=alt.Stroke("answered:N", scale=line, legend=None),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("name:N", title=_("Territory")),
                alt.Tooltip("words:N", title=_("How it is answered")),
                alt.Tooltip("count:Q", title=_("Criteria at sites")),
            ],
        )
    )
    on_paper: alt.Chart = chart.configure_view(fill=palette.LAND, strokeWidth=0)
    return on_paper
