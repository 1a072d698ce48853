"""Counts of restricted sites grow and shrink by whole batches, so that no release tells of a few sites."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.disclosure import RULES, assign_sites, counted_sites
from risk.vocabulary import Audience

MEMBER = RULES[Audience.MEMBER]
LEAST = MEMBER.min_count


def sites(**areas: str | None) -> pd.DataFrame:
    return pd.DataFrame({"site_id": list(areas), "area_id": list(areas.values()), "is_public_record": False})


def many(area: str, first: int, last: int) -> dict[str, str]:
    return {f"{area}-{number}": area for number in range(first, last)}


def told(assigned: pd.DataFrame, area: str) -> int:
    found = counted_sites(assigned, [area])["site_count"].iloc[0]
    return 0 if pd.isna(found) else int(found)


def test_few_sites_are_not_told_nor_public_ones_nor_those_without_an_area() -> None:
    rows = pd.concat(
        [
            sites(**many("T0", 0, 13), **many("T1", 0, 4), x1=None, x2=None),
            sites(**many("T2", 0, 7)).assign(is_public_record=True),
        ]
    )
    found = counted_sites(assign_sites(rows, None, MEMBER), ["T0", "T1", "T2", "T3"])
    assert found["site_count"].fillna(-1).tolist() == [13, -1, -1, -1]
    assert found["state"].tolist() == ["at_least", "suppressed", "suppressed", "suppressed"]


def test_four_that_come_wait_for_the_fifth() -> None:
    before = assign_sites(sites(**many("T0", 0, 6)), None, MEMBER)
    four = assign_sites(sites(**many("T0", 0, 10)), before, MEMBER)
    five = assign_sites(sites(**many("T0", 0, 11)), four, MEMBER)
    assert [told(one, "T0") for one in (before, four, five)] == [6, 6, 11]
    assert four["batch"].isna().sum() == 4
    assert five["batch"].value_counts().to_dict() == {1: 6, 2: 5}


def test_what_goes_is_held_until_enough_go_and_enough_or_none_stay() -> None:
    first = assign_sites(sites(**many("T0", 0, 9)), None, MEMBER)
    one_less = assign_sites(sites(**many("T0", 1, 9)), first, MEMBER)
    assert one_less["is_held"].sum() == 1
    five_less = assign_sites(sites(**many("T0", 5, 9)), one_less, MEMBER)
    # Four would stay, and four would be told.
    assert told(five_less, "T0") == 9
    none_left = assign_sites(sites(), five_less, MEMBER)
    assert [told(one, "T0") for one in (first, one_less, five_less, none_left)] == [9, 9, 9, 0]


def test_a_site_that_comes_back_is_not_counted_twice() -> None:
    first = assign_sites(sites(**many("T0", 0, 6)), None, MEMBER)
    gone = assign_sites(sites(**many("T0", 1, 6)), first, MEMBER)
    back = assign_sites(sites(**many("T0", 0, 6)), gone, MEMBER)
    pd.testing.assert_frame_equal(back, first)


def test_a_site_that_moves_is_held_where_it_was_and_waits_where_it_is() -> None:
    first = assign_sites(sites(**many("T0", 0, 6)), None, MEMBER)
    moved = assign_sites(sites(**{**many("T0", 0, 6), "T0-3": "T1"}), first, MEMBER)
    rows = moved[moved["site_id"] == "T0-3"].set_index("area_id")
    assert bool(rows.loc["T0", "is_held"])
    assert pd.isna(rows.loc["T1", "batch"])


def test_a_site_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="a site stands twice"):
        assign_sites(pd.concat([sites(a="T0"), sites(a="T1")]), None, MEMBER)


@settings(deadline=None)
@given(st.lists(st.sets(st.integers(0, 24)), min_size=2, max_size=6), st.integers(0, 4))
def test_no_step_between_releases_and_no_count_is_small(lives: list[set[int]], areas: int) -> None:
    before: pd.DataFrame | None = None
    stood: set[tuple[str, str]] = set()
    for alive in lives:
        # The area of a site depends on how many live, so that sites move as well.
        rows = sites(**{f"s{n}": f"T{(n + len(alive)) % (areas + 1)}" for n in sorted(alive)})
        now = assign_sites(rows, before, MEMBER)
        counted = now[now["batch"].notna()]
        pairs = set(zip(counted["site_id"], counted["area_id"], strict=True))
        for group in (pairs, pairs - stood, stood - pairs):
            sizes = pd.Series([area for _, area in group], dtype="object").value_counts()
            assert (sizes >= LEAST).all()
        present = set(zip(rows["site_id"], rows["area_id"], strict=True))
        assert set(zip(now["site_id"], now["area_id"], strict=True)) >= present
        before, stood = now, pairs
