"""A made release with hotspots of every class: a few cells, a few reports, straight from hand-made frames."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import h3
import pandas as pd
import shapely

from pipelines.assembly import empty, held
from risk.vocabulary import Audience
from tests.made_tables import publish_tables
from warehouse.contracts import TABLES
from warehouse.release import Release, open_release

AS_OF = date(2026, 11, 1)
START, END = pd.Timestamp("2024-11-02"), pd.Timestamp("2026-11-01")
# Cells of resolution 6 in a row, none beside another.
CELLS = [h3.latlng_to_cell(-10.7, 25.5 + 0.2 * number, 6) for number in range(8)]
CONFIRMED, REPORTED, DISTINCTIVE = "OSH-c-1", "SEC-r-2", "ENV-d-3"


def hotspot(hotspot_id: str = CONFIRMED, cell: str = CELLS[0], **changes: Any) -> dict[str, Any]:
    """Return a row of `hotspots`: fourteen reports of four sources, three times what is expected."""
    shape = shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])
    classes = {"c": "confirmed", "r": "reported", "d": "distinctive"}
    row = {
        "hotspot_id": hotspot_id,
        "category": hotspot_id[:3],
        "hotspot_class": classes[hotspot_id[4]],
        "centre_cell": cell,
        "radius_m": 0,
        "cells": cell,
        "geometry": shapely.to_wkb(shape),
        "lon": shape.centroid.x,
        "lat": shape.centroid.y,
        "province_pcode": "CD72",
        "territory_pcodes": "CD7201",
        "site_count": 2,
        "workers_exposed": 500.0,
        "observed": 14.0,
        "expected": 4.2,
        "expected_of_reports": 5.0,
        "report_count": 20.0,
        "event_count": 14,
        "rr": 3.04,
        "rr_low": 2.0,
        "rr_high": 4.6,
        "is_pooled": False,
        "llr": 9.0,
        "p_rate": 0.00001,
        "p_share": 0.00002,
        "stability": 0.95,
        "source_count": 4,
        "located_pct": 90.0,
        "effective_events": 10.5,
        "grade": "B",
        "held_down_by": "stability",
        "holds_in": 3,
        "holds_of": 5,
        "holds_where": "cells_r5; cells_r6; cells_r7",
        "trend_class": "rising",
        "trend_p": 0.01,
        "rate_change_pct": 80.0,
        "effort_change_pct": 90.0,
        "has_arrow": False,
    }
    return row | changes


def hotspots() -> list[dict[str, Any]]:
    """Return one of each class."""
    return [
        hotspot(),
        hotspot(REPORTED, CELLS[1], p_share=0.2),
        hotspot(DISTINCTIVE, CELLS[2], p_rate=0.3),
    ]


def event(number: int, cell: str | None, categories: str = "OSH", **changes: Any) -> dict[str, Any]:
    """Return a row of `events`, in `cell`; without one it is known to a territory."""
    row = {
        "event_id": f"evt-{number}",
        "category": categories[:3],
        "categories": categories,
        "severity": 3,
        "verification": "corroborated",
        "date_start": pd.Timestamp("2026-05-01"),
        "date_end": pd.Timestamp("2026-05-01"),
        "date_precision": "day",
        "place_precision": "site" if cell else "territory",
        "record_count": 1,
        "source_groups": "a; b",
        "source_count": 2,
        "is_in_window": True,
        "tested_as": "cell" if cell else "area",
        "cell": cell,
    }
    return row | changes


def events() -> list[dict[str, Any]]:
    """Return five events in the first cell, three in the second, one each in two more, two too vague, one old."""
    located = [CELLS[0]] * 5 + [CELLS[1]] * 3 + [CELLS[2], CELLS[3]]
    kinds = ["OSH; SEC"] + ["OSH"] * 4 + ["SEC"] * 3 + ["ENV", "OSH"]
    rows = [event(n, cell, kind) for n, (cell, kind) in enumerate(zip(located, kinds, strict=True))]
    province = {"place_precision": "province", "tested_as": "not_tested"}
    return [
        *rows,
        event(10, None),
        event(11, None, **province),
        event(12, CELLS[0], is_in_window=False),
    ]


def theme_test(category: str, **changes: Any) -> dict[str, Any]:
    """Return a row of `theme_tests`: a hundred events, half of the cells with too little."""
    row = {
        "category": category,
        "window_start": START,
        "window_end": END,
        "event_count": 100,
        "tested_count": 98,
        "e_min": 6.0,
        "p_cutoff_rate": 0.001,
        "p_cutoff_share": 0.0005,
        "cell_count": 4,
        "too_little_count": 2,
        "scan_p": 0.001,
    }
    return row | changes


def theme_tests() -> list[dict[str, Any]]:
    """Return tests that see something, one that sees nothing anywhere, one without a report."""
    nothing = {"event_count": None, "tested_count": None, "absence": "not_reported", "scan_p": None}
    few = {"event_count": 3, "tested_count": 3, "too_little_count": 4, "scan_p": None}
    return [
        theme_test("CHL", too_little_count=4, **nothing),
        theme_test("COR", scan_note="too few events for a scan", **few),
        *(theme_test(code) for code in ("ENV", "OSH", "SEC")),
    ]


def measures() -> list[dict[str, Any]]:
    """Return a row a cell and category: outlines where they lie, no excess in the fourth cell but for COR."""
    own = {"OSH": (CELLS[0], "confirmed"), "SEC": (CELLS[1], "reported"), "ENV": (CELLS[2], "distinctive")}
    rows = []
    for code in ("CHL", "COR", "ENV", "OSH", "SEC"):
        for cell in CELLS[:4]:
            is_own = own.get(code, ("", ""))[0] == cell
            is_clear = cell == CELLS[3] and code in own
            rows.append(
                {
                    "grain": "cell",
                    "unit_id": cell,
                    "category": code,
                    "workers_exposed": 250.0,
                    "unit_class": own[code][1] if is_own else "no_excess" if is_clear else "too_little",
                    "absence": "none_found",
                    "grade": "D",
                }
            )
    return rows


def coverage() -> list[dict[str, Any]]:
    """Return a cell looked at lately, one long ago, one never."""
    days = [(pd.Timestamp("2026-10-01"), 4), (pd.Timestamp("2020-03-01"), 348), (None, None)]
    return [
        {
            "grain": "cell",
            "unit_id": cell,
            "site_count": 1,
            "visits": 2 if number == 0 else None,
            "last_visit_on": day,
            "weeks_without_signal": weeks,
            "absence": "not_visited" if number else None,
        }
        for number, (cell, (day, weeks)) in enumerate(zip(CELLS, days, strict=False))
    ]


def incident(number: int) -> dict[str, Any]:
    """Return a row of `incidents` that tells of event `number`."""
    return {
        "incident_id": f"inc-{number}",
        "summary": f"A pit fell in, number {number}",
        "category": "OSH",
        "category_reported": "pit_collapse",
        "severity": 3,
        "severity_reason": "death",
        "record_kind": "event",
        "verification": "single_source",
        "verification_reported": "single_source",
        "date_start": pd.Timestamp("2026-05-01"),
        "date_end": pd.Timestamp("2026-05-01"),
        "date_precision": "day",
        "lon": 25.5,
        "lat": -10.7,
        "place_precision": "site",
        "place_precision_reported": "site",
        "position_is_proxy": False,
        "extent_kind": "point",
        "has_children": False,
        "counts_in_toll": False,
        "is_public_record": True,
        "sensitivity": "moderate",
        "source_count": 1,
    }


def quarters(hotspot_id: str) -> list[dict[str, Any]]:
    """Return eight quarters: reports in the last two, a look without one before, nobody before that."""
    rows = []
    for number in range(8):
        start = pd.Timestamp("2024-11-02") + pd.DateOffset(months=3 * number)
        row: dict[str, Any] = {"hotspot_id": hotspot_id, "quarter_start": start}
        if number > 5:
            row |= {"events": 7.0, "all_events": 10.0, "sources": 3}
        else:
            row |= {"absence": "none_found" if number > 2 else "not_reported"}
        rows.append(row)
    return rows


def release_with(
    releases_dir: Path, audiences: tuple[Audience, ...] = (Audience.STAFF,), **changes: list[dict[str, Any]]
) -> Release:
    """Publish a release of the rows above, those of the tables in `changes` in their place, and open it."""
    listed = changes.get("hotspots", hotspots())
    numbers = [0, 1, 2, 3, 4, 10]
    made = {
        "hotspots": listed,
        "events": events(),
        "event_records": [
            {"incident_id": f"inc-{n}", "event_id": f"evt-{n}", "role": "best"} for n in numbers
        ],
        "incidents": [incident(n) for n in numbers],
        "hotspot_events": [
            {"hotspot_id": row["hotspot_id"], "event_id": f"evt-{n}", "share": 0.6 if n == 10 else 1.0}
            for row in listed
            for n in numbers
        ],
        "hotspot_quarters": [quarter for row in listed for quarter in quarters(row["hotspot_id"])],
        "theme_tests": theme_tests(),
        "risk_measures": measures(),
        "coverage": coverage(),
        "provinces": [{"province_pcode": "CD72", "name": "Lualaba", "area_km2": 100.0, "geometry": _box()}],
        "territories": [
            {
                "territory_pcode": "CD7201",
                "name": "Kolwezi <b>",
                "kind": "city",
                "province_pcode": "CD72",
                "area_km2": 10.0,
                "geometry": _box(),
            }
        ],
    } | changes
    tables = {name: empty(promise.contract) for name, promise in TABLES.items() if name != "metadata"}
    for name, rows in made.items():
        if rows:
            tables[name] = _whole(name, pd.DataFrame(rows))
    publish_tables(releases_dir, tables, content=str(sorted(changes)), as_of=AS_OF, audiences=audiences)
    return open_release("open", releases_dir=releases_dir)


def _box() -> bytes:
    shape: bytes = shapely.to_wkb(shapely.box(25, -11, 28, -10))
    return shape


def _whole(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with the contract's other columns missing."""
    columns = TABLES[table].contract.to_schema().columns
    missing = {name: pd.Series(pd.NA, rows.index, dtype=object) for name in columns if name not in rows}
    return held(table, rows.assign(**missing))
