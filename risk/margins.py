"""How much a hotspot hangs on single reports: what would make its window no longer pass."""

from __future__ import annotations

import numpy as np

from risk.method import METHOD, Method
from risk.tails import Numbers, binomial_tail, hypergeometric_tail


def reports_to_spare(
    hotspot_class: str,
    *,
    observed: float,
    theme: float,
    expected: float,
    expected_of_reports: float,
    drawn: float,
    p_rate: float,
    p_share: float,
    cut_off_rate: float,
    cut_off_share: float,
    method: Method = METHOD,
) -> int:
    """Return how many of its reports may lie elsewhere before a window no longer passes as its class.

    `observed` events of the theme lie in the window, of `theme` tested everywhere; its workers lead to
    expect `expected` of them, and its `drawn` reports of all themes `expected_of_reports`. `p_rate` and
    `p_share` are those of the window, middles over the draws of vague places; they grow as the exact tails
    do where reports are taken away, and cut-offs and everything outside stay. So the number is a fair
    guess, not a test of its own. 0 where the first report would tip it, and where none is observed.
    The tests are those of `risk.hotspots`. Raises ValueError for an unknown class and for a theme without
    events.

    >>> reports_to_spare("reported", observed=9, theme=40, expected=2, expected_of_reports=4, drawn=20,
    ...     p_rate=0.0001, p_share=0.01, cut_off_rate=0.001, cut_off_share=0.001)
    1
    """
    if hotspot_class not in ("confirmed", "reported", "distinctive"):
        raise ValueError(f"class {hotspot_class!r} is none of confirmed, reported, distinctive")
    if theme <= 0:
        raise ValueError("a theme without events has no hotspot; ask for one that was tested")
    left = np.arange(np.ceil(observed), -1.0, -1.0)
    theme = max(theme, left[0])
    passes = np.ones(left.size, dtype=bool)
    if hotspot_class != "distinctive":
        tail = binomial_tail(left, theme, min(expected / theme, 1.0))
        passes &= _grown(p_rate, tail) <= max(cut_off_rate, p_rate)
    if hotspot_class != "reported" and expected_of_reports > 0:
        # The window's reports lead to expect theme · drawn / all: that tells how many there are in all.
        near = np.maximum(np.round(drawn) - np.arange(left.size), left)
        everything = max(np.round(theme * drawn / expected_of_reports), near[0], theme)
        tail = hypergeometric_tail(left, everything, theme, near)
        passes &= _grown(p_share, tail) <= max(cut_off_share, p_share)
    if hotspot_class == "confirmed":
        passes &= left >= min(method.min_reports, left[0])
    stops = np.flatnonzero(~passes)
    return max(int(stops[0]) - 1, 0) if stops.size else int(left[0])


def _grown(p: float, tail: Numbers) -> Numbers:
    """Return `p` grown as `tail` grows from its first value; 1 where that value says nothing."""
    grown: Numbers = np.ones(tail.size)
    grown[0] = p
    return np.minimum(p * tail / tail[0], 1.0) if tail[0] > 0 else grown
