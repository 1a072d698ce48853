"""The recipe of emerging hot spots: Gi* on counts in each quarter, and Mann–Kendall over its z scores."""

from __future__ import annotations

import numpy as np
from scipy import stats

from benchmarks.against import SIGNIFICANT, Flags, Floats, Map
from benchmarks.against.local_g import z_scores

_MOSTLY = 0.9


def flagged(told: Map) -> Flags:
    """Return the cells that are hot in the last quarter (new, consecutive, sporadic) or in nine of ten."""
    is_hot = stats.norm.sf(_quarterly(told)) < SIGNIFICANT
    return is_hot[:, -1] | (is_hot.mean(axis=1) >= _MOSTLY)


def trending(told: Map) -> Flags:
    """Return the cells with a trend by Mann–Kendall at 5 %, two-sided."""
    return mann_kendall(_quarterly(told)) < SIGNIFICANT


def _quarterly(told: Map) -> Floats:
    return np.column_stack([z_scores(told, counts) for counts in told.counts().T])


def mann_kendall(series: Floats) -> Floats:
    """Return the two-sided p of Mann–Kendall for each row (Mann 1945, Kendall 1975), corrected for ties.

    >>> mann_kendall(np.array([[1.0, 2, 3, 4, 5, 6, 7, 8], [1.0, 1, 1, 1, 1, 1, 1, 1]])).round(4)
    array([0.0008, 1.    ])
    """
    count = series.shape[1]
    first, second = np.triu_indices(count, 1)
    score = np.sign(series[:, second] - series[:, first]).sum(axis=1)
    ties = np.array([_ties(row) for row in series])
    spread = np.sqrt(np.maximum((count * (count - 1) * (2 * count + 5) - ties) / 18, 0))
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(spread > 0, (score - np.sign(score)) / spread, 0.0)
    return 2 * stats.norm.sf(np.abs(z))


def _ties(row: Floats) -> float:
    sizes = np.unique(row, return_counts=True)[1]
    return float((sizes * (sizes - 1) * (2 * sizes + 5)).sum())
