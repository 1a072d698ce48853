"""From the words of publishers and compilers to the codes of this atlas, by written rules.

The rules are this project's own design; where a person must judge, the reported word stays beside the
code. A word that is not in the lists gives None, so that the contract of the table speaks.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from risk.texts import mark
from risk.vocabulary import CATEGORIES

# Word of the compiler → primary category, then the secondary ones that the word itself carries.
CATEGORY_OF: Final[dict[str, tuple[str, ...]]] = {
    "air_pollution": ("ENV", "COM"),
    "armed_attack": ("VIO",),
    "asphyxiation": ("OSH",),
    "bridge_collapse_crowd": ("OSH",),
    "child_labour_finding": ("CHL",),
    "clash_security_forces": ("SEC",),
    "drowning": ("OSH",),
    "electrocution": ("OSH",),
    "eviction": ("COM",),
    "explosives_accident": ("OSH",),
    "illegal_mining_raid": ("LGL",),
    "inspection_finding": ("LGL",),
    "labour_rights_allegation": ("LAB",),
    "military_deployment": ("SEC", "LGL"),
    "mob_violence": ("VIO",),
    "penalty": ("LGL",),
    "pit_accident": ("OSH",),
    "pit_collapse": ("OSH",),
    "pit_wall_failure_industrial": ("OSH",),
    "pollution_allegation": ("ENV",),
    "protest": ("COM",),
    "protest_riot": ("COM",),
    "restriction_or_closure": ("LGL",),
    "road_transport_accident": ("OSH",),
    "roadblock": ("COM",),
    "security_force_violence": ("SEC", "VIO"),
    "strike": ("LAB",),
    "tailings_heap_collapse": ("OSH",),
    "toxic_spill": ("ENV",),
    "underground_fire": ("OSH",),
}

# A death in one of these is a killing, not an accident: it adds VIO, also where the death is only
# claimed, since the verification state says how far to trust the claim.
CONFRONTATIONS: Final = frozenset(
    {
        "armed_attack",
        "clash_security_forces",
        "eviction",
        "illegal_mining_raid",
        "military_deployment",
        "mob_violence",
        "protest_riot",
        "security_force_violence",
    }
)

# What the compiler's hints say → the secondary category they add.
_HINTS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (category, re.compile(pattern, re.IGNORECASE))
    for category, pattern in (
        (
            "SEC",
            r"\b(soldiers?|army|police|guards?|gunfire|warning shots?|deployment)\b|militar|uniform",
        ),
        ("ENV", r"\b(acid|acidified|toxic|crops and fish|fish lost)\b|pollut|air quality|discharge"),
        ("COR", r"\b(extortion|bribes?|fees?|illegal tax(es)?|illegal checkpoint)\b"),
        ("TRC", r"\b(fraud|smuggl\w*|false origin|stolen ore)\b"),
        ("LGL", r"\b(illegal extraction|intrusions?|demilitarise sites)\b"),
        ("COM", r"\b(displacement|settlement destroyed|homes? destroyed|communit(y|ies))\b"),
        ("CHL", r"\b(child labour|children in mining)\b"),
        ("FOR", r"\b(forced labour|debt bondage)\b"),
        ("VIO", r"\b(mob killing|beaten to death|shot dead)\b|\babduct"),
    )
)
_SEXUAL: Final = re.compile(
    r"\bsexual(ly)? (assault|violence|abuse|exploitation)|\brape[ds]?\b", re.IGNORECASE
)
_TORTURE: Final = re.compile(r"\btortur", re.IGNORECASE)
_DEATH_CLAIMED: Final = re.compile(
    r"\b(contested toll|toll contested|number of victims unknown|alleged child deaths)\b",
    re.IGNORECASE,
)
_FORCE: Final = re.compile(
    r"\b(army|military|soldiers|settlement destroyed|clearance|demolition|large-scale eviction)\b",
    re.IGNORECASE,
)
_ABDUCTION: Final = re.compile(r"\babduct", re.IGNORECASE)
_LOSS: Final = re.compile(r"\b(arson|looting|looted|lost|damaged|destroyed|several victims)\b", re.IGNORECASE)

# Severity of the word alone, where no death, injury or hint says more. Accidents without a known
# victim are exposure; measures of an authority are procedural.
_WORD_HARMS: Final = frozenset(
    {"armed_attack", "eviction", "mob_violence", "protest_riot", "security_force_violence", "toxic_spill"}
)
_WORD_EVICTS: Final = frozenset({"eviction", "military_deployment"})
_WORD_PROCEDURAL: Final = frozenset({"inspection_finding", "penalty", "restriction_or_closure"})

DEATH: Final = mark("at least one death")
SEXUAL_VIOLENCE: Final = mark("sexual violence or torture")
DEATH_CLAIMED: Final = mark("death claimed, not certain")
EVICTION_BY_FORCE: Final = mark("eviction by force")
CHILDREN_AT_WORK: Final = mark("children in hazardous work")
ABDUCTION: Final = mark("abduction")
INJURY: Final = mark("injury")
LOSS: Final = mark("loss or harm that can be remedied")
EXPOSURE: Final = mark("exposure, no injury known")
PROCEDURAL: Final = mark("procedural gap or measure")
NOT_CLASSIFIED: Final = mark("kind of incident not in the list")

VERIFICATION_OF: Final[dict[str, str]] = {
    "multiple_sources": "corroborated",
    "single_source": "single_source",
    "ngo_finding": "single_source",
    "programme_operator_statement": "single_source",
    "headline_only": "unverified",
    "allegation": "unverified",
    "secondary_mention_only": "unverified",
    "contested": "disputed",
}

PLACE_PRECISION_OF: Final[dict[str, str]] = {
    "pit": "pit",
    "site": "site",
    "village": "locality",
    "town": "sector",
    "concession": "sector",
    "area_approx": "sector",
    "territory": "territory",
    "province": "province",
    "none": "none",
}

# The words mostly name the legal standing of the ground, not the kind of working.
SITE_KIND_OF: Final[dict[str, str]] = {
    "asm_controlled_site": "unknown",
    "asm_historical": "unknown",
    "asm_intrusion": "unknown",
    "asm_on_lsm_concession": "unknown",
    "asm_on_state_concession": "unknown",
    "asm_rush": "unknown",
    "asm_unspecified_title": "unknown",
    "asm_urban": "unknown",
    "illegal_semi_mechanised": "unknown",
    "planned_site": "unknown",
    "settlement_trade": "unknown",
    "trading_depot": "depot",
    "washing_place": "washing",
}


@dataclass(frozen=True)
class Classification:
    """Codes of one incident; `primary` and `severity` are None where the word is not in the list."""

    primary: str | None
    secondary: tuple[str, ...]
    severity: int | None
    severity_reason: str


def classify(
    category_reported: Any,
    hints: Any,
    killed_low: Any,
    killed_best: Any,
    killed_high: Any,
    injured: Any,
    has_children: Any,
    summary: Any = None,
) -> Classification:
    """Return the categories and the severity of one incident.

    Counts are numbers of people; any argument may be missing (None, NaN or NA), which is never read as
    zero or as "no". The summary is read for sexual violence only: hints do not always name it. An
    unknown word gives no category, and a severity only where a casualty or a hint speaks.

    >>> classify("clash_security_forces", "fatal; arson", 1, 1, 1, None, False)
    Classification(primary='SEC', secondary=('VIO',), severity=5, severity_reason='at least one death')
    """
    word, text = _text(category_reported), _text(hints)
    known = CATEGORY_OF.get(word, ())
    is_sexual = bool(_SEXUAL.search(text) or _SEXUAL.search(_text(summary)))
    added = set(known[1:])
    added.update(category for category, pattern in _HINTS if pattern.search(text))
    if word in CONFRONTATIONS and _any(killed_low, killed_best, killed_high):
        added.add("VIO")
    if _is_true(has_children):
        added.add("CHL")
    if is_sexual:
        added.add("SGB")
    primary = known[0] if known else None
    secondary = tuple(code for code in CATEGORIES if code in added and code != primary)
    severity, reason = _severity(word, text, (killed_low, killed_best, killed_high), injured, is_sexual)
    return Classification(primary, secondary, severity, reason)


def classify_incidents(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return `category`, `secondary_categories`, `severity` and `severity_reason` of each row.

    Reads `category_reported`, `hints_reported`, `killed_low`, `killed_best`, `killed_high`, `injured`,
    `has_children` and, where it is there, `summary`. Same index and order; each combination of values
    is classified once, so that a million rows of few kinds stay quick.
    """
    memo: dict[tuple[Hashable, ...], tuple[Any, ...]] = {}
    found = []
    for key in _keys(incidents):
        if key not in memo:
            memo[key] = _row(classify(*key))
        found.append(memo[key])
    result = pd.DataFrame(
        found,
        columns=["category", "secondary_categories", "severity", "severity_reason"],
        index=incidents.index,
    )
    return result.astype(
        {
            "category": "string",
            "secondary_categories": "string",
            "severity": "Int64",
            "severity_reason": "string",
        }
    )


def verification_state(word: Any) -> str | None:
    """Return the verification state that `word` stands for, None where the word is unknown.

    >>> verification_state("multiple_sources")
    'corroborated'
    """
    return VERIFICATION_OF.get(_text(word))


def place_precision(word: Any) -> str | None:
    """Return the place precision that `word` stands for, None where the word is unknown.

    >>> place_precision("village")
    'locality'
    """
    return PLACE_PRECISION_OF.get(_text(word))


def site_kind(word: Any) -> str | None:
    """Return the kind of site that `word` stands for, None where the word is unknown.

    >>> site_kind("trading_depot")
    'depot'
    """
    return SITE_KIND_OF.get(_text(word))


def _severity(
    word: str, hints: str, killed: tuple[Any, Any, Any], injured: Any, is_sexual: bool
) -> tuple[int | None, str]:
    """Return severity and reason; the first rule that holds, from the worst down."""
    low, best, high = killed
    rules = (
        (5, DEATH, _any(low, best)),
        (5, SEXUAL_VIOLENCE, is_sexual or bool(_TORTURE.search(hints))),
        (4, DEATH_CLAIMED, _any(high) or bool(_DEATH_CLAIMED.search(hints))),
        (4, EVICTION_BY_FORCE, word in _WORD_EVICTS and bool(_FORCE.search(hints))),
        (4, CHILDREN_AT_WORK, word == "child_labour_finding"),
        (4, ABDUCTION, bool(_ABDUCTION.search(hints))),
        (3, INJURY, _any(injured)),
        (3, LOSS, word in _WORD_HARMS or bool(_LOSS.search(hints))),
        (1, PROCEDURAL, word in _WORD_PROCEDURAL),
        (2, EXPOSURE, word in CATEGORY_OF),
    )
    return next(((level, reason) for level, reason, holds in rules if holds), (None, NOT_CLASSIFIED))


def _keys(incidents: pd.DataFrame) -> Iterator[tuple[Hashable, ...]]:
    columns = ["category_reported", "hints_reported", "killed_low", "killed_best", "killed_high", "injured"]
    columns += ["has_children"]
    lists: list[list[Any]] = [
        incidents[name].astype(object).where(incidents[name].notna(), None).tolist() for name in columns
    ]
    if "summary" in incidents.columns:
        # Only whether it names sexual violence matters, so that equal rows stay equal.
        named = (
            incidents["summary"].astype("string").str.extract(f"({_SEXUAL.pattern})", flags=re.IGNORECASE)[0]
        )
        lists.append(named.astype(object).where(named.notna(), None).tolist())
    return zip(*lists, strict=True)


def _row(found: Classification) -> tuple[Any, ...]:
    return found.primary, "; ".join(found.secondary) or None, found.severity, found.severity_reason


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value).strip()


def _any(*counts: Any) -> bool:
    """Return whether any count is known and at least 1."""
    return any(not pd.isna(count) and count >= 1 for count in counts)


def _is_true(value: Any) -> bool:
    return not pd.isna(value) and bool(value)
