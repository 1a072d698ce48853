"""Kinds of invented events: how often, how deadly, with which hints, and which categories follow.

The shares are choices of this generator, near what the open edition tells where it tells anything: it has
no report whose main theme is forced labour, gender-based violence, armed groups, corruption or fraud, and
here each category must occur. Which categories an event has is left to the rules that read every edition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from risk.classification import classify
from risk.vocabulary import CATEGORIES

Floats = npt.NDArray[np.float64]

CODES: Final = tuple(CATEGORIES)

# Share of all events by primary category.
SHARES: Final[dict[str, float]] = {
    "OSH": 0.27,
    "SEC": 0.12,
    "COM": 0.12,
    "ENV": 0.10,
    "LGL": 0.08,
    "LAB": 0.07,
    "CHL": 0.06,
    "TRC": 0.06,
    "COR": 0.04,
    "VIO": 0.03,
    "SGB": 0.02,
    "FOR": 0.015,
    "NSA": 0.015,
}


@dataclass(frozen=True)
class Kind:
    """One kind of event, by the compiler's word.

    `share` is that within its category; `fatal`, `hurt` and `child` are chances that somebody died, was
    injured, or is a child; `hints` are the compiler's words with their chances ('' where there are none).
    """

    word: str
    category: str
    share: float
    details: str
    fatal: float = 0.0
    hurt: float = 0.0
    child: float = 0.0
    hints: tuple[tuple[str, float], ...] = (("", 1.0),)
    record_kind: str = "event"


KINDS: Final[tuple[Kind, ...]] = (
    Kind("pit_collapse", "OSH", 0.50, "accident", 0.6, 0.5, 0.04, (("", 0.7), ("rain", 0.3))),
    Kind("asphyxiation", "OSH", 0.08, "accident", 0.7, 0.4, 0.02),
    Kind("drowning", "OSH", 0.08, "accident", 0.8, 0.1, 0.05, (("", 0.7), ("rain", 0.3))),
    Kind("pit_accident", "OSH", 0.16, "accident", 0.4, 0.6, 0.05),
    Kind("explosives_accident", "OSH", 0.08, "accident", 0.5, 0.6),
    Kind("road_transport_accident", "OSH", 0.10, "road", 0.4, 0.5),
    Kind("clash_security_forces", "SEC", 0.40, "force", 0.25, 0.5, 0.0, (("", 0.7), ("warning shots", 0.3))),
    Kind("security_force_violence", "SEC", 0.35, "force", 0.45, 0.4),
    Kind("military_deployment", "SEC", 0.25, "force"),
    Kind(
        "eviction",
        "COM",
        0.35,
        "land",
        0.05,
        0.15,
        0.0,
        (("urban displacement", 0.6), ("army deployment", 0.4)),
    ),
    Kind("protest", "COM", 0.40, "land", 0.0, 0.1, 0.0, (("", 0.7), ("water pollution alleged", 0.3))),
    Kind("roadblock", "COM", 0.25, "land", 0.0, 0.05),
    Kind("toxic_spill", "ENV", 0.30, "harm", 0.0, 0.1, 0.0, (("crops and fish lost", 1.0),)),
    Kind("pollution_allegation", "ENV", 0.50, "harm", record_kind="allegation"),
    Kind("air_pollution", "ENV", 0.20, "harm"),
    Kind("illegal_mining_raid", "LGL", 0.60, "force", 0.05, 0.2, 0.05),
    Kind("inspection_finding", "LGL", 0.40, "finding", record_kind="report_or_finding"),
    Kind("strike", "LAB", 0.50, "land"),
    Kind("labour_rights_allegation", "LAB", 0.50, "finding", record_kind="allegation"),
    Kind("child_labour_finding", "CHL", 1.0, "finding", 0.0, 0.05, 1.0, record_kind="report_or_finding"),
    Kind("ore_fraud", "TRC", 1.0, "trade"),
    Kind("illegal_tax", "COR", 0.65, "trade", hints=(("", 0.6), ("soldiers at the barrier", 0.4))),
    Kind("bribery", "COR", 0.35, "finding", record_kind="allegation"),
    Kind("armed_attack", "VIO", 0.55, "force", 0.4, 0.5, 0.0, (("", 0.8), ("abduction", 0.2))),
    Kind("mob_violence", "VIO", 0.45, "force", 0.5, 0.6),
    Kind("sexual_violence", "SGB", 1.0, "finding", record_kind="report_or_finding"),
    Kind(
        "forced_labour_finding",
        "FOR",
        1.0,
        "finding",
        hints=(("debt bondage", 0.5), ("", 0.5)),
        record_kind="report_or_finding",
    ),
    Kind("armed_group_presence", "NSA", 1.0, "trade", hints=(("", 0.6), ("extortion", 0.4))),
)
# A measure of an authority is told like an event and is none.
MEASURE: Final = Kind("restriction_or_closure", "LGL", 0.0, "finding", record_kind="regulatory_measure")


@dataclass(frozen=True)
class Variant:
    """A kind with what decides its categories; `chance` is that within the primary category."""

    kind: Kind
    hint: str
    is_fatal: bool
    has_child: bool
    chance: float
    categories: tuple[str, ...]


@cache
def variants() -> tuple[Variant, ...]:
    """Return every way an event can be, with its chance; the chances of one category sum to 1."""
    return tuple(one for kind in KINDS for one in _variants_of(kind))


@cache
def theme_shares() -> Floats:
    """Return the chance that an event of a primary category (row) has each theme (column), 13 × 13.

    Rows and columns in the order of CODES; the diagonal is 1.
    """
    shares = np.zeros((len(CODES), len(CODES)))
    for one in variants():
        for theme in one.categories:
            shares[CODES.index(one.kind.category), CODES.index(theme)] += one.chance
    return shares


def _variants_of(kind: Kind) -> Iterator[Variant]:
    for (hint, hint_chance), is_fatal, has_child in product(kind.hints, (False, True), (False, True)):
        chance = kind.share * hint_chance
        chance *= kind.fatal if is_fatal else 1 - kind.fatal
        chance *= kind.child if has_child else 1 - kind.child
        if chance:
            dead = 1 if is_fatal else None
            found = classify(kind.word, hint, dead, dead, dead, None, has_child)
            yield Variant(kind, hint, is_fatal, has_child, chance, (kind.category, *found.secondary))
