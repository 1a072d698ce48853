"""The front door's work: configuration of the page, language, navigation, and errors shown in words."""

from __future__ import annotations

import logging
from typing import Final
from urllib.parse import unquote, urlsplit

import streamlit as st

from frame import address, audiences, editions, readers, watermark
from frame.opening import choose_language, header
from risk.errors import BrokenRelease, CobaltError, NoAudience, NoRelease, OutdatedRelease
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import Audience
from warehouse.settings import ROOT

log = logging.getLogger(__name__)

# The order of the menu: page file → the question it answers, which is its docstring too.
PAGES: Final[dict[str, str]] = {
    "explore": mark("What is known, and where?"),
    "hotspots": mark("Where is risk concentrated?"),
    "territories": mark("How do territories compare?"),
    "changes": mark("What is changing?"),
    "incidents": mark("What was reported, and when?"),
    "ground": mark("Whose ground are the sites on?"),
    "sites": mark("What is known of this site?"),
    "progress": mark("What improves, and what would help?"),
    "refiners": mark("Which refiners are assessed?"),
    "grievances": mark("What was alleged, and what was assessed when?"),
    "records": mark("What else is on record?"),
    "unpublished": mark("What do unpublished records add?"),
    "method": mark("How is this computed?"),
    "data": mark("Where does this come from?"),
}
FRONT: Final = "explore"
# Pages that not everybody may open; a page that is not named here is for all. What an audience sees on a page
# of all is settled by its file.
ONLY_FOR: Final[dict[str, frozenset[Audience]]] = {}
_WORDS: Final[dict[type[CobaltError], str]] = {
    NoRelease: mark(
        "There is no release yet. Next: run `cobalt build --edition {edition}`, then reload this page."
    ),
    BrokenRelease: mark(
        "The release cannot be opened. Next: run `cobalt build --edition {edition}`, or put it back from a "
        "copy. The log says more."
    ),
    NoAudience: mark(
        "This release has no file for this audience, and no other is opened in its place. Next: run "
        "`cobalt build --edition {edition}`, then reload this page."
    ),
    OutdatedRelease: mark(
        "Another version of the atlas built this release. Next: run `cobalt build --edition {edition}`, then "
        "reload this page."
    ),
}
_UNKNOWN: Final = mark("This page cannot be shown. The log of the server says why.")
# Room for the map: Streamlit's own margins are those of an article.
_STYLE: Final = """<style>
.stMainBlockContainer { padding: 2.6rem 1.8rem 2rem; }
[data-testid="stSidebarNavLink"] * { white-space: normal !important; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 4.2rem .8rem 2rem; }
  .st-key-card, div:has(> .st-key-card), div:has(> div > .st-key-card) {
    height: auto !important; max-height: none !important; flex: none !important; } }
[data-testid="stSidebarNavLink"] span { font-size: .92rem; }
.atlas-legend { display: flex; flex-wrap: wrap; gap: .5rem 2rem; font-size: .85rem; line-height: 1.7; }
.atlas-entry { display: inline-flex; align-items: center; gap: .35rem; margin-right: .9rem; }
.atlas-swatch { display: inline-block; width: 14px; height: 14px; box-sizing: border-box; flex: none; }
.atlas-chip { display: inline-flex; align-items: center; background: #f4f2ec; padding: 3px; border-radius: 3px; }
[data-testid="stCaptionContainer"] { opacity: .85; }
.atlas-swatch.dot { background: var(--c); border: 1px solid #1f2933; border-radius: 50%; }
.atlas-swatch.cell { background: var(--c); border: 1px solid #41506a; border-radius: 2px; }
.atlas-swatch.dotted { border: 2px dotted var(--c); border-radius: 50%; }
.atlas-swatch.diamond { background: var(--c); clip-path: polygon(50% 0, 100% 50%, 50% 100%, 0 50%); }
.atlas-swatch.ring { border: 3.5px solid var(--c); border-radius: 50%; background: #fff; }
.atlas-swatch.disc { border: 2px dashed var(--c); border-radius: 50%; }
.atlas-swatch.outline { border: 2px solid var(--c); height: 11px; }
.atlas-swatch.dashes { border: 2px dashed var(--c); height: 11px; }
.atlas-swatch.dots { border: 2px dotted var(--c); height: 11px; }
.atlas-swatch.pattern { border: 2px solid var(--c); height: 12px;
  background: repeating-linear-gradient(45deg, var(--c) 0 2px, transparent 2px 5px); }
.atlas-swatch.hatched { border: 1px solid var(--c); border-radius: 2px;
  background: repeating-linear-gradient(135deg, var(--c) 0 1px, transparent 1px 4px); }
.atlas-swatch.striped { border: 1px solid #41506a; border-radius: 2px;
  background: repeating-linear-gradient(45deg, #f4f2ec 0 1.6px, var(--c) 1.6px 4px); }
.atlas-swatch.stippled { border: 1px solid var(--c); border-radius: 2px;
  background: radial-gradient(circle, var(--c) 1px, transparent 1.4px) 0 0 / 4px 4px; }
.atlas-swatch.triangle { background: var(--c); height: 12px; clip-path: polygon(50% 0, 100% 100%, 0 100%); }
.atlas-swatch.line { border-top: 2px solid var(--c); height: 0; }
</style>"""


def open_door() -> None:
    """Configure the page, choose language and edition, run the page that was asked for, keep the address."""
    st.set_page_config(page_icon=str(ROOT / "static" / "mark.svg"), layout="wide")
    address.follow()
    choose_language()
    editions.choose()
    _dress()
    try:
        page = st.navigation(_pages(), position="sidebar", expanded=True)
        named = (watermark.words(), page.title, "Cobalt Risk Atlas")
        st.set_page_config(page_title=" · ".join(filter(None, named)))
        page.run()
    except CobaltError as error:
        # The log has the whole message; a reader's page names no path of the server.
        log.error("%s", error)
        said = _(_WORDS.get(type(error), _UNKNOWN))
        st.error(said.format(edition=editions.chosen().value))
    address.publish()


def pages_of(audience: Audience) -> dict[str, str]:
    """Return the pages that `audience` may open, in the order of the menu, with their questions."""
    return {name: question for name, question in PAGES.items() if audience in ONLY_FOR.get(name, Audience)}


def _pages() -> list[st.Page]:
    """Return the reader's pages; hidden beside them, so that they answer alike, those that are not theirs."""
    mine = pages_of(audiences.choose(readers.current(), editions.chosen()))
    asked = unquote(urlsplit(st.context.url or "").path).rstrip("/").rsplit("/", 1)[-1]
    others = {name for name in (asked, *ONLY_FOR) if name and name not in mine}
    return [
        *(
            st.Page(ROOT / "pages" / f"{name}.py", title=_(question), url_path=name, default=name == FRONT)
            for name, question in mine.items()
        ),
        *(
            st.Page(_say_not_found, title=_("Not found"), url_path=name, visibility="hidden")
            for name in sorted(others)
        ),
    ]


def _say_not_found() -> None:
    header(_("Not found"), readers.current())
    st.markdown(_("There is no such page, or it is not for you to see. The menu shows what there is."))


def _dress() -> None:
    st.logo(str(ROOT / "static" / "wordmark.svg"), icon_image=str(ROOT / "static" / "mark.svg"), size="large")
    st.html(_STYLE)
