"""What `cobalt framework` is asked: which versions there are, whether a file is sound, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.checks.checking import Checked, check
from pipelines.edition import framework_files
from pipelines.frameworks.reading import TABLES, framework_origin
from pipelines.frameworks.wholeness import sound
from pipelines.sources import SOURCES
from risk.errors import ConfigError, InputError


@dataclass(frozen=True)
class FrameworkFile:
    """One framework file, its four tables held to their contracts, alone and together."""

    path: Path
    tables: dict[str, Checked]

    @property
    def rows_rejected(self) -> int:
        """Number of rows that break a contract."""
        return sum(table.rows_rejected for table in self.tables.values())

    @property
    def form_tables(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """What a form is made of: frameworks, framework_levels and criteria."""
        tables = self.tables
        return tables["frameworks"].taken, tables["framework_levels"].taken, tables["criteria"].taken

    @property
    def framework_id(self) -> str | None:
        """Scheme and version, None where that row breaks its contract."""
        ids = self.tables["frameworks"].taken["framework_id"]
        return None if ids.empty else str(ids.iloc[0])


def checked_frameworks(paths: Sequence[Path]) -> list[FrameworkFile]:
    """Return the framework files at `paths`, held to their contracts and to one another, in their order.

    Raises UnreadableFile where one cannot be read, InputError where one does not say whose it is.
    """
    for path in paths:
        framework_origin(path)
    flat = sound([check(SOURCES[table], path) for path in paths for table in TABLES])
    size = len(TABLES)
    return [
        FrameworkFile(path, dict(zip(TABLES, flat[start : start + size], strict=True)))
        for path, start in zip(paths, range(0, len(flat), size), strict=True)
    ]


def standing_frameworks(data_dir: Path) -> list[FrameworkFile]:
    """Return the framework files that every edition under `data_dir` holds; raises as `checked_frameworks` does."""
    return checked_frameworks(framework_files(data_dir))


def criteria_of(name: str, data_dir: Path) -> pd.DataFrame:
    """Return the criteria of the version that `name` is the id or the file of; raises as `framework_of` does."""
    return framework_of(name, data_dir).tables["criteria"].taken


def framework_of(name: str, data_dir: Path) -> FrameworkFile:
    """Return the version that `name` is the id or the file of.

    Raises ConfigError where there is none, InputError where the file has broken rows.
    """
    if Path(name).is_file():
        (found,) = checked_frameworks([Path(name)])
    else:
        known = {one.framework_id: one for one in standing_frameworks(data_dir)}
        if name not in known:
            ids = ", ".join(str(one) for one in known if one) or "none"
            raise ConfigError(
                f"{name!r} is no version of a framework. Next: give a file, or one of those in {data_dir}: {ids}"
            )
        found = known[name]
    if found.rows_rejected:
        problem = f"has {found.rows_rejected} broken rows"
        raise InputError(
            found.path.name, problem, next_move=f"see them with: cobalt framework check {found.path}"
        )
    return found
