"""Words as they stand in reports, looked up once each: what kind of feature each is, and its key."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from risk import duplicate_words as words

Ints = np.ndarray

# Kinds of words, in the order in which they stand in a sorted key (lower wins).
STOP, END, MONTH, MEASURE, HOUR, AGE, NUMBER, HAPPENING, PARTICULAR, COMMON, NAME, WORD, PLACE = range(13)
# What no text holds stands between two of them.
BREAK: Final = "\x1e"
_TOKEN: Final = re.compile(
    r"[^\W\d_]{3,}|\d{1,3}(?:[ .,\u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?|[ap]\.?m\b|[^\W\d_]+|[.!?:;«\"“\x1e]"
)
ENDS: Final = frozenset('.!?:;«"“' + BREAK)
NOTION_IDS: Final = {
    notion: i for i, notion in enumerate((*words.HAPPENINGS, *words.PARTICULARS, *words.COMMON))
}
_KINDS: Final = {
    **dict.fromkeys(words.HAPPENINGS, HAPPENING),
    **dict.fromkeys(words.PARTICULARS, PARTICULAR),
    **dict.fromkeys(words.COMMON, COMMON),
}
_CLOCK: Final = {"h", "heure", "heures", "am", "pm", "a.m", "p.m"}
_AGES: Final = {"year", "years", "yr", "yrs", "ans", "aged", "age", "ages", "agee", "agees"}
_FIRST_WORD: Final = 1_000
_LARGEST: Final = 1e12


@dataclass(frozen=True)
class Words:
    """What is known of each word by its id, as it stood when asked."""

    kind: Ints
    key: Ints
    value: Ints
    language: Ints


class Vocabulary:
    """Ids of words as they stand, with kind, key and value of each; and the words of pieces between blanks.

    Pieces repeat, so that each is cut into its words once.
    """

    def __init__(self) -> None:
        self.ids: defaultdict[str, int] = defaultdict(lambda: len(self.ids))
        self.piece_ids: defaultdict[str, int] = defaultdict(lambda: len(self.piece_ids))
        self._words, self._ends = array("q"), array("q", [0])
        self._begins_in_digit, self._ends_in_digit = array("b"), array("b")
        self._word_keys: dict[str, int] = {}
        self.kind, self.key, self.value, self.language = array("b"), array("q"), array("d"), array("b")
        # What stands between texts is a piece from the first, though there may be one text only.
        self._pieces([BREAK])

    def pieces(self, parts: list[str]) -> Ints:
        """Return the id of each of `parts`, the pieces of a text; a number written with blanks is one piece."""
        found = self._pieces(parts)
        begins, ends = (np.array(flags, dtype=bool) for flags in (self._begins_in_digit, self._ends_in_digit))
        is_split = np.append(ends[found[:-1]] & begins[found[1:]], False)
        if not is_split.any():
            return found
        is_kept = ~np.roll(is_split, 1)
        firsts = np.flatnonzero(is_split & is_kept)
        lasts = np.flatnonzero(~is_split & ~is_kept)
        numbers = [
            "\u00a0".join(parts[a : b + 1]) for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True)
        ]
        found[firsts] = self._pieces(numbers)
        return found[is_kept]

    def words_of(self, pieces: Ints) -> tuple[Ints, Ints]:
        """Return the ids of the words of `pieces`, flat, and how many each has."""
        words, ends = np.array(self._words), np.array(self._ends)
        counts = np.diff(ends)[pieces]
        before = np.cumsum(counts) - counts
        return words[np.arange(counts.sum()) + np.repeat(ends[pieces] - before, counts)], counts

    def _pieces(self, parts: list[str]) -> Ints:
        known = len(self.piece_ids)
        found = np.fromiter(map(self.piece_ids.__getitem__, parts), dtype=np.int64, count=len(parts))
        for piece in list(self.piece_ids)[known:]:
            words = [] if piece == BREAK else _TOKEN.findall(piece)
            self._words.extend(map(self.ids.__getitem__, words))
            self._ends.append(len(self._words))
            self._begins_in_digit.append(piece[:1].isdigit())
            self._ends_in_digit.append(piece[-1:].isdigit())
        return found

    def grow(self) -> None:
        """Look up the words that came since the last call."""
        for word in list(self.ids)[len(self.kind) :]:
            folded = words.fold(word)
            kind, key, value = self._look_up(word, folded)
            self.kind.append(kind)
            self.key.append(key)
            self.value.append(value)
            self.language.append((folded in words.ENGLISH) | (folded in words.FRENCH) << 1)

    def words(self) -> Words:
        """Return what is known of each word."""
        return Words(*(np.array(column) for column in (self.kind, self.key, self.value, self.language)))

    def _look_up(self, word: str, folded: str) -> tuple[int, int, float]:
        if word[0].isdecimal():
            return NUMBER, -1, number(word)
        if word in ENDS:
            return END, -1, 0.0
        if folded in _CLOCK:
            return HOUR, -1, 12.0 if folded[0] == "p" else 0.0
        if folded in _AGES:
            return AGE, -1, 0.0
        if folded in words.MEASURES:
            return MEASURE, -1, float(words.MEASURES[folded])
        if folded in words.NUMBERS:
            return NUMBER, -1, float(words.NUMBERS[folded])
        if folded in words.MONTHS:
            return MONTH, -1, 0.0
        return self._word(word, folded)

    def _word(self, word: str, folded: str) -> tuple[int, int, float]:
        notion = words.notion(folded)
        if notion is not None:
            return _KINDS[notion], NOTION_IDS[notion], 0.0
        is_name = word[0].isupper() and len(word) > 1
        if folded in words.ENGLISH or folded in words.FRENCH or (len(folded) < 4 and not word.isupper()):
            return STOP, -1, 0.0
        key = self._word_keys.setdefault(spelt(folded)[:6], _FIRST_WORD + len(self._word_keys))
        return NAME if is_name else WORD, key, 0.0


def spelt(folded: str) -> str:
    """Return a word as Congolese names vary least: Lwisha and Luisha, Coucou and Kuku are one."""
    for written, heard in (("ou", "u"), ("w", "u"), ("c", "k"), ("q", "k"), ("y", "i")):
        folded = folded.replace(written, heard)
    return re.sub(r"(.)\1", r"\1", folded)


def number(text: str) -> float:
    """Return the number written in `text`, whatever separates its thousands.

    >>> number("2,300"), number("10 000"), number("12.63"), number("12,63")
    (2300.0, 10000.0, 12.63, 12.63)
    """
    if re.fullmatch(r"\d{1,3}(?:[ .,\u00a0\u202f]\d{3})+", text):
        text = re.sub(r"\D", "", text)
    return min(float(text.replace(",", ".")), _LARGEST)


@cache
def compound(values: tuple[float, ...]) -> tuple[float, ...]:
    """Return the numbers that a run of number words writes.

    >>> compound((4.0, 20.0, 10.0)), compound((40.0, 3.0)), compound((2.0, 100.0, 5.0)), compound((5.0, 6.0))
    ((90.0,), (43.0,), (205.0,), (5.0, 6.0))
    """
    done: list[float] = []
    for value in values:
        last = done[-1] if done else None
        if last is not None and value >= 100 and last < value:
            done[-1] = last * value
        elif last == 4 and value == 20:
            done[-1] = 80.0
        elif last is not None and last >= 20 and last % 10 == 0 and value < (100 if last % 100 == 0 else 20):
            done[-1] = last + value
        else:
            done.append(value)
    return tuple(done)
