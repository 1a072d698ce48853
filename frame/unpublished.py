"""What is told of records that are not public, in words and one table: counts, and why there is none."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from frame import area_names, tables, unpublished_progress
from frame.comparisons import choose
from frame.formats import number
from frame.opening import Opened
from risk.disclosure_tables import CATEGORY_GROUPS, CellState
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import CATEGORIES, SEVERITY_BANDS, VERIFICATION_BANDS, Absence, Audience
from warehouse import disclosures

GRAINS: Final[dict[str, str]] = {
    "territory": mark("Territories"),
    "province": mark("Provinces"),
    "all": mark("All areas"),
}
PERIODS: Final[dict[str, str]] = {
    "year": mark("by year"),
    "quarter": mark("by quarter"),
    "all": mark("all time"),
}
THEMES: Final[dict[str, str]] = {
    **CATEGORY_GROUPS,
    **{code: category.label for code, category in CATEGORIES.items()},
}
_WORDS: Final[dict[str, str]] = {
    CellState.SUPPRESSED: mark("too few"),
    CellState.WITHHELD: mark("withheld"),
    Absence.NONE_FOUND: mark("looked, none found"),
    Absence.NOT_REPORTED: mark("not reported"),
    Absence.NOT_VISITED: mark("not visited"),
    Absence.FAILED_TO_LOAD: mark("failed to load"),
}
# Streamlit draws all columns at once: of quarters the last two years tell what changes.
_MOST_PERIODS: Final = 8


def show(opened: Opened) -> None:
    """Draw what unpublished records add in this reader's file; say so where there is nothing of them."""
    if opened.release.audience is Audience.STAFF:
        st.info(
            _(
                "Your file holds every record, so nothing is counted here. View as another audience to see what it sees."
            )
        )
        return
    if not disclosures.has_unpublished(opened.release):
        st.info(_("Every record of this edition is public: the other pages show all of them."))
        return
    st.markdown(
        _(
            "The other pages show and measure published records. This table counts the events that only unpublished "
            "records tell of. They are not in any other number."
        )
    )
    _counts(opened)
    _sites(opened)
    unpublished_progress.show(opened)
    _records(opened)


def rules() -> None:
    """Draw the rules behind the numbers, in words."""
    with st.expander(_("Why a number is missing")):
        st.markdown(
            "\n".join(
                f"- {line}"
                for line in (
                    _(
                        "A number stands for at least 5 events, 10 where people need protection, at 3 sites or more and from 2 independent sources."
                    ),
                    _(
                        "“≥” is the part that can be told: there may be more, which are counted in a wider area or a longer time only."
                    ),
                    _(
                        "“Too few” means that there are some. “Withheld” does not say whether there are any, or whether anybody looked."
                    ),
                    _("“Not reported” is no sign of safety: nobody may have looked."),
                    _("Events are counted quarter by quarter, 30 days after a quarter has ended."),
                )
            )
        )


def _counts(opened: Opened) -> None:
    with st.container(horizontal=True):
        grain = choose("disclosed_grain", _("Areas"), GRAINS, "territory")
        theme = choose("disclosed_theme", _("Risk category"), THEMES, "ALL")
        period = choose("disclosed_period", _("Period"), PERIODS, "year")
    rows = disclosures.disclosed_counts(opened.release, grain, theme, period)
    periods = sorted(rows["period"].dropna().unique())[-_MOST_PERIODS:]
    cells = rows.assign(
        told=[
            _told(*values) for values in rows[["record_count", "at_least", "state"]].itertuples(index=False)
        ]
    )
    wide = cells.pivot(index="unit_id", columns="period", values="told")[periods].reset_index()
    wide = wide.assign(area=_areas(rows, grain).reindex(wide["unit_id"]).to_numpy()).sort_values("area")
    headings = {one: _("all time") if one == "ALL" else one for one in periods}
    tables.show(
        wide,
        {"area": _("Where"), **headings},
        caption=_("Events known from unpublished records alone"),
        right=tuple(periods),
    )
    rules()


def _areas(rows: pd.DataFrame, grain: str) -> pd.Series:
    """Return the name of each area, by its code."""
    areas = rows.drop_duplicates("unit_id")
    labels = [_("all areas")] if grain == "all" else area_names.names(areas)
    return pd.Series(labels, index=areas["unit_id"], dtype="string")


def _told(record_count: int | None, at_least: int | None, state: str) -> str:
    if state == CellState.COUNT:
        return number(record_count)
    if state == CellState.AT_LEAST:
        return f"≥ {number(at_least)}"
    return _(_WORDS[state])


def _sites(opened: Opened) -> None:
    rows = disclosures.disclosed_sites(opened.release)
    told = [
        f"≥ {number(count)}" if pd.notna(count) else _("fewer than 5, or none")
        for count in rows["site_count"]
    ]
    st.header(_("Sites known from unpublished records alone"), anchor=False)
    tables.show(
        rows.assign(area=area_names.names(rows), told=told),
        {"area": _("Where"), "told": _("Sites")},
        caption=_(
            "Sites enter and leave these counts five or more at a time: one more or less shows nowhere."
        ),
        right=("told",),
    )


def _records(opened: Opened) -> None:
    if opened.release.audience is not Audience.RESEARCHER:
        return
    st.header(_("Research records"), anchor=False)
    rows = disclosures.research_records(opened.release)
    st.caption(
        _(
            "Each looks like at least 4 others, 9 where people need protection; its quarter ended at least 180 days ago. Ids are coded."
        )
    )
    if rows.empty:
        st.info(_("No group of records is large enough to be told."))
        return
    labels = {code: category.label for code, category in CATEGORIES.items()}
    coded = {"category": labels, "severity_band": SEVERITY_BANDS, "verification_band": VERIFICATION_BANDS}
    worded = {
        name: rows[name].map(lambda code, words=words: _(words[code]), na_action="ignore")
        for name, words in coded.items()
    }
    tables.show(
        rows.assign(**{name: column.astype("string") for name, column in worded.items()}),
        {
            "record_id": _("Id"),
            "quarter": _("Quarter"),
            "year": _("Year"),
            "territory_pcode": _("Territory"),
            "province_pcode": _("Province"),
            "category": _("Risk category"),
            "severity_band": _("Severity"),
            "verification_band": _("Verification"),
            "h3_r5": _("Cell"),
        },
        missing=_("not told"),
    )
