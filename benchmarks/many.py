"""10,000 sites and a million incidents: building them, and what the map page asks of them.

    python benchmarks/many.py [--sites 10000] [--incidents 1000000]

The rows are made by numpy, always the same, and written as an edition's own CSV files (no two places alike: the
hardest case). Building is the whole way: read, check every row against its contract, match, place, write,
read back, publish. Beside it, what a user would do instead: pandas reads the two files and geopandas joins
them with the areas, nothing checked, matched or written. Each in a process of its own; MB is its peak.
The questions are asked of the opened release, each for the first time.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from benchmarks.wire.servers import ROOT
from pipelines.build import build
from tests.made_edition import FILES, write_edition
from warehouse import cells, queries
from warehouse.release import open_release

QUESTIONS: dict[str, Callable[..., Any]] = {
    "incident_totals": queries.incident_totals,
    "symbol_counts": cells.symbol_counts,
    "cells": cells.cells,
    "beyond_cells": cells.beyond_cells,
    "incident_quarters": queries.incident_quarters,
    "year_only_count": queries.year_only_count,
    "incidents (the latest 2,000)": queries.incidents,
    "unplaced_incidents": queries.unplaced_incidents,
    "sites (the first 2,000)": queries.sites,
    "filter_options": queries.filter_options,
    "territory_options": queries.territory_options,
}
KINDS = ("pit_collapse", "asphyxiation", "drowning", "military_deployment", "child_labour_finding")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--incidents", type=int, default=1_000_000)
    sizes = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        edition, releases_dir = Path(name) / "open", Path(name) / "releases"
        write_edition(edition)
        site_rows(sizes.sites).to_csv(edition / "sites.csv", index=False)
        incident_rows(sizes.incidents).to_csv(edition / "incidents.csv", index=False)
        megabytes = sum(path.stat().st_size for path in edition.glob("*.csv")) / 1e6
        print(f"{sizes.sites:,} sites and {sizes.incidents:,} incidents, {megabytes:,.0f} MB of CSV")
        print(f"{'':<40}{'seconds':>9}{'MB':>8}")
        built = _apart(_build, edition, releases_dir)
        user = _apart(_as_a_user, edition)
        for label, figures in (
            ("build, the whole way", built),
            ("pandas and geopandas, read and join", user),
        ):
            print(f"{label:<40}{figures[0]:>9.2f}{figures[1]:>8,.0f}  {figures[2] or ''}")
        for label, seconds, rows in _apart(_ask, releases_dir)[2]:
            print(f"{label:<40}{seconds:>9.3f}{'':>8}  {rows:>6,} rows")
        _total, megabytes, runs = _apart(_page, releases_dir)
        for label, seconds in runs:
            print(f"{label:<40}{seconds:>9.2f}{megabytes:>8,.0f}")


def site_rows(count: int) -> pd.DataFrame:
    """Return `count` site records as the file `sites.csv` holds them."""
    chance = np.random.default_rng(2026)
    rows = pd.DataFrame(
        {
            "record_id": [f"site-{number}" for number in range(count)],
            "publisher": "Nobody",
            "name": _names(count, chance),
            "kind": "open_pit",
            "minerals": "Co",
            "place_precision": chance.choice(["site", "locality", "sector"], count, p=[0.8, 0.15, 0.05]),
            "position_is_proxy": "no",
            "province_reported": "Lualaba",
        }
    )
    return _as_file("sites", rows.assign(**_positions(count, chance)))


def incident_rows(count: int) -> pd.DataFrame:
    """Return `count` incidents as the file `incidents.csv` holds them."""
    chance = np.random.default_rng(2027)
    days = np.datetime64("2014-01-01") + chance.integers(0, 4_500, count)
    dead = chance.poisson(0.4, count)
    rows = pd.DataFrame(
        {
            "incident_id": [f"inc-{number}" for number in range(count)],
            "summary": "Something was reported here",
            "category_reported": chance.choice(KINDS, count),
            "record_kind": "event",
            "verification_reported": chance.choice(["single_source", "multiple_sources"], count),
            "source_count": chance.integers(1, 4, count),
            "date_start": days,
            "date_end": days,
            "date_precision": "day",
            "place_name": "A place",
            "province_reported": "Lualaba",
            "place_precision_reported": chance.choice(["site", "village", "town"], count, p=[0.6, 0.3, 0.1]),
            "position_is_proxy": "no",
            "killed_low": dead,
            "killed_best": dead,
            "killed_high": dead,
            "children_reported": "no",
            "toll_reported": "yes",
        }
    )
    return _as_file("incidents", rows.assign(**_positions(count, chance)))


def _positions(count: int, chance: np.random.Generator) -> dict[str, Any]:
    lon, lat = chance.uniform(25.0, 28.0, count), chance.uniform(-12.0, -10.0, count)
    return {"lon": lon.round(5), "lat": lat.round(5)}


def _names(count: int, chance: np.random.Generator) -> list[str]:
    syllables = np.array(
        ["ka", "lu", "mu", "te", "bo", "shi", "ngo", "wa", "ki", "pa", "ndu", "fe", "ro", "zi", "ya", "mba"]
    )
    return ["".join(word).capitalize() for word in chance.choice(syllables, (count, 4))]


def _as_file(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.reindex(columns=FILES[name][0].split(","))


def _apart(work: Callable[..., Any], *given: Any) -> tuple[float, float, Any]:
    """Return seconds, megabytes at the peak and the answer of `work`, done in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_timed, (work, given))


def _timed(work: Callable[..., Any], given: tuple[Any, ...]) -> tuple[float, float, Any]:
    began = time.perf_counter()
    answer = work(*given)
    seconds = time.perf_counter() - began
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, answer


def _build(edition: Path, releases_dir: Path) -> str:
    loads = build(edition, releases_dir).loads
    return f"{loads['rows_taken'].sum():,} rows taken, {loads['rows_rejected'].sum():,} set aside"


def _as_a_user(edition: Path) -> None:
    areas = [pd.read_csv(edition / f"{name}.csv") for name in ("territories", "provinces", "concessions")]
    for name in ("sites", "incidents"):
        rows = pd.read_csv(edition / f"{name}.csv")
        points = gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows["lon"], rows["lat"]), crs=4326)
        for area in areas:
            outlines = gpd.GeoDataFrame(area, geometry=gpd.GeoSeries.from_wkt(area["wkt"]), crs=4326)
            gpd.sjoin(points[["geometry"]], outlines, how="left")


def _ask(releases_dir: Path) -> list[tuple[str, float, int]]:
    release = open_release("open", releases_dir=releases_dir)
    lines = []
    for label, ask in QUESTIONS.items():
        began = time.perf_counter()
        answer = ask(release)
        seconds = time.perf_counter() - began
        lines.append((label, seconds, len(answer) if isinstance(answer, pd.DataFrame) else 1))
    return lines


def _page(releases_dir: Path) -> list[tuple[str, float]]:
    """Run the script of the map page: first with everything it imports, then again, then filtered."""
    os.environ["COBALT_RELEASES_DIR"] = str(releases_dir)
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    lines = []
    for label, severities in (("first", ()), ("again", ()), ("one severity chosen", ("5",))):
        page.session_state["severity"] = list(severities)
        began = time.perf_counter()
        page.run()
        lines.append((f"script of the map page, {label}", time.perf_counter() - began))
        if page.exception:
            raise RuntimeError(page.exception[0].message)
    return lines


if __name__ == "__main__":
    main()
