"""The page of hotspots says how sure it is, gives no ratio on a few reports, and calls nothing safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from frame import hotspot_views, hotspot_words
from risk.texts import speak
from tests.made_hotspots import (
    CELLS,
    CONFIRMED,
    DISTINCTIVE,
    REPORTED,
    hotspot,
    hotspots,
    release_with,
)
from warehouse import hotspots as asked
from warehouse.release import Release
from warehouse.settings import ROOT

NOWHERE = "not in this release"


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    st.cache_data.clear()
    speak("en")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """One hotspot of each class, and the cells around them."""
    return release_with(tmp_path_factory.mktemp("hotspots"))


def opened(monkeypatch: pytest.MonkeyPatch, of: Release, **query: str | list[str]) -> AppTest:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(of.path.parents[2]))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    # The page alone, without the front door: what is kept for the address is in the session.
    app.switch_page("pages/hotspots.py").run()
    assert not app.exception
    assert not app.error
    return app


def said(app: AppTest) -> str:
    kinds = (app.title, app.markdown, app.caption, app.info, app.warning, app.header)
    return "\n".join(element.value for elements in kinds for element in elements)


def row_of(release: Release, hotspot_id: str) -> dict[Any, Any]:
    row: dict[Any, Any] = asked.hotspot(release, hotspot_id).to_dict("records")[0]
    return row


def test_the_header_counts_each_class_and_names_the_window(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    words = said(opened(monkeypatch, release))
    assert "**1** confirmed hotspot  ·  **1** reported hotspot  ·  **1** distinctive theme" in words
    assert "0 of 4 cells with workers: not enough information in any category" in words
    assert "reports from 2 Nov 2024 to 1 Nov 2026" in words
    assert "**No outline is no finding of safety.**" in words


def test_the_card_says_each_class_in_its_words(monkeypatch: pytest.MonkeyPatch, release: Release) -> None:
    for hotspot_id, words in (
        (
            CONFIRMED,
            "About 3.0 times what the number of workers would lead us to expect (likely 2.0 to 4.6), and a "
            "larger part of all reports than elsewhere.",
        ),
        (REPORTED, "More reports than expected; this may be because reporting is better here."),
        (DISTINCTIVE, "A larger part of all reports than elsewhere."),
    ):
        shown = said(opened(monkeypatch, release, at=f"hotspot:{hotspot_id}"))
        assert words in shown
        assert "14 reports, 4 independent sources" in shown
        assert "A single bad site is found only rarely by this test" in shown


def test_the_card_says_what_would_change_our_mind(monkeypatch: pytest.MonkeyPatch, release: Release) -> None:
    words = said(opened(monkeypatch, release, at=f"hotspot:{CONFIRMED}"))
    spare = row_of(release, CONFIRMED)["spare_reports"]
    assert f"If about {spare + 1} of its 14 reports proved wrong or lay elsewhere" in words
    assert "If its 1 vaguely placed report lies elsewhere, it still stands." in words
    assert "it passes in 19 of 20 draws; grade A takes 18 of 20" in words
    assert "A visit to one of its 2 sites: none is on record in the 24 months." in words
    assert "cut by circles around sites, territories" in words


def test_an_arrow_is_drawn_only_where_as_many_looked(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    words = said(opened(monkeypatch, release, at=f"hotspot:{CONFIRMED}"))
    assert "↗" not in words
    assert "no arrow: more or fewer reports may only mean more or fewer who looked" in words


def test_what_passes_only_now_is_new_in_the_table_and_on_the_card(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    new = {"trend_class": "new", "trend_p": None}
    rows = [hotspot(**new), hotspot(REPORTED, CELLS[1])]
    app = opened(monkeypatch, release_with(tmp_path, hotspots=rows), at=f"hotspot:{CONFIRMED}")
    words = "passes now, did not before; the change itself is not shown"
    assert words in said(app)
    table = next(one.value for one in app.dataframe if "trend" in one.value)
    assert words in table["trend"].tolist()


def test_the_records_of_a_hotspot_are_listed_with_their_verification(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    app = opened(monkeypatch, release, at=f"hotspot:{CONFIRMED}")
    listed = [one.label for one in app.expander if "corroborated" in one.label]
    assert len(listed) == 6
    assert sum("place vague" in label for label in listed) == 1
    assert any("All 6 reports as a table" in one.label for one in app.expander)


def test_no_ratio_is_printed_on_fewer_than_five_reports(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    few = {"event_count": 3, "observed": 3.0, "expected": 0.006, "rr": 297.9, "grade": "D"}
    release = release_with(tmp_path, hotspots=[hotspot(REPORTED, CELLS[1], **few)])
    app = opened(monkeypatch, release, at=f"hotspot:{REPORTED}")
    words = said(app)
    assert (
        "3 reports where the workers lead to expect fewer than 1: too few for a ratio" in words.lower()
        or ("3 reports where the workers lead to expect fewer than 1: too few for a ratio" in words)
    )
    assert "298" not in words
    assert "times what" not in words
    assert "**1** place with more reports than expected, on very few reports (grade D)" in words
    assert hotspot_words.ratio(row_of(release, REPORTED)) == "too few reports"


def test_a_place_is_counted_once_however_many_outlines_it_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    few = {"event_count": 3, "grade": "D"}
    rows = [
        hotspot("SEC-r-1", CELLS[0], **few),
        hotspot("OSH-r-1", CELLS[0], **few),
        hotspot("ENV-r-1", CELLS[1], **few),
    ]
    words = said(opened(monkeypatch, release_with(tmp_path, hotspots=rows)))
    assert "**2** places with more reports than expected, 3 outlines, all on very few reports" in words


@pytest.mark.parametrize(
    ("measure", "shown"),
    [
        ("either", {CONFIRMED, REPORTED, DISTINCTIVE}),
        ("worker", {CONFIRMED, REPORTED}),
        ("share", {CONFIRMED, DISTINCTIVE}),
        ("both", {CONFIRMED}),
        ("reports", set()),
    ],
)
def test_a_measure_shows_the_classes_that_pass_by_it(release: Release, measure: str, shown: set[str]) -> None:
    view = hotspot_views.View((), (), measure, ())
    assert set(view.of(asked.hotspots(release))["hotspot_id"]) == shown


def test_the_reader_is_told_which_of_the_cells_with_most_reports_vanish(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    words = said(opened(monkeypatch, release, measure="reports"))
    assert "Where reports are, not risk" in words
    assert (
        "Of the 4 cells with most reports, outlines by reports per worker hold 2, those by share of reports 2, "
        "those by both 1." in words
    )
    assert "2 of 12 reports are placed too vaguely for a cell" in words


def test_the_address_holds_category_class_measure_and_layers(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    app = opened(
        monkeypatch, release, category="OSH", hotspot_class="confirmed", measure="both", shown="looked"
    )
    assert app.multiselect("category").value == ["OSH"]
    assert app.multiselect("hotspot_class").value == ["confirmed"]
    assert app.session_state["measure"] == "both"
    assert app.session_state["shown"] == ["looked"]
    kept = app.session_state["kept"]
    for key, value in (("category", "OSH"), ("measure", "both"), ("shown", "looked")):
        assert kept[key] == (value,)


def test_what_makes_no_sense_in_the_address_is_dropped(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    app = opened(
        monkeypatch, release, category="XYZ", hotspot_class="sure", measure="pink", at="hotspot:nobody"
    )
    assert "**1** confirmed hotspot" in said(app)
    assert any(NOWHERE in warning.value for warning in app.warning)


@pytest.mark.parametrize(
    ("category", "words"),
    [
        ("CHL", "**No outline:** no report in the window (not reported). Nobody may have looked."),
        ("COR", "**No outline:** too few reports to tell."),
    ],
)
def test_a_category_without_an_outline_says_why_and_never_that_it_is_safe(
    monkeypatch: pytest.MonkeyPatch, release: Release, category: str, words: str
) -> None:
    shown = said(opened(monkeypatch, release, category=category))
    assert words in shown
    assert "4 of 4 cells with workers: not enough information" in shown
    for comfort in ("no risk", "low risk", "is safe", "are safe", "0 risk"):
        assert comfort not in shown.lower()


def test_the_categories_that_tell_nothing_are_named(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    words = said(opened(monkeypatch, release))
    assert "**Too few reports to tell, in any cell:** Corruption and illegal taxes." in words
    assert "**No report in the window:** Child labour." in words


def test_the_outlines_are_listed_by_category_and_never_ranked(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    app = opened(monkeypatch, release)
    rows = app.dataframe[0].value
    assert rows["category"].tolist() == sorted(rows["category"])
    assert dict(zip(rows["hotspot_id"], rows["ratio"], strict=True)) == {
        CONFIRMED: "3.0 (2.0–4.6)",
        REPORTED: "3.0 (2.0–4.6)",
        DISTINCTIVE: "by share only",
    }
    assert "this is no ranking" in said(app)


def test_an_outline_can_be_opened_without_a_mouse(monkeypatch: pytest.MonkeyPatch, release: Release) -> None:
    app = opened(monkeypatch, release)
    app.selectbox("outline").select(REPORTED).run()
    assert app.session_state["kept"]["at"] == (f"hotspot:{REPORTED}",)
    assert "More reports than expected" in said(app)


def test_names_from_data_stay_text(monkeypatch: pytest.MonkeyPatch, release: Release) -> None:
    words = said(opened(monkeypatch, release, at=f"hotspot:{CONFIRMED}"))
    assert "Kolwezi <b>" not in words
    assert r"Kolwezi \<b\>" in words


def test_an_outline_by_share_alone_has_no_ratio_in_the_table(release: Release) -> None:
    assert hotspot_words.ratio(row_of(release, DISTINCTIVE)) == "by share only"
    assert hotspot_words.ratio(row_of(release, CONFIRMED))[0].isdigit()


def test_the_open_edition_is_sober(monkeypatch: pytest.MonkeyPatch, open_release: Release) -> None:
    found = asked.hotspots(open_release)
    words = said(opened(monkeypatch, open_release))
    assert "**No outline is no finding of safety.**" in words
    assert not (found["has_ratio"] & (found["event_count"] < 5)).any()
    if len(found):
        assert found["is_weak"].all()
        assert "**These reports are too few to tell much:**" in words
        places = len(found[["lon", "lat"]].drop_duplicates())
        assert f"**{places}** place" in words
    assert "times what" not in words


def test_every_hotspot_of_the_open_edition_opens(
    monkeypatch: pytest.MonkeyPatch, open_release: Release
) -> None:
    for hotspot_id in asked.hotspots(open_release)["hotspot_id"]:
        app = opened(monkeypatch, open_release, at=f"hotspot:{hotspot_id}")
        assert not app.warning
        assert "What would change our mind" in said(app)


def test_made_rows_hold_one_hotspot_of_each_class() -> None:
    assert [row["hotspot_class"] for row in hotspots()] == ["confirmed", "reported", "distinctive"]
