"""A level has a name and a rank of its own, and gates, or it is not given."""

from __future__ import annotations

import pandas as pd
import pytest

from risk.assessments import site_levels
from tests.made_assessments import LEVELS, assessments, criteria, criterion, findings

ONE = assessments(("a", "s", "2026-01-01"))


@pytest.mark.parametrize("column", ["level", "rank"])
def test_a_level_is_refused_where_another_has_its_name_or_rank(column: str) -> None:
    twice = LEVELS.assign(**{column: LEVELS[column].iloc[0]})
    with pytest.raises(ValueError, match="is taken; give each level its own"):
        site_levels(criteria(criterion("GOV-01")), twice, ONE, findings())


def test_ranks_need_not_follow_each_other() -> None:
    levels = LEVELS.assign(rank=[10, 20, 40, 80])
    asked = criteria(criterion("GOV-01", level="BASE"), criterion("GOV-02", 2, level="ADV"))
    row = site_levels(asked, levels, ONE, findings(a={"GOV_01": "met"})).iloc[0]
    assert (row["level"], row["next_level"], row["missing_for_next"]) == ("BASE", "ADV", "GOV-02")


def test_a_level_that_asks_nothing_is_not_given() -> None:
    asked = criteria(
        criterion("GOV-01", level="BASE"), criterion("GOV-02", 2, kind="management", level="ADV")
    )
    full = site_levels(asked, LEVELS, ONE, findings(a={"GOV_01": "met", "GOV_02": "met"})).iloc[0]
    assert full["level"] == "BASE"
    assert pd.isna(full["next_level"])
    none = site_levels(asked, LEVELS, ONE, findings(a={"GOV_01": "not_met"})).iloc[0]
    assert pd.isna(none["level"])
