"""Which files `cobalt check` is asked to hold to their contracts: those that are named, or an edition's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from pipelines.build import check_edition
from pipelines.checks.checking import Checked, check
from pipelines.edition import bounds_of, load_edition
from pipelines.sources import source_of
from risk.errors import ConfigError


def checked_files(
    files: Sequence[Path],
    source: str | None,
    edition_dir: Path,
    progress: Callable[[Iterable[Any], str], Iterable[Any]],
) -> list[Checked]:
    """Return `files` held to their contracts, all read as `source` where it is given; without any, the edition's.

    Raises ConfigError where a source is given and no file.
    """
    if files:
        meant = [(source_of(path, source), path) for path in files]
        return [check(one, path, bounds_of(path.parent)) for one, path in progress(meant, "Reading")]
    if source:
        raise ConfigError("--source names the format of files that are given. Next: give them")
    return list(check_edition(load_edition(edition_dir), progress))
