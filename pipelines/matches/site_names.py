"""How alike the names of two sites are, whatever the spelling.

Names in the copperbelt are written by ear, in French and in Swahili: Tshipuki and Chipuki, Shabara and
Chabara, Karajipopo and Karaji popo are one name each. Numbers are another matter: Goma 1 is not Goma 2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

# Words that say what a place is, not which one.
GENERIC: Final = frozenset(
    [
        "area",
        "areas",
        "artisanal",
        "asm",
        "carriere",
        "carrieres",
        "centre",
        "center",
        "chantier",
        "cobalt",
        "concession",
        "copper",
        "cuivre",
        "de",
        "depot",
        "depots",
        "des",
        "du",
        "hills",
        "illegal",
        "intrusion",
        "la",
        "le",
        "les",
        "mine",
        "mines",
        "mining",
        "model",
        "of",
        "open",
        "pilot",
        "pit",
        "pits",
        "producers",
        "quarry",
        "site",
        "sites",
        "the",
        "trading",
        "urban",
        "zone",
    ]
)
# From this score on two names are like each other.
LIKE: Final = 80.0
# From this score on they are very like: one letter in ten.
VERY_LIKE: Final = 90.0
# Spellings of one sound; longest first.
_SOUNDS: Final = (("tsh", "ch"), ("sh", "ch"), ("dj", "j"), ("ph", "f"), ("ou", "u"), ("w", "u"), ("y", "i"))
# A part of a name (one word of it, or what stands in brackets) speaks less than the whole.
PART_WEIGHT: Final = 0.9
_PART_LETTERS: Final = 5
_SPLIT: Final = re.compile(r"\s*(?:[()/,;–—]|\s-\s)\s*")
_NUMERAL: Final = re.compile(r"\d+")


@dataclass(frozen=True)
class Spelling:
    """One way to call a site: as published, its sound without spaces, its numbers, whole name or part."""

    published: str
    sound: str
    numerals: tuple[int, ...]
    is_whole: bool


@dataclass(frozen=True)
class Likeness:
    """The best agreement between the spellings of two sites."""

    score: float
    name_a: str
    name_b: str
    is_whole: bool
    has_same_numerals: bool


def spellings(name: str, aliases: str | None = None) -> tuple[Spelling, ...]:
    """Return every spelling of a site: its name and aliases ('; '-separated), and the parts of its name.

    >>> [s.sound for s in spellings("Goma 2")]
    ['goma']
    >>> spellings("Kansonga800")[0].numerals
    (800,)
    >>> [s.sound for s in spellings("Kisankala - Sierra")]
    ['kisankalasiera', 'kisankala', 'siera']
    """
    found: dict[tuple[str, tuple[int, ...]], Spelling] = {}
    whole = [name, *(aliases.split(";") if aliases else [])]
    for text in whole:
        _add(found, text, text, is_whole=True)
    for text in whole:
        for part in _SPLIT.split(text):
            _add(found, part, text, is_whole=False)
            for word in part.split():
                _add(found, word, text, is_whole=False)
    return tuple(found.values())


def compare(first: Sequence[Spelling], second: Sequence[Spelling]) -> Likeness:
    """Return the best likeness (0 to 100) of two sites; spellings whose numbers agree come first.

    >>> compare(spellings("Tshipuki"), spellings("Chipuki")).score
    100.0
    >>> compare(spellings("Goma1"), spellings("Goma 2")).has_same_numerals
    False
    """
    best = max(
        (_likeness(a, b) for a in first for b in second),
        key=lambda found: (found.has_same_numerals and found.score >= LIKE, found.score, found.is_whole),
        default=None,
    )
    return best or Likeness(0.0, "", "", is_whole=False, has_same_numerals=True)


def sound(text: str) -> str:
    """Return `text` as it sounds: no accents, case, spaces, numbers, generic words or double letters.

    A name of generic words and numbers alone keeps its words.

    >>> sound("Carrière 52"), sound("Karaji popo") == sound("Karadjipopo")
    ('cariere', True)
    """
    words = _words(text)
    kept = "".join(word for word in words if word not in GENERIC) or "".join(words)
    for spelled, sounded in _SOUNDS:
        kept = kept.replace(spelled, sounded)
    return re.sub(r"(.)\1+", r"\1", kept)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z]+", plain.replace("'", ""))


def _add(
    found: dict[tuple[str, tuple[int, ...]], Spelling], text: str, whole: str, *, is_whole: bool
) -> None:
    heard = sound(text)
    if not heard or (not is_whole and (len(heard) < _PART_LETTERS or GENERIC.issuperset(_words(text)))):
        return
    # The numbers of the whole name hold for its parts: the Kamilombe of "Kamilombe 2" is number 2.
    numerals = tuple(sorted(int(digits) for digits in _NUMERAL.findall(whole)))
    found.setdefault((heard, numerals), Spelling(whole.strip(), heard, numerals, is_whole))


def _likeness(a: Spelling, b: Spelling) -> Likeness:
    is_whole = a.is_whole and b.is_whole
    score = fuzz.ratio(a.sound, b.sound) * (1.0 if is_whole else PART_WEIGHT)
    return Likeness(float(score), a.published, b.published, is_whole, a.numerals == b.numerals)
