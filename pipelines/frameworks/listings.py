"""What `cobalt framework` says, as text."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipelines.checks.reporting import fault_sentence
from pipelines.frameworks.asking import FrameworkFile
from pipelines.listings import aligned
from risk.frameworks import FrameworkDiff


def frameworks_text(files: Sequence[FrameworkFile]) -> str:
    """Return one line a version: id, standing, days, levels, criteria, publisher; a broken one is named so."""
    header = ("framework", "standing", "from", "until", "levels", "criteria", "publisher")
    rows = []
    for file in files:
        levels, criteria = (len(file.tables[name].taken) for name in ("framework_levels", "criteria"))
        if file.rows_rejected or file.framework_id is None:
            rows.append((file.path.name, "broken", "", "", levels, criteria, ""))
            continue
        one = file.tables["frameworks"].taken.iloc[0]
        days = (_day(one["valid_from"]), _day(one["valid_until"]))
        rows.append((one["framework_id"], one["standing"], *days, levels, criteria, one["publisher"]))
    return aligned(header, rows)


def checked_text(file: FrameworkFile) -> str:
    """Return what a file holds, or every broken promise with its line; no line end at the end."""
    levels, criteria, alignments = (
        len(file.tables[name].taken) for name in ("framework_levels", "criteria", "criterion_alignments")
    )
    if not file.rows_rejected:
        counts = f"{levels} levels, {criteria} criteria, {alignments} alignments"
        return f"{file.path.name}: {file.framework_id}: {counts}"
    bad = file.rows_rejected
    said = "1 row breaks its contract" if bad == 1 else f"{bad} rows break their contract"
    faults = pd.concat([table.rejected for table in file.tables.values()]).sort_values("line", kind="stable")
    lines = [
        f"  line {line}: {fault_sentence(column, value, reason)}"
        for line, column, value, reason in faults[["line", "column_name", "value", "reason"]].itertuples(
            index=False
        )
    ]
    return "\n".join([f"{file.path.name}: {said}", *lines])


def difference_text(a: str, b: str, found: FrameworkDiff) -> str:
    """Return one line a criterion added or removed, then before and after of each column that changed."""
    ids = found.changed["criterion_id"].nunique()
    lines = [f"From {a} to {b}: {len(found.added)} added, {len(found.removed)} removed, {ids} changed"]
    lines += [f"+ {one}" for one in found.added]
    lines += [f"- {one}" for one in found.removed]
    for criterion, rows in found.changed.groupby("criterion_id"):
        lines.append(f"~ {criterion}")
        for column, before, after in rows[["column", "before", "after"]].itertuples(index=False):
            lines.append(f"    {column}: {_said(before)} → {_said(after)}")
    return "\n".join(lines)


def _said(value: str | None) -> str:
    return "(nothing)" if value is None or pd.isna(value) else value


def _day(value: pd.Timestamp) -> str:
    return "" if pd.isna(value) else f"{value:%Y-%m-%d}"
