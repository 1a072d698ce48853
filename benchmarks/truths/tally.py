"""Figures as parts of wholes: counted in each edition, summed over all, with an interval over editions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

COVER = 0.90
RESAMPLES = 2_000


class Part(NamedTuple):
    """How many of how many in one edition; `part` is any number for a mean, with `whole` 1."""

    test: str
    setting: str
    figure: str
    part: float
    whole: float


def share(test: str, setting: str, figure: str, of: np.ndarray, among: np.ndarray | None = None) -> Part:
    """Return how many of the elements `among` (all by default) are so."""
    inside = np.ones(len(of), dtype=bool) if among is None else np.asarray(among, dtype=bool)
    return Part(
        test, setting, figure, float((np.asarray(of, dtype=bool) & inside).sum()), float(inside.sum())
    )


def figures(editions: Iterable[Iterable[Part]]) -> pd.DataFrame:
    """Return test, setting, figure, value, low, high, runs, part, whole; in the order of first appearance.

    `value` is Σ part / Σ whole, its 90 % interval that of the ratio over resampled editions (bootstrap,
    Efron 1979): cells of one edition are not independent. For a yes or no of each edition, and where all or
    none are so, it is Clopper and Pearson's (1934). `runs` counts editions that say anything; a figure that
    none speaks of has no row.
    """
    rows = pd.DataFrame(
        [(number, *part) for number, parts in enumerate(editions) for part in parts],
        columns=["edition", *Part._fields],
    )
    found = []
    for key, each in rows[rows["whole"] > 0].groupby(["test", "setting", "figure"], sort=False):
        part, whole = each["part"].to_numpy(), each["whole"].to_numpy()
        low, high = _interval(part, whole)
        value, total = part.sum() / whole.sum(), whole.sum()
        found.append((*key, value, low, high, each["edition"].nunique(), part.sum(), total))
    columns = ["test", "setting", "figure", "value", "low", "high", "runs", "part", "whole"]
    return pd.DataFrame(found, columns=columns)


def _interval(part: np.ndarray, whole: np.ndarray) -> tuple[float, float]:
    is_yes_or_no = (whole == 1).all() and np.isin(part, (0, 1)).all()
    # Resampling sees no spread where all or none are so.
    if is_yes_or_no or part.sum() in (0, whole.sum()):
        bounds = stats.binomtest(round(part.sum()), round(whole.sum())).proportion_ci(COVER)
        return bounds.low, bounds.high
    drawn = np.random.default_rng(0).integers(0, len(part), (RESAMPLES, len(part)))
    ratios = part[drawn].sum(axis=1) / whole[drawn].sum(axis=1)
    low, high = np.quantile(ratios, [(1 - COVER) / 2, (1 + COVER) / 2])
    return float(low), float(high)
