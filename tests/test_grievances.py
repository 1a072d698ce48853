"""A grievance goes forward step by step, and its event is placed only where the days tell."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.grievances import FINAL_STATUSES, PLACEMENTS, STAGES, grievance_states, placed_between
from risk.progress_words import GRIEVANCE_STATUSES

AS_OF = pd.Timestamp("2026-11-01")


def grievances(*rows: dict[str, Any]) -> pd.DataFrame:
    base = {
        "grievance_id": "g",
        "entity_kind": "site",
        "entity_id": "s",
        "received_on": "2026-01-01",
        "alleged_start": None,
        "alleged_end": None,
    }
    frame = pd.DataFrame([{**base, **row} for row in rows], columns=list(base))
    days = ("received_on", "alleged_start", "alleged_end")
    return frame.assign(**{day: pd.to_datetime(frame[day]) for day in days})


def steps(*rows: tuple[str, str | None, str]) -> pd.DataFrame:
    """Steps by grievance, day and status; their ids are numbered in the order given."""
    frame = pd.DataFrame(list(rows), columns=["grievance_id", "happened_on", "status"], dtype=object)
    ids = [f"t{number}" for number in range(len(frame))]
    return frame.assign(happened_on=pd.to_datetime(frame["happened_on"]), step_id=ids)


def state(*rows: tuple[str, str | None, str], as_of: pd.Timestamp = AS_OF) -> list[Any]:
    row = grievance_states(grievances({}), steps(*rows), as_of).iloc[0, 1:]
    return [None if pd.isna(value) else value for value in row]


def test_every_status_has_its_stage() -> None:
    assert set(STAGES) == set(GRIEVANCE_STATUSES)


def test_days_run_from_the_day_of_receipt() -> None:
    went = (
        ("g", "2026-01-05", "acknowledged"),
        ("g", "2026-01-31", "accepted"),
        ("g", "2026-02-10", "under_review"),
        ("g", "2026-03-01", "mitigation"),
        ("g", "2026-04-01", "monitoring"),
        ("g", "2026-05-01", "mitigation"),
        ("g", "2026-12-27", "closed_resolved"),
    )
    assert state(*went) == ["mitigation", 4, 30, None, True]
    assert state(*went, as_of=pd.Timestamp("2026-12-31")) == ["closed_resolved", 4, 30, 360, False]
    assert state() == ["received", None, None, None, True]


def test_steps_of_one_day_are_read_in_their_order_and_some_may_be_left_out() -> None:
    went = (
        ("g", "2026-01-01", "accepted"),
        ("g", "2026-01-01", "received"),
        ("g", "2026-01-01", "screening"),
    )
    assert state(*went) == ["accepted", None, 0, None, True]
    assert state(("g", "2026-01-09", "out_of_scope")) == ["out_of_scope", None, 8, 8, False]


def test_what_was_not_received_yet_has_no_state() -> None:
    assert grievance_states(grievances({}), steps(), pd.Timestamp("2025-12-31")).empty


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [("g", "2026-02-01", "accepted"), ("g", "2026-03-01", "screening")],
            r"step 't1' \(screening\) of grievance 'g' cannot follow step 't0' \(accepted\); correct a day",
        ),
        (
            [("g", "2026-02-01", "out_of_scope"), ("g", "2026-02-01", "accepted")],
            r"'t0' \(out_of_scope\) of grievance 'g' cannot|'t1' \(accepted\) of grievance 'g' cannot follow",
        ),
        (
            [("g", "2026-02-01", "closed_withdrawn"), ("g", "2026-03-01", "monitoring")],
            r"'t1' \(monitoring\) of grievance 'g' cannot follow step 't0' \(closed_withdrawn\)",
        ),
        (
            [("g", "2026-02-01", "acknowledged"), ("g", "2026-03-01", "acknowledged")],
            r"'t1' \(acknowledged\) of grievance 'g' cannot follow step 't0'",
        ),
        ([("g", "2025-12-31", "screening")], "step 't0' of grievance 'g' was taken before it was received"),
        ([("g", None, "screening")], "step 't0' of grievance 'g' has no day; give happened_on"),
        ([("g", "2026-02-01", "won")], "step 't0' of grievance 'g' has an unknown status; write one of rec"),
        (
            [("h", "2026-02-01", "screening")],
            "step 't0' of grievance 'h' is of a grievance that is not there",
        ),
    ],
)
def test_a_step_that_cannot_be_is_refused(rows: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        state(*rows)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(sorted(STAGES)), unique=True), st.integers(0, 99))
def test_a_way_forward_is_taken_in_any_order_of_rows(statuses: list[str], seed: int) -> None:
    forward: list[str] = []
    for status in sorted(statuses, key=STAGES.__getitem__):
        is_ended = bool(forward) and forward[-1] in FINAL_STATUSES
        if not is_ended and (not forward or STAGES[status] > STAGES[forward[-1]]):
            forward.append(status)
    days = pd.date_range("2026-01-01", periods=len(forward)).strftime("%Y-%m-%d")
    went = steps(*(("g", day, status) for day, status in zip(days, forward, strict=True)))
    found = grievance_states(grievances({}), went.sample(frac=1, random_state=seed), AS_OF).iloc[0]
    assert found["status"] == (forward[-1] if forward else "received")
    assert found["is_open"] == pd.isna(found["days_to_close"])


def assessments(*days: str, **more: Any) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"assessment_id": [f"a{day}" for day in days], "assessed_on": pd.to_datetime(list(days))}
    )
    return frame.assign(site_id="s", **more)


def actions(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["action_id", "status", "started_on", "resolved_on"])
    days = {day: pd.to_datetime(frame[day]) for day in ("started_on", "resolved_on")}
    return frame.assign(site_id="s", **days)


TWO = assessments("2024-01-01", "2025-01-01")


def placed(start: str | None, end: str | None, done: pd.DataFrame = TWO, *acts: Any) -> pd.Series:
    case = grievances({"alleged_start": start, "alleged_end": end})
    return placed_between(case, done, actions(*acts)).iloc[0]


@pytest.mark.parametrize(
    ("start", "end", "placement", "within"),
    [
        ("2023-06-01", "2023-06-02", "before_first", 0),
        ("2024-01-02", "2024-12-31", "between", 0),
        ("2025-01-02", "2025-01-02", "after_last", 0),
        ("2024-01-01", "2024-01-01", "overlaps", 1),
        ("2023-06-01", "2024-06-01", "overlaps", 1),
        ("2023-06-01", "2025-06-01", "cannot_be_told", 2),
        (None, "2023-06-01", "before_first", 0),
        (None, "2024-06-01", "cannot_be_told", 1),
        ("2025-06-01", None, "after_last", 0),
        ("2024-06-01", None, "cannot_be_told", 1),
        (None, None, "cannot_be_told", 2),
    ],
)
def test_an_event_is_placed_where_its_days_tell(
    start: str | None, end: str | None, placement: str, within: int
) -> None:
    row = placed(start, end)
    assert (row["placement"], row["assessments_within"]) == (placement, within)
    assert placement in PLACEMENTS


def test_the_assessments_on_both_sides_are_named_with_their_distance() -> None:
    row = placed("2024-03-01", "2024-12-02")
    assert (row["last_before_id"], row["days_since_last"]) == ("a2024-01-01", 60)
    assert (row["next_after_id"], row["days_to_next"]) == ("a2025-01-01", 30)
    row = placed("2024-06-01", None, pd.concat([TWO, assessments("2026-02-01")]))
    assert (row["last_before_id"], row["next_after_id"]) == ("a2024-01-01", "a2026-02-01")
    assert pd.isna(row["days_to_next"])
    assert placed(None, "2024-06-01")[["last_before_id", "days_since_last", "open_actions"]].isna().all()


def test_without_an_assessment_of_the_entity_there_is_nothing_to_place() -> None:
    assert placed("2024-03-01", "2024-03-02", TWO.assign(site_id="t"))["placement"] == "no_assessment"
    assert placed("2024-03-01", "2024-03-02", TWO.iloc[:0])["placement"] == "no_assessment"


def test_refiners_are_placed_among_their_own_assessments() -> None:
    done = pd.concat([TWO.assign(entity_kind="site"), TWO.iloc[:1].assign(entity_kind="refiner")])
    done = done.assign(entity_id="s")
    day = {"alleged_start": "2024-06-01", "alleged_end": "2024-06-02"}
    kinds = ("site", "refiner", "company")
    cases = grievances(*({"grievance_id": kind, "entity_kind": kind, **day} for kind in kinds))
    found = placed_between(cases, done, actions()).set_index("grievance_id")["placement"]
    assert found.to_dict() == {"company": "no_assessment", "refiner": "after_last", "site": "between"}


def test_actions_count_that_ran_when_the_event_began() -> None:
    row = placed(
        "2024-06-01",
        "2024-06-30",
        TWO,
        ("b", "resolved", "2024-01-01", "2024-06-02"),
        ("a", "in_progress", "2024-06-01", None),
        ("c", "resolved", "2024-01-01", "2024-06-01"),
        ("d", "new", "2024-06-02", None),
        ("e", "draft", "2024-01-01", None),
        ("f", "cancelled", "2024-01-01", None),
        ("g", "new", None, None),
        ("h", "resolved", "2024-01-01", None),
    )
    assert (row["open_actions"], row["open_action_ids"]) == (2, "a; b")
    assert placed("2024-06-01", "2024-06-30")["open_actions"] == 0


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({"alleged_start": "2024-02-01", "alleged_end": "2024-01-01"}, "grievance 'g' ends before it starts"),
        ({"alleged_start": "2026-02-01"}, "grievance 'g' starts after the grievance was received; correct"),
        ({"received_on": None}, "grievance 'g' has no day of receipt; give received_on"),
    ],
)
def test_a_grievance_that_cannot_be_is_refused(case: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        placed_between(grievances(case), TWO, actions())


def test_a_grievance_told_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="grievance 'g' is there twice; keep one row"):
        grievance_states(grievances({}, {}), steps(), AS_OF)


def test_the_order_of_rows_changes_nothing() -> None:
    cases = grievances(
        {"grievance_id": "a", "alleged_start": "2024-06-01", "alleged_end": "2024-06-30"},
        {"grievance_id": "b", "alleged_start": "2025-06-01"},
        {"grievance_id": "c", "entity_id": "t"},
    )
    acts = actions(("y", "new", "2024-01-01", None), ("x", "new", "2024-01-01", None))
    found = placed_between(cases, TWO, acts)
    pd.testing.assert_frame_equal(placed_between(cases[::-1], TWO[::-1], acts[::-1]), found)
    assert found["open_action_ids"].fillna("").tolist() == ["x; y", "x; y", ""]


def test_empty_tables_keep_their_types() -> None:
    none = grievance_states(grievances(), steps(), AS_OF)
    full = grievance_states(grievances({}), steps(("g", "2026-02-01", "accepted")), AS_OF)
    assert none.empty
    assert none.dtypes.equals(full.dtypes)
    placed_none = placed_between(grievances(), TWO.iloc[:0], actions())
    assert placed_none.empty
    assert placed_none.dtypes.equals(placed_between(grievances({}), TWO, actions()).dtypes)
