"""Contracts of what is derived of progress: sections, levels, changes, needs, states, coverage of refiners.

A row speaks of the day of the release: what is dated later is not read. Whatever is missing is not known, and
never zero for that.
"""

from __future__ import annotations

from typing import Any, Final

from risk import progress_words as terms
from risk.grievances import PLACEMENTS
from risk.improvements import FINDING_CHANGES
from risk.vocabulary import REFINER_KINDS
from warehouse.columns import Day, Flag, Number, Table, Text, Whole, codes, column, optional
from warehouse.progress import Assessments, ImprovementActions

_PCT: Final[dict[str, Any]] = {"unit": "%", "ge": 0, "le": 100}
_CRITERIA: Final[dict[str, Any]] = {"unit": "criteria", "ge": 0}
_DAYS: Final[dict[str, Any]] = {"unit": "days", "ge": 0}


class MatchedAssessments(Assessments):
    """Assessments of sites, with the site each belongs to after matching."""

    site_id: Text = column("Site that was assessed, after matching")


class MatchedImprovementActions(ImprovementActions):
    """Improvement actions, with the site each belongs to after matching."""

    site_id: Text = column("Site the action is for, after matching")


class Counted(Table):
    """How many of the criteria an assessment looked at, and the score of these."""

    assessment_id: Text = column("Assessment")
    criteria_applicable: Whole = column("Criteria that apply", **_CRITERIA)
    criteria_assessed: Whole = column("Of these, criteria that were assessed", **_CRITERIA)
    coverage_pct: Number = optional("Assessed share of the criteria that apply", **_PCT)
    score_pct: Number = optional(
        "Weighted share of what was assessed that is met, partly met counting half; missing below 60 % coverage",
        **_PCT,
    )


class AssessmentSections(Counted):
    """What an assessment says of each section of its framework."""

    section: Text = column("Code of the section")
    met: Whole = column("Criteria met", **_CRITERIA)
    partial: Whole = column("Criteria partly met", **_CRITERIA)
    not_met: Whole = column("Criteria not met", **_CRITERIA)


class AssessmentLevels(Counted):
    """What an assessment says of its site as a whole: the level that all gates up to it allow, never an average."""

    site_id: Text = column("Site that was assessed, after matching")
    level: Text = optional("Level reached; missing where none is")
    is_blocked: Flag = column("A criterion of zero tolerance is not fully met")
    blocked_by: Text = optional("Those criteria, '; '-separated")
    next_level: Text = optional("The next level; missing at the top")
    missing_for_next: Text = optional("Criteria in the way of the next level, '; '-separated")
    response_track: Text = optional(
        "How fast the most urgent shortfall must be answered; missing where there is none",
        isin=codes(terms.RESPONSE_TRACKS),
    )


class FindingChanges(Table):
    """What changed from an assessment of a site to its next one under one framework, criterion by criterion."""

    site_id: Text = column("Site, after matching")
    scheme: Text = column("Framework, whatever its version")
    criterion_id: Text = column("Criterion")
    section: Text = column("Code of the section")
    framework_id_before: Text = column("Version of the framework before")
    framework_id: Text = column("Version of the framework")
    assessment_id_before: Text = column("Assessment before")
    assessment_id: Text = column("Assessment")
    assessed_before_on: Day = column("Day of the assessment before")
    assessed_on: Day = column("Day of the assessment")
    result_before: Text = column("Result before", isin=codes(terms.RESULTS))
    result: Text = column("Result", isin=codes(terms.RESULTS))
    change: Text = column("What became of it", isin=codes(FINDING_CHANGES))


class CapitalNeeds(Table):
    """Criteria that take investment and are not met, one row a site and criterion."""

    site_id: Text = column("Site, after matching")
    framework_id: Text = column("Framework and its version")
    criterion_id: Text = column("Criterion")
    section: Text = column("Code of the section")
    assessment_id: Text = column("Assessment that found so last")
    finding_id: Text = column("Finding of that assessment")
    assessed_on: Day = column("Day of that assessment")
    result: Text = column("Result", isin=codes(terms.RESULTS))
    capital_en: Text = optional("What has to be paid for, in English")
    capital_fr: Text = optional("What has to be paid for, in French")
    has_action: Flag = column("An action that is not cancelled answers it")
    action_ids: Text = optional("Those actions, '; '-separated")
    cost_bands: Text = optional("Their costs as bands, '; '-separated in the same order")
    funding_status: Text = optional(
        "How far the least funded of them is funded; missing without an action",
        isin=codes(terms.FUNDING_STATUSES),
    )


class ActionStates(Table):
    """How each improvement action stands on the day of the release."""

    action_id: Text = column("Improvement action", unique=True)
    due_now_on: Day = optional("Day it is due after all extensions")
    is_open: Flag = column("It is new, in progress or under review")
    is_overdue: Flag = column("It is open and was due before the day of the release")
    days_left: Whole = optional("Days until it is due, below 0 when it is overdue", unit="days")
    days_to_resolve: Whole = optional("Days from its start until it was resolved", **_DAYS)
    extensions: Whole = column("How often more time was given", unit="extensions", ge=0)


class RefinerChanges(Table):
    """The history of refiners on lists: one row where a publisher's list shows another status than the one before."""

    facility_key: Text = column("Refiner: our id, else its RMAP id, else its name and country")
    refiner_id: Text = optional("Refiner of ours, where it is one")
    rmap_id: Text = optional("RMAP id (CID…), where known")
    name: Text = column("Name as last listed")
    kind: Text = column("Crude or fine refiner", isin=codes(REFINER_KINDS))
    series: Text = column("Whose list")
    list_id: Text = column("List that shows the change")
    changed_on: Day = column("Day of that list")
    status_before: Text = optional(
        "Status before; missing on the first list", isin=codes(terms.REFINER_STATUSES)
    )
    status: Text = column("Status from that day on", isin=codes(terms.REFINER_STATUSES))


class RefinerCoverage(Table):
    """How many known refiners were assessed since 2019, by year and kind.

    Where no record tells a day of any assessment, nobody knows how many were: that is missing, not zero.
    """

    year: Whole = column("Up to the end of this year", ge=1990, le=2100)
    kind: Text = column("Crude or fine refiner", isin=codes(REFINER_KINDS))
    known: Whole = column("Known refiners", unit="refiners", ge=0)
    assessed: Whole = optional("Of these, refiners with an assessment since 2019", unit="refiners", ge=0)
    not_assessed: Whole = optional("Of these, refiners without one on record", unit="refiners", ge=0)
    share_pct: Number = optional("Assessed share of the known refiners", **_PCT)
    undated: Whole = column("Of these, refiners without a day of any assessment", unit="refiners", ge=0)


class GrievanceStates(Table):
    """How each grievance stands on the day of the release; no step says that an allegation is true."""

    grievance_id: Text = column("Grievance", unique=True)
    status: Text = column("Status on the day of the release", isin=codes(terms.GRIEVANCE_STATUSES))
    days_to_acknowledge: Whole = optional("Days from its receipt until it was acknowledged", **_DAYS)
    days_to_decide: Whole = optional(
        "Days from its receipt until it was accepted or found out of scope", **_DAYS
    )
    days_to_close: Whole = optional("Days from its receipt until it was closed", **_DAYS)
    is_open: Flag = column("No step has ended it")


class GrievancePlacements(Table):
    """Where the alleged event of a grievance lies among the assessments and actions of its entity."""

    grievance_id: Text = column("Grievance", unique=True)
    entity_kind: Text = column("Kind of entity it is about", isin=codes(terms.ENTITY_KINDS))
    entity_id: Text = column("Site after matching, refiner (as in `refiner_changes`) or company it is about")
    placement: Text = column("Before, between or after which assessments", isin=codes(PLACEMENTS))
    assessments_within: Whole = column(
        "Assessments within the alleged time, as far as it is known", unit="assessments", ge=0
    )
    last_before_id: Text = optional("Last assessment (of a refiner: listing) before the alleged event")
    last_before_on: Day = optional("Its day")
    days_since_last: Whole = optional("Days from it to the alleged event", **_DAYS)
    next_after_id: Text = optional("Next assessment (of a refiner: listing) after the alleged event")
    next_after_on: Day = optional("Its day")
    days_to_next: Whole = optional("Days from the alleged event to it", **_DAYS)
    open_actions: Whole = optional("Actions that ran when the alleged event began", unit="actions", ge=0)
    open_action_ids: Text = optional("Those actions, '; '-separated")
