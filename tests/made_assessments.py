"""Made frameworks, assessments and findings, for the tests of scores, levels and changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

FRAMEWORK = "made@1"
LEVELS = pd.DataFrame(
    {"framework_id": FRAMEWORK, "level": ["ENTRY", "BASE", "PROG", "ADV"], "rank": [1, 2, 3, 4]}
)
RESULTS = ("met", "partial", "not_met", "na", "not_assessed")


def criterion(criterion_id: str, position: int = 1, **more: Any) -> dict[str, Any]:
    """One criterion: a threshold of ENTRY unless told otherwise; its section is what stands before '-'."""
    row = {
        "framework_id": FRAMEWORK,
        "criterion_id": criterion_id,
        "position": position,
        "section": criterion_id.partition("-")[0],
        "kind": "threshold",
        "level": "ENTRY",
        "weight": 1.0,
        "response_track": "improve",
        "text_en": f"Asks {criterion_id}",
        "text_fr": f"Demande {criterion_id}",
        "metric": None,
        "operator": None,
        "threshold_value": None,
        "unit": None,
        "needs_capital": False,
        "capital_en": None,
        "capital_fr": None,
    }
    return {**row, **more}


def criteria(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows) or [criterion("GOV-01")])
    return frame if rows else frame.iloc[:0]


def assessments(*rows: tuple[str, str, str], framework_id: str = FRAMEWORK) -> pd.DataFrame:
    """Assessments by id, site and day."""
    frame = pd.DataFrame(list(rows), columns=["assessment_id", "site_id", "assessed_on"])
    days = pd.to_datetime(frame["assessed_on"])
    return frame.assign(framework_id=framework_id, assessed_on=days)


def findings(**found: dict[str, str]) -> pd.DataFrame:
    """Findings by assessment: criterion to result, '_' for '-' in criteria."""
    rows = [
        (f"{assessment}/{name.replace('_', '-')}", assessment, name.replace("_", "-"), result)
        for assessment, results in found.items()
        for name, result in results.items()
    ]
    return pd.DataFrame(rows, columns=["finding_id", "assessment_id", "criterion_id", "result"], dtype=object)


def many(sites: int, of_each: int = 45, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A framework of `of_each` criteria, and as many assessments as `sites` with a finding for each."""
    rng = np.random.default_rng(seed)
    kinds, levels = ("threshold", "zero_tolerance", "progressive", "management"), LEVELS["level"].tolist()
    asked = criteria(
        *(
            criterion(
                f"{['GOV', 'WR', 'OSH', 'ENV', 'TRD'][number % 5]}-{number:02d}",
                number,
                kind=kinds[number % 4],
                level=levels[number % 4],
                weight=float(rng.choice([0.3, 0.7, 1.1, 2.9])),
                response_track=("immediate", "mitigate", "improve")[number % 3],
            )
            for number in range(of_each)
        )
    )
    ids = [f"a{number:05d}" for number in range(sites)]
    done = assessments(*((name, f"site-{name}", "2026-01-01") for name in ids))
    pairs = pd.MultiIndex.from_product([ids, asked["criterion_id"]], names=["assessment_id", "criterion_id"])
    found = pairs.to_frame(index=False).assign(finding_id=[f"f{number}" for number in range(len(pairs))])
    chance = [0.6, 0.1, 0.1, 0.1, 0.1]
    return asked, done, found.assign(result=rng.choice(RESULTS, len(found), p=chance))
