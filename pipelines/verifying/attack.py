"""What follows from published figures by adding and subtracting them: no count below the minimum may.

Each figure is a sum over pieces: events of one class, one cell and one kind of research record that were there
in the same releases. A count is determined iff it is a combination of figures, which the row space tells
(Dobra, Fienberg 2000: bounds and exact disclosure from released margins). Figures do not tell apart events of
one piece, so a count that splits a piece is never determined. A reader does not know which pieces are empty,
only that a cell has no ground in a territory: so empty ones are pieces, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.verifying.classes import LEVELS, TABLE
from pipelines.verifying.opening import BEFORE, Fault, Files
from pipelines.verifying.research import VISIBLE, told_of
from risk.disclosure_rules import CRITICAL_CATEGORIES, Rules
from risk.vocabulary import Audience

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Pieces that one row space is taken of.
_MOST: Final = 1500
REST: Final = "rest"
PIECE: Final = ("class_id", "severity_band", "verification_band", "h3_r5", "cell_code", "life")
_FINE: Final = {level: (a, p, c) for level, a, p, c, _ in LEVELS}
_AREA: Final = ("all", "province", "territory")
_PERIOD: Final = ("all", "year", "quarter")
# Counts that are attacked, by what their events share.
TARGETS: Final = (
    PIECE,
    ("class_id", "cell_code"),
    ("class_id", "severity_band", "verification_band"),
    ("true_territory", "true_quarter", "true_category", "is_critical"),
    ("true_territory", "true_year", "is_critical"),
    ("true_territory", "true_cell", "is_critical"),
    ("class_id", "life"),
    ("cell_code", "is_critical", "batch"),
)


@dataclass(frozen=True)
class Told:
    """What one release tells, and the truth: one row an assigned event, and the published tables."""

    assigned: pd.DataFrame
    counts: pd.DataFrame
    cells: pd.DataFrame
    records: pd.DataFrame


@dataclass(frozen=True)
class System:
    """Published figures as sums over pieces, (figures, pieces), their values, and how many events each piece has."""

    figures: Floats
    values: Floats
    counts: Floats
    pieces: pd.DataFrame
    events: pd.DataFrame

    def holds(self) -> bool:
        """Return whether each figure is the sum that it is taken for."""
        return bool((self.figures @ self.counts == self.values).all())


def attack(files: Files, rules: Rules, blocks: int) -> None:
    """Note counts below the minimum that follow from the figures of a release and the one before.

    Whole where there are few classes, else `blocks` territories and years, each by itself.
    """
    published = next((one for one in (Audience.RESEARCHER, *files.below) if one in files.below), None)
    if published is None:
        return
    releases = [told(files, "staff", published.value, rules)]
    if files.has_before and published in files.before:
        releases.insert(0, told(files, BEFORE, f"{BEFORE}_{published.value}", rules))
    if not any(len(one.assigned) for one in releases):
        return
    grounds = _grounds(files)
    for place in _places(releases, blocks):
        system = system_of([_within(one, *place) for one in releases], grounds)
        small = small_targets(system.events, rules)
        found = recovered(system, small)
        files.findings.count("counts below the minimum attacked", len(small))
        note, name = files.findings.faults.append, files.name(published)
        where = str(small[found[0]].iloc[0]["class_id"]) if found else " ".join(place)
        if found:
            rule = "a count below the minimum follows from published figures by subtraction"
            note(Fault(name, "disclosed_counts", where, rule, len(found)))
        if not system.holds():
            note(Fault(name, "disclosed_counts", where, "figures are no sums of the classes inside"))


def told(files: Files, schema: str, published: str, rules: Rules) -> Told:
    """Return what the release under the schemas `schema` (staff's) and `published` tells."""
    told_of(files, schema, "told_here", rules)
    query = files.connection.execute
    assigned = query(
        f"""SELECT t.*, a.level, a.territory_pcode AS true_territory, a.quarter AS true_quarter,
              a.year AS true_year, a.category AS true_category, a.h3_r5 AS true_cell,
              t.is_whole AND NOT bool_or(t.is_young) OVER (PARTITION BY t.class_id) AS is_told
            FROM told_here t JOIN {schema}.{TABLE} a USING (event_id)"""
    ).df()
    counts = query(f"SELECT * FROM {published}.disclosed_counts WHERE at_least IS NOT NULL").df()
    cells = query(f"SELECT h3_r5, record_count FROM {published}.disclosed_cells").df()
    shown = ", ".join(VISIBLE)
    records = query(f"SELECT {shown}, count(*) AS n FROM {published}.research_records GROUP BY ALL").df()
    return Told(_plain(assigned), _plain(counts), cells, _plain(records))


def system_of(releases: Sequence[Told], grounds: pd.DataFrame) -> System:
    """Return all figures of `releases` as sums over pieces. grounds: h3_r5, territory_pcode that go together."""
    every = pd.concat([one.assigned.assign(release=str(i)) for i, one in enumerate(releases)])
    events = every.drop_duplicates(["event_id", "class_id"])
    lives = every.groupby(["event_id", "class_id"])["release"].agg("".join).rename("life")
    events = events.drop(columns=["release", "is_told"]).merge(
        lives.reset_index(), on=["event_id", "class_id"]
    )
    pieces = events.drop_duplicates(list(PIECE))
    pieces = pd.concat([pieces, _empty(pieces, events, grounds)], ignore_index=True).drop_duplicates(
        list(PIECE)
    )
    pieces = pieces.reset_index(drop=True)
    number = pd.Series(pieces.index, index=pd.MultiIndex.from_frame(pieces[list(PIECE)]))
    events = events.assign(piece=number[pd.MultiIndex.from_frame(events[list(PIECE)])].to_numpy())
    figures: list[Bools] = []
    values: list[float] = []
    for i, one in enumerate(releases):
        alive = pieces["life"].str.contains(str(i)).to_numpy(dtype=bool)
        for under, value in _figures(one, pieces):
            figures.append(under & alive)
            values.append(value)
    table, first = np.unique(
        np.array(figures, dtype=np.float64).reshape(-1, len(pieces)), axis=0, return_index=True
    )
    counts = np.bincount(events["piece"], minlength=len(pieces)).astype(np.float64)
    return System(table, np.array(values)[first], counts, pieces, events)


def recovered(system: System, groups: Sequence[pd.DataFrame]) -> list[int]:
    """Return the numbers of the `groups` of events whose counts are combinations of the figures."""
    # Columns that no figure tells apart are one.
    columns, same = np.unique(system.figures, axis=1, return_inverse=True)
    sizes = np.bincount(same, minlength=columns.shape[1])
    whole, targets = [], []
    for number, group in enumerate(groups):
        many = np.bincount(group["piece"], minlength=len(system.counts))
        there = np.bincount(same[many > 0], minlength=len(sizes))
        is_split = (many[many > 0] != system.counts[many > 0]).any() or (
            there[there > 0] != sizes[there > 0]
        ).any()
        if not is_split:
            whole.append(number)
            targets.append(there > 0)
    if not whole or not len(columns):
        return []
    _, strengths, right = np.linalg.svd(columns, full_matrices=False)
    basis = right[strengths > 1e-12 * strengths.max() * max(columns.shape)]
    wanted = np.array(targets, dtype=np.float64)
    left = np.abs(wanted - wanted @ basis.T @ basis).max(axis=1)
    return [number for number, gap in zip(whole, left, strict=True) if gap < 1e-7]


def small_targets(events: pd.DataFrame, rules: Rules) -> list[pd.DataFrame]:
    """Return the groups of events that are neither empty nor of the minimum."""
    found = []
    for columns in TARGETS:
        for _, group in events.groupby(list(columns), dropna=False):
            if len(group) < rules.least(bool(group["is_critical"].all())):
                found.append(group)
    return found


def _figures(one: Told, pieces: pd.DataFrame) -> list[tuple[Bools, float]]:
    """Return the pieces under each published figure of a release, whether there in it or not, and its value."""
    fine = np.array([_FINE[level] for level in pieces["level"]]).reshape(-1, 3)
    critical = pieces["is_critical"].to_numpy(dtype=bool)
    rows = zip(one.counts.to_dict("records"), one.counts["at_least"].astype(float), strict=True)
    found = [(_under(row, pieces, fine, critical), value) for row, value in rows]
    cells = zip(one.cells["h3_r5"].astype(str), one.cells["record_count"].astype(float), strict=True)
    found += [(pieces["cell_code"].eq(name).to_numpy(dtype=bool), value) for name, value in cells]
    classes = set(one.assigned.loc[one.assigned["is_told"].astype(bool), "class_id"])
    is_told = pieces["class_id"].isin(classes).to_numpy(dtype=bool)
    seen = _joined(pieces)
    names = zip(_joined(one.records), one.records["n"].astype(float), strict=True)
    return found + [(is_told & (seen == name), value) for name, value in names]


def _joined(rows: pd.DataFrame) -> NDArray[np.object_]:
    """Return what a research record shows as one text a row."""
    parts = [rows[name].astype(str) for name in VISIBLE]
    return np.array(["|".join(texts) for texts in zip(*parts, strict=True)], dtype=object)


def _under(cell: dict[Any, Any], pieces: pd.DataFrame, fine: NDArray[np.int64], critical: Bools) -> Bools:
    area, period = _AREA.index(cell["area_level"]), _PERIOD.index(cell["period_kind"])
    is_named = cell["category"] not in ("ALL", "CRITICAL", "NON_CRITICAL")
    under = np.asarray((fine >= [area, period, int(is_named)]).all(axis=1), dtype=bool)
    if area:
        under &= pieces[f"{cell['area_level']}_pcode"].eq(cell["area_pcode"]).to_numpy(dtype=bool)
    if period:
        under &= pieces[cell["period_kind"]].eq(cell["period"]).to_numpy(dtype=bool)
    if is_named:
        under &= pieces["category"].eq(cell["category"]).to_numpy(dtype=bool)
        under &= critical == (cell["category"] in CRITICAL_CATEGORIES)
    elif cell["category"] != "ALL":
        under &= critical == (cell["category"] == "CRITICAL")
    return under


def _empty(pieces: pd.DataFrame, events: pd.DataFrame, grounds: pd.DataFrame) -> pd.DataFrame:
    """Return pieces that might hold events for all that a reader knows: of a class, in a cell told of its batch.

    Where territories are complete a reader may know in which ones a class lies: this one knows them all.
    """
    kinds = pieces.assign(h3_r5="").drop_duplicates(list(set(PIECE) - {"h3_r5", "cell_code"}))
    shown = pieces[["batch", "is_critical", "cell_code"]].drop_duplicates()
    both = kinds.drop(columns="cell_code").merge(shown, on=["batch", "is_critical"])
    homes = events[["class_id", "true_territory"]].drop_duplicates()
    at = homes.merge(grounds, left_on="true_territory", right_on="territory_pcode")
    near = set(zip(at["class_id"], at["h3_r5"], strict=True))
    anywhere = set(homes.loc[homes["true_territory"].isna() | homes["true_territory"].eq(""), "class_id"])
    is_far = [
        cell != REST and name not in anywhere and (name, cell) not in near
        for name, cell in zip(both["class_id"], both["cell_code"], strict=True)
    ]
    kind = ["class_id", "severity_band", "verification_band", "cell_code"]
    told_apart = set(pieces.loc[pieces["h3_r5"] != "", kind].itertuples(index=False, name=None))
    is_shut = [row in told_apart for row in both[kind].itertuples(index=False, name=None)]
    rows: pd.DataFrame = both[~(np.array(is_far, dtype=bool) | np.array(is_shut, dtype=bool))]
    return rows


def _places(releases: Sequence[Told], blocks: int) -> list[tuple[str, str]]:
    """Return the territories and years to attack one by one, in an order that knows no counts; ('', '') is all."""
    every = pd.concat([one.assigned for one in releases])
    if len(every.drop_duplicates([*PIECE[:5]])) < _MOST // 3:
        return [("", "")]
    pairs = every.loc[every["territory_pcode"].ne(""), ["territory_pcode", "year"]].drop_duplicates()
    names = [(str(place), str(year)) for place, year in pairs.itertuples(index=False)]
    return sorted(names, key=lambda name: hashlib.sha256(" ".join(name).encode()).hexdigest())[:blocks]


def _within(one: Told, place: str, year: str) -> Told:
    """Return what is told of classes of the territory `place` and the `year` alone; of all where it is ''."""
    if not place:
        return one
    inside = one.assigned["territory_pcode"].eq(place) & one.assigned["year"].eq(year)
    counts = one.counts[one.counts["area_pcode"].eq(place) & one.counts["period"].str.startswith(year)]
    records = one.records[one.records["territory_pcode"].eq(place) & one.records["year"].eq(year)]
    return Told(one.assigned[inside], counts, one.cells.iloc[:0], records)


def _grounds(files: Files) -> pd.DataFrame:
    rows = " UNION ".join(
        f"SELECT h3_r5, territory_pcode FROM staff.{table} WHERE h3_r5 IS NOT NULL AND territory_pcode IS NOT NULL"
        for table in ("sites", "incidents", TABLE)
    )
    found: pd.DataFrame = files.connection.execute(rows).df()
    return found


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with every text and year as plain text, '' where it is missing, so that they compare."""
    texts = [name for name in rows if name in (*VISIBLE, "cell_code", "class_id") and name != "is_critical"]
    whole = {"year": rows["year"].astype("Int64")} if "year" in rows else {}
    plain = {name: whole.get(name, rows[name]).astype("string").fillna("").astype(object) for name in texts}
    flags = {"is_critical": rows["is_critical"].astype(bool)} if "is_critical" in rows else {}
    return rows.assign(**plain, **flags)
