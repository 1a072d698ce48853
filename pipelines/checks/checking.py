"""Hold a file to its contract: what was taken, what was set aside, and why.

Each broken promise is one row of `rejected_row`: file, line, column in the publisher's word, value as it
came, reason. Columns that may name a natural person are masked there, and so are columns that nobody
has looked at. A row is taken whole or set aside whole; rows in = rows taken + rows set aside.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandera.errors import SchemaErrors

from pipelines.checks.framework_rules import broken_framework_rules
from pipelines.checks.reasons import failures, unparsed
from pipelines.checks.rejecting import rejected_rows
from pipelines.checks.reporting import summary as summary
from pipelines.checks.rules import broken_rules, repeats
from pipelines.source import Fault, Raw, Source
from warehouse.columns import DRC_BOUNDS, Bounds

_COLUMNS: Final = ["position", "ours", "column_name", "value", "reason"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """One file held to its contract.

    `taken` has the contract's columns and types; `positions` says, for each row of it, where it stands
    in `raw`. `rejected` is a frame of the contract RejectedRow. `state` is 'loaded', or 'none_found'
    where the file holds a header and no row.
    """

    source: Source
    file: str
    taken: pd.DataFrame
    rejected: pd.DataFrame
    rows_in: int
    remarks: str | None
    state: str
    raw: Raw
    positions: npt.NDArray[np.int64]

    @property
    def table(self) -> str:
        """Name of the table the file was read for."""
        return self.source.table

    @property
    def rows_rejected(self) -> int:
        """Number of rows set aside; one row may have broken several promises."""
        return self.rows_in - len(self.taken)

    @property
    def lines(self) -> npt.NDArray[np.int64]:
        """Line in the file of each row taken."""
        return self.raw.lines[self.positions]


def check(source: Source, path: Path, bounds: Bounds = DRC_BOUNDS) -> Checked:
    """Return the rows of `path` that keep the contract of `source`, and those that do not.

    Positions and outlines lie within `bounds` (degrees), unless the source is of the whole world.
    Raises UnreadableFile where the file cannot be read at all.
    """
    raw, remarks = _in_scope(source, source.read(path))
    shaped = source.shape(raw)
    found = _faults(source, raw, shaped, bounds if source.is_bounded else None)
    faults = _drop_ragged(found, raw.faults)
    stays = np.ones(len(shaped), dtype=bool)
    stays[faults["position"].to_numpy(dtype=np.int64)] = False
    faults = pd.concat([faults, _repeated(source, raw, shaped, stays)], ignore_index=True)
    stays[faults["position"].to_numpy(dtype=np.int64)] = False
    checked = Checked(
        source=source,
        file=path.name,
        taken=source.contract.validate(shaped[stays].reset_index(drop=True)),
        rejected=rejected_rows(source, path.name, raw, faults),
        rows_in=len(shaped),
        remarks=remarks,
        state="loaded" if len(shaped) else "none_found",
        raw=raw,
        positions=np.flatnonzero(stays),
    )
    log.info(
        "%s: %s: %d rows in, %d taken, %d set aside",
        checked.table,
        checked.file,
        checked.rows_in,
        len(checked.taken),
        checked.rows_rejected,
    )
    return checked


def set_aside(
    checked: Checked, rows: npt.NDArray[np.bool_], columns: Sequence[str], reason: str | list[str]
) -> Checked:
    """Return `checked` without those of its taken `rows` (a mask), which are rejected for `reason`.

    A list gives each of them its own.
    """
    if not rows.any():
        return checked
    faults = _fault_rows(
        checked.source,
        checked.raw,
        checked.taken[rows],
        checked.positions[rows],
        tuple(columns),
        reason,
    )
    more = rejected_rows(checked.source, checked.file, checked.raw, faults)
    both = pd.concat([checked.rejected, more], ignore_index=True)
    return replace(
        checked,
        taken=checked.taken[~rows].reset_index(drop=True),
        positions=checked.positions[~rows],
        rejected=both.sort_values("line", kind="stable", ignore_index=True),
    )


def remark(checked: Checked, text: str) -> Checked:
    """Return `checked` with one more remark."""
    return replace(checked, remarks=f"{checked.remarks}; {text}" if checked.remarks else text)


def _in_scope(source: Source, raw: Raw) -> tuple[Raw, str | None]:
    """Return the rows that are meant, and the remarks; how many others there are is said in them."""
    if source.scope is None:
        return raw, raw.remarks
    keep = source.scope.keep(raw)
    # A broken row may hide what it is: it is looked at, and set aside with its reason.
    keep[[fault.position for fault in raw.faults]] = True
    says = f"{int((~keep).sum())} of {len(keep)} rows are not {source.scope.says} and were left out"
    return raw.only(keep), f"{raw.remarks}; {says}" if raw.remarks else says


def _faults(source: Source, raw: Raw, shaped: pd.DataFrame, bounds: Bounds | None) -> pd.DataFrame:
    """Return every broken promise of a single row: one row a promise, by position and our column."""
    found = [_frame(unparsed(source, raw, shaped))]
    known = _cells(found[0])
    try:
        source.contract.validate(shaped, lazy=True)
    except SchemaErrors as errors:
        found.append(_without(_frame(failures(source, raw, errors)), known, source))
        known |= _cells(found[1])
    for broken in (*broken_rules(shaped, bounds), *broken_framework_rules(shaped)):
        rows = [
            row
            for row in np.flatnonzero(broken.rows).tolist()
            if not any((row, name) in known for name in broken.columns)
        ]
        positions = np.array(rows, dtype=np.int64)
        found.append(_fault_rows(source, raw, shaped.iloc[rows], positions, broken.columns, broken.reason))
    faults = pd.concat(found, ignore_index=True)
    return faults.drop_duplicates(["position", "column_name", "reason"], ignore_index=True)


def _frame(rows: Iterator[tuple[int, str | None, str | None, str | None, str]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=_COLUMNS).astype(
        {
            "position": "int64",
            "ours": "string",
            "column_name": "string",
            "value": "string",
            "reason": "string",
        }
    )


def _cells(faults: pd.DataFrame) -> set[tuple[int, Any]]:
    return set(zip(faults["position"], faults["ours"], strict=True))


def _without(faults: pd.DataFrame, known: set[tuple[int, Any]], source: Source) -> pd.DataFrame:
    """Drop what follows from a fault already found: the same cell, or a column derived from it."""
    rows_known = {position for position, _ in known}
    read = {field.ours for field in source.fields}
    keep = [
        (int(row), ours) not in known and (ours in read or row not in rows_known)
        for row, ours in zip(faults["position"], faults["ours"], strict=True)
    ]
    return faults[np.array(keep, dtype=bool)]


def _fault_rows(
    source: Source,
    raw: Raw,
    shaped: pd.DataFrame,
    positions: npt.NDArray[np.int64],
    columns: tuple[str, ...],
    reason: str | list[str],
) -> pd.DataFrame:
    """Return one fault a position; the rows of `shaped` are those positions.

    Several columns are named and shown together; one that the file does not have is shown as derived.
    """
    theirs = {field.ours: field.theirs for field in source.fields}
    names = [theirs.get(column, column) for column in columns]
    lists = [
        raw.frame[name].iloc[positions] if name in raw.frame.columns else shaped[column].astype(object)
        for name, column in zip(names, columns, strict=True)
    ]
    values = [", ".join(str(cell) for cell in row) for row in zip(*lists, strict=True)]
    frame = pd.DataFrame({"position": positions, "value": values, "reason": reason})
    return frame.assign(ours=columns[0], column_name=", ".join(names))[_COLUMNS].astype(
        {"ours": "string", "column_name": "string", "value": "string", "reason": "string"}
    )


def _drop_ragged(faults: pd.DataFrame, ragged: tuple[Fault, ...]) -> pd.DataFrame:
    """Replace what was found in broken rows by the one fault that they are broken."""
    if not ragged:
        return faults
    alone = _frame((fault.position, None, None, None, fault.reason) for fault in ragged)
    rest = faults[~faults["position"].isin(alone["position"])]
    return pd.concat([rest, alone], ignore_index=True)


def _repeated(source: Source, raw: Raw, shaped: pd.DataFrame, stays: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return a fault for each sound row whose key an earlier sound row has: the first one stays."""
    again, first = repeats(shaped[stays], source.key, raw.lines[stays])
    positions = np.flatnonzero(stays)[again]
    faults = _fault_rows(source, raw, shaped.iloc[positions], positions, source.key, "")
    lines = first.to_numpy()[again]
    reasons = [f"in use since line {line}; give this row its own, or remove it" for line in lines]
    return faults.assign(reason=pd.array(reasons, dtype="string"))
