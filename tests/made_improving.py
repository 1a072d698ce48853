"""A release of three sites: one assessed twice with actions, one assessed once, one of which little is known.

What is derived is made by the build's own steps from these rows. Alpha lost and gained, is blocked, and its
section OSH has no score; its assessment expired 30 days before the day of the release.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.assembly import empty
from pipelines.measuring.moment import Moment
from pipelines.measuring.progressing import acted, assessed
from risk.vocabulary import Audience
from tests import made_framework as framework
from tests.made_areas import made_rows
from tests.made_many import _whole as whole
from tests.made_tables import publish_tables
from warehouse.contracts import TABLES
from warehouse.release import Release, open_release

AS_OF = date(2026, 3, 31)
HOSTILE = "<script>alert(1)</script> *dig* [a](b)"
ALPHA, BETA, GAMMA = "site-alpha", "site-beta", "site-gamma"
NAMES = {ALPHA: "Émile <b>pit</b>", BETA: "beta", GAMMA: "Zulu"}
FINDINGS = {
    "a1": {"GOV-01": "met", "GOV-02": "not_met", "WR-01": "met", "WR-02": "partial", "OSH-01": "not_met"},
    "a2": {"GOV-01": "not_met", "GOV-02": "met", "WR-01": "partial", "WR-02": "met", "OSH-01": "partial"},
    "a3": {"GOV-01": "met", "OSH-01": "not_met"},
}


def publish_improving(
    releases_dir: Path, *, only_sites: bool = False, audiences: tuple[Audience, ...] = (Audience.STAFF,)
) -> Release:
    """Publish the release, or one without assessments and actions, and return it opened for the first audience."""
    tables = {name: empty(promise.contract) for name, promise in TABLES.items() if name != "metadata"}
    for name, rows in {**_ground(), **({} if only_sites else _progress())}.items():
        tables[name] = whole(name, pd.DataFrame(rows))
    if not only_sites:
        tables |= {
            "frameworks": whole("frameworks", framework.frameworks()),
            "framework_levels": whole("framework_levels", framework.framework_levels()),
            "criteria": whole("criteria", _criteria()),
        }
        moment = Moment(AS_OF)
        made = {**assessed(tables, moment), **acted(tables, moment)}
        tables |= {name: whole(name, rows) for name, rows in made.items() if len(rows)}
    content = f"improving-{only_sites}"
    publish_tables(releases_dir, tables, content=content, as_of=AS_OF, audiences=audiences)
    return open_release("open", audiences[0], releases_dir=releases_dir)


def _criteria() -> pd.DataFrame:
    """Return the criteria of the made framework; one takes investment."""
    other = {"criterion_id": {"1.a_b": "OSH-03"}, "section_en": {"Section OSH": "Section *OSH*"}}
    rows = framework.criteria().replace(other)
    is_dear = rows["criterion_id"] == "OSH-01"
    return rows.assign(needs_capital=is_dear, capital_en=is_dear.map({True: "Machines"}))


def _ground() -> dict[str, list[dict[str, Any]]]:
    rows = made_rows()
    return {
        "provinces": rows["provinces"],
        "territories": rows["territories"],
        "sites": [
            _site(ALPHA, "CD7101"),
            _site(BETA, "CD7201"),
            _site(GAMMA, None, place_precision="territory"),
        ],
        "site_records": [_record(code) for code in NAMES],
        "site_visits": [
            {
                "visit_id": "v1",
                "site_record_id": f"r-{ALPHA}",
                "site_id": ALPHA,
                "visited_on": pd.Timestamp("2023-05-02"),
                "visitor": HOSTILE,
                "is_on_site": True,
                "is_independent": True,
                "is_public_record": True,
            }
        ],
    }


def _site(site_id: str, territory: str | None, **changes: Any) -> dict[str, Any]:
    known = {} if territory is None else {"territory_pcode": territory, "territory": f"Land {territory}"}
    row = {
        "site_id": site_id,
        "name": NAMES[site_id],
        "kind": "unknown",
        "place_precision": "site",
        "position_is_proxy": False,
        "record_count": 1,
        "publishers": "Nobody",
        "extent_kind": "none",
        "is_public_record": True,
        "workers": 300 if site_id == ALPHA else None,
        "workers_year": 2021 if site_id == ALPHA else None,
        "workers_record_id": f"r-{ALPHA}" if site_id == ALPHA else None,
    }
    return row | known | changes


def _record(site_id: str) -> dict[str, Any]:
    return {
        "record_id": f"r-{site_id}",
        "site_id": site_id,
        "publisher": "Nobody",
        "name": NAMES[site_id],
        "kind": "unknown",
        "place_precision": "site",
        "position_is_proxy": False,
        "is_public_record": True,
    }


def _progress() -> dict[str, list[dict[str, Any]]]:
    return {
        "assessments": [
            _assessment("a1", ALPHA, "initial", "2025-03-01", "2026-03-01"),
            _assessment("a2", ALPHA, "follow_up", "2026-01-10", "2026-03-01"),
            _assessment("a3", BETA, "initial", "2026-02-01", None),
        ],
        "findings": [
            {"finding_id": f"{code}/{name}", "assessment_id": code, "criterion_id": name, "result": result}
            for code, found in FINDINGS.items()
            for name, result in found.items()
        ],
        "improvement_actions": [
            action("act-1", title_en=HOSTILE, finding_id="a1/OSH-01", funding_status="unfunded"),
            action("act-2", status="resolved", due_on="2025-06-01", resolved_on="2025-05-01"),
            action("act-3", status="under_review", due_on="2026-05-01"),
            action("act-4", status="new", due_on=None, started_on=None),
            action("act-5", site=BETA, title_en="A gate", due_on="2025-12-31"),
        ],
        "action_extensions": [
            {
                "extension_id": "e1",
                "action_id": "act-3",
                "extended_on": pd.Timestamp("2026-02-01"),
                "due_on": pd.Timestamp("2026-06-01"),
            }
        ],
        "assessment_figures": [
            {
                "figure_id": "fig-1",
                "site_record_id": f"r-{ALPHA}",
                "scope": "the site",
                "year": 2022,
                "indicator": "women among those who work",
                "value_reported": "about 18 %",
            }
        ],
        "citations": [
            {
                "table_name": "assessments",
                "record_id": "a1",
                "rank": 1,
                "about": "record",
                "title": "A report <i>",
                "publisher": "Nobody",
                "url": "https://example.org/report",
            }
        ],
    }


def _assessment(code: str, site: str, kind: str, on: str, until: str | None) -> dict[str, Any]:
    return {
        "assessment_id": code,
        "site_record_id": f"r-{site}",
        "site_id": site,
        "framework_id": framework.FRAMEWORK_ID,
        "kind": kind,
        "assessed_on": pd.Timestamp(on),
        "expires_on": pd.Timestamp(until) if until else pd.NaT,
        "assessor_kind": "independent",
        "is_public_record": False,
    }


def action(action_id: str, *, site: str = ALPHA, **changes: Any) -> dict[str, Any]:
    """Return a row of `improvement_actions`: in progress, started in April 2025 and due at the end of it."""
    row = {
        "action_id": action_id,
        "site_record_id": f"r-{site}",
        "site_id": site,
        "title_en": f"Do {action_id}",
        "responsible": "cooperative",
        "cost_band": "1k_10k",
        "funding_status": "funded",
        "priority": "high",
        "started_on": "2025-04-01",
        "due_on": "2025-12-31",
        "progress_pct": 10,
        "status": "in_progress",
        "verification": "not_verified",
        "resolved_on": None,
        "is_public_record": False,
    } | changes
    days = {name: pd.to_datetime(row[name]) for name in ("started_on", "due_on", "resolved_on")}
    return row | days
