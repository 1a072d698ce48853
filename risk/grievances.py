"""Where a grievance stands, and where the alleged event lies among assessments and actions.

The steps and their order are this project's own. No step says that an allegation is true.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from risk.frames import DAY, FLAG, TEXT, WHOLE, days_between, typed
from risk.progress_words import GRIEVANCE_STATUSES
from risk.texts import mark

# How far a grievance has come. Steps lead onwards and may leave out some between; those of one number end or
# decide it in different ways, so that one excludes the other.
STAGES: Final = {
    "received": 0,
    "acknowledged": 1,
    "screening": 2,
    "out_of_scope": 3,
    "accepted": 3,
    "under_review": 4,
    "mitigation": 5,
    "monitoring": 6,
    "closed_resolved": 7,
    "closed_unsubstantiated": 7,
    "closed_withdrawn": 7,
}
FINAL_STATUSES: Final = frozenset(
    {"out_of_scope", "closed_resolved", "closed_unsubstantiated", "closed_withdrawn"}
)
# These may follow each other either way, and again.
RECURRING: Final = frozenset({"under_review", "mitigation", "monitoring"})
DECISIONS: Final = frozenset({"out_of_scope", "accepted"})

PLACEMENTS: Final[dict[str, str]] = {
    "before_first": mark("before the first assessment"),
    "between": mark("between two assessments"),
    "after_last": mark("after the last assessment"),
    "overlaps": mark("an assessment took place within the alleged time"),
    "cannot_be_told": mark("cannot be told: the alleged time is too vague"),
    "no_assessment": mark("no assessment is known"),
}

_STATES: Final = {
    "grievance_id": TEXT,
    "status": TEXT,
    "days_to_acknowledge": WHOLE,
    "days_to_decide": WHOLE,
    "days_to_close": WHOLE,
    "is_open": FLAG,
}
_PLACED: Final = {
    "grievance_id": TEXT,
    "entity_kind": TEXT,
    "entity_id": TEXT,
    "placement": TEXT,
    "assessments_within": WHOLE,
    "last_before_id": TEXT,
    "last_before_on": DAY,
    "days_since_last": WHOLE,
    "next_after_id": TEXT,
    "next_after_on": DAY,
    "days_to_next": WHOLE,
    "open_actions": WHOLE,
    "open_action_ids": TEXT,
}
_ENTITY: Final = ["entity_kind", "entity_id"]


def can_follow(status: str, before: str) -> bool:
    """Return whether a step of `status` can come after one of `before`, both of GRIEVANCE_STATUSES.

    Nothing follows a final one, and nothing leads back, but among review, mitigation and monitoring.

    >>> can_follow("accepted", "received"), can_follow("accepted", "out_of_scope")
    (True, False)
    >>> can_follow("under_review", "monitoring"), can_follow("screening", "monitoring")
    (True, False)
    """
    recurs = status in RECURRING and before in RECURRING
    return before not in FINAL_STATUSES and (STAGES[status] > STAGES[before] or recurs)


def grievance_states(grievances: pd.DataFrame, steps: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return how each grievance stands on the day `as_of`, one row a grievance received by then, by id.

    grievances: grievance_id, received_on. steps: step_id, grievance_id, happened_on, status; later ones than
    `as_of` are not read, and those of one day are read in the order of `STAGES`.

    Columns: grievance_id, status ('received' before any step), days_to_acknowledge, days_to_decide (accepted
    or out of scope), days_to_close (closed, or out of scope), all from received_on and missing where no such
    step is known, is_open (no step has ended it). Raises ValueError with the ids for a grievance given twice
    or without a day, a step without a day, of an unknown status or grievance, before the grievance was
    received, after one that ended it, or back to an earlier stage (but among review, mitigation and
    monitoring, which may come again).

    >>> case = pd.DataFrame({"grievance_id": ["g"], "received_on": pd.to_datetime(["2026-01-01"])})
    >>> went = pd.DataFrame({"step_id": ["1", "2"], "grievance_id": "g", "status": ["acknowledged", "accepted"],
    ...     "happened_on": pd.to_datetime(["2026-01-08", "2026-02-01"])})
    >>> found = grievance_states(case, went, pd.Timestamp("2026-11-01"))
    >>> found[["status", "days_to_acknowledge", "days_to_decide"]].values.tolist()
    [['accepted', 7, 31]]
    """
    received = _received(grievances)
    rows = _ordered(received, steps)
    rows = rows[rows["happened_on"] <= as_of]
    received = received[received <= as_of]
    last = rows.groupby("grievance_id")["status"].last().reindex(received.index).fillna("received")
    found = pd.DataFrame({"status": last, "is_open": ~last.isin(FINAL_STATUSES)})
    for name, statuses in (
        ("days_to_acknowledge", {"acknowledged"}),
        ("days_to_decide", DECISIONS),
        ("days_to_close", FINAL_STATUSES),
    ):
        first = rows[rows["status"].isin(statuses)].groupby("grievance_id")["happened_on"].min()
        found[name] = days_between(first.reindex(received.index), received)
    return typed(found.reset_index(), _STATES)


def placed_between(
    grievances: pd.DataFrame, assessments: pd.DataFrame, actions: pd.DataFrame
) -> pd.DataFrame:
    """Return where the alleged event of each grievance lies among its entity's assessments, sorted by id.

    grievances: grievance_id, entity_kind, entity_id, received_on, alleged_start, alleged_end (both may be
    missing). assessments: assessment_id, assessed_on, and entity_kind and entity_id, or site_id alone.
    actions: action_id, status, started_on, resolved_on, and the same.

    The event lies from alleged_start to alleged_end, both days included; a missing end is no later than the
    day of receipt, a missing start may be any day before. Columns: grievance_id, entity_kind, entity_id,
    placement (`PLACEMENTS`), assessments_within (that time), last_before_id, last_before_on, days_since_last
    (to alleged_start; these three missing where the start is not known), next_after_id, next_after_on
    (after the end, or after the receipt where that is not known), days_to_next (from alleged_end; missing
    where that is not known), open_actions and open_action_ids ('; '-separated): started by alleged_start and
    not resolved by then (missing where the start is not known; drafts and cancelled ones, and those without
    the days that would tell, are not counted).

    placement is 'overlaps' where both ends are known and one assessment lies within, 'cannot_be_told' where
    several do, or one does and an end is missing. Raises ValueError for a grievance without a day of receipt
    or given twice, and for a time that ends before it starts or starts after the grievance was received.
    """
    cases = _cases(grievances)
    done = _of_entities(assessments, ["assessment_id", "assessed_on"]).dropna(subset="assessed_on")
    pairs = cases.merge(done, on=_ENTITY).sort_values(["assessed_on", "assessment_id"])
    is_before = pairs["assessed_on"] < pairs["start"]
    is_after = pairs["assessed_on"] > pairs["end"]
    before = pairs[is_before].drop_duplicates("grievance_id", keep="last").set_index("grievance_id")
    after = pairs[is_after].drop_duplicates("grievance_id").set_index("grievance_id")
    found = cases.set_index("grievance_id")
    within = pairs[~is_before & ~is_after].groupby("grievance_id").size()
    found["assessments_within"] = within.reindex(found.index).fillna(0)
    for name, source in (("last_before", before), ("next_after", after)):
        found[f"{name}_id"] = source["assessment_id"].reindex(found.index)
        found[f"{name}_on"] = source["assessed_on"].reindex(found.index)
    found["days_since_last"] = days_between(found["start"], found["last_before_on"])
    found["days_to_next"] = days_between(found["next_after_on"], found["alleged_end"])
    found["placement"] = _placements(found)
    running = _running(cases, actions).groupby("grievance_id")["action_id"]
    has_start = found["start"].notna()
    found["open_actions"] = running.size().reindex(found.index).fillna(0).where(has_start)
    found["open_action_ids"] = running.agg("; ".join).reindex(found.index)
    return typed(found.reset_index(), _PLACED)


def _received(grievances: pd.DataFrame) -> pd.Series:
    """Return the day of receipt by grievance, sorted by id."""
    _refuse_twice(grievances)
    days = pd.to_datetime(grievances.set_index("grievance_id")["received_on"]).astype(DAY)
    if days.isna().any():
        raise ValueError(f"grievance {days.index[days.isna()][0]!r} has no day of receipt; give received_on")
    return days.sort_index()


def _refuse_twice(grievances: pd.DataFrame) -> None:
    twice = grievances[grievances.duplicated("grievance_id")]
    if len(twice):
        raise ValueError(f"grievance {twice.iloc[0]['grievance_id']!r} is there twice; keep one row")


def _ordered(received: pd.Series, steps: pd.DataFrame) -> pd.DataFrame:
    """Return the steps in the order they were taken, none of them impossible."""
    rows = steps.assign(
        happened_on=pd.to_datetime(steps["happened_on"]).astype(DAY), stage=steps["status"].map(STAGES)
    )
    for is_wrong, problem in (
        (
            ~rows["grievance_id"].isin(received.index),
            "is of a grievance that is not there; add it or correct the id",
        ),
        (rows["stage"].isna(), f"has an unknown status; write one of {', '.join(GRIEVANCE_STATUSES)}"),
        (rows["happened_on"].isna(), "has no day; give happened_on"),
    ):
        _refuse_step(rows, is_wrong, problem)
    rows = rows.sort_values(["grievance_id", "happened_on", "stage", "step_id"], ignore_index=True)
    since = received.reindex(rows["grievance_id"]).reset_index(drop=True)
    _refuse_step(rows, rows["happened_on"] < since, "was taken before it was received; correct the day")
    earlier = rows.groupby("grievance_id")[["step_id", "status"]].shift()
    pairs = zip(rows["status"], earlier["status"], strict=True)
    is_wrong = pd.Series([not (pd.isna(a) or can_follow(b, a)) for b, a in pairs], rows.index, dtype=bool)
    if is_wrong.any():
        row, last = rows[is_wrong].iloc[0], earlier[is_wrong].iloc[0]
        raise ValueError(
            f"step {row['step_id']!r} ({row['status']}) of grievance {row['grievance_id']!r} cannot follow step "
            f"{last['step_id']!r} ({last['status']}); correct a day or a status, or take one of them out"
        )
    return rows


def _refuse_step(rows: pd.DataFrame, is_wrong: pd.Series, problem: str) -> None:
    if is_wrong.any():
        row = rows[is_wrong].iloc[0]
        raise ValueError(f"step {row['step_id']!r} of grievance {row['grievance_id']!r} {problem}")


def _cases(grievances: pd.DataFrame) -> pd.DataFrame:
    """Return the grievances, sorted by id, with the first and last possible day of the event."""
    received = _received(grievances)
    cases = grievances[["grievance_id", *_ENTITY, "alleged_start", "alleged_end"]].sort_values("grievance_id")
    days = {name: pd.to_datetime(cases[name]).astype(DAY) for name in ("alleged_start", "alleged_end")}
    cases = cases.assign(**days, received_on=received.to_numpy()).reset_index(drop=True)
    for is_wrong, problem in (
        (cases["alleged_start"] > cases["alleged_end"], "ends before it starts"),
        (cases["alleged_start"] > cases["received_on"], "starts after the grievance was received"),
    ):
        if is_wrong.any():
            name = cases.loc[is_wrong, "grievance_id"].iloc[0]
            raise ValueError(f"the alleged event of grievance {name!r} {problem}; correct a day")
    return cases.assign(start=cases["alleged_start"], end=cases["alleged_end"].fillna(cases["received_on"]))


def _of_entities(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return `columns` with the entity of each row; a site_id alone names a site."""
    if "entity_id" not in frame:
        frame = frame.assign(entity_kind="site", entity_id=frame["site_id"])
    return frame[[*_ENTITY, *columns]].dropna(subset="entity_id")


def _placements(found: pd.DataFrame) -> np.ndarray:
    # With the start unknown, whatever is not after the end lies within.
    has_before, has_after = found["last_before_id"].notna(), found["next_after_id"].notna()
    is_vague = found["alleged_start"].isna() | found["alleged_end"].isna()
    within = found["assessments_within"]
    return np.select(
        [
            (within == 0) & ~has_before & ~has_after,
            (within > 1) | ((within == 1) & is_vague),
            within == 1,
            ~has_before,
            ~has_after,
        ],
        ["no_assessment", "cannot_be_told", "overlaps", "before_first", "after_last"],
        default="between",
    ).astype(object)


def _running(cases: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """Return the actions that ran when the alleged event began, one row a grievance and action, by action id."""
    rows = _of_entities(actions, ["action_id", "status", "started_on", "resolved_on"])
    rows = rows[~rows["status"].isin(["draft", "cancelled"])]
    rows = cases.merge(rows, on=_ENTITY)
    is_resolved = rows["status"] == "resolved"
    is_running = (rows["started_on"] <= rows["start"]) & (
        ~is_resolved | (rows["resolved_on"] > rows["start"])
    )
    return rows[is_running].sort_values("action_id")
