"""Hotspots of a release: tested on cells, drawn as outlines, held against other partitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipelines.measuring.events import exploded, missing_if_zero, rounded
from pipelines.measuring.losses import REPORTS, is_cut_short
from pipelines.measuring.moment import Moment
from pipelines.measuring.partitions import Partition, outline_of, partition, placed_in
from pipelines.places.locating import DEGREES, METRES, Outlines, outlines
from risk.hotspots import Hotspots, find_hotspots
from risk.robustness import holds
from risk.vocabulary import CATEGORIES, EXACT_PRECISIONS

Tables = Mapping[str, pd.DataFrame]
BASE: Final = "cells_r6"
VARIANTS: Final = ("cells_r5", "cells_r6", "cells_r7", "sites", "territories")
# Of a release the rows must be the same wherever it is built.
SEED: Final = 20_260_101


def exposed_sites(tables: Tables) -> pd.DataFrame:
    """Return the sites that a rate can count: placed exactly, with workers."""
    sites = tables["sites"].merge(tables["site_exposures"], on="site_id")
    is_exact = sites["place_precision"].isin(EXACT_PRECISIONS) & ~sites["position_is_proxy"]
    return sites[is_exact & sites["workers_exposed"].notna() & sites["lon"].notna()]


def adrift_sites(tables: Tables) -> pd.DataFrame:
    """Return the sites with workers and a position that no rate can count, being placed vaguely."""
    sites = tables["sites"].merge(tables["site_exposures"], on="site_id")
    is_exact = sites["site_id"].isin(exposed_sites(tables)["site_id"])
    return sites[~is_exact & sites["workers_exposed"].notna() & sites["lon"].notna()]


def placed_events(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `events` and `known_events` (with how they are tested), `tested_cells` and `area_members`."""
    part = partition(BASE, exposed_sites(tables), tables["territories"])
    told = tables["told_events"]
    placed = placed_in(
        part, told, tables["territories"], tables["concessions"], moment.method, adrift_sites(tables)
    )
    events = placed.events
    tested_as = np.select(
        [events["unit_id"].notna(), events["area_id"].notna()], ["cell", "area"], "not_tested"
    )
    # A cell that stands in for the event's own may be the own one of none: the own one is kept beside it.
    own = events["h3_r6"].where(events["extent_kind"] == "point")
    known = events.assign(
        tested_as=pd.array(tested_as, dtype="string"),
        cell=events["unit_id"].fillna(own).astype("string"),
        cell_shift_m=rounded(events["shift_m"].round()),
        fresh=np.exp2(-moment.age_months(events["happened_on"]) / moment.method.half_life_months),
    )
    return {
        "events": known,
        "known_events": known,
        "tested_cells": part.units,
        "area_members": placed.members,
    }


def tested(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return the tests on cells: `found_hotspots`, `found_members`, `hotspot_events`, `found_units`, `tested_themes`."""
    known = tables["known_events"]
    events = known[known["is_in_window"]]
    found = find_hotspots(
        tables["tested_cells"],
        events,
        tables["area_members"],
        categories=list(CATEGORIES),
        seed=SEED,
        method=moment.method,
    )
    units = found.units
    if is_cut_short(tables["loads"], REPORTS):
        units["unit_class"] = units["unit_class"].replace("no_excess", "too_little")
    ids = _ids(found)
    shares = found.events_of.assign(hotspot_id=found.events_of["hotspot"].map(ids))
    return {
        "found_hotspots": found.hotspots.assign(hotspot_id=ids.to_numpy()),
        "hotspot_events": shares[["hotspot_id", "event_id", "share"]].assign(share=rounded(shares["share"])),
        "found_units": units,
        "tested_themes": found.themes,
    }


def _ids(found: Hotspots) -> pd.Series:
    """Return an id for each hotspot: its category, class and the cell in its middle, once in a release."""
    rows = found.hotspots
    ids = rows["category"] + "-" + rows["hotspot_class"].str[0] + "-" + rows["centre_unit_id"]
    return ids.astype("string")


def held_elsewhere(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `hotspot_holds`: in how many of the partitions each hotspot is found again."""
    drawn = tables["found_hotspots"]
    if drawn.empty:
        columns = ["hotspot_id", "holds_in", "holds_of", "holds_where"]
        return {"hotspot_holds": pd.DataFrame(columns=columns)}
    borders = outlines(tables["territories"], "territory_pcode")
    sites = exposed_sites(tables)
    variants = {}
    for name in VARIANTS:
        part = partition(name, sites, tables["territories"])
        variants[name] = (
            _shaped(part, drawn, borders) if name == BASE else _found_on(part, tables, borders, moment)
        )
    return {"hotspot_holds": holds(variants[BASE], variants)}


def _found_on(part: Partition, tables: Tables, borders: Outlines, moment: Moment) -> pd.DataFrame:
    known = tables["known_events"].drop(columns=["unit_id", "area_id", "shift_m"])
    events = known[known["is_in_window"]]
    placed = placed_in(
        part, events, tables["territories"], tables["concessions"], moment.method, adrift_sites(tables)
    )
    found = find_hotspots(
        part.units,
        placed.events,
        placed.members,
        radii_m=part.radii_m,
        categories=list(CATEGORIES),
        seed=SEED,
        method=moment.method,
    )
    return _shaped(part, found.hotspots, borders)


def _shaped(part: Partition, drawn: pd.DataFrame, borders: Outlines) -> pd.DataFrame:
    """Return `drawn` with their outlines in metres."""
    shapes = [outline_of(part, ids.split("; "), borders) for ids in drawn["unit_ids"]]
    in_metres = gpd.GeoSeries(shapes, crs=DEGREES).to_crs(METRES)
    return drawn.assign(geometry=in_metres.to_numpy(dtype=object))


def cell_measures(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `cell_measures`: contract `RiskMeasures`, its rows of cells but `absence`."""
    units, workers = tables["found_units"], tables["tested_cells"].set_index("unit_id")["exposure"]
    support = _support(tables)
    rows = units.merge(support, on=["unit_id", "category"], how="left")
    bare = rows["is_pooled"].astype(bool)
    cells = pd.DataFrame(
        {
            "grain": "cell",
            "unit_id": rows["unit_id"],
            "category": rows["category"],
            "events": rounded(rows["observed"].where(rows["observed"] > 0)),
            "workers_exposed": rounded(rows["unit_id"].map(workers)),
            "expected": rounded(rows["expected"]),
            "rr": rounded(rows["rr"]),
            "rr_low": rounded(rows["rr_low"].mask(bare)),
            "rr_high": rounded(rows["rr_high"].mask(bare)),
            "unit_class": rows["unit_class"],
            "source_count": missing_if_zero(rows["source_count"].fillna(0)),
            "located_pct": rounded(rows["located_pct"]),
            "n_eff": rows["n_eff"].fillna(0.0),
        }
    )
    return {"cell_measures": cells}


def _support(tables: Tables) -> pd.DataFrame:
    """Return what stands behind each cell and category: source_count, located_pct, n_eff of its events."""
    known = tables["known_events"]
    located = known[known["is_in_window"] & (known["tested_as"] == "cell")]
    needed = located[["categories", "source_groups", "cell", "is_near", "fresh"]]
    each = exploded(needed, "categories").rename(columns={"one": "theme", "cell": "own_cell"})
    groups = each.groupby(["own_cell", "theme"])
    support = pd.DataFrame({"located_pct": 100.0 * groups["is_near"].mean(), "n_eff": groups["fresh"].sum()})
    heard = exploded(each[["own_cell", "theme", "source_groups"]], "source_groups")
    support["source_count"] = heard.groupby(["own_cell", "theme"])["one"].nunique().reindex(support.index)
    return support.reset_index().rename(columns={"own_cell": "unit_id", "theme": "category"})


def middles(shapes: list[shapely.Geometry]) -> pd.DataFrame:
    """Return lon and lat of a point inside each outline, near its middle."""
    points = shapely.point_on_surface(np.array(shapes, dtype=object))
    return pd.DataFrame({"lon": shapely.get_x(points).round(5), "lat": shapely.get_y(points).round(5)})
