"""Promises that hold across the columns of one row, or the rows of one file, of a framework."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from pipelines.checks.rules import Broken, Mask

_THRESHOLD: Final = ("metric", "operator", "threshold_value", "unit")
# Texts that may be absent, in both languages together.
_PAIRS: Final = ("note", "evidence", "capital")


def broken_framework_rules(frame: pd.DataFrame) -> Iterator[Broken]:
    """Yield what is broken in `frame`; rules whose columns it lacks are silent."""
    columns = set(frame.columns)
    if set(_THRESHOLD) <= columns:
        given = np.column_stack([frame[name].notna().to_numpy(dtype=bool) for name in _THRESHOLD])
        torn = np.asarray(given.any(axis=1) & ~given.all(axis=1))
        yield Broken(
            torn, _THRESHOLD, "a threshold in part; give metric, operator, value and unit, or none of them"
        )
    for name in _PAIRS:
        pair = (f"{name}_en", f"{name}_fr")
        if set(pair) <= columns:
            one = frame[pair[0]].notna().to_numpy(dtype=bool) ^ frame[pair[1]].notna().to_numpy(dtype=bool)
            yield Broken(one, pair, "in one language; give English and French, or neither")
    if {"kind", "response_track"} <= columns:
        slow = _true((frame["kind"] == "zero_tolerance") & (frame["response_track"] != "immediate"))
        reason = "too slow an answer; a criterion of zero tolerance has the response track immediate"
        yield Broken(slow, ("kind", "response_track"), reason)
    if {"valid_from", "valid_until"} <= columns:
        early = _true(frame["valid_until"] < frame["valid_from"])
        yield Broken(early, ("valid_until", "valid_from"), "the wrong way round: it ends before it begins")
    if {"is_verified", "source"} <= columns:
        bare = _true(frame["is_verified"] & frame["source"].isna())
        yield Broken(
            bare, ("is_verified", "source"), "verified in no source; name the source, or write false"
        )
    if {"framework_id", "level", "rank"} <= columns:
        again = frame["rank"].notna() & frame.duplicated(["framework_id", "rank"])
        yield Broken(_true(again), ("level", "rank"), "the rank of an earlier level; give each its own")


def _true(answers: pd.Series) -> Mask:
    return np.asarray(answers.fillna(False), dtype=bool)
