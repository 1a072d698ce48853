"""Points against outlines: which outline a point lies in, and which is nearest.

Containment is decided in longitude and latitude, where the outlines' corners and the cadastral grid
are exact; a border belongs to both of its sides. Distances are metres in UTM 35S (EPSG:32735), on
outlines densified first, so that an edge that is straight in degrees stays where it is. Outlines are
kept in the order of their keys, so the lowest index is the smallest key and every tie ends there,
whatever the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

DEGREES: Final = "EPSG:4326"
METRES: Final = "EPSG:32735"
# Edges of at most 0.02° (2.2 km) stray from their projected chord by centimetres.
_DENSIFIED_DEGREES: Final = 0.02

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

NOWHERE: Final = -1


@dataclass(frozen=True)
class Outlines:
    """Outlines with a geometry, ordered by key; `rows` are the table's rows in the same order."""

    keys: npt.NDArray[np.object_]
    shapes: npt.NDArray[np.object_]
    rows: pd.DataFrame


@dataclass(frozen=True)
class Points:
    """Distinct positions in degrees, and for each row of the table the one it has, or NOWHERE."""

    lon: Floats
    lat: Floats
    of_row: Indices


def outlines(table: pd.DataFrame, key: str) -> Outlines:
    """Return the outlines of `table` ordered by its unique column `key`.

    Geometry is WKB as the contracts have it, or shapely's; rows without one are left out.
    """
    shapes = _shapes(table["geometry"])
    present = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
    keys = table[key].to_numpy(dtype=object)
    order = present[np.argsort(keys[present], kind="stable")]
    shapely.prepare(shapes[order])
    return Outlines(keys[order], shapes[order], table.iloc[order])


def points(table: pd.DataFrame) -> Points:
    """Return the distinct positions of `table`, from its columns lon, lat and place_precision.

    A row has a position where both coordinates are there and its precision is not `none`.
    """
    lon, lat = _numbers(table["lon"]), _numbers(table["lat"])
    precision = table["place_precision"].astype("string").fillna("none")
    has_position = np.isfinite(lon) & np.isfinite(lat) & (precision != "none").to_numpy(dtype=bool)
    distinct, inverse = np.unique(lon[has_position] + 1j * lat[has_position], return_inverse=True)
    of_row = np.full(len(table), NOWHERE, dtype=np.intp)
    of_row[has_position] = inverse
    return Points(distinct.real, distinct.imag, of_row)


def pairs_inside(lon: Floats, lat: Floats, areas: Outlines) -> tuple[Indices, Indices]:
    """Return every pair (point, outline) in which the point lies in the outline or on its border.

    Two index arrays of one length, ordered by point, then by the outline's key.
    """
    boxes = shapely.STRtree(areas.shapes)
    point, area = boxes.query(shapely.points(lon, lat))
    # A box first, then prepared outlines: several times faster than a join with a predicate.
    inside = shapely.intersects_xy(areas.shapes[area], lon[point], lat[point])
    point, area = point[inside], area[inside]
    order = np.lexsort((area, point))
    return point[order], area[order]


def first_inside(lon: Floats, lat: Floats, areas: Outlines) -> Indices:
    """Return for each point the outline it lies in: its index, or NOWHERE; the smallest key of several."""
    found = np.full(len(lon), NOWHERE, dtype=np.intp)
    point, area = pairs_inside(lon, lat, areas)
    first = np.unique(point, return_index=True)[1]
    found[point[first]] = area[first]
    return found


def nearest(
    lon: Floats, lat: Floats, areas: Outlines, within_m: float | None = None
) -> tuple[Indices, Floats]:
    """Return for each point the nearest outline and its distance in whole metres, 0 inside.

    The outline is NOWHERE and the distance NaN where there is none, or none within `within_m`.
    Distances that agree to the metre are a tie: the smallest key has it.
    """
    found, distance_m = np.full(len(lon), NOWHERE, dtype=np.intp), np.full(len(lon), np.nan)
    shapes = _in_metres(shapely.segmentize(areas.shapes, _DENSIFIED_DEGREES))
    places = _in_metres(shapely.points(lon, lat))
    measurable = np.flatnonzero(np.isfinite(shapely.get_x(places)) & np.isfinite(shapely.get_y(places)))
    if not len(shapes) or not len(measurable):
        return found, distance_m
    close, area = _near(places[measurable], shapes, within_m)
    rounded_m = np.round(shapely.distance(places[measurable[close]], shapes[area]))
    order = np.lexsort((area, rounded_m, close))
    first = order[np.unique(close[order], return_index=True)[1]]
    found[measurable[close[first]]] = area[first]
    distance_m[measurable[close[first]]] = rounded_m[first]
    return found, distance_m


def _near(places: Any, shapes: Any, within_m: float | None) -> tuple[Indices, Indices]:
    """Return pairs (place, shape) among which the nearest of each place is, with all its ties."""
    if within_m is None:
        tree = shapely.STRtree(shapes)
        (place, _), least_m = tree.query_nearest(places, return_distance=True, all_matches=False)
        # The nearest by a hair depends on rounding deep in the geometry; look again a metre around it.
        close, shape = tree.query(places[place], predicate="dwithin", distance=least_m + 1)
        return place[close], shape
    grown = shapely.bounds(shapes) + np.array([-1, -1, 1, 1]) * within_m
    boxes: Any = shapely.box(*grown.T)
    place, shape = shapely.STRtree(boxes).query(places)
    # Prepared outlines answer "within" without measuring: tens of times faster than query_nearest.
    shapely.prepare(shapes)
    is_near = shapely.dwithin(shapes[shape], places[place], within_m)
    return place[is_near], shape[is_near]


def areas_m2(areas: Outlines) -> Floats:
    """Return the area of each outline in square metres."""
    return np.asarray(shapely.area(_in_metres(areas.shapes)), dtype=np.float64)


def _in_metres(shapes: Any) -> npt.NDArray[np.object_]:
    projected = gpd.GeoSeries(shapes, crs=DEGREES).to_crs(METRES)
    return np.asarray(projected.to_numpy(), dtype=object)


def _shapes(geometry: pd.Series) -> npt.NDArray[np.object_]:
    """Return shapely geometries of a column of WKB or of shapely geometries; missing ones are None."""
    values = geometry.to_numpy(dtype=object, copy=True)
    is_wkb = np.array([isinstance(value, bytes | bytearray | memoryview) for value in values], dtype=bool)
    values[is_wkb] = shapely.from_wkb(np.array([bytes(value) for value in values[is_wkb]], dtype=object))
    values[~np.asarray(shapely.is_geometry(values), dtype=bool)] = None
    return values


def _numbers(column: pd.Series) -> Floats:
    numbers = column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(numbers, dtype=np.float64)
