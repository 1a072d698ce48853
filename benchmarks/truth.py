"""What the measures say of a made copperbelt, against its written truth, beside what a user would pick instead.

    python benchmarks/truth.py [--seeds 30] [--even 30] [--size 1] [--jobs 2] [--write data/method]

Each seed makes a training edition of 300 sites and some 6,000 records, measures it as a build does
(matching, exposure, merging of duplicates, hotspot test, rates, scores) and scores what comes out. Beside the
classes of the hotspot test stand the cells with most events, a Gaussian kernel, Gi* without and with
correction, and the recipe of emerging hot spots, all on the same events after merging. `--even` makes as many
belts where every worker is at the same risk and only reporting is uneven: what is flagged there is false.

Printed, with `--write` also kept as truth.csv: parts of a whole over all editions, with 90 % intervals.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd

os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.truths import cells, orders, words
from benchmarks.truths.making import made
from benchmarks.truths.tally import Part, figures
from risk.method import METHOD

COLUMNS = ["test", "setting", "figure", "value", "low", "high", "runs", "method_version", "measured_on"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3, help="editions with what is planted")
    parser.add_argument("--even", type=int, default=3, help="editions without any excess")
    parser.add_argument("--size", type=float, default=1.0, help="1 is 300 sites")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", type=Path, help="folder of the tables of the method")
    chosen = parser.parse_args()
    with multiprocessing.get_context("spawn").Pool(chosen.jobs) as pool:
        hot = pool.imap(partial(scored_parts, size=chosen.size), range(1, chosen.seeds + 1))
        even = pool.imap(partial(silent_parts, size=chosen.size), range(10_001, 10_001 + chosen.even))
        table = figures([*hot, *even])
    print_table(table)
    if chosen.write is not None:
        write(table, chosen.write / "truth.csv")


def scored_parts(seed: int, size: float) -> list[Part]:
    """Return every count of one edition with planted hotspots."""
    scored = made(seed, size)
    rates, events = scored.true_rates(), scored.found["tested_themes"].set_index("category")["event_count"]
    parts: list[Part] = []
    for name, flagged in cells.flags(scored).items():
        parts += cells.against_truth(flagged, rates, name)
        parts += cells.against_zones(flagged, scored.truth["hotspots"], name)
        if name in cells.OURS:
            parts += cells.by_size_of_theme(flagged, rates, events, name)
    for score in (
        words.outlines,
        words.silences,
        words.intervals,
        orders.scores,
        orders.duplicates,
        orders.exposures,
    ):
        parts += score(scored)
    print(f"edition {seed} scored", flush=True)
    return parts


def silent_parts(seed: int, size: float) -> list[Part]:
    """Return every count of one edition in which nothing is worse anywhere."""
    scored = made(seed, size, is_even=True)
    parts: list[Part] = []
    for name, flagged in cells.flags(scored).items():
        parts += cells.against_silence(flagged, name)
    parts += cells.trends_of_silence(scored)
    print(f"even belt {seed} scored", flush=True)
    return parts


def print_table(table: pd.DataFrame) -> None:
    for test, rows in table.groupby("test", sort=False):
        print(f"\n{test}")
        for row in rows.itertuples():
            print(
                f"  {row.setting:<34}{row.figure:<58}{row.value:>7.3f}  ({row.low:.3f} to {row.high:.3f}; "
                f"{row.part:,.0f} of {row.whole:,.0f}, {row.runs} editions)"
            )


def write(table: pd.DataFrame, path: Path) -> None:
    """Write the figures for the table `method_figures` of a release."""
    told = table.assign(
        method_version=METHOD.version,
        measured_on=date.today().isoformat(),  # noqa: DTZ011
    )
    told[COLUMNS].to_csv(path, index=False, lineterminator="\n", float_format="%.4f")


if __name__ == "__main__":
    main()
