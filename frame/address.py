"""The state of the view, kept in the address so that a link opens the same view.

Widgets hold codes, never labels, so that a link works in both languages. Values are read from the
address once a session, then kept across pages, and written back at the end of each run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

_KEPT: Final = "kept"
_LONGEST_KEY: Final = 20
_LONGEST_VALUE: Final = 100


def _kept() -> dict[str, tuple[str, ...]]:
    if _KEPT not in st.session_state:
        given = {key: dict.fromkeys(st.query_params.get_all(key)) for key in st.query_params}
        # What is too long to be ours is not carried from page to page.
        st.session_state[_KEPT] = {
            key: tuple(value for value in values if len(value) <= _LONGEST_VALUE)
            for key, values in given.items()
            if len(key) <= _LONGEST_KEY
        }
    kept: dict[str, tuple[str, ...]] = st.session_state[_KEPT]
    return kept


def recall(key: str) -> tuple[str, ...]:
    """Return the values kept under `key`; none is an empty tuple."""
    return _kept().get(key, ())


def keep(key: str, values: Sequence[str]) -> None:
    """Keep `values` under `key`; an empty sequence removes it from the address."""
    if values:
        _kept()[key] = tuple(values)
    else:
        _kept().pop(key, None)


def forget(keys: Sequence[str]) -> None:
    """Drop `keys` from the address and from their widgets."""
    for key in keys:
        _kept().pop(key, None)
        st.session_state.pop(key, None)


def publish() -> None:
    """Write what is kept into the address, if it says something else."""
    wanted = {key: list(values) for key, values in sorted(_kept().items())}
    shown = {key: st.query_params.get_all(key) for key in st.query_params}
    if wanted != shown:
        st.query_params.from_dict(wanted)


def choose(key: str, known: Sequence[str], default: Sequence[str] = ()) -> None:
    """Prepare the multiple-choice widget `key`: its value before it is drawn. Unknown codes are dropped."""
    if hold(key):
        st.session_state[key] = [value for value in st.session_state[key] if value in known]
    else:
        st.session_state[key] = [value for value in recall(key) if value in known] or list(default)


def choose_one(key: str, known: Sequence[str], default: str) -> None:
    """Prepare the single-choice widget `key`: its value before it is drawn."""
    if not hold(key) or st.session_state[key] not in known:
        values = [value for value in recall(key) if value in known]
        st.session_state[key] = values[0] if values else default


def hold(key: str) -> bool:
    """Return whether the widget `key` has a value; it keeps it where the page has changed.

    Streamlit drops the value of a widget whose page was left, even where its key is drawn again,
    unless it is set anew.
    """
    if key not in st.session_state:
        return False
    st.session_state[key] = st.session_state[key]
    return True
