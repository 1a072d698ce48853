"""From matching pairs to events: complete linkage, best pairs first, after the reviewed decisions.

Two groups become one only if every report of the one may stand beside every report of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from risk.duplicate_scores import Matches
from risk.parallel import mapped

_AT_ONCE: Final = 30_000
Fits = Callable[[np.ndarray, np.ndarray], np.ndarray]


def grouped(count: int, matches: Matches, fits: Fits, same: np.ndarray, different: np.ndarray) -> np.ndarray:
    """Return the group of each of `count` reports (labels from 0).

    `fits(i, j)` says of any pairs whether they may stand together.
    `same` and `different` (k × 2) are reviewed: the first are joined whatever they are, the second never.
    Equal scores are taken in the order of the numbers of the reports.
    """
    apart = set(map(tuple, np.sort(different, axis=1).tolist()))
    pairs, scores = matches.pairs, matches.score
    if apart:
        kept = np.array([tuple(pair) not in apart for pair in pairs.tolist()], dtype=bool)
        pairs, scores = pairs[kept], scores[kept]
    edges = np.concatenate([pairs, np.sort(same, axis=1)])
    ones = np.ones(len(edges), dtype=np.int8)
    graph = sparse.coo_array((ones, (edges[:, 0], edges[:, 1])), shape=(count, count))
    parts, label = connected_components(graph, directed=False)
    sizes = np.bincount(label, minlength=parts)
    matched = np.bincount(label[pairs[:, 0]], minlength=parts)
    is_open = matched < sizes * (sizes - 1) // 2
    # Of a part in which every pair matches nothing has to be decided.
    is_open[label[same[:, 0]]] = True
    is_open[label[different.ravel()]] = True
    return _split_open_parts(label, is_open, pairs, scores, fits, same, apart)


def _split_open_parts(
    label: np.ndarray,
    is_open: np.ndarray,
    pairs: np.ndarray,
    scores: np.ndarray,
    fits: Fits,
    same: np.ndarray,
    apart: set[tuple[int, int]],
) -> np.ndarray:
    label = label.copy()
    chosen = is_open[label[pairs[:, 0]]]
    pairs, scores = pairs[chosen], scores[chosen]
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -scores, label[pairs[:, 0]]))
    members = np.flatnonzero(is_open[label])
    members = members[np.argsort(label[members], kind="stable")]
    part_of_pair, part_of_same = label[pairs[order, 0]], label[same[:, 0]]
    free = int(label.max(initial=-1)) + 1
    parts = np.split(members, np.flatnonzero(np.diff(label[members])) + 1) if len(members) else []
    found = mapped(lambda some: _allowed(some, fits), _stretches(parts))
    for part, allowed in zip(parts, chain.from_iterable(found), strict=True):
        one = label[part[0]]
        first, last = np.searchsorted(part_of_pair, [one, one + 1])
        wanted = pairs[order[first:last]]
        _set_apart(part, allowed, apart)
        label[part] = free + _agglomerate(part, wanted, same[part_of_same == one], allowed)
        free += len(part)
    return np.asarray(np.unique(label, return_inverse=True)[1])


def _agglomerate(part: np.ndarray, wanted: np.ndarray, same: np.ndarray, allowed: list[int]) -> np.ndarray:
    """Return the group of each member of one connected part; sets of members are bits of whole numbers."""
    inside = {int(report): at for at, report in enumerate(part)}
    group = list(range(len(part)))
    holds = [1 << at for at in group]

    def join(a: int, b: int) -> None:
        kept, gone = group[a], group[b]
        holds[kept] |= holds[gone]
        allowed[kept] &= allowed[gone]
        for at in _bits(holds[gone]):
            group[at] = kept

    for a, b in _inside(same, inside):
        if group[a] != group[b]:
            join(a, b)
    for a, b in _inside(wanted, inside):
        if group[a] != group[b] and holds[group[b]] & ~allowed[group[a]] == 0:
            join(a, b)
    return np.array(group)


def _inside(pairs: np.ndarray, inside: dict[int, int]) -> Iterable[tuple[int, int]]:
    return ((inside[int(a)], inside[int(b)]) for a, b in pairs)


def _stretches(parts: list[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """Return parts, several together while they have few pairs."""
    waiting: list[np.ndarray] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part) ** 2
        if size > _AT_ONCE:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


def _allowed(parts: list[np.ndarray], fits: Fits) -> list[list[int]]:
    """Return for each member of each part the set of those that it may stand beside, itself included."""
    i = np.concatenate([np.repeat(part, len(part)) for part in parts])
    j = np.concatenate([np.tile(part, len(part)) for part in parts])
    # A part of thousands of reports has millions of pairs.
    slices = [slice(first, first + _AT_ONCE) for first in range(0, len(i), _AT_ONCE)]
    may = np.concatenate([fits(i[some], j[some]) for some in slices]) | (i == j)
    ends = np.cumsum([len(part) ** 2 for part in parts])[:-1]
    tables = [one.reshape(len(part), -1) for one, part in zip(np.split(may, ends), parts, strict=True)]
    rows = [np.packbits(table, axis=1, bitorder="little") for table in tables]
    return [[int.from_bytes(row.tobytes(), "little") for row in table] for table in rows]


def _set_apart(part: np.ndarray, allowed: list[int], apart: set[tuple[int, int]]) -> None:
    inside = {int(report): at for at, report in enumerate(part)} if apart else {}
    for a, b in apart:
        if a in inside and b in inside:
            allowed[inside[a]] &= ~(1 << inside[b])
            allowed[inside[b]] &= ~(1 << inside[a])


def _bits(whole: int) -> Iterable[int]:
    while whole:
        low = whole & -whole
        yield low.bit_length() - 1
        whole ^= low
