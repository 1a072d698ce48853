"""How rows become Leaflet shapes: features written into the script, or fetched by the browser.

Folium escapes nothing, so every text that goes in here passes `risk.escaping`. Each feature carries an
`id` such as `site:site-kasulo`; a click hands it back to the page.
"""

from __future__ import annotations

from typing import Any, Final

import folium
from branca.element import MacroElement
from folium.template import Template

from risk.escaping import for_script

# Lower panes lie under higher ones: wide things must not hide narrow ones.
PANES: Final[dict[str, int]] = {
    "territories": 402,
    "areas": 405,
    "concessions": 410,
    "discs": 415,
    "sites": 430,
    "incidents": 440,
    "labels": 445,
    "chosen": 450,
}


class Features(MacroElement):
    """Features written into the script: dots in pixels, discs in metres, or polygons.

    Each feature is GeoJSON whose properties hold `id`, `tip` (escaped HTML), `style` (Leaflet path
    options) and, for points, `radius_px` or `radius_m`.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.geoJSON({{ this.data }}, {
            pane: "{{ this.pane }}",
            style: function (feature) { return feature.properties.style; },
            pointToLayer: function (feature, latlng) {
                var p = feature.properties;
                var options = Object.assign({pane: "{{ this.pane }}"}, p.style);
                if (p.radius_m) { return L.circle(latlng, Object.assign(options, {radius: p.radius_m})); }
                return L.circleMarker(latlng, Object.assign(options, {radius: p.radius_px}));
            },
            onEachFeature: function (feature, layer) {
                if (feature.properties.tip) {
                    layer.bindTooltip(feature.properties.tip, {sticky: true, className: "atlas-tip"});
                }
            }
        }).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, features: list[dict[str, Any]], pane: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Features"
        self.pane = pane
        self.data = for_script({"type": "FeatureCollection", "features": features})


class FetchedOutlines(MacroElement):
    """Outlines that the browser fetches once from an address and keeps.

    `styles` maps the value of the feature property `by` to Leaflet path options; features whose value
    is not in it are left out. Only public outlines may be served so: the address knows no sign-in.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.geoJSON(null, {
            pane: "{{ this.pane }}",
            interactive: {{ this.interactive }},
            filter: function (feature) { return {{ this.styles }}[feature.properties["{{ this.by }}"]]; },
            style: function (feature) { return {{ this.styles }}[feature.properties["{{ this.by }}"]]; },
            onEachFeature: function (feature, layer) {
                if (feature.properties.tip) {
                    layer.bindTooltip(feature.properties.tip, {sticky: true, className: "atlas-tip"});
                }
            }
        }).addTo({{ this._parent.get_name() }});
        window.atlasOutlines = window.atlasOutlines || {};
        if (!window.atlasOutlines["{{ this.url }}"]) {
            window.atlasOutlines["{{ this.url }}"] = fetch("{{ this.url }}").then(function (answer) {
                if (!answer.ok) { throw new Error("outlines: " + answer.status); }
                return answer.json();
            });
        }
        window.atlasOutlines["{{ this.url }}"].then(function (outlines) {
            {{ this.get_name() }}.addData(outlines);
        }).catch(function (problem) {
            delete window.atlasOutlines["{{ this.url }}"];
            window.atlasSay("{{ this.failed }}");
        });
        {% endmacro %}
        """
    )

    def __init__(
        self,
        url: str,
        *,
        by: str,
        styles: dict[str, dict[str, Any]],
        pane: str,
        failed: str,
        interactive: bool = True,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "FetchedOutlines"
        self.url = url
        self.by = by
        self.pane = pane
        self.failed = failed
        self.styles = for_script(styles)
        self.interactive = "true" if interactive else "false"


class Labels(MacroElement):
    """Names written on the map: rows of `at` ([lat, lon]) and `text` (escaped HTML); nothing to click."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        {{ this.data }}.forEach(function (label) {
            L.marker(label.at, {
                pane: "labels", interactive: false, keyboard: false,
                icon: L.divIcon({className: "atlas-label", html: '<span>' + label.text + '</span>', iconSize: [0, 0]})
            }).addTo({{ this._parent.get_name() }});
        });
        {% endmacro %}
        """
    )

    def __init__(self, labels: list[dict[str, Any]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Labels"
        self.data = for_script(labels)


def group(name: str, *elements: MacroElement) -> folium.FeatureGroup:
    """Return one feature group that holds `elements`."""
    holder = folium.FeatureGroup(name=name)
    for element in elements:
        element.add_to(holder)
    return holder


def point(
    lon: float,
    lat: float,
    *,
    thing: str,
    tip: str,
    style: dict[str, Any],
    radius_px: float | None = None,
    radius_m: float | None = None,
) -> dict[str, Any]:
    """Return a point feature, drawn as a dot (pixels) or as a disc (metres).

    Raises ValueError unless exactly one radius is given.
    """
    if (radius_px is None) == (radius_m is None):
        raise ValueError("give radius_px for a dot or radius_m for a disc")
    properties: dict[str, Any] = {"id": thing, "tip": tip, "style": style}
    properties |= {"radius_px": radius_px} if radius_m is None else {"radius_m": radius_m}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]},
        "properties": properties,
    }


def polygon(geometry: dict[str, Any], *, thing: str, tip: str, style: dict[str, Any]) -> dict[str, Any]:
    """Return a polygon feature from a GeoJSON geometry."""
    return {"type": "Feature", "geometry": geometry, "properties": {"id": thing, "tip": tip, "style": style}}
