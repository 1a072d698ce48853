"""What the placed events tell: their themes, their sources, and which of them lie in a window."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from risk.imputation import Placement
from risk.tails import Numbers

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reports:
    """Events that can be tested (n): themes, sources and places.

    `codes` are the categories, sorted, `themes` says which event has which (n × codes). `can_share` is
    False for events known only from sources that report one theme: such a source makes its theme a larger
    part of all reports wherever it works, so the share test leaves its events out. `is_near` tells exact
    and near places from the rest. `groups` numbers the sets of sources in `sources`, −1 where not known.
    """

    placed: Placement
    codes: list[str]
    themes: Flags
    can_share: Flags
    is_near: Flags
    groups: npt.NDArray[Any]
    sources: list[frozenset[str]]

    def has(self, code: str) -> Flags:
        """Return which events have the category, (n,)."""
        return np.asarray(self.themes[:, self.codes.index(code)], dtype=bool)

    def within(self, code: str, units: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Numbers]:
        """Return the events of a theme that an imputation puts into `units`, and the share that do."""
        shares = self._shares
        parts = [slice(shares.indptr[unit], shares.indptr[unit + 1]) for unit in units]
        events = np.concatenate([shares.indices[part] for part in parts])
        share = np.concatenate([shares.data[part] for part in parts])
        is_theme = self.themes[events, self.codes.index(code)]
        found, position = np.unique(events[is_theme], return_inverse=True)
        weight = np.bincount(position, weights=share[is_theme], minlength=found.size)
        return found, np.asarray(weight, dtype=np.float64)

    def source_count(self, code: str, units: npt.NDArray[Any]) -> int:
        """Return how many independent sources report the theme there; events that lie there by half count."""
        found, share = self.within(code, units)
        return self.count_sources(found[is_mostly(share)])

    def count_sources(self, events: npt.NDArray[Any]) -> int:
        """Return how many independent sources the events have together; a missing one counts nothing."""
        known = np.unique(self.groups[events])
        return len(frozenset().union(*(self.sources[group] for group in known if group >= 0)))

    @cached_property
    def _shares(self) -> sparse.csr_array:
        return self.placed.shares()


def is_mostly(share: Numbers) -> Flags:
    """Return whether an event lies there in at least half of the imputations."""
    return np.asarray(share >= 0.5 - 1e-9, dtype=bool)


def reports_of(placed: Placement) -> Reports:
    """Return what the events of `placed` tell.

    Reads `categories` and, where they are there, `source_groups` (both "; " between names),
    `has_only_theme_source` and `is_near` (without it an event is near where it is exact). Missing flags
    are no; a missing category is a report of none of the themes and counts among all reports.
    """
    events = placed.events
    kinds, category_sets = _sets(events, "categories")
    codes = sorted(frozenset().union(*category_sets))
    # A last row of no theme at all, for events whose category is missing (number −1).
    table = np.zeros((len(category_sets) + 1, len(codes)), dtype=bool)
    for number, found in enumerate(category_sets):
        table[number] = [code in found for code in codes]
    groups, sources = _sets(events, "source_groups")
    return Reports(
        placed=placed,
        codes=codes,
        themes=table[kinds],
        can_share=~_flags(events, "has_only_theme_source", pd.Series(False, index=events.index)),
        is_near=_flags(events, "is_near", events["unit_id"].notna()),
        groups=groups,
        sources=sources,
    )


def count_categories(events: pd.DataFrame) -> dict[str, int]:
    """Return how many events have each category, placed or not."""
    numbers, sets = _sets(events, "categories")
    counts: Counter[str] = Counter()
    for number, size in enumerate(np.bincount(numbers[numbers >= 0], minlength=len(sets))):
        counts.update(dict.fromkeys(sets[number], int(size)))
    return dict(counts)


def _sets(events: pd.DataFrame, column: str) -> tuple[npt.NDArray[Any], list[frozenset[str]]]:
    """Return the number of each event's set of names (−1 where missing) and the sets."""
    if column not in events:
        return np.full(len(events), -1), []
    numbers, texts = pd.factorize(events[column].to_numpy(dtype=object))
    names = [frozenset(name.strip() for name in str(text).split(";")) - {""} for text in texts]
    return numbers, names


def _flags(events: pd.DataFrame, column: str, otherwise: pd.Series) -> Flags:
    return events.get(column, otherwise).astype("boolean").fillna(False).to_numpy(dtype=bool)
