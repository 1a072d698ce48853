"""What the page on the method asks: how the method was tried, and how this release was made by it."""

from __future__ import annotations

import pandas as pd

from warehouse.asking import answer
from warehouse.release import Release


def figures(release: Release, test: str) -> pd.DataFrame:
    """Return the figures of one test of the method, by setting and figure.

    Columns: setting, figure, value, low, high (90 % interval), runs, method_version, measured_on. A release
    without such figures gives no row.
    """
    return answer(
        release,
        "SELECT * EXCLUDE (test) FROM method_figures WHERE test = $test ORDER BY setting, figure",
        {"test": test},
    )


def runs(release: Release) -> pd.DataFrame:
    """Return one row a measured table, by name: table_name, reads, rows, and the start of the inputs' hash."""
    return answer(
        release,
        """
        SELECT table_name, reads, "rows", left(inputs_sha256, 12) AS inputs_hash
        FROM measure_runs ORDER BY table_name
        """,
    )


def least_expected(release: Release) -> float | None:
    """Return how many events must be expected for a three-fold excess to be noticed; None without a test."""
    least = answer(release, "SELECT max(e_min) AS e_min FROM theme_tests")["e_min"].dropna()
    return float(least.iloc[0]) if len(least) else None
