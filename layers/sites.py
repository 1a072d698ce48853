"""Artisanal sites: a dot where the place is exact, a disc of its precision where it is not."""

from __future__ import annotations

from typing import Any, Final

import folium
import pandas as pd

from layers import palette
from layers.legend import Entry, Legend
from layers.shapes import Features, group, point
from risk.escaping import for_leaflet
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import PLACE_PRECISIONS

TITLE: Final = mark("Artisanal sites")
LEGEND: Final = Legend(
    TITLE,
    (
        Entry(mark("site, placed within 1 km"), palette.SITE, "dot"),
        Entry(mark("site, somewhere in this disc"), palette.SITE, "dotted"),
    ),
)
_DOT: Final[dict[str, Any]] = {
    "color": "#ffffff",
    "weight": 1.2,
    "fillColor": palette.SITE,
    "fillOpacity": 0.95,
}
_DISC: Final[dict[str, Any]] = {
    "color": palette.SITE,
    "weight": 1.2,
    "dashArray": "2 5",
    "fillColor": palette.SITE,
    "fillOpacity": 0.01,
}


def draw(sites: pd.DataFrame) -> folium.FeatureGroup:
    """Return one symbol a place: dots for `extent_kind` point, discs for all else.

    `sites` needs lon, lat, extent_kind, extent_radius_m, place_precision, and id, name for each; rows
    that share one stand-in point share one disc, whose tip names them all. Rows without a position are
    not drawn: the page lists them.
    """
    placed = sites.dropna(subset=["lon", "lat"])
    exact = placed[placed["extent_kind"] == "point"]
    vague = placed[placed["extent_kind"] != "point"]
    discs = [
        _disc(rows)
        for _key, rows in vague.groupby(["lon", "lat", "place_precision"], sort=True, observed=True)
    ]
    dots = [_dot(site) for site in exact.to_dict("records")]
    return group("sites", Features(discs, "discs"), Features(dots, "sites"))


def _dot(site: dict[Any, Any]) -> dict[str, Any]:
    return point(
        site["lon"],
        site["lat"],
        thing=f"site:{site['site_id']}",
        tip=for_leaflet(site["name"]),
        style=_DOT,
        radius_px=5,
    )


def _disc(rows: pd.DataFrame) -> dict[str, Any]:
    first = rows.iloc[0]
    names = ", ".join(rows["name"].head(6))
    more = "" if len(rows) <= 6 else f" + {len(rows) - 6}"
    precision = _(PLACE_PRECISIONS[first["place_precision"]].label)
    radius = PLACE_PRECISIONS[first["place_precision"]].radius_m or PLACE_PRECISIONS["sector"].radius_m
    return point(
        first["lon"],
        first["lat"],
        thing=f"site:{first['site_id']}" if len(rows) == 1 else f"at:{first['lon']:.5f},{first['lat']:.5f}",
        tip=for_leaflet(f"{names}{more} – {precision}"),
        style=_DISC,
        radius_m=radius,
    )
