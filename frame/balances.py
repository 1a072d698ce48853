"""Gains and losses since the assessment before, by section: losses as visible as gains, and no site named."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from frame import absences, canvas, formats, framework_names, improving, tables, watermark
from frame.formats import number
from frame.opening import Opened
from layers import balances as charts
from risk.improvements import FINDING_CHANGES
from risk.texts import translate as _
from risk.texts import translate_count as _n
from warehouse import improving as asked

_KEY: Final = ["section", "section_en", "section_fr"]


def show(opened: Opened, wanted: improving.Wanted) -> None:
    """Draw, for each framework, what was lost and gained by section, and the same with all else as a table."""
    st.header(_("Gained and lost since the assessment before"), anchor=False)
    rows = asked.latest_changes(opened.release, territory=wanted.territory)
    if rows.empty:
        st.info(
            absences.nothing(
                opened.audience, _("No site has two assessments under one framework on record here.")
            )
        )
        return
    for _scheme, own in rows.groupby("scheme", sort=False):
        _framework(own)


def _framework(rows: pd.DataFrame) -> None:
    first = rows.to_dict("records")[0]
    st.subheader(framework_names.named(first), anchor=False)
    told = rows.groupby("change")["change_count"].sum()
    lost, gained = (f"**{number(told.get(code, 0))}**" for code in ("lost", "gained"))
    sites = int(first["site_count"])
    parts = [
        f"▼ {formats.named(_('Lost'), lost)}",
        f"▲ {formats.named(_('Gained'), gained)}",
        _n("{count} site", "{count} sites", sites).format(count=number(sites)),
    ]
    st.markdown("  ·  ".join(parts))
    st.caption(
        _(
            "One count is one criterion at one site, from the assessment before to the last one. What only one of the "
            "two looked at is neither gained nor lost: it stands in the table."
        )
    )
    wide = rows.pivot_table(index=_KEY, columns="change", values="change_count", sort=False, fill_value=0)
    wide = wide.reindex(columns=list(FINDING_CHANGES), fill_value=0).astype(int).reset_index()
    wide["name"] = [formats.worded(row, "section") for row in wide.to_dict("records")]
    canvas.legend(charts.LEGEND)
    st.altair_chart(watermark.in_chart(charts.draw(wide)), width="stretch", alt=_alt(wide))
    with st.expander(_("The same numbers as a table")):
        tables.show(wide, {"name": _("Section"), **{code: _(word) for code, word in FINDING_CHANGES.items()}})


def _alt(rows: pd.DataFrame) -> str:
    each = formats.several(
        f"{row['name']}: {formats.named(_('Lost'), number(row['lost']))}, "
        f"{formats.named(_('Gained'), number(row['gained']))}"
        for row in rows.to_dict("records")
    )
    return " ".join(filter(None, [watermark.words(), each]))
