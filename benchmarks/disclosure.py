"""What disclosure costs beside a plain table with a threshold, and what an attack on built files recovers.

    python benchmarks/disclosure.py [--events 10000 100000 1000000] [--size 1] [--pairs 10000]

The engine (classes and cells) and the whole step (classes, counts, cells, research records) are timed on made
events, beside what one would do instead: a pandas groupby of territory, quarter and category that leaves out
what is below the minimum. Times are medians; what matters is the ratio.

The attack takes all that is told below staff in three releases of a training edition, records coming late,
retracted and changed in between, as one linear system. It asks for counts of 1 to k - 1 behind two random
filters. Beside it, the same attack on a table that only leaves out what is below the minimum.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.training.making import prepare
from pipelines.verifying.attack import small_targets
from pipelines.verifying.checking import BELOW_STAFF, check_release
from risk.disclosure import assign, counted, counted_cells, research_records
from tests.made_attacks import broken_by, build_three, filtered, naive, system_of_files
from tests.made_restricted import AREAS, CATEGORIES, QUARTERS, grounds, made

AS_OF = date(2026, 7, 31)
KEY = b"0123456789abcdef"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--size", type=float, default=1)
    parser.add_argument("--pairs", type=int, default=10_000)
    args = parser.parse_args()
    for count in args.events:
        time_step(count)
    attack(args.size, args.pairs)


def time_step(count: int) -> None:
    """Print what the engine, the whole step and the plain table take for `count` events."""
    events = made(count, 0, sites=max(count // 50, 60))
    linked = grounds(events)
    turns = 3 if count < 1_000_000 else 1
    engine, coded = timed(lambda: assign(events, None, BELOW_STAFF, AS_OF, cell_territories=linked), turns)
    tables, _ = timed(lambda: told(coded), turns)
    plain, _ = timed(lambda: thresholded(events), 3)
    whole = engine + tables
    print(f"{count:>9,} events: plain table {plain:.2f} s")
    print(f"           engine {engine:.2f} s ({engine / plain:.0f} times), whole step {whole:.2f} s", end=" ")
    print(f"({whole / plain:.0f} times), {count / whole:,.0f} events a second")


def told(coded: pd.DataFrame) -> int:
    """Return how many rows are told of `coded` events."""
    counts = counted(coded, AREAS, QUARTERS, categories=CATEGORIES)
    return len(counts) + len(counted_cells(coded)) + len(research_records(coded, BELOW_STAFF, AS_OF, key=KEY))


def thresholded(events: pd.DataFrame) -> pd.Series:
    """Return the table that only leaves out what is below the minimum."""
    quarter = events["happened_on"].dt.to_period("Q")
    counts = events.groupby(["territory_pcode", quarter, "category"]).size()
    return counts[counts >= BELOW_STAFF.min_count]


def timed(work: Callable[[], Any], turns: int) -> tuple[float, Any]:
    """Return the median seconds of `work`, and what it gave."""
    took, result = [], None
    for _ in range(turns):
        start = time.perf_counter()
        result = work()
        took.append(time.perf_counter() - start)
    return statistics.median(took), result


def attack(size: float, pairs: int) -> None:
    """Print how many small counts of `pairs` random pairs of filters are recovered from three releases."""
    with tempfile.TemporaryDirectory() as name:
        edition = Path(name) / "training"
        prepare(edition, size=size, seed=1)
        releases = build_three(edition, Path(name) / "releases")
        start = time.perf_counter()
        found = check_release("training", Path(name) / "releases")
        print(
            f"the last of three releases: {len(found.faults)} rules broken, checked in {time.perf_counter() - start:.1f} s"
        )
        system = system_of_files(releases)
        groups = filtered(system.events, pairs, seed=0)
        small = small_targets(system.events, BELOW_STAFF)
        print(f"{len(system.figures)} different figures of {len(system.events)} events in classes")
        print(f"{pairs:,} pairs of filters: {broken_by(system, groups)} counts recovered", end=", ")
        print(f"{broken_by(naive(system, len(releases)), groups)} from a table with a threshold alone")
        print(f"{len(small):,} parts of classes: {broken_by(system, small)} counts recovered")


if __name__ == "__main__":
    main()
