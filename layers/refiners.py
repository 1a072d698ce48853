"""Refiners on a map of the world: a dot each, whose fill and line say the status that was reported."""

from __future__ import annotations

from typing import Any, Final

import folium
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend, Swatch
from layers.shapes import Features, FetchedOutlines, group, point
from risk.escaping import for_leaflet
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import RMAP_STATUSES

TITLE: Final = mark("Refiners")
LAND: Final = "../../app/static/land.json"
THING: Final = "refiner:"
_INK: Final = "#1f2933"
# Status → colour of the swatch and its shape: fills differ in lightness, rings in their line.
_LOOKS: Final[dict[str, tuple[str, Swatch]]] = {
    "conformant": ("#12376b", "dot"),
    "active": ("#5f8fd0", "dot"),
    "cross_recognized": ("#c3d6ef", "dot"),
    "eligible": ("#ffffff", "dot"),
    "not_listed": (_INK, "disc"),
    "removed": ("#8a3b00", "ring"),
    "not_reported": (palette.UNKNOWN, "dotted"),
}
_LINES: Final[dict[Swatch, dict[str, Any]]] = {
    "disc": {"weight": 1.8, "dashArray": "4 3"},
    "ring": {"weight": 3.5},
    "dotted": {"weight": 1.8, "dashArray": "1.5 3"},
}
LEGEND: Final = Legend(
    mark("Status, as reported"),
    tuple(Entry(RMAP_STATUSES[code], *look) for code, look in _LOOKS.items()),
)


def draw(refiners: pd.DataFrame) -> folium.FeatureGroup:
    """Return one dot a refiner: facility_key, lon, lat, status, and `tip` (plain text).

    Rows without a position are not drawn: the page counts them. Those without a reported status lie lowest.
    """
    placed = refiners.dropna(subset=["lon", "lat"])
    placed = placed.assign(lies=placed["status"] != "not_reported").sort_values("lies", kind="stable")
    dots = [
        point(
            row["lon"],
            row["lat"],
            thing=f"{THING}{row['facility_key']}",
            tip=for_leaflet(row["tip"]),
            style=_style(row["status"]),
            radius_px=6,
        )
        for row in placed.to_dict("records")
    ]
    return group("refiners", Features(dots, "sites"))


def draw_land() -> folium.FeatureGroup:
    """Return the land of the world without borders, as quiet ground."""
    style = {"color": palette.BORDER, "weight": 0.6, "fillColor": palette.LAND, "fillOpacity": 1}
    failed = for_leaflet(_("The outlines did not load. Reload the page."))
    return group(
        "land",
        FetchedOutlines(
            LAND, by="kind", styles={"land": style}, pane="territories", failed=failed, interactive=False
        ),
    )


def _style(status: str) -> dict[str, Any]:
    colour, swatch = _LOOKS[status]
    if swatch == "dot":
        return {"color": _INK, "weight": 1.2, "fillColor": colour, "fillOpacity": 0.95}
    return {"color": colour, "fillColor": "#ffffff", "fillOpacity": 0.75, **_LINES[swatch]}
