"""Sums of progress are told by whole batches, and stay as they were when they were told."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.disclosure_cohorts import assign_cohorts, freeze, summed
from risk.disclosure_rules import RULES
from risk.vocabulary import Audience

MEMBER = RULES[Audience.MEMBER]


def units(first: int, last: int, cohort: str = "T0|2025", *, critical: bool = False) -> pd.DataFrame:
    numbers = range(first, last)
    return pd.DataFrame(
        {
            "unit_id": [f"{cohort}-{number}" for number in numbers],
            "cohort_id": cohort,
            "entity_id": [f"site-{number}" for number in numbers],
            "is_critical": critical,
        }
    )


def values(rows: pd.DataFrame, value: float | None = 1.0, item: str = "GOV-01") -> pd.DataFrame:
    return rows[["unit_id", "is_critical"]].assign(item=item, value=value, days=10.0)


def test_fewer_than_the_minimum_wait_and_critical_ones_for_ten() -> None:
    rows = pd.concat([units(0, 4), units(0, 5, "T1|2025"), units(0, 9, "2025|CHL", critical=True)])
    found = assign_cohorts(rows, None, MEMBER)
    assert set(found.loc[found["batch"].notna(), "cohort_id"]) == {"T1|2025"}
    ten = assign_cohorts(units(0, 10, "2025|CHL", critical=True), None, MEMBER)
    assert ten["batch"].notna().all()


def test_a_batch_of_two_sites_waits() -> None:
    rows = units(0, 6).assign(entity_id=["a", "b"] * 3)
    assert assign_cohorts(rows, None, MEMBER)["batch"].isna().all()


def test_a_batch_most_of_which_is_of_one_site_waits() -> None:
    rows = units(0, 20).assign(entity_id=["a"] * 18 + ["b", "c"])
    assert assign_cohorts(rows, None, MEMBER)["batch"].isna().all()
    spread = units(0, 20).assign(entity_id=["a"] * 14 + ["b", "c"] * 3)
    assert assign_cohorts(spread, None, MEMBER)["batch"].notna().all()


def test_what_was_told_of_a_batch_stays_as_it_was() -> None:
    first = assign_cohorts(units(0, 6), None, MEMBER)
    told = freeze(first, values(units(0, 6)), None, MEMBER)
    assert told[["units", "full", "days"]].to_numpy().tolist() == [[6, 6, 60.0]]
    # One is retracted, the others are corrected.
    second = assign_cohorts(units(1, 6), first, MEMBER)
    again = freeze(second, values(units(1, 6), 0.0), told, MEMBER)
    pd.testing.assert_frame_equal(again, told)
    # A batch leaves only as it came.
    assert freeze(assign_cohorts(units(0, 0), second, MEMBER), values(units(0, 0)), again, MEMBER).empty


def test_an_item_that_few_of_a_batch_speak_of_is_not_summed() -> None:
    rows = units(0, 6)
    said = pd.concat([values(rows), values(rows[:4], 0.0, "GOV-02"), values(rows, None, "GOV-03")])
    found = freeze(assign_cohorts(rows, None, MEMBER), said, None, MEMBER)
    assert found["item"].tolist() == ["GOV-01"]


def test_batches_are_summed_and_days_are_missing_where_one_is() -> None:
    first = assign_cohorts(units(0, 5), None, MEMBER)
    told = freeze(first, values(units(0, 5)), None, MEMBER)
    second = assign_cohorts(units(0, 11), first, MEMBER)
    both = freeze(second, values(units(0, 11), 0.5).assign(days=None), told, MEMBER)
    found = summed(both.assign(place="T0"), ["place", "item"])
    assert found[["units", "full", "half"]].to_numpy().tolist() == [[11, 5, 6]]
    assert found["days"].isna().all()
    assert summed(both.iloc[:0].assign(place="T0"), ["place", "item"]).empty


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sets(st.integers(0, 18)), min_size=2, max_size=5))
def test_no_difference_between_releases_is_small(lives: list[set[int]]) -> None:
    assigned = sums = None
    stood: dict[object, int] = {}
    for alive in lives:
        rows = units(0, 19)
        rows = rows[[number in alive for number in range(19)]]
        assigned = assign_cohorts(rows, assigned, MEMBER)
        sums = freeze(assigned, values(rows), sums, MEMBER)
        now = dict(zip(sums["batch"], sums["units"], strict=True))
        assert all(many >= MEMBER.min_count for many in now.values())
        assert all(stood[one] == now[one] for one in stood.keys() & now.keys())
        stood = now
