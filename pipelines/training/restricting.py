"""What is not public: which records, sites and visits staff alone know of, and what they know beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.columns import Flags, Objects, iso_days, known_where
from pipelines.training.events import Events
from pipelines.training.kinds import variants
from pipelines.training.records import FALSE, FIRST, MEASURED, VERBATIM, Records, outlet_names
from pipelines.training.reporting import NETWORKS, OUTLETS
from pipelines.training.sites import Sites
from risk.categories import PROTECTION_CRITICAL

# About half of all records, more where people may be hurt by what is told of them: choices of this generator.
CRITICAL_CHANCE: Final = 0.75
OTHER_CHANCE: Final = 0.42
# A second record of an event mostly has luck of its own: some events are told both ways.
_OWN_LUCK: Final = 0.8
SITE_SHARE: Final = 1 / 3
# Beside those of restricted sites: records of a second publisher, and visits.
_SECOND_CHANCE: Final = 0.25
_VISIT_CHANCE: Final = 0.15
_DESCRIBED_CHANCE: Final = 0.7
_BAND_CHANCE: Final = 0.85
_EMBARGO_CHANCE: Final = 0.1
_EMBARGO_DAYS: Final = (30, 900)
_NOTE_CHANCE: Final = 0.8
INFORMANTS: Final = (
    *("cooperative member", "health worker", "teacher", "digger", "trader at a depot"),
    *("ore carrier", "member of a women's group", "local observer"),
)
_MONITOR: Final = len(OUTLETS)


@dataclass(frozen=True)
class Restricted:
    """Masks of what is not public: `records` (n), `sites` and their `second` records (S), `visits` (V).

    `frame` holds what staff alone know of the records: victims_age_band, victims_sex, embargo_until,
    source_note; nothing of public ones.
    """

    records: Flags
    sites: Flags
    second: Flags
    visits: Flags
    frame: pd.DataFrame


def restrict(
    chances: tuple[np.random.Generator, np.random.Generator],
    sites: Sites,
    events: Events,
    records: Records,
    visits: pd.DataFrame,
) -> Restricted:
    """Return what is not public; `chances` are for records, and for sites and their visits.

    A restricted site is known from unpublished visits alone.
    """
    hidden = _records(chances[0], events, records)
    rng, names = chances[1], "reg-" + sites.frame["site"]
    visited = np.flatnonzero(names.isin(visits["site_record_id"]))
    count = min(round(SITE_SHARE * len(names)), len(visited))
    is_hidden = np.isin(np.arange(len(names)), rng.choice(visited, count, replace=False))
    return Restricted(
        records=hidden,
        sites=is_hidden,
        second=is_hidden | (rng.random(len(names)) < _SECOND_CHANCE),
        visits=visits["site_record_id"].isin(names[is_hidden]).to_numpy()
        | (rng.random(len(visits)) < _VISIT_CHANCE),
        frame=_known_to_staff(chances[0], events, records, hidden),
    )


def teller_names(records: Records, is_restricted: Flags) -> Objects:
    """Return who tells each record, (n, 4), None where there is nobody.

    What no outlet printed came from a network: as many networks as there are outlets, each another one,
    and for a second record of the event one that the first has not. The monitor keeps reports back itself.
    """
    names = outlet_names(records.tellers)
    networks = np.array([one.name for one in NETWORKS], dtype=object)
    column = np.arange(names.shape[1])
    shift = np.where(np.isin(records.role, (FIRST, FALSE, MEASURED, VERBATIM)), 0, len(column))
    which = (records.event[:, None] + shift[:, None] + column) % len(networks)
    by_network = is_restricted[:, None] & (records.tellers >= 0) & (records.tellers != _MONITOR)
    return np.asarray(np.where(by_network, networks[which], names), dtype=object)


def said_public(
    tables: dict[str, pd.DataFrame], restricted: Restricted, second_ids: Objects
) -> dict[str, pd.DataFrame]:
    """Return sites, site_visits and observations with the column `public_record`."""
    register = tables["sites"]["record_id"].to_numpy()[: len(restricted.sites)]
    hidden = {*register[restricted.sites], *second_ids[restricted.second]}
    visits = tables["site_visits"]
    hidden_visits = visits["visit_id"][restricted.visits]
    return {
        "sites": tables["sites"].assign(public_record=_said(tables["sites"]["record_id"].isin(hidden))),
        "site_visits": visits.assign(public_record=_said(restricted.visits)),
        "observations": tables["observations"].assign(
            public_record=_said(tables["observations"]["visit_id"].isin(hidden_visits))
        ),
    }


def _said(is_restricted: Any) -> npt.NDArray[Any]:
    return np.where(is_restricted, "no", "yes")


def _records(rng: np.random.Generator, events: Events, records: Records) -> Flags:
    """Return which records are restricted. An order of an authority never is; a copy is as its first is."""
    follows = np.isin(records.role, (FIRST, VERBATIM)) | (rng.random(len(records)) >= _OWN_LUCK)
    luck = np.where(follows, rng.random(len(events))[records.event], rng.random(len(records)))
    chance = np.where(_is_critical(events)[records.event], CRITICAL_CHANCE, OTHER_CHANCE)
    return np.asarray((luck < chance) & (records.role != MEASURED))


def _is_critical(events: Events) -> Flags:
    """Return which events have children in them, or a category that is protection-critical."""
    critical = [one.has_child or bool(PROTECTION_CRITICAL & {*one.categories}) for one in variants()]
    return np.array(critical)[events.variant]


def _known_to_staff(
    rng: np.random.Generator, events: Events, records: Records, is_restricted: Flags
) -> pd.DataFrame:
    count, variant = len(records), events.variant[records.event]
    event = records.event
    has_victims = (events.killed[event] > 0) | (events.injured[event] > 0) | _is_critical(events)[event]
    is_described = is_restricted & has_victims & (rng.random(count) < _DESCRIBED_CHANCE)
    has_embargo = is_restricted & (rng.random(count) < _EMBARGO_CHANCE)
    until = records.frame["reported_day"].to_numpy() + rng.integers(*_EMBARGO_DAYS, count)
    has_note = is_restricted & (rng.random(count) < _NOTE_CHANCE)
    return pd.DataFrame(
        {
            "victims_age_band": known_where(
                is_described & (rng.random(count) < _BAND_CHANCE), _ages(rng, variant)
            ),
            "victims_sex": known_where(
                is_described & (rng.random(count) < _BAND_CHANCE), _sexes(rng, variant)
            ),
            "embargo_until": known_where(has_embargo, iso_days(until)),
            "source_note": known_where(has_note, rng.choice(np.array(INFORMANTS, dtype=object), count)),
        }
    )


def _ages(rng: np.random.Generator, variant: npt.NDArray[np.int64]) -> Objects:
    """Return age bands; children are among those concerned only where the report says so."""
    has_child = np.array([one.has_child for one in variants()])[variant]
    young = rng.choice(["child", "mixed"], len(variant), p=[0.7, 0.3])
    return np.where(has_child, young, "adult").astype(object)


def _sexes(rng: np.random.Generator, variant: npt.NDArray[np.int64]) -> Objects:
    luck = rng.random(len(variant))
    is_gendered = np.array(["SGB" in one.categories for one in variants()])[variant]
    usual = np.select([luck < 0.6, luck < 0.75], ["male", "female"], "mixed")
    return np.where(is_gendered, np.where(luck < 0.85, "female", "mixed"), usual).astype(object)
