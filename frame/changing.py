"""What is changing: hotspots and areas by class of change, progress as visible as decline.

Beside every change stands who looked, and where that moved by more than a quarter there is no arrow: more
reports may only mean more eyes, and fewer reports fewer.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import address, changing_cards, comparisons, formats, grading, tables
from frame.formats import number
from frame.opening import Opened
from risk.escaping import for_markdown
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import ABSENCES
from warehouse import trends

UNITS: Final[dict[str, str]] = {"hotspot": mark("Hotspots"), **comparisons.GRAINS}
# Class → heading, and what it says and does not say.
CLASSES: Final[dict[str, tuple[str, str]]] = {
    "rising": (mark("Rising"), mark("a growing part of all reports of its category")),
    "new": (
        mark("Passes now, did not before"),
        mark(
            "passes the hotspot test in the last 12 months, not in the 12 before; that alone is no proof of a change"
        ),
    ),
    "falling": (mark("Falling"), mark("a shrinking part of all reports of its category")),
    "persistent": (mark("Persistent"), mark("passes the hotspot test in both halves of the 24 months")),
    "no_clear_change": (
        mark("No clear change"),
        mark(
            "enough reports to test, and no more change than chance brings; this does not say that nothing changed"
        ),
    ),
    "not_enough": (
        mark("Not enough information"),
        mark("fewer than 5 reports, or fewer than 6 stretches of three months in which anybody looked"),
    ),
}


def choose() -> tuple[str, str]:
    """Draw the choices and return what is looked at (hotspot, territory or province) and the category."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        address.choose_one("unit", list(UNITS), "hotspot")
        unit = st.segmented_control(
            _("Look at"), list(UNITS), format_func=lambda code: _(UNITS[code]), key="unit", required=True
        )
        address.keep("unit", [] if unit == "hotspot" else [str(unit)])
        with st.container(width=320):
            theme = comparisons.choose_theme(_("Risk category"))
    return str(unit), theme


@st.cache_data(max_entries=64, show_spinner=False)
def _found(_release: Any, path: str, unit: str, theme: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    if unit == "hotspot":
        return trends.hotspot_changes(_release, theme), trends.hotspot_quarters(_release)
    return trends.area_changes(_release, unit, theme), trends.area_quarters(_release, unit, theme)


def of(opened: Opened, unit: str, theme: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the changes, one row a unit with its title, and the quarters of these units."""
    # The path names edition, release and audience: no answer out of one file is given for another.
    changes, quarters = _found(opened.release, str(opened.release.path), unit, theme)
    titles = changing_cards.titles(changes, is_hotspot=unit == "hotspot")
    return changes.assign(title=titles), quarters[quarters["unit_id"].isin(changes["unit_id"])]


def lead(opened: Opened, changes: pd.DataFrame) -> None:
    """Say how many are in which class, over which time, and why so little can be said where it is so."""
    days = trends.quarters(opened.release)
    first, last = days["quarter_start"].iloc[0], days["quarter_end"].iloc[-1]
    counts = changes["trend_class"].value_counts()
    tested = int(counts.drop("not_enough", errors="ignore").sum())
    if tested:
        # Rising and falling are always told, so that progress is as visible as decline.
        told = [code for code in CLASSES if counts.get(code, 0) or code in ("rising", "falling")]
        st.markdown(
            "  ·  ".join(
                formats.named(_(CLASSES[code][0]), f"**{number(counts.get(code, 0))}**") for code in told
            )
        )
    st.caption(
        _(
            "{first} to {last}, in stretches of three months that end on the day of the release. What is compared is "
            "the part of all reports of a category, so that a change in reporting everywhere is no change here."
        ).format(first=formats.day(first), last=formats.day(last))
    )
    if changes.empty:
        st.info(
            _(
                "There is no such hotspot in this release, so there is none to follow. This is no sign of safety."
            )
        )
    elif not tested:
        st.info(
            _(
                "Nothing can be said about change here: a trend needs at least 5 reports, and 6 stretches of three "
                "months in which anybody looked. That nothing is called rising does not mean that nothing rises."
            )
        )


def groups(opened: Opened, changes: pd.DataFrame, quarters: pd.DataFrame) -> None:
    """Draw the units by class of change, each with reports and reporting effort on one axis of time."""
    has_any = quarters[quarters[["events", "visits", "sources"]].notna().any(axis=1)]["unit_id"].unique()
    with_records = changes[changes["unit_id"].isin(has_any)]
    if not with_records.empty:
        changing_cards.legend()
    for code, (heading, words) in CLASSES.items():
        rows = with_records[with_records["trend_class"] == code]
        if rows.empty:
            continue
        if code == "not_enough":
            with st.expander(f"{_(heading)} · {number(len(rows))}", expanded=len(rows) == len(with_records)):
                st.caption(_(words))
                changing_cards.many(opened, rows, quarters)
        else:
            st.header(f"{_(heading)} · {number(len(rows))}", anchor=False)
            st.caption(_(words))
            changing_cards.many(opened, rows, quarters)
    _silent(changes[~changes["unit_id"].isin(has_any)], quarters)


def _silent(rows: pd.DataFrame, quarters: pd.DataFrame) -> None:
    """Name the areas of which nothing is on record in the window, by why."""
    absence = quarters.drop_duplicates("unit_id", keep="last").set_index("unit_id")["absence"]
    why = rows["unit_id"].map(absence).fillna("not_reported")
    for code, names in rows["title"].groupby(why):
        st.caption(
            _(
                "No visit and no report in the 24 months ({why}): {names}. This is no finding of safety."
            ).format(why=_(ABSENCES[str(code)]), names=for_markdown(", ".join(names)))
        )


def table(changes: pd.DataFrame, quarters: pd.DataFrame) -> None:
    """Draw the same as tables: one row a unit, and one row a unit and stretch of three months."""
    if changes.empty:
        return
    records = changes.to_dict("records")
    shown = changes.assign(
        change=[changing_cards.class_of(row) for row in records],
        reports=[changing_cards.reports(row) for row in records],
        yearly=[changing_cards.yearly(row) for row in records],
        effort=[changing_cards.percent(row["effort_change_pct"]) for row in records],
        grade=[grading.grade(code) for code in changes["grade"]],
        last_event_on=[changing_cards.latest(row) for row in records],
    )
    st.header(_("The same as a table"), anchor=False)
    tables.show(
        shown,
        {
            "title": _("Where"),
            "change": _("Change"),
            "reports": _("Reports"),
            "yearly": _("A year later"),
            "effort": _("Reporting effort"),
            "grade": _("Grade"),
            "last_event_on": changing_cards.latest_label(is_hotspot="hotspot_class" in changes),
        },
        meanings={
            "yearly": _(
                "Change of its part of the reports from one year to the next, where an arrow is drawn"
            ),
            "effort": _("Visits or reporting sources, second year against the first, whichever moved more"),
        },
    )
    with st.expander(_("Stretch by stretch")):
        each = quarters.assign(
            title=quarters["unit_id"].map(changes.set_index("unit_id")["title"]),
            events=[changing_cards.told(row) for row in quarters.to_dict("records")],
        )
        tables.show(
            each,
            {
                "title": _("Where"),
                "quarter_start": _("From"),
                "quarter_end": _("To"),
                "events": _("Reports"),
                "visits": _("Visits"),
                "sources": _("Sources"),
            },
            missing=_("none on record"),
        )
