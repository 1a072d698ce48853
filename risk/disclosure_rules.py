"""The rules of disclosure: one table of numbers an audience, and the facts of a group that they look at.

Minimum counts, sites and groups of sources, and dominance: Hundepool et al. 2012, "Statistical Disclosure
Control", chapter 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.categories import PROTECTION_CRITICAL
from risk.vocabulary import Audience

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CRITICAL_CATEGORIES: Final = PROTECTION_CRITICAL


@dataclass(frozen=True)
class Rules:
    """Numbers of one audience: counts of events, sites and groups of sources; embargoes in days.

    `lower_slack`: a class of events whose cells may be known to be non-empty holds at least so many events
    more than non-empty cells. `upper_slack`: it stays so many below the most that its failing parts could
    hold. Both are explained in `risk.disclosure_classes`.
    """

    min_count: int = 5
    min_count_critical: int = 10
    min_sites: int = 3
    min_source_groups: int = 2
    most_of_one_site_share: float = 0.70
    aggregate_embargo_days: int = 30
    record_embargo_days: int = 180
    research_k: int = 5
    research_k_critical: int = 10
    lower_slack: int = 3
    upper_slack: int = 2

    def __post_init__(self) -> None:
        if not 2 <= self.min_count <= self.min_count_critical:
            raise ValueError("min_count must be 2 or more and no higher than min_count_critical")
        if not 0 < self.most_of_one_site_share <= 1:
            raise ValueError("most_of_one_site_share must lie above 0 and not above 1")
        if min(self.lower_slack, self.upper_slack) < 1:
            raise ValueError("lower_slack and upper_slack must be 1 or more; 0 lets a table force its parts")

    def least(self, is_critical: bool) -> int:
        """Return the smallest count that is shown."""
        return self.min_count_critical if is_critical else self.min_count

    def least_records(self, is_critical: bool) -> int:
        """Return the smallest group of research records that look the same."""
        return self.research_k_critical if is_critical else self.research_k


# Staff see the events themselves: no rules.
RULES: Final[Mapping[Audience, Rules]] = {
    Audience.PUBLIC: Rules(),
    Audience.MEMBER: Rules(),
    Audience.RESEARCHER: Rules(),
}


def last_open_day(as_of: date, embargo_days: int) -> pd.Timestamp:
    """Return the last day of which may be told on `as_of`: the last of the newest quarter that is past the embargo.

    An embargo that ended for each event by itself would tell its day to whoever compares two releases.

    >>> last_open_day(date(2026, 10, 30), 30), last_open_day(date(2026, 10, 29), 30)
    (Timestamp('2026-09-30 00:00:00'), Timestamp('2026-06-30 00:00:00'))
    """
    after = pd.Timestamp(as_of - timedelta(days=embargo_days)) + pd.Timedelta(days=1)
    return after.to_period("Q").start_time - pd.Timedelta(days=1)


@dataclass(frozen=True)
class Facts:
    """What the rules look at, one value a group: (groups,) each."""

    counts: Ints
    sites: Ints
    sources: Ints
    most_of_one: Ints

    def thin(self, rules: Rules) -> Bools:
        """Return the groups of too few sites or sources, or of which one site holds too much, at any size.

        Events without a site are in the count but at no site: they can only hold a group back.
        """
        is_thin: Bools = (
            (self.sites < rules.min_sites)
            | (self.sources < rules.min_source_groups)
            # Counted in whole events, so that a share of exactly 70 % is not lost in the last digit.
            | (self.most_of_one > rules.most_of_one_site_share * self.counts + 1e-9)
        )
        return is_thin

    def passes(self, rules: Rules, is_critical: bool) -> Bools:
        """Return the groups that satisfy all rules."""
        passing: Bools = (self.counts >= rules.least(is_critical)) & ~self.thin(rules)
        return passing


@dataclass(frozen=True)
class Traits:
    """Sites and sources of events as numbers: `site` (-1: none) and `told` (events,); told names a list.

    `told_by` are pairs (list, group of sources), (pairs, 2).
    """

    site: Ints
    told: Ints
    told_by: Ints

    def facts(self, rows: Ints, group: Ints, size: int) -> Facts:
        """Return the facts of groups 0 to size - 1, to which the events `rows` belong."""
        counts = np.bincount(group, minlength=size).astype(np.int64)
        site = self.site[rows]
        has = site >= 0
        at, many = _pairs(group[has], site[has])
        most = np.zeros(size, dtype=np.int64)
        np.maximum.at(most, at, many)
        listed, _ = _pairs(group, self.told[rows], with_second=True)
        return Facts(counts, np.bincount(at, minlength=size), self._sources(listed, size), most)

    def _sources(self, listed: Ints, size: int) -> Ints:
        """Return how many groups of sources tell of each group, from pairs (group, list)."""
        starts = np.searchsorted(self.told_by[:, 0], listed[:, 1], "left")
        lengths = np.searchsorted(self.told_by[:, 0], listed[:, 1], "right") - starts
        first = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        sources = self.told_by[first + np.arange(lengths.sum()), 1] if len(listed) else listed[:, 1]
        at, _ = _pairs(np.repeat(listed[:, 0], lengths), sources)
        return np.bincount(at, minlength=size)


def traits(events: pd.DataFrame) -> Traits:
    """Return sites and sources of `events` (site_id, source_groups: '; '-separated), in their order."""
    site, _ = pd.factorize(events["site_id"])
    told, lists = pd.factorize(events["source_groups"], use_na_sentinel=False)
    named: dict[str, int] = {}
    pairs = [
        (number, named.setdefault(part.strip(), len(named)))
        for number, text in enumerate(lists)
        if isinstance(text, str)
        for part in text.split(";")
        if part.strip()
    ]
    return Traits(
        site.astype(np.int64), told.astype(np.int64), np.array(sorted(set(pairs)), np.int64).reshape(-1, 2)
    )


def _pairs(first: Ints, second: Ints, *, with_second: bool = False) -> tuple[Ints, Ints]:
    """Return the different pairs (their first members, or both as two columns) and how often each stands."""
    width = int(second.max()) + 1 if len(second) else 1
    found, many = np.unique(first.astype(np.int64) * width + second, return_counts=True)
    members = np.column_stack([found // width, found % width])
    return (members if with_second else members[:, 0]), many.astype(np.int64)


def is_critical(events: pd.DataFrame) -> Bools:
    """Return which events are protection-critical: flagged so, or of such a category."""
    flagged = events["is_protection_critical"].astype("boolean").fillna(True).to_numpy(dtype=bool)
    found: Bools = flagged | events["category"].isin(CRITICAL_CATEGORIES).to_numpy(dtype=bool)
    return found
