"""What a source is: how one publisher's format becomes one of our tables.

`read` gives the file as it stands, `shape` gives our names and types; both keep every row in place, so
that a fault found later still knows the line it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.reading import outlines, parsers
from pipelines.reading.parsers import Parser
from risk.errors import UnreadableFile
from warehouse.columns import Table
from warehouse.contracts import TABLES


@dataclass(frozen=True)
class Fault:
    """A row that is broken before anything is read from it, such as one with too few cells.

    `position` counts from 0 in the frame; `cells` is the row as it came.
    """

    position: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Raw:
    """A file as it stands: all text ('' is blank), the publisher's columns, and where each row was.

    `lines` holds, for each row of `frame`, its line in the file or the number of its feature.
    """

    frame: pd.DataFrame
    lines: npt.NDArray[np.int64]
    remarks: str | None = None
    faults: tuple[Fault, ...] = ()

    def only(self, keep: npt.NDArray[np.bool_]) -> Raw:
        """Return the rows where `keep` is true, with their own lines and faults."""
        place = np.cumsum(keep) - 1
        faults = tuple(replace(f, position=int(place[f.position])) for f in self.faults if keep[f.position])
        return replace(
            self, frame=self.frame[keep].reset_index(drop=True), lines=self.lines[keep], faults=faults
        )


@dataclass(frozen=True)
class Field:
    """One column: our name, the publisher's name, and how its cells are read.

    A file may lack an `is_optional` column: then all its cells are blank.
    """

    ours: str
    theirs: str
    parser: Parser = parsers.text
    is_optional: bool = False

    def cells(self, raw: Raw) -> pd.Series:
        """Return the cells of this column, as they stand in `raw`."""
        if self.theirs in raw.frame.columns:
            return raw.frame[self.theirs]
        return pd.Series("", index=raw.frame.index, dtype="str")


@dataclass(frozen=True)
class Scope:
    """Which rows of a wider file are meant: `keep` gives a mask, `says` puts it into words."""

    keep: Callable[[Raw], npt.NDArray[np.bool_]]
    says: str


Reader = Callable[..., Raw]
Finish = Callable[[pd.DataFrame, Raw], pd.DataFrame]


@dataclass(frozen=True)
class Source:
    """One publisher's format and the table it becomes.

    `key` identifies a row; `is_bounded` holds positions and outlines to the area of the edition; `also`
    names columns that are read beside those of `fields`.
    """

    name: str
    table: str
    contract: type[Table]
    read: Callable[[Path], Raw]
    shape: Callable[[Raw], pd.DataFrame]
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    about: str
    is_bounded: bool = True
    scope: Scope | None = None
    also: tuple[str, ...] = ()


_PARSERS: Final[Mapping[str, Parser]] = {
    "Int64": parsers.whole,
    "Float64": parsers.number,
    "boolean": parsers.flag,
    "object": outlines.wkt_outline,
}
# Columns that a file of ours may lack, by the name they have there. Without the first one all is public.
_MAY_LACK: Final[Mapping[str, str]] = {
    "is_public_record": "public_record",
    **{name: name for name in ("victims_age_band", "victims_sex", "embargo_until", "source_note")},
}


def own_fields(
    contract: type[Table], *, without: tuple[str, ...] = (), is_public_unless_said: bool = True
) -> tuple[Field, ...]:
    """Return the fields of a file of ours: its columns are the contract's, `wkt` stands for `geometry`.

    `is_public_unless_said`: a record of which the file does not say whether it is public, is.
    """
    found = []
    for name, spec in contract.to_schema().columns.items():
        if name in without:
            continue
        theirs = "wkt" if name == "geometry" else _MAY_LACK.get(name, name)
        parser = _own_parser(name, str(spec.dtype))
        if name == "is_public_record" and not is_public_unless_said:
            parser = parsers.no_unless_yes
        found.append(Field(name, theirs, parser, name in _MAY_LACK))
    return tuple(found)


def _own_parser(name: str, kind: str) -> Parser:
    if name in {"lon", "lat"}:
        return parsers.degrees
    if name == "is_public_record":
        return parsers.yes_unless_no
    return parsers.day if kind.startswith("datetime64") else _PARSERS.get(kind, parsers.text)


def shape_fields(
    raw: Raw,
    *,
    contract: type[Table],
    fields: tuple[Field, ...],
    constants: Mapping[str, Any],
    finish: Finish | None,
) -> pd.DataFrame:
    """Return `raw` with the columns of `contract`, in its order, one row a row of `raw`.

    `constants` are the same in each row; `finish` derives columns from what was read. Columns that
    nothing gives are missing.
    """
    shaped = pd.DataFrame(
        {f.ours: f.parser.parse(f.cells(raw)) for f in fields}, index=pd.RangeIndex(len(raw.lines))
    ).assign(**constants)
    if finish is not None:
        shaped = finish(shaped, raw)
    return shaped.reindex(columns=list(contract.to_schema().columns))


def _read(path: Path, *, reader: Reader, required: tuple[str, ...], optional: tuple[str, ...]) -> Raw:
    """Return what `reader` gives; refuse a column that nearly has the name of an optional one.

    To pass over `public_records` would make every record of the file public.
    """
    raw = reader(path, required=required)
    for column in raw.frame.columns.difference([*required, *optional]):
        if near := get_close_matches(str(column).lower(), optional, n=1, cutoff=0.8):
            raise UnreadableFile(
                path.name, f"has a column {column!r}, which nobody reads", next_move=f"name it {near[0]}"
            )
    return raw


def define(
    name: str,
    table: str,
    contract: type[Table],
    *,
    reader: Reader,
    fields: tuple[Field, ...],
    about: str,
    constants: Mapping[str, Any] | None = None,
    finish: Finish | None = None,
    also: tuple[str, ...] = (),
    key: tuple[str, ...] | None = None,
    is_bounded: bool = True,
    scope: Scope | None = None,
) -> Source:
    """Return a source whose columns are mostly a list of fields.

    `reader(path, required=…)` reads the file; `also` names columns that `finish` or `scope` read.
    """
    required = tuple(dict.fromkeys((*(f.theirs for f in fields if not f.is_optional), *also)))
    optional = tuple(f.theirs for f in fields if f.is_optional)
    return Source(
        name=name,
        table=table,
        contract=contract,
        read=partial(_read, reader=reader, required=required, optional=optional),
        shape=partial(
            shape_fields, contract=contract, fields=fields, constants=constants or {}, finish=finish
        ),
        fields=fields,
        key=TABLES[table].key if key is None else key,
        about=about,
        is_bounded=is_bounded,
        scope=scope,
        also=also,
    )
