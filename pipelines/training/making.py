"""Make the training edition: from a seed and one number for its size to a folder that any build can read.

Size 1 is 300 sites with workers and about 6,000 incident records over five years. Sites grow with the size,
records with its power 1.463, so that size 33 is about 10,000 sites and 1,000,000 records: more people, more
outlets, more told of each. The ground stays the same; places fill up.
"""

from __future__ import annotations

import logging
import math
import shutil
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from filelock import FileLock

from pipelines.edition import EDITION_FILE, FRAMEWORK_FOLDER
from pipelines.training.answers import answers
from pipelines.training.columns import Objects
from pipelines.training.events import EVENT_SHARE, Events, draw_events
from pipelines.training.frameworks import shared_version, write_frameworks
from pipelines.training.ground import Ground, make_ground
from pipelines.training.incidents import citations_table, incidents_table, toll_claims_table
from pipelines.training.places import place_columns
from pipelines.training.progressing import STREAMS, make_progress
from pipelines.training.records import Records, make_records
from pipelines.training.restricting import Restricted, restrict, said_public
from pipelines.training.site_records import places_table, register_records, second_records
from pipelines.training.sites import Sites, make_sites
from pipelines.training.truth import make_truth
from pipelines.training.visits import make_visits
from pipelines.training.writing import write_edition
from risk.errors import ConfigError, InputError
from risk.vocabulary import Edition
from warehouse.inputs import EventMatches, Facilities

log = logging.getLogger(__name__)

# Raise it when the same seed and size would give other files.
VERSION: Final = 4
SEED: Final = 1
SIZE: Final = 1.0
SITES_AT_ONE: Final = 300
RECORDS_AT_ONE: Final = 6_000
RECORDS_POWER: Final = math.log(1_000_000 / RECORDS_AT_ONE) / math.log(33)
SMALLEST: Final = 0.05
LARGEST: Final = 100.0

_README: Final = Path(__file__).with_name("truth.md")
_MAKING: Final = ".making-training"


@dataclass(frozen=True)
class MadeBy:
    """What an edition was made by; the same give the same files, byte for byte.

    `frameworks` stands for what the frameworks hold that every edition has.
    """

    version: int = VERSION
    seed: int = SEED
    size: float = SIZE
    frameworks: str = field(default_factory=shared_version)


def sites_of(size: float) -> int:
    """Return the number of sites with workers.

    >>> sites_of(1), sites_of(33)
    (300, 9900)
    """
    return round(SITES_AT_ONE * size)


def records_of(size: float) -> float:
    """Return the number of incident records to expect.

    >>> round(records_of(1)), round(records_of(33))
    (6000, 1000000)
    """
    return float(RECORDS_AT_ONE * size**RECORDS_POWER)


def prepare(folder: Path, size: float | None = None, seed: int | None = None) -> bool:
    """Make the edition in `folder` unless it stands; return whether it was made.

    A `size` or `seed` that is not given is the one the folder has, else SIZE and SEED. An edition that no
    generator made is somebody's own: it is left as it is. Raises InputError where it should have another
    size or seed all the same, where `size` is out of range, or where the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f"{_MAKING}.lock")):
            standing = _standing(folder)
            if standing is None and (folder / EDITION_FILE).exists():
                _refuse_change(folder, size, seed)
                return False
            before = standing or MadeBy()
            wanted = MadeBy(
                seed=before.seed if seed is None else seed, size=before.size if size is None else float(size)
            )
            if standing == wanted:
                return False
            _replace(folder, wanted)
    except OSError as error:
        raise InputError(
            str(folder), f"cannot be written ({error})", next_move="check space and permissions"
        ) from error
    return True


def prepare_if_training(
    edition: str, folder: Path, size: float | None = None, seed: int | None = None
) -> bool:
    """Do as `prepare` does where `edition` is the training edition; return whether it was made.

    Raises ConfigError where a `size` or `seed` is given for another edition.
    """
    if edition == Edition.TRAINING:
        return prepare(folder, size, seed)
    if size is not None or seed is not None:
        given = "--size" if size is not None else "--seed"
        raise ConfigError(f"{given} is for the training edition. Next: add --edition training")
    return False


def make(folder: Path, made_by: MadeBy, *, is_even: bool = False) -> None:
    """Write the edition that `made_by` stands for into the empty `folder`.

    `is_even`: nothing is planted and every worker is at the same risk, while reporting stays uneven, so
    that whatever a measure finds is a false alarm. Raises InputError where the size or the seed is out of range.
    """
    size = made_by.size
    if made_by.seed < 0:
        raise InputError(
            "the training edition", f"a seed of {made_by.seed}", next_move="choose a whole number from 0 up"
        )
    if not SMALLEST <= size <= LARGEST:
        raise InputError(
            "the training edition",
            f"a size of {size:g}",
            next_move=f"choose one from {SMALLEST:g} to {LARGEST:g}",
        )
    # One stream of chance a step, so that a change in one leaves the others as they were.
    chance = [np.random.default_rng([made_by.seed, step]) for step in range(9 + STREAMS)]
    versions = write_frameworks(folder / FRAMEWORK_FOLDER)
    ground = make_ground(chance[0])
    sites = make_sites(chance[1], ground, sites_of(size))
    expected = records_of(size) * EVENT_SHARE
    truth = make_truth(chance[2], ground, sites, size, expected, is_even=is_even)
    events = draw_events(chance[3], sites, truth)
    records = make_records(chance[4], ground, sites, truth, events)
    log.info("training edition: %d sites, %d incident records", len(sites.frame), len(records))
    first = register_records(chance[5], sites)
    second, second_ids = second_records(chance[5], sites)
    tables = _ground_tables(ground, sites)
    tables["sites"] = pd.concat([first, second], ignore_index=True)
    tables["site_visits"], tables["observations"] = make_visits(chance[6], sites, truth)
    restricted = restrict((chance[7], chance[8]), sites, events, records, tables["site_visits"])
    tables |= said_public(tables, restricted, second_ids)
    tables |= _told_tables(chance[4], ground, sites, events, records, second_ids, restricted)
    known = answers(sites, truth, events, records, second_ids, restricted)
    progress, progress_truth = make_progress(chance[9:], size, ground, sites, truth, restricted, versions)
    tables |= progress
    known |= progress_truth
    write_edition(folder, tables, known, _README.read_text("utf-8"), vars(made_by))


def _ground_tables(ground: Ground, sites: Sites) -> dict[str, pd.DataFrame]:
    provinces = ["province_pcode", "name", "area_km2", "geometry"]
    territories = ["territory_pcode", "name", "kind", "province_pcode", "area_km2", "geometry"]
    return {
        "provinces": ground.provinces[provinces],
        "territories": ground.territories[territories],
        "concessions": ground.concessions,
        "facilities": ground.facilities.reindex(columns=list(Facilities.to_schema().columns)),
        "places": places_table(ground, sites),
    }


def _told_tables(
    rng: np.random.Generator,
    ground: Ground,
    sites: Sites,
    events: Events,
    records: Records,
    second_ids: Objects,
    restricted: Restricted,
) -> dict[str, pd.DataFrame]:
    spots = np.column_stack([events.lon, events.lat])[records.event]
    places = place_columns(rng, ground, sites, records.told, spots)
    incidents, headlines = incidents_table(rng, records, events, sites, places, second_ids, restricted)
    return {
        "incidents": incidents,
        "citations": citations_table(records, headlines, restricted.records),
        "toll_claims": toll_claims_table(records, events),
        "event_matches": pd.DataFrame(columns=list(EventMatches.to_schema().columns)),
    }


def _standing(folder: Path) -> MadeBy | None:
    """Return what the edition in `folder` was made by; None where there is none, or no generator made it."""
    try:
        content: Any = tomllib.loads((folder / EDITION_FILE).read_text("utf-8")).get("generator")
    except (FileNotFoundError, NotADirectoryError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None
    if not isinstance(content, dict):
        return None
    version, seed, size = (content.get(name) for name in ("version", "seed", "size"))
    frameworks = str(content.get("frameworks", ""))
    if not isinstance(version, int) or not isinstance(seed, int) or not isinstance(size, int | float):
        return MadeBy(version=0)
    return MadeBy(version, seed, float(size), frameworks)


def _refuse_change(folder: Path, size: float | None, seed: int | None) -> None:
    if size is not None or seed is not None:
        raise InputError(
            str(folder / EDITION_FILE),
            "was not made by the generator, so its size and seed are its own",
            next_move="leave out --size and --seed, or move the folder away",
        )


def _replace(folder: Path, wanted: MadeBy) -> None:
    """Make the edition beside `folder`, then put it in its place; what a killed run left is swept first."""
    for left in folder.parent.glob(f"{_MAKING}-*"):
        shutil.rmtree(left)
    fresh, old = (folder.with_name(f"{_MAKING}-{part}") for part in ("new", "old"))
    fresh.mkdir()
    make(fresh, wanted)
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
