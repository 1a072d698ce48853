"""Overlap: which titles a site or an incident lies on, and how far the nearest artisanal zone is.

A point on the border of a title lies on it. Artisanal zones are rows of the cadastre like the
titles, with permit type `ZEA`, and are counted with them; `permit_type` tells them apart.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipelines.places.locating import NOWHERE, nearest, outlines, pairs_inside, points
from pipelines.places.place import is_exact
from warehouse.derived import IncidentConcessions, SiteConcessions

ZONE: Final = "ZEA"
# Coarser than 5 km, or from a stand-in, a distance to a zone would say more than is known.
_MEASURED_PRECISIONS: Final = frozenset({"pit", "site", "locality"})


def site_concessions(sites: pd.DataFrame, concessions: pd.DataFrame, cadastre_as_of: str) -> pd.DataFrame:
    """Return the table `site_concessions`: one row a site and title it lies on, ordered by both ids.

    `sites` has site_id, lon, lat, place_precision and position_is_proxy. `is_certain` is false where
    the position is coarser than 1 km or a stand-in; such sites have their rows all the same.
    """
    pairs = _pairs(sites, "site_id", concessions)
    pairs["cadastre_as_of"] = pd.array([cadastre_as_of] * len(pairs), dtype="string")
    return pairs[list(SiteConcessions.to_schema().columns)]


def incident_concessions(incidents: pd.DataFrame, concessions: pd.DataFrame) -> pd.DataFrame:
    """Return the table `incident_concessions`: one row an incident and title, ordered by both ids.

    Columns needed and meaning of `is_certain` as in `site_concessions`, with incident_id.
    """
    pairs = _pairs(incidents, "incident_id", concessions)
    return pairs[list(IncidentConcessions.to_schema().columns)]


def count_concessions(sites: pd.DataFrame, overlaps: pd.DataFrame) -> pd.DataFrame:
    """Return `sites` with concession_count, the rows of `site_concessions` (`overlaps`) of each site.

    Missing where the position is coarser than 1 km or a stand-in: there zero would claim too much.
    """
    counts = sites["site_id"].map(overlaps["site_id"].value_counts()).fillna(0)
    return sites.assign(concession_count=counts.astype("Int64").where(is_exact(sites)).array)


def nearest_zea(sites: pd.DataFrame, concessions: pd.DataFrame) -> pd.DataFrame:
    """Return `sites` with nearest_zea_id and nearest_zea_distance_m (whole metres, 0 inside).

    Measured from the point. Missing where there is no zone, no position, a precision coarser than
    `locality` (5 km), or a stand-in for the position. Zones at the same metre: the smallest id.
    """
    zones = outlines(concessions[concessions["permit_type"] == ZONE], "concession_id")
    positions = points(sites)
    zone, distance_m = nearest(positions.lon, positions.lat, zones)
    is_known = sites["place_precision"].isin(_MEASURED_PRECISIONS) & ~sites["position_is_proxy"]
    spot = np.where(is_known.fillna(False).to_numpy(dtype=bool), positions.of_row, NOWHERE)
    zone_id = pd.array(zones.keys, dtype="string").take(zone, allow_fill=True)
    return sites.assign(
        nearest_zea_id=zone_id.take(spot, allow_fill=True),
        nearest_zea_distance_m=pd.array(distance_m, dtype="Float64").take(spot, allow_fill=True),
    )


def _pairs(rows: pd.DataFrame, key: str, concessions: pd.DataFrame) -> pd.DataFrame:
    """Return one row a pair of row and title: `key`, the title's columns, is_certain."""
    titles = outlines(concessions, "concession_id")
    positions = points(rows)
    spot, title = pairs_inside(positions.lon, positions.lat, titles)
    row = np.flatnonzero(positions.of_row != NOWHERE)
    here = pd.DataFrame({"spot": positions.of_row[row], "row": row})
    met = here.merge(pd.DataFrame({"spot": spot, "title": title}), on="spot")
    pairs = titles.rows.iloc[met["title"].to_numpy()].reset_index(drop=True)
    pairs[key] = rows[key].astype("string").iloc[met["row"].to_numpy()].array
    pairs["is_certain"] = pd.array(is_exact(rows)[met["row"].to_numpy()], dtype="boolean")
    return pairs.sort_values([key, "concession_id"], ignore_index=True)
