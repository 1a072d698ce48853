"""Kulldorff's scan: is there any cluster of a theme at all, and where is it most likely?

One p a theme answers for all zones together, which no map of single tests does. It runs beside the
hotspot test, as a second opinion by other means: circles of every size up to a limit, and a p from
simulated maps instead of a correction for many tests. Events count where they are placed; the caller
leaves out, or draws a place for, those that are not.

- `poisson_scan`: more events than the exposure leads us to expect (Kulldorff 1997).
- `risk.space_time_scans.space_time_scan`: more events here and then than the totals of place and of
  time lead us to expect (Kulldorff et al. 2005).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.method import METHOD, Method
from risk.texts import mark
from risk.zones import Floats, Ints, Zones, circular_zones

TOO_FEW_EVENTS: Final = mark("too few events for a scan")
NO_ZONES: Final = mark("no circle leaves enough outside it to compare with")

CLUSTER_COLUMNS: Final = (
    "category",
    "cluster_rank",
    "centre_unit_id",
    "radius_m",
    "unit_count",
    "unit_ids",
    "observed",
    "expected",
    "rr",
    "llr",
    "p",
)
# Two log-likelihood ratios closer than this are equal: a replica that repeats the observed map counts.
_SAME_LLR = 1e-8
# Numbers held at once while replicas are drawn, and while they are compared.
_DRAWN = 16_000_000
_COMPARED = 4_000_000


@dataclass(frozen=True)
class Scans:
    """What a scan found.

    `themes`, one row a category: category, event_count, is_tested, reason (a message id; empty where
    tested), llr and p of the most likely cluster (missing where not tested), replicas, centre_count,
    is_sampled (fewer centres than units).
    `clusters`, best first within a category: the columns of `CLUSTER_COLUMNS`; `p` compares each with the
    best zone of every replica, so it is cautious for the second and later ones.
    """

    themes: pd.DataFrame
    clusters: pd.DataFrame


@dataclass(frozen=True)
class Best:
    """Best zone of one centre: how many of its nearest units, events observed and expected, LLR."""

    centre: int
    size: int
    observed: int
    expected: float
    llr: float


def poisson_scan(
    units: pd.DataFrame,
    counts: pd.DataFrame,
    *,
    max_radius_m: float | None = METHOD.scan_radius_m,
    max_share: float = 0.5,
    max_centres: int | None = None,
    max_clusters: int = 20,
    replicas: int = METHOD.scan_replicas,
    seed: int = 0,
    method: Method = METHOD,
) -> Scans:
    """Return the purely spatial Poisson scan of each category (Kulldorff 1997).

    `units`: unit_id, x_m, y_m (planar metres), exposure. `counts`: category, unit_id, events (whole); a unit
    without a row has no event of the category, since the list of events is complete. Zones are those
    of `risk.zones.circular_zones`. With O events in a zone, E = N·exposure of the zone / all exposure, N all
    events: LLR = O ln(O/E) + (N−O) ln((N−O)/(N−E)) where O > E, else 0. Each centre keeps its best zone;
    of these the highest is the most likely cluster, and the next ones that share no unit with a
    higher one are the secondary clusters, at most `max_clusters` in all. p = (1 + replicas at least as
    high)/(1 + replicas), each replica being a multinomial map of N events by exposure (Dwass 1957).

    `max_radius_m=None` lets circles grow to `max_share` of the exposure alone. `max_centres` thins the
    centres of a large map; p stays exact, since replicas use the same zones, at some loss of power.
    A category with fewer than `method.scan_min_events` events is a row with `is_tested` False and its reason.
    The same for any order of rows; a category's result does not depend on the others. Raises
    ValueError for bad units or counts, naming the first.

    >>> x_m = [0, 1_000, 2_000, 9_000]
    >>> towns = pd.DataFrame({"unit_id": list("abcd"), "x_m": x_m, "y_m": 0, "exposure": 10})
    >>> told = pd.DataFrame({"category": "OSH", "unit_id": list("abcd"), "events": [14, 14, 1, 1]})
    >>> found = poisson_scan(towns, told, replicas=99)
    >>> found.clusters[["unit_ids", "observed", "expected", "p"]].values.tolist()
    [['a; b', 28, 15.0, 0.01]]
    """
    zones = circular_zones(units, max_radius_m=max_radius_m, max_share=max_share, max_centres=max_centres)
    themes, clusters = [], []
    for category, observed in _by_category(zones, counts):
        total = int(observed.sum())
        reason = _refusal(total, zones, method)
        if reason:
            themes.append(theme_row(category, total, reason=reason))
            continue
        bests, _ = _scanned(zones, observed[:, None])
        maxima = np.concatenate(
            [_scanned(zones, drawn)[1] for drawn in _replicas(zones, total, replicas, seed, category)]
        )
        found = cluster_rows(category, zones, bests, maxima, total, max_clusters)
        themes.append(theme_row(category, total, maxima=maxima, clusters=found, zones=zones))
        clusters.extend(found)
    return as_scans(themes, clusters)


def log_likelihood_ratio(observed: Ints, share: Floats, total: int) -> Floats:
    """Return the Poisson LLR of zones (m rows) in maps (r columns), 0 where no more than expected.

    `observed` is (m, r) whole events, `share` (m,) the part of the `total` events that is expected there,
    above 0 and below 1 or else 0. Logarithms of whole numbers are looked up, for maps come in thousands.
    """
    inside = np.clip(share, np.finfo(float).tiny, 1 - np.finfo(float).eps)
    slope = np.log(inside) - np.log1p(-inside)
    llr = _entropies(total)[observed]
    llr -= observed * slope[:, None]
    llr -= (total * np.log1p(-inside))[:, None]
    llr[observed <= (share * total)[:, None]] = 0.0
    return np.maximum(llr, 0.0)


@lru_cache(maxsize=4)
def _entropies(total: int) -> Floats:
    """Return O ln(O/N) + (N−O) ln((N−O)/N) for O = 0…N."""
    count = np.arange(total + 1)
    part = np.zeros(total + 1)
    part[1:] = count[1:] * np.log(count[1:] / total)
    return part + part[::-1]


def chunks(replicas: int, numbers_each: int) -> Iterator[int]:
    """Yield how many replicas to hold at once, so that memory stays bounded however many there are."""
    if replicas < 1:
        raise ValueError(f"replicas is {replicas}: a p needs at least 1, and 999 to tell 0.001")
    most = max(1, _DRAWN // max(1, numbers_each))
    while replicas > 0:
        yield min(replicas, most)
        replicas -= most


def generator(seed: int, category: Hashable) -> np.random.Generator:
    """Return the generator of one category: the same whatever other categories there are."""
    return np.random.default_rng([seed, *str(category).encode("utf-8")])


def theme_row(
    category: Hashable,
    total: int,
    *,
    reason: str = "",
    maxima: Floats | None = None,
    clusters: list[dict[str, object]] | None = None,
    zones: Zones | None = None,
) -> dict[str, object]:
    """Return one row of `Scans.themes`; without clusters a tested theme has LLR 0 and p 1."""
    row: dict[str, object] = {"category": category, "event_count": total, "is_tested": not reason}
    if reason or maxima is None or zones is None:
        return row | {"reason": reason}
    best = clusters[0] if clusters else {"llr": 0.0, "p": 1.0}
    return row | {
        "reason": "",
        "llr": best["llr"],
        "p": best["p"],
        "replicas": len(maxima),
        "centre_count": len(zones.centres),
        "is_sampled": len(zones.centres) < len(zones.unit_ids),
    }


def cluster_rows(
    category: Hashable, zones: Zones, bests: list[Best], maxima: Floats, total: int, most: int
) -> list[dict[str, object]]:
    """Return the clusters that share no unit, highest LLR first; equal ones, the smaller circle first."""

    def rank(best: Best) -> tuple[float, float, int]:
        return (-round(best.llr, 8), zones.radius_m(best.centre, best.size), best.centre)

    taken = np.zeros(len(zones.unit_ids), dtype=bool)
    rows: list[dict[str, object]] = []
    for best in sorted((best for best in bests if best.llr > _SAME_LLR), key=rank):
        members = zones.members(best.centre, best.size)
        if taken[members].any() or len(rows) == most:
            continue
        taken[members] = True
        outside, outside_expected = total - best.observed, total - best.expected
        rows.append(
            {
                "category": category,
                "cluster_rank": len(rows) + 1,
                "centre_unit_id": zones.unit_ids[zones.centres[best.centre]],
                "radius_m": zones.radius_m(best.centre, best.size),
                "unit_count": len(members),
                "unit_ids": "; ".join(str(zones.unit_ids[member]) for member in members),
                "observed": best.observed,
                "expected": best.expected,
                "rr": best.observed / best.expected / (outside / outside_expected) if outside else np.inf,
                "llr": best.llr,
                "p": float((1 + (maxima >= best.llr - _SAME_LLR).sum()) / (1 + len(maxima))),
            }
        )
    return rows


def as_scans(
    themes: list[dict[str, object]],
    clusters: list[dict[str, object]],
    columns: tuple[str, ...] = CLUSTER_COLUMNS,
) -> Scans:
    """Return the rows as frames with all their columns, typed, also where there are none."""
    types = {
        "event_count": "Int64",
        "is_tested": "boolean",
        "llr": "Float64",
        "p": "Float64",
        "replicas": "Int64",
        "centre_count": "Int64",
        "is_sampled": "boolean",
    }
    frame = pd.DataFrame(themes, columns=["category", *list(types)[:2], "reason", *list(types)[2:]])
    return Scans(frame.astype(types), pd.DataFrame(clusters, columns=list(columns)))


def _scanned(zones: Zones, counts: NDArray[np.int32]) -> tuple[list[Best], Floats]:
    """Return the best zone of each centre in the first map, and the best LLR of each map.

    `counts` is (units, maps): the events of a centre's nearest units add up to those of its zones.
    """
    total = int(counts[:, 0].sum())
    maxima = np.zeros(counts.shape[1])
    bests = []
    for centre, sizes in enumerate(zones.sizes):
        if not len(sizes):
            continue
        nearest = zones.members(centre, int(sizes[-1]))
        share = np.cumsum(zones.share[nearest])[sizes - 1]
        step = max(1, _COMPARED // len(nearest))
        for first in range(0, counts.shape[1], step):
            maps = slice(first, first + step)
            observed = np.cumsum(counts[nearest, maps], axis=0, dtype=np.int64)[sizes - 1]
            llr = log_likelihood_ratio(observed, share, total)
            np.maximum(maxima[maps], llr.max(axis=0), out=maxima[maps])
            if first == 0:
                at = int(llr[:, 0].argmax())
                found = (int(sizes[at]), int(observed[at, 0]), float(share[at] * total), float(llr[at, 0]))
                bests.append(Best(centre, *found))
    return bests, maxima


def _replicas(
    zones: Zones, total: int, replicas: int, seed: int, category: Hashable
) -> Iterator[NDArray[np.int32]]:
    """Yield maps of `total` events that fall by exposure alone, as (units, maps)."""
    draw = generator(seed, category)
    for many in chunks(replicas, len(zones.share)):
        yield np.ascontiguousarray(draw.multinomial(total, zones.share, size=many).T.astype(np.int32))


def _refusal(total: int, zones: Zones, method: Method) -> str:
    if total < max(1, method.scan_min_events):
        return TOO_FEW_EVENTS
    return NO_ZONES if not any(len(sizes) for sizes in zones.sizes) else ""


def _by_category(zones: Zones, counts: pd.DataFrame) -> Iterator[tuple[Hashable, NDArray[np.int32]]]:
    events = pd.to_numeric(counts["events"]).to_numpy(float, na_value=np.nan)
    is_bad = ~(np.isfinite(events) & (events >= 0) & (events == np.floor(events)))
    if is_bad.any():
        raise ValueError(f"unit {counts['unit_id'][is_bad].iloc[0]!r} has no whole number of events")
    if counts["category"].isna().any():
        unit = counts.loc[counts["category"].isna(), "unit_id"].iloc[0]
        raise ValueError(f"events at unit {unit!r} have no category; give one or leave them out")
    position = pd.Index(zones.unit_ids).get_indexer(pd.Index(counts["unit_id"]))
    if (position < 0).any():
        raise ValueError(f"events at unit {counts['unit_id'][position < 0].iloc[0]!r}, which is not a unit")
    if ((zones.share[position] == 0) & (events > 0)).any():
        raise ValueError("events at a unit without exposure; move them to the nearest exposed unit")
    for category, rows in sorted(counts.groupby("category", sort=True).indices.items(), key=str):
        yield (
            category,
            np.bincount(position[rows], events[rows], len(zones.unit_ids)).astype(np.int32),
        )
