"""A reader who adds and subtracts everything that was ever published finds no count below the minimum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from risk import disclosure_cells
from risk.disclosure import RULES, assign, counted, counted_cells
from risk.disclosure_records import BANDS, record_states
from risk.disclosure_tables import KEYS
from risk.vocabulary import Audience
from tests.made_restricted import AREAS, CATEGORIES, QUARTERS, grounds, group, made

MEMBER = RULES[Audience.MEMBER]
DATES = (date(2025, 6, 30), date(2026, 1, 31), date(2026, 7, 31))
FINE = {
    "territory_quarter_category": (2, 2, 1),
    "territory_year_category": (2, 1, 1),
    "territory_year": (2, 1, 0),
    "province_year": (1, 1, 0),
    "year": (0, 1, 0),
    "all": (0, 0, 0),
    "waiting": (-1, -1, -1),
}
Floats = NDArray[np.float64]


@dataclass
class Published:
    """All figures ever published as sums over pieces, (figures, pieces), with their values; and the truth."""

    counts: Floats
    figures: Floats
    values: Floats
    hidden: Floats

    def determined(self) -> NDArray[np.bool_]:
        """Return which hidden counts are combinations of published figures."""
        _, sizes, right = np.linalg.svd(self.figures, full_matrices=False)
        basis = right[sizes > 1e-8 * sizes.max()]
        left = self.hidden - self.hidden @ basis.T @ basis
        found: NDArray[np.bool_] = np.abs(left).max(axis=1) < 1e-7
        return found


def within(rows: pd.DataFrame, row: pd.Series) -> NDArray[np.bool_]:
    """Return the events under a cell of the table, by the cell's keys alone."""
    under = np.full(len(rows), True)
    if row["area_level"] != "all":
        under &= rows[f"{row['area_level']}_pcode"].eq(row["area_pcode"]).fillna(False).to_numpy(dtype=bool)
    if row["period_kind"] != "all":
        under &= (
            rows[row["period_kind"]].astype("string").eq(row["period"]).fillna(False).to_numpy(dtype=bool)
        )
    critical = rows["is_critical"].to_numpy(dtype=bool)
    match row["category"]:
        case "ALL":
            return under
        case "CRITICAL":
            return under & critical
        case "NON_CRITICAL":
            return under & ~critical
    is_listed = row["category"] in ("CHL", "VIO", "FOR", "SGB")
    return under & rows["category"].eq(row["category"]).to_numpy(dtype=bool) & (critical == is_listed)


def is_coded_inside(rows: pd.DataFrame, row: pd.Series) -> NDArray[np.bool_]:
    fine = np.array([FINE[level] for level in rows["level"]]).reshape(-1, 3)
    named = row["category"] not in ("ALL", "CRITICAL", "NON_CRITICAL")
    needed = (
        ("all", "province", "territory").index(row["area_level"]),
        ("all", "year", "quarter").index(row["period_kind"]),
        int(named),
    )
    inside: NDArray[np.bool_] = (fine >= needed).all(axis=1)
    return inside


def releases(seed: int, count: int) -> list[pd.DataFrame]:
    """Return the assignments of three releases; events come late, are retracted and change."""
    rng = np.random.default_rng(seed)
    events = made(count, seed)
    known = events["happened_on"] + pd.to_timedelta(rng.exponential(120, count), unit="D")
    known[: count // 2] = events["happened_on"][: count // 2]
    found: list[pd.DataFrame] = []
    for number, day in enumerate(DATES):
        now = events[known <= pd.Timestamp(day)].copy()
        if number:
            drop = rng.random(len(now)) < np.where(
                now["territory_pcode"].eq("T0") & now["category"].eq("OSH"), 0.5, 0.05
            )
            now = now[~drop]
            moved = rng.random(len(now)) < 0.05
            now.loc[moved, "category"] = "ENV"
        before = found[-1] if found else None
        found.append(assign(now, before, MEMBER, day, cell_territories=grounds(events)))
    return found


def kinds(rows: pd.DataFrame) -> pd.Series:
    """Return the class of each event with the bands that its research record tells."""
    bands = [rows[name].where(rows["keeps_bands"]).astype("string").fillna("-") for name in BANDS]
    return rows["class_id"].astype("string") + "/" + bands[0] + "/" + bands[1]


def with_empty(found: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Return the assignments with weight 1, and rows of weight 0: entries class × cell that may hold events.

    A reader does not know which of them are empty: only that a cell has no ground in a territory.
    """
    lives = pd.concat([rows.assign(release=str(number)) for number, rows in enumerate(found)])
    lives = lives.dropna(subset=["class_id"])
    whole = lives.assign(life=lives.groupby(["event_id", "class_id"])["release"].transform("sum"))
    ground = grounds(whole).groupby("h3_r5")["territory_pcode"].agg(set)
    shown = whole.groupby(["batch", "is_critical"])["cell_code"].agg(set)
    whole["kind"] = kinds(whole)
    closed = set(whole.loc[whole["keeps_cell"], ["kind", "cell_code"]].itertuples(index=False, name=None))
    first = whole.drop_duplicates(["kind", "life"]).drop(columns="release").assign(keeps_cell=False)
    added: list[list[pd.Series]] = [[] for _ in found]
    for _, row in first.iterrows():
        for code in sorted(shown[row["batch"], row["is_critical"]]):
            is_local = row["level"].startswith("territory") and code != "rest"
            if (is_local and row["territory_pcode"] not in ground[code]) or (row["kind"], code) in closed:
                continue
            name = f"empty {row['kind']} {row['life']} {code}"
            for number in map(int, row["life"]):
                added[number].append(row.drop(["life", "kind"]).copy())
                added[number][-1][["event_id", "cell_code", "h3_r5"]] = [
                    name,
                    code,
                    None if code == "rest" else code,
                ]
    return [
        pd.concat([rows.assign(weight=1), pd.DataFrame(more).assign(weight=0)], ignore_index=True)
        for rows, more in zip(found, added, strict=True)
    ]


PIECE = ("territory_pcode", "province_pcode", "quarter", "category", "is_critical", "h3_r5", *BANDS)
HIDDEN = (
    ("territory_pcode", "quarter", "category", "is_critical"),
    ("territory_pcode", "h3_r5", "is_critical"),
    ("territory_pcode", "quarter", "category", "is_critical", "batch"),
    ("class_id", "cell_code", "is_critical"),
    ("class_id", "cell_code", *BANDS, "is_critical"),
    ("class_id", *BANDS, "is_critical"),
)


def publish(found: list[pd.DataFrame]) -> Published:
    """Return all figures of `found`, each checked to be the sum that it is taken for, and what they hide."""
    wide = with_empty(found)
    fates = pd.concat([rows.assign(release=number) for number, rows in enumerate(wide)])
    fate = fates[["release", "class_id", "cell_code"]].astype("string").fillna("-")
    fates["fate"] = fate["release"] + "/" + fate["class_id"] + "/" + fate["cell_code"]
    # An event that changes is another one from then on.
    keys = ["event_id", "fingerprint"]
    names = fates.groupby(keys)["fate"].agg(" ".join)
    events = fates.drop_duplicates(keys).set_index(keys).assign(fate=names).reset_index()
    piece = events.groupby([*PIECE, "fate"], dropna=False).ngroup()
    place = pd.Series(piece.to_numpy(), index=pd.MultiIndex.from_frame(events[keys]))
    size = int(piece.max()) + 1
    counts = np.bincount(piece, events["weight"].astype(float), size)
    figures, values, hidden = [], [], []
    for full, real, day in zip(wide, found, DATES, strict=True):
        rows = full.astype(object)
        at = place[pd.MultiIndex.from_frame(rows[keys])].to_numpy()
        groups: list[NDArray[np.bool_]] = []
        for _, row in counted(real, AREAS, QUARTERS, categories=CATEGORIES).iterrows():
            under = within(rows, row)
            groups.append(under)
            if pd.notna(row["at_least"]):
                figures.append(np.bincount(at[under & is_coded_inside(rows, row)], minlength=size) > 0)
                values.append(float(row["at_least"]))
        for name, many in counted_cells(real).set_index("h3_r5")["record_count"].items():
            figures.append(np.bincount(at[rows["cell_code"].eq(name).fillna(False)], minlength=size) > 0)
            values.append(float(many))
        is_told = record_states(real, MEMBER, day) == "told"
        told = real[is_told]
        names = kinds(told) + "/" + told["h3_r5"].where(told["keeps_cell"]).astype("string").fillna("-")
        wide_names = kinds(full) + "/" + full["h3_r5"].where(full["keeps_cell"]).astype("string").fillna("-")
        for name, many in names.groupby(names).size().items():
            figures.append(np.bincount(at[wide_names.eq(name).fillna(False)], minlength=size) > 0)
            values.append(float(many))
        for columns in HIDDEN:
            number = rows.groupby(list(columns), dropna=False).ngroup().to_numpy()
            groups.extend(number == group for group in range(number.max() + 1))
        hidden += [
            small for group in groups if (small := is_small(rows[group], at[group], counts)) is not None
        ]
    table = np.array(figures, dtype=float)
    assert (table @ counts == values).all()
    return Published(counts, table, np.array(values), np.unique(np.array(hidden), axis=0))


def is_small(rows: pd.DataFrame, at: NDArray[np.int64], counts: Floats) -> Floats | None:
    """Return the sum of pieces that a group of events is, where it is below the minimum and not empty."""
    figure = (np.bincount(at, minlength=len(counts)) > 0).astype(float)
    least = 10 if len(rows) and rows["is_critical"].all() else 5
    return figure if 0 < figure @ counts < least else None


@pytest.mark.parametrize(("seed", "count"), [(0, 300), (1, 500)])
def test_nothing_suppressed_can_be_had_by_adding_and_subtracting(seed: int, count: int) -> None:
    found = releases(seed, count)
    assert found[-1]["batch"].max() >= 2
    published = publish(found)
    assert len(published.hidden) > 50
    assert not published.determined().any()


@pytest.mark.parametrize("seed", range(2))
def test_what_leaves_its_class_is_not_had_by_subtraction_either(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = [
        group(int(rng.integers(3, 16)), f"{place}{kind}{cell}").assign(
            territory_pcode=place, category=kind, h3_r5=cell, happened_on=pd.Timestamp("2024-11-01")
        )
        for place in ("T0", "T1")
        for kind in ("OSH", "ENV", "SEC")
        for cell in ("h00", "h01", "h02")
    ]
    events = pd.concat(parts, ignore_index=True)
    found: list[pd.DataFrame] = []
    for day in DATES:
        now = events[rng.random(len(events)) > 0.6] if found else events
        before = found[-1] if found else None
        found.append(assign(now, before, MEMBER, day, cell_territories=grounds(events)))
    assert found[-1]["is_cut"].any()
    assert not publish(found).determined().any()


def test_nothing_small_is_left_between_bounds_either() -> None:
    published = publish(releases(3, 160))
    figures, index = np.unique(published.figures, axis=0, return_index=True)
    values = published.values[index]
    for target in published.hidden[:: len(published.hidden) // 60]:
        ends = [
            linprog(sign * target, A_eq=figures, b_eq=values, bounds=(0, None), method="highs")
            for sign in (1, -1)
        ]
        low = ends[0].fun
        high = -ends[1].fun if ends[1].status == 0 else np.inf
        assert np.floor(high + 1e-6) - np.ceil(low - 1e-6) >= 1


@pytest.mark.parametrize("is_audited", [True, False])
def test_the_audit_of_cells_and_territories_is_needed(
    is_audited: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (("T0", "h00", 5), ("T0", "h01", 3), ("T1", "h01", 4), ("T1", "h02", 6))
    events = pd.concat(
        [group(many, f"{place}{cell}", territory_pcode=place, h3_r5=cell) for place, cell, many in parts]
    )
    if not is_audited:
        monkeypatch.setattr(disclosure_cells, "_forced", lambda *_: np.zeros(0, dtype=np.int64))
    found: list[pd.DataFrame] = []
    for day in DATES:
        before = found[-1] if found else None
        found.append(assign(events, before, MEMBER, day, cell_territories=grounds(events)))
    assert publish(found).determined().any() == (not is_audited)


def naive(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the table that only leaves out what is below the minimum."""
    table = counted(rows, AREAS, QUARTERS, categories=CATEGORIES)
    table["at_least"] = [int(within(rows, row).sum()) for _, row in table.iterrows()]
    least = np.where(table["category"].isin(["CHL", "VIO", "FOR", "SGB", "CRITICAL"]), 10, 5)
    return table[table["at_least"] >= least][[*KEYS, "at_least"]]


def test_the_same_attack_breaks_a_table_that_only_leaves_out_what_is_small() -> None:
    rows = releases(0, 350)[0]
    sign = rows[["territory_pcode", "province_pcode", "quarter", "category", "is_critical"]]
    piece = sign.groupby(list(sign), dropna=False).ngroup().to_numpy()
    counts = np.bincount(piece).astype(float)
    figures = np.array(
        [
            np.bincount(piece[within(rows, row)], minlength=len(counts)) > 0
            for _, row in naive(rows).iterrows()
        ]
    ).astype(float)
    small = np.eye(len(counts))[counts < 5]
    published = Published(counts, figures, figures @ counts, small)
    assert published.determined().any()
