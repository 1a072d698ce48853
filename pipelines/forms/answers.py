"""What the rows of an export answer, question by question, and what is set aside of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from pipelines.checks.reasons import EMPTY
from pipelines.checks.rejecting import MASK, NOT_READ
from pipelines.forms.exports import Exports, Row
from pipelines.forms.recognising import Columns, Reading
from pipelines.reading.days import Order, day_of, order_of, why_no_day
from pipelines.reading.parsers import flag
from warehouse.derived import RejectedRow

# A column and what stands in it.
Cell = tuple[str, str]
_NOTES: Final = frozenset({"assessment_note"})
_DATES: Final = frozenset({"assessed_on", "action_due_on"})


@dataclass(frozen=True)
class Answers:
    """The answers of one row: by question; by choice, where each has its column; of repeats in the same row."""

    row: Row
    one: Mapping[str, Cell]
    ticked: Mapping[str, tuple[tuple[str, Cell], ...]]
    repeats: tuple[Answers, ...] = ()

    def is_empty(self) -> bool:
        """Return whether nobody answered anything; what the form fills in itself is no answer."""
        return not (
            set(self.one) - {"framework_id"} or self.ticked or any(not r.is_empty() for r in self.repeats)
        )

    def content(self) -> tuple[object, ...]:
        """Return all that was answered, without where it stood: the same for a submission sent twice."""
        one = tuple(sorted((name, cell) for name, (_, cell) in self.one.items()))
        ticked = tuple(
            sorted((name, code, cell) for name, all_ in self.ticked.items() for code, (_, cell) in all_)
        )
        return one, ticked, tuple(repeat.content() for repeat in self.repeats)


@dataclass
class Desk:
    """Where rows of exports are read with a form, and what is wrong with them is put down."""

    reading: Reading
    columns: Mapping[str, Columns]
    orders: Mapping[str, Order]
    faults: list[dict[str, object]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def answers(self, row: Row, repeats: Sequence[Row] = ()) -> Answers:
        """Return what `row`, and those `repeats` of it, answer."""
        one: dict[str, Cell] = {}
        ticked: dict[str, list[tuple[str, Cell]]] = {}
        ranked: dict[int, dict[str, str]] = {}
        for header, cell in row.cells.items():
            target = self.columns[row.file].targets.get(header)
            if target is None:
                continue
            if target.rank is not None:
                ranked.setdefault(target.rank, {})[header] = cell
            elif target.choice is not None:
                ticked.setdefault(target.question.name, []).append((target.choice, (header, cell)))
            else:
                one[target.question.name] = (header, cell)
        inside = [self._ranked(row, rank, ranked[rank]) for rank in sorted(ranked)]
        inside += [self.answers(repeat) for repeat in repeats]
        return Answers(row, one, {name: tuple(cells) for name, cells in ticked.items()}, tuple(inside))

    def _ranked(self, row: Row, rank: int, cells: Mapping[str, str]) -> Answers:
        targets = self.columns[row.file].targets
        one = {targets[header].question.name: (header, cell) for header, cell in cells.items()}
        return Answers(Row(row.file, row.line, cells, name=f"actions[{rank}]"), one, {})

    def fault(self, table: str, row: Row, cell: Cell | None, reason: str) -> None:
        """Put down why something of `row` is set aside; a blank `cell` has a column and no value."""
        header, value = cell or (None, None)
        masked = self._is_note(row, header) and bool(value)
        self.faults.append(
            {
                "table_name": table,
                "file": row.file,
                "line": row.line,
                "column_name": header,
                "value": MASK if masked else value or None,
                "reason": reason,
                "row_text": self._row_text(row),
            }
        )

    def rejected(self) -> pd.DataFrame:
        """Return what was set aside as rows of `rejected_row`, by file and line."""
        columns = list(RejectedRow.to_schema().columns)
        frame = pd.DataFrame(self.faults, columns=columns).drop_duplicates(ignore_index=True)
        return RejectedRow.validate(frame.sort_values(["file", "line"], kind="stable", ignore_index=True))

    def text(self, answers: Answers, name: str) -> str | None:
        """Return the text of an answer, None for none."""
        return answers.one[name][1] if name in answers.one else None

    def code(self, answers: Answers, name: str, table: str, *, or_else: str | None = None) -> str | None:
        """Return the code of a choice, `or_else` for none; put down what is no choice, and none where one must be."""
        question = self.reading.questions[name]
        if name not in answers.one:
            if or_else is None:
                self.fault(table, answers.row, (name, ""), EMPTY)
            return or_else
        found = self.reading.choice(str(question.choices), answers.one[name][1])
        if found is None:
            self.no_choice(table, answers.row, answers.one[name], str(question.choices))
        return found

    def no_choice(self, table: str, row: Row, cell: Cell, choices: str) -> None:
        """Put down that a cell is no choice of its list."""
        self.fault(
            table, row, cell, f"no choice of this question; write one of {self.reading.allowed(choices)}"
        )

    def day(self, answers: Answers, name: str, table: str) -> pd.Timestamp | None:
        """Return the day of an answer, None for none; put down what is no day."""
        if name not in answers.one:
            return None
        found = day_of(answers.one[name][1], self.orders[answers.row.file])
        if found is None:
            self.fault(table, answers.row, answers.one[name], why_no_day(answers.one[name][1]))
        return None if found is None else pd.Timestamp(found)

    def codes(self, answers: Answers, name: str, choices: str, table: str) -> tuple[str, ...]:
        """Return the codes of a question with several; put down what is no choice of it."""
        found: list[str] = []
        if name in answers.one:
            listed, rest = self.reading.several(choices, answers.one[name][1])
            found += listed
            if rest:
                self.no_choice(table, answers.row, answers.one[name], choices)
        for code, cell in answers.ticked.get(name, ()):
            is_ticked = flag.one(cell[1])
            if is_ticked or self.reading.choice(choices, cell[1]) == code:
                found.append(code)
            elif is_ticked is None:
                self.fault(table, answers.row, cell, "neither 1 nor 0; write 1 where this was chosen")
        return tuple(code for code in self.reading.form.lists[choices] if code in found)

    def _is_note(self, row: Row, header: str | None) -> bool:
        target = self.columns[row.file].targets.get(header or "")
        return target is not None and target.question.name in _NOTES

    def _row_text(self, row: Row) -> str:
        columns = self.columns[row.file]
        if row.fault is not None:
            # Its cells may have moved: any may hold what a column of a person should.
            return json.dumps([MASK])
        shown = {}
        for header, cell in row.cells.items():
            if header in columns.personal:
                continue
            if header in columns.targets:
                shown[header] = MASK if self._is_note(row, header) else cell
            else:
                shown[header] = NOT_READ
        return json.dumps(shown, ensure_ascii=False)


def desk_of(reading: Reading, exports: Exports) -> Desk:
    """Return a desk for `exports`: what their columns are, and in which order their dates are written."""
    columns = {file: reading.columns(headers) for file, headers in exports.headers.items()}
    rows = [row for entry in exports.entries for row in (entry.row, *entry.repeats)] + list(exports.orphans)
    dates: dict[str, list[str]] = {file: [] for file in columns}
    for row in rows:
        for header, cell in row.cells.items():
            target = columns[row.file].targets.get(header)
            if target is not None and target.question.name in _DATES:
                dates[row.file].append(cell)
    desk = Desk(reading, columns, {file: order_of(cells) for file, cells in dates.items()})
    desk.remarks += exports.remarks
    for file, found in columns.items():
        if found.unknown:
            desk.remarks.append(
                f"{file}: columns of no question, not read: {', '.join(found.unknown)}. "
                "Next: give them the name of a question if they answer one"
            )
        if found.personal:
            names = ", ".join(sorted(found.personal))
            desk.remarks.append(f"{file}: columns left out, since they may tell of a person: {names}")
    return desk
