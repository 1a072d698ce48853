"""The first view of the map page and a changed filter, beside a stock folium page of the same data.

    python benchmarks/first_view.py [--turns 5]

The server is warm: it has answered one reader before. `cold` is a browser that has never been there, `again`
one that has (its cache holds the scripts). Time runs from the request of the page until the first incident is
drawn on the map; for a filter, from the click until the number of symbols has changed. Medians.
Bytes are those over the wire, websocket included, of the cold view, by whose they are:

    Streamlit's   its page, scripts, styles, fonts, health checks
    component     streamlit-folium's own page and script
    Leaflet       leaflet.js and leaflet.css
    ours          everything else: outlines, our style and marks, and all that the websocket carries
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.wire.relay import Relay
from benchmarks.wire.servers import ROOT, streamlit_of
from frame.assets import VENDOR_DIR, lay_out
from pipelines.build import build
from tests.browser.chromium import FLAGS, ensure

OWNERS = ("Streamlit's", "component", "Leaflet", "ours: files", "ours: websocket")
TARGETS = {"cold": 1.5, "again": 1.5, "filter": 0.5}
MAP = 'iframe[src*="streamlit_folium.st_folium"]'
# The stock page's map comes in a new frame each time, so the frame is looked up at each count.
COUNT = """([map, paths]) => {
    const inside = document.querySelector(map)?.contentDocument;
    return inside ? inside.querySelectorAll(paths).length : 0;
}"""


@dataclass
class Figures:
    """What was measured of one page."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in TARGETS})
    sizes: Counter[str] = field(default_factory=Counter)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=5)
    turns = parser.parse_args().turns
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure(), args=list(FLAGS))
        ours = _ours(browser, Path(name), turns)
        stock = _stock(browser, Path(name), turns)
        browser.close()
    _print(ours, stock)


def _ours(browser: Browser, folder: Path, turns: int) -> Figures:
    build(ROOT / "data" / "open", folder / "releases")
    environment = {"COBALT_RELEASES_DIR": str(folder / "releases")}
    with streamlit_of(ROOT / "server.py", ROOT, environment) as (port, _):
        return _measure(browser, port, turns, ".leaflet-incidents-pane path")


def _stock(browser: Browser, folder: Path, turns: int) -> Figures:
    script = folder / "stock_page.py"
    shutil.copy(ROOT / "benchmarks" / "wire" / "stock_page.py", script)
    shutil.copytree(lay_out(VENDOR_DIR), folder / "static" / "vendor")
    options = (
        "--server.enableStaticServing=true",
        "--browser.gatherUsageStats=false",
        "--server.fileWatcherType=none",
    )
    environment = {"STOCK_DATA": str(ROOT / "data" / "open")}
    with streamlit_of(script, folder, environment, *options) as (port, _):
        return _measure(browser, port, turns, ".leaflet-overlay-pane path")


def _measure(browser: Browser, port: int, turns: int, paths: str) -> Figures:
    figures = Figures()
    relay = Relay(port)
    address = f"http://127.0.0.1:{relay.port}/"
    with _reader(browser) as warming:
        _view(warming.new_page(), address, paths)
    for _ in range(turns):
        before = relay.websocket_bytes
        with _reader(browser) as context:
            page = context.new_page()
            received = _receipts(context, page)
            figures.seconds["cold"].append(_view(page, address, paths))
            page.wait_for_timeout(1500)
            sizes = received()
            sizes["ours: websocket"] = relay.websocket_bytes - before
            figures.seconds["filter"].append(_filter(page, paths))
            page.close()
            page = context.new_page()
            figures.seconds["again"].append(_view(page, address, paths))
        figures.sizes = sizes
    relay.close()
    return figures


def _reader(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")


def _view(page: Page, address: str, paths: str) -> float:
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.frame_locator(MAP).locator(paths).first.wait_for(state="attached", timeout=90_000)
    return time.perf_counter() - began


def _filter(page: Page, paths: str) -> float:
    before = page.evaluate(COUNT, [MAP, paths])
    began = time.perf_counter()
    page.get_by_role("button", name="Haut-Katanga").first.dispatch_event("click")
    changed = f"given => {{ const n = ({COUNT})(given); return n && n !== given[2]; }}"
    page.wait_for_function(changed, arg=[MAP, paths, before])
    return time.perf_counter() - began


def _receipts(context: BrowserContext, page: Page) -> Callable[[], Counter[str]]:
    """Note what `page` receives by HTTP; the function returned gives the bytes by whose they are."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: Counter[str] = Counter()

    def finished(event: dict[str, Any]) -> None:
        sizes[_owner(urls.get(event["requestId"], ""))] += int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]}))
    session.on("Network.loadingFinished", finished)
    return sizes.copy


def _owner(url: str) -> str:
    path = urlsplit(url).path
    if path.startswith("/component/"):
        return "component"
    if path.endswith(("/leaflet.js", "/leaflet.css")):
        return "Leaflet"
    return "ours: files" if path.startswith(("/outlines/", "/app/", "/media/")) else "Streamlit's"


def _print(ours: Figures, stock: Figures) -> None:
    print(f"{'':<34}{'target':>9}{'ours':>10}{'stock page':>12}{'ratio':>8}")
    for name, target in TARGETS.items():
        label = "changed filter" if name == "filter" else f"first view, {name}"
        a, b = (statistics.median(each.seconds[name]) for each in (ours, stock))
        best = min(ours.seconds[name])
        print(f"{label + ', s':<34}{target:>9.1f}{a:>10.2f}{b:>12.2f}{b / a:>7.1f}x   least {best:.2f}")
    for owner in OWNERS:
        _line(owner, "", ours.sizes[owner], stock.sizes[owner])
    a, b = (sum(each.sizes[name] for name in OWNERS[-2:]) for each in (ours, stock))
    _line("all that is ours", "300", a, b)


def _line(label: str, target: str, a: int, b: int) -> None:
    print(f"{label + ', kB':<34}{target:>9}{a / 1000:>10.0f}{b / 1000:>12.0f}{b / max(a, 1):>7.1f}x")


if __name__ == "__main__":
    main()
