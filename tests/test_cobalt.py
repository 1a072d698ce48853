from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import cobalt
from tests.made_edition import write_edition
from tests.made_tables import places, publish_tables, rejected
from warehouse.release import open_release

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = [command.name for command in cobalt.COMMANDS]


@pytest.fixture
def releases_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "releases"
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(folder))
    monkeypatch.delenv("COBALT_EDITION", raising=False)
    return folder


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cobalt.main(arguments) == 0
    return capsys.readouterr().out


def two_releases(folder: Path) -> tuple[str, str]:
    a = publish_tables(folder, {"places": places("Kolwezi@25.5", "Likasi")})
    after = {"places": places("Kolwezi@25.6", "Likasi", "Fungurume"), "rejected_row": rejected("no number")}
    return a, publish_tables(folder, after, content="b")


def test_diff_counts_what_changed_table_by_table(
    releases_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = two_releases(releases_dir)
    assert out(capsys, "diff", a, b) == (
        f"From {a} to {b}\n"
        "table         added  removed  changed  unchanged\n"
        "places            1        0        1          1\n"
        "rejected_row      1        0        0          0\n"
        "metadata          1        0        1          4\n"
    )


def test_diff_of_one_table_names_the_rows(releases_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = two_releases(releases_dir)
    assert out(capsys, "diff", a, b, "--table", "places") == (
        f"places, from {a} to {b}: 2 rows differ\n"
        "place_id  change   columns\n"
        "p0        changed  lon\n"
        "p2        added\n"
    )
    assert out(capsys, "diff", b, b, "--table", "places") == f"places, from {b} to {b}: 0 rows differ\n"
    assert cobalt.main(["diff", a, b, "--table", "nothing"]) == 1
    assert "choose one of provinces, " in capsys.readouterr().err


def test_releases_lists_what_stands_and_names_what_is_broken(
    releases_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = f"There is no release of the open edition in {releases_dir} yet.\n"
    assert out(capsys, "releases") == nothing
    a, b = two_releases(releases_dir)
    manifest = open_release("open", release_id=b, releases_dir=releases_dir).manifest
    at, method = manifest.built_at[:19].replace("T", " "), manifest.method_version
    assert len(method) == len("1+01234567")
    path = releases_dir / "open" / a / "staff.duckdb"
    path.unlink()
    assert out(capsys, "releases") == (
        "release                built (UTC)          method      state\n"
        f"{b}  {at}  {method}  served\n"
        f"{a}                                   broken\n"
        f"{path} is missing. Next: build it again with `cobalt build`, or put the release back from a copy\n"
    )


def test_rejected_shows_whole_rows_as_they_came(
    releases_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = pd.concat(
        [rejected("not a number", "not a date\x1b[2J"), rejected("no name").assign(column_name=None)]
    )
    release = publish_tables(releases_dir, {"rejected_row": rows})
    text = (
        "places.csv, line 2, meant for places\n"
        "  lon is 'x', not a number\n"
        "  no name\n"
        '  {"name": "Kolwezi", "lon": "x"}\n'
        "places.csv, line 3, meant for places\n"
        "  lon is 'x', not a date\\x1b[2J\n"
        '  {"name": "Kolwezi", "lon": "x"}\n'
        f"Release {release} set 2 rows aside.\n"
    )
    assert out(capsys, "rejected") == text
    assert out(capsys, "rejected", "--release", release, "--table", "places") == text.replace(
        "aside.", "aside for places."
    )
    assert out(capsys, "rejected", "--table", "sites") == f"Release {release} set no row aside for sites.\n"


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_edition(tmp_path / "data" / "open")
    monkeypatch.setenv("COBALT_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def spoil(data_dir: Path) -> None:
    path = data_dir / "open" / "incidents.csv"
    path.write_text(
        path.read_text("utf-8").replace("2020-01-02,2020-01-02", "31/02/2025,2020-01-02"), "utf-8"
    )


def test_build_says_what_it_did_and_the_second_time_that_nothing_was_to_do(
    releases_dir: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = out(capsys, "build")
    release = open_release("open", releases_dir=releases_dir)
    assert first == (f"Release {release.id} is built and served.\n8 files: 12 rows taken, 0 set aside.\n")
    again = f"Release {release.id} is made of the same files, date and method: nothing to build.\n"
    assert out(capsys, "build") == again
    spoil(data_dir)
    third = out(capsys, "build", "--as-of", "2026-03-31")
    release = open_release("open", releases_dir=releases_dir)
    assert third == (
        "incidents.csv: 1 of 2 rows breaks its contract and was set aside; 1 was taken\n"
        "  line 2: date_start is '31/02/2025', not a date; write YYYY-MM-DD\n"
        "  See it whole, as it came: cobalt rejected --table incidents\n"
        f"Release {release.id} is built and served.\n"
        "8 files: 11 rows taken, 1 set aside.\n"
    )
    assert release.as_of.isoformat() == "2026-03-31"


def test_check_tells_rows_that_break_and_builds_nothing(
    releases_dir: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "incidents.csv: 2 rows, all taken\n" in out(capsys, "check")
    spoil(data_dir)
    path = data_dir / "open" / "incidents.csv"
    for arguments in ([], [str(path)], [str(path), "--source", "incidents"]):
        assert cobalt.main(["check", *arguments]) == 1
        text = capsys.readouterr().out
        assert "incidents.csv: 1 of 2 rows breaks its contract and was set aside; 1 was taken\n" in text
        assert "  line 2: date_start is '31/02/2025', not a date" in text
        assert "cobalt rejected" not in text
    assert not releases_dir.exists()


def test_check_asks_for_the_source_of_a_file_it_does_not_know(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["new.csv"], ["new.csv", "--source", "nothing"], ["--source", "incidents"]):
        assert cobalt.main(["check", *arguments]) == 1
        assert "Next: give" in capsys.readouterr().err
    assert cobalt.main(["check", "places.csv"]) == 1
    assert "places.csv: no such file" in capsys.readouterr().err


def test_an_edition_that_is_not_there_is_named(
    tmp_path: Path, releases_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("build", "check", "sources"):
        assert cobalt.main([command, "--data", str(tmp_path / "nowhere")]) == 1
        assert "edition.toml: no such file" in capsys.readouterr().err


def test_sources_lists_every_file_with_its_table_format_and_origin(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = out(capsys, "sources")
    assert text.startswith("Made, as of 2020-12-31\n")
    assert (
        "\nsites.csv → site_records\n"
        "  source: sites: Artisanal sites from many publications, our CSV\n"
        "  origin: sites, made for tests; Nobody; 2020-01\n"
        "  licence: CC0\n"
    ) in text
    assert text.count(" → ") == 8
    assert "\nKnown, not used in this edition: " in text


@pytest.mark.parametrize("command", ["rejected", "serve"])
def test_without_a_release_a_command_says_which_one_builds_it(
    releases_dir: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert cobalt.main([command]) == 1
    assert capsys.readouterr().err == (
        f"There is no release of the open edition in {releases_dir} yet. Next: cobalt build --edition open\n"
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_with_examples_that_parse(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        cobalt.main([name, "--help"])
    text = capsys.readouterr().out
    command = next(command for command in cobalt.COMMANDS if command.name == name)
    assert len(command.does) > 20
    assert command.does[1:] in " ".join(text.split())
    for example in command.examples:
        assert example in text
        assert cobalt.parser(cobalt.settings()).parse_args(example.split()[1:]).run is command.run
    known = cobalt._arguments(cobalt.settings())
    assert [argument for argument in command.arguments if len(known[argument]["help"]) < 10] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_every_command(name: str) -> None:
    assert f"cobalt {name}" in (ROOT / "README.md").read_text("utf-8")


def test_all_eleven_commands_are_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        cobalt.main(["--help"])
    text = capsys.readouterr().out
    assert COMMANDS == [
        "build",
        "serve",
        "sign-out",
        "check",
        "release",
        "rejected",
        "releases",
        "diff",
        "sources",
        "framework",
        "submissions",
    ]
    assert all(f"    {name}" in text for name in COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["build", "--as-of", "31/12/2025"], ["diff", "a"]])
def test_arguments_without_a_meaning_end_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cobalt.main(arguments)


@pytest.mark.parametrize(("name", "value"), [("COBALT_EDITION", "close"), ("COBALT_LOG_LEVEL", "loud")])
def test_a_variable_without_a_meaning_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert cobalt.main(["releases"]) == 1
    assert capsys.readouterr().err.startswith(f"{name} is ")


def test_stopping_says_what_stands_and_ends_with_130(
    releases_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("warehouse.release.list_releases", stop)
    assert cobalt.main(["releases"]) == 130
    assert "still stands" in capsys.readouterr().err


def test_help_starts_without_loading_frames() -> None:
    code = "import sys, cobalt; assert not {'pandas', 'duckdb', 'streamlit'} & set(sys.modules), sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60)


def test_a_reader_of_our_output_may_go_early(releases_dir: Path) -> None:
    publish_tables(releases_dir, {"rejected_row": rejected(*["no number"] * 5000)})
    command = [sys.executable, "cobalt.py", "rejected"]
    ours = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert ours.stdout is not None
    ours.stdout.readline()
    ours.stdout.close()
    assert ours.stderr is not None
    errors = ours.stderr.read()
    ours.stderr.close()
    assert ours.wait() == 0
    assert b"Traceback" not in errors
