"""The card of a cell: what is counted in it, and the way to each of them."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from frame import address, cards, formats
from frame.formats import number
from frame.opening import Opened
from risk.escaping import for_markdown
from risk.texts import translate as _
from warehouse import cells, records

_MOST: Final = 12


def draw(opened: Opened, cell: str, incidents: pd.DataFrame) -> bool:
    """Draw the card of `cell`, with the chosen `incidents` in it; return whether it holds anything."""
    sites = cells.sites_in(opened.release, cell)
    if sites.empty and incidents.empty:
        return False
    area = records.cell(cell)["area_km2"].iloc[0]
    cards.title(_("{area} km²").format(area=number(area)), _("Cell"))
    cards.fact(_("Sites on record"), _counted(sites))
    for row in sites.head(_MOST).to_dict("records"):
        st.button(
            for_markdown(row["name"]),
            key=f"open-{row['site_id']}",
            on_click=address.keep,
            args=["at", [f"site:{row['site_id']}"]],
            type="tertiary",
        )
    if len(sites) > _MOST:
        st.caption(_("{count} more in the table below").format(count=number(len(sites) - _MOST)))
    cards.fact(_("Incidents among the chosen"), _counted(incidents))
    cards.incident_list(opened, incidents)
    return True


def _counted(rows: pd.DataFrame) -> str:
    """Return how many rows there are, and how many of them the cell holds by a stand-in only."""
    vague = int((rows["extent_kind"] != "point").sum())
    if not vague:
        return formats.on_record(len(rows))
    return _("{count}, of these {vague} known within 5 km only").format(
        count=number(len(rows)), vague=number(vague)
    )
