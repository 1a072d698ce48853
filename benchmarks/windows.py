"""The hotspot test on maps made by chance, and how long it takes beside what a user would pick instead.

    python benchmarks/windows.py times [--events 30000 400000]
    python benchmarks/windows.py maps [--null 1000] [--zones 300] [--jobs 2] [--write data/method]

`times`: 10,000 cells × 3 radii × 20 imputations × 13 themes, 40 % of the events known by area only.
Beside it (a) esda's local G with 999 permutations, one theme, one radius, one place an event, and (b) a
loop that asks SciPy for both tails of each window, timed on 300 windows; both scaled up to the same work.

`maps`: false alarms where nothing is hot, on the cells and workers of the open edition, and how often a
zone of 15 km around a place drawn by its workers is found on a made copperbelt (see `tests/made_maps.py`).
Printed, and with `--write` also kept as windows.csv: value with its 90 % interval (Clopper and Pearson's for parts of maps).
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from pipelines.build import build
from risk.hotspots import find_hotspots
from risk.method import METHOD
from risk.vocabulary import CATEGORIES, Edition
from risk.windows import windows_within
from tests.made_maps import (
    MIXED,
    Ground,
    Setting,
    belt_ground,
    false_windows,
    found_in,
    reports,
    site_ground,
    zone_at_work,
)
from warehouse.release import close_all, open_release

OPEN_EDITION = Path(__file__).resolve().parent.parent / "data" / "open"
COLUMNS = ["test", "setting", "figure", "value", "low", "high", "runs", "method_version", "measured_on"]
NULL_REPORTS = (200, 500, 2_000)
POWER_REPORTS = (100, 200, 500, 1_000, 2_000)
EXCESSES = (1.5, 2.0, 3.0, 5.0)
CLASSES = {"rate": ("confirmed", "reported"), "confirmed": ("confirmed",)}
SAMPLE = 300

Row = dict[str, object]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    doors = parser.add_subparsers(required=True)
    times = doors.add_parser("times")
    times.add_argument("--events", nargs="+", type=int, default=[30_000, 400_000])
    times.set_defaults(run=lambda chosen: print_times(chosen.events))
    maps = doors.add_parser("maps")
    maps.add_argument("--null", type=int, default=1_000, help="maps a setting without a hotspot")
    maps.add_argument("--zones", type=int, default=300, help="maps a setting with a zone")
    maps.add_argument("--jobs", type=int, default=2)
    maps.add_argument("--write", type=Path, help="folder of the tables of the method")
    maps.set_defaults(run=lambda chosen: print_maps(chosen.null, chosen.zones, chosen.jobs, chosen.write))
    chosen = parser.parse_args()
    chosen.run(chosen)


# Times


def print_times(sizes: list[int]) -> None:
    print(f"{'events':>8}  {'work':<44}{'seconds':>9}{'MB':>7}{'ratio':>9}")
    for size in sizes:
        ours, megabytes = measured(whole_test, size)
        print(f"{size:>8,}  {'the whole test':<44}{ours:>9.2f}{megabytes:>7.0f}{1:>8.1f}x")
        for name, work in (
            ("local G, 999 permutations, scaled up", permuted),
            ("SciPy, window by window, scaled up", looped),
        ):
            seconds, megabytes = measured(work, size)
            print(f"{size:>8,}  {name:<44}{seconds:>9.0f}{megabytes:>7.0f}{seconds / ours:>8.1f}x")


def measured(work: Callable[[int], float], size: int) -> tuple[float, float]:
    """Return seconds and megabytes above the start, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_watched, (work, size))


def _watched(work: Callable[[int], float], size: int) -> tuple[float, float]:
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = work(size)
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024


def many(size: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return 10,000 cells in 100 areas and `size` events of 13 themes, every third of a second theme too."""
    rng = np.random.default_rng(2026)
    column, row = (grid.ravel() for grid in np.meshgrid(np.arange(100), np.arange(100)))
    x_m = 6_450.0 * (column + 0.5 * (row % 2))
    cells = np.array([f"cell-{number:05d}" for number in range(10_000)])
    exposure = np.ceil(rng.lognormal(4.0, 1.0, 10_000))
    units = pd.DataFrame({"unit_id": cells, "x_m": x_m, "y_m": 5_590.0 * row, "exposure": exposure})
    areas = np.array([f"area-{number:03d}" for number in column // 10 * 10 + row // 10])
    place = rng.choice(10_000, size, p=exposure / exposure.sum())
    is_vague = rng.random(size) < 0.4
    codes = np.array(list(CATEGORIES), dtype=object)
    first, second = codes[rng.integers(0, codes.size, (2, size))]
    events = pd.DataFrame(
        {
            "event_id": [f"event-{number:07d}" for number in range(size)],
            "categories": np.where(rng.random(size) < 0.3, first + "; " + second, first),
            "unit_id": np.where(is_vague, None, cells[place].astype(object)),
            "area_id": np.where(is_vague, areas[place].astype(object), None),
            "source_groups": rng.choice(["a", "b", "c", "a; d"], size),
        }
    )
    return units, events, pd.DataFrame({"area_id": areas, "unit_id": cells})


def whole_test(size: int) -> float:
    tables = many(size)
    start = time.perf_counter()
    find_hotspots(*tables)
    return time.perf_counter() - start


def permuted(size: int) -> float:
    """Return the seconds of esda's local G*, times the themes, the radii above 0 and the imputations."""
    units, events, _ = many(size)
    counts = events["unit_id"].value_counts().reindex(units["unit_id"]).fillna(0).to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda import G_Local
        from libpysal.weights import DistanceBand

        near = DistanceBand(units[["x_m", "y_m"]].to_numpy(), METHOD.radii_m[1], silence_warnings=True)
        start = time.perf_counter()
        G_Local(
            counts / units["exposure"].to_numpy(), near, transform="B", star=True, permutations=999, n_jobs=1
        )
    radii = sum(radius > 0 for radius in METHOD.radii_m)
    return (time.perf_counter() - start) * len(CATEGORIES) * radii * METHOD.imputations


def looped(size: int) -> float:
    """Return the seconds of both tails, asked window by window, scaled up from a sample."""
    units, events, _ = many(size)
    windows = windows_within(units["x_m"], units["y_m"], METHOD.radii_m)
    counts = events["unit_id"].value_counts().reindex(units["unit_id"]).fillna(0).to_numpy()
    theme = events[events["categories"].str.contains("OSH")]["unit_id"].value_counts()
    theme = theme.reindex(units["unit_id"]).fillna(0).to_numpy()
    exposure = units["exposure"].to_numpy()
    sample = np.random.default_rng(1).choice(len(windows), SAMPLE, replace=False)
    start = time.perf_counter()
    for window in sample:
        inside = windows.units(int(window))
        observed, drawn = theme[inside].sum(), counts[inside].sum()
        stats.binom.sf(observed - 1, theme.sum(), exposure[inside].sum() / exposure.sum())
        stats.hypergeom.sf(observed - 1, counts.sum(), theme.sum(), drawn)
    a_window = (time.perf_counter() - start) / SAMPLE
    return a_window * len(windows) * len(CATEGORIES) * METHOD.imputations


# Maps


def print_maps(null_maps: int, zone_maps: int, jobs: int, folder: Path | None) -> None:
    ground = _real_ground()
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        work = partial(pool.imap_unordered, chunksize=5)
        rows = [*null_rows(work, ground, null_maps), *power_rows(work, zone_maps)]
    table = pd.DataFrame(rows).assign(
        method_version=METHOD.version,
        measured_on=date.today().isoformat(),  # noqa: DTZ011
    )[COLUMNS]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        table.to_csv(folder / "windows.csv", index=False, lineterminator="\n", float_format="%.4f")


def null_settings() -> list[Setting]:
    plain = [Setting("exact", count) for count in NULL_REPORTS]
    vague = [Setting("half by territory", count, territory_part=0.5) for count in NULL_REPORTS]
    uneven = [
        Setting("reporting 3 times as likely near towns, uneven", count, town_bias=3.0, is_uneven=True)
        for count in NULL_REPORTS
    ]
    return [*plain, *vague, *uneven]


def null_rows(work: Callable, ground: Ground, maps: int) -> Iterator[Row]:
    """Yield how often any window of any theme passes, by test."""
    for setting in null_settings():
        found = np.array(list(work(partial(_false_alarms, ground, setting), range(maps))))
        for number, test in enumerate(("rate", "share", "confirmed")):
            yield _part(
                "null", f"{setting.name}; {setting.reports} reports", f"any flag, {test}", found[:, number]
            )


def power_rows(work: Callable, maps: int) -> Iterator[Row]:
    """Yield how often the zone is found, how many outlines and units are false, for each excess and size."""
    for places, vague in (("exact", {}), ("a third vague", MIXED)):
        for excess in EXCESSES:
            for count in POWER_REPORTS:
                setting = Setting(places, count, others=7, excess=excess, has_one_theme=True, **vague)
                text = f"{places}; excess {excess:g}; {count} reports"
                found = list(work(partial(_zone_found, setting), range(maps)))
                for kind in CLASSES:
                    those = [one[kind] for one in found]
                    yield _part("power", text, f"zone found, {kind}", [one.is_found for one in those])
                    yield _mean("power", text, f"false outlines, {kind}", [one.false_part for one in those])
                    wrong = [one.wrong_part for one in those if one.wrong_part is not None]
                    if wrong:
                        yield _mean("power", text, f"wrong cells, {kind}", wrong)
                if not vague:
                    yield _mean("power", text, "false windows, rate", [one["windows"] for one in found])


def _false_alarms(ground: Ground, setting: Setting, number: int) -> list[bool]:
    events = reports(ground, setting, np.random.default_rng([number, setting.reports]))
    themes = find_hotspots(ground.units, events, ground.members, seed=number).themes
    return [bool(themes[f"passes_{test}"].sum() > 0) for test in ("rate", "share", "confirmed")]


def _zone_found(setting: Setting, number: int) -> dict:
    ground = belt_ground(number)
    rng = np.random.default_rng([number, 8])
    zone = zone_at_work(ground, rng)
    events = reports(ground, setting, rng, zone)
    hotspots = find_hotspots(ground.units, events, ground.members, seed=number).hotspots
    found = {kind: found_in(hotspots, ground, zone, classes) for kind, classes in CLASSES.items()}
    return {**found, "windows": false_windows(ground, events, zone) if setting.is_exact else None}


def _real_ground() -> Ground:
    with tempfile.TemporaryDirectory() as folder:
        build(OPEN_EDITION, Path(folder), as_of=date(2026, 11, 1))
        ground = site_ground(open_release(Edition.OPEN, releases_dir=Path(folder)))
        close_all()
    return ground


def _part(test: str, setting: str, figure: str, found: list[bool] | np.ndarray) -> Row:
    yes, runs = int(np.sum(found)), len(found)
    bounds = stats.binomtest(yes, runs).proportion_ci(0.90)
    return _row(test, setting, figure, yes / runs, bounds.low, bounds.high, runs)


def _mean(test: str, setting: str, figure: str, found: list[float]) -> Row:
    middle, off = float(np.mean(found)), 1.645 * float(np.std(found)) / len(found) ** 0.5
    return _row(test, setting, figure, middle, max(0.0, middle - off), min(1.0, middle + off), len(found))


def _row(test: str, setting: str, figure: str, value: float, low: float, high: float, runs: int) -> Row:
    print(
        f"{test:<6}{setting:<62}{figure:<28}{value:>7.3f}  ({low:.3f} to {high:.3f}, {runs} maps)", flush=True
    )
    return dict(zip(COLUMNS, (test, setting, figure, value, low, high, runs), strict=False))


if __name__ == "__main__":
    main()
