"""The front door's work: configuration of the page, language, navigation, and errors shown in words."""

from __future__ import annotations

import logging
from typing import Final

import streamlit as st

from frame import address
from frame.opening import choose_language
from risk.errors import CobaltError
from risk.texts import mark
from risk.texts import translate as _
from warehouse.settings import ROOT

log = logging.getLogger(__name__)

# The order of the menu: page file → the question it answers, which is its docstring too.
PAGES: Final[dict[str, str]] = {
    "explore": mark("What is known, and where?"),
    "incidents": mark("What was reported, and when?"),
    "ground": mark("Whose ground are the sites on?"),
    "records": mark("What else is on record?"),
    "data": mark("Where does this come from?"),
}
FRONT: Final = "explore"
# Room for the map: Streamlit's own margins are those of an article.
_STYLE: Final = """<style>
.stMainBlockContainer { padding: 2.6rem 1.8rem 2rem; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 3rem .8rem 2rem; } }
[data-testid="stMetricDelta"] { font-size: .8rem; white-space: normal; }
</style>"""


def open_door() -> None:
    """Configure the page, choose the language, run the page that was asked for, keep the address."""
    st.set_page_config(
        page_title="Cobalt Risk Atlas", page_icon=str(ROOT / "static" / "mark.svg"), layout="wide"
    )
    choose_language()
    pages = [
        st.Page(
            ROOT / "pages" / f"{name}.py",
            title=_(question),
            url_path=name,
            default=name == FRONT,
        )
        for name, question in PAGES.items()
    ]
    page = st.navigation(pages, position="sidebar", expanded=True)
    _dress()
    try:
        page.run()
    except CobaltError as error:
        log.error("%s", error)
        st.error(str(error))
    address.publish()


def _dress() -> None:
    st.logo(str(ROOT / "static" / "wordmark.svg"), icon_image=str(ROOT / "static" / "mark.svg"), size="large")
    st.html(_STYLE)
