"""What is known of a site, in words: place, titles, workers, publishers. For its card and for its page."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import citing, formats
from frame.opening import Opened
from risk.escaping import for_markdown
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import PERMIT_TYPES, PLACE_PRECISIONS
from warehouse import records

_APART_M: Final = 1_000


def said(value: Any) -> str:
    """Return a text of data, escaped, or the word for what nobody reported."""
    return _("not reported") if pd.isna(value) else for_markdown(value)


def listed(values: Any, labels: dict[str, str]) -> str:
    """Return '; '-separated codes by their labels."""
    if pd.isna(values):
        return _("not reported")
    return ", ".join(_(labels[code]) if code in labels else for_markdown(code) for code in values.split("; "))


def workers(site: dict[str, Any]) -> str:
    """Return how many work at a site, with the year of the figure."""
    if all(pd.isna(site[name]) for name in ("workers", "workers_low", "workers_high")):
        return _("not reported")
    year = "" if pd.isna(site["workers_year"]) else f", {site['workers_year']}"
    if pd.isna(site["workers"]):
        return f"{formats.bounds(site['workers_low'], site['workers_high'])}{year}"
    if site["workers"] == 0:
        return _("0 (idle in {year})").format(year=site["workers_year"])
    return f"{formats.spread(site['workers_low'], site['workers'], site['workers_high'])}{year}"


def position_source(opened: Opened, site: dict[str, Any]) -> str:
    """Return whose position is shown, and of when."""
    if pd.isna(site["position_record_id"]):
        return _("no position")
    rows = records.site_publishers(opened.release, site["site_id"])
    row = rows[rows["record_id"] == site["position_record_id"]].iloc[0]
    visited = "" if pd.isna(row["visited_on"]) else f", {formats.day(row['visited_on'])}"
    return f"{for_markdown(row['publisher'])}{visited} ({for_markdown(row['record_id'])})"


def where(row: dict[str, Any]) -> str:
    """Return the territory of a site or incident and how well its place is known, in words."""
    precision = _(PLACE_PRECISIONS[row["place_precision"]].label)
    if row["position_is_proxy"]:
        precision += f"; {_('the point is a stand-in')}"
    area = for_markdown(row["territory"]) if pd.notna(row["territory"]) else _("territory not known")
    text = f"{area} – {precision}"
    if pd.notna(row["has_other_territory"]) and row["has_other_territory"]:
        text += "; " + _("the publisher says {territory}").format(
            territory=for_markdown(row["territory_reported"])
        )
    return text


def ground(opened: Opened, site: dict[str, Any]) -> list[tuple[str, str]]:
    """Return on whose titles a site lies and how far the next artisanal zone is, as labels and escaped values."""
    titles = records.site_overlap(opened.release, site["site_id"])
    lines = [
        f"- {for_markdown(row['concession_id'])}, {formats.named(_(PERMIT_TYPES[row['permit_type']]), said(row['holder']))}"
        f" ({said(row['status_reported'])})"
        for row in titles.to_dict("records")
    ]
    if titles.empty:
        lines = [
            _("on no title of the cadastre")
            if pd.notna(site["concession_count"])
            else _("not known: place too vague, or no cadastre")
        ]
    elif not titles["is_certain"].all():
        lines.insert(0, _("possibly, for the place is vague:") + "\n")
    as_of = "" if titles.empty else f" ({titles['cadastre_as_of'].iloc[0]})"
    found = [(_("Titles at this place") + as_of, "\n".join(["", *lines]))]
    if pd.notna(site["nearest_zea_distance_m"]):
        distance = formats.distance(site["nearest_zea_distance_m"])
        inside = _("inside {zone}") if site["nearest_zea_distance_m"] == 0 else _("{distance} to {zone}")
        words = inside.format(distance=distance, zone=for_markdown(site["nearest_zea_id"]))
        found.append((_("Nearest artisanal zone"), words))
    return found


def publishers(opened: Opened, site_id: str) -> None:
    """Draw what each publisher says of a site, with its sources."""
    rows = records.site_publishers(opened.release, site_id)
    apart = records.points_apart_m(opened.release, site_id)
    if apart >= _APART_M:
        st.caption(
            _("The publishers' points lie up to {distance} apart; which is right is not known.").format(
                distance=formats.distance(apart)
            )
        )
    with st.expander(
        _n("{count} publisher's record", "{count} publishers' records", len(rows)).format(count=len(rows))
    ):
        for row in rows.to_dict("records"):
            position = _("no position") if pd.isna(row["lat"]) else f"{row['lat']:.5f}, {row['lon']:.5f}"
            st.markdown(
                f"**{for_markdown(row['name'])}** · {for_markdown(row['publisher'])} · "
                f"`{row['publisher_id'] if pd.notna(row['publisher_id']) else row['record_id']}` · {position}"
            )
            if pd.notna(row["note"]):
                st.markdown(f":small[{for_markdown(row['note'])}]")
            citing.sources(records.citations(opened.release, "site_records", row["record_id"]))
