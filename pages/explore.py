"""What is known, and where?"""

from frame import canvas, cards, charts, filters, listings, summaries, symbols
from frame.opening import open_page
from layers import chosen, concessions, territories, towns
from warehouse import cells, queries, tolls

opened = open_page(__doc__)
release = opened.release
choice = filters.sidebar(release)
summaries.incidents(queries.incident_totals(release, **choice), tolls.contested_totals(release, **choice))
summaries.sites(queries.site_title_totals(release, **choice), queries.ages(release))

shown, colouring = canvas.controls()
thing = canvas.chosen()
about = cells.incidents_about(release, thing, **choice)
drawn = symbols.of(opened, choice, shown, colouring)
beside = canvas.beside()
with beside.map:
    canvas.show(
        opened,
        territories.draw(canvas.outline_url(opened, "territories")),
        concessions.draw(
            canvas.outline_url(opened, "concessions"), canvas.kinds_of(shown, choice.permit_type)
        ),
        towns.draw(queries.towns(release)),
        *drawn.groups,
        chosen.draw(canvas.ring(opened, thing, about)),
    )
    symbols.say(drawn)
    canvas.legend(*drawn.legends, concessions.LEGEND, territories.LEGEND)
with beside.card:
    cards.show(opened, thing, about)
canvas.give_way()
charts.timeline(queries.incident_quarters(release, **choice), queries.year_only_count(release, **choice))
listings.unplaced(queries.unplaced_incidents(release, **choice))
listings.both(queries.incidents(release, **choice), queries.sites(release, **choice))
