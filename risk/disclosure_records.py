"""Research records: generalised rows inside the classes of events, so that they add up to what is counted.

What a record may say is decided once, when its class is made, as if all classes of the batch were told at
once; a release tells whole classes as their embargo ends, and so always a part of what was found safe.

Inside a class (territory, quarter and category as its level has them) events of the same severity and
verification band keep both where they are `research_k` or more; the others lose both, and are `research_k`
or more, or none: until they are, groups that keep theirs join them, in an order that knows no counts. A
record keeps its cell where all of its kind in that cell satisfy the rules, sites included, and what is left
of the cell and of the kind does too, and the table of kinds × cells forces nothing (`disclosure_cells`).
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from risk.disclosure_cells import REST, forced_cells
from risk.disclosure_classes import LADDER, WAITING, numbered
from risk.disclosure_rules import Bools, Ints, Rules, last_open_day, traits

BANDS: Final = ("severity_band", "verification_band")
RECORD_COLUMNS: Final = (
    "record_id",
    "territory_pcode",
    "province_pcode",
    "quarter",
    "year",
    "category",
    "is_critical",
    *BANDS,
    "h3_r5",
)
_CODE: Final = ("territory_pcode", "province_pcode", "quarter", "year", "category")
_LEVELS: Final = {level.name: level.columns for level in LADDER}


def record_codes(
    rows: pd.DataFrame, cell_territories: pd.DataFrame, rules: Rules, *, is_critical: bool
) -> pd.DataFrame:
    """Return keeps_bands and keeps_cell of events of one stream and batch, all in classes; the index is kept.

    rows: class_id, level, territory_pcode, cell_code, severity_band, verification_band, h3_r5, site_id,
    source_groups.
    """
    if rows.empty:
        return pd.DataFrame({"keeps_bands": [], "keeps_cell": []}, index=rows.index, dtype=bool)
    of_class = numbered(rows, ("class_id",))
    banded = numbered(rows, ("class_id", *BANDS))
    least = rules.least_records(is_critical)
    has_bands = rows[list(BANDS)].notna().all(axis=1).to_numpy(dtype=bool)
    keeps = has_bands & (np.bincount(banded)[banded] >= least)
    order = _order(rows, banded)
    while True:
        left = np.bincount(of_class[~keeps], minlength=int(of_class.max()) + 1)
        short = ((left > 0) & (left < least))[of_class] & keeps
        if not short.any():
            break
        first = np.full(len(left), len(rows))
        np.minimum.at(first, of_class[short], order[banded[short]])
        keeps &= ~(short & (order[banded] == first[of_class]))
    kind = np.where(keeps, banded, -1)
    cells = _keeps_cell(rows.assign(kind=kind), cell_territories, rules, least, is_critical=is_critical)
    return pd.DataFrame({"keeps_bands": keeps, "keeps_cell": cells}, index=rows.index)


def research_records(assignments: pd.DataFrame, rules: Rules, as_of: date, *, key: bytes) -> pd.DataFrame:
    """Return one generalised record an event of the classes whose embargo is over, by record_id.

    assignments: of `assign`. A class is told whole or not at all: when the quarters of all its events are past
    the embargo of records, it holds `research_k` or more, and none ever left it. Of an event that is held the
    record is told on, as it was: that it vanishes would say that something happened to one of its class.
    key: secret of the release series; ids are keyed hashes (BLAKE2b) and tell nothing without it.

    Columns: record_id, territory_pcode, province_pcode, quarter, year, category (missing where the class does
    not say; a missing category is any of the record's kind), is_critical, severity_band, verification_band
    and h3_r5 (missing where not told). Raises ValueError for a key of fewer than 16 bytes.
    """
    if len(key) < 16:
        raise ValueError("the key of record ids has fewer than 16 bytes; give a random one")
    rows = assignments[record_states(assignments, rules, as_of) == "told"].reset_index(drop=True)
    records = rows[[*_CODE, "is_critical", *BANDS, "h3_r5"]].copy()
    for name in _CODE:
        has = rows["level"].map(
            {level: name in columns or _implied(name, columns) for level, columns in _LEVELS.items()}
        )
        records[name] = records[name].where(has.astype(bool))
    for name in BANDS:
        records[name] = records[name].where(rows["keeps_bands"])
    records["h3_r5"] = records["h3_r5"].where(rows["keeps_cell"])
    records["record_id"] = pd.Series(
        [
            "rec-" + hashlib.blake2b(f"{event}\x1f{name}".encode(), key=key[:64], digest_size=10).hexdigest()
            for event, name in zip(rows["event_id"], rows["class_id"], strict=True)
        ],
        dtype="string",
    )
    return records[list(RECORD_COLUMNS)].sort_values("record_id", ignore_index=True)


def report(events: pd.DataFrame, assignments: pd.DataFrame, rules: Rules, as_of: date) -> pd.DataFrame:
    """Return what became of each row, for staff: table_name, outcome, row_count (0 is a count here).

    events: as for `assign`, which gave `assignments`. Tables: 'events' (rows_in = as_published + embargoed +
    waiting + one outcome a level; of those, held; retracted events that are held are counted above rows_in)
    and 'research_records' (rows_in = told + the reasons for what is not told; of the told: without_bands,
    without_cell). Small counts stand here: it is no table for other audiences.
    """
    is_public = events["is_public_record"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    known = events.loc[~is_public, "event_id"].isin(assignments["event_id"])
    found: list[tuple[str, str, int]] = [
        ("events", "rows_in", len(events)),
        ("events", "as_published", int(is_public.sum())),
        ("events", "embargoed", int((~known).sum())),
        *(("events", name, int((assignments["level"] == name).sum())) for name in [*_LEVELS, WAITING]),
        ("events", "held", int(assignments["is_held"].sum())),
    ]
    state = record_states(assignments, rules, as_of)
    is_told = state == "told"
    reasons = ("told", "waiting", "embargoed", "cut", "too_small")
    found += [
        ("research_records", "rows_in", len(assignments)),
        *(("research_records", name, int((state == name).sum())) for name in reasons),
        ("research_records", "without_bands", int((is_told & ~assignments["keeps_bands"]).sum())),
        ("research_records", "without_cell", int((is_told & ~assignments["keeps_cell"]).sum())),
    ]
    return pd.DataFrame(found, columns=["table_name", "outcome", "row_count"]).astype(
        {"table_name": "string", "outcome": "string", "row_count": "Int64"}
    )


def record_states(assignments: pd.DataFrame, rules: Rules, as_of: date) -> pd.Series:
    """Return whether each event's record is told, or why not."""
    last = last_open_day(as_of, rules.record_embargo_days)
    name = assignments["class_id"]
    is_young = ~(assignments["last_day"] <= last).fillna(False)
    critical = assignments["is_critical"].astype(bool)
    least = np.where(critical, rules.least_records(True), rules.least_records(False))
    size = name.groupby(name).transform("size").fillna(0)
    state = np.select(
        [
            assignments["level"].eq(WAITING).to_numpy(dtype=bool),
            is_young.groupby(name).transform("any").fillna(True).to_numpy(dtype=bool),
            assignments["is_cut"].to_numpy(dtype=bool),
            size.to_numpy() < least,
        ],
        ["waiting", "embargoed", "cut", "too_small"],
        default="told",
    )
    return pd.Series(state, index=assignments.index, dtype="string")


def _implied(name: str, columns: tuple[str, ...]) -> bool:
    return name == "year" and "quarter" in columns


def _order(rows: pd.DataFrame, banded: Ints) -> Ints:
    """Return the rank of each group of bands, in an order that knows nothing of the data; (groups,)."""
    _, first = np.unique(banded, return_index=True)
    names = rows.iloc[first][["class_id", *BANDS]].astype("string").fillna("").to_numpy().tolist()
    mixed = [hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest() for parts in names]
    return np.argsort(np.argsort(mixed, kind="stable"), kind="stable").astype(np.int64)


def _keeps_cell(
    rows: pd.DataFrame, cell_territories: pd.DataFrame, rules: Rules, least: int, *, is_critical: bool
) -> Bools:
    told = traits(rows)
    kind = numbered(rows, ("class_id", "kind"))
    cell = numbered(rows, ("cell_code",))
    piece = numbered(rows, ("class_id", "kind", "cell_code"))
    facts = told.facts(np.arange(len(rows)), piece, int(piece.max()) + 1)
    fits = facts.passes(rules, is_critical) & (facts.counts >= least)
    keeps: Bools = fits[piece] & rows["cell_code"].ne(REST).to_numpy(dtype=bool)
    while keeps.any():
        left = np.flatnonzero(~keeps)
        hidden = np.zeros(len(rows), dtype=bool)
        for group in (kind, cell):
            rest = told.facts(left, group[left], int(group.max()) + 1)
            # What is left of a class without bands is held to the same rules as a class.
            fails = (rest.counts > 0) & ~(rest.passes(rules, is_critical) & (rest.counts >= least))
            hidden |= keeps & fails[group]
        if not hidden.any():
            hidden = keeps & _is_forced(rows, kind, keeps, cell_territories, rules)
        if not hidden.any():
            break
        keeps &= ~hidden
    return keeps


def _is_forced(
    rows: pd.DataFrame, kind: Ints, keeps: Bools, cell_territories: pd.DataFrame, rules: Rules
) -> Bools:
    """Return the events of cells that have a forced entry in the table of kinds × cells that is left."""
    kinds = rows.assign(class_id=kind)
    left = kinds[~keeps]
    if left.empty:
        return np.zeros(len(rows), dtype=bool)
    closed = kinds.loc[keeps, ["class_id", "h3_r5"]].drop_duplicates()
    forced = forced_cells(left, cell_territories, rules, closed=closed)
    found: Bools = rows["cell_code"].isin(forced).to_numpy(dtype=bool)
    return found
