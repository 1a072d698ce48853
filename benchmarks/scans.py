"""How long the scans take, beside what a user would pick instead.

    python benchmarks/scans.py [--replicas 999] [--units 10000] [--events 100000]

(a) North Carolina: 100 counties, 1,503 deaths, every circle up to half of the births, beside a loop in plain
    Python over centres, circles and replicas, timed on 20 replicas and scaled up;
(b) a made country: units by chance at the density of H3 cells of resolution 6, circles up to 50 km;
    centres thinned to 500 and 2,000 and all of them; the loop timed on 20 centres and 5 replicas and
    scaled up. Beside each how often a planted zone is found (a fifth of the country and of the centres,
    2,000 events, 40 maps), since a thinned map may miss it;
(c) the same country by quarter: the space–time permutation scan with 500 centres and 199 replicas.
Each line: seconds, the peak of memory above what was there before, and the ratio of the loop to ours.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from risk.scans import poisson_scan
from risk.space_time_scans import space_time_scan

KNOWN = Path(__file__).resolve().parent.parent / "tests" / "known"
CELL_M2 = 36_000_000
QUARTERS = [f"{year}Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--replicas", type=int, default=999)
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=100_000)
    chosen = parser.parse_args()
    print(f"{'work':<52}{'seconds':>9}{'MB':>7}{'loop / ours':>13}")
    ours = _measured(_counties, chosen.replicas)
    _line("(a) counties", *ours)
    _line("    plain loop (scaled up)", _county_loop(20, chosen.replicas), None, ours[0])
    made = chosen.units, chosen.events
    loop_s = _country_loop(*made, chosen.replicas)
    for centres in (500, 2_000, None):
        seconds, megabytes = _measured(_country, *made, centres, chosen.replicas)
        found = _power(centres)
        name = f"(b) country, {centres or 'all'} centres; finds {found:.0%} of planted"
        _line(name, seconds, megabytes, None, loop_s)
    _line("    plain loop, all centres (scaled up)", loop_s, None)
    _line("(c) country by quarter, 500 centres, 199 replicas", *_measured(_quarters, *made, 500, 199))


def _line(
    name: str, seconds: float, megabytes: float | None, ours: float | None = None, loop: float | None = None
) -> None:
    ratio = seconds / ours if ours else loop / seconds if loop else None
    memory = "" if megabytes is None else f"{megabytes:.0f}"
    print(f"{name:<52}{seconds:>9.2f}{memory:>7}{'' if ratio is None else f'{ratio:,.0f}x':>13}")


def _measured(work: Callable[..., Any], *arguments: Any) -> tuple[float, float]:
    """Return seconds and megabytes that `work` takes, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (work, *arguments))


def _run(work: Callable[..., Any], *arguments: Any) -> tuple[float, float]:
    frames = work(*arguments)
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    frames()
    seconds = time.perf_counter() - start
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024


def _counties(replicas: int) -> Callable[[], Any]:
    units, told = _sids()
    return lambda: poisson_scan(units, told, max_radius_m=None, replicas=replicas)


def _country(size: int, events: int, centres: int | None, replicas: int) -> Callable[[], Any]:
    units = _made(size)
    told = _drawn(units, units["exposure"], events, 1)
    return lambda: poisson_scan(units, told, max_centres=centres, replicas=replicas)


def _quarters(size: int, events: int, centres: int, replicas: int) -> Callable[[], Any]:
    units = _made(size)
    draw = np.random.default_rng(2)
    share = units["exposure"] / units["exposure"].sum()
    told = pd.DataFrame(
        {
            "category": "OSH",
            "unit_id": draw.choice(units["unit_id"], events, p=share),
            "period": draw.choice(QUARTERS, events),
        }
    )
    return lambda: space_time_scan(units, told, max_centres=centres, replicas=replicas)


def _power(centres: int | None, maps: int = 40) -> float:
    """Return how often a planted zone of 15 km and three times the rate is found: 2,000 units, 2,000 events."""
    units = _made(2_000)
    draw = np.random.default_rng(3)
    told = []
    for number in range(maps):
        middle = units.iloc[draw.integers(len(units))]
        inside = np.hypot(units["x_m"] - middle["x_m"], units["y_m"] - middle["y_m"]) <= 15_000
        raised = units["exposure"] * np.where(inside, 3, 1)
        told.append(_drawn(units, raised, 2_000, number).assign(category=f"m{number}"))
    limit = None if centres is None else max(1, centres // 5)
    found = poisson_scan(units, pd.concat(told), max_centres=limit, replicas=99)
    return float((found.themes["p"] <= 0.05).mean())


def _county_loop(timed: int, replicas: int) -> float:
    units, told = _sids()
    return _loop_s(units, int(told["events"].sum()), range(len(units)), None, timed, replicas)


def _country_loop(size: int, events: int, replicas: int) -> float:
    timed_centres = range(20)
    seconds = _loop_s(_made(size), events, timed_centres, 50_000, 5, replicas)
    return seconds * size / len(timed_centres)


def _loop_s(
    units: pd.DataFrame, total: int, centres: range, radius_m: float | None, timed: int, replicas: int
) -> float:
    """Return seconds of the plain loop: its circles once, and one look at them for each replica."""
    exposure = units["exposure"].to_numpy(float)
    start = time.perf_counter()
    circles = _plain_circles(units, exposure, centres, radius_m)
    made_s = time.perf_counter() - start
    draw = np.random.default_rng(4)
    start = time.perf_counter()
    for _ in range(timed):
        _plain_scan(circles, draw.multinomial(total, exposure / exposure.sum()).tolist(), total)
    return made_s + (time.perf_counter() - start) / timed * replicas


def _plain_circles(
    units: pd.DataFrame, exposure: np.ndarray, centres: range, radius_m: float | None
) -> list[list[tuple[int, float]]]:
    """Return, for each centre, its nearest units with the share of the exposure up to each."""
    places = list(zip(units["x_m"], units["y_m"], strict=True))
    share = (exposure / exposure.sum()).tolist()
    circles = []
    for centre in centres:
        inside, circle = 0.0, []
        for distance_m, row in sorted(
            (math.dist(places[centre], place), row) for row, place in enumerate(places)
        ):
            inside += share[row]
            if inside > 0.5 or (radius_m is not None and distance_m > radius_m):
                break
            circle.append((row, inside))
        circles.append(circle)
    return circles


def _plain_scan(circles: list[list[tuple[int, float]]], events: list[int], total: int) -> float:
    """Return the highest LLR by one loop in another, as one would write the definition down."""
    best = 0.0
    for circle in circles:
        observed = 0
        for row, share in circle:
            observed += events[row]
            expected = total * share
            if observed > expected:
                llr = observed * math.log(observed / expected)
                if observed < total:
                    llr += (total - observed) * math.log((total - observed) / (total - expected))
                best = max(best, llr)
    return best


def _sids() -> tuple[pd.DataFrame, pd.DataFrame]:
    known = pd.read_csv(KNOWN / "sids_counties.csv")
    names = {"county": "unit_id", "east": "x_m", "north": "y_m"}
    units = known.rename(columns=names).assign(exposure=known["BIR74"] + known["BIR79"])
    told = pd.DataFrame(
        {"category": "SIDS", "unit_id": known["county"], "events": known["SID74"] + known["SID79"]}
    )
    return units[["unit_id", "x_m", "y_m", "exposure"]], told


def _made(size: int) -> pd.DataFrame:
    draw = np.random.default_rng(2026)
    side_m = math.sqrt(size * CELL_M2)
    return pd.DataFrame(
        {
            "unit_id": [f"u{row:06d}" for row in range(size)],
            "x_m": draw.uniform(0, side_m, size),
            "y_m": draw.uniform(0, side_m, size),
            "exposure": np.ceil(draw.lognormal(5, 1.5, size)),
        }
    )


def _drawn(units: pd.DataFrame, weight: pd.Series, total: int, seed: int) -> pd.DataFrame:
    events = np.random.default_rng(seed).multinomial(total, weight / weight.sum())
    return pd.DataFrame({"category": "OSH", "unit_id": units["unit_id"], "events": events})


if __name__ == "__main__":
    main()
