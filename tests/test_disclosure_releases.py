"""From release to release nothing is told but sums of classes that satisfy the rules."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.disclosure import RULES, assign, counted, counted_cells
from risk.disclosure_batches import publishable
from risk.vocabulary import Audience
from tests.made_restricted import AREAS, AS_OF, QUARTERS, grounds, group, made

MEMBER = RULES[Audience.MEMBER]
LATER = date(2026, 9, 30)


def told(rows: pd.DataFrame, category: str = "OSH") -> pd.Series:
    table = counted(rows, AREAS, QUARTERS)
    keys = table["area_pcode"].eq("T0") & table["period"].eq("2025Q1") & table["category"].eq(category)
    return table[keys].iloc[0]


def test_a_late_report_waits_until_it_is_not_alone() -> None:
    first = assign(group(7, "a"), None, MEMBER, AS_OF)
    late = pd.concat([group(7, "a"), group(1, "late")])
    second = assign(late, first, MEMBER, LATER)
    assert told(second)[["at_least", "state"]].tolist() == [7, "at_least"]
    third = assign(pd.concat([late, group(4, "more")]), second, MEMBER, LATER)
    assert told(third)[["record_count", "state"]].tolist() == [12, "count"]
    assert third.set_index("event_id")["batch"][["a000", "late000"]].tolist() == [1, 2]


def test_the_same_events_again_change_nothing() -> None:
    events = made(500, 5)
    first = assign(events, None, MEMBER, AS_OF, cell_territories=grounds(events))
    pd.testing.assert_frame_equal(
        assign(events, first, MEMBER, AS_OF, cell_territories=grounds(events)), first
    )


def test_a_retracted_event_is_held_until_a_pool_may_go() -> None:
    events = group(12, "a")
    first = assign(events, None, MEMBER, AS_OF)
    second = assign(events[2:], first, MEMBER, LATER)
    assert told(second)["record_count"] == 12
    assert second["is_held"].sum() == 2
    third = assign(events[5:], second, MEMBER, LATER)
    assert told(third)["record_count"] == 7
    assert not third["is_held"].any()
    assert third["is_cut"].all()
    # Of the 7 that stay, 5 may not go and leave 2.
    fourth = assign(events[10:], third, MEMBER, LATER)
    assert told(fourth)["record_count"] == 7
    assert assign(events[:0], fourth, MEMBER, LATER).empty


def test_a_changed_event_is_counted_anew_only_when_the_old_one_has_gone() -> None:
    events = group(12, "a")
    first = assign(events, None, MEMBER, AS_OF)
    changed = events.assign(category=["ENV"] * 3 + ["OSH"] * 9)
    second = assign(changed, first, MEMBER, LATER)
    assert told(second)["record_count"] == 12
    assert told(second, "ENV")["state"] == "not_reported"
    changed = events.assign(category=["ENV"] * 6 + ["OSH"] * 6)
    third = assign(changed, second, MEMBER, LATER)
    assert told(third)["record_count"] == 6
    assert told(third, "ENV")["record_count"] == 6
    back = assign(events, second, MEMBER, LATER)
    assert not back["is_held"].any()


def test_an_event_that_becomes_public_leaves_its_class_as_a_retracted_one_does() -> None:
    events = group(12, "a")
    first = assign(events, None, MEMBER, AS_OF)
    public = events.assign(is_public_record=[True] * 5 + [False] * 7)
    assert told(assign(public, first, MEMBER, LATER))["record_count"] == 7
    one = events.assign(is_public_record=[True] + [False] * 11)
    assert told(assign(one, first, MEMBER, LATER))["record_count"] == 12


def test_sources_and_sites_that_become_known_later_move_nothing() -> None:
    events = group(7, "a")
    first = assign(events, None, MEMBER, AS_OF)
    again = assign(events.assign(source_groups="z", site_id="s"), first, MEMBER, LATER)
    assert not again["is_held"].any()


def test_stored_assignments_come_back_as_they_were() -> None:
    events = made(300, 6)
    first = assign(events, None, MEMBER, AS_OF)
    stored = first.astype(object).where(first.notna(), None)
    pd.testing.assert_frame_equal(assign(events, stored, MEMBER, AS_OF), assign(events, first, MEMBER, AS_OF))


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda rows: rows.drop(columns="batch"), "lack batch"),
        (lambda rows: pd.concat([rows, rows]), "stands twice in the earlier"),
    ],
)
def test_impossible_earlier_assignments_are_refused(break_it: object, message: str) -> None:
    first = assign(group(7, "a"), None, MEMBER, AS_OF)
    with pytest.raises(ValueError, match=message):
        assign(group(7, "a"), break_it(first), MEMBER, AS_OF)  # type: ignore[operator]


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), late=st.integers(0, 60), share=st.floats(0, 0.6))
def test_every_difference_of_two_releases_satisfies_the_rules(seed: int, late: int, share: float) -> None:
    events = made(250, seed)
    ground = grounds(events, made(late + 1, seed + 1, name="l"))
    first = assign(events, None, MEMBER, AS_OF, cell_territories=ground)
    kept = events[np.random.default_rng(seed).random(250) >= share]
    now = pd.concat([kept, made(late, seed + 1, name="l")]) if late else kept
    second = assign(now, first, MEMBER, AS_OF, cell_territories=ground)
    for rows, names in ((first, second), (second, first)):
        only = rows[
            rows["class_id"].notna() & ~rows["event_id"].isin(names.dropna(subset="class_id")["event_id"])
        ]
        for column in ("class_id", "cell_code"):
            for _, part in only.groupby([column, "batch", "is_critical"]):
                if column == "class_id" or part["cell_code"].iloc[0] != "rest" or len(part) < len(only):
                    assert len(part) >= (10 if part["is_critical"].all() else 5)
                    assert part["site_id"].nunique() >= 3
    for rows in (first, second):
        assert counted_cells(rows)["record_count"].sum() == rows["class_id"].notna().sum()


def test_a_cell_that_was_not_empty_is_not_called_empty_when_the_event_that_waited_there_has_gone() -> None:
    alone = group(1, "x", category="ENV")
    first = assign(pd.concat([group(7, "a"), alone]), None, MEMBER, AS_OF)
    assert told(first, "ENV")["state"] == "suppressed"
    second = assign(group(7, "a"), first, MEMBER, LATER)
    assert told(second, "ENV")["state"] == "suppressed"
    ghosts = second[second["event_id"].str.contains("~")]
    assert ghosts["is_held"].all()
    assert len(ghosts) == 1
    # Published it is as good as gone, and changed it waits in another cell besides.
    published = pd.concat([group(7, "a"), alone.assign(is_public_record=True)])
    assert told(assign(published, first, MEMBER, LATER), "ENV")["state"] == "suppressed"
    changed = pd.concat([group(7, "a"), alone.assign(category="SEC")])
    third = assign(changed, first, MEMBER, LATER)
    assert [told(third, kind)["state"] for kind in ("ENV", "SEC")] == ["suppressed"] * 2
    assert told(assign(changed, third, MEMBER, LATER), "ENV")["state"] == "suppressed"


def test_of_protection_critical_events_that_waited_nothing_is_kept() -> None:
    first = assign(group(3, "x", category="CHL"), None, MEMBER, AS_OF)
    assert len(first) == 3
    assert assign(group(3, "x", category="CHL")[:0], first, MEMBER, LATER).empty


def test_what_is_published_does_not_take_what_is_retracted_with_it() -> None:
    events = group(14, "a")
    first = assign(events, None, MEMBER, AS_OF)
    published = events.assign(is_public_record=[True] * 4 + [False] * 10)
    # Four are published and one is retracted: together they are five, but all can count the four.
    assert told(assign(published.drop(index=13), first, MEMBER, LATER))["record_count"] == 14
    five = events.assign(is_public_record=[True] * 5 + [False] * 9)
    assert told(assign(five.drop(index=13), first, MEMBER, LATER))["record_count"] == 9


def test_what_is_published_under_another_id_is_known_by_its_records_and_may_wait() -> None:
    events = group(14, "a")
    first = assign(events, None, MEMBER, AS_OF)
    # The event a000 has another id now, and is public; four others are retracted.
    left = events[5:]
    renamed = events[:1].assign(event_id="other", is_public_record=True)
    now = pd.concat([left, renamed])
    assert told(assign(now, first, MEMBER, LATER))["record_count"] == 9
    assert told(assign(now, first, MEMBER, LATER, published={"a000"}))["record_count"] == 14
    assert told(assign(left, first, MEMBER, LATER, kept_back={"a000"}))["record_count"] == 14


def test_events_are_published_only_where_enough_of_their_class_and_cell_or_none_are_left() -> None:
    events = pd.concat([group(8, "a"), group(6, "b", category="ENV", h3_r5="h01")], ignore_index=True)
    rows = assign(events, None, MEMBER, AS_OF, cell_territories=grounds(events))
    assert rows["class_id"].nunique() == 2

    def may(*ids: str) -> set[str]:
        asked = rows["event_id"].isin(ids).to_numpy(dtype=bool)
        found = publishable(rows, asked, np.zeros(len(rows), dtype=bool), grounds(events), MEMBER)
        return set(rows.loc[found, "event_id"])

    three = {"a000", "a001", "a002"}
    assert may(*three) == three
    assert may(*three, "a003") == set()
    assert may(*(f"b00{number}" for number in range(5))) == set()
    whole = {f"b00{number}" for number in range(6)}
    assert may(*whole) == whole
