"""Two editions side by side: one choice, kept in the address; the invented one says so wherever it is shown."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from frame import watermark
from frame.front import FRONT, PAGES
from risk.texts import speak
from tests.made_training import both_editions, publish_training
from warehouse.settings import ROOT

INVENTED = {
    "en": "Invented – training edition. Nothing here is real.",
    "fr": "Inventé – édition d’exercice. Rien ici n’est réel.",
}


@pytest.fixture(scope="module")
def both(open_releases_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return both_editions(open_releases_dir, tmp_path_factory.mktemp("both"))


@pytest.fixture(autouse=True)
def served_editions(both: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(both))
    monkeypatch.delenv("COBALT_EDITION", raising=False)
    yield
    st.cache_data.clear()
    speak("en")


def opened(name: str = FRONT, **query: str | list[str]) -> AppTest:
    """Open the front door with what its address says, then turn to a page."""
    # From elsewhere: beside a folder `pages`, the second page would be run past the front door.
    app = AppTest.from_string("from frame import front; front.open_door()", default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    # The driver of the test asks for the words of a choice too, in its own language.
    speak(str(query.get("lang", "en")))
    turn_to(app, name)
    assert not app.exception
    return app


def turn_to(app: AppTest, name: str) -> None:
    if name != FRONT:
        app.switch_page(str(ROOT / "pages" / f"{name}.py")).run()


def switch_of(app: AppTest) -> Any | None:
    """Return the choice of the edition, or None where none is drawn."""
    return next((group for group in app.button_group if group.key == "edition"), None)


def line(app: AppTest) -> str:
    """Return the line that says edition, day and release."""
    return next(caption.value for caption in app.caption if " · release " in caption.value)


def bands(app: AppTest) -> list[str]:
    """Return the bands at the foot of the page."""
    drawn = [element.proto.body for element in app.get("html")]
    return [body for body in drawn if "atlas-invented" in body]


def titles(app: AppTest) -> list[str]:
    """Return what each chart on the page says as its title, on one line."""
    specs = [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]
    said = [spec.get("title", {"text": []})["text"] for spec in specs]
    return [text if isinstance(text, str) else " ".join(text) for text in said]


def test_the_open_edition_is_shown_where_nothing_else_is_asked_for() -> None:
    app = opened()
    assert line(app).startswith("Open edition")
    assert app.query_params["edition"] == "open"


def test_the_operator_chooses_the_first_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_EDITION", "training")
    assert line(opened()).startswith("Training edition")


def test_the_address_outranks_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    assert line(opened(edition="training")).startswith("Training edition")
    monkeypatch.setenv("COBALT_EDITION", "training")
    assert line(opened(edition="open")).startswith("Open edition")


@pytest.mark.parametrize("edition", ["dragons", "", "OPEN", "../open"])
def test_an_edition_that_is_none_is_dropped_from_the_address(edition: str) -> None:
    app = opened(edition=edition)
    assert line(app).startswith("Open edition")
    assert app.query_params["edition"] == "open"


def test_where_one_edition_has_a_release_there_is_nothing_to_switch(
    open_releases_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(open_releases_dir))
    app = opened(edition="training")
    assert switch_of(app) is None
    assert line(app).startswith("Open edition")
    assert "edition" not in app.query_params
    assert bands(app) == []


def test_a_release_of_the_training_edition_alone_is_never_shown_as_the_open_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_training(tmp_path / "releases", tmp_path / "training")
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path / "releases"))
    assert ["cobalt build --edition open" in error.value for error in opened().error] == [True]
    monkeypatch.setenv("COBALT_EDITION", "training")
    assert len(bands(opened())) == 1


def test_the_switch_turns_every_number_and_back() -> None:
    app = opened()
    before = [text.value for text in app.markdown]
    switch_of(app).set_value("training").run()
    assert line(app).startswith("Training edition")
    assert any("**2** of 2 incident records" in text.value for text in app.markdown)
    switch_of(app).set_value("open").run()
    assert [text.value for text in app.markdown] == before


def test_the_switch_drops_what_names_a_thing_of_one_edition_and_keeps_the_rest() -> None:
    app = opened(
        lang="en",
        province="Lualaba",
        years=["2015", "2016"],
        severity="5",
        colour="theme",
        at="site:site-kasulo-cdm-model-mine",
        record="inc-1",
        nonsense="x",
    )
    switch_of(app).set_value("training").run()
    assert not app.exception
    assert dict(app.query_params) == {
        "lang": "en",
        "edition": "training",
        "severity": "5",
        "colour": "theme",
    }
    assert any("**1** of 2 incident records" in text.value for text in app.markdown)


@pytest.mark.parametrize("name", PAGES)
def test_the_edition_stays_when_the_reader_turns_the_page(name: str) -> None:
    app = opened(edition="training")
    turn_to(app, name)
    assert line(app).startswith("Training edition")
    assert app.query_params["edition"] == "training"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_and_every_row_of_every_table_of_the_training_edition_is_marked(
    name: str, language: str
) -> None:
    app = opened(name, edition="training", lang=language)
    said = INVENTED[language]
    assert [said in band for band in bands(app)] == [True]
    for table in app.dataframe:
        assert table.value.columns[0] == watermark.COLUMN
        assert list(table.value[watermark.COLUMN]) == [said] * len(table.value)
    for title in titles(app):
        assert title.startswith(said)
    assert len(app.dataframe) + len(app.info) > 0  # who has nothing to list says so
    if name in {"explore", "incidents"}:
        assert len(titles(app)) > 0


def test_a_table_that_the_edition_never_had_is_called_so_and_not_filtered_away() -> None:
    said = [note.value for note in opened("records", edition="training").info]
    assert said == ["This edition has no such table."]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_citation_of_the_training_edition_begins_with_the_mark(language: str) -> None:
    (cited,) = opened("data", edition="training", lang=language).code
    assert cited.value.startswith(f"{INVENTED[language]} Cobalt Risk Atlas")
    assert opened("data", edition="open", lang=language).code[0].value.startswith("Cobalt Risk Atlas")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_in_the_open_edition_is_called_invented(name: str) -> None:
    app = opened(name, edition="open")
    assert bands(app) == []
    for table in app.dataframe:
        assert watermark.COLUMN not in table.value.columns
    assert "nvented" not in " ".join(titles(app))
    for component in app.get("component_instance"):
        assert "nvented" not in component.proto.json_args


def test_the_map_of_the_training_edition_is_marked_in_itself() -> None:
    (component,) = opened(edition="training").get("component_instance")
    assert "nvented" in component.proto.json_args


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_EDITION", "training")


@pytest.mark.usefixtures("training")
def test_a_chart_keeps_its_own_title_and_its_height_for_the_bars() -> None:
    chart = alt.Chart(pd.DataFrame({"a": [1]}), title="Reports", height=100).mark_bar()
    marked = watermark.in_chart(chart)
    assert marked.title.text == ["Invented – training edition.", "Nothing here is real.", "Reports"]
    assert marked.height > chart.height == 100
    assert chart.title == "Reports"


def test_a_chart_of_the_open_edition_is_left_as_it_is() -> None:
    chart = alt.Chart(pd.DataFrame({"a": [1]})).mark_bar()
    assert watermark.in_chart(chart) is chart


def drawn_past_the_mark(source: str, frame_file: str) -> list[str]:
    """Return calls that would put a table, chart or map on a page without its watermark."""
    allowed = {"dataframe": "tables.py", "st_folium": "canvas.py"}
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in allowed and frame_file != allowed[name]:
            found.append(name)
        if name in {"table", "data_editor"} and isinstance(node.func, ast.Attribute):
            found += [name] if ast.unparse(node.func.value) == "st" else []
        if name in _CHARTS and "watermark.in_chart(" not in ast.unparse(node):
            found.append(name)
    return found


_CHARTS = {f"{kind}_chart" for kind in ("altair", "vega_lite", "plotly", "bar", "line", "area", "scatter")}


def test_an_unmarked_table_or_chart_is_seen() -> None:
    assert drawn_past_the_mark("st.dataframe(x); st.altair_chart(y); st.table(z)", "new.py") == [
        "dataframe",
        "altair_chart",
        "table",
    ]
    assert drawn_past_the_mark("st.altair_chart(watermark.in_chart(y)); tables.show(x)", "new.py") == []


@pytest.mark.parametrize("path", [*ROOT.glob("frame/*.py"), *ROOT.glob("pages/*.py")], ids=lambda p: p.stem)
def test_no_table_chart_or_map_is_drawn_past_the_mark(path: Path) -> None:
    assert drawn_past_the_mark(path.read_text("utf-8"), path.name) == []
