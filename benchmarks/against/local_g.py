"""Gi* (Getis & Ord 1992, Ord & Getis 1995) by esda: binary weights within 12 km, on events per worker."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
from scipy import stats

from benchmarks.against import NEIGHBOURS_M, SIGNIFICANT, Flags, Floats, Map


def flagged(told: Map) -> Flags:
    """Return the cells with p < 0.05, each tested as if it were alone."""
    return p_values(told) < SIGNIFICANT


def flagged_after_correction(told: Map) -> Flags:
    """Return the cells that pass Benjamini & Hochberg (1995) at 5 %, over the cells of this theme."""
    return stats.false_discovery_control(p_values(told)) <= SIGNIFICANT


def p_values(told: Map) -> Floats:
    """Return the one-sided p of each cell from the normal law; 1 where all rates are the same."""
    return stats.norm.sf(z_scores(told, told.counts().sum(axis=1) / told.exposure))


def z_scores(told: Map, values: Floats) -> Floats:
    """Return Gi* of each cell; 0 where all values are the same."""
    if np.ptp(values) == 0:
        return np.zeros(len(values))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # esda and libpysal warn of islands
        return np.nan_to_num(_local_g()(values, _near(told)).Zs)


def _local_g() -> partial:
    from esda import G_Local

    return partial(G_Local, transform="B", star=True, permutations=0, n_jobs=1)


def _near(told: Map):
    from libpysal.weights import DistanceBand

    return DistanceBand(np.column_stack([told.x_m, told.y_m]), NEIGHBOURS_M, silence_warnings=True)
