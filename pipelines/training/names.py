"""Invented names: places, companies, cooperatives. No name of the real belt, and of no person at all."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from typing import Final

import numpy as np

# Syllables that make no town of the belt; every name begins with a consonant, so French needs no elision.
_STARTS: Final = (
    *("Bra", "Cor", "Del", "Fen", "Gal", "Hes", "Jor", "Kel", "Lor", "Mev", "Nar", "Pel"),
    *("Quo", "Ros", "Sav", "Tor", "Ver", "Wex", "Yar", "Zel", "Thal", "Dro", "Gri", "Sten"),
)
_MIDDLES: Final = ("a", "e", "o", "an", "el", "or", "in", "ur", "ath", "ess", "ol", "im", "av", "ud")
_ENDS: Final = (
    *("vath", "zim", "quor", "lisk", "dreth", "moov", "neth", "pliss"),
    *("rovan", "skell", "trune", "wimb", "xand", "yolt", "zorr", "fleth"),
)
_COMPANIES: Final = ("Ridge Copper SA", "Deep Cobalt SA", "Minerals SARL", "Mining SA", "Resources SA")
# Two ways to write one sound; site matching must hear through them.
_SPELLINGS: Final = (("f", "ph"), ("u", "ou"), ("i", "y"), ("l", "ll"), ("s", "ss"), ("j", "dj"), ("w", "u"))


def toponyms(rng: np.random.Generator, count: int, taken: Collection[str] = ()) -> list[str]:
    """Return `count` different names of places, none of those `taken`; at most some 80,000.

    Longer names come only where the short ones, some 5,000, are used up.
    """
    short = [a + b + c for a, b, c in product(_STARTS, _MIDDLES, _ENDS)]
    names = [short[k] for k in rng.permutation(len(short))]
    if count + len(taken) > len(names):
        long = [a + b + d + c for a, b, d, c in product(_STARTS, _MIDDLES, _MIDDLES, _ENDS)]
        known = set(names)
        names += [name for name in (long[k] for k in rng.permutation(len(long))) if name not in known]
    used = set(taken)
    return [name for name in dict.fromkeys(names) if name not in used][:count]


def companies(names: list[str]) -> list[str]:
    """Return a company for each name, as "Braelvath Ridge Copper SA"."""
    return [f"{name} {_COMPANIES[k % len(_COMPANIES)]}" for k, name in enumerate(names)]


def cooperatives(names: list[str]) -> list[str]:
    """Return a cooperative for each name, as "Coopérative Braelvath"."""
    return [f"Coopérative {name}" for name in names]


def respelled(rng: np.random.Generator, name: str) -> str:
    """Return `name` as another publisher would write it by ear; one in ten with a wrong letter.

    The first letter stays: it is what a reader looks for.
    """
    head, rest = name[0], name[1:]
    fitting = [(one, other) for one, other in _SPELLINGS if one in rest]
    for k in rng.permutation(len(fitting))[:2]:
        one, other = fitting[k]
        rest = rest.replace(one, other, 1)
    if rng.random() < 0.1 or not fitting:
        at = int(rng.integers(len(rest)))
        rest = rest[:at] + "aeiou"[int(rng.integers(5))] + rest[at + 1 :]
    return head + rest
