"""What is cheap in finding duplicates leaves out nothing: no pair that matches, no word of a text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from risk.duplicate_facts import facts
from risk.duplicate_pairs import neighbours, setting, stretches
from risk.duplicate_scores import fits, may_match, score
from risk.duplicate_texts import read
from risk.duplicate_vocabulary import _TOKEN, BREAK, Vocabulary
from tests.made_reports import made_reports

TRICKY = [
    "",
    "2 300 people, 10 000 tonnes, 5 6 7",
    "1 2 3 4",
    "line\nbreak\t1 000",
    "x 12 a.m. 3 p.m.",
    "2025 100 a",
    "  double  blanks 7 ",
    "10\u202f000 et 1\u00a0000 000",
    "1,5 2.5 000",
]


def told_words(texts: list[str]) -> list[list[str]]:
    """Return the words of each text, by way of pieces; blanks within a number are told apart no more."""
    vocabulary = Vocabulary()
    found = []
    for text in texts:
        flat, _counts = vocabulary.words_of(vocabulary.pieces(text.split(" ")))
        names = list(vocabulary.ids)
        found.append([names[word].replace("\u00a0", " ") for word in flat.tolist()])
    return found


def whole_words(text: str) -> list[str]:
    return [word.replace("\u00a0", " ") for word in _TOKEN.findall(text)]


@pytest.mark.parametrize("text", TRICKY)
def test_a_text_cut_into_pieces_has_the_words_of_the_whole(text: str) -> None:
    assert told_words([text, text]) == [whole_words(text)] * 2


@given(some.lists(some.text(" 0123456789.,:amp éA-\u00a0\n", max_size=25), max_size=5))
def test_no_text_loses_or_gains_a_word_by_being_cut(texts: list[str]) -> None:
    assert BREAK not in "".join(texts)
    assert told_words(texts) == [whole_words(text) for text in texts]


@pytest.mark.parametrize("texts", [[], ["one text"], ["one text", ""], ["", "two 3 000", "several diggers"]])
def test_any_number_of_texts_can_be_read(texts: list[str]) -> None:
    told = read([texts, [""] * len(texts)], ["a place"] * len(texts))
    assert told.totals.shape == (len(texts),)
    assert told.weights.shape[0] == len(texts)
    assert ((told.totals > 0) == np.array([bool(text) for text in texts], dtype=bool)).all()


@pytest.mark.parametrize("seed", range(3))
def test_no_pair_that_matches_is_left_out_and_most_others_are(seed: int) -> None:
    reports = made_reports(seed).drop(columns=["event", "told"])
    at, beside = setting(reports), facts(reports, np.arange(len(reports)))
    words = read(beside.texts, reports["place_name"].astype("string").fillna("").tolist())
    found = [neighbours(at, stretch) for stretch in stretches(at)]
    near = [np.concatenate(side) for side in zip(*found, strict=True)]
    i, j = (side[fits(at, words, beside, *near)] for side in near)
    kept = may_match(at, words, beside, i, j)
    every, some_of = score(at, words, beside, i, j), score(at, words, beside, i[kept], j[kept])
    assert len(every.pairs) > 100
    assert pd.DataFrame(some_of.pairs).equals(pd.DataFrame(every.pairs))
    assert len(kept) < 0.7 * len(i)
