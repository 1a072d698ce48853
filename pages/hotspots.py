"""Where is risk concentrated?"""

from frame import canvas, hotspot_cards, hotspot_showing, hotspot_tables, hotspot_views, hotspot_words
from frame.opening import open_page
from layers import chosen, territories, towns
from warehouse import cells, hotspots, queries

opened = open_page(__doc__)
release = opened.release
choice = hotspot_views.choose(opened)
found = hotspots.hotspots(release, choice.category)
tested = hotspots.cells(release, choice.category)
tests = hotspots.theme_tests(release, choice.category)
hotspot_words.header(found, tested, tests)
view = hotspot_views.switch(choice)
hotspot_showing.explain(
    view, found, hotspots.top_cells(release, view.category), hotspots.report_totals(release, view.category)
)

thing = canvas.chosen()
about = cells.incidents_about(release, thing)
drawn = hotspot_views.draw(opened, view, found, tested)
beside = canvas.beside()
with beside.map:
    canvas.show(
        opened,
        territories.draw(canvas.outline_url(opened, "territories")),
        *drawn.groups,
        towns.draw(queries.towns(release)),
        chosen.draw(canvas.ring(opened, thing, about)),
    )
    hotspot_views.say(drawn)
    canvas.legend(*drawn.legends, territories.LEGEND)
with beside.card:
    hotspot_cards.beside(opened, thing, about, hotspot_showing.hidden(opened, view, thing))
canvas.give_way()
hotspot_tables.outlines(view.of(found), hotspot_showing.nothing(view, found))
hotspot_tables.tests(tests)
