"""Cells are told beside territories, and no entry of the table of both can be had from its margins."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from risk.disclosure import RULES, assign, counted_cells
from risk.disclosure_audit import determined
from risk.disclosure_cells import cell_codes, forced_cells
from risk.vocabulary import Audience
from tests.made_restricted import AS_OF, grounds, group, made

MEMBER = RULES[Audience.MEMBER]


def told(events: pd.DataFrame) -> dict[str, int]:
    found = assign(events, None, MEMBER, AS_OF, cell_territories=grounds(events))
    cells = counted_cells(found)
    return dict(zip(cells["h3_r5"], cells["record_count"], strict=True))


def pieces(*counts: tuple[str, str | None, int]) -> pd.DataFrame:
    """Return events of one quarter and category: territory, cell, how many."""
    return pd.concat(
        [group(many, f"{place}{cell}", territory_pcode=place, h3_r5=cell) for place, cell, many in counts]
    )


def test_cells_that_satisfy_the_rules_are_told_and_the_others_are_one_rest() -> None:
    assert told(pieces(("T0", "a", 6), ("T0", "b", 8), ("T0", "c", 2), ("T0", "d", 3), ("T0", None, 1))) == {
        "a": 6,
        "b": 8,
        "rest": 6,
    }


def test_a_rest_too_small_takes_a_cell_with_it() -> None:
    found = told(pieces(("T0", "a", 6), ("T0", "b", 8), ("T0", "c", 7), ("T0", "d", 3)))
    assert sum(found.values()) == 24
    assert len(found) == 3
    assert found["rest"] >= 9


def test_a_cell_across_a_border_is_not_told_where_the_margins_force_its_parts() -> None:
    forced = pieces(("T0", "a", 5), ("T0", "b", 3), ("T1", "b", 4), ("T1", "c", 6))
    assert told(forced) == {"rest": 18}
    # A second cell across the same border closes a cycle: neither entry is forced any more.
    free = pd.concat([forced, pieces(("T0", "d", 6), ("T1", "d", 7))])
    assert told(free) == {"a": 5, "b": 7, "c": 6, "d": 13}
    # A cell of one territory only is its own class's entry, and large enough.
    assert told(pieces(("T0", "a", 5), ("T1", "c", 6))) == {"a": 5, "c": 6}


def test_ground_without_events_frees_an_entry_only_where_there_is_ground() -> None:
    events = pieces(("T0", "a", 5), ("T0", "b", 3), ("T1", "b", 4), ("T1", "c", 6))
    wider = pd.concat([grounds(events), pd.DataFrame({"h3_r5": ["a"], "territory_pcode": ["T1"]})])
    rows = assign(events, None, MEMBER, AS_OF, cell_territories=wider)
    assert set(rows["cell_code"]) == {"a", "b", "c"}


def test_without_events_in_cells_all_is_rest() -> None:
    assert told(group(6, "a", h3_r5=None)) == {"rest": 6}
    assert counted_cells(assign(group(0, "a"), None, MEMBER, AS_OF)).empty


@pytest.mark.parametrize("seed", range(4))
def test_cells_hold_what_the_classes_hold_and_no_entry_is_forced(seed: int) -> None:
    events = made(600, seed)
    found = assign(events, None, MEMBER, AS_OF, cell_territories=grounds(events))
    rows = found.dropna(subset=["class_id"])
    assert counted_cells(found)["record_count"].sum() == len(rows)
    for critical, part in rows.groupby("is_critical"):
        assert forced_cells(part, grounds(events), MEMBER) == set()
        sizes = part.groupby("cell_code").agg(size=("event_id", "size"), sites=("site_id", "nunique"))
        assert (sizes["size"] >= (10 if critical else 5)).all()
        assert (sizes["sites"] >= 3).all()


def test_the_names_of_other_columns_do_not_matter_to_cells() -> None:
    events = made(300, 9)
    rows = assign(events, None, MEMBER, AS_OF, cell_territories=grounds(events))
    part = rows[~rows["is_critical"] & rows["class_id"].notna()]
    mixed = part.sample(frac=1, random_state=1)
    one, two = (cell_codes(frame, grounds(events), MEMBER, is_critical=False) for frame in (part, mixed))
    pd.testing.assert_series_equal(one, two.sort_index())


@pytest.mark.parametrize("seed", range(30))
def test_an_entry_is_called_determined_where_its_bounds_meet(seed: int) -> None:
    rng = np.random.default_rng(seed)
    height, width = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    rows, columns = np.nonzero(rng.random((height, width)) < 0.7)
    values = rng.integers(0, 4, len(rows)) * (rng.random(len(rows)) < 0.6)
    if not len(rows):
        return
    margins = np.concatenate(
        [np.equal.outer(np.arange(height), rows), np.equal.outer(np.arange(width), columns)]
    )
    for entry, is_fixed in enumerate(determined(rows, columns, values)):
        target = np.eye(len(rows))[entry]
        ends = [
            linprog(sign * target, A_eq=margins, b_eq=margins @ values, bounds=(0, None)).fun
            for sign in (1, -1)
        ]
        assert is_fixed == (ends[0] + ends[1] > -1e-6)


def test_a_long_chain_is_walked_without_recursion() -> None:
    rows, columns = np.arange(20_000).repeat(2)[:-1], np.arange(20_000).repeat(2)[1:]
    assert determined(rows, columns, np.ones(len(rows), dtype=np.int64)).all()
    with pytest.raises(ValueError, match="negative"):
        determined(rows, columns, -np.ones(len(rows), dtype=np.int64))


def test_a_class_of_a_province_is_not_thought_to_lie_where_its_events_cannot() -> None:
    # Seen from T0, whose class holds 8: were its 6 in X told, 2 would lie outside it, for nothing else can be in X.
    events = pd.concat(
        [
            group(6, "x", h3_r5="X"),
            group(2, "y", h3_r5="Y"),
            group(7, "b", territory_pcode="T1", h3_r5="Z1").assign(site_id=["b", "b2"] * 3 + ["b"]),
            group(7, "c", territory_pcode="T2", h3_r5="Z2").assign(site_id=["c", "c2"] * 3 + ["c"]),
            group(12, "d", territory_pcode="T3", province_pcode="P1", h3_r5="W"),
        ]
    )
    rows = assign(events, None, MEMBER, AS_OF, cell_territories=grounds(events))
    levels = rows.groupby(rows["event_id"].str[0])["level"].unique()
    assert set(levels["x"]) == set(levels["y"]) == {"territory_quarter_category"}
    assert set(levels["b"]) == set(levels["c"]) == {"province_year"}
    assert "X" not in set(counted_cells(rows)["h3_r5"])
