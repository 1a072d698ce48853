"""What a view of the hotspot page leaves out, in words: outlines that vanish, and the one that is open."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from frame.formats import number
from frame.hotspot_views import CLASSES_OF, View
from frame.opening import Opened
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import HOTSPOT_CLASSES
from warehouse import hotspots as asked

_VIEW_WORDS: Final[dict[str, str]] = {
    "either": mark("Outlines that pass by reports per worker, by share of all reports, or by both."),
    "reports": mark("Where reports are, not risk: more people and more reporting make more reports."),
    "worker": mark(
        "More reports than the number of workers leads to expect. Uneven reporting can do that too."
    ),
    "share": mark(
        "A larger part of all reports than elsewhere. Where everything is reported more, this shows nothing."
    ),
    "both": mark("More per worker and a larger share: least likely to be made by uneven reporting."),
}
_NOT_DRAWN: Final = mark("Outlines are not drawn by number of reports.")


def explain(view: View, found: pd.DataFrame, top: pd.DataFrame, totals: pd.DataFrame) -> None:
    """Say what the measure shows, how many outlines it leaves out, and which of the cells with most reports.

    `found` are the outlines of the chosen categories, `top` and `totals` rows of `top_cells` and `report_totals`.
    """
    row, all_of = top.iloc[0], totals.iloc[0]
    parts = [_(_VIEW_WORDS[view.measure]), *_passing(view, found)]
    if row["cell_count"]:
        counts = {name: row[f"{name}_count"] for name in ("worker", "share", "both")}
        parts.append(
            _(
                "Of the {all} cells with most reports, outlines by reports per worker hold {worker}, those by share "
                "of reports {share}, those by both {both}."
            ).format(
                **{name: number(count) if count else _("none") for name, count in counts.items()},
                all=number(row["cell_count"]),
            )
        )
    if all_of["vague_count"] and view.measure == "reports":
        parts.append(
            _(
                "{vague} of {count} reports are placed too vaguely for a cell: none of these shows them."
            ).format(vague=number(all_of["vague_count"]), count=number(all_of["event_count"]))
        )
    if view.measure == "reports" and "unknown" in view.layers:
        parts.append(
            _("*Not enough information* is about the tests: it is not drawn over the number of reports.")
        )
    st.caption(" ".join(parts))


def _passing(view: View, found: pd.DataFrame) -> list[str]:
    """Return how many of the outlines that the filters leave stay by the measure, and how many vanish."""
    left, shown = view.left(found), view.of(found)
    if left.empty or view.measure == "either":
        return [nothing(view, found)] if len(found) and left.empty else []
    if shown.empty:
        return [nothing(view, found)]
    if len(shown) == len(left):
        return [_("All outlines pass by this measure.")]
    return [
        _("Outlines that pass by this measure: {shown} of {all}; that vanish: {rest}.").format(
            shown=number(len(shown)), all=number(len(left)), rest=number(len(left) - len(shown))
        )
    ]


def nothing(view: View, found: pd.DataFrame) -> str:
    """Return why no outline is drawn, where none is: none found, all filtered out, or none by this measure."""
    if found.empty:
        return _("No outline was found.")
    left = view.left(found)
    if left.empty:
        return _("The filters leave no outline; of other classes: {count}.").format(count=number(len(found)))
    if view.measure == "reports":
        return _(_NOT_DRAWN)
    return _("No outline passes by this measure: of {count} none stays.").format(count=number(len(left)))


def hidden(opened: Opened, view: View, thing: tuple[str, str] | None) -> str | None:
    """Return why the chosen hotspot is not on the map; None where it is, or where no hotspot is chosen."""
    kind, code = thing or ("", "")
    rows = asked.hotspot(opened.release, code) if kind == "hotspot" else pd.DataFrame()
    if rows.empty:
        return None
    row = rows.iloc[0]
    if view.category and row["category"] not in view.category:
        return _("This outline is not on the map: its category is not among the chosen ones.")
    if view.hotspot_class and row["hotspot_class"] not in view.hotspot_class:
        return _("This outline is not on the map: its class is not among the chosen ones.")
    if view.measure == "reports":
        return _("This outline is not on the map: outlines are not drawn by number of reports.")
    if row["hotspot_class"] not in CLASSES_OF[view.measure]:
        return _("This outline is not on the map: a {word} does not pass by this measure.").format(
            word=_(HOTSPOT_CLASSES[row["hotspot_class"]])
        )
    return None
