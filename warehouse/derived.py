"""Contracts of what the build derives: a row that breaks one stops the build."""

from __future__ import annotations

from risk import vocabulary as words
from warehouse.columns import (
    LATITUDE,
    LONGITUDE,
    Day,
    Flag,
    Number,
    Table,
    Text,
    Whole,
    codes,
    column,
    optional,
)
from warehouse.inputs import Incidents, SiteRecords
from warehouse.visits import SiteVisits


class Placed(Table):
    """Columns that the place step adds to anything with a position."""

    province_pcode: Text = optional("P-code of the province the point lies in")
    province: Text = optional("Province the point lies in")
    territory_pcode: Text = optional("P-code of the territory the point lies in")
    territory: Text = optional("Territory the point lies in")
    has_other_territory: Flag = optional("The publisher's own territory differs from ours")
    h3_r4: Text = optional("H3 cell, resolution 4")
    h3_r5: Text = optional("H3 cell, resolution 5")
    h3_r6: Text = optional("H3 cell, resolution 6")
    h3_r7: Text = optional("H3 cell, resolution 7")
    extent_kind: Text = column(
        "What is drawn: a point, a disc, a concession's outline, a territory's, or nothing",
        isin=["point", "disc", "concession", "territory", "province", "none"],
    )
    extent_radius_m: Whole = optional("Radius of the disc", unit="m", gt=0)
    extent_concession_id: Text = optional("Concession whose outline stands for the place")


class PlacedIncidents(Placed, Incidents):
    """Reported incidents with their place in the administrative and cadastral order."""

    site_id: Text = optional("Site it was reported at, after matching")


class MatchedSiteRecords(SiteRecords):
    """What publishers say of artisanal sites, with the site each record belongs to after matching."""

    site_id: Text = column("Site the record belongs to, after matching")


class Sites(Placed):
    """Artisanal sites, one row a place; what each publisher said stays in `site_records`."""

    site_id: Text = column("Stable id", unique=True)
    name: Text = column("Name", free_text=True)
    aliases: Text = optional("Other names and spellings, '; '-separated", free_text=True)
    kind: Text = column("Kind of site", isin=codes(words.SITE_KINDS))
    kind_reported: Text = optional("Kind in the publisher's word", free_text=True)
    minerals: Text = optional("Minerals as symbols, '; '-separated", free_text=True)
    lon: Number = optional("Longitude", **LONGITUDE)
    lat: Number = optional("Latitude", **LATITUDE)
    place_precision: Text = column("How well the place is known", isin=codes(words.PLACE_PRECISIONS))
    position_is_proxy: Flag = column("The point is a neighbour or an enclosing place")
    position_record_id: Text = optional("Record the position comes from")
    record_count: Whole = column("Number of records that speak of this place", unit="records", ge=1)
    publishers: Text = column("Publishers of those records, '; '-separated", free_text=True)
    province_reported: Text = optional("Province as published", free_text=True)
    territory_reported: Text = optional("Territory as published", free_text=True)
    visited_on: Day = optional("Day of the latest visit on record")
    workers: Whole = optional("Workers, latest figure that counts this one site", unit="people", ge=0)
    workers_low: Whole = optional("Lowest figure beside it", unit="people", ge=0)
    workers_high: Whole = optional("Highest figure beside it", unit="people", ge=0)
    workers_year: Whole = optional("Year of the figure", ge=1990, le=2100)
    workers_record_id: Text = optional("Record the figure comes from")
    status_reported: Text = optional("Status as reported, with its year where known", free_text=True)
    operator_reported: Text = optional("Cooperative or company as reported", free_text=True)
    buyers_reported: Text = optional("Buyers as reported", free_text=True)
    note: Text = optional("Note", free_text=True)
    concession_count: Whole = optional("Titles the site lies on; missing where the place is too vague", ge=0)
    nearest_zea_id: Text = optional("Nearest artisanal zone")
    nearest_zea_distance_m: Number = optional("Distance to it; 0 inside", unit="m", ge=0)
    is_public_record: Flag = column(
        "A public record speaks of the site; its other columns may come from one that is not"
    )


class MatchedSiteVisits(SiteVisits):
    """Visits to sites, with the site each belongs to after matching."""

    site_id: Text = column("Site that was visited, after matching")


class SiteAlias(Table):
    """Every pair of site records that was compared and came close, with score, reason and decision."""

    record_a: Text = column("Site record")
    record_b: Text = column("Site record")
    site_a: Text = column("Site that record a belongs to")
    site_b: Text = column("Site that record b belongs to")
    name_a: Text = column("Name that matched, as published", free_text=True)
    name_b: Text = column("Name that matched, as published", free_text=True)
    name_score: Number = column("Likeness of the names, 0 to 100", ge=0, le=100)
    distance_m: Number = optional("Distance between the positions", unit="m", ge=0)
    decision: Text = column("What became of the pair", isin=codes(words.MATCH_DECISIONS))
    reason: Text = column("Why", free_text=True)


class SiteConcessions(Table):
    """Which titles a site lies on: one row a site and title."""

    site_id: Text = column("Site")
    concession_id: Text = column("Title")
    permit_type: Text = column("Kind of title", isin=codes(words.PERMIT_TYPES))
    holder: Text = optional("Holder, where it is not a natural person")
    status_reported: Text = optional("Status as the cadastre wrote it")
    is_certain: Flag = column("True where the position is exact to 1 km and no stand-in")
    cadastre_as_of: Text = column("Date of the cadastre")


class IncidentConcessions(Table):
    """Which titles an incident's point lies on: one row an incident and title."""

    incident_id: Text = column("Incident")
    concession_id: Text = column("Title")
    is_certain: Flag = column("True where the position is exact to 1 km and no stand-in")


class IncidentCategories(Table):
    """Risk categories of incidents: one row an incident and category."""

    incident_id: Text = column("Incident")
    category: Text = column("Risk category", isin=codes(words.CATEGORIES))
    role: Text = column("Primary or secondary", isin=["primary", "secondary"])


class Origins(Table):
    """Where each table comes from."""

    table_name: Text = column("Table of the release")
    file: Text = column("File it was read from")
    source: Text = column("Source that read it")
    title: Text = column("Title")
    publisher: Text = column("Publisher")
    licence: Text = column("Licence")
    attribution: Text = column("Credit to be printed")
    published: Text = optional("Date of the publisher's data")
    url: Text = optional("Address")
    changes_en: Text = column("What was changed, in English")
    changes_fr: Text = column("What was changed, in French")
    sha256: Text = optional(
        "SHA-256 of the file; below staff missing where the edition may hold unpublished records",
        str_length=64,
    )


class Loads(Table):
    """One row a file read: rows in, taken, set aside."""

    table_name: Text = column("Table of the release")
    file: Text = column("File it was read from")
    rows_in: Whole = column("Rows in the file", unit="rows", ge=0)
    rows_taken: Whole = column("Rows taken", unit="rows", ge=0)
    rows_rejected: Whole = column("Rows set aside", unit="rows", ge=0)
    state: Text = column(
        "Loaded, or the reason why not",
        isin=["loaded", *codes((words.Absence.NONE_FOUND, words.Absence.FAILED_TO_LOAD))],
    )
    remarks: Text = optional("Encoding, delimiter and the like, where unusual", restricted=True)


class RejectedRow(Table):
    """Rows set aside, one row a broken promise."""

    table_name: Text = column("Table the row was meant for")
    file: Text = column("File")
    line: Whole = column("Line of the file, or number of the feature", ge=1)
    column_name: Text = optional("Column, in the publisher's word")
    value: Text = optional("Value as it came; masked where it may name a person", restricted=True)
    reason: Text = column("Why, and what to do", restricted=True)
    row_text: Text = column("The whole row as it came, as JSON; masked likewise", restricted=True)


class Metadata(Table):
    """What this release is: one row a key."""

    key: Text = column("Key", unique=True)
    value: Text = column("Value")
