"""Words of progress: codes of frameworks, assessments, improvement actions, refiners and grievances.

Each list maps a code, which is stored, to its label, which is shown.
"""

from __future__ import annotations

from typing import Final

from risk.texts import mark
from risk.vocabulary import RMAP_STATUSES

# How a criterion counts: the first two are gates of a level, the others count towards a score alone.
CRITERION_KINDS: Final[dict[str, str]] = {
    "zero_tolerance": mark("zero tolerance"),
    "threshold": mark("condition of a level"),
    "progressive": mark("progressive"),
    "management": mark("management practice"),
}
GATES: Final = ("zero_tolerance", "threshold")

RESULTS: Final[dict[str, str]] = {
    "met": mark("met"),
    "partial": mark("partly met"),
    "not_met": mark("not met"),
    "na": mark("does not apply"),
    "not_assessed": mark("not assessed"),
}

OPERATORS: Final[dict[str, str]] = {
    "<=": mark("at most"),
    "<": mark("less than"),
    ">=": mark("at least"),
    ">": mark("more than"),
    "=": mark("exactly"),
}

# How fast a shortfall must be answered.
RESPONSE_TRACKS: Final[dict[str, str]] = {
    "immediate": mark("immediate: suspend or disengage"),
    "mitigate": mark("mitigate: a plan with a date"),
    "improve": mark("improve step by step"),
}

FRAMEWORK_STANDINGS: Final[dict[str, str]] = {
    "illustrative": mark("illustrative"),
    "draft": mark("draft"),
    "in_force": mark("in force"),
    "superseded": mark("superseded"),
}

ASSESSMENT_KINDS: Final[dict[str, str]] = {
    "initial": mark("first assessment"),
    "follow_up": mark("follow-up assessment"),
    "reassessment": mark("reassessment"),
}

ASSESSOR_KINDS: Final[dict[str, str]] = {
    "independent": mark("independent assessor"),
    "programme": mark("support programme"),
    "cooperative": mark("cooperative"),
    "government": mark("public authority"),
    "operator": mark("site operator"),
}

# `OPEN_ACTIONS` are at work; whether one is overdue follows from its due day and is stored nowhere.
ACTION_STATUSES: Final[dict[str, str]] = {
    "draft": mark("draft"),
    "new": mark("newly opened"),
    "in_progress": mark("in progress"),
    "under_review": mark("under review"),
    "resolved": mark("resolved"),
    "cancelled": mark("cancelled"),
}
OPEN_ACTIONS: Final = ("new", "in_progress", "under_review")

PARTY_KINDS: Final[dict[str, str]] = {
    "cooperative": mark("cooperative"),
    "site_operator": mark("site operator"),
    "title_holder": mark("title holder"),
    "buyer": mark("buyer"),
    "government": mark("public authority"),
    "programme": mark("support programme"),
    "community": mark("community"),
}

# US dollars.
COST_BANDS: Final[dict[str, str]] = {
    "none": mark("no cost"),
    "under_1k": mark("under US$1,000"),
    "1k_10k": mark("US$1,000 to 10,000"),
    "10k_100k": mark("US$10,000 to 100,000"),
    "over_100k": mark("over US$100,000"),
    "not_known": mark("cost not known"),
}

FUNDING_STATUSES: Final[dict[str, str]] = {
    "not_needed": mark("no funding needed"),
    "unfunded": mark("unfunded"),
    "partly_funded": mark("partly funded"),
    "funded": mark("funded"),
}

PRIORITIES: Final[dict[str, str]] = {
    "low": mark("low priority"),
    "medium": mark("medium priority"),
    "high": mark("high priority"),
}

# How it was checked that an action is done.
VERIFICATION_KINDS: Final[dict[str, str]] = {
    "not_verified": mark("not verified"),
    "on_paper": mark("verified on paper"),
    "on_site": mark("verified on site"),
}

REFINER_STATUSES: Final[dict[str, str]] = RMAP_STATUSES

GRIEVANCE_STATUSES: Final[dict[str, str]] = {
    "received": mark("received"),
    "acknowledged": mark("acknowledged"),
    "screening": mark("screening"),
    "out_of_scope": mark("out of scope"),
    "accepted": mark("accepted for inquiry"),
    "under_review": mark("under review"),
    "mitigation": mark("mitigation"),
    "monitoring": mark("monitoring"),
    "closed_resolved": mark("closed: resolved"),
    "closed_unsubstantiated": mark("closed: not substantiated"),
    "closed_withdrawn": mark("closed: withdrawn"),
}

ENTITY_KINDS: Final[dict[str, str]] = {
    "site": mark("site"),
    "refiner": mark("refiner"),
    "company": mark("company"),
}
