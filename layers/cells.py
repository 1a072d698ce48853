"""Many records as H3 cells: how many there are, no longer where each of them lies."""

from __future__ import annotations

from typing import Any, Final

import folium
import h3
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from layers.shapes import Features, group, polygon
from risk.escaping import for_leaflet
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import SEVERITIES

TITLE: Final = mark("Cells")
# Least count of a step, its words, its colour: one hue that grows darker, so that it reads in grey.
STEPS: Final[tuple[tuple[int, str, str], ...]] = (
    (1, mark("1"), palette.COUNTS[0]),
    (2, mark("2 to 9"), palette.COUNTS[1]),
    (10, mark("10 to 99"), palette.COUNTS[2]),
    (100, mark("100 to 999"), palette.COUNTS[3]),
    (1000, mark("1,000 or more"), palette.COUNTS[4]),
)
_FULL: Final = 0.7
# Under finer cells: a stronger tint would darken theirs, and they would say too much.
_FAINT: Final = 0.08
_RAMP: Final = tuple(Entry(words, colour, "cell") for _least, words, colour in STEPS)
_COARSE: Final = Entry(mark("with records known within 5 km only"), palette.COUNTS_LINE, "dashes")
LEGENDS: Final[dict[str, Legend]] = {
    "site_count": Legend(mark("Sites in a cell"), (*_RAMP, _COARSE)),
    "incident_count": Legend(
        mark("Incidents in a cell"),
        (*_RAMP, Entry(mark("sites only"), palette.COUNTS_LINE, "outline"), _COARSE),
    ),
}


def draw(cells: pd.DataFrame, *, count_by: str = "incident_count") -> folium.FeatureGroup:
    """Return one polygon a row of `cells`, coloured by `count_by`; no row draws an empty layer.

    `cells` needs cell (H3), resolution, site_count, incident_count, stand_in_count, severity_max. A
    cell that holds stand-ins has a dashed border; one without what `count_by` counts has no colour,
    for that is not a small number. Raises KeyError for an unknown `count_by`.
    """
    LEGENDS[count_by]
    rows = cells.to_dict("records")
    finest = max((int(row["resolution"]) for row in rows), default=0)
    coarse = [_polygon(row, count_by, _FAINT) for row in rows if row["resolution"] < finest]
    fine = [_polygon(row, count_by, _FULL) for row in rows if row["resolution"] == finest]
    return group("cells", Features(coarse, "areas"), Features(fine, "discs"))


def _polygon(row: dict[Any, Any], count_by: str, opacity: float) -> dict[str, Any]:
    ring = [[round(lon, 4), round(lat, 4)] for lat, lon in h3.cell_to_boundary(row["cell"])]
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return polygon(
        geometry, thing=f"cell:{row['cell']}", tip=_tip(row), style=_style(int(row[count_by]), row, opacity)
    )


def _style(count: int, row: dict[Any, Any], opacity: float) -> dict[str, Any]:
    style: dict[str, Any] = {"color": palette.COUNTS_LINE, "weight": 0.7}
    if row["stand_in_count"]:
        style |= {"weight": 1.2, "dashArray": "4 4"}
    if not count:
        return style | {"fillOpacity": 0}
    colour = [colour for least, _words, colour in STEPS if count >= least][-1]
    return style | {"fillColor": colour, "fillOpacity": opacity}


def _tip(row: dict[Any, Any]) -> str:
    sites, incidents = int(row["site_count"]), int(row["incident_count"])
    lines = []
    if incidents:
        number = _n("{count} incident", "{count} incidents", incidents).format(count=incidents)
        worst = int(row["severity_max"])
        lines.append(f"{number}, {_('highest severity')} {worst} {_(SEVERITIES[worst])}")
    if sites:
        lines.append(_n("{count} site", "{count} sites", sites).format(count=sites))
    vague = int(row["stand_in_count"])
    if vague:
        lines.append(
            _n(
                "{count} of these records is known within 5 km only",
                "{count} of these records are known within 5 km only",
                vague,
            ).format(count=vague)
        )
    return "<br>".join(for_leaflet(line) for line in lines)
