"""The edition a reader looks at: chosen in the header where there are two, kept in the address."""

from __future__ import annotations

from typing import Final

import streamlit as st

from frame import address
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import Edition
from warehouse.release import editions_published
from warehouse.settings import settings

_KEY: Final = "edition"
_LABELS: Final[dict[Edition, str]] = {
    Edition.OPEN: mark("Open edition"),
    Edition.TRAINING: mark("Training edition"),
}
_SWITCH: Final[dict[str, str]] = {
    Edition.OPEN.value: mark("Open"),
    Edition.TRAINING.value: mark("Training"),
}
# Codes of the vocabulary and of the page itself mean the same in both editions. Everything else in an
# address names a place, a record or a year of one of them.
_SHARED: Final = frozenset(
    {
        _KEY,
        "lang",
        "as",
        "layers",
        "colour",
        "table",
        "category",
        "severity",
        "verification",
        "record_kind",
        "place_precision",
        "mineral",
        "permit_type",
        "hotspot_class",
        "measure",
        "shown",
        "grain",
        "theme",
        "unit",
    }
)


def choose() -> None:
    """Set the edition of this run: the reader's choice, else the operator's; one without release is none."""
    configured = settings().edition.value
    address.choose_one(_KEY, [one.value for one in editions_published()] or [configured], configured)


def chosen() -> Edition:
    """Return the edition of this run, without a front door the operator's."""
    return Edition(st.session_state.get(_KEY) or settings().edition)


def label(edition: Edition) -> str:
    """Return the name of `edition` in the reader's language."""
    return _(_LABELS[edition])


def switch() -> None:
    """Draw the choice of the edition; where only one has a release there is nothing to choose."""
    published = [one.value for one in editions_published()]
    if len(published) < 2:
        address.keep(_KEY, [])
        return
    st.segmented_control(
        _("Edition"),
        published,
        format_func=lambda code: _(_SWITCH[code]),
        key=_KEY,
        required=True,
        on_change=_drop_what_the_other_lacks,
        label_visibility="collapsed",
        width="content",
    )
    address.keep(_KEY, [chosen().value])


def _drop_what_the_other_lacks() -> None:
    address.forget([key for key in st.query_params if key not in _SHARED])
