"""Sites and incidents on the map: a symbol each, or cells with counts where symbols would be too many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import folium
import streamlit as st

from frame.formats import number
from frame.opening import Opened
from layers import cells, incidents, sites
from layers.legend import Legend
from risk.texts import translate as _
from warehouse import cells as counted
from warehouse import queries
from warehouse.asking import Choice

# 10,000 symbols take a browser half a minute.
MOST_SYMBOLS: Final = 1_500


@dataclass(frozen=True)
class Symbols:
    """What stands for the chosen sites and incidents: map groups, legends, and how many, if cells."""

    groups: tuple[folium.FeatureGroup, ...]
    legends: tuple[Legend, ...]
    count: int = 0
    unseen_sites: int = 0
    unseen_incidents: int = 0


def of(opened: Opened, choice: Choice, layers: tuple[str, ...], colouring: str) -> Symbols:
    """Return a symbol for each chosen site and place of incidents, of the layers switched on.

    Above `MOST_SYMBOLS` together, both come as cells; what is placed too vaguely for any cell is counted.
    """
    release = opened.release
    has_sites, has_incidents = "sites" in layers, "incidents" in layers
    needed = counted.symbol_counts(release, **choice).iloc[0]
    count = int(needed["site_symbols"]) * has_sites + int(needed["incident_symbols"]) * has_incidents
    if count > MOST_SYMBOLS:
        return _as_cells(opened, choice, has_sites, has_incidents, count)
    legends = incidents.LEGENDS[colouring], sites.LEGEND
    places = queries.site_places(release, **choice), queries.incident_places(release, **choice)
    return Symbols(
        (
            sites.draw(places[0] if has_sites else places[0].iloc[:0]),
            incidents.draw(places[1] if has_incidents else places[1].iloc[:0], colour_by=colouring),
        ),
        legends,
    )


def _as_cells(opened: Opened, choice: Choice, has_sites: bool, has_incidents: bool, count: int) -> Symbols:
    rows = counted.cells(opened.release, sites=has_sites, incidents=has_incidents, **choice)
    beyond = counted.beyond_cells(opened.release, **choice).iloc[0]
    count_by = "incident_count" if has_incidents else "site_count"
    return Symbols(
        (cells.draw(rows, count_by=count_by),),
        (cells.LEGENDS[count_by],),
        count,
        int(beyond["site_count"]) * has_sites,
        int(beyond["incident_count"]) * has_incidents,
    )


def say(symbols: Symbols) -> None:
    """Say under the map why it shows cells, and what no cell holds; nothing where it shows symbols."""
    if not symbols.count:
        return
    st.caption(
        _(
            "{count} symbols would be too many for a map, so cells with counts stand for them. Filter, or "
            "switch a layer off, to see fewer than {most} one by one."
        ).format(count=number(symbols.count), most=number(MOST_SYMBOLS))
    )
    if symbols.unseen_sites or symbols.unseen_incidents:
        st.caption(
            _(
                "In no cell, for their place is known too vaguely: {sites} sites and {incidents} incidents. "
                "The tables and the cards of territories hold them."
            ).format(sites=number(symbols.unseen_sites), incidents=number(symbols.unseen_incidents))
        )
