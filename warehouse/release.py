"""Open a release for an audience and ask it: read-only, sealed, safe for many threads."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import pyarrow as pa

from risk.errors import BrokenRelease, NoAudience, NoRelease
from risk.vocabulary import Audience, Edition
from warehouse.manifest import MANIFEST, REBUILD, RELEASE_ID, Manifest, read_manifest
from warehouse.settings import settings
from warehouse.storage import SEALED, seal

log = logging.getLogger(__name__)

CURRENT: Final = "current"

_FRAME_TYPES: Final[dict[Any, Any]] = {
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.string(): pd.StringDtype(),
    pa.bool_(): pd.BooleanDtype(),
}

_connections: dict[Path, duckdb.DuckDBPyConnection] = {}
_connections_lock = threading.Lock()


@dataclass(frozen=True)
class Release:
    """One release, opened for one audience. `path` is the audience's file; nothing else is read."""

    id: str
    edition: Edition
    audience: Audience
    as_of: date
    path: Path
    manifest: Manifest = field(repr=False, compare=False)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a fresh cursor: one a query, for a connection shared by threads mixes up their rows.

        Raises BrokenRelease where the file is no database, or that of another release.
        """
        return _connect(self).cursor()

    def query(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> pd.DataFrame:
        """Return the rows of `sql` as a frame; values come in as bound `parameters` only.

        Whole numbers are Int64, numbers Float64 (sums of whole numbers Int64), texts string, flags
        boolean, all with <NA> where absent; dates are datetime64[ns]; geometry stays WKB bytes.
        """
        with self.cursor() as cursor:
            return to_frame(cursor.execute(sql, parameters).to_arrow_table())


@dataclass(frozen=True)
class Standing:
    """A release folder that stands: its manifest, or the problem that keeps it from being read."""

    release_id: str
    is_current: bool
    manifest: Manifest | None
    problem: str | None


def edition_folder(edition: Edition | str, releases_dir: Path | None = None) -> Path:
    """Return the folder that holds the releases of `edition`."""
    return (releases_dir or settings().releases_dir) / Edition(edition).value


def current_release_id(edition: Edition | str, releases_dir: Path | None = None) -> str:
    """Return the id of the release being served.

    Raises NoRelease where none was ever published, BrokenRelease where `current` holds no id.
    """
    path = edition_folder(edition, releases_dir) / CURRENT
    try:
        text = path.read_text("utf-8").strip()
    except FileNotFoundError:
        raise NoRelease(
            f"There is no release of the {Edition(edition).value} edition in {path.parent.parent} yet. "
            f"Next: cobalt build --edition {Edition(edition).value}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenRelease(f"{path} cannot be read ({error}). Next: {REBUILD}") from error
    if not RELEASE_ID.fullmatch(text):
        raise BrokenRelease(f"{path} holds {text[:40]!r}, not a release id. Next: {REBUILD}")
    return text


def editions_published(releases_dir: Path | None = None) -> tuple[Edition, ...]:
    """Return the editions of which a release was ever published, the open one first."""
    return tuple(one for one in Edition if (edition_folder(one, releases_dir) / CURRENT).is_file())


def file_name(edition: Edition | str, audience: Audience | str) -> str:
    """Return the name of an audience's file; a file that is all invented says so in its name.

    >>> file_name("open", "staff"), file_name("training", "staff")
    ('staff.duckdb', 'training-staff.duckdb')
    """
    prefix = "" if Edition(edition) is Edition.OPEN else f"{Edition(edition).value}-"
    return f"{prefix}{Audience(audience).value}.duckdb"


def report_name(edition: Edition | str) -> str:
    """Return the name of the release report beside the files: staff's, and named so."""
    return f"{Path(file_name(edition, Audience.STAFF)).stem}-report.json"


def audiences_of(edition: Edition | str, release_id: str) -> tuple[Audience, ...]:
    """Return the audiences that a release has a file for. Raises BrokenRelease where it has no manifest."""
    return _audiences(_manifest(edition_folder(edition) / release_id, edition))


def list_releases(edition: Edition | str, releases_dir: Path | None = None) -> list[Standing]:
    """Return every release of `edition` that stands, oldest build first, broken ones last."""
    folder = edition_folder(edition, releases_dir)
    try:
        current = current_release_id(edition, releases_dir)
    except (NoRelease, BrokenRelease):
        current = ""
    found = folder.iterdir() if folder.is_dir() else iter(())
    names = sorted(path.name for path in found if path.is_dir() and RELEASE_ID.fullmatch(path.name))
    standing = [_standing(folder / name, edition, is_current=name == current) for name in names]
    return sorted(standing, key=lambda s: (s.manifest is None, s.manifest.built_at if s.manifest else ""))


def open_release(
    edition: Edition | str,
    audience: Audience | str = Audience.STAFF,
    release_id: str | None = None,
    *,
    releases_dir: Path | None = None,
    verified: bool = False,
) -> Release:
    """Return release `release_id` (default: the one being served) for `audience`.

    Opening is cheap: the manifest and the size of the file are checked, and at the first query what the
    file says of itself; `verified` reads every byte. Raises NoRelease where there is none, NoAudience
    where it has no file for `audience` (no other is opened in its place), BrokenRelease where its files
    do not match its manifest or are of another edition.
    """
    folder = edition_folder(edition, releases_dir)
    if release_id is None:
        chosen = current_release_id(edition, releases_dir)
    else:
        chosen = release_id
        if not RELEASE_ID.fullmatch(chosen) or not (folder / chosen).is_dir():
            raise NoRelease(
                f"There is no release {chosen!r} of the {Edition(edition).value} edition in "
                f"{folder.parent}. Next: choose one from `cobalt releases`"
            )
    manifest = _manifest(folder / chosen, edition)
    path = folder / chosen / file_name(edition, audience)
    there = ", ".join(one.value for one in _audiences(manifest))
    if there and path.name not in manifest.files:
        raise NoAudience(
            f"Release {chosen} of the {Edition(edition).value} edition has no file {path.name}, only those for "
            f"{there}. Next: cobalt build --edition {Edition(edition).value}, or choose another audience"
        )
    _check_size(path, manifest)
    release = Release(chosen, Edition(edition), Audience(audience), manifest.as_of, path, manifest)
    if verified:
        verify(release)
    return release


def verify(release: Release) -> None:
    """Read every file of the release's folder and compare it with the manifest.

    Raises BrokenRelease at the first that is missing, altered or not promised.
    """
    folder = release.path.parent
    manifest = read_manifest(folder)
    for name, promise in manifest.files.items():
        _check_size(folder / name, manifest)
        if sha256_of(folder / name) != promise.sha256:
            raise BrokenRelease(f"{folder / name} was altered after it was written. Next: {REBUILD}")
    unknown = {path.name for path in folder.iterdir()} - {MANIFEST, *manifest.files}
    if unknown:
        raise BrokenRelease(f"{folder / min(unknown)} is not part of the release. Next: move it elsewhere")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file at `path`, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Return `table` as a frame with the types that `Release.query` promises."""
    fields = [pa.field(f.name, _frame_type(f.type)) for f in table.schema]
    frame: pd.DataFrame = table.cast(pa.schema(fields)).to_pandas(types_mapper=_FRAME_TYPES.get)
    return frame


def close_all() -> None:
    """Close every cached connection, for tests and for a process that ends."""
    with _connections_lock:
        while _connections:
            _connections.popitem()[1].close()


def _frame_type(arrow: pa.DataType) -> pa.DataType:
    if pa.types.is_decimal(arrow):  # DuckDB sums whole numbers to 128 bits
        return pa.int64() if arrow.scale == 0 else pa.float64()
    if pa.types.is_integer(arrow):
        return pa.int64()
    if pa.types.is_floating(arrow):
        return pa.float64()
    return pa.timestamp("ns") if pa.types.is_date(arrow) else arrow


def _connect(release: Release) -> duckdb.DuckDBPyConnection:
    """Return the one connection of this process to a release's file; a file name is never used twice."""
    path = release.path
    with _connections_lock:
        if path not in _connections:
            try:
                connection = duckdb.connect(str(path), read_only=True, config=SEALED)
            except duckdb.Error as error:
                raise BrokenRelease(f"{path} cannot be opened ({error}). Next: {REBUILD}") from error
            try:
                seal(connection)
                _check_metadata(release, connection)
            except BaseException:
                connection.close()
                raise
            _connections[path] = connection
        return _connections[path]


def _check_metadata(release: Release, connection: duckdb.DuckDBPyConnection) -> None:
    """Raise BrokenRelease where the file is of another edition, audience or release than its place says."""
    try:
        said = dict(connection.execute("SELECT key, value FROM metadata").fetchall())
    except duckdb.Error as error:
        raise BrokenRelease(f"{release.path} does not say what it is ({error}). Next: {REBUILD}") from error
    wanted = {"edition": release.edition.value, "audience": release.audience.value, "release_id": release.id}
    for key, value in wanted.items():
        if said.get(key) != value:
            raise BrokenRelease(
                f"{release.path} says that its {key} is {said.get(key)!r}, not {value!r}. Next: {REBUILD}"
            )


def _check_size(path: Path, manifest: Manifest) -> None:
    promise = manifest.files.get(path.name)
    if promise is None:
        raise BrokenRelease(f"{path} is not part of release {manifest.release_id}. Next: {REBUILD}")
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise BrokenRelease(f"{path} is missing. Next: {REBUILD}") from None
    if size != promise.size_bytes:
        raise BrokenRelease(
            f"{path} has {size} bytes; the manifest promises {promise.size_bytes}. Next: {REBUILD}"
        )


def _audiences(manifest: Manifest) -> tuple[Audience, ...]:
    return tuple(one for one in Audience if file_name(manifest.edition, one) in manifest.files)


def _manifest(folder: Path, edition: Edition | str) -> Manifest:
    """Return the manifest in `folder`. Raises BrokenRelease where it is of another edition."""
    manifest = read_manifest(folder)
    if manifest.edition != Edition(edition).value:
        raise BrokenRelease(
            f"{folder} holds a release of the {manifest.edition} edition, not of the "
            f"{Edition(edition).value} one. Next: move it to the folder of its own edition"
        )
    return manifest


def _standing(folder: Path, edition: Edition | str, *, is_current: bool) -> Standing:
    try:
        manifest = _manifest(folder, edition)
        for name in manifest.files:
            _check_size(folder / name, manifest)
    except BrokenRelease as error:
        return Standing(folder.name, is_current, None, str(error))
    return Standing(folder.name, is_current, manifest, None)
