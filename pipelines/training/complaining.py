"""Grievances about sites, refiners and companies: what is alleged, when, whether it is true, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.acting import NEVER
from pipelines.training.assessing import Assessments
from pipelines.training.columns import Objects, opaque_ids
from pipelines.training.ground import Ground
from pipelines.training.kinds import CODES
from pipelines.training.quality import FIRST_DAY, LAST_DAY, Quality
from pipelines.training.refining import Refiners
from pipelines.training.restricting import Restricted
from pipelines.training.sites import Sites
from risk.categories import PROTECTION_CRITICAL

Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

# All numbers of this module are choices of this generator. Grievances at size 1.
AT_ONE: Final = 150
LEAST: Final = 30
ENTITY_KINDS: Final = ("site", "refiner", "company")
_KIND_SHARES: Final = (0.65, 0.20, 0.15)
# Of sites and refiners: those that were ever assessed.
_ASSESSED_SHARE: Final = 0.8
TRUE_CHANCE: Final = 0.6
BEFORE_FIRST, BETWEEN, AFTER_LAST, NO_ASSESSMENT = (
    *("before_first", "between", "after_last"),
    "no_assessment",
)
_WANTED: Final = (BEFORE_FIRST, BETWEEN, AFTER_LAST)
_EARLIEST: Final = FIRST_DAY - 300
_LATEST: Final = LAST_DAY - 15
_APART_DAYS: Final = 5
_TOLD_AFTER_DAYS: Final = 45.0
# How exactly the time is told: on which side days are missing, how long it lasts at most.
TIMES: Final = (
    ("day", 0.35, 0),
    ("month", 0.25, 30),
    ("half_year", 0.20, 180),
    ("since", 0.08, 60),
    ("until", 0.07, 60),
    ("not_told", 0.05, 0),
)
_PATH: Final = (
    *("received", "acknowledged", "screening", "accepted", "under_review"),
    *("mitigation", "monitoring", "closed_resolved"),
)
# How each ends where there is time: the steps, and the chance where the allegation is true, and where it is not.
_ENDS: Final = (
    (_PATH[:1], 0.04, 0.04),
    (_PATH[:2], 0.06, 0.06),
    (_PATH[:3], 0.06, 0.08),
    ((*_PATH[:3], "out_of_scope"), 0.05, 0.16),
    (_PATH[:4], 0.05, 0.04),
    (_PATH[:5], 0.14, 0.10),
    (_PATH[:6], 0.14, 0.03),
    (_PATH[:7], 0.10, 0.02),
    (_PATH, 0.22, 0.04),
    ((*_PATH[:5], "closed_unsubstantiated"), 0.08, 0.33),
    ((*_PATH[:2], "closed_withdrawn"), 0.06, 0.10),
)
# Days from one step to the next: median, by the step that follows.
_STEP_DAYS: Final = {
    "acknowledged": 6,
    "screening": 14,
    "out_of_scope": 25,
    "accepted": 25,
    "under_review": 20,
    "mitigation": 70,
    "monitoring": 100,
    "closed_resolved": 150,
    "closed_unsubstantiated": 80,
    "closed_withdrawn": 40,
}
PUBLIC_CHANCE: Final = 0.3


@dataclass(frozen=True)
class Entities:
    """Whom grievances are about: id, name, whether all may know of it, and the days of its assessments."""

    ids: Objects
    names: Objects
    is_public: npt.NDArray[np.bool_]
    assessed: Sequence[Ints]


def entities(
    ground: Ground,
    sites: Sites,
    quality: Quality,
    done: Assessments,
    refiners: Refiners,
    restricted: Restricted,
) -> dict[str, Entities]:
    """Return sites with workers, refiners of ours and holders of titles."""
    none = np.empty(0, dtype=np.int64)
    by_site: dict[int, Ints] = {
        int(quality.site[which]): np.sort(done.day[done.which == which]) for which in np.unique(done.which)
    }
    working = np.flatnonzero(sites.workers > 0)
    frame = sites.frame.iloc[working]
    own = refiners.frame["refiner_id"].notna().to_numpy()
    holders = sorted({one for one in ground.concessions["holder"] if isinstance(one, str)})
    return {
        "site": Entities(
            ("reg-" + frame["site"]).to_numpy(dtype=object),
            frame["name"].to_numpy(dtype=object),
            ~restricted.sites[working],
            [by_site.get(int(row), none) for row in working],
        ),
        "refiner": Entities(
            refiners.frame["refiner_id"].to_numpy(dtype=object)[own],
            refiners.frame["name"].to_numpy(dtype=object)[own],
            np.ones(int(own.sum()), dtype=bool),
            [days for days, is_own in zip(refiners.assessed, own, strict=True) if is_own],
        ),
        "company": Entities(
            np.array([f"com-{one.lower().replace(' ', '-')}" for one in holders], dtype=object),
            np.array(holders, dtype=object),
            np.ones(len(holders), dtype=bool),
            [none] * len(holders),
        ),
    }


def make_grievances(rng: np.random.Generator, size: float, known: dict[str, Entities]) -> pd.DataFrame:
    """Return grievances in the order in which they were received.

    Columns: grievance_id, entity_kind, entity_id, entity_name, category, event (the day that it is about),
    placement (where that day truly lies among the assessments of the entity), time (of TIMES), start and end as
    told (NEVER: not told), received, is_true, end_of (of _ENDS), is_public.
    """
    count = max(LEAST, round(AT_ONE * size))
    kind = rng.choice(len(ENTITY_KINDS), count, p=_KIND_SHARES)
    which = [_whom(rng, known[ENTITY_KINDS[one]]) for one in kind]
    about = [known[ENTITY_KINDS[one]] for one in kind]
    chosen = list(zip(about, which, strict=True))
    event, placement = zip(
        *(_event(rng, one.assessed[k], _WANTED[n % len(_WANTED)]) for n, (one, k) in enumerate(chosen)),
        strict=True,
    )
    frame = pd.DataFrame(
        {
            "entity_kind": [ENTITY_KINDS[one] for one in kind],
            "entity_id": [one.ids[k] for one, k in chosen],
            "entity_name": [one.names[k] for one, k in chosen],
            "is_open": [bool(one.is_public[k]) for one, k in chosen],
            "category": np.array(CODES, dtype=object)[rng.permutation(count) % len(CODES)],
            "event": np.array(event, dtype=np.int64),
            "placement": placement,
            "is_true": rng.random(count) < TRUE_CHANCE,
        }
    )
    frame = frame.assign(**_times(rng, frame["event"].to_numpy()))
    frame = frame.assign(
        end_of=_ends(rng, frame["is_true"].to_numpy()), is_public=_public(rng, frame)
    ).sort_values(["received", "entity_id"], ignore_index=True)
    return frame.assign(grievance_id=opaque_ids("grv-", count)).drop(columns="is_open")


def make_steps(rng: np.random.Generator, grievances: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of grievances that were taken by the last day: grievance (its row), day, status."""
    paths = [_ENDS[end][0] for end in grievances["end_of"]]
    lengths = [len(path) for path in paths]
    steps = pd.DataFrame(
        {
            "grievance": np.repeat(np.arange(len(paths)), lengths),
            "status": np.array([status for path in paths for status in path], dtype=object),
        }
    )
    median = steps["status"].map(_STEP_DAYS).fillna(0).to_numpy()
    gap = np.where(median > 0, np.maximum(np.round(median * rng.lognormal(0, 0.5, len(steps))), 1), 0)
    passed = pd.Series(gap.astype(np.int64)).groupby(steps["grievance"]).cumsum().to_numpy()
    steps["day"] = grievances["received"].to_numpy()[steps["grievance"]] + passed
    return steps[steps["day"] <= LAST_DAY].reset_index(drop=True)


def _whom(rng: np.random.Generator, known: Entities) -> int:
    """Return the number of an entity: mostly one that was assessed, where there is any."""
    assessed = [k for k, days in enumerate(known.assessed) if len(days)]
    if assessed and rng.random() < _ASSESSED_SHARE:
        return int(assessed[int(rng.integers(len(assessed)))])
    return int(rng.integers(len(known.ids)))


def _event(rng: np.random.Generator, assessed: Ints, wanted: str) -> tuple[int, str]:
    """Return the day that is alleged, and where it lies; as wanted, where the assessments leave room for it."""
    if not len(assessed):
        return int(rng.integers(_EARLIEST, _LATEST)), NO_ASSESSMENT
    ends = [_EARLIEST, *assessed.tolist(), _LATEST]
    gaps = {BEFORE_FIRST: [(ends[0], ends[1])], AFTER_LAST: [(ends[-2], ends[-1])]}
    gaps[BETWEEN] = list(pairwise(assessed.tolist()))
    for placement in (wanted, BEFORE_FIRST, AFTER_LAST):
        room = [gap for gap in gaps[placement] if gap[1] - gap[0] > 2 * _APART_DAYS]
        if room:
            low, high = room[int(rng.integers(len(room)))]
            return int(rng.integers(low + _APART_DAYS, high - _APART_DAYS + 1)), placement
    raise AssertionError("the days before the first assessment always leave room")


def _times(rng: np.random.Generator, event: Ints) -> dict[str, npt.NDArray]:
    """Return how exactly the time is told, its first and last day, and the day on which all was told."""
    count = len(event)
    time = rng.choice(len(TIMES), count, p=[share for _, share, _ in TIMES])
    longest = np.array([days for *_, days in TIMES])[time]
    before, after = (np.floor(rng.random(count) * (longest + 1) / 2).astype(np.int64) for _ in range(2))
    told = event + 1 + np.round(rng.exponential(_TOLD_AFTER_DAYS, count)).astype(np.int64)
    received = np.minimum(np.maximum(told, event + after), LAST_DAY)
    word = np.array([one for one, *_ in TIMES], dtype=object)[time]
    return {
        "time": word,
        "start": np.where(np.isin(word, ("until", "not_told")), NEVER, event - before),
        "end": np.where(np.isin(word, ("since", "not_told")), NEVER, np.minimum(event + after, received)),
        "received": received,
    }


def _ends(rng: np.random.Generator, is_true: npt.NDArray[np.bool_]) -> Rows:
    chances = np.array([[one[1] for one in _ENDS], [one[2] for one in _ENDS]])
    ends = np.cumsum(chances / chances.sum(axis=1, keepdims=True), axis=1)[np.where(is_true, 0, 1)]
    return np.asarray((rng.random(len(is_true))[:, None] > ends).sum(axis=1).clip(max=len(_ENDS) - 1))


def _public(rng: np.random.Generator, frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which grievances were published: none of a hidden site, none that may hurt who was harmed."""
    is_critical = frame["category"].isin(PROTECTION_CRITICAL).to_numpy()
    return np.asarray(frame["is_open"].to_numpy() & ~is_critical & (rng.random(len(frame)) < PUBLIC_CHANCE))
