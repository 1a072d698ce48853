"""Sections are scored on what was assessed, and a level is reached by every gate or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.assessments import section_scores, site_levels
from tests.made_assessments import (
    FRAMEWORK,
    LEVELS,
    RESULTS,
    assessments,
    criteria,
    criterion,
    findings,
    many,
)

BY_HAND = Path(__file__).parent / "known" / "assessments_by_hand.csv"
SITES = ("alpha", "bravo", "charlie")
DONE = assessments(*((site, site, "2026-03-01") for site in SITES))
TIGHT = {"rel": 0, "abs": 1e-12}

ASKED = criteria(
    criterion("GOV-01", 1, level="ENTRY", kind="threshold", weight=2.0),
    criterion("GOV-02", 2, level="BASE", kind="zero_tolerance", weight=3.0, response_track="immediate"),
    criterion("GOV-03", 3, level="BASE", kind="progressive", weight=0.7),
    criterion("OSH-01", 4, level="PROG", kind="threshold", weight=1.1, response_track="mitigate"),
    criterion("OSH-02", 5, level="ADV", kind="threshold", weight=0.3),
    criterion("OSH-03", 6, level="ADV", kind="management", weight=1.3),
)
IDS = ASKED["criterion_id"].tolist()
RANKS = dict(zip(LEVELS["level"], LEVELS["rank"], strict=True))
some_results = st.lists(st.sampled_from(RESULTS), min_size=len(IDS), max_size=len(IDS))


@pytest.fixture(scope="module")
def by_hand() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The criteria and the findings of the table that was worked out by hand."""
    table = pd.read_csv(BY_HAND, keep_default_na=False).assign(framework_id=FRAMEWORK)
    found = table.melt("criterion_id", list(SITES), "assessment_id", "result")
    return table.drop(columns=list(SITES)), found[found["result"] != ""]


def found_of(results: list[str]) -> pd.DataFrame:
    return findings(a=dict(zip(IDS, results, strict=True)))


ONE = assessments(("a", "s", "2026-01-01"))


def level_of(results: list[str]) -> pd.Series:
    return site_levels(ASKED, LEVELS, ONE, found_of(results)).iloc[0]


def scores_of(results: list[str]) -> pd.Series:
    return section_scores(ASKED, ONE, found_of(results)).set_index("section")["score_pct"]


def rank_of(level: object) -> int:
    return 0 if pd.isna(level) else RANKS[level]


def test_sections_are_scored_as_by_hand(by_hand: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    found = section_scores(by_hand[0], DONE, by_hand[1]).set_index(["assessment_id", "section"])
    expected = {
        # (2·1 + 1·½ + 1.5·1 + 0.5·0) / (2 + 1 + 1.5 + 0.5) = 4 / 5
        ("alpha", "GOV"): (4, 4, 100.0, 80.0, 2, 1, 1),
        # (4 + 3 + 2 + 1·½) / 10 = 9.5 / 10
        ("alpha", "WR"): (4, 4, 100.0, 95.0, 3, 1, 0),
        # OSH-03 is not applicable: (3 + 2.5·½ + 1.25·0 + 0.75) / (3 + 2.5 + 1.25 + 0.75) = 5 / 7.5 = 2 / 3
        ("alpha", "OSH"): (4, 4, 100.0, 66.66666666666667, 2, 1, 1),
        ("bravo", "GOV"): (4, 4, 100.0, 100.0, 4, 0, 0),
        # WR-04 has no finding: (4 + 3·½ + 2·0) / (4 + 3 + 2) = 5.5 / 9 = 11 / 18
        ("bravo", "WR"): (4, 3, 75.0, 61.11111111111111, 1, 1, 1),
        # Two of five are assessed, 40 %: no score.
        ("bravo", "OSH"): (5, 2, 40.0, None, 1, 1, 0),
        # GOV-02 is not applicable: (2·0 + 1.5·½ + 0.5) / (2 + 1.5 + 0.5) = 1.25 / 4
        ("charlie", "GOV"): (3, 3, 100.0, 31.25, 1, 1, 1),
        # (4 + 2 + 1) / 7, and WR-02 was not assessed
        ("charlie", "WR"): (4, 3, 75.0, 100.0, 3, 0, 0),
        # Three of five, exactly 60 %: (3 + 2.5 + 1.25·0) / (3 + 2.5 + 1.25) = 5.5 / 6.75 = 22 / 27
        ("charlie", "OSH"): (5, 3, 60.0, 81.48148148148148, 2, 0, 1),
    }
    assert found.index.tolist() == list(expected)
    columns = [
        "criteria_applicable",
        "criteria_assessed",
        "coverage_pct",
        "score_pct",
        "met",
        "partial",
        "not_met",
    ]
    assert found.columns.tolist() == columns
    for key, row in expected.items():
        got = found.loc[key].astype(float).tolist()
        assert got == pytest.approx(
            [np.nan if value is None else value for value in row], nan_ok=True, **TIGHT
        )


def test_levels_are_those_found_by_hand(by_hand: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    found = site_levels(by_hand[0], LEVELS, DONE, by_hand[1]).set_index("site_id")
    words = ["level", "is_blocked", "blocked_by", "next_level", "missing_for_next", "response_track"]
    assert found[words].astype(object).where(found[words].notna(), None).values.tolist() == [
        # Every gate up to BASE is met; of those of PROG, OSH-02 is met in part only.
        ["BASE", False, None, "PROG", "OSH-02", "improve"],
        # WR-02 is of zero tolerance and met in part: no level, whatever else is met.
        [None, True, "WR-02", "ENTRY", "WR-02", "immediate"],
        # GOV-01 is not met, so not even ENTRY; WR-02 was not assessed, which blocks nothing.
        [None, False, None, "ENTRY", "GOV-01", "mitigate"],
    ]
    numbers = found[["criteria_applicable", "criteria_assessed", "coverage_pct", "score_pct"]].astype(float)
    # (4 + 9.5 + 5) / (5 + 10 + 7.5) = 18.5 / 22.5 = 37 / 45
    assert numbers.loc["alpha"].tolist() == pytest.approx([12, 12, 100, 82.22222222222222], **TIGHT)
    # 9 of 13; OSH gives 1.25 + 0.75·½ of 1.25 + 0.75: (5 + 5.5 + 1.625) / (5 + 9 + 2) = 12.125 / 16
    assert numbers.loc["bravo"].tolist() == pytest.approx([13, 9, 69.23076923076923, 75.78125], **TIGHT)
    # 9 of 12: (1.25 + 7 + 5.5) / (4 + 7 + 6.75) = 13.75 / 17.75 = 55 / 71
    assert numbers.loc["charlie"].tolist() == pytest.approx([12, 9, 75, 77.46478873239437], **TIGHT)


@settings(deadline=None, max_examples=50)
@given(some_results, st.integers(0, len(IDS) - 1))
def test_one_more_criterion_met_never_lowers_a_score(results: list[str], place: int) -> None:
    better = [*results[:place], "met", *results[place + 1 :]]
    for before, after in zip(scores_of(results), scores_of(better), strict=True):
        assert pd.isna(before) or pd.isna(after) or after >= before - 1e-9
    whole, more = level_of(results)["score_pct"], level_of(better)["score_pct"]
    assert pd.isna(whole) or pd.isna(more) or more >= whole - 1e-9


@settings(deadline=None, max_examples=50)
@given(some_results)
def test_what_was_not_assessed_weighs_nothing(results: list[str]) -> None:
    found = found_of(results)
    without = found[found["result"] != "not_assessed"]
    pd.testing.assert_frame_equal(section_scores(ASKED, ONE, found), section_scores(ASKED, ONE, without))
    pd.testing.assert_frame_equal(
        site_levels(ASKED, LEVELS, ONE, found), site_levels(ASKED, LEVELS, ONE, without)
    )
    weights = ASKED["weight"].to_numpy()
    shares = np.array([{"met": 1.0, "partial": 0.5, "not_met": 0.0}.get(one, np.nan) for one in results])
    score = level_of(results)["score_pct"]
    if not pd.isna(score):
        seen = ~np.isnan(shares)
        assert score == pytest.approx(100 * (weights * shares)[seen].sum() / weights[seen].sum())


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    asked, done, found = many(4, 12, seed=3)
    mixed = [frame.sample(frac=1, random_state=seed) for frame in (asked, done, found)]
    pd.testing.assert_frame_equal(section_scores(asked, done, found), section_scores(*mixed))
    shuffled = LEVELS.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(
        site_levels(asked, LEVELS, done, found), site_levels(mixed[0], shuffled, mixed[1], mixed[2])
    )


@settings(deadline=None, max_examples=50)
@given(some_results, st.integers(0, len(IDS) - 1))
def test_meeting_what_was_not_met_never_lowers_a_level(results: list[str], place: int) -> None:
    worse = level_of([*results[:place], "not_met", *results[place + 1 :]])
    better = level_of([*results[:place], "met", *results[place + 1 :]])
    assert rank_of(better["level"]) >= rank_of(worse["level"])
    assert better["is_blocked"] <= worse["is_blocked"]


@settings(deadline=None, max_examples=50)
@given(some_results)
def test_meeting_what_is_missing_leads_to_the_next_level(results: list[str]) -> None:
    before = level_of(results)
    if pd.isna(before["next_level"]) or pd.isna(before["missing_for_next"]):
        return
    missing = before["missing_for_next"].split("; ")
    after = level_of(["met" if name in missing else one for name, one in zip(IDS, results, strict=True)])
    assert rank_of(after["level"]) >= RANKS[before["next_level"]]


@pytest.mark.parametrize("result", ["partial", "not_met"])
def test_a_zero_tolerance_unmet_blocks_at_any_level(result: str) -> None:
    top = criteria(criterion("WR-01"), criterion("WR-02", 2, kind="zero_tolerance", level="ADV"))
    row = site_levels(top, LEVELS, ONE, findings(a={"WR_01": "met", "WR_02": result})).iloc[0]
    assert pd.isna(row["level"])
    assert (row["blocked_by"], row["response_track"]) == ("WR-02", "immediate")
    assert (row["next_level"], row["missing_for_next"]) == ("ENTRY", "WR-02")


def test_a_good_score_buys_no_level() -> None:
    row = level_of(["met", "met", "met", "partial", "met", "met"])
    assert row["score_pct"] > 90
    assert (row["level"], row["next_level"], row["missing_for_next"]) == ("BASE", "PROG", "OSH-01")


def test_a_gate_that_does_not_apply_stands_in_nobodys_way_and_one_not_assessed_does() -> None:
    assert level_of(["met", "na", "met", "met", "met", "met"])["level"] == "ADV"
    row = level_of(["met", "not_assessed", "met", "met", "met", "met"])
    assert (row["level"], row["is_blocked"], row["missing_for_next"]) == ("ENTRY", False, "GOV-02")
    assert pd.isna(row["response_track"])


def test_at_the_top_nothing_is_missing() -> None:
    row = level_of(["met", "met", "partial", "met", "met", "met"])
    assert row["level"] == "ADV"
    assert row[["next_level", "missing_for_next"]].isna().all()
    assert row["response_track"] == "improve"


def test_where_nothing_applies_there_is_neither_score_nor_level() -> None:
    sections = section_scores(ASKED, ONE, found_of(["na"] * 6))
    assert sections[["criteria_applicable", "criteria_assessed"]].eq(0).all(axis=None)
    assert sections[["coverage_pct", "score_pct"]].isna().all(axis=None)
    row = level_of(["na"] * 6)
    assert row[["level", "coverage_pct", "score_pct", "response_track", "missing_for_next"]].isna().all()
    assert not row["is_blocked"]


def test_an_assessment_without_a_finding_is_there_and_says_nothing() -> None:
    sections = section_scores(ASKED, ONE, findings())
    assert sections["coverage_pct"].tolist() == [0.0, 0.0]
    assert sections["score_pct"].isna().all()
    row = site_levels(ASKED, LEVELS, ONE, findings()).iloc[0]
    assert (row["next_level"], row["missing_for_next"]) == ("ENTRY", "GOV-01")


def test_coverage_of_exactly_60_pct_gives_a_score_and_less_does_not() -> None:
    asked = criteria(*(criterion(f"ENV-{number:02d}", number) for number in range(100)))
    for assessed, has_score in ((60, True), (59, False)):
        found = findings(a={f"ENV_{number:02d}": "not_met" for number in range(assessed)})
        row = section_scores(asked, ONE, found).iloc[0]
        assert row["coverage_pct"] == pytest.approx(assessed)
        assert (row["score_pct"] == 0.0) if has_score else pd.isna(row["score_pct"])


def test_frameworks_stand_side_by_side() -> None:
    other = criteria(criterion("GOV-01", framework_id="other@2", section="X", weight=9.0))
    asked = pd.concat([ASKED, other])
    levels = pd.concat([LEVELS, pd.DataFrame({"framework_id": ["other@2"], "level": ["ENTRY"], "rank": [1]})])
    done = pd.concat([assessments(("b", "s", "2026-01-01"), framework_id="other@2"), ONE])
    found = findings(b={"GOV_01": "met"}, a={"GOV_01": "not_met"})
    assert section_scores(asked, done, found)["section"].tolist() == ["GOV", "OSH", "X"]
    assert site_levels(asked, levels, done, found)["level"].fillna("").tolist() == ["", "ENTRY"]


def test_empty_tables_keep_their_types() -> None:
    none = ASKED.iloc[:0], ONE.iloc[:0], findings()
    for found, full in (
        (section_scores(*none), section_scores(ASKED, ONE, findings())),
        (site_levels(none[0], LEVELS.iloc[:0], *none[1:]), site_levels(ASKED, LEVELS, ONE, findings())),
        (site_levels(ASKED, LEVELS, *none[1:]), site_levels(ASKED, LEVELS, ONE, findings())),
    ):
        assert found.empty
        assert found.dtypes.equals(full.dtypes)


GOOD = found_of(["met"] * 6)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (GOOD.replace("OSH-03", "OSH-99"), "'a/OSH-03': criterion 'OSH-99' in assessment 'a' answers a crit"),
        (
            pd.concat([GOOD, GOOD.iloc[[2]]]),
            "'GOV-03' in assessment 'a' is the second of its criterion; keep",
        ),
        (
            GOOD.assign(result="yes"),
            "'GOV-01' in assessment 'a' has the result 'yes'; write one of met, part",
        ),
        (GOOD.assign(result=None), "'GOV-01' in assessment 'a' has the result None; write one of"),
        (GOOD.assign(assessment_id="z"), "assessment 'z' is of an assessment that is not there; add it"),
        (GOOD.assign(result="no").drop(columns="finding_id"), "^criterion 'GOV-01' in assessment 'a' has"),
    ],
)
def test_a_finding_that_cannot_be_is_refused(found: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        section_scores(ASKED, ONE, found)
    with pytest.raises(ValueError, match=message):
        site_levels(ASKED, LEVELS, ONE, found)


@pytest.mark.parametrize(
    ("asked", "done", "message"),
    [
        (pd.concat([ASKED, ASKED.iloc[[0]]]), ONE, "criterion 'GOV-01' of 'made@1' is there twice"),
        (ASKED.assign(kind="vital"), ONE, "'GOV-01' of 'made@1' has the kind 'vital'; write one of zero_tol"),
        (ASKED.assign(response_track=None), ONE, "has the response_track None; write one of immediate"),
        (ASKED.assign(weight=0), ONE, "has the weight 0; write a number above 0"),
        (ASKED.assign(weight=np.nan), ONE, "has the weight nan; write a number above 0"),
        (ASKED, pd.concat([ONE, ONE]), "assessment 'a' is there twice; keep one row"),
        (
            ASKED,
            ONE.assign(framework_id="x@1"),
            "assessment 'a' names the framework 'x@1', which has no crit",
        ),
        (ASKED.assign(level="TOP"), ONE, "belongs to the level 'TOP', which the framework does not have"),
    ],
)
def test_a_framework_or_assessment_that_cannot_be_is_refused(
    asked: pd.DataFrame, done: pd.DataFrame, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        site_levels(asked, LEVELS, done, GOOD)
