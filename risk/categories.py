"""Risk categories: what each covers, how fast it must be answered, how sensitive it is to speak of.

Categories and tracks follow the OECD Due Diligence Guidance, Annex II (2016), as this project groups them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from risk.texts import mark


class Track(StrEnum):
    """How fast a risk must be answered (OECD Annex II)."""

    IMMEDIATE = "immediate"
    MITIGATE = "mitigate"
    IMPROVE = "improve"


class Sensitivity(StrEnum):
    """Information sensitivity after OCHA's Data Responsibility Guidelines (2021)."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    SEVERE = "severe"


@dataclass(frozen=True)
class Category:
    """One risk category: code, label, what it covers, default track and sensitivity."""

    code: str
    label: str
    covers: str
    track: Track
    sensitivity: Sensitivity


def _category(code: str, label: str, covers: str, track: str, sensitivity: str) -> Category:
    return Category(code, label, covers, Track(track), Sensitivity(sensitivity))


CATEGORIES: Final[dict[str, Category]] = {
    c.code: c
    for c in (
        _category(
            "CHL",
            mark("Child labour"),
            mark("anyone under 18 working in or exposed to mining, carrying, washing, sorting or trading"),
            "mitigate",
            "severe",
        ),
        _category(
            "FOR",
            mark("Forced labour"),
            mark("work under menace or deception, debt bondage, withheld papers"),
            "immediate",
            "severe",
        ),
        _category(
            "SGB",
            mark("Gender-based violence"),
            mark("sexual violence, exploitation for access or price, harassment"),
            "immediate",
            "severe",
        ),
        _category(
            "VIO",
            mark("Killing and ill-treatment"),
            mark("killing, torture or arbitrary detention linked to mining"),
            "immediate",
            "severe",
        ),
        _category(
            "NSA",
            mark("Non-state armed groups"),
            mark("control, tax or extortion at sites, routes or trading points"),
            "immediate",
            "high",
        ),
        _category(
            "SEC",
            mark("Security forces"),
            mark("illegal control or tax, abusive force, forced eviction, armed guards"),
            "mitigate",
            "high",
        ),
        _category(
            "COR",
            mark("Corruption and illegal taxes"),
            mark("bribery, unofficial payments, unpaid royalties, laundering"),
            "mitigate",
            "high",
        ),
        _category(
            "TRC",
            mark("Traceability and fraud"),
            mark("false origin, mixing, smuggling, unfair weighing or grading"),
            "mitigate",
            "moderate",
        ),
        _category(
            "LGL",
            mark("Legality and access"),
            mark("mining outside an artisanal zone or without consent, unregistered cooperative, expulsion"),
            "improve",
            "moderate",
        ),
        _category(
            "OSH",
            mark("Health and safety"),
            mark("collapse, fall, flooding, asphyxia, electrocution, machinery, vehicle, dust"),
            "improve",
            "moderate",
        ),
        _category(
            "LAB",
            mark("Working conditions"),
            mark("pay, hours, association, discrimination"),
            "improve",
            "moderate",
        ),
        _category(
            "ENV",
            mark("Environment"),
            mark("water, soil, air, radioactivity, waste, rehabilitation"),
            "improve",
            "moderate",
        ),
        _category(
            "COM",
            mark("Community and land"),
            mark("land or housing loss, resettlement, no dialogue, retaliation against complainants"),
            "improve",
            "high",
        ),
    )
}

# What may hurt people when it is told of them: released more coarsely than all else.
PROTECTION_CRITICAL: Final = frozenset({"CHL", "FOR", "SGB", "VIO"})
