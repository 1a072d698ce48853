"""Assessments, actions and grievances keep their contracts, and are staff's unless they were published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.checks.checking import Checked, check
from pipelines.checks.crosschecks import cross_check
from pipelines.disclosing.public_rows import first_restricted, public_only
from pipelines.frameworks.reading import TABLES as FRAMEWORKS
from pipelines.sources import SOURCES
from risk.vocabulary import Audience
from tests.made_frameworks import write_framework
from tests.made_submissions import write_csv
from tests.test_restricted import site
from warehouse.audiences import may_see
from warehouse.contracts import TABLES, free_text_columns, restricted_columns

OF_RECORDS = (
    *("assessments", "findings", "improvement_actions", "action_extensions"),
    *("grievances", "grievance_steps"),
)
ROWS = {
    "assessments": {
        "assessment_id": "a-1",
        "site_record_id": "site-a",
        "framework_id": "made@1",
        "kind": "initial",
        "assessed_on": "2026-01-02",
        "assessor_kind": "independent",
    },
    "findings": {"finding_id": "f-1", "assessment_id": "a-1", "criterion_id": "A-01", "result": "not_met"},
    "improvement_actions": {
        "action_id": "act-1",
        "site_record_id": "site-a",
        "finding_id": "f-1",
        "title_en": "A gate",
        "responsible": "cooperative",
        "cost_band": "none",
        "funding_status": "not_needed",
        "priority": "high",
        "progress_pct": "10",
        "status": "new",
        "verification": "not_verified",
    },
    "action_extensions": {
        "extension_id": "e-1",
        "action_id": "act-1",
        "extended_on": "2026-02-01",
        "due_on": "2026-03-01",
    },
    "grievances": {
        "grievance_id": "g-1",
        "entity_kind": "site",
        "entity_id": "site-a",
        "category": "CHL",
        "received_on": "2026-01-05",
    },
    "grievance_steps": {
        "step_id": "s-1",
        "grievance_id": "g-1",
        "happened_on": "2026-01-06",
        "status": "received",
    },
}


def given(name: str, folder: Path, *changes: dict[str, str]) -> Checked:
    columns = dict.fromkeys((field.theirs for field in SOURCES[name].fields if not field.is_optional), "")
    rows = [{**columns, **ROWS.get(name, {}), **change} for change in changes or ({},)]
    return check(SOURCES[name], write_csv(folder / f"{name}.csv", *rows))


def everything(folder: Path, **changes: dict[str, str]) -> dict[str, Checked]:
    sites = check(SOURCES["sites"], _sites(folder))
    framework = write_framework(folder)
    files = [
        sites,
        *(given(name, folder, changes.get(name, {})) for name in ROWS),
        *(check(SOURCES[name], framework) for name in FRAMEWORKS),
    ]
    cited = {file.file for file in files}
    return {file.table: file for file in cross_check(files, cited_files=cited)}


def _sites(folder: Path) -> Path:
    columns = dict.fromkeys((field.theirs for field in SOURCES["sites"].fields), "")
    rows = [{**columns, **site("site-a")}, {**columns, **site("site-b"), "public_record": "no"}]
    return write_csv(folder / "sites.csv", *rows)


@pytest.mark.parametrize("name", ROWS)
def test_a_row_keeps_its_contract(name: str, tmp_path: Path) -> None:
    found = given(name, tmp_path)
    assert found.rejected.empty, found.rejected.to_string()
    assert len(found.taken) == 1


@pytest.mark.parametrize("name", OF_RECORDS)
def test_every_file_may_hold_rows_that_were_published(name: str) -> None:
    assert all(may_see(audience, name) for audience in Audience)


def test_words_that_may_tell_too_much_are_marked() -> None:
    marked = {name: restricted_columns(name) for name in OF_RECORDS}
    assert marked == {
        "assessments": ("note",),
        "findings": ("note",),
        "improvement_actions": (),
        "action_extensions": ("reason",),
        "grievances": ("summary",),
        "grievance_steps": ("note",),
    }
    assert free_text_columns("improvement_actions") == ("title_en", "title_fr")
    assert free_text_columns("grievances") == ("entity_name",)


@pytest.mark.parametrize("name", ["assessments", "improvement_actions", "grievances"])
def test_a_record_that_does_not_say_so_is_not_public(name: str, tmp_path: Path) -> None:
    assert not given(name, tmp_path).taken["is_public_record"].any()
    assert given(name, tmp_path, {"public_record": "yes"}).taken["is_public_record"].all()


@pytest.mark.parametrize(
    ("name", "changes", "column", "reason"),
    [
        ("assessments", {"framework_id": "made"}, "framework_id", "not of the form"),
        ("assessments", {"expires_on": "2025-01-01"}, "expires_on, assessed_on", "the wrong way round"),
        ("findings", {"result": "good"}, "result", "not one of met, partial, not_met, na, not_assessed"),
        ("improvement_actions", {"status": "overdue"}, "status", "not one of draft, new, in_progress"),
        ("improvement_actions", {"progress_pct": "110"}, "progress_pct", "above 100, the most allowed"),
        ("action_extensions", {"due_on": "2026-01-01"}, "due_on, extended_on", "the wrong way round"),
        ("grievances", {"category": "XXX"}, "category", "not one of CHL"),
        (
            "grievances",
            {"alleged_start": "2026-01-02", "alleged_end": "2026-01-01"},
            "alleged_end, alleged_start",
            "the wrong way round",
        ),
        ("grievance_steps", {"status": "closed"}, "status", "not one of received, acknowledged"),
    ],
)
def test_a_broken_row_is_set_aside(
    name: str, changes: dict[str, str], column: str, reason: str, tmp_path: Path
) -> None:
    found = given(name, tmp_path, changes)
    assert found.rejected["column_name"].tolist() == [column]
    assert found.rejected.loc[0, "reason"].startswith(reason)


def test_an_assessment_has_one_finding_on_a_criterion(tmp_path: Path) -> None:
    found = given(
        "findings", tmp_path, {}, {"finding_id": "f-2"}, {"finding_id": "f-3", "criterion_id": "A-02"}
    )
    assert found.taken["finding_id"].tolist() == ["f-1", "f-3"]
    assert found.rejected.loc[0, "reason"].startswith("a second finding on one criterion")


def test_what_belongs_to_no_record_is_set_aside(tmp_path: Path) -> None:
    files = everything(
        tmp_path, assessments={"site_record_id": "site-nowhere"}, grievances={"category": "XXX"}
    )
    assert [name for name in ROWS if len(files[name].taken)] == ["improvement_actions", "action_extensions"]
    assert "1 kept whose finding_id is of no record taken in findings" in files["improvement_actions"].remarks


def test_what_is_of_a_site_that_is_not_public_is_not_public(tmp_path: Path) -> None:
    public = {"site_record_id": "site-b", "public_record": "yes"}
    about = {"entity_id": "site-b", "public_record": "yes"}
    files = everything(tmp_path, assessments=public, improvement_actions=public, grievances=about)
    for name in ("assessments", "improvement_actions", "grievances"):
        assert not files[name].taken["is_public_record"].any()


def test_nothing_hangs_on_what_is_not_public(tmp_path: Path) -> None:
    as_of = date(2026, 6, 1)
    public = {"public_record": "yes"}
    files = everything(tmp_path, improvement_actions=public)
    assert first_restricted([files["assessments"]], as_of) == ("assessments.csv", 2)
    assert first_restricted([files["improvement_actions"]], as_of) is None
    shown = {file.table: file.taken for file in public_only(list(files.values()), as_of)}
    assert [name for name in ROWS if len(shown[name])] == ["improvement_actions", "action_extensions"]
    assert shown["improvement_actions"]["finding_id"].isna().all()
    files = everything(
        tmp_path, **dict.fromkeys(("assessments", "improvement_actions", "grievances"), public)
    )
    shown = {file.table: file.taken for file in public_only(list(files.values()), as_of)}
    assert all(len(shown[name]) == 1 for name in ROWS)
    assert shown["improvement_actions"]["finding_id"].tolist() == ["f-1"]


def test_every_table_is_registered_with_its_key() -> None:
    for name in (*OF_RECORDS, "refiner_statuses"):
        assert name in SOURCES
        assert len(TABLES[name].key) == 1
        assert SOURCES[name].key == TABLES[name].key
    assert SOURCES["refiner_lists"].table == "refiner_statuses"
