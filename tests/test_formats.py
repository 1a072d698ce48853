"""Figures are written as they were published."""

from __future__ import annotations

import pandas as pd
import pytest

from frame.formats import as_published, bounds


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [(2000, 3000, "2,000–3,000"), (2000, pd.NA, "at least 2,000"), (pd.NA, 3000, "at most 3,000")],
)
def test_a_range_without_a_best_figure_is_written_as_a_range(low: object, high: object, written: str) -> None:
    assert bounds(low, high) == written


@pytest.mark.parametrize(
    ("published", "written"),
    [
        ("2020", "2020"),
        ("2020-01", "January 2020"),
        ("2026-09-30", "30 Sept 2026"),
        ("early 2020", "early 2020"),
        ("2020-13", "2020-13"),
    ],
)
def test_a_published_date_is_written_no_finer_than_it_came(published: str, written: str) -> None:
    assert as_published(published) == written
