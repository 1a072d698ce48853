"""A form as an XLSForm workbook, which KoboToolbox and ODK take: sheets survey, choices, settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd
import xlsxwriter

from pipelines.forms.form import Both, Form, Group, Question, form_of
from risk.errors import ConfigError

_LANGUAGES: Final = ("English (en)", "French (fr)")
_SURVEY: Final = (
    *("type", "name"),
    *(f"label::{language}" for language in _LANGUAGES),
    *(f"hint::{language}" for language in _LANGUAGES),
    *("required", "relevant", "constraint"),
    *(f"constraint_message::{language}" for language in _LANGUAGES),
    *("calculation", "appearance"),
)
_CHOICES: Final = ("list_name", "name", *(f"label::{language}" for language in _LANGUAGES))
_WIDEST: Final = 60

Row = dict[str, str]


def write_form(
    frameworks: pd.DataFrame,
    framework_levels: pd.DataFrame,
    criteria: pd.DataFrame,
    path: Path,
    *,
    framework_id: str | None = None,
) -> Form:
    """Write the form on a framework to `path` (.xlsx) and return it.

    `framework_id` may be left out where there is one framework alone. Raises InputError where the framework
    gives no form, ConfigError where the file cannot be written.
    """
    form = form_of(frameworks, framework_levels, criteria, framework_id)
    sheets = {
        "survey": (_SURVEY, list(_survey(form))),
        "choices": (_CHOICES, list(_choices(form))),
        "settings": (tuple(_settings(form)), [_settings(form)]),
    }
    try:
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            for name, (columns, rows) in sheets.items():
                _write(book.add_worksheet(name), columns, rows)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise ConfigError(f"{path} cannot be written ({error}). Next: choose another place") from error
    return form


def _write(sheet: xlsxwriter.worksheet.Worksheet, columns: tuple[str, ...], rows: list[Row]) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        texts = [column, *(row.get(column, "") for row in rows)]
        sheet.set_column(place, place, min(_WIDEST, max(len(text) for text in texts) + 2))
        for line, text in enumerate(texts):
            if text:
                sheet.write_string(line, place, text)


def _survey(form: Form) -> Iterator[Row]:
    for group in form.groups:
        yield from _group(group, 0)


def _group(group: Group, depth: int) -> Iterator[Row]:
    kind = "repeat" if group.is_repeat else "group"
    # The questions of one issue are shown together on a screen.
    appearance = "field-list" if depth and not group.is_repeat else ""
    yield {
        "type": f"begin_{kind}",
        "name": group.name,
        "appearance": appearance,
        **_both("label", group.label),
    }
    for part in group.parts:
        if isinstance(part, Group):
            yield from _group(part, depth + 1)
        else:
            yield _question(part)
    yield {"type": f"end_{kind}"}


def _question(question: Question) -> Row:
    return {
        "type": f"{question.type} {question.choices}" if question.choices else question.type,
        "name": question.name,
        "required": "yes" if question.is_required else "",
        "relevant": question.relevant,
        "constraint": question.constraint,
        "calculation": question.calculation,
        **_both("label", question.label),
        **_both("hint", question.hint),
        **_both("constraint_message", question.constraint_message),
    }


def _choices(form: Form) -> Iterator[Row]:
    for name, choices in form.lists.items():
        for code, label in choices.items():
            yield {"list_name": name, "name": code, **_both("label", label)}


def _settings(form: Form) -> Row:
    return {
        "form_title": f"{form.title[1]} · {form.title[0]}",
        "form_id": form.form_id,
        "version": form.version,
        "default_language": _LANGUAGES[1],
        "instance_name": "concat(${site_record_id}, ' ', ${assessed_on})",
    }


def _both(column: str, texts: Both) -> Row:
    # In a text, ${ would be taken for the answer to another question.
    return {
        f"{column}::{language}": text.replace("${", "$ {")
        for language, text in zip(_LANGUAGES, texts, strict=True)
    }
