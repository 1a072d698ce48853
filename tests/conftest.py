"""What every room's tests share: one release of the open edition, built once a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from risk.vocabulary import Edition
from warehouse.release import Release, close_all
from warehouse.release import open_release as open_one

OPEN_EDITION = Path(__file__).resolve().parent.parent / "data" / "open"


@pytest.fixture(scope="session")
def open_releases_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A releases folder that holds one release of the open edition, as of 2026-11-01."""
    from datetime import date

    from pipelines.build import build

    releases_dir = tmp_path_factory.mktemp("releases")
    build(OPEN_EDITION, releases_dir, as_of=date(2026, 11, 1))
    return releases_dir


@pytest.fixture(scope="session")
def open_release(open_releases_dir: Path) -> Iterator[Release]:
    """The open edition, opened for staff."""
    yield open_one(Edition.OPEN, releases_dir=open_releases_dir)
    close_all()
