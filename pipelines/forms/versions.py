"""Which rows of exports are one submission, edited or given again; the newest of them speaks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipelines.forms.exports import Entry, Row, plain_id
from pipelines.forms.recognising import normal

_UUIDS: Final = ("_uuid", "key", "__id", "instanceid")
_TIMES: Final = ("deletedat", "updatedat", "_submission_time", "submissiondate")
_GONE: Final = frozenset({"deleted", "archived", "supprime", "supprimee"})
_REFUSED: Final = frozenset({"not approved", "validation status not approved"})
_OLDEST: Final = pd.Timestamp(0, tz="UTC")


@dataclass(frozen=True)
class Submission:
    """One submission: a stable id, the row that speaks, and every id that it was ever known by.

    `version_id` is the id of the version that speaks.
    """

    id: str
    version_id: str
    entry: Entry
    known_ids: frozenset[str]
    is_deleted: bool
    is_refused: bool


@dataclass(frozen=True)
class _Version:
    entry: Entry
    uuid: str
    ids: frozenset[str]
    root: str | None
    replaced: str | None
    order: tuple[pd.Timestamp, int, int]
    is_deleted: bool
    is_refused: bool


def submissions(
    entries: Sequence[Entry], identity: Callable[[Row], tuple[str, ...]]
) -> tuple[list[Submission], list[str]]:
    """Return one submission for each group of `entries` that are versions of it, and remarks on the others.

    An entry without an id of its own is known by what `identity` gives for its row.
    """
    versions = [_version(entry, rank, identity) for rank, entry in enumerate(entries)]
    found, remarks = [], []
    for group in _groups(versions):
        outdated = {version.replaced for version in group if version.replaced} - {
            version.uuid for version in group if version.replaced == version.uuid
        }
        current = [version for version in group if version.uuid not in outdated] or group
        newest = max(current, key=lambda version: version.order)
        remarks += [_remark(version, newest) for version in group if version is not newest]
        known = frozenset().union(*(version.ids for version in group))
        found.append(
            Submission(
                id=_base(group, known),
                version_id=newest.uuid,
                entry=newest.entry,
                known_ids=known,
                is_deleted=newest.is_deleted,
                is_refused=newest.is_refused,
            )
        )
    return found, remarks


def _version(entry: Entry, rank: int, identity: Callable[[Row], tuple[str, ...]]) -> _Version:
    cells = entry.row.cells
    told = _told(cells)
    uuids = [plain_id(told[name]) for name in _UUIDS if name in told]
    root, replaced = (plain_id(told[name]) if name in told else None for name in ("rootuuid", "deprecatedid"))
    if not uuids:
        uuids = [_number(told) or _digest(identity(entry.row))]
    validated = {normal(cell) for header, cell in cells.items() if header.startswith("_validation_status")}
    return _Version(
        entry=entry,
        uuid=uuids[0],
        ids=frozenset({*uuids, *(one for one in (root, replaced) if one)}),
        root=root,
        replaced=replaced,
        order=(_time(told), _edits(told), rank),
        is_deleted=is_deleted(cells),
        is_refused=bool(validated & _REFUSED) or normal(told.get("reviewstate", "")) == "rejected",
    )


def is_deleted(cells: Mapping[str, str]) -> bool:
    """Return whether a row says that its submission was deleted where it was made."""
    told = _told(cells)
    return bool(told.get("deletedat")) or normal(told.get("_status", "")) in _GONE


def _told(cells: Mapping[str, str]) -> dict[str, str]:
    """Return cells by the last part of their headers, in small letters."""
    return {re.split(r"[/.:-]", header)[-1].lower(): cell for header, cell in cells.items()}


def _number(told: Mapping[str, str]) -> str | None:
    return f"no-{plain_id(told['_id'])}" if "_id" in told else None


def _digest(identity: tuple[str, ...]) -> str:
    return "row-" + hashlib.sha256("\n".join(identity).encode()).hexdigest()[:16]


def _time(told: Mapping[str, str]) -> pd.Timestamp:
    for name in _TIMES:
        if name in told:
            found = pd.to_datetime(told[name], utc=True, errors="coerce", format="ISO8601")
            if not pd.isna(found):
                return pd.Timestamp(found)
    return _OLDEST


def _edits(told: Mapping[str, str]) -> int:
    edits = told.get("edits", "")
    return int(edits) if edits.isascii() and edits.isdigit() else 0


def _groups(versions: Sequence[_Version]) -> list[list[_Version]]:
    """Return the versions that share an id, directly or through others, in the order of their first."""
    group_of: dict[str, list[_Version]] = {}
    groups: dict[int, list[_Version]] = {}
    for version in versions:
        met = {id(group_of[one]): group_of[one] for one in version.ids if one in group_of}
        merged = [*(other for group in met.values() for other in group), version]
        for old in met:
            del groups[old]
        groups[id(merged)] = merged
        group_of |= {one: merged for other in merged for one in other.ids}
    return sorted(groups.values(), key=lambda group: min(version.order[2] for version in group))


def _base(group: Sequence[_Version], known: frozenset[str]) -> str:
    """Return the id of the first version, as far as it is known: it stays when the submission is edited."""
    roots = sorted({version.root for version in group if version.root})
    edited = {version.uuid for version in group if version.replaced and version.replaced != version.uuid}
    return roots[0] if roots else min(known - edited, default=min(known))


def _remark(version: _Version, newest: _Version) -> str:
    row, taken = version.entry.row, newest.entry.row
    # Its place in an export is not the submission's.
    is_same = {**row.cells, "_index": ""} == {**taken.cells, "_index": ""}
    what = "given twice" if is_same else "an older version of a submission that was edited"
    return f"{row.file}, line {row.line}: {what}; {taken.file}, line {taken.line} stands for it"
