"""Columns of the tables written: days as text, and values that are known of some rows only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.sources import SOURCES

Objects = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]


def opaque_ids(prefix: str, count: int) -> Objects:
    """Return `count` different ids that count nothing: gaps in a series would tell how many are kept back.

    >>> opaque_ids("s", 2).tolist()
    ['sd0b566a28605', 'seddac171b3ca']
    """
    codes = (hashlib.blake2b(f"{prefix}{k}".encode(), digest_size=6).hexdigest() for k in range(count))
    return np.array([f"{prefix}{code}" for code in codes], dtype=object)


def iso_days(days: npt.NDArray[np.int64]) -> Objects:
    """Return days from 1970 as YYYY-MM-DD; each distinct day is written once.

    >>> iso_days(np.array([0, 31])).tolist()
    ['1970-01-01', '1970-02-01']
    """
    distinct, which = np.unique(days, return_inverse=True)
    return np.asarray(distinct.astype("datetime64[D]").astype(str).astype(object)[which])


def known_where(is_known: Flags, values: Any, otherwise: Any = None) -> Objects:
    """Return `values` (one, or one a row) where they are known, else `otherwise`: by default nothing.

    >>> known_where(np.array([True, False]), "yes").tolist()
    ['yes', None]
    """
    found = np.full(len(is_known), None, dtype=object)
    for rows, given in ((is_known, values), (~is_known, otherwise)):
        column = np.asarray(given, dtype=object)
        found[rows] = column[rows] if column.ndim else given
    return found


def yes_or_no(mask: Flags) -> Objects:
    """Return a flag as a file of ours has it.

    >>> yes_or_no(np.array([True, False])).tolist()
    ['yes', 'no']
    """
    return np.asarray(np.where(mask, "yes", "no"), dtype=object)


def columns_of(source: str, values: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table with all columns of a file of ours, in their order; those without values are blank."""
    return pd.DataFrame(dict(values)).reindex(columns=[field.theirs for field in SOURCES[source].fields])
