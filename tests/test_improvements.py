"""Days of actions, what was gained and what was lost, and what needs money."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.improvements import FINDING_CHANGES, action_states, capital_needs, finding_changes
from tests.made_assessments import RESULTS, assessments, criteria, criterion, findings

AS_OF = pd.Timestamp("2026-11-01")
DAYS = ("started_on", "due_on", "resolved_on")


def actions(*rows: dict[str, Any]) -> pd.DataFrame:
    base = {
        "action_id": "x",
        "finding_id": None,
        "status": "new",
        "cost_band": "1k_10k",
        "funding_status": "unfunded",
        **dict.fromkeys(DAYS),
    }
    frame = pd.DataFrame([{**base, **row} for row in rows], columns=list(base))
    return frame.assign(**{day: pd.to_datetime(frame[day]) for day in DAYS})


def extensions(*rows: tuple[str, str | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["action_id", "extended_on", "due_on"])
    return frame.assign(**{day: pd.to_datetime(frame[day]) for day in ("extended_on", "due_on")})


def state(*, given: pd.DataFrame | None = None, **action: Any) -> pd.Series:
    return action_states(actions(action), extensions() if given is None else given, AS_OF).iloc[0]


@pytest.mark.parametrize(
    ("status", "due", "is_open", "is_overdue", "left"),
    [
        ("new", "2026-10-31", True, True, -1),
        ("in_progress", "2026-11-01", True, False, 0),
        ("under_review", "2026-12-01", True, False, 30),
        ("new", None, True, False, None),
        ("draft", "2026-01-01", False, False, None),
        ("resolved", "2026-01-01", False, False, None),
        ("cancelled", "2026-01-01", False, False, None),
    ],
)
def test_only_an_open_action_past_its_day_is_overdue(
    status: str, due: str | None, is_open: bool, is_overdue: bool, left: int | None
) -> None:
    row = state(status=status, due_on=due)
    assert (row["is_open"], row["is_overdue"]) == (is_open, is_overdue)
    assert (None if pd.isna(row["days_left"]) else row["days_left"]) == left


def test_the_last_extension_made_stands_and_those_of_later_are_not_read() -> None:
    given = extensions(
        ("x", "2026-08-01", "2026-12-24"),
        ("x", "2026-09-01", "2026-10-01"),
        ("x", "2026-07-01", "2027-01-01"),
        ("x", "2026-11-02", "2027-06-01"),
    )
    row = state(given=given, due_on="2026-07-01")
    assert (row["due_now_on"], row["extensions"]) == (pd.Timestamp("2026-10-01"), 3)
    assert row["is_overdue"]
    assert state(given=extensions(("x", "2026-01-01", "2026-12-01")))["days_left"] == 30


def test_days_to_resolve_need_both_days() -> None:
    days = {"started_on": "2026-01-01", "resolved_on": "2026-01-31"}
    assert state(status="resolved", **days)["days_to_resolve"] == 30
    assert pd.isna(state(status="resolved", resolved_on="2026-01-31")["days_to_resolve"])
    assert pd.isna(state(status="in_progress", started_on="2026-01-01")["days_to_resolve"])


@pytest.mark.parametrize(
    ("rows", "given", "message"),
    [
        ([{}, {}], extensions(), "action 'x' is there twice; keep one row"),
        (
            [{"status": "overdue"}],
            extensions(),
            "action 'x' has the status 'overdue'; write one of draft, new",
        ),
        (
            [{}],
            extensions(("y", "2026-01-01", "2026-02-01")),
            "an extension is of action 'y', which is not th",
        ),
        (
            [{}],
            extensions(("x", None, "2026-02-01")),
            "an extension of action 'x' lacks a day; give extended",
        ),
        (
            [{"status": "resolved", "started_on": "2026-02-01", "resolved_on": "2026-01-01"}],
            extensions(),
            "action 'x' was resolved before it started; correct",
        ),
    ],
)
def test_an_action_that_cannot_be_is_refused(
    rows: list[dict[str, Any]], given: pd.DataFrame, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        action_states(actions(*rows), given, AS_OF)


ASKED = criteria(
    *(criterion(f"GOV-0{n}", n, needs_capital=n < 3, capital_en=f"Money {n}") for n in range(1, 5))
)
TWICE = assessments(("a1", "s", "2025-01-01"), ("a2", "s", "2026-01-01"))


def changed(before: str, after: str) -> str | None:
    found = finding_changes(ASKED, TWICE, findings(a1={"GOV_01": before}, a2={"GOV_01": after}))
    return None if found.empty else str(found["change"].iloc[0])


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("not_met", "met", "gained"),
        ("not_met", "partial", "gained"),
        ("partial", "met", "gained"),
        ("met", "partial", "lost"),
        ("met", "not_met", "lost"),
        ("partial", "not_met", "lost"),
        ("met", "met", "kept_met"),
        ("partial", "partial", "kept_unmet"),
        ("not_met", "not_met", "kept_unmet"),
        ("not_assessed", "not_met", "newly_assessed"),
        ("na", "met", "newly_assessed"),
        ("met", "na", "no_longer_assessed"),
        ("partial", "not_assessed", "no_longer_assessed"),
        ("na", "not_assessed", None),
    ],
)
def test_each_change_has_its_name(before: str, after: str, change: str | None) -> None:
    assert changed(before, after) == change
    assert change is None or change in FINDING_CHANGES


MIRROR = {"gained": "lost", "newly_assessed": "no_longer_assessed"}
MIRROR |= {there: here for here, there in MIRROR.items()}


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(RESULTS), min_size=8, max_size=8))
def test_what_is_gained_one_way_is_lost_the_other(results: list[str]) -> None:
    names = [f"GOV_0{n}" for n in range(1, 5)]
    first, second = (dict(zip(names, part, strict=True)) for part in (results[:4], results[4:]))
    there = finding_changes(ASKED, TWICE, findings(a1=first, a2=second)).set_index("criterion_id")["change"]
    back = finding_changes(ASKED, TWICE, findings(a1=second, a2=first)).set_index("criterion_id")["change"]
    assert back.to_dict() == {name: MIRROR.get(change, change) for name, change in there.items()}


def test_each_assessment_is_compared_with_the_one_before_it_in_any_order_of_rows() -> None:
    done = assessments(("a1", "s", "2024-01-01"), ("a2", "s", "2025-01-01"), ("a3", "s", "2026-01-01"))
    done = pd.concat([done, assessments(("b1", "t", "2025-06-01"))])
    found = findings(
        a1={"GOV_01": "met"}, a2={"GOV_01": "not_met"}, a3={"GOV_01": "met"}, b1={"GOV_01": "met"}
    )
    rows = finding_changes(ASKED, done, found)
    assert rows[["assessment_id_before", "assessment_id", "change"]].values.tolist() == [
        ["a1", "a2", "lost"],
        ["a2", "a3", "gained"],
    ]
    mixed = [frame.sample(frac=1, random_state=2) for frame in (ASKED, done, found)]
    pd.testing.assert_frame_equal(finding_changes(*mixed), rows)


def test_other_schemes_and_assessments_without_a_site_are_not_compared() -> None:
    other = criteria(criterion("GOV-01", framework_id="egc@1"))
    done = pd.concat([assessments(("a1", "s", "2025-01-01")), assessments(("e1", "s", "2026-01-01"))])
    done["framework_id"] = ["made@1", "egc@1"]
    found = findings(a1={"GOV_01": "met"}, e1={"GOV_01": "not_met"}, a2={"GOV_01": "not_met"})
    assert finding_changes(pd.concat([ASKED, other]), done, found).empty
    assert finding_changes(ASKED, TWICE.assign(site_id=pd.NA), found).empty


@pytest.mark.parametrize(
    ("more", "change"),
    [
        ({}, "lost"),
        ({"weight": 3.0, "kind": "management", "level": "ADV"}, "lost"),
        ({"text_en": "Asks another thing"}, "not_comparable"),
        ({"text_fr": "Demande autre chose"}, "not_comparable"),
        (
            {"metric": "depth", "operator": "<=", "threshold_value": 10.0, "unit": "m"},
            "not_comparable",
        ),
    ],
)
def test_versions_are_compared_where_they_ask_the_same(more: dict[str, Any], change: str) -> None:
    newer = criteria(
        criterion("GOV-01", framework_id="made@2", **more), criterion("NEW-01", framework_id="made@2")
    )
    done = TWICE.assign(framework_id=["made@1", "made@2"])
    found = findings(a1={"GOV_01": "met", "GOV_02": "met"}, a2={"GOV_01": "not_met", "NEW_01": "met"})
    rows = finding_changes(pd.concat([ASKED, newer]), done, found).set_index("criterion_id")
    assert rows["change"].to_dict() == {
        "GOV-01": change,
        "GOV-02": "no_longer_assessed",
        "NEW-01": "newly_assessed",
    }
    assert rows["section"].to_dict() == {"GOV-01": "GOV", "GOV-02": "GOV", "NEW-01": "NEW"}


def test_an_order_that_nobody_can_tell_is_refused() -> None:
    found = findings(a1={"GOV_01": "met"})
    with pytest.raises(
        ValueError, match=r"'a1' and 'a2' are of one site, scheme and day.*correct assessed_on"
    ):
        finding_changes(ASKED, TWICE.assign(assessed_on=AS_OF), found)
    with pytest.raises(ValueError, match="assessment 'a1' has no day"):
        finding_changes(ASKED, TWICE.assign(assessed_on=pd.NaT), found)
    with pytest.raises(ValueError, match="has the result 'good'; write one of"):
        finding_changes(ASKED, TWICE, found.assign(result="good"))


def needs(found: pd.DataFrame, *acts: dict[str, Any], done: pd.DataFrame = TWICE) -> pd.DataFrame:
    return capital_needs(ASKED, done, found, actions(*acts))


def test_what_needs_money_and_is_unmet_is_there_with_or_without_an_action() -> None:
    found = findings(
        a1={"GOV_01": "not_met", "GOV_02": "not_met", "GOV_03": "not_met"},
        a2={"GOV_01": "partial", "GOV_03": "not_met"},
    )
    rows = needs(found, {"action_id": "x", "finding_id": "a1/GOV-01", "funding_status": "partly_funded"})
    columns = ["criterion_id", "finding_id", "result", "capital_en", "action_ids", "funding_status"]
    assert rows[columns].fillna("").values.tolist() == [
        ["GOV-01", "a2/GOV-01", "partial", "Money 1", "x", "partly_funded"],
        # The later assessment passed it over, so what the earlier one found still stands.
        ["GOV-02", "a1/GOV-02", "not_met", "Money 2", "", ""],
    ]
    assert rows["has_action"].tolist() == [True, False]


@pytest.mark.parametrize("result", ["met", "na"])
def test_what_was_met_or_fell_away_needs_no_money(result: str) -> None:
    assert needs(findings(a1={"GOV_01": "not_met"}, a2={"GOV_01": result})).empty


def test_the_least_funded_action_tells_and_what_is_past_does_not() -> None:
    found = findings(a1={"GOV_01": "not_met"}, a2={"GOV_01": "not_met"})
    past = {"status": "resolved", "resolved_on": "2025-12-31"}
    since = {"status": "resolved", "resolved_on": "2026-02-01", "funding_status": "funded"}
    rows = needs(
        found,
        {"action_id": "d", "finding_id": "a2/GOV-01", "funding_status": "not_needed", "cost_band": "none"},
        {"action_id": "c", "finding_id": "a1/GOV-01", **since},
        {"action_id": "b", "finding_id": "a1/GOV-01", **past},
        {"action_id": "a", "finding_id": "a1/GOV-01", "status": "cancelled"},
    )
    assert rows[["action_ids", "cost_bands", "funding_status"]].values.tolist() == [
        ["c; d", "1k_10k; none", "funded"]
    ]


def test_empty_tables_keep_their_types() -> None:
    found = findings(a1={"GOV_01": "not_met"}, a2={"GOV_01": "met"})
    states = action_states(actions({}), extensions(), AS_OF)
    assert action_states(actions(), extensions(), AS_OF).dtypes.equals(states.dtypes)
    empty = finding_changes(ASKED.iloc[:0], TWICE.iloc[:0], findings())
    assert empty.dtypes.equals(finding_changes(ASKED, TWICE, found).dtypes)
    assert needs(findings()).dtypes.equals(needs(findings(a1={"GOV_01": "not_met"})).dtypes)
