"""Rates drawn towards their mean: the published numbers, the limits, and the interval."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from risk.rates import fit_prior, relative_risk

SIDS = Path(__file__).parent / "known" / "sids_counties.csv"


@pytest.fixture(scope="module")
def sids() -> pd.DataFrame:
    return pd.read_csv(SIDS)


def test_the_prior_of_north_carolina_is_the_published_one(sids: pd.DataFrame) -> None:
    prior = fit_prior(sids["SID74"], sids["BIR74"])
    assert prior.variance[0] == pytest.approx(7.69293064701465e-07, rel=1e-12)
    assert prior.mean == pytest.approx(0.00202144489365442, rel=1e-12)
    assert prior.alpha[0] == pytest.approx(5.31168113372666, rel=1e-12)
    assert prior.beta[0] == pytest.approx(2627.66556258878, rel=1e-12)


def test_the_shrunk_rates_are_those_of_esda(sids: pd.DataFrame) -> None:
    from esda.smoothing import Empirical_Bayes

    peer = Empirical_Bayes(sids["SID74"].to_numpy(), sids["BIR74"].to_numpy()).r.ravel()
    prior = fit_prior(sids["SID74"], sids["BIR74"])
    found = relative_risk(prior, sids["SID74"], sids["BIR74"])
    np.testing.assert_allclose(found.rr * prior.mean, peer, rtol=1e-12)


def test_the_interval_is_that_of_the_gamma_posterior(sids: pd.DataFrame) -> None:
    prior = fit_prior(sids["SID74"], sids["BIR74"])
    found = relative_risk(prior, sids["SID74"], sids["BIR74"])
    posterior = stats.gamma(
        a=sids["SID74"] + prior.alpha[0], scale=1 / (sids["BIR74"] + prior.beta[0]) / prior.mean
    )
    np.testing.assert_allclose(found.low, posterior.ppf(0.05), rtol=1e-9)
    np.testing.assert_allclose(found.high, posterior.ppf(0.95), rtol=1e-9)


def test_equal_rates_are_pooled_and_every_risk_is_1() -> None:
    exposure = np.array([100.0, 250.0, 1_000.0])
    prior = fit_prior(exposure * 0.01, exposure)
    assert prior.is_pooled
    assert prior.variance[0] == 0.0
    found = relative_risk(prior, exposure * 0.01, exposure)
    assert [set(part) for part in found] == [{1.0}, {1.0}, {1.0}]


def test_more_exposure_draws_a_rate_less_towards_the_mean() -> None:
    exposure = np.array([10.0, 1_000.0, 5_000.0, 5_000.0])
    counts = np.array([1.0, 100.0, 50.0, 10.0])
    found = relative_risk(fit_prior(counts, exposure), counts, exposure)
    assert 1.0 < found.rr[0] < found.rr[1]
    assert found.high[0] - found.low[0] > found.high[1] - found.low[1]


def test_pooled_draws_of_equal_imputations_give_the_exact_interval() -> None:
    rng = np.random.default_rng(3)
    exposure = np.full(40, 100.0)
    counts = rng.poisson(exposure * rng.gamma(2.0, 0.05, 40))
    one = relative_risk(fit_prior(counts, exposure), counts, exposure)
    twenty = np.repeat(counts[:, None], 20, axis=1)
    many = relative_risk(fit_prior(twenty, exposure), twenty, exposure, rng=rng, draws=2_000)
    np.testing.assert_allclose(many.rr, one.rr, rtol=1e-12)
    np.testing.assert_allclose(many.low, one.low, rtol=0.03)
    np.testing.assert_allclose(many.high, one.high, rtol=0.03)


def test_imputations_that_differ_widen_the_interval() -> None:
    exposure = np.full(30, 100.0)
    base = np.random.default_rng(4).poisson(10, (30, 1)).astype(float)
    base[0] = 40
    same = np.repeat(base, 20, axis=1)
    moved = same.copy()
    moved[0] += np.tile([-25, 25], 10)
    moved[1] -= np.tile([-25, 25], 10)
    moved = np.clip(moved, 0, None)
    widths = []
    for counts in (same, moved):
        prior = fit_prior(counts, exposure)
        found = relative_risk(prior, counts, exposure, rng=np.random.default_rng(5))
        widths.append(found.high[0] - found.low[0])
    assert widths[1] > 1.5 * widths[0]


def test_without_events_there_is_no_relative_risk() -> None:
    found = relative_risk(fit_prior([0, 0], [5.0, 5.0]), [0, 0], [5.0, 5.0])
    assert all(np.isnan(part).all() for part in found)


def test_without_exposure_a_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="exposure must be above 0"):
        fit_prior([1, 2], [10.0, 0.0])
    with pytest.raises(ValueError, match="exposure must be above 0"):
        fit_prior([1, 2], [10.0, float("nan")])


def test_several_imputations_are_not_pooled_without_draws() -> None:
    counts = np.array([[0.0, 1.0], [30.0, 29.0]])
    with pytest.raises(ValueError, match="give rng"):
        relative_risk(fit_prior(counts, [10.0, 10.0]), counts, [10.0, 10.0])
