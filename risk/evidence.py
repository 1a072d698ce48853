"""Evidence on sites, made ready for scoring: the latest finding, how much it weighs, what is typical.

Old evidence moves to the typical value of the same kind of site, never to zero (exponential discounting of
evidence towards a prior, as in Bühlmann's credibility 1967). What was not assessed is no row, and no zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from risk.means import WORST, Flags, Floats, Ints
from risk.method import METHOD, Method
from risk.vocabulary import ALL_CATEGORIES

# A typical value is read off at least so many sites; below, off all kinds; below, the middle of the scale.
PRIOR_MIN_SITES: Final = 3
PRIOR_OF_NOBODY: Final = 5.0
_OBSERVED: Final = ("site_id", "kind", "category", "x", "age_months", "reliability")


@dataclass(frozen=True)
class Evidence:
    """What is known of sites, as arrays sorted by site, category and criterion.

    `findings` has site, theme, criterion (numbers), x, age_months, reliability, half_life_months, prior,
    pool_start, pool_count. `pool` holds the values the typical ones were read off. `incidents` has site,
    theme (the last number is all together); rr and rr_shape are pair × imputation.
    """

    site_ids: list[str]
    categories: list[str]
    findings: pd.DataFrame
    pool: Floats
    criterion_weights: Floats
    theme_weights: Floats
    incidents: pd.DataFrame
    rr: Floats
    rr_shape: Floats
    floored: Flags


def prepare(
    observations: pd.DataFrame,
    incident_rr: pd.DataFrame | None,
    worst_forms: pd.DataFrame | None,
    theme_weights: Mapping[str, float] | None,
    method: Method,
) -> Evidence:
    """Return the evidence of all sites; the order of rows does not matter.

    Frames are as `risk.scores.site_scores` takes them. Raises ValueError as it says there.
    """
    found = latest_findings(observations)
    told = _incidents(incident_rr)
    worst = _worst_forms(worst_forms, method)
    site_ids = sorted({*found["site_id"], *told["site_id"], *worst["site_id"]})
    categories = sorted(
        {*found["category"], *told["category"], *worst["category"]} - {ALL_CATEGORIES},
    )
    pool, found = _with_priors(found)
    found = found.assign(
        site=_numbers(found["site_id"], site_ids),
        theme=_numbers(found["category"], categories),
        half_life_months=half_lives(found, method),
    ).sort_values(["site", "theme", "criterion"], ignore_index=True)
    weights = found.groupby("criterion")["weight"].first().to_numpy(dtype=float)
    floored = np.zeros((len(site_ids), len(categories)), dtype=bool)
    floored[_numbers(worst["site_id"], site_ids), _numbers(worst["category"], categories)] = True
    pairs, rr, shape = _by_imputation(told, site_ids, [*categories, ALL_CATEGORIES])
    return Evidence(
        site_ids,
        categories,
        found,
        pool,
        weights,
        _theme_weights(theme_weights, categories),
        pairs,
        rr,
        shape,
        floored,
    )


def latest_findings(observations: pd.DataFrame) -> pd.DataFrame:
    """Return one row a site, category and criterion: the latest finding.

    Of two of one age the more reliable stands, of two alike the worse. `criterion` is the category where
    it is not given, `weight` 1. Raises ValueError for a missing or impossible value, for a site of two
    kinds and for a criterion of two weights.
    """
    _needs(observations, _OBSERVED, "observations")
    rows = observations.loc[:, list(_OBSERVED)].copy()
    rows["kind"] = rows["kind"].astype(object).where(rows["kind"].notna(), "unknown")
    for name in ("x", "age_months", "reliability"):
        rows[name] = rows[name].astype(float)
    rows["criterion"] = _given(observations, "criterion", rows["category"])
    rows["weight"] = _given(observations, "weight", 1.0).astype(float)
    rows["is_structural"] = _given(observations, "is_structural", False).astype(bool)
    _refuse(rows, rows["category"] == ALL_CATEGORIES, "a finding belongs to one category, not to ALL")
    _refuse(rows, ~rows["x"].between(0, WORST), "x is not between 0 and 10; leave out what was not assessed")
    _refuse(rows, ~rows["age_months"].between(0, np.inf, "left"), "age_months is missing or below 0")
    _refuse(rows, ~rows["reliability"].between(0, 1, "right"), "reliability is not above 0 and up to 1")
    _refuse(rows, ~rows["weight"].between(0, np.inf, "neither"), "the weight of a criterion is not above 0")
    _one_each(rows, ["site_id"], "kind")
    _one_each(rows, ["category", "criterion"], "weight")
    order = ["site_id", "category", "criterion", "age_months", "reliability", "x"]
    rows = rows.sort_values(order, ascending=[True, True, True, True, False, False])
    return rows.drop_duplicates(["site_id", "category", "criterion"], ignore_index=True)


def evidence_weights(
    age_months: pd.Series | Floats, reliability: pd.Series | Floats, half_life_months: pd.Series | Floats
) -> Floats:
    """Return w = 2^(−age/h)·R, 0 to 1: halved with each half-life.

    >>> evidence_weights(np.array([0.0, 12.0]), np.array([1.0, 0.8]), np.array([12.0, 12.0])).tolist()
    [1.0, 0.4]
    """
    age, half_life = np.asarray(age_months, dtype=float), np.asarray(half_life_months, dtype=float)
    weights: Floats = np.exp2(-age / half_life) * np.asarray(reliability, dtype=float)
    return weights


def half_lives(findings: pd.DataFrame, method: Method = METHOD) -> Floats:
    """Return the half-life of each finding in months: of its category, or longer where it is structural."""
    by_category = findings["category"].map(dict(method.half_life_by_category)).astype(float)
    found = by_category.fillna(method.half_life_months)
    return found.mask(findings["is_structural"], method.half_life_structural_months).to_numpy()


def priors(observations: pd.DataFrame) -> pd.DataFrame:
    """Return what is typical, one row a kind of site, category and criterion.

    Columns: kind, category, criterion, prior (0 to 10, the median of the latest findings), prior_site_count
    (sites it was read off), prior_scope: 'kind'; 'all kinds' where fewer than three sites of the kind were
    assessed; 'nobody' where fewer than three were at all: then the middle of the scale, 5.
    """
    found = _with_priors(latest_findings(observations))[1]
    key = ["kind", "category", "criterion_id"]
    columns = [*key, "prior", "prior_site_count", "prior_scope"]
    rows = found.drop_duplicates(key).sort_values(key)[columns]
    return rows.rename(columns={"criterion_id": "criterion"}).reset_index(drop=True)


def _with_priors(found: pd.DataFrame) -> tuple[Floats, pd.DataFrame]:
    """Return the values typical ones are read off, and the findings with their prior and part of these.

    `criterion` becomes a number; the id stays as `criterion_id`.
    """
    wide = ["category", "criterion"]
    found = found.assign(
        criterion_id=found["criterion"],
        criterion=found.groupby(wide).ngroup(),
        own=found.groupby(["kind", *wide]).ngroup(),
    )
    by_kind, by_all = _medians(found, "own"), _medians(found, "criterion")
    own = by_kind.loc[found["own"]].reset_index(drop=True)
    anyone = by_all.loc[found["criterion"]].reset_index(drop=True)
    anyone["pool_start"] += len(found)
    has_own, has_any = own["count"] >= PRIOR_MIN_SITES, anyone["count"] >= PRIOR_MIN_SITES
    used = own.where(has_own, anyone)
    enough = has_own | has_any
    found["prior"] = used["median"].where(enough, PRIOR_OF_NOBODY)
    found["prior_site_count"] = used["count"].where(enough, 0).astype("int64")
    found["pool_start"] = used["pool_start"].where(enough, 0).astype("int64")
    found["pool_count"] = found["prior_site_count"]
    found["prior_scope"] = np.select([has_own, has_any], ["kind", "all kinds"], "nobody")
    pools = [found.sort_values([group, "x"])["x"].to_numpy() for group in ("own", "criterion")]
    return np.concatenate(pools), found


def _medians(found: pd.DataFrame, group: str) -> pd.DataFrame:
    """Return median, count and where its values start among the values sorted by group."""
    rows = found.groupby(group)["x"].agg(["median", "count"])
    return rows.assign(pool_start=rows["count"].cumsum() - rows["count"])


def _incidents(incident_rr: pd.DataFrame | None) -> pd.DataFrame:
    columns = ["site_id", "category", "imputation", "rr", "rr_shape"]
    if incident_rr is None:
        return pd.DataFrame(columns=columns)
    _needs(incident_rr, ("site_id", "category", "rr"), "incident_rr")
    rows = incident_rr[["site_id", "category"]].assign(
        imputation=_given(incident_rr, "imputation", 0),
        rr=incident_rr["rr"].astype(float),
        rr_shape=_given(incident_rr, "rr_shape", np.nan).astype(float),
    )
    _refuse(rows, ~rows["rr"].between(0, np.inf, "left"), "rr is missing or below 0; leave the row out")
    _refuse(rows, rows["rr_shape"] <= 0, "rr_shape is not above 0; leave it missing where it is not known")
    twice = rows.duplicated(["site_id", "category", "imputation"])
    _refuse(rows, twice, "rr stands twice for one site and category; number the draws in 'imputation'")
    return rows


def _by_imputation(
    told: pd.DataFrame, site_ids: list[str], categories: list[str]
) -> tuple[pd.DataFrame, Floats, Floats]:
    rows = told.assign(site=_numbers(told["site_id"], site_ids), theme=_numbers(told["category"], categories))
    rows = rows.sort_values(["site", "theme", "imputation"])
    count = max(1, rows["imputation"].nunique())
    pairs = rows[["site", "theme"]].drop_duplicates(ignore_index=True).astype("int64")
    if len(rows) != len(pairs) * count:
        raise ValueError("rr is missing for some imputations of a site and category; give it for every one")
    return (
        pairs,
        rows["rr"].to_numpy(dtype=float).reshape(len(pairs), count),
        rows["rr_shape"].to_numpy(dtype=float).reshape(len(pairs), count),
    )


def _worst_forms(worst_forms: pd.DataFrame | None, method: Method) -> pd.DataFrame:
    columns = ("site_id", "category", "age_months")
    if worst_forms is None:
        return pd.DataFrame(columns=list(columns))
    _needs(worst_forms, columns, "worst_forms")
    ages = worst_forms["age_months"].astype(float)
    all_together = worst_forms["category"] == ALL_CATEGORIES
    _refuse(worst_forms, all_together, "a worst form belongs to one category, not to ALL")
    _refuse(worst_forms, ~ages.between(0, np.inf, "left"), "age_months is missing or below 0")
    return worst_forms.loc[ages <= method.floor_months, list(columns)]


def _theme_weights(weights: Mapping[str, float] | None, categories: list[str]) -> Floats:
    if weights is None:
        return np.ones(len(categories))
    missing = [name for name in categories if not weights.get(name, 0) > 0]
    if missing:
        raise ValueError(f"no weight above 0 for {', '.join(missing)}; give one for every category")
    return np.array([weights[name] for name in categories], dtype=float)


def _given(rows: pd.DataFrame, name: str, default: Any) -> pd.Series:
    """Return a column, with `default` where it or a value of it is missing."""
    fallback = default if isinstance(default, pd.Series) else pd.Series(default, index=rows.index)
    return fallback if name not in rows else rows[name].where(rows[name].notna(), fallback)


def _numbers(values: pd.Series, names: list[str]) -> Ints:
    return pd.Index(names, dtype=object).get_indexer(pd.Index(values, dtype=object)).astype("int64")


def _one_each(rows: pd.DataFrame, key: list[str], column: str) -> None:
    several = rows.drop_duplicates([*key, column]).duplicated(key)
    _refuse(rows.loc[several.index], several, f"has more than one {column}; give one")


def _needs(frame: pd.DataFrame, columns: tuple[str, ...], name: str) -> None:
    missing = [column for column in columns if column not in frame]
    if missing:
        raise ValueError(f"{name} lacks {', '.join(missing)}; add the column")
    if frame[["site_id", "category"]].isna().any(axis=None):
        raise ValueError(f"{name} has a row without site_id or category; leave it out")


def _refuse(rows: pd.DataFrame, is_wrong: pd.Series, problem: str) -> None:
    """Raise ValueError that names the first of the rows that are wrong."""
    if bool(is_wrong.any()):
        first = rows[is_wrong.to_numpy(dtype=bool)].iloc[0]
        raise ValueError(f"site {first['site_id']}, {first.get('category', '')}: {problem}")
