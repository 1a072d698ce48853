"""A small made edition, straight from hand-made frames: for tests of releases, not of sources."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from pipelines.release import building, make_current, plan, publish, write
from risk.vocabulary import Audience, Edition
from warehouse.manifest import Input

AS_OF = date(2026, 3, 31)


def inputs(content: str = "a", *, source: str = "tables", licence: str = "CC0") -> list[Input]:
    return [Input("places.csv", content, source, {"title": "Places", "licence": licence})]


def places(*names: str) -> pd.DataFrame:
    """One row a name; `Kolwezi@1.5` gives it a longitude."""
    rows = [(i, *name.partition("@")[::2]) for i, name in enumerate(names)]
    return pd.DataFrame(
        {
            "place_id": [f"p{i}" for i, _, _ in rows],
            "name": [name for _, name, _ in rows],
            "kind_reported": None,
            "province_reported": None,
            "territory_reported": None,
            "lon": [float(lon) if lon else None for _, _, lon in rows],
            "lat": None,
            "place_precision": "none",
            "position_is_proxy": False,
            "note": None,
            "verification_reported": None,
        }
    )


def rejected(*reasons: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "table_name": "places",
            "file": "places.csv",
            "line": range(2, 2 + len(reasons)),
            "column_name": "lon",
            "value": "x",
            "reason": list(reasons),
            "row_text": '{"name": "Kolwezi", "lon": "x"}',
        }
    )


def publish_tables(
    releases_dir: Path,
    tables: dict[str, pd.DataFrame],
    *,
    content: str = "a",
    as_of: date = AS_OF,
    source: str = "tables",
    licence: str = "CC0",
    audiences: tuple[Audience, ...] = (Audience.STAFF,),
) -> str:
    """Publish `tables`, the same for each of `audiences`, and return the release id."""
    with building(Edition.OPEN, releases_dir) as folder:
        made_of = inputs(content, source=source, licence=licence)
        planned = plan(Edition.OPEN, as_of, made_of, releases_dir)
        release_id = planned.manifest.release_id
        if planned.stands:
            make_current(folder, release_id)
        else:
            publish(folder, write(folder, planned.manifest, dict.fromkeys(audiences, tables)), release_id)
        return release_id
