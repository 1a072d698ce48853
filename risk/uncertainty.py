"""How far a score could be off: the same sites scored a thousand times, each in another defensible way.

One draw changes at once (global sensitivity analysis of composite indicators, Saisana, Saltelli & Tarantola
2005; OECD & JRC Handbook 2008): all weights (Dirichlet), the level of each finding (one up or down), how
fast evidence ages, the kind of mean, what is typical, and where vague reports lie. Weights, half-life and
mean are one choice for all sites of a draw; the rest is drawn for each site.

What is typical is drawn from what was found at the same kind of site and, one time in five, flat from 0 to 10,
because assessed sites are chosen, not sampled: so an interval widens as its evidence ages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from risk.evidence import Evidence, evidence_weights, prepare
from risk.means import WORST, Floats, Ints, Marks, Ways, combine
from risk.method import METHOD, Method
from risk.parallel import mapped
from risk.scores import incident_mark, shrunk
from risk.vocabulary import ALL_CATEGORIES

CONCENTRATION: Final = 4.0  # times the number of weights: how close drawn weights stay to the given ones
LEVEL_POINTS: Final = 2.5  # one level of severity on the scale of 0 to 10
LEVEL_CHANCE: Final = 0.1  # that a finding is one level too low; as much that it is one too high
HALF_LIFE_FACTORS: Final = (0.5, 1.0, 2.0)
FLAT_SHARE: Final = 0.2  # of the draws of what is typical
NARROW_RANKS: Final = 1 / 3  # a rank is shown if its band is under this share of the sites
# Findings and cells (site × category) taken at once: bounds the memory, and is part of what a seed gives.
_FINDINGS_AT_ONCE: Final = 4_000
_CELLS_AT_ONCE: Final = 4_000


@dataclass(frozen=True)
class Draws:
    """Draws of all sites.

    `scores` is site × draw, 0 to 100, of all categories together, in the order of `site_ids`; NaN where a
    site has none. `intervals` has one row a site and category, as `site_scores` has: site_id, category,
    score_low, score_high (5 and 95 %), and for 'ALL' rank_low, rank_high (1 is the lowest score; 5 and
    95 %), has_rank (the band is under a third of the sites: the rank may be shown to staff, never to
    members), third_low, third_high (1 the lowest scores).
    """

    site_ids: list[str]
    scores: Floats
    intervals: pd.DataFrame


def draw_scores(
    observations: pd.DataFrame,
    incident_rr: pd.DataFrame | None = None,
    worst_forms: pd.DataFrame | None = None,
    *,
    theme_weights: Mapping[str, float] | None = None,
    seed: int = 0,
    method: Method = METHOD,
) -> Draws:
    """Return `method.draws` draws of the scores of `site_scores`, from the same frames.

    incident_rr may have, for each draw of vague places, a row with its number in `imputation`, and
    `rr_shape`, the shape of the gamma distribution whose mean is rr (c + α after Marshall 1991); where the
    shape is missing rr is taken as it is. The same seed gives the same draws for any order of rows.
    Raises ValueError as `site_scores` does.
    """
    evidence = prepare(observations, incident_rr, worst_forms, theme_weights, method)
    count = method.draws
    root = np.random.SeedSequence(seed)
    shared, *seeds = root.spawn(1 + len(evidence.site_ids))
    ways, factors, imputations = _shared_draws(evidence, count, np.random.default_rng(shared))
    scores = np.full((len(evidence.site_ids), count), np.nan, dtype=np.float32)

    def draw(chunk: tuple[np.random.SeedSequence, tuple[int, int]]) -> pd.DataFrame:
        own, (first, last) = chunk
        rng = np.random.default_rng(own)
        marks = _drawn_marks(evidence, first, last, factors, imputations, rng, method)
        drawn = 10 * combine(marks, ways)[1]
        scores[first:last] = drawn[:, -1]
        return _intervals(evidence, first, drawn, method)

    # Each chunk has a seed of its own and writes its own rows, so that their order does not matter.
    parts = mapped(draw, zip(seeds, _chunks(evidence), strict=False))
    columns = ["site_id", "category", "score_low", "score_high"]
    found = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    ranks = rank_intervals(evidence.site_ids, scores, method=method).assign(category=ALL_CATEGORIES)
    found = found.astype({"site_id": "string", "category": "string"}).merge(
        ranks.astype({"category": "string"}), on=["site_id", "category"], how="left", validate="1:1"
    )
    return Draws(evidence.site_ids, scores, found.sort_values(["site_id", "category"], ignore_index=True))


def rank_intervals(site_ids: list[str], scores: Floats, *, method: Method = METHOD) -> pd.DataFrame:
    """Return the rank of each site with a score, over draws (site × draw): one row a site.

    Columns: site_id, rank_low, rank_high (5 and 95 %, 1 the lowest score, ties share the mean rank),
    has_rank (the band is under a third of the sites), third_low, third_high (thirds of the sites by rank,
    1 the lowest scores). A site without a score has no row.
    """
    is_scored = ~np.isnan(scores).any(axis=1)
    kept = scores[is_scored]
    ranks = np.empty(kept.shape, dtype=np.float32)
    for start in range(0, kept.shape[1], 100):
        ranks[:, start : start + 100] = rankdata(kept[:, start : start + 100], axis=0)
    low, high = _ends(ranks, method)
    count = len(kept)
    thirds = [
        np.clip(np.floor(3 * (ends - 0.5) / max(count, 1)).astype(int) + 1, 1, 3) for ends in (low, high)
    ]
    return pd.DataFrame(
        {
            "site_id": pd.array(np.array(site_ids, dtype=object)[is_scored], dtype="string"),
            "rank_low": pd.array(np.floor(low), dtype="Int64"),
            "rank_high": pd.array(np.ceil(high), dtype="Int64"),
            "has_rank": pd.array(np.ceil(high) - np.floor(low) + 1 < NARROW_RANKS * count, dtype="boolean"),
            "third_low": pd.array(thirds[0], dtype="Int64"),
            "third_high": pd.array(thirds[1], dtype="Int64"),
        }
    )


def _shared_draws(evidence: Evidence, count: int, rng: np.random.Generator) -> tuple[Ways, Ints, Ints]:
    """Return what is one choice for all sites of a draw: weights and means, half-lives, imputations.

    Gamma draws divided by their sum are Dirichlet draws, also over the marks that happen to be there.
    """

    def weights(given: Floats) -> Floats:
        shape = CONCENTRATION * given / given.mean() if len(given) else given
        return rng.standard_gamma(shape[:, None], size=(len(given), count)).astype(np.float32)

    ways = Ways(
        criteria=weights(evidence.criterion_weights),
        themes=weights(evidence.theme_weights),
        parts=weights(np.ones(2)),
        geometric=count // 2,
    )
    factors = rng.integers(0, len(HALF_LIFE_FACTORS), size=count)
    return ways, factors, rng.integers(0, evidence.rr.shape[1], size=count)


def _chunks(evidence: Evidence) -> Iterator[tuple[int, int]]:
    """Yield ranges of sites that hold a bounded number of findings and of cells; a site is never split."""
    sites = len(evidence.site_ids)
    findings = np.bincount(evidence.findings["site"], minlength=sites)
    load = np.maximum(findings / _FINDINGS_AT_ONCE, (len(evidence.categories) + 1) / _CELLS_AT_ONCE)
    chunk = np.floor(np.cumsum(load)).astype(int)
    starts = np.flatnonzero(np.diff(chunk, prepend=-1))
    yield from zip(starts.tolist(), [*starts[1:].tolist(), sites][: len(starts)], strict=True)


def _drawn_marks(
    evidence: Evidence,
    first: int,
    last: int,
    factors: Ints,
    imputations: Ints,
    rng: np.random.Generator,
    method: Method,
) -> Marks:
    """Return the drawn marks of the sites from `first` to before `last`."""
    rows = evidence.findings
    start, end = np.searchsorted(rows["site"], [first, last])
    rows = rows.iloc[start:end]
    return Marks(
        values=_drawn_findings(rows, evidence.pool, factors, rng, method),
        site=rows["site"].to_numpy() - first,
        theme=rows["theme"].to_numpy(),
        criterion=rows["criterion"].to_numpy(),
        incidents=_drawn_incidents(evidence, first, last, imputations, rng),
        floored=evidence.floored[first:last],
        floor=method.floor_score,
    )


def _drawn_findings(
    rows: pd.DataFrame, pool: Floats, factors: Ints, rng: np.random.Generator, method: Method
) -> Floats:
    """Return the drawn marks of findings, finding × draw: level, age and typical value drawn anew."""
    shape = (len(rows), len(factors))
    column = {name: rows[name].to_numpy()[:, None] for name in rows.columns}
    levels = rng.integers(0, round(1 / LEVEL_CHANCE), size=shape, dtype=np.uint8)
    shift = np.array([-LEVEL_POINTS, LEVEL_POINTS] + [0] * (round(1 / LEVEL_CHANCE) - 2), dtype=np.float32)
    x = np.clip(column["x"].astype(np.float32) + shift[levels], 0, WORST)
    half_lives = column["half_life_months"] * np.array(HALF_LIFE_FACTORS)
    weights = evidence_weights(column["age_months"], column["reliability"], half_lives).astype(np.float32)
    return shrunk(x, weights[:, factors], _drawn_priors(column, pool, shape, rng), method)


def _drawn_priors(
    column: Mapping[str, Floats], pool: Floats, shape: tuple[int, int], rng: np.random.Generator
) -> Floats:
    """Return a typical value for each finding and draw: of the pool, or flat where there is none."""
    chance = rng.random(shape, dtype=np.float32)
    flat = np.float32(WORST / FLAT_SHARE) * chance
    count, start = column["pool_count"], column["pool_start"]
    if not len(pool):
        return np.float32(WORST) * chance
    within = (chance - np.float32(FLAT_SHARE)) / np.float32(1 - FLAT_SHARE) * count.astype(np.float32)
    place = np.clip(within.astype(np.int32), 0, np.maximum(count - 1, 0)) + start
    found = np.where(chance < FLAT_SHARE, flat, pool.astype(np.float32)[place])
    return np.where(count > 0, found, np.float32(WORST) * chance)


def _drawn_incidents(
    evidence: Evidence, first: int, last: int, imputations: Ints, rng: np.random.Generator
) -> Floats:
    """Return drawn incident parts, site × (theme, all) × draw, NaN for none."""
    cells = (last - first, len(evidence.categories) + 1)
    found = np.full((*cells, len(imputations)), np.nan, dtype=np.float32)
    start, end = np.searchsorted(evidence.incidents["site"], [first, last])
    pairs = evidence.incidents.iloc[start:end]
    rr = evidence.rr[start:end].astype(np.float32)[:, imputations]
    shape = evidence.rr_shape[start:end].astype(np.float32)[:, imputations]
    drawn = rng.standard_gamma(np.nan_to_num(shape, nan=1.0), dtype=np.float32) / shape
    site, theme = pairs["site"].to_numpy() - first, pairs["theme"].to_numpy()
    found[site, theme] = incident_mark(np.where(np.isnan(shape), rr, rr * drawn))
    return found


def _intervals(evidence: Evidence, first: int, drawn: Floats, method: Method) -> pd.DataFrame:
    site, theme = np.nonzero(~np.isnan(drawn[..., 0]))
    low, high = _ends(drawn[site, theme], method)
    names = np.array([*evidence.categories, ALL_CATEGORIES], dtype=object)
    return pd.DataFrame(
        {
            "site_id": np.array(evidence.site_ids, dtype=object)[first + site],
            "category": names[theme],
            "score_low": low.astype(float),
            "score_high": high.astype(float),
        }
    )


def _ends(drawn: Floats, method: Method) -> tuple[Floats, Floats]:
    """Return the ends of the interval of each row of draws."""
    if not len(drawn):
        return np.empty(0), np.empty(0)
    low, high = np.quantile(drawn, method.interval, axis=1)
    return low, high
