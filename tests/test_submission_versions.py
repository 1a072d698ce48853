"""A submission edited, deleted, given or sent twice is one, and its newest version speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.forms.submissions import read_submissions
from tests.made_framework import FRAMEWORK_ID
from tests.made_submissions import (
    FORM,
    UUID,
    kobo,
    results,
    said,
    write_csv,
    write_xlsx,
)


def test_an_edited_submission_speaks_in_its_newest_version(tmp_path: Path) -> None:
    old, new = kobo(), kobo(GOV_01="partial", _submission_time="2026-05-09T08:00:00")
    read = read_submissions([write_csv(tmp_path / "a.csv", new, old)], FORM)
    assert results(read)["GOV-01"] == ("partial", None)
    assert (
        "a.csv, line 3: an older version of a submission that was edited; a.csv, line 2 stands for it"
        in said(read)
    )


@pytest.mark.parametrize("name", ["meta/deprecatedID", "deprecatedID", "meta-deprecatedID"])
def test_an_edited_submission_with_an_id_of_its_own_keeps_the_first(name: str, tmp_path: Path) -> None:
    second = {**kobo(_uuid="second", GOV_01="partial", _submission_time=""), name: f"uuid:{UUID}"}
    third = {**kobo(_uuid="third", GOV_01="not_met", _submission_time=""), name: "uuid:second"}
    paths = [
        write_csv(tmp_path / "b.csv", third, second),
        write_csv(tmp_path / "a.csv", kobo(_submission_time="")),
    ]
    read = read_submissions(paths, FORM)
    assert results(read)["GOV-01"] == ("not_met", None)
    assert read.assessments["assessment_id"].tolist() == [f"asm-{UUID}"]
    assert read.assessments["submission_id"].tolist() == ["third"]
    assert sum("an older version" in remark for remark in read.remarks) == 2


def test_a_submission_given_or_sent_twice_is_one(tmp_path: Path) -> None:
    read = read_submissions([write_csv(tmp_path / "a.csv", kobo(), kobo(), kobo(_uuid="again"))], FORM)
    assert len(read.assessments) == 1
    assert "a.csv, line 2: given twice; a.csv, line 3 stands for it" in said(read)
    assert "a.csv, line 4: sent twice" in said(read)


def test_two_assessments_of_a_site_on_a_day_are_both_taken_and_told(tmp_path: Path) -> None:
    read = read_submissions([write_csv(tmp_path / "a.csv", kobo(), kobo(_uuid="b", GOV_01="partial"))], FORM)
    assert len(read.assessments) == 2
    assert "the same site and day as a.csv, line 2; both were taken" in said(read)


@pytest.mark.parametrize("mark", [{"_status": "deleted"}, {"__system/deletedAt": "2026-05-10T00:00:00Z"}])
def test_a_deleted_submission_is_not_taken(mark: dict[str, str], tmp_path: Path) -> None:
    read = read_submissions(
        [write_csv(tmp_path / "a.csv", kobo()), write_csv(tmp_path / "b.csv", {**kobo(), **mark})], FORM
    )
    assert read.assessments.empty
    assert read.deleted == (f"asm-{UUID}",)
    assert "b.csv, line 2: deleted where it was made, and not taken" in said(read)


def test_rows_without_an_answer_are_skipped_and_counted(tmp_path: Path) -> None:
    empty = {"_uuid": "empty", "_status": "submitted_via_web", "assessment/framework_id": FRAMEWORK_ID}
    read = read_submissions([write_xlsx(tmp_path / "a.xlsx", made=[kobo(), {}, empty])], FORM)
    assert len(read.assessments) == 1
    assert read.rejected.empty
    assert "a.xlsx, line 4: a row without any answer was skipped" in said(read)


def test_without_any_id_the_same_row_has_the_same_id(tmp_path: Path) -> None:
    rows = [
        {name: cell for name, cell in kobo(GOV_01=result).items() if "/" in name}
        for result in ("met", "partial")
    ]
    ids = [
        read_submissions([write_csv(tmp_path / "a.csv", row)], FORM).assessments.loc[0, "assessment_id"]
        for row in rows
    ]
    assert ids[0] == ids[1]
    assert ids[0].startswith("asm-row-")
