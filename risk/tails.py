"""Upper tails of the window tests, the false discovery rate, and how much must be expected to tell.

The binomial tail is SciPy's. Its hypergeometric one takes up to 300 µs a number, too slow for millions of
windows, so that is summed here, for whole arrays at once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special, stats

Numbers = npt.NDArray[np.float64]


def binomial_tail(observed: npt.ArrayLike, total: npt.ArrayLike, share: npt.ArrayLike) -> Numbers:
    """Return P[Bin(total, share) ≥ observed], in the shape that the arguments have together.

    `share` is the window's part of all exposure, 0 to 1. Nothing observed gives 1.
    Source: the exact test of a count given exposure (Przyborowski & Wilenski, 1940).

    >>> round(float(binomial_tail(3, 3, 0.5)), 3)
    0.125
    """
    return np.asarray(stats.binom.sf(np.asarray(observed) - 1, total, share), dtype=np.float64)


def hypergeometric_tail(
    observed: npt.ArrayLike, reports: npt.ArrayLike, theme: npt.ArrayLike, drawn: npt.ArrayLike
) -> Numbers:
    """Return P[X ≥ observed], X = reports of the theme among `drawn` of `reports`, of which `theme` are its.

    Nothing observed gives 1, and so does a world without reports. Source: Fisher's exact test (1935). The
    first term is a quotient of three binomial chances, which keeps its digits for any numbers (Loader,
    2000); the others follow from their ratios, away from the mean, until they no longer count.

    >>> round(float(hypergeometric_tail(2, 4, 2, 2)), 4)
    0.1667
    """
    arrays = np.broadcast_arrays(
        *(np.asarray(v, dtype=np.float64) for v in (observed, reports, theme, drawn))
    )
    x, m, k, n = (array.ravel() for array in arrays)
    tail = np.ones(x.size)
    above = (x > 0) & (x * m > n * k)
    tail[above] = _from(x[above], m[above], k[above], n[above], step=1)
    below = (x > 0) & ~above & (m > 0)
    tail[below] = 1.0 - _from(x[below] - 1, m[below], k[below], n[below], step=-1)
    return tail.reshape(arrays[0].shape)


def _from(x: Numbers, m: Numbers, k: Numbers, n: Numbers, *, step: int) -> Numbers:
    """Return the chance of x and of all counts beyond it, upwards (step 1) or downwards (−1)."""
    part = n / m
    first = stats.binom.pmf(x, k, part) * stats.binom.pmf(n - x, m - k, part) / stats.binom.pmf(n, m, part)
    total, term = np.ones(x.size), np.ones(x.size)
    rows = np.flatnonzero(first > 0)
    x, m, k, n = x[rows], m[rows], k[rows], n[rows]
    while rows.size:
        if step > 0:
            ratio = (k - x) * (n - x) / ((x + 1) * (m - k - n + x + 1))
        else:
            ratio = x * (m - k - n + x) / ((k - x + 1) * (n - x + 1))
        term[rows] *= np.maximum(ratio, 0.0)
        total[rows] += term[rows]
        counts = term[rows] > total[rows] * 1e-17
        rows, x, m, k, n = rows[counts], x[counts] + step, m[counts], k[counts], n[counts]
    return np.asarray(first * total, dtype=np.float64)


class CutOff(NamedTuple):
    """The bar that a p must not exceed to pass, and how many of the family do."""

    p: float
    passes: int


def cut_off(p: npt.ArrayLike, q: float, *, tests: int | None = None) -> CutOff:
    """Return the Benjamini–Hochberg cut-off of a family of tests at false discovery rate `q`.

    The bar is q · k / tests where k pass: whatever is at or under it passes, and no other. It is not the
    largest p that passed, for that says how strong the weakest one is and not how strong it had to be.
    `tests` is the size of the family where `p` leaves out members known to be above `q`. If none passes
    the cut-off is q / tests, the bar that the first would have to clear; of an empty family it is 0.
    Source: Benjamini & Hochberg (1995).

    >>> cut_off([0.01, 0.02, 0.9], 0.06)
    CutOff(p=0.04, passes=2)
    """
    values = np.asarray(p, dtype=np.float64).ravel()
    size = values.size if tests is None else tests
    if size == 0:
        return CutOff(0.0, 0)
    small = np.sort(values[values <= q])
    under = np.flatnonzero(small * size <= q * np.arange(1, small.size + 1))
    if under.size == 0:
        return CutOff(q / size, 0)
    last = int(under[-1])
    # Rounding must not put the bar under the last that passed.
    return CutOff(max(q * (last + 1) / size, float(small[last])), last + 1)


def least_expected(p: float, *, excess: float, power: float) -> float:
    """Return the smallest expected count at which an `excess`-fold rate is noticed with `power`.

    Noticed means: the Poisson tail of what is observed is at most `p`. The power is a saw-tooth of the
    expected count (the critical count is whole), so a little above the value returned it may lie a little
    under `power` again. Infinite where `p` is 0: nothing would be noticed.

    >>> round(least_expected(0.01, excess=3.0, power=0.8), 2)
    4.55
    """
    if p <= 0.0:
        return float("inf")
    critical = np.arange(1, 2_000, dtype=np.float64)
    # P[Poisson(E) ≥ k] = gammainc(k, E): the critical count stays k while E is at most `highest`.
    highest = special.gammaincinv(critical, min(p, 1.0))
    enough = special.gammaincinv(critical, power) / excess
    first = int(np.argmax(enough <= highest))
    below = highest[first - 1] if first else 0.0
    return float(max(enough[first], below))


def binomial_power(total: npt.ArrayLike, share: npt.ArrayLike, p: float, *, excess: float) -> Numbers:
    """Return how likely an `excess`-fold rate in a window makes its binomial tail at most `p`.

    `total` events fall by exposure, `share` of which is the window's. Its excess takes events from outside
    too, so that a window that holds much of the exposure needs many more of them to show one, and a window
    that holds all of it never does. Source: power of the exact binomial test, against the part
    excess·share / (1 + (excess − 1)·share).

    >>> binomial_power([40, 400, 40], [0.1, 0.1, 0.5], 0.001, excess=3.0).round(2).tolist()
    [0.28, 1.0, 0.44]
    """
    n, part = np.broadcast_arrays(np.floor(np.asarray(total, dtype=np.float64)), np.asarray(share))
    critical = stats.binom.isf(p, n, part)
    return np.asarray(stats.binom.sf(critical, n, excess * part / (1 + (excess - 1) * part)))


def log_likelihood_ratio(observed: Any, expected: Any, total: Any) -> Numbers:
    """Return O ln(O/E) + (N−O) ln((N−O)/(N−E)), and 0 where O ≤ E.

    Source: Kulldorff (1997), Poisson model given the total.

    >>> float(log_likelihood_ratio(1.0, 2.0, 10.0))
    0.0
    """
    o, e, n = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (observed, expected, total)))
    hot = o > e
    o, e, n = np.where(hot, o, 1.0), np.where(hot, e, 1.0), np.where(hot, n, 2.0)
    with np.errstate(divide="ignore"):
        ratio = special.xlogy(o, o / e) + special.xlogy(n - o, (n - o) / (n - e))
    return np.where(hot, ratio, 0.0)
