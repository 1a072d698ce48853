"""Whoever adds and subtracts all that three releases tell below staff finds no restricted count below the minimum."""

from __future__ import annotations

import itertools
import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.build import build
from pipelines.verifying import attack
from pipelines.verifying.attack import System, small_targets
from pipelines.verifying.checking import BELOW_STAFF, check_release
from tests.made_attacks import broken_by, build_three, filtered, naive, system_of_files

PAIRS = 400


@pytest.fixture(scope="module")
def built(training_edition_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("attacked")
    shutil.copytree(training_edition_dir, folder / "training", ignore=shutil.ignore_patterns("truth"))
    return build_three(folder / "training", folder / "releases")


@pytest.fixture(scope="module")
def system(built: list[Path]) -> System:
    return system_of_files(built)


def test_records_come_late_go_and_change_between_the_releases(system: System) -> None:
    lives = system.events.groupby("life").size()
    assert {"012", "12", "2"} <= set(lives.index)
    assert system.events["batch"].nunique() == 3


def test_every_figure_of_the_files_is_a_sum_of_classes(system: System) -> None:
    assert len(system.figures) > 30
    assert system.holds()


def test_no_count_behind_two_filters_follows_from_three_releases(system: System) -> None:
    groups = filtered(system.events, PAIRS, seed=1)
    assert len(groups) == PAIRS
    assert broken_by(system, groups) == 0


def test_no_small_piece_of_a_class_follows_either(system: System) -> None:
    groups = small_targets(system.events, BELOW_STAFF)
    assert len(groups) > 200
    assert broken_by(system, groups) == 0


def test_the_same_attack_breaks_a_build_that_only_leaves_out_what_is_small(system: System) -> None:
    groups = filtered(system.events, PAIRS, seed=1)
    assert broken_by(naive(system, 3), groups) > 10


def test_each_of_the_three_releases_keeps_the_rules(built: list[Path]) -> None:
    for release in built:
        found = check_release("training", release.parent.parent, release.name)
        assert found.faults == []
    assert found.checked["differences of figures"] > 1000
    assert found.checked["events in classes of the release before"] > 0


def test_of_no_class_that_was_told_all_but_a_few_are_published_later(built: list[Path]) -> None:
    asked = kept = 0
    for older, newer in itertools.pairwise(built):
        with duckdb.connect() as connection:
            for name, folder in (("older", older), ("newer", newer)):
                connection.execute(f"ATTACH '{folder / 'training-staff.duckdb'}' AS {name} (READ_ONLY)")
            connection.execute(f"ATTACH '{newer / 'training-public.duckdb'}' AS public (READ_ONLY)")
            classes = connection.execute(
                """SELECT a.class_id, a.is_critical, count(DISTINCT a.event_id) AS n,
                     count(DISTINCT a.event_id) FILTER (WHERE i.incident_id IS NOT NULL) AS seen
                   FROM older.disclosure_assignments a LEFT JOIN older.event_records r USING (event_id)
                   LEFT JOIN public.incidents i USING (incident_id) WHERE class_id IS NOT NULL GROUP BY ALL"""
            ).df()
            held = connection.execute(
                "SELECT count(*) FROM newer.incidents WHERE is_public_record AND embargo_until = $day",
                {"day": date.fromisoformat(newer.name[:10]) + timedelta(days=1)},
            ).fetchone()
        left = classes["n"] - classes["seen"]
        least = classes["is_critical"].map(BELOW_STAFF.least)
        assert ((classes["seen"] == 0) | (left == 0) | (left >= least)).all()
        asked += int((classes["seen"] > 0).sum())
        kept += held[0] if held else 0
    # Both happened: some classes were published in part, and some records were kept back.
    assert asked > 0
    assert kept > 0


def test_what_was_public_once_is_never_counted_as_unpublished(built: list[Path]) -> None:
    public: set[str] = set()
    for release in built:
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{release / 'training-staff.duckdb'}' AS staff (READ_ONLY)")
            connection.execute(f"ATTACH '{release / 'training-public.duckdb'}' AS public (READ_ONLY)")
            counted = connection.execute(
                """SELECT incident_id FROM staff.disclosure_assignments JOIN staff.event_records USING (event_id)
                   WHERE NOT is_held"""
            ).df()["incident_id"]
            shown = connection.execute("SELECT incident_id FROM public.incidents").df()["incident_id"]
        public |= set(shown)
        assert not public & set(counted)
    # Some were taken back.
    assert public - set(shown)


def test_a_large_release_is_attacked_by_territory_and_year(
    built: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attack, "_MOST", 3)
    found = check_release("training", built[-1].parent.parent, built[-1].name)
    assert found.faults == []
    assert found.checked["counts below the minimum attacked"] > 10


def test_a_release_before_that_cannot_be_read_is_left_out(
    built: list[Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    there = tmp_path / "training"
    shutil.copytree(built[-1], there / built[-1].name, copy_function=os.link)
    shutil.copytree(built[-2], there / built[-2].name)
    path = there / built[-2].name / "training-staff.duckdb"
    path.write_bytes(path.read_bytes()[:5000])
    found = check_release("training", tmp_path, built[-1].name)
    assert found.faults == []
    assert "differences of figures" not in found.checked
    assert "training-staff.duckdb cannot be read" in caplog.text


def test_classes_go_on_from_the_file_of_staff_though_the_one_of_the_public_is_broken(
    built: list[Path], tmp_path: Path
) -> None:
    there = tmp_path / "releases"
    shutil.copytree(built[-1].parents[1], there)
    path = there / "training" / built[-1].name / "training-public.duckdb"
    path.write_bytes(path.read_bytes()[:-8] + bytes(8))
    name = build(built[-1].parents[2] / "training", there, as_of=date(2026, 10, 31)).release_id
    found = check_release("training", there, name)
    assert found.faults == []
    assert found.checked["events in classes of the release before"] > 0
