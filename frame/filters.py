"""The filters, kept in the sidebar and in the address; one choice drives map, table and chart alike."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd
import streamlit as st

from frame import address
from frame.formats import number
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import (
    CATEGORIES,
    MINERALS,
    PLACE_PRECISIONS,
    RECORD_KINDS,
    SEVERITIES,
    VERIFICATIONS,
)
from warehouse.queries import Choice, filter_options, period, territory_options
from warehouse.release import Release

_LABELS: Final[dict[str, dict[str, str]]] = {
    "category": {code: category.label for code, category in CATEGORIES.items()},
    "severity": {str(level): label for level, label in SEVERITIES.items()},
    "verification": VERIFICATIONS,
    "record_kind": RECORD_KINDS,
    "place_precision": {code: precision.label for code, precision in PLACE_PRECISIONS.items()},
    "mineral": MINERALS,
}
_WIDGETS: Final[tuple[tuple[str, str, str], ...]] = (
    ("category", mark("Risk category"), "list"),
    ("severity", mark("Severity"), "pills"),
    ("verification", mark("Verification"), "list"),
    ("record_kind", mark("Kind of record"), "list"),
    ("place_precision", mark("Place known to"), "list"),
)
KEYS: Final = ("province", "territory", "mineral", "years", *(key for key, _label, _kind in _WIDGETS))


@st.cache_data(max_entries=8, show_spinner=False)
def _options(
    _release: Release, release_id: str, audience: str
) -> tuple[pd.DataFrame, pd.DataFrame, date, date]:
    first, last = period(_release)
    return filter_options(_release), territory_options(_release), first, last


def sidebar(release: Release, *, has_incidents: bool = True) -> Choice:
    """Draw the filters with the counts of the whole release beside them and return what was chosen.

    Unknown codes in an address are dropped. `has_incidents` leaves out the filters on incidents.
    """
    options, territories, first, last = _options(release, release.id, release.audience.value)
    with st.sidebar:
        st.subheader(_("Filters"), anchor=False)
        chosen: dict[str, tuple[str, ...]] = {}
        chosen["province"] = _pick("province", _("Province"), _of(options, "province"), {}, "pills")
        chosen["territory"] = _territory(territories, chosen["province"])
        years = (first.year, last.year)
        if has_incidents:
            years = _years(first, last)
            for key, label, kind in _WIDGETS:
                chosen[key] = _pick(key, _(label), _of(options, key), _LABELS[key], kind)
        chosen["mineral"] = _pick(
            "mineral",
            _("Mineral at the site"),
            _of(options, "mineral"),
            _LABELS["mineral"],
            "pills",
            hint=_("Acts on sites, and on incidents reported at a site."),
        )
        if any(address.recall(key) for key in KEYS):
            st.button(_("Clear all filters"), on_click=address.forget, args=[KEYS], width="stretch")
        if has_incidents:
            st.caption(_("Numbers beside the filters count incidents; beside minerals, sites."))
    return Choice(
        severity=tuple(int(level) for level in chosen.pop("severity", ())),
        start_on=None if years[0] == first.year else date(years[0], 1, 1),
        end_on=None if years[1] == last.year else date(years[1], 12, 31),
        **chosen,
    )


def _of(options: pd.DataFrame, name: str) -> dict[str, int]:
    rows = options[options["filter"] == name].dropna(subset=["code"])
    return dict(zip(rows["code"], rows["count"], strict=True))


def _pick(
    key: str, label: str, counts: dict[str, int], labels: dict[str, str], kind: str, hint: str | None = None
) -> tuple[str, ...]:
    codes = [code for code in labels if code in counts] if labels else list(counts)
    address.choose(key, codes)

    def say(code: str) -> str:
        return f"{_(labels[code]) if code in labels else code} · {number(counts[code])}"

    if kind == "pills":
        value = st.pills(label, codes, selection_mode="multi", format_func=say, key=key, help=hint)
    else:
        value = st.multiselect(label, codes, format_func=say, key=key, help=hint, placeholder=_("all"))
    address.keep(key, value)
    return tuple(value)


def _territory(territories: pd.DataFrame, provinces: tuple[str, ...]) -> tuple[str, ...]:
    rows = territories[territories["incident_count"] + territories["site_count"] > 0]
    if provinces:
        rows = rows[rows["province"].isin(provinces)]
    twins = rows["territory"].duplicated(keep=False)
    names = {
        row.territory_pcode: f"{row.territory} ({_('city')})"
        if twin and row.kind == "city"
        else row.territory
        for row, twin in zip(rows.itertuples(), twins, strict=True)
    }
    counts = dict(zip(rows["territory_pcode"], rows["incident_count"], strict=True))
    if "territory" in st.session_state:
        st.session_state["territory"] = [code for code in st.session_state["territory"] if code in names]
    return _pick("territory", _("Territory"), counts, names, "list")


def _years(first: date, last: date) -> tuple[int, int]:
    if "years" not in st.session_state:
        kept = [int(year) for year in address.recall("years") if year.isdigit()]
        inside = [min(max(year, first.year), last.year) for year in kept[:2]]
        st.session_state["years"] = tuple(sorted(inside)) if len(inside) == 2 else (first.year, last.year)
    start, end = st.slider(_("Years"), first.year, last.year, key="years")
    is_all = (start, end) == (first.year, last.year)
    address.keep("years", [] if is_all else [str(start), str(end)])
    return start, end
