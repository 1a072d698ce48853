"""Single things of a release: here, the ground that it covers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import shapely

from pipelines.assembly import empty
from tests import counting
from tests.made_tables import publish_tables
from tests.made_training import publish_training
from warehouse import records
from warehouse.contracts import TABLES
from warehouse.release import Release, open_release


def made(folder: Path, *territories: str) -> Release:
    """Return a release without any site or incident; `territories` are outlines as WKT."""
    tables = {name: empty(TABLES[name].contract) for name in ("sites", "incidents", "territories")}
    rows = [
        {
            "territory_pcode": f"CD72{number:02}",
            "name": "Kolwezi",
            "kind": "city",
            "province_pcode": "CD72",
            "area_km2": 1.0,
            "geometry": shapely.to_wkb(shapely.from_wkt(outline)),
        }
        for number, outline in enumerate(territories)
    ]
    if rows:
        tables["territories"] = pd.DataFrame(rows)
    publish_tables(folder, tables)
    return open_release("open", releases_dir=folder)


def test_the_ground_holds_every_site_and_incident_of_a_release(open_release: Release) -> None:
    (south, west), (north, east) = records.bounds(open_release) or pytest.fail("nothing is placed")
    found = [(float(row["lat"]), float(row["lon"])) for row in counting.incidents() if row["lat"]]
    assert len(found) > 90
    assert all(south < lat < north and west < lon < east for lat, lon in found)
    assert east - west < 4
    assert north - south < 3


def test_the_ground_follows_the_release(tmp_path: Path) -> None:
    publish_training(tmp_path / "releases", tmp_path / "training")
    release = open_release("training", releases_dir=tmp_path / "releases")
    (south, west), (north, east) = records.bounds(release) or pytest.fail("nothing is placed")
    assert (south, west, north, east) == pytest.approx((-10.75, 25.4, -10.65, 26.6))


def test_where_no_point_is_on_record_the_ground_is_that_of_the_territories(tmp_path: Path) -> None:
    release = made(
        tmp_path,
        "POLYGON ((25 -11, 26 -11, 26 -10, 25 -10, 25 -11))",
        "POLYGON ((26 -11, 27 -11, 27 -10, 26 -10, 26 -11))",
    )
    (south, west), (north, east) = records.bounds(release) or pytest.fail("nothing is placed")
    assert (south, west, north, east) == pytest.approx((-11.1, 24.8, -9.9, 27.2))


def test_a_release_without_any_place_has_no_ground_of_its_own(tmp_path: Path) -> None:
    assert records.bounds(made(tmp_path)) is None


def test_the_ground_is_asked_for_once_a_release(
    open_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = records.bounds(open_release)
    monkeypatch.setattr(Release, "query", lambda *_given: pytest.fail("asked again"))
    assert records.bounds(open_release) == first
