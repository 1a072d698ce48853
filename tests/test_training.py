"""The training edition: invented, the same each time, and read by the ordinary build."""

from __future__ import annotations

import hashlib
import math
import re
from pathlib import Path

import h3
import numpy as np
import pandas as pd
import pytest
from scipy import stats

import cobalt
from pipelines.edition import load_edition
from pipelines.matches.site_names import sound
from pipelines.training import making
from pipelines.training.events import DUPLICATE_SHARE, EVENT_SHARE
from pipelines.training.ground import BOUNDS
from pipelines.training.making import MadeBy, make, prepare, records_of
from pipelines.training.places import VAGUE_SHARE
from pipelines.training.sites import MEDIAN_WORKERS, SPREAD_WORKERS
from risk.errors import InputError
from risk.vocabulary import CATEGORIES
from warehouse.release import Release, close_all, open_release

OPEN = Path(__file__).resolve().parent.parent / "data" / "open"
SIZE = 0.3
# A test of chance may fail once in ten thousand seeds; the seed is fixed.
RARELY = 1e-4


@pytest.fixture(scope="module")
def release(training_releases_dir: Path) -> Release:
    yield open_release("training", releases_dir=training_releases_dir)
    close_all()


@pytest.fixture(scope="module")
def given(training_edition_dir: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_csv(path) for path in training_edition_dir.glob("*.csv")}


@pytest.fixture(scope="module")
def truth(training_edition_dir: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_csv(path) for path in (training_edition_dir / "truth").glob("*.csv")}


def hashes(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


def made(folder: Path, seed: int) -> dict[str, str]:
    folder.mkdir()
    make(folder, MadeBy(seed=seed, size=0.1))
    return hashes(folder)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = made(tmp_path / "a", 1), made(tmp_path / "b", 1), made(tmp_path / "c", 2)
    assert first == again
    alike = {name for name in first if first[name] == other[name]}
    assert {name for name in alike if name.endswith(".csv")} == {"event_matches.csv", "truth/outlets.csv"}


def test_the_edition_builds_with_no_row_set_aside(release: Release) -> None:
    loads = release.query("SELECT * FROM loads")
    assert loads["rows_rejected"].sum() == 0
    assert loads["remarks"].isna().all()
    # The older framework is aligned to nothing.
    known = loads[~loads["table_name"].isin(["event_matches", "criterion_alignments"])]
    assert (known["rows_taken"] > 0).all()


def test_all_is_marked_as_invented(training_edition_dir: Path) -> None:
    spec = load_edition(training_edition_dir)
    assert spec.name == "training"
    own = [one for one in spec.inputs if one.path.parent == training_edition_dir]
    assert len(own) == len(list(training_edition_dir.glob("*.csv")))
    for one in own:
        assert one.origin["publisher"] == "Cobalt Risk Atlas, invented"
        assert one.origin["licence"] == "CC0"
        assert one.origin["attribution"] == "Invented for training: nothing in it is real"


def test_every_category_is_the_primary_one_of_some_incident(release: Release) -> None:
    found = release.query("SELECT DISTINCT category FROM incidents")["category"]
    assert set(found) == set(CATEGORIES)


def test_the_number_of_records_is_as_promised(given: dict[str, pd.DataFrame]) -> None:
    expected = records_of(SIZE)
    events = stats.poisson(expected * EVENT_SHARE)
    low, high = (events.ppf(p) / EVENT_SHARE for p in (RARELY, 1 - RARELY))
    # One report in ten is late, and of these fewer than one in ten comes after the last day.
    assert low * 0.985 - 2 <= len(given["incidents"]) <= high + 2


def test_sites_are_as_many_and_as_large_as_promised(truth: dict[str, pd.DataFrame]) -> None:
    workers = truth["sites"]["workers"]
    assert (workers > 0).sum() == 90
    assert (workers == 0).sum() == 10
    logs = np.log(workers[workers > 0])
    margin = stats.norm.ppf(1 - RARELY / 2) * SPREAD_WORKERS / math.sqrt(90)
    assert abs(logs.mean() - math.log(MEDIAN_WORKERS)) <= margin


def is_likely(count: int, of: int, share: float) -> bool:
    low, high = stats.binom.interval(1 - RARELY, of, share)
    return bool(low <= count <= high)


def test_one_place_in_three_is_vague_and_one_record_in_eight_a_duplicate(
    given: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]
) -> None:
    role = truth["records"].set_index("incident_id")["role"]
    first = given["incidents"].set_index("incident_id").loc[role.index[role.isin(["first", "false"])]]
    vague = ~first["place_precision_reported"].isin(["pit", "site"])
    assert is_likely(int(vague.sum()), len(first), VAGUE_SHARE)
    copies = role.isin(["reworded", "translated", "verbatim"])
    assert is_likely(int(copies.sum()), len(role), DUPLICATE_SHARE)
    assert is_likely(int((role == "reworded").sum()), int(copies.sum()), 0.5)
    assert is_likely(int((role == "translated").sum()), int(copies.sum()), 0.25)


def test_reports_come_after_what_they_tell_and_some_come_late(
    given: dict[str, pd.DataFrame], truth: dict[str, pd.DataFrame]
) -> None:
    incidents = given["incidents"]
    exact = incidents[incidents["date_precision"] == "day"]
    told, day = pd.to_datetime(exact["reported_on"]), pd.to_datetime(exact["date_start"])
    assert (told >= day).all()
    assert (told <= pd.Timestamp("2026-09-30")).all()
    assert is_likely(int((truth["records"]["is_late"] == "yes").sum()), len(truth["records"]), 0.097)


def test_a_report_taken_back_is_retracted_and_tells_of_no_event(
    release: Release, truth: dict[str, pd.DataFrame]
) -> None:
    taken_back = release.query("SELECT incident_id FROM incidents WHERE verification = 'retracted'")
    records = truth["records"].set_index("incident_id")
    assert len(taken_back) > 0
    assert set(taken_back["incident_id"]) == set(records.index[records["role"] == "false"])
    assert records.loc[records["role"].isin(["false", "measure"]), "event_id"].isna().all()


def test_it_lies_in_the_sea_in_one_utm_zone_far_from_any_pentagon(given: dict[str, pd.DataFrame]) -> None:
    west, south, east, north = BOUNDS
    assert north < -35.5  # south of Cape Agulhas and of Madagascar
    assert 24 <= west < east <= 30  # UTM zone 35
    middle = ((south + north) / 2, (west + east) / 2)
    for resolution in (4, 5, 6, 7):
        away = [
            h3.great_circle_distance(middle, h3.cell_to_latlng(one), unit="km")
            for one in h3.get_pentagons(resolution)
        ]
        assert min(away) > 1_000
    assert given["territories"]["territory_pcode"].str.startswith("XT").all()


def real_names() -> set[str]:
    """Return the sounds of the names of the open edition, whole and word by word."""
    columns = {
        "places": ["name"],
        "sites": ["name", "aliases"],
        "ipis_sites": ["name", "aliases"],
        "territories": ["name"],
        "provinces": ["name"],
        "facilities": ["name", "aliases", "operator"],
        "concessions": ["holder"],
    }
    texts = [
        text
        for table, names in columns.items()
        for name in names
        for text in pd.read_csv(OPEN / f"{table}.csv")[name].dropna()
    ]
    words = [word for text in texts for word in re.split(r"[\s;,()/\-]+", text) if len(word) >= 4]
    return {sound(text) for text in (*texts, *words)}


def test_no_name_is_one_of_the_open_edition(given: dict[str, pd.DataFrame]) -> None:
    holders = given["concessions"]["holder"].dropna().str.split().str[0]
    coops = given["sites"]["operator_reported"].dropna().str.split().str[-1]
    tables = ("provinces", "territories", "places", "sites")
    names = pd.concat([given[table]["name"] for table in tables] + [holders, coops])
    names = pd.concat([names, given["facilities"]["name"].str.split().str[0]])
    assert {sound(name) for name in names} & real_names() == set()


def test_no_name_stands_for_two_places(given: dict[str, pd.DataFrame]) -> None:
    register = given["sites"].loc[given["sites"]["record_id"].str.startswith("reg-"), "name"]
    names = pd.concat([register, given["places"]["name"], given["provinces"]["name"]])
    territories = given["territories"]
    names = pd.concat([names, territories.loc[territories["kind"] == "territory", "name"]])
    assert not names.duplicated().any()


def test_an_edition_that_stands_is_kept_and_another_size_makes_it_anew(tmp_path: Path) -> None:
    folder = tmp_path / "training"
    assert prepare(folder, size=0.05)
    before = hashes(folder)
    assert not prepare(folder)
    assert not prepare(folder, size=0.05)
    assert hashes(folder) == before
    assert prepare(folder, size=0.06)
    assert not prepare(folder)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["training"]


def test_other_frameworks_make_it_anew(tmp_path: Path) -> None:
    folder = tmp_path / "training"
    prepare(folder, size=0.05)
    path = folder / "edition.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('frameworks = "', 'frameworks = "0'), "utf-8")
    assert prepare(folder)
    assert path.read_text("utf-8") == text


def test_another_version_of_the_generator_makes_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "training"
    prepare(folder, size=0.05)
    path = folder / "edition.toml"
    path.write_text(path.read_text("utf-8").replace("version = ", "version = 9"), "utf-8")
    assert prepare(folder)
    assert f"version = {making.VERSION}\nseed = 1\nsize = 0.05" in path.read_text("utf-8")


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".making-training-new").mkdir()
    (tmp_path / ".making-training-new" / "half.csv").write_text("x", "utf-8")
    assert prepare(tmp_path / "training", size=0.05)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["training"]


def test_an_edition_of_somebodys_own_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "training" / "edition.toml"
    path.parent.mkdir()
    path.write_text('name = "training"\n', "utf-8")
    assert not prepare(path.parent)
    with pytest.raises(InputError, match="not made by the generator"):
        prepare(path.parent, size=1)
    assert path.read_text("utf-8") == 'name = "training"\n'


@pytest.mark.parametrize("size", [0.0, -1.0, 1000.0, float("nan")])
def test_a_size_without_meaning_is_refused(tmp_path: Path, size: float) -> None:
    with pytest.raises(InputError, match="Next: choose one from"):
        prepare(tmp_path / "training", size=size)
    assert not (tmp_path / "training").exists()


def test_the_command_makes_the_edition_and_builds_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = ["--data", str(tmp_path / "data"), "--releases", str(tmp_path / "releases")]
    command = ["build", "--edition", "training", *folders]
    assert cobalt.main([*command, "--size", "0.05"]) == 0
    assert "nothing in it is real" in capsys.readouterr().out
    assert cobalt.main(command) == 0
    assert capsys.readouterr().out.endswith("nothing to build.\n")
    assert open_release("training", releases_dir=tmp_path / "releases").edition == "training"
    close_all()


def test_a_seed_is_taken_from_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = ["--data", str(tmp_path / "data"), "--releases", str(tmp_path / "releases")]
    command = ["build", "--edition", "training", *folders, "--size", "0.05", "--seed"]
    assert cobalt.main([*command, "-1"]) == 1
    assert "a seed of -1. Next: choose a whole number from 0 up" in capsys.readouterr().err
    assert not (tmp_path / "data" / "training").exists()
    assert cobalt.main([*command, "7"]) == 0
    assert "seed = 7\n" in (tmp_path / "data" / "training" / "edition.toml").read_text("utf-8")
    close_all()


@pytest.mark.parametrize("option", ["--size", "--seed"])
def test_a_size_and_a_seed_are_for_the_training_edition_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert cobalt.main(["build", "--edition", "open", option, "2", "--releases", str(tmp_path)]) == 1
    assert f"{option} is for the training edition. Next: add --edition training" in capsys.readouterr().err
