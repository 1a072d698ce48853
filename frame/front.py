"""The front door's work: configuration of the page, language, navigation, and errors shown in words."""

from __future__ import annotations

import logging
from typing import Final

import streamlit as st

from frame import address
from frame.opening import choose_language
from risk.errors import CobaltError
from risk.texts import LANGUAGES, mark
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
    page = st.navigation(pages, position="top")
    _header()
    try:
        page.run()
    except CobaltError as error:
        log.error("%s", error)
        st.error(str(error))
    address.publish()


def _header() -> None:
    st.logo(str(ROOT / "static" / "mark.svg"), size="medium")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown("**Cobalt Risk Atlas**", width="content")
        st.segmented_control(
            _("Language"),
            list(LANGUAGES),
            format_func=lambda code: code.upper(),
            key="lang",
            required=True,
            label_visibility="collapsed",
            width="content",
        )
    address.keep("lang", [st.session_state["lang"]])
