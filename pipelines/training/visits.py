"""Visits and what they saw: uneven over the sites, and the worse the risk, the more and graver is found."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.columns import iso_days, opaque_ids
from pipelines.training.kinds import CODES
from pipelines.training.plants import AS_OF, QUARTER_STARTS
from pipelines.training.sites import Sites
from pipelines.training.truth import Truth, relative_rates

Floats = npt.NDArray[np.float64]

# One site in six is never visited; the others one to six times, more often near towns.
_NEVER_NEAR: Final = 0.08
_NEVER_FAR: Final = 0.30
_LOOKED_AT: Final = 0.85
_VISITORS: Final = (
    # Organisation, stands on the site, is independent, share.
    ("Fair Lode Assessors", True, True, 0.45),
    ("Belt Cooperative Union", True, False, 0.30),
    ("Remote Survey Desk", False, True, 0.25),
)
_CHANCE_AT_PAR: Final = 0.35
_WORST_FORMS: Final = ("CHL", "OSH", "VIO")


def make_visits(rng: np.random.Generator, sites: Sites, truth: Truth) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables site_visits and observations.

    Where the true rate per worker of a category is that of the belt, a visit finds the risk in one of three
    cases; twice the rate raises the odds fourfold and the severity seen by one. Idle sites are visited, too,
    and nothing is found there.
    """
    site, day = _when(rng, sites)
    visitor = rng.choice(len(_VISITORS), len(site), p=[share for *_, share in _VISITORS])
    is_on_site = np.array([one[1] for one in _VISITORS])[visitor]
    workers = sites.workers[site]
    counted = np.round(workers * rng.lognormal(0, 0.2, len(site)))
    ids = opaque_ids("visit-", len(site))
    visits = pd.DataFrame(
        {
            "visit_id": ids,
            "site_record_id": [f"reg-{one}" for one in sites.frame["site"].to_numpy()[site]],
            "visited_on": iso_days(day),
            "visitor": np.array([one[0] for one in _VISITORS], dtype=object)[visitor],
            "is_on_site": np.where(is_on_site, "yes", "no"),
            "is_independent": np.where(np.array([one[2] for one in _VISITORS])[visitor], "yes", "no"),
            "workers": pd.Series(counted).astype("Int64").where(is_on_site | (workers == 0)),
        }
    )
    return visits, _observed(rng, ids, site, day, sites, truth)


def _when(rng: np.random.Generator, sites: Sites) -> tuple[npt.NDArray, npt.NDArray]:
    """Return the site and the day of each visit, in order of time."""
    far = np.clip(sites.frame["town_km"].to_numpy() / 40, 0, 1)
    is_visited = rng.random(len(far)) >= _NEVER_NEAR + (_NEVER_FAR - _NEVER_NEAR) * far
    count = np.where(is_visited, 1 + rng.binomial(5, 0.55 - 0.35 * far), 0)
    site = np.repeat(np.arange(len(far)), count)
    first, last = np.datetime64(QUARTER_STARTS[0]).astype(int), np.datetime64(AS_OF).astype(int)
    day = rng.integers(first, last + 1, len(site))
    order = np.lexsort((site, day))
    return site[order], day[order]


def _observed(
    rng: np.random.Generator,
    ids: npt.NDArray,
    site: npt.NDArray,
    day: npt.NDArray,
    sites: Sites,
    truth: Truth,
) -> pd.DataFrame:
    starts = np.array([np.datetime64(start).astype(int) for start in QUARTER_STARTS])
    quarter = np.searchsorted(starts, day, side="right") - 1
    excess = _excess(sites, truth)[site, :, quarter]
    odds = _CHANCE_AT_PAR / (1 - _CHANCE_AT_PAR) * 4.0**excess
    is_active = (sites.workers[site] > 0)[:, None]
    is_found = (rng.random(odds.shape) < odds / (1 + odds)) & is_active
    severity = np.clip(np.round(2.5 + excess + rng.normal(0, 0.7, odds.shape)), 1, 5).astype(np.int64)
    can_be_worst = np.isin(CODES, _WORST_FORMS)
    is_worst = is_found & can_be_worst & (severity >= 4) & (rng.random(odds.shape) < 0.3)
    severity[is_worst] = 5
    visit, category = np.nonzero(rng.random(odds.shape) < _LOOKED_AT)
    found = is_found[visit, category]
    return pd.DataFrame(
        {
            "visit_id": ids[visit],
            "category": np.array(CODES, dtype=object)[category],
            "severity": pd.Series(severity[visit, category]).astype("Int64").where(found),
            "has_worst_form": np.where(is_worst[visit, category], "yes", "no"),
        }
    )


def _excess(sites: Sites, truth: Truth) -> Floats:
    """Return the binary logarithm of the true relative rate of each site, category and quarter; idle: 0."""
    each = np.arange(len(sites.frame))
    found = relative_rates(truth.rates, sites.workers, each, len(each))
    return np.asarray(np.log2(np.where(np.isnan(found), 1.0, found)))
