"""Maps made by chance, for the hotspot test: where work goes on, and what is reported of it.

`site_ground` has the real cells and workers of the open edition, `belt_ground` a made copperbelt of 300
cells. `Setting` says how reports come about, `reports` draws one map of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import h3
import numpy as np
import pandas as pd
from pyproj import Transformer

from risk.method import METHOD
from risk.tails import binomial_tail, cut_off
from risk.windows import windows_within
from warehouse.release import Release

THEME, OTHER = "OSH", "LAB"
# Towns where reporters live: Kolwezi, Likasi, Lubumbashi.
TOWNS = ((25.47, -10.72), (26.73, -10.98), (27.48, -11.66))
NEAR_TOWN_M = 25_000
ZONE_M = 15_000
SOURCES = tuple("abcdef")
# As well as places are known in the invented edition: a third is vague.
MIXED = {"near_part": 0.25, "territory_part": 0.10}


@dataclass(frozen=True)
class Ground:
    """`units` as the test takes them, the territory of each, and whether it lies near a town."""

    units: pd.DataFrame
    territory: np.ndarray
    near_town: np.ndarray

    @property
    def members(self) -> pd.DataFrame:
        """Territories, and the discs of 10 km that a near report names (one around each unit)."""
        ids = self.units["unit_id"].to_numpy()
        x, y = (self.units[name].to_numpy() for name in ("x_m", "y_m"))
        disc, inside = np.nonzero(np.hypot(x[:, None] - x, y[:, None] - y) <= METHOD.near_m)
        return pd.DataFrame(
            {
                "area_id": np.concatenate([self.territory, near_area(ids[disc])]),
                "unit_id": np.concatenate([ids, ids[inside]]),
            }
        )


@dataclass(frozen=True)
class Setting:
    """How reports come about; parts are between 0 and 1.

    `reports` of the theme, and `others` times as many of the other theme. `territory_part` and `near_part` are
    known by area only, the rest exactly. `town_bias`: how many times likelier a report is near a town.
    `is_uneven`: each cell reports at a rate of its own (Gamma, shape 2), all themes alike. `excess`: rate
    of the theme inside the zone. `has_one_theme`: the others are reports of no theme that is tested.
    """

    name: str
    reports: int
    others: int = 3
    territory_part: float = 0.0
    near_part: float = 0.0
    town_bias: float = 1.0
    is_uneven: bool = False
    excess: float = 1.0
    has_one_theme: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether every place is known exactly."""
        return self.territory_part + self.near_part == 0


def site_ground(release: Release) -> Ground:
    """Return the cells of the open edition's sites, with their workers (missing: median of the kind)."""
    sites = to_pandas(release.query("SELECT lon, lat, kind, workers, territory_pcode FROM sites"))
    sites["workers"] = sites["workers"].astype(float)
    sites["workers"] = sites["workers"].fillna(sites.groupby("kind")["workers"].transform("median"))
    sites = sites[sites["lon"].notna() & (sites["workers"] > 0)]
    lat, lon = sites["lat"].astype(float), sites["lon"].astype(float)
    sites["unit_id"] = [h3.latlng_to_cell(*place, METHOD.resolution) for place in zip(lat, lon, strict=True)]
    cells = sites.groupby("unit_id").agg(exposure=("workers", "sum"), territory=("territory_pcode", "first"))
    centres = np.array([h3.cell_to_latlng(cell) for cell in cells.index])
    to_metres = Transformer.from_crs(4326, 32735, always_xy=True)
    x_m, y_m = to_metres.transform(centres[:, 1], centres[:, 0])
    towns = np.column_stack(to_metres.transform(*np.array(TOWNS).T))
    units = cells.reset_index()[["unit_id", "exposure"]].assign(x_m=x_m, y_m=y_m)
    return Ground(units, cells["territory"].fillna("none").to_numpy(object), _near(x_m, y_m, towns))


def belt_ground(seed: int = 0) -> Ground:
    """Return 300 cells with workers, drawn from a hexagonal grid of 330 by 90 km, in ten territories."""
    rng = np.random.default_rng([seed, 10])
    column, row = np.meshgrid(np.arange(51), np.arange(16))
    x_m = (500_000 + 6_500 * (column + 0.5 * (row % 2))).ravel()
    y_m = (8_700_000 + 5_630 * row).ravel()
    chosen = np.sort(rng.choice(x_m.size, 300, replace=False))
    x_m, y_m = x_m[chosen], y_m[chosen]
    towns = np.array([[540_000.0, 8_740_000.0], [660_000.0, 8_720_000.0], [790_000.0, 8_760_000.0]])
    apart_m = np.hypot(x_m[:, None] - towns[:, 0], y_m[:, None] - towns[:, 1])
    # Work gathers around the towns: five times as much at their centre, half of that 25 km out.
    gathered = 1.0 + 4.0 * np.exp2(-((apart_m / NEAR_TOWN_M) ** 2)).sum(axis=1)
    units = pd.DataFrame(
        {
            "unit_id": [f"cell-{number:03d}" for number in range(300)],
            "x_m": x_m,
            "y_m": y_m,
            "exposure": np.ceil(gathered * rng.lognormal(5.0, 1.0, 300)),
        }
    )
    bands = ((x_m - 500_000) // 68_000).astype(int) * 2 + (y_m > 8_745_000)
    return Ground(units, np.array([f"territory-{band}" for band in bands], object), _near(x_m, y_m, towns))


def zone_at_work(ground: Ground, rng: np.random.Generator) -> np.ndarray:
    """Return which units lie within 15 km of one drawn by its workers: a place is hot where people work."""
    x, y, workers = (ground.units[name].to_numpy() for name in ("x_m", "y_m", "exposure"))
    centre = rng.choice(workers.size, p=workers / workers.sum())
    return np.asarray(np.hypot(x - x[centre], y - y[centre]) <= ZONE_M)


def reports(
    ground: Ground, setting: Setting, rng: np.random.Generator, zone: np.ndarray | None = None
) -> pd.DataFrame:
    """Return one map of reports, as `find_hotspots` takes them."""
    ids = ground.units["unit_id"].to_numpy()
    weight = ground.units["exposure"].to_numpy() * np.where(ground.near_town, setting.town_bias, 1.0)
    if setting.is_uneven:
        weight = weight * rng.gamma(2.0, 0.5, weight.size)
    hot = weight if zone is None else weight * np.where(zone, setting.excess, 1.0)
    cells = np.concatenate(
        [
            rng.choice(ids.size, setting.reports, p=hot / hot.sum()),
            rng.choice(ids.size, setting.others * setting.reports, p=weight / weight.sum()),
        ]
    )
    total = cells.size
    other = "" if setting.has_one_theme else OTHER
    luck = rng.random(total)
    by_territory = luck < setting.territory_part
    by_disc = ~by_territory & (luck < setting.territory_part + setting.near_part)
    # A near report names a place up to 10 km off: here a unit drawn from the disc around the true one.
    near = _neighbour(ground, cells, rng)
    area = np.where(by_territory, ground.territory[cells], np.where(by_disc, near_area(ids[near]), None))
    return pd.DataFrame(
        {
            "event_id": [f"event-{number:05d}" for number in range(total)],
            "categories": np.repeat([THEME, other], [setting.reports, setting.others * setting.reports]),
            "unit_id": np.where(by_territory | by_disc, None, ids[cells]),
            "area_id": area,
            "source_groups": rng.choice(SOURCES, total),
        }
    )


def false_windows(ground: Ground, events: pd.DataFrame, zone: np.ndarray) -> float:
    """Return which part of the windows that pass by rate hold no unit of the zone; 0 if none passes.

    For exact places and one theme: the family is all windows × radii.
    """
    windows = windows_within(ground.units["x_m"], ground.units["y_m"], METHOD.radii_m)
    theme = events.loc[events["categories"] == THEME, "unit_id"]
    counts = theme.value_counts().reindex(ground.units["unit_id"], fill_value=0).to_numpy()
    exposure = ground.units["exposure"].to_numpy()
    p = binomial_tail(windows.total(counts), counts.sum(), windows.total(exposure) / exposure.sum())
    passes = p <= cut_off(p, METHOD.q).p
    is_false = windows.total(zone.astype(float)) == 0
    return float((passes & is_false).sum() / max(passes.sum(), 1))


@dataclass(frozen=True)
class Found:
    """What one map with a zone gave for the theme, by rate (reported or confirmed) or confirmed alone.

    `is_found`: an outline keeps a unit of the zone. `false_part`: outlines without one among all, 0 if
    there is none. `wrong_part`: units outside the zone among the outlines' own, None if there is none.
    """

    is_found: bool
    false_part: float
    wrong_part: float | None


def found_in(hotspots: pd.DataFrame, ground: Ground, zone: np.ndarray, classes: tuple[str, ...]) -> Found:
    """Return how the outlines of some classes lie to the zone."""
    rows = hotspots[(hotspots["category"] == THEME) & hotspots["hotspot_class"].isin(classes)]
    hot = set(ground.units["unit_id"][zone])
    kept = [set(text.split("; ")) for text in rows["unit_ids"]]
    hits = [bool(units & hot) for units in kept]
    every = set().union(*kept)
    return Found(
        is_found=any(hits),
        false_part=hits.count(False) / max(len(hits), 1),
        wrong_part=len(every - hot) / len(every) if every else None,
    )


def near_area(ids: Any) -> np.ndarray:
    return np.array([f"near {name}" for name in ids], dtype=object)


def to_pandas(found: Any) -> pd.DataFrame:
    return found if isinstance(found, pd.DataFrame) else found.to_pandas()


def _near(x_m: Any, y_m: Any, towns: np.ndarray) -> np.ndarray:
    apart = np.hypot(np.asarray(x_m)[:, None] - towns[:, 0], np.asarray(y_m)[:, None] - towns[:, 1])
    return (apart <= NEAR_TOWN_M).any(axis=1)


def _neighbour(ground: Ground, cells: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    x, y = (ground.units[name].to_numpy() for name in ("x_m", "y_m"))
    is_near = np.hypot(x[:, None] - x, y[:, None] - y) <= METHOD.near_m
    ladder = is_near.cumsum(axis=1) / is_near.sum(axis=1, keepdims=True)
    return (ladder[cells] < rng.random(cells.size)[:, None]).sum(axis=1)
