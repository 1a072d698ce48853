"""From release to release: each adds a batch of classes, and takes away only what the rules let go.

An event stays in its class. Events new to a release make classes of their own, so that the difference of two
releases is again a sum of classes. An event that was retracted or changed is *held*, counted as it was,
until a pool of held events of its class, and of its cell, satisfies the rules, and so does what stays; only
then may what it became be counted. Otherwise one event's correction could be read off two releases.
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
import pandas as pd

from risk.disclosure_cells import cell_codes, forced_cells
from risk.disclosure_classes import ATOM, LADDER, WAITING, Below, coded, is_safe, numbered
from risk.disclosure_records import record_codes
from risk.disclosure_rules import Bools, Ints, Rules, is_critical, traits

# What a reader could see change; the rest of an event is kept as it was when it entered its class.
SEEN: Final = (
    "territory_pcode",
    "province_pcode",
    "h3_r5",
    "category",
    "quarter",
    "severity_band",
    "verification_band",
    "is_critical",
)
KEPT: Final = ("event_id", *SEEN, "year", "happened_on", "last_day", "site_id", "source_groups")
CODED: Final = (
    "level",
    "class_id",
    "cell_code",
    "batch",
    "keeps_bands",
    "keeps_cell",
    "is_held",
    "is_cut",
    "fingerprint",
)
COLUMNS: Final = (*KEPT, *CODED)
NEEDED: Final = (
    "event_id",
    "territory_pcode",
    "province_pcode",
    "h3_r5",
    "category",
    "happened_on",
    "severity_band",
    "verification_band",
    "site_id",
    "source_groups",
    "is_public_record",
    "is_protection_critical",
)
_TYPES: Final = {
    **dict.fromkeys(COLUMNS, "string"),
    "year": "Int64",
    "batch": "Int64",
    "is_critical": "bool",
    "keeps_bands": "bool",
    "keeps_cell": "bool",
    "is_held": "bool",
    "is_cut": "bool",
    "happened_on": "datetime64[us]",
    "last_day": "datetime64[us]",
}


def restricted(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events that are no public records, with quarter ('2026Q1'), year and is_critical.

    Where nothing says which last_day is, it is the day they happened on.
    Raises ValueError where a column is missing, or an event has no id or stands twice.
    """
    missing = [name for name in NEEDED if name not in events]
    if missing:
        raise ValueError(f"events lack {', '.join(missing)}; add the column")
    if events["event_id"].isna().any() or events["event_id"].duplicated().any():
        raise ValueError("an event has no id or stands twice; give one row an event")
    is_public = events["is_public_record"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    found = events.loc[~is_public, list(NEEDED)]
    last = "last_day" if "last_day" in events else "happened_on"
    found = found.assign(last_day=events.loc[~is_public, last])
    codes, days = pd.factorize(pd.to_datetime(found["happened_on"]))
    quarters = np.array([*(f"{day.year}Q{day.quarter}" for day in days), None], dtype=object)
    years = np.array([*(day.year for day in days), None], dtype=object)
    found = found.assign(quarter=quarters[codes], year=years[codes], is_critical=is_critical(found))
    return typed(found[list(KEPT)].sort_values("event_id", ignore_index=True))


def known_places(events: pd.DataFrame) -> pd.DataFrame:
    """Return the different territory_pcode, province_pcode and year of all `events`, public ones included."""
    codes, days = pd.factorize(pd.to_datetime(events["happened_on"]))
    years = np.array([*(day.year for day in days), None], dtype=object)
    places = events[["territory_pcode", "province_pcode"]].assign(year=years[codes])
    return typed(places.drop_duplicates())


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with the types of this module, whatever a file made of them."""
    return rows.astype({name: kind for name, kind in _TYPES.items() if name in rows})


def fingerprints(events: pd.DataFrame) -> pd.Series:
    """Return a short hash of what a reader could see of each event; the same for the same, in any release."""
    columns = [events[name].astype("string").fillna("").tolist() for name in SEEN]
    hashes = [
        hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
        for parts in zip(*columns, strict=True)
    ]
    return pd.Series(hashes, index=events.index, dtype="string")


def batch(
    fresh: pd.DataFrame, number: int, there: pd.DataFrame, cell_territories: pd.DataFrame, rules: Rules
) -> pd.DataFrame:
    """Return `fresh` (columns of `restricted`, is_carried, fingerprint) with the codes of batch `number`.

    there: territory_pcode, province_pcode and year of any event, public ones included.
    """
    streams = []
    for critical in (False, True):
        stream = fresh[fresh["is_critical"] == critical]
        rows = stream.assign(
            level=coded(stream, there, rules, is_critical=critical), is_held=False, is_cut=False
        )
        is_in = rows["level"].ne(WAITING)
        rows["batch"] = pd.array([number] * len(rows), dtype="Int64")
        rows["batch"] = rows["batch"].where(is_in)
        rows["class_id"] = _class_ids(rows, number, critical).where(is_in)
        rows["cell_code"] = cell_codes(rows[is_in], cell_territories, rules, is_critical=critical)
        kept = record_codes(rows[is_in], cell_territories, rules, is_critical=critical)
        rows[["keeps_bands", "keeps_cell"]] = kept.reindex(rows.index, fill_value=False)
        streams.append(typed(rows[list(COLUMNS)]))
    return pd.concat(streams, ignore_index=True)


def let_go(rows: pd.DataFrame, is_gone: Bools, cell_territories: pd.DataFrame, rules: Rules) -> Bools:
    """Return which of the events `is_gone` may leave their classes now; the others are held.

    rows: assigned events, all in classes. Held back are, until nothing changes, those of a class or a cell
    where what goes, or what stays, does not satisfy the rules or forces a part, or where the table of classes
    and cells of what goes, or stays, has a forced entry.
    """
    nobody = np.zeros(len(rows), dtype=bool)
    return _settled(rows, is_gone.copy(), nobody, cell_territories, rules, is_leaving=True)


def publishable(
    rows: pd.DataFrame, is_asked: Bools, is_known: Bools, cell_territories: pd.DataFrame, rules: Rules
) -> Bools:
    """Return which of the events `is_asked` may be published, beside those that all know already (`is_known`).

    rows: as for `let_go`. Published events are counted on where they were, so whoever knows them knows what is
    left of a class, of a cell, and of research records that look the same: it must satisfy the rules, force no
    part and leave no forced entry, or be nothing. Which events are public is no secret, so no rule holds for them.
    """
    found: Bools = _settled(rows, is_asked | is_known, is_known, cell_territories, rules, is_leaving=False)
    return found & is_asked


def _settled(
    rows: pd.DataFrame,
    going: Bools,
    fixed: Bools,
    cell_territories: pd.DataFrame,
    rules: Rules,
    *,
    is_leaving: bool,
) -> Bools:
    """Return `going` without events, none of them `fixed`, until what stays, and what is leaving, keeps the rules."""
    if not (going & ~fixed).any():
        return going
    told, atom = traits(rows), numbered(rows, ATOM)
    cell = numbered(rows.assign(stream=rows["is_critical"]), ("batch", "stream", "cell_code"))
    of_class = numbered(rows, ("class_id",))
    critical = rows["is_critical"].to_numpy(dtype=bool)
    is_mixed = rows["level"].ne(LADDER[0].name).to_numpy(dtype=bool)
    plain = np.zeros(len(rows), dtype=bool)
    groups = [(of_class, is_mixed), (cell, plain)]
    if not is_leaving:
        groups.append((_kinds(rows), plain))
    while going.any():
        stuck = np.zeros(len(rows), dtype=bool)
        for group, parts in groups:
            for side in (going, ~going) if is_leaving else (~going,):
                for stream in (False, True):
                    at = np.flatnonzero(side & (critical == stream))
                    size = int(group.max()) + 1
                    counts = told.facts(at, group[at], size)
                    fails = (counts.counts > 0) & ~counts.passes(rules, stream)
                    fails |= _forcing(at, group, atom, parts, rules, stream)
                    stuck |= going & fails[group] & (critical == stream)
        if not (stuck & ~fixed).any():
            sides = (going, ~going) if is_leaving else (~going,)
            stuck = _linked(rows, going, sides, cell_territories, rules)
        if not (stuck & ~fixed).any():
            break
        going = going & ~(stuck & ~fixed)
    return going


def _kinds(rows: pd.DataFrame) -> Ints:
    """Return the group of research records that look like each event's, as numbers; (events,)."""
    keeps_bands = rows["keeps_bands"].astype(bool)
    shown = {name: rows[name].where(keeps_bands) for name in ("severity_band", "verification_band")}
    cell = rows["h3_r5"].where(rows["keeps_cell"].astype(bool))
    return numbered(rows.assign(**shown, h3_r5=cell), ("class_id", *shown, "h3_r5"))


def _forcing(at: Ints, group: Ints, atom: Ints, is_mixed: Bools, rules: Rules, is_critical: bool) -> Bools:
    """Return the groups whose events `at`, of several cells, force one; (groups,).

    Of protection-critical events nobody knows a filled cell, and fewer than a class leave more room.
    """
    forcing = np.zeros(int(group.max()) + 1, dtype=bool)
    at = at[is_mixed[at]]
    if len(at) and not is_critical:
        names, inner = np.unique(group[at], return_inverse=True)
        no = np.zeros(len(at), dtype=bool)
        forcing[names] = ~is_safe(
            inner.astype(np.int64), Below(atom[at], atom[at], no, no, no), rules, len(names)
        )
    return forcing


def _linked(
    rows: pd.DataFrame, going: Bools, sides: tuple[Bools, ...], cell_territories: pd.DataFrame, rules: Rules
) -> Bools:
    """Return the going events of batches whose table of classes and cells would have a forced entry."""
    stuck = np.zeros(len(rows), dtype=bool)
    keys = rows[["batch", "is_critical"]].drop_duplicates()
    for number, critical in keys.itertuples(index=False):
        of_batch = ((rows["batch"] == number) & (rows["is_critical"] == critical)).to_numpy(dtype=bool)
        if not (going & of_batch).any():
            continue
        for side in sides:
            if (side & of_batch).any() and forced_cells(rows[side & of_batch], cell_territories, rules):
                stuck |= going & of_batch
    return stuck


def _class_ids(rows: pd.DataFrame, number: int, critical: bool) -> pd.Series:
    """Return the name of each event's class: batch, stream, level and the columns that it shares."""
    ids = pd.Series(pd.NA, index=rows.index, dtype="string")
    stream = "critical" if critical else "other"
    for level in LADDER:
        here = rows[rows["level"] == level.name]
        if here.empty:
            continue
        codes = numbered(here, level.columns)
        _, first = np.unique(codes, return_index=True)
        shared = here.iloc[first][list(level.columns)].astype("string").fillna("-")
        parts = shared.to_numpy().tolist() if level.columns else [[]]
        names = np.array(["|".join([str(number), stream, level.name, *row]) for row in parts], dtype=object)
        ids.loc[here.index] = names[codes]
    return ids
