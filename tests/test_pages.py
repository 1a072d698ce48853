"""Each page runs to its end without a browser, whatever is chosen; nothing found is never called safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from frame.front import FRONT, PAGES
from risk.texts import speak, translate
from tests.counting import incidents
from warehouse.settings import ROOT

NOTHING = "No record matches. This says nothing about safety: nobody may have looked."


@pytest.fixture(autouse=True)
def served_release(open_releases_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(open_releases_dir))
    yield
    st.cache_data.clear()
    speak("en")


def opened(name: str, **query: str | list[str]) -> AppTest:
    """Run a page through the front door, with what its address says."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    return app if name == FRONT else app.switch_page(f"pages/{name}.py").run()


def said(app: AppTest) -> str:
    """Return every word on the page."""
    kinds = (app.title, app.markdown, app.caption, app.info, app.warning, app.error, app.subheader)
    return "\n".join(element.value for elements in kinds for element in elements)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_runs_and_asks_its_question(name: str) -> None:
    app = opened(name)
    assert not app.exception
    assert not app.error
    assert [title.value for title in app.title] == [PAGES[name]]


def test_the_address_chooses_the_language() -> None:
    app = opened(FRONT, lang="fr")
    assert not app.exception
    speak("fr")
    assert [title.value for title in app.title] == [translate(PAGES[FRONT])]


@pytest.mark.parametrize("name", ["explore", "incidents"])
def test_a_filter_that_matches_nothing_says_so_and_never_that_it_is_safe(name: str) -> None:
    app = opened(name, province="Haut-Katanga", years=["2014", "2014"], severity="1", mineral="Au")
    assert not app.exception
    words = said(app)
    assert f"**0** of {len(incidents())} incident records" in words
    assert NOTHING in words
    for comfort in ("0 risk", "no risk", "no incident happened", "is safe", "are safe", "low risk"):
        assert comfort not in words.lower()


def test_no_site_matching_says_so_too() -> None:
    app = opened("ground", province="Haut-Katanga", mineral="Ni", territory="CD7207")
    assert not app.exception


def test_the_ground_page_tells_the_age_of_its_own_cadastre() -> None:
    assert "The cadastre shown is of January 2020: a title may have changed hands" in said(opened("ground"))


def test_a_site_without_reports_is_not_called_safe() -> None:
    app = opened("explore", at="site:site-kasulo-cdm-model-mine", years=["2014", "2014"], severity="2")
    assert not app.exception
    assert "this is not a finding of safety" in said(app)


def test_a_link_to_what_is_not_there_says_so() -> None:
    app = opened("explore", at="site:site-nowhere")
    assert not app.exception
    assert any("not in this release" in warning.value for warning in app.warning)


@pytest.mark.parametrize("name", ["explore", "hotspots"])
@pytest.mark.parametrize("thing", ["hotspot:<script>alert(1)</script>", "site:../../etc", "dragon:1"])
def test_a_link_to_what_cannot_be_says_so_too_and_leaves_the_address(name: str, thing: str) -> None:
    app = opened(name, at=thing)
    assert not app.exception
    assert any("not in this release" in warning.value for warning in app.warning)
    assert "at" not in app.session_state["kept"]


def test_no_release_is_an_error_in_words_with_the_next_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path))
    app = opened(FRONT)
    assert not app.exception
    assert ["cobalt build" in error.value for error in app.error] == [True]
    assert str(tmp_path) not in app.error[0].value
