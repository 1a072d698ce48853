"""What would change our mind about a hotspot, as concrete as the numbers behind it allow."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from frame import hotspot_words
from frame.formats import number
from risk.grades import GRADE_LETTERS, THRESHOLDS
from risk.method import METHOD
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import HOTSPOT_CLASSES

_ALL: Final = 5


def listed(row: dict[Any, Any], events: pd.DataFrame, quarters: pd.DataFrame) -> str:
    """Return a Markdown list; rows are those of `warehouse.hotspots` and the hotspot's quarters."""
    doubts = [
        *_tipping(row, events),
        *_other_test(row),
        *_raising(row),
        *_looking(row, quarters),
        *_cutting(row),
    ]
    return "\n".join(["", *(f"- {doubt}" for doubt in doubts)])


def _tipping(row: dict[Any, Any], events: pd.DataFrame) -> list[str]:
    """Return how many reports would tip it, and what the vague ones could do."""
    needed, count = int(row["spare_reports"]) + 1, int(row["event_count"])
    named = _(HOTSPOT_CLASSES[row["hotspot_class"]])
    words = _n(
        "If a single one of its {count} reports proved wrong or lay elsewhere, it might be no {named} any more.",
        "If about {needed} of its {count} reports proved wrong or lay elsewhere, it would be no {named} any more.",
        needed,
    )
    said = [words.format(needed=number(needed), count=number(count), named=named)]
    vague = int(((events["share"] < 1) & (events["share"] >= 0.5)).sum())
    if vague:
        words = (
            _n(
                "If its {count} vaguely placed report lies elsewhere, that alone would be enough.",
                "If its {count} vaguely placed reports lie elsewhere, that alone would be enough.",
                vague,
            )
            if vague >= needed
            else _n(
                "If its {count} vaguely placed report lies elsewhere, it still stands.",
                "If its {count} vaguely placed reports lie elsewhere, it still stands.",
                vague,
            )
        )
        said.append(words.format(count=number(vague)))
    return said


def _other_test(row: dict[Any, Any]) -> list[str]:
    """Return what the test says that it does not pass, and what else keeps it from being confirmed."""
    if row["hotspot_class"] == "distinctive":
        return [
            _("More reports than its number of workers leads to expect would make it a confirmed hotspot.")
        ]
    if row["hotspot_class"] != "reported":
        return []
    lacking = _lacking(row)
    if row["p_share"] > row["p_cutoff_share"]:
        also = (
            [_("To be confirmed it also lacks: {what}.").format(what=", ".join(lacking))] if lacking else []
        )
        return [_share(row), *also]
    if lacking:
        return [
            _("It passes by share too; to be confirmed it lacks: {what}.").format(what=", ".join(lacking))
        ]
    return [
        _(
            "It passes by share too, but is not confirmed: both tests at once are stricter, and take {draws} draws."
        ).format(draws=hotspot_words.draws(METHOD.stability_confirmed))
    ]


def _share(row: dict[Any, Any]) -> str:
    """Return what would let it pass by share of reports: where all are of its category, no larger share can."""
    own, all_of = float(row["observed"]), float(row["report_count"])
    if own >= all_of:
        words = _(
            "By share of reports it does not pass, though all {count} reports here are of this category, where "
            "about {number} would be usual: they are too few to tell. More of them would, or more reports of other "
            "categories elsewhere."
        )
    else:
        words = _(
            "By share of reports it does not pass: {own} of {count} reports here are of this category, where "
            "about {number} would be usual. A larger share is needed to confirm it."
        )
    usual = hotspot_words.decimal(row["expected_of_reports"])
    return words.format(own=number(own), count=number(all_of), number=usual)


def _lacking(row: dict[Any, Any]) -> list[str]:
    """Return which conditions of a confirmed hotspot, apart from its tests, it does not meet."""
    said = []
    for name, need, words in (
        ("observed", METHOD.min_reports, _("reports ({have} of {need})")),
        ("source_count", METHOD.min_sources, _("independent sources ({have} of {need})")),
    ):
        if row[name] < need:
            said.append(words.format(have=number(row[name], digits=1), need=number(need)))
    if row["stability"] < METHOD.stability_confirmed:
        said.append(
            _("draws in which it passes ({have}, not {need})").format(
                have=hotspot_words.draws(row["stability"]),
                need=hotspot_words.draws(METHOD.stability_confirmed),
            )
        )
    return said


def _raising(row: dict[Any, Any]) -> list[str]:
    """Return what would raise the grade, a sentence for each rule that holds it down."""
    if pd.isna(row["held_down_by"]) or row["grade"] == GRADE_LETTERS[0]:
        return []
    better = GRADE_LETTERS.index(row["grade"]) - 1
    said = []
    for rule in str(row["held_down_by"]).split("; "):
        need = THRESHOLDS[rule][better] if rule in THRESHOLDS else None
        if need is not None and rule in _RAISING:
            said.append(_RAISING[rule](row, float(need), GRADE_LETTERS[better]))
    return said


def _more_reports(row: dict[Any, Any], need: float, letter: str) -> str:
    return _(
        "More reports, or newer ones: weighted by age they count for {have}; grade {letter} takes {need}."
    ).format(have=hotspot_words.decimal(row["effective_events"]), need=number(need), letter=letter)


def _more_sources(row: dict[Any, Any], need: float, letter: str) -> str:
    count = math.ceil(need - float(row["source_count"]))
    return _n(
        "{count} more independent source: then grade {letter}.",
        "{count} more independent sources: then grade {letter}.",
        count,
    ).format(count=number(count), letter=letter)


def _better_places(row: dict[Any, Any], need: float, letter: str) -> str:
    return _(
        "Better places: {have} % of its reports are located to 10 km; grade {letter} takes {need} %."
    ).format(have=number(row["located_pct"]), need=number(need), letter=letter)


def _steadier(row: dict[Any, Any], need: float, letter: str) -> str:
    return _(
        "Exact places of its vague reports: it passes in {have} draws; grade {letter} takes {need}."
    ).format(have=hotspot_words.draws(row["stability"]), need=hotspot_words.draws(need), letter=letter)


_RAISING: Final = {
    "n_eff": _more_reports,
    "source_count": _more_sources,
    "located_pct": _better_places,
    "stability": _steadier,
}


def _looking(row: dict[Any, Any], quarters: pd.DataFrame) -> list[str]:
    """Return that a visit would tell, where there was none."""
    sites = int(row["site_count"])
    if not sites or quarters["visits"].notna().any():
        return []
    return [
        _n(
            "A visit to its {count} site: none is on record in the 24 months.",
            "A visit to one of its {count} sites: none is on record in the 24 months.",
            sites,
        ).format(count=number(sites))
    ]


def _cutting(row: dict[Any, Any]) -> list[str]:
    """Return in which other partitions it is not found again."""
    if pd.isna(row["holds_of"]) or row["holds_of"] != _ALL or row["holds_in"] == row["holds_of"]:
        return []
    held = set() if pd.isna(row["holds_where"]) else set(str(row["holds_where"]).split("; "))
    names = [_(name) for code, name in hotspot_words.PARTITIONS.items() if code not in held]
    return [_("It is not found again where the map is cut by {names}.").format(names=", ".join(names))]
