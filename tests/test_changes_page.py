"""What is changing: progress as visible as decline, no arrow where the number of lookers moved, gaps with their word."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from hypothesis import given, settings
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from frame import changing_cards
from pipelines.measuring.moment import Moment
from risk.texts import speak
from tests.made_areas import STARTS, made_rows, publish_areas
from tests.test_pages import opened, said
from warehouse import trends
from warehouse.release import Release


@pytest.fixture(scope="module")
def made_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("areas")


@pytest.fixture(scope="module")
def made(made_dir: Path) -> Release:
    return publish_areas(made_dir)


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    st.cache_data.clear()
    speak("en")


@pytest.fixture
def at_made(made: Release, made_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(made_dir))


@pytest.fixture
def at_release_with_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made_rows()
    changed = {"trend_class": "new", "trend_p": 0.8, "has_arrow": False}
    rows["hotspots"] = [row | (changed if row["category"] == "OSH" else {}) for row in rows["hotspots"]]
    publish_areas(tmp_path, rows)
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path))


@pytest.fixture
def at_training(training_releases_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(training_releases_dir))
    monkeypatch.setenv("COBALT_EDITION", "training")


@pytest.fixture
def at_open(open_releases_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(open_releases_dir))


def headings(app: AppTest) -> list[str]:
    return [part.value for part in app.header]


def change_of(app: AppTest, title: str) -> pd.Series:
    rows = app.dataframe[0].value
    return rows[rows["title"] == title].iloc[0]


@given(some.dates(date(2000, 1, 1), date(2090, 1, 1)))
@settings(max_examples=60, deadline=None)
def test_the_stretches_are_those_that_the_measures_count_by(as_of: date) -> None:
    release = Release("r", None, None, as_of, Path("r"), None)  # type: ignore[arg-type]
    found = trends.quarters(release)
    assert found["quarter_start"].tolist() == Moment(as_of).quarter_starts().tolist()
    assert found["quarter_end"].iloc[-1] == pd.Timestamp(as_of)
    gaps = found["quarter_start"].iloc[1:].reset_index(drop=True) - found["quarter_end"].iloc[
        :-1
    ].reset_index(drop=True)
    assert set(gaps) == {pd.Timedelta(days=1)}


def test_an_area_rises_and_another_falls_and_only_one_has_an_arrow(made: Release) -> None:
    rows = trends.area_changes(made, "territory", "ENV").set_index("name")
    assert rows["trend_class"].to_dict() == {
        "Alpha": "rising",
        "Beta": "falling",
        "Gamma": "not_enough",
        "Delta": "not_enough",
    }
    # Half of Beta's sources fell silent.
    assert rows["has_arrow"].to_dict() == {"Alpha": True, "Beta": False, "Gamma": False, "Delta": False}
    assert rows.loc["Beta", "effort_change_pct"] == pytest.approx(-75)


def test_a_stretch_without_a_report_says_why_and_is_never_nought(made: Release) -> None:
    rows = trends.area_quarters(made, "territory", "ENV")
    assert len(rows) == 4 * len(STARTS)
    assert (rows["events"].isna() == rows["absence"].notna()).all()
    assert not (rows[["events", "visits", "sources"]] == 0).fillna(False).any(axis=None)


def test_none_found_is_said_only_where_a_visit_looked_for_that_category(made: Release) -> None:
    def gamma(category: str) -> list[object]:
        rows = trends.area_quarters(made, "territory", category)
        return rows[rows["unit_id"] == "CD7201"]["absence"].tolist()[3:]

    never = ["not_visited", "not_visited"]
    # One visit looked for it; another saw something else; then something else was reported and nobody went.
    assert gamma("ENV") == [*never, "none_found", "not_reported", "not_reported"]
    assert gamma("ALL") == [*never, "none_found", "not_reported", "not_reported"]


def test_a_trend_counts_nought_only_where_a_report_was_possible(made: Release) -> None:
    rows = trends._series(made, "territory").set_index("hotspot_id")
    gamma = rows.loc["CD7201|ENV", "observed"].tolist()
    assert gamma == pytest.approx([math.nan, math.nan, 3, math.nan, math.nan, 0, 0, 0], nan_ok=True)


@pytest.mark.usefixtures("at_made")
def test_progress_is_as_visible_as_decline() -> None:
    app = opened("changes")
    assert not app.exception
    assert headings(app)[:2] == ["Rising · 1", "Falling · 1"]
    assert "Rising: **1**  ·  Falling: **1**" in said(app)


@pytest.mark.usefixtures("at_made")
def test_an_arrow_stands_only_where_as_many_looked_as_before() -> None:
    app = opened("changes")
    falling, rising = "Health and safety · Alpha, Beta", "Security forces · Alpha, Beta"
    assert change_of(app, falling)["change"] == "↘ falling"
    assert change_of(app, falling)["yearly"] == "−40\u00a0%"
    assert change_of(app, rising)["change"] == "rising"
    assert change_of(app, rising)["yearly"] == "no arrow"
    words = said(app)
    assert "No arrow: more reports may only mean that more people looked." in words
    assert "Reporting effort +80\u00a0% from the first year to the second." in words
    assert "↗" not in words


@pytest.mark.parametrize(
    ("p", "effort", "is_shown"),
    [(0.8, 0.0, False), (None, 0.0, False), (0.001, 100.0, False), (0.001, None, False), (0.001, 5.0, True)],
)
def test_what_passes_now_and_did_not_before_need_not_have_changed(
    p: float | None, effort: float | None, is_shown: bool
) -> None:
    row = {"trend_class": "new", "has_arrow": False, "p_adjusted": p, "effort_change_pct": effort}
    words = "passes now, did not before" + ("" if is_shown else "; the change itself is not shown")
    assert changing_cards.class_of(row) == words


@pytest.mark.usefixtures("at_release_with_new")
def test_rising_and_falling_are_told_before_and_after_what_only_passes_now() -> None:
    app = opened("changes")
    assert not app.exception
    assert headings(app)[:2] == ["Rising · 1", "Passes now, did not before · 1"]
    assert "the change itself is not shown" in said(app)


def test_p_is_adjusted_over_all_hotspots_whatever_is_chosen(made: Release) -> None:
    every = trends.hotspot_changes(made).set_index("unit_id")["p_adjusted"]
    one = trends.hotspot_changes(made, "SEC").set_index("unit_id")["p_adjusted"]
    assert len(one) == 1
    assert one.iloc[0] == every[one.index[0]]


@pytest.mark.usefixtures("at_made")
@pytest.mark.parametrize(
    ("unit", "label"), [("hotspot", "Latest report:"), ("territory", "Latest report, any category:")]
)
def test_the_latest_report_of_an_area_is_of_any_category_and_says_so(unit: str, label: str) -> None:
    app = opened("changes", unit=unit)
    assert label in said(app)
    assert ("Latest report:" in said(app)) == (unit == "hotspot")


@pytest.mark.usefixtures("at_made")
def test_an_area_of_which_nothing_is_known_is_named_with_why() -> None:
    app = opened("changes", unit="territory", theme="ENV")
    assert not app.exception
    assert (
        "No visit and no report in the 24 months (not visited): Delta. This is no finding of safety."
        in said(app)
    )


@pytest.mark.usefixtures("at_made")
def test_the_table_of_stretches_holds_words_where_nothing_was_reported() -> None:
    events = opened("changes").dataframe[1].value["events"]
    assert events.tolist().count("not reported") == 2
    assert "0" not in events.tolist()


@pytest.mark.usefixtures("at_training")
def test_a_hotspot_has_as_many_reports_here_as_on_the_page_of_hotspots() -> None:
    here, there = opened("changes").dataframe[0].value, opened("hotspots").dataframe[0].value
    assert len(there)
    assert here["reports"].astype(int).sum() == there["event_count"].sum()


def test_the_reports_of_a_hotspot_are_those_that_its_card_gives() -> None:
    row = {"observed": 23.5, "event_count": 20}
    assert changing_cards.reports(row) == "20"
    assert changing_cards.reports({"observed": 23.0}) == "23"
    assert changing_cards.reports({"observed": pd.NA}) == "none on record"


@pytest.mark.usefixtures("at_made")
def test_a_card_of_a_hotspot_is_one_click_away() -> None:
    app = opened("changes")
    app.button(key="open-OSH-c-86960b41fffffff").click().run()
    assert not app.exception
    assert app.session_state["kept"]["at"] == ("hotspot:OSH-c-86960b41fffffff",)
    assert [title.value for title in app.title] == ["Where is risk concentrated?"]


@pytest.mark.usefixtures("at_open")
@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (
            "hotspot",
            "no such hotspot in this release, so there is none to follow. This is no sign of safety.",
        ),
        ("territory", "Nothing can be said about change here"),
        ("province", "Nothing can be said about change here"),
    ],
)
def test_the_open_edition_says_that_nothing_can_be_said(unit: str, words: str) -> None:
    app = opened("changes", unit=unit)
    assert not app.exception
    assert words in said(app)
    assert not any(heading.startswith(("Rising", "Falling", "Passes")) for heading in headings(app))


@pytest.mark.usefixtures("at_open")
def test_a_category_without_a_hotspot_says_so() -> None:
    app = opened("changes", theme="FOR")
    assert not app.exception
    assert "There is no such hotspot in this release" in said(app)
