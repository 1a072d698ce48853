"""The line of numbers over a map or a table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from frame import formats
from frame.formats import number
from risk.texts import translate as _
from risk.texts import translate_count as _n


def incidents(totals: pd.DataFrame, contested: pd.DataFrame) -> None:
    """Draw the totals of `queries.incident_totals` as one line: records, deaths with range, weak, unplaced.

    Under it, what of the deaths sources differ on: `contested` is the row of `tolls.contested_totals`.
    """
    row = totals.iloc[0]
    parts = [
        _("**{count}** of {all} incident records").format(
            count=number(row["incident_count"]), all=number(row["incident_count_all"])
        ),
        _deaths(row),
        _("**{count}** unverified or single-source").format(count=number(row["weak_count"])),
        _("**{count}** without a position").format(count=number(row["unplaced_count"])),
    ]
    if row["incident_count"] == 0:
        parts = parts[:1]  # of nothing, nothing can be said
    if row["incident_count_all"] == 0:
        parts = [_("**No incident record** in this release")]
    st.markdown(
        "  ·  ".join(parts),
        help=_(
            "Deaths are summed over records that count in the toll; the range adds up the lowest and the "
            "highest published figures. A record that repeats deaths counted elsewhere is left out."
        ),
    )
    _differing(contested.iloc[0])


def _differing(row: pd.Series[Any]) -> None:
    if not row["toll_record_count"]:
        return
    st.caption(
        _n(
            "In {count} record of the total sources differ on the dead: {best} ({low}–{high}). No mean is taken.",
            "In {count} records of the total sources differ on the dead: together {best} ({low}–{high}). "
            "No mean is taken.",
            int(row["toll_record_count"]),
        ).format(
            count=number(row["toll_record_count"]),
            best=number(row["killed_best"]),
            low=number(row["killed_low"]),
            high=number(row["killed_high"]),
        )
    )


def sites(counts: pd.DataFrame, ages: pd.DataFrame) -> None:
    """Draw how many sites are on record, how old that is, and what no symbol means.

    `counts` and `ages` are rows of the queries `site_title_totals` and `ages`.
    """
    row, age = counts.iloc[0], ages.iloc[0]
    parts = [
        _("{count} artisanal sites, {vague} of them placed vaguely or not at all").format(
            count=number(row["site_count"]), vague=number(row["site_count"] - row["exact_count"])
        )
    ]
    if row["exact_count"] == 0:
        parts = [formats.named(_("Artisanal sites"), formats.on_record(row["site_count"]))]
    if pd.notna(age["first_visit_on"]):
        years = f"{age['first_visit_on'].year}–{age['last_visit_on'].year}"
        parts.append(_("visits on record: {years}").format(years=years))
    if pd.notna(age["cadastre_as_of"]):
        parts.append(
            _("titles: cadastre of {month}").format(month=formats.as_published(age["cadastre_as_of"]))
        )
    parts.append(_("**No symbol is no sign of safety:** nobody may have looked."))
    st.caption(" · ".join(parts))


def _deaths(row: pd.Series[Any]) -> str:
    if pd.isna(row["killed_best"]):
        return _("no death reported")
    return _("**{best}** deaths reported (published range {low}–{high})").format(
        best=number(row["killed_best"]), low=number(row["killed_low"]), high=number(row["killed_high"])
    )


def ground(totals: pd.DataFrame, ages: pd.DataFrame) -> None:
    """Draw the totals of `queries.site_title_totals` as one line: on titles, on zones, on none, too vague.

    Under it, the age of the cadastre, out of the row of `queries.ages`.
    """
    row = totals.iloc[0]
    if row["exact_count"] == 0:
        st.markdown(_("Of no site can it be said on whose ground it lies."))
        return
    parts = [
        _("Of **{count}** sites placed within 1 km: **{titles}** on an industrial title").format(
            count=number(row["exact_count"]), titles=number(row["on_title_count"])
        ),
        _("**{count}** on an artisanal zone, {both} of them on both").format(
            count=number(row["on_zea_count"]), both=number(row["on_both_count"])
        ),
        _("**{count}** on no title of the cadastre").format(count=number(row["on_none_count"])),
        _("**{count}** more sites are placed too vaguely to say").format(
            count=number(row["site_count"] - row["exact_count"])
        ),
    ]
    st.markdown("  ·  ".join(parts))
    as_of = ages["cadastre_as_of"].iloc[0]
    lines = [_("Artisanal mining is lawful only in an artisanal zone.")]
    if pd.notna(as_of):
        since = _("The cadastre shown is of {date}: a title may have changed hands or ended since.")
        lines.append(since.format(date=formats.as_published(as_of)))
    st.caption(" ".join(lines))
