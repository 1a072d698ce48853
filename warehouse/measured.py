"""Contracts of what is measured: events, exposure, hotspots, rates, scores, coverage.

A number that is not there is missing, and the column `absence` beside it says why; a count is never zero.
Intervals hold 90 %. Every row was made by the method whose version is in `metadata`.
"""

from __future__ import annotations

from typing import Any, Final

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

PERCENT: Final[dict[str, Any]] = {"unit": "%", "ge": 0, "le": 100}
CHANCE: Final[dict[str, Any]] = {"ge": 0, "le": 1}
SCORE: Final[dict[str, Any]] = {"ge": 0, "le": 100}
WITH_ALL: Final = [words.ALL_CATEGORIES, *codes(words.CATEGORIES)]


class Events(Table):
    """Events: incident records that tell of one event are one row; retracted records and measures of
    authorities are none."""

    event_id: Text = column("Stable id, of the smallest incident id in it", unique=True)
    category: Text = column("Primary risk category", isin=codes(words.CATEGORIES))
    categories: Text = column("All its risk categories, '; '-separated codes, the primary first")
    severity: Whole = column("Highest severity of its records", isin=list(words.SEVERITIES))
    verification: Text = column("Verification state", isin=codes(words.VERIFICATIONS))
    date_start: Day = column("First day of the interval in which it happened")
    date_end: Day = column("Last day of the interval in which it happened")
    date_precision: Text = column("How well the date is known", isin=codes(words.DATE_PRECISIONS))
    reported_on: Day = optional("Day of the first report known")
    lon: Number = optional("Longitude", **LONGITUDE)
    lat: Number = optional("Latitude", **LATITUDE)
    place_precision: Text = column("How well the place is known", isin=codes(words.PLACE_PRECISIONS))
    province_pcode: Text = optional("P-code of the province")
    territory_pcode: Text = optional("P-code of the territory")
    site_id: Text = optional("Site it was reported at")
    killed_low: Whole = optional("People killed, lowest published figure", unit="people", ge=0)
    killed_best: Whole = optional("People killed, figure of the best-verified record", unit="people", ge=0)
    killed_high: Whole = optional("People killed, highest published figure", unit="people", ge=0)
    record_count: Whole = column("Incident records that tell of it", unit="records", ge=1)
    source_groups: Text = optional("Independent groups of sources, '; '-separated", free_text=True)
    source_count: Whole = optional("Number of those groups", unit="sources", ge=1)
    is_in_window: Flag = column("Happened in the window of time that the tests look at")
    tested_as: Text = column(
        "How the tests place it: in one cell, in an area drawn from many times, or not at all",
        isin=["cell", "area", "not_tested"],
    )
    cell: Text = optional("Cell (H3 resolution 6) it is tested in")
    cell_shift_m: Number = optional("Distance to that cell, where its own has no exposure", unit="m", ge=0)


class EventRecords(Table):
    """Which incident records tell of which event, and why they are taken for one."""

    incident_id: Text = column("Incident record", unique=True)
    event_id: Text = column("Event")
    role: Text = column("The record that speaks for the event, or another of the same", isin=["best", "same"])
    score: Number = optional("Likeness of the texts, 0 to 100", ge=0, le=100)
    reason: Text = optional("Why it is taken for the same event, a text with places for the three numbers")
    text_pct: Number = optional("Likeness of the words", **PERCENT)
    distance_km: Number = optional("Distance between the places", unit="km", ge=0)
    days_apart: Whole = optional("Days between the dates", unit="days", ge=0)


class SiteExposures(Table):
    """Workers that stand for a site in rates: one row a site."""

    site_id: Text = column("Site", unique=True)
    workers_exposed: Number = optional("Workers the site is counted with", unit="people", gt=0)
    exposure_state: Text = column("Where that number is from", isin=codes(words.EXPOSURE_STATES))


class ThemeTests(Table):
    """The hotspot test of each risk category: one row a category."""

    category: Text = column("Risk category", unique=True, isin=codes(words.CATEGORIES))
    window_start: Day = column("First day of the window")
    window_end: Day = column("Last day of the window")
    event_count: Whole = optional("Events in the window", unit="events", ge=1)
    tested_count: Whole = optional("Of these tested", unit="events", ge=1)
    absence: Text = optional("Why the number of events is missing", isin=codes(words.ABSENCES))
    e_min: Number = optional("Least expected events at which a three-fold excess would be noticed", gt=0)
    p_cutoff_rate: Number = optional("Largest p of the rate that counts, after correction", **CHANCE)
    p_cutoff_share: Number = optional("Largest p of the share that counts, after correction", **CHANCE)
    cell_count: Whole = optional("Cells tested", unit="cells", ge=1)
    too_little_count: Whole = optional("Of these with not enough information", unit="cells", ge=1)
    scan_p: Number = optional("Chance of a cluster as strong as the strongest, if there were none", **CHANCE)
    scan_note: Text = optional("Why no scan was made")


class Hotspots(Table):
    """Outlines in which a risk category is reported more than elsewhere: 'somewhere in here'."""

    hotspot_id: Text = column("Id within the release", unique=True)
    category: Text = column("Risk category", isin=codes(words.CATEGORIES))
    hotspot_class: Text = column("How sure", isin=codes(words.HOTSPOT_CLASSES))
    centre_cell: Text = column("Cell in its middle")
    radius_m: Whole = column("Radius of the window", unit="m", ge=0)
    cells: Text = column("Cells, '; '-separated")
    geometry: Geometry = column("Outline, WKB, EPSG:4326")
    lon: Number = column("Longitude of its middle", **LONGITUDE)
    lat: Number = column("Latitude of its middle", **LATITUDE)
    province_pcode: Text = optional("Province of most of its workers")
    territory_pcodes: Text = optional("Territories it lies in, '; '-separated P-codes")
    site_count: Whole = column("Sites in it", unit="sites", ge=0)
    workers_exposed: Number = column("Workers in it", unit="people", gt=0)
    observed: Number = column("Events of the category in it, median of the draws", unit="events", gt=0)
    expected: Number = column("Events that its number of workers leads to expect", unit="events", gt=0)
    expected_of_reports: Number = column(
        "Events that its part of all reports leads to expect", unit="events", ge=0
    )
    report_count: Number = column("Events of all categories in it", unit="events", gt=0)
    event_count: Whole = column("Events of the category that lie in it in most draws", unit="events", ge=0)
    rr: Number = column("How many times more than expected, smoothed", gt=0)
    rr_low: Number = column("Lower end", ge=0)
    rr_high: Number = column("Upper end", gt=0)
    is_pooled: Flag = column("Units differ by no more than chance: every smoothed ratio is 1")
    llr: Number = column("Log-likelihood ratio of the window", ge=0)
    p_rate: Number = column("Chance of as many events, given the workers", **CHANCE)
    p_share: Number = column("Chance of as large a share of all reports", **CHANCE)
    stability: Number = column("Share of draws of vague places in which it passes", **CHANCE)
    source_count: Whole = column("Independent groups of sources", unit="sources", ge=0)
    located_pct: Number = column("Share of its events located to 10 km", **PERCENT)
    effective_events: Number = column("Events, weighted by age (half-life 12 months)", ge=0)
    grade: Text = column("How well supported", isin=codes(words.GRADES))
    held_down_by: Text = optional("Rules that keep the grade from the next, '; '-separated codes")
    holds_in: Whole = optional("Partitions in which it is found again", ge=0, le=5)
    holds_of: Whole = optional("Partitions that were tried", ge=1, le=5)
    holds_where: Text = optional("Which, '; '-separated")
    trend_class: Text = column("How it changes", isin=codes(words.TREND_CLASSES))
    trend_p: Number = optional("p of the trend test, two-sided", **CHANCE)
    rate_change_pct: Number = optional("Change of its share of all events of the category, a year", unit="%")
    effort_change_pct: Number = optional("Change of reporting effort between the same halves", unit="%")
    has_arrow: Flag = column("Reporting effort stayed steady enough for an arrow")


class HotspotEvents(Table):
    """Which events lie in a hotspot, in which share of the draws of vague places."""

    hotspot_id: Text = column("Hotspot")
    event_id: Text = column("Event")
    share: Number = column("Share of the draws", **CHANCE)


class HotspotQuarters(Table):
    """A hotspot quarter by quarter, with the reporting effort beside it."""

    hotspot_id: Text = column("Hotspot")
    quarter_start: Day = column("First day of the quarter")
    events: Number = optional("Events of the category in it", unit="events", gt=0)
    all_events: Number = optional("Events of all categories in it", unit="events", gt=0)
    visits: Whole = optional("Visits to its sites", unit="visits", ge=1)
    sources: Whole = optional("Groups of sources that reported from it", unit="sources", ge=1)
    absence: Text = optional("Why the number of events is missing", isin=codes(words.ABSENCES))


class RiskMeasures(Table):
    """Rates over the window, one row a unit and category: cell, site, territory or province."""

    grain: Text = column("Kind of unit", isin=codes(words.GRAINS))
    unit_id: Text = column("Cell, site or P-code")
    category: Text = column("Risk category, or ALL", isin=WITH_ALL)
    events: Number = optional("Events in the window; where places are vague, mean of the draws", gt=0)
    absence: Text = optional("Why the number of events is missing", isin=codes(words.ABSENCES))
    workers_exposed: Number = optional("Workers", unit="people", gt=0)
    expected: Number = optional("Events that the number of workers leads to expect", ge=0)
    rr: Number = optional("How many times more than expected, smoothed", ge=0)
    rr_low: Number = optional("Lower end", ge=0)
    rr_high: Number = optional("Upper end", ge=0)
    unit_class: Text = optional("Class of a cell in the hotspot test", isin=codes(words.UNIT_CLASSES))
    source_count: Whole = optional("Independent groups of sources", unit="sources", ge=1)
    located_pct: Number = optional("Share of its events located to 10 km", **PERCENT)
    grade: Text = column("How well supported", isin=codes(words.GRADES))


class RiskQuarters(Table):
    """Events by quarter, one row a unit, category and quarter in which there was one."""

    grain: Text = column("Kind of unit", isin=codes(words.GRAINS))
    unit_id: Text = column("Cell, site or P-code")
    category: Text = column("Risk category, or ALL", isin=WITH_ALL)
    quarter_start: Day = column("First day of the quarter")
    events: Number = column("Events", gt=0)


class Coverage(Table):
    """Who looked, over the window: one row a unit."""

    grain: Text = column("Kind of unit", isin=codes(words.GRAINS))
    unit_id: Text = column("Cell, site or P-code")
    site_count: Whole = optional("Sites known in it", unit="sites", ge=1)
    sites_visited: Whole = optional("Of these visited", unit="sites", ge=1)
    visits: Whole = optional("Visits", unit="visits", ge=1)
    sources: Whole = optional("Groups of sources that reported from it", unit="sources", ge=1)
    events: Whole = optional("Events reported from it", unit="events", ge=1)
    last_visit_on: Day = optional("Latest visit on record, at any time")
    last_event_on: Day = optional("Latest event on record, at any time")
    weeks_without_signal: Whole = optional("Weeks since the latest visit or event", unit="weeks", ge=0)
    assessed_workers_pct: Number = optional("Share of its workers at sites visited in 18 months", **PERCENT)
    absence: Text = optional("Why the number of events is missing", isin=codes(words.ABSENCES))


class CoverageQuarters(Table):
    """Who looked, by quarter: one row a unit and quarter with a visit or a report."""

    grain: Text = column("Kind of unit", isin=codes(words.GRAINS))
    unit_id: Text = column("Cell, site or P-code")
    quarter_start: Day = column("First day of the quarter")
    visits: Whole = optional("Visits", unit="visits", ge=1)
    sources: Whole = optional("Groups of sources that reported from it", unit="sources", ge=1)
    events: Whole = optional("Events reported from it", unit="events", ge=1)


class SiteScores(Table):
    """Scores of sites, 0 to 100, one row a site and category; no score where nothing is known."""

    site_id: Text = column("Site")
    category: Text = column("Risk category, or ALL", isin=WITH_ALL)
    score: Number = optional("Score", **SCORE)
    score_low: Number = optional("Lower end", **SCORE)
    score_high: Number = optional("Upper end", **SCORE)
    band: Text = column("Band; insufficient where the grade is D", isin=codes(words.BANDS))
    grade: Text = column("How well supported", isin=codes(words.GRADES))
    held_down_by: Text = optional("Rules that keep the grade from the next, '; '-separated codes")
    assessment_part: Number = optional("What visits saw, 0 to 10", ge=0, le=10)
    incident_part: Number = optional("What was reported, 0 to 10", ge=0, le=10)
    is_floored: Flag = column("Held at 7 of 10 or more by a worst form within 12 months")
    third_low: Whole = optional("Lowest third of all sites its rank may lie in, 1 best", isin=[1, 2, 3])
    third_high: Whole = optional("Highest third", isin=[1, 2, 3])
    absence: Text = optional("Why the score is missing", isin=codes(words.ABSENCES))


class AreaScores(Table):
    """Areas by three numbers, never one: mean risk, burden, coverage. One row a territory or province."""

    grain: Text = column("Territory or province", isin=["territory", "province"])
    unit_id: Text = column("P-code")
    site_count: Whole = optional("Sites known in it", unit="sites", ge=1)
    scored_site_count: Whole = optional("Of these with a score", unit="sites", ge=1)
    workers_exposed: Number = optional("Workers in it", unit="people", gt=0)
    mean_score: Number = optional("Mean score of its sites, weighted by workers", **SCORE)
    mean_score_low: Number = optional("Lower end", **SCORE)
    mean_score_high: Number = optional("Upper end", **SCORE)
    burden_workers: Number = optional("Workers at sites with a score of 70 or more", unit="people", ge=0)
    burden_workers_low: Number = optional("Lower end", unit="people", ge=0)
    burden_workers_high: Number = optional("Upper end", unit="people", ge=0)
    assessed_workers_pct: Number = optional("Share of its workers at sites visited in 18 months", **PERCENT)
    immediate_count: Whole = optional(
        "Serious findings of the immediate track, seen on site by independent visitors and not seen gone since",
        ge=1,
    )
    band: Text = column("Band of the mean; insufficient where the grade is D", isin=codes(words.BANDS))
    grade: Text = column("How well supported", isin=codes(words.GRADES))
    held_down_by: Text = optional("Rules that keep the grade from the next, '; '-separated codes")
    absence: Text = optional("Why the mean score is missing", isin=codes(words.ABSENCES))


class ScanZones(Table):
    """Zones of the scan: the strongest, then others that share no cell with it."""

    category: Text = column("Risk category", isin=codes(words.CATEGORIES))
    rank: Whole = column("Order, 1 the strongest", ge=1)
    cells: Text = column("Cells, '; '-separated")
    observed: Number = column("Events in it", unit="events", gt=0)
    expected: Number = column("Events expected in it", unit="events", gt=0)
    llr: Number = column("Log-likelihood ratio", ge=0)
    p: Number = column("Chance of one as strong, if there were no cluster", **CHANCE)


class MeasureRuns(Table):
    """How each measured table was made: one row a table."""

    table_name: Text = column("Table", unique=True)
    reads: Text = column("Tables it was made of, '; '-separated")
    inputs_sha256: Text = column("SHA-256 over those tables, the day and the method", str_length=64)
    rows: Whole = column("Rows", unit="rows", ge=0)
