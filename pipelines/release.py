"""Write a release beside the one that stands, check it, publish it by one rename.

At any moment a kill leaves the old release served; what was half built is swept at the next run.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd
from filelock import FileLock, Timeout

from risk.errors import BrokenRelease, BuildRunning, NoRelease, ReleaseError
from risk.vocabulary import Audience, Edition
from warehouse.contracts import TABLES, method_version
from warehouse.manifest import MANIFEST, FilePromise, Input, Manifest, TablePromise, mixed
from warehouse.release import (
    CURRENT,
    current_release_id,
    edition_folder,
    file_name,
    open_release,
    report_name,
    sha256_of,
    verify,
)
from warehouse.storage import SEALED, columns_of, contents, create_table, quoted, seal, to_arrow

log = logging.getLogger(__name__)

BUILDING: Final = ".building-"
LOCK: Final = ".lock"

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Plan:
    """What a build would give: the manifest as far as it is known, and whether that release stands."""

    manifest: Manifest
    stands: bool


@contextmanager
def building(edition: Edition, releases_dir: Path) -> Iterator[Path]:
    """Hold the lock of `edition` and yield its folder, swept of what a killed build left behind.

    Raises BuildRunning where another build holds the lock; a process that dies lets go of it.
    """
    folder = edition_folder(edition, releases_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise BuildRunning(
            f"Another build of the {edition.value} edition is running in {folder}. "
            "Next: wait until it has ended, then build again"
        ) from None
    except OSError as error:
        raise ReleaseError(f"{folder} cannot be written ({error}). Next: check its permissions") from error
    try:
        _sweep(folder)
        yield folder
    finally:
        lock.release()


def plan(edition: Edition, as_of: date, inputs: Sequence[Input], releases_dir: Path) -> Plan:
    """Return what a build of `inputs` as of `as_of` would give.

    It `stands` where the release being served was made of the same, or where a build was killed
    between its two last steps. A served release that is broken is built anew under another id.
    Raises BrokenRelease where a release of that id stands and is broken.
    """
    previous = _previous(edition, releases_dir)
    draft = Manifest(
        edition=edition.value,
        as_of=as_of,
        method_version=method_version(),
        previous=previous,
        inputs=tuple(sorted(inputs, key=lambda item: (item.file, item.source))),
        files={},
        tables={},
        built_at="",
    )
    served = _served(edition, previous, releases_dir)
    if served is not None and served.is_made_of(draft):
        return Plan(served, stands=True)
    if not (edition_folder(edition, releases_dir) / draft.release_id).exists():
        return Plan(draft, stands=False)
    complete = open_release(edition, release_id=draft.release_id, releases_dir=releases_dir, verified=True)
    return Plan(complete.manifest, stands=True)


def write(folder: Path, draft: Manifest, audiences: Mapping[Audience, Tables]) -> Path:
    """Write one file an audience and the manifest into a new folder beside the releases; return it.

    `audiences` holds the tables each audience may see; every file gets its `metadata` last. The
    files are read back and compared with what was to be written, and lie on the disk when this
    returns. Raises ReleaseError where that fails; nothing is left behind.
    """
    beside = folder / f"{BUILDING}{draft.release_id}-{secrets.token_hex(4)}"
    try:
        beside.mkdir()
        manifest = draft
        for audience, tables in audiences.items():
            manifest = _write_audience(beside, manifest, audience, tables)
        manifest = _write_report(beside, manifest, audiences.get(Audience.STAFF, {}))
        built_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        text = replace(manifest, built_at=built_at).to_text()
        (beside / MANIFEST).write_text(text, "utf-8")
        for path in (*beside.iterdir(), beside):
            _sync(path)
    except (OSError, duckdb.Error) as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise ReleaseError(
            f"Release {draft.release_id} could not be written into {folder} ({error}). "
            "The release that stood before still stands. Next: check space and permissions, build again"
        ) from error
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return beside


def publish(folder: Path, beside: Path, release_id: str) -> None:
    """Give the finished `beside` its final name, then let readers move on to it.

    Raises ReleaseError where either fails; the release that stood before is then still served.
    """
    try:
        beside.rename(folder / release_id)
        _sync(folder)
        make_current(folder, release_id)
    except OSError as error:
        raise ReleaseError(
            f"Release {release_id} could not be published in {folder} ({error}). "
            "The release that stood before still stands. Next: check space and permissions, build again"
        ) from error


def make_current(folder: Path, release_id: str) -> None:
    """Let `current` name `release_id`, all at once: readers see the old name or the new one."""
    current = folder / CURRENT
    if current.exists() and current.read_text("utf-8", "replace").strip() == release_id:
        return
    fresh = folder / f"{BUILDING}{CURRENT}"
    fresh.write_text(f"{release_id}\n", "utf-8")
    _sync(fresh)
    fresh.replace(current)
    _sync(folder)


def check(path: Path, promises: Mapping[str, TablePromise]) -> None:
    """Open the file at `path` anew and compare every table with what was to be written.

    Raises BrokenRelease at the first difference, or where the file was not closed cleanly.
    """
    if path.with_name(f"{path.name}.wal").exists():
        raise BrokenRelease(f"{path} was not closed cleanly. Next: build again")
    with closing(duckdb.connect(str(path), read_only=True, config=SEALED)) as connection:
        seal(connection)
        found = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}
        if found != set(promises):
            raise BrokenRelease(f"{path} holds other tables than were written. Next: build again")
        for table, promise in promises.items():
            stored = contents(connection, table)
            if stored != promise:
                raise BrokenRelease(
                    f"{path}, table {table}: {stored.rows} rows read back differ from "
                    f"{promise.rows} rows written. Next: check the disk, build again"
                )


def _previous(edition: Edition, releases_dir: Path) -> str | None:
    try:
        return current_release_id(edition, releases_dir)
    except NoRelease:
        return None
    except BrokenRelease as error:
        log.warning("%s", error)
        return None


def _served(edition: Edition, release_id: str | None, releases_dir: Path) -> Manifest | None:
    """Return the manifest of the release being served, or None where there is none in good order."""
    if release_id is None:
        return None
    try:
        release = open_release(edition, release_id=release_id, releases_dir=releases_dir)
        verify(release)
    except (NoRelease, BrokenRelease) as error:
        log.warning("the release being served is broken: %s", error)
        return None
    return release.manifest


def _write_audience(beside: Path, manifest: Manifest, audience: Audience, tables: Tables) -> Manifest:
    path = beside / file_name(manifest.edition, audience)
    complete = {name: tables[name] for name in TABLES if name in tables}
    unknown = set(tables) - set(complete)
    if unknown:
        raise BrokenRelease(f"No contract promises the table {min(unknown)}. Next: add it to warehouse/")
    complete["metadata"] = complete.pop("metadata", _metadata(manifest, audience))
    promises = _write_file(path, complete)
    check(path, promises)
    written = FilePromise(sha256=sha256_of(path), size_bytes=path.stat().st_size)
    hashes = {name: one.sha256 for name, one in promises.items()}
    told = mixed(hashes) if audience is Audience.STAFF else hashes
    return replace(
        manifest,
        files={**manifest.files, path.name: written},
        tables={**manifest.tables, audience.value: told},
    )


def _write_report(beside: Path, manifest: Manifest, staff: Tables) -> Manifest:
    """Write the release report as JSON beside the files, where there is one; it holds small counts: staff's alone."""
    if "release_report" not in staff:
        return manifest
    path = beside / report_name(manifest.edition)
    # The manifest tells its hash to all: with something random in it, nobody can guess its small counts.
    said = {
        "release_id": manifest.release_id,
        "edition": manifest.edition,
        "salt": secrets.token_hex(16),
        "rows": staff["release_report"].to_dict("records"),
    }
    path.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")
    written = FilePromise(sha256=sha256_of(path), size_bytes=path.stat().st_size)
    return replace(manifest, files={**manifest.files, path.name: written})


def _write_file(path: Path, tables: Tables) -> dict[str, TablePromise]:
    """Write `tables`, each sorted by its key, and return what the file must hold from now on."""
    promises = {}
    with closing(duckdb.connect(str(path), config=SEALED)) as connection:
        for table, frame in tables.items():
            promises[table] = _write_table(connection, table, frame)
        connection.execute("CHECKPOINT")
    return promises


def _write_table(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> TablePromise:
    key = TABLES[table].key
    order = [*key, *(name for name in columns_of(table) if name not in key)]
    create_table(connection, table)
    connection.register("incoming", to_arrow(table, frame))
    promise = contents(connection, "incoming")
    connection.execute(
        f"INSERT INTO {quoted(table)} SELECT * FROM incoming ORDER BY {', '.join(map(quoted, order))}"
    )
    connection.unregister("incoming")
    return promise


def _metadata(manifest: Manifest, audience: Audience) -> pd.DataFrame:
    said = {
        "as_of": manifest.as_of.isoformat(),
        "audience": audience.value,
        "edition": manifest.edition,
        "method_version": manifest.method_version,
        "previous_release_id": manifest.previous,
        "release_id": manifest.release_id,
    }
    rows = [(key, value) for key, value in said.items() if value is not None]
    return pd.DataFrame(rows, columns=["key", "value"], dtype="string")


def _sweep(folder: Path) -> None:
    """Remove what a killed build left behind; only the holder of the lock may."""
    for path in folder.glob(f"{BUILDING}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        log.info("swept %s, left behind by a build that was stopped", path.name)


def _sync(path: Path) -> None:
    """Wait until the file or folder at `path` lies on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
