"""The map of counts: the cells with most events are hot."""

from __future__ import annotations

from benchmarks.against import Flags, Map, hottest


def flagged(told: Map) -> Flags:
    return hottest(told.counts().sum(axis=1))
