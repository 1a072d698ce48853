"""Where each event is tested: its unit, or units drawn from the area that its report names.

An imprecise report set on a town or a centroid makes a hotspot there. Here it goes to the units of its
area by chance, as often as people work there, several times over; what holds in most draws is shown.
Source: multiple imputation (Rubin, 1987), with exposure as the weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.spatial import cKDTree

from risk.method import METHOD, Method
from risk.tails import Numbers

NO_PLACE: Final = "no_place"
NO_EXPOSED_UNIT: Final = "no_exposed_unit"


@dataclass(frozen=True)
class Ground:
    """Units with exposure, in the order of their ids: ids, positions in metres, workers."""

    unit_ids: npt.NDArray[Any]
    x_m: Numbers
    y_m: Numbers
    exposure: Numbers


@dataclass(frozen=True)
class Placement:
    """Events that can be tested, in the order of their ids, and where each imputation puts them.

    `events` (n rows, as given) and `places` (n × k, the unit's number on the ground) go together; k is 1
    where every event is exact, since all imputations would be alike. `untested` holds event_id and reason:
    `no_place` (neither unit nor area) or `no_exposed_unit` (no unit of the area has exposure).
    """

    events: pd.DataFrame
    places: npt.NDArray[np.int32]
    untested: pd.DataFrame
    size: int

    def counts(self, chosen: npt.NDArray[np.bool_]) -> Numbers:
        """Return how many of the chosen events (n,) lie in each unit, (units × k)."""
        k = self.places.shape[1]
        cells = self.places[chosen].astype(np.int64) * k + np.arange(k)
        found = np.bincount(cells.ravel(), minlength=self.size * k)
        return found.reshape(self.size, k).astype(np.float64)

    def shares(self) -> sparse.csr_array:
        """Return the share of the imputations in which each event lies in each unit, (units × n)."""
        n, k = self.places.shape
        events = np.repeat(np.arange(n), k)
        parts = sparse.coo_array((np.full(n * k, 1 / k), (self.places.ravel(), events)), shape=(self.size, n))
        return sparse.csr_array(parts)


def ground_of(units: pd.DataFrame) -> Ground:
    """Return the units of `units` (unit_id, x_m, y_m, exposure) in the order of their ids.

    Raises ValueError where an exposure is missing, infinite or not above 0, or an id stands twice.
    """
    exposure = units["exposure"].astype(float)
    is_bad = ~(np.isfinite(exposure) & (exposure > 0))
    if is_bad.any():
        raise ValueError(
            f"unit {units['unit_id'][is_bad].iloc[0]!r} has no exposure above 0, or an infinite one: leave out such units "
            f"({int(is_bad.sum())} here); their events are counted, not tested"
        )
    _refuse_twice(units["unit_id"], "unit")
    units = units.sort_values("unit_id")
    columns = (units[name].to_numpy(dtype=np.float64) for name in ("x_m", "y_m", "exposure"))
    return Ground(units["unit_id"].to_numpy(dtype=object), *columns)


def place_events(
    ground: Ground, events: pd.DataFrame, members: pd.DataFrame, *, imputations: int, seed: int = 0
) -> Placement:
    """Return where each event lies in each imputation.

    `events` has event_id, unit_id (exact) and area_id; the unit counts where both are given. `members`
    has area_id and unit_id; members without exposure are passed over. An imprecise event goes to unit j
    of its area with probability e_j / Σe over the area. All themes of an event share its draws. The same
    `seed` gives the same places, whatever the order of the rows. Raises ValueError where an event stands
    twice or names a unit that is not on the ground.
    """
    _refuse_twice(events["event_id"], "event")
    events = events.sort_values("event_id", ignore_index=True)
    index = pd.Index(ground.unit_ids)
    unit = index.get_indexer(pd.Index(events["unit_id"]))
    is_exact = events["unit_id"].notna().to_numpy(dtype=bool)
    if (is_exact & (unit < 0)).any():
        unknown = events.loc[is_exact & (unit < 0), "unit_id"].iloc[0]
        raise ValueError(
            f"an event lies in unit {unknown!r}, which has no exposure: move it to the nearest unit that has "
            "some, or leave unit_id missing"
        )
    areas = _Areas.of(index, ground.exposure, members)
    area = areas.ids.get_indexer(pd.Index(events["area_id"])) if len(areas.ids) else np.full(len(events), -1)
    area = np.where(events["area_id"].notna() & ~is_exact, area, -1)
    is_vague = area >= 0
    is_tested = is_exact | is_vague
    columns = imputations if is_vague.any() else 1
    places = np.repeat(unit.astype(np.int32)[:, None], columns, axis=1)
    rng = np.random.default_rng([seed, 1])
    places[is_vague] = areas.draw(area[is_vague], columns, rng)
    reason = np.where(events["area_id"].notna(), NO_EXPOSED_UNIT, NO_PLACE)
    untested = pd.DataFrame({"event_id": events["event_id"], "reason": reason})[~is_tested]
    return Placement(
        events=events[is_tested].reset_index(drop=True),
        places=places[is_tested],
        untested=untested.reset_index(drop=True),
        size=len(ground.unit_ids),
    )


def nearest_exposed(
    x_m: npt.ArrayLike, y_m: npt.ArrayLike, units: pd.DataFrame, *, method: Method = METHOD
) -> pd.DataFrame:
    """Return unit_id and distance_m of the nearest exposed unit of each position, in the order given.

    Missing where none lies within `method.nearest_exposed_m`, or the position is missing. For exact events
    in a unit where no workers are known.
    """
    ground = ground_of(units)
    places = np.column_stack([np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)])
    is_known = np.isfinite(places).all(axis=1)
    distance_m = np.full(len(places), np.inf)
    nearest = np.zeros(len(places), dtype=np.intp)
    if ground.unit_ids.size and is_known.any():
        tree = cKDTree(np.column_stack([ground.x_m, ground.y_m]))
        distance_m[is_known], nearest[is_known] = tree.query(places[is_known])
    is_near = distance_m <= method.nearest_exposed_m
    ids = np.full(len(places), None, dtype=object)
    ids[is_near] = ground.unit_ids[nearest[is_near]]
    return pd.DataFrame({"unit_id": ids, "distance_m": np.where(is_near, distance_m, np.nan)})


@dataclass(frozen=True)
class _Areas:
    """Members of all areas end to end: each area's share of exposure adds up from its number to the next."""

    ids: pd.Index
    units: npt.NDArray[np.int32]
    ends: npt.NDArray[Any]
    ladder: Numbers

    @classmethod
    def of(cls, index: pd.Index, exposure: Numbers, members: pd.DataFrame) -> _Areas:
        unit = index.get_indexer(pd.Index(members["unit_id"]))
        is_exposed = (unit >= 0) & members["area_id"].notna().to_numpy(dtype=bool)
        codes, ids = pd.factorize(members["area_id"].to_numpy(dtype=object)[is_exposed], sort=True)
        pairs = pd.DataFrame({"area": codes, "unit": unit[is_exposed]}).drop_duplicates()
        pairs = pairs.sort_values(["area", "unit"])
        share = pd.Series(exposure[pairs["unit"]], index=pairs["area"])
        by_area = share.groupby(level=0)
        ladder = share.index.to_numpy() + (by_area.cumsum() / by_area.transform("sum")).to_numpy()
        ends = by_area.size().cumsum().to_numpy(dtype=np.intp)
        return cls(pd.Index(ids), pairs["unit"].to_numpy(dtype=np.int32), ends, ladder)

    def draw(self, area: npt.NDArray[Any], columns: int, rng: np.random.Generator) -> npt.NDArray[np.int32]:
        """Return a unit for each event (its area's number) and imputation, (events × columns)."""
        if area.size == 0:
            return np.empty((0, columns), dtype=np.int32)
        rung = np.searchsorted(self.ladder, area[:, None] + rng.random((area.size, columns)), side="right")
        # A ladder that ends a rounding short of the next area's number must not lead into that area.
        return np.asarray(self.units[np.minimum(rung, self.ends[area][:, None] - 1)], dtype=np.int32)


def _refuse_twice(ids: pd.Series, what: str) -> None:
    if ids.isna().any():
        raise ValueError(f"no id is given for a row of the {what}s: give each its own")
    if ids.duplicated().any():
        raise ValueError(f"{what} {ids[ids.duplicated()].iloc[0]!r} stands twice: merge the rows first")
