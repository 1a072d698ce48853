"""Scores of sites against their true order, and merged reports against what truly was one event."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks.truths.making import Scored
from benchmarks.truths.tally import Part, share
from benchmarks.truths.words import true_names
from risk.vocabulary import ALL_CATEGORIES


def scores(scored: Scored) -> Iterator[Part]:
    """Yield how well scores, and what a user would sort by instead, keep the true order of sites."""
    rows = _working_sites(scored)
    for name, values in (
        ("score of the site", rows["score"]),
        ("score, grades A to C", rows["score"].where(rows["grade"].isin(["A", "B", "C"]))),
        ("part of the score from visits", rows["assessment_part"]),
        ("part of the score from reports", rows["incident_part"]),
        ("severity at the latest visit", rows["severity"]),
        ("number of events at the site", rows["events"]),
        ("events per worker at the site", rows["events"] / rows["workers"]),
    ):
        yield from _correlated(name, "rank correlation with the true rate", values, rows["relative_rate"])
        if name in ("score of the site", "part of the score from visits", "severity at the latest visit"):
            yield from _correlated(
                name, "rank correlation with the age of the latest visit", values, rows["age"]
            )
    ranked = rows["relative_rate"].rank()
    held = ((ranked >= rows["rank_low"]) & (ranked <= rows["rank_high"])).fillna(False)
    yield share("order of sites", "score of the site", "90 % intervals of the rank, hold the true rank", held)
    width = (rows["rank_high"] - rows["rank_low"]).astype(float) / len(rows)
    yield Part(
        "order of sites",
        "score of the site",
        "width of the rank's interval, share of all sites",
        width.mean(),
        1.0,
    )


def _correlated(name: str, figure: str, values: pd.Series, truth: pd.Series) -> Iterator[Part]:
    known = values.notna() & truth.notna()
    if known.sum() > 2:
        order = stats.spearmanr(values[known].astype(float), truth[known].astype(float)).statistic
        yield Part("order of sites", name, figure, float(order), 1.0)


def _working_sites(scored: Scored) -> pd.DataFrame:
    """Return the sites with workers and a score: their scores, events and latest visit, and the true rate."""
    found = scored.found["site_scores"]
    found = found[(found["category"] == ALL_CATEGORIES) & found["score"].notna()]
    names = true_names(scored)
    known = scored.truth["sites"].set_index("site")
    rows = found[found["site_id"].isin(names.index)].set_index("site_id")
    rows = rows.join(known[["relative_rate", "workers"]], on=rows.index.map(names))
    events = scored.found["known_events"]
    rows["events"] = events[events["is_in_window"]]["site_id"].value_counts().reindex(rows.index).fillna(0)
    seen = scored.found["site_findings"]
    latest = seen[seen["age_months"] == seen.groupby("site_id")["age_months"].transform("min")]
    rows["age"] = latest.groupby("site_id")["age_months"].first().reindex(rows.index)
    rows["severity"] = latest.groupby("site_id")["x"].mean().reindex(rows.index)
    return rows[rows["relative_rate"].notna()]


def duplicates(scored: Scored) -> Iterator[Part]:
    """Yield how many pairs of records that truly tell of one event were merged, and how many merged truly do."""
    event = scored.found["event_records"].set_index("incident_id")["event_id"]
    pairs = scored.truth["duplicates"]
    a, b = (pairs[name].map(event) for name in ("incident_a", "incident_b"))
    known = (a.notna() & b.notna()).to_numpy()
    for how in ("verbatim", "reworded", "translated"):
        among = known & (pairs["how"] == how).to_numpy()
        yield share(
            "duplicates", how, "pairs of records of one event, merged", (a == b).to_numpy(bool), among
        )
    true = scored.truth["records"].set_index("incident_id")["event_id"].reindex(event.index)
    both = pd.DataFrame({"found": event, "true": true.fillna(pd.Series(event.index, event.index))})
    merged = _pairs(both["found"].value_counts())
    right = _pairs(both.groupby(["found", "true"]).size())
    yield Part("duplicates", "all kinds", "merged pairs, truly one event", right, merged)


def _pairs(sizes: pd.Series) -> float:
    return float((sizes * (sizes - 1) // 2).sum())


def exposures(scored: Scored) -> Iterator[Part]:
    """Yield how far the workers of cells, as measured, are from the true ones."""
    truth = scored.true_rates("workers")[ALL_CATEGORIES]
    units = scored.cells.set_index("unit_id")["exposure"]
    ratio = np.log2(units.to_numpy(float) / truth.reindex(units.index).to_numpy(float))
    yield share("exposure", "cells", "within a quarter of the true workers", np.abs(ratio) <= np.log2(1.25))
    yield share("exposure", "cells", "within a factor of two of the true workers", np.abs(ratio) <= 1)
