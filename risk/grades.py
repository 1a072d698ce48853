"""How well a figure is supported, A to D: the lowest rule wins, and it says what would raise it.

The rules are this project's own: how much evidence (weighted by age), from how many independent sources,
how well placed; for areas also how many of the workers are at assessed sites, for hotspots how stable the
window is over the draws of vague places. What is not known fulfils no rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from risk.method import METHOD, Method

Kind = Literal["hotspot", "site", "area"]

GRADE_LETTERS: Final = ("A", "B", "C", "D")
# Rule → the least value for A, B and C; None: no such rule for the grade.
THRESHOLDS: Final[Mapping[str, tuple[float | None, float | None, float | None]]] = {
    "n_eff": (10, 5, 3),
    "source_count": (3, 2, 1),
    "located_pct": (70, 50, 30),
    "assessed_workers_pct": (50, 25, None),
    "stability": (0.9, 0.8, 0.5),
}
RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "hotspot": ("n_eff", "source_count", "located_pct", "stability"),
    "site": ("n_eff", "source_count", "located_pct"),
    "area": ("n_eff", "source_count", "located_pct", "assessed_workers_pct"),
}
ONE_PART: Final = "one_part"
# A sum of weights that misses a threshold by rounding only reaches it.
_ROUNDING: Final = 1e-9


def effective_count(ages_months: ArrayLike, *, method: Method = METHOD) -> float:
    """Return n_eff = Σ 2^(−age/12): pieces of evidence, each halved a year. 0.0 for none.

    >>> effective_count([0, 12, 24])
    1.75
    """
    ages = np.asarray(ages_months, dtype=float)
    if not (ages >= 0).all():
        raise ValueError("an age is missing or below 0; count only what happened by the release's date")
    return float(np.exp2(-ages / method.half_life_months).sum())


def effective_counts(evidence: pd.DataFrame, key: str = "unit_id", *, method: Method = METHOD) -> pd.Series:
    """Return n_eff of each unit, by `key`, from rows with `age_months`; a unit without rows is not in it."""
    effective_count(evidence["age_months"].to_numpy(dtype=float))
    weights = 2.0 ** (-evidence["age_months"].astype(float) / method.half_life_months)
    found: pd.Series = weights.groupby(evidence[key]).sum().rename("n_eff")
    return found


def grade(
    n_eff: float | None,
    source_count: float | None,
    located_pct: float | None,
    assessed_workers_pct: float | None = None,
    stability: float | None = None,
    *,
    kind: Kind = "hotspot",
    is_one_sided: bool = False,
) -> str:
    """Return the grade A, B, C or D; stability counts for hotspots only, the workers' share for areas only.

    A value that is missing fulfils no rule. `is_one_sided`: a part of the score is missing, one grade lower.

    >>> grade(12, 3, 80, stability=0.95), grade(12, 3, 45, kind="site"), grade(12, 0, 80, kind="site")
    ('A', 'C', 'D')
    """
    return _single(locals(), kind, is_one_sided)[0]


def what_would_raise(
    n_eff: float | None,
    source_count: float | None,
    located_pct: float | None,
    assessed_workers_pct: float | None = None,
    stability: float | None = None,
    *,
    kind: Kind = "hotspot",
    is_one_sided: bool = False,
) -> tuple[str, ...]:
    """Return the rules that hold the grade down, by the name of their value; empty for an A.

    All of them must reach the next threshold before the grade rises; 'one_part' says that the score has
    no assessment or no incidents.

    >>> what_would_raise(12, 1, 45, kind="site")
    ('source_count', 'located_pct')
    """
    codes = _single(locals(), kind, is_one_sided)[1]
    return tuple(codes.split("; ")) if codes else ()


def grades(units: pd.DataFrame, kind: Kind, *, is_one_sided: pd.Series | None = None) -> pd.DataFrame:
    """Return grade and held_down_by ('; '-separated codes, missing for an A), one row a row of `units`.

    `units` has the values of the rules of its kind (`RULES`) as columns and keeps its index. Raises
    ValueError for an unknown kind, a column that lacks, a value below 0 and a share above its end.
    """
    if kind not in RULES:
        raise ValueError(f"kind is {kind!r}; write one of {', '.join(RULES)}")
    missing = [name for name in RULES[kind] if name not in units]
    if missing:
        raise ValueError(f"a grade of a {kind} needs {', '.join(missing)}; add the column")
    levels = np.stack([_levels(units[name], name) for name in RULES[kind]], axis=1)
    level = levels.max(axis=1)
    one_sided = (
        np.zeros(len(units), dtype=bool) if is_one_sided is None else is_one_sided.to_numpy(dtype=bool)
    )
    holds = np.c_[(levels == level[:, None]) & (level > 0)[:, None], one_sided]
    patterns, which = np.unique(holds, axis=0, return_inverse=True)
    names = np.array([*RULES[kind], ONE_PART], dtype=object)
    words = np.array(["; ".join(names[pattern]) or None for pattern in patterns] or [None], dtype=object)
    final = np.minimum(level + one_sided, len(GRADE_LETTERS) - 1)
    return pd.DataFrame(
        {
            "grade": pd.array(np.array(GRADE_LETTERS, dtype=object)[final], dtype="string"),
            "held_down_by": pd.array(words[which.reshape(-1)], dtype="string"),
        },
        index=units.index,
    )


def _levels(values: pd.Series, name: str) -> np.ndarray[Any, Any]:
    """Return 0, 1, 2 or 3 for the best grade that each value allows: A, B, C, D."""
    known = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    top = {"located_pct": 100, "assessed_workers_pct": 100, "stability": 1}.get(name, np.inf)
    if (known < 0).any() or (known > top * (1 + _ROUNDING)).any():
        raise ValueError(f"{name} has a value outside 0 to {top:g}; look at how it was made")
    found = np.full(len(known), 3)
    for level, least in reversed(list(enumerate(THRESHOLDS[name]))):
        found[np.full(len(known), True) if least is None else known >= least - _ROUNDING] = level
    return found


def _single(values: dict[str, Any], kind: Kind, is_one_sided: bool) -> tuple[str, str]:
    if kind not in RULES:
        raise ValueError(f"kind is {kind!r}; write one of {', '.join(RULES)}")
    row = pd.DataFrame({name: pd.array([values[name]], dtype="Float64") for name in RULES[kind]})
    found = grades(row, kind, is_one_sided=pd.Series([is_one_sided])).iloc[0]
    return str(found["grade"]), "" if pd.isna(found["held_down_by"]) else str(found["held_down_by"])
