"""The state of the view, kept in the address so that a link opens the same view.

Widgets hold codes, never labels, so that a link works in both languages. Values are read from the
address when a session begins, then kept across pages, and written back at the end of each run; where a
reader goes back or forward, the address is read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import streamlit as st

_KEPT: Final = "kept"
_PUBLISHED: Final = "published"
_WIDGETS: Final = "widgets"
_LONGEST_KEY: Final = 20
_LONGEST_VALUE: Final = 100


@dataclass(frozen=True)
class _Published:
    """What a run left behind: where, the address that it wrote, and what its widgets held."""

    page: str | None
    shown: dict[str, list[str]]
    widgets: dict[str, Any]


def _shown() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def _wanted() -> dict[str, list[str]]:
    return {key: list(values) for key, values in sorted(_kept().items())}


def _read() -> dict[str, tuple[str, ...]]:
    # What is too long to be ours is not carried from page to page.
    return {
        key: tuple(value for value in dict.fromkeys(values) if len(value) <= _LONGEST_VALUE)
        for key, values in _shown().items()
        if len(key) <= _LONGEST_KEY
    }


def follow() -> None:
    """Take over what the address says where the reader went back or forward to it; first in each run.

    An address that was not published last, while no widget and no callback changed anything, was chosen in
    the browser. A link of the menu brings an empty one, and the choices stay.
    """
    last: _Published | None = st.session_state.get(_PUBLISHED)
    if last is None or _shown() == last.shown or _wanted() != last.shown:
        return
    if not _shown() and st.context.url != last.page:
        return
    if any(key in st.session_state and st.session_state[key] != value for key, value in last.widgets.items()):
        return
    for key in {*last.widgets, *last.shown}:
        st.session_state.pop(key, None)
    st.session_state[_KEPT] = _read()


def _kept() -> dict[str, tuple[str, ...]]:
    if _KEPT not in st.session_state:
        st.session_state[_KEPT] = _read()
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


def turn_to(page: str, **values: str) -> NoReturn:
    """Leave for another page with `values` chosen there; what is kept goes with the reader."""
    for key, value in values.items():
        keep(key, [value])
        st.session_state.pop(key, None)
    st.switch_page(f"pages/{page}.py", query_params=_wanted())


def forget(keys: Sequence[str]) -> None:
    """Drop `keys` from the address and from their widgets."""
    for key in keys:
        _kept().pop(key, None)
        st.session_state.pop(key, None)


def publish() -> None:
    """Write what is kept into the address, if it says something else."""
    wanted = _wanted()
    if wanted != _shown():
        st.query_params.from_dict(wanted)
    keys = {*_widgets(), *wanted}
    widgets = {key: st.session_state[key] for key in keys if key in st.session_state}
    st.session_state[_PUBLISHED] = _Published(st.context.url, wanted, widgets)


def _widgets() -> set[str]:
    """Return the keys of the widgets that were prepared in this session."""
    found: set[str] = st.session_state.setdefault(_WIDGETS, set())
    return found


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
    _widgets().add(key)
    if key not in st.session_state:
        return False
    st.session_state[key] = st.session_state[key]
    return True
