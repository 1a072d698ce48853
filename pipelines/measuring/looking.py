"""Who looked where: visits to sites and reports from every cell, site, territory and province."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from pipelines.measuring.moment import Moment
from pipelines.measuring.rating import UNIT_COLUMNS
from risk.coverage import coverage, coverage_quarters
from risk.exposure import site_exposure

Tables = Mapping[str, pd.DataFrame]
_SITE_COLUMNS = {**UNIT_COLUMNS, "cell": "h3_r6"}
_FROM_FILES: Final = {
    "reports": ("incidents",),
    "sites": ("site_records",),
    # Publishers date the visits behind their site records: either table tells of visits.
    "visits": ("site_visits", "site_records"),
}


def exposures(tables: Tables, _moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `site_exposures`."""
    return {"site_exposures": site_exposure(tables["sites"])}


def looked(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `coverage` and `coverage_quarters` of all four grains."""
    sites, events = tables["sites"], tables["known_events"]
    visits = tables["site_visits"].rename(columns={"visitor": "visit_group"})
    # Of a visit that left no observation nobody knows what it looked for: it cannot have found none.
    found_none = tables["observations"].groupby("visit_id")["severity"].count() == 0
    clear = found_none.index[found_none]
    visits = visits.assign(has_finding=~visits["visit_id"].isin(clear)).merge(
        sites[["site_id", *{*_SITE_COLUMNS.values()} - {"site_id"}]], on="site_id"
    )
    reports = events[[*UNIT_COLUMNS.values(), "source_groups"]].assign(date=events["happened_on"])
    shares = _assessed(tables, moment)
    failed = failed_tables(tables)
    whole, quarters = [], []
    for grain, column in UNIT_COLUMNS.items():
        of_site = _SITE_COLUMNS[grain]
        v = visits.assign(unit_id=visits[of_site]).dropna(subset=["unit_id"])
        r = reports.assign(unit_id=reports[column]).dropna(subset=["unit_id"])
        s = sites.assign(unit_id=sites[of_site])[["unit_id", "site_id"]]
        units = tables["territories"][column].unique() if column in tables["territories"] else None
        found = coverage(v, r, s, as_of=moment.end, window_start=moment.start, units=units, failed=failed)
        whole.append(found.assign(grain=grain, assessed_workers_pct=found["unit_id"].map(shares[grain])))
        by_quarter = coverage_quarters(
            v, r, as_of=moment.end, quarter_starts=moment.quarter_starts(), failed=failed
        )
        quarters.append(by_quarter.assign(grain=grain))
    return {
        "coverage": pd.concat(whole, ignore_index=True),
        "coverage_quarters": pd.concat(quarters, ignore_index=True),
    }


def failed_tables(tables: Tables) -> tuple[str, ...]:
    """Return which of visits, reports and sites nothing could be read of, by the names of `risk.coverage`."""
    taken = tables["loads"].groupby("table_name")["rows_taken"].sum()
    return tuple(
        name for name, made_of in _FROM_FILES.items() if not any(taken.get(table, 0) > 0 for table in made_of)
    )


def _assessed(tables: Tables, moment: Moment) -> dict[str, pd.Series]:
    """Return, by grain, the share of workers at sites that were visited within 18 months, in percent."""
    visits = tables["site_visits"]
    fresh = visits[
        visits["is_on_site"]
        & (visits["visited_on"] >= moment.before(moment.method.assessed_months))
        & (visits["visited_on"] <= moment.end)
    ]
    sites = tables["sites"].merge(tables["site_exposures"], on="site_id")
    sites = sites.assign(fresh=sites["workers_exposed"].where(sites["site_id"].isin(fresh["site_id"]), 0.0))
    sites["fresh"] = sites["fresh"].where(sites["workers_exposed"].notna())
    shares = {}
    for grain, column in _SITE_COLUMNS.items():
        sums = sites.dropna(subset=[column, "workers_exposed"]).groupby(column)
        pct = (100 * sums["fresh"].sum() / sums["workers_exposed"].sum()).astype("Float64")
        # Where nothing could be read on visits, nobody knows whom they reached.
        shares[grain] = pct.iloc[:0] if "visits" in failed_tables(tables) else pct
    return shares
