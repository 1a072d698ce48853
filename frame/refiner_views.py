"""Refiners as a map and as tables: by status, and how it changed; what is off a list stays in sight."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import address, canvas, countries, filters, formats, refiner_cards, refiner_words, tables, world
from frame.formats import number
from frame.opening import Opened
from layers import chosen
from layers import refiners as layer
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import REFINER_KINDS, RMAP_STATUSES
from warehouse import refiners
from warehouse.release import Release

# Key in the address → column.
FILTERS: Final[dict[str, str]] = {
    "refiner_kind": "kind",
    "refiner_country": "country",
    "refiner_status": "status",
}


def choose(release: Release) -> dict[str, tuple[str, ...]]:
    """Draw the filters with the counts of the whole release beside them; return what was chosen, by column."""
    rows = refiners.known(release)
    names = {code: countries.name(code) for code in rows["country"].dropna().unique()}
    labels = {
        "kind": REFINER_KINDS,
        "country": dict(sorted(names.items(), key=lambda pair: pair[1])),
        "status": RMAP_STATUSES,
    }
    titles = {"kind": _("Kind"), "country": _("Country"), "status": _("Status")}
    with st.sidebar:
        st.header(_("Filters"), anchor=False)
        found = {
            column: filters.pick(
                key,
                titles[column],
                rows[column].value_counts().to_dict(),
                labels[column],
                "list" if column == "country" else "pills",
            )
            for key, column in FILTERS.items()
        }
        if any(address.recall(key) for key in FILTERS):
            st.button(_("Clear all filters"), on_click=address.forget, args=[[*FILTERS]], width="stretch")
        st.caption(_("Numbers count refiners."))
    return found


def lead(opened: Opened, rows: pd.DataFrame) -> None:
    """Say how many are known and of which status, whose word that is, and what no status says."""
    statuses = rows["status"].value_counts()
    parts = [_n("**{count}** refiner", "**{count}** refiners", len(rows)).format(count=number(len(rows)))]
    parts += [
        formats.named(_(label), f"**{number(statuses[code])}**")
        for code, label in RMAP_STATUSES.items()
        if code in statuses
    ]
    st.markdown("  ·  ".join(parts))
    st.caption(_(refiner_words.CAVEAT))
    if not refiners.has_lists(opened.release):
        st.info(
            _(
                "No list of facilities is in this edition. A status here is what a company or buyer reported, with its "
                "date: history, not today. It takes a list to know the day of an assessment, the cycle and the next due "
                "day; a note may tell of an assessment all the same."
            )
        )


def draw(opened: Opened, rows: pd.DataFrame, facility_key: str | None) -> None:
    """Draw the refiners on the map of the world, with the legend and how many cannot be shown under it."""
    ringed = rows[rows["facility_key"] == facility_key][["lon", "lat"]].assign(outline=None)
    tips = [refiner_words.tip(row) for row in rows.to_dict("records")]
    world.show(
        opened, layer.draw(rows.assign(tip=tips)), chosen.draw(ringed), on_click=refiner_cards.take_from_map
    )
    canvas.legend(layer.LEGEND)
    without = int(rows["lon"].isna().sum())
    said = [_(refiner_words.SHORT_CAVEAT).capitalize() + "."]
    if without:
        said.append(
            _n(
                "{count} refiner has no position on record and is in the table alone.",
                "{count} refiners have no position on record and are in the table alone.",
                without,
            ).format(count=number(without))
        )
    st.caption(" ".join(said))


def table(opened: Opened, rows: pd.DataFrame) -> None:
    """Draw one row a refiner, by name: status, whose word, what it does not say, last assessment, what is due."""
    st.header(_("Refiners, by name"), anchor=False)
    each = rows.to_dict("records")
    shown = rows.assign(
        country=[countries.name(code) for code in rows["country"]],
        kind=[_(REFINER_KINDS[code]) for code in rows["kind"]],
        said=[refiner_words.status(row) for row in each],
        whose=[refiner_words.told_by(row) for row in each],
        caveat=_(refiner_words.SHORT_CAVEAT),
        word=pd.array([refiner_words.reported(row) for row in each], dtype="string"),
        # A text: beside numbers as the reader's language writes them, a table writes hours to a day.
        assessed_on=rows["assessed_on"].dt.strftime("%Y-%m-%d").astype("string"),
        cycle=[refiner_words.cycle(years) for years in rows["cycle_years"]],
        due=[refiner_words.due(row) for row in each],
    )
    day = formats.day(opened.release.as_of)
    tables.show(
        shown,
        {
            "name": _("Name"),
            "country": _("Country"),
            "kind": _("Kind"),
            "said": _("Status"),
            "caveat": _("What no status says"),
            "whose": _("Whose word"),
            "assessed_on": _("Last assessed"),
            "cycle": _("Cycle"),
            "due": _("Next due"),
            "days_left": _("Days left"),
            "word": _("In the word reported"),
            "list_id": _("List"),
            "parent_company": _("Parent company"),
            "rmap_id": _("RMAP id"),
            "facility_key": _("Record"),
        },
        meanings={
            "said": _(refiner_words.CAVEAT),
            "caveat": _(refiner_words.CAVEAT),
            "days_left": _("Up to the next due day, seen from {day}; below 0 it has passed.").format(day=day),
        },
        caption=_(refiner_words.CAVEAT),
        numbers=("days_left",),
        widths={"name": 185, "caveat": 165, "whose": 185, "due": 190},
    )
    with st.expander(_("What each status means")):
        for code, meaning in refiner_words.MEANINGS.items():
            st.markdown(f"- **{_(RMAP_STATUSES[code])}** – {_(meaning)}")
        st.caption(_(refiner_words.CAVEAT))


def history(opened: Opened, rows: pd.DataFrame) -> None:
    """Draw when the status of the shown refiners changed on lists, latest first; who is off a list is told."""
    st.header(_("How statuses changed"), anchor=False)
    found = refiners.changes(opened.release)
    found = found[found["facility_key"].isin(rows["facility_key"])]
    if found.empty:
        st.caption(
            _(
                "No change is on record: it takes two lists of one publisher to see one. That is no sign that none "
                "happened."
            )
        )
        return
    names = rows.set_index("facility_key")["name"]
    shown = found.assign(
        name=found["facility_key"].map(names),
        before=[before(code) for code in found["status_before"]],
        after=[_(RMAP_STATUSES[code]) for code in found["status"]],
        caveat=_(refiner_words.SHORT_CAVEAT),
    )
    tables.show(
        shown,
        {
            "changed_on": _("Day of the list"),
            "name": _("Name"),
            "before": _("Status before"),
            "after": _("Status"),
            "caveat": _("What no status says"),
            "list_id": _("List"),
        },
        caption=_(
            "A change stands on the day of the list that shows it first; it happened between that list and the one "
            "before. Removed: off the later list, for whatever reason."
        ),
        widths={"name": 210},
    )


def before(code: Any) -> str:
    """Return the status before a change, or that there was no list before."""
    return _("first on a list") if pd.isna(code) else _(RMAP_STATUSES[str(code)])
