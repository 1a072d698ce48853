"""What changed between two versions of a framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

KEY: Final = "criterion_id"
# Where a criterion stands says nothing of what it asks.
_PASSED_OVER: Final = frozenset({KEY, "framework_id", "position"})


@dataclass(frozen=True)
class FrameworkDiff:
    """Criteria that were added or removed, and one row a column of a criterion that changed.

    added, removed: ids in alphabetical order. changed: criterion_id, column, before, after (texts, missing where
    there is no value), by id and then in the order of the columns.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: pd.DataFrame


def framework_diff(criteria_a: pd.DataFrame, criteria_b: pd.DataFrame) -> FrameworkDiff:
    """Return what changed from the criteria of one version to those of another, each of the contract Criteria.

    The order of rows does not matter; `framework_id` and `position` are not compared.

    >>> before = pd.DataFrame({"criterion_id": ["A", "B"], "weight": [1.0, 1.0]})
    >>> after = pd.DataFrame({"criterion_id": ["C", "B"], "weight": [1.0, 2.5]})
    >>> found = framework_diff(before, after)
    >>> found.added, found.removed, found.changed.to_numpy().tolist()
    (('C',), ('A',), [['B', 'weight', '1', '2.5']])
    """
    a, b = ({row[KEY]: row for row in rows.to_dict("records")} for rows in (criteria_a, criteria_b))
    columns = [name for name in criteria_a.columns if name not in _PASSED_OVER]
    told = [
        (one, name, _text(a[one][name]), _text(b[one].get(name)))
        for one in sorted(a.keys() & b.keys())
        for name in columns
    ]
    changed = pd.DataFrame(
        [row for row in told if row[2] != row[3]], columns=[KEY, "column", "before", "after"], dtype="string"
    )
    return FrameworkDiff(tuple(sorted(b.keys() - a.keys())), tuple(sorted(a.keys() - b.keys())), changed)


def _text(value: Any) -> str | None:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
