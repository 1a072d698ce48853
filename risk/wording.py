"""What the compiler's hints and summaries tell beyond the word for the kind of incident.

Hints are read for everything. A summary tells a whole story, so it is read for a few things only, and
what a protest, a strike or a measure is about is read only where the word itself does not say it.
"""

from __future__ import annotations

import re
from typing import Final


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


# What the hints say → the secondary category they add.
_HINTS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "SEC",
        _pattern(r"\b(soldiers?|army|police|guards?|gunfire|warning shots?|deployment)\b|militar|uniform"),
    ),
    ("ENV", _pattern(r"\b(acid|acidified|toxic|crops and fish|fish lost)\b|pollut|air quality|discharge")),
    ("COR", _pattern(r"\b(extortion|bribes?|fees?|illegal tax(es)?|illegal checkpoint)\b")),
    ("TRC", _pattern(r"\b(fraud|smuggl\w*|false origin|stolen ore)\b")),
    ("LGL", _pattern(r"\b(illegal extraction|intrusions?|demilitarise sites)\b")),
    (
        "COM",
        _pattern(r"\b(displacement|settlement destroyed|homes? destroyed|communit(y|ies)|crops)\b"),
    ),
    ("OSH", _pattern(r"\baccidents?\b")),
    ("CHL", _pattern(r"\b(child labour|children in mining)\b")),
    ("FOR", _pattern(r"\b(forced labour|debt bondage)\b")),
    ("VIO", _pattern(r"\b(mob killing|beaten to death|shot dead)\b|\babduct")),
)

_SEXUAL: Final = _pattern(r"\bsexual(ly)? (assault|violence|abuse|exploitation)|\brape[ds]?\b")
# What the summary of any incident says → the secondary category it adds.
_TOLD: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("SGB", _SEXUAL),
    ("VIO", _pattern(r"\b(beaten|beatings)\b")),
    ("COR", _pattern(r"\b(for a fee|access fees?|extortion|bribes?|illegal tax(es)?|illegal checkpoint)\b")),
)
# Security forces that act, not a police post that is wrecked.
_FORCE_USED: Final = _pattern(
    r"\b(soldiers?|army|police|republican guard|guards?)\b[^.;:,]{0,40}?"
    r"\b(fired|shot|evicted|cleared|drove|pushed|beat)\b|\b(men in uniform|uniformed men)\b"
)
# What a protest, a strike, an eviction or a measure is about.
_SUBJECT: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("ENV", _pattern(r"\b(acid|fumes|overflows?|spills?)\b|pollut")),
    ("TRC", _pattern(r"\b(fraud|stolen ore|smuggl\w*|legal origin)\b")),
    ("LGL", _pattern(r"\b(illegal mining|intrusions?|demanding access)\b")),
)
_SUBJECT_IS_TOLD: Final = frozenset(
    {
        "eviction",
        "inspection_finding",
        "penalty",
        "protest",
        "protest_riot",
        "restriction_or_closure",
        "roadblock",
        "strike",
    }
)
_FORCE_IS_TOLD: Final = frozenset({"armed_attack", "eviction", "protest", "protest_riot", "roadblock"})

_GRAVE_INJURY: Final = _pattern(r"\bcritically\b|\b(seriously|badly) (hurt|injured|wounded)\b")
_TORTURE: Final = _pattern(r"\btortur")
_DEATH_CLAIMED: Final = _pattern(
    r"\b(contested toll|toll contested|number of victims unknown|alleged child deaths)\b"
)
_FORCE: Final = _pattern(
    r"\b(army|military|soldiers|settlement destroyed|clearance|demolition|large-scale eviction)\b"
)
_ABDUCTION: Final = _pattern(r"\babduct")
_LOSS: Final = _pattern(r"\b(arson|looting|looted|lost|damaged|destroyed|several victims)\b")

Signs = frozenset[str]
_SIGNS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("torture", _TORTURE),
    ("death claimed", _DEATH_CLAIMED),
    ("force", _FORCE),
    ("abduction", _ABDUCTION),
    ("loss", _LOSS),
)


def hinted(hints: str) -> Signs:
    """Return the secondary categories that the hints name.

    >>> sorted(hinted("water pollution alleged; warning shots"))
    ['ENV', 'SEC']
    """
    patterns = (*_HINTS, ("SGB", _SEXUAL))
    return frozenset(category for category, pattern in patterns if pattern.search(hints))


def told(word: str, summary: str) -> Signs:
    """Return the secondary categories that a summary names, for an incident of the kind `word`.

    >>> sorted(told("protest", "Sit-in over fumes from the plant"))
    ['ENV']
    >>> sorted(told("protest_riot", "vehicles burned, a police post wrecked"))
    []
    """
    patterns = [*_TOLD, *(_SUBJECT if word in _SUBJECT_IS_TOLD else ())]
    if word in _FORCE_IS_TOLD:
        patterns.append(("SEC", _FORCE_USED))
    return frozenset(category for category, pattern in patterns if pattern.search(summary))


def harms(hints: str, summary: str) -> Signs:
    """Return the signs of harm that bear on the severity: those of the hints, and grave injury.

    >>> sorted(harms("arson", "several badly hurt"))
    ['grave injury', 'loss']
    """
    found = {sign for sign, pattern in _SIGNS if pattern.search(hints)}
    if _GRAVE_INJURY.search(summary):
        found.add("grave injury")
    return frozenset(found)
