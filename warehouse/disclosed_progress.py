"""Contracts of what is told below staff of unpublished assessments, actions and grievances: sums of cohorts.

A cohort is a year that is over, in a territory; of grievances, of a group of categories. What is not told was too little, or
nothing: no row says which.
"""

from __future__ import annotations

from typing import Any, Final

from risk.disclosure_tables import CRITICAL, NON_CRITICAL
from warehouse.columns import Flag, Number, Table, Text, Whole, column, optional

_COUNT: Final[dict[str, Any]] = {"ge": 0}
KINDS: Final = ("started", "resolved")


class _Results(Table):
    """Results of unpublished assessments of one year."""

    year: Whole = column("Year of the assessments", ge=1990, le=2200)
    framework_id: Text = column("Framework and its version")
    section: Text = column("Code of the section")
    met: Whole = column("Answers: met", unit="answers", **_COUNT)
    partial: Whole = column("Answers: partly met", unit="answers", **_COUNT)
    not_met: Whole = column("Answers: not met", unit="answers", **_COUNT)


class DisclosedCriteria(_Results):
    """Unpublished assessments by territory, year and criterion."""

    territory_pcode: Text = column("P-code of the territory")
    criterion_id: Text = column("Criterion of the framework")
    assessments: Whole = column("Assessments that answer it, of as many sites", unit="assessments", ge=5)


class DisclosedSections(_Results):
    """Unpublished assessments by territory, year and section, over the criteria that may be told."""

    territory_pcode: Text = column("P-code of the territory")
    answers: Whole = column("Answers, one a criterion and assessment", unit="answers", ge=5)


class DisclosedProvinceSections(_Results):
    """Unpublished assessments by province, year and section, over the criteria that may be told."""

    province_pcode: Text = column("P-code of the province")
    answers: Whole = column("Answers, one a criterion and assessment", unit="answers", ge=5)


class _Actions(Table):
    """Unpublished improvement actions of one year."""

    year: Whole = column("Year in which they started, or were resolved", ge=1990, le=2200)
    kind: Text = column("Started or resolved", isin=list(KINDS))
    action_count: Whole = column("Actions that may be told; there may be more", unit="actions", ge=5)
    mean_days: Number = optional(
        "Mean days from start to resolution, rounded to 10; missing where one is not known", unit="days", ge=0
    )


class DisclosedActions(_Actions):
    """Unpublished improvement actions by territory and year."""

    territory_pcode: Text = column("P-code of the territory")


class DisclosedActionTotals(_Actions):
    """Unpublished improvement actions by year."""


class _Grievances(Table):
    """Unpublished grievances of one year."""

    year: Whole = column("Year in which they were received", ge=1990, le=2200)
    grievance_count: Whole = column("Grievances that may be told; there may be more", unit="grievances", ge=5)


class DisclosedGrievances(_Grievances):
    """Unpublished grievances by year: those about people who need protection, and the others."""

    category: Text = column("Group of categories", isin=[CRITICAL, NON_CRITICAL])


class DisclosedGrievanceTotals(_Grievances):
    """Unpublished grievances by year."""


class DisclosureCohorts(Table):
    """With which batch each unpublished assessment, action or grievance entered the sums told; staff's alone."""

    unit_id: Text = column("What it is, and its id")
    cohort_id: Text = column("Cohort: what, where, which year")
    batch: Whole = optional("Batch it entered with; missing: it waits, and is told to nobody", ge=1)
    is_held: Flag = column("Gone or changed since, and still in the sums")


class DisclosureCohortSums(Table):
    """Sums of each batch as they were when it was first told; staff's alone."""

    cohort_id: Text = column("Cohort: what, where, which year")
    batch: Whole = column("Batch", ge=1)
    item: Text = column("What is summed; of assessments framework, section and criterion")
    units: Whole = column("Units that speak of it", ge=5)
    full: Whole = column("Of these, with the value 1: met", **_COUNT)
    half: Whole = column("Of these, with the value ½: partly met", **_COUNT)
    none: Whole = column("Of these, with the value 0: not met", **_COUNT)
    days: Number = optional("Sum of their days; missing where one has none", unit="days", ge=0)
