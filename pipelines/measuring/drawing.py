"""Hotspots as a reader gets them: outline, place, support, robustness, and how they change."""

from __future__ import annotations

from collections.abc import Mapping

import h3
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from pipelines.measuring.events import exploded, missing_if_zero, rounded
from pipelines.measuring.finding import exposed_sites
from pipelines.measuring.moment import Moment
from risk.grades import grades
from risk.tails import binomial_tail, hypergeometric_tail
from risk.trends import trends

Tables = Mapping[str, pd.DataFrame]
_MOSTLY = 0.5


def hotspots(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `hotspots` and `hotspot_quarters`."""
    drawn = tables["found_hotspots"]
    if drawn.empty:
        return {name: pd.DataFrame() for name in ("hotspots", "hotspot_quarters")}
    cells = drawn.assign(cell=drawn["unit_ids"].str.split("; ")).explode("cell")[["hotspot_id", "cell"]]
    quarters = _quarters(tables, drawn, _window_cells(tables, drawn), moment)
    rows = drawn.join(_places(tables, drawn, cells)).merge(_support(tables), on="hotspot_id", how="left")
    rows = rows.join(_graded(rows)).merge(tables["hotspot_holds"], on="hotspot_id", how="left")
    rows = rows.merge(_trends(tables, drawn, quarters, moment), on="hotspot_id", how="left")
    numbers = rows.select_dtypes("float").columns.difference(["lon", "lat"])
    rows[numbers] = rows[numbers].apply(rounded)
    rows = rows.rename(
        columns={"centre_unit_id": "centre_cell", "unit_ids": "cells", "exposure": "workers_exposed"}
    )
    order = ["category", "hotspot_class", "hotspot_id"]
    return {"hotspots": rows.sort_values(order, ignore_index=True), "hotspot_quarters": _said(quarters)}


def _places(tables: Tables, drawn: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return outline, middle, areas and sites of each hotspot, in the order of `drawn`."""
    shapes = [
        shapely.union_all(
            [shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]) for cell in ids]
        )
        for ids in drawn["unit_ids"].str.split("; ")
    ]
    middle = shapely.point_on_surface(np.array(shapes, dtype=object))
    inside = cells.merge(exposed_sites(tables), left_on="cell", right_on="h3_r6")
    most = inside.groupby(["hotspot_id", "province_pcode"])["workers_exposed"].sum().reset_index()
    most = most.sort_values(["workers_exposed", "province_pcode"]).drop_duplicates("hotspot_id", keep="last")
    territories = (
        inside.dropna(subset=["territory_pcode"])
        .sort_values("territory_pcode")
        .drop_duplicates(["hotspot_id", "territory_pcode"])
        .groupby("hotspot_id")["territory_pcode"]
        .agg("; ".join)
    )
    ids = drawn["hotspot_id"]
    return pd.DataFrame(
        {
            "geometry": [shapely.to_wkb(shape) for shape in shapes],
            "lon": shapely.get_x(middle).round(5),
            "lat": shapely.get_y(middle).round(5),
            "province_pcode": ids.map(most.set_index("hotspot_id")["province_pcode"]),
            "territory_pcodes": ids.map(territories),
            "site_count": ids.map(inside.groupby("hotspot_id").size()).fillna(0),
        },
        index=drawn.index,
    )


def _window_cells(tables: Tables, drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of each hotspot's whole window: its outline keeps only those with an excess."""
    units = tables["tested_cells"]
    places = units[["x_m", "y_m"]].to_numpy()
    centre = pd.Index(units["unit_id"]).get_indexer(pd.Index(drawn["centre_unit_id"]))
    inside = cKDTree(places).query_ball_point(
        places[centre], drawn["radius_m"].to_numpy(float), return_sorted=True
    )
    cells = [units["unit_id"].to_numpy(dtype=object)[which].tolist() for which in inside]
    return drawn[["hotspot_id"]].assign(cell=cells).explode("cell", ignore_index=True)


def _support(tables: Tables) -> pd.DataFrame:
    """Return the events of each hotspot, weighted by age and by their share of the draws."""
    shares = tables["hotspot_events"].merge(tables["known_events"][["event_id", "fresh"]], on="event_id")
    weighed = (shares["share"].astype(float) * shares["fresh"]).groupby(shares["hotspot_id"]).sum()
    return weighed.rename("effective_events").reset_index()


def _graded(rows: pd.DataFrame) -> pd.DataFrame:
    support = rows.rename(columns={"effective_events": "n_eff"})
    return grades(support[["n_eff", "source_count", "located_pct", "stability"]], "hotspot")


def _dated(tables: Tables, moment: Moment) -> pd.DataFrame:
    """Return the events whose date is known to a quarter, with the quarter of the window they lie in."""
    known = tables["known_events"]
    dated = known[known["date_precision"] != "year"]
    return dated.assign(quarter_start=moment.quarter_of(dated["happened_on"]))


def _looked_for(tables: Tables, drawn: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """Return the visits to a hotspot that looked for its category and found none."""
    none_found = tables["observations"][tables["observations"]["severity"].isna()]
    own = visits.merge(drawn[["hotspot_id", "category"]], on="hotspot_id")
    return own.merge(none_found[["visit_id", "category"]], on=["visit_id", "category"])


def _quarters(tables: Tables, drawn: pd.DataFrame, cells: pd.DataFrame, moment: Moment) -> pd.DataFrame:
    """Return one row a hotspot and quarter, each count 0 where there is none.

    Counts: events, all_events, visits, sources, looked_for (visits that looked for its category, in vain).
    """
    starts = moment.quarter_starts()
    ids = sorted(cells["hotspot_id"].unique())
    whole = pd.MultiIndex.from_product([ids, starts], names=["hotspot_id", "quarter_start"])
    known = _dated(tables, moment)
    keys = ["hotspot_id", "quarter_start"]
    own = tables["hotspot_events"].merge(known[["event_id", "quarter_start", "source_groups"]], on="event_id")
    # An event lies in one cell: counted there first, for a window has many events and few cells.
    located = known[["cell", "quarter_start", "source_groups"]].dropna(subset=["cell", "quarter_start"])
    of_cells = located.groupby(["cell", "quarter_start"]).size().rename("all_events").reset_index()
    heard = exploded(located, "source_groups")[["cell", "quarter_start", "one"]].drop_duplicates()
    visits = tables["site_visits"].merge(tables["sites"][["site_id", "h3_r6"]], on="site_id")
    visits = visits.assign(quarter_start=moment.quarter_of(visits["visited_on"]))
    visits = cells.merge(visits, left_on="cell", right_on="h3_r6")
    # A vague event of its own has sources, though no cell.
    mostly = exploded(own[own["share"] >= _MOSTLY], "source_groups")[[*keys, "one"]]
    heard = pd.concat([cells.merge(heard, on="cell")[[*keys, "one"]], mostly])
    counts = pd.DataFrame(
        {
            "looked_for": _looked_for(tables, drawn, visits).groupby(keys).size(),
            "events": own.groupby(keys)["share"].sum().astype(float),
            "all_events": cells.merge(of_cells, on="cell").groupby(keys)["all_events"].sum(),
            "visits": visits.groupby(keys).size(),
            "sources": heard.groupby(keys)["one"].nunique(),
        }
    )
    counts = counts.reindex(whole).fillna(0.0).reset_index()
    # Vague events have a share in the window, but no cell.
    return counts.assign(all_events=counts[["events", "all_events"]].max(axis=1))


def _said(quarters: pd.DataFrame) -> pd.DataFrame:
    """Return `hotspot_quarters`: no zero, but why there is nothing."""
    looked = quarters["looked_for"] > 0
    absence = pd.Series(np.where(looked, "none_found", "not_reported"), dtype="string")
    return quarters.assign(
        events=rounded(quarters["events"].where(quarters["events"] > 0)),
        all_events=rounded(quarters["all_events"].where(quarters["all_events"] > 0)),
        visits=missing_if_zero(quarters["visits"]),
        sources=missing_if_zero(quarters["sources"]),
        absence=absence.where(quarters["events"] == 0),
    )


def _trends(tables: Tables, drawn: pd.DataFrame, quarters: pd.DataFrame, moment: Moment) -> pd.DataFrame:
    known = _dated(tables, moment)
    tested = known[known["is_in_window"] & (known["tested_as"] != "not_tested")]
    tested = tested.rename(columns={"quarter_start": "quarter"})
    each = exploded(tested[["categories", "quarter"]], "categories")
    each = each.rename(columns={"one": "category_tested"})
    counts = each.groupby(["category_tested", "quarter"]).size().rename("events")
    whole = pd.MultiIndex.from_product([sorted(drawn["category"].unique()), moment.quarter_starts()])
    totals = counts.reindex(whole, fill_value=0).rename_axis(["category", "quarter"]).reset_index()
    everything = tested.groupby("quarter").size().reindex(moment.quarter_starts(), fill_value=0)
    windows = quarters.rename(columns={"quarter_start": "quarter", "events": "observed"})
    windows = windows.merge(drawn[["hotspot_id", "category"]], on="hotspot_id")
    found = trends(
        windows[["hotspot_id", "category", "quarter", "observed"]],
        totals,
        _effort(windows),
        _passes(tables, drawn, windows, totals, everything),
        method=moment.method,
    )
    found["rate_change_pct"] = 100 * (found["rate_ratio_per_year"] - 1)
    return found.rename(columns={"p": "trend_p"})[
        ["hotspot_id", "trend_class", "trend_p", "rate_change_pct", "effort_change_pct", "has_arrow"]
    ]


def _effort(windows: pd.DataFrame) -> pd.DataFrame:
    """Return visits and sources by quarter; missing for a hotspot of which one half of the time has neither.

    That nobody is known to have looked is no effort of zero.
    """
    effort = windows[["hotspot_id", "quarter", "visits", "sources"]]
    half = effort["quarter"].rank(method="dense") > effort["quarter"].nunique() / 2
    any_effort = (effort["visits"] + effort["sources"]).groupby([effort["hotspot_id"], half]).transform(
        "sum"
    ) > 0
    is_known = any_effort.groupby(effort["hotspot_id"]).transform("all")
    return effort.assign(visits=effort["visits"].where(is_known), sources=effort["sources"].where(is_known))


def _passes(
    tables: Tables, drawn: pd.DataFrame, windows: pd.DataFrame, totals: pd.DataFrame, everything: pd.Series
) -> pd.DataFrame:
    """Return whether each window passes its own test, at the cut-off of the whole, in each half of the time."""
    starts = everything.index
    halves = {"first": starts[: len(starts) // 2], "second": starts[len(starts) // 2 :]}
    cut = tables["tested_themes"].iloc[0]
    exposure_share = drawn["exposure"] / tables["tested_cells"]["exposure"].sum()
    of_class = drawn["hotspot_class"].to_numpy()
    # Vague reports have no cell: each half has as large a part of all in the window as of the located ones.
    located = windows.groupby("hotspot_id")["all_events"].sum()
    scale = (drawn["report_count"] / drawn["hotspot_id"].map(located)).to_numpy(float)
    passes = {}
    for half, quarters in halves.items():
        inside = windows[windows["quarter"].isin(quarters)].groupby("hotspot_id")
        observed = np.round(drawn["hotspot_id"].map(inside["observed"].sum()).to_numpy(float))
        near = np.round(scale * drawn["hotspot_id"].map(inside["all_events"].sum()).to_numpy(float))
        theme = totals[totals["quarter"].isin(quarters)].groupby("category")["events"].sum()
        total = drawn["category"].map(theme).to_numpy(float)
        reports = float(everything.loc[quarters].sum())
        observed = np.minimum(observed, total)  # shares of draws may round up
        rate = binomial_tail(observed, total, exposure_share.to_numpy(float))
        share = hypergeometric_tail(observed, reports, total, np.clip(near, observed, reports))
        passes[half] = np.select(
            [of_class == "distinctive", of_class == "confirmed"],
            [share <= cut["cut_off_share"], np.maximum(rate, share) <= cut["cut_off_confirmed"]],
            rate <= cut["cut_off_rate"],
        )
    return pd.DataFrame(
        {
            "hotspot_id": drawn["hotspot_id"].to_numpy(),
            "passes_recent": passes["second"],
            "passes_before": passes["first"],
            "passes_first_half": passes["first"],
            "passes_second_half": passes["second"],
        }
    )
