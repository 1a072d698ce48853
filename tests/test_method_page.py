"""The page on the method: each figure with its date and method, each constant with its meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from frame import method_figures, method_tables
from frame.method_names import CONSTANTS, FIGURES, GROUNDS, SETTINGS, WAYS, WORDS
from frame.method_texts import FORMULAS, LIMITS
from risk.method import METHOD, Method
from risk.texts import speak
from risk.vocabulary import UNIT_CLASSES, Edition
from warehouse import methods
from warehouse.release import Release, open_release
from warehouse.settings import ROOT

FIGURE_FILES = sorted((ROOT / "data" / "method").glob("*.csv"))


@pytest.fixture(autouse=True)
def served_release(open_releases_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(open_releases_dir))
    yield
    st.cache_data.clear()
    speak("en")


@pytest.fixture
def release(open_releases_dir: Path) -> Release:
    return open_release(Edition.OPEN, releases_dir=open_releases_dir)


def opened() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    return app.run().switch_page("pages/method.py").run()


def figures() -> pd.DataFrame:
    return pd.concat([pd.read_csv(path, keep_default_na=False) for path in FIGURE_FILES], ignore_index=True)


def test_every_constant_of_the_method_has_a_meaning_and_no_other() -> None:
    assert set(CONSTANTS) == {field.name for field in fields(Method)} - {"version"}


def test_every_class_of_a_place_says_what_it_means_and_what_not() -> None:
    assert set(WORDS) == set(UNIT_CLASSES)


def test_every_measured_figure_has_a_name_on_the_page() -> None:
    rows = figures()
    listed = rows[rows["test"].isin(["intervals", "order of sites", "duplicates", "exposure", "hold-out"])]
    assert set(listed["setting"]) <= set(SETTINGS)
    assert set(listed["figure"]) <= set(FIGURES)
    grounds = rows[rows["test"].isin(["null", "power"])]["setting"].str.split("; ").str[0]
    assert set(grounds) <= set(GROUNDS)


def test_every_figure_has_its_interval_date_and_method() -> None:
    rows = figures()
    value, low, high = (rows[name].astype(float) for name in ("value", "low", "high"))
    assert ((low <= value + 1e-4) & (value <= high + 1e-4)).all()
    assert (rows[["method_version", "measured_on"]] != "").all(axis=None)
    assert not rows.duplicated(["test", "setting", "figure"]).any()


def test_the_figures_asked_for_first_were_measured() -> None:
    rows = figures()
    for test, setting in (
        *(("cells", way) for way in WAYS),
        *(("even belt", way) for way in WAYS),
        ("words", "confirmed"),
        ("words", "no_excess"),
    ):
        assert len(rows[(rows["test"] == test) & (rows["setting"] == setting)]), (test, setting)


def test_the_release_holds_every_figure(release: Release) -> None:
    for test, each in figures().groupby("test"):
        known = each.set_index(["setting", "figure"])["value"].astype(float)
        found = methods.figures(release, test).set_index(["setting", "figure"])["value"].astype(float)
        assert len(found) == len(known)
        assert found.to_dict() == pytest.approx(known.to_dict())


def test_each_measured_table_says_what_it_read(release: Release) -> None:
    rows = methods.runs(release)
    assert {"hotspots", "risk_measures", "site_scores"} <= set(rows["table_name"])
    assert rows["inputs_hash"].str.fullmatch("[0-9a-f]{12}").all()
    assert (rows["reads"] != "").all()


def test_the_page_says_first_what_is_asked_and_how_often_it_is_right() -> None:
    app = opened()
    assert not app.exception
    assert not app.error
    first, second = (element.value for element in app.markdown[:2])
    assert "**" in first
    assert second.count("of 100") == 3
    assert "At twice that rate or more lie **70 of 100** (58–80)." in second
    assert "100–100" not in second
    assert second.count("\n- ") == 2
    said = "\n".join(element.value for element in app.caption)
    for version in figures()["method_version"].unique():
        assert f"method {version}" in said


def test_every_formula_stands_on_the_page_with_its_source() -> None:
    app = opened()
    shown = [element.value for element in app.latex]
    captions = [element.value for element in app.caption]
    for several in FORMULAS.values():
        for formula in several:
            assert any(formula.latex in text for text in shown)
            assert formula.source in captions


def test_the_page_says_what_it_cannot_see() -> None:
    said = "\n".join(element.value for element in opened().markdown)
    for limit in LIMITS:
        assert limit in said


def test_a_figure_of_another_method_is_marked_so() -> None:
    row = {"setting": "s", "figure": "f", "value": 0.5, "low": 0.4, "high": 0.6, "runs": 3}
    own = pd.DataFrame([row | {"method_version": METHOD.version, "measured_on": "2026-11-01"}])
    assert "this release" not in method_figures.measured(own)
    other = own.assign(method_version="1")
    assert f"this release was made by method {METHOD.version}" in method_figures.measured(other)


def test_all_or_none_of_the_cases_is_given_with_its_editions_and_no_interval() -> None:
    every = {"figure": "hold the true rate", "value": 1.0, "low": 1.0, "high": 1.0, "runs": 10}
    assert method_figures.per_cent(every) == "100\u00a0% (on 10 made editions)"
    never = every | {"value": 0.0, "low": 0.0, "high": 0.0, "runs": 1}
    assert method_figures.per_cent(never) == "0\u00a0% (on 1 made edition)"
    assert method_figures.per_cent(never | {"high": 0.26}) == "0\u00a0% (0–26)"


def test_no_table_of_the_page_prints_an_interval_of_no_width() -> None:
    app = opened()
    cells = [str(value) for table in app.dataframe for value in table.value.to_numpy().ravel()]
    words = [element.value for element in app.markdown]
    assert not any("(100–100)" in text or "(0–0)" in text for text in [*cells, *words])


def test_what_is_above_none_is_never_printed_as_none_and_below_all_never_as_all() -> None:
    parts = {0.0: "0", 0.0004: "under 0.1", 0.0011: "0.1", 0.5: "50", 0.9974: "99.7", 0.9999: "over 99.9"}
    assert {value: method_figures.of_hundred(value) for value in parts} == parts
    assert method_figures.of_hundred(1.0) == "100"


def test_the_page_says_how_little_no_excess_tells_and_why_cells_of_an_outline_may_be_average() -> None:
    app = opened()
    said = "\n".join(element.value for element in (*app.markdown, *app.caption))
    assert (
        "Three times the rate is rare in both: 0.1\u00a0% (0–0.2) where no excess is shown, 0.1\u00a0% "
        "(0.1–0.2) where information is not enough." in said
    )
    assert "An outline is judged as a whole" in said
    assert "63\u00a0% (57–71) truly above average · 11\u00a0% (8–14) truly at twice the rate" in said


def test_constants_are_written_as_the_reader_s_language_writes_them() -> None:
    speak("fr")
    assert method_tables._constant(METHOD.radii_m) == "0; 12\u202f000; 20\u202f000"
    assert method_tables._constant(METHOD.q) == "0,05"
    assert method_tables._constant(METHOD.bands).startswith("faible < 25; moyen < 50")
    assert method_tables._constant(METHOD.half_life_by_category).startswith("Forces de sécurité 6")


def test_a_part_is_a_percentage_and_a_correlation_is_none() -> None:
    row = {"figure": "hold the true rate", "value": 0.8951, "low": 0.87, "high": 0.0031}
    assert method_figures.per_cent(row) == "90\u00a0% (87–0.3)"
    row = {"figure": "rank correlation with the true rate", "value": 0.354, "low": -0.1, "high": 0.5}
    assert method_figures.per_cent(row) == "0.35 (-0.10–0.50)"
    assert method_figures.per_cent(None) == "not measured"
