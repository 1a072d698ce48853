"""Does a publisher's territory name the area we found, although the two spell it differently?

Publishers mark cities as they like: `Kolwezi (ville)`, `Ville de Kolwezi`, or not at all. A mark
narrows the name to its kind, so that `Kipushi (ville)` is not the territory of Kipushi; a name
without a mark may mean either. Accents, case, hyphens and spaces do not count. Where the publisher
names several areas, separated by `;` or `/`, one that agrees is enough.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import pandas as pd

_MARKS: Final = {
    "ville": "city",
    "city": "city",
    "territoire": "territory",
    "territory": "territory",
}
_FILLERS: Final = frozenset({"de", "du", "of"})


def names_other(reported: pd.Series, name: pd.Series, kind: pd.Series) -> pd.Series:
    """Return for each row whether `reported` names another area than the one of `name` and `kind`.

    Boolean; missing where either name is missing or the reported one is empty. Positions count, the
    index does not.
    """
    asked = pd.DataFrame(
        {
            column: pd.Series(values, dtype="string").array
            for column, values in (("reported", reported), ("name", name), ("kind", kind))
        }
    )
    # Few distinct questions even in a million rows.
    question = asked.groupby(list(asked), dropna=False, sort=False).ngroup()
    distinct = asked[~question.duplicated()].astype(object)
    answers = [
        is_other(*(None if pd.isna(word) else word for word in words))
        for words in distinct.itertuples(index=False, name=None)
    ]
    given = pd.array(answers, dtype="boolean").take(question.to_numpy())
    return pd.Series(given, index=reported.index)


def is_other(reported: str | None, name: str | None, kind: str | None) -> bool | None:
    """Return whether `reported` names another area than `name`; None where nothing can be compared.

    >>> is_other("Kolwezi (ville)", "Mutshatsha", "territory")
    True
    >>> is_other("Kipushi (ville)", "Kipushi", "territory"), is_other("Kipushi", "Kipushi", "city")
    (True, False)
    """
    if reported is None or name is None:
        return None
    ours = _words(name)[0]
    theirs = [_words(part) for part in re.split(r"[;/]", reported)]
    named = [(words, mark) for words, mark in theirs if words]
    if not named:
        return None
    return not any(words == ours and mark in (None, kind) for words, mark in named)


def _words(text: str) -> tuple[str, str | None]:
    """Return the bare name and the kind it is marked with, if any."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.findall(r"[^\W_]+", plain)
    mark = next((_MARKS[word] for word in words if word in _MARKS), None)
    if mark is not None:
        words = [word for word in words if word not in _MARKS and word not in _FILLERS]
    return " ".join(words), mark
