"""Incidents: one symbol a place and precision, drawn no finer than the report was."""

from __future__ import annotations

import json
from typing import Any, Final

import folium
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from layers.shapes import Features, group, point, polygon
from risk.escaping import for_leaflet
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import CATEGORIES, EXACT_PRECISIONS, PLACE_PRECISIONS, SEVERITIES

TITLE: Final = mark("Incidents")
COLOURINGS: Final[dict[str, str]] = {
    "severity": mark("highest severity"),
    "theme": mark("kind of risk"),
}
_NARROW: Final = EXACT_PRECISIONS | {"locality"}
_SHAPES: Final = (
    Entry(mark("place known within 1 km; larger: more incidents"), palette.SEVERAL, "dot"),
    Entry(mark("somewhere in this disc"), palette.SEVERAL, "disc"),
    Entry(mark("somewhere in this outline"), palette.SEVERAL, "dashes"),
)
LEGENDS: Final[dict[str, Legend]] = {
    "severity": Legend(
        mark("Incidents, highest severity at the place"),
        tuple(Entry(label, palette.SEVERITY[level], "dot") for level, label in SEVERITIES.items()) + _SHAPES,
    ),
    "theme": Legend(
        mark("Incidents, kind of risk"),
        (
            *(Entry(label, colour, "dot") for label, colour, _codes in palette.THEMES.values()),
            Entry(mark("several kinds"), palette.SEVERAL, "dot"),
            *_SHAPES,
        ),
    ),
}


def draw(places: pd.DataFrame, *, colour_by: str = "severity") -> folium.FeatureGroup:
    """Return one symbol a row of `places`; nothing is drawn finer than it was reported.

    `places` holds one row a place and precision: place_key, place_name, lon, lat, extent_kind,
    extent_radius_m, outline (GeoJSON text or missing), incident_count, severity_max, categories
    ('; '-separated primary codes). Raises KeyError for an unknown `colour_by`.
    """
    LEGENDS[colour_by]
    wide: list[dict[str, Any]] = []
    discs: list[dict[str, Any]] = []
    dots: list[dict[str, Any]] = []
    for place in places.to_dict("records"):
        kind = place["extent_kind"]
        if kind == "point":
            dots.append(_dot(place, colour_by))
        elif kind == "disc":
            is_wide = place["extent_radius_m"] > PLACE_PRECISIONS["locality"].radius_m
            (wide if is_wide else discs).append(_disc(place, colour_by))
        elif isinstance(place["outline"], str):
            wide.append(_outline(place, colour_by))
    return group("incidents", Features(wide, "areas"), Features(discs, "discs"), Features(dots, "incidents"))


def _dot(place: dict[Any, Any], colour_by: str) -> dict[str, Any]:
    style = {"color": "#1f2933", "weight": 1.4, "fillColor": _colour(place, colour_by), "fillOpacity": 0.9}
    radius = 5 + 2.2 * place["incident_count"] ** 0.5
    return point(
        place["lon"], place["lat"], thing=_id(place), tip=_tip(place), style=style, radius_px=round(radius, 1)
    )


def _disc(place: dict[Any, Any], colour_by: str) -> dict[str, Any]:
    return point(
        place["lon"],
        place["lat"],
        thing=_id(place),
        tip=_tip(place),
        style=_area_style(place, colour_by),
        radius_m=int(place["extent_radius_m"]),
    )


def _outline(place: dict[Any, Any], colour_by: str) -> dict[str, Any]:
    return polygon(
        json.loads(place["outline"]), thing=_id(place), tip=_tip(place), style=_area_style(place, colour_by)
    )


def _area_style(place: dict[Any, Any], colour_by: str) -> dict[str, Any]:
    colour = _line_colour(place, colour_by)
    weight = round(1.2 + 0.5 * place["incident_count"] ** 0.5, 1)
    # Wide areas overlap and fill a close view: a tint that adds up would say more than the reports do.
    is_wide = place["place_precision"] not in _NARROW
    return {
        "color": colour,
        "weight": weight,
        "dashArray": "6 4",
        "fillColor": colour,
        "fillOpacity": 0.015 if is_wide else 0.06,
    }


def _colour(place: dict[Any, Any], colour_by: str) -> str:
    if colour_by == "severity":
        return palette.SEVERITY[int(place["severity_max"])]
    themes = {palette.theme_of(code) for code in place["categories"].split("; ")}
    return palette.THEMES[themes.pop()][1] if len(themes) == 1 else palette.SEVERAL


def _line_colour(place: dict[Any, Any], colour_by: str) -> str:
    if colour_by == "severity":
        return palette.SEVERITY_LINE[int(place["severity_max"])]
    return _colour(place, colour_by)


def _id(place: dict[Any, Any]) -> str:
    return f"place:{place['place_key']}"


def _tip(place: dict[Any, Any]) -> str:
    count = int(place["incident_count"])
    kinds = ", ".join(_(CATEGORIES[code].label) for code in place["categories"].split("; "))
    number = _n("{count} incident", "{count} incidents", count).format(count=count)
    precision = _(PLACE_PRECISIONS[place["place_precision"]].label)
    return f"<b>{for_leaflet(place['place_name'])}</b><br>{for_leaflet(_('{label}: {value}').format(label=number, value=kinds))}<br>{for_leaflet(precision)}"
