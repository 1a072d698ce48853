"""What improves: the board of actions, what became of findings, and what it would take. No site is ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import absences, address, area_names, formats, sourcing, tables
from frame.formats import number
from frame.opening import Opened
from risk.progress_words import (
    ACTION_STATUSES,
    COST_BANDS,
    FUNDING_STATUSES,
    PARTY_KINDS,
    PRIORITIES,
    VERIFICATION_KINDS,
)
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n
from warehouse import improving
from warehouse.queries import LISTED

MARKS: Final[dict[str, str]] = {
    "overdue": mark("overdue"),
    "unfunded": mark("open and unfunded"),
    "in_review": mark("waiting for verification"),
}
KEYS: Final = ("territory", "status", "action")


@dataclass(frozen=True)
class Wanted:
    """What a reader chose: territories, statuses and marks; empty means all."""

    territory: tuple[str, ...]
    status: tuple[str, ...]
    marks: tuple[str, ...]

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """Return the choice as the keywords of a query of actions."""
        return {"territory": self.territory, "status": self.status, "marks": self.marks}


def choose(opened: Opened) -> Wanted:
    """Draw the filters in the sidebar, with the counts of the whole file, and return what was chosen."""
    release = opened.release
    counts = improving.action_counts(release).set_index("status")
    places = improving.territories_with_sites(release)
    names = dict(zip(places["territory_pcode"], area_names.names(places), strict=True))
    of_place = dict(zip(places["territory_pcode"], places["open_actions"], strict=True))
    by_status = {code: int(counts["action_count"].get(code, 0)) for code in ACTION_STATUSES}
    with st.sidebar:
        st.header(_("Filters"), anchor=False)
        marks = _pick("action", _("Actions"), MARKS, {code: int(counts[code].sum()) for code in MARKS})
        status = _pick("status", _("Status"), ACTION_STATUSES, by_status)
        territory = _pick("territory", _("Territory"), names, of_place, is_list=True)
        if any(address.recall(key) for key in KEYS):
            st.button(_("Clear all filters"), on_click=address.forget, args=[KEYS], width="stretch")
        st.caption(
            _("Numbers count actions; beside territories, open ones. Two choices together narrow it down.")
        )
    return Wanted(territory, status, marks)


def _pick(
    key: str, label: str, words: Mapping[str, str], counts: Mapping[str, int], *, is_list: bool = False
) -> tuple[str, ...]:
    """Draw the choice of several codes, kept in the address, and return them."""
    address.choose(key, list(words))

    def say(code: str) -> str:
        return f"{words[code] if is_list else _(words[code])} · {number(counts[code])}"

    if is_list:
        value = st.multiselect(label, list(words), format_func=say, key=key, placeholder=_("all"))
    else:
        value = st.pills(label, list(words), selection_mode="multi", format_func=say, key=key)
    address.keep(key, value)
    return tuple(value)


def board(opened: Opened, wanted: Wanted) -> None:
    """Draw how many actions are in which status, then the open ones and the others, by the day they are due."""
    st.header(_("Improvement actions"), anchor=False)
    if improving.action_counts(opened.release).empty:
        st.info(absences.nothing(opened.audience, _("No improvement action is on record.")))
        return
    counts = improving.action_counts(opened.release, **wanted.filters).set_index("status")
    if counts.empty:
        st.info(_("No action matches these filters. This says nothing about any site."))
        return
    _totals(counts)
    rows = improving.actions(opened.release, **wanted.filters)
    is_open = rows["is_open"].astype(bool)
    _list(
        rows[is_open],
        _("Open actions, by the day they are due, then by site"),
        _("No open action is among them."),
    )
    with st.expander(f"{_('Drafts, resolved and cancelled')} · {number((~is_open).sum())}"):
        _list(rows[~is_open], _("By the day they were due, then by site"), _("None of these is among them."))
    if len(rows) == LISTED:
        st.caption(
            _("Listed are the first {count}; the filters reach the others.").format(count=number(LISTED))
        )
    sourcing.draw(opened, {"improvement_actions": rows["action_id"]})


def _totals(counts: pd.DataFrame) -> None:
    parts = [
        formats.named(_(words), f"**{number(counts['action_count'].get(code, 0))}**")
        for code, words in ACTION_STATUSES.items()
    ]
    st.markdown("  ·  ".join(parts))
    marked = [formats.named(_(words), f"**{number(counts[code].sum())}**") for code, words in MARKS.items()]
    st.markdown(f"{_('Of these')} – {'  ·  '.join(marked)}")


def _list(rows: pd.DataFrame, caption: str, none: str) -> None:
    if rows.empty:
        st.caption(none)
        return
    each = rows.to_dict("records")
    shown = rows.assign(
        title=[formats.worded(row, "title") for row in each],
        clock=[clock(row) for row in each],
        territory=rows["territory"].fillna(_("territory not known")),
        status=[_(ACTION_STATUSES[row["status"]]) for row in each],
        responsible=[_(PARTY_KINDS[row["responsible"]]) for row in each],
        supporter=[
            _(PARTY_KINDS[row["supporter"]]) if pd.notna(row["supporter"]) else _("none") for row in each
        ],
        cost=[_(COST_BANDS[row["cost_band"]]) for row in each],
        funding=[_(FUNDING_STATUSES[row["funding_status"]]) for row in each],
        priority=[_(PRIORITIES[row["priority"]]) for row in each],
        progress=[formats.percent(row["progress_pct"]) for row in each],
        verification=[_(VERIFICATION_KINDS[row["verification"]]) for row in each],
        page=[
            address.link("sites", site=row["site_id"]) if pd.notna(row["site_id"]) else None for row in each
        ],
    )
    tables.show(
        shown,
        {
            "due_now_on": _("Due"),
            "clock": _("Days"),
            "title": _("What is to be done"),
            "site_name": _("Site"),
            "page": _("Its page"),
            "territory": _("Territory"),
            "status": _("Status"),
            "funding": _("Funding"),
            "cost": _("Cost"),
            "responsible": _("Who answers for it"),
            "supporter": _("Who supports it"),
            "priority": _("Priority"),
            "progress": _("Progress"),
            "verification": _("How it was verified"),
            "extensions": _("Extensions"),
        },
        caption=caption,
        links=("page",),
        missing=_("not known"),
        widths={"clock": 165, "title": 300, "site_name": 120},
    )


def clock(row: dict[Any, Any]) -> str:
    """Return how an action stands on the day of the release: days left or overdue, or how long it took."""
    if row["is_open"]:
        return formats.clock(row["days_left"])
    if row["status"] == "resolved":
        days = row["days_to_resolve"]
        if pd.isna(days):
            return _("resolved; how long it took is not known")
        return _n("resolved in {count} day", "resolved in {count} days", int(days)).format(count=number(days))
    return _(ACTION_STATUSES[row["status"]])


def speed(opened: Opened, wanted: Wanted) -> None:
    """Say how long resolved actions took, of how many that is known, and nothing where it is of none."""
    row = improving.days_to_resolve(opened.release, territory=wanted.territory).iloc[0]
    if not row["resolved"]:
        st.markdown(_("No resolved action is on record here, so nothing can be said of how long one takes."))
        return
    if not row["measured"]:
        st.markdown(
            _("How long it took to resolve an action is not known: days of start or end are missing.")
        )
        return
    st.markdown(
        _("Median days to resolve: **{median}** (half of them took {low} to {high})").format(
            median=number(row["median_days"]), low=number(row["low_days"]), high=number(row["high_days"])
        )
    )
    missing = int(row["resolved"] - row["measured"])
    parts = [_("Of {count} resolved actions.").format(count=number(row["measured"]))]
    if missing:
        parts.append(_("Of {count} more the day of start or end is missing.").format(count=number(missing)))
    st.caption(" ".join(parts))
