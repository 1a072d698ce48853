"""Where an event is said to have happened: the site, or only a village, a town, a territory; some are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from pipelines.training.events import MEASURE, Events
from pipelines.training.ground import KM_PER_DEGREE, Ground
from pipelines.training.sites import Sites, located

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# The compiler's word, and its share: 35 of 100 reports do not name the site.
WORDS: Final = ("pit", "site", "village", "town", "area_approx", "territory", "province", "none")
SHARES: Final = (0.15, 0.50, 0.13, 0.11, 0.03, 0.05, 0.015, 0.015)
PIT, SITE, VILLAGE, TOWN, AREA, TERRITORY, PROVINCE, NONE = range(len(WORDS))
VAGUE_SHARE: Final = sum(SHARES[VILLAGE:])
# Reports that name another village, town or territory; and another site.
WRONG_VAGUE: Final = 0.08
WRONG_EXACT: Final = 0.01
_AREA_KM: Final = 5.0

_AT_EN: Final = (
    "at the {} pits",
    "at {}",
    "near the village of {}",
    "near {}",
    "in the area of {}",
    "in {} territory",
    "in the province of {}",
    "somewhere in the belt",
)
_AT_FR: Final = (
    "aux puits de {}",
    "à {}",
    "près du village de {}",
    "près de {}",
    "dans les environs de {}",
    "dans le territoire de {}",
    "dans la province de {}",
    "quelque part dans la ceinture",
)


@dataclass(frozen=True)
class Told:
    """Where records say it was: `word` (index of WORDS), `which` (site, village, town … by its index)."""

    word: Ints
    which: Ints
    is_wrong: Flags


def first_told(rng: np.random.Generator, ground: Ground, sites: Sites, events: Events) -> Told:
    """Return what the first report of each event says of its place."""
    word = rng.choice(len(WORDS), len(events), p=SHARES)
    # A measure is for a town or a territory, never for a pit.
    word = np.where((events.role == MEASURE) & (word < TOWN), TOWN, word)
    which = true_places(ground, sites, events.site, word)
    chance = np.where(word <= SITE, WRONG_EXACT, np.where(word <= TERRITORY, WRONG_VAGUE, 0.0))
    is_wrong = rng.random(len(events)) < chance
    counts = _counts(ground, sites)[word]
    other = (which + rng.integers(1, counts.clip(2), len(events))) % counts
    return Told(word, np.where(is_wrong, other, which), is_wrong)


def retold(rng: np.random.Generator, ground: Ground, sites: Sites, site: Ints, first: Told) -> Told:
    """Return what a second outlet says of the same events: mostly the same place, else a wider one, true."""
    draw = rng.random(len(site))
    wider = np.where(first.word < VILLAGE, VILLAGE, np.where(first.word == VILLAGE, TOWN, first.word))
    word = np.where(draw < 0.70, first.word, np.where(draw < 0.97, wider, np.maximum(wider, TOWN)))
    is_same = word == first.word
    which = np.where(is_same, first.which, true_places(ground, sites, site, word))
    return Told(word, which, first.is_wrong & is_same)


def true_places(ground: Ground, sites: Sites, site: Ints, word: Ints) -> Ints:
    """Return the site, village, town, territory or province that holds or is nearest to each site."""
    territory = pd.Index(ground.territories["territory_pcode"]).get_indexer(sites.frame["territory_pcode"])
    province = pd.Index(ground.provinces["province_pcode"]).get_indexer(sites.frame["province_pcode"])
    every = np.arange(len(sites.frame))
    tables = (every, every, sites.village_of, sites.town_of, sites.village_of, territory, province, every * 0)
    return np.asarray(np.stack(tables)[word, site], dtype=np.int64)


def place_columns(
    rng: np.random.Generator, ground: Ground, sites: Sites, told: Told, spots: np.ndarray
) -> pd.DataFrame:
    """Return what the records hold of their place, one row each, and `at_en`, `at_fr` for their texts.

    `spots` (n, 2) is where each event truly happened: a report of a pit has that very point.
    """
    columns = {name: np.full(len(told.word), None, dtype=object) for name in _COLUMNS}
    for word, gazetteer in enumerate(_gazetteers(ground, sites)):
        rows = np.flatnonzero(told.word == word)
        here = gazetteer.iloc[told.which[rows]]
        for name, values in columns.items():
            values[rows] = here[name].to_numpy(dtype=object)
    found = pd.DataFrame(columns)
    lon, lat = found["lon"].to_numpy(dtype=np.float64), found["lat"].to_numpy(dtype=np.float64)
    is_pit = (told.word == PIT) & ~told.is_wrong
    lon[is_pit], lat[is_pit] = spots[is_pit, 0], spots[is_pit, 1]
    aside = rng.normal(0, _AREA_KM, (len(found), 2)).clip(-10, 10) / KM_PER_DEGREE
    is_area = told.word == AREA
    found["lon"] = np.round(lon + np.where(is_area, aside[:, 0], 0), 5)
    found["lat"] = np.round(lat + np.where(is_area, aside[:, 1], 0), 5)
    return found.assign(place_precision_reported=np.array(WORDS, dtype=object)[told.word])


_COLUMNS: Final = [
    "place_id",
    "place_name",
    "site_number",
    "province_reported",
    "territory_reported",
    "lon",
    "lat",
    "at_en",
    "at_fr",
]


def _counts(ground: Ground, sites: Sites) -> Ints:
    return np.array([len(gazetteer) for gazetteer in _gazetteers(ground, sites)], dtype=np.int64)


def _gazetteers(ground: Ground, sites: Sites) -> list[pd.DataFrame]:
    """Return for each word of WORDS the places that it may name, with `_COLUMNS`."""
    by_site = sites.frame.assign(site_number=np.arange(len(sites.frame)), place_id=None)
    towns = towns_located(ground)
    territories = _middles(ground.territories).assign(territory=ground.territories["name"])
    names = ground.provinces.set_index("province_pcode")["name"]
    territories["province"] = ground.territories["province_pcode"].map(names)
    provinces = _middles(ground.provinces).assign(territory=None, province=ground.provinces["name"])
    nowhere = pd.DataFrame(
        {"name": [None], "lon": [np.nan], "lat": [np.nan], "province": None, "territory": None}
    )
    tables = (by_site, by_site, sites.villages, towns, sites.villages, territories, provinces, nowhere)
    return [_gazetteer(table, word) for word, table in enumerate(tables)]


def _gazetteer(table: pd.DataFrame, word: int) -> pd.DataFrame:
    names = table["name"]
    columns: dict[str, Any] = {
        "place_name": names,
        "province_reported": table["province"],
        "territory_reported": table["territory"],
        "at_en": [_AT_EN[word].format(name) for name in names],
        "at_fr": [_AT_FR[word].format(name) for name in names],
    }
    return table.assign(**columns).reindex(columns=_COLUMNS)


def towns_located(ground: Ground) -> pd.DataFrame:
    """Return the towns with place_id, territory and province."""
    ids = [f"plc-t{k + 1:02d}" for k in range(len(ground.towns))]
    return located(ground.towns.assign(place_id=ids), ground)


def _middles(areas: pd.DataFrame) -> pd.DataFrame:
    """Return name, lon and lat of a point in each area: a report of the area is shown as the area."""
    spots = shapely.point_on_surface(areas["geometry"].to_numpy(dtype=object))
    lon, lat = np.round(shapely.get_x(spots), 4), np.round(shapely.get_y(spots), 4)
    return pd.DataFrame({"name": areas["name"], "lon": lon, "lat": lat})
