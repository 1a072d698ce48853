"""Submissions of a form, as KoboToolbox and ODK export them, read into assessments, findings and actions.

What cannot be read is set aside with its reason: a finding or an action alone, or the whole submission where
the assessment itself cannot be told. Nothing of the person who sent it is taken over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipelines.checks.reasons import EMPTY
from pipelines.forms.answers import Answers, Desk, desk_of
from pipelines.forms.exports import Row, read_exports
from pipelines.forms.form import VALUE, Form
from pipelines.forms.naming import criterion_of, question_name
from pipelines.forms.recognising import Reading, normal
from pipelines.forms.versions import Submission, is_deleted, submissions
from pipelines.reading import parsers
from warehouse.columns import Table
from warehouse.progress import Assessments, Findings, ImprovementActions

TABLES: Final[Mapping[str, type[Table]]] = {
    "assessments": Assessments,
    "findings": Findings,
    "improvement_actions": ImprovementActions,
}
_IDENTITY: Final = ("site_record_id", "assessed_on", "assessment_kind", "assessor_kind")


@dataclass(frozen=True)
class Submissions:
    """What exports hold, in frames of the contracts with the columns file and line behind.

    `rejected` is a frame of RejectedRow; `deleted` names assessments that were deleted where they were made;
    `known_ids` says by which ids of submissions each assessment was ever known.
    """

    assessments: pd.DataFrame
    findings: pd.DataFrame
    improvement_actions: pd.DataFrame
    rejected: pd.DataFrame
    deleted: tuple[str, ...]
    known_ids: Mapping[str, frozenset[str]]
    remarks: tuple[str, ...]


@dataclass
class _Found:
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in TABLES})
    deleted: list[str] = field(default_factory=list)
    known_ids: dict[str, frozenset[str]] = field(default_factory=dict)


def read_submissions(paths: Sequence[Path], form: Form) -> Submissions:
    """Return what the exports at `paths` hold of submissions of `form`; later files are newer.

    Raises UnreadableFile where a file cannot be read at all.
    """
    exports = read_exports(paths)
    desk = desk_of(Reading(form), exports)
    entries = [entry for entry in exports.entries if not _is_skipped(desk, entry.row, entry.repeats)]
    chosen, remarks = submissions(entries, lambda row: _identity(desk, row))
    desk.remarks += remarks
    found = _Found()
    seen: dict[tuple[object, ...], Row] = {}
    for submission in chosen:
        answers = desk.answers(submission.entry.row, submission.entry.repeats)
        assessment_id = f"asm-{submission.id}"
        found.known_ids[assessment_id] = submission.known_ids
        if submission.is_deleted:
            found.deleted.append(assessment_id)
            desk.remarks.append(f"{_where(answers.row)}: deleted where it was made, and not taken")
        elif not _is_sent_twice(desk, answers, seen):
            _take(desk, submission, assessment_id, answers, found)
    for row in exports.orphans:
        _orphan(desk, row)
    _same_day(desk, found.rows["assessments"])
    return Submissions(
        **{name: _frame(contract, found.rows[name]) for name, contract in TABLES.items()},
        rejected=desk.rejected(),
        deleted=tuple(found.deleted),
        known_ids=found.known_ids,
        remarks=tuple(desk.remarks),
    )


def _where(row: Row) -> str:
    return f"{row.file}, line {row.line}"


def _is_skipped(desk: Desk, row: Row, repeats: Iterable[Row]) -> bool:
    """Return whether a row is no submission: it is broken, which is put down, or nobody answered anything."""
    if row.fault is not None:
        desk.fault("assessments", row, None, row.fault)
        return True
    if desk.answers(row, tuple(repeats)).is_empty() and not is_deleted(row.cells):
        desk.remarks.append(f"{_where(row)}: a row without any answer was skipped")
        return True
    return False


def _identity(desk: Desk, row: Row) -> tuple[str, ...]:
    answers = desk.answers(row)
    return tuple(normal(desk.text(answers, name) or "") for name in _IDENTITY)


def _is_sent_twice(desk: Desk, answers: Answers, seen: dict[tuple[object, ...], Row]) -> bool:
    """Return whether another submission says the very same; the first one stays."""
    first = seen.setdefault(answers.content(), answers.row)
    if first is not answers.row:
        desk.remarks.append(f"{_where(answers.row)}: sent twice; {_where(first)} stands for it")
    return first is not answers.row


def _take(desk: Desk, submission: Submission, assessment_id: str, answers: Answers, found: _Found) -> None:
    if submission.is_refused:
        desk.fault(
            "assessments",
            answers.row,
            None,
            "not approved by who reviewed it; approve it there and export it again",
        )
        return
    assessment = _assessment(desk, answers)
    if assessment is None:
        return
    at = {"file": answers.row.file, "line": answers.row.line}
    site = assessment["site_record_id"]
    found.rows["assessments"].append(
        {
            "assessment_id": assessment_id,
            "submission_id": submission.version_id,
            "is_public_record": False,
            **assessment,
            **at,
        }
    )
    findings = [{"assessment_id": assessment_id, **finding, **at} for finding in _findings(desk, answers)]
    for finding in findings:
        finding["finding_id"] = f"{assessment_id}-{finding['criterion_id']}"
    found.rows["findings"] += findings
    finding_of = {finding["criterion_id"]: finding["finding_id"] for finding in findings}
    for rank, repeat in enumerate(answers.repeats, start=1):
        action = _action(desk, repeat, finding_of)
        if action is not None:
            ids = {"action_id": f"act-{submission.id}-{rank}", "site_record_id": site}
            found.rows["improvement_actions"].append(
                {**ids, **action, "file": repeat.row.file, "line": repeat.row.line}
            )


def _assessment(desk: Desk, answers: Answers) -> dict[str, Any] | None:
    """Return the assessment, or None where a column of it cannot be told: all such are put down."""
    before, row = len(desk.faults), answers.row
    form = desk.reading.form
    said = desk.text(answers, "framework_id") or form.framework_id
    if said != form.framework_id:
        reason = f"not the framework that is read, {form.framework_id}; read it with its own"
        desk.fault("assessments", row, answers.one["framework_id"], reason)
    for name in ("site_record_id", "assessed_on"):
        if name not in answers.one:
            desk.fault("assessments", row, (name, ""), EMPTY)
    found = {
        "site_record_id": desk.text(answers, "site_record_id"),
        "framework_id": said,
        "kind": desk.code(answers, "assessment_kind", "assessments"),
        "assessed_on": desk.day(answers, "assessed_on", "assessments"),
        "assessor_kind": desk.code(answers, "assessor_kind", "assessments"),
    }
    if len(desk.faults) > before:
        desk.remarks.append(f"{_where(row)}: the whole submission was set aside")
        return None
    # A kind of evidence that cannot be told is put down; the assessment stands without it.
    evidence = desk.codes(answers, "evidence", "evidence", "assessments")
    parts = [f"evidence: {', '.join(evidence)}"] if evidence else []
    parts += [note] if (note := desk.text(answers, "assessment_note")) else []
    return {**found, "note": "; ".join(parts) or None}


def _findings(desk: Desk, answers: Answers) -> Iterable[dict[str, Any]]:
    """Yield the findings that can be told; a criterion without an answer has none."""
    for question in desk.reading.questions.values():
        if question.criterion_id is None or question.choices is None:
            continue
        name, measured = question.name, answers.one.get(f"{question.name}{VALUE}")
        if name not in answers.one:
            if measured:
                reason = f"a measured value, but {name} has no result; give one, or remove the value"
                desk.fault("findings", answers.row, measured, reason)
            continue
        result = desk.code(answers, name, "findings")
        if result is None:
            continue
        value = None if measured is None else parsers.number.one(measured[1])
        if measured is not None and value is None:
            desk.fault("findings", answers.row, measured, parsers.number.explain(measured[1]))
        elif measured is not None and result in {"na", "not_assessed"}:
            reason = f"a measured value, though {name} is {result}; correct one of the two"
            desk.fault("findings", answers.row, measured, reason)
        else:
            yield {"criterion_id": question.criterion_id, "result": result, "measured_value": value}


def _action(desk: Desk, answers: Answers, finding_of: Mapping[str, str]) -> dict[str, Any] | None:
    """Return an improvement action as it was proposed, None where nothing is or a column cannot be told."""
    if answers.is_empty():
        return None
    before, table = len(desk.faults), "improvement_actions"
    if answers.row.fault is not None:
        desk.fault(table, answers.row, None, answers.row.fault)
        return None
    if "action_title" not in answers.one:
        desk.fault(table, answers.row, ("action_title", ""), EMPTY)
    name = desk.code(answers, "action_criterion", table, or_else="")
    criterion = criterion_of(name) if name else None
    found = {
        "finding_id": finding_of.get(criterion or ""),
        "title_en": desk.text(answers, "action_title"),
        "responsible": desk.code(answers, "action_responsible", table),
        "cost_band": desk.code(answers, "action_cost_band", table, or_else="not_known"),
        "funding_status": desk.code(answers, "action_funding_status", table),
        "priority": desk.code(answers, "action_priority", table, or_else="medium"),
        "due_on": desk.day(answers, "action_due_on", table),
        "progress_pct": 0,
        "status": "draft",
        "verification": "not_verified",
        "is_public_record": False,
    }
    if len(desk.faults) > before:
        return None
    if criterion and found["finding_id"] is None:
        desk.remarks.append(
            f"{_where(answers.row)}: an action on {question_name(criterion)} stands without its finding"
        )
    if "action_priority" not in answers.one:
        desk.remarks.append(f"{_where(answers.row)}: an action without a priority was taken as medium")
    return found


def _orphan(desk: Desk, row: Row) -> None:
    if not desk.answers(row).is_empty():
        reason = "of no submission in these files; give the file of the submissions too"
        desk.fault("improvement_actions", row, None, row.fault or reason)


def _same_day(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> None:
    """Say where a site was assessed twice on a day: that may be one visit, sent by two."""
    first: dict[tuple[str, object], Mapping[str, Any]] = {}
    for row in rows:
        other = first.setdefault((row["site_record_id"], row["assessed_on"]), row)
        if other is not row:
            desk.remarks.append(
                f"{row['file']}, line {row['line']}: the same site and day as {other['file']}, line {other['line']}; "
                "both were taken"
            )


def _frame(contract: type[Table], rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows held to their contract, with file and line behind."""
    names = list(contract.to_schema().columns)
    frame = pd.DataFrame(rows, columns=[*names, "file", "line"])
    held = contract.validate(frame[names])
    return held.assign(file=frame["file"].astype("string"), line=frame["line"].astype("int64"))
