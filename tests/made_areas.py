"""A release of four territories and two hotspots in which everything that can be known or missing occurs once.

Alpha rises while as many look as before, Beta falls while fewer look, Gamma is too weak to be shown, and of
Delta nothing is known at all. Of two visits to Gamma one looked for environment and found none, the other saw
hazards and did not look for environment; in a third stretch only something else was reported from there.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from pipelines.assembly import empty
from risk.vocabulary import Audience
from tests.made_many import _whole as whole
from tests.made_tables import publish_tables
from warehouse.contracts import TABLES
from warehouse.release import Release, open_release

AS_OF = date(2026, 3, 31)
STARTS = [
    "2024-04-01",
    "2024-07-01",
    "2024-10-01",
    "2025-01-01",
    "2025-04-01",
    "2025-07-01",
    "2025-10-01",
    "2026-01-01",
]
NAMES = {"CD7101": "Alpha", "CD7102": "Beta", "CD7201": "Gamma", "CD7202": "Delta"}
# Of Gamma: place of the stretch → visits, and reports of any category.
GAMMA: dict[int, tuple[int | None, int | None]] = {2: (1, 3), 5: (1, None), 6: (1, None), 7: (None, 2)}
RISING = (1, 1, 2, 3, 5, 7, 9, 10)


def publish_areas(
    releases_dir: Path,
    rows: dict[str, list[dict[str, Any]]] | None = None,
    audiences: tuple[Audience, ...] = (Audience.STAFF,),
) -> Release:
    """Publish the release, or one of other `rows`, and return it opened."""
    tables = {name: empty(promise.contract) for name, promise in TABLES.items() if name != "metadata"}
    tables |= {name: whole(name, pd.DataFrame(rows)) for name, rows in (rows or made_rows()).items()}
    publish_tables(releases_dir, tables, content="areas", as_of=AS_OF, audiences=audiences)
    return open_release("open", releases_dir=releases_dir)


def made_rows() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each table."""
    return {
        "provinces": [_province("CD71", "North", 0), _province("CD72", "South", 2)],
        "territories": [_territory(pcode, name, place) for place, (pcode, name) in enumerate(NAMES.items())],
        "loads": [_load("incidents", 80), _load("site_records", 20), _load("site_visits", 30)],
        "sites": [_site("site-gamma", "CD7201")],
        "site_visits": [_visit("v1", "2025-08-01"), _visit("v2", "2025-12-31")],
        "observations": [
            {"visit_id": "v1", "category": "ENV", "has_worst_form": False, "is_public_record": True},
            {"visit_id": "v2", "category": "OSH", "severity": 3, "has_worst_form": False}
            | {"is_public_record": True},
        ],
        "area_scores": [*_area_scores("territory"), *_area_scores("province")],
        "coverage": [
            _coverage("CD7101", 24, "2026-03-02"),
            _coverage("CD7102", 24, "2026-02-02"),
            _coverage("CD7201", 1, "2024-11-02"),
            {"grain": "territory", "unit_id": "CD7202", "site_count": 2, "absence": "not_visited"},
        ],
        "coverage_quarters": _effort(),
        "risk_measures": [rate for code in ("ALL", "ENV") for rate in _rates(code)],
        "risk_quarters": [
            _quarter(unit, code, start, count)
            for unit, counts in (
                ("CD7101", RISING),
                ("CD7102", RISING[::-1]),
                ("CD7201", (0, 0, 3, 0, 0, 0, 0, 0)),
            )
            for code in ("ALL", "ENV")
            for start, count in zip(STARTS, counts, strict=True)
            if count
        ],
        "hotspots": [
            _hotspot("OSH-c-86960b41fffffff", "OSH", "falling", -40.0, 5.0, has_arrow=True),
            _hotspot("SEC-r-86960b757ffffff", "SEC", "rising", 60.0, 80.0, has_arrow=False),
        ],
        "hotspot_quarters": [
            {
                "hotspot_id": hotspot,
                "quarter_start": pd.Timestamp(start),
                "events": None if place == 2 else float(place + 1),
                "all_events": None if place == 2 else float(place + 2),
                "visits": None if place == 2 else 1,
                "sources": None if place == 2 else 2,
                "absence": "not_reported" if place == 2 else None,
            }
            for hotspot in ("OSH-c-86960b41fffffff", "SEC-r-86960b757ffffff")
            for place, start in enumerate(STARTS)
        ],
    }


def _square(left: int, wide: int = 1) -> bytes:
    outline: bytes = shapely.to_wkb(shapely.box(24 + left, -11, 24 + left + wide, -10))
    return outline


def _province(pcode: str, name: str, left: int) -> dict[str, Any]:
    return {"province_pcode": pcode, "name": name, "area_km2": 100.0, "geometry": _square(left, 2)}


def _territory(pcode: str, name: str, left: int) -> dict[str, Any]:
    return {
        "territory_pcode": pcode,
        "name": name,
        "kind": "territory",
        "province_pcode": pcode[:4],
        "area_km2": 50.0,
        "geometry": _square(left),
    }


def _load(table: str, rows: int) -> dict[str, Any]:
    return {
        "table_name": table,
        "file": f"{table}.csv",
        "rows_in": rows,
        "rows_taken": rows,
        "rows_rejected": 0,
        "state": "loaded",
    }


def _site(site_id: str, territory: str) -> dict[str, Any]:
    row = {"site_id": site_id, "name": "Pit", "kind": "unknown", "minerals": "Co", "record_count": 1}
    row |= {
        "publishers": "Nobody",
        "place_precision": "site",
        "position_is_proxy": False,
        "is_public_record": True,
    }
    return row | {"territory_pcode": territory, "province_pcode": territory[:4], "extent_kind": "none"}


def _visit(visit_id: str, day: str) -> dict[str, Any]:
    row = {"visit_id": visit_id, "site_record_id": "site-gamma", "site_id": "site-gamma", "visitor": "Nobody"}
    return (
        row
        | {"visited_on": pd.Timestamp(day), "is_on_site": True, "is_independent": True}
        | {"is_public_record": True}
    )


def _area_scores(grain: str) -> list[dict[str, Any]]:
    units = list(NAMES) if grain == "territory" else ["CD71", "CD72"]
    known = [
        _score(
            grain, units[0], (62, 50, 70), (4000, 1000, 5000), 80.0, "high", "B", "source_count", immediate=2
        ),
        _score(grain, units[1], (10, 5, 20), (0, 0, 0), 55.0, "low", "A", None, immediate=1),
    ]
    if grain == "province":
        return known
    weak = _score(
        grain, units[2], (40, 1, 99), (900, 0, 900), 10.0, "insufficient", "D", "n_eff", immediate=None
    )
    nothing = {
        "grain": grain,
        "unit_id": units[3],
        "site_count": 2,
        "workers_exposed": 300.0,
        "assessed_workers_pct": 0.0,
        "band": "insufficient",
        "grade": "D",
        "held_down_by": "n_eff; source_count",
        "absence": "not_visited",
    }
    return [*known, weak, nothing]


def _score(
    grain: str,
    unit: str,
    mean: tuple[float, float, float],
    burden: tuple[float, float, float],
    assessed: float,
    band: str,
    grade: str,
    held_down_by: str | None,
    immediate: int | None,
) -> dict[str, Any]:
    row = {
        "grain": grain,
        "unit_id": unit,
        "site_count": 20,
        "scored_site_count": 12,
        "workers_exposed": 9000.0,
    }
    row |= dict(zip(("mean_score", "mean_score_low", "mean_score_high"), map(float, mean), strict=True))
    names = ("burden_workers", "burden_workers_low", "burden_workers_high")
    row |= dict(zip(names, map(float, burden), strict=True))
    row |= {"assessed_workers_pct": assessed, "immediate_count": immediate}
    return row | {"band": band, "grade": grade, "held_down_by": held_down_by}


def _coverage(unit: str, visits: int, last: str) -> dict[str, Any]:
    row = {"grain": "territory", "unit_id": unit, "site_count": 20, "sites_visited": 6, "visits": visits}
    return row | {
        "sources": 3,
        "events": 38,
        "last_visit_on": pd.Timestamp(last),
        "last_event_on": pd.Timestamp(last),
    }


def _effort() -> list[dict[str, Any]]:
    rows = []
    for place, start in enumerate(STARTS):
        day = {"grain": "territory", "quarter_start": pd.Timestamp(start)}
        rows.append(day | {"unit_id": "CD7101", "visits": 3, "sources": 2, "events": 4})
        rows.append(day | {"unit_id": "CD7102", "visits": 3, "sources": 4 if place < 4 else 1, "events": 4})
        if place in GAMMA:
            visits, events = GAMMA[place]
            rows.append(day | {"unit_id": "CD7201", "visits": visits, "sources": 1, "events": events})
    return rows


def _rates(category: str) -> list[dict[str, Any]]:
    grain = {"grain": "territory", "category": category, "workers_exposed": 9000.0, "expected": 15.0}
    return [
        grain | {"unit_id": "CD7101", "events": 38.0, "rr": 2.5, "rr_low": 1.8, "rr_high": 3.2, "source_count": 3, "grade": "B"},
        grain | {"unit_id": "CD7102", "events": 38.0, "rr": 2.4, "rr_low": 1.7, "rr_high": 3.1, "source_count": 1, "grade": "D"},
        grain | {"unit_id": "CD7201", "events": 3.0, "rr": 0.3, "rr_low": 0.1, "rr_high": 0.8, "source_count": 1, "grade": "C"},
        grain | {"unit_id": "CD7202", "absence": "not_visited", "rr": 0.4, "rr_low": 0.0, "rr_high": 4.0, "grade": "D"},
    ]  # fmt: skip


def _quarter(unit: str, category: str, start: str, count: int) -> dict[str, Any]:
    row = {"grain": "territory", "unit_id": unit, "category": category, "events": float(count)}
    return row | {"quarter_start": pd.Timestamp(start)}


def _hotspot(
    hotspot_id: str, category: str, trend_class: str, rate: float, effort: float, *, has_arrow: bool
) -> dict[str, Any]:
    numbers = dict.fromkeys(("observed", "expected", "report_count", "rr", "rr_low", "rr_high"), 20.0)
    shares = dict.fromkeys(("p_rate", "p_share", "stability"), 0.5)
    return {
        **numbers,
        **shares,
        "hotspot_id": hotspot_id,
        "category": category,
        "hotspot_class": "reported",
        "centre_cell": "86960b41fffffff",
        "radius_m": 12_000,
        "cells": "86960b41fffffff",
        "geometry": _square(0),
        "lon": 24.5,
        "lat": -10.5,
        "province_pcode": "CD71",
        "territory_pcodes": "CD7101; CD7102",
        "site_count": 3,
        "workers_exposed": 900.0,
        "expected_of_reports": 10.0,
        "event_count": 20,
        "is_pooled": False,
        "llr": 9.0,
        "source_count": 3,
        "located_pct": 90.0,
        "effective_events": 9.0,
        "grade": "B",
        "trend_class": trend_class,
        "trend_p": 0.01,
        "rate_change_pct": rate,
        "effort_change_pct": effort,
        "has_arrow": has_arrow,
    }
