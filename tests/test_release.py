from __future__ import annotations

import json
import shutil
import threading
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipelines import release as writing
from risk.errors import BrokenRelease, BuildRunning, NoRelease, ReleaseError
from risk.vocabulary import Audience, Edition
from tests.made_tables import AS_OF, inputs, places, publish_tables, rejected
from warehouse.release import current_release_id, list_releases, open_release, verify
from warehouse.storage import contents

TABLES = {"places": places("Kolwezi@25.5", "Likasi"), "rejected_row": rejected("not a number")}


def publish_two(folder: Path) -> tuple[str, str]:
    return publish_tables(folder, TABLES), publish_tables(folder, TABLES, content="b")


def test_a_release_gives_back_what_was_written_typed_as_promised(tmp_path: Path) -> None:
    release_id = publish_tables(tmp_path, TABLES)
    release = open_release("open", "staff", releases_dir=tmp_path)
    rows = release.query("SELECT place_id, name, lon, position_is_proxy FROM places WHERE lon > ?", [25])
    assert release.id == release_id
    assert release.as_of == AS_OF
    assert rows.to_dict("records") == [
        {"place_id": "p0", "name": "Kolwezi", "lon": 25.5, "position_is_proxy": False}
    ]
    assert [str(kind) for kind in rows.dtypes] == ["string", "string", "Float64", "boolean"]


def test_sums_and_counts_come_out_as_whole_numbers_and_absence_as_missing(tmp_path: Path) -> None:
    publish_tables(tmp_path, TABLES)
    release = open_release("open", releases_dir=tmp_path)
    rows = release.query("SELECT sum(line) AS lines, count(*) AS n, NULL::BIGINT AS none FROM rejected_row")
    assert [str(kind) for kind in rows.dtypes] == ["Int64", "Int64", "Int64"]
    assert rows.loc[0, "none"] is pd.NA


def test_rows_lie_sorted_by_key_whatever_order_they_came_in(tmp_path: Path) -> None:
    publish_tables(tmp_path, {"places": places("a", "b", "c")[::-1]})
    release = open_release("open", releases_dir=tmp_path)
    assert list(release.query("SELECT place_id FROM places")["place_id"]) == ["p0", "p1", "p2"]


def test_the_same_inputs_date_method_and_predecessor_give_the_same_id_and_rows(tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    assert publish_two(first) == publish_two(second)
    one, two = (open_release("open", releases_dir=folder) for folder in (first, second))
    assert one.manifest.tables == two.manifest.tables
    assert one.manifest.previous is not None


def test_the_hash_of_a_table_knows_every_value_and_no_order(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE one AS SELECT * FROM (VALUES (1, 'a'), (2, NULL)) t(n, name)")
        connection.execute("CREATE TABLE two AS SELECT * FROM one ORDER BY n DESC")
        connection.execute("CREATE TABLE other AS SELECT n, coalesce(name, '') AS name FROM one")
        assert contents(connection, "one") == contents(connection, "two")
        assert contents(connection, "one") != contents(connection, "other")


@pytest.mark.parametrize(
    "change", [{"content": "b"}, {"as_of": date(2026, 4, 1)}, {"source": "others"}, {"licence": "ODbL"}]
)
def test_another_file_date_source_or_origin_gives_another_release(tmp_path: Path, change: dict) -> None:
    assert publish_tables(tmp_path, TABLES) != publish_tables(tmp_path, TABLES, **change)


def test_another_method_gives_another_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish_tables(tmp_path, TABLES)
    monkeypatch.setattr(writing, "method_version", lambda: "another")
    assert publish_tables(tmp_path, TABLES) != first


def test_building_what_is_served_changes_nothing(tmp_path: Path) -> None:
    first = publish_tables(tmp_path, TABLES)
    before = (tmp_path / "open" / first / "manifest.json").read_bytes()
    assert publish_tables(tmp_path, TABLES) == first
    assert (tmp_path / "open" / first / "manifest.json").read_bytes() == before
    assert len(list_releases("open", tmp_path)) == 1


def test_going_back_to_old_inputs_gives_a_new_release_never_an_old_name(tmp_path: Path) -> None:
    first, second = publish_two(tmp_path)
    third = publish_tables(tmp_path, TABLES)
    assert len({first, second, third}) == 3
    assert current_release_id("open", tmp_path) == third


def test_a_release_that_stands_complete_but_is_not_served_is_just_made_current(tmp_path: Path) -> None:
    first, second = publish_two(tmp_path)
    (tmp_path / "open" / "current").write_text(first)
    built = open_release("open", release_id=second, releases_dir=tmp_path).manifest.built_at
    assert publish_tables(tmp_path, TABLES, content="b") == second
    assert open_release("open", releases_dir=tmp_path).manifest.built_at == built


def test_a_served_release_that_broke_is_built_anew_under_another_name(tmp_path: Path) -> None:
    first = publish_tables(tmp_path, TABLES)
    (tmp_path / "open" / first / "staff.duckdb").unlink()
    second = publish_tables(tmp_path, TABLES)
    assert second != first
    assert open_release("open", releases_dir=tmp_path, verified=True).id == second


@pytest.mark.parametrize("text", ["", "../../etc", "\x00\xff"])
def test_a_current_file_without_an_id_is_named_and_healed_by_a_build(tmp_path: Path, text: str) -> None:
    first = publish_tables(tmp_path, TABLES)
    (tmp_path / "open" / "current").write_text(text, "latin-1")
    with pytest.raises(BrokenRelease, match="current"):
        open_release("open", releases_dir=tmp_path)
    assert publish_tables(tmp_path, TABLES) == first
    assert open_release("open", releases_dir=tmp_path).id == first


def test_where_there_is_no_release_the_message_says_which_command_builds_one(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="cobalt build --edition open"):
        open_release("open", releases_dir=tmp_path)


@pytest.mark.parametrize("name", ["2026-01-01-0123456789", "../open", "current", ""])
def test_a_release_id_that_does_not_stand_is_refused(tmp_path: Path, name: str) -> None:
    publish_tables(tmp_path, TABLES)
    with pytest.raises(NoRelease, match="cobalt releases"):
        open_release("open", release_id=name, releases_dir=tmp_path)


@pytest.mark.parametrize("name", ["staff.duckdb", "manifest.json"])
@pytest.mark.parametrize("harm", ["delete", "flip", "append", "empty"])
def test_a_file_of_a_release_that_was_touched_breaks_the_release(
    tmp_path: Path, name: str, harm: str
) -> None:
    path = tmp_path / "open" / publish_tables(tmp_path, TABLES) / name
    content = path.read_bytes()
    middle = len(content) // 2
    harmed = {
        "flip": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "append": content + b"\n",
        "empty": b"",
    }
    path.unlink() if harm == "delete" else path.write_bytes(harmed[harm])
    with pytest.raises(BrokenRelease, match=name):
        open_release("open", releases_dir=tmp_path, verified=True)
    if harm != "flip":  # cheap enough to be seen at every opening
        with pytest.raises(BrokenRelease, match=name):
            open_release("open", releases_dir=tmp_path)


def test_a_manifest_of_another_release_and_a_stray_file_are_noticed(tmp_path: Path) -> None:
    first, second = publish_two(tmp_path)
    (tmp_path / "open" / second / "staff.duckdb.wal").write_bytes(b"x")
    with pytest.raises(BrokenRelease, match="wal"):
        verify(open_release("open", releases_dir=tmp_path))
    shutil.copy(tmp_path / "open" / first / "manifest.json", tmp_path / "open" / second / "manifest.json")
    with pytest.raises(BrokenRelease, match=first):
        open_release("open", releases_dir=tmp_path)


def test_an_audience_without_a_file_is_refused(tmp_path: Path) -> None:
    publish_tables(tmp_path, TABLES)
    with pytest.raises(BrokenRelease, match=r"public\.duckdb"):
        open_release("open", "public", releases_dir=tmp_path)


def test_each_audience_gets_its_own_tables_and_its_metadata_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    original = writing._write_table

    def noted(connection: object, table: str, frame: object) -> object:
        written.append(table)
        return original(connection, table, frame)

    monkeypatch.setattr(writing, "_write_table", noted)
    with writing.building(Edition.OPEN, tmp_path) as folder:
        draft = writing.plan(Edition.OPEN, AS_OF, inputs(), tmp_path).manifest
        audiences = {Audience.STAFF: TABLES, Audience.PUBLIC: {"places": TABLES["places"]}}
        writing.publish(folder, writing.write(folder, draft, audiences), draft.release_id)
    public = open_release("open", "public", releases_dir=tmp_path, verified=True)
    assert written == ["places", "rejected_row", "metadata", "places", "metadata"]
    said = public.query("SELECT * FROM metadata").set_index("key")["value"].to_dict()
    assert said == {
        "as_of": "2026-03-31",
        "audience": "public",
        "edition": "open",
        "method_version": draft.method_version,
        "release_id": public.id,
    }
    with pytest.raises(duckdb.CatalogException):
        public.query("SELECT * FROM rejected_row")


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE t (a INT)",
        "DELETE FROM places",
        "COPY places TO '/tmp/never.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "ATTACH '/tmp/never.duckdb' AS other",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_an_opened_release_can_neither_be_changed_nor_reach_outside(tmp_path: Path, sql: str) -> None:
    publish_tables(tmp_path, TABLES)
    with pytest.raises(duckdb.Error):
        open_release("open", releases_dir=tmp_path).query(sql)


def test_threads_get_their_own_rows(tmp_path: Path) -> None:
    publish_tables(tmp_path, {"places": places(*(f"place {i}" for i in range(200)))})
    release = open_release("open", releases_dir=tmp_path)
    wrong: list[object] = []

    def ask(number: int) -> None:
        for _ in range(60):
            rows = release.query("SELECT name FROM places WHERE place_id = ?", [f"p{number}"])
            if list(rows["name"]) != [f"place {number}"]:
                wrong.append(rows)

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_two_builds_at_once_are_refused_and_the_next_one_is_not(tmp_path: Path) -> None:
    with writing.building(Edition.OPEN, tmp_path):
        with pytest.raises(BuildRunning, match="Another build of the open edition"):
            publish_tables(tmp_path, TABLES)
        with writing.building(Edition.TRAINING, tmp_path):  # another edition is another matter
            pass
    publish_tables(tmp_path, TABLES)


def test_a_full_disk_leaves_the_old_release_served_and_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish_tables(tmp_path, TABLES)

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(writing, "_sync", full)
    with pytest.raises(ReleaseError, match=r"No space left.*still stands.*Next:"):
        publish_tables(tmp_path, TABLES, content="b")
    assert open_release("open", releases_dir=tmp_path, verified=True).id == first
    assert sorted(path.name for path in (tmp_path / "open").iterdir()) == [".lock", first, "current"]


def test_a_disk_that_gives_back_something_else_stops_the_publishing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish_tables(tmp_path, TABLES)
    original = writing._write_file

    def lossy(path: Path, tables: dict) -> dict:
        promises = original(path, tables)
        with duckdb.connect(str(path)) as connection:
            connection.execute("DELETE FROM places WHERE place_id = 'p0'")
        return promises

    monkeypatch.setattr(writing, "_write_file", lossy)
    with pytest.raises(BrokenRelease, match=r"table places: 1 rows .* 2 rows written"):
        publish_tables(tmp_path, TABLES, content="b")
    assert current_release_id("open", tmp_path) == first


def test_what_a_killed_build_left_is_swept_at_the_next_run(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    (folder / ".building-2026-01-01-0123456789-aa").mkdir(parents=True)
    (folder / ".building-2026-01-01-0123456789-aa" / "staff.duckdb").write_bytes(b"half")
    (folder / ".building-current").write_text("half")
    release_id = publish_tables(tmp_path, TABLES)
    assert sorted(path.name for path in folder.iterdir()) == [".lock", release_id, "current"]


def test_releases_are_listed_oldest_first_and_broken_ones_with_their_problem(tmp_path: Path) -> None:
    first, second = publish_two(tmp_path)
    third = publish_tables(tmp_path, TABLES, content="c")
    (tmp_path / "open" / second / "staff.duckdb").write_bytes(b"")
    listed = list_releases("open", tmp_path)
    assert [(s.release_id, s.is_current) for s in listed] == [(first, False), (third, True), (second, False)]
    assert "0 bytes" in (listed[-1].problem or "")
    assert list_releases("training", tmp_path) == []


def test_the_manifest_names_everything_that_gave_the_id(tmp_path: Path) -> None:
    first, second = publish_two(tmp_path)
    manifest = json.loads((tmp_path / "open" / second / "manifest.json").read_text())
    assert manifest["previous"] == first
    assert manifest["inputs"] == [
        {
            "file": "places.csv",
            "sha256": "b",
            "source": "tables",
            "origin": {"title": "Places", "licence": "CC0"},
        }
    ]
    assert len(manifest["tables"]["staff"]["places"]) == 64
    assert manifest["files"]["staff.duckdb"].keys() == {"sha256", "size_bytes"}
