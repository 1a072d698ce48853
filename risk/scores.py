"""Scores of sites from 0 to 100: what assessments found and what was reported, on fixed scale ends.

Nothing is scaled to the data at hand: a score means the same in every release of one method version.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from risk.evidence import Evidence, evidence_weights, prepare
from risk.means import WORST, Flags, Floats, Marks, Ways, combine
from risk.method import METHOD, Method
from risk.vocabulary import ALL_CATEGORIES


def severity_mark(severity: ArrayLike) -> Floats:
    """Return 10·(severity − 1)/4 for a severity of 1 to 5: a mark from 0 to 10, more is worse.

    'Looked, none found' is a mark of 0 too; what was not assessed has no mark and no row.

    >>> severity_mark([1, 3, 5]).tolist()
    [0.0, 5.0, 10.0]
    """
    levels = np.asarray(severity, dtype=float)
    if not ((levels >= 1) & (levels <= 5)).all():
        raise ValueError("a severity is missing or outside 1 to 5; leave out what was not assessed")
    return WORST * (levels - 1) / 4


def finding_mark(met: ArrayLike) -> Floats:
    """Return 10·(1 − r) for a criterion met (r = 1), partly met (0.5) or not met (0).

    >>> finding_mark([1, 0.5, 0]).tolist()
    [0.0, 5.0, 10.0]
    """
    shares = np.asarray(met, dtype=float)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("a finding is missing or outside 0 to 1; leave out what was not assessed")
    return np.asarray(WORST * (1 - shares))


def incident_mark(rr: ArrayLike) -> Floats:
    """Return y = 10·clip((log2 RR + 1)/4, 0, 1): 0 at half of what is expected, 2.5 at 1, 10 at eight times.

    >>> incident_mark([0, 0.5, 1, 8, 100]).tolist()
    [0.0, 0.0, 2.5, 10.0, 10.0]
    """
    ratio = np.asarray(rr)
    if not np.issubdtype(ratio.dtype, np.floating):
        ratio = ratio.astype(float)
    if not (ratio >= 0).all():
        raise ValueError("a rate ratio is missing or below 0; leave out the unit that has none")
    return np.asarray(WORST * np.clip((np.log2(np.maximum(ratio, 0.25)) + 1) / 4, 0, 1))


def bands(scores: pd.Series, grades: pd.Series | None = None, *, method: Method = METHOD) -> pd.Series:
    """Return the band of each score: low < 25, medium < 50, high < 75, extreme from 75.

    'insufficient' where there is no score, and where the grade is D or missing, if grades are given.
    Raises ValueError for a score outside 0 to 100.
    """
    values = scores.astype(float)
    if not (values.dropna().between(0, 100)).all():
        raise ValueError("a score is outside 0 to 100; scores come from site_scores or area_scores")
    names = np.array([name for name, _end in method.bands], dtype=object)
    ends = np.array([end for _name, end in method.bands[:-1]])
    found = pd.Series(names[np.searchsorted(ends, values.fillna(0), side="right")], index=scores.index)
    is_known = values.notna()
    if grades is not None:
        is_known &= grades.isin(["A", "B", "C"])
    return found.where(is_known, "insufficient").astype("string")


def site_scores(
    observations: pd.DataFrame,
    incident_rr: pd.DataFrame | None = None,
    worst_forms: pd.DataFrame | None = None,
    *,
    theme_weights: Mapping[str, float] | None = None,
    method: Method = METHOD,
) -> pd.DataFrame:
    """Return the scores of sites, one row a site and category and one with 'ALL', sorted by these.

    observations: site_id, kind, category, x (0 to 10), age_months, reliability (above 0, up to 1), and where
    given criterion, weight (of the criterion), is_structural. The latest finding of a criterion stands:
    x̃ = (w·x + 0.25·b)/(w + 0.25), w = 2^(−age/h)·R, b the median of the same kind of site.
    incident_rr: site_id, category or 'ALL', rr; with `imputation` it is the mean over these.
    worst_forms: site_id, category, age_months of confirmed worst forms; within 12 months they hold the theme
    at 7 of 10 or more. theme_weights: equal if None.

    Columns: site_id, category, score (0 to 100), assessment_part and incident_part (0 to 10, missing where
    there is none; the floor where a worst form is all that is known), has_assessment, has_incidents,
    evidence_weight (0 to 1, mean over the findings; 'ALL': over the categories), is_floored ('ALL': in any
    category), band (of the score alone, see `bands`). A site without evidence has no row, and 'ALL' has no incident part unless
    incident_rr has an 'ALL' row for the site. Raises ValueError for missing, impossible or double values.
    """
    evidence = prepare(observations, incident_rr, worst_forms, theme_weights, method)
    assessed, combined = combine(_marks(evidence, method), _plain_ways(evidence))
    weights, has_seen = _mean_weights(evidence)
    has_rr = _has_incidents(evidence)
    held = np.c_[evidence.floored, np.asarray(evidence.floored.any(axis=1))]
    site, theme = np.nonzero(has_seen | has_rr | held)
    categories = np.array([*evidence.categories, ALL_CATEGORIES], dtype=object)
    rows = pd.DataFrame(
        {
            "site_id": pd.array(np.array(evidence.site_ids, dtype=object)[site], dtype="string"),
            "category": pd.array(categories[theme], dtype="string"),
            "score": 10 * combined[site, theme, 0],
            "assessment_part": assessed[site, theme, 0],
            "incident_part": _incident_parts(evidence)[site, theme],
            "has_assessment": has_seen[site, theme],
            "has_incidents": has_rr[site, theme],
            "evidence_weight": weights[site, theme],
            "is_floored": held[site, theme],
        }
    )
    rows["band"] = bands(rows["score"], method=method)
    return rows.sort_values(["site_id", "category"], ignore_index=True)


def shrunk(x: Floats, weight: Floats, prior: Floats, method: Method = METHOD) -> Floats:
    """Return x̃ = (w·x + p·b)/(w + p), p the weight of the prior: between the finding and the typical value.

    >>> float(shrunk(np.array(10.0), np.array(0.0), np.array(4.0)))
    4.0
    """
    return (weight * x + method.prior_weight * prior) / (weight + method.prior_weight)


def _has_incidents(evidence: Evidence) -> Flags:
    """Return where there is a rate ratio: site × (theme, all)."""
    found = np.zeros((len(evidence.site_ids), len(evidence.categories) + 1), dtype=bool)
    found[evidence.incidents["site"], evidence.incidents["theme"]] = True
    return found


def _marks(evidence: Evidence, method: Method) -> Marks:
    rows = evidence.findings
    weight = evidence_weights(rows["age_months"], rows["reliability"], rows["half_life_months"])
    return Marks(
        values=shrunk(rows["x"].to_numpy(), weight, rows["prior"].to_numpy(), method)[:, None],
        site=rows["site"].to_numpy(),
        theme=rows["theme"].to_numpy(),
        criterion=rows["criterion"].to_numpy(),
        incidents=_incident_parts(evidence)[:, :, None],
        floored=evidence.floored,
        floor=method.floor_score,
    )


def _plain_ways(evidence: Evidence) -> Ways:
    return Ways(
        evidence.criterion_weights[:, None], evidence.theme_weights[:, None], np.ones((2, 1)), geometric=1
    )


def _incident_parts(evidence: Evidence) -> Floats:
    found = np.full((len(evidence.site_ids), len(evidence.categories) + 1), np.nan)
    found[evidence.incidents["site"], evidence.incidents["theme"]] = incident_mark(evidence.rr.mean(axis=1))
    return found


def _mean_weights(evidence: Evidence) -> tuple[Floats, Flags]:
    """Return the mean weight of the findings, site × (theme, all), NaN for none; and where there are any."""
    rows = evidence.findings
    weight = evidence_weights(rows["age_months"], rows["reliability"], rows["half_life_months"])
    total = np.zeros((len(evidence.site_ids), len(evidence.categories)))
    count = np.zeros_like(total)
    np.add.at(total, (rows["site"].to_numpy(), rows["theme"].to_numpy()), weight)
    np.add.at(count, (rows["site"].to_numpy(), rows["theme"].to_numpy()), 1)
    has = count > 0
    by_theme = np.divide(total, count, out=np.full_like(total, np.nan), where=has)
    themes = has.sum(axis=1)
    overall = np.divide(
        np.nansum(by_theme, axis=1), themes, out=np.full(len(themes), np.nan), where=themes > 0
    )
    return np.c_[by_theme, overall], np.c_[has, has.any(axis=1)]
