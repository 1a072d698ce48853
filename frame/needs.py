"""What would help: criteria that take investment and are not met, by territory, with or without an action."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from frame import absences, area_names, canvas, formats, framework_names, improving, tables, watermark
from frame.formats import number
from frame.opening import Opened
from layers import needs as charts
from risk.texts import translate as _
from risk.texts import translate_count as _n
from warehouse import improving as asked


def show(opened: Opened, wanted: improving.Wanted) -> None:
    """Draw the needs by territory as bars, and each criterion with what it would take as a table."""
    st.header(_("What it would take"), anchor=False)
    rows = asked.needs_by_territory(opened.release, territory=wanted.territory)
    if rows.empty:
        st.info(
            absences.nothing(
                opened.audience,
                _("No criterion that takes investment is on record here as not met or partly met."),
            )
        )
        return
    total = int(rows["need_count"].sum())
    without = int(rows.loc[rows["answered"] == "no_action", "need_count"].sum())
    st.markdown(
        _n(
            "**{count}** time a criterion that takes investment is not met at a site; **{without}** without an action.",
            "**{count}** times a criterion that takes investment is not met at a site; **{without}** without an action.",
            total,
        ).format(count=number(total), without=number(without))
    )
    st.caption(
        _(
            "Of the last finding of each criterion at each site; partly met counts as not met. What nobody assessed is "
            "not in it. Territories stand in the order of the alphabet."
        )
    )
    named = rows.assign(name=_names(rows))
    canvas.legend(charts.LEGEND)
    st.altair_chart(watermark.in_chart(charts.draw(named)), width="stretch", alt=_alt(named))
    _table(asked.needs_by_criterion(opened.release, territory=wanted.territory))


def _names(rows: pd.DataFrame) -> list[str]:
    places = rows.drop_duplicates("territory_pcode").dropna(subset="name")
    names = dict(zip(places["territory_pcode"], area_names.names(places), strict=True))
    return [_("territory not known") if pd.isna(code) else names[code] for code in rows["territory_pcode"]]


def _alt(rows: pd.DataFrame) -> str:
    each = formats.several(
        f"{row['name']}, {_(charts.ANSWERED[row['answered']][0])}: {number(row['need_count'])}"
        for row in rows.to_dict("records")
    )
    return " ".join(filter(None, [watermark.words(), each]))


def _table(rows: pd.DataFrame) -> None:
    each = rows.to_dict("records")
    shown = rows.assign(
        name=_names(rows),
        framework=[framework_names.plain(row) for row in each],
        text=[
            row["criterion_id"] if pd.isna(row["text_en"]) else formats.worded(row, "text") for row in each
        ],
        capital=[
            _("not told by the framework") if pd.isna(row["capital_en"]) else formats.worded(row, "capital")
            for row in each
        ],
    )
    tables.show(
        shown,
        {
            "name": _("Territory"),
            "criterion_id": _("Criterion"),
            "capital": _("What has to be paid for"),
            "site_count": _("Sites"),
            "no_action": _("Without an action"),
            "not_funded": _("Action not funded, or in part"),
            "funded": _("Action funded"),
            "text": _("What is asked"),
            "framework": _("Framework"),
        },
        caption=_("The same numbers by territory and criterion, each with what it would take"),
        wide=("text",),
        widths={"capital": 300},
    )
