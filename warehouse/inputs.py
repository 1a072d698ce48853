"""Contracts of what publishers give: one model a table.

A row that breaks its contract is set aside in `rejected_row`; the run goes on.
"""

from __future__ import annotations

from typing import Final

from risk import vocabulary as words
from warehouse.columns import (
    LATITUDE,
    LONGITUDE,
    Day,
    Flag,
    Geometry,
    Number,
    Table,
    Text,
    Whole,
    codes,
    column,
    optional,
)

# Two letters of a country, as OCHA writes them, or an invented one.
PROVINCE_PCODE: Final = r"^[A-Z]{2}\d{2}$"
TERRITORY_PCODE: Final = r"^[A-Z]{2}\d{4}$"


class Provinces(Table):
    """Provinces, generalised outlines."""

    province_pcode: Text = column("OCHA P-code of the province", unique=True, str_matches=PROVINCE_PCODE)
    name: Text = column("Name of the province")
    area_km2: Number = column("Area", unit="km²", gt=0)
    geometry: Geometry = column("Outline, WKB, EPSG:4326")


class Territories(Table):
    """Territories and cities of the two provinces, generalised outlines."""

    territory_pcode: Text = column("OCHA P-code of the area", unique=True, str_matches=TERRITORY_PCODE)
    name: Text = column("Name; Kipushi is both a territory and a city")
    kind: Text = column("Territory or city", isin=codes(words.TERRITORY_KINDS))
    province_pcode: Text = column("OCHA P-code of the province", str_matches=PROVINCE_PCODE)
    area_km2: Number = column("Area", unit="km²", gt=0)
    geometry: Geometry = column("Outline, WKB, EPSG:4326")


class Concessions(Table):
    """Mining titles and artisanal zones of the cadastre."""

    concession_id: Text = column("Stable id: permit type and title number", unique=True)
    title_number: Text = column("Number of the title in the cadastre")
    permit_type: Text = column("Kind of title", isin=codes(words.PERMIT_TYPES))
    status_reported: Text = optional("Status as the cadastre wrote it")
    holder: Text = optional("Holder, where it is not a natural person", names_person=True)
    squares: Whole = optional("Size in squares of the cadastral grid", unit="squares", ge=0)
    geometry: Geometry = column("Outline, WKB, EPSG:4326")


class Facilities(Table):
    """Industrial mines, plants and ore processors."""

    facility_id: Text = column("Stable id", unique=True)
    name: Text = column("Name")
    aliases: Text = optional("Other names")
    operator: Text = optional("Operating company")
    owners_reported: Text = optional("Owners as reported")
    province_reported: Text = optional("Province as published")
    territory_reported: Text = optional("Territory as published")
    lon: Number = optional("Longitude", **LONGITUDE)
    lat: Number = optional("Latitude", **LATITUDE)
    place_precision: Text = column("How well the place is known", isin=codes(words.PLACE_PRECISIONS))
    facility_kind_reported: Text = optional("Kind as reported")
    commodities: Text = optional("Commodities as reported")
    titles_2016_reported: Text = optional("Titles of 2016 at the point")
    status_reported: Text = optional("Status as reported, with its year where known")
    note: Text = optional("Note")
    verification_reported: Text = optional("How the record was verified, in the compiler's word")


class FacilityProduction(Table):
    """Cobalt production, one figure and one source a row."""

    production_id: Text = column("Stable id", unique=True)
    facility_id: Text = optional("Facility the figure belongs to, where it is one")
    scope: Text = column("What the figure covers")
    period: Text = optional("Year or years, as published")
    cobalt_t: Number = column("Cobalt", unit="t", ge=0)
    figure_kind: Text = column("Reported, estimate, design capacity …")


class SiteRecords(Table):
    """What publishers say of artisanal sites: one row a publisher's record, before matching."""

    record_id: Text = column("Stable id of the record", unique=True)
    publisher: Text = column("Who published the record", free_text=True)
    publisher_id: Text = optional("The publisher's own id", free_text=True)
    name: Text = column("Name as published", free_text=True)
    aliases: Text = optional("Other names, '; '-separated", free_text=True)
    kind: Text = column("Kind of site", isin=codes(words.SITE_KINDS))
    kind_reported: Text = optional("Kind in the publisher's word", free_text=True)
    minerals: Text = optional("Minerals as symbols, '; '-separated", free_text=True)
    lon: Number = optional("Longitude", **LONGITUDE)
    lat: Number = optional("Latitude", **LATITUDE)
    place_precision: Text = column("How well the place is known", isin=codes(words.PLACE_PRECISIONS))
    position_is_proxy: Flag = column("The point is a neighbour or an enclosing place")
    province_reported: Text = optional("Province as published", free_text=True)
    territory_reported: Text = optional("Territory as published", free_text=True)
    visited_on: Day = optional("Day of the latest visit on record")
    workers_low: Whole = optional("Workers, lowest published figure", unit="people", ge=0)
    workers_best: Whole = optional("Workers, best published figure; 0 is idle", unit="people", ge=0)
    workers_high: Whole = optional("Workers, highest published figure", unit="people", ge=0)
    workers_year: Whole = optional("Year of the figure", ge=1990, le=2100)
    workers_scope: Text = optional("What the figure counts; only 'site' counts this one site", free_text=True)
    status_reported: Text = optional("Status as reported, with its year where known", free_text=True)
    operator_reported: Text = optional(
        "Cooperative or company as reported", names_person=True, free_text=True
    )
    buyers_reported: Text = optional("Buyers as reported", names_person=True, free_text=True)
    note: Text = optional("Note", free_text=True)
    verification_reported: Text = optional(
        "How the record was verified, in the compiler's word", free_text=True
    )
    is_public_record: Flag = column("A published source is cited, and the record may be shown as published")


class Incidents(Table):
    """Reported incidents, one row per event; re-posts of one report are one row."""

    incident_id: Text = column("Stable id, never reused", unique=True)
    summary: Text = column("What was reported, in the compiler's words", free_text=True)
    summary_fr: Text = optional("What was reported, in French", free_text=True)
    category: Text = column("Primary risk category", isin=codes(words.CATEGORIES))
    secondary_categories: Text = optional("Secondary risk categories, '; '-separated codes")
    category_reported: Text = column("Kind of incident in the compiler's word")
    hints_reported: Text = optional("Severity hints in the compiler's words", free_text=True)
    record_kind: Text = column("Kind of record", isin=codes(words.RECORD_KINDS))
    severity: Whole = column("Severity, 1 minor to 5 critical", isin=list(words.SEVERITIES))
    severity_reason: Text = column("The rule that gave the severity")
    verification: Text = column("Verification state", isin=codes(words.VERIFICATIONS))
    verification_reported: Text = column("Verification in the compiler's word")
    verification_note: Text = optional("Note on the verification", free_text=True)
    verification_note_fr: Text = optional("Note on the verification, in French", free_text=True)
    source_count: Whole = column("Number of sources known to the compiler", unit="sources", ge=1)
    date_start: Day = column("First day of the interval in which it happened")
    date_end: Day = column("Last day of the interval in which it happened")
    date_precision: Text = column("How well the date is known", isin=codes(words.DATE_PRECISIONS))
    reported_on: Day = optional("Day of the first report known")
    place_id: Text = optional("Place it was reported at")
    place_name: Text = optional("Name of that place", free_text=True)
    site_record_id: Text = optional("Site record it was reported at")
    province_reported: Text = optional("Province as published", free_text=True)
    territory_reported: Text = optional("Territory as published", free_text=True)
    lon: Number = optional("Longitude", **LONGITUDE)
    lat: Number = optional("Latitude", **LATITUDE)
    place_precision: Text = column("How well the place is known", isin=codes(words.PLACE_PRECISIONS))
    place_precision_reported: Text = column("Place precision in the compiler's word")
    position_is_proxy: Flag = column("The point is a neighbour or an enclosing place")
    killed_low: Whole = optional("People killed, lowest published figure", unit="people", ge=0)
    killed_best: Whole = optional("People killed, best published figure", unit="people", ge=0)
    killed_high: Whole = optional("People killed, highest published figure", unit="people", ge=0)
    injured: Whole = optional("People injured", unit="people", ge=0)
    has_children: Flag = column("Children are among those concerned, as reported; false: not reported")
    counts_in_toll: Flag = column("The deaths count in totals; false where another record counts them")
    is_public_record: Flag = column("A published source is cited, and the record may be shown as published")
    sensitivity: Text = column("How sensitive it is to speak of", isin=codes(words.SENSITIVITIES))
    victims_age_band: Text = optional("Age band of the victims", restricted=True, isin=codes(words.AGE_BANDS))
    victims_sex: Text = optional("Sex of the victims", restricted=True, isin=codes(words.SEXES))
    embargo_until: Day = optional("Shown to staff alone before this day, as was asked", restricted=True)
    source_note: Text = optional("Kind of informant, never who it is", restricted=True)


class Refiners(Table):
    """Cobalt refiners abroad and crude refiners in the DRC."""

    refiner_id: Text = column("Stable id of ours", unique=True)
    rmap_id: Text = optional("RMAP id (CID…), where known")
    name: Text = column("Name")
    parent_company: Text = optional("Parent company")
    country: Text = column("Country, ISO 3166-1 alpha-3", str_matches=r"^[A-Z]{3}$")
    kind: Text = column("Crude or fine refiner", isin=codes(words.REFINER_KINDS))
    role_reported: Text = optional("Role as reported")
    lon: Number = optional("Longitude", **LONGITUDE)
    lat: Number = optional("Latitude", **LATITUDE)
    place_precision: Text = column("How well the place is known", isin=codes(words.PLACE_PRECISIONS))
    products: Text = optional("Products as reported")
    capacity_t: Number = optional("Cobalt capacity a year", unit="t/year", ge=0)
    capacity_year: Whole = optional("Year of the capacity figure", ge=1990, le=2100)
    rmap_status: Text = column("RMAP status as a code", isin=codes(words.RMAP_STATUSES))
    rmap_status_reported: Text = optional("RMAP status as a company or buyer reported it")
    rmap_status_reported_on: Text = optional("When it was reported, as exactly as published")
    status_note: Text = optional("Note on the status")
    drc_feed_reported: Text = optional("Whether ore from the DRC was reported")
    verification_reported: Text = optional("How the record was verified, in the compiler's word")


class AssessmentFigures(Table):
    """Published monitoring, survey and programme figures, one indicator a row."""

    figure_id: Text = column("Stable id", unique=True)
    site_record_id: Text = optional("Site record the figure belongs to")
    scope: Text = column("What the figure covers")
    year: Whole = optional("Year", ge=1990, le=2100)
    period: Text = optional("Period as published")
    assessor: Text = optional("Organisation that assessed")
    indicator: Text = column("What was measured")
    value_reported: Text = column("Value as published")
    value: Number = optional("Value as a number, where it is one")
    unit: Text = optional("Unit as published")
    note: Text = optional("Note")
    verification_reported: Text = optional("How the figure was verified, in the compiler's word")


class Places(Table):
    """Gazetteer: places used by the other tables."""

    place_id: Text = column("Stable id", unique=True)
    name: Text = column("Name")
    kind_reported: Text = optional("Kind of place")
    province_reported: Text = optional("Province as published")
    territory_reported: Text = optional("Territory as published")
    lon: Number = optional("Longitude", **LONGITUDE)
    lat: Number = optional("Latitude", **LATITUDE)
    place_precision: Text = column("How well the place is known", isin=codes(words.PLACE_PRECISIONS))
    position_is_proxy: Flag = column("The point is a neighbour or an enclosing place")
    note: Text = optional("Note")
    verification_reported: Text = optional("How the position was verified, in the compiler's word")


class RegulatoryNotes(Table):
    """Dated notes on rules; no note claims that a measure is still in force."""

    note_id: Text = column("Stable id", unique=True)
    issued_on: Text = column("Day or month, ISO 8601", str_matches=r"^\d{4}(-\d{2}){0,2}$")
    issuer: Text = column("Who issued it")
    text_en: Text = column("The note, in English")
    text_fr: Text = column("The note, in French")


class Citations(Table):
    """Where each record was read; one row a source."""

    table_name: Text = column("Table of the record")
    record_id: Text = column("Record that is cited")
    rank: Whole = column("Order among the record's sources, from 1", ge=1)
    about: Text = column("What the source speaks for", isin=["record", "position"])
    title: Text = column("Title of the source", free_text=True)
    publisher: Text = optional("Publisher", free_text=True)
    published: Text = optional("Date of publication, as exactly as known", free_text=True)
    url: Text = optional("Address", str_matches=r"^https?://", free_text=True)


class SiteMatches(Table):
    """Reviewed decisions on pairs of site records."""

    record_a: Text = column("Site record")
    record_b: Text = column("Site record")
    decision: Text = column("Same place or different places", isin=["same", "different"])
    reason: Text = column("Why")
    reviewed_on: Day = column("Day of the review")


class EventMatches(Table):
    """Reviewed decisions on pairs of incident records that may tell of one event."""

    incident_a: Text = column("Incident record")
    incident_b: Text = column("Incident record")
    decision: Text = column("Same event or different events", isin=["same", "different"])
    reason: Text = column("Why")
    reviewed_on: Day = column("Day of the review")


class TollClaims(Table):
    """Who gave which number of deaths, where sources differ: one row a claim."""

    claim_id: Text = column("Stable id", unique=True)
    incident_id: Text = column("Incident record")
    claimant: Text = column("Who gave the figure", free_text=True)
    claimant_fr: Text = column("Who gave the figure, in French", free_text=True)
    killed: Whole = column("People killed, by this claim", unit="people", ge=0)
    bound: Text = column("How the figure was meant", isin=codes(words.TOLL_BOUNDS))
    citation_rank: Whole = optional("Which source of the record says so", ge=1)
    note: Text = optional("Note", free_text=True)


class MethodFigures(Table):
    """What the method was measured to do, on made maps with a known truth: one row a figure."""

    test: Text = column("What was tried")
    setting: Text = column("Under which conditions")
    figure: Text = column("What was measured")
    value: Number = column("The figure")
    low: Number = optional("Lower end of its 90 % interval")
    high: Number = optional("Upper end of its 90 % interval")
    runs: Whole = column("Made maps or editions", unit="runs", ge=1)
    method_version: Text = column("Version of the method")
    measured_on: Day = column("Day of the measurement")
