"""What reports say beside their words: tolls, sources, addresses, the day they came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse

_AT_ONCE: Final = 50_000
_TOLLS: Final = ("killed_low", "killed_best", "killed_high", "injured")


@dataclass(frozen=True)
class Texts:
    """Texts as they stand in a frame, some of its rows: taken when asked for, because copies take much memory."""

    column: pd.api.extensions.ExtensionArray
    rows: np.ndarray

    def __getitem__(self, which: slice | np.ndarray) -> list[str]:
        return list(self.column.take(self.rows[which]).to_numpy(dtype=object, na_value=""))


@dataclass(frozen=True)
class Facts:
    """What n reports say beside their words: tolls (missing as NaN), sources, addresses, day of the report.

    `sources` and `addresses` are n × things, sparse, of ones; `pages` marks the addresses that several
    reports have (64 bits, hashed). `texts` are the tellings, empty for none.
    """

    killed_low: np.ndarray
    killed_high: np.ndarray
    killed_best: np.ndarray
    injured: np.ndarray
    reported: np.ndarray
    sources: sparse.csr_array
    addresses: sparse.csr_array
    pages: np.ndarray
    texts: list[Texts]


def facts(reports: pd.DataFrame, rows: np.ndarray) -> Facts:
    """Return what some rows of `reports` (as `risk.duplicates.find_events` takes them) say beside their words."""
    texts = [Texts(reports[name].astype("string").array, rows) for name in ("summary", "summary_fr")]
    reports = reports[[*_TOLLS, "reported_on", "source_urls", "source_groups"]].iloc[rows]
    low, best, high, injured = (pd.to_numeric(reports[name]).astype(float).to_numpy() for name in _TOLLS)
    reported = pd.to_datetime(reports["reported_on"]).to_numpy().astype("datetime64[D]")
    addresses = incidence(reports["source_urls"])
    return Facts(
        np.where(np.isnan(low), best, low),
        np.where(np.isnan(high), best, high),
        best,
        injured,
        np.where(np.isnat(reported), np.nan, reported.astype(np.int64)),
        incidence(reports["source_groups"]),
        addresses,
        _shared(addresses),
        texts,
    )


def _shared(things: sparse.csr_array) -> np.ndarray:
    """Return for each row the set of its things that other rows have too, hashed to 64 bits."""
    rows, columns = things.nonzero()
    several = things.sum(axis=0)[columns] > 1
    found = np.zeros(things.shape[0], dtype=np.uint64)
    np.bitwise_or.at(found, rows[several], np.uint64(1) << (columns[several] % 64).astype(np.uint64))
    return found


def incidence(lists: pd.Series) -> sparse.csr_array:
    """Return which of the things in '; '-separated `lists` each row names (n × things, ones).

    The address of a whole site names no page and is left out.
    """
    code, texts = pd.factorize(lists.astype("string").str.lower())
    different = np.array(texts, dtype=object)
    is_list = np.array([";" in text for text in different], dtype=bool)
    split = [(at, part.strip()) for at in np.flatnonzero(is_list) for part in set(different[at].split(";"))]
    owner = np.concatenate([np.flatnonzero(~is_list), np.array([at for at, _ in split], dtype=np.int64)])
    part = np.concatenate([different[~is_list], np.array([one for _, one in split], dtype=object)])
    is_thing = np.array(
        [bool(one) and (one[:4] != "http" or one.count("/", 0, -1) > 2) for one in part], dtype=bool
    )
    number, things = pd.factorize(part[is_thing])
    # The row behind the last one is for those that name nothing: code -1.
    shape = (len(different) + 1, max(len(things), 1))
    of_list = sparse.csr_array((np.ones(len(number), np.int32), (owner[is_thing], number)), shape=shape)
    of_list.data[:] = 1
    return sparse.csr_array(of_list[np.where(code < 0, len(different), code)])


def hashed(rows: pd.DataFrame | pd.Series) -> np.ndarray:
    """Return a hash of each row (64 bits, unsigned), some at a time: hashing text takes much memory."""
    parts = [
        pd.util.hash_pandas_object(rows.iloc[first : first + _AT_ONCE], index=False).to_numpy()
        for first in range(0, len(rows), _AT_ONCE)
    ]
    return np.concatenate([np.empty(0, np.uint64), *parts])
