"""One site: what is due, what was lost as visible as what was gained, and what nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from frame import formats, site_courses, site_levels
from layers import courses, sections
from risk.texts import speak
from risk.vocabulary import Audience
from tests.made_improving import ALPHA, AS_OF, BETA, GAMMA, HOSTILE, NAMES, action, publish_improving
from tests.test_editions import opened as through_the_door
from tests.test_pages import opened, said
from warehouse import site_history
from warehouse.release import Release

DAY = pd.Timestamp(AS_OF)


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


def every(app: AppTest) -> str:
    return "\n".join([said(app), *(part.value for part in app.header), *(box.label for box in app.expander)])


@pytest.mark.usefixtures("at_made")
def test_sites_stand_in_the_order_of_the_alphabet_and_none_is_above_another() -> None:
    app = opened("sites")
    assert not app.exception
    names = [NAMES[BETA], NAMES[ALPHA], NAMES[GAMMA]]
    assert [label.split(" · ")[0] for label in app.selectbox(key="site").options] == names
    rows = app.dataframe[0].value
    assert rows["name"].tolist() == names
    assert rows["assessed"].tolist() == ["1 Feb 2026", "10 Jan 2026", "not assessed"]
    assert not [name for name in rows if "score" in name]


@pytest.mark.usefixtures("at_made")
def test_the_choice_of_a_site_is_in_the_address() -> None:
    app = through_the_door("sites", site=BETA)
    assert app.selectbox(key="site").value == BETA
    app.selectbox(key="site").set_value(ALPHA).run()
    assert not app.exception
    assert app.query_params["site"] == ALPHA


@pytest.mark.usefixtures("at_made")
def test_a_site_that_is_not_there_is_said_to_be_none() -> None:
    app = opened("sites", site="site-nowhere")
    assert not app.exception
    assert "not in this release" in app.warning[0].value
    assert "site" not in app.session_state["kept"]


@pytest.mark.usefixtures("at_made")
def test_what_is_due_counts_from_the_day_of_the_release() -> None:
    words = every(opened("sites", site=ALPHA))
    assert "valid until 1 Mar 2026 – **expired, 30 days overdue**" in words
    assert "due 31 Dec 2025 – **90 days overdue**" in words
    # Its extension moved that day.
    assert "under review · due 1 Jun 2026 – 62 days left" in words
    assert "Do act\\-4 · newly opened – no due day on record" in words
    assert "Do act\\-2 · resolved" not in words


@pytest.mark.usefixtures("at_made")
def test_a_level_stands_beside_its_framework_and_how_far_that_counts() -> None:
    app = opened("sites", site=ALPHA)
    assert app.subheader[0].value == "A made framework \\(illustrative\\)"
    words = every(app)
    assert "No level: blocked by zero tolerance (10 Jan 2026)" in words
    assert "**WR\\-01** Nobody under 18 works – partly met" in words
    assert "- **GOV\\-01** The place is lawful – not met" in words
    assert "Normative Framework" not in words


@pytest.mark.usefixtures("at_made")
def test_criteria_are_told_in_the_language_of_the_reader() -> None:
    words = every(through_the_door("sites", site=ALPHA, lang="fr"))
    assert "Personne de moins de 18 ans" in words
    assert "Nobody under 18 works" not in words


@pytest.mark.usefixtures("at_made")
def test_what_was_lost_is_as_visible_as_what_was_gained() -> None:
    app = opened("sites", site=ALPHA)
    words = every(app)
    assert "**▼ Lost · 2**" in words
    assert "**▲ Gained · 3**" in words
    assert words.index("▼ Lost") < words.index("▲ Gained")
    assert "met → not met" in words
    assert "not met → partly met" in words


@pytest.mark.usefixtures("at_made")
def test_one_assessment_alone_tells_of_no_change() -> None:
    words = every(opened("sites", site=BETA))
    assert "that takes two assessments under one framework" in words
    assert "Lost ·" not in words


@pytest.mark.usefixtures("at_made")
def test_what_is_not_known_is_said() -> None:
    words = every(opened("sites", site=ALPHA))
    for line in (
        "What kind of site it is.",
        "Which minerals are dug here.",
        "The ministry's colour of the site (green, yellow or red): this release does not hold it.",
        "What is there today: no visit on record since 2 May 2023.",
        "the last assessment expired on 1 Mar 2026",
        "Sections without a score in the last assessment: Section \\*OSH\\*.",
        "Criteria that no assessment ever looked at: 2 of 7.",
        "When 1 open action is due.",
    ):
        assert line in words
    assert "How many people work here" not in words


@pytest.mark.usefixtures("at_made")
def test_a_site_of_which_little_is_known_is_not_called_bad_or_safe() -> None:
    app = opened("sites", site=GAMMA)
    assert not app.exception
    words = every(app)
    assert "No assessment of this site is on record: no level and no score. That is not a low score." in words
    assert "Absence of records says nothing about any site." in words
    assert "the place is known to territory only" in words
    assert "How many people work here: nobody reported a figure for this one site." in words
    assert "No assessment, visit, event or improvement action is on record here." in words
    assert "this is not a finding of safety" in words
    assert "0 %" not in words


def test_below_staff_a_page_says_that_it_holds_published_records_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_improving(tmp_path, only_sites=True, audiences=(Audience.PUBLIC,))
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path))
    monkeypatch.setenv("COBALT_AUDIENCE", "public")
    app = opened("sites", site=ALPHA)
    assert not app.exception
    assert "This file holds published records only." in said(app)


@pytest.mark.usefixtures("at_made")
def test_published_figures_are_indicators_and_no_score() -> None:
    app = opened("sites", site=ALPHA)
    table = next(frame.value for frame in app.dataframe if "indicator" in frame.value)
    assert table["value_reported"].tolist() == ["about 18 %"]
    assert "no score is made of them" in said(app)


@pytest.mark.usefixtures("at_made")
def test_words_of_data_do_nothing_on_the_page() -> None:
    app = opened("sites", site=ALPHA)
    texts = [part.value for kinds in (app.markdown, app.header, app.caption) for part in kinds]
    assert not [text for text in texts if re.search(r"(?<!\\)<(script|b|i)\b", text)]
    assert any("\\<script\\>alert\\(1\\)" in text for text in texts)


@pytest.mark.usefixtures("at_made")
def test_sources_are_named_and_what_cites_none_is_counted() -> None:
    words = every(opened("sites", site=ALPHA))
    assert "https://example.org/report" in words
    assert "1 record cites no published source." in words


@pytest.mark.usefixtures("at_made")
def test_the_card_on_the_map_leads_to_the_page_of_the_site() -> None:
    app = opened("explore", at=f"site:{BETA}")
    app.button(key=f"page-{BETA}").click().run()
    assert not app.exception
    assert [title.value for title in app.title] == ["What is known of this site?"]
    assert app.selectbox(key="site").value == BETA


@pytest.mark.usefixtures("at_made")
def test_a_table_of_sites_leads_to_their_pages() -> None:
    rows = through_the_door("ground", lang="fr").dataframe[0].value
    pages = {page.rpartition("/")[2] for page in rows["page"]}
    assert pages == {f"sites?lang=fr&site={code}" for code in NAMES}


def test_a_section_under_60_percent_has_no_score_and_says_why(made: Release) -> None:
    rows = site_history.site_sections(made, ALPHA)
    row = rows[(rows["section"] == "OSH") & (rows["assessment_id"] == "a2")].to_dict("records")[0]
    assert site_levels.said_of(row) == "no score: 1 of 3 criteria assessed, under 60 %"
    assert site_levels.said_of(row | {"criteria_assessed": 0}) == "not assessed"
    assert (
        site_levels.said_of(row | {"criteria_assessed": 0, "criteria_applicable": 0})
        == "no criterion applies"
    )


def values(chart: dict, layer: dict) -> list[dict]:
    return chart["datasets"][layer["data"]["name"]]


def drawn(*scores: float | None, versions: str = "aaaa") -> list[dict]:
    rows = pd.DataFrame(
        {
            "assessed_on": pd.date_range("2025-01-01", periods=len(scores), freq="90D"),
            "framework_id": list(versions[: len(scores)]),
            "score_pct": pd.array(scores, dtype="Float64"),
            "day": "a day",
            "said": "words",
        }
    )
    chart = sections.draw(rows, (rows["assessed_on"].min(), rows["assessed_on"].max())).to_dict()
    return [values(chart, layer) for layer in chart["layer"]]


def test_what_has_no_score_is_never_drawn_as_nought_and_no_line_crosses_it() -> None:
    line, dots, gaps = drawn(50.0, None, 70.0)
    assert [row["score"] for row in dots] == [50.0, 70.0]
    assert [row["score"] < 0 for row in gaps] == [True]
    assert len({row["part"] for row in line}) == 2
    assert len(drawn(0.0)[1]) == 1


def test_no_line_joins_scores_of_two_versions() -> None:
    line, _dots, _gaps = drawn(50.0, 60.0, 70.0, versions="aab")
    assert [row["part"] for row in line] == [1, 1, 2]


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"is_open": True}, ["running", "late", "due"]),
        ({"is_open": True, "due_on": "2026-05-01"}, ["running", "due"]),
        ({"status": "resolved", "resolved_on": "2025-06-01"}, ["resolved", "due"]),
        ({"status": "resolved", "resolved_on": "2026-02-01"}, ["resolved", "late", "due"]),
        ({"status": "cancelled"}, ["aside", "due"]),
        ({"is_open": True, "due_on": None}, ["running"]),
        ({"is_open": True, "started_on": None}, ["late", "due"]),
        ({"status": "cancelled", "due_on": None}, ["due"]),
        ({"status": "new", "is_open": True, "started_on": None, "due_on": None}, []),
    ],
)
def test_the_course_of_an_action_shows_what_is_late_and_makes_up_no_day(
    changes: dict, kinds: list[str]
) -> None:
    row = action("act", **{"is_open": False, **changes})
    marks = site_courses.action_marks(row | {"due_now_on": row["due_on"], "title_fr": None}, DAY)
    assert [mark["kind"] for mark in marks] == kinds
    assert all(mark["starts_on"] <= mark["ends_on"] for mark in marks)


def test_the_axis_of_time_holds_all_lanes_and_the_day_of_the_release() -> None:
    marks = pd.DataFrame(
        [
            {
                "lane": 0,
                "kind": "visit",
                "starts_on": DAY - pd.Timedelta(days=9),
                "ends_on": DAY,
                "said": HOSTILE,
            }
        ]
    )
    chart = courses.draw(["Visits", "Other"], marks, DAY, "the day").to_dict()
    names = next(values(chart, layer) for layer in chart["layer"] if layer["mark"]["type"] == "text")
    assert [row["name"] for row in names] == ["Visits", "Other"]
    assert values(chart, chart["layer"][-1]) == [{"from": DAY.isoformat(), "said": "the day"}]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "due on this day"),
        (1, "1 day left"),
        (12, "12 days left"),
        (-1, "1 day overdue"),
        (-400, "400 days overdue"),
        (pd.NA, "no due day on record"),
    ],
)
def test_a_clock_says_which_way_it_runs(days: object, words: str) -> None:
    assert formats.clock(days) == words
