"""Territories and provinces by three numbers: mean risk, burden, coverage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines.measuring.events import exploded, rounded
from pipelines.measuring.losses import without_low
from pipelines.measuring.moment import Moment
from pipelines.measuring.scoring import ON_SITE_INDEPENDENT, held_by_interval
from risk.areas import area_scores
from risk.grades import effective_counts, grades
from risk.scores import bands, severity_mark
from risk.vocabulary import ALL_CATEGORIES, CATEGORIES

Tables = Mapping[str, Any]
SERIOUS: Final = 3  # severity


def areas(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `area_scores` of territories and provinces."""
    scored = tables["site_scores"]
    scored = scored[scored["category"] == ALL_CATEGORIES][["site_id", "score", "band"]]
    # A score that is too weak to be shown is too weak to be averaged.
    score = scored["score"].mask(scored["band"] == "insufficient")
    sites = (
        tables["sites"]
        .merge(tables["site_exposures"], on="site_id")
        .merge(scored.assign(score=score)[["site_id", "score"]], on="site_id", how="left")
    )
    # A published 0 is nobody; a figure that is missing may be anybody.
    workers = sites["workers_exposed"].mask(sites["exposure_state"] == "idle", 0.0)
    sites = sites.assign(workers_exposed=workers)
    parts = []
    for grain in ("territory", "province"):
        column = f"{grain}_pcode"
        found = area_scores(
            sites.assign(area_id=sites[column])[["site_id", "area_id", "workers_exposed", "score"]],
            _immediate(tables),
            draws=tables["score_draws"],
            areas=tables["territories"][column].dropna().unique().tolist(),
            method=moment.method,
        )
        found = found.rename(columns={"area_id": "unit_id"}).assign(grain=grain)
        parts.append(found.merge(_support(tables, sites, column, moment), on="unit_id", how="left"))
    rows = pd.concat(parts, ignore_index=True)
    # One share of workers reached for coverage and scores: months there are those of the calendar.
    reached = tables["coverage"].set_index(["grain", "unit_id"])["assessed_workers_pct"]
    where = pd.MultiIndex.from_frame(rows[["grain", "unit_id"]])
    rows["assessed_workers_pct"] = reached.reindex(where).to_numpy()
    needed = ["n_eff", "source_count", "located_pct", "assessed_workers_pct"]
    rows = rows.join(grades(rows[needed].astype("Float64").fillna(0.0), "area"))
    bare = bands(rows["mean_score"], rows["grade"], method=moment.method)
    rows["band"] = without_low(bare, tables["loads"])
    rows = held_by_interval(held_by_interval(rows, "mean_score", most=100.0), "burden_workers")
    rows["absence"] = _why(tables, rows).where(rows["mean_score"].isna())
    for name in rows.columns[rows.columns.str.contains("score_|burden|mean_score|_pct")]:
        if str(rows[name].dtype) == "Float64":
            rows[name] = rounded(rows[name])
    return {"area_scores": rows.sort_values(["grain", "unit_id"], ignore_index=True)}


def _why(tables: Tables, rows: pd.DataFrame) -> pd.Series:
    """Return why each area would have no score: not visited where its sites are known, else not reported.

    Where what would tell failed to load, that is why.
    """
    coverage = tables["coverage"].set_index(["grain", "unit_id"])
    known = coverage.reindex(pd.MultiIndex.from_frame(rows[["grain", "unit_id"]])).reset_index()
    why = pd.Series("not_reported", known.index, dtype="string")
    why = why.mask(known["site_count"].notna() & known["visits"].isna(), "not_visited")
    return why.mask((known["absence"] == "failed_to_load").fillna(False), "failed_to_load")


def _immediate(tables: Tables) -> pd.DataFrame:
    """Return what independent visitors saw on site, last of each site and category, with its track.

    Child labour is of the immediate track in its worst forms; of the other categories what is serious.
    """
    seen = tables["site_findings"]
    seen = seen[seen["reliability"] == ON_SITE_INDEPENDENT]
    # Of two findings of one day the worse stands.
    order = ["site_id", "category", "age_months", "x", "has_worst_form"]
    seen = seen.sort_values(order, ascending=[True, True, True, False, False])
    latest = seen.drop_duplicates(["site_id", "category"])
    tracks = latest["category"].map({code: category.track.value for code, category in CATEGORIES.items()})
    is_urgent = (tracks == "immediate") & (latest["x"] >= severity_mark(SERIOUS))
    is_urgent |= (latest["category"] == "CHL") & latest["has_worst_form"].astype(bool)
    track = pd.Series(np.where(is_urgent, "immediate", "mitigate"), index=latest.index)
    found: pd.DataFrame = latest[["site_id"]].assign(track=track, verification="verified", is_open=True)
    return found


def _support(tables: Tables, sites: pd.DataFrame, column: str, moment: Moment) -> pd.DataFrame:
    """Return n_eff, source_count and located_pct of each area, from its events and what visits saw."""
    events = tables["known_events"].dropna(subset=[column])
    told = events.assign(unit_id=events[column], age_months=moment.age_months(events["happened_on"]))
    told["age_months"] = told["age_months"].clip(lower=0).astype(float)
    told = told[["unit_id", "age_months", "is_near", "source_groups"]]
    seen = tables["site_findings"].merge(sites[["site_id", column]], on="site_id").dropna(subset=[column])
    seen = seen.assign(unit_id=seen[column], is_near=True)
    columns = ["unit_id", "age_months", "is_near"]
    each = pd.concat([told[columns], seen[columns]], ignore_index=True)
    heard = pd.concat(
        [
            exploded(told, "source_groups")[["unit_id", "one"]],
            seen[["unit_id", "visitor"]].rename(columns={"visitor": "one"}),
        ]
    )
    support = effective_counts(each, method=moment.method).rename("n_eff").to_frame()
    support["located_pct"] = 100.0 * each["is_near"].astype(float).groupby(each["unit_id"]).mean()
    support["source_count"] = heard.groupby("unit_id")["one"].nunique()
    return support.reset_index(names="unit_id")
