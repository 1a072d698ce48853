"""Rates of sites, territories and provinces over the window, and events by quarter for every grain.

A site counts the events reported at it; an area those known to lie in it, however vaguely. Cells have
theirs from the hotspot test, where vague events are drawn over the cells they may lie in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from pipelines.measuring.events import exploded, rounded
from pipelines.measuring.moment import Moment
from risk.grades import grades
from risk.rates import fit_prior, relative_risk
from risk.vocabulary import ALL_CATEGORIES, CATEGORIES

Tables = Mapping[str, pd.DataFrame]
UNIT_COLUMNS: Final = {
    "cell": "cell",
    "site": "site_id",
    "territory": "territory_pcode",
    "province": "province_pcode",
}
_WITH_ALL: Final = (ALL_CATEGORIES, *CATEGORIES)


def by_category(events: pd.DataFrame) -> pd.DataFrame:
    """Return one row an event and category it counts under, `theme`: each of its own, and ALL."""
    needed = events[["categories", "source_groups", "is_near", "fresh", *UNIT_COLUMNS.values()]]
    if "quarter_start" in events:
        needed = needed.assign(quarter_start=events["quarter_start"])
    each = exploded(needed, "categories").rename(columns={"one": "theme"})
    return pd.concat([each, needed.assign(theme=ALL_CATEGORIES)], ignore_index=True)


def risk_measures(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `risk_measures` of all four grains, and `site_ratios`, what the scores of sites take from them."""
    events = tables["known_events"]
    themed = by_category(events[events["is_in_window"]])
    exposed = tables["sites"].merge(tables["site_exposures"], on="site_id")
    grains = [pd.DataFrame()]
    for grain in ("site", "territory", "province"):
        column = UNIT_COLUMNS[grain]
        workers = exposed.dropna(subset=[column]).groupby(column)["workers_exposed"].sum(min_count=1)
        counted = _counted(themed, column, workers.index, tables, grain)
        grains.append(_rated(counted, workers, moment).assign(grain=grain))
        grains[-1]["grade"] = _graded(grains[-1])
    cells = tables["cell_measures"]
    grains[0] = cells.assign(grade=_graded(cells))
    ratios = grains[1][grains[1]["events"].notna() & grains[1]["rr"].notna()]
    ratios = ratios[["unit_id", "category", "rr", "rr_shape"]].rename(columns={"unit_id": "site_id"})
    measures = pd.concat(grains, ignore_index=True)
    measures["absence"] = _why(tables, measures, moment).where(measures["events"].isna())
    return {
        "risk_measures": measures.sort_values(["grain", "unit_id", "category"], ignore_index=True),
        "site_ratios": ratios,
    }


def risk_quarters(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `risk_quarters`: events by stretch of three months, where the date is known to a quarter."""
    events = tables["known_events"]
    dated = events[events["is_in_window"] & (events["date_precision"] != "year")]
    themed = by_category(dated.assign(quarter_start=moment.quarter_of(dated["happened_on"])))
    found = []
    for grain, column in UNIT_COLUMNS.items():
        keys = [column, "theme", "quarter_start"]
        counts = themed.dropna(subset=keys).groupby(keys, observed=True).size().reset_index(name="events")
        found.append(counts.rename(columns={column: "unit_id", "theme": "category"}).assign(grain=grain))
    quarters = pd.concat(found, ignore_index=True)
    return {"risk_quarters": quarters.sort_values(["grain", "unit_id", "category", "quarter_start"])}


def _why(tables: Tables, measures: pd.DataFrame, moment: Moment) -> pd.Series:
    """Return why each unit and category would have no event, by who looked for that category there.

    That something else was reported or looked for is no sign that somebody looked for this.
    """
    absences = tables["coverage"].set_index(["grain", "unit_id"])["absence"]
    found = absences.reindex(pd.MultiIndex.from_frame(measures[["grain", "unit_id"]])).to_numpy()
    why = pd.Series(found, measures.index, dtype="string").fillna("not_reported")
    pairs = pd.MultiIndex.from_frame(measures[["grain", "unit_id", "category"]])
    is_clear = pairs.isin(_looked_for(tables, moment)) & why.isin(["none_found", "not_reported"])
    is_one = measures["category"] != ALL_CATEGORIES
    why = why.mask(is_one & (why == "none_found"), "not_reported")
    return why.mask(is_one & is_clear, "none_found")


def _looked_for(tables: Tables, moment: Moment) -> pd.MultiIndex:
    """Return grain, unit and category where visits of the window looked, and none of them found any."""
    visits = tables["site_visits"]
    visits = visits[(visits["visited_on"] >= moment.start) & (visits["visited_on"] <= moment.end)]
    seen = tables["observations"].merge(visits[["visit_id", "site_id"]], on="visit_id")
    seen = seen.merge(tables["sites"], on="site_id")
    parts = []
    for grain, column in {**UNIT_COLUMNS, "cell": "h3_r6"}.items():
        severities = seen.dropna(subset=[column]).groupby([column, "category"])["severity"].count()
        pairs = severities[severities == 0].reset_index().rename(columns={column: "unit_id"})
        parts.append(pairs.assign(grain=grain))
    clear = pd.concat(parts, ignore_index=True)
    return pd.MultiIndex.from_frame(clear[["grain", "unit_id", "category"]])


def _counted(themed: pd.DataFrame, column: str, units: pd.Index, tables: Tables, grain: str) -> pd.DataFrame:
    """Return one row a unit and category: events, source_count, located_pct, n_eff."""
    table, key = {"territory": ("territories", column), "province": ("provinces", column)}.get(
        grain, ("sites", "site_id")
    )
    everywhere = tables[table][key].astype("string")
    if grain == "province":
        # The provinces of the edition's own territories: of the others nothing is on record at all.
        everywhere = tables["territories"][key].astype("string").drop_duplicates()
    known = themed.dropna(subset=[column])
    groups = known.groupby([column, "theme"], observed=True)
    counts = pd.DataFrame(
        {
            "events": groups.size(),
            "located_pct": 100 * groups["is_near"].mean(),
            "n_eff": groups["fresh"].sum(),
        }
    )
    heard = exploded(known[[column, "theme", "source_groups"]], "source_groups")
    counts["source_count"] = heard.groupby([column, "theme"])["one"].nunique().reindex(counts.index)
    ids = pd.Index(pd.concat([everywhere, pd.Series(units, dtype="string")]).dropna().unique()).sort_values()
    whole = counts.reindex(pd.MultiIndex.from_product([ids, _WITH_ALL], names=["unit_id", "category"]))
    return whole.reset_index().astype({"unit_id": "string", "category": "string"})


def _rated(counted: pd.DataFrame, workers: pd.Series, moment: Moment) -> pd.DataFrame:
    """Return `counted` with exposure, expected, relative risk and grade, category by category."""
    exposure = counted["unit_id"].map(workers).astype("Float64")
    rated = counted.assign(workers_exposed=exposure.mask(exposure == 0))
    for name in ("expected", "rr", "rr_low", "rr_high", "rr_shape"):
        rated[name] = np.nan
    for _theme, rows in rated[rated["workers_exposed"].notna()].groupby("category"):
        counts, e = rows["events"].fillna(0).to_numpy(float), rows["workers_exposed"].to_numpy(float)
        prior = fit_prior(counts, e)
        found = relative_risk(prior, counts, e, interval=moment.method.interval)
        if not prior.mean > 0:
            continue
        rated.loc[rows.index, "expected"] = prior.mean * e
        rated.loc[rows.index, "rr"] = found.rr
        # Of a pooled category the ratio is 1 without a spread: it is taken as it is.
        rated.loc[rows.index, "rr_shape"] = np.nan if prior.is_pooled else counts + prior.alpha[0]
        if not prior.is_pooled:
            rated.loc[rows.index, "rr_low"] = found.low
            rated.loc[rows.index, "rr_high"] = found.high
    for name in ("expected", "rr", "rr_low", "rr_high", "located_pct"):
        rated[name] = rounded(rated[name])
    return rated.assign(unit_class=None)


def _graded(rated: pd.DataFrame) -> pd.Series:
    support = rated[["n_eff", "source_count", "located_pct"]].astype("Float64").fillna(0.0)
    return grades(support, "site")["grade"]
