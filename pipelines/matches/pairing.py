"""Which site records are worth comparing: near enough and alike in name, found without comparing all.

Positions are indexed by a tree for each pair of precisions, so that only neighbours meet; of those,
only the ones with like sounds are measured. Records without a position meet the others by sound alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from rapidfuzz import fuzz, process

from pipelines.matches.site_names import LIKE, VERY_LIKE, Likeness, Spelling, compare, spellings
from pipelines.places.locating import DEGREES, METRES
from risk.vocabulary import PLACE_PRECISIONS

# Publishers put one place up to ten kilometres apart; beyond what the precisions promise, only very
# like names are worth a look.
SLACK_M: Final = 10_000
# A stand-in is a neighbour or an enclosing place: no better than a locality, whatever is said of it.
STAND_IN_M: Final = 5_000
_CHUNK: Final = 500

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Sighting:
    """What one record says of a place: its spellings and, where it has one, its position in metres."""

    record_id: str
    publisher: str
    spellings: tuple[Spelling, ...]
    x_m: float
    y_m: float
    radius_m: int | None
    is_stand_in: bool
    province: str
    territory: str

    @property
    def has_position(self) -> bool:
        """Whether there is a position that can be measured from."""
        return self.radius_m is not None


@dataclass(frozen=True)
class Pair:
    """Two records (`a` before `b`) that came close; distances are None where a position is missing."""

    a: str
    b: str
    likeness: Likeness
    distance_m: float | None
    limit_m: float | None

    @property
    def is_within_precision(self) -> bool:
        """Whether they lie as near as their precisions promise of one place."""
        return self.distance_m is not None and self.limit_m is not None and self.distance_m <= self.limit_m


def sightings(records: pd.DataFrame) -> dict[str, Sighting]:
    """Return what each record of contract `SiteRecords` says of its place, by record_id."""
    places = gpd.GeoSeries(
        gpd.points_from_xy(records["lon"].astype("float64"), records["lat"].astype("float64")), crs=DEGREES
    ).to_crs(METRES)
    xs, ys = shapely.get_x(places.to_numpy()), shapely.get_y(places.to_numpy())
    found = {}
    for row, x_m, y_m in zip(records.itertuples(index=False), xs, ys, strict=True):
        radius_m = PLACE_PRECISIONS[str(row.place_precision)].radius_m
        is_stand_in = bool(row.position_is_proxy)
        if radius_m is not None and is_stand_in:
            radius_m = max(radius_m, STAND_IN_M)
        found[str(row.record_id)] = Sighting(
            record_id=str(row.record_id),
            publisher=str(row.publisher),
            spellings=spellings(str(row.name), _text(row.aliases)),
            x_m=float(x_m),
            y_m=float(y_m),
            radius_m=radius_m if np.isfinite(x_m) and np.isfinite(y_m) else None,
            is_stand_in=is_stand_in,
            province=_plain(row.province_reported),
            territory=_plain(row.territory_reported),
        )
    return found


def measure(first: Sighting, second: Sighting) -> Pair:
    """Return the likeness and the distance (whole metres) of two records, whatever they are."""
    a, b = sorted((first, second), key=lambda seen: seen.record_id)
    likeness = compare(a.spellings, b.spellings)
    if a.radius_m is None or b.radius_m is None:
        return Pair(a.record_id, b.record_id, likeness, None, None)
    distance_m = float(round(np.hypot(a.x_m - b.x_m, a.y_m - b.y_m)))
    return Pair(a.record_id, b.record_id, likeness, distance_m, float(a.radius_m + b.radius_m))


def near_pairs(seen: dict[str, Sighting]) -> list[Pair]:
    """Return every pair of records that came close, each once.

    Names are alike from a score of 80, and from 90 where the records lie farther apart than their
    precisions promise, by up to 10 km. Without a position, territory (else province) must not differ.
    """
    everyone = list(seen.values())
    placed = [one for one in everyone if one.has_position]
    unplaced = [one for one in everyone if not one.has_position]
    found = {}
    for first, second in (*_near_and_like(placed), *_like_unplaced(unplaced, everyone)):
        pair = measure(first, second)
        needed = LIKE if pair.distance_m is None or pair.is_within_precision else VERY_LIKE
        if pair.likeness.score >= needed:
            found[pair.a, pair.b] = pair
    return list(found.values())


def _near_and_like(placed: list[Sighting]) -> Iterator[tuple[Sighting, Sighting]]:
    by_radius: dict[int, list[Sighting]] = {}
    for one in placed:
        by_radius.setdefault(one.radius_m or 0, []).append(one)
    for radius_m, group in sorted(by_radius.items()):
        tree = shapely.STRtree(_points(group))
        for other_m, others in sorted(by_radius.items()):
            if other_m < radius_m:
                continue
            reach_m = radius_m + other_m + SLACK_M
            for start in range(0, len(others), _CHUNK):
                chunk = others[start : start + _CHUNK]
                left, right = tree.query(_points(chunk), predicate="dwithin", distance=reach_m)
                yield from _like(chunk, group, left, right)


def _like(
    first: list[Sighting], second: list[Sighting], left: Indices, right: Indices
) -> Iterator[tuple[Sighting, Sighting]]:
    """Yield the pairs (first[left], second[right]) of which any two spellings sound alike."""
    sounds_a, start_a, count_a = _sounds(first)
    sounds_b, start_b, count_b = _sounds(second)
    sizes = count_a[left] * count_b[right]
    pair = np.repeat(np.arange(len(left)), sizes)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    width = count_b[right][pair]
    a = sounds_a[start_a[left][pair] + step // width]
    b = sounds_b[start_b[right][pair] + step % width]
    scores = process.cpdist(a.tolist(), b.tolist(), scorer=fuzz.ratio, score_cutoff=LIKE)
    for hit in np.unique(pair[scores >= LIKE]):
        one, other = first[left[hit]], second[right[hit]]
        if one.record_id != other.record_id:
            yield one, other


def _like_unplaced(unplaced: list[Sighting], everyone: list[Sighting]) -> Iterator[tuple[Sighting, Sighting]]:
    sounds, _, count = _sounds(everyone)
    owner = np.repeat(np.arange(len(everyone)), count)
    for one in unplaced:
        mine = [spelling.sound for spelling in one.spellings]
        scores = process.cdist(mine, sounds.tolist(), scorer=fuzz.ratio, score_cutoff=LIKE)
        for hit in np.unique(owner[(scores >= LIKE).any(axis=0)]):
            other = everyone[hit]
            if other.record_id != one.record_id and _may_be_near(one, other):
                yield one, other


def _may_be_near(one: Sighting, other: Sighting) -> bool:
    if one.territory and other.territory:
        return one.territory == other.territory
    return not (one.province and other.province) or one.province == other.province


def _sounds(seen: list[Sighting]) -> tuple[npt.NDArray[np.object_], Indices, Indices]:
    """Return all sounds in one array, and where those of each record start and how many they are."""
    count = np.array([len(one.spellings) for one in seen], dtype=np.intp)
    sounds = np.array([spelling.sound for one in seen for spelling in one.spellings], dtype=object)
    return sounds, np.cumsum(count) - count, count


def _points(seen: list[Sighting]) -> npt.NDArray[np.object_]:
    return np.asarray(shapely.points([one.x_m for one in seen], [one.y_m for one in seen]), dtype=object)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _plain(value: Any) -> str:
    """Return an area's name without accents, case and the word that it is a city; '' where missing."""
    text = unicodedata.normalize("NFKD", _text(value)).encode("ascii", "ignore").decode().lower()
    return text.replace("(ville)", "").strip()
