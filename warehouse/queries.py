"""Everything a page may ask of an opened release about the map and its filters.

Each function takes the release first, so that it cannot read beside it, then the reader's filters as
keywords; an absent or empty filter means all. Parameters are bound, never written into the SQL. Each
returns one frame. An unknown filter name raises TypeError.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pandas as pd
import shapely

from warehouse.asking import CHOSEN_INCIDENTS, CHOSEN_SITES, PLACE_KEY, answer, ask
from warehouse.release import Release

# A table of more rows helps nobody and takes a browser minutes: the filters reach the others.
LISTED: Final = 2_000


def filter_options(release: Release) -> pd.DataFrame:
    """Return one row a filter value: filter, code, label, count of records in the whole release.

    Counts are incidents, except for `site_province` and `mineral`, which count sites, and
    `permit_type`, which counts titles.
    """
    return answer(
        release,
        """
        SELECT 'province' AS filter, coalesce(province, province_reported) AS code, code AS label,
               count(*) AS count FROM incidents GROUP BY ALL
        UNION ALL SELECT 'territory', territory_pcode, any_value(territory), count(*) FROM incidents
            WHERE territory_pcode IS NOT NULL GROUP BY territory_pcode
        UNION ALL SELECT 'category', category, category, count(*) FROM incident_categories GROUP BY category
        UNION ALL SELECT 'severity', severity::VARCHAR, severity::VARCHAR, count(*) FROM incidents GROUP BY severity
        UNION ALL SELECT 'verification', verification, verification, count(*) FROM incidents GROUP BY verification
        UNION ALL SELECT 'record_kind', record_kind, record_kind, count(*) FROM incidents GROUP BY record_kind
        UNION ALL SELECT 'place_precision', place_precision, place_precision, count(*) FROM incidents
            GROUP BY place_precision
        UNION ALL SELECT 'mineral', mineral, mineral, count(*) FROM (
            SELECT unnest(string_split(minerals, '; ')) AS mineral FROM sites) GROUP BY mineral
        UNION ALL SELECT 'site_province', coalesce(province, province_reported), 'site', count(*) FROM sites
            GROUP BY ALL
        UNION ALL SELECT 'permit_type', permit_type, permit_type, count(*) FROM concessions GROUP BY permit_type
        ORDER BY 1, 3
        """,
    )


def territory_options(release: Release) -> pd.DataFrame:
    """Return one row a territory with incidents or sites: territory_pcode, territory, kind, province, counts."""
    return answer(
        release,
        """
        SELECT t.territory_pcode, t.name AS territory, t.kind, p.name AS province,
               (SELECT count(*) FROM incidents i WHERE i.territory_pcode = t.territory_pcode) AS incident_count,
               (SELECT count(*) FROM sites s WHERE s.territory_pcode = t.territory_pcode) AS site_count
        FROM territories t JOIN provinces p USING (province_pcode) ORDER BY t.name, t.kind
        """,
    )


def towns(release: Release) -> pd.DataFrame:
    """Return the cities and towns of the gazetteer with a position of their own: name, lon, lat, is_city."""
    return answer(
        release,
        """SELECT name, lon, lat, kind_reported = 'city' AS is_city FROM places
           WHERE kind_reported IN ('city', 'town') AND NOT position_is_proxy AND lon IS NOT NULL ORDER BY name""",
    )


def period(release: Release) -> tuple[date, date] | None:
    """Return the first and last day of the intervals in which incidents happened; None where there is none."""
    row = answer(release, "SELECT min(date_start) AS first, max(date_end) AS last FROM incidents").iloc[0]
    return None if pd.isna(row["first"]) else (row["first"].date(), row["last"].date())


def incident_totals(release: Release, **filters: Any) -> pd.DataFrame:
    """Return one row: incidents chosen, of all; those without a position; places; deaths low, best, high.

    Deaths are summed over records that count in the toll only; a low or high figure that nobody
    published is taken from the best figure of the same record.
    """
    return ask(
        release,
        f"""
        SELECT count(*) AS incident_count,
               (SELECT count(*) FROM incidents) AS incident_count_all,
               count(*) FILTER (i.lon IS NULL) AS unplaced_count,
               count(DISTINCT {PLACE_KEY}) FILTER (i.lon IS NOT NULL) AS place_count,
               sum(i.killed_best) FILTER (i.counts_in_toll) AS killed_best,
               sum(coalesce(i.killed_low, i.killed_best)) FILTER (i.counts_in_toll) AS killed_low,
               sum(coalesce(i.killed_high, i.killed_best)) FILTER (i.counts_in_toll) AS killed_high,
               count(*) FILTER (i.counts_in_toll) AS toll_record_count,
               count(*) FILTER (i.verification IN ('unverified', 'single_source')) AS weak_count
        FROM incidents i WHERE {CHOSEN_INCIDENTS}
        """,
        filters,
    )


def incident_places(release: Release, **filters: Any) -> pd.DataFrame:
    """Return one row a place and precision, as `layers.incidents.draw` takes it.

    Columns: place_key, place_name, lon, lat (degrees), place_precision, extent_kind, extent_radius_m,
    outline (GeoJSON text or missing), incident_count, severity_max, categories ('; '-separated primary
    codes). Incidents without a position are left out: `incidents` lists them.
    """
    places = ask(
        release,
        f"""
        SELECT {PLACE_KEY} AS place_key, min(coalesce(i.place_name, i.territory)) AS place_name,
               any_value(i.lon) AS lon, any_value(i.lat) AS lat, i.place_precision, i.extent_kind,
               any_value(i.extent_radius_m) AS extent_radius_m,
               any_value(coalesce(c.geometry, t.geometry)) AS geometry,
               count(*) AS incident_count, max(i.severity) AS severity_max,
               string_agg(DISTINCT i.category, '; ' ORDER BY i.category) AS categories
        FROM incidents i
        LEFT JOIN concessions c ON i.extent_kind = 'concession' AND c.concession_id = i.extent_concession_id
        LEFT JOIN territories t ON i.extent_kind = 'territory' AND t.territory_pcode = i.territory_pcode
        WHERE i.lon IS NOT NULL AND {CHOSEN_INCIDENTS}
        GROUP BY place_key, i.place_precision, i.extent_kind ORDER BY incident_count DESC, place_key
        """,
        filters,
    )
    return with_outline(places)


def with_outline(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with the WKB column `geometry` turned into GeoJSON text in `outline`."""
    outlines = [
        shapely.to_geojson(shapely.from_wkb(bytes(wkb))) if isinstance(wkb, bytes | bytearray) else None
        for wkb in rows["geometry"]
    ]
    return rows.drop(columns="geometry").assign(outline=pd.array(outlines, dtype=object))


def incidents(release: Release, **filters: Any) -> pd.DataFrame:
    """Return the chosen incidents, latest first, one row an event, with the publisher of the first source.

    Of more than `LISTED` the latest are returned; `incident_totals` counts them all.
    """
    return _listed_incidents(release, "true", filters)


def unplaced_incidents(release: Release, **filters: Any) -> pd.DataFrame:
    """Return those of the chosen incidents that have no position, as `incidents` does."""
    return _listed_incidents(release, "i.lon IS NULL", filters)


def _listed_incidents(release: Release, condition: str, filters: dict[str, Any]) -> pd.DataFrame:
    return ask(
        release,
        f"""
        WITH chosen AS (
            SELECT * FROM incidents i WHERE {condition} AND {CHOSEN_INCIDENTS}
            ORDER BY i.date_start DESC, i.incident_id LIMIT {LISTED})
        SELECT i.*, coalesce(i.province, i.province_reported) AS province_shown, {PLACE_KEY} AS place_key,
               s.name AS site_name, cite.publisher AS source_publisher, cite.url AS source_url
        FROM chosen i
        LEFT JOIN sites s USING (site_id)
        LEFT JOIN citations cite ON cite.table_name = 'incidents' AND cite.record_id = i.incident_id AND cite.rank = 1
        ORDER BY i.date_start DESC, i.incident_id
        """,
        filters,
    )


def incident_quarters(release: Release, **filters: Any) -> pd.DataFrame:
    """Return one row a quarter and severity: quarter_start, severity, incident_count.

    An incident counts in the quarter in which its interval starts; records dated to a year only are
    left out and counted by `year_only_count`.
    """
    return ask(
        release,
        f"""
        SELECT date_trunc('quarter', i.date_start)::TIMESTAMP AS quarter_start, i.severity,
               count(*) AS incident_count
        FROM incidents i WHERE i.date_precision <> 'year' AND {CHOSEN_INCIDENTS}
        GROUP BY ALL ORDER BY ALL
        """,
        filters,
    )


def year_only_count(release: Release, **filters: Any) -> int:
    """Return how many chosen incidents are dated to a year only."""
    rows = ask(
        release,
        f"SELECT count(*) AS n FROM incidents i WHERE i.date_precision = 'year' AND {CHOSEN_INCIDENTS}",
        filters,
    )
    return int(rows["n"].iloc[0])


def sites(release: Release, **filters: Any) -> pd.DataFrame:
    """Return the chosen sites by name; province, territory and mineral act on sites, the rest does not.

    Of more than `LISTED` the first are returned.
    """
    return ask(
        release,
        f"""
        SELECT s.*, (SELECT count(*) FROM incidents i WHERE i.site_id = s.site_id) AS incident_count
        FROM sites s WHERE {CHOSEN_SITES} ORDER BY s.name, s.site_id LIMIT {LISTED}
        """,
        filters,
    )


def site_places(release: Release, **filters: Any) -> pd.DataFrame:
    """Return every chosen site that has a position, as `layers.sites.draw` takes it."""
    return ask(
        release,
        f"""
        SELECT s.site_id, s.name, s.lon, s.lat, s.place_precision, s.extent_kind, s.extent_radius_m
        FROM sites s WHERE s.lon IS NOT NULL AND {CHOSEN_SITES} ORDER BY s.name, s.site_id
        """,
        filters,
    )


def site_titles(release: Release, **filters: Any) -> pd.DataFrame:
    """Return one row a chosen site and title it lies on; sites on none have a missing concession_id.

    Columns: site_id, name, place_precision, territory, concession_id, permit_type, holder,
    status_reported, is_certain, cadastre_as_of, nearest_zea_id, nearest_zea_distance_m.
    """
    return ask(
        release,
        f"""
        SELECT s.site_id, s.name, s.lon, s.lat, s.place_precision, s.territory, o.concession_id, o.permit_type,
               o.holder, o.status_reported, o.is_certain, o.cadastre_as_of, s.concession_count,
               s.nearest_zea_id, s.nearest_zea_distance_m
        FROM sites s LEFT JOIN site_concessions o USING (site_id)
        WHERE {CHOSEN_SITES} AND ($permit_type IS NULL OR list_contains($permit_type, o.permit_type))
        ORDER BY s.name, s.site_id, o.permit_type, o.concession_id
        """,
        filters,
    )


def ages(release: Release) -> pd.DataFrame:
    """Return one row: cadastre_as_of (as published), first_visit_on and last_visit_on of visits; missing if none."""
    return release.query(
        """SELECT (SELECT min(cadastre_as_of) FROM site_concessions) AS cadastre_as_of,
                  min(visited_on) AS first_visit_on, max(visited_on) AS last_visit_on FROM site_visits"""
    )


def site_title_totals(release: Release, **filters: Any) -> pd.DataFrame:
    """Return one row: chosen sites; placed exactly; of those on a title, on a zone, on both, on none.

    With `permit_type`, the sites that lie on a title of these kinds.
    """
    on_chosen = """($permit_type IS NULL OR s.site_id IN (
        SELECT site_id FROM site_concessions WHERE list_contains($permit_type, permit_type)))"""
    return ask(
        release,
        f"""
        WITH exact AS (
            SELECT s.site_id, bool_or(o.permit_type <> 'ZEA') AS on_title, bool_or(o.permit_type = 'ZEA') AS on_zea
            FROM sites s LEFT JOIN site_concessions o USING (site_id)
            WHERE s.concession_count IS NOT NULL AND {CHOSEN_SITES} AND {on_chosen} GROUP BY s.site_id)
        SELECT (SELECT count(*) FROM sites s WHERE {CHOSEN_SITES} AND {on_chosen}) AS site_count,
               count(*) AS exact_count, count(*) FILTER (on_title) AS on_title_count,
               count(*) FILTER (on_zea) AS on_zea_count, count(*) FILTER (on_title AND on_zea) AS on_both_count,
               count(*) FILTER (on_title IS NULL AND on_zea IS NULL) AS on_none_count
        FROM exact
        """,
        filters,
    )
