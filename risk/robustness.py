"""Does a hotspot stand when the map is cut into other pieces?

What a test finds depends on the partition it counts in (the modifiable areal unit problem: Openshaw 1984). So
the hotspots are looked for again in other partitions, and each hotspot says in how many it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

# A hotspot of the class on the left holds where the variant drew one of the classes on the right.
HOLDS_AS: Final[dict[str, frozenset[str]]] = {
    "confirmed": frozenset({"confirmed"}),
    "reported": frozenset({"confirmed", "reported"}),
    "distinctive": frozenset({"confirmed", "distinctive"}),
}
MIN_OVERLAP: Final = 0.5


def holds(hotspots: pd.DataFrame, variants: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return in which other partitions each hotspot is found again, one row a hotspot in the given order.

    `hotspots`: hotspot_id, category, hotspot_class, geometry (shapely polygons in planar metres). `variants`:
    category, hotspot_class, geometry by the name of each partition that was tried; one that drew nothing is
    an empty frame and counts, one that was not tried is left out and does not.
    Columns: hotspot_id, holds_in and holds_of (whole numbers), holds_where (names in the order of
    `variants`, separated by "; ").

    A hotspot holds in a variant that drew a hotspot of the same category and at least the same class over it:
    a confirmed one needs a confirmed one; a reported one a reported or confirmed one; a distinctive one a
    distinctive or confirmed one. "Over it" means that the intersection is at least half of the smaller
    of the two: a territory is a hundred times a window, so measures that ask for equal size, such as
    intersection over union, would tell the grain of the partition and not the place. The price: a
    territory that is drawn holds every hotspot in it. A shape without area holds where it lies on the
    other. Raises ValueError for a missing, empty or invalid geometry, or an unknown class, naming the first.

    >>> here = pd.DataFrame({"hotspot_id": ["h1"], "category": "OSH", "hotspot_class": "reported",
    ...     "geometry": [shapely.box(0, 0, 10, 10)]})
    >>> wide = here.assign(geometry=[shapely.box(-90, -90, 90, 90)], hotspot_class="confirmed")
    >>> holds(here, {"territories": wide, "cells of 5": here.iloc[:0]}).values.tolist()
    [['h1', 1, 2, 'territories']]
    """
    shapes = _checked(hotspots, "hotspots")
    found = np.zeros((len(hotspots), len(variants)), dtype=bool)
    for number, (name, variant) in enumerate(variants.items()):
        found[:, number] = _holds_in(hotspots, shapes, variant, _checked(variant, name))
    names = np.array(list(variants), dtype=object)
    return pd.DataFrame(
        {
            "hotspot_id": hotspots["hotspot_id"].to_numpy(),
            "holds_in": found.sum(axis=1),
            "holds_of": len(variants),
            "holds_where": pd.array(["; ".join(names[row]) for row in found], dtype="string"),
        }
    )


def _holds_in(
    hotspots: pd.DataFrame, shapes: NDArray[Any], variant: pd.DataFrame, others: NDArray[Any]
) -> NDArray[np.bool_]:
    """Return for each hotspot whether the variant drew one like it over it."""
    here, there = shapely.STRtree(others).query(shapes, predicate="intersects")
    is_same = _values(hotspots, "category")[here] == _values(variant, "category")[there]
    here, there = here[is_same], there[is_same]
    classes = _values(hotspots, "hotspot_class")[here], _values(variant, "hotspot_class")[there]
    is_enough = np.array([other in HOLDS_AS[own] for own, other in zip(*classes, strict=True)], dtype=bool)
    here, there = here[is_enough], there[is_enough]
    smaller_m2 = np.minimum(shapely.area(shapes[here]), shapely.area(others[there]))
    shared_m2 = shapely.area(shapely.intersection(shapes[here], others[there]))
    # The tolerance takes up rounding of intersections; without area there is nothing to share but place.
    is_over = shared_m2 >= MIN_OVERLAP * smaller_m2 * (1 - 1e-9)
    result = np.zeros(len(shapes), dtype=bool)
    result[here[is_over]] = True
    return result


def _values(frame: pd.DataFrame, column: str) -> NDArray[np.object_]:
    return frame[column].to_numpy(object)


def _checked(frame: pd.DataFrame, name: str) -> NDArray[Any]:
    """Return the geometries of `frame` as an array, or refuse what cannot be laid over another."""
    unknown = ~frame["hotspot_class"].isin(list(HOLDS_AS))
    if unknown.any():
        raise ValueError(
            f"{name}: class {frame.loc[unknown, 'hotspot_class'].iloc[0]!r} is none of {', '.join(HOLDS_AS)}"
        )
    shapes: NDArray[Any] = np.asarray(frame["geometry"], dtype=object)
    is_good = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes) & shapely.is_valid(shapes)
    if not is_good.all():
        raise ValueError(
            f"{name}: the geometry of row {int(np.flatnonzero(~is_good)[0])} is missing, empty or crosses "
            "itself; repair it with shapely.make_valid or leave the row out"
        )
    return shapes
