"""Contracts of what is told of records that are not public: counts on fixed partitions, research records.

Below staff these tables are all that is told of them. `disclosure_assignments`, `disclosure_site_batches`,
`published_records` and `release_report` are staff's.
"""

from __future__ import annotations

from typing import Final

from risk import disclosure, disclosure_tables
from risk import vocabulary as words
from warehouse.columns import Day, Flag, Table, Text, Whole, codes, column, optional

STATES: Final = [*codes(disclosure.CellState), *codes(words.Absence)]
AREA_LEVELS: Final = ("all", "province", "territory")
PERIOD_KINDS: Final = ("all", "year", "quarter")
COUNTED: Final = [*codes(disclosure_tables.CATEGORY_GROUPS), *codes(words.CATEGORIES)]


class DisclosedCounts(Table):
    """Events known from unpublished records alone, counted on fixed partitions."""

    area_level: Text = column("Kind of area", isin=list(AREA_LEVELS))
    area_pcode: Text = column("P-code of the area; ALL for all")
    period_kind: Text = column("Kind of period", isin=list(PERIOD_KINDS))
    period: Text = column("Calendar quarter (2026Q1) or year; ALL for all")
    category: Text = column("Primary risk category, or a group of categories", isin=COUNTED)
    record_count: Whole = optional("Events, where all of them may be told", unit="events", ge=1)
    at_least: Whole = optional("Events that may be told; there may be more", unit="events", ge=1)
    state: Text = column("What the number is, or why there is none", isin=STATES)


class DisclosedCells(Table):
    """Events known from unpublished records alone, all categories and all time, by cell."""

    h3_r5: Text = column("H3 cell, resolution 5; 'rest' for all cells that are not named")
    record_count: Whole = column("Events that may be told; there may be more", unit="events", ge=1)
    state: Text = column("What the number is", isin=STATES)


class DisclosedSites(Table):
    """Sites known from unpublished records alone, by territory: batches of those that came and went."""

    territory_pcode: Text = column("P-code of the territory", unique=True)
    site_count: Whole = optional("Sites that may be told; there may be more", unit="sites", ge=1)
    state: Text = column("What the number is, or that there is none", isin=STATES)


class ResearchRecords(Table):
    """Unpublished events as generalised records, each like at least four others; where protection-critical, nine."""

    record_id: Text = column("Coded id, good in one series of releases", unique=True)
    territory_pcode: Text = optional("P-code of the territory")
    province_pcode: Text = optional("P-code of the province")
    quarter: Text = optional("Calendar quarter (2026Q1)")
    year: Whole = optional("Year", ge=1900, le=2200)
    category: Text = optional("Primary risk category; missing: any of its kind", isin=codes(words.CATEGORIES))
    is_critical: Flag = column("Protection-critical")
    severity_band: Text = optional(
        "Severity: low is 1 or 2, middle 3, high 4 or 5", isin=list(words.SEVERITY_BANDS)
    )
    verification_band: Text = optional(
        "Confirmed: corroborated or verified", isin=list(words.VERIFICATION_BANDS)
    )
    h3_r5: Text = optional("H3 cell, resolution 5")


class DisclosureAssignments(Table):
    """Which class each unpublished event is counted in: kept from release to release, staff's alone."""

    event_id: Text = column("Event", unique=True)
    territory_pcode: Text = optional("P-code of the territory when it entered its class")
    province_pcode: Text = optional("P-code of the province then")
    h3_r5: Text = optional("H3 cell, resolution 5, then")
    category: Text = optional("Primary risk category then")
    quarter: Text = optional("Calendar quarter then")
    severity_band: Text = optional("Severity band then")
    verification_band: Text = optional("Verification band then")
    is_critical: Flag = column("Protection-critical then")
    year: Whole = optional("Year then")
    happened_on: Day = optional("Day then, the middle one where it is vague")
    last_day: Day = optional(
        "Last day on which it may have happened, or on which an embargo of its own ended"
    )
    site_id: Text = optional("Site then")
    source_groups: Text = optional("Groups of sources then, '; '-separated")
    level: Text = column("How finely it is coded; 'waiting': in no class yet")
    class_id: Text = optional("Class it is counted in")
    cell_code: Text = optional("Cell it is counted in, or 'rest'")
    batch: Whole = optional("Batch it entered with", ge=1)
    keeps_bands: Flag = column("Its research record may tell the bands")
    keeps_cell: Flag = column("Its research record may tell the cell")
    is_held: Flag = column("Retracted or changed since, and still counted as it was")
    is_cut: Flag = column("Events have left its class")
    fingerprint: Text = column("Hash of what a reader could see of it")


class DisclosureRecords(Table):
    """Which records tell, or told, of each event that is counted: by them it is known again under another id."""

    event_id: Text = column("Event, as it is counted")
    incident_id: Text = column("Incident record")


class DisclosureSiteBatches(Table):
    """With which batch each unpublished site entered the count told: kept from release to release, staff's alone."""

    site_id: Text = column("Site")
    territory_pcode: Text = column("P-code of the territory when it entered")
    batch: Whole = optional("Batch it entered with; missing: it waits, and is told to nobody", ge=1)
    is_held: Flag = column("Gone or moved since, and still counted")


class PublishedRecords(Table):
    """Records that this release or one before it showed to all: what was public once is never counted as unpublished."""

    table_name: Text = column(
        "Table of the record",
        isin=["incidents", "site_records", "assessments", "improvement_actions", "grievances"],
    )
    record_id: Text = column("Record")


class ReleaseReport(Table):
    """What became of each row on its way into the file of an audience."""

    audience: Text = column("Whose file", isin=codes(words.Audience))
    table_name: Text = column("Table")
    outcome: Text = column("What became of rows")
    row_count: Whole = column("How many; here 0 is a count", unit="rows", ge=0)
