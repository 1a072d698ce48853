"""The words of assessments, improvement actions, refiners and grievances: code lists with English labels.

Labels are message ids, as those of `risk.vocabulary`.
"""

from __future__ import annotations

from typing import Final

from risk.texts import mark
from risk.vocabulary import RMAP_STATUSES

CRITERION_KINDS: Final[dict[str, str]] = {
    "zero_tolerance": mark("zero tolerance"),
    "threshold": mark("threshold"),
    "progressive": mark("progressive"),
    "management": mark("management"),
}

RESULTS: Final[dict[str, str]] = {
    "met": mark("met"),
    "partial": mark("partly met"),
    "not_met": mark("not met"),
    "na": mark("not applicable"),
    "not_assessed": mark("not assessed"),
}

RESPONSE_TRACKS: Final[dict[str, str]] = {
    "immediate": mark("immediate response"),
    "mitigate": mark("mitigate within six months"),
    "improve": mark("improve over time"),
}

ACTION_STATUSES: Final[dict[str, str]] = {
    "draft": mark("draft"),
    "new": mark("new"),
    "in_progress": mark("in progress"),
    "under_review": mark("under review"),
    "resolved": mark("resolved"),
    "cancelled": mark("cancelled"),
}

FUNDING_STATUSES: Final[dict[str, str]] = {
    "not_needed": mark("no funding needed"),
    "unfunded": mark("unfunded"),
    "partly_funded": mark("partly funded"),
    "funded": mark("funded"),
}

REFINER_STATUSES: Final = RMAP_STATUSES

GRIEVANCE_STATUSES: Final[dict[str, str]] = {
    "received": mark("received"),
    "acknowledged": mark("acknowledged"),
    "screening": mark("screening"),
    "out_of_scope": mark("out of scope"),
    "accepted": mark("accepted"),
    "under_review": mark("under review"),
    "mitigation": mark("mitigation"),
    "monitoring": mark("monitoring"),
    "closed_resolved": mark("closed: resolved"),
    "closed_unsubstantiated": mark("closed: unsubstantiated"),
    "closed_withdrawn": mark("closed: withdrawn"),
}

ENTITY_KINDS: Final[dict[str, str]] = {
    "site": mark("site"),
    "refiner": mark("refiner"),
    "company": mark("company"),
}
