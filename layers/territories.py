"""Territories and provinces: the outline map that everything else lies on."""

from __future__ import annotations

from typing import Final

import folium

from layers.legend import Entry, Legend
from layers.shapes import FetchedOutlines, group
from risk.escaping import for_leaflet
from risk.texts import mark
from risk.texts import translate as _

TITLE: Final = mark("Territories")
LEGEND: Final = Legend(TITLE, (Entry(mark("territory or city"), "#8b93a1", "line"),))


def draw(url: str, *, is_dark: bool = False) -> folium.FeatureGroup:
    """Return the outlines at `url`: territories to click, provinces as quiet ground."""
    land = "#232a33" if is_dark else "#f4f2ec"
    line = "#5d6775" if is_dark else "#a9a292"
    styles = {
        "province": {"color": line, "weight": 0.6, "fillColor": land, "fillOpacity": 1, "interactive": False},
        "territory": {"color": line, "weight": 1.2, "fillColor": land, "fillOpacity": 0.01},
        "city": {"color": line, "weight": 1.2, "fillColor": land, "fillOpacity": 0.01},
    }
    failed = for_leaflet(_("The outlines did not load. Reload the page."))
    return group(
        "territories", FetchedOutlines(url, by="kind", styles=styles, pane="territories", failed=failed)
    )
