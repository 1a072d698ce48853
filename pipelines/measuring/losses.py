"""What must not be said where rows of a source were set aside.

A row that was set aside may tell of any place. Beyond a few of them the findings that rest on silence, no
excess and a low score, are not made anywhere: what is found stands, what is not found is not known.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import pandas as pd

# Tables of files behind the counts of reports, and behind the scores.
REPORTS: Final = ("incidents", "citations", "site_records")
SCORES: Final = (*REPORTS, "site_visits", "observations")
MOST_LOST_PCT: Final = 5.0


def is_cut_short(loads: pd.DataFrame, tables: Collection[str]) -> bool:
    """Return whether a file of one of `tables` is empty, or more than 5 % of its rows were set aside.

    `loads` is of contract `Loads`. A table that the edition has no file for lost nothing.

    >>> loads = pd.DataFrame({"table_name": ["incidents"], "rows_in": [101], "rows_rejected": [2]})
    >>> is_cut_short(loads, REPORTS), is_cut_short(loads.assign(rows_rejected=40), REPORTS)
    (False, True)
    """
    files = loads[loads["table_name"].isin(list(tables))]
    is_short = (files["rows_in"] == 0) | (100 * files["rows_rejected"] > MOST_LOST_PCT * files["rows_in"])
    return bool(is_short.any())


def without_low(bands: pd.Series, loads: pd.DataFrame) -> pd.Series:
    """Return `bands` with 'insufficient' for 'low' where a source of the scores is cut short."""
    return bands.mask(bands == "low", "insufficient") if is_cut_short(loads, SCORES) else bands
