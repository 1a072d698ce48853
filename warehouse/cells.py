"""What the map asks where symbols would be too many: H3 cells with counts.

No record is counted in a cell finer than what is known of its place:

- placed within 1 km (`extent_kind` point): counted in cells of resolution 7 (1.5 km wide edges) or
  coarser, as fine as the number of cells allows;
- known within 5 km (a disc): counted in the cell of resolution 4 (edges of about 28 km) its point
  lies in, whatever the resolution of the others;
- known no better (wider discs, titles, territories): counted in no cell. `beyond_cells` counts them.
"""

from __future__ import annotations

import re
from typing import Any, Final

import h3
import pandas as pd

from warehouse.asking import CHOSEN_INCIDENTS, CHOSEN_SITES, PLACE_KEY, ask
from warehouse.release import Release

MOST_CELLS: Final = 1_500
RESOLUTIONS: Final = (7, 6, 5, 4)
WIDEST_DISC_M: Final = 5_000

_CELL: Final = re.compile(r"[0-9a-f]{15}")
_FITS: Final = f"(extent_kind = 'point' OR (extent_kind = 'disc' AND extent_radius_m <= {WIDEST_DISC_M}))"
_COLUMNS: Final = "extent_kind = 'point' AS is_exact, h3_r4, h3_r5, h3_r6, h3_r7"
# $sites and $incidents say which of the two are counted.
_THINGS: Final = f"""
    WITH things AS (
        SELECT true AS is_site, NULL AS severity, {_COLUMNS} FROM sites s
        WHERE $sites AND {_FITS} AND {CHOSEN_SITES}
        UNION ALL
        SELECT false, i.severity, {_COLUMNS} FROM incidents i
        WHERE $incidents AND {_FITS} AND {CHOSEN_INCIDENTS})
"""


def symbol_counts(release: Release, **filters: Any) -> pd.DataFrame:
    """Return one row, site_symbols and incident_symbols: how many the chosen records would take."""
    return ask(
        release,
        f"""
        SELECT (SELECT count(*) FILTER (s.extent_kind = 'point')
                       + count(DISTINCT hash(s.lon, s.lat, s.place_precision)) FILTER (s.extent_kind <> 'point')
                FROM sites s WHERE s.lon IS NOT NULL AND {CHOSEN_SITES}) AS site_symbols,
               (SELECT count(DISTINCT hash(i.lon, i.lat, i.place_precision, i.extent_kind, i.extent_concession_id))
                FROM incidents i WHERE i.lon IS NOT NULL AND {CHOSEN_INCIDENTS}) AS incident_symbols
        """,
        filters,
    )


def cells(release: Release, *, sites: bool = True, incidents: bool = True, **filters: Any) -> pd.DataFrame:
    """Return one row a cell with what was chosen in it, as `layers.cells.draw` takes it.

    Columns: cell (H3), resolution, site_count, incident_count, stand_in_count (of both, known within
    5 km only), severity_max (missing without an incident). At most about `MOST_CELLS` rows; where even
    resolution 4 gives more, all of them.
    """
    finest = _finest(release, sites, incidents, filters)
    return ask(
        release,
        f"""
        {_THINGS}
        SELECT CASE WHEN is_exact THEN h3_r{finest} ELSE h3_r4 END AS cell,
               CASE WHEN is_exact THEN {finest} ELSE 4 END AS resolution,
               count(*) FILTER (is_site) AS site_count, count(*) FILTER (NOT is_site) AS incident_count,
               count(*) FILTER (NOT is_exact) AS stand_in_count, max(severity) AS severity_max
        FROM things GROUP BY ALL ORDER BY resolution, cell
        """,
        filters,
        sites=sites,
        incidents=incidents,
    )


def _finest(release: Release, sites: bool, incidents: bool, filters: dict[str, Any]) -> int:
    counts = ", ".join(f"count(DISTINCT h3_r{n}) FILTER (is_exact) AS r{n}" for n in RESOLUTIONS)
    row = ask(
        release,
        f"{_THINGS} SELECT {counts}, count(DISTINCT h3_r4) FILTER (NOT is_exact) AS coarse FROM things",
        filters,
        sites=sites,
        incidents=incidents,
    ).iloc[0]
    few = (n for n in RESOLUTIONS if row[f"r{n}"] + row["coarse"] <= MOST_CELLS)
    return next(few, RESOLUTIONS[-1])


def beyond_cells(release: Release, **filters: Any) -> pd.DataFrame:
    """Return one row, site_count and incident_count: chosen, with a position, too vague for any cell."""
    return ask(
        release,
        f"""
        SELECT (SELECT count(*) FROM sites s
                WHERE s.lon IS NOT NULL AND NOT {_FITS} AND {CHOSEN_SITES}) AS site_count,
               (SELECT count(*) FROM incidents i
                WHERE i.lon IS NOT NULL AND NOT {_FITS} AND {CHOSEN_INCIDENTS}) AS incident_count
        """,
        filters,
    )


def sites_in(release: Release, cell: str, **filters: Any) -> pd.DataFrame:
    """Return the chosen sites in `cell`, by name; none for what is no cell of ours.

    A cell of resolution 4 holds both the stand-ins that are counted in it and what finer cells count.
    """
    return ask(
        release,
        f"SELECT s.* FROM sites s WHERE {_inside(cell)} AND {CHOSEN_SITES} ORDER BY s.name, s.site_id",
        filters,
        cell=cell,
    )


def incidents_about(release: Release, thing: tuple[str, str] | None, **filters: Any) -> pd.DataFrame:
    """Return the chosen incidents that the card of `thing` (kind, id) is about, latest first.

    Columns are those of the table, province_shown and place_key. None, or a kind of thing without
    incidents of its own, gives no row.
    """
    kind, about = thing or ("", "")
    condition = {
        "site": "i.site_id = $about",
        "place": f"{PLACE_KEY} = $about",
        "territory": "i.territory_pcode = $about",
        "cell": _inside(about).replace("$cell", "$about") if kind == "cell" else "",
    }.get(kind, "$about IS NULL")
    return ask(
        release,
        f"""
        SELECT i.*, coalesce(i.province, i.province_reported) AS province_shown, {PLACE_KEY} AS place_key
        FROM incidents i WHERE {condition} AND {CHOSEN_INCIDENTS}
        ORDER BY i.date_start DESC, i.incident_id
        """,
        filters,
        about=about,
    )


def is_cell(text: str) -> bool:
    """Return whether `text` names an H3 cell; h3 itself raises on numbers beyond 64 bits."""
    return bool(_CELL.fullmatch(text)) and bool(h3.is_valid_cell(text))


def _inside(cell: str) -> str:
    """Return the condition that a row is counted in `$cell` when it is of this resolution."""
    resolution = h3.get_resolution(cell) if is_cell(cell) else None
    if resolution not in RESOLUTIONS:
        return "$cell IS NULL"
    exact = "" if resolution == RESOLUTIONS[-1] else " AND extent_kind = 'point'"
    return f"h3_r{resolution} = $cell AND {_FITS}{exact}"
