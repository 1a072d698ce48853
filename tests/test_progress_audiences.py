"""What is not public of assessments, actions and grievances lies in staff's file alone; the check finds it elsewhere."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipelines.build import build
from pipelines.verifying.checking import check_release
from risk.vocabulary import Audience
from tests.made_broken import broken
from tests.made_progress import SECRET, plant_progress
from warehouse.contracts import TABLES
from warehouse.release import close_all, open_release

BELOW = [one for one in Audience if one is not Audience.STAFF]
OF_RECORDS = {
    "assessments": "assessment_id",
    "findings": "finding_id",
    "improvement_actions": "action_id",
    "action_extensions": "extension_id",
    "grievances": "grievance_id",
    "grievance_steps": "step_id",
}
DERIVED = (
    *("assessment_sections", "assessment_levels", "finding_changes", "capital_needs", "action_states"),
    *("refiner_changes", "refiner_coverage", "grievance_states", "grievance_placements"),
)
Rows = dict[Audience, dict[str, pd.DataFrame]]


@pytest.fixture(scope="module")
def releases_dir(training_edition_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("data")
    folder, _, _ = plant_progress(training_edition_dir, data)
    built = build(folder, data / "releases")
    assert built.faults == ()
    return data / "releases"


@pytest.fixture(scope="module")
def rows(releases_dir: Path) -> Rows:
    found = {}
    for audience in Audience:
        release = open_release("training", audience, releases_dir=releases_dir)
        found[audience] = {name: release.query(f"SELECT * FROM {name}") for name in TABLES}
    close_all()
    return found


def secret_cells(frame: pd.DataFrame) -> int:
    words = frame.drop(columns="geometry", errors="ignore")
    return sum(SECRET in str(cell) for name in words for cell in words[name])


def test_each_restricted_record_is_in_staff_s_file(rows: Rows) -> None:
    staff = rows[Audience.STAFF]
    for name, key in OF_RECORDS.items():
        assert staff[name][key].str.startswith(SECRET).sum() == 1, name
    derived = (
        "assessment_sections",
        "assessment_levels",
        "capital_needs",
        "action_states",
        "grievance_states",
    )
    assert all(secret_cells(staff[name]) for name in derived)


@pytest.mark.parametrize("audience", BELOW)
def test_below_staff_there_is_no_id_and_no_word_of_it(audience: Audience, rows: Rows) -> None:
    assert {name: secret_cells(frame) for name, frame in rows[audience].items() if secret_cells(frame)} == {}


@pytest.mark.parametrize("audience", BELOW)
def test_below_staff_what_was_published_is_told_and_measured(audience: Audience, rows: Rows) -> None:
    shown = rows[audience]
    for name, key in OF_RECORDS.items():
        public = rows[Audience.STAFF][name][key]
        assert set(shown[name][key]) == set(public[~public.str.startswith(SECRET)])
    assert all(len(shown[name]) for name in DERIVED)
    pointers = shown["improvement_actions"].set_index("action_id")["finding_id"]
    assert pointers["act-1"] == "fin-1"
    assert pd.isna(pointers["act-2"])


def test_what_is_measured_below_staff_knows_of_public_rows_alone(rows: Rows) -> None:
    need = {
        audience: rows[audience]["capital_needs"].set_index("finding_id").loc["fin-3", "has_action"]
        for audience in (Audience.STAFF, Audience.PUBLIC)
    }
    assert need == {Audience.STAFF: True, Audience.PUBLIC: False}
    changes = rows[Audience.PUBLIC]["finding_changes"].set_index("criterion_id")["change"]
    assert changes[["WR-01", "OSH-01"]].tolist() == ["gained", "newly_assessed"]
    levels = rows[Audience.PUBLIC]["assessment_levels"].set_index("assessment_id")
    assert levels["is_blocked"].to_dict() == {"asm-1": True, "asm-2": False}


def test_the_release_keeps_the_rules(releases_dir: Path) -> None:
    assert check_release("training", releases_dir).faults == []


def hidden(table: str) -> str:
    return f"INSERT INTO {table} SELECT * FROM s.{table} WHERE {OF_RECORDS[table]} LIKE '{SECRET}%'"


BROKEN = {
    **{f"a hidden row of {table}": (hidden(table), f"{SECRET}-") for table in OF_RECORDS},
    "a restricted note": (
        "UPDATE findings SET note = 'x' WHERE finding_id = 'fin-1'",
        "column note is restricted",
    ),
    "another result": (
        "UPDATE findings SET result = 'partial' WHERE finding_id = 'fin-1'",
        "row fin-1: the row differs from the same row of staff's file",
    ),
    "a pointer to what is hidden": (
        f"UPDATE improvement_actions SET finding_id = '{SECRET}-fin' WHERE action_id = 'act-2'",
        f"row {SECRET}-fin: column finding_id names what is not public",
    ),
    "a hidden action that answers a need": (
        f"UPDATE capital_needs SET action_ids = 'act-9; {SECRET}-act'",
        f"table capital_needs, row {SECRET}-act: column action_ids names what is not public",
    ),
    "a level of no assessment": (
        "UPDATE assessment_levels SET assessment_id = 'asm-9' WHERE assessment_id = 'asm-1'",
        "row asm-9: the row belongs to no row of assessments in the same file",
    ),
    "a level of more findings": (
        "UPDATE assessment_levels SET criteria_assessed = 9 WHERE assessment_id = 'asm-1'",
        "row asm-1: the number of records differs from the records in this file",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_check_finds_what_is_planted_below_staff(name: str, releases_dir: Path, tmp_path: Path) -> None:
    statement, message = BROKEN[name]
    found = [
        str(fault)
        for fault in check_release(
            "training", broken(releases_dir, tmp_path, Audience.PUBLIC, statement)
        ).faults
    ]
    table = statement.split()[2] if statement.startswith("INSERT") else statement.split()[1]
    assert [text for text in found if message in text and f"table {table}" in text] != [], found
