"""The ground under every map: Leaflet from our own address, panes, the view kept in the address bar."""

from __future__ import annotations

from typing import Any, Final

import folium
from branca.element import MacroElement
from folium.template import Template

from layers import palette
from layers.shapes import PANES
from risk.escaping import for_leaflet, for_script
from risk.texts import translate as _

# Stock folium asks ten foreign addresses for its scripts and stays blank if one fails. These files
# are laid out from packages when the app is set up (frame/assets.py).
VENDOR: Final = "../../app/static/vendor"
folium.Map.default_js = [("leaflet", f"{VENDOR}/leaflet.js")]
folium.Map.default_css = [("leaflet_css", f"{VENDOR}/leaflet.css"), ("atlas_css", f"{VENDOR}/atlas.css")]

# South-west and north-east corners, each latitude and longitude.
Bounds = tuple[tuple[float, float], tuple[float, float]]
# The two provinces: what is shown where a release places nothing.
HOME: Final[Bounds] = ((-12.2, 24.6), (-10.0, 28.3))
# All places that refine cobalt, the Cape and the Arctic circle about.
WORLD: Final[Bounds] = ((-38.0, -128.0), (68.0, 156.0))
MIN_ZOOM: Final = 5.0
MAX_ZOOM: Final = 18


class _Ground(MacroElement):
    """Panes, fill pattern, scale, watermark, words for a map that failed, and the view in the address bar."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        (function (map) {
            L.Icon.Default.imagePath = "{{ this.vendor }}/images/";
            var panes = {{ this.panes }};
            Object.keys(panes).forEach(function (name) {
                map.createPane(name).style.zIndex = panes[name];
            });
            L.control.scale({imperial: false}).addTo(map);
            map.attributionControl.setPrefix(false);
            {% for sign, words in this.zoom %}
            map.zoomControl._zoom{{ sign }}Button.title = "{{ words }}";
            map.zoomControl._zoom{{ sign }}Button.setAttribute("aria-label", "{{ words }}");
            {% endfor %}
            // Leaflet focuses the map at mousedown; where that scrolls the page, the click misses its mark.
            map.getContainer().focus = function () {
                HTMLElement.prototype.focus.call(this, {preventScroll: true});
            };
            map.getContainer().setAttribute("aria-label", "{{ this.label }}");
            map.getContainer().style.background = "{{ this.outside }}";
            // Hundreds of shapes would trap whoever walks with the Tab key: the tables hold the same records.
            map.on("layeradd", function (added) {
                var path = added.layer.getElement && added.layer.getElement();
                if (path && path.tagName === "path") { path.setAttribute("tabindex", "-1"); }
            });
            window.frameElement.title = "{{ this.label }}";
            map.on("layeradd", function () {
                var svg = map.getContainer().querySelector(".leaflet-concessions-pane svg");
                if (!svg || svg.querySelector("#atlas-zea")) { return; }
                var defs = document.createElementNS("http://www.w3.org/2000/svg", "defs");
                defs.innerHTML = '<pattern id="atlas-zea" width="7" height="7" ' +
                    'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
                    '<rect width="7" height="7" fill="#00695c" fill-opacity="0.10"/>' +
                    '<line x1="0" y1="0" x2="0" y2="7" stroke="#00695c" stroke-width="2.4"/></pattern>';
                svg.insertBefore(defs, svg.firstChild);
            });
            // Codes that hide each other become one label; a name of a town gives way to what is there already.
            function box(label) { return (label.firstElementChild || label).getBoundingClientRect(); }
            function under(label, seen) {
                var own = box(label);
                return seen.find(function (one) {
                    var its = box(one);
                    return own.left < its.right && its.left < own.right &&
                        own.top < its.bottom && its.top < own.bottom;
                });
            }
            function join(labels) {
                var seen = [], grew = false;
                labels.forEach(function (label) {
                    var other = under(label, seen);
                    label.style.visibility = other ? "hidden" : "";
                    if (!other) { seen.push(label); return; }
                    var both = (other.textContent + " " + label.textContent).split(" ");
                    other.firstElementChild.textContent = Array.from(new Set(both)).sort().join(" ");
                    grew = true;
                });
                return grew ? join(seen) : seen;
            }
            // A name does not cover an outline that is hardly wider than itself: it rises above it.
            function rise(label, outlines) {
                label.style.top = "";
                var other = under(label, outlines.filter(function (one) { return box(one).width < 60; }));
                if (other) { label.style.top = (box(other).top - box(label).bottom - 2) + "px"; }
            }
            function uncrowd() {
                var codes = [], names = [];
                map.getContainer().querySelectorAll(".atlas-label > span").forEach(function (label) {
                    var text = label.querySelector(".atlas-codes");
                    (text ? codes : names).push(label);
                    if (text) { text.textContent = text.dataset.own = text.dataset.own || text.textContent; }
                });
                var seen = join(codes);
                var outlines = Array.from(map.getContainer().querySelectorAll(".atlas-outline"));
                names.forEach(function (label) {
                    rise(label, outlines);
                    var other = under(label, seen);
                    label.style.visibility = other ? "hidden" : "";
                    if (!other) { seen.push(label); }
                });
            }
            var crowded = 0;
            map.on("layeradd layerremove zoomend resize", function () {
                clearTimeout(crowded);
                crowded = setTimeout(uncrowd, 60);
            });
            window.atlasSay = function (text) {
                var box = L.DomUtil.create("div", "atlas-say", map.getContainer());
                box.setAttribute("role", "alert");
                box.innerHTML = text;
            };
            {% if this.watermark %}
            // Text, not a picture: it is printed too. So close that a small piece of the map still says it.
            var mark = L.DomUtil.create("div", "atlas-mark", map.getContainer());
            mark.setAttribute("aria-hidden", "true");
            for (var row = 0; row < 24; row++) {
                var line = L.DomUtil.create("div", "", mark);
                for (var i = 0; i < 10; i++) {
                    L.DomUtil.create("span", "", line).textContent = {{ this.watermark }};
                }
            }
            {% endif %}
            var bar = window.parent.location;
            // Another edition's view lies elsewhere; its name is another.
            var view = /#{{ this.view }}=([\\d.]+)\\/(-?[\\d.]+)\\/(-?[\\d.]+)/.exec(
                bar.hash || window.parent.atlasView || "");
            if (bar.hash && !bar.hash.startsWith("#{{ this.view }}=")) {
                window.parent.atlasView = "";
                window.parent.history.replaceState(window.parent.history.state, "", bar.pathname + bar.search);
            }
            var kept = view ? view.slice(1).map(Number) : null;
            if (kept && kept[0] <= {{ this.max_zoom }} && Math.abs(kept[1]) <= 90 && Math.abs(kept[2]) <= 180) {
                map.setView([kept[1], kept[2]], kept[0], {animate: false});
            }
            function keep() {
                var c = map.getCenter();
                var hash = "#{{ this.view }}=" + map.getZoom() + "/" + c.lat.toFixed(4) + "/" + c.lng.toFixed(4);
                window.parent.atlasView = hash;
                if (bar.hash !== hash) {
                    window.parent.history.replaceState(
                        window.parent.history.state, "", bar.pathname + bar.search + hash);
                }
            }
            var moved = Boolean(kept);
            var fitting = false;
            function fit() {
                // The frame takes its size after the script has run.
                fitting = true;
                map.invalidateSize({animate: false});
                if (!moved) { map.fitBounds({{ this.home }}, {animate: false}); }
                fitting = false;
            }
            map.on("resize", function () { if (!moved && !fitting) { fit(); } });
            [0, 300].forEach(function (wait) { setTimeout(fit, wait); });
            map.on("zoomend dragend", function () { if (!fitting) { moved = true; } });
            map.on("moveend", function () { if (moved) { keep(); } });
            // A changed filter rewrites the address and drops what stands behind the hash.
            setInterval(function () { if (moved) { keep(); } }, 1000);
        })({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, home: Bounds, view: str, watermark: str | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Ground"
        self.view = view
        self.watermark = for_script(watermark) if watermark else ""
        self.vendor = VENDOR
        self.panes = for_script(PANES)
        self.home = for_script(home)
        self.max_zoom = MAX_ZOOM
        self.outside = palette.OUTSIDE
        self.zoom = [("In", for_leaflet(_("Zoom in"))), ("Out", for_leaflet(_("Zoom out")))]
        said = [watermark] if watermark else []
        self.label = for_leaflet(" ".join([*said, _("Map. The table below holds the same records.")]))


def ground(
    home: Bounds | None = None,
    *,
    view: str = "map",
    min_zoom: float = MIN_ZOOM,
    watermark: str | None = None,
    background_url: str | None = None,
    background_credit: str = "",
) -> folium.Map:
    """Return an empty map that shows `home` first and loads nothing from a foreign address.

    `view` is the name under which zoom and centre are kept in the address bar's hash: letters and hyphens.
    A `watermark` is written all over the map, above every layer; a click goes through it.
    `background_url` is a tile address that the operator chose to switch on; only then does the map
    ask another host.
    """
    home = home or HOME
    map_ = folium.Map(
        location=[(home[0][0] + home[1][0]) / 2, (home[0][1] + home[1][1]) / 2],
        zoom_start=8,
        tiles=None,
        control_scale=False,
        zoom_control=True,
    )
    options: dict[str, Any] = map_.options
    options["maxZoom"] = MAX_ZOOM
    options["minZoom"] = min_zoom
    # In whole steps, what is shown first may fill but half of the frame.
    options["zoomSnap"] = 0.25
    if background_url:
        folium.TileLayer(tiles=background_url, attr=for_leaflet(background_credit), max_zoom=MAX_ZOOM).add_to(
            map_
        )
    _Ground(home, view, watermark).add_to(map_)
    return map_
