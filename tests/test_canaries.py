"""What is planted as not public is in staff's file and nowhere else: no value, byte, log or message holds it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from pipelines import build as building
from pipelines.build import build
from pipelines.disclosing import audiences
from pipelines.training.making import prepare
from pipelines.verifying.checking import check_release
from risk.errors import CobaltError, ReleaseError
from risk.vocabulary import Audience, Edition
from tests.made_broken import broken
from tests.made_canaries import Canaries, plant
from tests.made_search import decoded, found, found_in_bytes
from warehouse.release import close_all, current_release_id, file_name, open_release, report_name

BELOW = tuple(one for one in Audience if one is not Audience.STAFF)


@dataclass(frozen=True)
class Planted:
    """The canaries, the planted edition, the folder of its releases, the release, and the log of its build."""

    canaries: Canaries
    edition: Path
    releases_dir: Path
    release: Path
    log: str

    def file(self, audience: Audience) -> Path:
        return self.release / file_name(Edition.TRAINING, audience)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    folder = tmp_path_factory.mktemp("canaries")
    prepare(folder / "made", size=0.05, seed=3)
    canaries = plant(folder / "made", folder / "training")
    log = Logged()
    root = logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.INFO)
    try:
        name = build(folder / "training", folder / "releases").release_id
    finally:
        root.removeHandler(log)
        root.setLevel(level)
    release = folder / "releases" / "training" / name
    yield Planted(canaries, folder / "training", folder / "releases", release, "\n".join(log.lines))
    close_all()


class Logged(logging.Handler):
    """Keeps every line that is logged."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def test_the_search_finds_every_needle_in_the_file_of_staff(planted: Planted) -> None:
    needles = planted.canaries.needles
    assert len(needles) > 40
    assert needles - found(needles, decoded(planted.file(Audience.STAFF))) == set()


def test_bytes_alone_prove_nothing_for_they_are_compressed(planted: Planted) -> None:
    needles = planted.canaries.needles
    seen = found_in_bytes(needles, planted.file(Audience.STAFF).read_bytes())
    assert seen
    assert needles - seen


@pytest.mark.parametrize("audience", BELOW)
def test_no_decoded_value_below_staff_holds_a_needle(planted: Planted, audience: Audience) -> None:
    assert found(planted.canaries.needles, decoded(planted.file(audience))) == set()


def test_no_byte_of_the_release_but_those_of_staff_holds_a_needle(planted: Planted) -> None:
    staffs = {file_name(Edition.TRAINING, Audience.STAFF), report_name(Edition.TRAINING)}
    others = [path for path in planted.release.rglob("*") if path.name not in staffs]
    assert {path.name for path in others} == {
        "manifest.json",
        *(file_name(Edition.TRAINING, one) for one in BELOW),
    }
    for path in others:
        assert found_in_bytes(planted.canaries.needles, path.read_bytes()) == set()
        assert "canaryzq" not in path.name


def test_the_report_beside_the_files_names_no_needle_either(planted: Planted) -> None:
    text = (planted.release / report_name(Edition.TRAINING)).read_text("utf-8")
    assert found(planted.canaries.needles - {"1"}, [text]) == set()


def test_the_log_of_the_build_counts_and_names_nothing(planted: Planted) -> None:
    assert "rows derived" in planted.log
    assert "rules of disclosure" in planted.log
    assert found(planted.canaries.needles, [planted.log]) == set()


def test_what_is_said_of_a_release_that_cannot_be_had_names_nothing(planted: Planted, tmp_path: Path) -> None:
    there = tmp_path / "releases"
    shutil.copytree(planted.releases_dir, there)
    release = there / "training" / planted.release.name
    said = []
    for spoil in (lambda path: path.write_bytes(path.read_bytes()[:-4096]), Path.unlink):
        spoil(release / file_name(Edition.TRAINING, Audience.STAFF))
        for audience in Audience:
            try:
                open_release("training", audience, releases_dir=there, verified=True)
            except CobaltError as error:
                said.append(str(error))
    assert len(said) == 8
    assert found(planted.canaries.needles, said) == set()


def test_a_copy_of_staffs_incidents_in_the_public_file_is_found(planted: Planted, tmp_path: Path) -> None:
    naive = "DELETE FROM incidents", "INSERT INTO incidents SELECT * FROM s.incidents"
    there = broken(planted.releases_dir, tmp_path, Audience.PUBLIC, *naive)
    name = current_release_id("training", there)
    path = there / "training" / name / file_name(Edition.TRAINING, Audience.PUBLIC)
    needles = planted.canaries.needles
    assert len(found(needles, decoded(path))) >= 20
    rules = {fault.rule for fault in check_release("training", there).faults}
    assert "a row that is not public lies below staff" in rules


def test_a_build_that_leaves_rows_in_is_not_published(
    planted: Planted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(building, "public_only", lambda checked, as_of: checked)
    with (
        caplog.at_level(logging.INFO),
        pytest.raises(ReleaseError, match=r"Nothing was published: training-public\.duckdb, table") as raised,
    ):
        build(planted.edition, tmp_path)
    assert found(planted.canaries.needles, [str(raised.value), caplog.text]) == set()
    assert {path.name for path in (tmp_path / "training").iterdir()} <= {".lock"}


def test_a_build_that_leaves_restricted_columns_filled_is_not_published(
    planted: Planted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unblanked(table: str, frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(victims_sex="female") if table == "incidents" else frame

    monkeypatch.setattr(audiences, "_blanked", unblanked)
    with pytest.raises(ReleaseError, match="table incidents: column victims_sex is restricted and must be"):
        build(planted.edition, tmp_path)
    with pytest.raises(CobaltError):
        open_release("training", "public", releases_dir=tmp_path)
