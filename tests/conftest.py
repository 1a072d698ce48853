"""What every room's tests share: a release of the open edition and one of a small training edition, built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from risk.vocabulary import Edition
from warehouse.release import Release, close_all
from warehouse.release import open_release as open_one

OPEN_EDITION = Path(__file__).resolve().parent.parent / "data" / "open"


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Two processes share the tests: all of the browser go to one of them, and each other file stays whole."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """Say how the tests are shared where there are several processes."""
    return ByFile(config, log)


@pytest.fixture(autouse=True)
def _as_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most tests look at everything there is; those of the other audiences say so."""
    monkeypatch.setenv("COBALT_AUDIENCE", "staff")


@pytest.fixture(scope="session")
def open_releases_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A releases folder that holds one release of the open edition, as of 2026-11-01."""
    from datetime import date

    from pipelines.build import build

    releases_dir = tmp_path_factory.mktemp("releases")
    build(OPEN_EDITION, releases_dir, as_of=date(2026, 11, 1))
    return releases_dir


@pytest.fixture(scope="session")
def training_edition_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small training edition: 90 sites with workers, about 1,000 incident records, and its truth."""
    from pipelines.training.making import prepare

    folder = tmp_path_factory.mktemp("data") / "training"
    prepare(folder, size=0.3, seed=1)
    return folder


@pytest.fixture(scope="session")
def training_releases_dir(training_edition_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A releases folder that holds one release of that edition."""
    from pipelines.build import build

    releases_dir = tmp_path_factory.mktemp("training-releases")
    build(training_edition_dir, releases_dir)
    return releases_dir


@pytest.fixture(scope="session")
def open_release(open_releases_dir: Path) -> Iterator[Release]:
    """The open edition, opened for staff."""
    yield open_one(Edition.OPEN, releases_dir=open_releases_dir)
    close_all()
