"""A form made from a framework is one that field tools take, and it asks for nobody's name."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from pyxform.xls2xform import convert

from pipelines.forms.form import both, form_of
from pipelines.forms.naming import criterion_of, question_name
from pipelines.forms.xlsform import write_form
from risk.errors import ConfigError, InputError
from risk.progress_words import RESULTS
from tests.made_framework import FRAMEWORK_ID, criteria, framework, framework_levels, frameworks

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def sheet(path: Path, name: str) -> pd.DataFrame:
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
    return pd.DataFrame(rows, columns=head)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    there = tmp_path_factory.mktemp("forms") / "made.xlsx"
    write_form(*framework(), there)
    return there


@pytest.fixture(scope="module")
def survey(path: Path) -> pd.DataFrame:
    return sheet(path, "survey").set_index("name")


def test_pyxform_takes_the_form_without_a_warning(path: Path) -> None:
    made = convert(str(path), validate=False)
    assert made.warnings == []
    assert '<data id="made" version="2026.1"' in made.xform
    for bind in ("/data/WR/age/WR_01", "/data/WR/hours/WR_02_value", "/data/actions/action_title"):
        assert f'nodeset="{bind}"' in made.xform
    assert 'calculate="' + f"'{FRAMEWORK_ID}'" in made.xform.replace("&#39;", "'")
    assert made.xform.count('<translation lang="') == 2


@given(st.text(min_size=1, max_size=12))
def test_every_id_gives_a_name_of_its_own_and_comes_back(criterion_id: str) -> None:
    name = question_name(criterion_id)
    assert NAME.fullmatch(name)
    assert criterion_of(name) == criterion_id


def test_a_criterion_is_one_question_with_five_results(path: Path, survey: pd.DataFrame) -> None:
    for criterion_id, text, french in criteria()[["criterion_id", "text_en", "text_fr"]].itertuples(
        index=False
    ):
        row = survey.loc[question_name(criterion_id)]
        assert (row["type"], row["required"]) == ("select_one results", "yes")
        assert row["label::English (en)"] == f"{criterion_id}. {text}".replace("${", "$ {")
        assert row["label::French (fr)"] == f"{criterion_id}. {french}"
    assert survey.loc["WR_01", "hint::English (en)"] == "Evidence: visit"
    choices = sheet(path, "choices")
    assert choices.loc[choices["list_name"] == "results", "name"].tolist() == list(RESULTS)


def test_a_threshold_asks_for_the_value_with_its_unit_where_there_is_a_result(survey: pd.DataFrame) -> None:
    row = survey.loc["OSH_01_value"]
    assert row["type"] == "decimal"
    assert row["label::English (en)"] == "OSH-01: measured value, in m"
    assert row["hint::English (en)"] == "Met where it is <= 10 m"
    assert row["relevant"] == "${OSH_01} != '' and ${OSH_01} != 'na' and ${OSH_01} != 'not_assessed'"
    assert [name for name in survey.index if name.endswith("_value")] == ["WR_02_value", "OSH_01_value"]


def test_questions_stand_by_section_and_issue(path: Path) -> None:
    rows = sheet(path, "survey")
    begins = rows.loc[rows["type"].str.startswith("begin"), ["type", "name"]].agg(" ".join, axis=1).tolist()
    assert begins == [
        "begin_group assessment",
        *("begin_group GOV", "begin_group place", "begin_group WR", "begin_group age", "begin_group hours"),
        *("begin_group OSH", "begin_group pits", "begin_group other"),
        "begin_repeat actions",
    ]
    assert rows["type"].str.startswith("end").sum() == len(begins)


def test_no_question_asks_who_somebody_is(path: Path) -> None:
    rows = sheet(path, "survey")
    kinds = set(rows["type"].str.split().str[0])
    assert kinds <= {
        *("begin_group", "end_group", "begin_repeat", "end_repeat"),
        *("note", "calculate", "text", "date", "decimal", "select_one", "select_multiple"),
    }
    asked = rows[~rows["type"].isin(["note"])]
    labels = asked.filter(like="label").to_numpy().ravel()
    assert not [
        text for text in labels if re.search(r"\b(names?|phone|gps|nom|prénom|téléphone)\b", str(text), re.I)
    ]
    free = rows.loc[rows["type"] == "text", "hint::English (en)"]
    assert free.str.startswith(("Never write a name", "Its id")).all()


def test_the_form_is_named_after_the_framework(path: Path) -> None:
    settings = sheet(path, "settings").iloc[0]
    assert (settings["form_id"], settings["version"]) == ("made", "2026.1")
    assert settings["form_title"] == "Un référentiel inventé · A made framework"


def test_of_several_frameworks_one_is_chosen() -> None:
    two = pd.concat([frameworks(), frameworks().assign(framework_id="other@1", scheme="other")])
    assert form_of(two, framework_levels(), criteria(), FRAMEWORK_ID).framework_id == FRAMEWORK_ID
    with pytest.raises(InputError, match="2 frameworks, and none was chosen"):
        form_of(two, framework_levels(), criteria())
    with pytest.raises(
        InputError, match=r"nowhere@1: is no framework here. Next: choose one of: made@2026\.1"
    ):
        form_of(frameworks(), framework_levels(), criteria(), "nowhere@1")
    with pytest.raises(InputError, match=r"other@1: has no criterion"):
        form_of(two, framework_levels(), criteria(), "other@1")


@pytest.mark.parametrize("criterion_id", ["evidence", "OSH-01-value", "GOV-01"])
def test_two_questions_of_one_name_are_refused(criterion_id: str) -> None:
    rows = criteria()
    rows.loc[rows["criterion_id"] == "GOV-02", "criterion_id"] = criterion_id
    with pytest.raises(InputError, match="two questions would be named"):
        form_of(frameworks(), framework_levels(), rows)


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be written .* Next: choose another place"):
        write_form(*framework(), tmp_path / "nowhere" / "form.xlsx")


def test_a_text_is_given_in_both_languages_whatever_is_spoken() -> None:
    assert both("Child labour") == ("Child labour", "Travail des enfants")
