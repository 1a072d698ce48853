"""Submissions of a form come back as the same findings, in whatever format and wording they are exported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.forms.submissions import read_submissions
from tests.made_framework import FRAMEWORK_ID
from tests.made_submissions import (
    ACTIONS,
    ANSWERS,
    FORM,
    PERSONAL,
    RESULTS,
    UUID,
    api,
    kobo,
    kobo_actions,
    odk,
    results,
    said,
    write_csv,
    write_json,
    write_xlsx,
)


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
