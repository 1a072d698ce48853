"""What the browser is told to fetch ahead: the scripts of the map, while Streamlit's own still start.

Streamlit asks for them only when the map's place on the page arrives, together with those of the chart and the
tables, and the map's frame starts after all of these.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import streamlit

_IMPORTED: Final = re.compile(r'from"\./([\w.\-]+\.js)"')
_LEAFLET: Final = ("leaflet.js", "leaflet.css", "atlas.css")


def hints(base_path: str = "") -> str:
    """Return `<link>` lines for the page's head; none for what this version of Streamlit does not have."""
    base = f"/{base_path.strip('/')}".rstrip("/")
    lines = [f'<link rel="modulepreload" href="{base}/static/js/{name}">' for name in _frame_scripts()]
    lines += [f'<link rel="prefetch" href="{base}/app/static/vendor/{name}">' for name in _LEAFLET]
    return "\n".join(lines)


def _frame_scripts() -> list[str]:
    """Return the scripts that draw a component's frame and that Streamlit's page does not name itself."""
    static = Path(streamlit.__file__).parent / "static"
    own = next((static / "static" / "js").glob("ComponentInstance.*.js"), None)
    if own is None:
        return []
    named = (static / "index.html").read_text("utf-8")
    return [
        name for name in (own.name, *_IMPORTED.findall(own.read_text("utf-8"))) if f"/{name}" not in named
    ]
