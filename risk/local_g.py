"""Local G and G*, and Moran's I, for readers who know them; the atlas decides by its exact window tests.

On counts these find where people are, on rates they call too many units hot: see the page of the method.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from risk.tails import Numbers


def local_g(values: npt.ArrayLike, weights: sparse.csr_array) -> Numbers:
    """Return the z-value of G of each unit, (units,); the unit itself is left out, mean and variance too.

    `weights` is units × units, usually binary; a diagonal is dropped. NaN for a unit without neighbours
    or without spread among the others. Raises ValueError on a missing value or a shape that does not fit.
    Source: Getis & Ord (1992); Ord & Getis (1995), eq. 14, with W − w_ii.
    """
    x, w = _checked(values, weights)
    w = sparse.csr_array(w - sparse.diags_array(w.diagonal()))
    n = x.size
    mean = (x.sum() - x) / (n - 1)
    variance = (np.square(x).sum() - np.square(x)) / (n - 1) - mean**2
    return _z(w @ x, w, mean, variance, n - 1)


def local_g_star(values: npt.ArrayLike, weights: sparse.csr_array) -> Numbers:
    """Return the z-value of G* of each unit, (units,); the unit counts among its neighbours, as the nearest does.

    Its weight is the largest of its row, 1 where it has no neighbour; one that is there is kept as it is. Missing and shape as in `local_g`. Source: as `local_g`.
    """
    x, w = _checked(values, weights)
    own = w.diagonal()
    largest = w.max(axis=1).toarray().ravel() if w.nnz else np.zeros(x.size)
    w = sparse.csr_array(w + sparse.diags_array(np.where(own == 0, np.where(largest > 0, largest, 1.0), 0.0)))
    n = x.size
    mean = np.full(n, x.mean())
    return _z(w @ x, w, mean, np.full(n, x.var()), n)


def moran(values: npt.ArrayLike, weights: sparse.csr_array, *, standardised: bool = True) -> float:
    """Return Moran's I, by default with each row of the weights scaled to sum 1.

    Near +1 where like lies beside like, near −1/(n−1) where place does not matter; NaN without spread.
    Source: Moran (1950); Cliff & Ord (1973).
    """
    x, w = _checked(values, weights)
    if standardised:
        sums = w.sum(axis=1)
        w = sparse.csr_array(
            sparse.diags_array(np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)) @ w
        )
    apart = x - x.mean()
    if not apart.any():
        return float("nan")
    return float(x.size / w.sum() * (apart @ (w @ apart)) / (apart @ apart))


def _z(sums: Numbers, w: sparse.csr_array, mean: Numbers, variance: Numbers, n: int) -> Numbers:
    weight = w.sum(axis=1)
    spread = variance * (n * w.power(2).sum(axis=1) - weight**2) / (n - 1)
    apart = sums - weight * mean
    known = (weight > 0) & (spread > 0)
    return np.where(known, apart / np.sqrt(np.where(known, spread, 1.0)), np.nan)


def _checked(values: npt.ArrayLike, weights: sparse.csr_array) -> tuple[Numbers, sparse.csr_array]:
    x = np.asarray(values, dtype=np.float64)
    if not np.isfinite(x).all():
        raise ValueError("a value is missing: leave the unit out, or say what stands for it")
    if weights.shape != (x.size, x.size):
        raise ValueError(f"weights are {weights.shape}, values {x.shape}: give one row and column a value")
    return x, sparse.csr_array(weights, dtype=np.float64)
