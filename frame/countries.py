"""Countries by their names in the reader's language."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
from babel import Locale
from babel.core import get_global

from risk.texts import mark, spoken
from risk.texts import translate as _

# ISO 3166-1: three letters → two, by which the Unicode repository names countries.
_TWO_LETTERS: Final[dict[str, str]] = {
    three: two[0]
    for three, two in get_global("territory_aliases").items()
    if len(three) == 3 and three.isalpha() and len(two) == 1
}
# Where the name of the Unicode repository is not the one in use here.
_OWN: Final[dict[str, str]] = {"COD": mark("DR Congo")}


def name(code: Any) -> str:
    """Return the name of a country of ISO 3166-1 alpha-3; a code that none has stands for itself."""
    if pd.isna(code):
        return _("not reported")
    if code in _OWN:
        return _(_OWN[code])
    return str(Locale(spoken()).territories.get(_TWO_LETTERS.get(code, ""), code))
