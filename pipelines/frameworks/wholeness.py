"""What the rows of frameworks promise one another, within a file and between files.

A framework is taken whole or not at all: without one of its conditions a site would reach a level too early.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.checks.checking import Checked, set_aside
from pipelines.frameworks.reading import TABLES

# Without a row of these the rest of the framework would say something else.
_NEEDED: Final = ("frameworks", "framework_levels", "criteria")


def sound(files: Sequence[Checked]) -> list[Checked]:
    """Return `files` in their order without criteria of an unknown level, and versions that overlap in force."""
    levels: dict[str, list[str]] = {}
    for file in files:
        if file.table == "framework_levels":
            for framework, level in file.taken[["framework_id", "level"]].itertuples(index=False):
                levels.setdefault(framework, []).append(level)
    before: list[Checked] = []
    found = []
    for file in files:
        if file.table == "criteria":
            file = _of_known_levels(file, levels)
        elif file.table == "frameworks":
            file = _without_overlap(file, before)
            before.append(file)
        found.append(file)
    return found


def taken_whole(files: Sequence[Checked]) -> list[Checked]:
    """Return `files` without all that stands in a framework file of which a needed row was set aside.

    A fault of an alignment costs that alignment alone.
    """
    broken: dict[str, str] = {}
    for file in files:
        if file.table in _NEEDED and file.rows_rejected:
            line = int(file.rejected["line"].min())
            broken.setdefault(file.file, f"{file.rows_rejected} in {file.table}, the first in line {line}")
    return [_left_out(file, broken.get(file.file)) if file.table in TABLES else file for file in files]


def _left_out(file: Checked, why: str | None) -> Checked:
    if why is None:
        return file
    reason = f"of a framework that is not whole: it has broken rows ({why}); correct them first"
    return set_aside(file, np.ones(len(file.taken), dtype=bool), ("framework_id",), reason)


def _of_known_levels(file: Checked, levels: dict[str, list[str]]) -> Checked:
    for framework in file.taken["framework_id"].unique():
        known = levels.get(framework, [])
        mine = file.taken["framework_id"] == framework
        rows = _mask(mine & ~file.taken["level"].isin(known))
        said = f"its levels are {', '.join(known)}" if known else "it has none that was taken"
        file = set_aside(file, rows, ("level",), f"no level of this framework; {said}")
    return file


def _without_overlap(file: Checked, before: Sequence[Checked]) -> Checked:
    """Return `file` without a version that is in force on a day on which an earlier file's is, too."""
    for other in before:
        for standing in other.taken.to_dict("records"):
            rows = _mask(_overlaps(file.taken, standing))
            until = _until(standing["valid_until"])
            reason = (
                f"in force together with {standing['framework_id']} of {other.file}, which holds from "
                f"{standing['valid_from']:%Y-%m-%d} {until}; end the one before the other begins"
            )
            file = set_aside(file, rows, ("valid_from", "valid_until"), reason)
    return file


def _overlaps(rows: pd.DataFrame, other: Mapping[Any, Any]) -> pd.Series:
    """Return which rows are in force on a day on which the `other` version of the same scheme is."""
    if other["standing"] != "in_force":
        return pd.Series(False, index=rows.index)
    last = pd.Timestamp.max.floor("D")
    ends = rows["valid_until"].fillna(last)
    other_ends = last if pd.isna(other["valid_until"]) else other["valid_until"]
    same = (rows["standing"] == "in_force") & (rows["scheme"] == other["scheme"])
    return pd.Series(same & (rows["valid_from"] <= other_ends) & (ends >= other["valid_from"]))


def _until(day: pd.Timestamp) -> str:
    return f"to {day:%Y-%m-%d}" if pd.notna(day) else "on"


def _mask(answers: pd.Series) -> npt.NDArray[np.bool_]:
    return np.array(answers.fillna(False), dtype=bool)
