"""Made evidence on sites, for the tests of scores, their uncertainty and areas."""

from __future__ import annotations

import numpy as np
import pandas as pd


def finding(
    site_id: str, category: str, x: float, age_months: float = 0, **more: object
) -> dict[str, object]:
    row = {"site_id": site_id, "kind": "shaft", "category": category, "x": x, "age_months": age_months}
    return {**row, "reliability": 1.0, **more}


def seen(*rows: dict[str, object]) -> pd.DataFrame:
    columns = ["site_id", "kind", "category", "x", "age_months", "reliability"]
    return pd.DataFrame(list(rows)) if rows else pd.DataFrame(columns=columns)


def told(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["site_id", "category", "rr"])


def score(frame: pd.DataFrame, site_id: str = "a", category: str = "ALL") -> pd.Series:
    return frame.set_index(["site_id", "category"]).loc[(site_id, category)]


def peers(category: str, *values: float) -> list[dict[str, object]]:
    return [finding(f"peer-{number}", category, x) for number, x in enumerate(values)]


def evidence(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Findings, rate ratios and worst forms of 40 sites, some of each missing, many at the ends."""
    rng = np.random.default_rng(seed)
    sites = [f"site-{number:02d}" for number in range(40)]
    categories = ["OSH", "CHL", "SEC", "ENV"]

    def some(names: list[str], chance: float) -> list[str]:
        return [name for name in names if rng.random() < chance]

    rows = [
        finding(site, category, mark(rng, 10), rng.uniform(0, 80), criterion=f"{category}-{number}")
        for site in some(sites, 0.8)
        for category in some(categories, 0.5)
        for number in range(rng.integers(1, 4))
    ]
    ratios = [
        (site, category, mark(rng, 20)) for site in sites for category in some([*categories, "ALL"], 0.5)
    ]
    worst = [{"site_id": site, "category": "CHL", "age_months": 2.0} for site in some(sites, 0.3)]
    return seen(*rows), told(*ratios), pd.DataFrame(worst, columns=["site_id", "category", "age_months"])


def mark(rng: np.random.Generator, top: float) -> float:
    return float(rng.choice([0, top, rng.uniform(0, top)]))


def raised(frame: pd.DataFrame, column: str, seed: int) -> pd.DataFrame:
    """Return `frame` with one value of every second site raised: sites meet in what is typical only."""
    rng = np.random.default_rng(seed)
    chosen = frame.sample(frac=1, random_state=seed).drop_duplicates("site_id").iloc[::2].index
    higher = frame[column].copy()
    higher[chosen] = np.maximum(higher[chosen], rng.uniform(0, 10, len(chosen)))
    return frame.assign(**{column: higher})
