"""One command leads from the form on a framework to a workbook, one from its submissions to a build."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import cobalt
from pipelines.build import build
from pipelines.forms.form import Form, form_of
from pipelines.frameworks.asking import framework_of
from risk.vocabulary import Audience
from tests.made_progress import FRAMEWORK_ID, FRAMEWORKS
from tests.made_submissions import write_csv
from warehouse import site_history
from warehouse.release import close_all, open_release

TABLES = ("assessments", "findings", "improvement_actions")


@pytest.fixture
def data(training_edition_dir: Path, tmp_path: Path) -> Path:
    """The training edition without the assessments and actions that it has."""
    folder = tmp_path / "data" / "training"
    shutil.copytree(training_edition_dir, folder)
    about = folder / "edition.toml"
    text = about.read_text("utf-8")
    for name in ("assessments", "findings", "improvement_actions", "action_extensions"):
        text = text.replace(f'\n[[inputs]]\nsource = "{name}"\nfile = "{name}.csv"\n', "")
        (folder / f"{name}.csv").unlink()
        (folder / f"{name}.origin.toml").unlink()
    about.write_text(text, "utf-8")
    shutil.copytree(FRAMEWORKS, tmp_path / "data" / "frameworks")
    return tmp_path / "data"


@pytest.fixture
def export(data: Path, tmp_path: Path) -> Path:
    form: Form = form_of(*framework_of(FRAMEWORK_ID, data).form_tables)
    sites = pd.read_csv(data / "training" / "sites.csv", dtype=str, keep_default_na=False)
    known = {
        "framework_id": FRAMEWORK_ID,
        "site_record_id": sites.loc[sites["public_record"] == "yes", "record_id"].iloc[0],
        "assessed_on": "2026-05-03",
        "assessment_kind": "initial",
        "assessor_kind": "independent",
        "_uuid": "0a1b2c3d-0000-4000-8000-00000000000a",
        "_id": "101",
    }
    asked = (one for one in form.questions() if one.criterion_id and one.choices == "results")
    return write_csv(tmp_path / "export.csv", known | {one.name: "met" for one in asked})


def run(*arguments: str | Path) -> int:
    return cobalt.main([str(one) for one in arguments])


def test_the_form_on_a_version_is_written(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "form.xlsx"
    assert run("framework", "form", FRAMEWORK_ID, "--out", path, "--data", data) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{path}: the form on {FRAMEWORK_ID}, in English and French.\nNext: ")
    assert list(pd.read_excel(path, sheet_name=None, engine="calamine")) == ["survey", "choices", "settings"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["framework", "form", FRAMEWORK_ID], "Next: give an id, and --out FILE.xlsx"),
        (["framework", "form", FRAMEWORK_ID, "--out", "form.doc"], "Next: give it a name that ends in .xlsx"),
        (["framework", "form", "made@7", "--out", "form.xlsx"], "'made@7' is no version of a framework"),
        (["submissions", "a.csv", "--framework", "made@7"], "'made@7' is no version of a framework"),
        (
            ["submissions", "a.csv", "--framework", FRAMEWORK_ID, "--edition", "open"],
            "There is no edition in",
        ),
    ],
)
def test_what_cannot_be_done_is_told(
    arguments: list[str], message: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments, "--data", data) == 1
    assert message in capsys.readouterr().err


def test_submissions_come_from_an_export_to_a_release(
    data: Path, export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = data / "training"
    command = ("submissions", export, "--framework", FRAMEWORK_ID, "--edition", "training", "--data", data)
    assert run(*command) == 0
    said = capsys.readouterr().out
    assert said.startswith("assessments.csv: 1 added")
    assert "assessments.origin.toml: written; see that it says where the forms come from" in said
    assert "edition.toml: added the inputs assessments, findings, improvement_actions" in said
    assert said.endswith("Next: cobalt build --edition training\n")
    built = build(folder, tmp_path / "releases")
    assert built.faults == ()
    counts = {}
    for audience in Audience:
        release = open_release("training", audience, releases_dir=tmp_path / "releases")
        levels = release.query("SELECT level, coverage_pct FROM assessment_levels")
        counts[audience] = levels.to_numpy().tolist()
    close_all()
    assert counts.pop(Audience.STAFF) == [["ADV", 100.0]]
    assert list(counts.values()) == [[]] * 3
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert run(*command) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    said = capsys.readouterr().out
    assert said.startswith("assessments.csv: 0 added, 0 changed, 1 as before")
    assert "written" not in said
    assert "added the inputs" not in said


def test_one_command_brings_a_submission_to_the_page_of_its_site(
    data: Path, export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    releases = ("--edition", "training", "--data", data, "--releases", tmp_path / "releases")
    assert run("submissions", export, "--framework", FRAMEWORK_ID, "--build", *releases) == 0
    assert "is built and served" in capsys.readouterr().out
    release = open_release("training", releases_dir=tmp_path / "releases")
    site = str(release.query("SELECT site_id FROM assessments")["site_id"].iloc[0])
    found = site_history.site_assessments(release, site)
    assert found["level"].tolist() == ["ADV"]
    close_all()


def test_an_edition_that_promises_public_records_alone_is_warned(
    data: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data / "training" / "edition.toml"
    path.write_text("only_public = true\n" + path.read_text("utf-8"), "utf-8")
    assert (
        run("submissions", export, "--framework", FRAMEWORK_ID, "--edition", "training", "--data", data) == 0
    )
    said = capsys.readouterr().out
    assert "says only_public = true, and assessments.csv, line 2, is not public or has a note. Next: " in said


def test_inputs_that_are_written_in_one_line_are_left_to_their_owner(
    data: Path, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data / "training" / "edition.toml"
    path.write_text('name = "training"\ninputs = [{ source = "sites", file = "sites.csv" }]\n', "utf-8")
    before = path.read_text("utf-8")
    assert (
        run("submissions", export, "--framework", FRAMEWORK_ID, "--edition", "training", "--data", data) == 1
    )
    assert "takes no more [[inputs]] at its end. Next: add source and file of" in capsys.readouterr().err
    assert path.read_text("utf-8") == before
