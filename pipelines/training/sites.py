"""Artisanal sites as they truly are, and the villages around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import h3
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from pipelines.places.locating import Outlines, first_inside, nearest
from pipelines.training import names
from pipelines.training.columns import opaque_ids
from pipelines.training.ground import BOUNDS, SQUARES_PER_DEGREE, Ground, belt_lat, plane_km

Floats = npt.NDArray[np.float64]

RESOLUTION: Final = 6
# The 91 sites of IPIS (2019 and 2020) with workers: median 150, spread of the logarithm 1.52; the largest
# published count of one site is 11,000 (Kamilombe, 2022). Ten of their 101 counts are 0: idle.
MEDIAN_WORKERS: Final = 150.0
SPREAD_WORKERS: Final = 1.52
MOST_WORKERS: Final = 11_000
IDLE_SHARE: Final = 10 / 101
# Of 115 sites of the open edition with an exact position 107 lie on an industrial title, 3 in a zone.
TITLE_SHARE: Final = 107 / 115
ZONE_SHARE: Final = 3 / 115
# The open edition hardly ever names the kind; these shares are a choice of this generator.
KIND_SHARES: Final = {
    "shaft": 0.35,
    "open_pit": 0.29,
    "tunnel": 0.08,
    "washing": 0.08,
    "depot": 0.07,
    "mixed": 0.08,
    "unknown": 0.05,
}
SITES_PER_VILLAGE: Final = 5
SPOTS: Final = 6


@dataclass(frozen=True)
class Sites:
    """Sites, one row each, and villages.

    `spots`: names of places within each site, (S, 6).
    `frame`: site (s00001 …), name, kind, lon, lat, workers (0 where idle), cell (H3, resolution 6),
    territory, territory_pcode, province, province_pcode, town_km (distance to the nearest town), coop, firm.
    `villages`: place_id, name, lon, lat, territory, province; `village_of` is the nearest one of each site,
    `town_of` the nearest town.
    """

    frame: pd.DataFrame
    villages: pd.DataFrame
    village_of: npt.NDArray[np.intp]
    town_of: npt.NDArray[np.intp]
    spots: npt.NDArray[np.object_]

    @property
    def workers(self) -> Floats:
        """Workers of each site."""
        return self.frame["workers"].to_numpy(dtype=np.float64)


def make_sites(rng: np.random.Generator, ground: Ground, count: int) -> Sites:
    """Return `count` sites with workers, and beside them the idle ones."""
    idle = round(count * IDLE_SHARE / (1 - IDLE_SHARE))
    total = count + idle
    villages_count = max(12, total // SITES_PER_VILLAGE)
    called = names.toponyms(rng, (1 + SPOTS) * total + villages_count, ground.names)
    spots = np.array(called[total + villages_count :], dtype=object).reshape(total, SPOTS)
    lon, lat, title = _positions(rng, ground, total)
    workers = np.exp(rng.normal(np.log(MEDIAN_WORKERS), SPREAD_WORKERS, total))
    workers = np.clip(np.round(workers), 3, MOST_WORKERS)
    workers[rng.permutation(total)[:idle]] = 0
    frame = pd.DataFrame(
        {
            "site": opaque_ids("s", total),
            "name": called[:total],
            "kind": rng.choice(list(KIND_SHARES), total, p=list(KIND_SHARES.values())),
            "lon": lon,
            "lat": lat,
            "workers": workers.astype(np.int64),
            "cell": [h3.latlng_to_cell(y, x, RESOLUTION) for x, y in zip(lon, lat, strict=True)],
            "coop": _coops(rng, called, total),
            "firm": _firms(rng, ground, title),
        }
    )
    frame = located(frame, ground)
    villages = _villages(rng, ground, frame, called[total : total + villages_count])
    towns = cKDTree(plane_km(ground.towns["lon"], ground.towns["lat"]))
    frame["town_km"], town_of = towns.query(plane_km(lon, lat))
    frame["town_km"] = frame["town_km"].round(2)
    _, village_of = cKDTree(plane_km(villages["lon"], villages["lat"])).query(plane_km(lon, lat))
    return Sites(frame, villages, np.asarray(village_of), np.asarray(town_of), spots)


def located(rows: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Return `rows` with territory, territory_pcode, province, province_pcode of lon and lat.

    A position just outside every outline has the nearest.
    """
    areas = ground.territories
    shapes = areas["geometry"].to_numpy(dtype=object)
    outlines = Outlines(areas["territory_pcode"].to_numpy(dtype=object), shapes, areas)
    lon, lat = rows["lon"].to_numpy(dtype=np.float64), rows["lat"].to_numpy(dtype=np.float64)
    found = first_inside(lon, lat, outlines)
    outside = np.flatnonzero(found < 0)
    if len(outside):
        found[outside] = nearest(lon[outside], lat[outside], outlines)[0]
    here = areas.iloc[found]
    province = here["province_pcode"].map(ground.provinces.set_index("province_pcode")["name"])
    return rows.assign(
        territory=here["name"].to_numpy(),
        territory_pcode=here["territory_pcode"].to_numpy(),
        province=province.to_numpy(),
        province_pcode=here["province_pcode"].to_numpy(),
    )


def _positions(
    rng: np.random.Generator, ground: Ground, count: int
) -> tuple[Floats, Floats, npt.NDArray[np.intp]]:
    """Return lon, lat and the title (index of the concession, −1 for none) of each site."""
    permits = ground.concessions["permit_type"].to_numpy()
    size = ground.concessions["squares"].to_numpy(dtype=np.float64)
    # Few titles hold many sites: a drawn draw beside the size.
    weight = np.sqrt(size) * rng.lognormal(0, 1.0, len(size))
    title = np.full(count, -1, dtype=np.intp)
    share = rng.random(count)
    for is_meant, wanted in (
        (permits != "ZEA", share < TITLE_SHARE),
        (permits == "ZEA", (share >= TITLE_SHARE) & (share < TITLE_SHARE + ZONE_SHARE)),
    ):
        chance = np.where(is_meant, weight, 0)
        title[wanted] = rng.choice(len(size), int(wanted.sum()), p=chance / chance.sum())
    spot = np.empty((count, 2))
    for k, which in enumerate(title):
        spot[k] = _outside(rng, ground) if which < 0 else _within(rng, ground.squares_of[which])
    spot = np.round(spot, 5)
    return spot[:, 0], spot[:, 1], title


def _within(rng: np.random.Generator, corners: Floats) -> Floats:
    """Return a position in one of the squares, a little off its edges."""
    inside = rng.uniform(0.02, 0.98, 2) / SQUARES_PER_DEGREE
    return np.asarray(corners[int(rng.integers(len(corners)))] + inside)


def _outside(rng: np.random.Generator, ground: Ground) -> Floats:
    shapes = ground.concessions["geometry"].to_numpy(dtype=object)
    while True:
        lon = rng.uniform(BOUNDS[0] + 0.4, BOUNDS[2] - 0.4)
        lat = float(belt_lat(lon)) + rng.normal(0, 0.15)
        if not shapely.intersects_xy(shapes, lon, lat).any():
            return np.array([lon, lat])


def _coops(rng: np.random.Generator, called: list[str], total: int) -> list[str]:
    """Return the cooperative of each site: one for every four."""
    coops = names.cooperatives(called[: max(4, total // 4)])
    return [coops[k] for k in rng.integers(len(coops), size=total)]


def _firms(rng: np.random.Generator, ground: Ground, title: npt.NDArray[np.intp]) -> list[str]:
    """Return the company told of in each site's events: the holder of its title, else one around."""
    holders = ground.concessions["holder"].tolist()
    known = sorted({holder for holder in holders if isinstance(holder, str)})
    chance = rng.integers(len(known), size=len(title))
    return [
        str(holders[k]) if k >= 0 and isinstance(holders[k], str) else known[c]
        for k, c in zip(title, chance, strict=True)
    ]


def _villages(
    rng: np.random.Generator, ground: Ground, sites: pd.DataFrame, called: list[str]
) -> pd.DataFrame:
    """Return villages, each one to three kilometres from some site."""
    near = rng.integers(len(sites), size=len(called))
    turn, away_km = rng.uniform(0, 2 * np.pi, len(called)), rng.uniform(1.0, 3.0, len(called))
    villages = pd.DataFrame(
        {
            "place_id": opaque_ids("plc-v", len(called)),
            "name": called,
            "lon": np.round(sites["lon"].to_numpy()[near] + away_km * np.cos(turn) / 86.4, 5),
            "lat": np.round(sites["lat"].to_numpy()[near] + away_km * np.sin(turn) / 111.0, 5),
        }
    )
    return located(villages, ground)
