"""How long placing takes, beside what a user would pick instead.

    python benchmarks/place.py [--rows 10000 100000 1000000]

Random points in the box of the two provinces, no two alike (the hardest case: real tables repeat
their places), against the territories, provinces and titles of data/open. Printed: seconds, the peak
of memory above what was there before, and beside them the work a user would do instead:
(a) one `geopandas.sjoin` a table, which answers neither gaps nor extents nor cells;
(b) the same and the cells by `DataFrame.apply`;
(c) a loop over shapely's outlines, timed on 2,000 rows and scaled up.
Each runs in a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import shapely

from pipelines.places.overlap import incident_concessions
from pipelines.places.place import CELL_RESOLUTIONS, place

OPEN_EDITION = Path(__file__).resolve().parent.parent / "data" / "open"
BOX = (22.0, -13.0, 30.0, -8.0)
SAMPLE = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", nargs="+", type=int, default=[10_000, 100_000, 1_000_000])
    sizes = parser.parse_args().rows
    print(f"{'rows':>9}  {'work':<34}{'seconds':>9}{'MB':>7}{'ratio':>8}")
    for size in sizes:
        ours = _measured(_place, size)
        loop_s, loop_mb = _measured(_loop, min(size, SAMPLE))
        lines = (
            ("place", *ours),
            ("place and incident_concessions", *_measured(_place_and_titles, size)),
            ("sjoin a table, without cells", *_measured(_joins, size)),
            ("sjoin a table, cells by apply", *_measured(_joins_and_cells, size)),
            ("shapely loop (scaled up)", loop_s * size / min(size, SAMPLE), loop_mb),
        )
        for name, seconds, megabytes in lines:
            print(f"{size:>9,}  {name:<34}{seconds:>9.2f}{megabytes:>7.0f}{seconds / ours[0]:>7.1f}x")


def _measured(work: Callable[[pd.DataFrame], None], size: int) -> tuple[float, float]:
    """Return seconds and megabytes that `work` takes on `size` rows, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (work, size))


def _run(work: Callable[[pd.DataFrame], None], size: int) -> tuple[float, float]:
    rows = _random_rows(size)
    work(rows.head(100))
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    work(rows)
    seconds = time.perf_counter() - start
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024


def _random_rows(size: int) -> pd.DataFrame:
    rng = np.random.default_rng(2026)
    west, south, east, north = BOX
    return pd.DataFrame(
        {
            "incident_id": np.arange(size).astype(str),
            "lon": rng.uniform(west, east, size),
            "lat": rng.uniform(south, north, size),
            "place_precision": rng.choice(["site", "locality", "sector", "territory"], size),
            "place_precision_reported": rng.choice(["site", "concession"], size),
            "position_is_proxy": rng.random(size) < 0.2,
            "territory_reported": rng.choice(["Mutshatsha", "Kolwezi (ville)", "Lubudi"], size),
        }
    )


def _tables() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    tables = [
        pd.read_csv(OPEN_EDITION / f"{name}.csv") for name in ("territories", "provinces", "concessions")
    ]
    for table in tables:
        table["geometry"] = list(shapely.to_wkb(shapely.from_wkt(table.pop("wkt"))))
    return tables[0], tables[1], tables[2]


def _place(rows: pd.DataFrame) -> None:
    place(rows, *_tables())


def _place_and_titles(rows: pd.DataFrame) -> None:
    tables = _tables()
    incident_concessions(place(rows, *tables), tables[2])


def _joins(rows: pd.DataFrame) -> None:
    points = gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows["lon"], rows["lat"]), crs=4326)
    for table in _tables():
        areas = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries.from_wkb(table["geometry"]), crs=4326)
        gpd.sjoin(points[["geometry"]], areas, how="left", predicate="intersects")


def _joins_and_cells(rows: pd.DataFrame) -> None:
    _joins(rows)
    for resolution in CELL_RESOLUTIONS:
        rows.apply(lambda row, r=resolution: h3.latlng_to_cell(row["lat"], row["lon"], r), axis=1)


def _loop(rows: pd.DataFrame) -> None:
    tables = [list(shapely.from_wkb(table["geometry"])) for table in _tables()]
    for lon, lat in zip(rows["lon"], rows["lat"], strict=True):
        point = shapely.Point(lon, lat)
        for shapes in tables:
            [number for number, shape in enumerate(shapes) if shape.covers(point)]
        [h3.latlng_to_cell(lat, lon, resolution) for resolution in CELL_RESOLUTIONS]


if __name__ == "__main__":
    main()
