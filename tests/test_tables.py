"""A table on a page ends at a whole row, and writes its numbers in the language of the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from pandas.io.formats.style import Styler

from frame import tables
from risk.texts import speak


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    speak("en")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, dict[str, Any]]]:
    """What was handed to Streamlit: rows and options."""
    found: list[tuple[Any, dict[str, Any]]] = []
    monkeypatch.setattr(st, "dataframe", lambda rows, **options: found.append((rows, options)))
    return found


@pytest.mark.parametrize(("count", "whole"), [(1, 1), (14, 14), (15, 14), (300, 14)])
def test_a_table_ends_at_a_whole_row(sent: list[Any], count: int, whole: int) -> None:
    tables.show(pd.DataFrame({"name": ["Kasulo"] * count}), {"name": "Name"})
    (_rows, options) = sent[0]
    heading_px = row_px = 33
    assert options["height"] == heading_px + whole * row_px + 3


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["14,822", "0.65", "not given"]), ("fr", ["14\u202f822", "0,65", "not given"])],
)
def test_numbers_follow_the_page_and_stay_numbers(sent: list[Any], language: str, words: list[str]) -> None:
    speak(language)
    rows = pd.DataFrame(
        {
            "workers": pd.array([14822, 1], dtype="Int64"),
            "rr": pd.array([0.65, None], dtype="Float64"),
        }
    )
    tables.show(rows, {"workers": "Workers", "rr": "Ratio"}, numbers=("workers", "rr"), missing="not given")
    styled = sent[0][0]
    assert isinstance(styled, Styler)
    pd.testing.assert_frame_equal(styled.data, rows)
    body = styled._translate(sparse_index=False, sparse_cols=False)["body"]
    cells = [cell["display_value"] for row in body for cell in row if cell["type"] == "td"]
    assert [cells[0], cells[1], cells[3]] == words
