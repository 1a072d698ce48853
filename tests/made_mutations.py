"""Editions with a source that cannot be read, holds no row, or lost half of its rows; and what pages say of them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from streamlit.testing.v1 import AppTest

from pipelines.build import rows_of
from pipelines.checks.checking import Checked, check
from pipelines.checks.crosschecks import cross_check
from pipelines.edition import EditionSpec, load_edition
from pipelines.measures import MEASURES, ordered
from pipelines.measuring.moment import Moment
from pipelines.sources import SOURCES

Mutation = Callable[[Path], None]


def unreadable(path: Path) -> None:
    """Leave bytes that are no text."""
    path.write_bytes(bytes(range(256)) * 8)


def emptied(path: Path) -> None:
    """Leave the header."""
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8")


def halved(path: Path) -> None:
    """Break each second row: its first cell is left of it."""
    header, *rows = csv.reader(io.StringIO(path.read_text("utf-8")))
    kept = [row if number % 2 else row[:1] for number, row in enumerate(rows)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *kept])


def mutated(edition: Path, folder: Path, mutations: Mapping[str, Mutation]) -> Path:
    """Return a copy of `edition` in `folder` with some files (by stem) mutated."""
    shutil.copytree(edition, folder)
    for stem, mutate in mutations.items():
        mutate(folder / f"{stem}.csv")
    return folder


@dataclass(frozen=True)
class Sound:
    """An edition whose files are read already, so that of a mutated copy only the mutated ones are read."""

    folder: Path
    spec: EditionSpec
    files: Mapping[str, Checked]

    @classmethod
    def of(cls, folder: Path) -> Sound:
        """Read the edition in `folder`."""
        spec = load_edition(folder)
        files = {
            given.path.name: check(SOURCES[given.source], given.path, spec.bounds) for given in spec.inputs
        }
        return cls(folder, spec, files)

    def rows(self, folder: Path, **mutations: Mutation) -> dict[str, pd.DataFrame]:
        """Return what the measures read after some files (by stem) were mutated; copies go into `folder`."""
        files = dict(self.files)
        for stem, mutate in mutations.items():
            name = f"{stem}.csv"
            copy = Path(shutil.copy(self.folder / name, folder / name))
            mutate(copy)
            files[name] = check(self.files[name].source, copy, self.spec.bounds)
        return rows_of(self.spec, cross_check([*files.values()], cited_files=self.spec.cited_files))


def found_by(tables: Mapping[str, Any], moment: Moment, *wanted: str) -> dict[str, Any]:
    """Return `tables` with what is measured as far as `wanted` tables need it."""
    needed = set(wanted)
    for measure in reversed(ordered()):
        if needed & {*measure.gives}:
            needed |= {*measure.reads}
    known = dict(tables)
    for measure in ordered():
        if needed & {*measure.gives}:
            known |= measure.compute(known, moment)
    return known


MEASURED = {table for measure in MEASURES for table in measure.gives}


def texts_of(app: AppTest) -> list[str]:
    """Return every text of a page that is no cell of a table."""
    kinds = (
        app.title,
        app.header,
        app.subheader,
        app.markdown,
        app.caption,
        app.info,
        app.warning,
        app.error,
    )
    return [element.value for elements in kinds for element in elements]


def cells_of(app: AppTest) -> Iterator[tuple[str, Any]]:
    """Yield column and value of each cell of a page's tables, as they are downloaded."""
    for table in app.dataframe:
        for column in table.value.columns:
            for value in table.value[column]:
                yield str(column), value


def drawn_by(app: AppTest) -> Iterator[tuple[str, Any]]:
    """Yield field and value of each row behind a page's charts."""
    for chart in app.get("vega_lite_chart"):
        sent = [one.data.data for one in chart.proto.datasets] + [chart.proto.data.data]
        for data in filter(None, sent):
            rows = pa.ipc.open_stream(data).read_pandas()
            for field in rows.columns:
                for value in rows[field]:
                    yield str(field), value
        yield from _inline(json.loads(chart.proto.spec))


def _inline(spec: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(spec, dict):
        for row in spec.get("values", []) if isinstance(spec.get("values"), list) else []:
            if isinstance(row, dict):
                yield from row.items()
        for part in spec.values():
            yield from _inline(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from _inline(part)


def is_zero(value: Any) -> bool:
    """Return whether a cell is the number 0, or its text."""
    if isinstance(value, str):
        return value.strip() in {"0", "0.0", "0,0", "0 %"}
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool) and value == 0
