"""The heat map: a Gaussian kernel over the events (SciPy, Scott's bandwidth), the hottest cells are hot."""

from __future__ import annotations

import numpy as np
from scipy.stats import gaussian_kde

from benchmarks.against import Flags, Floats, Map, hottest


def flagged(told: Map) -> Flags:
    return hottest(density(told))


def density(told: Map) -> Floats:
    """Return the density at the middle of each cell; 0 where the events span no area."""
    places = np.vstack([told.event_x_m, told.event_y_m])
    if len(np.unique(places, axis=1).T) < 3:
        return np.zeros(len(told.x_m))
    return gaussian_kde(places)(np.vstack([told.x_m, told.y_m]))
