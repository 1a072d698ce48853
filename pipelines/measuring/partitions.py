"""Partitions of the ground for the hotspot test: cells of three sizes, sites, territories.

A unit is tested where somebody works, by the number of workers. An event at a site counts in the unit of
the site's workers; one whose own unit has no workers on record counts in the nearest unit that has, within
10 km; a vague one is drawn many times over the units of the area in which it must have happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import h3
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer
from scipy.spatial import cKDTree

from pipelines.places.locating import METRES, Outlines, outlines, pairs_inside
from risk.imputation import nearest_exposed
from risk.method import Method

CELLS: Final = {"cells_r5": "h3_r5", "cells_r6": "h3_r6", "cells_r7": "h3_r7"}
_TO_METRES: Final = Transformer.from_crs(4326, METRES, always_xy=True)
_SITE_REACH_M: Final = 3_000


@dataclass(frozen=True)
class Partition:
    """Units that are tested: unit_id, lon, lat, x_m, y_m (UTM 35S), exposure (workers), in order of id.

    `unit_of_site` gives the unit in which the workers of each site are counted, by site_id.
    """

    name: str
    units: pd.DataFrame
    unit_of_site: pd.Series

    @property
    def radii_m(self) -> tuple[int, ...] | None:
        """Return the radii of its windows, None for the method's own: territories are no windows."""
        return (0,) if self.name == "territories" else None


@dataclass(frozen=True)
class PlacedEvents:
    """Events as `risk.hotspots.find_hotspots` takes them, and the units that lie in each area.

    `events` has unit_id or area_id, or neither, and shift_m where a unit is not the event's own.
    """

    events: pd.DataFrame
    members: pd.DataFrame


def in_metres(lon: Any, lat: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return positions in degrees as metres in UTM 35S."""
    x, y = _TO_METRES.transform(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    return np.asarray(x), np.asarray(y)


def partition(name: str, exposed: pd.DataFrame, territories: pd.DataFrame) -> Partition:
    """Return the partition `name` of `exposed` sites: cells_r5, cells_r6, cells_r7, sites or territories.

    `exposed` holds the sites that are placed exactly and have workers: site_id, lon, lat, the cells
    of contract `Placed`, territory_pcode, workers_exposed.
    """
    column = {"sites": "site_id", "territories": "territory_pcode"}.get(name) or CELLS[name]
    known = exposed.dropna(subset=[column])
    sums = known.groupby(column)["workers_exposed"].sum().sort_index()
    ids = sums.index.astype(str).tolist()
    if name in CELLS:
        spots = [h3.cell_to_latlng(cell) for cell in ids]
        lon, lat = [spot[1] for spot in spots], [spot[0] for spot in spots]
    elif name == "sites":
        own = known.set_index("site_id").loc[ids]
        lon, lat = own["lon"].tolist(), own["lat"].tolist()
    else:
        area = outlines(territories[territories["territory_pcode"].isin(ids)], "territory_pcode")
        middles = dict(zip(area.keys, shapely.centroid(area.shapes), strict=True))
        lon, lat = [middles[code].x for code in ids], [middles[code].y for code in ids]
    x_m, y_m = in_metres(lon, lat)
    exposure = sums.to_numpy(dtype=float)
    frame = {"unit_id": ids, "lon": lon, "lat": lat, "x_m": x_m, "y_m": y_m, "exposure": exposure}
    of_site = known.set_index("site_id")[column] if name != "sites" else pd.Series(ids, index=ids)
    return Partition(name, pd.DataFrame(frame).astype({"unit_id": "string"}), of_site.astype("string"))


def placed_in(
    part: Partition,
    events: pd.DataFrame,
    territories: pd.DataFrame,
    concessions: pd.DataFrame,
    method: Method,
    adrift: pd.DataFrame,
) -> PlacedEvents:
    """Return `events` with their unit or area in `part`.

    `adrift` are the sites with workers that are in no unit, being placed vaguely: lon, lat,
    workers_exposed. An area that holds more workers adrift than in its units is not tested: all its events
    would be drawn into the few units that are known.

    `events` has the columns of `pipelines.measuring.events.PLACED`, lon, lat, site_id. Whatever is
    known to its province only, or lies further than 10 km from all workers, has neither.
    """
    placed = events.assign(
        unit_id=pd.Series(pd.NA, events.index, dtype="string"),
        area_id=pd.Series(pd.NA, events.index, dtype="string"),
        shift_m=np.nan,
    )
    no_member = pd.DataFrame({"area_id": [], "unit_id": []}, dtype="string")
    if part.units.empty or events.empty:
        return PlacedEvents(placed, no_member)
    if part.name == "territories":
        is_known = placed["territory_pcode"].isin(part.units["unit_id"])
        return PlacedEvents(placed.assign(unit_id=placed["territory_pcode"].where(is_known)), no_member)
    is_point = (placed["extent_kind"] == "point").to_numpy(dtype=bool)
    placed = _points_placed(part, placed, is_point, method)
    keys = _area_keys(placed).mask(is_point)
    areas = placed.assign(area_id=keys).dropna(subset=["area_id"]).drop_duplicates("area_id")
    members = _members(part, areas.sort_values("area_id"), territories, concessions)
    members = members[
        ~members["area_id"].isin(_mostly_adrift(part, members, areas, adrift, territories, concessions))
    ]
    placed["area_id"] = keys.where(keys.isin(members["area_id"]))
    return PlacedEvents(placed, members)


def _points_placed(part: Partition, placed: pd.DataFrame, is_point: Any, method: Method) -> pd.DataFrame:
    # An event at a site counts where the site's workers do, though its own point may lie in another cell:
    # publishers place an event and the site it names some kilometres apart.
    own = placed["site_id"].map(part.unit_of_site).astype("string")
    if part.name in CELLS:
        own = own.fillna(placed[CELLS[part.name]].astype("string"))
    is_own = is_point & own.isin(part.units["unit_id"]).fillna(False).to_numpy(dtype=bool)
    rows = np.flatnonzero(is_point & ~is_own)
    near = _nearest(part, placed.iloc[rows], method)
    ids = own.where(is_own).to_numpy(dtype=object)
    shift_m = np.full(len(placed), np.nan)
    ids[rows], shift_m[rows] = near["unit_id"], near["distance_m"]
    return placed.assign(unit_id=pd.array(ids, dtype="string"), shift_m=shift_m)


def _nearest(part: Partition, rows: pd.DataFrame, method: Method) -> pd.DataFrame:
    x_m, y_m = in_metres(rows["lon"], rows["lat"])
    return nearest_exposed(x_m, y_m, part.units, method=method)


def _area_keys(placed: pd.DataFrame) -> pd.Series:
    """Return a name for the area each event happened in: a disc around its cell, a title, a territory."""
    kind = placed["extent_kind"]
    radius = placed["extent_radius_m"].astype("string")
    keys = pd.Series(pd.NA, placed.index, dtype="string")
    keys = keys.mask(kind == "disc", "disc:" + placed["h3_r7"].astype("string") + ":" + radius)
    keys = keys.mask(kind == "concession", "title:" + placed["extent_concession_id"].astype("string"))
    return keys.mask(kind == "territory", "territory:" + placed["territory_pcode"].astype("string"))


def _mostly_adrift(
    part: Partition,
    members: pd.DataFrame,
    areas: pd.DataFrame,
    adrift: pd.DataFrame,
    territories: pd.DataFrame,
    concessions: pd.DataFrame,
) -> pd.Index:
    """Return the areas that hold more workers at vaguely placed sites than in units."""
    if adrift.empty:
        return pd.Index([])
    x_m, y_m = in_metres(adrift["lon"], adrift["lat"])
    ids = [str(number) for number in range(len(adrift))]
    spots = pd.DataFrame(
        {"unit_id": ids, "lon": adrift["lon"].to_numpy(float), "lat": adrift["lat"].to_numpy(float)}
    )
    spots = spots.assign(x_m=x_m, y_m=y_m, exposure=adrift["workers_exposed"].to_numpy(float))
    loose = Partition("adrift", spots, pd.Series(dtype="string"))
    sums = []
    for ground, inside in ((part, members), (loose, _members(loose, areas, territories, concessions))):
        workers = inside["unit_id"].map(ground.units.set_index("unit_id")["exposure"]).astype(float)
        sums.append(workers.groupby(inside["area_id"]).sum())
    placed, vague = sums
    return placed.index[placed < vague.reindex(placed.index).fillna(0.0)]


def _members(
    part: Partition, areas: pd.DataFrame, territories: pd.DataFrame, concessions: pd.DataFrame
) -> pd.DataFrame:
    """Return which units lie in which area: those whose middle does, and the cell in the middle of a disc."""
    discs = areas[areas["extent_kind"] == "disc"]
    found = [_in_discs(part, discs)]
    if part.name in CELLS:
        middles = discs[["area_id"]].assign(unit_id=discs[CELLS[part.name]])
        found.append(middles[middles["unit_id"].isin(part.units["unit_id"])])
    for kind, table, key in (
        ("concession", concessions, "concession_id"),
        ("territory", territories, "territory_pcode"),
    ):
        wanted = areas[areas["extent_kind"] == kind]
        ids = wanted["area_id"].str.split(":", n=1).str[1]
        shapes = outlines(table[table[key].isin(ids)], key)
        prefix = "title:" if kind == "concession" else "territory:"
        found.append(_in_outlines(part, shapes, prefix))
    return pd.concat(found, ignore_index=True).astype("string").drop_duplicates(ignore_index=True)


def _in_discs(part: Partition, discs: pd.DataFrame) -> pd.DataFrame:
    if discs.empty:
        return pd.DataFrame({"area_id": [], "unit_id": []}, dtype="string")
    spots = [h3.cell_to_latlng(cell) for cell in discs["h3_r7"]]
    x_m, y_m = in_metres([spot[1] for spot in spots], [spot[0] for spot in spots])
    tree = cKDTree(part.units[["x_m", "y_m"]].to_numpy())
    inside = tree.query_ball_point(
        np.column_stack([x_m, y_m]), discs["extent_radius_m"].to_numpy(dtype=float)
    )
    counts = [len(one) for one in inside]
    units = np.concatenate([np.asarray(sorted(one), dtype=np.intp) for one in inside])
    return pd.DataFrame(
        {
            "area_id": np.repeat(discs["area_id"].to_numpy(dtype=object), counts),
            "unit_id": part.units["unit_id"].to_numpy(dtype=object)[units],
        }
    ).astype("string")


def _in_outlines(part: Partition, shapes: Outlines, prefix: str) -> pd.DataFrame:
    if not len(shapes.keys):
        return pd.DataFrame({"area_id": [], "unit_id": []}, dtype="string")
    unit, area = pairs_inside(part.units["lon"].to_numpy(), part.units["lat"].to_numpy(), shapes)
    return pd.DataFrame(
        {"area_id": prefix + shapes.keys[area], "unit_id": part.units["unit_id"].to_numpy(dtype=object)[unit]}
    ).astype("string")


def outline_of(part: Partition, unit_ids: list[str], territories: Outlines) -> shapely.Geometry:
    """Return the outline of some units in degrees: cells, discs of 3 km around sites, or territories."""
    if part.name in CELLS:
        rings = [[(lon, lat) for lat, lon in h3.cell_to_boundary(cell)] for cell in unit_ids]
        return shapely.union_all([shapely.Polygon(ring) for ring in rings])
    if part.name == "territories":
        return shapely.union_all(territories.shapes[np.isin(territories.keys, unit_ids)])
    rows = part.units[part.units["unit_id"].isin(unit_ids)]
    width = _SITE_REACH_M / 111_320
    return shapely.union_all(shapely.buffer(shapely.points(rows["lon"], rows["lat"]), width))
