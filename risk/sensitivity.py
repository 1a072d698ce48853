"""How sensitive a record is to speak of: after its categories, one step more where victims are described."""

from __future__ import annotations

from typing import Final

import pandas as pd

from risk.categories import CATEGORIES, Sensitivity

_STEPS: Final = tuple(Sensitivity)


def sensitivities(categories: pd.Series, is_raised: pd.Series) -> pd.Series:
    """Return the sensitivity of each record, missing where its categories are; same index and order.

    `categories` are '; '-separated codes: the most sensitive of them counts, for a secondary one tells no
    less. `is_raised` says where children are concerned or victims are described by age or sex: one step
    more, `severe` being the last (OCHA Data Responsibility Guidelines, 2021: sensitivity depends on what
    a disclosure may do to people, so on who they are, too).

    >>> sensitivities(pd.Series(["OSH", "OSH", "LGL; SGB", None]), pd.Series([False, True, True, True])).tolist()
    ['moderate', 'high', 'severe', <NA>]
    """
    known = {text: _step(text) for text in categories.dropna().unique()}
    steps = categories.map(known).astype("Int64") + is_raised.fillna(False).astype("Int64")
    names = {step: str(name) for step, name in enumerate(_STEPS)}
    return steps.clip(upper=len(_STEPS) - 1).map(names).astype("string")


def _step(codes: str) -> int:
    return max(_STEPS.index(CATEGORIES[code].sensitivity) for code in codes.split("; "))
