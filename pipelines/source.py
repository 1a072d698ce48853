"""What a source is: how one publisher's format becomes one of our tables.

`read` gives the file as it stands, `shape` gives our names and types; both keep every row in place, so
that a fault found later still knows the line it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.reading import outlines, parsers
from pipelines.reading.parsers import Parser
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
    """One column: our name, the publisher's name, and how its cells are read."""

    ours: str
    theirs: str
    parser: Parser = parsers.text


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


def own_fields(contract: type[Table], *, without: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """Return the fields of a file of ours: its columns are the contract's, `wkt` stands for `geometry`."""
    found = []
    for name, spec in contract.to_schema().columns.items():
        if name in without:
            continue
        kind = str(spec.dtype)
        if name in {"lon", "lat"}:
            found.append(Field(name, name, parsers.degrees))
        elif kind.startswith("datetime64"):
            found.append(Field(name, name, parsers.day))
        elif name == "geometry":
            found.append(Field(name, "wkt", outlines.wkt_outline))
        else:
            found.append(Field(name, name, _PARSERS.get(kind, parsers.text)))
    return tuple(found)


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
        {f.ours: f.parser.parse(raw.frame[f.theirs]) for f in fields}, index=pd.RangeIndex(len(raw.lines))
    ).assign(**constants)
    if finish is not None:
        shaped = finish(shaped, raw)
    return shaped.reindex(columns=list(contract.to_schema().columns))


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
    required = tuple(dict.fromkeys((*(f.theirs for f in fields), *also)))
    return Source(
        name=name,
        table=table,
        contract=contract,
        read=partial(reader, required=required),
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
