"""What an assessment says of a site: a score for each section, and the level that its gates allow.

Scores, coverage and levels follow rules of this project's own. With r = 1 for a criterion met, 0.5 partly met
and 0 not met:

- score = 100 · Σ weight·r / Σ weight over the criteria that are assessed and applicable;
- coverage = 100 · assessed / applicable, by number of criteria. All criteria of the framework are applicable
  but those found `na`; a criterion without a finding is not assessed. Below 60 % no score is given;
- gates are the criteria of zero tolerance and the thresholds. A level is reached where all gates up to it are
  met: never an average. A gate that is `na` stands in nobody's way; one partly met or not assessed does.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.categories import Track
from risk.findings import MET, NA, NOT_MET, PARTIAL, Grid, grids
from risk.frames import FLAG, NUMBER, TEXT, WHOLE, joined_names, typed

Flags = NDArray[np.bool_]

LEAST_COVERAGE_PCT: Final = 60
_URGENCY: Final = (Track.IMMEDIATE.value, Track.MITIGATE.value, Track.IMPROVE.value)
# r of each result, by its number in `risk.findings.CODES`.
_SHARES: Final = np.array([1.0, 0.5, 0.0, 0.0, 0.0])
_COUNTS: Final = {
    "criteria_applicable": WHOLE,
    "criteria_assessed": WHOLE,
    "coverage_pct": NUMBER,
    "score_pct": NUMBER,
}
_SECTIONS: Final = {
    "assessment_id": TEXT,
    "section": TEXT,
    **_COUNTS,
    "met": WHOLE,
    "partial": WHOLE,
    "not_met": WHOLE,
}
_LEVELS: Final = {
    "assessment_id": TEXT,
    "site_id": TEXT,
    "level": TEXT,
    "is_blocked": FLAG,
    "blocked_by": TEXT,
    "next_level": TEXT,
    "missing_for_next": TEXT,
    "response_track": TEXT,
    **_COUNTS,
}


def section_scores(criteria: pd.DataFrame, assessments: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Return one row an assessment and section of its framework, by assessment and place of the section.

    criteria: framework_id, criterion_id, position, section, kind, weight, response_track; assessments:
    assessment_id, framework_id; findings: assessment_id, criterion_id, result.

    Columns: assessment_id, section, criteria_applicable, criteria_assessed (numbers of criteria), coverage_pct
    (missing where none is applicable), score_pct (0 to 100, more is better; missing below 60 % coverage, never
    0 for it), met, partial, not_met (numbers of criteria). Raises ValueError as `risk.findings.grids` does.

    >>> asked = pd.DataFrame({"framework_id": "f@1", "criterion_id": ["a", "b"], "position": [1, 2],
    ...     "section": "GOV", "kind": "progressive", "weight": [3, 1], "response_track": "improve"})
    >>> found = pd.DataFrame({"assessment_id": "x", "criterion_id": ["a", "b"], "result": ["met", "partial"]})
    >>> done = pd.DataFrame({"assessment_id": ["x"], "framework_id": "f@1"})
    >>> section_scores(asked, done, found)[["coverage_pct", "score_pct", "met", "partial"]].values.tolist()
    [[100.0, 87.5, 1, 1]]
    """
    parts = []
    for grid in grids(criteria, assessments, findings):
        sections = grid.criteria["section"].to_numpy(dtype=object)
        for place, section in enumerate(dict.fromkeys(sections)):
            results = grid.results[:, sections == section]
            counts = _counts(results, grid.criteria["weight"].to_numpy()[sections == section])
            for name, code in (("met", MET), ("partial", PARTIAL), ("not_met", NOT_MET)):
                counts[name] = (results == code).sum(axis=1)
            ids = grid.assessments["assessment_id"].to_numpy(dtype=object)
            parts.append(counts.assign(assessment_id=ids, section=section, place=place))
    if not parts:
        return typed(pd.DataFrame(columns=list(_SECTIONS)), _SECTIONS)
    return typed(pd.concat(parts).sort_values(["assessment_id", "place"]), _SECTIONS)


def site_levels(
    criteria: pd.DataFrame, levels: pd.DataFrame, assessments: pd.DataFrame, findings: pd.DataFrame
) -> pd.DataFrame:
    """Return what each assessment says of its site as a whole, one row an assessment, sorted by id.

    criteria, assessments and findings: as for `section_scores`, and criteria with level, assessments with
    site_id (may be missing). levels: framework_id, level, rank (1 is lowest).

    Columns: assessment_id, site_id, level (the highest reached; missing for none), is_blocked (a criterion of
    zero tolerance is not met, or partly met only: zero tolerance knows no half), blocked_by ('; '-separated
    criteria), next_level (the lowest above, missing at the top), missing_for_next ('; '-separated: gates up to
    it that are not known to be met, and what blocks), response_track (the most urgent among criteria partly
    met and not met; immediate where blocked; missing for none), then criteria_applicable, criteria_assessed,
    coverage_pct and score_pct of all criteria together. A blocked site has no level whichever level the
    criterion belongs to. A level that has no gate of its own is never given, nor one for which no gate was
    seen to be met: nothing would speak for it. Raises ValueError as `risk.findings.grids` does, and for a
    level that its framework does not have or has twice.
    """
    ranks = _ranks(criteria, levels)
    parts = [_levels_of(grid, ranks[grid.framework_id]) for grid in grids(criteria, assessments, findings)]
    if not parts:
        return typed(pd.DataFrame(columns=list(_LEVELS)), _LEVELS)
    return typed(pd.concat(parts).sort_values("assessment_id"), _LEVELS)


def _counts(results: NDArray[np.int8], weights: NDArray[np.float64]) -> pd.DataFrame:
    """Return applicable and assessed criteria, coverage and score of each row of `results`."""
    is_assessed = results <= NOT_MET
    applicable = (results != NA).sum(axis=1)
    assessed = is_assessed.sum(axis=1)
    total = np.where(is_assessed, weights, 0.0).sum(axis=1)
    points = (_SHARES[results] * weights).sum(axis=1)
    has_score = (100 * assessed >= LEAST_COVERAGE_PCT * applicable) & (assessed > 0)
    nothing = np.full(len(results), np.nan)
    return pd.DataFrame(
        {
            "criteria_applicable": applicable,
            "criteria_assessed": assessed,
            "coverage_pct": 100 * np.divide(assessed, applicable, out=nothing.copy(), where=applicable > 0),
            "score_pct": 100 * np.divide(points, total, out=nothing, where=has_score),
        }
    )


def _levels_of(grid: Grid, ranks: dict[str, int]) -> pd.DataFrame:
    names = grid.criteria["criterion_id"].to_numpy(dtype=object)
    kinds = grid.criteria["kind"].to_numpy(dtype=object)
    is_met = grid.results == MET
    is_unmet = (grid.results == PARTIAL) | (grid.results == NOT_MET)
    blocks = is_unmet & (kinds == "zero_tolerance")
    is_blocked = blocks.any(axis=1)
    is_gate = np.isin(kinds, ["zero_tolerance", "threshold"])
    is_open = ~is_met & (grid.results != NA) & is_gate
    own_rank = grid.criteria["level"].map(ranks).to_numpy(dtype=np.int64)
    steps = np.unique(own_rank[is_gate])
    upto = [is_gate & (own_rank <= step) for step in steps]
    # Of no level, then of the first, …: which is reached, and what misses for it.
    reached = np.zeros(len(is_met), dtype=np.int64)
    for number, gates in enumerate(upto, start=1):
        is_reached = ~is_open[:, gates].any(axis=1) & is_met[:, gates].any(axis=1) & ~is_blocked
        reached[is_reached] = number
    following = np.minimum(reached, len(steps) - 1)
    wanted = np.array(upto)[following] if len(steps) else np.zeros_like(is_open)
    level_names = {rank: level for level, rank in ranks.items()}
    words = np.array([None, *(level_names[step] for step in steps), None], dtype=object)
    has_next = reached < len(steps)
    return _counts(grid.results, grid.criteria["weight"].to_numpy()).assign(
        assessment_id=grid.assessments["assessment_id"].to_numpy(dtype=object),
        site_id=grid.assessments["site_id"].to_numpy(dtype=object),
        level=words[reached],
        is_blocked=is_blocked,
        blocked_by=joined_names(blocks, names),
        next_level=words[reached + 1],
        missing_for_next=joined_names(((is_open & wanted) | blocks) & has_next[:, None], names),
        response_track=_tracks(grid, is_unmet, is_blocked),
    )


def _tracks(grid: Grid, is_unmet: Flags, is_blocked: Flags) -> NDArray[np.object_]:
    """Return the most urgent track of the unmet criteria of each assessment, None for none."""
    order = {code: number for number, code in enumerate(_URGENCY)}
    urgency = grid.criteria["response_track"].map(order).to_numpy(dtype=np.int64)
    first = np.where(is_unmet, urgency, len(order)).min(axis=1, initial=len(order))
    first[is_blocked] = order["immediate"]
    return np.asarray(np.array([*order, None], dtype=object)[first])


def _ranks(criteria: pd.DataFrame, levels: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return the rank of each level of each framework."""
    for key in (["framework_id", "level"], ["framework_id", "rank"]):
        twice = levels[levels.duplicated(key)]
        if len(twice):
            row = twice.iloc[0]
            raise ValueError(
                f"level {row['level']!r} of {row['framework_id']!r}: its name or rank {row['rank']} is taken; "
                "give each level its own"
            )
    ranks: dict[str, dict[str, int]] = {str(name): {} for name in criteria["framework_id"].unique()}
    for framework_id, level, rank in levels[["framework_id", "level", "rank"]].itertuples(index=False):
        ranks.setdefault(str(framework_id), {})[str(level)] = int(rank)
    pairs = criteria[["framework_id", "criterion_id", "level"]].itertuples(index=False)
    for framework_id, criterion_id, level in pairs:
        if level not in ranks[framework_id]:
            raise ValueError(
                f"criterion {criterion_id!r} of {framework_id!r} belongs to the level {level!r}, which the "
                f"framework does not have; write one of {', '.join(ranks[framework_id])}"
            )
    return ranks
