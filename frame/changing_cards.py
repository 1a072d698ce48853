"""One changing thing: its class in words, an arrow only where as many looked as before, and its chart."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import address, area_names, canvas, formats, grading, watermark
from frame.formats import number
from frame.opening import Opened
from layers import quarters as charts
from risk.escaping import for_markdown
from risk.method import METHOD
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import ABSENCES, CATEGORIES, TREND_CLASSES

_COLUMNS: Final = 3
# More charts than a reader looks at, and than a browser draws at once; the table holds them all.
MOST: Final = 24
_ARROWS: Final = {"rising": "↗", "falling": "↘"}
_NO_ARROW: Final[dict[str, str]] = {
    "rising": mark("No arrow: more reports may only mean that more people looked."),
    "falling": mark("No arrow: fewer reports may only mean that fewer people looked."),
}


def titles(changes: pd.DataFrame, *, is_hotspot: bool) -> list[str]:
    """Return a title for each row: category and place of a hotspot, the name of an area."""
    if not is_hotspot:
        return area_names.names(changes)
    return [
        f"{_(CATEGORIES[row['category']].label)} · {_('place not known') if pd.isna(row['place']) else row['place']}"
        for row in changes.to_dict("records")
    ]


def legend() -> None:
    """Draw what bars, dots and words in the charts mean."""
    canvas.legend(charts.LEGEND)
    st.caption(
        _(
            "A word in place of a bar says why no report is there. Each chart has its own scale: it shows change, "
            "not size. A report whose place is vague counts in part, so bars need not add up to the reports of a "
            "hotspot."
        )
    )


def many(opened: Opened, rows: pd.DataFrame, quarters: pd.DataFrame) -> None:
    """Draw `rows`, three beside each other; on a phone one under the other."""
    records = rows.head(MOST).to_dict("records")
    for start in range(0, len(records), _COLUMNS):
        for place, row in zip(st.columns(_COLUMNS), records[start : start + _COLUMNS], strict=False):
            with place:
                _one(opened, row, quarters[quarters["unit_id"] == row["unit_id"]])
    if len(rows) > MOST:
        st.caption(_("{count} more in the table below").format(count=number(len(rows) - MOST)))


def _one(opened: Opened, row: dict[Any, Any], quarters: pd.DataFrame) -> None:
    drawn = quarters.assign(
        label=[formats.short_day(day) for day in quarters["quarter_start"]],
        span=[
            formats.interval(start, end, "day")
            for start, end in zip(quarters["quarter_start"], quarters["quarter_end"], strict=True)
        ],
    )
    with st.container(border=True):
        st.markdown(f"**{for_markdown(row['title'])}**  \n{_said(row)}")
        st.altair_chart(
            watermark.in_chart(charts.draw(drawn)), width="stretch", alt=_alt(row, drawn.to_dict("records"))
        )
        st.caption(_support(row))
        if "hotspot_class" in row and st.button(
            f"{_('Open its card')} →",
            key=f"open-{row['unit_id']}",
            type="tertiary",
            help=for_markdown(row["title"]),
        ):
            thing = f"hotspot:{row['unit_id']}"
            address.keep("at", [thing])
            st.switch_page("pages/hotspots.py", query_params={"at": thing})


def class_of(row: dict[Any, Any]) -> str:
    """Return the class of change in words, with an arrow only where reporting effort stayed.

    What passes the test now and did not before need not have changed: where that is not shown, it says so.
    """
    if row["trend_class"] == "new":
        shown = _("passes now, did not before")
        return shown if _is_shown(row) else _("passes now, did not before; the change itself is not shown")
    word = _(TREND_CLASSES[row["trend_class"]])
    return f"{_ARROWS[row['trend_class']]} {word}" if row["has_arrow"] else word


def _said(row: dict[Any, Any]) -> str:
    """Return the class, how much a year, and what became of those who look."""
    change = class_of(row)
    if row["has_arrow"]:
        change = _("{change}, about {percent} a year").format(change=change, percent=yearly(row))
    parts = [f":blue[{change}] ·", _effort(row["effort_change_pct"])]
    if row["trend_class"] in _NO_ARROW and not row["has_arrow"]:
        parts.append(_(_NO_ARROW[row["trend_class"]]))
    elif _has_moved(row["effort_change_pct"]) and row["trend_class"] != "not_enough":
        parts.append(_("That alone can change the number of reports."))
    return f":small[{' '.join(parts)}]"


def _is_shown(row: dict[Any, Any]) -> bool:
    p = row["p_adjusted"]
    return bool(pd.notna(p) and p < METHOD.q_falling) and not _has_moved(row["effort_change_pct"])


def _has_moved(change: Any) -> bool:
    return pd.isna(change) or abs(float(change)) > METHOD.steady_effort_pct


def _effort(change: Any) -> str:
    if pd.isna(change):
        return _("How many looked is not known for both years.")
    return _("Reporting effort {percent} from the first year to the second.").format(percent=percent(change))


def percent(change: Any) -> str:
    """Return a change in percent with its sign, or the word for one that is not known."""
    if pd.isna(change):
        return _("not known")
    rounded = round(float(change))
    sign = "+" if rounded > 0 else "\u2212" if rounded < 0 else "±"
    return f"{sign}{number(abs(rounded))}\u00a0%"


def yearly(row: dict[Any, Any]) -> str:
    """Return how its part of the reports changes in a year; nothing where there is no arrow."""
    return percent(row["rate_change_pct"]) if row["has_arrow"] else _("no arrow")


def told(row: dict[Any, Any]) -> str:
    """Return the reports of a stretch of three months, or the word for why there is none."""
    if pd.notna(row["events"]):
        return number(row["events"], digits=1 if float(row["events"]) % 1 else 0)
    return _(ABSENCES[row["absence"]]) if pd.notna(row["absence"]) else _("not reported")


def reports(row: dict[Any, Any]) -> str:
    """Return the number of reports in the window; of a hotspot the one that its card gives."""
    count = row["event_count"] if "event_count" in row else row["observed"]
    return _("none on record") if pd.isna(count) else number(count)


def latest(row: dict[Any, Any]) -> str:
    """Return the day of the latest report, or that there is none."""
    return _("no report on record") if pd.isna(row["last_event_on"]) else formats.day(row["last_event_on"])


def latest_label(*, is_hotspot: bool) -> str:
    """Return what the latest report is one of: of a hotspot its own, of an area any category."""
    return _("Latest report") if is_hotspot else _("Latest report, any category")


def _support(row: dict[Any, Any]) -> str:
    parts = [
        formats.named(_("Reports"), reports(row)),
        formats.named(_("Grade"), grading.grade(row["grade"])),
        formats.named(latest_label(is_hotspot="hotspot_class" in row), latest(row)),
    ]
    return " · ".join(parts)


def _alt(row: dict[Any, Any], rows: list[dict[Any, Any]]) -> str:
    each = formats.several(f"{quarter['span']}: {told(quarter)}" for quarter in rows)
    said = [watermark.words(), f"{row['title']}, {class_of(row)}.", formats.named(_("Reports"), each)]
    return " ".join(filter(None, said))
