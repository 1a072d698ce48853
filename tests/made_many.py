"""Made sites and incidents, as many as a test or a benchmark asks for; seeded, so always the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import h3
import numpy as np
import pandas as pd

from pipelines.assembly import empty, held
from tests.made_tables import publish_tables
from warehouse.contracts import TABLES
from warehouse.release import Release, open_release

# Around the two provinces: west, south, east, north.
BOX = (23.5, -12.0, 28.5, -9.5)
# precision → what is drawn for it, and its radius
EXTENTS = {"site": ("point", None), "locality": ("disc", 5_000), "sector": ("disc", 25_000)}


def placed(count: int, *, precisions: tuple[str, ...] = ("site",), seed: int = 20261122) -> pd.DataFrame:
    """Return `count` rows with the columns of the contract `Placed`, lon, lat and place_precision."""
    chance = np.random.default_rng(seed)
    west, south, east, north = BOX
    lon, lat = chance.uniform(west, east, count), chance.uniform(south, north, count)
    precision = chance.choice(precisions, count)
    spots = list(zip(lat.tolist(), lon.tolist(), strict=True))
    return pd.DataFrame(
        {
            "lon": lon,
            "lat": lat,
            "place_precision": precision,
            "position_is_proxy": [EXTENTS[p][0] != "point" for p in precision],
            "extent_kind": [EXTENTS[p][0] for p in precision],
            "extent_radius_m": [EXTENTS[p][1] for p in precision],
            "province": "Lualaba",
            "is_public_record": True,
            **{f"h3_r{n}": [h3.latlng_to_cell(*spot, n) for spot in spots] for n in (4, 5, 6, 7)},
        }
    )


def sites(count: int, **options: object) -> pd.DataFrame:
    """Return `count` rows of the table `sites`."""
    rows = placed(count, **options)
    names = [f"Pit {number}" for number in range(count)]
    return _whole(
        "sites",
        rows.assign(
            site_id=[f"site-{number}" for number in range(count)],
            name=names,
            kind="unknown",
            minerals="Co",
            record_count=1,
            publishers="Nobody",
        ),
    )


def incidents(count: int, **options: object) -> pd.DataFrame:
    """Return `count` rows of the table `incidents`."""
    rows = placed(count, **options)
    return _whole(
        "incidents",
        rows.assign(
            incident_id=[f"inc-{number}" for number in range(count)],
            summary="A pit fell in",
            category="OSH",
            category_reported="pit_collapse",
            severity=[1 + number % 5 for number in range(count)],
            severity_reason="death",
            record_kind="event",
            verification="single_source",
            verification_reported="single_source",
            place_precision_reported=rows["place_precision"],
            has_children=False,
            counts_in_toll=False,
            sensitivity="moderate",
            source_count=1,
            date_start=pd.Timestamp("2024-02-03"),
            date_end=pd.Timestamp("2024-02-03"),
            date_precision="day",
        ),
    )


def release_of(
    releases_dir: Path, site_rows: pd.DataFrame, incident_rows: pd.DataFrame | None = None
) -> Release:
    """Publish a release of these rows, all other tables empty, and return it opened."""
    tables = {name: empty(promise.contract) for name, promise in TABLES.items() if name != "metadata"}
    tables["sites"] = site_rows
    if incident_rows is not None:
        tables["incidents"] = incident_rows
    publish_tables(releases_dir, tables, content=f"{len(site_rows)}", as_of=date(2026, 11, 1))
    return open_release("open", releases_dir=releases_dir)


def _whole(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with the contract's other columns missing."""
    columns = TABLES[table].contract.to_schema().columns
    missing = {name: pd.Series(pd.NA, rows.index, dtype=object) for name in columns if name not in rows}
    return held(table, rows.assign(**missing))
