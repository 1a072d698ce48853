"""What cannot be read of a submission is set aside with its reason, and nothing else with it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.forms.submissions import read_submissions
from risk.errors import UnreadableFile
from tests.made_submissions import (
    FORM,
    RESULTS,
    kobo,
    kobo_actions,
    results,
    write_csv,
    write_json,
    write_xlsx,
)


def test_a_day_that_may_be_two_is_set_aside_unless_the_file_shows_the_order(tmp_path: Path) -> None:
    read = read_submissions([write_csv(tmp_path / "a.csv", kobo(assessed_on="03/05/2026"))], FORM)
    assert read.assessments.empty
    assert read.rejected.loc[0, "reason"] == "a date that may mean two days; write 2026-05-03 or 2026-03-05"
    other = kobo(_uuid="other", assessed_on="25/05/2026")
    read = read_submissions([write_csv(tmp_path / "b.csv", kobo(assessed_on="03/05/2026"), other)], FORM)
    assert read.assessments["assessed_on"].tolist() == [
        pd.Timestamp("2026-05-03"),
        pd.Timestamp("2026-05-25"),
    ]


def test_an_unknown_choice_sets_its_finding_aside_and_no_other(tmp_path: Path) -> None:
    read = read_submissions(
        [write_csv(tmp_path / "a.csv", kobo(GOV_01="perhaps", WR_02_value="about 60"))], FORM
    )
    assert results(read) == {k: v for k, v in RESULTS.items() if k not in {"GOV-01", "WR-02"}}
    told = read.rejected.to_dict("records")
    assert [(row["file"], row["line"], row["column_name"], row["value"]) for row in told] == [
        ("a.csv", 2, "GOV/place/GOV_01", "perhaps"),
        ("a.csv", 2, "WR/hours/WR_02_value", "about 60"),
    ]
    assert told[0]["reason"] == (
        "no choice of this question; write one of met, partial, not_met, na, not_assessed"
    )
    assert told[1]["reason"] == "not a number; write 12.5"
    kept = json.loads(told[0]["row_text"])
    assert kept["WR/age/WR_01"] == "not_met"
    assert "A quiet day" not in told[0]["row_text"]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"site_record_id": ""}, "site_record_id", "empty; a value must be given"),
        ({"assessed_on": "soon"}, "assessment/assessed_on", "not a date; write YYYY-MM-DD"),
        (
            {"assessor_kind": "me"},
            "assessment/assessor_kind",
            "no choice of this question; write one of independent,",
        ),
        (
            {"framework_id": "other@1"},
            "assessment/framework_id",
            "not the framework that is read, made@2026.1",
        ),
        ({"_validation_status": "Not Approved"}, None, "not approved by who reviewed it"),
    ],
)
def test_an_assessment_that_cannot_be_told_is_set_aside_whole(
    changes: dict[str, str], column: str | None, reason: str, tmp_path: Path
) -> None:
    read = read_submissions([write_csv(tmp_path / "a.csv", kobo(**changes))], FORM)
    assert read.assessments.empty
    assert read.findings.empty
    told = read.rejected.iloc[0]
    assert told["column_name"] == column if column else pd.isna(told["column_name"])
    assert told["reason"].startswith(reason)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"GOV_01": "na", "OSH_01": "na"}, "a measured value, though OSH_01 is na"),
        ({"OSH_01": ""}, "a measured value, but OSH_01 has no result"),
        ({"evidence": "document hearsay"}, "no choice of this question; write one of document"),
    ],
)
def test_answers_that_contradict_are_set_aside(changes: dict[str, str], reason: str, tmp_path: Path) -> None:
    read = read_submissions([write_csv(tmp_path / "a.csv", kobo(**changes))], FORM)
    assert len(read.assessments) == 1
    assert read.rejected["reason"].str.startswith(reason).tolist() == [True]


def test_actions_of_no_submission_are_set_aside(tmp_path: Path) -> None:
    stray = kobo_actions(_submission__uuid="elsewhere", _parent_index="9")
    read = read_submissions([write_xlsx(tmp_path / "a.xlsx", made=[kobo()], actions=stray)], FORM)
    assert read.improvement_actions.empty
    assert read.rejected["reason"].unique().tolist() == [
        "of no submission in these files; give the file of the submissions too"
    ]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"action_responsible": "somebody"}, "actions/action_responsible"),
        ({"action_title": ""}, "action_title"),
        ({"action_due_on": "later"}, "actions/action_due_on"),
        ({"action_criterion": "XX_99"}, "actions/action_criterion"),
        ({"action_funding_status": ""}, "action_funding_status"),
    ],
)
def test_a_bad_action_is_set_aside_alone(changes: dict[str, str], column: str, tmp_path: Path) -> None:
    actions = kobo_actions()
    actions[0] |= {f"actions/{name}": cell for name, cell in changes.items()}
    read = read_submissions([write_xlsx(tmp_path / "a.xlsx", made=[kobo()], actions=actions)], FORM)
    assert read.improvement_actions["title_en"].tolist() == ["Shorter weeks"]
    assert read.rejected["column_name"].tolist() == [column]
    assert results(read) == RESULTS


def test_a_broken_row_is_set_aside_masked(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", kobo())
    path.write_text(path.read_text("utf-8") + "p.fictive,2\n", "utf-8")
    read = read_submissions([path], FORM)
    assert len(read.assessments) == 1
    assert read.rejected["reason"].str.startswith("a row of 2 cells under a header of").tolist() == [True]
    assert "fictive" not in read.rejected.loc[0, "row_text"]


@pytest.mark.parametrize(
    ("name", "data"), [("a.json", b"{"), ("a.xlsx", b"PK\x03\x04 cut"), ("a.csv", b"\x00\x01")]
)
def test_what_cannot_be_read_stops_the_run(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableFile):
        read_submissions([tmp_path / name], FORM)


@pytest.mark.parametrize("content", ["[1, null]", '{"results": [{"a": [{"b": 1}]}]}', "[]"])
def test_odd_json_is_told_and_never_raises(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(content, "utf-8")
    read = read_submissions([tmp_path / "a.json"], FORM)
    assert read.assessments.empty
    assert len(read.rejected) + len(read.remarks) > 0 or content == "[]"


HEADERS = st.sampled_from(
    [
        *(
            "GOV/place/GOV_01",
            "WR_02_value",
            "evidence/photo",
            "assessed_on",
            "site_record_id",
            "assessor_kind",
        ),
        *(
            "assessment_kind",
            "_uuid",
            "meta/deprecatedID",
            "_submission_time",
            "actions[1]/action_title",
            "x",
            "é",
        ),
        *(
            "actions[2]/action_due_on",
            "_index",
            "KEY",
            "username",
            "_status",
            "OSH_01",
            "OSH_01_value",
            "GOV-02",
        ),
    ]
)
CELLS = st.sampled_from(
    ["", "met", "na", "1", "0", "2026-05-03", "03/05/2026", "initial", "independent", "a b", "−"]
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.dictionaries(HEADERS, CELLS, min_size=2), min_size=1, max_size=4), is_json=st.booleans()
)
def test_no_content_makes_it_raise_or_lose_a_submission(
    rows: list[dict[str, str]], is_json: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = write_json(folder / "a.json", *rows) if is_json else write_csv(folder / "a.csv", *rows)
    read = read_submissions([path], FORM)
    told = {*read.assessments["line"], *read.rejected["line"]}
    told |= {int(number) for remark in read.remarks for number in re.findall(r"line (\d+)", remark)}
    wanted = range(1, len(rows) + 1) if is_json else range(2, len(rows) + 2)
    blank = {line for line, row in zip(wanted, rows, strict=True) if not any(row.values())}
    assert set(wanted) - blank <= told
