"""What a form asks: the questions on an assessment, on each criterion of a framework, and on actions.

The workbook is written from this, and submissions are read back with it. Nothing asks for a name, a
telephone number, a picture or a position of a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from pipelines.forms.naming import question_name
from risk import progress_words as terms
from risk.errors import InputError
from risk.texts import mark, translate_into

Both = tuple[str, str]
CHOOSE_ONE: Final = "select_one"
CHOOSE_SEVERAL: Final = "select_multiple"
ACTIONS: Final = "actions"
VALUE: Final = "_value"

EVIDENCE_KINDS: Final[dict[str, str]] = {
    "document": mark("document seen"),
    "register": mark("register or log seen"),
    "observation": mark("observation on site"),
    "interview": mark("interviews"),
    "measurement": mark("measurement"),
    "photo": mark("photo of the place, without people"),
}
_BEWARE: Final = mark(
    "Never write a name, a telephone number or anything else by which a person can be known. Take no picture of people."
)


def both(text: str, **values: Any) -> Both:
    """Return a marked text in English and in French."""
    english, french = text, translate_into("fr", text)
    return (english.format(**values), french.format(**values)) if values else (english, french)


@dataclass(frozen=True)
class Question:
    """One question. `choices` names its list; `criterion_id` is what it finds out about, if it is on a criterion."""

    name: str
    type: str
    label: Both = ("", "")
    hint: Both = ("", "")
    choices: str | None = None
    is_required: bool = False
    relevant: str = ""
    constraint: str = ""
    constraint_message: Both = ("", "")
    calculation: str = ""
    criterion_id: str | None = None


@dataclass(frozen=True)
class Group:
    """Questions under one heading; a repeat is filled in as often as needed."""

    name: str
    label: Both
    parts: tuple[Question | Group, ...]
    is_repeat: bool = False

    def questions(self) -> Iterator[Question]:
        """Yield its questions and those of the groups in it, in order."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.questions()
            else:
                yield part


@dataclass(frozen=True)
class Form:
    """A form on one version of one framework; `lists` holds the choices of each list by code."""

    framework_id: str
    form_id: str
    version: str
    title: Both
    groups: tuple[Group, ...]
    lists: Mapping[str, Mapping[str, Both]]

    def questions(self) -> tuple[Question, ...]:
        """Return all questions, in order."""
        return tuple(question for group in self.groups for question in group.questions())


def form_of(
    frameworks: pd.DataFrame,
    framework_levels: pd.DataFrame,
    criteria: pd.DataFrame,
    framework_id: str | None = None,
) -> Form:
    """Return the form on `framework_id`, or on the only framework that there is.

    Raises InputError where there is none such, it has no criterion, or two criteria give one name.
    """
    framework = _chosen(frameworks, framework_id)
    chosen = str(framework["framework_id"])
    mine = criteria[criteria["framework_id"] == chosen].sort_values("position", kind="stable")
    if mine.empty:
        raise InputError(chosen, "has no criterion", next_move="add its criteria")
    levels = framework_levels[framework_levels["framework_id"] == chosen].sort_values("rank")
    rows = [{str(name): value for name, value in row.items()} for row in mine.to_dict("records")]
    form = Form(
        framework_id=chosen,
        form_id=question_name(str(framework["scheme"])),
        version=str(framework["version"]),
        title=(str(framework["title_en"]), str(framework["title_fr"])),
        groups=(_opening(chosen, levels), *_sections(rows), _actions()),
        lists=_lists(rows),
    )
    _refuse_twice(form)
    return form


def _chosen(frameworks: pd.DataFrame, framework_id: str | None) -> Mapping[str, Any]:
    rows = frameworks if framework_id is None else frameworks[frameworks["framework_id"] == framework_id]
    if len(rows) != 1:
        known = ", ".join(frameworks["framework_id"].astype(str)) or "none"
        problem = "is no framework here" if framework_id else f"{len(rows)} frameworks, and none was chosen"
        raise InputError(framework_id or "frameworks", problem, next_move=f"choose one of: {known}")
    return {str(name): value for name, value in rows.iloc[0].to_dict().items()}


def _refuse_twice(form: Form) -> None:
    names = [question.name for question in form.questions()] + [group.name for group in form.groups]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        problem = f"two questions would be named {twice[0]!r}"
        raise InputError(form.framework_id, problem, next_move="give one of the criteria another id")


def _opening(framework_id: str, levels: pd.DataFrame) -> Group:
    texts = [
        [f"{row['level']}: {row[f'meaning_{code}']}" for row in levels.to_dict("records")]
        for code in ("en", "fr")
    ]
    told = (
        [Question("levels_note", "note", ("; ".join(texts[0]), "; ".join(texts[1])))] if len(levels) else []
    )
    return Group(
        "assessment",
        both(mark("The assessment")),
        (
            Question("framework_id", "calculate", calculation=f"'{framework_id}'"),
            Question("beware_note", "note", both(_BEWARE)),
            *told,
            Question(
                "site_record_id",
                "text",
                both(mark("Site record")),
                both(mark("Its id, as the atlas shows it")),
                is_required=True,
            ),
            Question(
                "assessed_on",
                "date",
                both(mark("Day of the assessment")),
                is_required=True,
                constraint=". <= today()",
                constraint_message=both(mark("This day has not come yet")),
            ),
            _one("assessment_kind", mark("Kind of assessment")),
            _one("assessor_kind", mark("Who assesses")),
            Question("evidence", CHOOSE_SEVERAL, both(mark("Kinds of evidence")), choices="evidence"),
            Question("assessment_note", "text", both(mark("Note on the assessment")), both(_BEWARE)),
        ),
    )


def _one(name: str, label: str, choices: str | None = None) -> Question:
    return Question(name, CHOOSE_ONE, both(label), choices=choices or name, is_required=True)


def _sections(rows: list[dict[str, Any]]) -> Iterator[Group]:
    for section in dict.fromkeys(row["section"] for row in rows):
        inside = [row for row in rows if row["section"] == section]
        issues = []
        for issue in dict.fromkeys(row["issue"] for row in inside):
            asked = [row for row in inside if row["issue"] == issue]
            parts = tuple(question for row in asked for question in _on_criterion(row))
            issues.append(Group(question_name(str(issue)), _pair(asked[0], "issue"), parts))
        yield Group(question_name(str(section)), _pair(inside[0], "section"), tuple(issues))


def _pair(row: Mapping[str, Any], name: str) -> Both:
    return _text(row[f"{name}_en"]), _text(row[f"{name}_fr"])


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _on_criterion(row: Mapping[str, Any]) -> Iterator[Question]:
    criterion_id = str(row["criterion_id"])
    name = question_name(criterion_id)
    english, french = (f"{criterion_id}. {text}" for text in _pair(row, "text"))
    yield Question(
        name,
        CHOOSE_ONE,
        (english, french),
        _evidence_hint(row),
        choices="results",
        is_required=True,
        criterion_id=criterion_id,
    )
    if pd.notna(row["threshold_value"]):
        yield Question(
            f"{name}{VALUE}",
            "decimal",
            both(
                mark("{criterion}: measured value, in {unit}"),
                criterion=criterion_id,
                unit=_text(row["unit"]),
            ),
            both(
                mark("Met where it is {operator} {value} {unit}"),
                operator=row["operator"],
                value=f"{float(row['threshold_value']):g}",
                unit=_text(row["unit"]),
            ),
            relevant=f"${{{name}}} != '' and ${{{name}}} != 'na' and ${{{name}}} != 'not_assessed'",
            criterion_id=criterion_id,
        )


def _evidence_hint(row: Mapping[str, Any]) -> Both:
    texts = _pair(row, "evidence")
    said = both(mark("Evidence: {text}"))
    return tuple(s.format(text=t) if t else "" for s, t in zip(said, texts, strict=True))  # type: ignore[return-value]


def _actions() -> Group:
    return Group(
        ACTIONS,
        both(mark("Improvement action proposed")),
        (
            Question(
                "action_criterion", CHOOSE_ONE, both(mark("Criterion it follows from")), choices="criteria"
            ),
            Question(
                "action_title", "text", both(mark("What is to be done")), both(_BEWARE), is_required=True
            ),
            _one("action_responsible", mark("Who answers for it"), "parties"),
            Question("action_due_on", "date", both(mark("Day it is due"))),
            _one("action_cost_band", mark("Cost"), "cost_bands"),
            _one("action_funding_status", mark("Funding"), "funding_statuses"),
            _one("action_priority", mark("Priority"), "priorities"),
        ),
        is_repeat=True,
    )


def _lists(rows: list[dict[str, Any]]) -> dict[str, dict[str, Both]]:
    coded = {
        "results": terms.RESULTS,
        "assessment_kind": terms.ASSESSMENT_KINDS,
        "assessor_kind": terms.ASSESSOR_KINDS,
        "evidence": EVIDENCE_KINDS,
        "parties": terms.PARTY_KINDS,
        "cost_bands": terms.COST_BANDS,
        "funding_statuses": terms.FUNDING_STATUSES,
        "priorities": terms.PRIORITIES,
    }
    found = {name: {code: both(label) for code, label in known.items()} for name, known in coded.items()}
    found["criteria"] = {
        question_name(str(row["criterion_id"])): (
            f"{row['criterion_id']}. {_text(row['text_en'])}",
            f"{row['criterion_id']}. {_text(row['text_fr'])}",
        )
        for row in rows
    }
    return found
