"""Groups of sources: a report that is printed again elsewhere counts once.

The group is whoever reported first, as far as the name of the publisher tells: `RFI via allAfrica` and
`Kewoulo (RFI)` are RFI, `La Libre Afrique/AFP` is AFP. Two outlets under one owner stay two.
"""

from __future__ import annotations

import re
from typing import Any, Final

import pandas as pd

AGENCIES: Final = ("AFP", "Reuters", "AP", "Belga", "Bloomberg", "Xinhua", "Dow Jones", "EFE", "DPA", "ACP")
_VIA: Final = re.compile(r"\s+via\s+", re.IGNORECASE)
_BRACKET: Final = re.compile(r"\(([^()]+)\)\s*$")
_FEED: Final = re.compile(r"\s+(?:feed|wire|reprint|flux)$", re.IGNORECASE)


def source_group(publisher: Any) -> str | None:
    """Return the group of sources that `publisher` belongs to; None where it is missing.

    >>> source_group("Radio Okapi via Business & Human Rights Resource Centre")
    'Radio Okapi'
    >>> source_group("La Libre Afrique/AFP"), source_group("Belga/AFP via Newstrotteur")
    ('AFP', 'AFP')
    >>> source_group("Reuters (reposted)"), source_group("Amnesty International (AI)")
    ('Reuters', 'Amnesty International')
    >>> source_group("allAfrica (Radio Okapi feed)"), source_group("Atlantis (Liberation/AFP)")
    ('Radio Okapi', 'AFP')
    """
    if pd.isna(publisher) or not str(publisher).strip():
        return None
    name = _VIA.split(str(publisher).strip(), maxsplit=1)[0]
    bracket = _BRACKET.search(name)
    if bracket:
        before, inside = name[: bracket.start()], bracket.group(1)
        # In small letters it says what kind of page it is: `(blog)`, `(headline list)`.
        is_source = inside[0].isupper() and not _is_abbreviation(inside, before)
        name = inside if is_source else before
    name = _FEED.sub("", name).strip()
    parts = [part.strip() for part in name.split("/")]
    wires = [part for part in parts if part in AGENCIES]
    # Of two agencies the last: the first passed it on.
    return wires[-1] if wires else parts[0]


def source_groups(publishers: pd.Series) -> pd.Series:
    """Return `source_group` of each publisher, as text."""
    known = {name: source_group(name) for name in publishers.dropna().unique()}
    return publishers.map(known).astype("string")


def _is_abbreviation(inside: str, before: str) -> bool:
    """Return whether the bracket holds the initials of the name before it, as in `Amnesty International (AI)`."""
    initials = "".join(word[0] for word in re.findall(r"[A-Za-zÀ-ÿ]+", before)).casefold()
    letters = re.sub(r"\W", "", inside).casefold()
    return len(letters) <= len(initials) + 1 and all(letter in initials for letter in letters)
