"""Names of towns, so that a reader knows where they look; no symbol, nothing to click."""

from __future__ import annotations

from typing import Final

import folium
import pandas as pd

from layers.shapes import Labels, group
from risk.escaping import for_leaflet
from risk.texts import mark

TITLE: Final = mark("Towns")
LEGEND: Final = None


def draw(towns: pd.DataFrame) -> folium.FeatureGroup:
    """Return one name a row, cities in bold; `towns` needs lon, lat, name, is_city."""
    labels = [
        {
            "at": [round(town["lat"], 4), round(town["lon"], 4)],
            "text": f"<b>{for_leaflet(town['name'])}</b>" if town["is_city"] else for_leaflet(town["name"]),
        }
        for town in towns.dropna(subset=["lon", "lat"]).to_dict("records")
    ]
    return group("towns", Labels(labels))
