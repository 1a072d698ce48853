"""`cobalt release check` passes a good release, and names the file, table, row and rule of a broken one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cobalt
from pipelines.verifying.attack import System, recovered
from pipelines.verifying.checking import check_release
from pipelines.verifying.opening import Findings
from tests.made_broken import broken
from tests.made_faults import BROKEN, PUBLIC
from warehouse.manifest import MANIFEST
from warehouse.release import current_release_id


@pytest.fixture(scope="module")
def good(training_releases_dir: Path) -> Findings:
    return check_release("training", training_releases_dir)


def test_a_good_release_passes_and_says_what_was_checked(good: Findings) -> None:
    assert good.faults == []
    looked_at = ("classes", "figures", "research records", "counts below the minimum attacked", "tables")
    assert all(good.checked[what] > 0 for what in looked_at)
    assert good.checked["counts below the minimum attacked"] > 100


@pytest.mark.parametrize("name", BROKEN)
def test_a_release_with_one_rule_broken_is_named(
    name: str, training_releases_dir: Path, tmp_path: Path
) -> None:
    audience, statement, message = BROKEN[name]
    releases_dir = broken(training_releases_dir, tmp_path, audience, statement)
    found = [str(fault) for fault in check_release("training", releases_dir).faults]
    assert [text for text in found if message in text] != [], found


def test_a_young_record_is_called_young(training_releases_dir: Path, tmp_path: Path) -> None:
    audience, statement, _ = BROKEN["a young record"]
    found = check_release("training", broken(training_releases_dir, tmp_path, audience, statement)).faults
    assert "the record is younger than the embargo of 180 days" in {fault.rule for fault in found}


def test_a_file_that_is_not_the_promised_one_is_named(training_releases_dir: Path, tmp_path: Path) -> None:
    statement = "UPDATE places SET note = 'x'"
    releases_dir = broken(training_releases_dir, tmp_path, PUBLIC, statement, is_told=False)
    found = [str(fault) for fault in check_release("training", releases_dir).faults]
    assert any("training-public.duckdb, row of all: the file is not the one" in text for text in found), found
    assert any("table places, row of all: the rows are not those that the man" in text for text in found)


def test_a_file_more_is_named(training_releases_dir: Path, tmp_path: Path) -> None:
    there = tmp_path / "releases"
    shutil.copytree(training_releases_dir, there, copy_function=os.link)
    release = there / "training" / current_release_id("training", there)
    (release / "notes.txt").write_text("a", "utf-8")
    found = [str(fault) for fault in check_release("training", there).faults]
    assert found[0].startswith("notes.txt, row of all: the file is no part of a release")


def test_a_manifest_that_was_altered_ends_with_1(
    training_releases_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "releases"
    shutil.copytree(training_releases_dir, there)
    path = there / "training" / current_release_id("training", there) / MANIFEST
    path.write_text(path.read_text("utf-8").replace('"size_bytes": 1', '"size_bytes": 2'), "utf-8")
    assert cobalt.main(["release", "check", "--edition", "training", "--releases", str(there)]) == 1
    assert "was altered after it was written" in capsys.readouterr().err


def test_the_command_says_what_it_found(
    training_releases_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = ["--edition", "training", "--releases", str(training_releases_dir)]
    name = current_release_id("training", training_releases_dir)
    assert cobalt.main(["release", "check", name, *there]) == 0
    assert capsys.readouterr().out.startswith(f"Release {name} keeps the rules. Checked: 5 files, ")
    audience, statement, message = BROKEN["a count off by one"]
    there[-1] = str(broken(training_releases_dir, tmp_path, audience, statement))
    assert cobalt.main(["release", "check", *there]) == 1
    said = capsys.readouterr().out
    assert message in said
    assert "breaks " in said.splitlines()[-1]


def test_the_open_edition_tells_nothing_unpublished(open_releases_dir: Path) -> None:
    assert check_release("open", open_releases_dir).faults == []


def test_an_attack_finds_what_a_difference_of_figures_tells() -> None:
    events = pd.DataFrame({"piece": [0, 0, 0, 1, 1, 2]})
    counts, figures = np.array([3.0, 2.0, 1.0]), np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 1.0]])
    system = System(figures, figures @ counts, counts, pd.DataFrame(index=range(3)), events)
    groups = [events[events["piece"] == piece] for piece in range(3)]
    assert recovered(system, groups) == [1]
    assert recovered(system, [events[:2], events[3:4]]) == []
    assert system.holds()
