"""Incident records: one for each event told of, and a second one for some, as another outlet has it.

`incidents.csv` holds the summary in English and, where the report was French, in French too. A record whose
report was only ever French (a translated duplicate) has the French words in both: deduplication must cope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.columns import Objects, opaque_ids
from pipelines.training.events import DUPLICATE_SHARE, EVENT, EVENT_SHARE, FALSE_REPORT, Events
from pipelines.training.ground import PROVINCES, Ground
from pipelines.training.kinds import CODES
from pipelines.training.places import Told, first_told, retold
from pipelines.training.plants import AS_OF
from pipelines.training.reporting import MONITOR, OUTLETS
from pipelines.training.sites import Sites
from pipelines.training.truth import Truth

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

ROLES: Final = ("first", "reworded", "translated", "verbatim", "false", "measure")
FIRST, REWORDED, TRANSLATED, VERBATIM, FALSE, MEASURED = range(len(ROLES))
_COPY_SHARES: Final = ((REWORDED, 0.5), (TRANSLATED, 0.25), (VERBATIM, 0.25))
# Dates of the open edition: 87 of 101 to the day, 2 to the week, 10 to the month, 2 to the year (here: quarter).
PRECISIONS: Final = ("day", "week", "month", "quarter")
_PRECISION_SHARES: Final = (0.87, 0.02, 0.10, 0.01)
# There, nine reports in ten came within two weeks, the median after one day; the rest up to years later.
_LATE_SHARE: Final = 0.10
_LATE_DAYS: Final = (15.0, 365.0)
_MOST_SOURCES: Final = 4
# Two scenarios a kind, two wordings a scenario; victims in four wordings. Odd styles take the second wording.
STYLES: Final = 4
# How often a report tells each further fact of the event: two details, what else
# went on, and the name of the spot.
_TOLD_SHARES: Final = (1.0, 0.6, 0.8, 0.8)
_AS_OF_DAY: Final = int(np.datetime64(AS_OF).astype(np.int64))


@dataclass(frozen=True)
class Records:
    """Records in order of their first report.

    `event` is the index of the event each tells of, `role` an index of ROLES; `style` the wording,
    `is_told` (n, 4) which further facts are told;
    `tellers` (n, 4) indices of the outlets, −1 for none, `is_reposted` whether a wire has it, too.
    `told` is the place as told, `frame` what is drawn beside: dates, tolls, delays (days from 1970).
    """

    event: Ints
    role: Ints
    style: Ints
    is_told: Flags
    tellers: Ints
    is_reposted: Flags
    told: Told
    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.event)

    def only(self, rows: npt.NDArray[np.intp]) -> Records:
        """Return some of the records, in the order of `rows`."""
        told = Told(self.told.word[rows], self.told.which[rows], self.told.is_wrong[rows])
        return Records(
            self.event[rows],
            self.role[rows],
            self.style[rows],
            self.is_told[rows],
            self.tellers[rows],
            self.is_reposted[rows],
            told,
            self.frame.iloc[rows].reset_index(drop=True),
        )


def make_records(
    rng: np.random.Generator, ground: Ground, sites: Sites, truth: Truth, events: Events
) -> Records:
    """Return the records of `events`, second ones among them; what comes after the last day is left out."""
    ranked = _ranked_outlets(rng, sites, events)
    first = _first(rng, ground, sites, truth, events, ranked)
    both = _joined(first, _second(rng, ground, sites, events, first, ranked))
    known = np.flatnonzero(both.frame["reported_day"].to_numpy() <= _AS_OF_DAY)
    mixed = known[rng.permutation(len(known))]
    return both.only(mixed[np.argsort(both.frame["reported_day"].to_numpy()[mixed], kind="stable")])


def _ranked_outlets(rng: np.random.Generator, sites: Sites, events: Events) -> Ints:
    """Return the outlets in the order in which they come to each event, (E, outlets): by reach and luck."""
    is_east = (sites.frame["province_pcode"] == PROVINCES[1]).to_numpy()[events.site]
    reach = np.log(np.array([one.weight for one in OUTLETS]).T)[is_east.astype(np.int64)]
    return np.asarray(np.argsort(-(reach + rng.gumbel(size=reach.shape)), axis=1))


def _first(
    rng: np.random.Generator, ground: Ground, sites: Sites, truth: Truth, events: Events, ranked: Ints
) -> Records:
    count = len(events)
    role = np.select([events.role == EVENT, events.role == FALSE_REPORT], [FIRST, FALSE], MEASURED)
    number = 1 + rng.poisson(0.3 + 0.5 * (events.killed > 0))
    number = np.where(role == FIRST, number, 1).clip(1, _MOST_SOURCES)
    tellers = np.where(np.arange(_MOST_SOURCES) < number[:, None], ranked[:, :_MOST_SOURCES], -1)
    _let_monitor_tell(rng, truth, events, tellers)
    precision = rng.choice(len(PRECISIONS), count, p=_PRECISION_SHARES)
    is_late = rng.random(count) < _LATE_SHARE
    late = np.exp(rng.uniform(np.log(_LATE_DAYS[0]), np.log(_LATE_DAYS[1]), count))
    frame = pd.DataFrame(
        {
            "day": events.day,
            "precision": precision,
            "is_late": is_late,
            "reported_day": events.day
            + np.where(is_late, late, rng.geometric(0.45, count) - 1).astype(np.int64),
            "killed": events.killed,
            "low": events.low,
            "high": events.high,
        }
    )
    told = first_told(rng, ground, sites, events)
    style = rng.integers(0, STYLES, count)
    is_reposted = rng.random(count) < 0.2
    return Records(np.arange(count), role, style, _told_facts(rng, count), tellers, is_reposted, told, frame)


def _let_monitor_tell(rng: np.random.Generator, truth: Truth, events: Events, tellers: Ints) -> None:
    """Put the children's monitor first where it tells; where no outlet does, it stands alone."""
    here = np.flatnonzero((events.category == CODES.index("CHL")) & (events.role == EVENT))
    spot = events.site[here], events.quarter[here]
    outlets, monitor = truth.outlets[spot], truth.monitor[spot]
    told = 1 - (1 - outlets) * (1 - monitor)
    draw = rng.random(len(here)) * told
    by_monitor, alone = draw < monitor, draw < monitor * (1 - outlets)
    shifted = np.roll(tellers[here], 1, axis=1)
    shifted[:, 0] = len(OUTLETS)
    shifted[alone, 1:] = -1
    tellers[here] = np.where(by_monitor[:, None], shifted, tellers[here])


def _second(
    rng: np.random.Generator, ground: Ground, sites: Sites, events: Events, first: Records, ranked: Ints
) -> Records:
    """Return a second record of some events: one in seven or so."""
    told_of = np.flatnonzero(first.role == FIRST)
    count = round(len(told_of) * DUPLICATE_SHARE / EVENT_SHARE)
    chosen = np.sort(rng.choice(told_of, count, replace=False))
    origin = first.only(chosen)
    role = rng.choice([r for r, _ in _COPY_SHARES], count, p=[share for _, share in _COPY_SHARES])
    is_verbatim = role == VERBATIM
    told = retold(rng, ground, sites, events.site[chosen], origin.told)
    place = Told(
        np.where(is_verbatim, origin.told.word, told.word),
        np.where(is_verbatim, origin.told.which, told.which),
        np.where(is_verbatim, origin.told.is_wrong, told.is_wrong),
    )
    # An odd step takes the other wording of the same scenario.
    style = np.where(is_verbatim, origin.style, (origin.style + rng.choice([1, 3], count)) % STYLES)
    teller = np.where(role == TRANSLATED, _first_french(ranked[chosen]), ranked[chosen, _MOST_SOURCES])
    tellers = np.full((count, _MOST_SOURCES), -1)
    tellers[:, 0] = np.where(is_verbatim, origin.tellers[:, 0], teller)
    frame = _retold_facts(rng, origin.frame, is_verbatim)
    is_told = np.where(is_verbatim[:, None], origin.is_told, _told_facts(rng, count))
    return Records(chosen, role, style, is_told, tellers, is_verbatim, place, frame)


def _told_facts(rng: np.random.Generator, count: int) -> Flags:
    return np.asarray(rng.random((count, len(_TOLD_SHARES))) < _TOLD_SHARES)


def _first_french(ranked: Ints) -> Ints:
    """Return the first French outlet behind those that a first report may name."""
    languages = np.array([one.language for one in OUTLETS], dtype=object)
    is_french = np.isin(languages[ranked], ["fr"])
    has_later = is_french[:, _MOST_SOURCES:].any(axis=1, keepdims=True)
    is_french[:, :_MOST_SOURCES] &= ~has_later
    return np.asarray(ranked[np.arange(len(ranked)), is_french.argmax(axis=1)])


def _retold_facts(rng: np.random.Generator, origin: pd.DataFrame, is_verbatim: Flags) -> pd.DataFrame:
    """Return the dates and tolls of second records: one in five has another day, one in ten another toll."""
    count = len(origin)
    shifts = (~is_verbatim) & (origin["precision"] == 0).to_numpy() & (rng.random(count) < 0.2)
    day = origin["day"].to_numpy() + np.where(shifts, rng.choice([-2, -1, 1, 2], count), 0)
    day = np.minimum(day, _AS_OF_DAY)
    killed, low, high = (origin[name].to_numpy() for name in ("killed", "low", "high"))
    differs = (~is_verbatim) & (killed > 1) & (low == high) & (rng.random(count) < 0.1)
    killed = killed + np.where(differs, rng.choice([-1, 1], count), 0)
    reported = np.maximum(day, origin["reported_day"].to_numpy()) + rng.integers(0, 4, count)
    return origin.assign(
        day=day,
        killed=killed,
        low=np.where(differs, killed, low),
        high=np.where(differs, killed, high),
        reported_day=reported,
    )


def _joined(a: Records, b: Records) -> Records:
    def both(name: str, of: Callable[[Records], Any] = lambda one: one) -> npt.NDArray[Any]:
        return np.concatenate([getattr(of(a), name), getattr(of(b), name)])

    return Records(
        event=both("event"),
        role=both("role"),
        style=both("style"),
        is_told=both("is_told"),
        tellers=both("tellers"),
        is_reposted=both("is_reposted"),
        told=Told(*(both(name, lambda one: one.told) for name in ("word", "which", "is_wrong"))),
        frame=pd.concat([a.frame, b.frame], ignore_index=True),
    )


def outlet_names(tellers: Ints, values: str = "name") -> Objects:
    """Return the name (or language, or kind) of each teller, None where there is none."""
    known = [getattr(one, values) for one in (*OUTLETS, MONITOR)]
    return np.array([*known, None], dtype=object)[tellers]


def ids(records: Records) -> Objects:
    """Return the ids of the records."""
    return opaque_ids("inc-t", len(records))
