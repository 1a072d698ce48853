"""Size of an excess: relative risk, drawn towards the mean as far as chance alone explains the spread.

Source: Marshall, R. J. (1991), Mapping disease and mortality rates using empirical Bayes estimators.
The 90 % interval is that of the Gamma posterior with his moments (Clayton & Kaldor, 1987).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from risk.tails import Numbers


@dataclass(frozen=True)
class Prior:
    """Mean rate m (events per unit of exposure) and variance A of the rates between units, (k,).

    One A for each of k imputations. A = 0: the units differ by no more than chance, and every relative
    risk is 1. `alpha` and `beta` are the Gamma prior's shape and rate, infinite where A is 0.
    """

    mean: float
    variance: Numbers

    @property
    def alpha(self) -> Numbers:
        """Shape of the Gamma prior, m²/A, (k,)."""
        return self._over(self.mean**2)

    @property
    def beta(self) -> Numbers:
        """Rate of the Gamma prior in units of exposure, m/A, (k,)."""
        return self._over(self.mean)

    @property
    def is_pooled(self) -> bool:
        """Whether no imputation shows more spread than chance."""
        return not (self.variance > 0).any()

    def _over(self, value: float) -> Numbers:
        spread = self.variance > 0
        return np.where(spread, value / np.where(spread, self.variance, 1.0), np.inf)


class RelativeRisk(NamedTuple):
    """Relative risk and its interval, each (rows,); 1 is the mean of all units."""

    rr: Numbers
    low: Numbers
    high: Numbers


def fit_prior(counts: npt.ArrayLike, exposure: npt.ArrayLike) -> Prior:
    """Return the prior of `counts` (units, or units × k imputations) over `exposure` (units, > 0).

    A = max(0, Σ e(c/e − m)²/Σe − m/mean(e)), m = Σc/Σe. Without units, or without events, m is NaN or 0
    and A is 0.

    >>> fit_prior([0, 10], [100.0, 100.0])
    Prior(mean=0.05, variance=array([0.002]))
    """
    c = _columns(counts)
    e = np.asarray(exposure, dtype=np.float64)
    if not ((e > 0) & np.isfinite(e)).all():
        raise ValueError(
            "exposure must be above 0 and finite: leave out the units where nobody works or nobody counted"
        )
    if e.size == 0:
        return Prior(float("nan"), np.zeros(c.shape[1]))
    mean = float(c[:, 0].sum() / e.sum())
    spread = (e[:, None] * (c / e[:, None] - mean) ** 2).sum(axis=0) / e.sum()
    return Prior(mean, np.maximum(0.0, spread - mean / e.mean()))


def relative_risk(
    prior: Prior,
    counts: npt.ArrayLike,
    exposure: npt.ArrayLike,
    *,
    interval: tuple[float, float] = (0.05, 0.95),
    rng: np.random.Generator | None = None,
    draws: int = 50,
) -> RelativeRisk:
    """Return RR = (c+α)/(e+β)/m of rows (units or windows), with its interval.

    `counts` is (rows,) or (rows × k imputations), `exposure` (rows,). One imputation: exact quantiles of
    the Gamma posterior. Several: the mean of RR, and quantiles over `draws` a imputation, pooled; these
    need `rng`. Where A = 0 the imputation gives 1; without any event (m = 0) all is missing (NaN).
    """
    c = _columns(counts)
    e = np.asarray(exposure, dtype=np.float64)
    if not prior.mean > 0:
        nothing = np.full(len(c), np.nan)
        return RelativeRisk(nothing, nothing.copy(), nothing.copy())
    if prior.is_pooled:
        return RelativeRisk(np.ones(len(c)), np.ones(len(c)), np.ones(len(c)))
    spread = prior.variance > 0
    shape = np.where(spread, c + np.where(spread, prior.alpha, 0.0), 1.0)
    scale = np.where(spread, 1.0 / (e[:, None] + np.where(spread, prior.beta, 0.0)) / prior.mean, 1.0)
    if c.shape[1] == 1:
        low, high = (special.gammaincinv(shape[:, 0], bound) * scale[:, 0] for bound in interval)
    else:
        if rng is None:
            raise ValueError("several imputations are pooled by draws: give rng")
        drawn = rng.standard_gamma(shape[:, :, None], (*shape.shape, draws)) * scale[:, :, None]
        drawn[:, ~spread, :] = 1.0
        low, high = np.quantile(drawn.reshape(len(c), -1), interval, axis=1)
    return RelativeRisk((shape * scale).mean(axis=1), low, high)


def _columns(counts: npt.ArrayLike) -> Numbers:
    c = np.asarray(counts, dtype=np.float64)
    return c[:, None] if c.ndim == 1 else c
