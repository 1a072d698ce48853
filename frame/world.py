"""A map of the world on our own ground: what is clicked on it is handed to the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import folium
import streamlit as st
from streamlit_folium import st_folium

from frame import watermark
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
    st_folium(
        ground,
        key=key,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=[refiners.draw_land(), *groups],
        on_change=lambda: _clicked(key, on_click),
    )
    st.caption(_("Land: Natural Earth, 1:110 million, public domain; without borders."))


def _clicked(key: str, on_click: Callable[[str], None]) -> None:
    drawing = (st.session_state.get(key) or {}).get("last_active_drawing") or {}
    thing = (drawing.get("properties") or {}).get("id", "")
    if thing:
        on_click(str(thing))
