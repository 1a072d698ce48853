"""Assessments of sites: when, by whom, against which version, and what each found of every criterion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.columns import (
    Flags,
    Objects,
    columns_of,
    iso_days,
    known_where,
    opaque_ids,
    yes_or_no,
)
from pipelines.training.frameworks import Version
from pipelines.training.progress_phrases import notes
from pipelines.training.quality import (
    FIRST_DAY,
    LAST_DAY,
    MET,
    NOT_ASSESSED,
    NOT_MET,
    PARTIAL,
    RESULTS,
    Quality,
    results_of,
)
from pipelines.training.restricting import Restricted
from pipelines.training.sites import Sites

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

# All numbers of this module are choices of this generator.
_MOST: Final = 5
_LEAST_DAYS_BETWEEN: Final = 150
_FOLLOW_UP_DAYS: Final = 330
# Below 1: more and more are made as the years go by.
_LATER_POWER: Final = 0.6
INITIAL, FOLLOW_UP, REASSESSMENT = range(3)
KINDS: Final = np.array(["initial", "follow_up", "reassessment"], dtype=object)
# Kind of assessor, share, and the chance that the report finds things met that are not.
_ASSESSORS: Final = (
    ("independent", 0.40, 0.03),
    ("programme", 0.28, 0.06),
    ("cooperative", 0.14, 0.25),
    ("government", 0.12, 0.10),
    ("operator", 0.06, 0.35),
)
_WRONGLY_MET: Final = 0.6
_NOISE: Final = 0.25
# How much is left out: an assessment is whole, has gaps, or was made in haste; one in eight drops a section.
_LEFT_OUT: Final = (0.0, 0.07, 0.35)
_LEFT_OUT_SHARES: Final = (0.55, 0.33, 0.12)
_FOLLOW_UP_LEFT_OUT: Final = 0.25
_SECTION_DROPPED: Final = 0.12
_LEFT_OUT_OF_DROPPED: Final = 0.75
_NO_ROW: Final = 0.5
_MEASURED: Final = 0.9
PUBLIC_CHANCE: Final = 0.3
_EXPIRES_CHANCE: Final = 0.85
_SUBMITTED_CHANCE: Final = 0.7
_NOTE_CHANCE: Final = 0.4
_FINDING_NOTE_CHANCE: Final = 0.15
# Measured values: times the threshold where it is kept, nearly kept, and clearly not.
_KEPT: Final = {"<=": (0.4, 1.0), ">": (1.05, 3.0)}
_MISSED: Final = {"<=": ((1.03, 1.2), (1.2, 2.2)), ">": ((0.7, 0.99), (0.05, 0.7))}
_MOST_DAYS_A_WEEK: Final = 7
_MOST_MINORS: Final = 12


@dataclass(frozen=True)
class Assessments:
    """Assessments in order of time; n of them.

    `which` is the number of the assessed site, `day` from 1970, `version` and `kind` indices, `is_wrong` a report
    that finds things met that are not, `is_public` a published one.
    """

    ids: Objects
    which: Rows
    day: Ints
    version: Ints
    kind: Ints
    assessor: Ints
    is_wrong: Flags
    is_public: Flags

    def __len__(self) -> int:
        return len(self.which)


@dataclass(frozen=True)
class Findings:
    """Findings in the order of their assessments, m of them.

    `assessment` is the index of the assessment, `criterion` the number of the criterion among all, `line` its place
    in the criteria of all versions, one after the other; `found` and `true` are results (of RESULTS).
    """

    ids: Objects
    assessment: Rows
    criterion: Rows
    line: Rows
    found: Ints
    true: Ints

    def __len__(self) -> int:
        return len(self.found)


def make_assessments(
    rng: np.random.Generator,
    sites: Sites,
    quality: Quality,
    versions: Sequence[Version],
    restricted: Restricted,
) -> Assessments:
    """Return one to five assessments of each assessed site, over five years; those of hidden sites are hidden."""
    which, day = _when(rng, sites, quality)
    count = len(which)
    before = pd.Series(day).groupby(which).shift().to_numpy()
    is_soon = day - np.nan_to_num(before, nan=-1e9) < _FOLLOW_UP_DAYS
    kind = np.where(np.isnan(before), INITIAL, np.where(is_soon, FOLLOW_UP, REASSESSMENT))
    assessor = rng.choice(len(_ASSESSORS), count, p=[share for _, share, _ in _ASSESSORS])
    is_wrong = rng.random(count) < np.array([chance for *_, chance in _ASSESSORS])[assessor]
    is_hidden = restricted.sites[quality.site[which]]
    return Assessments(
        ids=opaque_ids("asm-", count),
        which=which,
        day=day,
        version=np.searchsorted([one.first_day for one in versions], day, side="right") - 1,
        kind=kind,
        assessor=assessor,
        is_wrong=is_wrong,
        is_public=~is_hidden & (rng.random(count) < PUBLIC_CHANCE),
    )


def make_findings(
    rng: np.random.Generator, quality: Quality, versions: Sequence[Version], done: Assessments
) -> Findings:
    """Return what the assessments found: the truth with noise, and of a wrong report what it found met."""
    assessment, line = _asked(versions, done)
    criterion = np.concatenate([quality.numbers(one) for one in versions])[line]
    which, count = done.which[assessment], len(line)
    margin = quality.at(which, done.day[assessment]) + quality.own[which, criterion]
    is_strict, is_na = quality.is_strict[criterion], quality.is_na[which, criterion]
    true = results_of(margin, is_strict, is_na)
    found = results_of(margin + rng.normal(0, _NOISE, count), is_strict, is_na)
    is_unmet = (true == PARTIAL) | (true == NOT_MET)
    found[is_unmet & done.is_wrong[assessment] & (rng.random(count) < _WRONGLY_MET)] = MET
    left_out = rng.random(count) < _left_out(rng, versions, done, assessment, line)
    found[left_out] = NOT_ASSESSED
    rows = ~left_out | (rng.random(count) >= _NO_ROW)
    every = (assessment, criterion, line, found, true)
    return Findings(opaque_ids("fnd-", int(rows.sum())), *(values[rows] for values in every))


def assessments_table(
    rng: np.random.Generator, sites: Sites, quality: Quality, versions: Sequence[Version], done: Assessments
) -> pd.DataFrame:
    """Return the table `assessments`."""
    count = len(done)
    names = "reg-" + sites.frame["site"].to_numpy(dtype=object)
    forms = np.array([f"uuid:{one.removeprefix('asm-')}" for one in done.ids], dtype=object)
    has_form = (rng.random(count) < _SUBMITTED_CHANCE) & (done.version > 0)
    years = np.where(done.kind == FOLLOW_UP, 1, rng.integers(1, 3, count))
    expires = known_where(rng.random(count) < _EXPIRES_CHANCE, iso_days(done.day + 365 * years))
    said = notes("assessments")
    return columns_of(
        "assessments",
        {
            "assessment_id": done.ids,
            "site_record_id": names[quality.site[done.which]],
            "framework_id": np.array([one.framework_id for one in versions], dtype=object)[done.version],
            "kind": KINDS[done.kind],
            "assessed_on": iso_days(done.day),
            "expires_on": expires,
            "assessor_kind": np.array([one[0] for one in _ASSESSORS], dtype=object)[done.assessor],
            "submission_id": known_where(has_form, forms),
            "note": known_where(rng.random(count) < _NOTE_CHANCE, rng.choice(said, count)),
            "public_record": yes_or_no(done.is_public),
        },
    )


def findings_table(
    rng: np.random.Generator, versions: Sequence[Version], done: Assessments, findings: Findings
) -> pd.DataFrame:
    """Return the table `findings`."""
    criteria = pd.concat([one.criteria for one in versions], ignore_index=True)
    said, count = notes("findings"), len(findings)
    has_note = np.isin(findings.found, (PARTIAL, NOT_MET)) & (rng.random(count) < _FINDING_NOTE_CHANCE)
    return columns_of(
        "findings",
        {
            "finding_id": findings.ids,
            "assessment_id": done.ids[findings.assessment],
            "criterion_id": criteria["criterion_id"].to_numpy(dtype=object)[findings.line],
            "result": RESULTS[findings.found],
            "measured_value": _measured(rng, criteria, done, findings),
            "note": known_where(has_note, rng.choice(said, count)),
        },
    )


def _when(rng: np.random.Generator, sites: Sites, quality: Quality) -> tuple[Rows, Ints]:
    """Return the number of the site and the day of each assessment, in order of time, months apart at one site."""
    far = np.clip(sites.frame["town_km"].to_numpy()[quality.site] / 40, 0, 1)
    times = 1 + rng.binomial(_MOST - 1, 0.55 - 0.25 * far)
    which = np.repeat(np.arange(len(times)), times)
    number = np.arange(len(which)) - np.repeat(np.cumsum(times) - times, times)
    free = LAST_DAY - FIRST_DAY - (times - 1) * _LEAST_DAYS_BETWEEN
    drawn = np.floor(rng.random(len(which)) ** _LATER_POWER * free[which])
    drawn = drawn[np.lexsort((drawn, which))]
    day = (FIRST_DAY + drawn + number * _LEAST_DAYS_BETWEEN).astype(np.int64)
    order = np.lexsort((which, day))
    return which[order], day[order]


def _asked(versions: Sequence[Version], done: Assessments) -> tuple[Rows, Rows]:
    """Return assessment and line of the criteria of each assessment, in the order of both."""
    sizes = np.array([len(one.criteria) for one in versions])
    asked = sizes[done.version]
    assessment = np.repeat(np.arange(len(done)), asked)
    position = np.arange(len(assessment)) - np.repeat(np.cumsum(asked) - asked, asked)
    return assessment, (np.cumsum(sizes) - sizes)[done.version[assessment]] + position


def _left_out(
    rng: np.random.Generator, versions: Sequence[Version], done: Assessments, assessment: Rows, line: Rows
) -> Floats:
    """Return the chance that each criterion was not assessed."""
    care = np.array(_LEFT_OUT)[rng.choice(len(_LEFT_OUT), len(done), p=_LEFT_OUT_SHARES)]
    care = np.where(done.kind == FOLLOW_UP, _FOLLOW_UP_LEFT_OUT, care)
    sections, number = np.unique(
        pd.concat([one.criteria["section"] for one in versions]).to_numpy(dtype=str), return_inverse=True
    )
    dropped = rng.integers(len(sections), size=len(done))
    dropped[rng.random(len(done)) >= _SECTION_DROPPED] = -1
    is_dropped = number[line] == dropped[assessment]
    return np.asarray(np.where(is_dropped, _LEFT_OUT_OF_DROPPED, care[assessment]))


def _measured(rng: np.random.Generator, criteria: pd.DataFrame, done: Assessments, findings: Findings) -> Any:
    """Return what was measured where a number decides, in keeping with what was found.

    Minors who were found are counted in no published assessment.
    """
    operator = criteria["operator"].fillna("").to_numpy(dtype=object)[findings.line]
    threshold = criteria["threshold_value"].to_numpy(dtype=np.float64, na_value=np.nan)[findings.line]
    unit = criteria["unit"].fillna("").to_numpy(dtype=object)[findings.line]
    share, luck = rng.random(len(findings)), rng.random(len(findings))
    value = np.where(findings.found == MET, 0.0, 1 + np.floor(share * _MOST_MINORS))
    for sign, kept in _KEPT.items():
        near, far = _MISSED[sign]
        factor = np.select(
            [findings.found == MET, findings.found == PARTIAL], [_between(kept, share), _between(near, share)],
            _between(far, share),
        )  # fmt: skip
        value = np.where(operator == sign, _kept_to(sign, findings.found == MET, factor, threshold), value)
    value = np.where(unit == "days", np.minimum(value, _MOST_DAYS_A_WEEK), value)
    is_known = ~np.isnan(threshold) & (findings.found <= NOT_MET) & (luck < _MEASURED)
    is_known &= (operator != "=") | ~done.is_public[findings.assessment]
    return pd.Series(value).where(is_known).astype("Int64")


def _between(limits: tuple[float, float], share: Floats) -> Floats:
    return np.asarray(limits[0] + (limits[1] - limits[0]) * share)


def _kept_to(sign: str, is_kept: Flags, factor: Floats, threshold: Floats) -> Floats:
    """Return whole numbers near `factor` times the threshold, on the side of it that was found."""
    about = factor * threshold
    if sign == "<=":
        return np.asarray(np.where(is_kept, np.floor(about), np.maximum(np.ceil(about), threshold + 1)))
    return np.asarray(np.where(is_kept, np.ceil(about), np.minimum(np.floor(about), threshold)))
