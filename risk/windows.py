"""Windows: which units are looked at together, as one sparse matrix of windows by units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from risk.tails import Numbers


@dataclass(frozen=True)
class Windows:
    """Windows in rows, units in columns.

    `membership` is CSR, 1 where the unit lies in the window; `centre` is the column of the window's own
    unit and `radius_m` its radius. Windows with the same units (two radii around a lonely unit) are all
    kept: the family of tests is every unit × every radius, whatever the ground looks like.
    """

    membership: sparse.csr_array
    centre: npt.NDArray[np.intp]
    radius_m: Numbers

    def __len__(self) -> int:
        return int(self.centre.size)

    def total(self, values: npt.ArrayLike) -> Numbers:
        """Return the sum of `values` (units, or units × k) over each window (windows, or windows × k)."""
        return np.asarray(self.membership @ np.asarray(values, dtype=np.float64))

    def units(self, window: int) -> npt.NDArray[np.intp]:
        """Return the columns of the units of one window, ascending."""
        start, stop = self.membership.indptr[window : window + 2]
        return np.asarray(self.membership.indices[start:stop], dtype=np.intp)


def windows_within(x_m: npt.ArrayLike, y_m: npt.ArrayLike, radii_m: Sequence[float]) -> Windows:
    """Return one window for each radius and unit: the units whose centre lies within the radius.

    Positions are planar metres. Ordered by radius as given, then by unit. Radius 0 is the unit itself,
    even where two units share a position. Raises ValueError on a position that is not finite, a negative
    radius, or positions that look like degrees.
    """
    places = np.column_stack([np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)])
    _check(places, radii_m)
    pairs = np.empty((0, 2), dtype=np.intp)
    if len(places) > 1 and max(radii_m) > 0:
        pairs = cKDTree(places).query_pairs(max(radii_m), output_type="ndarray")
    apart_m = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    blocks = [_within(pairs[(apart_m <= radius) & (radius > 0)], len(places)) for radius in radii_m]
    return Windows(
        membership=sparse.csr_array(sparse.vstack(blocks, format="csr")),
        centre=np.tile(np.arange(len(places)), len(radii_m)),
        radius_m=np.repeat(np.asarray(radii_m, dtype=np.float64), len(places)),
    )


def windows_of_neighbours(neighbours: Mapping[int, Sequence[int]]) -> Windows:
    """Return one window for each unit 0 … n−1: the unit and the neighbours given for it.

    The radius is missing (NaN). For neighbours that are published rather than measured.

    >>> windows_of_neighbours({0: [1], 1: [0], 2: []}).membership.toarray().tolist()
    [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    size = len(neighbours)
    pairs = sorted({(unit, other) for unit in range(size) for other in (unit, *neighbours[unit])})
    rows, columns = np.asarray(pairs, dtype=np.intp).reshape(-1, 2).T
    matrix = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    return Windows(matrix, np.arange(size), np.full(size, np.nan))


def _within(pairs: npt.NDArray[Any], size: int) -> sparse.csr_array:
    """Return the symmetric membership of `pairs` and the diagonal, columns ascending in each row."""
    own = np.arange(size)
    rows = np.concatenate([own, pairs[:, 0], pairs[:, 1]])
    columns = np.concatenate([own, pairs[:, 1], pairs[:, 0]])
    matrix = sparse.csr_array((np.ones(rows.size), (rows, columns)), shape=(size, size))
    matrix.sort_indices()
    return matrix


def _check(places: Numbers, radii_m: Sequence[float]) -> None:
    if not np.isfinite(places).all():
        raise ValueError("a unit has no position: give x_m and y_m in metres for every unit, or leave it out")
    if not radii_m or min(radii_m) < 0:
        raise ValueError(f"radii_m is {radii_m!r}: give at least one radius in metres, none negative")
    spread = np.unique(places, axis=0)
    if len(spread) > 1 and (np.abs(places) <= (180.0, 90.0)).all():
        raise ValueError("x_m and y_m look like degrees: project them to metres first (EPSG:32735)")
