"""Submissions put into tables that stand: the same ones change nothing, edited ones change their rows.

What an operator writes beside a row stays: the flag of public records, expiry, the progress of an action. An
action that is no draft any more is its operator's; a form does not change or remove it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from pipelines.forms.submissions import Submissions

# The columns of each table that the form gives, by the names they have in files.
GIVEN: Final[Mapping[str, tuple[str, ...]]] = {
    "assessments": (
        *("site_record_id", "framework_id", "kind", "assessed_on", "assessor_kind"),
        *("submission_id", "note"),
    ),
    "findings": ("assessment_id", "criterion_id", "result", "measured_value"),
    "improvement_actions": (
        *("site_record_id", "finding_id", "title_en", "responsible", "cost_band", "funding_status"),
        *("priority", "due_on"),
    ),
}
KEYS: Final[Mapping[str, str]] = {
    "assessments": "assessment_id",
    "findings": "finding_id",
    "improvement_actions": "action_id",
}
_ASSESSMENT: Final = "asm-"
_ACTION: Final = "act-"

Tables = dict[str, pd.DataFrame]


@dataclass
class Change:
    """What became of the rows of one table."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass
class Merged:
    """Tables as they are to be written, what changed in them, and remarks."""

    tables: Tables
    changes: dict[str, Change] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def merged(
    standing: Tables, given: Tables, read: Submissions, framework_id: str, *, is_whole: bool
) -> Merged:
    """Return the `standing` tables with those `given` by submissions put in; all text, columns as in files.

    Assessments that were deleted go, with what belongs to them. `is_whole`: the export holds every submission
    there is, so those that it lacks were deleted too; else they stay, and a remark says so.
    """
    names = _names(standing["assessments"], read)
    given = {name: _renamed(frame, names) for name, frame in given.items()}
    gone = {names.get(one, one) for one in read.deleted}
    result = Merged({})
    gone |= _lacking(standing["assessments"], read, names, framework_id, is_whole, result.remarks)
    known = frozenset(given["assessments"]["assessment_id"]) | gone
    for name in KEYS:
        result.tables[name] = _table(name, standing[name], given[name], known, result)
    return result


def _names(standing: pd.DataFrame, read: Submissions) -> dict[str, str]:
    """Return the ids that assessments have in the table that stands, by those that they were read under."""
    by_submission = dict(zip(standing["submission_id"], standing["assessment_id"], strict=True))
    stands = set(standing["assessment_id"])
    names = {}
    for assessment_id, known in read.known_ids.items():
        found = next((by_submission[one] for one in sorted(known) if one in by_submission), None)
        if assessment_id not in stands and found is not None:
            names[assessment_id] = found
    return names


def _renamed(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return `frame` with the ids of assessments, and all that are made of one, under the `names` that stand."""
    rows = []
    for row in _records(frame):
        old = row.get("assessment_id") or _of_action(row["action_id"])
        new = names.get(old, old)
        if "action_id" in row:
            row["action_id"] = _action_head(new) + row["action_id"].removeprefix(_action_head(old))
        for name in {"assessment_id", "finding_id"} & set(row):
            row[name] = new + row[name].removeprefix(old) if row[name] else ""
        rows.append(row)
    return pd.DataFrame(rows, columns=frame.columns, dtype="str")


def _of_action(action_id: str) -> str:
    """Return the id of the assessment whose form proposed an action."""
    return _ASSESSMENT + action_id.rpartition("-")[0].removeprefix(_ACTION)


def _action_head(assessment_id: str) -> str:
    return _ACTION + assessment_id.removeprefix(_ASSESSMENT)


def _lacking(
    standing: pd.DataFrame,
    read: Submissions,
    names: Mapping[str, str],
    framework_id: str,
    is_whole: bool,
    remarks: list[str],
) -> set[str]:
    """Return the assessments taken before that a whole export lacks; of another export, say how many."""
    mine = standing[(standing["framework_id"] == framework_id) & (standing["submission_id"] != "")]
    seen = {names.get(one, one) for one in read.known_ids}
    lacking = set(mine["assessment_id"]) - seen
    if lacking and not is_whole:
        remarks.append(
            f"{len(lacking)} assessments taken before are not in these files, and stay. "
            "Next: if they were deleted, say that the export is whole"
        )
    return lacking if is_whole else set()


def _table(
    name: str, standing: pd.DataFrame, given: pd.DataFrame, known: frozenset[str], result: Merged
) -> pd.DataFrame:
    key, change = KEYS[name], Change()
    new = {row[key]: row for row in _records(given)}
    rows = []
    for row in _records(standing):
        other = new.pop(row[key], None)
        if other is not None:
            rows.append(_updated(name, row, other, change, result.remarks))
        elif not _is_of(name, row, known):
            rows.append(row)
        elif _is_operators(name, row):
            result.remarks.append(f"{row[key]}: no longer in the form, but {row['status']} here; it stays")
            rows.append(row)
        else:
            change.removed += 1
    change.added = len(new)
    result.changes[name] = change
    columns = list(dict.fromkeys((*standing.columns, *given.columns)))
    return pd.DataFrame([*rows, *new.values()], columns=columns).fillna("").astype("str")


def _records(frame: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(name): str(cell) for name, cell in row.items()} for row in frame.to_dict("records")]


def _updated(
    name: str, row: Mapping[str, str], other: Mapping[str, str], change: Change, remarks: list[str]
) -> dict[str, str]:
    differs = [column for column in GIVEN[name] if row.get(column, "") != other[column]]
    if differs and _is_operators(name, row):
        remarks.append(
            f"{row[KEYS[name]]}: {', '.join(differs)} differ in the form, but it is {row['status']} here; it stays"
        )
        differs = []
    change.changed += bool(differs)
    change.unchanged += not differs
    return {**row, **{column: other[column] for column in differs}}


def _is_operators(name: str, row: Mapping[str, str]) -> bool:
    return name == "improvement_actions" and row.get("status", "draft") != "draft"


def _is_of(name: str, row: Mapping[str, str], known: Iterable[str]) -> bool:
    """Return whether a row was read from one of the `known` submissions."""
    if name == "improvement_actions":
        head, _, rank = row["action_id"].rpartition("-")
        return rank.isdigit() and head in {_action_head(one) for one in known}
    return row["assessment_id"] in known
