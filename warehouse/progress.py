"""Contracts of progress: assessments of sites, what follows from them, grievances, lists of refiners.

As in `warehouse.inputs`, one model a table. Whoever assessed, answers for an action or complained is told as
a kind of party, never by name.
"""

from __future__ import annotations

from typing import Final

from risk import progress_words as terms
from risk.categories import CATEGORIES
from risk.vocabulary import REFINER_KINDS
from warehouse.columns import Day, Flag, Number, Table, Text, Whole, codes, column, optional

FRAMEWORK_ID: Final = r"^[^@\s]+@[^@\s]+$"
RMAP_ID: Final = r"^CID\d{6}$"


class Assessments(Table):
    """Assessments of sites, one row an assessment: a visit scored against one version of one framework."""

    assessment_id: Text = column("Stable id", unique=True)
    site_record_id: Text = column("Site record that was assessed")
    framework_id: Text = column("Framework and its version", str_matches=FRAMEWORK_ID)
    kind: Text = column("Initial, follow-up or reassessment", isin=codes(terms.ASSESSMENT_KINDS))
    assessed_on: Day = column("Day of the assessment")
    expires_on: Day = optional("Last day on which it counts as current")
    assessor_kind: Text = column("Kind of assessor, never who it is", isin=codes(terms.ASSESSOR_KINDS))
    submission_id: Text = optional("Id of the submitted form it was read from")
    note: Text = optional("Note", restricted=True)
    is_public_record: Flag = column("The assessment was published")


class Findings(Table):
    """What an assessment found, one row a criterion; an assessment has one finding on a criterion at most."""

    finding_id: Text = column("Stable id", unique=True)
    assessment_id: Text = column("Assessment")
    criterion_id: Text = column("Criterion of the framework")
    result: Text = column("Result", isin=codes(terms.RESULTS))
    measured_value: Number = optional("What was measured, in the unit of the criterion")
    note: Text = optional("Note", restricted=True)


class ImprovementActions(Table):
    """Improvement actions, one row an action; whether one is overdue is derived, never stored."""

    action_id: Text = column("Stable id", unique=True)
    site_record_id: Text = column("Site record the action is for")
    finding_id: Text = optional("Finding it follows from")
    title_en: Text = column("What is to be done, in English or as it was written", free_text=True)
    title_fr: Text = optional("What is to be done, in French", free_text=True)
    responsible: Text = column("Kind of party that answers for it", isin=codes(terms.PARTY_KINDS))
    supporter: Text = optional("Kind of party that supports it", isin=codes(terms.PARTY_KINDS))
    cost_band: Text = column("Cost in US dollars, as a band", isin=codes(terms.COST_BANDS))
    funding_status: Text = column("How far it is funded", isin=codes(terms.FUNDING_STATUSES))
    priority: Text = column("Priority", isin=codes(terms.PRIORITIES))
    started_on: Day = optional("Day it started")
    due_on: Day = optional("Day it was first due")
    progress_pct: Whole = column("Progress", unit="%", ge=0, le=100)
    status: Text = column("Status of the action", isin=codes(terms.ACTION_STATUSES))
    verification: Text = column("How it was verified", isin=codes(terms.VERIFICATION_KINDS))
    verified_on: Day = optional("Day it was verified")
    resolved_on: Day = optional("Day it was resolved")
    is_public_record: Flag = column("The action was published")


class ActionExtensions(Table):
    """More time given to improvement actions, one row an extension."""

    extension_id: Text = column("Stable id", unique=True)
    action_id: Text = column("Improvement action")
    extended_on: Day = column("Day of the decision")
    due_on: Day = column("New day it is due")
    reason: Text = optional("Why", restricted=True)


class Grievances(Table):
    """Allegations about an entity, one row a grievance; nobody is named who complained or was harmed."""

    grievance_id: Text = column("Stable id", unique=True)
    entity_kind: Text = column("Kind of entity it is about", isin=codes(terms.ENTITY_KINDS))
    entity_id: Text = column("Site record, refiner or company it is about")
    entity_name: Text = optional("Name of that entity", names_person=True, free_text=True)
    category: Text = column("Risk category", isin=codes(CATEGORIES))
    received_on: Day = column("Day it was received")
    alleged_start: Day = optional("First day of what is alleged")
    alleged_end: Day = optional("Last day of what is alleged")
    summary: Text = optional("What is alleged", restricted=True)
    is_public_record: Flag = column("The grievance was published")


class GrievanceSteps(Table):
    """The history of grievances, one row a step."""

    step_id: Text = column("Stable id", unique=True)
    grievance_id: Text = column("Grievance")
    happened_on: Day = column("Day of the step")
    status: Text = column("Status from that day on", isin=codes(terms.GRIEVANCE_STATUSES))
    note: Text = optional("Note", restricted=True)


class RefinerStatuses(Table):
    """What lists of facilities said of refiners, one row a facility and list."""

    listing_id: Text = column("Stable id: list and facility", unique=True)
    list_id: Text = column("List")
    listed_on: Day = column("Day of the list")
    rmap_id: Text = optional("RMAP id (CID…)", str_matches=RMAP_ID)
    refiner_id: Text = optional("Refiner of ours, where it is one")
    name: Text = column("Name as listed")
    country: Text = optional("Country, ISO 3166-1 alpha-3", str_matches=r"^[A-Z]{3}$")
    kind: Text = column("Crude or fine refiner", isin=codes(REFINER_KINDS))
    status: Text = column("Status as a code", isin=codes(terms.REFINER_STATUSES))
    status_reported: Text = optional("Status in the word of the list")
    assessed_on: Day = optional("Day of the last assessment")
    cycle_years: Whole = optional("Years from one assessment to the next", unit="years", isin=[1, 2, 3])
    next_due_on: Day = optional("Day the next assessment is due")
