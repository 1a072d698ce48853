"""Promises that no single column can make: positions, order of dates, order of figures, one row a key.

Each rule looks at a shaped frame and names the rows that break it, the columns concerned, and why in
words that go on after "lon, lat is '-10.7, 25.4', …".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from warehouse.columns import DRC_BOUNDS, Bounds

Mask = npt.NDArray[np.bool_]
_SWAPPED: Final = "are longitude and latitude swapped?"
_OUTSIDE: Final = "correct the position"
# A place known by the name of its area alone is drawn as that area and needs no point.
_NEEDS_NO_POINT: Final = ("none", "territory", "province")
_RANGES: Final = (
    ("killed_low", "killed_best"),
    ("killed_best", "killed_high"),
    ("killed_low", "killed_high"),
    ("workers_low", "workers_best"),
    ("workers_best", "workers_high"),
    ("workers_low", "workers_high"),
)
# An assessment has one finding on a criterion.
_ONCE: Final = ("assessment_id", "criterion_id")
_DAYS: Final = (
    ("date_start", "date_end"),
    ("assessed_on", "expires_on"),
    ("assessed_on", "next_due_on"),
    ("started_on", "resolved_on"),
    ("extended_on", "due_on"),
    ("alleged_start", "alleged_end"),
    ("alleged_start", "received_on"),
)


@dataclass(frozen=True)
class Broken:
    """Rows (a mask over the frame) that break one rule, the columns concerned, and why."""

    rows: Mask
    columns: tuple[str, ...]
    reason: str


def broken_rules(frame: pd.DataFrame, bounds: Bounds | None) -> Iterator[Broken]:
    """Yield what is broken across the columns of `frame`; rules whose columns it lacks are silent.

    Positions and outlines are held to `bounds` (west, south, east, north in degrees), unless it is None.
    """
    yield from _positions(frame)
    if bounds is not None:
        yield from _bounds(frame, bounds)
    yield from _order_of_days(frame)
    for low, high in _RANGES:
        if {low, high} <= set(frame.columns):
            yield Broken(
                _true(frame[low] > frame[high]), (low, high), f"the wrong way round: {low} is above {high}"
            )
    if {"record_a", "record_b"} <= set(frame.columns):
        same = _true(frame["record_a"] == frame["record_b"])
        yield Broken(same, ("record_a", "record_b"), "a record set against itself; name two records")
    if set(_ONCE) <= set(frame.columns):
        known = frame[list(_ONCE)].notna().all(axis=1)
        again = _true(known & frame.duplicated(list(_ONCE)))
        yield Broken(again, _ONCE, "a second finding on one criterion of one assessment; keep one of them")


def _true(answers: pd.Series) -> Mask:
    return np.asarray(answers.fillna(False), dtype=bool)


def _positions(frame: pd.DataFrame) -> Iterator[Broken]:
    if not {"lon", "lat"} <= set(frame.columns):
        return
    lon, lat = np.asarray(frame["lon"].notna()), np.asarray(frame["lat"].notna())
    yield Broken(lon & ~lat, ("lon", "lat"), "a longitude without its latitude; give both or neither")
    yield Broken(lat & ~lon, ("lon", "lat"), "a latitude without its longitude; give both or neither")
    if "place_precision" not in frame.columns:
        return
    precision = frame["place_precision"].astype(object)
    has_none, needs_none = precision == "none", precision.isin(_NEEDS_NO_POINT) | precision.isna()
    concerned = ("place_precision", "lon", "lat")
    reason = (
        "a position whose precision is 'none'; say how well the place is known, or leave the position out"
    )
    yield Broken(np.asarray(has_none) & lon & lat, concerned, reason)
    reason = "a precision without a position; write 'none', or give longitude and latitude"
    yield Broken(~np.asarray(needs_none) & ~lon & ~lat, concerned, reason)


def _inside(
    bounds: Bounds, west: npt.NDArray, south: npt.NDArray, east: npt.NDArray, north: npt.NDArray
) -> Mask:
    left, bottom, right, top = bounds
    return np.asarray((west >= left) & (south >= bottom) & (east <= right) & (north <= top))


def _bounds(frame: pd.DataFrame, bounds: Bounds) -> Iterator[Broken]:
    area = "the DRC" if bounds == DRC_BOUNDS else "the area of this edition"
    if {"lon", "lat"} <= set(frame.columns):
        lon = frame["lon"].to_numpy(dtype=float, na_value=np.nan)
        lat = frame["lat"].to_numpy(dtype=float, na_value=np.nan)
        known = ~np.isnan(lon) & ~np.isnan(lat)
        outside, would_fit = known & ~_inside(bounds, lon, lat, lon, lat), _inside(bounds, lat, lon, lat, lon)
        yield from _outside(outside, would_fit, ("lon", "lat"), area)
    if "geometry" in frame.columns:
        shapes = shapely.from_wkb(frame["geometry"].to_numpy(dtype=object), on_invalid="ignore")
        west, south, east, north = shapely.bounds(shapes).reshape(-1, 4).T
        outside = ~np.isnan(west) & ~_inside(bounds, west, south, east, north)
        yield from _outside(outside, _inside(bounds, south, west, north, east), ("geometry",), area)


def _outside(outside: Mask, would_fit: Mask, columns: tuple[str, ...], area: str) -> Iterator[Broken]:
    yield Broken(outside & would_fit, columns, f"outside {area}; {_SWAPPED}")
    yield Broken(outside & ~would_fit, columns, f"outside {area}; {_OUTSIDE}")


def _order_of_days(frame: pd.DataFrame) -> Iterator[Broken]:
    for first, last in _DAYS:
        if {first, last} <= set(frame.columns):
            early = _true(frame[last] < frame[first])
            yield Broken(early, (last, first), f"the wrong way round: {last} is before {first}")


def repeats(
    frame: pd.DataFrame, key: tuple[str, ...], lines: npt.NDArray[np.int64]
) -> tuple[Mask, pd.Series]:
    """Return which rows repeat the key of an earlier row, and for each row the line of that first one.

    A pair of records is the same pair the other way round.
    """
    keys = frame.loc[:, list(key)].astype(object)
    if key == ("record_a", "record_b"):
        keys = pd.DataFrame(
            np.sort(keys.astype(str).to_numpy(), axis=1), columns=list(key), index=frame.index
        )
    again = keys.duplicated(keep="first").to_numpy()
    number = keys.groupby(list(key), sort=False, dropna=False).ngroup()
    first = pd.Series(lines, index=frame.index).groupby(number).transform("first")
    return again, first
