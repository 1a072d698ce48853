"""How far a score could be off: the same for a seed, wider with age, and never a rank that is not known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from risk.method import METHOD
from risk.scores import site_scores
from risk.uncertainty import draw_scores, rank_intervals
from tests.made_evidence import evidence, finding, peers, score, seen, told

FEWER = replace(METHOD, draws=200)


def width(frame: pd.DataFrame, category: str) -> float:
    row = score(frame, category=category)
    return float(row["score_high"] - row["score_low"])


def test_the_same_seed_gives_the_same_draws_for_any_order_of_rows() -> None:
    known = evidence(1)
    first = draw_scores(*known, seed=3, method=FEWER)
    again = draw_scores(*(frame.sample(frac=1, random_state=5) for frame in known), seed=3, method=FEWER)
    assert first.site_ids == again.site_ids
    np.testing.assert_array_equal(first.scores, again.scores)
    pd.testing.assert_frame_equal(first.intervals, again.intervals)
    other = draw_scores(*known, seed=4, method=FEWER)
    assert not np.array_equal(first.scores, other.scores, equal_nan=True)


def test_another_seed_moves_the_ends_by_little() -> None:
    known = evidence(2)
    one, two = (draw_scores(*known, seed=seed).intervals for seed in (1, 2))
    apart = (one["score_low"] - two["score_low"]).abs()
    assert apart.median() < 1.5
    assert apart.max() < 8


def test_there_is_an_interval_for_every_score_and_it_holds_it() -> None:
    known = evidence(3)
    both = site_scores(*known).merge(draw_scores(*known).intervals, how="outer", validate="1:1")
    assert both[["score", "score_low", "score_high"]].notna().all(axis=None)
    assert both["score_low"].between(0, 100).all()
    assert (both["score_low"] <= both["score_high"]).all()
    inside = both["score"].between(both["score_low"] - 1e-3, both["score_high"] + 1e-3)
    assert inside.mean() > 0.98


@pytest.mark.parametrize("category", ["OSH", "SEC"])
@pytest.mark.parametrize("x", [0.0, 2.5, 5.0, 10.0])
@pytest.mark.parametrize("others", [[], [0.0] * 20, [10.0] * 20, [0.0, 2.5, 5.0, 10.0]])
def test_five_more_years_widen_the_interval(category: str, x: float, others: list[float]) -> None:
    fresh = seen(finding("a", category, x), finding("a", "ENV", 10.0), *peers(category, *others))
    old = fresh.assign(age_months=fresh["age_months"] + 60 * (fresh["site_id"] == "a"))
    before, after = (draw_scores(rows, method=FEWER).intervals for rows in (fresh, old))
    assert width(after, category) > width(before, category)
    assert width(after, "ALL") > width(before, "ALL")


def test_vague_places_widen_the_interval() -> None:
    plain = told(("a", "ALL", 2.0))
    gamma = plain.assign(rr_shape=4.0)
    drawn = pd.concat([plain.assign(imputation=number, rr=rr) for number, rr in enumerate((0.5, 2.0, 5.0))])
    widths = [width(draw_scores(seen(), rows).intervals, "ALL") for rows in (plain, gamma, drawn)]
    assert widths[0] == 0
    assert min(widths[1:]) > 20


def test_rate_ratios_are_drawn_from_their_gamma_distribution() -> None:
    rows = told(("a", "ALL", 2.0)).assign(rr_shape=400.0)
    low, high = score(draw_scores(seen(), rows).intervals)[["score_low", "score_high"]]
    spread = 1.645 * 2 / np.sqrt(400)  # 90 % of a gamma with so large a shape
    ends = [25 * (np.log2(2 + sign * spread) + 1) for sign in (-1, 1)]
    assert [low, high] == pytest.approx(ends, abs=0.6)


def test_a_floored_theme_stays_at_the_floor_in_every_draw() -> None:
    worst = pd.DataFrame([{"site_id": "a", "category": "CHL", "age_months": 1}])
    found = draw_scores(seen(finding("a", "CHL", 0)), told(("a", "CHL", 0.1)), worst, method=FEWER)
    assert score(found.intervals, category="CHL")["score_low"] >= 70 - 1e-4


def test_ranks_that_overlap_are_not_shown() -> None:
    rng = np.random.default_rng(1)
    apart = np.arange(30)[:, None] * 3 + rng.uniform(0, 1, (30, 100))
    mixed = rng.uniform(0, 100, (30, 100))
    names = [f"s{number:02d}" for number in range(30)]
    known, unknown = rank_intervals(names, apart), rank_intervals(names, mixed)
    assert known["has_rank"].all()
    assert known["rank_low"].tolist() == known["rank_high"].tolist() == list(range(1, 31))
    assert known["third_low"].tolist() == [1] * 10 + [2] * 10 + [3] * 10
    assert not unknown["has_rank"].any()
    assert set(unknown["third_low"]) == {1}
    assert set(unknown["third_high"]) == {3}


def test_a_site_without_a_score_has_no_rank() -> None:
    scores = np.array([[1.0, 2.0], [np.nan, np.nan], [3.0, 4.0]])
    assert rank_intervals(["a", "b", "c"], scores)["site_id"].tolist() == ["a", "c"]
    assert rank_intervals([], np.empty((0, 5))).empty


def test_one_site_is_in_the_middle_third_and_has_no_rank() -> None:
    row = score(draw_scores(seen(finding("a", "OSH", 5)), method=FEWER).intervals)
    assert (row["third_low"], row["third_high"], row["has_rank"]) == (2, 2, False)


def test_no_evidence_gives_no_draw() -> None:
    found = draw_scores(seen(), method=FEWER)
    assert found.site_ids == []
    assert found.scores.shape == (0, 200)
    assert found.intervals.empty
