"""Several values in one text, '; '-separated: one row a value."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


def listed_values(texts: pd.Series) -> tuple[npt.NDArray[np.intp], npt.NDArray[Any]]:
    """Return the row (from 0) and the value of each of the ';'-separated values of `texts`, in their order.

    Blanks around a value are no part of it; an empty value, and a missing text, give none. Each text is split
    once, however many rows have it.

    >>> rows, values = listed_values(pd.Series(["a; b", None, "b"]))
    >>> rows.tolist(), values.tolist()
    ([0, 0, 2], ['a', 'b', 'b'])
    """
    numbers, known = pd.factorize(texts.to_numpy(dtype=object))
    several = [[part for one in str(text).split(";") if (part := one.strip())] for text in known]
    sizes = np.array([len(parts) for parts in several], dtype=np.intp)
    values = np.array([part for parts in several for part in parts], dtype=object)
    counts = np.where(numbers >= 0, sizes[numbers], 0) if sizes.size else np.zeros(len(numbers), np.intp)
    rows = np.repeat(np.arange(len(numbers)), counts)
    within = np.arange(rows.size) - np.repeat(np.cumsum(counts) - counts, counts)
    first = np.cumsum(sizes) - sizes
    return rows, values[first[numbers[rows]] + within] if rows.size else values[:0]
