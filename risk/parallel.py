"""Independent pieces of work on all cores, by threads: NumPy and SciPy let go of Python's lock while they count."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

# Each thread holds arrays of its own: more of them cost memory, and Python's lock leaves them waiting.
_MOST_THREADS: Final = 4

Piece = TypeVar("Piece")
Found = TypeVar("Found")


def mapped(work: Callable[[Piece], Found], pieces: Iterable[Piece]) -> list[Found]:
    """Return what `work` gives for each piece, in the order of the pieces.

    The pieces are drawn in the caller's thread, one after the other, and few ahead of the work. `work` must not
    change what another piece reads. Raises what `work` or the drawing of a piece raises first.

    >>> mapped(abs, [3, -1])
    [3, 1]
    """
    threads = min(os.cpu_count() or 1, _MOST_THREADS)
    waiting: deque[Future[Found]] = deque()
    found: list[Found] = []
    with ThreadPoolExecutor(threads) as pool:
        for piece in pieces:
            if len(waiting) >= 2 * threads:
                found.append(waiting.popleft().result())
            waiting.append(pool.submit(work, piece))
        return [*found, *(one.result() for one in waiting)]
