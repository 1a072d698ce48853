"""Rows set aside, as rows of `rejected_row`: whole, as they came, with names of persons masked."""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines.source import Raw, Source
from warehouse.derived import RejectedRow

MASK: Final = "(masked: may name a person)"
NOT_READ: Final = "(not read)"


def rejected_rows(source: Source, file: str, raw: Raw, faults: pd.DataFrame) -> pd.DataFrame:
    """Return `faults` (position, column_name, value, reason) as rows of `rejected_row`, by line.

    Columns that may name a person are masked, in the value and in the whole row; columns that the
    source does not read are not shown, since nobody knows what they hold.
    """
    order = faults.sort_values("position", kind="stable", ignore_index=True)
    masked = _personal(source)
    texts = _row_texts(source, raw, order["position"], masked)
    hides = order["column_name"].isin(masked) & order["value"].notna()
    frame = pd.DataFrame(
        {
            "table_name": source.table,
            "file": file,
            "line": raw.lines[order["position"].to_numpy(dtype=np.int64)],
            "column_name": order["column_name"],
            "value": order["value"].where(~hides, MASK),
            "reason": order["reason"],
            "row_text": order["position"].map(texts),
        }
    )
    return RejectedRow.validate(frame)


def _personal(source: Source) -> frozenset[str]:
    """Return the publisher's names of columns that may name a natural person."""
    columns = source.contract.to_schema().columns
    return frozenset(
        field.theirs
        for field in source.fields
        if field.ours in columns and (columns[field.ours].metadata or {}).get("names_person")
    )


def _row_texts(source: Source, raw: Raw, positions: pd.Series, masked: frozenset[str]) -> dict[int, str]:
    """Return each row as JSON; a broken row, whose cells may have moved, is masked whole if any cell is."""
    read = {field.theirs for field in source.fields} | set(source.also)
    ragged = {fault.position: fault.cells for fault in raw.faults}
    wanted = sorted(set(positions))
    records = raw.frame.iloc[wanted].to_dict("records")
    texts = {}
    for position, record in zip(wanted, records, strict=True):
        if position in ragged:
            row: Any = [MASK] if masked else list(ragged[position])
        else:
            row = {name: _shown(name, value, read, masked) for name, value in record.items()}
        texts[position] = json.dumps(row, ensure_ascii=False)
    return texts


def _shown(name: Any, value: Any, read: set[str], masked: frozenset[str]) -> Any:
    if not value:
        return value
    if name in masked:
        return MASK
    return value if name in read else NOT_READ
