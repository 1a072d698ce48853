"""Tails, cut-offs and least counts are those of the published tables and of independent libraries."""

from __future__ import annotations

from fractions import Fraction
from math import comb, log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from risk.tails import binomial_tail, cut_off, hypergeometric_tail, least_expected, log_likelihood_ratio

KNOWN = Path(__file__).parent / "known"


def test_the_share_tail_is_that_of_r() -> None:
    table = pd.read_csv(KNOWN / "share_fixture.csv")
    p = hypergeometric_tail(table["theme"], table["all"].sum(), table["theme"].sum(), table["all"])
    np.testing.assert_allclose(p, table["p_hyper"], rtol=1e-9)
    np.testing.assert_allclose(stats.false_discovery_control(p), table["q_bh"], rtol=1e-9)
    bar = cut_off(p, 0.05)
    assert ((p <= bar.p) == (table["q_bh"] <= 0.05)).all()
    assert bar.passes == (table["q_bh"] <= 0.05).sum() > 0


@given(st.integers(1, 60), st.data())
def test_the_share_tail_is_the_sum_of_exact_fractions(reports: int, data: st.DataObject) -> None:
    theme, drawn = data.draw(st.integers(0, reports)), data.draw(st.integers(0, reports))
    observed = data.draw(st.integers(0, min(theme, drawn)))
    ways = sum(
        comb(theme, k) * comb(reports - theme, drawn - k) for k in range(observed, min(theme, drawn) + 1)
    )
    exact = float(Fraction(ways, comb(reports, drawn)))
    assert float(hypergeometric_tail(observed, reports, theme, drawn)) == pytest.approx(exact, rel=1e-9)


@given(st.integers(1, 60), st.integers(1, 99), st.data())
def test_the_rate_tail_is_the_sum_of_exact_fractions(total: int, part_pct: int, data: st.DataObject) -> None:
    observed = data.draw(st.integers(0, total))
    part = Fraction(part_pct, 100)
    exact = sum(comb(total, k) * part**k * (1 - part) ** (total - k) for k in range(observed, total + 1))
    assert float(binomial_tail(observed, total, part_pct / 100)) == pytest.approx(float(exact), rel=1e-9)


def test_tails_of_many_reports_keep_their_digits() -> None:
    sum_of = sum(comb(50_000, k) * comb(350_000, 1_200 - k) for k in range(250, 1_201))
    exact = float(Fraction(sum_of, comb(400_000, 1_200)))
    assert float(hypergeometric_tail(250, 400_000, 50_000, 1_200)) == pytest.approx(exact, rel=1e-9)


@given(st.lists(st.floats(1e-12, 1.0), min_size=1, max_size=60), st.sampled_from([0.01, 0.05, 0.1]))
def test_the_cut_off_passes_what_statsmodels_and_scipy_pass(p: list[float], q: float) -> None:
    bar = cut_off(p, q)
    rejected, adjusted, *_ = multipletests(p, alpha=q, method="fdr_bh")
    ours = stats.false_discovery_control(p)
    np.testing.assert_allclose(ours, adjusted, rtol=0, atol=1e-12)
    is_close = np.abs(adjusted - q) < 1e-12
    assert ((np.array(p) <= bar.p) == rejected)[~is_close].all()


def test_members_left_out_above_q_count_in_the_family() -> None:
    p = [0.001, 0.004, 0.02, 0.6, 0.9]
    assert cut_off(p[:3], 0.05, tests=5) == cut_off(p, 0.05)


def test_where_nothing_passes_the_cut_off_is_the_bar_of_the_first() -> None:
    assert cut_off([0.5, 0.9], 0.05) == (0.025, 0)
    assert cut_off([], 0.05) == (0.0, 0)


@pytest.mark.parametrize("p", [0.02, 0.005, 1e-4, 1e-7])
def test_the_least_expected_count_is_where_a_threefold_excess_is_first_noticed(p: float) -> None:
    least = least_expected(p, excess=3.0, power=0.8)
    below = np.arange(0.01, least - 1e-6, 0.01)

    def power(expected: np.ndarray) -> np.ndarray:
        critical = stats.poisson.isf(p, expected) + 1
        return stats.poisson.sf(critical - 1, 3.0 * expected)

    assert power(np.array([least + 1e-9]))[0] >= 0.8 - 1e-6
    assert (power(below) < 0.8).all()


def test_a_family_without_a_test_can_notice_nothing() -> None:
    assert least_expected(0.0, excess=3.0, power=0.8) == float("inf")


def test_the_ratio_is_kulldorffs_and_zero_without_an_excess() -> None:
    found = log_likelihood_ratio([12, 5, 4, 20], [6, 5, 8, 4], 20)
    by_hand = 12 * log(12 / 6) + 8 * log(8 / 14)
    assert found == pytest.approx([by_hand, 0.0, 0.0, 20 * log(5)], rel=1e-12)


def test_the_cut_off_is_the_bar_that_had_to_be_cleared_and_not_the_weakest_that_did() -> None:
    strong, weak = cut_off([1e-8, 1e-7, 0.5, 0.9], 0.05), cut_off([1e-8, 0.02, 0.5, 0.9], 0.05)
    assert strong == weak == (pytest.approx(0.025), 2)
    least = [least_expected(bar.p, excess=3.0, power=0.8) for bar in (strong, cut_off([0.5] * 4, 0.05))]
    assert least[0] <= least[1]  # to find something makes the test no blinder
