"""Hotspots: outlines 'somewhere in here', solid, dashed or dotted by how sure; thin and faint where weak."""

from __future__ import annotations

import json
from typing import Any, Final

import folium
import pandas as pd
import shapely

from layers import palette
from layers.legend import Entry, Legend
from layers.shapes import Features, Labels, group, polygon
from risk.escaping import for_leaflet
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import CATEGORIES, GRADES, HOTSPOT_CLASSES

TITLE: Final = mark("Hotspots")
LEGEND: Final = Legend(
    mark("Somewhere in the outline"),
    (
        Entry(
            mark("confirmed: more per worker, and a larger share"), palette.HOTSPOTS["confirmed"], "outline"
        ),
        Entry(mark("reported: more per worker only"), palette.HOTSPOTS["reported"], "dashes"),
        Entry(mark("distinctive: a larger share only"), palette.HOTSPOTS["distinctive"], "dots"),
        Entry(mark("thin and faint: very few reports, or grade D"), palette.HOTSPOTS["reported"], "line"),
    ),
)
_LINES: Final[dict[str, dict[str, Any]]] = {
    "confirmed": {"weight": 4.8, "fillOpacity": 0.1},
    "reported": {"weight": 4.5, "dashArray": "10 6", "fillOpacity": 0.05},
    "distinctive": {"weight": 4.5, "dashArray": "0.5 8", "lineCap": "round", "fillOpacity": 0.03},
}
# With the light around it (`.atlas-outline`) still seen where the outline is as small as a letter.
_WEAK: Final[dict[str, Any]] = {"weight": 2.2, "opacity": 0.75, "fillOpacity": 0.02}
# Names of towns stand above their places: codes stand below, and below the smallest outline.
_BELOW: Final = "position: relative; top: 3.1em; color: #1f2933"
# Labels nearer than this, in degrees, would hide each other.
_APART: Final = 0.04
# Outlines of one and the same ground lie one inside the other, in degrees: about 400 m.
_STEP: Final = 0.0035


def draw(hotspots: pd.DataFrame) -> folium.FeatureGroup:
    """Return one outline a row with the code of its category beside it; small ones lie above wide ones.

    `hotspots` needs hotspot_id, category, hotspot_class, outline (GeoJSON text), lon, lat, is_weak,
    event_count, source_count, grade. Where several share one ground, each is drawn a little inside the one
    before, so that each can be seen and chosen.
    """
    rows = hotspots.to_dict("records")
    shapes = [shapely.from_geojson(row["outline"]) for row in rows]
    order = sorted(range(len(rows)), key=lambda i: (-shapely.area(shapes[i]), rows[i]["hotspot_id"]))
    twins: dict[str, int] = {}
    features = []
    for i in order:
        number = twins[rows[i]["outline"]] = twins.get(rows[i]["outline"], -1) + 1
        features.append(_outline(rows[i], _inside(shapes[i], number)))
    return group("hotspots", Features(features, "incidents"), Labels(_labels(rows)))


def _inside(shape: shapely.Geometry, number: int) -> shapely.Geometry:
    """Return `shape` for the first of its ground, a smaller one for each that follows, never nothing."""
    step = min(_STEP, float(shapely.area(shape)) ** 0.5 / 40)
    smaller = shapely.buffer(shape, -step * number)
    return shape if smaller.is_empty else smaller


def _outline(row: dict[Any, Any], shape: shapely.Geometry) -> dict[str, Any]:
    colour = palette.HOTSPOTS[row["hotspot_class"]]
    style = _LINES[row["hotspot_class"]] | {
        "color": colour,
        "fillColor": colour,
        "className": "atlas-outline",
    }
    if row["is_weak"]:
        style |= _WEAK
    rounded = shapely.set_precision(shape, 0.0001, mode="pointwise")
    geometry = json.loads(shapely.to_geojson(rounded))
    return polygon(geometry, thing=f"hotspot:{row['hotspot_id']}", tip=_tip(row), style=style)


def _tip(row: dict[Any, Any]) -> str:
    count, sources = int(row["event_count"]), int(row["source_count"])
    reports = _n("{count} report", "{count} reports", count).format(count=count)
    heard = _n("{count} source", "{count} sources", sources).format(count=sources)
    grade = _("grade {letter}: {words}").format(letter=row["grade"], words=_(GRADES[row["grade"]]))
    lines = [
        f"<b>{for_leaflet(_(CATEGORIES[row['category']].label))}</b>",
        for_leaflet(_(HOTSPOT_CLASSES[row["hotspot_class"]])),
        for_leaflet(f"{reports}, {heard}, {grade}"),
        for_leaflet(_("somewhere in this outline")),
    ]
    return "<br>".join(lines)


def _labels(rows: list[dict[Any, Any]]) -> list[dict[str, Any]]:
    """Return one label for the codes of all outlines whose middles are near, for names hide each other."""
    near: dict[tuple[int, int], list[dict[Any, Any]]] = {}
    for row in rows:
        near.setdefault((round(row["lat"] / _APART), round(row["lon"] / _APART)), []).append(row)
    labels = []
    for named in near.values():
        codes = " ".join(sorted({row["category"] for row in named}))
        text = f'<b class="atlas-codes" style="{_BELOW}">{for_leaflet(codes)}</b>'
        labels.append({"at": [round(named[0]["lat"], 4), round(named[0]["lon"], 4)], "text": text})
    return labels
