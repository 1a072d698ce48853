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
    PERMIT_TYPES,
    PLACE_PRECISIONS,
    RECORD_KINDS,
    SEVERITIES,
    VERIFICATIONS,
)
from warehouse.asking import Choice
from warehouse.queries import filter_options, period, territory_options
from warehouse.release import Release

_LABELS: Final[dict[str, dict[str, str]]] = {
    "category": {code: category.label for code, category in CATEGORIES.items()},
    "severity": {str(level): label for level, label in SEVERITIES.items()},
    "verification": VERIFICATIONS,
    "record_kind": RECORD_KINDS,
    "place_precision": {code: precision.label for code, precision in PLACE_PRECISIONS.items()},
}
_WIDGETS: Final[tuple[tuple[str, str, str], ...]] = (
    ("category", mark("Risk category"), "list"),
    ("severity", mark("Severity"), "pills"),
    ("verification", mark("Verification"), "list"),
    ("record_kind", mark("Kind of record"), "list"),
    ("place_precision", mark("Place known to"), "list"),
)
_YEARS_OF: Final = "years_of"
KEYS: Final = (
    "province",
    "territory",
    "mineral",
    "permit_type",
    "years",
    *(key for key, _label, _kind in _WIDGETS),
)


@st.cache_data(max_entries=8, show_spinner=False)
def _options(_release: Release, path: str) -> tuple[pd.DataFrame, pd.DataFrame, tuple[date, date] | None]:
    return filter_options(_release), territory_options(_release), period(_release)


def sidebar(release: Release, *, has_incidents: bool = True) -> Choice:
    """Draw the filters with the counts of the whole release beside them and return what was chosen.

    Unknown codes in an address are dropped. `has_incidents` leaves out the filters on incidents; the
    counts beside provinces and territories are then sites.
    """
    # The path names edition, release and audience: no option of one file is ever given for another.
    options, territories, days = _options(release, str(release.path))
    counted = "incident_count" if has_incidents else "site_count"
    chosen: dict[str, tuple[str, ...]] = {}
    between: tuple[date | None, date | None] = (None, None)
    with st.sidebar:
        st.header(_("Filters"), anchor=False)
        provinces = _of(options, "province" if has_incidents else "site_province")
        chosen["province"] = pick("province", _("Province"), provinces, {}, "pills")
        chosen["territory"] = _territory(territories, chosen["province"], counted)
        if has_incidents:
            between = _years(days)
            for key, label, kind in _WIDGETS:
                chosen[key] = pick(key, _(label), _of(options, key), _LABELS[key], kind)
        chosen |= _of_sites(options)
        if any(address.recall(key) for key in KEYS):
            st.button(_("Clear all filters"), on_click=address.forget, args=[KEYS], width="stretch")
        st.caption(
            _("Numbers count incidents; beside minerals, sites; beside titles, titles.")
            if has_incidents
            else _("Numbers count sites; beside titles, titles.")
        )
    severity = tuple(int(level) for level in chosen.pop("severity", ()))
    return Choice(severity=severity, start_on=between[0], end_on=between[1], **chosen)


def _of_sites(options: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    hint = _("Acts on sites, and on incidents reported at a site.")
    return {
        "mineral": pick(
            "mineral", _("Mineral at the site"), _of(options, "mineral"), MINERALS, "pills", hint
        ),
        "permit_type": pick(
            "permit_type", _("Kind of title"), _of(options, "permit_type"), PERMIT_TYPES, "list"
        ),
    }


def _of(options: pd.DataFrame, name: str) -> dict[str, int]:
    rows = options[options["filter"] == name].dropna(subset=["code"])
    return dict(zip(rows["code"], rows["count"], strict=True))


def pick(
    key: str, label: str, counts: dict[str, int], labels: dict[str, str], kind: str, hint: str | None = None
) -> tuple[str, ...]:
    """Draw one multiple-choice filter with the count beside each code, kept in the address; return what was chosen.

    `labels` gives words and order; without any, codes stand for themselves. `kind` is pills or list.
    """
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


def _territory(territories: pd.DataFrame, provinces: tuple[str, ...], counted: str) -> tuple[str, ...]:
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
    counts = dict(zip(rows["territory_pcode"], rows[counted], strict=True))
    if "territory" in st.session_state:
        st.session_state["territory"] = [code for code in st.session_state["territory"] if code in names]
    return pick("territory", _("Territory"), counts, names, "list")


def _years(days: tuple[date, date] | None) -> tuple[date | None, date | None]:
    """Draw the choice of years; a release with fewer than two years offers none."""
    if days is None or days[0].year == days[1].year:
        return None, None
    first, last = days[0].year, days[1].year
    if st.session_state.get(_YEARS_OF) != (first, last):
        # Another file has other years: what was all of them is all of them again.
        st.session_state.pop("years", None)
        st.session_state[_YEARS_OF] = (first, last)
    if not address.hold("years"):
        kept = [int(year) for year in address.recall("years") if year.isdecimal() and len(year) == 4]
        kept = kept * 2 if len(kept) == 1 else kept  # one year alone means that year
        inside = [min(max(year, first), last) for year in kept[:2]]
        st.session_state["years"] = tuple(sorted(inside)) if len(inside) == 2 else (first, last)
    start, end = st.slider(_("Years"), first, last, key="years")
    address.keep("years", [] if (start, end) == (first, last) else [str(start), str(end)])
    return (
        None if start == first else date(start, 1, 1),
        None if end == last else date(end, 12, 31),
    )
