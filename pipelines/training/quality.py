"""How good the assessed sites truly are: a quality that changes over five years, and what follows for criteria.

    margin(site, criterion, day) = quality(site, day) + own(site, criterion) − difficulty(criterion)

A criterion is truly met above `MET_ABOVE`, partly above `PARTLY_ABOVE`, and not below; zero tolerance knows
no half. `own` is lower where the criterion answers a risk that is truly higher at the site.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.columns import Flags, Objects
from pipelines.training.frameworks import Version
from pipelines.training.kinds import CODES
from pipelines.training.plants import AS_OF, QUARTER_STARTS
from pipelines.training.sites import Sites
from pipelines.training.truth import Truth, over_window, relative_rates

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

FIRST_DAY: Final = int(np.datetime64(QUARTER_STARTS[0]).astype(np.int64))
LAST_DAY: Final = int(np.datetime64(AS_OF).astype(np.int64))
DAYS_PER_YEAR: Final = 365.25
# All numbers of this module are choices of this generator.
ASSESSED_SHARE: Final = 1 / 3
IMPROVES, STAYS, WORSENS = "improves", "stays", "worsens"
# Change over the five years from which on a site improves or gets worse.
TRUE_CHANGE: Final = 0.5
_SHARES: Final = (0.45, 0.35, 0.20)
_YEARLY: Final = ((0.25, 0.80), (-0.06, 0.06), (-0.55, -0.20))
_SETBACK_CHANCE: Final = 0.15
_SETBACK: Final = (0.8, 1.6)
_START: Final = (0.1, 0.8)
_OWN_SPREAD: Final = 0.45
_RISK_WEIGHT: Final = 0.25
MET_ABOVE: Final = 0.0
PARTLY_ABOVE: Final = -0.6
_EASE: Final = {"ENTRY": 1.3, "BASE": 0.2, "PROG": -0.8, "ADV": -1.7}
_ZERO_TOLERANCE_EASE: Final = 0.7
_CAPITAL_HARDNESS: Final = 0.4
# Where nobody digs, nothing is asked of pits; elsewhere some criteria do not apply.
_DRY_KINDS: Final = ("washing", "depot")
_OF_PITS: Final = ("OSH-03", "OSH-04", "OSH-05", "OSH-06")
_OF_WASHING: Final = ("ENV-01", "ENV-02")
_NO_WASHING_CHANCE: Final = 0.3
_NO_TITLE_CHANCE: Final = 0.07

MET, PARTIAL, NOT_MET, NA, NOT_ASSESSED = range(5)
RESULTS: Final = np.array(["met", "partial", "not_met", "na", "not_assessed"], dtype=object)


@dataclass(frozen=True)
class Quality:
    """The true quality of the assessed sites; A sites, C criteria of all versions together.

    `site` (A): their rows in the sites. `start`, `yearly`, `setback` (how much is lost) and `setback_day` (after
    the last day: never) say how quality goes. `criteria` (C): ids; `own`, (A, C): the site's own part, less the
    difficulty; `is_na`, (A, C): the criterion does not apply; `is_strict` (C): of zero tolerance.
    """

    site: Rows
    start: Floats
    yearly: Floats
    setback: Floats
    setback_day: Ints
    criteria: Objects
    own: Floats
    is_na: Flags
    is_strict: Flags

    def at(self, which: Rows, day: Ints) -> Floats:
        """Return the quality of assessed sites, by their number from 0, on days; shapes as numpy joins them."""
        gone = self.setback[which] * (day >= self.setback_day[which])
        return np.asarray(self.start[which] + self.yearly[which] * (day - FIRST_DAY) / DAYS_PER_YEAR - gone)

    def numbers(self, version: Version) -> Rows:
        """Return the place of each criterion of a version among all criteria."""
        asked = pd.Index(version.criteria["criterion_id"].to_numpy(dtype=object))
        return np.asarray(pd.Index(self.criteria).get_indexer(asked))

    def courses(self) -> Objects:
        """Return what each site truly does from the first day to the last."""
        which = np.arange(len(self.site))
        change = self.at(which, np.array(LAST_DAY)) - self.at(which, np.array(FIRST_DAY))
        words = np.where(change >= TRUE_CHANGE, IMPROVES, np.where(change <= -TRUE_CHANGE, WORSENS, STAYS))
        return np.asarray(words, dtype=object)


def make_quality(
    rng: np.random.Generator, sites: Sites, truth: Truth, versions: Sequence[Version]
) -> Quality:
    """Return which sites are assessed at all, and how good they truly are."""
    site = _assessed(rng, sites)
    count = len(site)
    course = rng.choice(len(_SHARES), count, p=_SHARES)
    low, high = np.array(_YEARLY)[course].T
    has_setback = rng.random(count) < _SETBACK_CHANCE
    day = rng.integers(FIRST_DAY + 365, LAST_DAY - 90, count)
    criteria = _criteria(versions)
    return Quality(
        site=site,
        start=rng.normal(*_START, count),
        yearly=rng.uniform(low, high),
        setback=np.where(has_setback, rng.uniform(*_SETBACK, count), 0.0),
        setback_day=np.where(has_setback, day, LAST_DAY + 1),
        criteria=criteria["criterion_id"].to_numpy(dtype=object),
        own=_own(rng, site, sites, truth, criteria),
        is_na=_not_applicable(rng, site, sites, criteria),
        is_strict=(criteria["kind"] == "zero_tolerance").to_numpy(dtype=bool),
    )


def results_of(margin: Floats, is_strict: Flags, is_na: Flags) -> Ints:
    """Return the result (a number of RESULTS) that follows from margins.

    >>> results_of(np.array([0.1, -0.3, -0.3, 2]), np.array([0, 0, 1, 0]) > 0, np.array([0, 0, 0, 1]) > 0).tolist()
    [0, 1, 2, 3]
    """
    partly = np.where((margin > PARTLY_ABOVE) & ~is_strict, PARTIAL, NOT_MET)
    found = np.where(margin > MET_ABOVE, MET, partly)
    return np.asarray(np.where(is_na, NA, found))


def _assessed(rng: np.random.Generator, sites: Sites) -> Rows:
    """Return a third of the sites with workers, more of them near towns, in the order of the sites."""
    working = np.flatnonzero(sites.workers > 0)
    weight = 1.0 / (1.0 + sites.frame["town_km"].to_numpy()[working] / 10)
    count = max(4, round(ASSESSED_SHARE * len(working)))
    return np.sort(rng.choice(working, count, replace=False, p=weight / weight.sum()))


def _criteria(versions: Sequence[Version]) -> pd.DataFrame:
    """Return each criterion once, as the latest version has it, by id."""
    every = pd.concat([one.criteria for one in versions])
    return every.drop_duplicates("criterion_id", keep="last").sort_values("criterion_id", ignore_index=True)


def _own(rng: np.random.Generator, site: Rows, sites: Sites, truth: Truth, criteria: pd.DataFrame) -> Floats:
    each = np.arange(len(sites.frame))
    rate = relative_rates(over_window(truth.rates), sites.workers, each, len(each))[site, :, 0]
    # Of a criterion that answers no category: no risk beside the others.
    excess = np.column_stack([np.log2(rate), np.zeros(len(site))])
    column = [CODES.index(code) if isinstance(code, str) else len(CODES) for code in criteria["category"]]
    ease = criteria["level"].map(_EASE).to_numpy(dtype=np.float64)
    ease = ease + _ZERO_TOLERANCE_EASE * (criteria["kind"] == "zero_tolerance").to_numpy(dtype=bool)
    ease = ease - _CAPITAL_HARDNESS * criteria["needs_capital"].to_numpy(dtype=bool)
    own = rng.normal(0, _OWN_SPREAD, (len(site), len(criteria)))
    return np.asarray(own + ease - _RISK_WEIGHT * excess[:, column])


def _not_applicable(rng: np.random.Generator, site: Rows, sites: Sites, criteria: pd.DataFrame) -> Flags:
    is_dry = sites.frame["kind"].isin(_DRY_KINDS).to_numpy()[site]
    has_no_washing = ~is_dry & (rng.random(len(site)) < _NO_WASHING_CHANCE)
    has_no_title = rng.random(len(site)) < _NO_TITLE_CHANCE
    ids = criteria["criterion_id"]
    found = np.zeros((len(site), len(ids)), dtype=bool)
    for rows, columns in (
        (is_dry, ids.isin(_OF_PITS)),
        (has_no_washing, ids.isin(_OF_WASHING)),
        (has_no_title, ids == "GOV-03"),
    ):
        found |= rows[:, None] & columns.to_numpy(dtype=bool)[None]
    return found
