"""Tables of ours: CSV files whose columns are those of the contract, with `wkt` for an outline."""

from __future__ import annotations

from typing import Final

from pipelines.reading.text_tables import read_delimited
from pipelines.source import Source, define, own_fields
from warehouse import inputs, progress, visits
from warehouse.columns import Table


def _own(
    name: str,
    contract: type[Table],
    about: str,
    *,
    table: str | None = None,
    is_bounded: bool = True,
    key: tuple[str, ...] | None = None,
    is_public_unless_said: bool = True,
) -> Source:
    return define(
        name,
        table or name,
        contract,
        reader=read_delimited,
        fields=own_fields(contract, is_public_unless_said=is_public_unless_said),
        about=about,
        is_bounded=is_bounded,
        key=key,
    )


def _of_progress(name: str, contract: type[Table], about: str) -> Source:
    """Return a source of records that are staff's, unless a row says that it was published."""
    return _own(name, contract, f"{about}, our CSV", is_public_unless_said=False)


OWN_TABLES: Final[tuple[Source, ...]] = (
    _own("provinces", inputs.Provinces, "Outlines of the provinces, our CSV"),
    _own("territories", inputs.Territories, "Outlines of the territories and cities, our CSV"),
    _own("concessions", inputs.Concessions, "Titles and artisanal zones with their outlines, our CSV"),
    _own("facilities", inputs.Facilities, "Industrial mines, plants and ore processors, our CSV"),
    _own("facility_production", inputs.FacilityProduction, "Cobalt tonnes, one figure a row, our CSV"),
    _own(
        "sites", inputs.SiteRecords, "Artisanal sites from many publications, our CSV", table="site_records"
    ),
    _own("ipis_sites", inputs.SiteRecords, "Copper-cobalt sites out of IPIS, our CSV", table="site_records"),
    _own("refiners", inputs.Refiners, "Cobalt refiners anywhere in the world, our CSV", is_bounded=False),
    _own("assessment_figures", inputs.AssessmentFigures, "Published figures of monitoring, our CSV"),
    _own("places", inputs.Places, "Places that other tables use, our CSV"),
    _own("regulatory_notes", inputs.RegulatoryNotes, "Dated notes on rules, our CSV"),
    _own("citations", inputs.Citations, "Where each record was read, our CSV"),
    _own(
        "site_matches",
        inputs.SiteMatches,
        "Reviewed decisions on pairs of site records, our CSV",
        key=("record_a", "record_b"),
    ),
    _own(
        "event_matches",
        inputs.EventMatches,
        "Reviewed decisions on pairs of incident records, our CSV",
        key=("incident_a", "incident_b"),
    ),
    _own("site_visits", visits.SiteVisits, "Visits to sites, our CSV"),
    _own("observations", visits.Observations, "What visits saw of each risk, our CSV"),
    _own("toll_claims", inputs.TollClaims, "Who gave which number of deaths, our CSV"),
    _of_progress("assessments", progress.Assessments, "Assessments of sites"),
    _of_progress("findings", progress.Findings, "What assessments found, one criterion a row"),
    _of_progress("improvement_actions", progress.ImprovementActions, "Improvement actions of sites"),
    _of_progress("action_extensions", progress.ActionExtensions, "More time given to improvement actions"),
    _of_progress("grievances", progress.Grievances, "Allegations about sites, refiners and companies"),
    _of_progress("grievance_steps", progress.GrievanceSteps, "The dated history of grievances"),
    _own("refiner_statuses", progress.RefinerStatuses, "What lists said of refiners, our CSV"),
    _own("method_figures", inputs.MethodFigures, "What the method was measured to do, our CSV"),
)
