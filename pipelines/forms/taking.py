"""An export of submissions taken into the folder of an edition, as tables of ours."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipelines.checks.reporting import fault_sentence
from pipelines.forms.form import form_of
from pipelines.forms.merging import KEYS, Change, merged
from pipelines.forms.submissions import TABLES, Submissions, read_submissions
from pipelines.reading.text_tables import read_delimited
from risk.errors import ConfigError, UnreadableFile
from warehouse.columns import Table

REJECTED_FILE: Final = "submissions_rejected.csv"
_EDITION: Final = "edition.toml"
_FLAG: Final = ("is_public_record", "public_record")
_SHOWN: Final = 10


@dataclass(frozen=True)
class TakenIn:
    """What was taken in: the file of each table and what changed in it; what was set aside, and where it lies."""

    files: Mapping[str, Path]
    changes: Mapping[str, Change]
    rejected: pd.DataFrame
    rejected_file: Path
    remarks: tuple[str, ...]
    next_moves: tuple[str, ...]


def take_in(
    paths: Sequence[Path],
    frameworks: pd.DataFrame,
    framework_levels: pd.DataFrame,
    criteria: pd.DataFrame,
    folder: Path,
    *,
    framework_id: str | None = None,
    is_whole: bool = False,
) -> TakenIn:
    """Write the submissions at `paths` into assessments.csv, findings.csv and improvement_actions.csv in `folder`.

    Taking the same files in again changes nothing. What was set aside is written to `submissions_rejected.csv`.
    `is_whole` says that the export holds every submission there is: those that it lacks are removed. Raises
    UnreadableFile where a file cannot be read at all, InputError where the framework gives no form, ConfigError
    where the folder cannot be written to; nothing is changed then.
    """
    form = form_of(frameworks, framework_levels, criteria, framework_id)
    read = read_submissions(paths, form)
    files = {name: folder / f"{name}.csv" for name in TABLES}
    standing = {name: _standing(path, TABLES[name]) for name, path in files.items()}
    given = {name: _as_written(frame, TABLES[name]) for name, frame in _frames(read).items()}
    result = merged(standing, given, read, form.framework_id, is_whole=is_whole)
    for name, path in files.items():
        _write(path, result.tables[name])
    rejected_file = folder / REJECTED_FILE
    if len(read.rejected):
        _write(rejected_file, read.rejected)
    else:
        rejected_file.unlink(missing_ok=True)
    return TakenIn(
        files=files,
        changes=result.changes,
        rejected=read.rejected,
        rejected_file=rejected_file,
        remarks=(*read.remarks, *result.remarks),
        next_moves=tuple(_next_moves(folder, files)),
    )


def taken_text(taken: TakenIn) -> str:
    """Return what was taken in as a person reads it; no line end at the end."""
    lines = []
    for name, change in taken.changes.items():
        path = taken.files[name]
        parts = {"added": change.added, "changed": change.changed, "as before": change.unchanged}
        parts["removed"] = change.removed
        lines.append(f"{path.name}: " + ", ".join(f"{many} {what}" for what, many in parts.items()))
    lines += taken.remarks
    if len(taken.rejected):
        lines.append(f"{len(taken.rejected)} set aside:")
        told: list[dict[Any, Any]] = taken.rejected.head(_SHOWN).to_dict("records")
        lines += [
            f"  {row['file']}, line {row['line']}: "
            + fault_sentence(row["column_name"], row["value"], row["reason"])
            for row in told
        ]
        if len(taken.rejected) > _SHOWN:
            lines.append(f"  … and {len(taken.rejected) - _SHOWN} more")
        lines.append(f"  See all in {taken.rejected_file}")
    return "\n".join([*lines, *(f"Next: {move}" for move in taken.next_moves)])


def _frames(read: Submissions) -> dict[str, pd.DataFrame]:
    return {name: getattr(read, name) for name in TABLES}


def _theirs(contract: type[Table]) -> list[str]:
    return [_FLAG[1] if name == _FLAG[0] else name for name in contract.to_schema().columns]


def _standing(path: Path, contract: type[Table]) -> pd.DataFrame:
    """Return the table that stands, all text; without a file, no row."""
    names = _theirs(contract)
    if not path.exists():
        return pd.DataFrame(columns=names, dtype="str")
    raw = read_delimited(path, required=tuple(name for name in names if name != _FLAG[1]))
    if raw.faults:
        fault = raw.faults[0]
        raise UnreadableFile(
            path.name, fault.reason, line=int(raw.lines[fault.position]), next_move="correct the row"
        )
    frame: pd.DataFrame = raw.frame.apply(lambda cells: cells.str.strip())
    return frame if _FLAG[1] in frame else frame.assign(**{_FLAG[1]: ""}) if _FLAG[1] in names else frame


def _as_written(frame: pd.DataFrame, contract: type[Table]) -> pd.DataFrame:
    """Return a frame of a contract as text: days as YYYY-MM-DD, flags as yes and no, blank where it is missing."""
    texts = {}
    for name, theirs in zip(contract.to_schema().columns, _theirs(contract), strict=True):
        texts[theirs] = [_text(value) for value in frame[name]]
    return pd.DataFrame(texts, dtype="str")


def _text(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(float(value))
    return {True: "yes", False: "no"}[bool(value)] if _is_flag(value) else str(value).strip()


def _is_flag(value: Any) -> bool:
    return type(value).__name__ in {"bool", "bool_"}


def _write(path: Path, frame: pd.DataFrame) -> None:
    """Write beside, then put in place: a file is whole or as it was."""
    beside = path.with_name(f".{path.name}.part")
    try:
        frame.to_csv(beside, index=False, encoding="utf-8", lineterminator="\n")
        beside.replace(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error}). Next: check the folder") from error


def _next_moves(folder: Path, files: Mapping[str, Path]) -> list[str]:
    """Return what is still to be done until a build reads the files."""
    edition = folder / _EDITION
    try:
        inputs = tomllib.loads(edition.read_text("utf-8")).get("inputs", [])
    except (OSError, ValueError):
        # Of an edition that cannot be read, its build says so.
        inputs = []
    named = {entry.get("file") for entry in inputs}
    moves = []
    for name in KEYS:
        path = files[name]
        if path.name not in named:
            moves.append(f'add [[inputs]] with source = "{name}" and file = "{path.name}" to {edition}')
        origin = path.with_name(f"{path.stem}.origin.toml")
        if not origin.exists():
            moves.append(f"write {origin}, which says where the file comes from")
    return moves
