"""The rate of one category, area by area: reports against workers, or why there is no ratio."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import area_names, area_words, formats, grading, tables
from frame.formats import number
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import ABSENCES

_RATIOS: Final[dict[str, str]] = {
    "too_few": mark("too few reports for a ratio"),
    "weak": mark("too weakly supported for a ratio"),
    "no_workers": mark("workers not known"),
    "pooled": mark("areas differ by no more than chance"),
}


def unplaced(row: pd.Series[Any], grain: str) -> None:
    """Say how many reports lie in no area of `grain`; `row` is that of `areas.unplaced_reports`."""
    count = int(row["unplaced_count"])
    if not count:
        return
    said = {
        "territory": _n(
            "{count} of {all} reports of the 24 months is placed in no territory; the table does not count it.",
            "{count} of {all} reports of the 24 months are placed in no territory; the table does not count them.",
            count,
        ),
        "province": _n(
            "{count} of {all} reports of the 24 months is placed in no province; the table does not count it.",
            "{count} of {all} reports of the 24 months are placed in no province; the table does not count them.",
            count,
        ),
    }
    st.caption(said[grain].format(count=number(count), all=number(row["event_count"])))


def show(areas: pd.DataFrame) -> None:
    """Draw one row an area: reports of the chosen category against its workers, with interval and grade."""
    records = areas.to_dict("records")
    shown = areas.assign(
        name=area_names.names(areas),
        reports=[_reports(row) for row in records],
        workers=[area_words.workers(count) for count in areas["workers_exposed"]],
        expected=[_expected(row["expected"]) for row in records],
        rr=areas["rr"].round(2),
        rr_interval=[_times(row) for row in records],
        grade=[grading.grade(code) for code in areas["grade"]],
        sources=[
            _("none on record") if pd.isna(row["source_count"]) else number(row["source_count"])
            for row in records
        ],
        last_event_on=[_latest(row["last_event_on"]) for row in records],
    )
    tables.show(
        shown,
        {
            "name": _("Name"),
            "reports": _("Reports"),
            "workers": _("Workers"),
            "expected": _("Expected"),
            "rr": _("Times as many as expected"),
            "rr_interval": _("likely"),
            "sources": _("Independent sources"),
            "grade": _("Grade"),
            "last_event_on": _("Latest report, any category"),
            "province": _("Province"),
        },
        meanings={
            "expected": _("Reports that its number of workers leads to expect"),
            "rr": _("Reports against those expected, pulled towards 1 where there are few"),
            "rr_interval": _(
                "The interval holds the true ratio in about 90 of 100 cases, if all report alike"
            ),
        },
        height="content",
        missing=_("not given"),
        numbers=("rr",),
        right=("workers",),
        widths={"expected": 150, "rr_interval": 230, "reports": 250},
    )
    st.caption(
        _(
            "A ratio counts what was reported, so an area with more reporters looks worse. None is given for fewer "
            "than 5 reports or grade D. A ratio below 1 is no sign of safety: fewer may report here."
        )
    )


def _reports(row: dict[Any, Any]) -> str:
    return _unreported(row) if pd.isna(row["events"]) else number(row["events"])


def _unreported(row: dict[Any, Any]) -> str:
    """Return why there is no report; that nobody visited says nothing of who reports, so both are told."""
    if row["absence"] == "not_visited":
        return _("not reported; not visited either")
    return _(ABSENCES[row["absence"]])


def _expected(value: Any) -> str:
    if pd.isna(value):
        return _("not known")
    return _("fewer than 1") if value < 1 else number(value, digits=1 if value < 10 else 0)


def _times(row: dict[Any, Any]) -> str:
    if row["ratio_state"] == "no_reports":
        return _unreported(row)
    if row["ratio_state"] != "shown":
        return _(_RATIOS[row["ratio_state"]])
    digits = 1 if row["rr_high"] >= 2 else 2
    return _("{low} to {high}").format(
        low=number(row["rr_low"], digits=digits), high=number(row["rr_high"], digits=digits)
    )


def _latest(value: Any) -> str:
    return _("no report on record") if pd.isna(value) else formats.day(value)
