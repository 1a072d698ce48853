"""How often the word of a hotspot, and its range, were right on made maps whose truth is known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from frame import cards, method_figures
from frame.method_names import TWICE, WORDS
from frame.opening import Opened
from risk.texts import translate as _


def draw(opened: Opened, row: dict[Any, Any]) -> None:
    """Draw how often the word and the range of a hotspot were right; nothing where the word was not tried."""
    called = row["hotspot_class"]
    words, intervals = (method_figures.of(opened, test) for test in ("words", "intervals"))
    checks = ((WORDS[called].figure, WORDS[called].checked), TWICE)
    found = [(method_figures.one(words, called, figure), said) for figure, said in checks]
    if found[0][0] is None:
        return
    lines = [f"{method_figures.per_cent(right)} {_(said)}" for right, said in found if right is not None]
    if row["has_ratio"] and called != "distinctive":
        lines += _range(intervals, f"windows drawn as {called}")
    other = method_figures.other_method(pd.concat([words, intervals]))
    cards.fact(_("On made maps, of places so called"), "  \n".join([*lines, *([other] if other else [])]))


def _range(intervals: pd.DataFrame, setting: str) -> list[str]:
    """Return how often the range held what is told, and what is true, as a line; none where it was not tried."""
    told, true = (
        method_figures.one(intervals, setting, f"hold the {kind} rate") for kind in ("told", "true")
    )
    if told is None or true is None:
        return []
    said = _(
        "the range held the rate of what is told in {told} of cases, the true rate in {true}: places are picked "
        "for their excess"
    )
    return [said.format(told=method_figures.per_cent(told), true=method_figures.per_cent(true))]
