"""What each table of a release promises: the register of contracts, and the codebook made from it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pandas as pd

from risk.errors import ConfigError
from risk.method import METHOD_VERSION
from warehouse import (
    derived,
    disclosed,
    disclosed_progress,
    frameworks,
    inputs,
    measured,
    progress,
    progressed,
    visits,
)
from warehouse.columns import Table


@dataclass(frozen=True)
class Promise:
    """A table of a release: its contract, the columns that identify a row, and where it comes from."""

    name: str
    contract: type[Table]
    key: tuple[str, ...]


def _progress_told() -> tuple[Promise, ...]:
    where, which = ("territory_pcode", "year"), ("framework_id", "section")
    told = disclosed_progress
    return (
        Promise("disclosure_cohorts", told.DisclosureCohorts, ("unit_id", "cohort_id")),
        Promise("disclosure_cohort_sums", told.DisclosureCohortSums, ("cohort_id", "batch", "item")),
        Promise("disclosed_criteria", told.DisclosedCriteria, (*where, "framework_id", "criterion_id")),
        Promise("disclosed_sections", told.DisclosedSections, (*where, *which)),
        Promise(
            "disclosed_province_sections",
            told.DisclosedProvinceSections,
            ("province_pcode", "year", *which),
        ),
        Promise("disclosed_actions", told.DisclosedActions, (*where, "kind")),
        Promise("disclosed_action_totals", told.DisclosedActionTotals, ("year", "kind")),
        Promise("disclosed_grievances", told.DisclosedGrievances, ("year", "category")),
        Promise("disclosed_grievance_totals", told.DisclosedGrievanceTotals, ("year",)),
    )


TABLES: Final[dict[str, Promise]] = {
    promise.name: promise
    for promise in (
        Promise("provinces", inputs.Provinces, ("province_pcode",)),
        Promise("territories", inputs.Territories, ("territory_pcode",)),
        Promise("concessions", inputs.Concessions, ("concession_id",)),
        Promise("facilities", inputs.Facilities, ("facility_id",)),
        Promise("facility_production", inputs.FacilityProduction, ("production_id",)),
        Promise("site_records", derived.MatchedSiteRecords, ("record_id",)),
        Promise("sites", derived.Sites, ("site_id",)),
        Promise("site_alias", derived.SiteAlias, ("record_a", "record_b")),
        Promise("site_concessions", derived.SiteConcessions, ("site_id", "concession_id")),
        Promise("incidents", derived.PlacedIncidents, ("incident_id",)),
        Promise("incident_categories", derived.IncidentCategories, ("incident_id", "category")),
        Promise("incident_concessions", derived.IncidentConcessions, ("incident_id", "concession_id")),
        Promise("site_visits", derived.MatchedSiteVisits, ("visit_id",)),
        Promise("observations", visits.Observations, ("visit_id", "category")),
        Promise("toll_claims", inputs.TollClaims, ("claim_id",)),
        Promise("events", measured.Events, ("event_id",)),
        Promise("event_records", measured.EventRecords, ("incident_id",)),
        Promise("site_exposures", measured.SiteExposures, ("site_id",)),
        Promise("theme_tests", measured.ThemeTests, ("category",)),
        Promise("hotspots", measured.Hotspots, ("hotspot_id",)),
        Promise("hotspot_events", measured.HotspotEvents, ("hotspot_id", "event_id")),
        Promise("hotspot_quarters", measured.HotspotQuarters, ("hotspot_id", "quarter_start")),
        Promise("scan_zones", measured.ScanZones, ("category", "rank")),
        Promise("risk_measures", measured.RiskMeasures, ("grain", "unit_id", "category")),
        Promise("risk_quarters", measured.RiskQuarters, ("grain", "unit_id", "category", "quarter_start")),
        Promise("coverage", measured.Coverage, ("grain", "unit_id")),
        Promise("coverage_quarters", measured.CoverageQuarters, ("grain", "unit_id", "quarter_start")),
        Promise("site_scores", measured.SiteScores, ("site_id", "category")),
        Promise("area_scores", measured.AreaScores, ("grain", "unit_id")),
        Promise("measure_runs", measured.MeasureRuns, ("table_name",)),
        Promise(
            "disclosed_counts",
            disclosed.DisclosedCounts,
            ("area_level", "area_pcode", "period_kind", "period", "category"),
        ),
        Promise("disclosed_cells", disclosed.DisclosedCells, ("h3_r5",)),
        Promise("disclosed_sites", disclosed.DisclosedSites, ("territory_pcode",)),
        Promise("research_records", disclosed.ResearchRecords, ("record_id",)),
        Promise("disclosure_assignments", disclosed.DisclosureAssignments, ("event_id",)),
        Promise("disclosure_site_batches", disclosed.DisclosureSiteBatches, ("site_id", "territory_pcode")),
        Promise("published_records", disclosed.PublishedRecords, ("table_name", "record_id")),
        Promise("disclosure_records", disclosed.DisclosureRecords, ("event_id", "incident_id")),
        *_progress_told(),
        Promise("release_report", disclosed.ReleaseReport, ("audience", "table_name", "outcome")),
        Promise("method_figures", inputs.MethodFigures, ("test", "setting", "figure")),
        Promise("frameworks", frameworks.Frameworks, ("framework_id",)),
        Promise("framework_levels", frameworks.FrameworkLevels, ("framework_id", "level")),
        Promise("criteria", frameworks.Criteria, ("framework_id", "criterion_id")),
        Promise(
            "criterion_alignments",
            frameworks.CriterionAlignments,
            ("framework_id", "criterion_id", "scheme", "reference"),
        ),
        Promise("refiners", inputs.Refiners, ("refiner_id",)),
        Promise("refiner_statuses", progress.RefinerStatuses, ("listing_id",)),
        Promise("assessments", progressed.MatchedAssessments, ("assessment_id",)),
        Promise("findings", progress.Findings, ("finding_id",)),
        Promise("improvement_actions", progressed.MatchedImprovementActions, ("action_id",)),
        Promise("action_extensions", progress.ActionExtensions, ("extension_id",)),
        Promise("grievances", progress.Grievances, ("grievance_id",)),
        Promise("grievance_steps", progress.GrievanceSteps, ("step_id",)),
        Promise("assessment_sections", progressed.AssessmentSections, ("assessment_id", "section")),
        Promise("assessment_levels", progressed.AssessmentLevels, ("assessment_id",)),
        Promise("finding_changes", progressed.FindingChanges, ("assessment_id", "criterion_id")),
        Promise("capital_needs", progressed.CapitalNeeds, ("site_id", "framework_id", "criterion_id")),
        Promise("action_states", progressed.ActionStates, ("action_id",)),
        Promise("refiner_changes", progressed.RefinerChanges, ("facility_key", "series", "changed_on")),
        Promise("refiner_coverage", progressed.RefinerCoverage, ("year", "kind")),
        Promise("grievance_states", progressed.GrievanceStates, ("grievance_id",)),
        Promise("grievance_placements", progressed.GrievancePlacements, ("grievance_id",)),
        Promise("assessment_figures", inputs.AssessmentFigures, ("figure_id",)),
        Promise("places", inputs.Places, ("place_id",)),
        Promise("regulatory_notes", inputs.RegulatoryNotes, ("note_id",)),
        Promise("citations", inputs.Citations, ("table_name", "record_id", "rank")),
        Promise("origins", derived.Origins, ("table_name", "file")),
        Promise("loads", derived.Loads, ("table_name", "file")),
        Promise("rejected_row", derived.RejectedRow, ("file", "line", "column_name")),
        Promise("metadata", derived.Metadata, ("key",)),
    )
}


@cache
def method_version() -> str:
    """Return the version of the method and of the contracts: part of every release id.

    A release of another version may give other rows or lack a column.
    """
    return f"{METHOD_VERSION}+{contracts_digest()}"


def contracts_digest() -> str:
    """Return 8 hex digits that change whenever a table, column, type or key of the contracts does.

    So they do where a column becomes restricted or free text, or is so no longer: other readers would see
    it in a release of the same id.
    """
    promised = [
        (
            name,
            promise.key,
            [(column, str(spec.dtype)) for column, spec in _columns(promise).items()],
            restricted_columns(name),
            free_text_columns(name),
        )
        for name, promise in TABLES.items()
    ]
    return hashlib.sha256(json.dumps(promised).encode()).hexdigest()[:8]


def restricted_columns(table: str) -> tuple[str, ...]:
    """Return the columns of `table` that nobody but staff ever sees, in its order.

    >>> restricted_columns("incidents")
    ('victims_age_band', 'victims_sex', 'embargo_until', 'source_note')
    """
    return _marked(table, "restricted")


def free_text_columns(table: str) -> tuple[str, ...]:
    """Return the columns of `table` that hold words as they came: below staff, of public records only.

    >>> free_text_columns("site_visits")
    ('visitor',)
    """
    return _marked(table, "free_text")


def _marked(table: str, mark: str) -> tuple[str, ...]:
    columns = _columns(TABLES[table])
    return tuple(name for name, spec in columns.items() if (spec.metadata or {}).get(mark))


def _columns(promise: Promise) -> dict[str, Any]:
    columns: dict[str, Any] = promise.contract.to_schema().columns
    return columns


def known_table(name: str | None) -> str | None:
    """Return `name` where it is a table or none at all. Raises ConfigError for any other."""
    if name is not None and name not in TABLES:
        raise ConfigError(f"--table is {name!r}. Next: choose one of {', '.join(TABLES)}")
    return name


def codebook(table: str) -> pd.DataFrame:
    """Return one row a column of `table`.

    column, type, unit, description, whether it may be absent, is restricted, is free text.
    """
    return pd.DataFrame(
        [
            {
                "column": name,
                "type": str(spec.dtype),
                "unit": (spec.metadata or {}).get("unit"),
                "may_be_absent": spec.nullable,
                "is_restricted": name in restricted_columns(table),
                "is_free_text": name in free_text_columns(table),
                "description": spec.description,
            }
            for name, spec in _columns(TABLES[table]).items()
        ]
    )
