"""What changed between the last two visits to a site, criterion by criterion."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from risk.method import METHOD, Method
from risk.texts import mark
from risk.trends import adjusted

REVISIT_CLASSES = {
    "worse": mark("worse than at the visit before"),
    "better": mark("better than at the visit before"),
    "no_clear_change": mark("no clear change"),
    "not_enough": mark("not enough information"),
}
# With fewer, not even all of one kind is rare by chance: 2·(1/2)⁵ = 0.06.
MIN_CHANGED = 6


def assessment_changes(findings: pd.DataFrame, *, method: Method = METHOD) -> pd.DataFrame:
    """Return what the last two visits to each site say, one row a site_id, sorted.

    `findings`: site_id, visited_on (a day), criterion, risk (more is worse; on one scale for a criterion). A
    missing risk is a criterion not assessed, and only criteria assessed at both visits are compared.

    Columns: site_id, before_on, last_on (missing with one visit), compared, worse, better (counts of criteria),
    change_pct (worse minus better, of those compared; above 0 is worse; missing if none),
    p (exact two-sided sign test on the criteria that changed, Arbuthnott 1710; missing below 6 of
    them), p_adjusted (Benjamini–Hochberg over sites tested), change_class: worse or better
    (p_adjusted < `method.q`), no_clear_change, not_enough. Criteria of one visit are not independent, so a p
    near the limit proves little. Raises ValueError where one visit tells a criterion twice, or a finding
    lacks its day.

    >>> visits = pd.DataFrame({"site_id": "s1", "visited_on": ["2025-01-01"] * 8 + ["2026-01-01"] * 8,
    ...     "criterion": list("abcdefgh") * 2, "risk": [0.0] * 8 + [5.0] * 7 + [0.0]})
    >>> assessment_changes(visits)[["worse", "better", "change_pct", "p", "change_class"]].values.tolist()
    [[7, 0, 87.5, 0.015625, 'worse']]
    """
    findings = findings.assign(visited_on=pd.to_datetime(findings["visited_on"]))
    if findings["visited_on"].isna().any():
        site = findings.loc[findings["visited_on"].isna(), "site_id"].iloc[0]
        raise ValueError(f"site {site!r} has a finding without the day of its visit; leave it out")
    twice = findings[findings.duplicated(["site_id", "visited_on", "criterion"])]
    if len(twice):
        site, when, criterion = twice.iloc[0][["site_id", "visited_on", "criterion"]]
        raise ValueError(f"site {site!r} has criterion {criterion!r} twice on {when:%Y-%m-%d}; keep one row")
    rows = findings.assign(risk=pd.to_numeric(findings["risk"]).astype(float))
    visits = rows[["site_id", "visited_on"]].drop_duplicates().sort_values(["site_id", "visited_on"])
    back = visits.groupby("site_id").cumcount(ascending=False)
    last, before = (visits[back == number].set_index("site_id")["visited_on"] for number in (0, 1))
    found = pd.DataFrame({"last_on": last, "before_on": before.reindex(last.index)}, index=last.index)
    change = _changes(rows, visits.assign(back=back))
    found["compared"] = change.notna().groupby(level=0).sum().reindex(found.index).fillna(0).astype(int)
    found["worse"] = (change > 0).groupby(level=0).sum().reindex(found.index).fillna(0).astype(int)
    found["better"] = (change < 0).groupby(level=0).sum().reindex(found.index).fillna(0).astype(int)
    difference = found["worse"] - found["better"]
    found["change_pct"] = 100 * difference / found["compared"].where(found["compared"] > 0)
    changed = (found["worse"] + found["better"]).to_numpy()
    fewer = found[["worse", "better"]].min(axis=1).to_numpy()
    # At one half the exact test is symmetric: twice the smaller tail, as scipy.stats.binomtest has it.
    p = np.minimum(1.0, 2 * stats.binom.cdf(fewer, np.maximum(changed, 1), 0.5))
    found["p"] = np.where(changed >= MIN_CHANGED, p, np.nan)
    found["p_adjusted"] = adjusted(found["p"].to_numpy(float))
    is_clear = found["p_adjusted"] < method.q
    found["change_class"] = np.select(
        [found["p"].isna(), is_clear & (difference > 0), is_clear & (difference < 0)],
        ["not_enough", "worse", "better"],
        default="no_clear_change",
    ).astype(object)
    columns = ["before_on", "last_on", "compared", "worse", "better"]
    return found[[*columns, "change_pct", "p", "p_adjusted", "change_class"]].reset_index()


def _changes(rows: pd.DataFrame, visits: pd.DataFrame) -> pd.Series:
    """Return risk at the last visit minus the one before, by site and criterion told at both."""
    told = rows.merge(visits[visits["back"] < 2], on=["site_id", "visited_on"]).dropna(subset="risk")
    by_visit = told.set_index(["site_id", "criterion"])
    last, before = (by_visit.loc[by_visit["back"] == number, "risk"] for number in (0, 1))
    return (last - before).dropna()
