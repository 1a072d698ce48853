"""What is told of records that are not public: counts on fixed partitions, and how many research records."""

from __future__ import annotations

import pandas as pd

from warehouse.areas import NAMED
from warehouse.asking import answer
from warehouse.release import Release


def has_unpublished(release: Release) -> bool:
    """Return whether the file tells anything of unpublished records."""
    return bool(answer(release, "SELECT count(*) > 0 AS has FROM disclosed_counts")["has"].iloc[0])


def disclosed_counts(release: Release, grain: str, category: str, period_kind: str) -> pd.DataFrame:
    """Return one row an area of `grain` (all, province, territory) and period, by name and period.

    Columns: unit_id, name (missing for all), period, record_count, at_least, state. `category` is a code or
    one of the groups ALL, CRITICAL, NON_CRITICAL; `period_kind` year, quarter or all.
    """
    return answer(
        release,
        f"""
        WITH {NAMED}
        SELECT d.area_pcode AS unit_id, n.name, n.kind, n.province, d.period, d.record_count, d.at_least, d.state
        FROM disclosed_counts d LEFT JOIN named n ON n.unit_id = d.area_pcode AND n.grain = d.area_level
        WHERE d.area_level = $grain AND d.category = $category AND d.period_kind = $period_kind
        ORDER BY n.name, d.area_pcode, d.period
        """,
        {"grain": grain, "category": category, "period_kind": period_kind},
    )


def disclosed_sites(release: Release) -> pd.DataFrame:
    """Return one row a territory, by name: unit_id, name, kind, province, site_count, state."""
    return answer(
        release,
        f"""
        WITH {NAMED}
        SELECT n.unit_id, n.name, n.kind, n.province, d.site_count, d.state
        FROM disclosed_sites d JOIN named n ON n.unit_id = d.territory_pcode AND n.grain = 'territory'
        ORDER BY n.name, n.unit_id
        """,
    )


def research_records(release: Release) -> pd.DataFrame:
    """Return every research record, by its id."""
    return answer(release, "SELECT * FROM research_records ORDER BY record_id")


def release_report(release: Release) -> pd.DataFrame:
    """Return the release report: audience, table_name, outcome, row_count; no row below staff."""
    return answer(release, "SELECT * FROM release_report ORDER BY audience, table_name, outcome")


def disclosed_results(release: Release, grain: str) -> pd.DataFrame:
    """Return what unpublished assessments found, one row an area of `grain`, year, framework and section.

    grain: territory or province. Columns: unit_id, name, kind, province, year, title_en, title_fr, section_en,
    section_fr, answers, met, partial, not_met; by name, year, framework and place of the section.
    """
    table, code = {
        "territory": ("disclosed_sections", "territory_pcode"),
        "province": ("disclosed_province_sections", "province_pcode"),
    }[grain]
    return answer(
        release,
        f"""
        WITH {NAMED}, sections AS (
          SELECT framework_id, section, any_value(section_en) AS section_en,
                 any_value(section_fr) AS section_fr, min(position) AS place FROM criteria GROUP BY ALL)
        SELECT n.unit_id, n.name, n.kind, n.province, d.year, f.title_en, f.title_fr, s.section_en, s.section_fr,
               d.answers, d.met, d.partial, d.not_met
        FROM {table} d JOIN named n ON n.unit_id = d.{code} AND n.grain = $grain
        LEFT JOIN frameworks f USING (framework_id) LEFT JOIN sections s USING (framework_id, section)
        ORDER BY n.name, n.unit_id, d.year DESC, d.framework_id, s.place
        """,
        {"grain": grain},
    )


def disclosed_criteria(release: Release) -> pd.DataFrame:
    """Return what unpublished assessments found, one row a territory, year and criterion.

    Columns as of `disclosed_results`, with criterion_id, text_en, text_fr, and assessments in place of answers.
    """
    return answer(
        release,
        f"""
        WITH {NAMED}
        SELECT n.unit_id, n.name, n.kind, n.province, d.year, f.title_en, f.title_fr, d.criterion_id, c.text_en,
               c.text_fr, d.assessments, d.met, d.partial, d.not_met
        FROM disclosed_criteria d JOIN named n ON n.unit_id = d.territory_pcode AND n.grain = 'territory'
        LEFT JOIN frameworks f USING (framework_id) LEFT JOIN criteria c USING (framework_id, criterion_id)
        ORDER BY n.name, n.unit_id, d.year DESC, d.framework_id, c.position
        """,
    )


def disclosed_actions(release: Release, grain: str) -> pd.DataFrame:
    """Return one row an area of `grain` (territory, or all) and year: unit_id, name, kind, year, started, resolved, mean_days.

    started and resolved are missing where too few may be told, or none.
    """
    table, code = (
        ("disclosed_actions", "territory_pcode")
        if grain == "territory"
        else ("disclosed_action_totals", "'ALL'")
    )
    return answer(
        release,
        f"""
        WITH {NAMED}, years AS (
          SELECT {code} AS unit_id, year, any_value(action_count) FILTER (WHERE kind = 'started') AS started,
                 any_value(action_count) FILTER (WHERE kind = 'resolved') AS resolved,
                 any_value(mean_days) FILTER (WHERE kind = 'resolved') AS mean_days
          FROM {table} GROUP BY ALL)
        SELECT y.unit_id, n.name, n.kind, y.year, y.started, y.resolved, y.mean_days
        FROM years y LEFT JOIN named n ON n.unit_id = y.unit_id AND n.grain = 'territory'
        ORDER BY n.name, y.unit_id, y.year DESC
        """,
    )


def disclosed_grievances(release: Release, *, by_category: bool) -> pd.DataFrame:
    """Return how many unpublished grievances were received, one row a year (and group of categories), latest first."""
    columns, table = (
        ("year, category", "disclosed_grievances") if by_category else ("year", "disclosed_grievance_totals")
    )
    return answer(release, f"SELECT {columns}, grievance_count FROM {table} ORDER BY year DESC, {columns}")
