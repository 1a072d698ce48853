"""What the page of hotspots asks: outlines, the cells behind them, the tests, one hotspot in full.

As in `warehouse.queries`, each function takes the release first and returns one frame; parameters are
bound. An empty tuple of categories means all of them.
"""

from __future__ import annotations

from typing import Any, Final

import h3
import pandas as pd

from risk.margins import reports_to_spare
from risk.method import METHOD
from warehouse.asking import PLACE_KEY, answer
from warehouse.queries import with_outline
from warehouse.release import Release
from warehouse.trends import trend_chances

Codes = tuple[str, ...]

# More shapes than these take a browser seconds to draw: cells are then joined to wider ones.
MOST_CELLS: Final = 1_500
TOP_CELLS: Final = 10
_CHOSEN: Final = "($category IS NULL OR list_contains(CAST($category AS VARCHAR[]), {column}))"
# Too few reports, or too little behind them, for a ratio.
_WEAK: Final = "(h.event_count < $least OR h.grade = 'D')"
_HOTSPOTS: Final = f"""
    SELECT h.*, {_WEAK} AS is_weak, NOT ({_WEAK} OR h.is_pooled) AS has_ratio, p.name AS province,
           (SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM territories t
            WHERE list_contains(string_split(h.territory_pcodes, '; '), t.territory_pcode)) AS territory_names
    FROM hotspots h LEFT JOIN provinces p USING (province_pcode)
"""


def hotspots(release: Release, category: Codes = ()) -> pd.DataFrame:
    """Return the outlines by category, class and id: the columns of the table, with more beside them.

    outline (GeoJSON text), province, territory_names (missing where not known), is_weak (under
    `METHOD.min_reports` events, or grade D), has_ratio (not weak, and cells differ by more than chance),
    p_adjusted (of the trend, over all hotspots tested).
    """
    rows = answer(
        release,
        f"{_HOTSPOTS} WHERE {_CHOSEN.format(column='h.category')} ORDER BY h.category, h.hotspot_class, h.hotspot_id",
        _bound(category) | {"least": METHOD.min_reports},
    )
    return with_outline(_with_trend(release, rows))


def _with_trend(release: Release, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(p_adjusted=rows["hotspot_id"].map(trend_chances(release)))


def hotspot(release: Release, hotspot_id: str) -> pd.DataFrame:
    """Return the hotspot as one row, or no row: the columns of `hotspots`, and what its test knew.

    p_cutoff_rate, p_cutoff_share, window_start, window_end, and spare_reports: how many of its reports may
    turn out wrong, or lie elsewhere, before its window no longer passes.
    """
    rows = answer(
        release,
        f"""
        SELECT h.*, t.tested_count, t.p_cutoff_rate, t.p_cutoff_share, t.window_start, t.window_end
        FROM ({_HOTSPOTS} WHERE h.hotspot_id = $id) h JOIN theme_tests t USING (category)
        """,
        {"id": hotspot_id, "least": METHOD.min_reports},
    )
    spare = [_spare(row) for row in rows.to_dict("records")]
    return with_outline(_with_trend(release, rows)).assign(spare_reports=pd.array(spare, dtype="Int64"))


def _spare(row: dict[Any, Any]) -> int:
    return reports_to_spare(
        row["hotspot_class"],
        observed=float(row["observed"]),
        theme=float(row["tested_count"]),
        expected=float(row["expected"]),
        expected_of_reports=float(row["expected_of_reports"]),
        drawn=float(row["report_count"]),
        p_rate=float(row["p_rate"]),
        p_share=float(row["p_share"]),
        cut_off_rate=float(row["p_cutoff_rate"]),
        cut_off_share=float(row["p_cutoff_share"]),
    )


def hotspot_events(release: Release, hotspot_id: str) -> pd.DataFrame:
    """Return the events that may lie in the hotspot, latest first: those sure to, before those that may not.

    One row an event: share (of the draws), verification_of_event, severity_of_event, record_count, and all
    columns of the incident record that speaks for it, its place_key and its site_name (missing for none).
    """
    return answer(
        release,
        f"""
        SELECT h.event_id, h.share, e.verification AS verification_of_event,
               e.severity AS severity_of_event, e.record_count, {PLACE_KEY} AS place_key,
               s.name AS site_name, i.*
        FROM hotspot_events h JOIN events e USING (event_id)
        JOIN event_records r ON r.event_id = h.event_id AND r.role = 'best'
        JOIN incidents i ON i.incident_id = r.incident_id LEFT JOIN sites s ON s.site_id = i.site_id
        WHERE h.hotspot_id = $id ORDER BY h.share < 0.5, i.date_start DESC, i.incident_id
        """,
        {"id": hotspot_id},
    )


def hotspot_quarters(release: Release, hotspot_id: str) -> pd.DataFrame:
    """Return the hotspot's quarters in their order: events, all_events, visits, sources, absence."""
    return answer(
        release,
        "SELECT * FROM hotspot_quarters WHERE hotspot_id = $id ORDER BY quarter_start",
        {"id": hotspot_id},
    )


def theme_tests(release: Release, category: Codes = ()) -> pd.DataFrame:
    """Return the tests by category: the columns of the table, outline_count, and why events were not tested.

    vague_count: known to a province at best; no_workers_count: near no place with known workers. Both
    missing for none.
    """
    return answer(
        release,
        f"""
        WITH each AS (
            SELECT unnest(string_split(categories, '; ')) AS category, place_precision
            FROM events WHERE is_in_window AND tested_as = 'not_tested'),
        untested AS (
            SELECT category, count(*) FILTER (place_precision IN ('province', 'none')) AS vague,
                   count(*) FILTER (place_precision NOT IN ('province', 'none')) AS no_workers
            FROM each GROUP BY category)
        SELECT t.*, nullif(u.vague, 0) AS vague_count, nullif(u.no_workers, 0) AS no_workers_count,
               (SELECT count(*) FROM hotspots h WHERE h.category = t.category) AS outline_count
        FROM theme_tests t LEFT JOIN untested u USING (category)
        WHERE {_CHOSEN.format(column="t.category")} ORDER BY t.category
        """,
        _bound(category),
    )


def cells(release: Release, category: Codes = ()) -> pd.DataFrame:
    """Return one row a cell that was tested or has a located event in the window, by id.

    Columns: cell (H3), report_count (events of the chosen categories placed in it; missing for none),
    workers_exposed, test_count (chosen categories tested in it), enough_count (of these with enough
    information), no_excess_count (of these without an excess); missing where no test was made, for want
    of known workers.
    """
    return answer(
        release,
        f"""
        WITH tested AS (
            SELECT unit_id AS cell, max(workers_exposed) AS workers_exposed, count(*) AS test_count,
                   count(*) FILTER (unit_class <> 'too_little') AS enough_count,
                   count(*) FILTER (unit_class = 'no_excess') AS no_excess_count
            FROM risk_measures
            WHERE grain = 'cell' AND unit_class IS NOT NULL AND {_CHOSEN.format(column="category")}
            GROUP BY unit_id)
        SELECT cell, l.report_count, t.workers_exposed, t.test_count, t.enough_count, t.no_excess_count
        FROM tested t FULL JOIN ({_LOCATED}) l USING (cell) ORDER BY cell
        """,
        _bound(category),
    )


_LOCATED: Final = f"""
    SELECT cell, count(DISTINCT event_id) AS report_count
    FROM (SELECT event_id, cell, unnest(string_split(categories, '; ')) AS one
          FROM events WHERE is_in_window AND cell IS NOT NULL)
    WHERE {_CHOSEN.format(column="one")} GROUP BY cell
"""


def report_totals(release: Release, category: Codes = ()) -> pd.DataFrame:
    """Return one row: event_count, events of the chosen categories in the window; vague_count, in no cell."""
    return answer(
        release,
        f"""
        SELECT count(DISTINCT event_id) AS event_count,
               count(DISTINCT event_id) FILTER (cell IS NULL) AS vague_count
        FROM (SELECT event_id, cell, unnest(string_split(categories, '; ')) AS one
              FROM events WHERE is_in_window)
        WHERE {_CHOSEN.format(column="one")}
        """,
        _bound(category),
    )


def top_cells(release: Release, category: Codes = ()) -> pd.DataFrame:
    """Return one row: how many of the cells with most reports lie in an outline of a chosen category.

    Columns: cell_count, worker_count (confirmed or reported), share_count (confirmed or distinctive),
    both_count (confirmed). At most `TOP_CELLS`: cells with equally many reports come in together or not
    at all, so there may be fewer, or none.
    """
    return answer(
        release,
        f"""
        WITH ranked AS (
            SELECT cell, count(*) OVER (ORDER BY report_count DESC) AS up_to FROM ({_LOCATED})),
        inside AS (
            SELECT unnest(string_split(cells, '; ')) AS cell, hotspot_class FROM hotspots
            WHERE {_CHOSEN.format(column="category")}),
        classed AS (
            SELECT r.cell, list(i.hotspot_class) AS classes
            FROM ranked r LEFT JOIN inside i USING (cell) WHERE r.up_to <= $most GROUP BY r.cell)
        SELECT count(*) AS cell_count,
               count(*) FILTER (list_has_any(classes, ['confirmed', 'reported'])) AS worker_count,
               count(*) FILTER (list_has_any(classes, ['confirmed', 'distinctive'])) AS share_count,
               count(*) FILTER (list_contains(classes, 'confirmed')) AS both_count
        FROM classed
        """,
        _bound(category) | {"most": TOP_CELLS},
    )


def coverage_cells(release: Release) -> pd.DataFrame:
    """Return who looked in each cell over the window, by cell: the columns of `coverage`, unit_id as cell."""
    return answer(
        release,
        "SELECT unit_id AS cell, * EXCLUDE (grain, unit_id) FROM coverage WHERE grain = 'cell' ORDER BY unit_id",
    )


# How each column of a wider cell follows from those of the cells in it.
_JOINED: Final = {
    "report_count": "sum",
    "workers_exposed": "sum",
    "test_count": "sum",
    "enough_count": "sum",
    "no_excess_count": "sum",
    "site_count": "sum",
    "visits": "sum",
    "events": "sum",
    "last_visit_on": "max",
    "last_event_on": "max",
    "weeks_without_signal": "min",
}


def fitting(rows: pd.DataFrame, most: int = MOST_CELLS) -> pd.DataFrame:
    """Return `rows` of cells as they are, or joined to wider cells where they are more than `most`.

    Counts are summed, and missing where they are missing in all; of dates the latest stands. What cannot be
    joined (groups of sources, reasons for an absence) is left out.
    """
    wide = rows
    while len(wide) > most and h3.get_resolution(wide["cell"].iloc[0]) > 0:
        parent = wide["cell"].map(h3.cell_to_parent)
        groups = wide.groupby(parent)
        columns = {
            name: groups[name].sum(min_count=1) if how == "sum" else groups[name].agg(how)
            for name, how in _JOINED.items()
            if name in wide
        }
        wide = pd.DataFrame(columns).rename_axis("cell").reset_index()
    return wide


def _bound(category: Codes) -> dict[str, Any]:
    return {"category": list(category) or None}
