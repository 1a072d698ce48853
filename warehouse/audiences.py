"""Which table is whose: below staff every table is there, and empty where an audience may not see its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from risk.vocabulary import Audience

ALL: Final = frozenset(Audience)
STAFF_ONLY: Final = frozenset({Audience.STAFF})
RESEARCH: Final = frozenset({Audience.RESEARCHER})
BELOW_STAFF: Final = ALL - STAFF_ONLY

# Tables that are not everybody's. All others hold public rows below staff.
AUDIENCES: Final[Mapping[str, frozenset[Audience]]] = {
    "rejected_row": STAFF_ONLY,
    "disclosure_assignments": STAFF_ONLY,
    "disclosure_site_batches": STAFF_ONLY,
    "published_records": STAFF_ONLY,
    "disclosure_records": STAFF_ONLY,
    "disclosure_cohorts": STAFF_ONLY,
    "disclosure_cohort_sums": STAFF_ONLY,
    "disclosed_criteria": RESEARCH,
    "disclosed_sections": frozenset({Audience.MEMBER, Audience.RESEARCHER}),
    "disclosed_province_sections": BELOW_STAFF,
    "disclosed_actions": frozenset({Audience.MEMBER, Audience.RESEARCHER}),
    "disclosed_action_totals": BELOW_STAFF,
    "disclosed_grievances": frozenset({Audience.MEMBER, Audience.RESEARCHER}),
    "disclosed_grievance_totals": BELOW_STAFF,
    "release_report": STAFF_ONLY,
    "research_records": RESEARCH,
    "disclosed_counts": BELOW_STAFF,
    "disclosed_cells": BELOW_STAFF,
    "disclosed_sites": BELOW_STAFF,
}


def may_see(audience: Audience, table: str) -> bool:
    """Return whether the file of `audience` may hold rows of `table`.

    >>> may_see(Audience.MEMBER, "rejected_row"), may_see(Audience.MEMBER, "sites")
    (False, True)
    """
    return audience in AUDIENCES.get(table, ALL)
