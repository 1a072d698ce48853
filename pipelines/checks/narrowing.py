"""A row of a record that is not public is not public itself, whatever its own file says or leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from pipelines.checks.checking import Checked, remark

FLAG: Final = "is_public_record"
# Table, its column, the table it points into; a visit before what it saw.
_NARROWED: Final = (
    ("site_visits", "site_record_id", "site_records"),
    ("observations", "visit_id", "site_visits"),
    ("assessments", "site_record_id", "site_records"),
    ("improvement_actions", "site_record_id", "site_records"),
    ("grievances", "entity_id", "site_records"),
)


def narrowed(files: Sequence[Checked]) -> list[Checked]:
    """Return `files` with what is of a site, or seen on a visit, that is not public marked so.

    A file that says so itself stays as it is; of others a remark says how many rows were meant.
    """
    found = list(files)
    for table, column, target in _NARROWED:
        hidden = _hidden(found, target)
        for position, file in enumerate(found):
            if file.table == table:
                found[position] = _without(file, column, target, hidden)
    return found


def _hidden(files: Sequence[Checked], table: str) -> set[str]:
    """Return the ids of the records of `table` that are not public."""
    return {
        str(record)
        for file in files
        if file.table == table
        for record in file.taken.loc[~file.taken[FLAG].astype(bool), file.source.key[0]]
    }


def _without(file: Checked, column: str, target: str, hidden: set[str]) -> Checked:
    flags = file.taken[FLAG].astype(bool)
    rows = np.array(flags & file.taken[column].isin(hidden), dtype=bool)
    if not rows.any():
        return file
    taken = file.taken.assign(**{FLAG: (flags & ~rows).astype("boolean")})
    said = f"{int(rows.sum())} taken as not public, as their record in {target} is"
    return remark(replace(file, taken=taken), said)
