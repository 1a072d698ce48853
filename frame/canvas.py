"""The map on a page: layers over the ground, the legend under it, the chosen thing in the address."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import folium
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit_folium import st_folium

from frame import address, watermark
from frame.opening import Opened
from layers import basemap, incidents
from layers.legend import Entry, Legend
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import PERMIT_TYPES, Edition
from warehouse import hotspots, records

HEIGHT: Final = 560
_MAP_STARTS_S: Final = 0.9
LAYERS: Final[dict[str, str]] = {
    "sites": mark("Sites"),
    "incidents": mark("Incidents"),
    "titles": mark("Industrial titles"),
    "zea": mark("Artisanal zones"),
}
_THING: Final = re.compile(r"(site|place|concession|territory|at|cell|hotspot):[\w.,\-]{1,80}")

_NO_THING: Final = "no-thing"


@dataclass(frozen=True)
class Beside:
    """Two places on a page: the map, and the card beside it (below it on a phone)."""

    map: DeltaGenerator
    card: DeltaGenerator


def beside() -> Beside:
    """Return a wide place for the map and a narrow one for the card."""
    return Beside(*st.columns([9, 4], gap="medium"))


def controls() -> tuple[tuple[str, ...], str]:
    """Draw the layer switches and the choice of colour; return the layers that are on, and the colour."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        address.choose("layers", list(LAYERS), default=() if address.recall("layers") else tuple(LAYERS))
        layers = st.pills(
            _("On the map"),
            list(LAYERS),
            selection_mode="multi",
            format_func=lambda code: _(LAYERS[code]),
            key="layers",
            wrap=True,
        )
        known = list(incidents.COLOURINGS)
        address.choose_one("colour", known, known[0])
        colour = st.segmented_control(
            _("Colour of incidents"),
            known,
            format_func=lambda code: _(incidents.COLOURINGS[code]),
            key="colour",
            required=True,
        )
    address.keep("layers", [] if len(layers) == len(LAYERS) else (list(layers) or ["none"]))
    address.keep("colour", [] if colour == known[0] else [str(colour)])
    return tuple(layers), str(colour)


def kinds_of(layers: tuple[str, ...], permit_types: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the permit types that the switched-on layers hold, of those chosen; none chosen means all."""
    shown = {code for code in PERMIT_TYPES if ("zea" if code == "ZEA" else "titles") in layers}
    return tuple(code for code in PERMIT_TYPES if code in shown and code in (permit_types or PERMIT_TYPES))


def ring(opened: Opened, thing: tuple[str, str] | None, reports: pd.DataFrame) -> pd.DataFrame:
    """Return what `layers.chosen.draw` needs to ring the chosen thing: lon, lat, outline."""
    kind, code = thing or ("", "")
    if kind == "site":
        rows = records.site(opened.release, code)
    elif kind == "place":
        rows = reports[reports["place_key"] == code].head(1)
    elif kind == "concession":
        return records.concession(opened.release, code).assign(lon=None, lat=None)
    elif kind == "cell":
        return records.cell(code).assign(lon=None, lat=None)
    elif kind == "hotspot":
        return hotspots.hotspot(opened.release, code).assign(lon=None, lat=None)
    elif kind == "territory":
        return records.territory(opened.release, code).assign(lon=None, lat=None)
    else:
        rows = reports.iloc[:0]
    return rows[["lon", "lat"]].assign(outline=None)


def chosen() -> tuple[str, str] | None:
    """Return the kind and id of the chosen thing, or None; both are empty where the address named no thing at all.

    What cannot be an id leaves the address; that it was there is kept for the card, until something is chosen.
    """
    values = address.recall("at")
    if values and not _THING.fullmatch(values[0]):
        address.keep("at", [])
        st.session_state[_NO_THING] = True
    elif values:
        st.session_state.pop(_NO_THING, None)
        kind, _colon, code = values[0].partition(":")
        return kind, code
    return ("", "") if _NO_THING in st.session_state else None


def show(opened: Opened, *groups: folium.FeatureGroup) -> None:
    """Draw `groups` over the ground; a click puts the clicked thing into the address.

    The ground never changes within a release and language, so that zoom and centre stay when
    the groups do change. A view kept in the address is that of its own edition only.
    """
    edition = opened.release.edition
    ground = basemap.ground(
        records.bounds(opened.release),
        view="map" if edition is Edition.OPEN else f"{edition.value}-map",
        watermark=watermark.words(),
        background_url=opened.settings.background_url,
        background_credit=opened.settings.background_credit,
    )
    key = f"map-{edition.value}-{opened.release.id}-{opened.language}"
    put(ground, key, groups, HEIGHT, lambda: _clicked(key))


def put(
    ground: folium.Map,
    key: str,
    groups: Sequence[folium.FeatureGroup],
    height: int,
    on_change: Callable[[], None],
) -> None:
    """Draw `groups` over `ground`, which carries the watermark, `height` pixels high; a click calls `on_change`."""
    st_folium(
        ground,
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=list(groups),
        on_change=on_change,
    )


def clicked_id(key: str) -> str:
    """Return the id of what was clicked on the map `key`, '' where it has none."""
    drawing = (st.session_state.get(key) or {}).get("last_active_drawing") or {}
    return str((drawing.get("properties") or {}).get("id", ""))


def give_way() -> None:
    """Wait a moment, once a session, so that the map stands before the browser gets what lies under it.

    Chart and tables need ten times the map's scripts, and all of them run one after the other: with this
    wait the first symbols stand 0.4 s earlier (benchmarks/first_view.py). Only this reader's thread waits.
    """
    if "gave_way" not in st.session_state:
        st.session_state["gave_way"] = True
        time.sleep(_MAP_STARTS_S)


def _clicked(key: str) -> None:
    thing = clicked_id(key)
    if _THING.fullmatch(thing):
        address.keep("at", [thing])


def outline_url(opened: Opened, name: str) -> str:
    """Return the address, seen from the map's frame, at which the browser fetches public outlines."""
    release = opened.release
    return f"../../outlines/{release.edition.value}/{release.id}/{name}.json"


def legend(*legends: Legend) -> None:
    """Draw legends on the page, under the map."""
    blocks = "".join(
        f"<div><b>{_(item.title)}</b><br>{''.join(_line(entry) for entry in item.entries)}</div>"
        for item in legends
    )
    st.html(f'<div class="atlas-legend">{blocks}</div>')


def _line(entry: Entry) -> str:
    return (
        f'<span class="atlas-entry"><span class="atlas-chip"><span class="atlas-swatch {entry.swatch}" '
        f'style="--c:{entry.colour}"></span></span>{_(entry.label)}</span>'
    )
