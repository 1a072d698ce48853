"""What is told of assessments, actions and grievances that are not public: sums of years that are over."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from frame import area_names, tables
from frame.formats import number
from frame.opening import Opened
from risk.disclosure_tables import CATEGORY_GROUPS
from risk.texts import translate as _
from risk.vocabulary import Audience
from warehouse import disclosures

_SHARES = ("met", "partial", "not_met")


def show(opened: Opened) -> None:
    """Draw the sums in this reader's file, each with its table; say why there is none."""
    is_public = opened.release.audience is Audience.PUBLIC
    st.header(_("Unpublished assessments, actions and grievances"), anchor=False)
    st.markdown(
        _(
            "Only years that are over, and only where 5 or more may be told together. What is not listed was too little, or nothing. Criteria about people who need protection are told nowhere."
        )
    )
    _results(opened, "province" if is_public else "territory")
    if opened.release.audience is Audience.RESEARCHER:
        _criteria(opened)
    _actions(opened, "all" if is_public else "territory")
    _grievances(opened, by_category=not is_public)


def _results(opened: Opened, grain: str) -> None:
    rows = disclosures.disclosed_results(opened.release, grain)
    caption = _("Results of unpublished assessments, by section")
    if rows.empty:
        st.caption(f"{caption}: {_('no group is large enough to be told')}")
        return
    language = opened.language
    tables.show(
        _with_shares(rows, "answers").assign(
            area=area_names.names(rows), title=rows[f"title_{language}"], section=rows[f"section_{language}"]
        ),
        {
            "area": _("Where"),
            "year": _("Year"),
            "section": _("Section"),
            "answers": _("Answers"),
            "met_pct": _("Met, %"),
            "partial_pct": _("Partly met, %"),
            "not_met_pct": _("Not met, %"),
            "title": _("Framework"),
        },
        caption=caption,
    )


def _criteria(opened: Opened) -> None:
    rows = disclosures.disclosed_criteria(opened.release)
    if rows.empty:
        return
    tables.show(
        _with_shares(rows, "assessments").assign(
            area=area_names.names(rows), text=rows[f"text_{opened.language}"]
        ),
        {
            "area": _("Where"),
            "year": _("Year"),
            "criterion_id": _("Criterion"),
            "text": _("What is asked"),
            "assessments": _("Assessments"),
            "met_pct": _("Met, %"),
            "partial_pct": _("Partly met, %"),
            "not_met_pct": _("Not met, %"),
        },
        caption=_("Results of unpublished assessments, by criterion"),
        wide=("text",),
    )


def _actions(opened: Opened, grain: str) -> None:
    rows = disclosures.disclosed_actions(opened.release, grain)
    caption = _("Unpublished improvement actions")
    if rows.empty:
        st.caption(f"{caption}: {_('no group is large enough to be told')}")
        return
    areas = area_names.names(rows) if grain == "territory" else [_("all areas")] * len(rows)
    told = {name: rows[name].map(_at_least).astype("string") for name in ("started", "resolved")}
    tables.show(
        rows.assign(area=areas, **told),
        {
            "area": _("Where"),
            "year": _("Year"),
            "started": _("Started"),
            "resolved": _("Resolved"),
            "mean_days": _("Mean days to resolve"),
        },
        caption=caption,
        right=("started", "resolved"),
        missing=_("too few, or none"),
    )


def _grievances(opened: Opened, *, by_category: bool) -> None:
    rows = disclosures.disclosed_grievances(opened.release, by_category=by_category)
    caption = _("Unpublished grievances")
    if rows.empty:
        st.caption(f"{caption}: {_('no group is large enough to be told')}")
        return
    columns = {"year": _("Year"), "told": _("Grievances received")}
    rows = rows.assign(told=rows["grievance_count"].map(_at_least).astype("string"))
    if by_category:
        labels = rows["category"].map(lambda code: _(CATEGORY_GROUPS[code])).astype("string")
        rows = rows.assign(category=labels)
        columns = {"year": _("Year"), "category": _("Risk category"), "told": _("Grievances received")}
    tables.show(rows, columns, caption=caption, right=("told",))


def _at_least(count: int | None) -> str | None:
    return f"≥ {number(count)}" if pd.notna(count) else None


def _with_shares(rows: pd.DataFrame, whole: str) -> pd.DataFrame:
    shares = {f"{name}_pct": (100 * rows[name] / rows[whole]).round().astype("Int64") for name in _SHARES}
    return rows.assign(**shares)
