"""The chosen thing, ringed so that the eye finds it again."""

from __future__ import annotations

import json
from typing import Any, Final

import folium
import pandas as pd

from layers import palette
from layers.shapes import Features, group, point, polygon
from risk.texts import mark

TITLE: Final = mark("Chosen")
LEGEND: Final = None
_RING: Final[dict[str, Any]] = {"color": palette.ACCENT, "weight": 3, "fill": False, "interactive": False}


def draw(rows: pd.DataFrame) -> folium.FeatureGroup:
    """Return a ring around each point and a bold line along each outline of `rows`.

    `rows` needs lon, lat and outline (GeoJSON text or missing).
    """
    features = []
    for row in rows.to_dict("records"):
        if isinstance(row["outline"], str):
            features.append(polygon(json.loads(row["outline"]), thing="", tip="", style=_RING))
        elif pd.notna(row["lon"]):
            features.append(point(row["lon"], row["lat"], thing="", tip="", style=_RING, radius_px=13))
    return group("chosen", Features(features, "chosen"))
