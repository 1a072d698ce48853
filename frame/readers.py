"""Who is reading: what the token of a reader's sign-in makes of them, and the buttons to sign in and out.

Streamlit checks neither how old a sign-in is nor whether it was ended elsewhere, so each run does.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from entry import listening, sessions
from entry.groups import read_access
from risk.texts import translate as _
from risk.vocabulary import Audience
from warehouse.settings import Settings, settings


class SignIn(Enum):
    """How a reader stands with the identity provider."""

    NOT_OFFERED = auto()
    NONE = auto()
    VALID = auto()
    ENDED = auto()


@dataclass(frozen=True)
class Reader:
    """What a reader may see at most, and how that is known."""

    audience: Audience
    sign_in: SignIn


_NOBODY: Final = Reader(Audience.PUBLIC, SignIn.NONE)
_ENDED: Final = Reader(Audience.PUBLIC, SignIn.ENDED)


@cache
def offered() -> bool:
    """Return whether this server has an identity provider: settled at its start, for as long as it runs.

    Else a secrets file that is lost or broken later would turn every reader into one without sign-in.
    """
    return listening.check(st.get_option("server.address"), _secret_files())


def is_https() -> bool:
    """Return whether readers' browsers reach this server by https, as the provider was told."""
    named = listening.provider(_secret_files()) or {}
    return str(named.get("redirect_uri")).startswith("https:")


def _secret_files() -> list[Path]:
    return [Path(name) for name in st.get_option("secrets.files")]


def current() -> Reader:
    """Return the reader of this run. Raises ConfigError where that cannot be known."""
    given = settings()
    if not offered():
        return Reader(given.audience, SignIn.NOT_OFFERED)
    return of(st.user.to_dict(), time.time(), given)


def of(claims: Mapping[str, Any], now: float, given: Settings) -> Reader:
    """Return the reader whose token says `claims`, at the time `now` (seconds since 1970, UTC).

    A token without subject, time of issue or expiry is one that has ended. Raises ConfigError where the
    table of access or the store of ended sign-ins cannot be read.
    """
    if claims.get("is_logged_in") is not True:
        return _NOBODY
    issued, expires = claims.get("iat"), claims.get("exp")
    if not claims.get("sub") or not _is_time(issued) or not _is_time(expires):
        return _ENDED
    is_fresh = issued - sessions.SKEW_S <= now < min(expires, issued + given.sign_in_minutes * 60)
    if not is_fresh or sessions.has_ended(given.state_dir, claims):
        return _ENDED
    return Reader(read_access(given.access_file).audience_of(claims), SignIn.VALID)


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def subject() -> str | None:
    """Return whom the identity provider says the reader is, None without a sign-in that holds."""
    if current().sign_in is not SignIn.VALID:
        return None
    return str(st.user.to_dict()["sub"])


def door(reader: Reader) -> None:
    """Draw the way in or out; without an identity provider there is none."""
    if reader.sign_in is SignIn.VALID:
        if st.button(_("Sign out"), key="sign_out"):
            # First here, so that a copy of the cookie is worth nothing whatever becomes of the browser.
            sessions.end_session(settings().state_dir, st.user.to_dict(), time.time())
            st.logout()
            st.stop()
    elif reader.sign_in is not SignIn.NOT_OFFERED and st.button(_("Sign in"), key="sign_in"):
        st.login()


def say(reader: Reader) -> None:
    """Tell a reader whose sign-in has ended why they see no more than the public."""
    if reader.sign_in is SignIn.ENDED:
        st.warning(_("Your sign-in has ended. Sign in again to see more than the public does."))
