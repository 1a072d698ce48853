"""The cells of the hotspot test: hatched where they can tell nothing, or by number of reports."""

from __future__ import annotations

from typing import Any, Final

import folium
import h3
import pandas as pd
from branca.element import MacroElement
from folium.template import Template

from layers import palette
from layers.legend import Entry, Legend
from layers.shapes import Features, group, polygon
from risk.escaping import for_leaflet
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n

TITLE: Final = mark("Not enough information")
_HATCHED: Final = Entry(
    mark("not enough information: too few workers or reports to tell"), palette.UNKNOWN, "hatched"
)
_UNFILLED: Final = Entry(
    mark("no fill: enough reports to tell in at least one category. Not a finding of safety"),
    palette.UNKNOWN,
    "outline",
)
_OUTLINED: Final = Entry(
    mark("no fill: in an outline, of any category. Not a finding of safety"), palette.UNKNOWN, "outline"
)
_UNTESTED: Final = Entry(mark("no cell: workers not known, not tested"), palette.UNKNOWN, "nothing")
# Least count of a step, its words, its colour: one hue that grows darker, so that it reads in grey.
STEPS: Final[tuple[tuple[int, str, str], ...]] = (
    (1, mark("1"), palette.COUNTS[0]),
    (2, mark("2 to 4"), palette.COUNTS[1]),
    (5, mark("5 to 19"), palette.COUNTS[2]),
    (20, mark("20 to 99"), palette.COUNTS[3]),
    (100, mark("100 or more"), palette.COUNTS[4]),
)
COUNTS_LEGEND: Final = Legend(
    mark("Reports in a cell: where reports are, not risk"),
    (
        *(Entry(words, colour, "cell") for _least, words, colour in STEPS),
        Entry(mark("no report: not reported, nobody may have looked"), palette.UNKNOWN, "dashes"),
        Entry(mark("no cell: no report, and workers not known"), palette.UNKNOWN, "nothing"),
    ),
)
_BORDER: Final[dict[str, Any]] = {"color": palette.UNKNOWN, "weight": 0.6}
_SILENT: Final[dict[str, Any]] = {
    "color": palette.UNKNOWN,
    "weight": 1,
    "dashArray": "2 3",
    "fillOpacity": 0,
}


class Hatch(MacroElement):
    """The pattern of what is not known, laid once into the page of the map; any shape may be filled with it."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        if (!document.getElementById("atlas-unknown")) {
            var hatch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
            hatch.setAttribute("width", "0");
            hatch.setAttribute("height", "0");
            hatch.setAttribute("aria-hidden", "true");
            hatch.style.position = "absolute";
            hatch.innerHTML = '<defs><pattern id="atlas-unknown" width="6" height="6" ' +
                'patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">' +
                '<line x1="0" y1="0" x2="0" y2="6" stroke="{{ this.colour }}" stroke-width="1.6"/>' +
                '</pattern></defs>';
            document.body.appendChild(hatch);
        }
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Hatch"
        self.colour = palette.UNKNOWN


def legend(cells: pd.DataFrame) -> Legend:
    """Return what the tested `cells` mean (columns as for `draw`): without fill only where one is so."""
    has_unfilled = bool((cells["enough_count"].fillna(0) > 0).any())
    is_cleared = bool((cells["no_excess_count"].fillna(0) > 0).any())
    unfilled = ((_UNFILLED if is_cleared else _OUTLINED),) if has_unfilled else ()
    return Legend(mark("Cells of the test"), (_HATCHED, *unfilled, _UNTESTED))


def draw(cells: pd.DataFrame) -> folium.FeatureGroup:
    """Return one polygon a tested cell: hatched where no test can tell, without fill elsewhere.

    An excess is no fill: its outline is a hotspot's.
    `cells` needs cell (H3), test_count, enough_count, no_excess_count, report_count, workers_exposed (any
    missing). A cell in which no test was made is not drawn.
    """
    rows = cells[cells["test_count"].notna()].to_dict("records")
    features = [_cell(row, _style(row), _tip(row)) for row in rows]
    return group("tested cells", Hatch(), Features(features, "areas"))


def draw_counts(cells: pd.DataFrame) -> folium.FeatureGroup:
    """Return one polygon a cell: coloured by its number of reports; empty and dashed where there is none.

    `cells` needs the columns that `draw` needs.
    """
    known = cells["report_count"].notna()
    silent = [_cell(row, _SILENT, _silent_tip(row)) for row in cells[~known].to_dict("records")]
    features = [
        _cell(row, _count_style(int(row["report_count"])), _count_tip(row))
        for row in cells[known].to_dict("records")
    ]
    # A cell without a report lies under one with some: its edge does not cut theirs.
    return group("reports in cells", Features([*silent, *features], "areas"))


def ring(cell: str, part: float = 1.0) -> dict[str, Any]:
    """Return the outline of an H3 cell as a GeoJSON polygon, shrunk to `part` about its middle."""
    middle_lat, middle_lon = h3.cell_to_latlng(cell)
    corners = [
        [round(middle_lon + part * (lon - middle_lon), 4), round(middle_lat + part * (lat - middle_lat), 4)]
        for lat, lon in h3.cell_to_boundary(cell)
    ]
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def _cell(row: dict[Any, Any], style: dict[str, Any], tip: str) -> dict[str, Any]:
    return polygon(ring(row["cell"]), thing=f"cell:{row['cell']}", tip=tip, style=style)


def _style(row: dict[Any, Any]) -> dict[str, Any]:
    if row["enough_count"]:
        return _BORDER | {"fillOpacity": 0}
    return _BORDER | {"fillColor": "url(#atlas-unknown)", "fillOpacity": 1}


def _tip(row: dict[Any, Any]) -> str:
    if not row["enough_count"]:
        words = _("Not enough information: too few workers or reports to tell")
    elif not row["no_excess_count"]:
        words = (
            _("In an outline. This is not a finding of safety")
            if row["test_count"] == 1
            else _("In an outline in {count} of {all} categories; in the others not enough information")
        )
    elif row["no_excess_count"] == row["test_count"]:
        words = _("Enough reports to notice a three-fold excess; none found. This is not a finding of safety")
    else:
        words = _("Enough information in {count} of {all} categories. No outline is no finding of safety")
    words = words.format(count=row["enough_count"], all=row["test_count"])
    return "<br>".join(for_leaflet(line) for line in (words, *_numbers(row)))


def _numbers(row: dict[Any, Any]) -> list[str]:
    lines = []
    if pd.notna(row["workers_exposed"]):
        workers = round(row["workers_exposed"])
        lines.append(_n("{count} worker", "{count} workers", workers).format(count=workers))
    if pd.notna(row["report_count"]):
        count = int(row["report_count"])
        lines.append(_n("{count} report", "{count} reports", count).format(count=count))
    return lines


def _count_style(count: int) -> dict[str, Any]:
    colour = [colour for least, _words, colour in STEPS if count >= least][-1]
    return {"color": palette.COUNTS_LINE, "weight": 0.7, "fillColor": colour, "fillOpacity": 0.75}


def _count_tip(row: dict[Any, Any]) -> str:
    lines = list(reversed(_numbers(row)))
    if pd.isna(row["workers_exposed"]):
        lines.append(_("workers not known: not tested"))
    return "<br>".join(for_leaflet(line) for line in lines)


def _silent_tip(row: dict[Any, Any]) -> str:
    words = _("No report: not reported, nobody may have looked")
    return "<br>".join(for_leaflet(line) for line in (words, *_numbers(row)))
