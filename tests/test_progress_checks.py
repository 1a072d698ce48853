"""Rows of progress that could not be measured are set aside with reason, file and line; the rest can be measured."""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.checks.checking import Checked, check
from pipelines.checks.crosschecks import cross_check
from pipelines.frameworks.reading import TABLES as FRAMEWORK_TABLES
from pipelines.measuring.moment import Moment
from pipelines.measuring.progressing import acted, assessed, complained, listed
from pipelines.sources import SOURCES
from risk.grievances import STAGES
from tests.made_frameworks import write_framework
from tests.made_progress import (
    action,
    assessment,
    extension,
    finding,
    grievance,
    listing,
    step,
)
from tests.made_submissions import write_csv
from tests.test_restricted import site
from warehouse.contracts import TABLES

MADE = {"framework_id": "made@1"}
Given = dict[str, list[dict[str, Any]]]


@cache
def framework() -> tuple[Checked, ...]:
    with TemporaryDirectory() as folder:
        path = write_framework(Path(folder))
        return tuple(check(SOURCES[name], path) for name in FRAMEWORK_TABLES)


def files_of(folder: Path, rows: Given) -> list[Checked]:
    found = [*framework()]
    for name, some in {"sites": [site("site-a"), site("site-b")], **rows}.items():
        columns = dict.fromkeys((field.theirs for field in SOURCES[name].fields), "")
        found.append(
            check(SOURCES[name], write_csv(folder / f"{name}.csv", *({**columns, **r} for r in some)))
        )
    return list(cross_check(found, cited_files={file.file for file in found}))


def aside(folder: Path, rows: Given) -> list[list[Any]]:
    rejected = pd.concat([file.rejected for file in files_of(folder, rows)])
    return rejected[["file", "line", "column_name", "reason"]].to_numpy().tolist()


def measured(files: list[Checked]) -> dict[str, pd.DataFrame]:
    """Return what is measured of the files; each site record is a site of its own."""
    tables: dict[str, pd.DataFrame] = {}
    for name, promise in TABLES.items():
        parts = [file.taken for file in files if file.table == name]
        empty = pd.DataFrame(columns=list(promise.contract.to_schema().columns))
        tables[name] = pd.concat(parts, ignore_index=True) if parts else promise.contract.validate(empty)
    for name, column in (("assessments", "site_record_id"), ("improvement_actions", "site_record_id")):
        tables[name] = tables[name].assign(site_id=tables[name][column])
    tables["site_records"] = tables["site_records"].assign(site_id=tables["site_records"]["record_id"])
    moment = Moment(date(2026, 9, 30))
    return {
        name: frame
        for one in (assessed, acted, listed, complained)
        for name, frame in one(tables, moment).items()
    }


ASSESSED = assessment("a", "site-a", "2026-01-10", **MADE)
CASES: dict[str, tuple[Given, list[list[Any]]]] = {
    "an unknown framework": (
        {
            "assessments": [ASSESSED, assessment("b", "site-b", "2026-01-10")],
            "findings": [finding("f", "b", "A-01", "met")],
        },
        [
            ["assessments.csv", 3, "framework_id", "no framework of this edition; write one of made@1"],
            ["findings.csv", 2, "assessment_id", "of no record taken in assessments; correct the id"],
        ],
    ),
    "two assessments of one day": (
        {"assessments": [ASSESSED, {**ASSESSED, "assessment_id": "b", "kind": "follow_up"}]},
        [
            [
                "assessments.csv",
                3,
                "site_record_id, framework_id, assessed_on",
                "another assessment of that site record, framework and day, beside a; correct the day, or keep one",
            ]
        ],
    ),
    "an unknown criterion": (
        {
            "assessments": [ASSESSED],
            "findings": [finding("f", "a", "Z-09", "met"), finding("g", "a", "A-01", "met")],
        },
        [
            [
                "findings.csv",
                2,
                "criterion_id",
                "no criterion of made@1; correct it, or the framework_id of the assessment",
            ]
        ],
    ),
    "resolved before it started": (
        {"improvement_actions": [action("x", "site-a", status="resolved", resolved_on="2026-01-01")]},
        [
            [
                "improvement_actions.csv",
                2,
                "resolved_on, started_on",
                "the wrong way round: resolved_on is before started_on",
            ]
        ],
    ),
    "an extension of an unknown action": (
        {
            "improvement_actions": [action("x", "site-a")],
            "action_extensions": [extension("e", "y", "2026-02-01", "2026-07-01")],
        },
        [
            [
                "action_extensions.csv",
                2,
                "action_id",
                "of no record taken in improvement_actions; correct the id",
            ]
        ],
    ),
    "steps out of order": (
        {
            "grievances": [grievance("g", "company", "A Company")],
            "grievance_steps": [
                step("s1", "g", "2026-04-01", "received"),
                step("s2", "g", "2026-03-31", "acknowledged"),
                step("s3", "g", "2026-04-09", "accepted"),
                step("s4", "g", "2026-05-09", "screening"),
                step("s5", "g", "2026-06-09", "monitoring"),
            ],
        },
        [
            [
                "grievance_steps.csv",
                3,
                "happened_on, status",
                "a step before the grievance was received; correct one of the days",
            ],
            [
                "grievance_steps.csv",
                5,
                "happened_on, status",
                "a step that cannot follow s3 (accepted); correct a day or a status",
            ],
        ],
    ),
    "alleged after it was received": (
        {"grievances": [grievance("g", "company", "C", alleged_start="2026-04-02", alleged_end="")]},
        [
            [
                "grievances.csv",
                2,
                "received_on, alleged_start",
                "the wrong way round: received_on is before alleged_start",
            ]
        ],
    ),
    "a facility twice on a list": (
        {
            "refiner_statuses": [
                listing("l1", "l@1", "2026-01-01", rmap_id="CID000001"),
                listing("l2", "l@1", "2026-01-01", rmap_id="CID000002", name="Another"),
                listing("l3", "l@1", "2026-01-01"),
            ]
        },
        [["refiner_statuses.csv", 4, "name", "a facility that is on this list already, as l1; keep one"]],
    ),
    "an id of two refiners": (
        {
            "refiner_statuses": [
                listing("l1", "l@1", "2026-01-01", rmap_id="CID000001", refiner_id="r1"),
                listing("l2", "l@2", "2026-02-01", rmap_id="CID000001", refiner_id="r2"),
            ]
        },
        [
            [
                "refiner_statuses.csv",
                3,
                "refiner_id, rmap_id",
                "an RMAP id that is r1's before; correct one of them",
            ]
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_could_not_be_measured_is_set_aside_with_reason_file_and_line(name: str, tmp_path: Path) -> None:
    rows, expected = CASES[name]
    assert aside(tmp_path, rows) == expected


@pytest.mark.parametrize("name", CASES)
def test_the_rest_is_measured(name: str, tmp_path: Path) -> None:
    files = files_of(tmp_path, CASES[name][0])
    for table, frame in measured(files).items():
        TABLES[table].contract.validate(frame[list(TABLES[table].contract.to_schema().columns)])


def test_a_second_finding_in_another_file_is_set_aside(tmp_path: Path) -> None:
    files = [file for file in files_of(tmp_path, {"assessments": [ASSESSED]}) if file.table != "findings"]
    columns = dict.fromkeys((field.theirs for field in SOURCES["findings"].fields), "")
    for name in ("f", "g"):
        row = {**columns, **finding(name, "a", "A-01", "met")}
        files.append(check(SOURCES["findings"], write_csv(tmp_path / f"{name}.csv", row)))
    found = cross_check(files, cited_files={file.file for file in files})
    assert [len(file.taken) for file in found if file.table == "findings"] == [1, 0]
    assert found[-1].rejected["reason"].tolist() == [
        "a second finding on one criterion of one assessment; keep one of them"
    ]


DAYS = st.integers(1, 6).map(lambda day: f"2026-04-0{day}")
STEPS = st.lists(st.tuples(DAYS, st.sampled_from(list(STAGES))), max_size=6)
LISTED = st.tuples(
    st.sampled_from(["l@1", "l@2", "m@1"]),
    st.sampled_from(["", "CID000001", "CID000002"]),
    st.sampled_from(["", "r1", "r2"]),
    st.sampled_from(["A", "B"]),
)


@settings(max_examples=15, deadline=None)
@given(steps=STEPS, listings=st.lists(LISTED, max_size=7))
def test_no_history_and_no_list_stops_a_build(
    steps: list[tuple[str, str]], listings: list[tuple[str, str, str, str]], tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.mktemp("made")
    days = {"l@1": "2026-01-01", "l@2": "2026-02-01", "m@1": "2026-01-01"}
    rows: Given = {"grievances": [grievance("g", "refiner", "CID000001"), grievance("h", "site", "site-a")]}
    if steps:
        rows["grievance_steps"] = [
            step(f"s{place}", "gh"[place % 2], day, status) for place, (day, status) in enumerate(steps)
        ]
    if listings:
        rows["refiner_statuses"] = [
            listing(f"l{place}", of, days[of], rmap_id=rmap, refiner_id=ours, name=name)
            for place, (of, rmap, ours, name) in enumerate(listings)
        ]
    try:
        measured(files_of(folder, rows))
    finally:
        shutil.rmtree(folder)
