"""The table twins of the hotspot map: its outlines, and the test of each category with what it cannot tell."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from frame import address, changing_cards, grading, hotspot_words, tables
from frame.formats import number
from risk.method import METHOD
from risk.texts import translate as _
from risk.vocabulary import ABSENCES, CATEGORIES, HOTSPOT_CLASSES


def outlines(rows: pd.DataFrame, nothing: str | None = None) -> None:
    """Draw the outlines as a table by category, and the choice of one of them for whoever has no mouse.

    `nothing` says why there is no row, in the reader's language.
    """
    st.header(_("Outlines"), anchor=False)
    if rows.empty:
        st.info(" ".join(filter(None, (nothing, _("No outline is no finding of safety.")))))
        return
    _chooser(rows)
    each = rows.to_dict("records")
    shown = rows.assign(
        category=[_(CATEGORIES[code].label) for code in rows["category"]],
        hotspot_class=[_(HOTSPOT_CLASSES[code]) for code in rows["hotspot_class"]],
        place=[hotspot_words.where(row) for row in each],
        ratio=[hotspot_words.ratio(row) for row in each],
        grade=[grading.grade(code) for code in rows["grade"]],
        stability=[hotspot_words.draws(share) for share in rows["stability"]],
        holds=[hotspot_words.holds(row) for row in each],
        trend=[changing_cards.class_of(row) for row in each],
    ).sort_values("category", kind="stable")
    tables.show(
        shown,
        {
            "category": _("Risk category"),
            "hotspot_class": _("How sure"),
            "place": _("Territories"),
            "ratio": _("Times expected"),
            "holds": _("Holds in"),
            "grade": _("Grade"),
            "event_count": _("Reports"),
            "source_count": _("Sources"),
            "stability": _("Passes in draws"),
            "trend": _("Trend"),
            "hotspot_id": _("Record"),
        },
        meanings={
            "ratio": _(
                "By number of workers, smoothed: drawn towards 1. In brackets what chance alone allows, 90 %; not how "
                "the place was picked, nor wrong counts of workers. None below {count} reports or at grade D"
            ).format(count=METHOD.min_reports),
            "event_count": _("That lie in it in at least half of the draws of vague places"),
            "stability": _("Of 20 draws of the vague places"),
            "holds": _("Of 5 ways to cut the map; in fewer than 3 it is only found when cut like this"),
            "trend": _("An arrow only where as many looked as before"),
        },
    )
    st.caption(_("By category, in no order of importance: this is no ranking."))


def _chooser(rows: pd.DataFrame) -> None:
    """Draw the choice of one outline; it follows the map, and the map follows it."""
    names = {row["hotspot_id"]: hotspot_words.name(row) for row in rows.to_dict("records")}
    at = address.recall("at")
    chosen = at[0].removeprefix("hotspot:") if at else None
    st.session_state["outline"] = chosen if chosen in names else None
    st.selectbox(
        _("Open the card of an outline"),
        list(names),
        format_func=lambda code: names[code],
        key="outline",
        index=None,
        placeholder=_("choose an outline"),
        on_change=_open,
    )


def _open() -> None:
    chosen = st.session_state["outline"]
    address.keep("at", [f"hotspot:{chosen}"] if chosen else [])


def tests(rows: pd.DataFrame) -> None:
    """Draw what each category's test looked at and could have noticed, and name those that tell nothing."""
    st.header(_("What the test could see"), anchor=False)
    for sentence in _silent(rows):
        st.markdown(sentence)
    each = rows.to_dict("records")
    shown = rows.assign(
        category=[_(CATEGORIES[code].label) for code in rows["category"]],
        events=[_events(row) for row in each],
        tested=[_("none") if pd.isna(row["tested_count"]) else number(row["tested_count"]) for row in each],
        untested=[_untested(row) for row in each],
        least=[hotspot_words.decimal(value) if pd.notna(value) else _("no test") for value in rows["e_min"]],
        unknown=[_unknown(row) for row in each],
        outlines=[number(count) if count else _("none") for count in rows["outline_count"]],
        scan=[_scan(row) for row in each],
    ).sort_values("category", kind="stable")
    tables.show(
        shown,
        {
            "category": _("Risk category"),
            "events": _("Reports in the window"),
            "tested": _("Of these tested"),
            "untested": _("Not tested, and why"),
            "unknown": _("Cells that cannot tell"),
            "least": _("Needed around a cell"),
            "outlines": _("Outlines"),
            "scan": _("Any cluster at all?"),
        },
        meanings={
            "least": _(
                "Reports that must be expected within 20 km, so that three times as many would be noticed"
            ),
            "scan": _("A scan of all circles up to 50 km: one answer for the whole map"),
        },
    )
    st.caption(
        _(
            "A report counts under each of its categories. Reports in the records of one event count once. "
            "A single bad site is found only rarely by these tests: see the assessments."
        )
    )


def _silent(rows: pd.DataFrame) -> list[str]:
    """Return a sentence on the categories that cannot show an excess anywhere, and one on those unreported."""
    has_none = rows["event_count"].isna()
    is_blind = (rows["too_little_count"] == rows["cell_count"]).fillna(False) & ~has_none
    said = []
    for which, words in (
        (is_blind, _("**Too few reports to tell, in any cell:** {names}.")),
        (has_none, _("**No report in the window:** {names}. Nobody reported any; nobody may have looked.")),
    ):
        names = sorted(_(CATEGORIES[code].label) for code in rows.loc[which, "category"])
        if names:
            said.append(words.format(names=", ".join(names)))
    return said


def _events(row: dict[Any, Any]) -> str:
    if pd.notna(row["event_count"]):
        return number(row["event_count"])
    return _(ABSENCES[row["absence"]]) if pd.notna(row["absence"]) else _("not reported")


def _untested(row: dict[Any, Any]) -> str:
    parts = []
    if pd.notna(row["vague_count"]):
        parts.append(_("{count}: place known to a province at best").format(count=number(row["vague_count"])))
    if pd.notna(row["no_workers_count"]):
        parts.append(_("{count}: no known workers near").format(count=number(row["no_workers_count"])))
    return ", ".join(parts) or _("none")


def _unknown(row: dict[Any, Any]) -> str:
    if pd.isna(row["cell_count"]):
        return _("no cell")
    silent = 0 if pd.isna(row["too_little_count"]) else row["too_little_count"]
    return _("{count} of {all}").format(count=number(silent), all=number(row["cell_count"]))


def _scan(row: dict[Any, Any]) -> str:
    if pd.isna(row["scan_p"]):
        return _(row["scan_note"]) if pd.notna(row["scan_note"]) else _("not scanned: no report in a cell")
    p = hotspot_words.chance(row["scan_p"])
    if row["scan_p"] <= METHOD.q:
        return _("likely: chance alone makes one as strong in p = {p}").format(p=p)
    return _("not shown: chance alone makes one as strong in p = {p}").format(p=p)
