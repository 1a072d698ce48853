"""How a contract is written: column types, checks, the base of all tables.

An absent value is missing, never zero or ''. Lists are '; '-separated text. Geometry is WKB in
EPSG:4326 in a column `geometry`. Dates are day-exact `datetime64`; `*_reported` columns keep the
publisher's own word.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

Bounds = tuple[float, float, float, float]

# West, south, east, north in degrees: a box around the DRC, one tenth of a degree wide of it. It bounds
# every edition that names no other.
DRC_BOUNDS: Final[Bounds] = (12.1, -13.6, 31.5, 5.5)

Text = pd.StringDtype
Whole = pd.Int64Dtype
Number = pd.Float64Dtype
Flag = pd.BooleanDtype
Day = pa.DateTime
Geometry = Series[object]


def column(
    description: str,
    *,
    unit: str | None = None,
    names_person: bool = False,
    restricted: bool = False,
    free_text: bool = False,
    **checks: Any,
) -> Any:
    """Return a contract column with its description, unit and checks.

    `names_person` marks columns that may name a natural person: their rejected values are masked.
    `restricted` marks what nobody but staff ever sees. `free_text` marks words as they came, which no code
    list bounds: below staff they are seen of public records only, for nobody knows what they give away.
    """
    return pa.Field(
        description=description,
        metadata={
            "unit": unit,
            "names_person": names_person,
            "restricted": restricted,
            "free_text": free_text,
        },
        **checks,
    )


def optional(description: str, **options: Any) -> Any:
    """Return a contract column whose value may be absent."""
    return column(description, nullable=True, **options)


def codes(known: Any) -> list[str]:
    """Return the code list of `known` for an `isin` check."""
    return [str(code) for code in known]


LONGITUDE: Final[dict[str, Any]] = {"unit": "degrees", "ge": -180, "le": 180}
LATITUDE: Final[dict[str, Any]] = {"unit": "degrees", "ge": -90, "le": 90}


class Table(pa.DataFrameModel):
    """Base of all contracts: strict columns, coerced types, fixed order."""

    class Config:
        """How pandera holds a frame to the contract."""

        strict = True
        ordered = True
        coerce = True
