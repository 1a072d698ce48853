"""What no file can promise alone, held once all files of an edition are read.

- One id, one record, also across files of one table: the first file's row stays.
- What belongs to a record that is not public is not public either.
- Every public record is cited: by a row of `citations`, or by the origin of its whole file. Others are set
  aside. A record that is not public may have a source that was never printed, or none.
- A framework is taken whole or not at all; versions of one that are in force do not overlap.
- What is told of progress can be measured: see `pipelines.checks.progress_checks`.
- A citation, a reviewed match, a visit or a claim of a record that was not taken is set aside.
- A row that names another record that was not taken (an incident its place, a figure its site) is kept
  as it came, and a remark on its file says so: what was reported stands without the link.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.checks.checking import Checked, remark, set_aside
from pipelines.checks.narrowing import FLAG, narrowed
from pipelines.checks.progress_checks import measurable
from pipelines.frameworks.reading import TABLES
from pipelines.frameworks.wholeness import sound, taken_whole

# What goes with a record is cited by it, or is of our own making.
_UNCITED: Final = frozenset(
    {
        *("citations", "site_matches", "event_matches", "method_figures"),
        *("findings", "action_extensions", "grievance_steps"),
        *TABLES,
    }
)
# Table, its column, the table it points into.
_LINKS: Final = (
    ("territories", "province_pcode", "provinces"),
    ("facility_production", "facility_id", "facilities"),
    ("incidents", "site_record_id", "site_records"),
    ("incidents", "place_id", "places"),
    ("assessment_figures", "site_record_id", "site_records"),
    ("improvement_actions", "finding_id", "findings"),
    ("refiner_statuses", "refiner_id", "refiners"),
)
# Rows that say nothing without the record they name: table, its column, the table it points into.
_NEEDS: Final = (
    ("site_matches", "record_a", "site_records"),
    ("site_matches", "record_b", "site_records"),
    ("event_matches", "incident_a", "incidents"),
    ("event_matches", "incident_b", "incidents"),
    ("site_visits", "site_record_id", "site_records"),
    ("observations", "visit_id", "site_visits"),
    ("toll_claims", "incident_id", "incidents"),
    ("assessments", "site_record_id", "site_records"),
    ("findings", "assessment_id", "assessments"),
    ("improvement_actions", "site_record_id", "site_records"),
    ("action_extensions", "action_id", "improvement_actions"),
    ("grievance_steps", "grievance_id", "grievances"),
)
_SHOWN: Final = 3


def cross_check(checked: Sequence[Checked], *, cited_files: Collection[str]) -> tuple[Checked, ...]:
    """Return `checked` in the same order, after the promises that hold between files.

    `cited_files` names the files whose origin cites each of their records.
    """
    files = narrowed(_unrepeated(checked))
    files = [_cited(file, files, cited_files) for file in files]
    ids = _ids(files)
    files = [_known_citations(file, ids) for file in files]
    files = taken_whole(sound(_with_what_they_need(files)))
    files = _with_what_they_need(measurable(files))
    ids = _ids(files)
    return tuple(_known_links(file, ids) for file in files)


def _mask(answers: pd.Series) -> npt.NDArray[np.bool_]:
    return np.array(answers.fillna(False), dtype=bool)


def _ids(files: Iterable[Checked]) -> dict[str, set[str]]:
    """Return the ids taken, by table, for tables whose rows have one."""
    ids: dict[str, set[str]] = {}
    for file in files:
        if len(file.source.key) == 1:
            ids.setdefault(file.table, set()).update(file.taken[file.source.key[0]].astype(str))
    return ids


def _unrepeated(checked: Sequence[Checked]) -> list[Checked]:
    seen: dict[str, dict[tuple[str, ...], str]] = {}
    files = []
    for file in checked:
        keys = list(zip(*(file.taken[column].astype(str) for column in file.source.key), strict=True))
        owners = seen.setdefault(file.table, {})
        for other in sorted({owners[key] for key in keys if key in owners}):
            rows = np.array([owners.get(key) == other for key in keys], dtype=bool)
            reason = f"in use in {other}, read before; give this row its own, or remove it"
            file = set_aside(file, rows, file.source.key, reason)
            keys = [key for key, is_out in zip(keys, rows, strict=True) if not is_out]
        owners.update(dict.fromkeys(keys, file.file))
        files.append(file)
    return files


def _cited(file: Checked, files: Sequence[Checked], cited_files: Collection[str]) -> Checked:
    if file.table in _UNCITED or file.file in cited_files:
        return file
    cited: set[str] = set()
    for other in files:
        if other.table == "citations":
            mine = (other.taken["table_name"] == file.table) & (other.taken["about"] == "record")
            cited.update(other.taken.loc[_mask(mine), "record_id"].astype(str))
    key = file.source.key[0]
    reason = f"a record without a source; add a row for it to citations (table_name {file.table})"
    uncited = ~_mask(file.taken[key].isin(cited))
    if FLAG in file.taken:
        uncited &= _mask(file.taken[FLAG])
        reason += ", or write no in public_record where none was published"
    return set_aside(file, uncited, (key,), reason)


def _known_citations(file: Checked, ids: dict[str, set[str]]) -> Checked:
    if file.table != "citations":
        return file
    tables, records = file.taken["table_name"].astype(str), file.taken["record_id"].astype(str)
    known_table = _mask(tables.isin(list(ids)))
    known = np.array(
        [record in ids.get(table, ()) for table, record in zip(tables, records, strict=True)], dtype=bool
    )
    reason = f"not a table of this edition; those with records are {', '.join(sorted(ids))}"
    columns = ("table_name", "record_id")
    lost = known_table & ~known
    kept = set_aside(file, ~known_table, ("table_name",), reason)
    return set_aside(
        kept, lost[known_table], columns, "a record that was not taken; correct the id, or the record"
    )


def _with_what_they_need(files: Sequence[Checked]) -> list[Checked]:
    """Return `files` without the rows of `_NEEDS` whose record was not taken, the needed tables first."""
    found = list(files)
    for table, column, target in _NEEDS:
        ids = _ids(found).get(target, set())
        for position, file in enumerate(found):
            if file.table == table:
                unknown = ~_mask(file.taken[column].isin(ids))
                reason = f"of no record taken in {target}; correct the id"
                found[position] = set_aside(file, unknown, (column,), reason)
    return found


def _known_links(file: Checked, ids: dict[str, set[str]]) -> Checked:
    for table, column, target in _LINKS:
        if table != file.table:
            continue
        values = file.taken[column]
        rows = np.flatnonzero(_mask(values.notna() & ~values.isin(ids.get(target, set()))))
        if len(rows):
            told = ", ".join(f"line {file.lines[row]} '{values.iloc[row]}'" for row in rows[:_SHOWN])
            more = ", …" if len(rows) > _SHOWN else ""
            text = f"{len(rows)} kept whose {column} is of no record taken in {target} ({told}{more})"
            file = remark(file, text)
    return file
