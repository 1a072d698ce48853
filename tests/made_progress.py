"""A copy of the training edition with assessments, actions, lists of refiners and grievances, some of them public.

What is not public has `canaryzq` in its ids and in its words.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.sources import SOURCES
from tests.made_edition import CITATION, ORIGIN
from tests.made_submissions import write_csv

FRAMEWORKS = Path(__file__).resolve().parent.parent / "data" / "frameworks"
FRAMEWORK_ID = "illustrative@2026.1"
SECRET = "canaryzq"
Rows = dict[str, list[dict[str, Any]]]


def assessment(name: str, site: str, day: str, **more: str) -> dict[str, str]:
    known = {"assessment_id": name, "site_record_id": site, "framework_id": FRAMEWORK_ID, "kind": "initial"}
    return {**known, "assessed_on": day, "assessor_kind": "independent", "public_record": "yes", **more}


def finding(name: str, assessment_id: str, criterion: str, result: str, **more: str) -> dict[str, str]:
    known = {"finding_id": name, "assessment_id": assessment_id, "criterion_id": criterion, "result": result}
    return {**known, **more}


def action(name: str, site: str, **more: str) -> dict[str, str]:
    known = {"action_id": name, "site_record_id": site, "title_en": "A gate", "responsible": "cooperative"}
    bands = {"cost_band": "1k_10k", "funding_status": "unfunded", "priority": "high", "progress_pct": "10"}
    days = {"started_on": "2026-02-01", "due_on": "2026-05-01"}
    state = {"status": "in_progress", "verification": "not_verified", "public_record": "yes"}
    return {**known, **bands, **days, **state, **more}


def extension(name: str, action_id: str, extended_on: str, due_on: str, **more: str) -> dict[str, str]:
    return {
        "extension_id": name,
        "action_id": action_id,
        "extended_on": extended_on,
        "due_on": due_on,
        **more,
    }


def grievance(name: str, kind: str, entity: str, **more: str) -> dict[str, str]:
    known = {"grievance_id": name, "entity_kind": kind, "entity_id": entity, "category": "OSH"}
    days = {"received_on": "2026-04-01", "alleged_start": "2026-03-01", "alleged_end": "2026-03-02"}
    return {**known, **days, "public_record": "yes", **more}


def step(name: str, grievance_id: str, day: str, status: str, **more: str) -> dict[str, str]:
    return {"step_id": name, "grievance_id": grievance_id, "happened_on": day, "status": status, **more}


def listing(listing_id: str, list_id: str, day: str, **more: str) -> dict[str, str]:
    known = {"listing_id": listing_id, "list_id": list_id, "listed_on": day, "name": "A Made Refinery"}
    return {**known, "country": "FIN", "kind": "fine", "status": "active", **more}


def rows_of(first: str, second: str) -> Rows:
    """Return rows on two public site records: of each table one that was published, and one that was not."""
    shut = {"public_record": "no"}
    return {
        "assessments": [
            assessment("asm-1", first, "2026-01-10"),
            assessment("asm-2", first, "2026-06-10", kind="follow_up"),
            assessment(f"{SECRET}-asm", second, "2026-02-10", note=f"{SECRET} note", **shut),
        ],
        "findings": [
            finding("fin-1", "asm-1", "WR-01", "not_met"),
            finding("fin-2", "asm-2", "WR-01", "met"),
            finding("fin-3", "asm-2", "OSH-01", "not_met"),
            finding(f"{SECRET}-fin", f"{SECRET}-asm", "WR-01", "not_met", note=f"{SECRET} words"),
        ],
        "improvement_actions": [
            action("act-1", first, finding_id="fin-1"),
            action("act-2", second, finding_id=f"{SECRET}-fin"),
            action(f"{SECRET}-act", first, finding_id="fin-3", title_en=f"{SECRET} title", **shut),
        ],
        "action_extensions": [
            extension("ext-1", "act-1", "2026-04-20", "2026-08-01"),
            extension(f"{SECRET}-ext", f"{SECRET}-act", "2026-04-21", "2026-08-02", reason=f"{SECRET} why"),
        ],
        "grievances": [
            grievance("gri-1", "site", first),
            grievance("gri-2", "refiner", "CID000001"),
            grievance(f"{SECRET}-gri", "site", first, summary=f"{SECRET} said", entity_name=SECRET, **shut),
        ],
        "grievance_steps": [
            step("stp-1", "gri-1", "2026-04-05", "acknowledged"),
            step("stp-2", "gri-1", "2026-05-01", "accepted"),
            step(f"{SECRET}-stp", f"{SECRET}-gri", "2026-04-06", "acknowledged", note=f"{SECRET} step"),
        ],
        "refiner_statuses": [
            listing("lst-1", "made@2025", "2025-05-01", rmap_id="CID000001", assessed_on="2024-11-05"),
            listing("lst-2", "made@2026", "2026-05-01", rmap_id="CID000001", status="conformant"),
        ],
    }


def plant_progress(edition: Path, data: Path) -> tuple[Path, str, str]:
    """Write a copy of the training `edition` with rows of progress, and the frameworks, into the folder `data`.

    Returns the edition's folder and the two public site records.
    """
    folder = data / "training"
    shutil.copytree(edition, folder, ignore=shutil.ignore_patterns("truth"))
    shutil.copytree(FRAMEWORKS, data / "frameworks")
    sites = pd.read_csv(folder / "sites.csv", dtype=str, keep_default_na=False)
    first, second = sites.loc[sites["public_record"] == "yes", "record_id"].iloc[[0, 7]]
    entries = []
    for name, rows in rows_of(first, second).items():
        columns = dict.fromkeys(field.theirs for field in SOURCES[name].fields)
        write_csv(folder / f"{name}.csv", *({**dict.fromkeys(columns, ""), **row} for row in rows))
        (folder / f"{name}.origin.toml").write_text(ORIGIN.format(name=name, citation=CITATION), "utf-8")
        entries.append(f'\n[[inputs]]\nsource = "{name}"\nfile = "{name}.csv"\n')
    # In place of those that the generator made.
    about = folder / "edition.toml"
    text = about.read_text("utf-8")
    for entry in entries:
        text = text.replace(entry, "")
    about.write_text(text + "".join(entries), "utf-8")
    (folder / "refiners.csv").write_text(
        "\n".join((folder / "refiners.csv").read_text("utf-8").splitlines()[:1]) + "\n", "utf-8"
    )
    return folder, first, second
