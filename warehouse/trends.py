"""What is changing: hotspots and areas by stretches of three months, with who looked beside them.

A quarter here is a stretch of three months; the last of them ends on the release's day. In a quarter in
which nothing was reported the number is missing, and `absence` says why.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from risk.method import METHOD
from risk.trends import adjusted, trends
from risk.vocabulary import ALL_CATEGORIES
from warehouse.areas import HAS_VISITS, NAMED
from warehouse.asking import answer
from warehouse.release import Release

_AREA_COLUMNS: Final = ("trend_class", "p", "rate_ratio_per_year", "effort_change_pct", "has_arrow")
# Where visits of a quarter looked for a category and none of them found any, as `pipelines.measuring.rating`
# has it for the whole window; all categories: whatever they looked for.
_CLEAR: Final = f"""
    stretches AS (SELECT unnest($starts::TIMESTAMP[]) AS quarter_start, unnest($ends::TIMESTAMP[]) AS quarter_end),
    clear AS (
        SELECT CASE $grain WHEN 'territory' THEN s.territory_pcode ELSE s.province_pcode END AS unit_id,
               k.category, q.quarter_start
        FROM observations o JOIN site_visits v USING (visit_id) JOIN sites s USING (site_id)
        JOIN stretches q ON v.visited_on BETWEEN q.quarter_start AND q.quarter_end
        CROSS JOIN (SELECT unnest([o.category, '{ALL_CATEGORIES}']) AS category) k
        GROUP BY ALL HAVING count(o.severity) = 0)"""


def quarters(release: Release) -> pd.DataFrame:
    """Return the window's quarters in order: quarter_start and quarter_end, both days included."""
    end = pd.Timestamp(release.as_of)
    day = pd.Timedelta(days=1)
    starts = [end + day - pd.DateOffset(months=3 * back) for back in range(METHOD.trend_quarters, 0, -1)]
    return pd.DataFrame(
        {"quarter_start": starts, "quarter_end": [*(start - day for start in starts[1:]), end]}
    )


def trend_chances(release: Release) -> pd.Series:
    """Return p_adjusted of the trend of each hotspot, by hotspot_id: over all hotspots tested, missing where not."""
    rows = answer(release, "SELECT hotspot_id, trend_p FROM hotspots ORDER BY hotspot_id")
    tested = np.asarray(rows["trend_p"].astype("Float64").fillna(np.nan), dtype=np.float64)
    return pd.Series(adjusted(tested), index=rows["hotspot_id"])


def hotspot_changes(release: Release, category: str = ALL_CATEGORIES) -> pd.DataFrame:
    """Return one row a hotspot of `category` (ALL: of any), by category, place and id.

    Columns: unit_id, category, hotspot_class, place (names of its territories), observed, event_count,
    source_count, grade, trend_class, trend_p, p_adjusted (over all hotspots tested), rate_change_pct (a year),
    effort_change_pct, has_arrow, last_event_on.
    """
    rows = answer(
        release,
        """
        SELECT h.hotspot_id AS unit_id, h.category, h.hotspot_class,
               (SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM territories t
                WHERE list_contains(string_split(h.territory_pcodes, '; '), t.territory_pcode)) AS place,
               h.observed, h.event_count, h.source_count, h.grade, h.trend_class, h.trend_p,
               h.rate_change_pct, h.effort_change_pct, h.has_arrow,
               (SELECT max(e.date_end) FROM hotspot_events l JOIN events e USING (event_id)
                WHERE l.hotspot_id = h.hotspot_id) AS last_event_on
        FROM hotspots h ORDER BY h.category, place, h.hotspot_id
        """,
    )
    rows = rows.assign(p_adjusted=rows["unit_id"].map(trend_chances(release)))
    return rows[rows["category"].eq(category) | (category == ALL_CATEGORIES)].reset_index(drop=True)


def hotspot_quarters(release: Release) -> pd.DataFrame:
    """Return the table `hotspot_quarters` with its hotspot as unit_id and quarter_end, in order."""
    rows = answer(
        release,
        "SELECT hotspot_id AS unit_id, * EXCLUDE (hotspot_id) FROM hotspot_quarters ORDER BY unit_id, quarter_start",
    )
    return rows.merge(_dated(release), on="quarter_start", how="left")


def area_changes(release: Release, grain: str, category: str = ALL_CATEGORIES) -> pd.DataFrame:
    """Return one row an area of `grain` and how its part of the reports of `category` changes, by name.

    The test is `risk.trends.trends`, over all areas of the grain and all categories as one family: is the
    area's part of the category growing or shrinking? An area is not new or persistent: it is no
    outline that passes or not. Columns: unit_id, name, kind, province, category, observed, grade, and those of
    `hotspot_changes` on the change.
    """
    series = _series(release, grain)
    found = pd.DataFrame(columns=["hotspot_id", *_AREA_COLUMNS])
    if not series.empty:
        totals = series.groupby(["category", "quarter"], as_index=False).agg(events=("told", "sum"))
        passes = ["passes_recent", "passes_before", "passes_first_half", "passes_second_half"]
        unknown = pd.DataFrame({"hotspot_id": series["hotspot_id"].unique(), **dict.fromkeys(passes)})
        windows = series[["hotspot_id", "category", "quarter", "observed"]]
        effort = series[["hotspot_id", "quarter", "visits", "sources"]]
        found = trends(windows, totals, effort, unknown)[["hotspot_id", *_AREA_COLUMNS]]
    rows = _areas(release, grain, category)
    rows = rows.merge(
        found.assign(hotspot_id=found["hotspot_id"].astype("string")), on="hotspot_id", how="left"
    )
    return rows.assign(
        trend_class=rows["trend_class"].astype("string").fillna("not_enough"),
        rate_change_pct=(100 * (rows["rate_ratio_per_year"].astype("Float64") - 1)),
        effort_change_pct=rows["effort_change_pct"].astype("Float64"),
        has_arrow=rows["has_arrow"].astype("boolean").fillna(False),
    ).drop(columns=["hotspot_id", "rate_ratio_per_year"])


def area_quarters(release: Release, grain: str, category: str = ALL_CATEGORIES) -> pd.DataFrame:
    """Return one row an area of `grain` and quarter: events of `category`, visits, sources, absence.

    Columns: unit_id, quarter_start, quarter_end, events, visits, sources (missing for none), absence.
    """
    rows = _grid(release, grain)
    rows = rows[rows["category"] == category].drop(columns=["category", "is_open_to_reports"])
    return rows.merge(_dated(release), on="quarter_start", how="left").reset_index(drop=True)


def _dated(release: Release) -> pd.DataFrame:
    return quarters(release).astype({"quarter_start": "datetime64[ns]", "quarter_end": "datetime64[ns]"})


def _areas(release: Release, grain: str, category: str) -> pd.DataFrame:
    return answer(
        release,
        f"""
        WITH {NAMED}
        SELECT n.unit_id, n.name, n.kind, n.province, $category AS category, m.events AS observed,
               coalesce(m.grade, 'D') AS grade, m.source_count, c.last_event_on, c.last_visit_on,
               n.unit_id || '|' || $category AS hotspot_id
        FROM named n
        LEFT JOIN risk_measures m ON (m.grain, m.unit_id, m.category) = (n.grain, n.unit_id, $category)
        LEFT JOIN coverage c ON (c.grain, c.unit_id) = (n.grain, n.unit_id)
        WHERE n.grain = $grain ORDER BY n.name, n.kind, n.unit_id
        """,
        {"grain": grain, "category": category},
    )


def _grid(release: Release, grain: str) -> pd.DataFrame:
    """Return one row an area, category and quarter, also where nothing is known of it.

    `is_open_to_reports`: somebody visited, or reported something of whatever category.
    """
    days = quarters(release)
    starts, ends = ([day.to_pydatetime() for day in days[f"quarter_{end}"]] for end in ("start", "end"))
    bound: dict[str, Any] = {"grain": grain, "starts": starts, "ends": ends}
    return release.query(
        f"""
        WITH {NAMED}, categories AS (SELECT DISTINCT category FROM risk_measures WHERE grain = $grain), {_CLEAR}
        SELECT n.unit_id, k.category, q.quarter_start::DATE AS quarter_start, r.events, l.visits, l.sources,
               c.absence IS DISTINCT FROM 'failed_to_load' AND (l.visits IS NOT NULL OR l.events IS NOT NULL)
                   AS is_open_to_reports,
               CASE WHEN r.events IS NOT NULL THEN NULL
                    WHEN c.absence = 'failed_to_load' THEN 'failed_to_load'
                    WHEN d.unit_id IS NOT NULL THEN 'none_found'
                    WHEN l.visits IS NOT NULL OR l.events IS NOT NULL THEN 'not_reported'
                    WHEN NOT {HAS_VISITS} THEN 'failed_to_load'
                    WHEN c.site_count IS NOT NULL THEN 'not_visited'
                    ELSE 'not_reported' END AS absence
        FROM named n CROSS JOIN categories k CROSS JOIN stretches q
        LEFT JOIN risk_quarters r ON (r.grain, r.unit_id, r.category, r.quarter_start)
                                   = (n.grain, n.unit_id, k.category, q.quarter_start)
        LEFT JOIN clear d ON (d.unit_id, d.category, d.quarter_start) = (n.unit_id, k.category, q.quarter_start)
        LEFT JOIN coverage_quarters l ON (l.grain, l.unit_id, l.quarter_start) = (n.grain, n.unit_id, q.quarter_start)
        LEFT JOIN coverage c ON (c.grain, c.unit_id) = (n.grain, n.unit_id)
        WHERE n.grain = $grain ORDER BY n.unit_id, k.category, q.quarter_start
        """,
        bound,
    )


def _series(release: Release, grain: str) -> pd.DataFrame:
    """Return the grid as `risk.trends` takes it: missing where nobody visited and nothing at all was reported.

    Where somebody visited, or something else was reported, a report was possible: its count is 0 for the test,
    though the word shown stays that nothing was reported.
    """
    grid = _grid(release, grain)
    has_visits = bool(answer(release, f"SELECT {HAS_VISITS} AS has_visits").loc[0, "has_visits"])
    told = grid["events"].astype("Float64")
    can_count = told.notna() | grid["is_open_to_reports"].astype("boolean")
    visits = grid["visits"].astype("Float64").fillna(0.0) if has_visits else pd.NA
    return pd.DataFrame(
        {
            "hotspot_id": grid["unit_id"] + "|" + grid["category"],
            "category": grid["category"],
            "quarter": grid["quarter_start"],
            "observed": told.fillna(0.0).where(can_count).astype(float),
            "told": told.fillna(0.0).astype(float),
            "visits": visits,
            "sources": grid["sources"].astype("Float64").fillna(0.0).astype(float),
        }
    )
