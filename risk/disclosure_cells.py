"""Classes of hexagonal cells (H3 resolution 5), all categories and all time, linked with the territories.

Cells straddle territories, so the two partitions are margins of one table, class × cell. A cell is told where
its events satisfy the rules; the others make one rest, of which nobody is told where it lies. The rest must
satisfy the rules too and leave its parts free (`risk.disclosure_classes.is_roomy`), otherwise cells that pass
join it, in an order that knows no counts: the smallest would tell a bound for the others. A reader may find
out which ones joined: each holds the minimum or more, so the rest holds so much and `lower_slack` besides.

Then the table is audited: rows are classes, columns are cells and the rest, an entry of a class and a cell
without ground in any territory of its events is known to be 0. An entry that its margins determine and that does
not satisfy the rules (`risk.disclosure_audit`) puts its cell into the rest, until there is none. The cells of
a batch hold exactly the events of its classes, so that their totals tell nothing new.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from risk.disclosure_audit import determined
from risk.disclosure_classes import Below, is_roomy
from risk.disclosure_rules import Bools, Ints, Rules, Traits, traits

REST: Final = "rest"


@dataclass(frozen=True)
class _Linked:
    """Events of one stream and batch: row (class) and cell of each as numbers, -1 for no cell; (events,).

    `grounds`: pairs (row, cell) that may hold events, (pairs, 2); `ground_count`: cells that there are.
    """

    row: Ints
    cell: Ints
    told: Traits
    grounds: Ints
    names: list[str]
    ground_count: int


def cell_codes(
    events: pd.DataFrame, cell_territories: pd.DataFrame, rules: Rules, *, is_critical: bool
) -> pd.Series:
    """Return the cell under which each event is told, or 'rest'; the index is kept.

    events: of one stream and batch, all in a class: class_id, territory_pcode, level, h3_r5 (may be missing),
    site_id, source_groups. cell_territories: h3_r5, territory_pcode, one row where a cell has ground in a
    territory; a pair that has events counts as given.
    """
    if events.empty:
        return pd.Series(index=events.index, dtype="string")
    linked = _linked(events, cell_territories)
    size = len(linked.names)
    if not size:
        return pd.Series(REST, index=events.index, dtype="string")
    has = np.flatnonzero(linked.cell >= 0)
    facts = linked.told.facts(has, linked.cell[has], size)
    is_told = facts.passes(rules, is_critical)
    is_open = is_told.copy()
    _fill(linked, is_told, is_open, rules, is_critical)
    while is_told.any():
        weak = _forced(linked, is_told, rules, is_critical)
        if not len(weak):
            break
        is_told[weak] = False
        _fill(linked, is_told, is_open, rules, is_critical)
    names = np.array([*linked.names, REST], dtype=object)
    shown = np.where((linked.cell >= 0) & is_told[linked.cell], linked.cell, size)
    return pd.Series(names[shown], index=events.index, dtype="string")


def forced_cells(
    events: pd.DataFrame,
    cell_territories: pd.DataFrame,
    rules: Rules,
    *,
    closed: pd.DataFrame | None = None,
) -> set[str]:
    """Return the cells that are told and have, or stand beside, an entry that margins force and rules forbid.

    events: as for `cell_codes`, of one stream and batch, with cell_code; is_critical is the same for all.
    closed: class_id, h3_r5 of entries that are known and taken out of the table.
    """
    if events["h3_r5"].isna().all():
        return set()
    linked = _linked(events, cell_territories, closed)
    told = events["cell_code"].ne(REST).to_numpy(dtype=bool) & (linked.cell >= 0)
    is_told = np.zeros(len(linked.names), dtype=bool)
    is_told[linked.cell[told]] = True
    weak = _forced(linked, is_told, rules, bool(events["is_critical"].iloc[0]))
    return {linked.names[number] for number in weak}


def _linked(
    events: pd.DataFrame, cell_territories: pd.DataFrame, closed: pd.DataFrame | None = None
) -> _Linked:
    row, classes = pd.factorize(events["class_id"])
    cell, names = pd.factorize(events["h3_r5"], sort=True)
    number = pd.Series(np.arange(len(names)), index=names)
    # Where territories are complete a reader may know in which ones a class of a province lies: take all as known.
    homes = pd.DataFrame({"territory_pcode": events["territory_pcode"].to_numpy(), "row": row})
    local = homes.dropna().drop_duplicates()
    ground = cell_territories.assign(cell=cell_territories["h3_r5"].map(number)).dropna(subset=["cell"])
    near = local.merge(ground[["territory_pcode", "cell"]].drop_duplicates(), on="territory_pcode")
    wide = homes.loc[homes["territory_pcode"].isna(), "row"].unique().astype(np.int64)
    far = np.column_stack([np.repeat(wide, len(names)), np.tile(np.arange(len(names)), len(wide))])
    grounds = np.concatenate([near[["row", "cell"]].to_numpy(dtype=np.int64).reshape(-1, 2), far])
    if closed is not None and len(closed):
        rows = pd.Series(np.arange(len(classes)), index=classes)
        shut = closed["class_id"].map(rows) * len(names) + closed["h3_r5"].map(number)
        grounds = grounds[~np.isin(grounds @ [len(names), 1], shut.dropna().to_numpy(dtype=np.int64))]
    there = len({*names, *cell_territories["h3_r5"].dropna()})
    at = row.astype(np.int64), cell.astype(np.int64)
    return _Linked(*at, traits(events), grounds, names.tolist(), there)


def _fill(linked: _Linked, is_told: Bools, is_open: Bools, rules: Rules, is_critical: bool) -> None:
    """Let cells join the rest, in place, until it satisfies the rules and forces none of its parts."""
    order = sorted(range(len(linked.names)), key=lambda number: _mixed(linked.names[number]))
    waiting = [number for number in order if is_told[number]]
    while True:
        rows = np.flatnonzero((linked.cell < 0) | ~is_told[linked.cell])
        if not len(rows) or not waiting or _rest_stands(linked, rows, is_told, is_open, rules, is_critical):
            return
        is_told[waiting.pop(0)] = False


def _rest_stands(
    linked: _Linked, rows: Ints, is_told: Bools, is_open: Bools, rules: Rules, is_critical: bool
) -> bool:
    group = np.zeros(len(rows), dtype=np.int64)
    if not linked.told.facts(rows, group, 1).passes(rules, is_critical)[0]:
        return False
    cell = linked.cell[rows]
    joined = int(is_open[np.unique(cell[cell >= 0])].sum())
    if joined and len(rows) < joined * rules.least(is_critical) + rules.lower_slack:
        return False
    # Events without a cell are a part that may be any number, and so is a cell that passes.
    no = np.zeros(len(rows), dtype=bool)
    below = Below(cell, cell, no, (cell < 0) | is_open[cell], no)
    # Nobody is told which cells the rest lies in: it may be any but those that are told.
    possible = np.array([linked.ground_count - int(is_told.sum())])
    return bool(is_roomy(group, below, possible, rules, is_critical=is_critical)[0])


def _forced(linked: _Linked, is_told: Bools, rules: Rules, is_critical: bool) -> Ints:
    """Return cells to take into the rest: those with a forced entry, or beside one of the rest."""
    size = len(is_told)
    column = np.where((linked.cell >= 0) & is_told[linked.cell], linked.cell, size)
    height = int(linked.row.max()) + 1
    grounds = linked.grounds[is_told[linked.grounds[:, 1]]]
    rest = (
        np.column_stack([np.arange(height), np.full(height, size)]) if (column == size).any() else grounds[:0]
    )
    places = np.concatenate(
        [linked.row * (size + 1) + column, (grounds @ [size + 1, 1]), rest @ [size + 1, 1]]
    )
    known, entry = np.unique(places, return_inverse=True)
    piece = entry[: len(column)]
    facts = linked.told.facts(np.arange(len(column)), piece, len(known))
    is_fixed = determined(known // (size + 1), known % (size + 1), facts.counts)
    bad = is_fixed & (facts.counts > 0) & ~facts.passes(rules, is_critical)
    weak = np.unique(known[bad] % (size + 1))
    if (weak == size).any():
        rows = known[bad & (known % (size + 1) == size)] // (size + 1)
        beside = np.isin(known // (size + 1), rows) & (facts.counts > 0)
        weak = np.union1d(weak, known[beside] % (size + 1))
    return weak[weak < size]


def _mixed(name: str) -> str:
    """Return a key that puts names into an order that knows nothing of the data."""
    return hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
