"""A reader at the atlas: opens pages, looks at the map, clicks; always waits for what it asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

from playwright.sync_api import BrowserContext, Frame, Locator, Page, expect

from tests.browser.watching import Watch

# The run is over, nothing on the page is from the run before, and nothing waits to be drawn.
_CALM = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app && app.dataset.testScriptState === "notRunning"
        && app.dataset.testConnectionState === "CONNECTED"
        && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"], [data-testid="stAppSkeleton"]')
        && document.querySelector('h1');
}"""
_MAP = """() => window.map && window.map.getContainer().clientWidth > 0
    && document.querySelectorAll(".leaflet-territories-pane path").length > 0
    && document.querySelectorAll(".leaflet-sites-pane").length > 0"""
_PATHS = "pane => document.querySelectorAll(`.leaflet-${pane}-pane path.leaflet-interactive`).length"
_DOTS = """pane => {
    const dots = [];
    window.map.eachLayer(layer => {
        if (layer.feature && layer.options.pane === pane && layer.getLatLng) {
            const at = window.map.latLngToContainerPoint(layer.getLatLng());
            dots.push({id: layer.feature.properties.id, x: at.x, y: at.y,
                       lat: layer.getLatLng().lat, lon: layer.getLatLng().lng,
                       is_dot: !layer.getRadius || !(layer instanceof L.Circle)});
        }
    });
    return dots;
}"""
# Finds where a click lands on this thing and on nothing above it; marks its shape for the click.
_SPOT = """id => {
    let found = null;
    window.map.eachLayer(layer => {
        const path = layer._path;
        if (!path) { return; }
        path.removeAttribute("data-spot");
        if (found || !layer.feature || layer.feature.properties.id !== id) { return; }
        const own = path.getBoundingClientRect();
        const hits = (x, y) => document.elementFromPoint(own.left + x, own.top + y) === path;
        const near = [...Array(59).keys()].sort((a, b) => Math.abs(a - 29) - Math.abs(b - 29));
        for (const i of near) {
            for (const j of near) {
                const x = own.width * (i + 1) / 60, y = own.height * (j + 1) / 60;
                if (!found && [[0, 0], [-2, -2], [2, 2], [-2, 2], [2, -2]].every(([a, b]) => hits(x + a, y + b))) {
                    found = {x, y};
                }
            }
        }
        if (found) { path.setAttribute("data-spot", ""); }
    });
    return found;
}"""


_THINGS = """pane => {
    const ids = [];
    window.map.eachLayer(layer => {
        if (layer.feature && layer._path && layer.options.pane === pane) { ids.push(layer.feature.properties.id); }
    });
    return ids;
}"""
_ON_TOP = """([id, x, y]) => {
    const box = window.map.getContainer().getBoundingClientRect();
    const top = document.elementFromPoint(box.left + x, box.top + y);
    let found = false;
    window.map.eachLayer(layer => {
        found = found || Boolean(top && layer._path === top && layer.feature && layer.feature.properties.id === id);
    });
    return found;
}"""


class Reader:
    """One fresh browser context with one page, watched from its first request."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.context = context
        self.watch = Watch(context)
        self.page: Page = context.new_page()
        # What a script of a publisher said, where one ran.
        self.ran: list[object] = []

    def open(self, path: str = "", query: str = "", fragment: str = "") -> None:
        """Open a page of the atlas by its address and wait until it stands."""
        where = (
            f"{self.address}/{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
        )
        self.page.goto(where)
        self.settle()

    def settle(self) -> None:
        """Wait until the last run is on the page."""
        self.page.wait_for_function(_CALM, timeout=30_000)

    @property
    def frame(self) -> Frame:
        """The frame of the map, once the map in it stands with its outlines."""
        self.page.wait_for_selector('iframe[src*="st_folium"]')
        frame = next(frame for frame in self.page.frames if "st_folium" in frame.url or "folium" in frame.url)
        frame.wait_for_function(_MAP)
        return frame

    def paths(self, pane: str) -> int:
        """Return how many shapes that answer a click lie in `pane`."""
        return int(self.frame.evaluate(_PATHS, pane))

    def expect_paths(self, pane: str, count: int) -> None:
        """Wait until `pane` holds `count` shapes; fail where it does not come to that."""
        expect(self.frame.locator(f".leaflet-{pane}-pane path.leaflet-interactive")).to_have_count(count)

    def dots(self, pane: str) -> list[dict[str, float]]:
        """Return id, place on the screen, and lon and lat of each point in `pane`."""
        found: list[dict[str, float]] = self.frame.evaluate(_DOTS, pane)
        return found

    def click_on_map(self, thing: str) -> None:
        """Click where `thing` lies on top, and wait until the address names it."""
        spot = self.frame.wait_for_function(_SPOT, arg=thing).json_value()
        self.frame.locator("path[data-spot]").click(position=spot)
        expect(self.page).to_have_url(re.compile(rf"[?&]at={re.escape(quote(thing, safe=''))}(&|#|$)"))
        self.settle()

    def look_at(self, lat: float, lon: float, zoom: int) -> None:
        """Move the map as a reader's drag and zoom would."""
        self.frame.evaluate(
            "([lat, lon, zoom]) => window.map.setView([lat, lon], zoom, {animate: false})", [lat, lon, zoom]
        )
        expect(self.page).to_have_url(re.compile(rf"#map={zoom}/"))

    @property
    def query(self) -> dict[str, list[str]]:
        """What the address says behind the question mark."""
        return parse_qs(urlsplit(self.page.url).query)

    @property
    def card(self) -> Locator:
        """The card beside the map."""
        return self.page.locator('[data-testid="stColumn"]').nth(1)

    @property
    def totals(self) -> Locator:
        """The line of numbers over the map."""
        return (
            self.page.get_by_test_id("stMarkdown")
            .filter(has_text=re.compile(r"incident records|signalements"))
            .first
        )

    @property
    def map_element(self) -> Locator:
        """The frame of the map as an element of the page."""
        return self.page.locator('iframe[src*="st_folium"]')

    def things(self, pane: str) -> list[str]:
        """Return the id of everything drawn in `pane`."""
        found: list[str] = self.frame.evaluate(_THINGS, pane)
        return found

    def is_shape_at(self, thing: str, x: float, y: float) -> bool:
        """Return whether `thing` is what lies on top at a point of the map."""
        return bool(self.frame.evaluate(_ON_TOP, [thing, x, y]))

    def press(self, name: str) -> None:
        """Press the button, pill or segment whose label starts with `name`."""
        starts = re.compile(rf"^{re.escape(name)}\b")
        page = self.page
        page.get_by_role("button", name=starts).or_(page.get_by_role("radio", name=starts)).first.click()

    def expect_in_address(self, key: str, value: str) -> None:
        """Wait until the address holds `value` under `key`."""
        expect(self.page).to_have_url(re.compile(rf"[?&]{key}={re.escape(quote(value, safe=''))}(&|#|$)"))
        self.settle()

    def bars(self) -> int:
        """Return the sum of all bars of the chart."""
        labels = self.page.locator('[aria-roledescription="bar"]').evaluate_all(
            "bars => bars.map(bar => bar.getAttribute('aria-label'))"
        )
        return sum(int(re.search(r"incidents: (\d+)", label).group(1)) for label in labels)  # type: ignore[union-attr]

    def expect_table(self, rows: int) -> None:
        """Wait until a table with so many rows, headings left out, is on the page."""
        grid = self.page.locator(
            f'[data-testid="stDataFrame"] table[role="grid"][aria-rowcount="{rows + 1}"]'
        )
        expect(grid).to_have_count(1)

    def wait_for_problem(self, words: str) -> None:
        """Wait until the watch has noted a problem with `words` in it."""
        self.wait_until(lambda: any(words in problem for problem in self.watch.problems))

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something that the browser tells us rather than shows."""
        for _turn in range(400):
            if is_so():
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"it did not come; the watch saw {self.watch.problems}")
