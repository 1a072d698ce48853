"""Tables of sums of classes on fixed partitions, with a state where there is no number.

Geography (all ⊃ province ⊃ territory) × time (all ⊃ year ⊃ quarter) × category (each, and three groups).

A state can leak as a number can, so each depends on as little as it can:

- Of protection-critical events only their classes matter. No cell of theirs is ever called complete or
  empty: it has a class inside ('at_least') or it has not ('withheld': zero, too few, and nobody looked).
- Rows of a category that is not protection-critical, and of the group 'NON_CRITICAL', hold only events that
  are not protection-critical, and depend on these alone: 'count' where all of them are coded at or below the
  cell, 'at_least' where some are, 'suppressed' where none is. So 'count' minus 'count' is a sum of classes;
  what 'suppressed' tells, which cells are not empty, is what `risk.disclosure_classes` grants the reader.
- 'ALL' is the sum of both kinds, and so never complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd

from risk.disclosure_batches import typed
from risk.disclosure_cells import REST
from risk.disclosure_classes import LADDER, WAITING, numbered
from risk.disclosure_rules import CRITICAL_CATEGORIES
from risk.texts import mark
from risk.vocabulary import ALL_CATEGORIES, CATEGORIES, Absence

ALL: Final = ALL_CATEGORIES
CRITICAL: Final = "CRITICAL"
NON_CRITICAL: Final = "NON_CRITICAL"


class CellState(StrEnum):
    """What a cell can say. Where it is empty and may be called so, an `Absence` stands in place of these."""

    COUNT = "count"
    AT_LEAST = "at_least"
    SUPPRESSED = "suppressed"
    WITHHELD = "withheld"


CATEGORY_GROUPS: Final[dict[str, str]] = {
    ALL: mark("all categories"),
    CRITICAL: mark("all protection-critical records"),
    NON_CRITICAL: mark("all records that are not protection-critical"),
}

KEYS: Final = ("area_level", "area_pcode", "period_kind", "period", "category")
# Each partition with the column that it is made of, coarsest first.
_AREAS: Final = (("all", None), ("province", "province_pcode"), ("territory", "territory_pcode"))
_PERIODS: Final = (("all", None), ("year", "year"), ("quarter", "quarter"))
_EMPTY: Final = frozenset(
    {Absence.NONE_FOUND, Absence.NOT_REPORTED, Absence.NOT_VISITED, Absence.FAILED_TO_LOAD}
)


def counted(
    assignments: pd.DataFrame,
    areas: pd.DataFrame,
    quarters: Sequence[str],
    *,
    absences: pd.DataFrame | None = None,
    categories: Sequence[str] = tuple(CATEGORIES),
) -> pd.DataFrame:
    """Return one row for each cell of the fixed partitions, sorted by its keys, whatever the data hold.

    assignments: of `assign`. areas: territory_pcode, province_pcode. quarters: '2026Q1', … absences: the keys
    and state, for cells that are empty and may be called so; 'not_reported' where it says nothing.

    Columns: area_level ('all', 'province', 'territory'), area_pcode, period_kind ('all', 'year', 'quarter'),
    period, category (a code, 'NON_CRITICAL', 'CRITICAL' or 'ALL'; pcode and period are 'ALL' for all),
    record_count (only in state 'count'), at_least (sum of the classes inside; missing where there is none),
    state. Protection-critical events of another category ('OSH' with children) are in 'CRITICAL' and 'ALL'
    only. Events whose territory or province is missing are in no cell of one. Raises ValueError where
    `absences` gives another state.
    """
    cells = _grid(areas, quarters, categories)
    rows = typed(assignments)
    sums, loose = _inside(rows)
    found = cells.merge(sums, on=list(KEYS), how="left").merge(loose, on=list(KEYS), how="left")
    found["at_least"] = found["at_least"].astype("Int64")
    state = _states(found)
    found["state"] = pd.Series(state, index=found.index, dtype="string").where(
        state != "", _absent(found, absences)
    )
    found["record_count"] = found["at_least"].where(found["state"].eq(CellState.COUNT))
    return found[[*KEYS, "record_count", "at_least", "state"]]


def counted_cells(assignments: pd.DataFrame) -> pd.DataFrame:
    """Return how many events of all categories and all time each cell holds at least, by h3_r5.

    Columns: h3_r5 ('rest' for all cells that are not named), record_count (sum of the classes), state
    'at_least'. No cell is called complete or empty: which ones the rest lies in is told to nobody.
    """
    rows = typed(assignments)
    named = rows.loc[rows["level"].ne(WAITING), "cell_code"]
    counts = named.groupby(named).size().rename("record_count").rename_axis("h3_r5").reset_index()
    order = counts["h3_r5"].eq(REST)
    counts = counts.iloc[np.lexsort((counts["h3_r5"].astype(str), order))].reset_index(drop=True)
    return counts.assign(state=CellState.AT_LEAST.value).astype(
        {"h3_r5": "string", "record_count": "Int64", "state": "string"}
    )


def _states(cells: pd.DataFrame) -> np.ndarray:
    """Return the state of each cell by the rules at the top, '' where it is empty and may be called so."""
    has = cells["at_least"].notna().to_numpy()
    is_loose = cells["is_loose"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    is_hidden = cells["category"].isin([*CRITICAL_CATEGORIES, CRITICAL]).to_numpy(dtype=bool)
    is_all = cells["category"].eq(ALL).to_numpy(dtype=bool)
    cases = {
        CellState.AT_LEAST: has & (is_hidden | is_all | is_loose),
        CellState.COUNT: has,
        CellState.SUPPRESSED: is_loose & ~is_hidden,
        CellState.WITHHELD: is_hidden | is_all,
    }
    return np.select(list(cases.values()), [state.value for state in cases], default="")


def _grid(areas: pd.DataFrame, quarters: Sequence[str], categories: Sequence[str]) -> pd.DataFrame:
    provinces, territories = (
        sorted(areas[name].dropna().astype(str).unique()) for name in ("province_pcode", "territory_pcode")
    )
    places = [
        ("all", ALL),
        *(("province", code) for code in provinces),
        *(("territory", code) for code in territories),
    ]
    known = sorted(set(quarters))
    years = sorted({quarter[:4] for quarter in known})
    times = [("all", ALL), *(("year", year) for year in years), *(("quarter", quarter) for quarter in known)]
    kinds = [ALL, CRITICAL, NON_CRITICAL, *sorted(categories)]
    rows = [(*place, *time, kind) for place in places for time in times for kind in kinds]
    return pd.DataFrame(rows, columns=list(KEYS)).astype("string")


def _inside(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return for each cell the sum of the classes inside (at_least), and the cells that are not complete."""
    columns = ("territory_pcode", "province_pcode", "quarter", "year", "category", "is_critical", "level")
    number = numbered(rows, columns)
    _, first, many = np.unique(number, return_index=True, return_counts=True)
    atoms = rows.iloc[first][list(columns)].assign(at_least=many)
    ranks = {level.name: _ranks(level.columns) for level in LADDER} | {WAITING: (-1, -1, -1)}
    rank = np.array([ranks[level] for level in atoms["level"]], dtype=np.int64).reshape(-1, 3)
    sums, loose = [], []
    for area in range(3):
        for period in range(3):
            for named in (0, 1):
                is_in = (rank >= [area, period, named]).all(axis=1)
                for group, is_member in _groups(atoms, bool(named)):
                    sums.append(_keyed(atoms[is_in & is_member], area, period, group))
                    if group != CRITICAL:
                        is_out = ~is_in & is_member & ~atoms["is_critical"].to_numpy(dtype=bool)
                        loose.append(_keyed(atoms[is_out], area, period, group))
    totals = pd.concat(sums, ignore_index=True).groupby(list(KEYS))["at_least"].sum()
    outside = pd.concat(loose, ignore_index=True)[list(KEYS)].drop_duplicates().assign(is_loose=True)
    return totals.reset_index(), outside


def _groups(atoms: pd.DataFrame, is_named: bool) -> list[tuple[str | None, np.ndarray]]:
    """Return the rows of the categories that atoms are told under: each its own (None), or the groups."""
    critical = atoms["is_critical"].to_numpy(dtype=bool)
    if is_named:
        listed = atoms["category"].isin(CRITICAL_CATEGORIES).to_numpy(dtype=bool)
        return [(None, critical == listed)]
    return [(ALL, np.full(len(atoms), True)), (CRITICAL, critical), (NON_CRITICAL, ~critical)]


def _keyed(atoms: pd.DataFrame, area: int, period: int, group: str | None) -> pd.DataFrame:
    """Return keys and at_least of the cells of one partition; atoms that lack its column are left out."""
    level, place = _AREAS[area]
    kind, time = _PERIODS[period]
    keys = pd.DataFrame(
        {
            "area_level": level,
            "area_pcode": atoms[place] if place else ALL,
            "period_kind": kind,
            "period": atoms[time].astype("string") if time else ALL,
            "category": group if group else atoms["category"],
            "at_least": atoms["at_least"],
        },
        index=atoms.index,
    )
    return keys.astype(dict.fromkeys(KEYS, "string")).dropna()


def _ranks(columns: tuple[str, ...]) -> tuple[int, int, int]:
    """Return how fine a level is in area, period and category: 0 is all."""
    area = 2 if "territory_pcode" in columns else int("province_pcode" in columns)
    period = 2 if "quarter" in columns else int("year" in columns)
    return area, period, int("category" in columns)


def _absent(cells: pd.DataFrame, absences: pd.DataFrame | None) -> pd.Series:
    """Return why each cell is empty, as the caller says."""
    if absences is None:
        return pd.Series(Absence.NOT_REPORTED.value, index=cells.index, dtype="string")
    wrong = set(absences["state"].astype(str)) - {str(state) for state in _EMPTY}
    if wrong:
        raise ValueError(
            f"'{min(wrong)}' is no state of an empty cell; give one of {', '.join(sorted(_EMPTY))}"
        )
    given = absences[[*KEYS, "state"]].astype("string").drop_duplicates(list(KEYS))
    found = cells[list(KEYS)].merge(given, on=list(KEYS), how="left")["state"]
    found.index = cells.index
    return found.fillna(Absence.NOT_REPORTED.value)
