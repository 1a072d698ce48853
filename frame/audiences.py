"""Whose file is open: the reader's own, or one that they may view the atlas as; kept in the address."""

from __future__ import annotations

from typing import Final

import streamlit as st

from entry import use_log
from frame import address, readers
from frame.readers import Reader, SignIn
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import Audience, Edition
from warehouse.release import audiences_of
from warehouse.settings import settings

_KEY: Final = "as"
_NOTED: Final = "views_noted"
LABELS: Final[dict[Audience, str]] = {
    Audience.PUBLIC: mark("the public"),
    Audience.MEMBER: mark("member companies"),
    Audience.RESEARCHER: mark("researchers"),
    Audience.STAFF: mark("staff"),
}


def may_view_as(reader: Reader, edition: Edition) -> tuple[Audience, ...]:
    """Return the audiences that `reader` may view `edition` as, the reader's own included.

    Staff see what the others see. The training edition holds nothing real: whoever runs it on their own
    machine may look at all of it.
    """
    is_practice = edition is Edition.TRAINING and reader.sign_in is SignIn.NOT_OFFERED
    if reader.audience is Audience.STAFF or is_practice:
        return tuple(Audience)
    return (reader.audience,)


def choose(reader: Reader, edition: Edition) -> Audience:
    """Return the audience of this run: the one chosen where the reader may, else the reader's own."""
    may = may_view_as(reader, edition)
    if len(may) == 1:
        # Nothing of it stays: neither in the address nor for a later sign-in in this session.
        address.forget([_KEY])
        return reader.audience
    address.choose_one(_KEY, [one.value for one in may], reader.audience.value)
    return Audience(st.session_state[_KEY])


def switch(reader: Reader, edition: Edition, release_id: str) -> None:
    """Draw the choice among the files that the release has; one file alone leaves nothing to choose."""
    chosen = choose(reader, edition)
    there = {reader.audience, chosen, *audiences_of(edition, release_id)}
    may = [one.value for one in may_view_as(reader, edition) if one in there]
    if len(may) < 2:
        return
    st.selectbox(
        _("View as"),
        may,
        format_func=lambda code: _("View as: {audience}").format(audience=_(LABELS[Audience(code)])),
        key=_KEY,
        label_visibility="collapsed",
        width=230,
    )
    address.keep(_KEY, [] if chosen is reader.audience else [chosen.value])
    _note(chosen, reader, edition, release_id)


def _note(chosen: Audience, reader: Reader, edition: Edition, release_id: str) -> None:
    """Note once a session that a reader views a release as somebody else."""
    seen = st.session_state.setdefault(_NOTED, set())
    view = (edition, release_id, chosen)
    if chosen is reader.audience or view in seen:
        return
    seen.add(view)
    given = settings()
    use_log.note(
        given.state_dir,
        given.use_log_days,
        reader=readers.subject(),
        what=use_log.VIEW_AS,
        release_id=release_id,
        edition=edition.value,
        audience=chosen.value,
    )
