"""Areas side by side: three small maps, one table, and the rate of one category.

Sorted by name, never ranked: a reader may sort a column, and then sees which number they sorted by.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import address, area_names, canvas, formats, grading, tables, watermark
from frame.formats import number
from frame.opening import Opened
from layers import choropleths
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import ABSENCES, ALL_CATEGORIES, BANDS, CATEGORIES

GRAINS: Final[dict[str, str]] = {"territory": mark("Territories"), "province": mark("Provinces")}
THEMES: Final[dict[str, str]] = {
    ALL_CATEGORIES: mark("All categories"),
    **{code: category.label for code, category in CATEGORIES.items()},
}
# Under this share of workers a band speaks for a small part of the area only.
_LITTLE_PCT: Final = 25
# On a phone the table stands before the maps.
_STYLE: Final = """<style>
@media (max-width: 640px) { .st-key-compared > div:has(> .st-key-maps) { order: 2; } }
</style>"""


def choose_grain() -> str:
    """Draw the switch between territories and provinces and return the one that is on."""
    address.choose_one("grain", list(GRAINS), "territory")
    grain = st.segmented_control(
        _("Compare"), list(GRAINS), format_func=lambda code: _(GRAINS[code]), key="grain", required=True
    )
    address.keep("grain", [] if grain == "territory" else [str(grain)])
    return str(grain)


def choose_theme(label: str) -> str:
    """Draw the choice of one risk category, or all, and return its code."""
    address.choose_one("theme", list(THEMES), ALL_CATEGORIES)
    theme = st.selectbox(label, list(THEMES), format_func=lambda code: _(THEMES[code]), key="theme")
    address.keep("theme", [] if theme == ALL_CATEGORIES else [theme])
    return str(theme)


def lead(opened: Opened, areas: pd.DataFrame) -> None:
    """Say how many areas have a mean risk and how many do not, which have urgent findings, and why so few."""
    scored = int(areas["mean_score"].notna().sum())
    flagged = int(areas["immediate_count"].notna().sum())
    parts = [
        _("**{count}** of {all} areas with a mean risk").format(count=number(scored), all=number(len(areas))),
        _("**{count}** with insufficient data").format(count=number(len(areas) - scored)),
    ]
    if flagged:
        parts.append(
            _n(
                "**{count}** with serious findings that ask for an answer at once",
                "**{count}** with serious findings that ask for an answer at once",
                flagged,
            ).format(count=number(flagged))
        )
    st.markdown("  ·  ".join(parts))
    if areas["sites_visited"].isna().all():
        st.info(_unvisited(opened, areas))
    else:
        st.caption(
            _(
                "Three numbers, never one: a mean hides the worst site, a burden hides the small one, and both "
                "know only what somebody looked at. Insufficient data is no sign of safety."
            )
        )


def _unvisited(opened: Opened, areas: pd.DataFrame) -> str:
    latest = areas["last_visit_on"].max()
    said = [
        _("No site was visited in the 24 months up to {day}.").format(day=formats.day(opened.release.as_of)),
        _("No visit is on record.")
        if pd.isna(latest)
        else _("The latest visit on record was on {day}.").format(day=formats.day(latest)),
    ]
    if areas["mean_score"].isna().all():
        said.append(
            _(
                "Without visits, reports alone are too few or too vaguely placed for a score, so no area has a "
                "mean risk here. That is no sign of safety: it says that nobody looked."
            )
        )
    return " ".join(said)


def maps(areas: pd.DataFrame, outlines: pd.DataFrame) -> None:
    """Draw three small maps side by side, each with its legend; on a phone one under the other."""
    rows = areas.merge(outlines, on="unit_id").assign(grade=lambda rows: rows["grade"].map(grading.grade))
    rows["name"] = area_names.names(rows)
    for place, (measure, told) in zip(st.columns(3, gap="medium"), choropleths.MEASURES.items(), strict=True):
        said = [_said(measure, row) for row in rows.to_dict("records")]
        with place:
            st.subheader(_(told.title), anchor=False)
            st.altair_chart(
                watermark.in_chart(choropleths.draw(rows.assign(said=said), measure)),
                width="stretch",
                alt=_alt(told.title, rows["name"].tolist(), said),
            )
            canvas.legend(told.legend)


def _said(measure: str, row: dict[Any, Any]) -> str:
    """Return a number of an area in words, with its interval; or why there is none."""
    if pd.isna(row[measure]):
        return f"{_('insufficient data')} ({_why(row)})"
    if measure == "assessed_workers_pct":
        return _percent(row[measure])
    if _is_none_of_scored(row, measure):
        return f"{number(row[measure])} {_at_scored(row)}"
    said = formats.spread(row[f"{measure}_low"], row[measure], row[f"{measure}_high"])
    return f"{said}, {_band(row)}, {_covered(row)}" if measure == "mean_score" else said


def _band(row: dict[Any, Any]) -> str:
    """Return the band; where little was looked at, that it speaks for that part only, so it never reads as safe."""
    word, coverage = _(BANDS[row["band"]]), row["assessed_workers_pct"]
    if row["band"] == "insufficient" or (pd.notna(coverage) and coverage >= _LITTLE_PCT):
        return word
    return _("{band}, of what was looked at").format(band=word)


def _covered(row: dict[Any, Any]) -> str:
    coverage = row["assessed_workers_pct"]
    said = _("not known") if pd.isna(coverage) else _percent(coverage)
    return formats.named(_("coverage"), said)


def _is_none_of_scored(row: dict[Any, Any], name: str) -> bool:
    """Return whether a burden is nought in every draw: it knows of sites with a score and of no other."""
    ends = [row[f"{name}_low"], row[name], row[f"{name}_high"]]
    return name == "burden_workers" and all(pd.notna(end) and end == 0 for end in ends)


def _at_scored(row: dict[Any, Any]) -> str:
    known = pd.notna(row["site_count"])
    return _n(
        "at the {count} of {all} site with a score",
        "at the {count} of {all} sites with a score",
        int(row["site_count"]) if known else 2,
    ).format(count=number(row["scored_site_count"]), all=number(row["site_count"]))


def _percent(value: Any) -> str:
    return f"{number(value)}\u00a0%"


def _alt(title: str, names: list[str], said: list[str]) -> str:
    each = "; ".join(f"{name} {words}" for name, words in zip(names, said, strict=True))
    marked = watermark.words()
    return " ".join(
        [
            *([marked] if marked else []),
            _("Map: {title}. The table holds the same numbers.").format(title=_(title)),
            each,
        ]
    )


def _why(row: dict[Any, Any]) -> str:
    """Return why an area has no mean risk; of one that has, what holds its grade down."""
    if pd.isna(row["mean_score"]) and pd.notna(row["absence"]):
        return _(ABSENCES[row["absence"]])
    return grading.held_down(row["held_down_by"])


def table(areas: pd.DataFrame) -> None:
    """Draw one row an area: the three numbers with their intervals, urgent findings, grade and ages."""
    records = areas.to_dict("records")
    shown = areas.assign(
        name=area_names.names(areas),
        mean_score=areas["mean_score"].round().astype("Int64"),
        mean_interval=[_ends(row, "mean_score") for row in records],
        band=[_band(row) for row in records],
        burden_workers=areas["burden_workers"].round().astype("Int64"),
        burden_interval=[_ends(row, "burden_workers") for row in records],
        assessed_workers_pct=areas["assessed_workers_pct"].round().astype("Int64"),
        immediate=[_immediate(row) for row in records],
        grade=[grading.grade(code) for code in areas["grade"]],
        why=[_why(row) for row in records],
        sites=[_of_sites(row) for row in records],
        last_visit_on=[_dated(row["last_visit_on"], _("no visit on record")) for row in records],
        last_event_on=[_dated(row["last_event_on"], _("no report on record")) for row in records],
    )
    tables.show(
        shown,
        {
            "name": _("Name"),
            "band": _("Band"),
            "assessed_workers_pct": _("Coverage (%)"),
            "mean_score": _("Mean risk (0–100)"),
            "mean_interval": _("likely"),
            "burden_workers": _("Burden (workers)"),
            "burden_interval": _("likely"),
            "immediate": _("Immediate track"),
            "grade": _("Grade"),
            "why": _("What holds it down"),
            "sites": _("Sites with a score"),
            "workers_exposed": _("Workers"),
            "last_visit_on": _("Latest visit"),
            "last_event_on": _("Latest report"),
            "province": _("Province"),
        },
        meanings={
            **{name: _(told.counted) for name, told in choropleths.MEASURES.items()},
            "mean_interval": _("5 to 95 % of what the score could be, given what is uncertain"),
            "burden_interval": _(
                "5 to 95 % of what the score could be, given what is uncertain; none for a burden of 0, which is "
                "known of sites with a score only"
            ),
            "immediate": _(
                "Serious findings of the immediate track, seen on site by independent visitors and not seen "
                "gone since. No average takes them away."
            ),
            "why": _("Why there is no mean risk, or what keeps the grade from being better"),
        },
        height="content",
        missing=_("insufficient"),
        numbers=("mean_score", "burden_workers", "assessed_workers_pct", "workers_exposed"),
        widths={"band": 210, "burden_interval": 230, "immediate": 160, "why": 260},
    )


def _ends(row: dict[Any, Any], name: str) -> str:
    if pd.isna(row[f"{name}_low"]) or pd.isna(row[name]):
        return "–"
    if _is_none_of_scored(row, name):
        return _at_scored(row)
    return formats.bounds(row[f"{name}_low"], row[f"{name}_high"])


def _immediate(row: dict[Any, Any]) -> str:
    count = row["immediate_count"]
    if pd.isna(count):
        return _(ABSENCES[row["immediate_absence"]])
    return _n("▲ {count} finding", "▲ {count} findings", int(count)).format(count=number(count))


def _of_sites(row: dict[Any, Any]) -> str:
    if pd.isna(row["site_count"]):
        return _("no site known")
    scored = _("none") if pd.isna(row["scored_site_count"]) else number(row["scored_site_count"])
    return _("{count} out of {all}").format(count=scored, all=number(row["site_count"]))


def _dated(value: Any, word: str) -> str:
    return word if pd.isna(value) else formats.day(value)


def laid_out() -> tuple[Any, Any]:
    """Return two places, for the maps and for the table; on a phone the table stands first."""
    st.html(_STYLE)
    with st.container(key="compared"):
        return st.container(key="maps"), st.container(key="one-table")
