"""A map of the world on our own ground: what is clicked on it is handed to the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import folium
import streamlit as st

from frame import canvas, watermark
from frame.opening import Opened
from layers import basemap, refiners
from risk.texts import translate as _

HEIGHT: Final = 460


def show(opened: Opened, *groups: folium.FeatureGroup, on_click: Callable[[str], None]) -> None:
    """Draw `groups` over the land of the world; `on_click` gets the id of what was clicked."""
    edition = opened.release.edition
    ground = basemap.ground(
        basemap.WORLD, view=f"{edition.value}-world", min_zoom=0, watermark=watermark.words()
    )
    key = f"world-{edition.value}-{opened.release.id}-{opened.language}"
    canvas.put(ground, key, [refiners.draw_land(), *groups], HEIGHT, lambda: _clicked(key, on_click))
    st.caption(_("Land: Natural Earth, 1:110 million, public domain; without borders."))


def _clicked(key: str, on_click: Callable[[str], None]) -> None:
    thing = canvas.clicked_id(key)
    if thing:
        on_click(thing)
