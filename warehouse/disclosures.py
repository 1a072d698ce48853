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
    """Return one row a territory, by name: unit_id, name, kind, province, site_count (rounded down), state."""
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
