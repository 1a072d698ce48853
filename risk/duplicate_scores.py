"""How strongly two reports speak of one event: weights for what they share and against what they do not.

The score is a sum of weights of agreement and disagreement (I. P. Fellegi and A. B. Sunter, 1969, "A
Theory for Record Linkage"), with weights set by hand and held by measurement, not learnt from the reports
at hand. Likeness of words is rapidfuzz's token-set ratio.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import product
from typing import Final

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist
from scipy import sparse

from risk.duplicate_facts import Facts
from risk.duplicate_pairs import NOWHERE, POINT, TERRITORY, Setting
from risk.duplicate_texts import WEIGHTS, Told, plain
from risk.duplicate_vocabulary import HAPPENING, HOUR, NAME, NUMBER, PARTICULAR

# The score wanted of a pair: both placed, one to more than 5 km, both to a territory only, one nowhere.
ENOUGH: Final = np.array([4.0, 5.5, 7.0, 10.5])
# And the part of the poorer report's weight that must be found in the other.
ENOUGH_SHARED_PCT: Final = 35.0
ENOUGH_SHARED_OF_ONE_SOURCE_PCT: Final = 25.0
# More where a day is vague.
ENOUGH_MORE_IF_UNDATED: Final = 3.0
_VAGUE_KM: Final = 5.0
_VAGUE_DAYS: Final = 2
_ADDRESS: Final = 4.0
_WORDS: Final = 2.0
_SOURCE: Final = 1.5
_OTHER_HAPPENING: Final = 4.0
# What the poorer text tells and the other does not, for each of its weight.
_LOST: Final = 0.6
_LOST_TRANSLATED: Final = 0.3
# The most that tolls and injured can speak for a pair.
_MOST_TOLLS: Final = 3.5
# What a bound may be too low by: bits are weighed in single precision.
_ROUNDING: Final = 1e-3
_LEAST: Final = ENOUGH.min() - _ROUNDING
# Two features may fall on one bit, and light ones have none: so much may be shared beside what bits tell.
_UNSEEN: Final = 2.5
# Of bits in common: what the kinds weigh, and how many of the signature are of no kind (columns of `Told.bits`).
_KINDS: Final = (HAPPENING, NUMBER, NAME, HOUR)
_KINDS_AND_REST: Final = np.array(
    [[WEIGHTS[kind] for kind in _KINDS] + [0] * 4, [-1] * len(_KINDS) + [1] * 4], dtype=np.float32
)


@dataclass(frozen=True)
class Matches:
    """Pairs of reports (k × 2, the smaller number first) that speak of one event, and what tells so."""

    pairs: np.ndarray
    score: np.ndarray
    text_pct: np.ndarray
    distance_km: np.ndarray
    days_apart: np.ndarray
    has_source: np.ndarray
    has_address: np.ndarray


def joined(found: list[Matches]) -> Matches:
    """Return several batches of matches as one; of no batch, no match."""
    if not found:
        none, no = np.empty(0), np.empty(0, dtype=bool)
        return Matches(np.empty((0, 2), dtype=np.intp), none, none, none, none, no, no)
    return Matches(*(np.concatenate([getattr(one, each.name) for one in found]) for each in fields(Matches)))


def rowwise(a: sparse.csr_array, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return the dot product of rows i and j of `a`."""
    return np.asarray(a[i].multiply(a[j]).sum(axis=1)).ravel()


def fits(at: Setting, told: Told, facts: Facts, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return whether pairs may stand in one event: near in place and time, and not contradicting.

    Tolls contradict where the published ranges do not meet, unless the later report follows up the earlier
    with a higher toll. Sites contradict where they differ and lie too far apart.
    """
    near = at.is_near(i, j) & (at.days_apart(i, j) <= 7)
    return np.asarray(near & ~_tolls_contradict(at, told, facts, i, j) & ~_sites_contradict(at, i, j))


def _tolls_contradict(at: Setting, told: Told, facts: Facts, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    apart = (facts.killed_low[i] > facts.killed_high[j]) | (facts.killed_low[j] > facts.killed_high[i])
    some = np.flatnonzero(apart & (at.days_apart(i, j) <= 1))
    if not len(some):
        return np.asarray(apart)
    i, j = i[some], j[some]
    is_j_higher = facts.killed_low[j] > facts.killed_high[i]
    higher, lower = np.where(is_j_higher, j, i), np.where(is_j_higher, i, j)
    follows = told.is_follow_up[higher] & ~(facts.reported[higher] < facts.reported[lower])
    # One page that is brought up to date keeps its address; one that looks back on a year tells of several events.
    is_one_page = _is_dated(at, i) & _is_dated(at, j) & (rowwise(facts.addresses, i, j) > 0)
    apart[some] = ~follows & ~is_one_page
    return np.asarray(apart)


def _sites_contradict(at: Setting, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    differ = (at.site[i] >= 0) & (at.site[j] >= 0) & (at.site[i] != at.site[j])
    return np.asarray(differ & (at.distance_km(i, j) > 10))


def may_match(at: Setting, told: Told, facts: Facts, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return which pairs are worth a score, as row numbers: cheap, and lets too many through.

    An upper bound of the score, from sets of bits, must reach what is wanted: first with the most that
    tolls could speak for the pair, then with all that it tells.
    """
    has_page = facts.pages[i] & facts.pages[j] != 0
    best, most_pct = _most(told, i, j)
    best += _of_setting(at, i, j) + _ADDRESS * has_page + _WORDS + _SOURCE
    shares = most_pct >= ENOUGH_SHARED_OF_ONE_SOURCE_PCT - _ROUNDING
    rows = np.flatnonzero((shares & (best >= _LEAST - _MOST_TOLLS)) | has_page)
    best = best[rows]
    for of_content in (_of_tolls, _of_happening):
        best = best + of_content(at, told, facts, i[rows], j[rows])
        is_worth = (best >= _LEAST) | has_page[rows]
        rows, best = rows[is_worth], best[is_worth]
    return np.asarray(rows)


def _most(told: Told, i: np.ndarray, j: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the most that the texts of pairs can speak for them, and the part of the poorer shared at most (%)."""
    # Row numbers are in range; to clip them is the fast way to take rows.
    bits = told.bits.take(i, axis=0, mode="clip")
    bits &= told.bits.take(j, axis=0, mode="clip")
    most, beside = np.einsum("ij,kj->ki", np.bitwise_count(bits).astype(np.float32), _KINDS_AND_REST)
    most += WEIGHTS[PARTICULAR] * np.maximum(beside, 0) + _UNSEEN
    poorer = np.minimum(told.totals[i], told.totals[j])
    most = np.minimum(most, poorer)
    lost = np.where((told.languages[i] & told.languages[j]) == 0, _LOST_TRANSLATED, _LOST)
    shared_pct = 100 * np.divide(most, poorer, out=np.zeros_like(most), where=poorer > 0)
    return most - lost * (poorer - most), shared_pct


def score(at: Setting, told: Told, facts: Facts, i: np.ndarray, j: np.ndarray) -> Matches:
    """Return those of the pairs (i, j) that match, with their scores."""
    total, shared_pct, has_source = weigh(at, told, facts, i, j)
    has_address = rowwise(facts.addresses, i, j) > 0
    is_dated = _is_dated(at, i) & _is_dated(at, j)
    placed = _placed(at, i, j)
    enough = ENOUGH[placed] + np.where(is_dated, 0.0, ENOUGH_MORE_IF_UNDATED)
    enough_pct = np.where(
        has_source & is_dated & (placed == 0), ENOUGH_SHARED_OF_ONE_SOURCE_PCT, ENOUGH_SHARED_PCT
    )
    shares = shared_pct >= enough_pct
    total = _with_words(facts, i, j, total + _ADDRESS * has_address, enough, shares)
    is_one_page = has_address & is_dated
    match = ((total >= enough) & shares) | is_one_page
    i, j = i[match], j[match]
    return Matches(
        np.column_stack([np.minimum(i, j), np.maximum(i, j)]),
        total[match],
        shared_pct[match],
        at.distance_km(i, j),
        at.days_apart(i, j),
        has_source[match],
        has_address[match],
    )


def weigh(
    at: Setting, told: Told, facts: Facts, i: np.ndarray, j: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for pairs: the score without the likeness of words, part of the poorer text shared (%), one source."""
    shared = rowwise(told.weights, i, j)
    poorer = np.minimum(told.totals[i], told.totals[j])
    shared_pct = 100 * np.divide(shared, poorer, out=np.zeros_like(poorer), where=poorer > 0)
    is_translated = (told.languages[i] & told.languages[j]) == 0
    has_source = rowwise(facts.sources, i, j) > 0
    total = (
        shared
        - np.where(is_translated, _LOST_TRANSLATED, _LOST) * (poorer - shared)
        + _of_tolls(at, told, facts, i, j)
        + _of_happening(at, told, facts, i, j)
        + _of_setting(at, i, j)
        + _SOURCE * has_source
    )
    return total, shared_pct, has_source


def _with_words(
    facts: Facts, i: np.ndarray, j: np.ndarray, total: np.ndarray, enough: np.ndarray, shares: np.ndarray
) -> np.ndarray:
    """Return scores with up to `_WORDS` more for like words, read only where they decide."""
    some = np.flatnonzero(shares & (total < enough) & (total >= enough - _WORDS))
    total = total.copy()
    total[some] += _WORDS * np.clip(_words_pct(facts, i[some], j[some]) / 40 - 1.5, 0, 1)
    return total


def _disjoint(bits: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    a, b = bits[i], bits[j]
    return np.asarray((a != 0) & (b != 0) & (a & b == 0))


def _of_tolls(at: Setting, told: Told, facts: Facts, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return weights for the same dead and injured, and against other injured."""
    killed_alike = _killed_alike(facts, i, j)
    is_one_dead = killed_alike & (facts.killed_best[i] == 1)
    injured_i, injured_j = facts.injured[i], facts.injured[j]
    injured_alike = (injured_i == injured_j) & (injured_i > 0)
    injured_differ = ~np.isnan(injured_i + injured_j) & (injured_i != injured_j)
    return np.asarray(2.0 * killed_alike - 1.0 * is_one_dead + 1.5 * injured_alike - 3.0 * injured_differ)


def _killed_alike(facts: Facts, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    killed = facts.killed_best[i]
    return np.asarray((killed == facts.killed_best[j]) & (killed > 0))


def _of_happening(at: Setting, told: Told, facts: Facts, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return weights against other happenings, numbers, names and hours; none speaks for a pair."""
    names_i, names_j = told.names[i] | told.places[i], told.names[j] | told.places[j]
    names_apart = (names_i != 0) & (names_j != 0) & (names_i & names_j == 0)
    return np.asarray(
        -_OTHER_HAPPENING * _disjoint(told.happenings, i, j)
        - _against_numbers(at, told, i, j) * ~_killed_alike(facts, i, j)
        - 4.0 * _places_differ(at, told, i, j)
        - 2.0 * names_apart
        - 2.0 * (names_apart & _disjoint(told.numbers, i, j))
        - 2.0 * _disjoint(told.parts_of_day, i, j)
        - 4.0 * _disjoint(told.hours, i, j)
        - 1.0 * _crossing(told.names, i, j)
        - 2.0 * _names_differ(told, i, j)
    )


def _against_numbers(at: Setting, told: Told, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return weights against other numbers, more on another day: a story repeats, its numbers do not."""
    is_other_day = ~_is_one_day(at, i, j)
    crossing = np.where(is_other_day, 3.5, 1.0) * _crossing(told.numbers, i, j)
    return np.where(_disjoint(told.numbers, i, j), np.where(is_other_day, 8.0, 2.5), crossing)


def _crossing(bits: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return whether each of a pair has something that the other has not."""
    a, b = bits[i], bits[j]
    return np.asarray(((a & ~b) != 0) & ((b & ~a) != 0))


def _is_one_day(at: Setting, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    is_day = (at.end[i] - at.start[i] <= 1) & (at.end[j] - at.start[j] <= 1)
    return np.asarray(is_day & (at.days_apart(i, j) == 0))


def _names_differ(told: Told, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return whether both name others (companies, people's quarters) than each other's place, and none alike."""
    a, b = told.names[i] & ~told.places[j], told.names[j] & ~told.places[i]
    return np.asarray((a != 0) & (b != 0) & (a & b == 0))


def _places_differ(at: Setting, told: Told, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return whether both reports name places of their own, not one and not each other's."""
    vaguest, widest = np.maximum(at.place[i], at.place[j]), np.maximum(at.allowance_km[i], at.allowance_km[j])
    names_other = (told.places[i] & told.names[j]) | (told.places[j] & told.names[i])
    is_fine = (vaguest == POINT) & (widest <= _VAGUE_KM)
    return np.asarray(is_fine & _disjoint(told.places, i, j) & (names_other == 0))


def _of_setting(at: Setting, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return weights for the same day and site, and against other days, sites and names of places."""
    days = at.days_apart(i, j)
    has_sites = (at.site[i] >= 0) & (at.site[j] >= 0)
    is_one_site = has_sites & (at.site[i] == at.site[j])
    return np.asarray(
        np.where(_is_one_day(at, i, j), 2.0, 0.0)
        - 1.2 * np.maximum(days - 0.5, 0)
        + 1.5 * is_one_site
        - 2.0 * (has_sites & ~is_one_site)
        - np.clip(np.nan_to_num(at.distance_km(i, j)) / 5, 0, 2)
    )


def _is_dated(at: Setting, i: np.ndarray) -> np.ndarray:
    return np.asarray(at.end[i] - at.start[i] <= _VAGUE_DAYS)


def _placed(at: Setting, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return how vague the places of pairs are, as `ENOUGH` counts it."""
    vaguest, finest = np.maximum(at.place[i], at.place[j]), np.minimum(at.place[i], at.place[j])
    is_wide = np.maximum(at.allowance_km[i], at.allowance_km[j]) > _VAGUE_KM
    return np.select(
        [vaguest == NOWHERE, finest == TERRITORY, (vaguest == TERRITORY) | is_wide], [3, 2, 1], 0
    )


def _words_pct(facts: Facts, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return the best likeness of the words of two reports over their tellings, 0 to 100."""
    rows, at = np.unique(np.concatenate([i, j]), return_inverse=True)
    at_i, at_j = at[: len(i)], at[len(i) :]
    best = np.zeros(len(i))
    tellings = [np.array(plain(column[rows]), dtype=object) for column in facts.texts]
    for one, other in product([one for one in tellings if any(one)], repeat=2):
        a, b = one[at_i], other[at_j]
        both = np.flatnonzero((a != "") & (b != ""))
        alike = cpdist(a[both], b[both], scorer=fuzz.token_set_ratio) if len(both) else 0.0
        best[both] = np.maximum(best[both], alike)
    return best
