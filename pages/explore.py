"""What is known, and where?"""

from frame import canvas, cards, charts, filters, listings, summaries
from frame.opening import open_page
from layers import chosen, concessions, incidents, sites, territories, towns
from warehouse import queries

opened = open_page(__doc__)
release = opened.release
choice = filters.sidebar(release)
reports = queries.incidents(release, **choice)
found = queries.sites(release, **choice)
summaries.incidents(queries.incident_totals(release, **choice))

shown, colouring = canvas.controls()
thing = canvas.chosen()
beside = canvas.beside()
with beside.map:
    canvas.show(
        opened,
        territories.draw(canvas.outline_url(opened, "territories")),
        concessions.draw(canvas.outline_url(opened, "concessions"), canvas.kinds_of(shown, choice.permit_type)),
        towns.draw(queries.towns(release)),
        sites.draw(found if "sites" in shown else found.iloc[:0]),
        incidents.draw(
            queries.incident_places(release, **choice).pipe(canvas.only_if, "incidents" in shown),
            colour_by=colouring,
        ),
        chosen.draw(canvas.ring(opened, thing, reports)),
    )
    canvas.legend(incidents.LEGENDS[colouring], sites.LEGEND, concessions.LEGEND, territories.LEGEND)
with beside.card:
    cards.show(opened, thing, reports)
charts.timeline(queries.incident_quarters(release, **choice), queries.year_only_count(release, **choice))
listings.unplaced(reports)
listings.both(reports, found)
