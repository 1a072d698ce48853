"""Findings laid out by assessment and criterion, held to the framework they answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.progress_words import CRITERION_KINDS, RESPONSE_TRACKS

Ints = NDArray[np.int64]

# The first three are assessed.
CODES: Final = ("met", "partial", "not_met", "na", "not_assessed")
MET, PARTIAL, NOT_MET, NA, NOT_ASSESSED = range(len(CODES))


@dataclass(frozen=True)
class Grid:
    """All assessments under one framework version by all its criteria.

    `assessments` are sorted by id, `criteria` by position; `results` is (assessments, criteria): the number of
    the result in `CODES`, NOT_ASSESSED where there is no finding.
    """

    framework_id: str
    assessments: pd.DataFrame
    criteria: pd.DataFrame
    results: NDArray[np.int8]


def scheme_of(framework_ids: pd.Series) -> pd.Series:
    """Return the scheme of each framework id: what stands before '@'.

    >>> scheme_of(pd.Series(["egc@2021", "egc@2025"])).tolist()
    ['egc', 'egc']
    """
    return framework_ids.astype("string").str.split("@", n=1).str[0].rename("scheme")


def grids(criteria: pd.DataFrame, assessments: pd.DataFrame, findings: pd.DataFrame) -> list[Grid]:
    """Return one grid for each framework that has an assessment, sorted by its id.

    criteria: framework_id, criterion_id, position, kind, weight (above 0), response_track. assessments:
    assessment_id, framework_id. findings: assessment_id, criterion_id, result. Other columns are kept, and the
    order of rows does not matter. Raises ValueError, with the ids and the next move, for a criterion that its
    framework does not have, a result or assessment nobody knows, a second finding of a criterion, an
    assessment or criterion given twice, a framework without criteria, and an impossible kind, track or weight.
    """
    asked = _checked_criteria(criteria)
    done = _checked_assessments(assessments, asked)
    rows, columns, results = _places(asked, done, findings)
    frameworks = done["framework_id"].to_numpy(dtype=object)
    found = []
    for framework_id, own in asked.groupby("framework_id", sort=True):
        is_own = frameworks == framework_id
        if is_own.any():
            matrix = np.full((len(done), len(own)), NOT_ASSESSED, dtype=np.int8)
            here = is_own[rows]
            matrix[rows[here], columns[here]] = results[here]
            kept = done[is_own].reset_index(drop=True)
            found.append(Grid(str(framework_id), kept, own.reset_index(drop=True), matrix[is_own]))
    return found


def checked_results(findings: pd.DataFrame) -> NDArray[np.int8]:
    """Return the number in `CODES` of each finding's result; ValueError for one that is missing or unknown."""
    results = _numbers(pd.Series(CODES, dtype=object), findings["result"])
    if (results < 0).any():
        row = findings[results < 0].iloc[0]
        raise ValueError(f"{_named(row)} has the result {row['result']!r}; write one of {', '.join(CODES)}")
    return results.astype(np.int8)


def _checked_criteria(criteria: pd.DataFrame) -> pd.DataFrame:
    _refuse_twice(criteria, ["framework_id", "criterion_id"], "keep one row in the framework's file")
    for name, known in (("kind", CRITERION_KINDS), ("response_track", RESPONSE_TRACKS)):
        odd = criteria[~criteria[name].isin(list(known))]
        if len(odd):
            row = odd.iloc[0]
            raise ValueError(
                f"criterion {row['criterion_id']!r} of {row['framework_id']!r} has the {name} {row[name]!r}; "
                f"write one of {', '.join(known)}"
            )
    weights = criteria["weight"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    if not ((weights > 0) & np.isfinite(weights)).all():
        row = criteria[~((weights > 0) & np.isfinite(weights))].iloc[0]
        raise ValueError(
            f"criterion {row['criterion_id']!r} of {row['framework_id']!r} has the weight {row['weight']}; "
            "write a number above 0"
        )
    asked = criteria.assign(weight=weights)
    return asked.sort_values(["framework_id", "position", "criterion_id"], ignore_index=True)


def _checked_assessments(assessments: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    _refuse_twice(assessments, ["assessment_id"], "keep one row")
    unknown = assessments[~assessments["framework_id"].isin(asked["framework_id"])]
    if len(unknown):
        row = unknown.iloc[0]
        raise ValueError(
            f"assessment {row['assessment_id']!r} names the framework {row['framework_id']!r}, which has no "
            "criteria here; load its file or correct the framework_id"
        )
    return assessments.sort_values("assessment_id", ignore_index=True)


def _places(asked: pd.DataFrame, done: pd.DataFrame, findings: pd.DataFrame) -> tuple[Any, Any, Any]:
    """Return of each finding the row in `done`, the criterion's place in its framework and the result's number."""
    results = checked_results(findings)
    rows = _numbers(done["assessment_id"], findings["assessment_id"])
    if (rows < 0).any():
        row = findings[rows < 0].iloc[0]
        raise ValueError(f"{_named(row)} is of an assessment that is not there; add it or correct the id")
    frameworks, known_frameworks = pd.factorize(asked["framework_id"].to_numpy(dtype=object))
    criteria, known_criteria = pd.factorize(asked["criterion_id"].to_numpy(dtype=object))
    table = np.full((len(known_frameworks), len(known_criteria) + 1), -1, dtype=np.int64)
    table[frameworks, criteria] = asked.groupby("framework_id").cumcount().to_numpy()
    of_row = _numbers(pd.Series(known_frameworks, dtype=object), done["framework_id"])
    # A criterion that no framework has is number −1: the last column, where nothing is.
    columns = table[of_row[rows], _numbers(pd.Series(known_criteria, dtype=object), findings["criterion_id"])]
    if (columns < 0).any():
        row, place = findings[columns < 0].iloc[0], rows[columns < 0][0]
        raise ValueError(
            f"{_named(row)} answers a criterion that {done['framework_id'].iloc[place]!r} does not have; "
            "correct the criterion_id, or the framework_id of the assessment"
        )
    _refuse_second(findings, rows * (len(known_criteria) + 1) + columns)
    return rows, columns, results


def _refuse_second(findings: pd.DataFrame, keys: Ints) -> None:
    twice = pd.Series(keys).duplicated(keep="first").to_numpy()
    if twice.any():
        raise ValueError(
            f"{_named(findings[twice].iloc[0])} is the second of its criterion; keep one finding"
        )


def _refuse_twice(frame: pd.DataFrame, key: list[str], next_move: str) -> None:
    twice = frame[frame.duplicated(key)]
    if len(twice):
        ids = " of ".join(repr(twice.iloc[0][name]) for name in reversed(key))
        raise ValueError(f"{key[-1].removesuffix('_id')} {ids} is there twice; {next_move}")


def _named(finding: pd.Series) -> str:
    """Return the words for one finding: its id where it has one, its criterion and its assessment."""
    name = f"finding {finding['finding_id']!r}: " if "finding_id" in finding.index else ""
    return f"{name}criterion {finding['criterion_id']!r} in assessment {finding['assessment_id']!r}"


def _numbers(known: pd.Series, values: pd.Series) -> Ints:
    """Return the place of each value in `known`, −1 for none."""
    index = pd.Index(known.to_numpy(dtype=object))
    return np.asarray(index.get_indexer(pd.Index(values.to_numpy(dtype=object))), dtype=np.int64)
