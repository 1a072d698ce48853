"""What is not known of a site, said as plainly as what is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import formats, framework_names
from frame.formats import number
from frame.site_heads import last_of_each
from risk.escaping import for_markdown
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import EXACT_PRECISIONS, PLACE_PRECISIONS

# A visit older than that is said to be old; the measures look back as far.
_OLD_DAYS: Final = 730


@dataclass(frozen=True)
class Known:
    """What is on record of a site."""

    site: dict[str, Any]
    as_of: pd.Timestamp
    assessments: pd.DataFrame
    sections: pd.DataFrame
    visits: pd.DataFrame
    actions: pd.DataFrame
    never: pd.DataFrame


def show(known: Known) -> None:
    """Draw what is not known of a site, one line each, and the criteria that nobody ever assessed."""
    st.header(_("What is not known"), anchor=False)
    st.markdown("\n".join(f"- {line}" for line in lines(known)))
    if not known.never.empty:
        count = len(known.never)
        with st.expander(
            _n("{count} criterion never assessed", "{count} criteria never assessed", count).format(
                count=number(count)
            )
        ):
            st.markdown(framework_names.listed(known.never.to_dict("records")))


def lines(known: Known) -> list[str]:
    """Return what is not known, in the order of the page."""
    return [*_of_place(known.site), *_of_looking(known), *_of_assessments(known), *_of_actions(known.actions)]


def _of_place(site: dict[str, Any]) -> Iterator[str]:
    if site["place_precision"] not in EXACT_PRECISIONS:
        precision = _(PLACE_PRECISIONS[site["place_precision"]].label)
        yield _("Where it lies exactly: the place is known to {precision} only.").format(precision=precision)
    elif site["position_is_proxy"]:
        yield _("Where it lies exactly: the point is a stand-in.")
    if pd.isna(site["concession_count"]):
        yield _("On whose title it lies: the place is too vague, or there is no cadastre.")
    if site["kind"] == "unknown":
        yield _("What kind of site it is.")
    if pd.isna(site["minerals"]):
        yield _("Which minerals are dug here.")
    if all(pd.isna(site[name]) for name in ("workers", "workers_low", "workers_high")):
        yield _("How many people work here: nobody reported a figure for this one site.")
    elif pd.isna(site["workers_year"]):
        yield _("Of which year the number of workers is.")
    yield _("The ministry's colour of the site (green, yellow or red): this release does not hold it.")


def _of_looking(known: Known) -> Iterator[str]:
    days = known.visits.loc[known.visits["is_on_site"], "visited_on"]
    if known.visits.empty:
        yield _("What a visitor would see: no visit is on record.")
    elif days.empty:
        yield _("What a visitor would see: nobody on record stood on the site; it was asked about from afar.")
    elif (known.as_of - days.max()).days > _OLD_DAYS:
        yield _("What is there today: no visit on record since {day}.").format(day=formats.day(days.max()))
    else:
        yield _("What happened after the latest visit, of {day}.").format(day=formats.day(days.max()))


def _of_assessments(known: Known) -> Iterator[str]:
    if known.assessments.empty:
        yield _("How it stands against any framework: no assessment is on record.")
        return
    for row in last_of_each(known.assessments).to_dict("records"):
        if pd.notna(row["days_left"]) and row["days_left"] < 0:
            yield _("How it stands today: the last assessment expired on {day} ({framework}).").format(
                day=formats.day(row["expires_on"]), framework=framework_names.named(row)
            )
        own = known.sections[known.sections["assessment_id"] == row["assessment_id"]]
        bare = own[own["score_pct"].isna() & (own["criteria_applicable"] > 0)].to_dict("records")
        if bare:
            names = ", ".join(for_markdown(formats.worded(section, "section")) for section in bare)
            yield _("Sections without a score in the last assessment: {names}.").format(names=names)
    for _scheme, rows in known.never.groupby("scheme", sort=False):
        yield _("Criteria that no assessment ever looked at: {count} of {all}.").format(
            count=number(len(rows)), all=number(rows["of_all"].iloc[0])
        )


def _of_actions(actions: pd.DataFrame) -> Iterator[str]:
    if actions.empty:
        yield _("Whether anything is being improved: no improvement action is on record.")
        return
    undated = int((actions["is_open"] & actions["due_now_on"].isna()).sum())
    if undated:
        yield _n("When {count} open action is due.", "When {count} open actions are due.", undated).format(
            count=number(undated)
        )
