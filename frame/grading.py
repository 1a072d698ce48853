"""Grades in words: how well a number is supported, and what keeps it from being supported better."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import GRADES

RULES: Final[dict[str, str]] = {
    "n_eff": mark("too little recent evidence"),
    "source_count": mark("too few independent sources"),
    "located_pct": mark("too much of it placed vaguely"),
    "assessed_workers_pct": mark("too few of the workers at visited sites"),
    "stability": mark("it moves with the vague places"),
    "one_part": mark("visits or reports are missing"),
}


def grade(code: Any) -> str:
    """Return a grade with its words: `B – supported`."""
    return f"{code} – {_(GRADES[str(code)])}"


def held_down(codes: Any) -> str:
    """Return what keeps a grade down, from '; '-separated codes of rules; nothing does where it is the best."""
    if pd.isna(codes):
        return _("nothing: it is the best grade")
    return ", ".join(_(RULES[code]) for code in str(codes).split("; "))
