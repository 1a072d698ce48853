"""What improves: actions by the day they are due, losses beside gains, needs with and without an action."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from frame import improving as board
from layers import balances, needs
from risk.texts import speak
from risk.vocabulary import Audience
from tests.made_improving import ALPHA, BETA, HOSTILE, publish_improving
from tests.test_editions import opened as through_the_door
from tests.test_pages import opened, said
from warehouse import improving
from warehouse.release import Release


@pytest.fixture(scope="module")
def made_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("improving")


@pytest.fixture(scope="module")
def made(made_dir: Path) -> Release:
    return publish_improving(made_dir)


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    st.cache_data.clear()
    speak("en")


@pytest.fixture
def at_made(made: Release, made_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(made_dir))


def test_actions_stand_by_the_day_they_are_due_then_by_site(made: Release) -> None:
    rows = improving.actions(made)
    # Two are due on one day: `beta` comes before `Émile` whatever the accent.
    assert rows["action_id"].tolist() == ["act-2", "act-5", "act-1", "act-3", "act-4"]
    assert rows["due_now_on"].isna().tolist() == [False] * 4 + [True]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"marks": ("overdue",)}, ["act-5", "act-1"]),
        ({"marks": ("overdue", "unfunded")}, ["act-1"]),
        ({"marks": ("in_review",)}, ["act-3"]),
        ({"status": ("new", "resolved")}, ["act-2", "act-4"]),
        ({"territory": ("CD7201",)}, ["act-5"]),
        ({"site_id": BETA}, ["act-5"]),
        ({"territory": ("CD7201",), "marks": ("unfunded",)}, []),
    ],
)
def test_each_filter_narrows_the_actions(made: Release, filters: dict, ids: list[str]) -> None:
    assert improving.actions(made, **filters)["action_id"].tolist() == ids


def test_an_extension_moves_the_day_that_is_due(made: Release) -> None:
    row = improving.actions(made, marks=("in_review",)).iloc[0]
    assert (row["due_on"], row["due_now_on"]) == (pd.Timestamp("2026-05-01"), pd.Timestamp("2026-06-01"))
    assert not row["is_overdue"]


@pytest.mark.usefixtures("at_made")
def test_the_page_counts_by_status_and_lists_open_actions_first() -> None:
    app = opened("progress")
    assert not app.exception
    words = said(app)
    assert (
        "draft: **0**  ·  newly opened: **1**  ·  in progress: **2**  ·  under review: **1**  ·  resolved: **1**"
        in words
    )
    assert "overdue: **2**  ·  open and unfunded: **1**  ·  waiting for verification: **1**" in words
    first, others = app.dataframe[0].value, app.dataframe[1].value
    assert first["clock"].tolist() == [
        "90 days overdue",
        "90 days overdue",
        "62 days left",
        "no due day on record",
    ]
    assert first["title"].tolist()[1] == HOSTILE
    assert others["clock"].tolist() == ["resolved in 30 days"]
    assert not [name for frame in app.dataframe for name in frame.value if "score" in name or "rank" in name]


@pytest.mark.usefixtures("at_made")
def test_the_filters_are_in_the_address() -> None:
    app = through_the_door("progress", action="overdue", status="in_progress", territory="CD7101")
    assert not app.exception
    assert app.dataframe[0].value["site_name"].tolist() == ["Émile <b>pit</b>"]
    app.sidebar.button[0].click().run()
    assert "action" not in app.query_params
    assert len(app.dataframe[0].value) == 4


@pytest.mark.usefixtures("at_made")
def test_filters_that_match_nothing_say_so() -> None:
    app = opened("progress", action="overdue", status="new")
    assert not app.exception
    assert "No action matches these filters. This says nothing about any site." in said(app)


@pytest.mark.usefixtures("at_made")
def test_losses_are_counted_beside_gains() -> None:
    app = opened("progress")
    assert "▼ Lost: **2**  ·  ▲ Gained: **3**  ·  1 site" in said(app)
    assert "A made framework \\(illustrative\\)" in said(app)
    table = next(frame.value for frame in app.dataframe if "lost" in frame.value).set_index("name")
    assert table["lost"].to_dict() == {"Section GOV": 1, "Section WR": 1, "Section *OSH*": 0}
    assert table["gained"].to_dict() == {"Section GOV": 1, "Section WR": 1, "Section *OSH*": 1}


def test_only_the_last_pair_of_assessments_counts(made: Release) -> None:
    rows = improving.latest_changes(made, territory=("CD7201",))
    assert rows.empty
    assert improving.latest_changes(made)["site_count"].unique().tolist() == [1]


def test_what_needs_money_stands_with_and_without_an_action(made: Release) -> None:
    rows = improving.needs_by_territory(made).set_index("territory_pcode")
    assert rows["answered"].to_dict() == {"CD7101": "not_funded", "CD7201": "no_action"}
    one = improving.needs_by_criterion(made, territory=("CD7101",)).iloc[0]
    assert (one["criterion_id"], one["capital_en"], one["site_count"]) == ("OSH-01", "Machines", 1)
    assert (one["no_action"], one["not_funded"], one["funded"]) == (0, 1, 0)


@pytest.mark.usefixtures("at_made")
def test_the_page_says_what_it_would_take() -> None:
    app = opened("progress")
    table = next(frame.value for frame in app.dataframe if "capital" in frame.value)
    assert table["capital"].tolist() == ["Machines", "Machines"]
    assert table["name"].tolist() == ["Alpha", "Gamma"]
    assert "**2** times a criterion that takes investment is not met at a site; **1** without" in said(app)


def test_how_long_it_took_is_told_of_what_was_measured(made: Release) -> None:
    row = improving.days_to_resolve(made).iloc[0]
    assert (row["resolved"], row["measured"], row["median_days"]) == (1, 1, 30)
    none = improving.days_to_resolve(made, territory=("CD7201",)).iloc[0]
    assert none["resolved"] == 0
    assert pd.isna(none["median_days"])


def test_what_took_an_unknown_time_says_so() -> None:
    row = {"is_open": False, "status": "resolved", "days_to_resolve": pd.NA}
    assert board.clock(row) == "resolved; how long it took is not known"


def test_a_file_without_records_says_that_this_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_improving(tmp_path, only_sites=True, audiences=(Audience.PUBLIC,))
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path))
    monkeypatch.setenv("COBALT_AUDIENCE", "public")
    app = opened("progress")
    assert not app.exception
    assert len(app.info) == 3
    for note in app.info:
        assert note.value.endswith(
            "This file holds published records only. Absence of records says nothing about any site."
        )
    assert ALPHA not in said(app)


def test_a_loss_is_drawn_as_large_as_a_gain_of_the_same_size() -> None:
    rows = pd.DataFrame({"name": ["One"], "gained": [3], "lost": [3]})
    chart = balances.draw(rows).to_dict()
    bars = {row["side"]: row["count"] for row in chart["datasets"][chart["layer"][0]["data"]["name"]]}
    assert bars == {"lost": -3, "gained": 3}
    low, high = chart["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low == -high


def test_bars_of_needs_keep_the_order_they_are_given() -> None:
    rows = pd.DataFrame(
        {
            "name": ["Beta", "Alpha", "Beta"],
            "answered": ["no_action", "funded", "funded"],
            "need_count": [9, 1, 2],
        }
    )
    chart = needs.draw(rows).to_dict()
    assert chart["encoding"]["y"]["sort"] == ["Beta", "Alpha"]
    assert balances.draw(rows.iloc[:0].assign(gained=[], lost=[])).to_dict()["layer"]
