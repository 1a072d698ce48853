"""Disclosure: what of restricted events may be told to whom, so that no small count can be had from it.

`assign` codes events into classes, batch by batch; `counted` and `counted_cells` tell sums of classes;
`research_records` tells generalised rows inside them; `assign_sites` and
`counted_sites` do so for sites; `report` says what became of every row. The argument
that no count below the minimum is determined stands in `risk.disclosure_classes`. Public records are shown
as published and take no part: a reader could subtract them.

Limits. What a reader knows from elsewhere (that one event is in a class) no rule on the tables can take away;
nor what follows when a restricted record is published: until its class may let it go, it is counted there too.
An empty cell of a category speaks of events that are not protection-critical only. Files of two audiences with
different rules, held side by side, would be one larger system: keep one table of rules for all below staff.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd

from risk.disclosure_batches import COLUMNS, batch, fingerprints, known_places, let_go, restricted, typed
from risk.disclosure_classes import WAITING
from risk.disclosure_records import report, research_records
from risk.disclosure_rules import CRITICAL_CATEGORIES, RULES, Rules, last_open_day
from risk.disclosure_sites import assign_sites, counted_sites
from risk.disclosure_tables import CellState, counted, counted_cells

__all__ = [
    "COLUMNS",
    "CRITICAL_CATEGORIES",
    "RULES",
    "WAITING",
    "CellState",
    "Rules",
    "assign",
    "assign_sites",
    "counted",
    "counted_cells",
    "counted_sites",
    "report",
    "research_records",
]


def assign(
    events: pd.DataFrame,
    earlier: pd.DataFrame | None,
    rules: Rules,
    as_of: date,
    *,
    cell_territories: pd.DataFrame | None = None,
    published: Collection[str] = (),
    kept_back: Collection[str] = (),
) -> pd.DataFrame:
    """Return the class of every restricted event past the embargo, one row an event, by event_id.

    events: event_id, territory_pcode, province_pcode, h3_r5, category, happened_on, severity_band,
    verification_band, site_id, source_groups ('; '-separated), is_public_record (missing: no),
    is_protection_critical (missing: yes); all but the id may be missing; last_day, where the column is there, is
    the last day on which it may have happened. earlier: what this returned for the
    release before, as stored; None for the first. published: events of `earlier` that all can see now, under whatever
    id; kept_back: those that are about to be, and may not leave before. cell_territories: h3_r5, territory_pcode, one row where a
    cell has ground in a territory. Events come in by whole quarters, once the last day of one is past the embargo
    (`risk.disclosure_rules.last_open_day`). One without a last day stays out: nobody knows when it may come in.

    Columns: the attributes as they were when the event entered its class, quarter, year, is_critical, level
    ('waiting': in no class yet), class_id, cell_code (the cell, or 'rest'), batch, is_held (retracted or
    changed, but still counted as it was), is_cut (events have left its class), keeps_bands and keeps_cell (what
    its research record may say), fingerprint. Rows of staff's file only. The table does not depend on the order of rows. Raises ValueError
    where columns are missing, or an id is missing or stands twice.
    """
    if cell_territories is None:
        cell_territories = pd.DataFrame({"h3_r5": [], "territory_pcode": []}, dtype="string")
    now = restricted(events)
    now["fingerprint"] = fingerprints(now)
    last_day = last_open_day(as_of, rules.aggregate_embargo_days)
    is_old = (now["last_day"] <= last_day).fillna(False).to_numpy(dtype=bool)
    before = _earlier(earlier)
    is_waiting = before["level"].eq(WAITING).to_numpy(dtype=bool)
    standing = before[~is_waiting].reset_index(drop=True)
    ghosts = _ghosts(before[is_waiting], now[is_old])
    current = standing["event_id"].map(now.set_index("event_id")["fingerprint"])
    is_gone = ~current.eq(standing["fingerprint"]).fillna(False).to_numpy(dtype=bool)
    is_public = events["is_public_record"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    seen = {*published, *events.loc[is_public, "event_id"]}
    going = _leaving(standing, is_gone & ~standing["event_id"].isin(kept_back), seen, cell_territories, rules)
    is_cut = standing["is_cut"] | standing["class_id"].isin(standing.loc[going, "class_id"])
    standing = standing.assign(is_held=is_gone, is_cut=is_cut)[~going]
    is_fresh = is_old & ~now["event_id"].isin(standing["event_id"]).to_numpy(dtype=bool)
    carried = before.loc[is_waiting, "event_id"]
    fresh = now[is_fresh].assign(is_carried=now["event_id"].isin(carried)[is_fresh])
    number = int(before["batch"].max()) + 1 if before["batch"].notna().any() else 1
    coded = batch(fresh, number, known_places(events), cell_territories, rules)
    rows = pd.concat([standing, coded, ghosts], ignore_index=True)
    return typed(rows.sort_values("event_id", ignore_index=True))


def _leaving(
    standing: pd.DataFrame,
    is_gone: np.ndarray,
    seen: Collection[str],
    cell_territories: pd.DataFrame,
    rules: Rules,
) -> np.ndarray:
    """Return which of the events that are gone may leave their classes.

    Those that were published, which all have `seen`, and the others go each by themselves: the others must be enough
    alone.
    """
    published = standing["event_id"].isin(seen).to_numpy(dtype=bool)
    is_gone = np.asarray(is_gone, dtype=bool)
    leaving = np.zeros(len(standing), dtype=bool)
    for group in (is_gone & published, is_gone & ~published):
        here = np.flatnonzero(~leaving)
        rows = standing.iloc[here].reset_index(drop=True)
        leaving[here[let_go(rows, group[here], cell_territories, rules)]] = True
    return leaving


def _ghosts(waiting: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that keep a cell from being called empty, now that the event which waited there is gone.

    A reader saw that the cell is not empty. That it is again would say that few were there, and are elsewhere
    now: published, retracted or changed. Of protection-critical events no cell tells anything.
    """
    seen = ["event_id", "territory_pcode", "province_pcode", "quarter", "category", "is_critical"]
    there = set(now[seen].astype("string").fillna("").itertuples(index=False, name=None))
    stood = waiting[seen].astype("string").fillna("").itertuples(index=False, name=None)
    is_gone = np.array([one not in there for one in stood], dtype=bool)
    gone = waiting[is_gone & ~waiting["is_critical"].to_numpy(dtype=bool)]
    fresh = ~gone["is_held"].to_numpy(dtype=bool)
    # The event itself may be back with other attributes: each row has an id of its own.
    ids = gone["event_id"].where(~fresh, gone["event_id"] + "~" + gone["fingerprint"].str[:8])
    held: pd.DataFrame = gone.assign(event_id=ids, is_held=True).drop_duplicates("event_id")
    return held


def _earlier(earlier: pd.DataFrame | None) -> pd.DataFrame:
    if earlier is None:
        return typed(pd.DataFrame({name: [] for name in COLUMNS}, dtype=object))
    missing = [name for name in COLUMNS if name not in earlier]
    if missing:
        raise ValueError(f"earlier assignments lack {', '.join(missing)}; take those of the release before")
    if earlier["event_id"].duplicated().any():
        raise ValueError("an event stands twice in the earlier assignments; take those of one release")
    return typed(earlier[list(COLUMNS)])
