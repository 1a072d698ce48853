"""Two sites, a refiner and cases about them: before, between and after assessments, within them, and too vague to tell.

What is derived of them is derived as a build does.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.assembly import empty
from pipelines.measuring.moment import Moment
from pipelines.measuring.progressing import acted, complained
from risk.vocabulary import Audience
from tests.made_many import _whole as whole
from tests.made_tables import publish_tables
from warehouse.contracts import TABLES

AS_OF = date(2026, 3, 31)
PERSON = "Jane Doe Mining"
HOSTILE = "<img src=x onerror=ran(1)> [a](javascript:ran(2)) said"
# Case → entity, received, alleged from–to.
CASES: dict[str, tuple[str, str, str, str | None, str | None]] = {
    "before": ("site", "record-a", "2024-03-01", "2024-01-10", "2024-01-12"),
    "between": ("site", "record-a", "2025-02-01", "2025-01-10", "2025-01-20"),
    "after": ("site", "record-a", "2026-01-05", "2026-01-01", None),
    "within": ("site", "record-a", "2024-09-01", "2024-04-20", "2024-05-10"),
    "vague": ("site", "record-a", "2026-02-01", None, "2025-12-01"),
    "unknown": ("site", "record-b", "2026-02-02", None, None),
    "refiner": ("refiner", "ref-made", "2025-02-01", "2025-01-10", "2025-01-20"),
    "company": ("company", "company-1", "2025-02-01", "2025-01-10", "2025-01-20"),
}
STEPS = (
    ("between", "2025-02-08", "acknowledged"),
    ("between", "2025-03-04", "accepted"),
    ("between", "2025-06-01", "closed_unsubstantiated"),
    ("after", "2026-01-06", "acknowledged"),
    ("after", "2026-06-01", "accepted"),
)


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each table that an operator gives."""
    return {
        "sites": [_site("site-a", "Alpha Pit"), _site("site-b", "Beta Pit")],
        "site_records": [_record("record-a", "site-a"), _record("record-b", "site-b")],
        "refiners": [
            {"refiner_id": "ref-made", "rmap_id": "CID000001", "name": "A Made Refinery", "country": "FIN"}
            | {"kind": "fine", "place_precision": "none", "rmap_status": "not_reported"}
        ],
        "refiner_statuses": [
            {"listing_id": "l-1", "list_id": "list-2024-05-01", "listed_on": _day("2024-05-01")}
            | {"rmap_id": "CID000001", "name": "Refinery", "kind": "fine", "status": "conformant"}
            | {"assessed_on": _day("2024-04-01")}
        ],
        "frameworks": [
            {"framework_id": "made@1", "scheme": "made", "version": "1", "standing": "illustrative"}
            | {"title_en": "A Made Framework", "title_fr": "Un référentiel fait", "publisher": "Nobody"}
            | {"valid_from": _day("2024-01-01"), "licence": "CC0"}
        ],
        "assessments": [
            _assessed("a-1", "2024-05-01", "initial"),
            _assessed("a-2", "2025-06-30", "follow_up"),
        ],
        "assessment_levels": [_level("a-1", None, is_blocked=True), _level("a-2", "BASE", is_blocked=False)],
        "improvement_actions": [
            _action("act-1", "in_progress", "2024-06-01"),
            _action("act-2", "resolved", "2024-06-01", "2024-12-01"),
            _action("act-3", "draft", "2024-06-01"),
            _action("act-4", "cancelled", "2024-06-01"),
        ],
        "grievances": [_grievance(name, *case) for name, case in CASES.items()],
        "grievance_steps": [
            {
                "step_id": f"s-{number}",
                "grievance_id": f"g-{name}",
                "happened_on": _day(day),
                "status": status,
            }
            | {"note": "For staff alone"}
            for number, (name, day, status) in enumerate(STEPS)
        ],
    }


def publish_cases(releases_dir: Path, audience: Audience = Audience.STAFF, *, has_cases: bool = True) -> None:
    """Publish them for `audience`; below staff no text of a case is in the file, as no release has one."""
    tables = {name: empty(promise.contract) for name, promise in TABLES.items() if name != "metadata"}
    made = rows()
    if not has_cases:
        made |= {"grievances": [], "grievance_steps": []}
    tables |= {name: whole(name, pd.DataFrame(some)) for name, some in made.items() if some}
    if audience is not Audience.STAFF:
        for name, column in (("grievances", "summary"), ("grievance_steps", "note")):
            tables[name] = tables[name].assign(
                **{column: pd.Series(pd.NA, tables[name].index, dtype="string")}
            )
    moment = Moment(AS_OF)
    tables |= complained(tables, moment) | acted(tables, moment)
    publish_tables(releases_dir, tables, content="cases", as_of=AS_OF, audiences=(audience,))


def _day(day: str | None) -> pd.Timestamp | None:
    return None if day is None else pd.Timestamp(day)


def _site(site_id: str, name: str) -> dict[str, Any]:
    return {
        "site_id": site_id,
        "name": name,
        "kind": "unknown",
        "minerals": "Co",
        "place_precision": "none",
    } | {
        "position_is_proxy": False,
        "extent_kind": "none",
        "record_count": 1,
        "publishers": "Nobody",
        "is_public_record": True,
    }


def _record(record_id: str, site_id: str) -> dict[str, Any]:
    return {
        "record_id": record_id,
        "site_id": site_id,
        "publisher": "Nobody",
        "name": site_id,
        "kind": "unknown",
    } | {
        "place_precision": "none",
        "position_is_proxy": False,
        "is_public_record": True,
    }


def _assessed(assessment_id: str, day: str, kind: str) -> dict[str, Any]:
    return {
        "assessment_id": assessment_id,
        "site_record_id": "record-a",
        "site_id": "site-a",
        "kind": kind,
    } | {
        "framework_id": "made@1",
        "assessed_on": _day(day),
        "assessor_kind": "independent",
        "is_public_record": True,
    }


def _level(assessment_id: str, level: str | None, *, is_blocked: bool) -> dict[str, Any]:
    return {"assessment_id": assessment_id, "site_id": "site-a", "level": level, "is_blocked": is_blocked} | {
        "criteria_applicable": 10,
        "criteria_assessed": 9,
        "coverage_pct": 90.0,
    }


def _action(action_id: str, status: str, start: str, resolved: str | None = None) -> dict[str, Any]:
    return {
        "action_id": action_id,
        "site_record_id": "record-a",
        "site_id": "site-a",
        "title_en": f"Do {action_id}",
        "responsible": "cooperative",
        "cost_band": "none",
        "funding_status": "not_needed",
        "priority": "low",
        "started_on": _day(start),
        "due_on": _day("2025-12-31"),
        "progress_pct": 10,
        "status": status,
        "verification": "not_verified",
        "resolved_on": _day(resolved),
        "is_public_record": True,
    }


def _grievance(
    name: str, kind: str, entity: str, received: str, start: str | None, end: str | None
) -> dict[str, Any]:
    return {
        "grievance_id": f"g-{name}",
        "entity_kind": kind,
        "entity_id": entity,
        "entity_name": PERSON,
        "category": "SEC",
        "received_on": _day(received),
        "alleged_start": _day(start),
        "alleged_end": _day(end),
        "summary": HOSTILE,
        "is_public_record": True,
    }
