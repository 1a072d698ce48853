"""Who was there, or told of it, and when last: a small hexagon in each cell, darker the more recent."""

from __future__ import annotations

from typing import Any, Final

import folium
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from layers.shapes import Features, group, polygon
from layers.tested_cells import ring
from risk.escaping import for_leaflet
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import ABSENCES, Absence

TITLE: Final = mark("When last heard of")
# Most weeks of a step, its words, its colour.
STEPS: Final[tuple[tuple[float, str, str], ...]] = (
    (26, mark("within 6 months"), palette.LOOKED[0]),
    (78, mark("within 18 months"), palette.LOOKED[1]),
    (float("inf"), mark("longer ago"), palette.LOOKED[2]),
)
LEGEND: Final = Legend(
    mark("Latest visit, or report from there"),
    (
        *(Entry(words, colour, "cell") for _most, words, colour in STEPS),
        Entry(mark("none on record: no visit, no report"), palette.NEVER, "dashes"),
    ),
)
_PART: Final = 0.42


def draw(cells: pd.DataFrame) -> folium.FeatureGroup:
    """Return one small hexagon a cell: by the latest visit or report, empty and dashed where there is none.

    `cells` needs cell (H3), last_visit_on, last_event_on, weeks_without_signal and may have site_count,
    visits, sources, absence (any missing).
    """
    features = [
        polygon(ring(row["cell"], _PART), thing=f"cell:{row['cell']}", tip=_tip(row), style=_style(row))
        for row in cells.to_dict("records")
    ]
    return group("coverage", Features(features, "discs"))


def _style(row: dict[Any, Any]) -> dict[str, Any]:
    weeks = row["weeks_without_signal"]
    if pd.isna(weeks):
        return {"color": palette.NEVER, "weight": 1.6, "dashArray": "3 3", "fillOpacity": 0}
    colour = next(colour for most, _words, colour in STEPS if weeks <= most)
    return {"color": palette.NEVER, "weight": 1, "fillColor": colour, "fillOpacity": 1}


def _tip(row: dict[Any, Any]) -> str:
    lines = [
        _("Latest visit on record: {day}").format(day=_day(row["last_visit_on"])),
        _("Latest report: {day}").format(day=_day(row["last_event_on"])),
    ]
    if pd.notna(row.get("visits")):
        count = int(row["visits"])
        lines.append(
            _n("{count} visit in the window", "{count} visits in the window", count).format(count=count)
        )
    if pd.notna(row.get("sources")):
        count = int(row["sources"])
        lines.append(
            _n("{count} source in the window", "{count} sources in the window", count).format(count=count)
        )
    if pd.notna(row.get("absence")):
        lines.append(_("Reports in the window: {why}").format(why=_(ABSENCES[Absence(row["absence"])])))
    return "<br>".join(for_leaflet(line) for line in lines)


def _day(value: Any) -> str:
    return _("none") if pd.isna(value) else f"{value:%Y-%m-%d}"
