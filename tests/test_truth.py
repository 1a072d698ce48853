"""What the benchmark of the truth counts: parts of wholes, flagged cells, words, orders, and what others flag."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from benchmarks.against import Map, counts, emerging, hottest, kernel, local_g
from benchmarks.holdout import hits, true_excess
from benchmarks.truths import cells, orders, words
from benchmarks.truths.making import Scored, made
from benchmarks.truths.tally import Part, figures, share

TINY = 0.15
THEMES = ["OSH", "SEC"]


@cache
def tiny() -> Scored:
    return made(3, TINY)


@cache
def tiny_even() -> Scored:
    return made(4, TINY, is_even=True)


def grid_map(told: np.ndarray, exposure: float = 100.0) -> Map:
    """A line of cells 6 km apart, with so many events in each cell and quarter."""
    size, quarters = told.shape
    cell, quarter = np.nonzero(told)
    several = told[cell, quarter]
    at = np.repeat(cell, several)
    x_m = 6_000.0 * np.arange(size)
    y_m = 1_000.0 * (np.arange(size) % 3)
    return Map(
        x_m=x_m,
        y_m=y_m,
        exposure=np.full(size, exposure),
        at=at,
        event_x_m=x_m[at],
        event_y_m=y_m[at],
        quarter=np.repeat(quarter, several),
        quarters=quarters,
    )


def test_a_share_counts_what_is_so_among_some() -> None:
    part = share("t", "s", "f", np.array([True, True, False]), np.array([True, False, True]))
    assert part == Part("t", "s", "f", 1.0, 2.0)


def test_figures_sum_over_editions_and_their_interval_holds_the_value() -> None:
    editions = [[Part("t", "s", "f", part, 10.0)] for part in (2.0, 4.0, 6.0)] + [[Part("t", "s", "f", 0, 0)]]
    (row,) = figures(editions).to_dict("records")
    assert row["value"] == pytest.approx(12 / 30)
    assert 0.2 <= row["low"] < row["value"] < row["high"] <= 0.6
    assert row["runs"] == 3


def test_a_yes_or_no_of_each_edition_has_an_exact_interval() -> None:
    row = figures([[Part("t", "s", "f", 0.0, 1.0)] for _ in range(20)]).iloc[0]
    # Clopper and Pearson: 1 − 0.05^(1/20).
    assert row["high"] == pytest.approx(1 - 0.05 ** (1 / 20))
    assert row["low"] == 0


def test_all_of_a_few_is_no_certainty() -> None:
    row = figures([[Part("t", "s", "f", 4.0, 4.0)] for _ in range(11)]).iloc[0]
    assert row["low"] == pytest.approx(0.05 ** (1 / 44))


def test_flagged_cells_are_right_where_the_truth_is_at_twice_the_rate() -> None:
    rates = pd.DataFrame({"OSH": [3.0, 2.0, 0.5, 1.0]}, index=list("abcd"))
    flagged = pd.DataFrame({"OSH": [True, False, True, False]}, index=list("abcd"))
    found = {part.figure: (part.part, part.whole) for part in cells.against_truth(flagged, rates, "way")}
    assert found["flagged cells, truly at twice the rate"] == (1, 2)
    assert found["flagged cells, truly at the rate of the belt or below"] == (1, 2)
    assert found["cells at twice the rate, flagged"] == (1, 2)


def test_a_zone_counts_as_found_from_half_of_its_cells() -> None:
    flagged = pd.DataFrame({"OSH": [True, False, False], "SEC": False}, index=list("abc"))
    zones = pd.DataFrame(
        {
            "cells": ["a; b", "b; c", "a; b"],
            "category": ["OSH", "OSH", "SEC"],
            "is_in_window": ["yes", "yes", "no"],
        }
    )
    found = {part.figure: (part.part, part.whole) for part in cells.against_zones(flagged, zones, "way")}
    assert found["cells of planted zones, flagged"] == (1, 4)
    assert found["planted zones, half flagged"] == (1, 2)


def test_one_flagged_cell_is_a_false_alarm_on_an_even_belt() -> None:
    flagged = pd.DataFrame({"OSH": [True, False], "SEC": [False, False]})
    alarm, part = cells.against_silence(flagged, "way")
    assert (alarm.part, alarm.whole) == (1, 1)
    assert (part.part, part.whole) == (1, 4)


def test_others_flag_the_cell_that_stands_out() -> None:
    told = np.ones((40, 8), dtype=int)
    told[19:22] = 12
    here = grid_map(told)
    for flagged in (counts.flagged(here), local_g.flagged(here), local_g.flagged_after_correction(here)):
        assert flagged[20]
        assert not flagged[[0, 5, 35, 39]].any()
    assert kernel.flagged(here)[20]
    assert emerging.flagged(here)[20]


def test_the_hottest_cells_are_a_twentieth_and_never_empty_ones() -> None:
    assert hottest(np.arange(1.0, 101.0)).sum() == 5
    assert hottest(np.zeros(100)).sum() == 0


def test_others_flag_nothing_on_a_map_without_differences() -> None:
    here = grid_map(np.ones((30, 8), dtype=int))
    assert not local_g.flagged(here).any()
    assert not emerging.flagged(here).any()
    assert not emerging.trending(here).any()


def test_mann_kendall_agrees_with_kendalls_tau() -> None:
    from scipy import stats

    rows = np.random.default_rng(1).normal(size=(5, 12))
    expected = []
    for row in rows:
        score = sum(np.sign(b - a) for k, a in enumerate(row) for b in row[k + 1 :])
        expected.append(2 * stats.norm.sf(max(abs(score) - 1, 0) / np.sqrt(12 * 11 * 29 / 18)))
    np.testing.assert_allclose(emerging.mann_kendall(rows), expected)


def test_the_hit_rate_counts_events_in_five_percent_of_the_cells() -> None:
    after = np.zeros(40)
    after[[0, 1, 5]] = [6, 2, 2]
    values = np.arange(40.0, 0, -1)
    found = {part.figure: part.part / part.whole for part in hits("way", values, after)}
    assert found == {"hit rate, n/N": 0.8, "PAI": pytest.approx(16), "PEI*": 1.0}
    rates = np.ones(40)
    rates[0] = 3
    excess = true_excess("way", values, np.ones(40), rates)
    assert excess.part / excess.whole == 2


def test_an_even_belt_has_one_true_rate_everywhere_and_no_zone() -> None:
    rates = tiny_even().true_rates().dropna()
    assert len(rates) > 10
    # Accidents have seasons, which all cells share.
    np.testing.assert_allclose(rates.to_numpy(), 1.0, atol=1e-3)
    assert "hotspots" not in tiny_even().truth


def test_the_true_rate_of_all_cells_together_is_one() -> None:
    scored = tiny()
    everywhere = scored.true_rates().index.tolist()
    for theme in THEMES:
        assert words.true_rate(scored, everywhere, theme) == pytest.approx(1)
    one = scored.cells["unit_id"].iloc[0]
    told = scored.true_rates().loc[one, "OSH"]
    assert words.true_rate(scored, [one], "OSH") == pytest.approx(told, rel=0.02)


def test_a_tiny_edition_is_scored_in_every_test() -> None:
    scored = tiny()
    flags = cells.flags(scored)
    assert set(flags) == {*cells.OURS, *cells.THEIRS}
    for flagged in flags.values():
        assert flagged.shape == (len(scored.cells), 13)
    parts = [
        part
        for score in (words.outlines, words.silences, words.intervals, orders.scores, orders.duplicates)
        for part in score(scored)
    ]
    assert {part.test for part in parts} == {"words", "intervals", "order of sites", "duplicates"}
    for part in parts:
        assert part.whole >= 0
        assert abs(part.part) <= part.whole or not part.whole


def test_duplicates_that_are_merged_are_mostly_right() -> None:
    found = {(part.setting, part.figure): part for part in orders.duplicates(tiny())}
    verbatim = found["verbatim", "pairs of records of one event, merged"]
    assert verbatim.whole > 5
    assert verbatim.part / verbatim.whole >= 0.9


def test_a_site_of_the_release_is_one_true_site_or_none() -> None:
    names = words.true_names(tiny())
    assert names.is_unique
    assert names.index.is_unique
    assert set(names) <= set(tiny().truth["sites"]["site"])
