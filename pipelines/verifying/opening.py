"""The files of a release side by side in one sealed connection, and what was found wrong in them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb

from risk.errors import BrokenRelease
from risk.vocabulary import Audience
from warehouse.manifest import Manifest
from warehouse.release import file_name
from warehouse.storage import SEALED, columns_of, seal

REBUILD: Final = "do not serve this release; correct the step that derives the table, build again"
log = logging.getLogger(__name__)

# The schema under which staff's file of the release before is opened.
BEFORE: Final = "before"
# What staff's file carries from one release to the next.
_CARRIED: Final = (
    *("disclosure_assignments", "disclosure_site_batches", "published_records", "disclosure_records"),
    *("disclosure_cohorts", "disclosure_cohort_sums"),
)


@dataclass(frozen=True)
class Fault:
    """A rule that rows break: file, table, the first row's key, the rule, how many rows, what to do."""

    file: str
    table: str
    key: str
    rule: str
    rows: int = 1
    next_move: str = REBUILD

    def __str__(self) -> str:
        return f"{self._where()}, row {self.key}: {self.rule} ({self._many()}). Next: {self.next_move}"

    def without_key(self) -> str:
        """Return the same without any value of a row, for logs."""
        return f"{self._where()}: {self.rule} ({self._many()}). Next: {self.next_move}"

    def _where(self) -> str:
        return f"{self.file}, table {self.table}" if self.table else self.file

    def _many(self) -> str:
        return f"{self.rows} row{'s' if self.rows > 1 else ''}"


@dataclass
class Findings:
    """Of one release: the rules that are broken, and what was checked, how many of each."""

    release_id: str
    faults: list[Fault] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)

    def count(self, what: str, many: int) -> None:
        """Add `many` to what was checked."""
        self.checked[what] = self.checked.get(what, 0) + many


@dataclass(frozen=True)
class Files:
    """The opened files: one schema an audience (`staff`, `public`, …).

    Of the release before, where it stands: `before` is staff's, `before_public` the public's, and so on.
    """

    connection: duckdb.DuckDBPyConnection
    folder: Path
    manifest: Manifest
    audiences: tuple[Audience, ...]
    findings: Findings
    before: tuple[Audience, ...]

    @property
    def has_before(self) -> bool:
        """Return whether staff's file of the release before is there."""
        return Audience.STAFF in self.before

    @property
    def below(self) -> tuple[Audience, ...]:
        """Return the audiences below staff."""
        return tuple(one for one in self.audiences if one is not Audience.STAFF)

    def name(self, schema: str) -> str:
        """Return the name of the file of a schema, for messages."""
        return file_name(self.manifest.edition, schema)

    def number(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Return the one whole number that `sql` gives; 0 where it gives none."""
        row = self.connection.execute(sql, parameters or {}).fetchone()
        return int(row[0] or 0) if row else 0

    def hold(
        self, schema: str, table: str, rule: str, sql: str, parameters: Mapping[str, Any] | None = None
    ) -> bool:
        """Note a fault where `sql` gives rows: those that break `rule`, with their `key`; return if it holds."""
        found = self.connection.execute(f"SELECT count(*), min(key::VARCHAR) FROM ({sql})", parameters or {})
        many, key = found.fetchone() or (0, None)
        if many:
            self.findings.faults.append(Fault(self.name(schema), table, str(key), rule, int(many)))
        return not many


@contextmanager
def opened(folder: Path, manifest: Manifest, before: Path | None) -> Iterator[Files]:
    """Yield the files that `manifest` names in `folder`, with those of the release in `before`, read-only.

    Raises BrokenRelease where one cannot be opened.
    """
    there = tuple(one for one in Audience if file_name(manifest.edition, one) in manifest.files)
    connection = duckdb.connect(":memory:", config=SEALED)
    try:
        for one in there:
            _attach(connection, folder / file_name(manifest.edition, one), one.value)
        stood = _attach_before(connection, before, manifest.edition) if before is not None else ()
        seal(connection)
        yield Files(connection, folder, manifest, there, Findings(manifest.release_id), stood)
    except duckdb.Error as error:
        raise BrokenRelease(f"{folder} cannot be checked ({error}). Next: {REBUILD}") from error
    finally:
        connection.close()


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, schema: str) -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS {schema} (READ_ONLY)")


def _attach_before(connection: duckdb.DuckDBPyConnection, before: Path, edition: str) -> tuple[Audience, ...]:
    """Attach what can be read of the release in `before`; of one of other contracts, or without staff's file, nothing."""
    names = {one: BEFORE if one is Audience.STAFF else f"{BEFORE}_{one.value}" for one in Audience}
    found = []
    for one in (Audience.STAFF, Audience.RESEARCHER, Audience.MEMBER, Audience.PUBLIC):
        tables = _CARRIED if one is Audience.STAFF else ("disclosed_counts",)
        try:
            _attach(connection, before / file_name(edition, one), names[one])
            is_known = all(
                [row[0] for row in connection.execute(f"DESCRIBE {names[one]}.{table}").fetchall()]
                == columns_of(table)
                for table in tables
            )
        except duckdb.Error as error:
            log.warning("of the release before, %s cannot be read: %s", file_name(edition, one), error)
            is_known = False
        if is_known:
            found.append(one)
        if Audience.STAFF not in found:
            return ()
    return tuple(found)
