"""Territories and provinces: the outline map that everything else lies on."""

from __future__ import annotations

from typing import Final

import folium

from layers import palette
from layers.legend import Entry, Legend
from layers.shapes import FetchedOutlines, group
from risk.escaping import for_leaflet
from risk.texts import mark
from risk.texts import translate as _

TITLE: Final = mark("Territories")
LEGEND: Final = Legend(TITLE, (Entry(mark("territory or city"), palette.BORDER, "line"),))


def draw(url: str) -> folium.FeatureGroup:
    """Return the outlines at `url`: territories to click, provinces as quiet ground."""
    ground = {"color": palette.BORDER, "fillColor": palette.LAND}
    area = ground | {"weight": 1.2, "fillOpacity": 0.01}
    styles = {
        "province": ground | {"weight": 0.6, "fillOpacity": 1, "interactive": False},
        "territory": area,
        "city": area,
    }
    failed = for_leaflet(_("The outlines did not load. Reload the page."))
    return group(
        "territories", FetchedOutlines(url, by="kind", styles=styles, pane="territories", failed=failed)
    )
