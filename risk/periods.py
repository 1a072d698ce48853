"""Quarters and months as numbers that can be counted with."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def period_ordinals(values: pd.Series, frequency: str = "Q") -> NDArray[np.int64]:
    """Return the number of each quarter ("Q") or month ("M"): consecutive periods differ by 1.

    Values are pandas Periods, dates, or text such as "2026Q3" or "2026-08". Raises ValueError where one is
    missing or is no period.

    >>> period_ordinals(pd.Series(["2026Q1", "2025Q4", "2026-05-03"])).tolist()
    [224, 223, 225]
    """
    if values.isna().any():
        raise ValueError(f"a {values.name or 'period'} is missing; leave out rows without one")
    codes, known = pd.factorize(values)
    return pd.PeriodIndex([str(value) for value in known], freq=frequency).asi8[codes]
