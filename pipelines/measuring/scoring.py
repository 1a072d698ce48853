"""Scores of sites from what visits saw and what was reported, with their intervals and grades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines.measuring.events import exploded, rounded
from pipelines.measuring.finding import SEED
from pipelines.measuring.losses import without_low
from pipelines.measuring.moment import Moment
from risk.grades import effective_counts, grades
from risk.scores import bands, severity_mark, site_scores
from risk.uncertainty import draw_scores
from risk.vocabulary import ALL_CATEGORIES

Tables = Mapping[str, pd.DataFrame]
ON_SITE_INDEPENDENT: Final = 1.0
ON_SITE_PARTNER: Final = 0.8
REMOTE: Final = 0.5
_CONFIRMED: Final = ("corroborated", "verified")
_LOCATED: Final = ("pit", "site", "locality")


def findings(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `site_findings` (what visits saw, as `risk.scores` takes it) and `worst_forms`."""
    visits = tables["site_visits"]
    visits = visits[visits["visited_on"] <= moment.end]
    seen = tables["observations"].merge(visits, on="visit_id")
    seen = seen.merge(tables["sites"][["site_id", "kind"]], on="site_id")
    on_site = np.where(seen["is_independent"], ON_SITE_INDEPENDENT, ON_SITE_PARTNER)
    mark = np.zeros(len(seen))  # looked, none found
    has_severity = seen["severity"].notna().to_numpy()
    mark[has_severity] = severity_mark(seen["severity"].dropna().to_numpy(dtype=float))
    seen = seen.assign(
        x=mark,
        age_months=moment.age_months(seen["visited_on"]).astype(float),
        reliability=np.where(seen["is_on_site"], on_site, REMOTE),
    )
    columns = ["site_id", "kind", "category", "x", "age_months", "reliability", "visitor", "has_worst_form"]
    worst = seen[seen["has_worst_form"] & (seen["reliability"] == ON_SITE_INDEPENDENT)]
    deaths = tables["known_events"]
    deaths = deaths[
        deaths["verification"].isin(_CONFIRMED)
        & deaths["site_id"].notna()
        & (deaths["killed_low"] > 0).fillna(False)
    ]
    deaths = deaths.assign(age_months=moment.age_months(deaths["happened_on"]).astype(float))
    pair = ["site_id", "category", "age_months"]
    return {
        "site_findings": seen[columns],
        "worst_forms": pd.concat([worst[pair], deaths[pair]], ignore_index=True),
    }


def scores(tables: Tables, moment: Moment) -> dict[str, Any]:
    """Return `site_scores`, and `score_draws`: the draws behind their intervals."""
    seen, worst = tables["site_findings"], tables["worst_forms"]
    told = tables["site_ratios"]
    found = site_scores(seen, told, worst, method=moment.method)
    draws = draw_scores(seen, told, worst, seed=SEED, method=moment.method)
    rows = found.merge(draws.intervals, on=["site_id", "category"], how="left")
    support = _support(tables, moment)
    rows = rows.merge(support, on=["site_id", "category"], how="left")
    one_sided = ~(rows["has_assessment"] & rows["has_incidents"])
    given = rows[["n_eff", "source_count", "located_pct"]].astype("Float64").fillna(0.0)
    rows = rows.join(grades(given, "site", is_one_sided=one_sided))
    rows["band"] = without_low(bands(rows["score"], rows["grade"], method=moment.method), tables["loads"])
    rows = held_by_interval(rows, "score", most=100.0)
    for name in ("score", "score_low", "score_high", "assessment_part", "incident_part"):
        rows[name] = rounded(rows[name])
    whole: pd.DataFrame = pd.concat([rows, _unknown(tables, rows)], ignore_index=True)
    return {
        "site_scores": whole.sort_values(["site_id", "category"], ignore_index=True),
        "score_draws": draws,
    }


def held_by_interval(rows: pd.DataFrame, name: str, most: float | None = None) -> pd.DataFrame:
    """Return `rows` with the interval of `name` widened where the figure itself lies outside the draws.

    Draws allow for typical values worse than the median that the figure takes, so they may all lie above it.
    """
    low, high = rows[f"{name}_low"].astype("Float64"), rows[f"{name}_high"].astype("Float64")
    value = rows[name].astype("Float64")
    low, high = low.mask((value < low).fillna(False), value), high.mask((value > high).fillna(False), value)
    return rows.assign(**{f"{name}_low": low.clip(0, most), f"{name}_high": high.clip(0, most)})


def _unknown(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each site of which nothing is known: no score, and why."""
    sites = tables["sites"][["site_id"]]
    silent = sites[~sites["site_id"].isin(rows.loc[rows["category"] == ALL_CATEGORIES, "site_id"])]
    coverage = tables["coverage"]
    why = coverage[coverage["grain"] == "site"].set_index("unit_id")["absence"]
    return silent.assign(
        category=ALL_CATEGORIES,
        band="insufficient",
        grade="D",
        is_floored=False,
        absence=silent["site_id"].map(why).fillna("not_reported"),
    )


def _support(tables: Tables, moment: Moment) -> pd.DataFrame:
    """Return n_eff, source_count and located_pct of each site and category, and of all together."""
    seen = tables["site_findings"]
    events = tables["known_events"].dropna(subset=["site_id"])
    events = events.assign(age_months=moment.age_months(events["happened_on"]).clip(lower=0).astype(float))
    needed = events[["site_id", "categories", "source_groups", "age_months"]]
    told = exploded(needed, "categories").rename(columns={"one": "theme"})
    each = pd.concat(
        [
            seen[["site_id", "category", "age_months", "visitor"]].rename(columns={"visitor": "source"}),
            told[["site_id", "theme", "age_months"]].rename(columns={"theme": "category"}),
        ]
    )
    sources = pd.concat(
        [
            seen[["site_id", "category", "visitor"]].rename(columns={"visitor": "source"}),
            exploded(told, "source_groups")[["site_id", "theme", "one"]].rename(
                columns={"theme": "category", "one": "source"}
            ),
        ]
    )
    located = tables["sites"].set_index("site_id")["place_precision"].isin(_LOCATED) * 100.0
    parts = []
    for rows, heard in ((each, sources), (_all(each), _all(sources))):
        keys = rows["site_id"].astype(str) + "|" + rows["category"].astype(str)
        counts = effective_counts(rows.assign(unit_id=keys), method=moment.method).rename("n_eff").to_frame()
        heard = heard.assign(unit_id=heard["site_id"].astype(str) + "|" + heard["category"].astype(str))
        counts["source_count"] = heard.groupby("unit_id")["source"].nunique()
        parts.append(counts.reset_index(names="unit_id"))
    support = pd.concat(parts, ignore_index=True)
    names = support["unit_id"].astype("string").str.rsplit("|", n=1)
    support = support.assign(site_id=names.str[0].astype("string"), category=names.str[1].astype("string"))
    return support.assign(located_pct=support["site_id"].map(located)).drop(columns="unit_id")


def _all(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(category=ALL_CATEGORIES)
