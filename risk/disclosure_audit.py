"""Which entries of a two-way table are determined by its margins?

Gusfield 1988, "A graph theoretic approach to statistical data security" (SIAM J. Comput. 17, 552–571): rows
and columns are nodes, entries edges. An entry above its lower bound 0 may fall and rise (two ways), an entry
at 0 only rise (one way, row to column). An entry can change, with all margins as they are, iff its edge lies
on a cycle that may be walked. In a strongly connected mixed graph each one-way edge lies on such a cycle, and
each two-way edge does iff it is no bridge (Boesch and Tindell 1980, Robbins's theorem for mixed multigraphs).
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from risk.disclosure_rules import Bools, Ints


def determined(rows: Ints, columns: Ints, values: Ints) -> Bools:
    """Return which entries the margins of a table determine, given that none is negative; (entries,).

    Entry e stands at row rows[e], column columns[e] (each place once) and has values[e] >= 0. Places that
    are not given are known to be 0 (structural zeros). Linear in the number of entries.

    >>> at = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> determined(*at, np.array([3, 2, 4, 1])).tolist()
    [False, False, False, False]
    >>> determined(*at, np.array([0, 5, 4, 0])).tolist()
    [False, False, False, False]
    >>> determined(*at, np.array([0, 5, 0, 7])).tolist()
    [True, True, True, True]
    """
    if (np.asarray(values) < 0).any():
        raise ValueError("an entry is negative; counts are 0 or more")
    if not len(values):
        return np.zeros(0, dtype=bool)
    height = int(rows.max()) + 1
    size = height + int(columns.max()) + 1
    heads, tails = rows.astype(np.int64), columns.astype(np.int64) + height
    is_two_way = values > 0
    starts = np.concatenate([heads, tails[is_two_way]])
    ends = np.concatenate([tails, heads[is_two_way]])
    graph = csr_array((np.ones(len(starts), dtype=np.int8), (starts, ends)), shape=(size, size))
    _, label = connected_components(graph, directed=True, connection="strong")
    is_inside = label[heads] == label[tails]
    fixed: Bools = ~is_inside
    inside = np.flatnonzero(is_inside)
    fixed[inside[_bridges(heads[inside], tails[inside], size)]] = True
    return fixed


def _bridges(heads: Ints, tails: Ints, size: int) -> list[int]:
    """Return the edges of an undirected graph without which it falls apart (Tarjan 1974), without recursion."""
    edges = np.concatenate([np.arange(len(heads))] * 2)
    order = np.argsort(np.concatenate([heads, tails]), kind="stable")
    ends = np.concatenate([tails, heads])[order].tolist()
    numbers = edges[order].tolist()
    first = np.searchsorted(np.concatenate([heads, tails])[order], np.arange(size + 1)).tolist()
    found_at, lowest, following = [-1] * size, [0] * size, first[:-1].copy()
    bridges: list[int] = []
    time = 0
    for root in range(size):
        if found_at[root] >= 0:
            continue
        path = [(root, -1)]
        found_at[root] = lowest[root] = time
        time += 1
        while path:
            node, by = path[-1]
            if following[node] == first[node + 1]:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                    if lowest[node] > found_at[above]:
                        bridges.append(by)
                continue
            step = following[node]
            following[node] += 1
            end, number = ends[step], numbers[step]
            if number == by:
                continue
            if found_at[end] >= 0:
                lowest[node] = min(lowest[node], found_at[end])
            else:
                found_at[end] = lowest[end] = time
                time += 1
                path.append((end, number))
    return bridges
