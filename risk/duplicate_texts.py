"""What a report tells, as sets that two languages share: notions, numbers, hours, names, words.

Each feature has a fixed weight by its kind, not by how rare it is among the reports at hand: whether two
reports are one event must not depend on the others. Words that the glossary lacks count by their first six
letters, which most cognates of English and French share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse

from risk import duplicate_words
from risk.duplicate_facts import Texts
from risk.duplicate_vocabulary import (
    AGE,
    BREAK,
    END,
    HAPPENING,
    HOUR,
    MEASURE,
    MONTH,
    NAME,
    NOTION_IDS,
    NUMBER,
    PARTICULAR,
    PLACE,
    WORD,
    Vocabulary,
    Words,
    compound,
)
from risk.parallel import mapped

Ints = np.ndarray
_GAP: Final = f" {BREAK} "
_PLAIN: Final = re.compile(r"\w+")
_GRAMMAR: Final = duplicate_words.ENGLISH | duplicate_words.FRENCH
_AT_ONCE: Final = 25_000

# Of the kinds of the vocabulary, in their order.
WEIGHTS: Final = np.array([0, 0, 0, 0, 1.5, 1.2, 2.0, 1.5, 1.2, 0.3, 2.0, 0.8, 0.5])
_FIRST_NUMBER: Final = 1 << 30
_FIRST_HOUR: Final = 1 << 31
_FIRST_AGE: Final = 3 << 30
_FOLLOW_UP: Final = NOTION_IDS["follow_up"]
_PARTS_OF_DAY: Final = [NOTION_IDS[part] for part in ("night", "morning", "midday", "afternoon")]


@dataclass(frozen=True)
class Told:
    """Features of n reports, one row each.

    `weights` (n × features, sparse) holds square roots, so that a dot product is a shared weight;
    `totals` sums the weights. `places` (names of the report's own place) and `parts_of_day` are sets of up to
    64 bits, hashed where there are more; so are the first columns of `bits` (n × 8): happenings, numbers,
    names, hours. The other four are one set of all that tells.
    `languages`: 1 English, 2 French, 3 both or none.
    """

    weights: sparse.csr_array
    totals: np.ndarray
    places: np.ndarray
    parts_of_day: np.ndarray
    bits: np.ndarray
    languages: np.ndarray
    is_follow_up: np.ndarray

    @property
    def happenings(self) -> np.ndarray:
        """Return the sets of what happened."""
        return np.asarray(self.bits[:, 0])

    @property
    def numbers(self) -> np.ndarray:
        """Return the sets of numbers."""
        return np.asarray(self.bits[:, 1])

    @property
    def names(self) -> np.ndarray:
        """Return the sets of names."""
        return np.asarray(self.bits[:, 2])

    @property
    def hours(self) -> np.ndarray:
        """Return the sets of hours."""
        return np.asarray(self.bits[:, 3])


def read(columns: Iterable[Sequence[str] | Texts], place_names: Sequence[str]) -> Told:
    """Return the features of reports from their texts (each column one telling) and names of their places.

    Empty text tells nothing. The name of the report's own place weighs little: every report from there has it.
    """
    tellings = list(columns)
    vocabulary = Vocabulary()
    stretches = (
        _cut(
            [list(column[first : first + _AT_ONCE]) for column in tellings],
            place_names[first : first + _AT_ONCE],
            vocabulary,
        )
        for first in range(0, max(len(place_names), 1), _AT_ONCE)
    )
    # Words are looked up one stretch after the other, for later ones build on the vocabulary of earlier ones.
    return _joined(mapped(_read, stretches))


@dataclass(frozen=True)
class _Cut:
    """A stretch of reports in words: of each telling, and of the different names of places, ids and rows."""

    tellings: list[tuple[Ints, Ints]]
    names: tuple[Ints, Ints]
    name_of: Ints
    words: Words


def _cut(tellings: list[list[str]], place_names: Sequence[str], vocabulary: Vocabulary) -> _Cut:
    name_of, different = pd.factorize(np.array(place_names, dtype=object))
    spoken = [column for column in tellings if any(column)]
    tokens = [_tokens(column, vocabulary) for column in (*spoken, different.tolist())]
    return _Cut(tokens[:-1], tokens[-1], name_of, vocabulary.words())


def _read(cut: _Cut) -> tuple[Told, Ints]:
    """Return the features of some reports, and the key of each column of their `weights`."""
    words, code = cut.words, cut.name_of
    count = len(code)
    spoken = np.zeros((2, count), dtype=np.int64)
    found = [np.empty(0, np.int64)]
    for flat, rows in cut.tellings:
        language = words.language[flat]
        for bit in (0, 1):
            spoken[bit] += np.bincount(rows[(language >> bit) & 1 == 1], minlength=count)
        found.append(_features(flat, rows, words))
    packed = _unique(np.concatenate(found))
    flat, rows = cut.names
    named = np.isin(words.kind[flat], (NAME, WORD))
    own = np.unique((rows[named] << 32) | words.key[flat[named]])
    places = _or_by_row(own >> 32, _hashed(own & 0xFFFFFFFF) & 63, int(code.max(initial=-1)) + 1)[code]
    as_own = (code[packed >> 36] << 32) | (packed >> 4 & 0xFFFFFFFF)
    is_own = np.isin(as_own, own) & np.isin(packed & 15, (NAME, WORD))
    packed = np.where(is_own, (packed >> 4 << 4) | PLACE, packed)
    english, french = spoken
    languages = np.where(english > 2 * french, 1, np.where(french > 2 * english, 2, 3))
    return _told(packed, places, languages)


def _joined(parts: list[tuple[Told, Ints]]) -> Told:
    """Return several stretches of reports as one, a column of `weights` for each key."""
    weights = [part.weights for part, _ in parts]
    column, features = pd.factorize(np.concatenate([keys for _, keys in parts]))
    columns = np.split(column.astype(np.int32), np.cumsum([len(keys) for _, keys in parts[:-1]]))
    indices = np.concatenate([own[one.indices] for own, one in zip(columns, weights, strict=True)])
    starts = np.cumsum([0, *(one.nnz for one in weights[:-1])])
    offsets = np.concatenate(
        [[0], *(one.indptr[1:] + start for one, start in zip(weights, starts, strict=True))]
    )
    data = np.concatenate([one.data for one in weights])
    shape = (len(offsets) - 1, max(len(features), 1))
    others = {
        each.name: np.concatenate([getattr(part, each.name) for part, _ in parts])
        for each in fields(Told)
        if each.name != "weights"
    }
    # Half of the memory, while they are few enough.
    offsets = offsets.astype(np.int32) if len(data) < np.iinfo(np.int32).max else offsets
    return Told(weights=sparse.csr_array((data, indices, offsets), shape=shape), **others)


def _tokens(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[Ints, Ints]:
    """Return ids of all words of `texts`, flat, and the row of each."""
    # One cut through all texts is faster than one cut a text.
    joined = _GAP.join(texts)
    if joined.count(BREAK) > max(len(texts) - 1, 0):
        joined = _GAP.join([text.replace(BREAK, " ") for text in texts])
    pieces = vocabulary.pieces(joined.split(" "))
    vocabulary.grow()
    flat, counts = vocabulary.words_of(pieces)
    return flat, np.repeat(np.cumsum(pieces == vocabulary.piece_ids[BREAK]), counts)


def _features(flat: Ints, rows: Ints, words: Words) -> Ints:
    """Return row, key and kind of every feature, packed in one integer each."""
    kind, key = words.kind[flat].astype(np.int64), words.key[flat]
    if not len(flat):
        return np.empty(0, np.int64)
    is_start = np.r_[True, (rows[1:] != rows[:-1]) | (kind[:-1] == END)]
    # A capital at the start of a sentence says nothing.
    kind = np.where(is_start & (kind == NAME), WORD, kind)
    keeps = (kind >= HAPPENING) & (key >= 0)
    packed = (rows[keeps] << 36) | (key[keeps] << 4) | kind[keeps]
    return np.concatenate([packed, _numbers(flat, rows, kind, words.value)])


def _numbers(flat: Ints, rows: Ints, kind: Ints, value: Ints) -> Ints:
    """Return packed numbers, hours and ages; days of a month, years and the number one tell nothing."""
    at = np.flatnonzero(kind == NUMBER)
    if not len(at):
        return np.empty(0, np.int64)
    starts = np.r_[True, (np.diff(at) > 1) | (np.diff(rows[at]) > 0)]
    first, last = at[starts], at[np.r_[starts[1:], True]]
    before = np.where((first > 0) & (rows[first - 1] == rows[first]), kind[first - 1], END)
    after_at = np.minimum(last + 1, len(kind) - 1)
    after = np.where(rows[after_at] == rows[last], kind[after_at], END)
    single, long = np.flatnonzero(first == last), np.flatnonzero(first != last)
    made = [compound(tuple(value[flat[first[at] : last[at] + 1]])) for at in long]
    run = np.concatenate([single, np.repeat(long, [len(one) for one in made])])
    found = np.concatenate(
        [value[flat[first[single]]], np.array([one for several in made for one in several])]
    )
    is_date = (before[run] == MONTH) | (after[run] == MONTH)
    is_hour, is_age = after[run] == HOUR, (after[run] == AGE) | (before[run] == AGE)
    found = found + np.where(is_hour & (found < 12), value[flat[after_at[run]]], 0.0)
    is_year = (found >= 1990) & (found <= 2100) & (found % 1 == 0)
    tells = ~is_date & (found != 1) & ~is_year
    start = np.select([is_hour, is_age], [_FIRST_HOUR, _FIRST_AGE], _FIRST_NUMBER)
    # Five days are not five metres.
    measure = np.where(after[run] == MEASURE, 1 + value[flat[after_at[run]]], 0).astype(np.int64) << 25
    key = (np.round(found * 100).astype(np.int64) + measure) % _FIRST_NUMBER + start
    packed = (rows[first[run]] << 36) | (key << 4) | np.select([is_hour, is_age], [HOUR, AGE], NUMBER)
    return np.asarray(packed[tells])


def _unique(packed: Ints) -> Ints:
    """Return one entry a row and key; the first kind wins."""
    packed = np.sort(packed)
    return packed[np.r_[True, packed[1:] >> 4 != packed[:-1] >> 4]] if len(packed) else packed


def _told(packed: Ints, places: Ints, languages: Ints) -> tuple[Told, Ints]:
    count = len(languages)
    rows, key, kind = packed >> 36, (packed >> 4) & 0xFFFFFFFF, packed & 15
    weight = WEIGHTS[kind]
    offsets = np.searchsorted(rows, np.arange(count + 1))
    column, keys = pd.factorize(key)
    data, shape = np.sqrt(weight).astype(np.float32), (count, max(len(keys), 1))
    hashed = _hashed(key)
    tells = weight >= 0.8

    def gather(bits: Ints, chosen: Ints) -> Ints:
        return _or_by_row(rows[chosen], bits[chosen], count)

    told = Told(
        sparse.csr_array((data, column.astype(np.int32), offsets.astype(np.int32)), shape=shape),
        # Of no feature at all bincount gives whole numbers.
        np.bincount(rows, weights=weight, minlength=count).astype(np.float64),
        places,
        gather(key & 63, np.isin(key, _PARTS_OF_DAY) & (kind == PARTICULAR)),
        np.column_stack(
            [
                gather(np.minimum(key, 63), kind == HAPPENING),
                *(gather(hashed & 63, kind == one) for one in (NUMBER, NAME, HOUR)),
                *(gather(hashed & 63, tells & (hashed >> 6 == part)) for part in range(4)),
            ]
        ),
        languages,
        gather(np.zeros_like(key), (key == _FOLLOW_UP) & (kind == PARTICULAR)) > 0,
    )
    return told, keys


def _hashed(key: Ints) -> Ints:
    """Return keys spread over 0 to 255 (D. E. Knuth, 1973: multiplication by the golden ratio)."""
    return (key * 0x9E3779B1 >> 13) & 255


def _or_by_row(rows: Ints, bits: Ints, count: int) -> Ints:
    """Return for each row the set of its bits."""
    found = np.zeros(count, dtype=np.uint64)
    if len(rows):
        starts = np.flatnonzero(np.r_[True, np.diff(rows) > 0])
        found[rows[starts]] = np.bitwise_or.reduceat(np.uint64(1) << bits.astype(np.uint64), starts)
    return found


def plain(texts: Iterable[str]) -> list[str]:
    """Return texts in lower case, without accents, punctuation and words of grammar."""
    return [
        " ".join([word for word in _PLAIN.findall(duplicate_words.fold(text)) if word not in _GRAMMAR])
        for text in texts
    ]
