"""Improvement actions that follow from findings: what becomes of each, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.assessing import Assessments, Findings
from pipelines.training.columns import Flags, opaque_ids
from pipelines.training.frameworks import Version
from pipelines.training.plants import QUARTER_STARTS
from pipelines.training.quality import FIRST_DAY, LAST_DAY, MET_ABOVE, NOT_MET, PARTIAL, Quality
from pipelines.training.restricting import Restricted

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

# All numbers of this module are choices of this generator.
NEVER: Final = LAST_DAY + 100_000
# Chance that an unmet finding leads to an action.
_OF_ZERO_TOLERANCE: Final = 0.9
_OF_CAPITAL: Final = 0.45
_OF_NOT_MET: Final = 0.25
_OF_PARTIAL: Final = 0.10
# Of all actions: those that follow from no finding.
_OF_NO_FINDING: Final = 0.04
_OTHER_DONE: Final = 0.6
_DUE_DAYS: Final = {"immediate": 60.0, "mitigate": 180.0, "improve": 365.0}
_CANCELLED: Final = 0.05
# What is not done after so long is often given up.
_GIVEN_UP: Final = 0.45
_GIVEN_UP_DAYS: Final = 800
_FALSELY_RESOLVED: Final = 0.07
_FALSELY_CLAIMED: Final = 0.04
_WAITING: Final = 0.10
_WAITING_DAYS: Final = 150
_RECENT_DAYS: Final = 300
_EXTENDED: Final = (0.6, 0.6, 0.5)
_EXTENDED_BY: Final = (90, 365)
PUBLIC_CHANCE: Final = 0.3

DRAFT, NEW, IN_PROGRESS, UNDER_REVIEW, RESOLVED, CANCELLED = range(6)
STATUSES: Final = np.array(
    ["draft", "new", "in_progress", "under_review", "resolved", "cancelled"], dtype=object
)


def make_actions(
    rng: np.random.Generator,
    quality: Quality,
    versions: Sequence[Version],
    done: Assessments,
    findings: Findings,
    restricted: Restricted,
) -> pd.DataFrame:
    """Return actions, one a site and criterion at most, in the order of the findings they follow from.

    Columns: action_id; which (number of the assessed site), finding and line (−1: follows from none),
    criterion, created, started, due (NEVER: none was set), met_from (day from which the criterion is truly met),
    resolved (NEVER: it is not), status (of STATUSES), is_truly_done, is_public. An action is resolved where the
    criterion came to be met; some are said to be, and are not.
    """
    begun = _begun(rng, quality, versions, done, findings)
    count = len(begun)
    created = begun["created"].to_numpy()
    started = created + rng.integers(5, 90, count)
    met_from = _met_from(rng, quality, begun)
    finished = np.maximum(np.minimum(met_from + rng.integers(0, 60, count), NEVER), started + 14)
    status, resolved = _statuses(rng, created, started, met_from, finished)
    status[started > LAST_DAY] = np.minimum(status[started > LAST_DAY], NEW)
    resolved[status != RESOLVED] = NEVER
    is_hidden = restricted.sites[quality.site[begun["which"]]]
    return begun.assign(
        action_id=opaque_ids("act-", count),
        started=np.where(np.isin(status, (DRAFT, NEW)), NEVER, started),
        due=_due(rng, versions, begun, status),
        met_from=met_from,
        resolved=resolved,
        status=status,
        is_truly_done=met_from <= LAST_DAY,
        is_public=~is_hidden & (rng.random(count) < PUBLIC_CHANCE),
    )


def make_extensions(rng: np.random.Generator, actions: pd.DataFrame) -> pd.DataFrame:
    """Return at most three extensions of actions that were not done in time: action (its row), extended, due."""
    due = actions["due"].to_numpy().copy()
    is_begun = actions["status"].isin((IN_PROGRESS, UNDER_REVIEW, RESOLVED)).to_numpy()
    parts, is_extended = [], np.ones(len(actions), dtype=bool)
    for chance in _EXTENDED:
        is_late = is_begun & (due <= LAST_DAY) & (actions["resolved"].to_numpy() > due)
        is_extended &= is_late & (rng.random(len(actions)) < chance)
        decided = np.maximum(due - rng.integers(0, 30, len(actions)), actions["started"].to_numpy())
        later = np.maximum(due, decided) + rng.integers(*_EXTENDED_BY, len(actions))
        is_extended &= decided <= LAST_DAY
        rows = np.flatnonzero(is_extended)
        parts.append(pd.DataFrame({"action": rows, "extended": decided[rows], "due": later[rows]}))
        due[rows] = later[rows]
    return pd.concat(parts, ignore_index=True).sort_values(["action", "extended"], ignore_index=True)


def _begun(
    rng: np.random.Generator,
    quality: Quality,
    versions: Sequence[Version],
    done: Assessments,
    findings: Findings,
) -> pd.DataFrame:
    criteria = pd.concat([one.criteria for one in versions], ignore_index=True).iloc[findings.line]
    is_strict = (criteria["kind"] == "zero_tolerance").to_numpy(dtype=bool)
    needs_capital = criteria["needs_capital"].to_numpy(dtype=bool)
    is_unmet = np.isin(findings.found, (PARTIAL, NOT_MET))
    chance = np.where(findings.found == NOT_MET, _OF_NOT_MET, _OF_PARTIAL)
    chance = np.select([is_strict, needs_capital], [_OF_ZERO_TOLERANCE, _OF_CAPITAL], chance)
    rows = np.flatnonzero(is_unmet & (rng.random(len(findings)) < chance))
    assessment = findings.assessment[rows]
    begun = pd.DataFrame(
        {
            "which": done.which[assessment],
            "finding": rows,
            "line": findings.line[rows],
            "criterion": findings.criterion[rows],
            "created": done.day[assessment],
        }
    ).drop_duplicates(["which", "criterion"])
    others = max(2, round(_OF_NO_FINDING * len(begun)))
    other = pd.DataFrame(
        {
            "which": rng.integers(len(quality.site), size=others),
            **dict.fromkeys(("finding", "line", "criterion"), -1),
            "created": rng.integers(FIRST_DAY, LAST_DAY - 30, others),
        }
    )
    return pd.concat([begun, other], ignore_index=True)


def _met_from(rng: np.random.Generator, quality: Quality, begun: pd.DataFrame) -> Ints:
    """Return the first day of a quarter, after an action was set up, on which its criterion is truly met."""
    which, criterion = begun["which"].to_numpy(), begun["criterion"].to_numpy()
    created = begun["created"].to_numpy()
    days = np.array([np.datetime64(start).astype(np.int64) for start in QUARTER_STARTS])
    margin = quality.at(which[:, None], days[None]) + quality.own[which, criterion][:, None]
    is_met = (margin > MET_ABOVE) & (days[None] > created[:, None])
    found = np.where(is_met.any(axis=1), days[is_met.argmax(axis=1)], NEVER)
    other = created + rng.integers(100, 900, len(begun))
    other = np.where((rng.random(len(begun)) < _OTHER_DONE) & (other <= LAST_DAY), other, NEVER)
    return np.asarray(np.where(criterion < 0, other, found))


def _statuses(
    rng: np.random.Generator, created: Ints, started: Ints, met_from: Ints, finished: Ints
) -> tuple[Ints, Ints]:
    """Return status and day of resolution of each action."""
    count, luck, other = len(created), rng.random(len(created)), rng.random(len(created))
    is_done = (met_from <= LAST_DAY) & (finished <= LAST_DAY)
    pretended = started + rng.integers(60, 400, count)
    is_waiting = is_done & ((luck < _WAITING) | ((finished > LAST_DAY - _WAITING_DAYS) & (luck < 0.6)))
    is_false = ~is_done & (luck < _FALSELY_RESOLVED) & (pretended <= LAST_DAY)
    is_claimed = ~is_done & (luck > 1 - _FALSELY_CLAIMED)
    is_old = created < LAST_DAY - _GIVEN_UP_DAYS
    is_recent = created > LAST_DAY - _RECENT_DAYS
    status = np.select(
        [
            (other < _CANCELLED) | (is_old & ~is_done & (other < _GIVEN_UP)),
            is_waiting | is_claimed,
            is_done | is_false,
            is_recent & (other > 0.75),
            (is_recent & (other > 0.4)) | (other > 0.95),
        ],
        [CANCELLED, UNDER_REVIEW, RESOLVED, DRAFT, NEW],
        IN_PROGRESS,
    )
    return np.asarray(status), np.where(is_done, finished, pretended)


def _due(rng: np.random.Generator, versions: Sequence[Version], begun: pd.DataFrame, status: Ints) -> Ints:
    """Return the day on which each action was first due; NEVER where none was set."""
    track = tracks(versions, begun["line"].to_numpy())
    days = np.array([_DUE_DAYS[one] for one in track])
    due = begun["created"].to_numpy() + np.round(days * rng.lognormal(0, 0.3, len(begun))).astype(np.int64)
    has_none = rng.random(len(begun)) < np.where(status == DRAFT, 0.6, 0.04)
    return np.asarray(np.where(has_none, NEVER, due))


def tracks(versions: Sequence[Version], line: Rows) -> npt.NDArray[np.object_]:
    """Return the response track of the criteria in `line`; of none: improve."""
    known = [one for version in versions for one in version.criteria["response_track"]]
    return np.array([*known, "improve"], dtype=object)[line]


def is_known(days: Ints) -> Flags:
    """Return which days are days."""
    return np.asarray(days < NEVER)
