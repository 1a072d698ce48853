"""Whose ground are the sites on?"""

from frame import filters, listings, summaries
from frame.opening import open_page
from warehouse import queries

opened = open_page(__doc__)
choice = filters.sidebar(opened.release, has_incidents=False)
summaries.ground(queries.site_title_totals(opened.release, **choice), queries.ages(opened.release))
listings.titles(queries.site_titles(opened.release, **choice))
