"""Restricted events for tests of disclosure: many small groups, some large ones, some that lack a place."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from risk.disclosure_batches import NEEDED as COLUMNS

AS_OF = date(2026, 6, 30)
CATEGORIES = ("OSH", "ENV", "SEC", "CHL", "VIO")
QUARTERS = [f"{year}Q{quarter}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4)]
AREAS = pd.DataFrame(
    {"territory_pcode": ["T0", "T1", "T2", "T3", "T4"], "province_pcode": ["P0", "P0", "P0", "P1", "P1"]}
)


def made(count: int, seed: int, *, name: str = "e", sites: int = 60) -> pd.DataFrame:
    """Return `count` events of 2024 to early 2026, unevenly spread over territories, cells and categories."""
    rng = np.random.default_rng(seed)
    territory = rng.choice(5, count, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    cell = 2 * territory + rng.choice(3, count, p=[0.5, 0.4, 0.1])
    rows = pd.DataFrame(
        {
            "event_id": [f"{name}{number:05d}" for number in range(count)],
            "territory_pcode": [f"T{number}" for number in territory],
            "province_pcode": [f"P{int(number > 2)}" for number in territory],
            "h3_r5": [f"h{number:02d}" for number in cell],
            "category": rng.choice(CATEGORIES, count, p=[0.4, 0.2, 0.15, 0.2, 0.05]),
            "happened_on": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(rng.integers(0, 880, count), unit="D"),
            "severity_band": rng.choice(["low", "high"], count, p=[0.7, 0.3]),
            "verification_band": rng.choice(["firm", "weak"], count),
            "site_id": [f"s{number}" for number in rng.integers(0, sites, count)],
            "source_groups": rng.choice(["a", "b; c", "c", "a; d"], count),
            "is_public_record": False,
            "is_protection_critical": rng.random(count) < 0.05,
        }
    )
    rows.loc[rng.random(count) < 0.03, "territory_pcode"] = None
    rows.loc[rng.random(count) < 0.03, "h3_r5"] = None
    return rows[list(COLUMNS)]


def grounds(*events: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of cells and territories that have events."""
    pairs = pd.concat(events)[["h3_r5", "territory_pcode"]]
    return pairs.dropna().drop_duplicates().sort_values(["h3_r5", "territory_pcode"], ignore_index=True)


def group(count: int, name: str, **more: object) -> pd.DataFrame:
    """Return `count` events of one quarter, category and territory at different sites, told by two sources."""
    numbers = range(count)
    rows = pd.DataFrame(
        {
            "event_id": [f"{name}{number:03d}" for number in numbers],
            "territory_pcode": "T0",
            "province_pcode": "P0",
            "h3_r5": "h00",
            "category": "OSH",
            "happened_on": pd.Timestamp("2025-02-01"),
            "severity_band": "low",
            "verification_band": "firm",
            "site_id": [f"{name}-s{number}" for number in numbers],
            "source_groups": ["a" if number % 2 else "b" for number in numbers],
            "is_public_record": False,
            "is_protection_critical": False,
        }
    )
    return rows.assign(**more)
