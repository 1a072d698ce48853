"""Classes of events: each event is coded as finely as the rules allow, and only sizes of classes are told.

A published figure is a sum of sizes, so that whatever is had by adding and subtracting published figures is
again a union of whole classes, each of which satisfies the rules: complementary suppression is built in
(generalisation after Sweeney 2002, "Achieving k-anonymity privacy protection using generalization").

**Two streams.** Protection-critical events and the others never share a class. Otherwise a class of 5 to 9
mixed events would tell that no critical event is among them, and zero would differ from too few. So classes
of the others depend on nothing critical, and of critical events nothing is told but classes of 10 or more.

**The reader who knows the rules** (minimality attack: Wong, Fu, Wang, Pei 2007). A class at a coarser level
consists of finer groups, its parts, that all failed. Of events that are not critical, the states of empty
cells tell which finest cells are not empty. So for M such cells and size s the reader knows: s is the sum of
M counts of 1 or more, and parts that fail by count are below their upper ends. He can force values only at
the ends: s near M (all are 1), or near the sum U of the upper ends (all are full). A group is a class only
where it satisfies the rules and

    s >= M + lower_slack,  it has two parts,  and  s <= U - upper_slack, or s > U and a part is endless.

The upper end of a cell is k - 1, of a wider part of M' cells the larger of k - 1 and M' + lower_slack - 1: up
to there it fails whatever its counts. Endless is a part of k or more that fails by sites, sources or
dominance, at any size. A part that no finer level asked (it has no territory, say) is free: it needs neither
a second part nor an upper end. What is no class goes on to the next level.

Then no count is forced. Take two cells a, b of the class with n_a >= 2 and n_b short of its end, and move an
event from a to b: the same cells are filled, the same parts fail, the same figures are published. By the
first condition there is an a, by the last a b. A cell of 1 grows, a full one shrinks; where a part is itself
full, the move stays inside it. What is unpublished holds 1 to k - 1 events, or M to M + lower_slack - 1, or
nearly all that it can: never one number. No passing sibling is folded into a group that fails: a choice of
the smallest would tell a bound for the others, and going on costs no cell that passes.

Of protection-critical events he knows no filled cell, only which parts are classes: counts start at 0, and
only the upper end can force them. U is k - 1 times the parts that may hold events, filled or not (quarters of
a year, categories of the list, places and years of any event): were it the filled ones, the choice would tell
how many these are.

**Waiting.** What fits nowhere waits for a later batch. Its sum is known to have failed, so in a later batch
all of it counts as one part at the upper end, and each of its cells asks for one more of slack.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from risk.disclosure_rules import Bools, Ints, Rules, traits
from risk.vocabulary import CATEGORIES

WAITING: Final = "waiting"
QUARTERS_A_YEAR: Final = 4


@dataclass(frozen=True)
class Level:
    """One rung: the columns that events of a class share; the others are left out of its code."""

    name: str
    columns: tuple[str, ...]

    @property
    def asked(self) -> tuple[str, ...]:
        """Return the columns that an event must have; the province only follows from a territory."""
        return (
            self.columns[:1] + self.columns[2:] if self.columns[:1] == ("territory_pcode",) else self.columns
        )


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
class _Free:
    """The node of each event on a rung, (events,), and which nodes are known to leave nothing, (nodes,)."""

    node: Ints
    is_taken: Bools

    def under(self, above: Ints, many: Ints) -> Ints:
        """Return how many of the `many` parts of each node above may still hold something, (nodes above,)."""
        _, first = np.unique(self.node, return_index=True)
        taken: Ints = np.bincount(above[first[self.is_taken]], minlength=len(many))
        return many - taken


@dataclass(frozen=True)
class Below:
    """What lies under groups, one value an event: its part, its finest cell, and two marks.

    `is_endless`: its part is. `is_free`: no finer level asked its part. `is_carried`: it waited before.
    """

    part: Ints
    atom: Ints
    is_endless: Bools
    is_free: Bools
    is_carried: Bools


def coded(events: pd.DataFrame, there: pd.DataFrame, rules: Rules, *, is_critical: bool) -> pd.Series:
    """Return the level of each event of one stream and one batch, 'waiting' where it fits nowhere.

    events: territory_pcode, province_pcode, quarter, year, category (each may be missing: such events begin
    where it is not asked for; a territory without a province is its own), site_id, source_groups, is_carried
    (it waited before). there: territory_pcode, province_pcode and year of all that a reader knows to be
    there, whatever its stream. The index is kept; the order of rows does not matter.
    """
    told, least = traits(events), rules.least(is_critical)
    atom = numbered(events, ATOM)
    alone = told.facts(np.arange(len(atom)), atom, int(atom.max(initial=-1)) + 1)
    parts = _Parts(atom, alone.thin(rules) & (alone.counts >= least))
    place, was_asked = np.full(len(events), len(LADDER)), np.zeros(len(events), dtype=bool)
    is_carried = events["is_carried"].to_numpy(dtype=bool)
    free = _Free(atom, np.zeros(int(atom.max(initial=-1)) + 1, dtype=bool))
    for rank, level in enumerate(LADDER):
        node = numbered(events, level.columns)
        size = int(node.max(initial=-1)) + 1
        is_open = (place == len(LADDER)) & events[list(level.asked)].notna().all(axis=1).to_numpy(dtype=bool)
        rows = np.flatnonzero(is_open)
        group = node[rows]
        facts = told.facts(rows, group, size)
        is_class = facts.passes(rules, is_critical)
        possible = free.under(node, _parts_of(events, there, rank, node))
        if rank:
            marks = parts.is_endless[parts.of[rows]], ~was_asked[rows], is_carried[rows]
            below = Below(parts.of[rows], atom[rows], *marks)
            is_class &= (
                is_roomy(group, below, possible, rules) if is_critical else is_safe(group, below, rules, size)
            )
        free = _Free(node, is_class | (possible <= 0))
        place[rows[is_class[group]]] = rank
        was_asked[rows] = True
        parts = parts.risen(rows, group, facts.thin(rules) & (facts.counts >= least))
    names = np.array([*(level.name for level in LADDER), WAITING], dtype=object)
    return pd.Series(names[place], index=events.index, dtype="string")


def is_safe(group: Ints, below: Below, rules: Rules, size: int) -> Bools:
    """Return which groups 0, …, size - 1 force none of their parts, for a reader who knows which cells are filled.

    `group` is (events,), and parts nest in groups; (size,). Of events that are not critical.
    """
    slack, cap = rules.lower_slack, rules.min_count - 1
    marks = {"is_endless": below.is_endless, "is_free": below.is_free, "is_new": ~below.is_carried}
    cells = pd.DataFrame({"group": group, "part": below.part, "atom": below.atom, **marks})
    cells = cells.groupby(["group", "part", "atom"], sort=False).any().reset_index()
    parts = cells.groupby(["group", "part"], sort=False).agg(
        atoms=("atom", "size"), is_new=("is_new", "any"), is_endless=("is_endless", "any")
    )
    parts = parts.reset_index()
    # A cell fails below the minimum only; a wider part also where it has little more than its cells.
    ends = np.where(parts["atoms"] > 1, np.maximum(cap, parts["atoms"] + slack - 1), cap)
    at = parts["group"].to_numpy()
    counts, many = np.bincount(group, minlength=size), np.bincount(at, minlength=size)
    carried = np.bincount(cells["group"], ~cells["is_new"], size)
    old = np.bincount(at, ~parts["is_new"], size) > 0
    end = np.bincount(at, ends * parts["is_new"], size) + old * np.maximum(cap, carried + slack - 1)
    room = end - counts
    is_endless = np.bincount(at, parts["is_endless"], size) > 0
    is_free = np.bincount(cells["group"], cells["is_free"], size) > 0
    above = (many >= 2) & ((room >= rules.upper_slack + carried) | ((room < 0) & is_endless))
    safe: Bools = (above | is_free) & (counts >= np.bincount(cells["group"], minlength=size) + slack)
    return safe


def is_roomy(group: Ints, below: Below, possible: Ints, rules: Rules, *, is_critical: bool = True) -> Bools:
    """Return which groups 0, 1, … force none of their parts, for a reader who knows no filled cell; (groups,).

    `possible`: parts that may hold events of a group, as far as he knows, (groups,).
    """
    counts = np.bincount(group, minlength=len(possible))
    room = (rules.least(is_critical) - 1) * possible - counts
    is_endless = np.bincount(group, below.is_endless, len(possible)) > 0
    is_free = np.bincount(group, below.is_free, len(possible)) > 0
    roomy: Bools = (room >= rules.upper_slack) | ((room < 0) & is_endless) | is_free
    return roomy


def _parts_of(events: pd.DataFrame, there: pd.DataFrame, rank: int, node: Ints) -> Ints:
    """Return of how many parts each node of a rung consists, filled or not; (nodes,)."""
    _, first = np.unique(node, return_index=True)
    many: Ints = np.ones(len(first), dtype=np.int64)
    match rank:
        case 0:
            pass
        case 1 | 2:
            many = many * (QUARTERS_A_YEAR if rank == 1 else len(CATEGORIES))
        case 3:
            territories = there.groupby("province_pcode")["territory_pcode"].nunique()
            found = events["province_pcode"].iloc[first].map(territories).fillna(0)
            many = found.to_numpy().astype(np.int64)
        case _:
            many = many * there["province_pcode" if rank == 4 else "year"].nunique()
    return many


def numbered(events: pd.DataFrame, columns: tuple[str, ...]) -> Ints:
    """Return a number for each event: the same where all `columns` are (missing is a value of its own)."""
    number = np.zeros(len(events), dtype=np.int64)
    for name in columns:
        codes, _ = pd.factorize(events[name], use_na_sentinel=False)
        number = np.unique(number * (codes.max(initial=0) + 1) + codes, return_inverse=True)[1].astype(
            np.int64
        )
    return number
