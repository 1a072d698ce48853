"""Submissions brought into an edition: its tables, the origins beside them, and their place in `edition.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipelines.checks.checking import check
from pipelines.disclosing.public_rows import first_restricted, first_restricted_value
from pipelines.edition import EDITION_FILE
from pipelines.forms.submissions import TABLES
from pipelines.forms.taking import take_in, taken_text
from pipelines.sources import SOURCES
from risk.errors import ConfigError

FormTables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
_TITLES: Final[Mapping[str, str]] = {
    "assessments": "Assessments of sites, from submitted forms",
    "findings": "What assessments found, from submitted forms",
    "improvement_actions": "Improvement actions of sites, from submitted forms",
}
_ORIGIN: Final = """title = "{title}"
publisher = "The operator of this edition"
licence = "Not published, unless a row says so"
attribution = "Submissions of forms from KoboToolbox or ODK"
changes_en = "Answers were read into tables; who sent them was left out."
changes_fr = "Les réponses ont été mises en tableaux\u00a0; qui les a envoyées a été omis."
"""


def take_into_edition(
    paths: Sequence[Path], form_tables: FormTables, folder: Path, *, is_whole: bool = False
) -> str:
    """Take the exports at `paths` into the edition in `folder` and return what was done, for a person to read.

    form_tables: frameworks, framework_levels and criteria of the version that the form is on. `is_whole`: see
    `take_in`. Origins and entries of `edition.toml` that stand are left as they are. Raises ConfigError where
    there is no edition or it cannot be written to, else as `take_in` does.
    """
    content = _edition(folder)
    taken = take_in(paths, *form_tables, folder, is_whole=is_whole)
    done = [*_origins(taken.files), *_entries(folder, content, taken.files)]
    lines = [taken_text(replace(taken, next_moves=())), *done, *_warnings(content, taken.files)]
    return "\n".join([*lines, f"Next: cobalt build --edition {content.get('name', folder.name)}"])


def _edition(folder: Path) -> dict[str, Any]:
    path = folder / EDITION_FILE
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        problem = f"There is no edition in {folder}"
        raise ConfigError(
            f"{problem}. Next: cobalt build --edition {folder.name} makes the training edition"
        ) from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read ({error}). Next: correct it") from error


def _origins(files: Mapping[str, Path]) -> Iterator[str]:
    for name, path in files.items():
        origin = path.with_name(f"{path.stem}.origin.toml")
        if not origin.exists():
            _put(origin, _ORIGIN.format(title=_TITLES[name]))
            yield f"{origin.name}: written; see that it says where the forms come from"


def _entries(folder: Path, content: Mapping[str, Any], files: Mapping[str, Path]) -> Iterator[str]:
    """Add what `edition.toml` lacks at its end; what stands there stays as it is written."""
    named = {entry.get("file") for entry in content.get("inputs", [])}
    lacks = [name for name in TABLES if files[name].name not in named]
    if not lacks:
        return
    path = folder / EDITION_FILE
    added = [f'\n[[inputs]]\nsource = "{name}"\nfile = "{files[name].name}"\n' for name in lacks]
    text = path.read_text("utf-8").rstrip("\n") + "\n" + "".join(added)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"{path} takes no more [[inputs]] at its end. Next: add source and file of {', '.join(lacks)} to it"
        ) from error
    _put(path, text)
    yield f"{path.name}: added the inputs {', '.join(lacks)}"


def _put(path: Path, text: str) -> None:
    """Write beside, then put in place: a file is whole or as it was."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, "utf-8")
        beside.replace(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error}). Next: check the folder") from error


def _warnings(content: Mapping[str, Any], files: Mapping[str, Path]) -> Iterator[str]:
    """Say what would stop the build, or undo what was done."""
    if "generator" in content:
        yield "This edition is made by a generator: with another size or seed it is made anew, without these files"
    if content.get("only_public") is True:
        checked = [check(SOURCES[name], path) for name, path in files.items()]
        private = first_restricted(checked, date.max) or first_restricted_value(checked)
        if private:
            yield (
                f"{EDITION_FILE} says only_public = true, and {private[0]}, line {private[1]}, is not public or has "
                "a note. Next: write yes in public_record of what was published, blank the notes and add its source "
                "to citations; or take that word of the edition back"
            )
