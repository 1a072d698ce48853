"""Words in the reader's language, through gettext catalogues.

`mark` names a text for the catalogue and leaves it as it is; `translate` (imported as `_`) turns it
into the language that `speak` set for the running context. English is the message id itself.
"""

from __future__ import annotations

import gettext
import io
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: Final[dict[str, str]] = {"en": "English", "fr": "Français"}
LOCALE_DIR: Final = Path(__file__).resolve().parent.parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="en")


def mark(text: str) -> str:
    """Return `text` unchanged; the catalogues are made from the texts so marked."""
    return text


def speak(language: str) -> None:
    """Set the language of the running context; an unknown one becomes English."""
    _language.set(language if language in LANGUAGES else "en")


def spoken() -> str:
    """Return the code of the language of the running context."""
    return _language.get()


def translate(text: str) -> str:
    """Return `text` in the language of the running context.

    >>> speak("fr"); translate("Child labour")
    'Travail des enfants'
    >>> speak("en"); translate("Child labour")
    'Child labour'
    """
    return _catalogue(_language.get()).gettext(text) if text else ""


def translate_into(language: str, text: str) -> str:
    """Return `text` in `language`, whatever the running context speaks.

    >>> translate_into("fr", "Child labour")
    'Travail des enfants'
    """
    return _catalogue(language).gettext(text) if text else ""


def translate_count(one: str, many: str, count: int) -> str:
    """Return the singular or plural of a text for `count`, in the language of the running context."""
    return _catalogue(_language.get()).ngettext(one, many, count)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = LOCALE_DIR / language / "LC_MESSAGES" / "cobalt.po"
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
