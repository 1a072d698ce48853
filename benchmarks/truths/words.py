"""Words and intervals against the truth: is `confirmed` right, does 90 % hold 90 %?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.truths.making import Scored
from benchmarks.truths.tally import Part, share
from risk.vocabulary import ALL_CATEGORIES

CLASSES = ("confirmed", "reported", "distinctive")
SIZES = ((0.0, 1.0, "under 1 event expected"), (1.0, 5.0, "1 to 5 expected"), (5.0, np.inf, "5 or more"))
TRUE, TOLD = "expected_events", "expected_told"


def true_rate(scored: Scored, cells: list[str], theme: str, column: str = TRUE) -> float:
    """Return the true relative rate of a theme in some cells together: 1 is that of the belt.

    NaN where truly nobody works there, though somebody was counted.
    """
    events, workers = scored.true_rates(column)[theme], scored.true_rates("workers")[theme]
    inside = events.index.intersection(cells)
    at_work = float(workers[inside].sum())
    if not at_work:
        return float("nan")
    return float(events[inside].sum() / at_work / (events.sum() / workers.sum()))


def outlines(scored: Scored) -> Iterator[Part]:
    """Yield, by class, in how many outlines the word is right."""
    drawn = scored.found["found_hotspots"]
    cells = drawn["unit_ids"].str.split("; ")
    pairs = list(zip(cells, drawn["category"], strict=True))
    rate = np.array([true_rate(scored, ids, theme) for ids, theme in pairs])
    told = np.array([true_rate(scored, ids, theme, TOLD) for ids, theme in pairs])
    everything = np.array([true_rate(scored, ids, ALL_CATEGORIES) for ids, _ in pairs])
    for word in CLASSES:
        among = (drawn["hotspot_class"] == word).to_numpy()
        yield share("words", word, "outlines, truly at twice the rate", rate >= 2, among)
        yield share("words", word, "outlines, truly above the rate of the belt", rate > 1, among)
        yield share("words", word, "outlines, told of above the rate of the belt", told > 1, among)
        yield share("words", word, "outlines, truly a larger part of all events", rate > everything, among)


def silences(scored: Scored) -> Iterator[Part]:
    """Yield what truly is in windows of 20 km where the word is `no excess shown`, or that nobody can tell."""
    near = within(scored, max(scored.moment.method.radii_m))
    ids = scored.found["tested_cells"]["unit_id"]
    events, workers = (scored.true_rates(name).reindex(ids).fillna(0) for name in (TRUE, "workers"))
    whole = scored.true_rates(TRUE).sum() / scored.true_rates("workers").sum()
    at_work = near @ workers.to_numpy()
    per_worker = near @ events.to_numpy() / np.where(at_work > 0, at_work, np.nan)
    here = pd.DataFrame(per_worker, index=ids, columns=events.columns)
    rates = (here / whole).stack()
    units = scored.found["found_units"]
    for word in ("no_excess", "too_little"):
        rows = units[units["unit_class"] == word]
        rate = rates.reindex(pd.MultiIndex.from_frame(rows[["unit_id", "category"]])).to_numpy(float)
        yield share("words", word, "windows of 20 km, truly at three times the rate", rate >= 3)


def within(scored: Scored, radius_m: float) -> np.ndarray:
    """Return which tested cells lie within a radius of which, (cells, cells)."""
    units = scored.found["tested_cells"]
    x_m, y_m = units["x_m"].to_numpy(float), units["y_m"].to_numpy(float)
    return np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m) <= radius_m


def intervals(scored: Scored) -> Iterator[Part]:
    """Yield how many 90 % intervals of the relative rate hold the true one, and the one that is told of."""
    yield from _of_places(scored, "cell", scored.found["cell_measures"])
    sites = scored.found["risk_measures"]
    names = true_names(scored)
    sites = sites[(sites["grain"] == "site") & sites["unit_id"].isin(names.index)]
    yield from _of_places(scored, "site", sites.assign(unit_id=sites["unit_id"].map(names)))
    drawn = scored.found["found_hotspots"]
    drawn = drawn[~drawn["is_pooled"].astype(bool)]
    low, high = (drawn[name].to_numpy(float) for name in ("rr_low", "rr_high"))
    for word in ("true", "told"):
        column = TRUE if word == "true" else TOLD
        rate = np.array(
            [
                true_rate(scored, window(scored, row.centre_unit_id, row.radius_m), row.category, column)
                for row in drawn.itertuples()
            ]
        )
        for among in CLASSES:
            inside = (drawn["hotspot_class"] == among).to_numpy() & np.isfinite(rate)
            yield share(
                "intervals",
                f"windows drawn as {among}",
                f"hold the {word} rate",
                (rate >= low) & (rate <= high),
                inside,
            )


def _of_places(scored: Scored, grain: str, rows: pd.DataFrame) -> Iterator[Part]:
    rows = rows[rows["rr_low"].notna() & (rows["category"] != ALL_CATEGORIES)]
    low, high, expected = (rows[name].to_numpy(float) for name in ("rr_low", "rr_high", "expected"))
    for word, column in (("true", "relative_rate"), ("told", "relative_rate_told")):
        truth = scored.true_rates(column, grain).stack()
        rate = truth.reindex(pd.MultiIndex.from_frame(rows[["unit_id", "category"]])).to_numpy(float)
        held = (rate >= low) & (rate <= high)
        for least, most, size in SIZES:
            inside = (expected >= least) & (expected < most) & np.isfinite(rate)
            yield share("intervals", f"{grain}s, {size}", f"hold the {word} rate", held, inside)


def window(scored: Scored, centre: str, radius_m: float) -> list[str]:
    """Return the cells of a tested window."""
    ids = scored.found["tested_cells"]["unit_id"].to_numpy(dtype=object)
    return ids[within(scored, radius_m)[list(ids).index(centre)]].tolist()


def true_names(scored: Scored) -> pd.Series:
    """Return the true site of each site of the release: those that matching joined wrongly are left out."""
    records = scored.found["site_records"].set_index("record_id")["site_id"]
    known = scored.truth["sites"].assign(site_id=scored.truth["sites"]["register_record"].map(records))
    return (
        known.drop_duplicates("site_id", keep=False).dropna(subset=["site_id"]).set_index("site_id")["site"]
    )
