"""The words of the field: code lists with their English labels.

Labels are message ids: `risk.texts.translate` turns them into the reader's language. Codes are what
files, tables and addresses hold; they never change their meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from risk.categories import CATEGORIES as CATEGORIES
from risk.categories import Sensitivity
from risk.texts import mark

SEVERITIES: Final[dict[int, str]] = {
    1: mark("minor"),
    2: mark("moderate"),
    3: mark("serious"),
    4: mark("severe"),
    5: mark("critical"),
}

VERIFICATIONS: Final[dict[str, str]] = {
    "unverified": mark("unverified"),
    "single_source": mark("single source"),
    "corroborated": mark("corroborated"),
    "verified": mark("verified"),
    "disputed": mark("disputed"),
    "retracted": mark("retracted"),
}

# Bands of records that are not shown as published.
SEVERITY_BANDS: Final[dict[str, str]] = {
    "low": mark("minor or moderate"),
    "middle": mark("serious"),
    "high": mark("severe or critical"),
}

VERIFICATION_BANDS: Final[dict[str, str]] = {
    "confirmed": mark("corroborated or verified"),
    "reported": mark("not corroborated"),
}

DATE_PRECISIONS: Final[dict[str, str]] = {
    "day": mark("day"),
    "week": mark("week"),
    "month": mark("month"),
    "quarter": mark("quarter"),
    "year": mark("year"),
}


@dataclass(frozen=True)
class PlacePrecision:
    """How well a place is known; `radius_m` is None where the area is an outline or unknown."""

    code: str
    label: str
    radius_m: int | None


PLACE_PRECISIONS: Final[dict[str, PlacePrecision]] = {
    p.code: p
    for p in (
        PlacePrecision("pit", mark("pit (within 100 m)"), 100),
        PlacePrecision("site", mark("site (within 1 km)"), 1_000),
        PlacePrecision("locality", mark("locality (within 5 km)"), 5_000),
        PlacePrecision("sector", mark("sector (within 25 km)"), 25_000),
        PlacePrecision("territory", mark("territory"), None),
        PlacePrecision("province", mark("province"), None),
        PlacePrecision("none", mark("no position"), None),
    )
}

EXACT_PRECISIONS: Final = frozenset({"pit", "site"})

SITE_KINDS: Final[dict[str, str]] = {
    "open_pit": mark("open pit"),
    "shaft": mark("shaft"),
    "tunnel": mark("tunnel"),
    "washing": mark("washing place"),
    "depot": mark("trading depot"),
    "mixed": mark("mixed"),
    "unknown": mark("kind not reported"),
}

RECORD_KINDS: Final[dict[str, str]] = {
    "event": mark("event"),
    "report_or_finding": mark("report or finding"),
    "allegation": mark("allegation"),
    "regulatory_measure": mark("regulatory measure"),
}

PERMIT_TYPES: Final[dict[str, str]] = {
    "PR": mark("research permit"),
    "PE": mark("exploitation permit"),
    "PER": mark("tailings exploitation permit"),
    "PEPM": mark("small-mine exploitation permit"),
    "ARC": mark("quarry research authorisation"),
    "AECP": mark("permanent quarry authorisation"),
    "AECT": mark("temporary quarry authorisation"),
    "CUP": mark("public-utility quarry"),
    "ZEA": mark("artisanal mining zone"),
    "ATE": mark("total lease"),
    "APE": mark("partial lease"),
    "ZRG": mark("geological research zone"),
    "ZI": mark("prohibited zone"),
}

TERRITORY_KINDS: Final[dict[str, str]] = {"territory": mark("territory"), "city": mark("city")}

MINERALS: Final[dict[str, str]] = {
    "Co": mark("cobalt"),
    "Cu": mark("copper"),
    "Zn": mark("zinc"),
    "Au": mark("gold"),
    "Fe": mark("iron"),
    "Ni": mark("nickel"),
}

REFINER_KINDS: Final[dict[str, str]] = {
    "crude": mark("crude refiner"),
    "fine": mark("fine refiner"),
    "unknown": mark("kind not reported"),
}

RMAP_STATUSES: Final[dict[str, str]] = {
    "conformant": mark("conformant"),
    "active": mark("active"),
    "cross_recognized": mark("cross-recognised"),
    "eligible": mark("eligible"),
    "not_listed": mark("not listed"),
    "removed": mark("removed"),
    "not_reported": mark("not reported"),
}


SENSITIVITIES: Final[dict[str, str]] = {
    Sensitivity.LOW.value: mark("low sensitivity"),
    Sensitivity.MODERATE.value: mark("moderate sensitivity"),
    Sensitivity.HIGH.value: mark("high sensitivity"),
    Sensitivity.SEVERE.value: mark("severe sensitivity"),
}

# Of victims no more is kept than these; they are for staff only.
AGE_BANDS: Final[dict[str, str]] = {
    "child": mark("children"),
    "adult": mark("adults"),
    "mixed": mark("children and adults"),
}

SEXES: Final[dict[str, str]] = {
    "female": mark("female"),
    "male": mark("male"),
    "mixed": mark("female and male"),
}

TOLL_BOUNDS: Final[dict[str, str]] = {
    "exactly": mark("exactly"),
    "at least": mark("at least"),
    "about": mark("about"),
    "up to": mark("up to"),
}


class Absence(StrEnum):
    """Why a value is not there. No code turns one of these into zero."""

    NONE_FOUND = "none_found"
    NOT_REPORTED = "not_reported"
    NOT_VISITED = "not_visited"
    SUPPRESSED = "suppressed"
    FAILED_TO_LOAD = "failed_to_load"


class Audience(StrEnum):
    """Who a release file is for."""

    PUBLIC = "public"
    MEMBER = "member"
    RESEARCHER = "researcher"
    STAFF = "staff"


class Edition(StrEnum):
    """One body of data."""

    OPEN = "open"
    TRAINING = "training"


MATCH_DECISIONS: Final[dict[str, str]] = {
    "confirmed": mark("one place, confirmed by review"),
    "automatic": mark("one place, by rule"),
    "candidate": mark("kept apart, waiting for review"),
    "forbidden": mark("two places, decided by review"),
}

HOTSPOT_CLASSES: Final[dict[str, str]] = {
    "confirmed": mark("confirmed hotspot"),
    "reported": mark("reported hotspot"),
    "distinctive": mark("distinctive theme"),
}

UNIT_CLASSES: Final[dict[str, str]] = {
    **HOTSPOT_CLASSES,
    "no_excess": mark("no excess shown"),
    "too_little": mark("not enough information"),
}

TREND_CLASSES: Final[dict[str, str]] = {
    "new": mark("new"),
    "rising": mark("rising"),
    "falling": mark("falling"),
    "persistent": mark("persistent"),
    "no_clear_change": mark("no clear change"),
    "not_enough": mark("not enough information"),
}

BANDS: Final[dict[str, str]] = {
    "low": mark("low"),
    "medium": mark("medium"),
    "high": mark("high"),
    "extreme": mark("extreme"),
    "insufficient": mark("insufficient data"),
}

GRADES: Final[dict[str, str]] = {
    "A": mark("well supported"),
    "B": mark("supported"),
    "C": mark("weakly supported"),
    "D": mark("insufficient data"),
}

EXPOSURE_STATES: Final[dict[str, str]] = {
    "reported": mark("workers as reported"),
    "imputed": mark("workers not reported: the median of the same kind of site"),
    "idle": mark("idle: no worker at the latest count"),
    "unknown": mark("workers not known"),
}

GRAINS: Final[dict[str, str]] = {
    "cell": mark("cell"),
    "site": mark("site"),
    "territory": mark("territory"),
    "province": mark("province"),
}

ALL_CATEGORIES: Final = "ALL"

ABSENCES: Final[dict[str, str]] = {
    Absence.NONE_FOUND: mark("looked, none found"),
    Absence.NOT_REPORTED: mark("not reported"),
    Absence.NOT_VISITED: mark("not visited"),
    Absence.SUPPRESSED: mark("suppressed: too few to show"),
    Absence.FAILED_TO_LOAD: mark("failed to load"),
}
