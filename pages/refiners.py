"""Which refiners are assessed?"""

from frame import canvas, refiner_cards, refiner_shares, refiner_views
from frame.opening import open_page
from warehouse import refiners

opened = open_page(__doc__)
rows = refiners.known(opened.release, **refiner_views.choose(opened.release))
refiner_views.lead(opened, rows)
one = refiner_cards.chosen(rows)
beside = canvas.beside()
with beside.map:
    refiner_views.draw(opened, rows, one)
with beside.card:
    refiner_cards.show(opened, rows)
refiner_shares.show(opened)
refiner_views.table(opened, rows)
refiner_views.history(opened, rows)
