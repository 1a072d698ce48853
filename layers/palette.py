"""Colours: one ordered ramp for severity, one set for kinds of risk, quiet outlines.

The ramp grows darker with severity, so that it reads in grey and to colour-blind eyes; the set for
kinds of risk follows Okabe and Ito (2008), with letters beside the colours wherever they are used.
"""

from __future__ import annotations

from typing import Final

from risk.texts import mark

ACCENT: Final = "#0047ab"
SEVERITY: Final[dict[int, str]] = {
    1: "#f6d9a8",
    2: "#f0b060",
    3: "#dd7a3a",
    4: "#b23a48",
    5: "#5b1247",
}
# Lines are darker than fills, so that the faintest still stands out on the ground (3 : 1).
SEVERITY_LINE: Final[dict[int, str]] = {
    1: "#917238",
    2: "#96601f",
    3: "#9c4516",
    4: "#8f1f33",
    5: "#4a0d3a",
}
# The map's paper is light in both themes: one ramp, one legend, one printed look.
LAND: Final = "#f4f2ec"
OUTSIDE: Final = "#e6e6e4"
BORDER: Final = "#9a927f"
GRID: Final = "#dcd6c8"
THEMES: Final[dict[str, tuple[str, str, frozenset[str]]]] = {
    "people": (mark("People"), "#cc79a7", frozenset({"CHL", "FOR", "SGB", "VIO"})),
    "security": (mark("Armed actors"), "#d55e00", frozenset({"NSA", "SEC"})),
    "integrity": (mark("Integrity and law"), "#e69f00", frozenset({"COR", "TRC", "LGL"})),
    "work": (mark("Safety and work"), "#0072b2", frozenset({"OSH", "LAB"})),
    "land": (mark("Land and water"), "#009e73", frozenset({"ENV", "COM"})),
}
SEVERAL: Final = "#6b7280"
SITE: Final = "#0047ab"
PERMITS: Final[dict[str, str]] = {"PE": "#8a6d3b", "PEPM": "#b08d57", "PER": "#5f6b6d", "ZEA": "#00695c"}
OTHER_PERMIT: Final = "#7a7a7a"
COUNTS: Final = ("#dfe5ee", "#b4c3da", "#839cc3", "#4f6fa6", "#1e3a72")
COUNTS_LINE: Final = "#41506a"
# Hotspots differ by line first (solid, dashed, dotted), then by colour.
HOTSPOTS: Final[dict[str, str]] = {"confirmed": "#4a0d3a", "reported": "#a34a00", "distinctive": "#00527a"}
UNKNOWN: Final = "#8b8b87"
LOOKED: Final = ("#00504a", "#5f9f96", "#cfe3de")
NEVER: Final = "#2f3d3b"


def theme_of(category: str) -> str:
    """Return the kind of risk that a category belongs to."""
    return next(name for name, (_, _, codes) in THEMES.items() if category in codes)
