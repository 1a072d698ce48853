"""Territories and provinces by three numbers, never one: mean risk, burden and coverage.

A mean alone hides a bad site among many good ones, and an area nobody looked at. A verified finding that
asks for an answer at once raises a flag that no mean takes away (OECD Due Diligence Guidance 2016, Annex II).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from risk.means import Floats
from risk.method import METHOD, Method
from risk.uncertainty import Draws

_INTERVALS: Final = ("mean_score_low", "mean_score_high", "burden_workers_low", "burden_workers_high")
_NEEDED: Final = ("site_id", "area_id", "workers_exposed", "score")
_AGE: Final = "assessed_age_months"


def area_scores(
    sites: pd.DataFrame,
    findings: pd.DataFrame | None = None,
    *,
    draws: Draws | None = None,
    areas: Sequence[str] | None = None,
    method: Method = METHOD,
) -> pd.DataFrame:
    """Return the scores of areas, one row an area, sorted by id; territories and provinces alike.

    sites: site_id (one row each), area_id (missing: in no area), workers_exposed, score (0 to 100),
    assessed_age_months (months since the latest assessment; the column may be left out); the last three may be missing.
    findings: site_id, track, verification, is_open (missing: open). draws: of `draw_scores`, for the intervals.
    areas: ids that get a row also where no site is known.

    Columns: area_id, site_count and scored_site_count (missing, not 0, where there are none),
    workers_exposed, mean_score = Σ n S / Σ n over the sites with a score and workers, burden_workers (at
    sites with S ≥ 70; a 0 means that no scored site reaches it, and where only sites whose workers nobody
    counted reach it the burden is missing; 0 workers are nobody), both with _low and _high (5 and 95 % of
    the draws), assessed_workers_pct (share of the workers at sites assessed within 18 months; only with the ages),
    has_immediate_finding (missing without `findings`: nobody knows) and immediate_count (open, verified
    findings of the immediate track; missing for none), area_state: 'scored', or 'insufficient' where no site has both score and workers: then the mean
    and the burden are missing. Raises ValueError for a site that stands twice, for a finding at a site that
    is not in `sites`, and for scores or workers out of range.
    """
    _refuse(sites)
    known = sites.dropna(subset=["area_id"]).sort_values("site_id")
    ids = sorted({*known["area_id"].astype(str), *(areas or ())})
    index = pd.Index(ids, dtype="string", name="area_id")
    area = known["area_id"].astype("string")
    counted = known["workers_exposed"].astype("Float64").astype(float)
    workers = counted.where(counted > 0)
    score = known["score"].astype("Float64").astype(float)
    weight = workers.where(score.notna())
    sums = pd.DataFrame(
        {
            "site_count": pd.Series(1, index=known.index),
            "scored_site_count": score.notna().astype(int),
            "workers": workers,
            "weight": weight,
            "weighted": weight * score,
            "burden": weight.where(score >= method.burden_score, 0.0 * weight),
            "uncounted": ((score >= method.burden_score) & counted.isna()).astype(int),
        }
    )
    found = sums.groupby(area).sum(min_count=1).reindex(index)
    rows = pd.DataFrame(
        {
            "site_count": _counts(found["site_count"]),
            "scored_site_count": _counts(found["scored_site_count"]),
            "workers_exposed": found["workers"].astype("Float64"),
            "mean_score": (found["weighted"] / found["weight"]).clip(0, 100).astype("Float64"),
            "burden_workers": found["burden"].astype("Float64"),
        },
        index=index,
    )
    if _AGE in known:
        is_fresh = known[_AGE].astype("Float64").astype(float) <= method.assessed_months
        assessed = workers.where(is_fresh, 0.0 * workers).groupby(area).sum(min_count=1).reindex(index)
        rows["assessed_workers_pct"] = (100 * assessed / found["workers"]).astype("Float64")
    rows["area_state"] = (
        rows["mean_score"].isna().map({True: "insufficient", False: "scored"}).astype("string")
    )
    rows["immediate_count"] = _counts(_immediate(findings, sites).reindex(index))
    is_told = pd.Series(findings is not None, index, dtype="boolean")
    rows["has_immediate_finding"] = rows["immediate_count"].notna().astype("boolean").where(is_told)
    low_high = _intervals(draws, known.assign(weight=weight), index, method)
    is_unknown = (found["uncounted"] > 0) & (found["burden"] == 0)
    rows["burden_workers"] = rows["burden_workers"].mask(is_unknown)
    low_high.loc[is_unknown, ["burden_workers_low", "burden_workers_high"]] = pd.NA
    return rows.join(low_high).reset_index()


def _immediate(findings: pd.DataFrame | None, sites: pd.DataFrame) -> pd.Series:
    """Return the number of open, verified findings of the immediate track by area; none: not in it."""
    if findings is None:
        return pd.Series(dtype="Int64")
    unknown = sorted({*findings["site_id"].astype(str)} - {*sites["site_id"].astype(str)})
    if unknown:
        raise ValueError(f"a finding is at {unknown[0]}, which is not among the sites; add the site")
    is_open = findings["is_open"].fillna(True).astype(bool)
    urgent = findings[is_open & (findings["verification"] == "verified") & (findings["track"] == "immediate")]
    area_of = sites.set_index(sites["site_id"].astype(str))["area_id"].astype("string")
    counts: pd.Series = urgent["site_id"].astype(str).map(area_of).value_counts()
    return counts


def _intervals(draws: Draws | None, known: pd.DataFrame, index: pd.Index, method: Method) -> pd.DataFrame:
    """Return the intervals of mean and burden; missing without draws and where nothing is scored."""
    empty = pd.DataFrame(np.nan, index=index, columns=list(_INTERVALS)).astype("Float64")
    if draws is None:
        return empty
    rows = known[known["weight"].notna()]
    place = pd.Index(draws.site_ids, dtype=object).get_indexer(pd.Index(rows["site_id"].astype(object)))
    if (place < 0).any():
        missing = rows["site_id"].to_numpy()[place < 0][0]
        raise ValueError(f"site {missing} has a score and no draws; draw from the same evidence")
    if rows.empty:
        return empty
    area = index.get_indexer(pd.Index(rows["area_id"].astype("string")))
    drawn = draws.scores[place]
    weights = csr_array(
        (rows["weight"].to_numpy(dtype=float), (area, np.arange(len(rows)))), shape=(len(index), len(rows))
    )
    total = weights.sum(axis=1)
    has = total > 0
    mean = (weights @ drawn)[has] / total[has, None]
    burden = (weights @ (drawn >= method.burden_score).astype(np.float32))[has]
    ends: list[Floats] = [
        end for values in (mean, burden) for end in np.quantile(values, method.interval, axis=1)
    ]
    for name, values in zip(_INTERVALS, ends, strict=True):
        empty.loc[has, name] = values
    return empty


def _counts(values: pd.Series) -> pd.Series:
    """Return whole numbers, missing where nothing was counted."""
    found = values.astype("Float64").astype("Int64")
    return found.mask((found == 0).fillna(False))


def _refuse(sites: pd.DataFrame) -> None:
    missing = [name for name in _NEEDED if name not in sites]
    if missing:
        raise ValueError(f"sites lack {', '.join(missing)}; add the column")
    if sites["site_id"].isna().any() or sites["site_id"].duplicated().any():
        raise ValueError("a site has no id or stands twice; give one row a site")
    limits = {"workers_exposed": np.inf, "score": 100, _AGE: np.inf}
    for name, top in ((name, top) for name, top in limits.items() if name in sites):
        values = sites[name].astype("Float64").dropna()
        if not values.between(0, top).all():
            raise ValueError(f"{name} has a value outside 0 to {top:g}; leave it missing where not known")
