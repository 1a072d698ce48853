"""Hold-out in time: does what was known a year ago point to where the next year's events were?

    python benchmarks/holdout.py [--seeds 10] [--size 1] [--jobs 2] [--write data/method]

Each seed makes a training edition, measures it as of a year before its date, picks 5 % of the cells with
workers for each category, and counts the events of the year after that fall into them. n of N events in a of
A cells: hit rate n/N, PAI = (n/N)/(a/A) (Chainey, Tompson & Uhlig 2008), PEI* = n over the most that any
choice of so many cells could have held (Hunt 2016; Joshi et al. 2021). Most events are where most people
work and report, so maps of counts do well on these three. The last figure is the true rate of the chosen
cells in that year, against the rate of the belt: that is what a measure of risk is for.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.against import HOT_SHARE, Floats, Map, kernel
from benchmarks.truth import print_table, write
from benchmarks.truths.making import Scored, made
from benchmarks.truths.tally import Part, figures
from pipelines.training.plants import AS_OF
from risk.vocabulary import CATEGORIES

YEAR_AGO = AS_OF.replace(year=AS_OF.year - 1)
NEEDED = ("exposure", "events", "places of events", "coverage", "hotspot test", "rates of cells")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--size", type=float, default=1.0, help="1 is 300 sites")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", type=Path, help="folder of the tables of the method")
    chosen = parser.parse_args()
    with multiprocessing.get_context("spawn").Pool(chosen.jobs) as pool:
        parts = pool.imap(partial(held_out, size=chosen.size), range(1, chosen.seeds + 1))
        table = figures(parts)
    print_table(table)
    if chosen.write is not None:
        write(table, chosen.write / "holdout.csv")


def held_out(seed: int, size: float) -> list[Part]:
    """Return the hits of one edition, all categories together."""
    scored = made(seed, size, as_of=YEAR_AGO, needed=NEEDED)
    later, rates = events_after(scored, YEAR_AGO), rates_after(scored, YEAR_AGO)
    parts: list[Part] = []
    for code in CATEGORIES:
        told = scored.map_of(code)
        after = later[later["theme"] == code]["cell"].value_counts()
        counts = after.reindex(scored.cells["unit_id"]).fillna(0).to_numpy(float)
        if len(told.at) and counts.sum():
            for name, values in orders(scored, code, told).items():
                parts += hits(name, values, counts)
                parts.append(true_excess(name, values, *rates[code]))
    return _summed(parts)


def events_after(scored: Scored, day: date) -> pd.DataFrame:
    """Return the events told of that happened after `day`, with their true cell: one row an event and theme."""
    events = scored.truth["events"]
    events = events[pd.to_datetime(events["occurred_on"]) > pd.Timestamp(day)]
    return events.assign(theme=events["categories"].str.split("; ")).explode("theme")


def rates_after(scored: Scored, day: date) -> dict[str, tuple[Floats, Floats]]:
    """Return, by category, the true workers of each tested cell and its relative rate over the quarters after."""
    known = scored.truth["relative_rates_by_quarter"]
    known = known[(known["grain"] == "cell") & (pd.to_datetime(known["quarter_start"]) > pd.Timestamp(day))]
    rates = known.groupby(["category", "place"])["relative_rate"].mean()
    cells = scored.cells["unit_id"]
    workers = scored.true_rates("workers").reindex(cells)
    return {
        code: (workers[code].to_numpy(float), rates[code].reindex(cells).to_numpy(float))
        for code in CATEGORIES
    }


def orders(scored: Scored, code: str, told: Map) -> dict[str, Floats]:
    """Return, by way of looking, by what the cells are sorted."""
    cells = scored.found["cell_measures"]
    cells = cells[cells["category"] == code].set_index("unit_id").reindex(scored.cells["unit_id"])
    smoothed = cells["rr"].to_numpy(float) * told.exposure
    drawn = scored.found["found_hotspots"]
    drawn = drawn[(drawn["category"] == code) & drawn["hotspot_class"].isin(["confirmed", "reported"])]
    outlined = np.zeros(len(smoothed))
    for row in drawn.itertuples():
        inside = scored.cells["unit_id"].isin(row.unit_ids.split("; "))
        outlined[inside] = (2.0 if row.hotspot_class == "confirmed" else 1.0) * 1e9
    return {
        "smoothed rate × workers": smoothed,
        "hotspots, then smoothed × workers": outlined + smoothed,
        "smoothed rate": cells["rr"].to_numpy(float),
        "past events": told.counts().sum(axis=1),
        "kernel density": kernel.density(told),
    }


def hits(name: str, values: Floats, after: Floats) -> Iterator[Part]:
    """Yield the figures of one choice of cells: the highest `values`, 5 % of the cells."""
    chosen = highest(values)
    found, all_of = float(after[chosen].sum()), float(after.sum())
    best = float(np.sort(after)[-len(chosen) :].sum())
    yield Part("hold-out", name, "hit rate, n/N", found, all_of)
    yield Part("hold-out", name, "PAI", found / (len(chosen) / len(values)), all_of)
    yield Part("hold-out", name, "PEI*", found, best)


def true_excess(name: str, values: Floats, workers: Floats, rates: Floats) -> Part:
    """Return the true rate of the chosen cells together, relative to the belt."""
    chosen = highest(values)
    happens = float((workers[chosen] * rates[chosen]).sum())
    return Part(
        "hold-out", name, "true rate there, relative to the belt", happens, float(workers[chosen].sum())
    )


def highest(values: Floats) -> np.ndarray:
    """Return the positions of the highest values, 5 % of them."""
    most = max(1, round(HOT_SHARE * len(values)))
    return np.argsort(-np.nan_to_num(values), kind="stable")[:most]


def _summed(parts: list[Part]) -> list[Part]:
    keys = ["test", "setting", "figure"]
    rows = pd.DataFrame(parts, columns=Part._fields).groupby(keys, sort=False).sum().reset_index()
    return [Part(*row) for row in rows[list(Part._fields)].itertuples(index=False)]


if __name__ == "__main__":
    main()
