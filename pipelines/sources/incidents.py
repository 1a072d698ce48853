"""Incidents: our CSV in the compiler's words; the codes of the atlas are derived by written rules."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipelines.reading import parsers
from pipelines.reading.text_tables import read_delimited
from pipelines.source import Field, Raw, Source, define, own_fields
from risk.classification import CATEGORY_OF, PLACE_PRECISION_OF, VERIFICATION_OF, classify_incidents
from risk.sensitivity import sensitivities
from warehouse.inputs import Incidents

_DERIVED: Final = (
    "category",
    "secondary_categories",
    "severity",
    "severity_reason",
    "verification",
    "place_precision",
    "has_children",
    "counts_in_toll",
    "sensitivity",
)

_CATEGORIES: Final = parsers.words({word: codes[0] for word, codes in CATEGORY_OF.items()})


def _yes_or_count(cell: str) -> bool | None:
    """Return whether children are reported: 'yes', or the number of them."""
    said: bool | None = parsers.flag.one(cell)
    count = parsers.whole.one(cell)
    return said if count is None else bool(count > 0)


_CHILDREN: Final = parsers.Parser(
    pd.BooleanDtype(), _yes_or_count, lambda cell: "neither yes, no nor a number of children"
)


def _derive(shaped: pd.DataFrame, raw: Raw) -> pd.DataFrame:
    """Add the codes. A blank cell is no report of children, and no leave to count the deaths in totals.

    A word that is no yes or no stays missing, so that the contract speaks.
    """
    for ours, theirs in (("has_children", "children_reported"), ("counts_in_toll", "toll_reported")):
        shaped[ours] = shaped[ours].mask(raw.frame[theirs].str.strip().eq(""), False)
    shaped = shaped.assign(**classify_incidents(shaped))
    is_described = shaped["victims_age_band"].notna() | shaped["victims_sex"].notna()
    describes_people = shaped["has_children"].fillna(False) | is_described
    return shaped.assign(
        sensitivity=sensitivities(shaped["category"], shaped["secondary_categories"], describes_people)
    )


INCIDENTS: Final[Source] = define(
    "incidents",
    "incidents",
    Incidents,
    reader=read_delimited,
    fields=(
        *own_fields(Incidents, without=_DERIVED),
        Field("category", "category_reported", _CATEGORIES),
        Field("verification", "verification_reported", parsers.words(VERIFICATION_OF)),
        Field("place_precision", "place_precision_reported", parsers.words(PLACE_PRECISION_OF)),
        Field("has_children", "children_reported", _CHILDREN),
        Field("counts_in_toll", "toll_reported", parsers.flag),
    ),
    finish=_derive,
    about="Reported incidents, our CSV; categories, severity and verification are derived",
)
