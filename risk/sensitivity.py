"""How sensitive a record is to speak of: after its category, one step more where people are described."""

from __future__ import annotations

from typing import Final

import pandas as pd

from risk.categories import CATEGORIES, Sensitivity

_STEPS: Final = tuple(Sensitivity)


def sensitivities(category: pd.Series, secondary: pd.Series, describes_people: pd.Series) -> pd.Series:
    """Return the sensitivity of each record, missing where its category is; same index and order.

    It is that of the primary `category`, one step more where the record `describes_people` (children are
    concerned, victims are known by age or sex) or where one of the `secondary` categories ('; '-separated
    codes) is more sensitive; `severe` is the last step. The steps are OCHA's (Data Responsibility
    Guidelines, 2021), for whom sensitivity depends on what a disclosure may do to people; the rule is ours.

    >>> category, secondary = pd.Series(["OSH", "OSH", "LGL", "CHL"]), pd.Series([None, None, "SGB", None])
    >>> sensitivities(category, secondary, pd.Series([False, True, False, True])).tolist()
    ['moderate', 'high', 'high', 'severe']
    """
    people = describes_people.fillna(False).astype(bool)
    rows = pd.DataFrame({"one": category.fillna(""), "others": secondary.fillna(""), "people": people})
    known = {
        (one, others, is_raised): _sensitivity(one, others, is_raised)
        for one, others, is_raised in rows.drop_duplicates().itertuples(index=False)
        if one
    }
    found = [known.get(key) for key in rows.itertuples(index=False, name=None)]
    return pd.Series(found, index=category.index, dtype="string")


def _sensitivity(category: str, secondary: str, describes_people: bool) -> str:
    step = _step(category)
    is_raised = describes_people or any(_step(code) > step for code in secondary.split("; ") if code)
    return str(_STEPS[min(step + is_raised, len(_STEPS) - 1)])


def _step(code: str) -> int:
    return _STEPS.index(CATEGORIES[code].sensitivity)
