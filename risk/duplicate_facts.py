"""What reports say beside their words: tolls, sources, addresses, the day they came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse

# An address without a path names no page.
_NO_PAGE: Final = r"https?://[^/;\s]*/?\s*(?:;|$)"


@dataclass(frozen=True)
class Facts:
    """What n reports say beside their words: tolls (missing as NaN), sources, addresses, day of the report.

    `sources` and `addresses` are n × things, sparse, of ones. `texts` are the tellings, one list a column.
    """

    killed_low: np.ndarray
    killed_high: np.ndarray
    killed_best: np.ndarray
    injured: np.ndarray
    reported: np.ndarray
    sources: sparse.csr_array
    addresses: sparse.csr_array
    texts: list[np.ndarray]


def facts(reports: pd.DataFrame) -> Facts:
    """Return what `reports` (as `risk.duplicates.find_events` takes them) say beside their words."""
    low, best, high, injured = (
        pd.to_numeric(reports[name]).astype(float).to_numpy()
        for name in ("killed_low", "killed_best", "killed_high", "injured")
    )
    reported = pd.to_datetime(reports["reported_on"]).to_numpy().astype("datetime64[D]")
    return Facts(
        np.where(np.isnan(low), best, low),
        np.where(np.isnan(high), best, high),
        best,
        injured,
        np.where(np.isnat(reported), np.nan, reported.astype(np.int64)),
        incidence(reports["source_groups"]),
        incidence(reports["source_urls"].astype("string").str.replace(_NO_PAGE, "", regex=True)),
        [
            reports[name].astype("string").fillna("").to_numpy(dtype=object)
            for name in ("summary", "summary_fr")
        ],
    )


def incidence(lists: pd.Series) -> sparse.csr_array:
    """Return which of the things in '; '-separated `lists` each row names (n × things, ones)."""
    flat: list[str] = []
    rows: list[int] = []
    for row, text in enumerate(lists.astype("string").fillna("").str.casefold()):
        parts = {part.strip() for part in text.split(";")} if ";" in text else (text,)
        for part in parts:
            if part:
                flat.append(part)
                rows.append(row)
    number, things = pd.factorize(np.array(flat, dtype=object))
    ones = np.ones(len(rows), np.int32)
    return sparse.csr_array(
        (ones, (np.array(rows, dtype=np.int64), number)), shape=(len(lists), max(len(things), 1))
    )
