"""The switches of the hotspot page: which categories and classes, measured how, with which layers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import folium
import pandas as pd
import streamlit as st

from frame import address
from frame.formats import number
from frame.opening import Opened
from layers import coverage, hotspots, tested_cells
from layers.legend import Legend
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import CATEGORIES, HOTSPOT_CLASSES
from warehouse import hotspots as asked

# A way to look → the classes of outlines that pass by it.
CLASSES_OF: Final[dict[str, frozenset[str]]] = {
    "either": frozenset({"confirmed", "reported", "distinctive"}),
    "reports": frozenset(),
    "worker": frozenset({"confirmed", "reported"}),
    "share": frozenset({"confirmed", "distinctive"}),
    "both": frozenset({"confirmed"}),
}
VIEWS: Final[dict[str, str]] = {
    "either": mark("All outlines"),
    "reports": mark("Number of reports"),
    "worker": mark("Per worker"),
    "share": mark("Share of reports"),
    "both": mark("Both"),
}
LAYERS: Final[dict[str, str]] = {
    "unknown": mark("Not enough information"),
    "looked": mark("When last heard of"),
}
_SHOWN_FIRST: Final = ("unknown",)


@dataclass(frozen=True)
class Chosen:
    """The categories and classes that the reader chose; none means all."""

    category: tuple[str, ...]
    hotspot_class: tuple[str, ...]


@dataclass(frozen=True)
class View(Chosen):
    """What the reader chose, and the measure and the layers that are on."""

    measure: str
    layers: tuple[str, ...]

    def of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of hotspots whose class the measure shows and the reader asks for."""
        left = self.left(rows)
        return left[left["hotspot_class"].isin(list(CLASSES_OF[self.measure]))]

    def left(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of hotspots whose class the reader asks for, whatever the measure."""
        return rows[rows["hotspot_class"].isin(list(self.hotspot_class or HOTSPOT_CLASSES))]


@dataclass(frozen=True)
class Drawn:
    """What is on the map beside the ground, and what explains it."""

    groups: tuple[folium.FeatureGroup, ...]
    legends: tuple[Legend, ...]
    codes: tuple[str, ...]
    is_joined: bool


def choose(opened: Opened) -> Chosen:
    """Draw the choice of categories and classes in the sidebar, with numbers of outlines, and return it."""
    rows = asked.hotspots(opened.release)
    with st.sidebar:
        st.header(_("Filters"), anchor=False)
        counts = rows["category"].value_counts()
        labels = {code: category.label for code, category in CATEGORIES.items()}
        category = _pick("category", _("Risk category"), labels, counts)
        classes = _pick("hotspot_class", _("How sure"), HOTSPOT_CLASSES, rows["hotspot_class"].value_counts())
        st.caption(_("Numbers count outlines. The other filters of the map do not act here."))
    return Chosen(category, classes)


def _pick(key: str, label: str, labels: dict[str, str], counts: pd.Series) -> tuple[str, ...]:
    address.choose(key, list(labels))
    value = st.multiselect(
        label,
        list(labels),
        format_func=lambda code: f"{_(labels[code])} · {number(counts.get(code, 0))}",
        key=key,
        placeholder=_("all"),
    )
    address.keep(key, value)
    return tuple(value)


def switch(chosen: Chosen) -> View:
    """Draw the switch between measures and that of the layers; return what is chosen with what is on."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        address.choose_one("measure", list(VIEWS), "either")
        measure = st.segmented_control(
            _("Measured by"),
            list(VIEWS),
            format_func=lambda code: _(VIEWS[code]),
            key="measure",
            required=True,
            wrap=True,
        )
        is_said = bool(address.recall("shown"))
        address.choose("shown", list(LAYERS), default=() if is_said else _SHOWN_FIRST)
        layers = st.pills(
            _("Also on the map"),
            list(LAYERS),
            selection_mode="multi",
            format_func=lambda code: _(LAYERS[code]),
            key="shown",
            wrap=True,
        )
    address.keep("measure", [] if measure == "either" else [str(measure)])
    address.keep("shown", [] if tuple(layers) == _SHOWN_FIRST else (list(layers) or ["none"]))
    return View(chosen.category, chosen.hotspot_class, str(measure), tuple(layers))


def draw(opened: Opened, view: View, found: pd.DataFrame, cells: pd.DataFrame) -> Drawn:
    """Return the layers of `view`: its outlines among `found`, the tested `cells`, who looked."""
    fitting = asked.fitting(cells)
    groups: list[folium.FeatureGroup] = []
    legends: list[Legend] = []
    is_joined = len(fitting) < len(cells)
    if view.measure == "reports":
        groups.append(tested_cells.draw_counts(fitting))
        legends.append(tested_cells.COUNTS_LEGEND)
    elif "unknown" in view.layers:
        groups.append(tested_cells.draw(fitting))
        legends.append(tested_cells.legend(fitting))
    if "looked" in view.layers:
        rows = asked.coverage_cells(opened.release)
        looked = asked.fitting(rows)
        is_joined |= len(looked) < len(rows)
        groups.append(coverage.draw(looked))
        legends.append(coverage.LEGEND)
    shown = view.of(found)
    if view.measure != "reports":
        groups.append(hotspots.draw(shown))
        legends.insert(0, _legend(CLASSES_OF[view.measure]))
    return Drawn(tuple(groups), tuple(legends), tuple(sorted(set(shown["category"]))), is_joined)


def _legend(classes: Collection[str]) -> Legend:
    """Return the legend of outlines with the lines of `classes` only."""
    kept = [
        entry
        for code, entry in zip([*HOTSPOT_CLASSES, None], hotspots.LEGEND.entries, strict=True)
        if code is None or code in classes
    ]
    return Legend(hotspots.LEGEND.title, tuple(kept))


def say(drawn: Drawn) -> None:
    """Say under the map what its letters mean, and where its cells are wider than those of the test."""
    if drawn.codes:
        st.caption(" · ".join(f"**{code}** {_(CATEGORIES[code].label)}" for code in drawn.codes))
    if drawn.is_joined:
        st.caption(
            _(
                "So many cells would be too many for a map: it shows wider ones. Of these, one is hatched "
                "where none of the cells in it has enough information."
            )
        )
