"""Research records are whole classes, generalised, of which no one stands alone."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from risk.disclosure import RULES, assign, report, research_records
from risk.vocabulary import Audience
from tests.made_restricted import AS_OF, grounds, group, made

RESEARCH = RULES[Audience.RESEARCHER]
KEY = b"sixteen bytes or more"
DAY = date(2025, 2, 1)


def records(events: pd.DataFrame, as_of: date = AS_OF) -> pd.DataFrame:
    rows = assign(events, None, RESEARCH, as_of, cell_territories=grounds(events))
    return research_records(rows, RESEARCH, as_of, key=KEY)


def test_a_record_says_what_its_class_and_its_kind_say() -> None:
    found = records(group(7, "a"))
    assert len(found) == 7
    first = found.drop(columns="record_id").drop_duplicates()
    assert first.to_numpy().tolist() == [["T0", "P0", "2025Q1", 2025, "OSH", False, "low", "firm", "h00"]]


def test_records_are_told_on_the_last_day_of_their_embargo() -> None:
    ends = date(2025, 3, 31) + timedelta(days=180)
    assert records(group(7, "a"), ends - timedelta(days=1)).empty
    assert len(records(group(7, "a"), ends)) == 7


def test_where_the_day_is_vague_records_wait_from_the_last_that_may_be() -> None:
    vague = group(7, "a", last_day=pd.Timestamp("2025-04-30"))
    assert records(vague, date(2025, 12, 26)).empty
    assert len(records(vague, date(2025, 12, 27))) == 7


def test_a_class_is_told_whole_or_not_at_all() -> None:
    late = pd.concat([group(7, "a"), group(1, "b", happened_on=pd.Timestamp("2025-03-31"))])
    assert records(late, DAY + timedelta(days=180)).empty
    assert len(records(late, date(2025, 9, 27))) == 8


def test_bands_of_few_are_not_told_and_the_others_lose_theirs_until_they_are_enough() -> None:
    events = pd.concat(
        [group(8, "a"), group(6, "b", severity_band="high"), group(3, "c", severity_band="top")]
    )
    found = records(events)
    sizes = found["severity_band"].fillna("-").value_counts()
    assert "top" not in sizes
    assert (sizes >= 5).all()
    assert sizes.sum() == 17
    assert sizes["-"] in (11, 9)
    enough = records(pd.concat([events, group(2, "d", severity_band="low", verification_band=None)]))
    assert enough["severity_band"].fillna("-").value_counts().to_dict() == {"low": 8, "high": 6, "-": 5}


def test_protection_critical_records_look_like_nine_others() -> None:
    events = pd.concat([group(10, "a", category="CHL"), group(9, "b", category="CHL", severity_band="high")])
    found = records(events)
    assert found["severity_band"].isna().all()
    assert found["is_critical"].all()


def test_a_cell_is_told_only_where_what_is_left_satisfies_the_rules() -> None:
    events = pd.concat(
        [group(8, "a"), group(6, "b", h3_r5="h01"), group(6, "c", h3_r5="h01", category="ENV")]
    )
    assert records(events)["h3_r5"].notna().all()
    # Two of another kind stay behind in the same cell: they would be the difference.
    left = pd.concat([events, group(2, "d", h3_r5="h00", category="ENV")])
    found = records(left)
    assert found.loc[found["category"].eq("OSH"), "h3_r5"].dropna().ne("h00").all()


def test_a_known_site_is_never_alone_in_a_cell() -> None:
    events = pd.concat([group(8, "a", h3_r5="h09", site_id="s"), group(30, "b")])
    assert "h09" not in set(records(events)["h3_r5"].dropna())


def test_the_record_of_an_event_that_went_is_told_on_until_its_class_may_let_it_go() -> None:
    events = group(12, "a")
    first = assign(events, None, RESEARCH, AS_OF, cell_territories=grounds(events))
    held = assign(events[1:], first, RESEARCH, AS_OF, cell_territories=grounds(events))
    before, after = (research_records(one, RESEARCH, AS_OF, key=KEY) for one in (first, held))
    assert len(before) == 12
    pd.testing.assert_frame_equal(before, after)
    cut = assign(events[5:], held, RESEARCH, AS_OF, cell_territories=grounds(events))
    assert research_records(cut, RESEARCH, AS_OF, key=KEY).empty
    counts = report(events[5:], cut, RESEARCH, AS_OF).set_index(["table_name", "outcome"])["row_count"]
    assert counts["research_records", "cut"] == 7


def test_ids_tell_nothing_and_stay() -> None:
    events = made(600, 3)
    found = records(events)
    assert found["record_id"].is_unique
    assert found["record_id"].tolist() == records(events.sample(frac=1, random_state=1))["record_id"].tolist()
    rows = assign(events, None, RESEARCH, AS_OF)
    other = research_records(rows, RESEARCH, AS_OF, key=b"another key of the same length")
    assert not set(other["record_id"]) & set(found["record_id"])
    with pytest.raises(ValueError, match="fewer than 16 bytes"):
        research_records(rows, RESEARCH, AS_OF, key=b"short")


@pytest.mark.parametrize("seed", range(4))
def test_every_record_looks_like_enough_others(seed: int) -> None:
    events = made(2_000, seed)
    found = records(events)
    names = [name for name in found if name not in ("record_id", "h3_r5")]
    sizes = found.groupby(names, dropna=False)["record_id"].transform("size")
    assert (sizes >= np.where(found["is_critical"], 10, 5)).all()
    with_cell = found.groupby([*names, "h3_r5"], dropna=False)["record_id"].transform("size")
    assert (with_cell >= np.where(found["is_critical"], 10, 5)).all()


@pytest.mark.parametrize("seed", range(4))
def test_records_of_a_later_release_hold_those_of_the_one_before(seed: int) -> None:
    events = made(600, seed)
    ground = grounds(events)
    first = assign(events[:400], None, RESEARCH, AS_OF, cell_territories=ground)
    second = assign(events, first, RESEARCH, AS_OF, cell_territories=ground)
    before, after = (
        research_records(rows, RESEARCH, AS_OF, key=KEY).set_index("record_id") for rows in (first, second)
    )
    pd.testing.assert_frame_equal(after.loc[before.index], before)
