"""The card of a hotspot: how much more, how sure, how it changes, what would change our mind, and who says so."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import (
    address,
    cards,
    changing_cards,
    formats,
    hotspot_doubts,
    hotspot_trials,
    hotspot_words,
    tables,
    watermark,
)
from frame.formats import number
from frame.opening import Opened
from layers import quarters as charts
from risk.escaping import for_markdown
from risk.method import METHOD
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import CATEGORIES, GRADES, HOTSPOT_CLASSES, SEVERITIES, VERIFICATIONS
from warehouse import hotspots, records, trends
from warehouse.tolls import claims as toll_claims

_MOST: Final = 12
_HALF: Final = 0.5


def beside(
    opened: Opened, thing: tuple[str, str] | None, incidents: pd.DataFrame, hidden: str | None = None
) -> None:
    """Draw the card of `thing` (kind, id) beside the map of hotspots, or how to get one.

    `hidden` says why the thing is not on the map, in the reader's language.
    """
    if thing is None:
        st.info(
            _(
                "Choose an outline on the map, or in the list under it, to see how sure it is and which reports "
                "it rests on."
            )
        )
        return
    if hidden:
        st.warning(hidden)
    cards.show(opened, thing, incidents)


def draw(opened: Opened, hotspot_id: str) -> bool:
    """Draw the card of a hotspot; return whether there is one of this id."""
    rows = hotspots.hotspot(opened.release, hotspot_id)
    if rows.empty:
        return False
    row = rows.to_dict("records")[0]
    events = hotspots.hotspot_events(opened.release, hotspot_id)
    quarters = trends.hotspot_quarters(opened.release)
    quarters = quarters[quarters["unit_id"] == hotspot_id]
    cards.title(_(CATEGORIES[row["category"]].label), _(HOTSPOT_CLASSES[row["hotspot_class"]]))
    st.markdown(f"**{hotspot_words.excess(row)}**")
    _numbers(row, events)
    _place(row)
    _trend(row, quarters)
    _support(row)
    hotspot_trials.draw(opened, row)
    cards.fact(_("What would change our mind"), hotspot_doubts.listed(row, events, quarters))
    _reports(opened, events)
    st.caption(
        _(
            "Somewhere in the outline, not everywhere in it. A single bad site is found only rarely by this test: "
            "see the assessments of its sites."
        )
    )
    return True


def _numbers(row: dict[Any, Any], events: pd.DataFrame) -> None:
    count, sources = int(row["event_count"]), int(row["source_count"])
    reports = _n("{count} report", "{count} reports", count).format(count=number(count))
    heard = _n("{count} independent source", "{count} independent sources", sources).format(
        count=number(sources)
    )
    latest = formats.day(events["date_end"].max()) if len(events) else _("none")
    lines = [
        f"**{reports}, {heard}**",
        *hotspot_words.counted(row),
        _("expected by the number of workers: {number}").format(
            number=hotspot_words.expected(row["expected"])
        ),
        _("expected by its part of all reports, {count} here: {number}").format(
            count=number(row["report_count"]), number=hotspot_words.expected(row["expected_of_reports"])
        ),
        _("from {start} to {end}; the latest: {latest}").format(
            start=formats.day(row["window_start"]), end=formats.day(row["window_end"]), latest=latest
        ),
    ]
    cards.fact(_("Reported, and to be expected"), "  \n".join(lines))


def _place(row: dict[Any, Any]) -> None:
    sites, workers = int(row["site_count"]), row["workers_exposed"]
    lines = [
        f"{for_markdown(hotspot_words.where(row))}",
        _n("{count} site with {workers} workers", "{count} sites with {workers} workers", sites).format(
            count=number(sites), workers=number(workers)
        ),
    ]
    if row["radius_m"]:
        lines.append(
            _("found within {distance} of its middle").format(distance=formats.distance(row["radius_m"]))
        )
    else:
        lines.append(_("one cell of about 36 km²"))
    cards.fact(_("Place"), "  \n".join(lines))


def _trend(row: dict[Any, Any], quarters: pd.DataFrame) -> None:
    parts = [f"**{changing_cards.class_of(row)}**"]
    if row["trend_class"] == "not_enough":
        parts.append(
            _(
                "a trend needs {count} reports and {quarters} stretches of three months in which anybody looked"
            ).format(count=METHOD.trend_min_reports, quarters=METHOD.trend_min_quarters)
        )
    if pd.isna(row["effort_change_pct"]):
        parts.append(_("who looked cannot be compared between the two years"))
    else:
        parts.append(
            _("reporting effort, second year against the first: {percent}").format(
                percent=changing_cards.percent(row["effort_change_pct"])
            )
        )
    if row["trend_class"] in ("rising", "falling", "new") and not row["has_arrow"]:
        parts.append(_("no arrow: more or fewer reports may only mean more or fewer who looked"))
    cards.fact(_("Trend"), "  \n".join(parts))
    drawn = quarters.assign(
        label=[formats.short_day(day) for day in quarters["quarter_start"]],
        span=[
            formats.interval(start, end, "day")
            for start, end in zip(quarters["quarter_start"], quarters["quarter_end"], strict=True)
        ],
    )
    if drawn.empty:
        return
    st.altair_chart(watermark.in_chart(charts.draw(drawn)), width="stretch", key="hotspot-quarters")
    st.caption(
        _("Bars above: reports. Below: visits (bars) and sources (dots). A word in place of a bar says why.")
    )
    with st.expander(_("The same numbers as a table")):
        each = drawn.assign(events=[changing_cards.told(one) for one in drawn.to_dict("records")])
        columns = {
            "span": _("Three months"),
            "events": _("Reports"),
            "visits": _("Visits"),
            "sources": _("Sources"),
        }
        tables.show(each, columns, missing=_("none on record"))


def _support(row: dict[Any, Any]) -> None:
    grade = _("grade {letter}: {words}").format(letter=row["grade"], words=_(GRADES[row["grade"]]))
    near = _("{percent} % of its reports are located to 10 km").format(percent=number(row["located_pct"]))
    lines = [
        f"**{grade}**",
        near,
        _("passes in {draws} draws of the vague places").format(draws=hotspot_words.draws(row["stability"])),
        _("chance of as many, given the workers: {p} (cut-off {cut})").format(
            p=hotspot_words.chance(row["p_rate"]), cut=hotspot_words.chance(row["p_cutoff_rate"])
        ),
        _("chance of as large a share of all reports: {p} (cut-off {cut})").format(
            p=hotspot_words.chance(row["p_share"]), cut=hotspot_words.chance(row["p_cutoff_share"])
        ),
    ]
    if pd.notna(row["holds_in"]):
        lines.append(
            _("holds in {count} of {all} ways to cut the map: {names}").format(
                count=number(row["holds_in"]),
                all=number(row["holds_of"]),
                names=", ".join(hotspot_words.partitions(row["holds_where"])) or _("none"),
            )
        )
    cards.fact(_("How sure"), "  \n".join(lines))


def _reports(opened: Opened, events: pd.DataFrame) -> None:
    """List the events: those in the outline in most draws, then those that may lie elsewhere."""
    if events.empty:
        return
    inside = events[events["share"] >= _HALF]
    cards.fact(_("Reports in it, in at least half of the draws"), number(len(inside)))
    shown = inside.head(_MOST)
    cited = records.citations(opened.release, "incidents", *shown["incident_id"])
    claims = toll_claims(opened.release, *shown["incident_id"])
    for row in shown.to_dict("records"):
        with st.expander(_heading(row)):
            _report(row, cited[cited["record_id"] == row["incident_id"]], claims)
    with st.expander(
        _n("{count} report as a table", "All {count} reports as a table", len(events)).format(
            count=number(len(events))
        )
    ):
        if len(inside) < len(events):
            st.caption(
                _(
                    "{count} of them lie in the outline in fewer than half of the draws of their place. They are "
                    "not among the {inside} above."
                ).format(count=number(len(events) - len(inside)), inside=number(len(inside)))
            )
        _table(events)


def _heading(row: dict[Any, Any]) -> str:
    when = formats.interval(row["date_start"], row["date_end"], row["date_precision"])
    parts = [
        when,
        _(VERIFICATIONS[row["verification_of_event"]]),
        f"{row['severity_of_event']} {_(SEVERITIES[row['severity_of_event']])}",
    ]
    if row["share"] < 1:
        parts.append(_("place vague"))
    return " · ".join(parts)


def _report(row: dict[Any, Any], cited: pd.DataFrame, claims: pd.DataFrame) -> None:
    if row["share"] < 1:
        st.caption(
            _("In the outline in {draws} draws of its place.").format(draws=hotspot_words.draws(row["share"]))
        )
    if row["record_count"] > 1:
        st.caption(
            _("Told in {count} records; this one speaks for them.").format(count=number(row["record_count"]))
        )
    cards.incident(row, cited, claims)
    if pd.notna(row["site_id"]):
        label, thing = _("Open the site"), f"site:{row['site_id']}"
    elif pd.notna(row["lon"]):
        label, thing = _("Open the place"), f"place:{row['place_key']}"
    else:
        return
    st.button(
        label, key=f"open-{row['event_id']}", on_click=address.keep, args=["at", [thing]], type="tertiary"
    )


def _table(events: pd.DataFrame) -> None:
    shown = events.assign(
        when=[
            formats.interval(row["date_start"], row["date_end"], row["date_precision"])
            for row in events.to_dict("records")
        ],
        state=[_(VERIFICATIONS[code]) for code in events["verification_of_event"]],
        severity=[f"{level} {_(SEVERITIES[level])}" for level in events["severity_of_event"]],
        inside=[hotspot_words.draws(share) for share in events["share"]],
        place=events["site_name"].fillna(events["place_name"]),
    )
    columns = {
        "when": _("When"),
        "state": _("Verification"),
        "severity": _("Severity"),
        "place": _("Place"),
        "inside": _("Draws in it"),
        "incident_id": _("Record"),
    }
    tables.show(shown, columns)
