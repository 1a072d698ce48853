"""From the words of publishers and compilers to the codes of this atlas, by written rules.

The rules are this project's own design; where a person must judge, the reported word stays beside the
code. A word that is not in the lists gives None, so that the contract of the table speaks.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from risk.texts import mark
from risk.vocabulary import CATEGORIES
from risk.wording import Signs, harms, hinted, told

# Word of the compiler → primary category, then the secondary ones that the word itself carries.
CATEGORY_OF: Final[dict[str, tuple[str, ...]]] = {
    "air_pollution": ("ENV", "COM"),
    "armed_attack": ("VIO",),
    "armed_group_presence": ("NSA",),
    "asphyxiation": ("OSH",),
    "bribery": ("COR",),
    "bridge_collapse_crowd": ("OSH",),
    "child_labour_finding": ("CHL",),
    "clash_security_forces": ("SEC",),
    "drowning": ("OSH",),
    "electrocution": ("OSH",),
    "eviction": ("COM",),
    "explosives_accident": ("OSH",),
    "forced_labour_finding": ("FOR",),
    "illegal_mining_raid": ("LGL",),
    "illegal_tax": ("COR",),
    "inspection_finding": ("LGL",),
    "labour_rights_allegation": ("LAB",),
    "military_deployment": ("SEC", "LGL"),
    "mob_violence": ("VIO",),
    "ore_fraud": ("TRC",),
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
    "sexual_violence": ("SGB",),
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

# Where a child is concerned, one of these tells of mining that the child does or is exposed to: child
# labour in the sense of this atlas. A child hit elsewhere (a pupil shot on the way to school, children
# in a quarter beside a plant) is a child concerned, which `has_children` says, and no child labour.
PLACES_OF_WORK: Final = frozenset(
    {
        "asphyxiation",
        "bridge_collapse_crowd",
        "child_labour_finding",
        "drowning",
        "electrocution",
        "explosives_accident",
        "illegal_mining_raid",
        "inspection_finding",
        "labour_rights_allegation",
        "pit_accident",
        "pit_collapse",
        "tailings_heap_collapse",
        "underground_fire",
    }
)

# Severity of the word alone, where no death, injury or hint says more. Accidents without a known
# victim are exposure; measures of an authority are procedural.
_WORD_HARMS: Final = frozenset(
    {"armed_attack", "eviction", "illegal_tax", "mob_violence", "security_force_violence", "toxic_spill"}
)
_WORD_EVICTS: Final = frozenset({"eviction", "military_deployment"})
_WORD_PROCEDURAL: Final = frozenset({"inspection_finding", "penalty", "restriction_or_closure"})

DEATH: Final = mark("at least one death")
SEXUAL_VIOLENCE: Final = mark("sexual violence or torture")
DEATH_CLAIMED: Final = mark("death claimed, not certain")
EVICTION_BY_FORCE: Final = mark("eviction by force")
CHILDREN_AT_WORK: Final = mark("children in hazardous work")
FORCED_LABOUR: Final = mark("signs of forced labour")
ABDUCTION: Final = mark("abduction")
GRAVE_INJURY: Final = mark("grave injury")
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
    "retracted": "retracted",
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
    zero or as "no". Severity takes what was reported as true: the verification state, shown beside it,
    says how far to trust that. What is read in hints and in the summary stands in `risk.wording`. An unknown word
    gives no category, and a severity only where a casualty or a hint speaks.

    >>> classify("clash_security_forces", "fatal; arson", 1, 1, 1, None, False)
    Classification(primary='SEC', secondary=('VIO',), severity=5, severity_reason='at least one death')
    """
    word, text, story = _text(category_reported), _text(hints), _text(summary)
    known = CATEGORY_OF.get(word, ())
    added = {*known[1:], *hinted(text), *told(word, story)}
    if word in CONFRONTATIONS and _any(killed_low, killed_best, killed_high):
        added.add("VIO")
    if word in PLACES_OF_WORK and _is_true(has_children):
        added.add("CHL")
    primary = known[0] if known else None
    secondary = tuple(code for code in CATEGORIES if code in added and code != primary)
    signs = harms(text, story) | ({"sexual violence"} if "SGB" in {primary, *added} else set())
    severity, reason = _severity(word, signs, (killed_low, killed_best, killed_high), injured)
    return Classification(primary, secondary, severity, reason)


def classify_incidents(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return `category`, `secondary_categories`, `severity` and `severity_reason` of each row.

    Reads `category_reported`, `hints_reported`, `killed_low`, `killed_best`, `killed_high`, `injured`,
    `has_children` and, where it is there, `summary`. Same index and order; each combination of values
    is classified once, so that many rows of few kinds stay quick.
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


def _severity(word: str, signs: Signs, killed: tuple[Any, Any, Any], injured: Any) -> tuple[int | None, str]:
    """Return severity and reason; the first rule that holds, from the worst down."""
    low, best, high = killed
    rules = (
        (5, DEATH, _any(low, best)),
        (5, SEXUAL_VIOLENCE, not signs.isdisjoint({"sexual violence", "torture"})),
        (4, DEATH_CLAIMED, _any(high) or "death claimed" in signs),
        (4, EVICTION_BY_FORCE, word in _WORD_EVICTS and "force" in signs),
        (4, CHILDREN_AT_WORK, word == "child_labour_finding"),
        (4, FORCED_LABOUR, word == "forced_labour_finding"),
        (4, ABDUCTION, "abduction" in signs),
        (4, GRAVE_INJURY, "grave injury" in signs),
        (3, INJURY, _any(injured)),
        (3, LOSS, word in _WORD_HARMS or "loss" in signs),
        (1, PROCEDURAL, word in _WORD_PROCEDURAL),
        (2, EXPOSURE, word in CATEGORY_OF),
    )
    return next(((level, reason) for level, reason, holds in rules if holds), (None, NOT_CLASSIFIED))


def _keys(incidents: pd.DataFrame) -> Iterator[tuple[Hashable, ...]]:
    columns = ["category_reported", "hints_reported", "killed_low", "killed_best", "killed_high", "injured"]
    columns += ["has_children", *(["summary"] if "summary" in incidents.columns else [])]
    lists: list[list[Any]] = [
        incidents[name].astype(object).where(incidents[name].notna(), None).tolist() for name in columns
    ]
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
