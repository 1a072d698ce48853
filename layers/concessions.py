"""Mining titles as outlines by kind; artisanal zones as a filled pattern."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import folium

from layers import palette
from layers.legend import Entry, Legend, Swatch
from layers.shapes import FetchedOutlines, group
from risk.escaping import for_leaflet
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import PERMIT_TYPES

TITLE: Final = mark("Titles")
_SWATCHES: Final[dict[str, Swatch]] = {"PE": "outline", "PEPM": "dashes", "PER": "dots", "ZEA": "pattern"}
LEGEND: Final = Legend(
    TITLE,
    tuple(Entry(PERMIT_TYPES[code], colour, _SWATCHES[code]) for code, colour in palette.PERMITS.items()),
)
_DASHES: Final = {"PEPM": "5 4", "PER": "2 4"}


def draw(url: str, kinds: Iterable[str]) -> folium.FeatureGroup:
    """Return the titles at `url` whose kind is in `kinds`; none draws an empty layer."""
    styles = {kind: _style(kind) for kind in kinds}
    failed = for_leaflet(_("The titles did not load. Reload the page."))
    return group(
        "concessions",
        FetchedOutlines(url, by="permit_type", styles=styles, pane="concessions", failed=failed),
    )


def _style(kind: str) -> dict[str, Any]:
    colour = palette.PERMITS.get(kind, palette.OTHER_PERMIT)
    if kind == "ZEA":
        return {"color": colour, "weight": 1.6, "fillColor": "url(#atlas-zea)", "fillOpacity": 1}
    return {
        "color": colour,
        "weight": 1.4,
        "dashArray": _DASHES.get(kind),
        "fillColor": colour,
        "fillOpacity": 0.06,
    }
