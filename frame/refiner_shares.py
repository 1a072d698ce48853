"""How many of the known refiners were assessed: fine and crude ones apart, year by year, with the counts beside."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import canvas, formats, refiner_words, tables, watermark
from frame.formats import number
from frame.opening import Opened
from layers import refiner_coverage as layer
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import REFINER_KINDS
from warehouse import refiners

KINDS: Final[dict[str, str]] = {"fine": mark("Fine refiners"), "crude": mark("Crude refiners")}


def show(opened: Opened) -> None:
    """Draw the share of each kind as a figure, a chart and a table; refiners of unknown kind count in neither."""
    rows = refiners.coverage(opened.release)
    st.header(_("How many were assessed since 2019"), anchor=False)
    if rows.empty:
        st.info(_("No refiner is on record in this edition, so there is no share to give."))
        return
    rows = rows.assign(
        share=[share(row) for row in rows.to_dict("records")],
        counts=[_counts(row) for row in rows.to_dict("records")],
    )
    for place, (kind, heading) in zip(st.columns(2, gap="medium"), KINDS.items(), strict=True):
        with place:
            _of_kind(heading, rows[rows["kind"] == kind])
    canvas.legend(layer.LEGEND)
    unknown = int(rows.loc[rows["kind"] == "unknown", "known"].iloc[-1])
    st.caption(" ".join([*_beside(unknown), _(refiner_words.CAVEAT)]))
    _table(rows)


def share(row: dict[Any, Any]) -> str:
    """Return the assessed share of the known refiners, or the word for why there is none."""
    if not row["known"]:
        return _("none known")
    return _("not known") if pd.isna(row["share_pct"]) else f"{number(row['share_pct'])}\u00a0%"


def _counts(row: dict[Any, Any]) -> str:
    assessed = "?" if pd.isna(row["assessed"]) else number(row["assessed"])
    return f"{assessed}/{number(row['known'])}"


def said(row: dict[Any, Any]) -> str:
    """Return the share with its counts in words."""
    if not row["known"]:
        return _("None is known.")
    if pd.isna(row["assessed"]):
        return _n(
            "{count} known; how many were assessed is not known: no list on record gives a day of assessment.",
            "{count} known; how many were assessed is not known: no list on record gives a day of assessment.",
            int(row["known"]),
        ).format(count=f"**{number(row['known'])}**")
    words = _("**{share}**: {assessed} of {known} known have an assessment since 2019 on record.").format(
        share=share(row), assessed=number(row["assessed"]), known=number(row["known"])
    )
    if not row["undated"]:
        return words
    undated = _n(
        "For {count} of the others no list gives any day of assessment; that is not to say that it was never assessed.",
        "For {count} of the others no list gives any day of assessment; that is not to say that they were never "
        "assessed.",
        int(row["undated"]),
    )
    return f"{words} {undated.format(count=number(row['undated']))}"


def _of_kind(heading: str, years: pd.DataFrame) -> None:
    st.subheader(_(heading), anchor=False)
    last = years.to_dict("records")[-1]
    st.markdown(said(last))
    each = formats.several(
        f"{row['year']}: {row['counts']}, {row['share']}" for row in years.to_dict("records")
    )
    alt = [watermark.words(), f"{_(heading)}, {_('Assessed of known')}.", each]
    st.altair_chart(watermark.in_chart(layer.draw(years)), width="stretch", alt=" ".join(filter(None, alt)))


def _beside(unknown: int) -> list[str]:
    """Return what the charts cannot show."""
    told = [
        _(
            "Counted are refiners on record, not all there are. One that no list tells of is counted in every year; "
            "one that was removed from a list stays counted. The last year runs to the day of the release."
        )
    ]
    if unknown:
        told.append(
            _n(
                "{count} refiner of unknown kind counts in neither chart and is in the table.",
                "{count} refiners of unknown kind count in neither chart and are in the table.",
                unknown,
            ).format(count=number(unknown))
        )
    return told


def _table(rows: pd.DataFrame) -> None:
    with st.expander(_("The same numbers as a table")):
        shown = rows.assign(
            year=rows["year"].astype("string"),
            kind=[_(REFINER_KINDS[code]) for code in rows["kind"]],
            assessed=[_counted(value) for value in rows["assessed"]],
            not_assessed=[_counted(value) for value in rows["not_assessed"]],
        )
        tables.show(
            shown,
            {
                "year": _("Up to the end of"),
                "kind": _("Kind"),
                "share": _("Assessed share"),
                "assessed": _("Assessed since 2019"),
                "known": _("Known"),
                "not_assessed": _("Without one on record"),
                "undated": _("No list gives any day"),
            },
            numbers=("known", "undated"),
            right=("share", "assessed", "not_assessed"),
        )


def _counted(value: Any) -> str:
    return _("not known") if pd.isna(value) else number(value)
