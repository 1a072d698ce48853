"""A score means the same everywhere: fixed ends, worse never pays for good, old evidence fades to the typical."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.evidence import evidence_weights, half_lives, latest_findings, priors
from risk.means import inverted_geometric_mean
from risk.scores import bands, finding_mark, incident_mark, severity_mark, site_scores
from tests.made_evidence import evidence, finding, peers, raised, score, seen, told

MARKS = st.floats(0, 10, allow_subnormal=False)
SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(deadline=None, max_examples=10)


@pytest.mark.parametrize(
    ("marks", "mean"),
    [([8, 2], 5.787045088572915), ([10, 0], 7.597469266479577), ([5, 5], 5.0), ([0, 0], 0.0)],
)
def test_the_inverted_geometric_mean_gives_the_known_numbers(marks: list[float], mean: float) -> None:
    assert inverted_geometric_mean(marks) == mean


@given(st.lists(MARKS, min_size=1, max_size=8), st.integers(0, 7), MARKS)
def test_the_mean_lies_between_the_arithmetic_mean_and_the_worst_mark(
    marks: list[float], place: int, other: float
) -> None:
    mean = inverted_geometric_mean(marks)
    assert np.mean(marks) - 1e-9 <= mean <= max(marks) + 1e-9
    place %= len(marks)
    worse = [max(x, other) if number == place else x for number, x in enumerate(marks)]
    assert inverted_geometric_mean(worse) >= mean - 1e-12


def test_weights_of_a_mean_sum_to_one() -> None:
    assert inverted_geometric_mean([8, 2], [1, 0]) == pytest.approx(8, abs=1e-12)
    for weights in ([0.5, 0.6], [2, -1], [1]):
        with pytest.raises(ValueError, match="sum to 1"):
            inverted_geometric_mean([8, 2], weights)


@pytest.mark.parametrize("marks", [[], [11], [-0.1], [np.nan]])
def test_a_mean_of_nothing_or_of_an_impossible_mark_is_refused(marks: list[float]) -> None:
    with pytest.raises(ValueError, match="mark"):
        inverted_geometric_mean(marks)


def test_marks_have_fixed_ends() -> None:
    assert severity_mark([1, 2, 5]).tolist() == [0, 2.5, 10]
    assert finding_mark([1, 0.5, 0]).tolist() == [0, 5, 10]
    assert incident_mark([0.5, 1, 2, 8, 16]).tolist() == [0, 2.5, 5, 10, 10]
    for mark, wrong in ((severity_mark, 6), (finding_mark, 2), (incident_mark, -1), (severity_mark, np.nan)):
        with pytest.raises(ValueError):
            mark([wrong])


def test_evidence_fades_by_its_half_life() -> None:
    rows = latest_findings(
        seen(
            finding("a", "OSH", 5, 12),
            finding("a", "SEC", 5, 12),
            finding("a", "NSA", 5, 12),
            finding("a", "LGL", 5, 12, is_structural=True),
            finding("a", "ENV", 5, 12, reliability=0.5),
        )
    ).set_index("category")
    weights = evidence_weights(rows["age_months"], rows["reliability"], half_lives(rows.reset_index()))
    assert dict(zip(rows.index, weights, strict=True)) == pytest.approx(
        {"OSH": 0.5, "SEC": 0.25, "NSA": 0.25, "LGL": 2**-0.5, "ENV": 0.25}, abs=1e-12
    )


def test_a_score_is_made_step_by_step_as_written() -> None:
    rows = seen(finding("a", "OSH", 10, 12), finding("a", "CHL", 5, 0, reliability=0.8), *peers("OSH", 2, 4))
    found = site_scores(rows, told(("a", "ALL", 2.0), ("a", "OSH", 4.0)))
    osh = (0.5 * 10 + 0.25 * 4) / 0.75  # the median of 10, 2 and 4 is 4
    chl = (0.8 * 5 + 0.25 * 5) / 1.05  # one site only: the middle of the scale
    both = inverted_geometric_mean([osh, chl])
    assert score(found, category="OSH")["assessment_part"] == pytest.approx(osh, abs=1e-12)
    assert score(found, category="OSH")["score"] == pytest.approx(
        10 * inverted_geometric_mean([osh, 7.5]), abs=1e-12
    )
    assert score(found, category="CHL")["score"] == pytest.approx(10 * chl, abs=1e-12)
    assert score(found)["assessment_part"] == pytest.approx(both, abs=1e-12)
    assert score(found)["incident_part"] == 5
    assert score(found)["score"] == pytest.approx(10 * inverted_geometric_mean([both, 5]), abs=1e-12)
    assert score(found)["evidence_weight"] == pytest.approx((0.5 + 0.8) / 2, abs=1e-12)


def test_the_latest_finding_of_a_criterion_stands() -> None:
    old, new = finding("a", "OSH", 10, 20), finding("a", "OSH", 0, 1)
    both, alone = site_scores(seen(old, new)), site_scores(seen(new))
    pd.testing.assert_frame_equal(both, alone)
    day = [finding("a", "OSH", 9, 1, reliability=0.5), finding("a", "OSH", 3, 1), finding("a", "OSH", 4, 1)]
    assert latest_findings(seen(*day))["x"].tolist() == [4]


def test_what_is_typical_is_the_median_of_the_kind_then_of_all_then_the_middle() -> None:
    rows = [finding(f"s{number}", "OSH", x) for number, x in enumerate((1, 2, 9))]
    rows += [finding("d", "OSH", 6, kind="depot"), finding("d", "ENV", 0, kind="depot")]
    found = priors(seen(*rows)).set_index(["kind", "category"])
    assert found.loc[("shaft", "OSH"), ["prior", "prior_site_count", "prior_scope"]].tolist() == [
        2,
        3,
        "kind",
    ]
    assert found.loc[("depot", "OSH"), ["prior", "prior_scope"]].tolist() == [4, "all kinds"]
    assert found.loc[("depot", "ENV"), ["prior", "prior_scope"]].tolist() == [5, "nobody"]


@given(SEEDS)
@FEW
def test_an_aged_finding_moves_to_what_is_typical(seed: int) -> None:
    marks = evidence(seed)[0]["x"]
    rows = seen(*(finding(f"site-{number:03d}", "OSH", x) for number, x in enumerate(marks)))

    def away(age: float) -> np.ndarray:
        found = site_scores(rows.assign(age_months=float(age)))
        return np.abs(found.loc[found["category"] == "OSH", "assessment_part"] - np.median(marks)).to_numpy()

    ages = [away(age) for age in (0, 12, 60, 600)]
    assert all((later <= earlier + 1e-9).all() for earlier, later in pairwise(ages))
    assert (ages[2] <= 0.15 * ages[0] + 1e-9).all()
    assert ages[3] == pytest.approx(0, abs=1e-9)


def test_a_grave_finding_never_fades_to_zero_for_want_of_peers() -> None:
    found = site_scores(seen(finding("a", "CHL", 10, 6000)))
    assert score(found, category="CHL")["score"] == pytest.approx(50, abs=1e-9)


@given(SEEDS)
@FEW
def test_raising_any_mark_or_rate_ratio_never_lowers_a_score(seed: int) -> None:
    rows, ratios, worst = evidence(seed)
    before = site_scores(rows, ratios, worst)["score"]
    assert (site_scores(raised(rows, "x", seed), ratios, worst)["score"] >= before - 1e-9).all()
    assert (site_scores(rows, raised(ratios, "rr", seed), worst)["score"] >= before - 1e-9).all()


@given(SEEDS)
@FEW
def test_a_score_keeps_its_ends_and_does_not_depend_on_the_order_of_rows(seed: int) -> None:
    known = evidence(seed)
    found = site_scores(*known)
    assert found["score"].between(0, 100).all()
    mixed = [frame.sample(frac=1, random_state=seed) for frame in known]
    pd.testing.assert_frame_equal(site_scores(*mixed), found, check_exact=False, rtol=0, atol=1e-9)


@given(SEEDS)
@FEW
def test_a_worst_form_never_lowers_a_score_and_holds_its_theme(seed: int) -> None:
    rows, ratios, worst = evidence(seed)
    free = site_scores(rows, ratios).set_index(["site_id", "category"])["score"]
    held = site_scores(rows, ratios, worst).set_index(["site_id", "category"])
    assert (held["score"].reindex(free.index) >= free - 1e-9).all()
    themes = held.xs("CHL", level="category").query("is_floored")
    assert (themes["score"] >= 70).all()
    assert set(themes.index) == set(worst["site_id"])


def test_a_worst_form_holds_for_twelve_months() -> None:
    rows = seen(finding("a", "CHL", 0))
    for age, is_held in ((0, True), (12, True), (12.1, False)):
        worst = pd.DataFrame([{"site_id": "a", "category": "CHL", "age_months": age}])
        found = score(site_scores(rows, None, worst), category="CHL")
        assert bool(found["is_floored"]) is is_held
        assert (found["score"] >= 70) == is_held


def test_a_worst_form_is_not_averaged_away_by_few_reports() -> None:
    worst = pd.DataFrame([{"site_id": "a", "category": "CHL", "age_months": 1}])
    found = site_scores(seen(finding("a", "CHL", 0)), told(("a", "CHL", 0.1)), worst)
    assert score(found, category="CHL")["score"] == 70


def test_one_part_stands_alone_where_the_other_is_missing() -> None:
    found = site_scores(seen(finding("a", "OSH", 5)), told(("b", "ALL", 2.0), ("b", "OSH", 2.0)))
    assert score(found)["has_assessment"]
    assert not score(found)["has_incidents"]
    assert pd.isna(score(found)["incident_part"])
    assert score(found, "b")["score"] == 50
    assert pd.isna(score(found, "b")["assessment_part"])
    assert pd.isna(score(found, "b")["evidence_weight"])
    assert set(found["site_id"]) == {"a", "b"}


def test_rate_ratios_of_several_draws_count_by_their_mean() -> None:
    ratios = told(("a", "ALL", 1.0), ("a", "ALL", 3.0)).assign(imputation=[0, 1])
    assert score(site_scores(seen(), ratios))["score"] == pytest.approx(50, abs=1e-12)
    with pytest.raises(ValueError, match="twice"):
        site_scores(seen(), ratios.drop(columns="imputation"))
    uneven = pd.concat([ratios, told(("b", "ALL", 1.0)).assign(imputation=0)])
    with pytest.raises(ValueError, match="every one"):
        site_scores(seen(), uneven)


def test_weights_of_themes_and_criteria_change_the_mean() -> None:
    rows = seen(finding("a", "OSH", 10), finding("a", "ENV", 0))
    osh, env = (score(site_scores(rows), category=name)["assessment_part"] for name in ("OSH", "ENV"))
    heavy = site_scores(rows, theme_weights={"OSH": 3, "ENV": 1})
    assert score(heavy)["assessment_part"] == pytest.approx(
        inverted_geometric_mean([osh, env], [0.75, 0.25]), abs=1e-12
    )
    with pytest.raises(ValueError, match="no weight above 0 for ENV"):
        site_scores(rows, theme_weights={"OSH": 3})
    criteria = seen(
        finding("a", "OSH", 10, criterion="gate", weight=3), finding("a", "OSH", 0, criterion="log", weight=1)
    )
    assert score(site_scores(criteria))["assessment_part"] == pytest.approx(
        inverted_geometric_mean([osh, env], [0.75, 0.25]), abs=1e-12
    )


def test_bands_have_fixed_ends_and_no_score_is_no_band() -> None:
    values = pd.Series([0, 24.99, 25, 49.99, 50, 74.99, 75, 100, np.nan])
    assert bands(values).tolist() == [
        *["low", "low", "medium", "medium", "high", "high", "extreme", "extreme", "insufficient"]
    ]
    given = pd.Series(["A", "D", "C", None], dtype="string")
    assert bands(pd.Series([80.0] * 4), given).tolist() == [
        "extreme",
        "insufficient",
        "extreme",
        "insufficient",
    ]
    with pytest.raises(ValueError, match="outside 0 to 100"):
        bands(pd.Series([101.0]))


def test_no_evidence_gives_no_score() -> None:
    found = site_scores(seen())
    assert found.empty
    assert "score" in found


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (seen(finding("a", "OSH", np.nan)), "site a, OSH: x is not between"),
        (seen(finding("a", "OSH", 10.5)), "x is not between 0 and 10"),
        (seen(finding("a", "OSH", 5, -1)), "age_months"),
        (seen(finding("a", "OSH", 5, reliability=0)), "reliability"),
        (seen(finding("a", "ALL", 5)), "belongs to one category"),
        (seen(finding("a", "OSH", 5), finding("a", "ENV", 5, kind="depot")), "more than one kind"),
        (seen(finding("a", "OSH", 5)).drop(columns="kind"), "observations lacks kind"),
        (seen(finding("a", "OSH", 5)).assign(site_id=None), "without site_id"),
    ],
)
def test_an_impossible_finding_is_refused(rows: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        site_scores(rows)
