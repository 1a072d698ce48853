"""Why a single cell breaks its contract, in plain words with what is allowed.

A reason goes on after "column is 'value', …", or after "column is …" where the cell is blank.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
from pandera.errors import SchemaErrors

from pipelines.source import Raw, Source

Row = tuple[int, str | None, str | None, str | None, str]
EMPTY: Final = "empty; a value must be given"


def unparsed(source: Source, raw: Raw, shaped: pd.DataFrame) -> Iterator[Row]:
    """Yield position, our column, their column, value and reason of each cell that could not be read."""
    for field in source.fields:
        if field.parser.may_drop or field.ours not in shaped.columns:
            continue
        cells = field.cells(raw)
        lost = np.flatnonzero(shaped[field.ours].isna().to_numpy() & (cells.str.strip() != "").to_numpy())
        reasons: dict[str, str] = {}
        for position, value in zip(lost, cells.iloc[lost].astype(str), strict=True):
            if value not in reasons:
                reasons[value] = field.parser.explain(value.strip())
            yield int(position), field.ours, field.theirs, value, reasons[value]


def failures(source: Source, raw: Raw, errors: SchemaErrors) -> Iterator[Row]:
    """Yield the same for what the contract refused; repeated keys are judged elsewhere."""
    theirs = {field.ours: field.theirs for field in source.fields}
    for error in errors.schema_errors:
        ours = str(getattr(error.schema, "name", ""))
        cases = error.failure_cases
        if error.reason_code is not None and error.reason_code.name == "SERIES_CONTAINS_DUPLICATES":
            continue
        if not isinstance(cases, pd.DataFrame) or cases["index"].isna().any():
            # A whole column of a wrong type is a fault of the source's code, not of the file.
            raise error
        column = theirs.get(ours, ours)
        positions = cases["index"].astype(int)
        is_read = column in raw.frame.columns
        values = raw.frame[column].iloc[positions].tolist() if is_read else map(_case, cases["failure_case"])
        for position, value in zip(positions, values, strict=True):
            if not value or not value.strip():
                yield int(position), ours, column, None, EMPTY
            else:
                yield int(position), ours, column, value, _refusal(error)


def _case(case: Any) -> str | None:
    return None if pd.isna(case) else str(case)


def _refusal(error: Any) -> str:
    """Return in plain words which promise was broken."""
    check = error.check
    limits: dict[str, Any] = getattr(check, "statistics", None) or {}
    match getattr(check, "name", None):
        case "isin":
            return f"not one of {', '.join(str(word) for word in limits['allowed_values'])}"
        case "greater_than_or_equal_to":
            return f"below {limits['min_value']}, the least allowed"
        case "greater_than":
            return f"not above {limits['min_value']}"
        case "less_than_or_equal_to":
            return f"above {limits['max_value']}, the most allowed"
        case "str_matches":
            return f"not of the form {_pattern(limits['pattern'])}"
        case "str_length":
            return "not of the right length"
        case _:
            return "not what the contract allows; see the codebook"


def _pattern(pattern: Any) -> str:
    return str(getattr(pattern, "pattern", pattern))
