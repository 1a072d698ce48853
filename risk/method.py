"""The method: its version, and every number that a measure uses.

Raise the version when the same inputs would give other rows. Where a number is a choice of ours, it was
tried against its alternatives on simulated copperbelts: see the tables on the page of the method.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

METHOD_VERSION: Final = "4"


@dataclass(frozen=True)
class Method:
    """Numbers of the measures; distances in metres, times in months, chances between 0 and 1."""

    version: str = METHOD_VERSION
    # Time: tests look at a window, unweighted; decay is for scores.
    window_months: int = 24
    trend_quarters: int = 8
    # Hotspot test.
    resolution: int = 6
    radii_m: tuple[int, ...] = (0, 12_000, 20_000)
    imputations: int = 20
    q: float = 0.05
    q_falling: float = 0.10
    min_reports: int = 5
    min_sources: int = 2
    stability_confirmed: float = 0.8
    noticed_excess: float = 3.0
    noticed_power: float = 0.8
    nearest_exposed_m: int = 10_000
    near_m: int = 10_000
    interval: tuple[float, float] = (0.05, 0.95)
    # Events told twice.
    same_event_m: int = 10_000
    same_event_days: int = 7
    # Scan.
    scan_radius_m: int = 50_000
    scan_replicas: int = 999
    scan_min_events: int = 20
    # Trend.
    trend_min_reports: int = 5
    trend_min_quarters: int = 6
    steady_effort_pct: float = 25.0
    # Scores.
    half_life_months: float = 12.0
    half_life_by_category: Mapping[str, float] = field(default_factory=lambda: {"SEC": 6.0, "NSA": 6.0})
    half_life_structural_months: float = 24.0
    prior_weight: float = 0.25
    floor_score: float = 7.0
    floor_months: float = 12.0
    bands: tuple[tuple[str, float], ...] = (
        ("low", 25.0),
        ("medium", 50.0),
        ("high", 75.0),
        ("extreme", 100.0),
    )
    draws: int = 1_000
    burden_score: float = 70.0
    assessed_months: float = 18.0


METHOD: Final = Method()
