"""What a legend is: a title and entries, drawn by the frame beside the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Swatch = Literal[
    "dot",
    "disc",
    "outline",
    "dashes",
    "dots",
    "pattern",
    "line",
    "cell",
    "dotted",
    "ring",
    "diamond",
    "hatched",
    "triangle",
    "nothing",
    "stippled",
    "striped",
]


@dataclass(frozen=True)
class Entry:
    """One line of a legend; `label` is a message id."""

    label: str
    colour: str
    swatch: Swatch


@dataclass(frozen=True)
class Legend:
    """A title (message id) and its entries, in reading order."""

    title: str
    entries: tuple[Entry, ...]
