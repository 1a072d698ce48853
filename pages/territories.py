"""How do territories compare?"""

import streamlit as st

from frame import area_rates, comparisons
from frame.opening import open_page
from risk.texts import translate as _
from warehouse import areas

opened = open_page(__doc__)
grain = comparisons.choose_grain()
scores = areas.area_scores(opened.release, grain)
comparisons.lead(opened, scores)
maps, table = comparisons.laid_out()
with maps:
    comparisons.maps(scores, areas.area_outlines(opened.release, grain))
with table:
    comparisons.table(scores)
st.header(_("Reports against workers"), anchor=False)
with st.container(width=320):
    theme = comparisons.choose_theme(_("Risk category"))
area_rates.show(areas.area_rates(opened.release, grain, theme))
area_rates.unplaced(areas.unplaced_reports(opened.release, grain, theme).iloc[0], grain)
