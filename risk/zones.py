"""Circular zones: for each centre, its nearest units one after the other, up to a limit.

The zones of Kulldorff's scan (Kulldorff 1997): a circle grows around each centre, and each radius at which
it takes in another unit is a zone. Planar metres throughout.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Of the extent of the units: a difference of distance below it is rounding, and the distances are equal.
_SAME_DISTANCE = 1e-9
# A share that reaches the limit by rounding only is within it.
_SAME_SHARE = 1e-12


@dataclass(frozen=True)
class Zones:
    """Zones of all centres.

    Positions are rows of `unit_ids`, which is sorted. Centre `k` has `nearest[starts[k]:starts[k + 1]]`,
    nearest first, and its zone number `j` is the first `sizes[k][j]` of these.
    """

    unit_ids: NDArray[np.object_]
    xy_m: Floats
    share: Floats
    centres: Ints
    starts: Ints
    nearest: NDArray[np.int32]
    sizes: list[Ints]

    def members(self, centre: int, size: int) -> NDArray[np.int32]:
        """Return the positions of the `size` units nearest to centre number `centre`."""
        return self.nearest[self.starts[centre] : self.starts[centre] + size]

    def radius_m(self, centre: int, size: int) -> float:
        """Return the distance in metres from a centre to the furthest unit of its zone; 0 for one unit."""
        away = self.xy_m[self.members(centre, size)] - self.xy_m[self.centres[centre]]
        return float(np.hypot(away[:, 0], away[:, 1]).max())


def circular_zones(
    units: pd.DataFrame,
    *,
    max_radius_m: float | None = None,
    max_share: float = 0.5,
    max_centres: int | None = None,
) -> Zones:
    """Return the circular zones of `units` (unit_id, x_m, y_m, exposure), the same for any order of rows.

    A zone reaches at most `max_radius_m` (no limit if None) and holds at most `max_share` of the exposure;
    a centre that alone holds more has no zone. Units at the same distance enter together, so that a zone
    is a circle and not an order of rows. With more than `max_centres` units, the centres are thinned to the
    unit of the largest exposure in each square of a grid; every unit can still be a member. An exposure of
    0 is allowed. Raises ValueError where a unit is named twice, or a position or an exposure is missing,
    infinite or negative, or no exposure is left, and where a radius in metres is to hold among positions
    that look like degrees.

    >>> line = pd.DataFrame({"unit_id": ["a", "b", "c"], "x_m": [0, 10, 25], "y_m": 0, "exposure": [1, 1, 2]})
    >>> zones = circular_zones(line)
    >>> [[list(zones.unit_ids[zones.members(k, s)]) for s in sizes] for k, sizes in enumerate(zones.sizes)]
    [[['a'], ['a', 'b']], [['b'], ['b', 'a']], [['c']]]
    """
    rows = _checked(units)
    xy_m = rows[["x_m", "y_m"]].to_numpy(float)
    exposure = rows["exposure"].to_numpy(float)
    share = exposure / exposure.sum()
    centres = _centres(xy_m, exposure, max_centres)
    if max_radius_m is not None and len(xy_m) > 1 and (np.abs(xy_m) <= (180.0, 90.0)).all():
        raise ValueError("x_m and y_m look like degrees: project them to metres first (EPSG:32735)")
    tie_m = _SAME_DISTANCE * float(np.ptp(xy_m, axis=0).max())
    tree = cKDTree(xy_m) if max_radius_m is not None else None
    nearest, sizes = [], []
    for centre in centres:
        near = np.arange(len(xy_m))
        if tree is not None and max_radius_m is not None:
            near = np.sort(tree.query_ball_point(xy_m[centre], max_radius_m + tie_m))
        order, ends = _growing(near, xy_m, int(centre), tie_m)
        ends = ends[np.cumsum(share[order])[ends - 1] <= max_share + _SAME_SHARE]
        nearest.append(order[: ends[-1] if len(ends) else 0].astype(np.int32))
        sizes.append(ends)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in nearest])]).astype(np.int64)
    unit_ids = rows["unit_id"].to_numpy(object)
    return Zones(unit_ids, xy_m, share, centres, starts, np.concatenate(nearest), sizes)


def _growing(near: Ints, xy_m: Floats, centre: int, tie_m: float) -> tuple[Ints, Ints]:
    """Return `near`, nearest first, and how many of them stand in each circle."""
    away = xy_m[near] - xy_m[centre]
    distance_m = np.hypot(away[:, 0], away[:, 1])
    order = np.argsort(distance_m, kind="stable")
    is_last = np.append(np.diff(distance_m[order]) > tie_m, True)
    return near[order], np.flatnonzero(is_last) + 1


def _centres(xy_m: Floats, exposure: Floats, max_centres: int | None) -> Ints:
    """Return all positions, or the largest of each square of the finest grid that leaves `max_centres`."""
    everywhere = np.arange(len(xy_m), dtype=np.int64)
    if max_centres is None or len(xy_m) <= max_centres:
        return everywhere
    if max_centres < 1:
        raise ValueError(f"max_centres is {max_centres}: a scan needs at least 1 centre")
    origin = xy_m.min(axis=0)
    largest_first = np.lexsort((everywhere, -exposure))
    side_m = (float(np.ptp(xy_m, axis=0).max()) or 1.0) / np.sqrt(max_centres) / 2
    while True:
        squares = np.floor((xy_m[largest_first] - origin) / side_m).astype(np.int64)
        _, first = np.unique(squares, axis=0, return_index=True)
        if len(first) <= max_centres:
            return np.sort(largest_first[first])
        side_m *= 1.1


def _checked(units: pd.DataFrame) -> pd.DataFrame:
    rows = units[["unit_id", "x_m", "y_m", "exposure"]].sort_values("unit_id", ignore_index=True)
    if rows.empty:
        raise ValueError("no units: a scan needs at least one")
    twice = rows.loc[rows["unit_id"].duplicated(), "unit_id"]
    if len(twice):
        raise ValueError(f"unit {twice.iloc[0]!r} is named twice; give one row a unit")
    numbers = rows[["x_m", "y_m", "exposure"]].apply(pd.to_numeric).astype(float)
    is_bad = ~np.isfinite(numbers).all(axis=1) | (numbers["exposure"] < 0)
    if is_bad.any():
        raise ValueError(
            f"unit {rows.loc[is_bad, 'unit_id'].iloc[0]!r} lacks a position or has no exposure of 0 or more; "
            "leave out units without one"
        )
    if numbers["exposure"].sum() <= 0:
        raise ValueError("no unit has any exposure; nothing can be expected anywhere")
    return rows
