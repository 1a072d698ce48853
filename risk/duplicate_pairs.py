"""Pairs of reports near enough in theme, place and time to be one event.

Blocks of one theme and one week keep the work in proportion to the reports; within a block a k-d tree
finds neighbours. Each pair comes out once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.spatial import cKDTree

from risk.method import METHOD
from risk.vocabulary import CATEGORIES, EXACT_PRECISIONS, PLACE_PRECISIONS

POINT, TERRITORY, NOWHERE = range(3)
# What is read of the reports.
SETTING: Final = (
    *("lon", "lat", "place_precision", "radius_m", "territory_pcode", "place_name", "site_id"),
    *("date_start", "date_end", "categories"),
)
_EARTH_KM: Final = 6371.0088
_NEAR_KM: Final = METHOD.same_event_m / 1000
_DAYS: Final = METHOD.same_event_days
# Wider intervals than a year say nothing of the time.
_LONGEST_DAYS: Final = 366
_WIDTHS_KM: Final = np.array([0.0, 5.0, 25.0, 50.0, 100.0, 200.0])
# Possible pairs looked at together: few enough for their arrays to stay near the processor.
_AT_ONCE: Final = 400_000
_MOST_SHARING: Final = 1_000


@dataclass(frozen=True)
class Setting:
    """Where, when and on what each of n reports is.

    `xyz_km` (n × 3) lies on the sphere; `allowance_km` is what the precision of a place allows; `place` is
    POINT, TERRITORY (the point means nothing) or NOWHERE. Days count from 1970; `themes` are bits;
    `territory`, `site`, `name` are codes of equal values, −1 where missing.
    """

    xyz_km: np.ndarray
    allowance_km: np.ndarray
    place: np.ndarray
    start: np.ndarray
    end: np.ndarray
    themes: np.ndarray
    territory: np.ndarray
    site: np.ndarray
    name: np.ndarray

    def distance_km(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Return distances of pairs in kilometres, missing where a point means nothing."""
        apart = self.xyz_km[i] - self.xyz_km[j]
        metres = np.sqrt(np.einsum("ij,ij->i", apart, apart))
        return np.where((self.place[i] == POINT) & (self.place[j] == POINT), metres, np.nan)

    def days_apart(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Return days between the intervals of pairs, 0 where they meet."""
        return np.asarray(
            np.maximum(np.maximum(self.start[i], self.start[j]) - np.minimum(self.end[i], self.end[j]), 0)
        )

    def is_near(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """Return whether pairs lie within the distance of one event, less what their precision allows.

        A report known to a territory only is near all of that territory; one known to nothing
        better than a province is neither near nor far.
        """
        allowance = self.allowance_km[i] + self.allowance_km[j]
        is_same_territory = (self.territory[i] == self.territory[j]) & (self.territory[i] >= 0)
        vaguest = np.maximum(self.place[i], self.place[j])
        is_close = self.distance_km(i, j) - allowance <= _NEAR_KM
        return np.asarray(np.where(vaguest == POINT, is_close, (vaguest == NOWHERE) | is_same_territory))


@dataclass(frozen=True)
class Block:
    """Reports (row numbers) of one theme that may have happened in one week, counted from 1970."""

    members: np.ndarray
    theme: int
    week: int


def setting(reports: pd.DataFrame) -> Setting:
    """Return where, when and on what `reports` (as `risk.duplicates.find_events` takes them) are."""
    lon, lat = (np.radians(reports[name].astype(float).to_numpy()) for name in ("lon", "lat"))
    precision = reports["place_precision"].astype("string").fillna("none")
    place = precision.map({"territory": TERRITORY, "province": NOWHERE, "none": NOWHERE}).fillna(POINT)
    has_territory = reports["territory_pcode"].notna().to_numpy()
    is_placed = ~(np.isnan(lon) | np.isnan(lat))
    kind = np.where(is_placed, place.to_numpy(dtype=int), np.maximum(place.to_numpy(dtype=int), TERRITORY))
    xyz = _EARTH_KM * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    radius = {code: one.radius_m or 0 for code, one in PLACE_PRECISIONS.items()}
    metres = reports["radius_m"].astype(float).fillna(precision.map(radius)).fillna(0).to_numpy()
    return Setting(
        np.where(is_placed[:, None], xyz, 0.0),
        np.where(precision.isin(EXACT_PRECISIONS), 0.0, metres / 1000),
        np.where((kind == TERRITORY) & ~has_territory, NOWHERE, kind),
        _days(reports["date_start"]),
        _days(reports["date_end"]),
        _themes(reports["categories"]),
        *(_codes(reports[name]) for name in ("territory_pcode", "site_id", "place_name")),
    )


def _days(dates: pd.Series) -> np.ndarray:
    return pd.to_datetime(dates).to_numpy().astype("datetime64[D]").astype(np.int32)


def _codes(values: pd.Series) -> np.ndarray:
    return np.asarray(pd.factorize(values.astype("string").str.casefold(), sort=True)[0], dtype=np.int32)


def _themes(categories: pd.Series) -> np.ndarray:
    bit = {code: 1 << i for i, code in enumerate(CATEGORIES)}
    codes, different = pd.factorize(categories.astype("string").fillna(""))
    sets = [sum(bit.get(code.strip(), 0) for code in {*str(text).split(";")}) for text in different]
    return np.array(sets, dtype=np.int32)[codes] if len(sets) else np.empty(0, np.int32)


def stretches(at: Setting) -> Iterator[list[Block]]:
    """Return blocks of reports of one theme and about one week, several together where they are small.

    An interval lies in all weeks that it may share with another.
    """
    waiting: list[Block] = []
    size = 0
    for block in _blocks(at):
        waiting.append(block)
        size += len(block.members) ** 2 // 2
        if size > _AT_ONCE:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


def neighbours(at: Setting, stretch: list[Block]) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs (i, j) of some blocks that share a theme and are near in place and time.

    Over all `stretches` each pair comes once, in no set order. A report without a territory or a point is
    paired with others of its kind only: see `placeless`.
    """
    found = [(pairs, is_sure, block) for block in stretch for pairs, is_sure in _near_in_block(at, block)]
    if not found:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    i, j = np.concatenate([pairs for pairs, _, _ in found]).T
    counts = [len(pairs) for pairs, _, _ in found]
    theme = np.repeat(np.array([1 << block.theme for _, _, block in found], np.int32), counts)
    week = np.repeat(np.array([block.week for _, _, block in found], np.int32), counts)
    shared = at.themes[i] & at.themes[j]
    # Of all themes and weeks that a pair shares it counts in the first.
    is_first = (shared & -shared == theme) & (np.maximum(at.start[i], at.start[j]) // _DAYS == week)
    rows = np.flatnonzero(is_first & (at.days_apart(i, j) <= _DAYS))
    i, j = i[rows], j[rows]
    is_near = np.repeat(np.array([is_sure for _, is_sure, _ in found]), counts)[rows]
    open_ = np.flatnonzero(~is_near)
    is_near[open_] = at.is_near(i[open_], j[open_])
    return i[is_near], j[is_near]


def _blocks(at: Setting) -> Iterator[Block]:
    first, last = at.start // _DAYS, (at.end + _DAYS) // _DAYS
    usable = at.end - at.start <= _LONGEST_DAYS
    for theme in range(len(CATEGORIES)):
        chosen = np.flatnonzero(usable & (at.themes >> theme & 1 == 1))
        spans = last[chosen] - first[chosen] + 1
        report = np.repeat(chosen, spans)
        week = first[report] + np.arange(len(report)) - np.repeat(np.cumsum(spans) - spans, spans)
        order = np.argsort(week, kind="stable")
        report, week = report[order], week[order]
        cuts = np.flatnonzero(np.diff(week)) + 1
        for members in np.split(np.arange(len(report)), cuts):
            if len(members) > 1:
                yield Block(report[members], theme, int(week[members[0]]))


def _near_in_block(at: Setting, block: Block) -> Iterator[tuple[np.ndarray, bool]]:
    """Return pairs of a block, by width of their places and by territory, and whether all are surely near."""
    members = block.members
    is_point = at.place[members] == POINT
    width = np.searchsorted(_WIDTHS_KM, at.allowance_km[members])
    trees = {
        int(one): (chosen := members[is_point & (width == one)], cKDTree(at.xyz_km[chosen]))
        for one in np.unique(width[is_point])
    }
    for a, b in combinations_with_replacement(sorted(trees), 2):
        reach = _NEAR_KM + _WIDTHS_KM[min(a, 5)] + _WIDTHS_KM[min(b, 5)]
        if a == b:
            yield trees[a][0][trees[a][1].query_pairs(reach, output_type="ndarray")], a == 0
            continue
        found = trees[a][1].sparse_distance_matrix(trees[b][1], reach, output_type="ndarray")
        yield np.column_stack([trees[a][0][found["i"]], trees[b][0][found["j"]]]), False
    if not is_point.all():
        for pairs in _near_by_territory(at, members[at.place[members] == TERRITORY], members):
            yield pairs, False
        lost = members[at.place[members] == NOWHERE]
        yield lost[np.column_stack(np.triu_indices(len(lost), k=1))], False


def _near_by_territory(at: Setting, vague: np.ndarray, members: np.ndarray) -> Iterator[np.ndarray]:
    for territory in np.unique(at.territory[vague]):
        mine = vague[at.territory[vague] == territory]
        there = members[(at.territory[members] == territory) & (at.place[members] != NOWHERE)]
        a, b = (side.ravel() for side in np.meshgrid(mine, there, indexing="ij"))
        # A pair of two vague ones would come from both sides.
        kept = (at.place[b] == POINT) | (a < b)
        yield np.column_stack([a[kept], b[kept]])


def placeless(at: Setting, things: sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of a report without a place and one with, that share a thing (n × things), a theme and the time.

    Such a pair can only be known by what is the same wherever it was placed: an address, its very words.
    What more than `_MOST_SHARING` reports share tells nothing.
    """
    lost, placed = np.flatnonzero(at.place == NOWHERE), np.flatnonzero(at.place != NOWHERE)
    of_lost = np.unique(things[lost].indices)
    telling = things[:, of_lost]
    telling = telling[:, np.flatnonzero(telling.sum(axis=0) <= _MOST_SHARING)]
    common = sparse.coo_array(telling[lost] @ telling[placed].T)
    i, j = lost[common.coords[0]], placed[common.coords[1]]
    fits = (at.themes[i] & at.themes[j] != 0) & (at.days_apart(i, j) <= _DAYS)
    return i[fits], j[fits]
