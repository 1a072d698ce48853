"""What is planted: zones where a risk is higher for a time, and territories where it rises or falls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import h3
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from pipelines.training.ground import plane_km
from pipelines.training.kinds import CODES
from pipelines.training.sites import Sites

Floats = npt.NDArray[np.float64]

# Five years of quarters; the edition is as of the last day of the last one.
AS_OF: Final = date(2026, 9, 30)
QUARTER_STARTS: Final = tuple(date(2021 + (9 + 3 * k) // 12, (9 + 3 * k) % 12 + 1, 1) for k in range(20))
WINDOW_QUARTERS: Final = 8

ZONE_KM: Final = 15.0
# A zone holds neither next to nobody nor much of the belt.
_ZONE_SHARES: Final = (0.01, 0.08)
_CATEGORIES: Final = (
    "OSH",
    "SEC",
    "COM",
    "ENV",
    "CHL",
    "LGL",
    "TRC",
    "LAB",
    "COR",
    "VIO",
    "SGB",
    "FOR",
    "NSA",
)
_FACTORS: Final = (3.0, 4.0, 4.0, 5.0, 3.5)
# First and last quarter: through all five years, begun in the last two years, ended before them.
_TIMES: Final = ((0, 19), (0, 19), (13, 19), (0, 19), (2, 9))
_TREND_FACTORS: Final = (1.7, 0.55, 1.7, 0.55)
_TREND_CATEGORIES: Final = ("SEC", "OSH", "ENV", "COM")


@dataclass(frozen=True)
class Hotspot:
    """A zone of cells in which events of `category` are `factor` times as frequent, from–to (quarters)."""

    hotspot_id: str
    category: str
    factor: float
    first_quarter: int
    last_quarter: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Trend:
    """A territory in which the rate of `category` is multiplied by `yearly_factor` from year to year."""

    trend_id: str
    category: str
    yearly_factor: float
    territory_pcode: str


@dataclass(frozen=True)
class Plants:
    """All that is planted."""

    hotspots: tuple[Hotspot, ...]
    trends: tuple[Trend, ...]


def make_plants(rng: np.random.Generator, sites: Sites, size: float) -> Plants:
    """Return four to 24 hotspots, about eight at size 1, and up to four trends."""
    count = int(np.clip(round(8 * np.sqrt(size)), 4, 24))
    zones = _zones(rng, sites, count)
    hotspots = tuple(
        Hotspot(
            f"hot{k + 1:02d}",
            _CATEGORIES[k % len(_CATEGORIES)],
            _FACTORS[k % len(_FACTORS)],
            *_TIMES[k % len(_TIMES)],
            cells,
        )
        for k, cells in enumerate(zones)
    )
    return Plants(hotspots, _trends(sites, hotspots))


def factors(plants: Plants, sites: Sites) -> Floats:
    """Return by how much the rate of each site, category and quarter is multiplied, (S, 13, 20)."""
    found = np.ones((len(sites.frame), len(CODES), len(QUARTER_STARTS)))
    for hotspot in plants.hotspots:
        here = sites.frame["cell"].isin(hotspot.cells).to_numpy()
        quarters = slice(hotspot.first_quarter, hotspot.last_quarter + 1)
        found[here, CODES.index(hotspot.category), quarters] *= hotspot.factor
    years = (np.arange(len(QUARTER_STARTS)) - (len(QUARTER_STARTS) - 1) / 2) / 4
    for trend in plants.trends:
        here = (sites.frame["territory_pcode"] == trend.territory_pcode).to_numpy()
        found[here, CODES.index(trend.category)] *= trend.yearly_factor**years
    return found


def _trends(sites: Sites, hotspots: tuple[Hotspot, ...]) -> tuple[Trend, ...]:
    """Return a trend a category, each in the largest free territory that has no hotspot of that category."""
    workers = sites.frame.groupby("territory_pcode")["workers"].sum().sort_values(ascending=False)
    free = [str(territory) for territory in workers.index]
    trends: list[Trend] = []
    for category, factor in zip(_TREND_CATEGORIES, _TREND_FACTORS, strict=True):
        cells = {cell for one in hotspots if one.category == category for cell in one.cells}
        taken = set(sites.frame.loc[sites.frame["cell"].isin(cells), "territory_pcode"])
        chosen = next((territory for territory in free if territory not in taken), None)
        if chosen is not None:
            free.remove(chosen)
            trends.append(Trend(f"trend{len(trends) + 1}", category, factor, chosen))
    return tuple(trends)


def _zones(rng: np.random.Generator, sites: Sites, count: int) -> list[tuple[str, ...]]:
    """Return the cells with workers of `count` zones; each cell is in one zone at most, while there are any."""
    workers = pd.Series(sites.workers).groupby(sites.frame["cell"].to_numpy()).sum()
    workers = workers[workers > 0]
    middles = np.array([h3.cell_to_latlng(cell) for cell in workers.index])
    places = plane_km(middles[:, 1], middles[:, 0])
    members = cKDTree(places).query_ball_point(places, ZONE_KM, return_sorted=True)
    share = np.array([workers.iloc[m].sum() for m in members]) / workers.sum()
    fits = (share >= _ZONE_SHARES[0]) & (share <= _ZONE_SHARES[1])
    zones: list[tuple[str, ...]] = []
    used: set[int] = set()
    order = rng.permutation(len(workers))
    for k in [*order[fits[order]], *order[~fits[order]]]:
        if len(zones) < count and used.isdisjoint(members[k]):
            used.update(members[k])
            zones.append(tuple(sorted(workers.index[members[k]])))
    return zones
