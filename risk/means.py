"""Means that do not let a good mark pay for a bad one, and the ways of combining marks into a score.

Marks run from 0 to 10, more is worse. The inverted geometric mean leans towards the worst mark (INFORM,
Marin-Ferrer, Vernaccini & Poljansek 2017, JRC). Arrays here have one column for each way of scoring: the
score itself is one column, its uncertainty a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[Any]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

WORST: Final = 10.0


def inverted_geometric_mean(values: ArrayLike, weights: ArrayLike | None = None) -> Floats:
    """Return the inverted geometric mean over the last axis, 0 to 10: at least the arithmetic mean.

    IGM(x) = (10 − exp(Σ w ln((10 − x)/10·9 + 1)))·10/9 (INFORM 2017). `weights` has the length of the last
    axis and sums to 1; equal if None. Raises ValueError for a mark that is missing or outside 0 to 10, for
    no marks at all, and for weights that are negative or do not sum to 1.

    >>> float(inverted_geometric_mean([8, 2])), float(inverted_geometric_mean([10, 0]))
    (5.787045088572915, 7.597469266479577)
    """
    marks = np.asarray(values, dtype=float)
    if marks.ndim == 0 or marks.shape[-1] == 0:
        raise ValueError("a mean needs at least one mark; leave the unit out where none was given")
    if not ((marks >= 0) & (marks <= WORST)).all():
        raise ValueError("a mark is missing or outside 0 to 10; leave out what was not assessed")
    count = marks.shape[-1]
    shares = np.full(count, 1 / count) if weights is None else np.asarray(weights, dtype=float)
    if shares.shape != (count,) or (shares < 0).any() or abs(shares.sum() - 1) > 1e-9:
        raise ValueError(f"{count} marks need {count} weights of 0 or more that sum to 1")
    return _levelled((_bent(marks, marks.shape[-1]) * shares).sum(axis=-1)[..., None], 1)[..., 0]


@dataclass(frozen=True)
class Ways:
    """Ways of combining marks, one column each; the first `geometric` use the inverted geometric mean.

    The others use the arithmetic mean. Weights are above 0 and need not sum to 1: each mean divides by
    the sum over the marks that are there.
    """

    criteria: Floats  # criterion × way
    themes: Floats  # theme × way
    parts: Floats  # assessment, incidents × way
    geometric: int


@dataclass(frozen=True)
class Marks:
    """Marks of some sites, sorted by site and theme; sites and themes are numbered from 0.

    `incidents` holds one more theme than there are: the last is all themes together.
    """

    values: Floats  # criterion at a site × way
    site: Ints
    theme: Ints
    criterion: Ints
    incidents: Floats  # site × (theme, all) × way; NaN for none
    floored: Flags  # site × theme
    floor: float


def combine(marks: Marks, ways: Ways) -> tuple[Floats, Floats]:
    """Return the assessment part and the combined mark, both site × (theme, all) × way; NaN is missing.

    Criteria give the theme, themes give the site, assessment and incidents give the mark. Where one part
    is missing the other stands alone. A floored theme is at least at the floor in every step, and a floor
    never lowers the site: a theme known by its worst form alone joins the mean only where it raises it.
    """
    seen, has_seen = _themes(marks, ways)
    only_floored = marks.floored & ~has_seen
    rows = only_floored.any(axis=1)
    told = marks.incidents[:, -1]
    assessed = _over_themes(seen, has_seen, ways)
    site = _with_incidents(assessed, told, ways)
    joined = _over_themes(seen[rows], has_seen[rows] | only_floored[rows], ways)
    assessed[rows] = np.fmax(assessed[rows], joined)
    site[rows] = np.fmax(site[rows], _with_incidents(assessed[rows], told[rows], ways))
    looked = np.where(has_seen[..., None], seen, np.nan).astype(seen.dtype)
    themes = _with_incidents(looked, marks.incidents[:, :-1], ways)
    themes[marks.floored] = np.fmax(themes[marks.floored], marks.floor)
    both = (seen, assessed), (themes, site)
    found = [np.concatenate([parts, whole[:, None, :]], axis=1) for parts, whole in both]
    return found[0], found[1]


def _themes(marks: Marks, ways: Ways) -> tuple[Floats, Flags]:
    """Return the mark of each theme at each site with its floor, and where there was an assessment."""
    sites, columns = marks.incidents.shape[0], ways.themes.shape[1]
    found = np.full((sites, len(ways.themes), columns), np.nan, dtype=marks.values.dtype)
    has = np.zeros(found.shape[:2], dtype=bool)
    if len(marks.site):
        pair = marks.site * len(ways.themes) + marks.theme
        starts = np.flatnonzero(np.diff(pair, prepend=-1))
        values = marks.values
        if len(starts) < len(pair):
            weights = ways.criteria[marks.criterion]
            total = np.add.reduceat(_bent(values, ways.geometric) * weights, starts, axis=0)
            values = _levelled(total / np.add.reduceat(weights, starts, axis=0), ways.geometric)
        found[marks.site[starts], marks.theme[starts]] = values
        has[marks.site[starts], marks.theme[starts]] = True
    held = marks.floored
    found[held] = np.fmax(found[held], marks.floor)
    return found, has


def _over_themes(seen: Floats, has: Flags, ways: Ways) -> Floats:
    bent = _bent(np.where(has[..., None], seen, 0), ways.geometric)
    shares = has.astype(seen.dtype)
    total = np.einsum("skb,kb,sk->sb", bent, ways.themes, shares)
    weight = shares @ ways.themes
    with np.errstate(invalid="ignore"):
        return _levelled(total / weight, ways.geometric)


def _with_incidents(assessed: Floats, incidents: Floats, ways: Ways) -> Floats:
    """Return the mean of both parts; where one is missing the other stands alone."""
    first, second = ways.parts
    total = _bent(assessed, ways.geometric) * first + _bent(incidents, ways.geometric) * second
    both = _levelled(total / (first + second), ways.geometric)
    return np.where(np.isnan(both), np.where(np.isnan(assessed), incidents, assessed), both)


def _bent(values: Floats, geometric: int) -> Floats:
    """Return the marks on the scale on which the mean is taken: ln((10 − x)/10·9 + 1), or as they are."""
    found = values.copy()
    head = found[..., :geometric]
    np.log(10 - 0.9 * head, out=head)
    return found


def _levelled(values: Floats, geometric: int) -> Floats:
    """Return `values` back on the scale of 0 to 10; rounding never leaves it."""
    found = values.copy()
    head = found[..., :geometric]
    np.divide(10 - np.exp(head), 0.9, out=head)
    return np.clip(found, 0, WORST, out=found)
