"""Submissions of a form come back as the same findings, in whatever format and wording they are exported."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.forms.submissions import Submissions, read_submissions
from risk.errors import UnreadableFile
from tests.made_framework import FRAMEWORK_ID
from tests.made_submissions import (
    ACTIONS,
    ANSWERS,
    PERSONAL,
    UUID,
    api,
    form,
    kobo,
    kobo_actions,
    odk,
    write_csv,
    write_json,
    write_xlsx,
)

FORM = form()
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


def csv_of_kobo(folder: Path) -> list[Path]:
    flat = {
        f"actions[{rank}]/{name}": cell for rank, one in enumerate(ACTIONS, 1) for name, cell in one.items()
    }
    return [write_csv(folder / "made.csv", {**kobo(), **flat})]


def semicolons(folder: Path) -> list[Path]:
    actions = write_csv(folder / "made-actions.csv", *kobo_actions(), delimiter=";", bom=True)
    return [write_csv(folder / "made.csv", kobo(), delimiter=";", bom=True), actions]


def workbook(folder: Path) -> list[Path]:
    return [write_xlsx(folder / "made.xlsx", made=[kobo()], actions=kobo_actions())]


def workbook_by_index(folder: Path) -> list[Path]:
    actions = [{k: v for k, v in row.items() if k != "_submission__uuid"} for row in kobo_actions()]
    return [write_xlsx(folder / "made.xlsx", made=[kobo()], actions=actions)]


def json_of_api(folder: Path) -> list[Path]:
    return [write_json(folder / "made.json", api())]


def nested_json(folder: Path) -> list[Path]:
    nested: dict[str, Any] = {
        "__id": f"uuid:{UUID}",
        "__system": {"submitterName": "P. Fictive", "deletedAt": None},
    }
    for path, cell in ANSWERS.items():
        *groups, name = path.split("/")
        inside = nested
        for group in groups:
            inside = inside.setdefault(group, {})
        inside[name] = cell
    nested["actions"] = [dict(one) for one in ACTIONS]
    path = folder / "made.json"
    path.write_text(json.dumps({"value": [nested]}), "utf-8")
    return [path]


def csv_of_odk(folder: Path) -> list[Path]:
    row, actions = odk()
    return [write_csv(folder / "made-actions.csv", *actions), write_csv(folder / "made.csv", row)]


FORMATS = [csv_of_kobo, semicolons, workbook, workbook_by_index, json_of_api, nested_json, csv_of_odk]


@pytest.mark.parametrize("write", FORMATS)
def test_a_submission_comes_back_the_same_from_every_format(write: Any, tmp_path: Path) -> None:
    read = read_submissions(write(tmp_path), FORM)
    assert read.rejected.empty, read.rejected.to_string()
    assert results(read) == RESULTS
    one = read.assessments.iloc[0]
    assert one["assessment_id"] == f"asm-{UUID}"
    assert (one["site_record_id"], one["framework_id"]) == ("site-kasulo", FRAMEWORK_ID)
    assert (one["kind"], one["assessor_kind"]) == ("initial", "independent")
    assert one["assessed_on"] == pd.Timestamp("2026-05-03")
    assert one["note"] == "evidence: document, photo; A quiet day"
    assert not one["is_public_record"]
    actions = read.improvement_actions
    assert actions["title_en"].tolist() == [action["action_title"] for action in ACTIONS]
    assert actions["finding_id"].tolist() == [f"asm-{UUID}-WR-01", f"asm-{UUID}-WR-02"]
    assert actions["due_on"].tolist() == [pd.Timestamp("2026-09-30"), pd.NaT]
    assert set(actions["status"]) == {"draft"}
    assert actions["cost_band"].tolist() == ["1k_10k", "none"]


@pytest.mark.parametrize("write", FORMATS)
def test_nothing_of_who_sent_it_is_taken_over_or_set_aside(write: Any, tmp_path: Path) -> None:
    read = read_submissions(write(tmp_path), FORM)
    broken = read_submissions(
        [write_csv(tmp_path / "bad.csv", kobo(GOV_01="perhaps", assessed_on="soon"))], FORM
    )
    for one in (read, broken):
        frames = (one.assessments, one.findings, one.improvement_actions, one.rejected)
        text = "".join(frame.to_csv() for frame in frames) + said(one)
        for secret in [*PERSONAL.values(), "P. Fictive", "10.7123"]:
            assert secret not in text
    assert len(broken.rejected) == 1


def test_columns_of_persons_are_said_to_be_left_out_and_unknown_ones_reported(tmp_path: Path) -> None:
    read = read_submissions([write_csv(tmp_path / "a.csv", {**kobo(), "weather": "secret rain"})], FORM)
    assert "a.csv: columns of no question, not read: weather. Next: give them the name of a question" in said(
        read
    )
    assert "left out, since they may tell of a person: _geolocation, _submitted_by, deviceid" in said(read)
    assert "secret rain" not in said(read)


@pytest.mark.parametrize("separator", ["/", ".", ":", "-", None])
def test_groups_may_stand_before_a_name_or_not(separator: str | None, tmp_path: Path) -> None:
    row = {
        name
        if name.startswith("_")
        else name.rpartition("/")[2]
        if separator is None
        else name.replace("/", separator): cell
        for name, cell in kobo().items()
    }
    assert results(read_submissions([write_csv(tmp_path / "a.csv", row)], FORM)) == RESULTS


@pytest.mark.parametrize("language", [0, 1])
def test_labels_may_stand_for_names_and_codes(language: int, tmp_path: Path) -> None:
    row = {"_uuid": UUID}
    for question in FORM.questions():
        cell = next(
            (cell for path, cell in ANSWERS.items() if path.rpartition("/")[2] == question.name), None
        )
        if cell is None or question.type == "calculate":
            continue
        if question.choices:
            labels = FORM.lists[question.choices]
            cell = ", ".join(labels[code][language] for code in cell.split())
        row["Groupe/" + question.label[language]] = cell
    read = read_submissions([write_csv(tmp_path / "a.csv", row, delimiter=";")], FORM)
    assert read.rejected.empty, read.rejected.to_string()
    assert results(read) == RESULTS
    assert read.assessments.iloc[0]["note"] == "evidence: document, photo; A quiet day"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("satisfait", "met"),
        ("Non évalué", "not_assessed"),
        ("NON\u00a0SATISFAIT", "not_met"),
        ("Partiellement satisfait", "partial"),
        ("sans objet", "na"),
        ("n/a", "na"),
        ("Not met", "not_met"),
        ("NOT_ASSESSED", "not_assessed"),
    ],
)
def test_results_are_known_in_both_languages(cell: str, code: str, tmp_path: Path) -> None:
    read = read_submissions([write_csv(tmp_path / "a.csv", kobo(GOV_01=cell))], FORM)
    assert results(read)["GOV-01"] == (code, None)


@pytest.mark.parametrize(
    ("ticked", "note"),
    [
        ({"document": "1", "photo": "0"}, "evidence: document; A quiet day"),
        ({"document": "True", "photo": "False"}, "evidence: document; A quiet day"),
        ({"document": "document", "photo": ""}, "evidence: document; A quiet day"),
        ({"document": "0", "photo": "0"}, "A quiet day"),
    ],
)
def test_several_choices_may_have_a_column_each(ticked: dict[str, str], note: str, tmp_path: Path) -> None:
    row = kobo()
    del row["assessment/evidence"]
    row |= {f"assessment/evidence/{code}": cell for code, cell in ticked.items()}
    read = read_submissions([write_csv(tmp_path / "a.csv", row)], FORM)
    assert read.assessments.iloc[0]["note"] == note
    assert "columns of no question" not in said(read)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-05-13T10:00:00.000+02:00", "2026-05-13"),
        ("13/05/2026", "2026-05-13"),
        ("05/13/2026", "2026-05-13"),
        ("13 mai 2026", "2026-05-13"),
        ("May 13, 2026", "2026-05-13"),
        ("13.05.2026", "2026-05-13"),
        ("46155", "2026-05-13"),
        ("05/05/2026", "2026-05-05"),
    ],
)
def test_a_day_may_be_written_in_many_ways(cell: str, day: str, tmp_path: Path) -> None:
    read = read_submissions([write_csv(tmp_path / "a.csv", kobo(assessed_on=cell))], FORM)
    assert read.assessments["assessed_on"].tolist() == [pd.Timestamp(day)]


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
