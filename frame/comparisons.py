"""Areas side by side: three small maps, one table, and the rate of one category.

Sorted by name, never ranked: a reader may sort a column, and then sees which number they sorted by.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import address, area_names, area_words, canvas, formats, grading, tables, watermark
from frame.formats import number
from frame.opening import Opened
from layers import choropleths
from risk.escaping import for_markdown
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import ALL_CATEGORIES, CATEGORIES

GRAINS: Final[dict[str, str]] = {"territory": mark("Territories"), "province": mark("Provinces")}
THEMES: Final[dict[str, str]] = {
    ALL_CATEGORIES: mark("All categories"),
    **{code: category.label for code, category in CATEGORIES.items()},
}
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
    return choose("theme", label, THEMES, ALL_CATEGORIES)


def choose(key: str, label: str, words: Mapping[str, str], first: str) -> str:
    """Draw the choice of one of the codes of `words`, kept in the address unless it is `first`, and return it."""
    address.choose_one(key, list(words), first)
    chosen = st.selectbox(label, list(words), format_func=lambda code: _(words[code]), key=key)
    address.keep(key, [] if chosen == first else [str(chosen)])
    return str(chosen)


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
                "know only what somebody looked at. The colour is that of the mean; where its interval reaches into "
                "another band, the word names both. Insufficient data is no sign of safety."
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
    rows["is_partly_seen"] = [area_words.is_partly_seen(row) for row in rows.to_dict("records")]
    for place, (measure, told) in zip(st.columns(3, gap="medium"), choropleths.MEASURES.items(), strict=True):
        said = [area_words.on_map(measure, row) for row in rows.to_dict("records")]
        with place:
            st.subheader(_(told.title), anchor=False)
            st.altair_chart(
                watermark.in_chart(choropleths.draw(rows.assign(said=said), measure)),
                width="stretch",
                alt=_alt(told.title, rows["name"].tolist(), said),
            )
            canvas.legend(told.legend)
    small = [
        f"**{letter}** {for_markdown(name)}"
        for letter, name in zip(choropleths.letters(rows), rows["name"], strict=True)
        if letter
    ]
    if small:
        st.caption(formats.named(_("Too small on the maps for a name"), ", ".join(small)))


def _alt(title: str, names: list[str], said: list[str]) -> str:
    each = formats.several(f"{name} {words}" for name, words in zip(names, said, strict=True))
    marked = watermark.words()
    return " ".join(
        [
            *([marked] if marked else []),
            _("Map: {title}. The table holds the same numbers.").format(title=_(title)),
            each,
        ]
    )


def table(areas: pd.DataFrame) -> None:
    """Draw one row an area: band, the three numbers with their intervals, urgent findings, grade and ages."""
    records = areas.to_dict("records")
    shown = areas.assign(
        name=area_names.names(areas),
        band=[area_words.band(row) for row in records],
        mean=[area_words.mean(row) for row in records],
        coverage=[area_words.coverage(row) for row in records],
        immediate=[area_words.immediate(row) for row in records],
        burden=[area_words.burden(row) for row in records],
        grade=[grading.grade(code) for code in areas["grade"]],
        why=[area_words.why(row) for row in records],
        sites=[area_words.of_sites(row) for row in records],
        workers=[area_words.workers(count) for count in areas["workers_exposed"]],
        last_visit_on=[_dated(row["last_visit_on"], _("no visit on record")) for row in records],
        last_event_on=[_dated(row["last_event_on"], _("no report on record")) for row in records],
    )
    tables.show(
        shown,
        {
            "name": _("Name"),
            "band": _("Band"),
            "mean": _("Mean risk"),
            "coverage": _("Coverage"),
            "immediate": _("Immediate track"),
            "burden": _("Burden (workers)"),
            "sites": _("Sites with a score"),
            "grade": _("Grade"),
            "why": _("What holds it down"),
            "workers": _("Workers"),
            "last_visit_on": _("Latest visit"),
            "last_event_on": _("Latest report"),
            "province": _("Province"),
        },
        meanings=_meanings(),
        height="content",
        right=("mean", "coverage", "burden", "workers"),
        # Down to the burden all fits a small screen, and the words of the band are not cut.
        widths={"name": 95, "band": 265, "mean": 100, "coverage": 95, "immediate": 120, "why": 220},
    )


def _meanings() -> dict[str, str]:
    told = {name: _(measure.counted) for name, measure in choropleths.MEASURES.items()}
    likely = _("in brackets, 5 to 95 % of what it could be, given what is uncertain")
    return {
        "band": _("Of the mean; where its interval reaches into another band, both are named"),
        "mean": formats.several([told["mean_score"], likely]),
        "coverage": told["assessed_workers_pct"],
        "burden": formats.several([told["burden_workers"], likely]),
        "immediate": _(
            "Serious findings of the immediate track, seen on site by independent visitors and not seen "
            "gone since. No average takes them away."
        ),
        "why": _("Why there is no mean risk, or what keeps the grade from being better"),
    }


def _dated(value: Any, word: str) -> str:
    return word if pd.isna(value) else formats.day(value)


def laid_out() -> tuple[Any, Any]:
    """Return two places, for the maps and for the table; on a phone the table stands first."""
    st.html(_STYLE)
    with st.container(key="compared"):
        return st.container(key="maps"), st.container(key="one-table")
