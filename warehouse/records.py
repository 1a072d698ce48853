"""Single things and whole tables: what a card, a list of sources or the data page asks.

As in `warehouse.queries`, each function takes the release first and returns one frame.
"""

from __future__ import annotations

from functools import lru_cache

import h3
import pandas as pd
import shapely

from risk.errors import ConfigError
from warehouse.cells import is_cell
from warehouse.contracts import TABLES
from warehouse.queries import with_outline
from warehouse.release import Release


def site(release: Release, site_id: str) -> pd.DataFrame:
    """Return the site as one row, or no row if the id is unknown."""
    return release.query("SELECT * FROM sites WHERE site_id = $id", {"id": site_id})


def sites_at(release: Release, lon: float, lat: float) -> pd.DataFrame:
    """Return the sites that share one stand-in point (five decimals)."""
    return release.query(
        """SELECT * FROM sites WHERE abs(lon - $lon) < 1e-5 AND abs(lat - $lat) < 1e-5
           AND extent_kind <> 'point' ORDER BY name""",
        {"lon": lon, "lat": lat},
    )


def site_publishers(release: Release, site_id: str) -> pd.DataFrame:
    """Return the publishers' records of a site: both ids, both names, both positions, both figures."""
    return release.query(
        """
        SELECT r.* FROM site_records r WHERE r.site_id = $id
        ORDER BY r.publisher, r.record_id
        """,
        {"id": site_id},
    )


def points_apart_m(release: Release, site_id: str) -> float:
    """Return how far apart the exact points are that its publishers give a site, in metres.

    0 where one publisher alone gives one; stand-ins do not count.
    """
    rows = release.query(
        """SELECT coalesce(max(m.distance_m), 0) AS apart_m FROM site_alias m
           JOIN site_records a ON a.record_id = m.record_a JOIN site_records b ON b.record_id = m.record_b
           WHERE m.site_a = $id AND m.site_b = $id AND NOT a.position_is_proxy AND NOT b.position_is_proxy
             AND a.place_precision IN ('pit', 'site') AND b.place_precision IN ('pit', 'site')""",
        {"id": site_id},
    )
    return float(rows["apart_m"].iloc[0])


def site_overlap(release: Release, site_id: str) -> pd.DataFrame:
    """Return the titles that a site lies on."""
    return release.query(
        "SELECT * FROM site_concessions WHERE site_id = $id ORDER BY permit_type, concession_id",
        {"id": site_id},
    )


def site_matches(release: Release, site_id: str | None = None) -> pd.DataFrame:
    """Return compared pairs of site records, closest names first; of one site or of all."""
    return release.query(
        """SELECT * FROM site_alias WHERE $id IS NULL OR site_a = $id OR site_b = $id
           ORDER BY decision, name_score DESC, record_a, record_b""",
        {"id": site_id},
    )


def concession(release: Release, concession_id: str) -> pd.DataFrame:
    """Return the title as one row with its outline, or no row."""
    rows = release.query(
        """SELECT c.*, (SELECT count(DISTINCT site_id) FROM site_concessions o
                        WHERE o.concession_id = c.concession_id AND o.is_certain) AS site_count,
                  (SELECT count(*) FROM incident_concessions o
                   WHERE o.concession_id = c.concession_id AND o.is_certain) AS incident_count
           FROM concessions c WHERE c.concession_id = $id""",
        {"id": concession_id},
    )
    return with_outline(rows)


def territory(release: Release, territory_pcode: str) -> pd.DataFrame:
    """Return the territory as one row with its outline and counts, or no row."""
    rows = release.query(
        """SELECT t.*, p.name AS province,
                  (SELECT count(*) FROM sites s WHERE s.territory_pcode = t.territory_pcode) AS site_count,
                  (SELECT count(*) FROM incidents i WHERE i.territory_pcode = t.territory_pcode) AS incident_count
           FROM territories t JOIN provinces p USING (province_pcode) WHERE t.territory_pcode = $id""",
        {"id": territory_pcode},
    )
    return with_outline(rows)


def cell(cell: str) -> pd.DataFrame:
    """Return an H3 cell as one row with its area and outline, or no row for what is no cell."""
    if not is_cell(cell):
        return pd.DataFrame(columns=["cell", "area_km2", "outline"])
    shape = shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])
    return pd.DataFrame(
        {
            "cell": [cell],
            "area_km2": [h3.cell_area(cell, unit="km^2")],
            "outline": [shapely.to_geojson(shape)],
        }
    )


def citations(release: Release, table: str, *record_ids: str) -> pd.DataFrame:
    """Return the sources of records, in their order: record_id, rank, about, title, publisher, published, url."""
    return release.query(
        """SELECT * FROM citations WHERE table_name = $table AND list_contains($ids, record_id)
           ORDER BY record_id, rank""",
        {"table": table, "ids": list(record_ids)},
    )


def table_citations(release: Release, table: str) -> pd.DataFrame:
    """Return the sources of all records of `table`, in their order."""
    return release.query(
        "SELECT * FROM citations WHERE table_name = $table ORDER BY record_id, rank", {"table": table}
    )


def whole_table(release: Release, table: str) -> pd.DataFrame:
    """Return a whole table in the order of its key, geometry left out.

    Raises ConfigError for a name that is no table.
    """
    _check(table)
    key = ", ".join(TABLES[table].key)
    columns = "* EXCLUDE (geometry)" if "geometry" in _columns(table) else "*"
    return release.query(f"SELECT {columns} FROM {table} ORDER BY {key}", {})


@lru_cache(maxsize=512)
def row_count(release: Release, table: str) -> int:
    """Return how many rows a table holds; kept, for a release never changes. Raises as `whole_table` does."""
    _check(table)
    return int(release.query(f"SELECT count(*) AS n FROM {table}")["n"].iloc[0])


def _check(table: str) -> None:
    if table not in TABLES:
        raise ConfigError(f"{table!r} is no table. Next: choose one of {', '.join(TABLES)}")


@lru_cache(maxsize=32)
def bounds(release: Release) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the south-west and north-east corners (lat, lon) of what the release places, or None.

    That is its sites and incidents with a position, else its territories, a tenth added on each side.
    The answer is kept: a release never changes.
    """
    found = release.query(
        """SELECT min(lon), min(lat), max(lon), max(lat)
           FROM (SELECT lon, lat FROM sites UNION ALL SELECT lon, lat FROM incidents)""",
    ).iloc[0]
    if found.isna().any():
        shapes = release.query("SELECT geometry FROM territories")["geometry"].dropna()
        if shapes.empty:
            return None
        found = pd.Series(shapely.total_bounds(shapely.from_wkb(shapes.map(bytes))))
    west, south, east, north = (float(value) for value in found)
    aside, above = (max((last - first) / 10, 0.05) for first, last in ((west, east), (south, north)))
    return (south - above, west - aside), (north + above, east + aside)


def origins(release: Release) -> pd.DataFrame:
    """Return where each table comes from and how its rows fared."""
    return release.query(
        """SELECT o.*, l.rows_in, l.rows_taken, l.rows_rejected, l.state, l.remarks
           FROM origins o LEFT JOIN loads l USING (table_name, file) ORDER BY o.table_name, o.file""",
        {},
    )


def outlines(release: Release, name: str) -> list[tuple[dict[str, str], str]]:
    """Return public outlines as (properties, GeoJSON text) for `territories` or `concessions`.

    Raises ConfigError for any other name: nothing else may be served without sign-in.
    """
    if name == "territories":
        rows = release.query(
            """SELECT * FROM (
                   SELECT 'province' AS kind, province_pcode AS code, name, geometry FROM provinces
                   UNION ALL SELECT kind, territory_pcode, name, geometry FROM territories)
               ORDER BY kind <> 'province', code""",
            {},
        )
    elif name == "concessions":
        rows = release.query(
            """SELECT permit_type, concession_id AS code, coalesce(holder, '') AS name, geometry
               FROM concessions ORDER BY concession_id""",
            {},
        )
    else:
        raise ConfigError(f"{name!r} is no public outline. Next: ask for territories or concessions")
    shapes = shapely.to_geojson(
        shapely.set_precision(shapely.from_wkb(rows["geometry"].map(bytes)), 0.0001, mode="pointwise")
    )
    properties = rows.drop(columns="geometry")
    named = [dict(zip(properties.columns, row, strict=True)) for row in properties.itertuples(index=False)]
    return list(zip(named, shapes, strict=True))


def _columns(table: str) -> list[str]:
    return list(TABLES[table].contract.to_schema().columns)
