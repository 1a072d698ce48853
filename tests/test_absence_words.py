"""Absence in words: each state has its own, and each page names the tables it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
import streamlit as st

from frame import absences, tables
from frame.front import PAGES
from pipelines.measuring.losses import SCORES
from risk.texts import speak, translate
from risk.vocabulary import ABSENCES
from warehouse.absences import incomplete
from warehouse.records import row_count


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    speak("en")


def test_the_open_edition_lost_nothing_and_says_what_it_never_had(open_release: Any) -> None:
    found = incomplete(open_release, [*absences.NAMES])
    assert set(found["state"]) == {"not_given"}
    assert "observations" in set(found["table_name"])


def test_what_the_open_edition_never_had_is_said_in_a_sentence(
    open_release: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    monkeypatch.setattr(st, "caption", lines.append)
    absences.say(open_release, "What is changing?")
    assert lines == ["This edition has no findings from visits."]


def test_visits_read_from_records_of_sites_are_not_called_missing(open_release: Any) -> None:
    assert row_count(open_release, "site_visits") > 0
    assert "site_visits" not in set(incomplete(open_release, [*absences.NAMES])["table_name"])


@pytest.mark.parametrize("question", PAGES.values())
def test_every_page_names_the_tables_it_stands_on(question: str) -> None:
    assert set(absences.USED[question]) <= set(absences.NAMES)
    assert absences.USED[question]


def test_a_missing_text_is_downloaded_as_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[pd.DataFrame] = []
    monkeypatch.setattr(st, "dataframe", lambda rows, **_: sent.append(rows))
    rows = pd.DataFrame(
        {"name": ["Kasulo", None], "workers": pd.array([1, None], dtype="Int64"), "url": None}
    )
    tables.show(
        rows, {"name": "Name", "workers": "Workers", "url": "Address"}, links=("url",), missing="unknown"
    )
    assert sent[0]["name"].tolist() == ["Kasulo", "unknown"]
    assert sent[0][["workers", "url"]].isna().to_numpy().tolist() == [[False, True], [True, True]]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_state_of_absence_has_a_word_of_its_own(language: str) -> None:
    speak(language)
    words = [translate(word) for word in ABSENCES.values()]
    assert len({*words}) == len(ABSENCES) == 5
    assert not any(word.isdigit() or word in ("", "–") for word in words)


def test_the_sources_of_the_scores_are_named_to_the_reader() -> None:
    assert set(SCORES) <= set(absences.NAMES)
