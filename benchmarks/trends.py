"""How long the trends of many windows take and how often they raise a false alarm, beside other ways.

    python benchmarks/trends.py [--windows 30000]

Made windows over eight quarters, each a few in a hundred of its theme, without a trend and with one that
doubles every year. Beside ours: a Poisson regression for each window (statsmodels, timed on 300 windows and
scaled up), and Mann–Kendall on the window's rates (Kendall's tau with time, as the emerging-hot-spot
recipe has it, timed on 3,000). Printed: seconds, ratio, and the part of the windows with p < 0.05.
"""

from __future__ import annotations

import argparse
import time
import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from risk.trends import trend, trends

QUARTERS = [f"{year}Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)]
TOTAL = np.array([600, 800, 900, 1_200, 1_300, 1_000, 1_400, 1_600])
SIDES = ("passes_recent", "passes_before", "passes_first_half", "passes_second_half")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--windows", type=int, default=30_000)
    number = parser.parse_args().windows
    draw = np.random.default_rng(2026)
    share = draw.uniform(0.005, 0.04, (number, 1))
    flat = draw.poisson(share * TOTAL)
    rising = draw.poisson(share * 2 ** (np.arange(8) / 4) * TOTAL)
    start = time.perf_counter()
    trends(*_frames(flat))
    ours_s = time.perf_counter() - start
    print(f"{'way':<40}{'seconds':>9}{'ratio':>8}{'no trend':>10}{'doubling':>10}")
    parts = [float(np.mean(trend(rows, TOTAL)[1] < 0.05)) for rows in (flat, rising)]
    _line("trends, from frames to classes", ours_s, ours_s, parts)
    for name, timed, way in (
        ("Poisson regression a window (scaled up)", 300, _regression),
        ("Mann–Kendall a window (scaled up)", 3_000, _kendall),
    ):
        start = time.perf_counter()
        p = np.array([way(row) for row in flat[:timed]])
        seconds = (time.perf_counter() - start) / timed * number
        told = [float(np.mean(p < 0.05)), float(np.mean([way(row) < 0.05 for row in rising[:timed]]))]
        _line(name, seconds, ours_s, told)


def _line(name: str, seconds: float, ours_s: float, parts: list[float]) -> None:
    print(f"{name:<40}{seconds:>9.2f}{seconds / ours_s:>7.1f}x{parts[0]:>10.1%}{parts[1]:>10.1%}")


def _frames(observed: np.ndarray) -> tuple[pd.DataFrame, ...]:
    ids = np.repeat(np.arange(len(observed)), 8)
    rows = pd.DataFrame({"hotspot_id": ids, "quarter": np.tile(QUARTERS, len(observed))})
    windows = rows.assign(category="OSH", observed=observed.ravel())
    totals = pd.DataFrame({"category": "OSH", "quarter": QUARTERS, "events": TOTAL})
    effort = rows.assign(visits=3.0, sources=2.0)
    passes = pd.DataFrame({"hotspot_id": np.arange(len(observed)), **dict.fromkeys(SIDES, True)})
    return windows, totals, effort, passes


def _regression(row: np.ndarray) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Windows without an event have no fit.
        model = sm.GLM(row, sm.add_constant(np.arange(8.0)), family=sm.families.Poisson(), exposure=TOTAL)
        return float(model.fit().pvalues[1])


def _kendall(row: np.ndarray) -> float:
    return float(stats.kendalltau(np.arange(8), row / TOTAL).pvalue)


if __name__ == "__main__":
    main()
