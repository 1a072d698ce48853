"""Classes of events: each event is coded as finely as the rules allow, and only sizes of classes are told.

A published figure is a sum of sizes, so that whatever is had by adding and subtracting published figures is
again a union of whole classes, each of which satisfies the rules: complementary suppression is built in
(generalisation after Sweeney 2002, "Achieving k-anonymity privacy protection using generalization").

**Two streams.** Protection-critical events and the others never share a class. Otherwise a class of 5 to 9
mixed events would tell that no critical event is among them, and zero would differ from too few. So classes
of the others depend on nothing critical, and of critical events nothing is told but classes of 10 or more.

**The reader who knows the rules** (minimality attack: Wong, Fu, Wang, Pei 2007). A class at a coarser level
consists of finer groups, its parts, that all failed. Of events that are not critical, the states of empty
cells tell which cells are not empty, so for M cells, m parts, minimum k and size s the reader knows: s is
the sum of M counts of 1 or more, and each part that fails by count holds at most k - 1. He can force values
only at the ends, s near M (all are 1) or near m(k - 1) (all are full). A group therefore becomes a class only
where it satisfies the rules, has two parts or more, and

    s >= M + lower_slack      and      s <= m(k - 1) - upper_slack, or s > m(k - 1) and a part is thin,

thin: it fails by sites, sources or dominance, so has no upper end. What does not goes on to the next level.
Then no count is forced. Take two cells a, b with n_a >= 2 and n_b short of its end, and move an event from a
to b: the same cells are filled, the same parts fail, the same figures are published. By the first condition
there is an a, by the second a b; a cell with 1 grows, a full one shrinks; if a part is itself full, the move
stays inside it, and if it holds nothing but ones, it may grow to k = M + 1 and still fail by the first
condition. A group that failed holds 1 to k - 1 events, or M to M + 2, or an upper end: never one number. No
passing sibling is folded in: a choice of the smallest would tell a bound for the others, and going on costs
no cell that passes.

**Waiting.** What fits nowhere waits for a later batch. Its sum is known to have failed, so in a later batch
all of it counts as one part at the upper end, and each of its cells asks for one more of slack.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from risk.disclosure_rules import Bools, Ints, Rules, traits

WAITING: Final = "waiting"


@dataclass(frozen=True)
class Level:
    """One rung: the columns that events of a class share; the others are left out of its code."""

    name: str
    columns: tuple[str, ...]

    @property
    def asked(self) -> tuple[str, ...]:
        """Return the columns that an event must have; the province only follows from a territory."""
        return self.columns[:1] + self.columns[2:] if self.columns[:1] == ("territory_pcode",) else self.columns


LADDER: Final[tuple[Level, ...]] = (
    Level("territory_quarter_category", ("territory_pcode", "province_pcode", "quarter", "category")),
    Level("territory_year_category", ("territory_pcode", "province_pcode", "year", "category")),
    Level("territory_year", ("territory_pcode", "province_pcode", "year")),
    Level("province_year", ("province_pcode", "year")),
    Level("year", ("year",)),
    Level("all", ()),
)
ATOM: Final = ("territory_pcode", "province_pcode", "quarter", "category")


@dataclass(frozen=True)
class _Parts:
    """The part of each event on its way up, (events,), and which parts have no upper end, (parts,)."""

    of: Ints
    is_endless: Bools

    def risen(self, rows: Ints, group: Ints, is_endless: Bools) -> _Parts:
        """Return the parts after a level: events `rows` now stand in its groups, the others as before."""
        of = self.of.copy()
        of[rows] = group + len(self.is_endless)
        return _Parts(of, np.concatenate([self.is_endless, is_endless]))


@dataclass(frozen=True)
class Below:
    """What lies under groups, one value an event: its part, its finest cell, and two marks.

    `is_endless`: its part may hold any number. `is_carried`: it waited in an earlier batch.
    """

    part: Ints
    atom: Ints
    is_endless: Bools
    is_carried: Bools


def coded(events: pd.DataFrame, rules: Rules, *, is_critical: bool) -> pd.Series:
    """Return the level of each event of one stream and one batch, 'waiting' where it fits nowhere.

    events: territory_pcode, province_pcode, quarter, year, category (each may be missing: such events begin
    where it is not asked for; a territory without a province is its own), site_id, source_groups, is_carried
    (it waited before). The index is kept; the order of rows does not matter.
    """
    told, least = traits(events), rules.least(is_critical)
    atom = numbered(events, ATOM)
    alone = told.facts(np.arange(len(atom)), atom, int(atom.max(initial=-1)) + 1)
    parts = _Parts(atom, alone.thin(rules) & (alone.counts >= least))
    place = np.full(len(events), len(LADDER))
    is_carried = events["is_carried"].to_numpy(dtype=bool)
    for rank, level in enumerate(LADDER):
        is_open = (place == len(LADDER)) & events[list(level.asked)].notna().all(axis=1).to_numpy(dtype=bool)
        rows = np.flatnonzero(is_open)
        if not len(rows):
            continue
        group = numbered(events.iloc[rows], level.columns)
        facts = told.facts(rows, group, int(group.max()) + 1)
        is_class = facts.passes(rules, is_critical)
        if rank:
            below = Below(parts.of[rows], atom[rows], parts.is_endless[parts.of[rows]], is_carried[rows])
            is_class &= is_safe(group, below, rules, is_critical=is_critical)
        place[rows[is_class[group]]] = rank
        parts = parts.risen(rows, group, facts.thin(rules) & (facts.counts >= least))
    names = np.array([*(level.name for level in LADDER), WAITING], dtype=object)
    return pd.Series(names[place], index=events.index, dtype="string")


def is_safe(
    group: Ints, below: Below, rules: Rules, *, is_critical: bool, is_support_told: bool = True
) -> Bools:
    """Return which groups 0, 1, … force none of their parts, by the conditions at the top; (groups,).

    `group` is (events,), and parts nest in groups. `is_support_told`: a reader may know which cells are not
    empty; never so for protection-critical events.
    """
    size = int(group.max()) + 1 if len(group) else 0
    rows = pd.DataFrame(
        {
            "group": group,
            "part": below.part,
            "atom": below.atom,
            "endless": below.is_endless,
            "new": ~below.is_carried,
        }
    )
    by_part = rows.groupby(["group", "part"], sort=False)[["endless", "new"]].any().reset_index()
    per_group = by_part.groupby("group")
    index = pd.RangeIndex(size)
    counts = np.bincount(group, minlength=size)
    parts = per_group.size().reindex(index, fill_value=0).to_numpy()
    fresh = per_group["new"].sum().reindex(index, fill_value=0).to_numpy()
    is_endless = per_group["endless"].any().reindex(index, fill_value=False).to_numpy(dtype=bool)
    atoms = _different(rows, size)
    carried = _different(rows[~rows["new"]], size)
    top = (rules.least(is_critical) - 1) * (fresh + (parts > fresh))
    room = top - counts
    above = (room >= rules.upper_slack + carried) | ((room < 0) & is_endless)
    # Which cells hold critical events is told to nobody: nothing is known to be 1 or more.
    is_hidden = is_critical or not is_support_told
    under = np.full(size, True) if is_hidden else counts >= atoms + rules.lower_slack
    safe: Bools = (parts >= 2) & above & under
    return safe


def numbered(events: pd.DataFrame, columns: tuple[str, ...]) -> Ints:
    """Return a number for each event: the same where all `columns` are (missing is a value of its own)."""
    number = np.zeros(len(events), dtype=np.int64)
    for name in columns:
        codes, _ = pd.factorize(events[name], use_na_sentinel=False)
        number = np.unique(number * (codes.max(initial=0) + 1) + codes, return_inverse=True)[1].astype(np.int64)
    return number


def _different(rows: pd.DataFrame, size: int) -> Ints:
    """Return how many different atoms each group has."""
    found = rows[["group", "atom"]].drop_duplicates()
    return np.bincount(found["group"].to_numpy(), minlength=size)
