"""Frames as promised: named columns in their order, each with its type, also where there is no row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TEXT: Final = "string"
WHOLE: Final = "Int64"
NUMBER: Final = "Float64"
FLAG: Final = "boolean"
DAY: Final = "datetime64[us]"


def typed(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return `columns` of `frame` in their order and types, rows numbered from 0; KeyError where one lacks.

    >>> typed(pd.DataFrame({"b": [1], "a": [None]}), {"a": TEXT, "b": NUMBER}).dtypes.astype(str).to_dict()
    {'a': 'string', 'b': 'Float64'}
    """
    return frame[list(columns)].astype(dict(columns)).reset_index(drop=True)


def days_between(later: pd.Series, earlier: pd.Series | pd.Timestamp) -> pd.Series:
    """Return whole days from `earlier` to `later`, Int64, below 0 where it is the other way; missing for either."""
    return (later - earlier).dt.days.astype(NUMBER).astype(WHOLE)


def joined_names(flags: NDArray[np.bool_], names: NDArray[np.object_]) -> pd.Series:
    """Return for each row of `flags` the names of its true columns, '; '-separated; missing where none is.

    >>> joined_names(np.array([[True, True], [False, False]]), np.array(["a", "b"], dtype=object)).tolist()
    ['a; b', <NA>]
    """
    if not flags.size:
        return pd.Series([pd.NA] * len(flags), dtype=TEXT)
    _, first, which = np.unique(np.packbits(flags, axis=1), axis=0, return_index=True, return_inverse=True)
    words = np.array(["; ".join(names[flags[row]]) or None for row in first], dtype=object)
    return pd.Series(words[which.reshape(-1)], dtype=TEXT)
