"""Territories and provinces side by side: three numbers of each, their outlines, their rates.

What is graded too weak to be shown is missing here, so that no page can print it by mistake.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from risk.method import METHOD
from warehouse.asking import answer
from warehouse.release import Release

# What a map a third of a screen wide can show; of neighbours the shared border stays one line.
_TOLERANCE_DEG: Final = 0.03

# The provinces are those of the edition's own territories: of the others nothing is on record.
NAMED: Final = """
    named AS (
        SELECT 'territory' AS grain, t.territory_pcode AS unit_id, t.name, t.kind, p.name AS province, t.geometry
        FROM territories t LEFT JOIN provinces p USING (province_pcode)
        UNION ALL
        SELECT 'province', p.province_pcode, p.name, 'province', NULL, p.geometry FROM provinces p
        WHERE p.province_pcode IN (SELECT province_pcode FROM territories))
"""
# Nobody can say that nobody looked where the files on visits could not be read.
HAS_VISITS: Final = """(SELECT coalesce(sum(rows_taken), 0) > 0 FROM loads
    WHERE table_name IN ('site_visits', 'site_records'))"""

# Of ground that nobody visited reports alone give no band: it would read as low.
_HAS_BAND: Final = (
    f"(a.band <> 'insufficient' AND NOT ({HAS_VISITS} AND coalesce(a.assessed_workers_pct = 0, false)))"
)


def area_scores(release: Release, grain: str) -> pd.DataFrame:
    """Return one row an area of `grain` (territory or province), by name.

    Columns: unit_id, name, kind, province (missing for provinces), those of the table `area_scores`,
    immediate_absence (why there is no immediate finding: nobody visited, or noted what was looked for), and
    sites_visited, visits, sources, last_visit_on, last_event_on of the table `coverage`. Mean and burden
    are missing, and the band is 'insufficient', where the grade is too weak for a band and where no site was
    visited in the last 18 months; coverage is missing where visits failed to load.
    """
    return answer(
        release,
        f"""
        WITH {NAMED}
        SELECT unit_id, n.name, n.kind, n.province, a.site_count, a.scored_site_count, a.workers_exposed,
               {_strong("mean_score")}, {_strong("mean_score_low")}, {_strong("mean_score_high")},
               {_strong("burden_workers")}, {_strong("burden_workers_low")}, {_strong("burden_workers_high")},
               CASE WHEN {HAS_VISITS} THEN a.assessed_workers_pct END AS assessed_workers_pct,
               a.immediate_count,
               CASE WHEN a.immediate_count IS NOT NULL THEN NULL
                    WHEN NOT {HAS_VISITS} THEN 'failed_to_load'
                    WHEN c.visits IS NULL THEN 'not_visited'
                    WHEN EXISTS (SELECT 1 FROM sites s JOIN site_visits v USING (site_id)
                                 JOIN observations USING (visit_id)
                                 WHERE a.unit_id IN (s.territory_pcode, s.province_pcode)) THEN 'none_found'
                    ELSE 'not_reported' END AS immediate_absence,
               CASE WHEN {_HAS_BAND} THEN a.band ELSE 'insufficient' END AS band, a.grade, a.held_down_by, a.absence,
               c.sites_visited, c.visits, c.sources, c.last_visit_on, c.last_event_on
        FROM area_scores a JOIN named n USING (grain, unit_id) LEFT JOIN coverage c USING (grain, unit_id)
        WHERE grain = $grain ORDER BY n.name, n.kind, unit_id
        """,
        {"grain": grain},
    )


def _strong(name: str) -> str:
    return f"CASE WHEN {_HAS_BAND} THEN a.{name} END AS {name}"


def area_rates(release: Release, grain: str, category: str) -> pd.DataFrame:
    """Return one row an area of `grain` with its rate in `category` (or ALL), by name.

    Columns: unit_id, name, kind, province, events, absence, workers_exposed, expected, rr, rr_low, rr_high,
    source_count, located_pct, grade, last_event_on (of any category), and ratio_state: 'shown', or why
    the ratio is missing: 'no_reports', 'too_few', 'weak' (grade D), 'no_workers', 'pooled' (areas differ
    by no more than chance).
    """
    return answer(
        release,
        f"""
        WITH {NAMED}, rated AS (
            SELECT m.*, n.name, n.kind, n.province, c.last_event_on,
                   CASE WHEN m.events IS NULL THEN 'no_reports'
                        WHEN m.workers_exposed IS NULL THEN 'no_workers'
                        WHEN m.events < $least THEN 'too_few'
                        WHEN m.grade = 'D' THEN 'weak'
                        WHEN m.rr IS NULL OR m.rr_low IS NULL THEN 'pooled'
                        ELSE 'shown' END AS ratio_state
            FROM risk_measures m JOIN named n USING (grain, unit_id) LEFT JOIN coverage c USING (grain, unit_id)
            WHERE grain = $grain AND m.category = $category)
        SELECT unit_id, name, kind, province, events, absence, workers_exposed, expected,
               CASE WHEN ratio_state = 'shown' THEN rr END AS rr,
               CASE WHEN ratio_state = 'shown' THEN rr_low END AS rr_low,
               CASE WHEN ratio_state = 'shown' THEN rr_high END AS rr_high,
               source_count, located_pct, grade, last_event_on, ratio_state
        FROM rated ORDER BY name, kind, unit_id
        """,
        {"grain": grain, "category": category, "least": METHOD.min_reports},
    )


def unplaced_reports(release: Release, grain: str, category: str) -> pd.DataFrame:
    """Return one row: event_count, events of `category` (or ALL) in the window, and unplaced_count.

    unplaced_count are those whose place is too vague for an area of `grain`: no area counts them.
    """
    return answer(
        release,
        """
        SELECT count(*) AS event_count,
               count(*) FILTER (
                   CASE $grain WHEN 'territory' THEN territory_pcode ELSE province_pcode END IS NULL
               ) AS unplaced_count
        FROM events
        WHERE is_in_window AND ($category = 'ALL' OR list_contains(string_split(categories, '; '), $category))
        """,
        {"grain": grain, "category": category},
    )


def area_outlines(release: Release, grain: str) -> pd.DataFrame:
    """Return one row an area of `grain`: unit_id, outline (simplified GeoJSON text), lon and lat of its middle."""
    rows = answer(
        release,
        f"WITH {NAMED} SELECT unit_id, geometry FROM named WHERE grain = $grain ORDER BY unit_id",
        {"grain": grain},
    )
    shapes = np.array([shapely.from_wkb(bytes(wkb)) for wkb in rows["geometry"]], dtype=object)
    middle = shapely.point_on_surface(shapes)
    outlines: list[Any] = shapely.to_geojson(shapely.coverage_simplify(shapes, _TOLERANCE_DEG)).tolist()
    return rows[["unit_id"]].assign(
        outline=pd.array(outlines, dtype="string"), lon=shapely.get_x(middle), lat=shapely.get_y(middle)
    )
