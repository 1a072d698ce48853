"""Contracts of who looked: visits to sites, and what they saw. As in `warehouse.inputs`, one model a table."""

from __future__ import annotations

from risk import vocabulary as words
from warehouse.columns import Day, Flag, Table, Text, Whole, codes, column, optional


class SiteVisits(Table):
    """Visits to sites, one row a visit, also where nothing was found: the record of who looked."""

    visit_id: Text = column("Stable id", unique=True)
    site_record_id: Text = column("Site record that was visited")
    visited_on: Day = column("Day of the visit")
    visitor: Text = column("Organisation that visited", free_text=True)
    is_on_site: Flag = column("The visitor stood on the site; false: asked from afar")
    is_independent: Flag = column("The visitor neither runs the site nor buys from it")
    workers: Whole = optional("Workers counted", unit="people", ge=0)
    is_public_record: Flag = column("The protocol of the visit was published")


class Observations(Table):
    """What a visit saw of one risk: one row a visit and category that was looked at."""

    visit_id: Text = column("Visit")
    category: Text = column("Risk category", isin=codes(words.CATEGORIES))
    severity: Whole = optional(
        "Severity seen, 1 minor to 5 critical; missing: looked, none found", isin=list(words.SEVERITIES)
    )
    has_worst_form: Flag = column("A child underground or a death was seen")
    is_public_record: Flag = column("The protocol of the visit was published")
