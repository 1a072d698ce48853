"""One made submission of the made form, as KoboToolbox and ODK would export it in each format."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from pipelines.forms.form import form_of
from pipelines.forms.submissions import Submissions
from tests.made_framework import FRAMEWORK_ID, framework

UUID = "0a1b2c3d-0000-4000-8000-00000000000a"
# Answers by the path that KoboToolbox gives them.
ANSWERS = {
    "assessment/framework_id": FRAMEWORK_ID,
    "assessment/site_record_id": "site-kasulo",
    "assessment/assessed_on": "2026-05-03",
    "assessment/assessment_kind": "initial",
    "assessment/assessor_kind": "independent",
    "assessment/evidence": "document photo",
    "assessment/assessment_note": "A quiet day",
    "GOV/place/GOV_01": "met",
    "GOV/place/GOV_02": "na",
    "WR/age/WR_01": "not_met",
    "WR/hours/WR_02": "partial",
    "WR/hours/WR_02_value": "62.5",
    "OSH/pits/OSH_01": "met",
    "OSH/pits/OSH_01_value": "8",
    "OSH/pits/OSH_02": "not_assessed",
    "OSH/other/n--1-2e-a-5f-b": "partial",
}
ACTIONS = (
    {
        "action_criterion": "WR_01",
        "action_title": "A check of age at the gate",
        "action_responsible": "cooperative",
        "action_due_on": "2026-09-30",
        "action_cost_band": "1k_10k",
        "action_funding_status": "unfunded",
        "action_priority": "high",
    },
    {
        "action_criterion": "WR_02",
        "action_title": "Shorter weeks",
        "action_responsible": "site_operator",
        "action_due_on": "",
        "action_cost_band": "none",
        "action_funding_status": "not_needed",
        "action_priority": "low",
    },
)
SYSTEM = {
    "_id": "101",
    "_uuid": UUID,
    "_submission_time": "2026-05-03T18:00:00",
    "_status": "submitted_via_web",
    "_index": "1",
}
PERSONAL = {
    "username": "p.fictive",
    "_submitted_by": "p.fictive",
    "phonenumber": "+243000000000",
    "deviceid": "collect:secret",
    "_geolocation": "-10.7123 25.4123",
}


FORM = form_of(*framework())
# What the submission says of each criterion.
RESULTS = {
    "GOV-01": ("met", None),
    "GOV-02": ("na", None),
    "WR-01": ("not_met", None),
    "WR-02": ("partial", 62.5),
    "OSH-01": ("met", 8.0),
    "OSH-02": ("not_assessed", None),
    "1.a_b": ("partial", None),
}


def results(read: Submissions) -> dict[str, tuple[str, float | None]]:
    return {
        row.criterion_id: (row.result, None if pd.isna(row.measured_value) else row.measured_value)
        for row in read.findings.itertuples()
    }


def said(read: Submissions) -> str:
    return "\n".join(read.remarks)


def write_csv(path: Path, *rows: Mapping[str, str], delimiter: str = ",", bom: bool = False) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, **sheets: Sequence[Mapping[str, str]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            names = list(dict.fromkeys(name for row in rows for name in row))
            for place, name in enumerate(names):
                sheet.write_string(0, place, name)
                for line, row in enumerate(rows, start=1):
                    sheet.write(line, place, row.get(name, ""))
    return path


def write_json(path: Path, *submissions: Mapping[str, Any]) -> Path:
    path.write_text(json.dumps({"count": len(submissions), "results": list(submissions)}), "utf-8")
    return path


def kobo(**changes: str) -> dict[str, str]:
    """Return the submission as one row of KoboToolbox, without its actions; a change may name a question alone."""
    row = {**SYSTEM, **PERSONAL, **ANSWERS}
    for name, value in changes.items():
        row[next((path for path in row if path.rpartition("/")[2] == name), name)] = value
    return row


def kobo_actions(**more: str) -> list[dict[str, str]]:
    links = {"_parent_table_name": "made", "_parent_index": "1", "_submission__uuid": UUID}
    return [{**{f"actions/{name}": cell for name, cell in one.items()}, **links, **more} for one in ACTIONS]


def api(**changes: Any) -> dict[str, Any]:
    """Return the submission as the API of KoboToolbox gives it."""
    inside = [{f"actions/{name}": cell for name, cell in one.items() if cell} for one in ACTIONS]
    row = {**kobo(), "_id": 101, "_geolocation": [-10.7123, 25.4123], "_attachments": [{"url": "p.fictive"}]}
    return {**row, "actions": inside, **changes}


def odk() -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the submission as ODK Central exports it: a row, and the rows of its actions."""
    row = {name.replace("/", "-"): cell for name, cell in ANSWERS.items()}
    row |= {
        "SubmissionDate": "2026-05-03T18:00:00.000Z",
        "KEY": f"uuid:{UUID}",
        "SubmitterName": "P. Fictive",
    }
    row |= {"meta-instanceID": f"uuid:{UUID}", "DeviceID": "collect:secret", "ReviewState": "", "Edits": "0"}
    actions = [
        {**one, "PARENT_KEY": f"uuid:{UUID}", "KEY": f"uuid:{UUID}/actions[{rank}]"}
        for rank, one in enumerate(ACTIONS, start=1)
    ]
    return row, actions
