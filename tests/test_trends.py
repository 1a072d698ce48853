"""A trend is told against the theme's own, only with enough events, and with an arrow only if as many looked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from risk.revisits import assessment_changes
from risk.trends import TREND_CLASSES, adjusted, effort_changes, trend, trends, yearly_ratio

QUARTERS = [f"{year}Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)]
STEADY = [100] * 8
UP, DOWN, FLAT = [0, 0, 1, 2, 3, 5, 8, 11], [11, 8, 5, 3, 2, 1, 0, 0], [4, 3, 5, 4, 4, 5, 3, 4]
SIDES = ("passes_recent", "passes_before", "passes_first_half", "passes_second_half")


def windows(**series: list[float | None]) -> pd.DataFrame:
    """One window a keyword, all of one theme, a number a quarter."""
    return pd.DataFrame(
        [
            (name, "OSH", quarter, value)
            for name, row in series.items()
            for quarter, value in zip(QUARTERS, row, strict=False)
        ],
        columns=["hotspot_id", "category", "quarter", "observed"],
    )


def totals(row: list[int] = STEADY) -> pd.DataFrame:
    return pd.DataFrame({"category": "OSH", "quarter": QUARTERS[: len(row)], "events": row})


def effort(name: str, visits: list[float | None], sources: list[float | None]) -> pd.DataFrame:
    return pd.DataFrame({"hotspot_id": name, "quarter": QUARTERS, "visits": visits, "sources": sources})


def passes(name: str, *flags: bool | None) -> pd.DataFrame:
    return pd.DataFrame([[name, *flags]], columns=["hotspot_id", *SIDES])


NO_PASSES = pd.DataFrame(columns=["hotspot_id", *SIDES])
NO_EFFORT = pd.DataFrame(columns=["hotspot_id", "quarter", "visits", "sources"])


def class_of(
    row: list[float | None],
    total: list[int] = STEADY,
    flags: pd.DataFrame = NO_PASSES,
    told: pd.DataFrame = NO_EFFORT,
) -> str:
    return trends(windows(a=row), totals(total), told, flags)["trend_class"].iloc[0]


def test_without_a_trend_three_to_six_in_a_hundred_are_rejected() -> None:
    draw = np.random.default_rng(5)
    total = np.array([60, 80, 90, 120, 130, 100, 140, 160])
    share = draw.uniform(0.05, 0.4, (2_000, 1))
    _, p = trend(draw.poisson(share * total), total)
    assert 0.03 <= np.mean(p < 0.05) <= 0.06


def test_the_test_has_power_where_the_part_doubles_every_year() -> None:
    draw = np.random.default_rng(6)
    part = 0.1 * 2 ** (np.arange(8) / 4)
    z, p = trend(draw.poisson(part * 100, (500, 8)), np.full(8, 100))
    assert np.mean((p < 0.05) & (z > 0)) > 0.85


def test_z_is_the_score_test_and_the_ratio_the_estimate_of_poisson_regression() -> None:
    draw = np.random.default_rng(7)
    total = draw.integers(50, 200, 8)
    observed = draw.poisson(0.1 * total, (20, 8))
    z, p = trend(observed, total)
    ratio = yearly_ratio(observed, total)
    time = np.arange(8.0)
    for row in range(20):
        null = sm.GLM(observed[row], np.ones(8), family=sm.families.Poisson(), exposure=total).fit()
        expected = observed[row].sum() * total / total.sum()
        score = (time * (observed[row] - expected)).sum()
        information = (expected * time**2).sum() - (expected * time).sum() ** 2 / expected.sum()
        assert null.mu == pytest.approx(expected)
        assert z[row] == pytest.approx(score / np.sqrt(information), rel=1e-9)
        assert p[row] == pytest.approx(stats.chi2.sf(z[row] ** 2, 1), rel=1e-9)
        full = sm.GLM(observed[row], sm.add_constant(time), family=sm.families.Poisson(), exposure=total)
        assert ratio[row] == pytest.approx(np.exp(4 * full.fit(tol=1e-12).params[1]), rel=1e-6)


def test_a_theme_that_grows_everywhere_is_no_trend_here() -> None:
    growing = [20, 30, 40, 50, 70, 90, 120, 160]
    z, _ = trend(np.array(growing) / 10, growing)
    assert abs(z[0]) < 1e-9
    assert yearly_ratio(np.array(growing) / 10, growing)[0] == pytest.approx(1)
    assert class_of([2, 3, 4, 5, 7, 9, 12, 16], growing) == "no_clear_change"


@given(
    st.lists(st.integers(0, 30), min_size=8, max_size=8).filter(any),
    st.lists(st.integers(30, 90), min_size=8, max_size=8),
)
@settings(max_examples=60, deadline=None)
def test_time_told_backwards_turns_the_sign(observed: list[int], total: list[int]) -> None:
    z, p = trend(observed, total)
    back_z, back_p = trend(observed[::-1], total[::-1])
    assert (back_z[0], back_p[0]) == (pytest.approx(-z[0], abs=1e-9), pytest.approx(p[0], abs=1e-9))


def test_windows_are_classed_by_what_they_did() -> None:
    assert class_of(UP) == "rising"
    assert class_of(DOWN) == "falling"
    assert class_of(FLAT) == "no_clear_change"
    assert class_of(FLAT, flags=passes("a", True, True, True, True)) == "persistent"
    assert class_of(FLAT, flags=passes("a", True, False, False, True)) == "new"
    assert class_of(UP, flags=passes("a", True, False, False, True)) == "new"
    assert class_of(DOWN, flags=passes("a", True, True, True, True)) == "falling"
    assert set(TREND_CLASSES) >= {"new", "rising", "falling", "persistent", "no_clear_change", "not_enough"}


def test_a_pass_that_is_missing_makes_nothing_new_or_persistent() -> None:
    assert class_of(FLAT, flags=passes("a", True, None, True, None)) == "no_clear_change"


def test_under_five_events_or_six_quarters_there_is_no_trend() -> None:
    new = passes("a", True, False, False, True)
    assert class_of([0, 0, 0, 0, 0, 0, 2, 2], flags=new) == "not_enough"
    assert class_of([0, 0, 0, 0, 0, 0, 2, 3], flags=new) == "new"
    assert class_of([1, 2, 4, 8, 16], STEADY[:5]) == "not_enough"
    assert class_of([1, 2, 4, 8, 16, 32], STEADY[:6]) == "rising"
    found = trends(windows(a=[0] * 8), totals(), NO_EFFORT, NO_PASSES).iloc[0]
    assert found["trend_class"] == "not_enough"
    assert found[["z", "p", "p_adjusted", "rate_ratio_per_year"]].isna().all()


def test_a_quarter_nobody_looked_at_is_left_out_and_not_zero() -> None:
    gap = trends(windows(a=[2, 2, None, 2, 2, 2, 2, 2]), totals(), NO_EFFORT, NO_PASSES).iloc[0]
    assert (gap["quarter_count"], gap["z"]) == (7, pytest.approx(0, abs=1e-9))
    zero = trends(windows(a=[2, 2, 0, 2, 2, 2, 2, 2]), totals(), NO_EFFORT, NO_PASSES).iloc[0]
    assert zero["z"] > 0.1
    assert class_of([2, 2, None, None, None, 2, 2, 2]) == "not_enough"


def test_all_events_of_the_theme_in_one_quarter_are_not_enough() -> None:
    assert class_of([0, 0, 0, 9, 0, 0, 0, 0], [0, 0, 0, 50, 0, 0, 0, 0]) == "not_enough"


def test_no_ratio_is_told_where_all_events_are_at_one_end() -> None:
    end = trends(windows(a=[0, 0, 0, 0, 0, 0, 0, 9], b=UP), totals(), NO_EFFORT, NO_PASSES)
    assert end["trend_class"].tolist() == ["rising", "rising"]
    assert end["rate_ratio_per_year"].isna().tolist() == [True, False]


def test_p_is_adjusted_over_the_windows_that_were_tested() -> None:
    found = trends(windows(a=UP, b=FLAT, c=DOWN, d=[0] * 8), totals(), NO_EFFORT, NO_PASSES)
    tested = found["p"].dropna().to_numpy()
    assert len(tested) == 3
    assert found["p_adjusted"].dropna().to_numpy() == pytest.approx(stats.false_discovery_control(tested))
    assert np.isnan(adjusted(np.array([np.nan, 0.01]))[0])


def test_an_arrow_needs_a_trend_and_as_many_who_looked() -> None:
    told = pd.concat(
        [
            effort("same", [4] * 8, [3] * 8),
            effort("more", [4] * 4 + [6] * 4, [3] * 8),
            effort("flat", [4] * 8, [3] * 8),
            effort("fewer", [4] * 8, [4] * 4 + [2] * 4),
        ]
    )
    rows = windows(same=UP, more=UP, flat=FLAT, fewer=DOWN, unknown=UP)
    found = trends(rows, totals(), told, NO_PASSES).set_index("hotspot_id")
    assert found["has_arrow"].to_dict() == {
        "same": True,
        "more": False,
        "flat": False,
        "fewer": False,
        "unknown": False,
    }
    assert found["effort_change_pct"].drop("unknown").to_dict() == {
        "same": 0,
        "more": 50,
        "flat": 0,
        "fewer": -50,
    }
    assert pd.isna(found.loc["unknown", "effort_change_pct"])
    assert found.loc["flat", "is_effort_steady"]


def test_no_arrow_rests_on_quarters_of_which_nobody_knows_who_looked() -> None:
    told = effort("a", [4] * 8, [3] * 8)
    for missing in (told.head(2), told.drop(index=5)):
        found = trends(windows(a=UP), totals(), missing, NO_PASSES).iloc[0]
        assert pd.isna(found["effort_change_pct"])
        assert not found["has_arrow"]
    assert trends(windows(a=UP), totals(), told, NO_PASSES).iloc[0]["has_arrow"]


@pytest.mark.parametrize(
    ("visits", "sources", "change", "is_steady"),
    [
        ([4] * 4 + [5] * 4, [3] * 8, 25, True),
        ([4] * 4 + [3] * 4, [3] * 8, -25, True),
        ([0] * 8, [4] * 8, 0, True),
        ([0] * 4 + [1] * 4, [4] * 8, None, False),
        ([0] * 8, [0] * 8, None, False),
        ([None] * 8, [4] * 8, None, False),
        ([None] * 4 + [4] * 4, [4] * 8, None, False),
    ],
)
def test_effort_from_nothing_or_unknown_is_never_steady(
    visits: list[float | None], sources: list[float | None], change: float | None, is_steady: bool
) -> None:
    found = effort_changes(effort("a", visits, sources)).iloc[0]
    assert found["is_effort_steady"] == is_steady
    assert (None if pd.isna(found["effort_change_pct"]) else found["effort_change_pct"]) == change


def test_no_order_of_rows_changes_a_trend() -> None:
    told = pd.concat([effort("a", [4] * 8, [3] * 8), effort("b", [4] * 4 + [9] * 4, [3] * 8)])
    flags = pd.concat([passes("a", True, True, True, True), passes("b", True, False, False, True)])
    frames = windows(a=FLAT, b=UP), totals(), told, flags
    shuffled = [frame.sample(frac=1, random_state=3) for frame in frames]
    pd.testing.assert_frame_equal(trends(*frames), trends(*shuffled))


def test_no_windows_give_no_rows_with_all_columns() -> None:
    found = trends(windows(), totals(), NO_EFFORT, NO_PASSES)
    assert found.empty
    assert {"trend_class", "z", "p_adjusted", "effort_change_pct", "has_arrow"} <= set(found)


@pytest.mark.parametrize(
    ("rows", "total", "problem"),
    [
        (windows(a=UP[:7]), totals(), "'a' does not have the quarters of its theme"),
        (windows(a=UP), totals(STEADY[:7]), "'a' does not have the quarters of its theme"),
        (windows(a=UP), totals([2] * 8), "'a' has more events than its theme"),
        (pd.concat([windows(a=UP)] * 2), totals(), "'a' has a quarter twice"),
        (windows(a=UP).assign(quarter=None), totals(), "a quarter is missing"),
    ],
)
def test_bad_series_are_refused_with_their_name(
    rows: pd.DataFrame, total: pd.DataFrame, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        trends(rows, total, NO_EFFORT, NO_PASSES)


def visits(site_id: str, *rows: list[float | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (site_id, f"202{year}-05-01", f"c{number}", risk)
            for year, row in enumerate(rows)
            for number, risk in enumerate(row)
        ],
        columns=["site_id", "visited_on", "criterion", "risk"],
    )


def test_the_last_two_visits_are_compared_by_the_exact_sign_test() -> None:
    found = assessment_changes(
        pd.concat(
            [
                visits("s1", [10] * 9, [0] * 9, [5] * 8 + [0]),
                visits("s2", [5] * 8, [0] * 6 + [10] * 2),
                visits("s3", [5] * 8, [0] * 5 + [5] * 3),
                visits("s4", [5] * 8),
            ]
        )
    ).set_index("site_id")
    assert found[["worse", "better"]].to_numpy().tolist() == [[8, 0], [2, 6], [0, 5], [0, 0]]
    assert found["p"].iloc[0] == pytest.approx(stats.binomtest(8, 8).pvalue)
    assert found["p"].iloc[1] == pytest.approx(stats.binomtest(2, 8).pvalue)
    assert found["change_class"].tolist() == ["worse", "no_clear_change", "not_enough", "not_enough"]
    assert found["change_pct"].iloc[:3].tolist() == pytest.approx([100 * 8 / 9, -50, -62.5])
    assert pd.isna(found["change_pct"].iloc[3])
    assert pd.isna(found["before_on"].iloc[3])


def test_a_criterion_not_assessed_at_one_visit_is_not_compared() -> None:
    found = assessment_changes(visits("s1", [5, None, 5, 5], [10, 10, None, 5])).iloc[0]
    assert (found["compared"], found["worse"], found["better"]) == (2, 1, 0)


def test_a_criterion_told_twice_at_one_visit_is_refused() -> None:
    with pytest.raises(ValueError, match="'s1' has criterion 'c0' twice on 2020-05-01"):
        assessment_changes(pd.concat([visits("s1", [5])] * 2))


def test_visits_are_put_in_the_order_of_their_days_and_one_without_a_day_is_refused() -> None:
    rows = visits("s1", [10] * 8, [0] * 8)
    told = rows.assign(
        visited_on=rows["visited_on"].map({"2020-05-01": "10/1/2025", "2021-05-01": "9/1/2025"})
    )
    assert assessment_changes(told).iloc[0]["change_class"] == "worse"
    with pytest.raises(ValueError, match="'s1' has a finding without the day of its visit"):
        assessment_changes(rows.assign(visited_on=rows["visited_on"].mask(rows["risk"] == 0)))
