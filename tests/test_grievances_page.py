"""What was alleged, set among what was assessed: each case is called an allegation, vague ends stay vague."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from layers import inquiries as layer
from risk.grievances import PLACEMENTS
from risk.texts import speak
from risk.vocabulary import Audience
from tests.made_cases import CASES, PERSON, publish_cases
from tests.test_pages import opened, said
from warehouse import grievances
from warehouse.release import Release, open_release


@pytest.fixture(scope="module")
def made_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    publish_cases(folder)
    return folder


@pytest.fixture(scope="module")
def made(made_dir: Path) -> Release:
    return open_release("open", releases_dir=made_dir)


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    st.cache_data.clear()
    speak("en")


@pytest.fixture
def at_made(made_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(made_dir))


@pytest.fixture
def at_public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_cases(tmp_path, Audience.PUBLIC)
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path))
    monkeypatch.setenv("COBALT_AUDIENCE", "public")


def table(app: AppTest, column: str) -> pd.DataFrame:
    return next(part.value for part in app.dataframe if column in part.value)


def everything(app: AppTest) -> str:
    """Return every word on the page, those of its tables too."""
    return said(app) + "".join(part.value.to_csv() for part in app.dataframe)


@pytest.mark.usefixtures("at_made")
def test_each_case_is_called_an_allegation_with_its_state_latest_first() -> None:
    app = opened("grievances")
    assert not app.exception
    rows = table(app, "label")
    assert rows["label"].str.startswith("allegation · ").all()
    assert rows["received_on"].is_monotonic_decreasing
    assert len(rows) == len(CASES)
    assert "Allegations on record: **8**  ·  Still open: **7**  ·  Ended: **1**" in said(app)


@pytest.mark.usefixtures("at_made")
def test_days_are_counted_and_a_step_that_never_came_is_no_nought() -> None:
    rows = table(opened("grievances"), "label").set_index("grievance_id")
    days = ["acknowledged", "decided", "closed", "open_for"]
    assert rows.loc["g-between", days].tolist() == ["7 days", "31 days", "120 days", "ended"]
    # What is dated after the day of the release is not read.
    assert rows.loc["g-after", days].tolist() == ["1 day", "no such step", "no such step", "85 days"]


@pytest.mark.usefixtures("at_made")
@pytest.mark.parametrize(
    ("case", "placement", "words"),
    [
        ("before", "before_first", ["1 May 2024, 110 days after the event", "none on record"]),
        (
            "between",
            "between",
            ["1 May 2024, 254 days before the event", "30 Jun 2025, 161 days after the event"],
        ),
        (
            "after",
            "after_last",
            ["30 Jun 2025, 185 days before the event", "1 Jan 2026 or later, end not known"],
        ),
        ("within", "overlaps", ["20 Apr 2024 – 10 May 2024"]),
        (
            "vague",
            "cannot_be_told",
            ["up to 1 Dec 2025, beginning not known", "2 assessments may lie within it"],
        ),
        ("unknown", "no_assessment", ["not known; reported on 2 Feb 2026", "none on record"]),
        (
            "refiner",
            "after_last",
            ["1 Apr 2024, 284 days before the event", "actions are on record for sites only"],
        ),
        ("company", "no_assessment", ["Assessments are on record for sites and refiners only"]),
    ],
)
def test_an_inquiry_says_where_the_event_lies(case: str, placement: str, words: list[str]) -> None:
    app = opened("grievances", case=f"g-{case}")
    assert not app.exception
    text = said(app).replace("\\", "")
    assert f"set among the assessments on record: **{PLACEMENTS[placement]}" in text
    assert [word for word in words if word not in text] == []
    assert app.session_state["kept"]["case"] == (f"g-{case}",)


@pytest.mark.usefixtures("at_made")
def test_the_actions_that_ran_are_named_and_drafts_are_left_out() -> None:
    rows = table(opened("grievances", case="g-between"), "ran")
    assert rows[["title", "ran"]].to_numpy().tolist() == [
        ["Do act-1", "yes"],
        ["Do act-2", "no"],
        ["Do act-4", "no"],
    ]
    assert rows["overdue"].tolist() == ["yes", "no", "no"]


@pytest.mark.usefixtures("at_made")
def test_a_level_stands_beside_the_title_and_standing_of_its_framework() -> None:
    rows = table(opened("grievances", case="g-between"), "framework")
    assert rows["framework"].unique().tolist() == ["A Made Framework (illustrative)"]
    assert rows["level"].tolist() == ["none reached; blocked by zero tolerance", "BASE"]


@pytest.mark.usefixtures("at_made")
def test_staff_read_what_is_alleged_as_it_stands_and_nothing_in_it_runs() -> None:
    app = opened("grievances", case="g-between")
    text = next(part.value for part in app.markdown if "onerror" in part.value)
    assert "\\<img" in text
    assert "\\[a\\]\\(javascript" in text
    assert not any(part.allow_html for part in app.markdown if "onerror" in part.value)
    assert "For staff alone" in everything(app)


@pytest.mark.usefixtures("at_public")
def test_below_staff_there_is_no_text_of_a_case_and_the_page_says_what_it_stands_on() -> None:
    app = opened("grievances", case="g-between")
    assert not app.exception
    text = everything(app)
    assert "Published cases, set among published assessments and actions" in text
    assert "between two assessments" in text
    assert "onerror" not in text
    assert "For staff alone" not in text
    assert "What is alleged" not in text


@pytest.mark.usefixtures("at_made")
@pytest.mark.parametrize("case", CASES)
def test_no_name_that_a_grievance_gives_is_shown(case: str) -> None:
    app = opened("grievances", case=f"g-{case}")
    assert PERSON not in everything(app)
    assert not any(PERSON in option for box in app.selectbox for option in box.options)


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        (Audience.STAFF, "No grievance is on record in this edition. That says nothing about any site"),
        (Audience.PUBLIC, "No published grievance is on record. Others may exist that are not public"),
    ],
)
def test_no_record_says_nothing_about_anybody(
    audience: Audience, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_cases(tmp_path, audience, has_cases=False)
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path))
    monkeypatch.setenv("COBALT_AUDIENCE", audience.value)
    app = opened("grievances")
    assert not app.exception
    assert words in said(app)
    assert not app.dataframe


@pytest.mark.usefixtures("at_made")
def test_a_link_to_no_case_says_so_and_leaves_the_address() -> None:
    app = opened("grievances", case="g-nowhere")
    assert any("not in this release" in warning.value for warning in app.warning)
    assert "case" not in app.session_state["kept"]


@pytest.mark.usefixtures("at_made")
def test_filters_stand_in_the_address() -> None:
    app = opened("grievances", case_state="ended", case_entity=["site", "nobody"])
    assert table(app, "label")["grievance_id"].tolist() == ["g-between"]
    assert app.session_state["kept"]["case_entity"] == ("site",)


@pytest.mark.usefixtures("at_made")
def test_a_case_leads_to_the_page_of_its_site(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, Any]] = []
    app = opened("grievances", case="g-between")
    monkeypatch.setattr(
        st, "switch_page", lambda page, query_params: asked.append((page, query_params["site"]))
    )
    app.button(key="open-entity").click().run()
    assert asked == [("pages/sites.py", ["site-a"])]


@pytest.mark.usefixtures("at_made")
def test_a_case_leads_to_its_refiner_and_the_refiner_back_to_the_case() -> None:
    app = opened("grievances", case="g-refiner")
    app.button(key="open-entity").click().run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Which refiners are assessed?"]
    assert "**A Made Refinery**" in said(app)
    assert app.session_state["kept"]["refiner"] == ("ref-made",)
    app.button(key="case-g-refiner").click().run()
    assert [title.value for title in app.title] == ["What was alleged, and what was assessed when?"]
    assert app.session_state["kept"]["case"] == ("g-refiner",)


def test_a_company_leads_nowhere_for_nothing_else_is_on_record(made: Release) -> None:
    row = grievances.cases(made).set_index("grievance_id").loc["g-company"]
    assert pd.isna(row["entity"])
    assert row["entity_id"] == "company-1"


def test_the_history_starts_with_the_receipt_and_ends_with_the_release(made: Release) -> None:
    rows = grievances.steps(made, "g-after")
    assert rows["status"].tolist() == ["received", "acknowledged"]
    assert len(grievances.steps(made)) == len(CASES) + 4


def drawn(*, has_start: bool, has_end: bool) -> dict[str, Any]:
    days = {name: pd.Timestamp(day) for name, day in (("start", "2025-01-10"), ("end", "2025-01-20"))}
    axis = {"since": pd.Timestamp("2024-01-01"), "until": pd.Timestamp("2026-01-01")}
    words = dict.fromkeys(("alleged", "case", "assessed", "actions"), "x")
    event = {**days, **axis, "has_start": has_start, "has_end": has_end, "said": "said", "headings": words}
    marks = pd.DataFrame({"line": ["case"], "day": [pd.Timestamp("2025-02-01")], "said": ["received"]})
    actions = pd.DataFrame(columns=["from_on", "to_on", "due_on", "number", "was_running", "said"])
    found: dict[str, Any] = layer.draw(event, marks, actions).to_dict()
    return found


@pytest.mark.parametrize(
    ("has_start", "has_end"), [(True, True), (True, False), (False, True), (False, False)]
)
def test_an_end_that_nobody_told_fades_out_and_has_no_line(has_start: bool, has_end: bool) -> None:
    layers = drawn(has_start=has_start, has_end=has_end)["layer"]
    colour = next(one["mark"]["color"] for one in layers if one["mark"]["type"] == "rect")
    rules = [one for one in layers if one["mark"]["type"] == "rule" and one["mark"].get("strokeDash")]
    assert len(rules) == has_start + has_end
    if has_start and has_end:
        assert colour == layer.ALLEGED
        return
    clear = [stop["offset"] for stop in colour["stops"] if stop["color"] == "rgba(163,74,0,0)"]
    assert clear == [*([] if has_start else [0]), *([] if has_end else [1])]
