"""What two invented publishers say of the sites, and the places of the gazetteer."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.sources import SOURCES
from pipelines.training import names
from pipelines.training.columns import Flags, Objects, known_where
from pipelines.training.ground import KM_PER_DEGREE, Ground
from pipelines.training.places import towns_located
from pipelines.training.sites import Sites
from warehouse.inputs import Places

REGISTER: Final = "Belt Site Register"
MAPPERS: Final = "Lantern Mapping Group"
# Of the sites with workers: no figure at all, or one for the whole title. One site in four is told twice.
_NO_FIGURE: Final = 0.12
_WHOLE_TITLE: Final = 0.03
_TWICE: Final = 0.25
# Published figures stray from the truth by about 15 %.
_FIGURE_SPREAD: Final = 0.15
_MOVED_M: Final = (50.0, 900.0)


def register_records(rng: np.random.Generator, sites: Sites) -> pd.DataFrame:
    """Return the register: one record a site, most with a count of workers; idle sites count 0."""
    frame, count = sites.frame, len(sites.frame)
    figure = _figures(rng, sites)
    share = rng.random(count)
    is_idle = frame["workers"].to_numpy() == 0
    is_whole = ~is_idle & (share < _WHOLE_TITLE)
    is_missing = ~is_idle & (share >= _WHOLE_TITLE) & (share < _WHOLE_TITLE + _NO_FIGURE)
    figure = np.where(is_whole, figure * 3, figure)
    year = rng.integers(2022, 2027, count)
    minerals = rng.choice(["Cu; Co", "Cu", "Co"], count, p=[0.5, 0.3, 0.2])
    return _records(
        frame.assign(
            record_id=[f"reg-{site}" for site in frame["site"]],
            publisher=REGISTER,
            publisher_id=frame["site"],
            minerals=minerals,
            place_precision="site",
            workers_best=_known(figure, ~is_missing),
            workers_year=_known(year, ~is_missing),
            workers_scope=known_where(~is_missing, np.where(is_whole, "whole_concession", "site")),
            operator_reported=frame["coop"],
            status_reported=np.where(is_idle, "idle", "active"),
        )
    )


def second_records(rng: np.random.Generator, sites: Sites) -> tuple[pd.DataFrame, Objects]:
    """Return the records of the second publisher, and the id of that record for each site, None without.

    Names are written by ear, positions stand some 100 m off; three in four have a figure of their own.
    """
    frame, count = sites.frame, len(sites.frame)
    rows = np.flatnonzero(rng.random(count) < _TWICE)
    mine = frame.iloc[rows]
    turn, away_m = rng.uniform(0, 2 * np.pi, len(rows)), rng.uniform(*_MOVED_M, len(rows))
    has_figure = rng.random(len(rows)) < 0.75
    figure = _figures(rng, sites)[rows]
    spread = figure * rng.uniform(0.1, 0.4, len(rows))
    known = [f"map-{site}" for site in mine["site"]]
    records = _records(
        mine.assign(
            record_id=known,
            publisher=MAPPERS,
            publisher_id=None,
            name=[names.respelled(rng, name) for name in mine["name"]],
            minerals="Cu; Co",
            lon=np.round(mine["lon"] + away_m * np.cos(turn) / (1000 * KM_PER_DEGREE[0]), 5),
            lat=np.round(mine["lat"] + away_m * np.sin(turn) / (1000 * KM_PER_DEGREE[1]), 5),
            place_precision="site",
            workers_low=_known(np.floor(figure - spread), has_figure),
            workers_best=_known(figure, has_figure),
            workers_high=_known(np.ceil(figure + spread), has_figure),
            workers_year=_known(rng.integers(2021, 2026, len(rows)), has_figure),
            workers_scope=known_where(has_figure, "site"),
        )
    )
    ids = np.full(count, None, dtype=object)
    ids[rows] = known
    return records, ids


def places_table(ground: Ground, sites: Sites) -> pd.DataFrame:
    """Return the gazetteer: cities and towns, then villages."""
    towns = towns_located(ground).assign(kind_reported=ground.towns["kind"], place_precision="sector")
    villages = sites.villages.assign(kind_reported="village", place_precision="locality")
    both = pd.concat([towns, villages], ignore_index=True)
    both = both.assign(
        province_reported=both["province"], territory_reported=both["territory"], position_is_proxy="no"
    )
    return both.reindex(columns=list(Places.to_schema().columns))


def _figures(rng: np.random.Generator, sites: Sites) -> npt.NDArray[np.float64]:
    """Return a published count of each site: about the truth, rounded as such counts are."""
    about = sites.workers * rng.lognormal(0, _FIGURE_SPREAD, len(sites.frame))
    step = np.where(about < 50, 1, np.where(about < 500, 5, 50))
    return np.asarray(np.round(about / step) * step).clip(np.minimum(sites.workers, 1))


def _known(values: npt.NDArray[Any], is_known: Flags) -> Objects:
    return known_where(is_known, values.astype(np.int64).astype(object))


def _records(frame: pd.DataFrame) -> pd.DataFrame:
    told = frame.assign(
        position_is_proxy="no",
        province_reported=frame["province"],
        territory_reported=frame["territory"],
        kind_reported=frame["kind"].str.replace("_", " "),
    )
    return told.reindex(columns=[field.theirs for field in SOURCES["sites"].fields])
