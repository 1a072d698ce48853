"""Figures on the method in words: what is missing is named, brackets only where there are some, rows in order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from frame import method_figures
from risk.method import METHOD
from tests.test_pages import opened, said
from warehouse import methods


@pytest.fixture(autouse=True)
def served_release(open_releases_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(open_releases_dir))
    yield
    st.cache_data.clear()


def without(monkeypatch: pytest.MonkeyPatch, *tests: str) -> None:
    """Take the figures of `tests` out of the release."""
    known = methods.figures
    monkeypatch.setattr(
        methods,
        "figures",
        lambda release, test: known(release, test).iloc[: 0 if test in tests else None],
    )


def test_without_figures_on_the_words_the_page_says_which_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "words")
    app = opened("method")
    assert not app.exception
    assert "No figures yet on how often the words are right." in said(app)
    assert "What it can notice" in [heading.value for heading in app.header]


def test_without_any_figure_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "words", "power", "null")
    app = opened("method")
    assert not app.exception
    assert "This release holds no figures on how the method was tried." in said(app)
    assert "What it can notice" not in [heading.value for heading in app.header]


def test_false_alarms_run_by_number_of_reports() -> None:
    (table,) = (
        part.value for part in opened("method").dataframe if {"ground", "reports"} <= set(part.value.columns)
    )
    for _ground, rows in table.groupby("ground", sort=False):
        assert rows["reports"].tolist() == ["200", "500", "2,000"]


def test_an_interval_in_brackets_is_told_of_only_where_there_is_one() -> None:
    row = {"setting": "s", "figure": "f", "value": 0.5, "low": 0.4, "high": 0.6, "runs": 3}
    rows = pd.DataFrame([row | {"method_version": METHOD.version, "measured_on": "2026-11-01"}])
    assert "in brackets" in method_figures.measured(rows)
    assert "in brackets" not in method_figures.measured(rows, has_brackets=False)


def test_a_reported_hotspot_tells_of_false_alarms_where_reporting_is_uneven() -> None:
    words = next(part.value for part in opened("method").markdown if "**reported" in part.value)
    assert "Where reporting is uneven" in words
    assert "**100 of 100** made maps" in words


def test_false_alarms_weigh_each_setting_by_its_maps() -> None:
    rows = pd.DataFrame(
        {
            "setting": [
                "uneven; 200 reports",
                "uneven; 500 reports",
                "exact; 200 reports",
                "uneven; 200 reports",
            ],
            "figure": ["any flag, rate", "any flag, rate", "any flag, rate", "any flag, share"],
            "value": [1.0, 0.5, 0.1, 0.2],
            "runs": [300, 100, 100, 100],
        }
    )
    assert method_figures.false_alarms_where_uneven(rows) == pytest.approx(0.875)
    assert method_figures.false_alarms_where_uneven(rows.iloc[2:]) is None
