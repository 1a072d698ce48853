"""The three numbers of an area in words: each with its interval, and never a low that nobody looked at."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from frame import formats, grading
from frame.formats import number
from layers import choropleths
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import ABSENCES, BANDS

_BANDS: Final = [code for code in BANDS if code != "insufficient"]


def is_partly_seen(row: dict[Any, Any]) -> bool:
    """Return whether an area has a band that speaks for a small part of its workers only."""
    coverage = row["assessed_workers_pct"]
    return row["band"] != "insufficient" and (pd.isna(coverage) or coverage < choropleths.LITTLE_PCT)


def band(row: dict[Any, Any]) -> str:
    """Return the band of the mean; where its interval reaches into another, both.

    It never reads as safe: where little was looked at it says so, and so does a low one of an area with an
    open finding of the immediate track.
    """
    if row["band"] == "insufficient":
        return _(BANDS["insufficient"])
    word, lowest = _spanned(row)
    if is_partly_seen(row):
        word = _("{band}, of what was looked at").format(band=word)
    if lowest == "low" and pd.notna(row["immediate_count"]):
        word = _("{band}, with serious findings").format(band=word)
    return word


def _spanned(row: dict[Any, Any]) -> tuple[str, str]:
    """Return the bands from end to end of the interval in words, and the code of the lowest."""
    # By the ends as they are printed, so that a reader finds the same.
    ends = [row[name] for name in ("mean_score_low", "mean_score_high") if pd.notna(row[name])]
    reached = [choropleths.MEASURES["mean_score"].step_of(round(float(end))) for end in ends]
    found = sorted({_BANDS.index(code) for code in [row["band"], *reached]})
    lowest, highest = _BANDS[found[0]], _BANDS[found[-1]]
    if lowest == highest:
        return _(BANDS[lowest]), lowest
    return _("{low} to {high}").format(low=_(BANDS[lowest]), high=_(BANDS[highest])), lowest


def mean(row: dict[Any, Any]) -> str:
    """Return the mean risk with its interval, `41 (31–50)`, or that data are insufficient."""
    return _("insufficient") if pd.isna(row["mean_score"]) else _spread(row, "mean_score")


def burden(row: dict[Any, Any]) -> str:
    """Return the workers at sites with a score of 70 or more, or that no scored site reaches it; never a bare 0."""
    if pd.isna(row["burden_workers"]):
        return _("insufficient")
    if round(float(row["burden_workers"])):
        return _spread(row, "burden_workers")
    none, high = _("none reaches 70"), row["burden_workers_high"]
    if pd.isna(high) or not round(float(high)):
        return none
    return f"{none} ({formats.bounds(row['burden_workers_low'], high)})"


def coverage(row: dict[Any, Any]) -> str:
    """Return the share of workers at visited sites, that none was visited, or that it is not known."""
    share = row["assessed_workers_pct"]
    if pd.isna(share):
        return _("not known")
    if share == 0:
        return _("none visited")
    return _("under 1 %") if share < 0.5 else f"{number(share)}\u00a0%"


def on_map(measure: str, row: dict[Any, Any]) -> str:
    """Return a number of an area in words, with its interval; or why there is none."""
    if pd.isna(row[measure]):
        return f"{_('insufficient data')} ({why(row)})"
    if measure == "assessed_workers_pct":
        return coverage(row)
    if measure == "burden_workers":
        said = burden(row)
        return said if round(float(row[measure])) else f"{said} {_at_scored(row)}"
    return f"{mean(row)}, {band(row)}, {formats.named(_('coverage'), coverage(row))}"


def why(row: dict[Any, Any]) -> str:
    """Return why an area has no mean risk; of one that has, what holds its grade down."""
    if pd.isna(row["mean_score"]):
        if pd.notna(row["absence"]):
            return _(ABSENCES[row["absence"]])
        if pd.notna(row["assessed_workers_pct"]) and row["assessed_workers_pct"] == 0:
            return _("no site visited in the last 18 months")
    return grading.held_down(row["held_down_by"])


def immediate(row: dict[Any, Any]) -> str:
    """Return how many findings of the immediate track are open, or why there is none."""
    count = row["immediate_count"]
    if pd.isna(count):
        return _(ABSENCES[row["immediate_absence"]])
    return _n("▲ {count} finding", "▲ {count} findings", int(count)).format(count=number(count))


def of_sites(row: dict[Any, Any]) -> str:
    """Return how many of its sites have a score."""
    if pd.isna(row["site_count"]):
        return _("no site known")
    scored = _("none") if pd.isna(row["scored_site_count"]) else number(row["scored_site_count"])
    return _("{count} out of {all}").format(count=scored, all=number(row["site_count"]))


def workers(value: Any) -> str:
    """Return whole workers, for nobody counted half a person, or that they are not known."""
    return _("not known") if pd.isna(value) else number(value)


def _spread(row: dict[Any, Any], name: str) -> str:
    """Return a number with its interval, also where both ends are the same once rounded."""
    best, low, high = (row[name], row[f"{name}_low"], row[f"{name}_high"])
    if pd.isna(low) or pd.isna(high):
        return number(best)
    return f"{number(best)} ({formats.bounds(low, high)})"


def _at_scored(row: dict[Any, Any]) -> str:
    known = pd.notna(row["site_count"])
    return _n(
        "at the {count} of {all} site with a score",
        "at the {count} of {all} sites with a score",
        int(row["site_count"]) if known else 2,
    ).format(count=number(row["scored_site_count"]), all=number(row["site_count"]))
