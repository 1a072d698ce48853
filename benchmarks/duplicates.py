"""How long it takes to find one event among many reports, beside what a user would pick instead.

    python benchmarks/duplicates.py [--rows 10000 100000 1000000]

Made reports over five years and 10,000 sites, three in ten of them told again (copied, re-worded,
translated), with vague places among them. Printed: seconds, the peak of memory above what was there
before, precision and recall of the pairs, and beside them what a user would write: a pandas merge on
theme and week, then distance and rapidfuzz over what is left, joined by chains (single linkage). The
merge grows with the square of the rows: it is run on at most 30,000 and scaled up so.
Each runs in a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from risk.duplicates import find_events
from tests.made_stories import COMPANIES, STORIES, TIMES

MOST_MERGED = 30_000
SITES = 10_000
NO_DECISIONS = pd.DataFrame({"incident_a": [], "incident_b": [], "decision": []}, dtype="string")
SYLLABLES = [
    "ka",
    "mu",
    "lu",
    "ti",
    "ki",
    "sha",
    "ba",
    "we",
    "ngo",
    "mbe",
    "la",
    "ma",
    "ndo",
    "pe",
    "si",
    "tu",
    "ko",
    "lo",
]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", nargs="+", type=int, default=[10_000, 100_000, 1_000_000])
    sizes = parser.parse_args().rows
    print(f"{'rows':>9}  {'work':<30}{'seconds':>9}{'MB':>7}{'ratio':>8}{'precision':>11}{'recall':>8}")
    for size in sizes:
        ours = measured(_ours, size)
        few = min(size, MOST_MERGED)
        naive_s, naive_mb, *quality = measured(_merge, few)
        scale = (size / few) ** 2
        name = "pandas merge" if scale == 1 else f"pandas merge (of {few:,}, scaled)"
        for title, seconds, megabytes, precision, recall in (
            ("find_events", *ours),
            (name, naive_s * scale, naive_mb * scale, *quality),
        ):
            print(
                f"{size:>9,}  {title:<30}{seconds:>9.1f}{megabytes:>7.0f}{seconds / ours[0]:>7.1f}x"
                f"{precision:>11.3f}{recall:>8.3f}"
            )


def measured(work: Callable[[pd.DataFrame], pd.Series], size: int) -> tuple[float, float, float, float]:
    """Return seconds, megabytes, precision and recall of `work` on `size` rows, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_timed, (work, size))


def _timed(work: Callable[[pd.DataFrame], pd.Series], size: int) -> tuple[float, float, float, float]:
    reports = made(size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    found = work(reports.drop(columns="event"))
    seconds = time.perf_counter() - start
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    true = reports.set_index("incident_id")["event"]
    both = pd.DataFrame({"true": true, "found": found.reindex(true.index)})
    alike = _pairs(both.groupby(["true", "found"]).size())
    return (
        seconds,
        megabytes,
        alike / _pairs(both["found"].value_counts()),
        alike / _pairs(both["true"].value_counts()),
    )


def _pairs(sizes: pd.Series) -> float:
    return float((sizes * (sizes - 1) // 2).sum())


def made(size: int, seed: int = 0) -> pd.DataFrame:
    """Return `size` reports of about 0.77 times as many events, in no order."""
    random = np.random.default_rng(seed)
    events = int(size / 1.3)
    event = np.concatenate([np.arange(events), random.integers(0, events, size - events)])
    is_again = np.arange(size) >= events
    site = random.integers(0, SITES, events)[event]
    story = random.integers(0, len(STORIES), events)[event]
    day = random.integers(0, 5 * 365, events)[event] + (is_again & (random.random(size) < 0.15))
    precision = random.choice(["site", "locality", "sector", "territory"], size, p=[0.7, 0.2, 0.08, 0.02])
    spread = (
        pd.Series(precision)
        .map({"site": 0.003, "locality": 0.02, "sector": 0.08, "territory": 0.5})
        .to_numpy()
    )
    lon, lat = random.uniform(24.5, 28.5, SITES), random.uniform(-12, -9.5, SITES)
    names = np.array(["".join(random.choice(SYLLABLES, 3)).capitalize() for _ in range(SITES)])
    date = pd.Timestamp("2020-01-01") + pd.to_timedelta(day, unit="D")
    rows = pd.DataFrame(
        {
            "event": event,
            "categories": np.array([one.categories for one in STORIES])[story],
            "date_start": date,
            "date_end": date,
            "lon": lon[site] + random.normal(0, 1, size) * spread,
            "lat": lat[site] + random.normal(0, 1, size) * spread,
            "place_precision": precision,
            "radius_m": np.nan,
            "territory_pcode": [f"CD07{one:02d}" for one in (lon[site] * 3).astype(int) % 26],
            "place_name": np.where(np.isin(precision, ["site", "locality"]), names[site], None),
            "site_id": np.where(precision == "site", np.char.add("site-", site.astype(str)), None),
            "summary": _told(random, event, story, names[site], is_again),
            "summary_fr": None,
            **dict.fromkeys(("killed_low", "killed_best", "killed_high", "injured"), np.nan),
            "source_groups": np.char.add("outlet ", random.integers(0, 40, size).astype(str)),
            "source_urls": np.char.add("https://example.org/", np.arange(size).astype(str)),
            "verification": "single_source",
            "reported_on": date,
        }
    )
    rows = rows.iloc[random.permutation(size)].reset_index(drop=True)
    return rows.assign(incident_id=np.char.add("inc-", np.arange(size).astype(str)))


def _told(
    random: np.random.Generator, event: np.ndarray, story: np.ndarray, place: np.ndarray, is_again: np.ndarray
) -> list[str]:
    """Return sentences: first tellings in English, the others copied, re-worded or translated."""
    telling = np.where(is_again, random.integers(0, 4, len(event)), 0)
    company, when = event % len(COMPANIES), event % len(TIMES)
    n, m = 2 + event * 7 % 38, 5 + event * 11 % 60
    texts = []
    for at in range(len(event)):
        one = STORIES[story[at]]
        template = (one.english if telling[at] < 2 else one.french)[telling[at] % 2]
        time_ = TIMES[when[at]][int(telling[at] >= 2)]
        texts.append(template.format(n=n[at], m=m[at], p=place[at], c=COMPANIES[company[at]], t=time_))
    return texts


def _ours(reports: pd.DataFrame) -> pd.Series:
    return find_events(reports, NO_DECISIONS).event_records.set_index("incident_id")["event_id"]


def _merge(reports: pd.DataFrame) -> pd.Series:
    """What a user would write: join on theme and week, keep near pairs with like words, join by chains."""
    rows = reports.assign(
        theme=reports["categories"].str[:3],
        week=(reports["date_start"] - pd.Timestamp("2020-01-01")).dt.days // 7,
        at=np.arange(len(reports)),
    )[["theme", "week", "lon", "lat", "date_start", "summary", "at"]]
    after = rows.assign(week=rows["week"] + 1)
    pairs = pd.concat([rows.merge(rows, on=["theme", "week"]), after.merge(rows, on=["theme", "week"])])
    days = (pairs["date_start_x"] - pairs["date_start_y"]).dt.days.abs()
    km = 110 * np.hypot(pairs["lon_x"] - pairs["lon_y"], pairs["lat_x"] - pairs["lat_y"])
    near = pairs[(pairs["at_x"] != pairs["at_y"]) & (days <= 7) & (km <= 10)]
    alike = cpdist(
        near["summary_x"].to_list(), near["summary_y"].to_list(), scorer=fuzz.token_set_ratio, workers=2
    )
    kept = near[alike >= 80]
    graph = sparse.coo_array((np.ones(len(kept)), (kept["at_x"], kept["at_y"])), shape=(len(rows), len(rows)))
    return pd.Series(connected_components(graph, directed=False)[1], index=reports["incident_id"])


if __name__ == "__main__":
    main()
