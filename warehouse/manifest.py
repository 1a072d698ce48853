"""What a release says of itself: `manifest.json`, written once, checked at every opening."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from risk.errors import BrokenRelease

MANIFEST: Final = "manifest.json"
RELEASE_ID: Final = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{10}")
REBUILD: Final = "build it again with `cobalt build`, or put the release back from a copy"


@dataclass(frozen=True)
class Input:
    """One file that went into a release: its name, its content, who read it and where it is from."""

    file: str
    sha256: str
    source: str
    origin: Mapping[str, str]


@dataclass(frozen=True)
class FilePromise:
    """A file of the release: SHA-256 of its bytes, and its size in bytes."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class TablePromise:
    """A table of the release: number of rows, and SHA-256 of its content whatever its order."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All that gave the release its id, and all that it promises.

    `inputs` are ordered by file; `files` is by file name; `tables` has the SHA-256 of the content of each table
    by audience, then table: no number of rows, for the manifest lies beside every audience's file. Staff's are
    `mixed`: whoever holds the manifest and guesses the rows of one table cannot try whether he is right.
    `built_at` (UTC, ISO 8601) stands only here, so that the rows of every table are reproducible.
    """

    edition: str
    as_of: date
    method_version: str
    previous: str | None
    inputs: tuple[Input, ...]
    files: Mapping[str, FilePromise]
    tables: Mapping[str, Mapping[str, str]]
    built_at: str

    @property
    def release_id(self) -> str:
        """Return `<as_of>-<10 hex digits>`: the same inputs, date, method and predecessor, the same id."""
        identity = {
            "edition": self.edition,
            "as_of": self.as_of.isoformat(),
            "method_version": self.method_version,
            "previous": self.previous,
            "inputs": [asdict(item) for item in self.inputs],
        }
        return f"{self.as_of.isoformat()}-{_sha256(_canonical(identity))[:10]}"

    def is_made_of(self, other: Manifest) -> bool:
        """Return whether both have the same edition, inputs, as-of date and method."""
        return replace(other, previous=self.previous).release_id == self.release_id

    def to_text(self) -> str:
        """Return the manifest as the text of its file."""
        content = asdict(self) | {"release_id": self.release_id, "as_of": self.as_of.isoformat()}
        content["digest"] = _sha256(_canonical(content))
        return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def mixed(hashes: Mapping[str, str]) -> dict[str, str]:
    """Return the hash of each table mixed with those of all: it tells nothing without the whole file.

    >>> one, other = mixed({"sites": "a", "places": "b"}), mixed({"sites": "a", "places": "c"})
    >>> one["sites"] == other["sites"]
    False
    """
    whole = _canonical(dict(hashes))
    return {table: _sha256(_canonical([table, own, whole])) for table, own in hashes.items()}


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the release in `folder`.

    Raises BrokenRelease where it is missing, altered, or of a release with another id.
    """
    path = folder / MANIFEST
    try:
        text = path.read_bytes().decode("utf-8")
        manifest = _parse(json.loads(text))
    except FileNotFoundError:
        raise BrokenRelease(f"{path} is missing. Next: {REBUILD}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BrokenRelease(f"{path} cannot be read ({error}). Next: {REBUILD}") from error
    if manifest.to_text() != text:
        raise BrokenRelease(f"{path} was altered after it was written. Next: {REBUILD}")
    if manifest.release_id != folder.name and not folder.name.startswith("."):
        raise BrokenRelease(f"{path} belongs to release {manifest.release_id}. Next: {REBUILD}")
    return manifest


def _parse(content: dict[str, Any]) -> Manifest:
    return Manifest(
        edition=content["edition"],
        as_of=date.fromisoformat(content["as_of"]),
        method_version=content["method_version"],
        previous=content["previous"],
        inputs=tuple(Input(**item) for item in content["inputs"]),
        files={name: FilePromise(**item) for name, item in content["files"].items()},
        tables={audience: dict(tables) for audience, tables in content["tables"].items()},
        built_at=content["built_at"],
    )


def _canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
