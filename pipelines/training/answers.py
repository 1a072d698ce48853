"""The written truth: tables to score a measure with, in the folder `truth` of the edition.

They are no input of a build. `pipelines.training.truth` defines what the numbers mean.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.columns import Flags, Objects, iso_days, known_where
from pipelines.training.events import EVENT, Events
from pipelines.training.kinds import CODES, variants
from pipelines.training.plants import QUARTER_STARTS, WINDOW_QUARTERS, Hotspot, Plants
from pipelines.training.records import FIRST, REWORDED, ROLES, VERBATIM, Records, ids
from pipelines.training.reporting import MONITOR, NETWORKS, OUTLETS, RELAY, WIRES
from pipelines.training.restricting import Restricted, teller_names
from pipelines.training.sites import Sites
from pipelines.training.truth import Truth, grouped, over_window, relative_rates, theme_rates
from risk.vocabulary import ALL_CATEGORIES

Floats = npt.NDArray[np.float64]

_STARTS: Final = np.array([start.isoformat() for start in QUARTER_STARTS], dtype=object)


def answers(
    sites: Sites,
    truth: Truth,
    events: Events,
    records: Records,
    second_ids: Objects,
    restricted: Restricted,
) -> dict[str, pd.DataFrame]:
    """Return every table of the truth by the name of its file; their columns are in the README beside them."""
    window = _window_rates(sites, truth)
    return {
        "relative_rates": window,
        "relative_rates_by_quarter": _quarter_rates(sites, truth),
        "effort": _effort(sites, truth),
        "sites": _sites(sites, second_ids, window, restricted),
        "hotspots": _hotspots(sites, truth),
        "trends": _trends(truth.plants),
        "events": _events(sites, events, records, restricted.records),
        "records": _records(sites, events, records, restricted.records),
        "duplicates": _duplicates(records),
        "outlets": _outlets(),
    }


def event_ids(events: Events) -> Objects:
    """Return the id of each event in order of time, None for what never happened."""
    number = np.cumsum(events.role == EVENT)
    known = [f"ev-{k:07d}" if role == EVENT else None for k, role in zip(number, events.role, strict=True)]
    return np.array(known, dtype=object)


def _grains(sites: Sites) -> list[tuple[str, Objects, npt.NDArray[np.intp]]]:
    """Return for sites and for cells: the word, the names of the places, and the place of each site."""
    cells, of_site = np.unique(sites.frame["cell"].to_numpy(dtype=str), return_inverse=True)
    names = sites.frame["site"].to_numpy(dtype=object)
    return [("site", names, np.arange(len(names))), ("cell", cells.astype(object), np.asarray(of_site))]


def _window_rates(sites: Sites, truth: Truth) -> pd.DataFrame:
    """Return the true and the told relative rate of each place and category over the last 24 months."""
    themes = [*CODES, ALL_CATEGORIES]
    happened, told = (_with_all(over_window(rates)) for rates in (truth.rates, truth.rates * truth.told))
    tables = []
    for grain, names, of_site in _grains(sites):
        count = len(names)
        workers = np.bincount(of_site, weights=sites.workers, minlength=count)
        columns = {
            "relative_rate": relative_rates(happened, sites.workers, of_site, count),
            "relative_rate_told": relative_rates(told, sites.workers, of_site, count),
            "expected_events": grouped(happened, of_site, count),
            "expected_told": grouped(told, of_site, count),
        }
        frame = {name: np.round(values.ravel(), 4) for name, values in columns.items()}
        tables.append(
            _each(grain, names, category=themes) | {"workers": np.repeat(workers, len(themes))} | frame
        )
    return pd.concat([pd.DataFrame(table) for table in tables], ignore_index=True).astype({"workers": int})


def _with_all(rates: Floats) -> Floats:
    """Return rates by theme, and after them those of all events, each counted once: (S, 14, Q)."""
    return np.concatenate([theme_rates(rates), rates.sum(axis=1, keepdims=True)], axis=1)


def _quarter_rates(sites: Sites, truth: Truth) -> pd.DataFrame:
    themes = theme_rates(truth.rates)
    tables = []
    for grain, names, of_site in _grains(sites):
        found = relative_rates(themes, sites.workers, of_site, len(names)).ravel()
        table = _each(grain, names, category=CODES, quarter_start=_STARTS)
        tables.append(pd.DataFrame(table | {"relative_rate": np.round(found, 3)}).dropna())
    return pd.concat(tables, ignore_index=True)


def _effort(sites: Sites, truth: Truth) -> pd.DataFrame:
    """Return the chance that an event is told, by place and quarter; of cells the mean over their workers."""
    tables = []
    for grain, names, of_site in _grains(sites):
        weight = np.where(sites.workers > 0, sites.workers, 1e-9)
        total = np.bincount(of_site, weights=weight)[:, None]
        outlets, monitor = (
            np.round(grouped(values * weight[:, None], of_site, len(names)) / total, 4).ravel()
            for values in (truth.outlets, truth.monitor)
        )
        table = _each(grain, names, quarter_start=_STARTS)
        tables.append(pd.DataFrame(table | {"told_by_outlets": outlets, "told_by_child_monitor": monitor}))
    return pd.concat(tables, ignore_index=True)


def _each(grain: str, names: Objects, **levels: Any) -> dict[str, Any]:
    """Return columns of every combination of a place and the levels, the last level fastest."""
    sizes = [len(names), *(len(values) for values in levels.values())]
    columns: dict[str, Any] = {"grain": np.full(int(np.prod(sizes)), grain, dtype=object)}
    for position, (name, values) in enumerate([("place", names), *levels.items()]):
        inner, outer = int(np.prod(sizes[position + 1 :])), int(np.prod(sizes[:position]))
        columns[name] = np.tile(np.repeat(np.asarray(values, dtype=object), inner), outer)
    return columns


def _sites(sites: Sites, second_ids: Objects, window: pd.DataFrame, restricted: Restricted) -> pd.DataFrame:
    overall = window[(window["grain"] == "site") & (window["category"] == ALL_CATEGORIES)]
    return sites.frame.assign(
        register_record=[f"reg-{site}" for site in sites.frame["site"]],
        second_record=second_ids,
        relative_rate=overall["relative_rate"].to_numpy(),
        is_public_record=_yes(~restricted.sites),
        is_second_public=known_where(second_ids != None, _yes(~restricted.second)),  # noqa: E711
    ).drop(columns=["coop", "firm"])


def _hotspots(sites: Sites, truth: Truth) -> pd.DataFrame:
    rates = theme_rates(truth.rates)
    return pd.DataFrame(
        [
            {
                "hotspot_id": one.hotspot_id,
                "category": one.category,
                "factor": one.factor,
                "first_quarter": _STARTS[one.first_quarter],
                "last_quarter": _STARTS[one.last_quarter],
                "is_in_window": "yes" if one.last_quarter >= len(_STARTS) - WINDOW_QUARTERS else "no",
                "relative_rate": round(_zone_rate(sites, over_window(rates), one), 3),
                "workers": int(sites.workers[_inside(sites, one)].sum()),
                "cells": "; ".join(one.cells),
            }
            for one in truth.plants.hotspots
        ]
    )


def _inside(sites: Sites, hotspot: Hotspot) -> npt.NDArray[np.bool_]:
    return sites.frame["cell"].isin(hotspot.cells).to_numpy()


def _zone_rate(sites: Sites, themes: Floats, hotspot: Hotspot) -> float:
    inside = _inside(sites, hotspot).astype(np.intp)
    found = relative_rates(themes, sites.workers, inside, 2)
    return float(found[1, CODES.index(hotspot.category), 0])


def _trends(plants: Plants) -> pd.DataFrame:
    return pd.DataFrame(plants.trends)


def _yes(mask: npt.NDArray[np.bool_]) -> Objects:
    return np.where(mask, "yes", "no").astype(object)


def _events(sites: Sites, events: Events, records: Records, is_restricted: Flags) -> pd.DataFrame:
    known = np.flatnonzero(events.role == EVENT)
    public, hidden = (
        np.bincount(records.event[rows], minlength=len(events)) for rows in (~is_restricted, is_restricted)
    )
    place = sites.frame.iloc[events.site[known]]
    variant = events.variant[known]
    return pd.DataFrame(
        {
            "event_id": event_ids(events)[known],
            "kind": np.array([one.kind.word for one in variants()], dtype=object)[variant],
            "categories": np.array(["; ".join(one.categories) for one in variants()], dtype=object)[variant],
            "site": place["site"].to_numpy(),
            "cell": place["cell"].to_numpy(),
            "lon": events.lon[known],
            "lat": events.lat[known],
            "occurred_on": iso_days(events.day[known]),
            "killed": events.killed[known],
            "injured": events.injured[known],
            "public_records": public[known],
            "restricted_records": hidden[known],
        }
    )


def _records(sites: Sites, events: Events, records: Records, is_restricted: Flags) -> pd.DataFrame:
    site = events.site[records.event]
    return pd.DataFrame(
        {
            "incident_id": ids(records),
            "event_id": event_ids(events)[records.event],
            "role": np.array(ROLES, dtype=object)[records.role],
            "told_by": teller_names(records, is_restricted)[:, 0],
            "is_public_record": _yes(~is_restricted),
            "is_wrong_place": _yes(records.told.is_wrong),
            "is_late": _yes(records.frame["is_late"].to_numpy()),
            "true_site": sites.frame["site"].to_numpy()[site],
            "true_cell": sites.frame["cell"].to_numpy()[site],
            "true_lon": events.lon[records.event],
            "true_lat": events.lat[records.event],
        }
    )


def _duplicates(records: Records) -> pd.DataFrame:
    """Return pairs of records of one event: the first report, the other, and how it was made of it."""
    known = pd.DataFrame({"incident_id": ids(records), "event": records.event, "role": records.role})
    first = known[known["role"] == FIRST]
    second = known[known["role"].between(REWORDED, VERBATIM)]
    pairs = first.merge(second, on="event", suffixes=("_a", "_b"))
    how = np.array(ROLES, dtype=object)[pairs["role_b"].to_numpy()]
    named = pairs.rename(columns={"incident_id_a": "incident_a", "incident_id_b": "incident_b"})
    return named[["incident_a", "incident_b"]].assign(how=how)


def _outlets() -> pd.DataFrame:
    rows = [(one.name, one.language, one.kind, "no") for one in (*OUTLETS, MONITOR, *NETWORKS)]
    rows += [(name, "", "wire", "yes") for name in WIRES] + [(RELAY, "", "relay", "yes")]
    return pd.DataFrame(rows, columns=["outlet", "language", "kind", "only_prints_again"])
