"""Opening a page: language, release, audience, header and the line that says as of when."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from frame import absences, address, audiences, editions, readers, watermark
from frame.formats import day
from frame.readers import Reader
from risk.errors import OutdatedRelease
from risk.texts import LANGUAGES, speak, spoken
from risk.texts import translate as _
from risk.vocabulary import Audience
from warehouse.contracts import method_version
from warehouse.release import Release, current_release_id, open_release
from warehouse.settings import Settings, settings


@dataclass(frozen=True)
class Opened:
    """What a page stands on."""

    release: Release
    audience: Audience
    settings: Settings
    language: str


def choose_language() -> None:
    """Set the language of this run: the reader's choice, else the browser's, else English."""
    browser = (st.context.locale or "en").split("-")[0].lower()
    address.choose_one("lang", list(LANGUAGES), browser if browser in LANGUAGES else "en")
    speak(st.session_state["lang"])


def open_page(question: str) -> Opened:
    """Open the current release of the chosen edition, draw the header, and return what the page stands on.

    `question` is the page's docstring: title, header and menu label are the same words. The release is
    looked up at each run, so that a reader moves on to a new one at the next interaction; so is what the
    reader may see, and no other audience's file is opened. Raises NoRelease, NoAudience, BrokenRelease,
    OutdatedRelease or ConfigError, which the front door shows.
    """
    reader = readers.current()
    row = header(_(title_of(question)), reader)
    edition = editions.chosen()
    audience = audiences.choose(reader, edition)
    release_id = current_release_id(edition)
    with row:
        audiences.switch(reader, edition, release_id)
    release = open_release(edition, audience, release_id)
    if release.manifest.method_version != method_version():
        raise OutdatedRelease(
            f"Release {release.id} of the {edition.value} edition was built by another version of the atlas. "
            f"Next: cobalt build --edition {edition.value}"
        )
    st.caption(
        _("{edition} · as of {day} · release {id} · file for {audience}").format(
            edition=editions.label(edition),
            day=day(release.as_of),
            id=release.id,
            audience=_(audiences.LABELS[release.audience]),
        )
    )
    absences.say(release, title_of(question))
    return Opened(
        release=release,
        audience=audience,
        settings=settings(),
        language=spoken(),
    )


def header(title: str, reader: Reader) -> DeltaGenerator:
    """Draw what stands over every page, and return the row of the title with its switches."""
    watermark.band()
    row = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    with row:
        st.title(title, anchor=False, width="stretch")
        editions.switch()
        _language_switch()
        readers.door(reader)
    readers.say(reader)
    return row


def _language_switch() -> None:
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        format_func=lambda code: code.upper(),
        key="lang",
        required=True,
        label_visibility="collapsed",
        width="content",
    )
    address.keep("lang", [spoken()])


def title_of(docstring: str) -> str:
    """Return the question that a page's docstring starts with."""
    return docstring.strip().splitlines()[0]
