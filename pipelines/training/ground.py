"""The ground: provinces, territories, cities, titles and facilities of a belt that does not exist.

It lies in the open ocean south of Africa, at the longitudes of the real belt, so that the same UTM zone
serves; no pentagon of H3 is within 1,400 km.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from pipelines.training import names

Floats = npt.NDArray[np.float64]

# West, south, east, north in degrees; outlines stay a tenth of a degree inside.
BOUNDS: Final = (24.6, -40.0, 28.3, -38.0)
# West and east.
PROVINCES: Final = ("XT72", "XT71")
KM_PER_DEGREE: Final = (86.4, 111.0)  # of longitude, of latitude, at 39° S
SQUARES_PER_DEGREE: Final = 120  # a cadastral square is 30" wide

_COLUMNS: Final = 6
_ROWS: Final = 2
_CITY_LONS: Final = (25.1, 26.0, 26.9, 27.8)
_TOWNS: Final = 10
# Titles by kind, and the median of their size in squares, in the proportions of the open edition.
_TITLES: Final = (("PE", 115, 25.0), ("PEPM", 13, 7.5), ("PER", 10, 6.0), ("ZEA", 12, 2.0))
_LARGEST_TITLE: Final = 448


@dataclass(frozen=True)
class Ground:
    """Outlines as frames of their contracts, with shapely geometry in `geometry`.

    `towns` has name, kind, lon, lat. `squares_of` gives, for each concession, the lower left corners
    (degrees) of its cadastral squares; `names` are those in use.
    """

    provinces: pd.DataFrame
    territories: pd.DataFrame
    towns: pd.DataFrame
    concessions: pd.DataFrame
    facilities: pd.DataFrame
    names: frozenset[str]
    squares_of: tuple[Floats, ...]


def plane_km(lon: Any, lat: Any) -> Floats:
    """Return positions in kilometres on a plane that touches the belt, (n, 2); good to one per cent."""
    return np.column_stack([np.asarray(lon) * KM_PER_DEGREE[0], np.asarray(lat) * KM_PER_DEGREE[1]])


def belt_lat(lon: Any) -> Floats:
    """Return the latitude of the middle of the belt at a longitude."""
    return np.asarray(-38.75 - 0.17 * (np.asarray(lon) - 24.9) + 0.08 * np.sin(4.0 * np.asarray(lon)))


def make_ground(rng: np.random.Generator) -> Ground:
    """Return the ground; it depends on the seed alone, whatever the size of the edition."""
    areas = _COLUMNS * _ROWS
    called = names.toponyms(rng, areas + 2 + len(_CITY_LONS) + _TOWNS + 80)
    provinces, territories = _areas(rng, called)
    towns = _towns(rng, called[areas + 2 :])
    firms = names.companies(called[areas + 2 + len(_CITY_LONS) + _TOWNS :])
    concessions, squares_of = _concessions(rng, firms[:40])
    facilities = _facilities(concessions, firms[40:])
    return Ground(provinces, territories, towns, concessions, facilities, frozenset(called), squares_of)


def _areas(rng: np.random.Generator, called: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    grid = _grid_cells(rng)
    cities = [_city(rng, lon) for lon in _CITY_LONS]
    all_cities = shapely.union_all(cities)
    rows = []
    for k, cell in enumerate(grid):
        code = PROVINCES[k // (len(grid) // 2)]
        rows.append((code, called[k], "territory", shapely.difference(cell, all_cities)))
    for k, city in enumerate(cities):
        rows.append((PROVINCES[k // (len(cities) // 2)], called[len(grid) + 2 + k], "city", city))
    frame = pd.DataFrame(rows, columns=["province_pcode", "name", "kind", "geometry"])
    frame = frame.sort_values(["province_pcode", "kind"], kind="stable", ignore_index=True)
    number = frame.groupby("province_pcode").cumcount() + 1
    frame["territory_pcode"] = frame["province_pcode"] + number.map("{:02d}".format)
    frame["area_km2"] = [_area_km2(shape) for shape in frame["geometry"]]
    provinces = pd.DataFrame(
        [(code, called[len(grid) + k], _union(frame, code)) for k, code in enumerate(sorted(PROVINCES))],
        columns=["province_pcode", "name", "geometry"],
    )
    provinces["area_km2"] = [_area_km2(shape) for shape in provinces["geometry"]]
    return provinces, frame


def _union(territories: pd.DataFrame, province: str) -> BaseGeometry:
    mine = territories.loc[territories["province_pcode"] == province, "geometry"]
    return shapely.union_all(mine.to_numpy(), grid_size=0.001)


def _grid_cells(rng: np.random.Generator) -> list[BaseGeometry]:
    """Return the territories before cities are cut out, column by column; neighbours share their edges."""
    west, south, east, north = BOUNDS[0] + 0.2, BOUNDS[1] + 0.2, BOUNDS[2] - 0.2, BOUNDS[3] - 0.2
    lons, lats = np.linspace(west, east, _COLUMNS + 1), np.linspace(south, north, _ROWS + 1)
    jitter = rng.uniform(-0.07, 0.07, (_COLUMNS + 1, _ROWS + 1, 2))
    nodes = np.stack(np.meshgrid(lons, lats, indexing="ij"), axis=-1) + jitter
    upright = {
        (i, j): _edge(rng, nodes[i, j], nodes[i, j + 1]) for i in range(_COLUMNS + 1) for j in range(_ROWS)
    }
    level = {
        (i, j): _edge(rng, nodes[i, j], nodes[i + 1, j]) for i in range(_COLUMNS) for j in range(_ROWS + 1)
    }
    cells: list[BaseGeometry] = []
    for i in range(_COLUMNS):
        for j in range(_ROWS):
            ring = [level[i, j], upright[i + 1, j], level[i, j + 1][::-1], upright[i, j][::-1]]
            cells.append(Polygon(np.concatenate([side[:-1] for side in ring])))
    return cells


def _edge(rng: np.random.Generator, start: Floats, end: Floats) -> Floats:
    """Return a border from `start` to `end` that winds: its middles are moved aside, four times over."""
    line = np.array([start, end])
    for step in range(4):
        middle = (line[:-1] + line[1:]) / 2 + rng.normal(0, 0.035 / 2**step, (len(line) - 1, 2))
        line = np.insert(line, np.arange(1, len(line)), middle, axis=0)
    return np.round(line, 3)


def _city(rng: np.random.Generator, lon: float) -> BaseGeometry:
    turn = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    radius = rng.uniform(0.05, 0.08, 14)
    ring = np.column_stack([lon + radius * np.cos(turn) * 1.28, belt_lat(lon) + radius * np.sin(turn)])
    return Polygon(np.round(ring, 3))


def _area_km2(shape: BaseGeometry) -> float:
    return round(float(shape.area) * KM_PER_DEGREE[0] * KM_PER_DEGREE[1], 1)


def _towns(rng: np.random.Generator, called: list[str]) -> pd.DataFrame:
    lons = np.concatenate([_CITY_LONS, rng.uniform(24.95, 27.95, _TOWNS)])
    lats = belt_lat(lons) + np.concatenate([np.zeros(len(_CITY_LONS)), rng.normal(0, 0.15, _TOWNS)])
    kinds = ["city"] * len(_CITY_LONS) + ["town"] * _TOWNS
    return pd.DataFrame(
        {"name": called[: len(lons)], "kind": kinds, "lon": np.round(lons, 5), "lat": np.round(lats, 5)}
    )


def _concessions(rng: np.random.Generator, firms: list[str]) -> tuple[pd.DataFrame, tuple[Floats, ...]]:
    west, south, east, north = BOUNDS
    per = SQUARES_PER_DEGREE
    is_free = np.ones((round((east - west) * per), round((north - south) * per)), dtype=bool)
    rows: list[tuple[Any, ...]] = []
    squares_of: list[Floats] = []
    for permit, count, median in _TITLES:
        for _ in range(count):
            taken = _title(rng, is_free, median)
            is_free[taken[:, 0], taken[:, 1]] = False
            number = f"X{101 + len(rows)}"
            corners = taken / per + np.array([west, south])
            boxes = shapely.box(*corners.T, *(corners + 1 / per).T)
            shape = shapely.normalize(shapely.set_precision(shapely.union_all(boxes), 1e-4))
            holder = None if permit == "ZEA" else firms[int(rng.integers(len(firms)))]
            rows.append((f"{permit}-{number}", number, permit, "Actif", holder, len(taken), shape))
            squares_of.append(corners)
    columns = [
        "concession_id",
        "title_number",
        "permit_type",
        "status_reported",
        "holder",
        "squares",
        "geometry",
    ]
    return pd.DataFrame(rows, columns=columns), tuple(squares_of)


def _title(rng: np.random.Generator, is_free: npt.NDArray[np.bool_], median: float) -> npt.NDArray[np.int64]:
    """Return the squares (column, row) of a new title on free ground near the middle of the belt."""
    per = SQUARES_PER_DEGREE
    while True:
        size = min(_LARGEST_TITLE, max(1.0, median * rng.lognormal(0, 1.1)))
        width = max(1, round(np.sqrt(size) * rng.uniform(0.7, 1.4)))
        height = max(1, round(size / width))
        lon = rng.uniform(24.85, 28.05)
        lat = float(belt_lat(lon)) + rng.normal(0, 0.16)
        left, low = round((lon - BOUNDS[0]) * per), round((lat - BOUNDS[1]) * per)
        keep = np.ones((width, height), dtype=bool)
        if min(width, height) >= 3 and rng.random() < 0.4:  # an L in place of a box
            keep[: width // 2, : height // 2] = False
        squares = np.argwhere(keep) + np.array([left, low])
        is_inside = (
            left >= 0 and low >= 0 and left + width < is_free.shape[0] and low + height < is_free.shape[1]
        )
        if is_inside and is_free[squares[:, 0], squares[:, 1]].all():
            return np.asarray(squares, dtype=np.int64)


def _facilities(concessions: pd.DataFrame, firms: list[str]) -> pd.DataFrame:
    mines = concessions[concessions["permit_type"] == "PE"].nlargest(20, "squares")
    kinds = ("open pit mine", "open pit mine and plant", "underground mine", "processing plant")
    rows = []
    for k, title in enumerate(mines.itertuples()):
        spot = cast(Polygon, title.geometry).representative_point()
        kind = kinds[k % len(kinds)]
        rows.append(
            {
                "facility_id": f"fac-t{k + 1:02d}",
                "name": f"{firms[k].split()[0]} {'plant' if kind == 'processing plant' else 'mine'}",
                "operator": title.holder,
                "lon": round(spot.x, 5),
                "lat": round(spot.y, 5),
                "place_precision": "site",
                "facility_kind_reported": kind,
                "commodities": "Cu; Co",
                "status_reported": "operating",
            }
        )
    return pd.DataFrame(rows)
