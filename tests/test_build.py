from __future__ import annotations

import csv
import logging
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipelines import assembly
from pipelines import build as building
from pipelines.build import build
from risk.errors import InputError, ReleaseError
from tests.conftest import OPEN_EDITION
from tests.made_edition import write_edition
from warehouse.contracts import TABLES
from warehouse.release import Release, open_release, verify


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    return write_edition(tmp_path / "data" / "open")


def rows(release: Release, table: str) -> pd.DataFrame:
    return release.query(f"SELECT * FROM {table}")


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_build_gives_every_promised_table_and_each_keeps_its_contract(open_release: Release) -> None:
    verify(open_release)
    assert set(open_release.manifest.tables["staff"]) == set(TABLES)
    for name, promise in TABLES.items():
        stored = rows(open_release, name)
        promise.contract.validate(stored)
        key = list(promise.key)
        if name != "rejected_row":
            assert not stored.duplicated(key).any(), name
        by_key = stored.sort_values(key, ignore_index=True, kind="stable")
        assert stored[key].equals(by_key[key]), f"{name} does not lie sorted by its key"


@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("incidents", "incidents"),
        ("concessions", "concessions"),
        ("refiners", "refiners"),
        ("assessment_figures", "assessment_figures"),
        ("facilities", "facilities"),
    ],
)
def test_every_row_of_the_open_edition_is_in_its_release(
    open_release: Release, file: str, table: str
) -> None:
    with (OPEN_EDITION / f"{file}.csv").open(encoding="utf-8", newline="") as stream:
        ids = sorted(row[0] for row in list(csv.reader(stream))[1:])
    assert sorted(rows(open_release, table)[TABLES[table].key[0]]) == ids


def test_the_toll_of_the_release_is_273(open_release: Release) -> None:
    toll = open_release.query("SELECT sum(killed_best) AS killed FROM incidents WHERE counts_in_toll")
    assert toll.loc[0, "killed"] == 273


@pytest.mark.parametrize("table", ["incidents", "concessions", "refiners", "provinces", "site_records"])
def test_every_record_of_a_release_is_cited(open_release: Release, table: str) -> None:
    uncited = open_release.query(
        f"SELECT * FROM {table} WHERE {TABLES[table].key[0]} NOT IN "
        "(SELECT record_id FROM citations WHERE about = 'record' AND table_name = ?)",
        [table],
    )
    assert uncited.empty
    assert open_release.query(
        "SELECT * FROM citations WHERE table_name NOT IN (FROM origins SELECT table_name)"
    ).empty


def test_rows_in_are_rows_taken_and_rows_rejected(open_release: Release) -> None:
    loads = rows(open_release, "loads")
    assert (loads["rows_in"] == loads["rows_taken"] + loads["rows_rejected"]).all()
    aside = open_release.query("SELECT count(DISTINCT (file, line)) AS n FROM rejected_row").loc[0, "n"]
    assert loads["rows_rejected"].sum() == aside


def test_two_builds_of_the_same_files_give_the_same_id_and_the_same_rows(
    edition: Path, tmp_path: Path
) -> None:
    one, two = (build(edition, tmp_path / name) for name in ("one", "two"))
    assert one.release_id == two.release_id
    a, b = (open_release_in(tmp_path / name) for name in ("one", "two"))
    assert a.manifest.tables == b.manifest.tables
    assert a.as_of == date(2020, 12, 31)


def test_building_again_is_a_no_op_and_another_day_is_another_release(edition: Path, tmp_path: Path) -> None:
    first = build(edition, tmp_path / "releases")
    again = build(edition, tmp_path / "releases")
    other = build(edition, tmp_path / "releases", as_of=date(2021, 1, 1))
    assert (first.was_noop, again.was_noop, other.was_noop) == (False, True, False)
    assert first.release_id == again.release_id != other.release_id
    assert again.loads.equals(first.loads)
    assert open_release_in(tmp_path / "releases").manifest.previous == first.release_id


def test_records_of_one_place_become_one_site_and_incidents_follow(edition: Path, tmp_path: Path) -> None:
    build(edition, tmp_path / "releases")
    release = open_release_in(tmp_path / "releases")
    assert list(rows(release, "sites")["site_id"]) == ["site-kasulo", "site-lubudi"]
    assert list(rows(release, "site_records")["site_id"]) == ["site-kasulo", "site-kasulo", "site-lubudi"]
    incidents = rows(release, "incidents")
    assert incidents["site_id"].fillna("-").tolist() == ["site-kasulo", "-"]
    assert incidents["territory"].fillna("-").tolist() == ["Kolwezi", "-"]
    overlaps = rows(release, "site_concessions")
    assert set(overlaps["cadastre_as_of"]) == {"2020-01"}
    assert list(overlaps["concession_id"]) == ["PE-1", "ZEA-2"]
    assert rows(release, "incident_categories").to_numpy().tolist() == [
        ["inc-1", "OSH", "primary"],
        ["inc-2", "LGL", "secondary"],
        ["inc-2", "SEC", "primary"],
    ]


def test_a_broken_row_is_set_aside_and_the_run_goes_on(edition: Path, tmp_path: Path) -> None:
    replace_in(edition / "incidents.csv", "2020-01-02,2020-01-02", "31/02/2025,2020-01-02")
    built = build(edition, tmp_path / "releases")
    loads = built.loads.set_index("file")
    assert loads.loc["incidents.csv", ["rows_in", "rows_taken", "rows_rejected"]].tolist() == [2, 1, 1]
    rejected = rows(open_release_in(tmp_path / "releases"), "rejected_row")
    assert rejected[["file", "line", "column_name", "value"]].to_numpy().tolist() == [
        ["incidents.csv", 2, "date_start", "31/02/2025"]
    ]


@pytest.mark.parametrize("harm", ["empty", "missing", "noise"])
def test_a_file_that_cannot_be_read_stops_the_run_and_the_old_release_stands(
    edition: Path, tmp_path: Path, harm: str
) -> None:
    first = build(edition, tmp_path / "releases")
    path = edition / "concessions.csv"
    path.unlink() if harm == "missing" else path.write_bytes(
        b"" if harm == "empty" else bytes(range(256)) * 99
    )
    with pytest.raises(InputError, match=r"concessions\.csv.*Next: "):
        build(edition, tmp_path / "releases")
    assert open_release_in(tmp_path / "releases").id == first.release_id
    assert not any((tmp_path / "releases" / "open").glob(".building-*"))


def test_an_edition_without_some_tables_gives_them_empty(edition: Path, tmp_path: Path) -> None:
    build(edition, tmp_path / "releases")
    release = open_release_in(tmp_path / "releases")
    assert set(release.manifest.tables["staff"]) == set(TABLES)
    assert rows(release, "refiners").empty


def test_a_derived_row_that_breaks_its_contract_stops_the_build(
    edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(edition, tmp_path / "releases")
    categories = assembly.incident_categories

    def wrong(incidents: pd.DataFrame) -> pd.DataFrame:
        return categories(incidents).assign(role="third")

    monkeypatch.setattr(assembly, "incident_categories", wrong)
    with pytest.raises(
        ReleaseError, match=r"incident_categories .* column role.*third.*Nothing was published"
    ):
        build(edition, tmp_path / "releases", as_of=date(2021, 1, 1))
    assert open_release_in(tmp_path / "releases").id == first.release_id


def test_a_derived_table_that_lacks_a_column_is_refused() -> None:
    frame = pd.DataFrame({"incident_id": ["a"], "category": ["OSH"]})
    with pytest.raises(ReleaseError, match="role"):
        assembly.held("incident_categories", frame)


def test_a_file_that_changes_while_it_is_read_stops_the_run(
    edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = building.check

    def meddle(source: object, path: Path, bounds: object) -> object:
        if path.name == "places.csv":
            path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        return check(source, path, bounds)

    monkeypatch.setattr(building, "check", meddle)
    with pytest.raises(InputError, match=r"places\.csv: changed while it was read"):
        build(edition, tmp_path / "releases")


def test_the_source_of_a_whole_file_comes_behind_those_a_record_has(edition: Path, tmp_path: Path) -> None:
    path = edition / "citations.csv"
    path.write_text(
        "table_name,record_id,rank,about,title,publisher,published,url\n"
        "places,place-1,1,position,A gazetteer,,,\n",
        "utf-8",
    )
    shutil.copy(edition / "site_matches.origin.toml", edition / "citations.origin.toml")
    with (edition / "edition.toml").open("a", encoding="utf-8") as stream:
        stream.write('[[inputs]]\nsource = "citations"\nfile = "citations.csv"\n')
    build(edition, tmp_path / "releases")
    found = open_release_in(tmp_path / "releases").query(
        "SELECT rank, about, title FROM citations WHERE record_id = 'place-1'"
    )
    assert found.to_numpy().tolist() == [[1, "position", "A gazetteer"], [2, "record", "A made source"]]


def test_each_table_has_a_log_line(edition: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    build(edition, tmp_path / "releases")
    for name in ("incidents: incidents.csv: 2 rows in, 2 taken, 0 set aside", "sites: 2 rows derived"):
        assert any(name in message for message in caplog.messages), caplog.messages


def test_progress_sees_every_file(edition: Path, tmp_path: Path) -> None:
    seen: list[object] = []

    def noted(items: object, what: str) -> object:
        for item in items:  # type: ignore[attr-defined]
            seen.append((what, item.path.name))
            yield item

    build(edition, tmp_path / "releases", progress=noted)  # type: ignore[arg-type]
    assert len(seen) == 8


def open_release_in(releases_dir: Path) -> Release:
    return open_release("open", releases_dir=releases_dir, verified=True)
