"""Scores of 10,000 sites in 13 categories, their thousand draws and their areas, beside plain pandas.

    python benchmarks/scores.py [--sites 10000] [--criteria 1]

Findings of every site in every category, with rate ratios, always the same. Beside it, what a user would do
instead: the same formulas by `groupby.apply` and row by row, one draw of the uncertainty timed and scaled
up. Seconds, the peak of memory of the process, and how many times ours the user's way takes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from risk.areas import area_scores
from risk.evidence import half_lives, latest_findings
from risk.grades import grade, grades
from risk.method import METHOD
from risk.scores import site_scores
from risk.uncertainty import draw_scores
from risk.vocabulary import ALL_CATEGORIES, CATEGORIES

KINDS = ("open_pit", "shaft", "washing", "unknown")
SAMPLE = 500


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, default=10_000)
    parser.add_argument("--criteria", type=int, default=1, help="findings a site and category")
    sizes = parser.parse_args()
    print(f"{sizes.sites:,} sites, {len(CATEGORIES)} categories, {sizes.criteria} criteria in each")
    print(f"{'':<34}{'seconds':>9}{'MB':>7}{'ratio':>9}")
    few = min(sizes.sites, SAMPLE)
    scale = sizes.sites / few
    for label, ours, theirs, times in (
        ("scores", _scores, _scores_by_apply, scale),
        (f"{METHOD.draws:,} draws and ranks", _draws, _scores_by_apply, scale * METHOD.draws),
        ("areas with their intervals", _areas, _areas_by_apply, METHOD.draws),
        ("grades", _grades, _grades_by_apply, 1),
    ):
        seconds, megabytes = _apart(ours, sizes.sites, sizes.criteria)
        size = few if theirs is _scores_by_apply else sizes.sites
        plain = _apart(theirs, size, sizes.criteria)[0] * times
        print(f"{label:<34}{seconds:>9.2f}{megabytes:>7,.0f}")
        print(
            f"{'  by apply' + (' (scaled up)' if times > 1 else ''):<34}{plain:>9.2f}{'':>7}{plain / seconds:>8.0f}x"
        )


def evidence(sites: int, criteria: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return findings and rate ratios of `sites` sites."""
    rng = np.random.default_rng(1)
    names = np.array([f"site-{number:06d}" for number in range(sites)])
    kinds = rng.choice(KINDS, sites)
    codes = np.repeat(list(CATEGORIES), criteria)
    rows = pd.DataFrame(
        {
            "site_id": np.repeat(names, len(codes)),
            "kind": np.repeat(kinds, len(codes)),
            "category": np.tile(codes, sites),
            "criterion": np.tile([f"{code}-{place}" for place, code in enumerate(codes)], sites),
            "x": rng.choice([0, 0, 2.5, 5, 7.5, 10], sites * len(codes)),
            "age_months": rng.uniform(0, 60, sites * len(codes)),
            "reliability": rng.choice([1.0, 0.8, 0.5], sites * len(codes)),
        }
    )
    themes = [*CATEGORIES, ALL_CATEGORIES]
    ratios = pd.DataFrame(
        {
            "site_id": np.repeat(names, len(themes)),
            "category": np.tile(themes, sites),
            "rr": rng.gamma(2, 0.5, sites * len(themes)),
            "rr_shape": rng.uniform(1, 6, sites * len(themes)),
        }
    )
    return rows, ratios


def area_rows(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the sites of `scored` in 40 areas, with workers and the age of their assessment."""
    rng = np.random.default_rng(2)
    rows = scored.loc[scored["category"] == ALL_CATEGORIES, ["site_id", "score"]]
    return rows.assign(
        area_id=[f"area-{number:02d}" for number in rng.integers(0, 40, len(rows))],
        workers_exposed=rng.integers(1, 2_000, len(rows)).astype(float),
        assessed_age_months=rng.uniform(0, 60, len(rows)),
    )


def support(sites: int) -> pd.DataFrame:
    """Return what the grades of `sites` sites in every category rest on."""
    rng = np.random.default_rng(3)
    count = sites * len(CATEGORIES)
    return pd.DataFrame(
        {
            "n_eff": rng.uniform(0, 15, count),
            "source_count": rng.integers(0, 5, count),
            "located_pct": rng.uniform(0, 100, count),
        }
    )


def _scores(sites: int, criteria: int) -> float:
    rows, ratios = evidence(sites, criteria)
    return _seconds(lambda: site_scores(rows, ratios))


def _draws(sites: int, criteria: int) -> float:
    rows, ratios = evidence(sites, criteria)
    return _seconds(lambda: draw_scores(rows, ratios))


def _areas(sites: int, criteria: int) -> float:
    rows, ratios = evidence(sites, criteria)
    draws = draw_scores(rows, ratios)
    areas = area_rows(site_scores(rows, ratios))
    return _seconds(lambda: area_scores(areas, draws=draws))


def _grades(sites: int, _criteria: int) -> float:
    table = support(sites)
    return _seconds(lambda: grades(table, "site"))


def _scores_by_apply(sites: int, criteria: int) -> float:
    rows, ratios = evidence(sites, criteria)

    def work() -> None:
        found = latest_findings(rows)
        found["half_life"] = half_lives(found)
        found["prior"] = found.groupby(["kind", "category", "criterion"])["x"].transform("median")
        found["mark"] = found.apply(_mark, axis=1)
        themes = found.groupby(["site_id", "category"])["mark"].apply(_igm)
        parts = ratios.assign(y=ratios["rr"].apply(lambda rr: 10 * min(max((np.log2(rr) + 1) / 4, 0), 1)))
        whole = pd.concat(
            [
                themes,
                themes.groupby("site_id")
                .apply(_igm)
                .to_frame("mark")
                .assign(category=ALL_CATEGORIES)
                .set_index("category", append=True)["mark"],
            ]
        )
        both = parts.set_index(["site_id", "category"]).join(whole.rename("assessment"))
        both.apply(lambda row: 10 * _igm(row[["assessment", "y"]]), axis=1)

    return _seconds(work)


def _areas_by_apply(sites: int, criteria: int) -> float:
    areas = area_rows(site_scores(*evidence(sites, criteria)))

    def work() -> None:
        areas.groupby("area_id").apply(
            lambda rows: pd.Series(
                {
                    "mean": np.average(rows["score"], weights=rows["workers_exposed"]),
                    "burden": rows.loc[rows["score"] >= 70, "workers_exposed"].sum(),
                }
            ),
            include_groups=False,
        )

    return _seconds(work)


def _grades_by_apply(sites: int, _criteria: int) -> float:
    table = support(min(sites, SAMPLE))
    return (
        _seconds(lambda: table.apply(lambda row: grade(**row, kind="site"), axis=1))
        * sites
        / min(sites, SAMPLE)
    )


def _mark(row: pd.Series) -> float:
    weight = 2 ** (-row["age_months"] / row["half_life"]) * row["reliability"]
    return float((weight * row["x"] + 0.25 * row["prior"]) / (weight + 0.25))


def _igm(values: pd.Series) -> float:
    return float((10 - np.exp(np.log(10 - 0.9 * values.astype(float)).mean())) / 0.9)


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _apart(work: Callable[[int, int], float], sites: int, criteria: int) -> tuple[float, float]:
    """Return seconds of `work` and the peak of memory in MB, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, sites, criteria))


def _measured(work: Callable[[int, int], float], sites: int, criteria: int) -> tuple[float, float]:
    seconds = work(sites, criteria)
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
