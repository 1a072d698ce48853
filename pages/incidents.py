"""What was reported, and when?"""

from frame import charts, filters, listings, summaries
from frame.opening import open_page
from warehouse import queries, tolls

opened = open_page(__doc__)
choice = filters.sidebar(opened.release)
reports = queries.incidents(opened.release, **choice)
summaries.incidents(
    queries.incident_totals(opened.release, **choice), tolls.contested_totals(opened.release, **choice)
)
charts.timeline(
    queries.incident_quarters(opened.release, **choice), queries.year_only_count(opened.release, **choice)
)
listings.incidents(reports)
listings.contested(opened, tolls.contested(opened.release, **choice))
listings.unplaced(queries.unplaced_incidents(opened.release, **choice))
listings.one_incident(opened, reports)
