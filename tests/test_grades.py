"""How well a figure is supported: the lowest rule wins, and it is named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.grades import RULES, effective_count, effective_counts, grade, grades, what_would_raise

BEST = {
    "n_eff": 10.0,
    "source_count": 3,
    "located_pct": 70.0,
    "assessed_workers_pct": 50.0,
    "stability": 0.9,
}
ENDS = [
    ("n_eff", 10, "A", 9.99, "B"),
    ("n_eff", 5, "B", 4.99, "C"),
    ("n_eff", 3, "C", 2.99, "D"),
    ("source_count", 3, "A", 2, "B"),
    ("source_count", 2, "B", 1, "C"),
    ("source_count", 1, "C", 0, "D"),
    ("located_pct", 70, "A", 69.9, "B"),
    ("located_pct", 50, "B", 49.9, "C"),
    ("located_pct", 30, "C", 29.9, "D"),
    ("assessed_workers_pct", 50, "A", 49.9, "B"),
    ("assessed_workers_pct", 25, "B", 24.9, "C"),
    ("assessed_workers_pct", 1, "C", 0, "C"),
    ("stability", 0.9, "A", 0.89, "B"),
    ("stability", 0.8, "B", 0.79, "C"),
    ("stability", 0.5, "C", 0.49, "D"),
]


@pytest.mark.parametrize(("rule", "at", "reached", "below", "missed"), ENDS)
def test_a_grade_changes_exactly_at_its_threshold(
    rule: str, at: float, reached: str, below: float, missed: str
) -> None:
    kind = next(name for name, rules in RULES.items() if rule in rules)
    assert grade(**{**BEST, rule: at}, kind=kind) == reached
    assert grade(**{**BEST, rule: below}, kind=kind) == missed


def test_the_lowest_rule_wins_and_is_named() -> None:
    values = {**BEST, "source_count": 1, "located_pct": 55}
    assert grade(**values) == "C"
    assert what_would_raise(**values) == ("source_count",)
    assert what_would_raise(**{**values, "located_pct": 45}) == ("source_count", "located_pct")
    assert what_would_raise(**BEST) == ()


def test_stability_counts_for_hotspots_only_and_the_share_of_workers_for_areas_only() -> None:
    unstable, unassessed = {**BEST, "stability": 0.1}, {**BEST, "assessed_workers_pct": 0}
    assert [grade(**unstable, kind=kind) for kind in ("hotspot", "site", "area")] == ["D", "A", "A"]
    assert [grade(**unassessed, kind=kind) for kind in ("hotspot", "site", "area")] == ["A", "A", "C"]


@pytest.mark.parametrize("rule", ["n_eff", "source_count", "located_pct", "stability"])
@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_what_is_not_known_fulfils_no_rule(rule: str, missing: object) -> None:
    values = {**BEST, rule: missing}
    assert grade(**values) == "D"
    assert what_would_raise(**values) == (rule,)


def test_a_missing_part_costs_one_grade_and_says_so() -> None:
    assert grade(**BEST, kind="site", is_one_sided=True) == "B"
    assert what_would_raise(**BEST, kind="site", is_one_sided=True) == ("one_part",)
    poor = {**BEST, "n_eff": 0}
    assert grade(**poor, kind="site", is_one_sided=True) == "D"
    assert what_would_raise(**poor, kind="site", is_one_sided=True) == ("n_eff", "one_part")


@given(
    st.floats(0, 20),
    st.integers(0, 5),
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(0, 1),
    st.sampled_from(sorted(RULES)),
    st.sampled_from(sorted(BEST)),
)
def test_more_of_anything_never_lowers_a_grade(
    n_eff: float, sources: int, located: float, assessed: float, stability: float, kind: str, rule: str
) -> None:
    values = dict(zip(BEST, (n_eff, sources, located, assessed, stability), strict=True))
    better = {**values, rule: max(values[rule], BEST[rule])}
    assert grade(**better, kind=kind) <= grade(**values, kind=kind)
    held = what_would_raise(**values, kind=kind)
    raised = {**values, **{name: BEST[name] for name in held}}
    assert (grade(**raised, kind=kind) < grade(**values, kind=kind)) == bool(held)


def test_a_table_is_graded_as_its_rows_are() -> None:
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "n_eff": rng.uniform(0, 15, 200),
            "source_count": rng.integers(0, 5, 200),
            "located_pct": rng.uniform(0, 100, 200),
            "stability": rng.uniform(0, 1, 200),
        }
    ).sample(frac=1, random_state=1)
    found = grades(table, "hotspot")
    assert found.index.equals(table.index)
    alone = [grade(**row) for row in table.to_dict("records")]
    assert found["grade"].tolist() == alone
    held = ["; ".join(what_would_raise(**row)) for row in table.to_dict("records")]
    assert found["held_down_by"].fillna("").tolist() == held
    assert set(alone) == {"A", "B", "C", "D"}


def test_no_row_gives_no_grade() -> None:
    empty = pd.DataFrame(columns=["n_eff", "source_count", "located_pct"], dtype=float)
    assert grades(empty, "site").empty


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({**BEST, "n_eff": -1}, "site", "n_eff has a value outside"),
        ({**BEST, "located_pct": 101}, "site", "located_pct has a value outside 0 to 100"),
        ({**BEST, "stability": 90}, "hotspot", "stability has a value outside 0 to 1"),
        (BEST, "river", "write one of hotspot, site, area"),
    ],
)
def test_an_impossible_value_is_refused(values: dict, kind: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        grade(**values, kind=kind)


def test_a_table_without_a_column_of_its_rules_is_refused() -> None:
    with pytest.raises(ValueError, match="area needs assessed_workers_pct"):
        grades(pd.DataFrame({"n_eff": [1.0], "source_count": [1], "located_pct": [50.0]}), "area")


def test_evidence_counts_half_a_year_later() -> None:
    assert effective_count([]) == 0
    assert effective_count([0.0] * 10) == 10
    assert effective_count([12, 24, 36]) == pytest.approx(0.875, abs=1e-12)
    rows = pd.DataFrame({"unit_id": ["a", "b", "a"], "age_months": [0, 12, 12]})
    assert effective_counts(rows).to_dict() == {"a": 1.5, "b": 0.5}
    with pytest.raises(ValueError, match="below 0"):
        effective_counts(rows.assign(age_months=-1))
