"""What the measures cost at 10,000, 100,000 and a million incidents, beside what a user would do instead.

    python benchmarks/measures.py [--incidents 10000 100000 1000000] [--peer-draws 999] [--no-slow]

The rows are those of the training edition, made as large as asked for: a million incident records come with
9,900 sites. Making, reading and placing them is no part of the figures: benchmarks/many.py times that. Each
measure is timed alone. Scan and robustness run in processes of their own and are counted apart, because the
target is for the others: 120 s and 4,000 MB at a million. Beside them, on the same rows: pandas counts events
by area, category and quarter, and esda's Gi* with permutations looks at the counts of each category in cells.
That finds where people are, merges nothing, knows no exposure and gives no interval.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import resource
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from esda.getisord import G_Local
from libpysal.weights import DistanceBand

from pipelines.build import check_edition, rows_of
from pipelines.edition import load_edition
from pipelines.measures import Measure, ordered
from pipelines.measuring.moment import Moment
from pipelines.measuring.partitions import in_metres
from pipelines.training.making import RECORDS_AT_ONE, RECORDS_POWER, prepare

APART: Final = ("robustness", "scan")
TARGET_S: Final = 120
TARGET_MB: Final = 4_000
_LABEL: Final = 34
_NEAR_M: Final = 12_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--incidents", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--peer-draws", type=int, default=999, help="permutations of Gi*")
    parser.add_argument("--no-slow", action="store_true", help="leave out scan and robustness")
    parser.add_argument("--keep", type=Path, help="a folder that keeps the made rows for another run")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = asked.keep or Path(name)
        found = [_at(count, folder, asked.peer_draws, asked.no_slow) for count in sorted(asked.incidents)]
    _print_seconds(found)
    _print_beside(found)


def _at(incidents: int, folder: Path, draws: int, is_short: bool) -> dict[str, Any]:
    """Return every figure at one size; each kind of work in a process of its own."""
    made = folder / f"{incidents}.pickle"
    if not made.exists():
        seconds, counts = _apart(_timed, _make_rows, incidents, folder / str(incidents), made)
        print(f"{counts} made, read and placed in {seconds:.0f} s", flush=True)
    return {**_apart(_measure, made, is_short), "peer": _apart(_as_a_user, made, draws)}


def _make_rows(incidents: int, edition: Path, made: Path) -> str:
    """Write all that the measures read, as a build has it, to `made`."""
    prepare(edition, size=(incidents / RECORDS_AT_ONE) ** (1 / RECORDS_POWER))
    spec = load_edition(edition)
    tables = rows_of(spec, check_edition(spec))
    pd.to_pickle((tables, spec.as_of), made)
    return f"{len(tables['incidents']):,} incident records, {len(tables['sites']):,} sites"


def _measure(made: Path, is_short: bool) -> dict[str, Any]:
    tables, as_of = pd.read_pickle(made)
    known, moment = dict(tables), Moment(as_of)
    before_mb = _peak_mb()
    seconds: dict[str, float] = {}
    for measure in ordered():
        if measure.name in APART:
            nothing = {"known_events": known["known_events"].iloc[:0]}
            given = known | (
                {"found_hotspots": known["found_hotspots"].iloc[:0], **nothing} if is_short else {}
            )
            seconds[measure.name], found = _forked(measure, given, moment)
        else:
            seconds[measure.name], found = _timed(measure.compute, known, moment)
        known |= found
    rows = {
        name: len(known[name]) for name in ("sites", "events", "hotspots", "risk_measures", "site_scores")
    }
    return {
        "incidents": len(known["incidents"]),
        "seconds": seconds,
        "peak_mb": _peak_mb(),
        "rows_mb": before_mb,
        "rows": rows,
        "cells": len(known["tested_cells"]),
    }


def _as_a_user(made: Path, draws: int) -> dict[str, float]:
    """Return the seconds of plain counts, and of Gi* on them, with the peak in MB."""
    tables, as_of = pd.read_pickle(made)
    moment = Moment(as_of)
    incidents, sites = tables["incidents"], tables["sites"]
    window = incidents[incidents["date_start"].between(moment.start, moment.end)]
    # It warns, once a category, of islands and of cells whose permutations are all alike.
    warnings.simplefilter("ignore")
    counting, cells = _timed(_plain_counts, window)
    looking, _found = _timed(_gi_star, cells, sites, draws)
    return {"counts": counting, "gi_star": looking, "peak_mb": _peak_mb()}


def _plain_counts(window: pd.DataFrame) -> pd.DataFrame:
    quarter = window["date_start"].dt.to_period("Q")
    for column in ("province_pcode", "territory_pcode", "site_id"):
        window.groupby([column, "category"]).size()
        window.groupby([column, "category", quarter]).size()
    return window.groupby(["h3_r6", "category"]).size().unstack(fill_value=0)


def _gi_star(cells: pd.DataFrame, sites: pd.DataFrame, draws: int) -> list[np.ndarray]:
    spots = sites.dropna(subset=["h3_r6", "lon"]).groupby("h3_r6")[["lon", "lat"]].mean()
    x_m, y_m = in_metres(spots["lon"], spots["lat"])
    near = DistanceBand(np.column_stack([x_m, y_m]), _NEAR_M, binary=True, silence_warnings=True)
    counts = cells.reindex(spots.index, fill_value=0)
    return [
        G_Local(
            counts[category].to_numpy(float),
            near,
            transform="B",
            permutations=draws,
            star=True,
            seed=1,
            n_jobs=1,
        ).p_sim
        for category in counts
    ]


def _print_seconds(found: list[dict[str, Any]]) -> None:
    print(
        f"\n{'seconds, incident records:':<{_LABEL}}" + "".join(f"{one['incidents']:>12,}" for one in found)
    )
    for name in (measure.name for measure in ordered() if measure.name not in APART):
        _print_row(name, [one["seconds"][name] for one in found])
    _print_row("all of these", [_whole(one) for one in found], f"target {TARGET_S} at a million")
    _print_row(
        "peak, MB",
        [one["peak_mb"] for one in found],
        f"target {TARGET_MB:,}; of it rows " + ", ".join(f"{one['rows_mb']:,.0f}" for one in found),
    )
    for name in APART:
        _print_row(f"{name}, apart", [one["seconds"][name] for one in found])
    for table in found[0]["rows"]:
        _print_row(f"rows of {table}", [one["rows"][table] for one in found])
    _print_row("cells tested", [one["cells"] for one in found])
    growth = [
        np.log(_whole(late) / _whole(early)) / np.log(late["incidents"] / early["incidents"])
        for early, late in itertools.pairwise(found)
    ]
    if growth:
        _print_row("growth: seconds ~ records to the", [np.nan, *growth], "1 is in step with the rows")


def _print_beside(found: list[dict[str, Any]]) -> None:
    print("\nBeside what a user would do instead")
    for name, label in (("counts", "pandas counts"), ("gi_star", "esda Gi* with permutations")):
        _print_row(f"{label}, s", [one["peer"][name] for one in found])
    _print_row("both, peak MB", [one["peer"]["peak_mb"] for one in found])
    ratios = [_whole(one) / (one["peer"]["counts"] + one["peer"]["gi_star"]) for one in found]
    _print_row("all measures, times both", ratios)
    tests = [one["seconds"]["hotspot test"] / one["peer"]["gi_star"] for one in found]
    _print_row("hotspot test, times Gi*", tests, "three radii and 20 draws of vague places")


def _whole(one: Mapping[str, Any]) -> float:
    return float(sum(seconds for name, seconds in one["seconds"].items() if name not in APART))


def _print_row(label: str, values: list[float], note: str = "") -> None:
    cells = "".join(f"{'' if np.isnan(v) else f'{v:,.2f}' if v < 100 else f'{v:,.0f}':>12}" for v in values)
    print(f"{label:<{_LABEL}}{cells}  {note}".rstrip(), flush=True)


def _timed(work: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work(*given)
    return time.perf_counter() - began, answer


def _apart(work: Callable[..., Any], *given: Any) -> Any:
    """Return the answer of `work`, done in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def _forked(measure: Measure, known: Mapping[str, Any], moment: Moment) -> tuple[float, Any]:
    """Return seconds and answer of a measure made in a child, so that its peak is not counted here."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(
        target=lambda: theirs.send(_timed(measure.compute, known, moment))
    )
    child.start()
    answer: tuple[float, Any] = ours.recv()
    child.join()
    return answer


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
