"""A framework file as rows: one TOML file a version, four tables out of it.

    [framework]                       scheme, version, standing, titles, publisher, days, licence
    [origin]                          attribution, what was changed
    [[levels]]                        level, rank, meaning
    [[sections]]                      section, its name
    [[sections.issues]]               issue, its name
    [[sections.issues.criteria]]      criterion_id, kind, level, weight, response_track, text, ...
                                      threshold = {metric, operator, value, unit}
                                      alignments = [{scheme, reference, source, is_verified}]

Keys are named as the columns are. All cells are text, as they stand; a row has the line of its header.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines.frameworks.lines import Located, locate
from pipelines.source import Raw
from risk.errors import InputError, UnreadableFile

TABLES: Final = ("frameworks", "framework_levels", "criteria", "criterion_alignments")
SECTIONS: Final = "sections"
ISSUES: Final = "sections.issues"
CRITERIA: Final = "sections.issues.criteria"
_KEYS: Final[Mapping[str, str]] = {
    "": "framework origin levels sections",
    "framework": "scheme version standing title_en title_fr publisher valid_from valid_until note_en note_fr licence",
    "origin": "attribution changes_en changes_fr published url compiled_on",
    "levels": "level rank meaning_en meaning_fr",
    SECTIONS: "section section_en section_fr issues",
    ISSUES: "issue issue_en issue_fr criteria",
    CRITERIA: "criterion_id kind level weight threshold evidence_en evidence_fr capital_en capital_fr category "
    "response_track text_en text_fr alignments",
    "threshold": "metric operator value unit",
    "alignments": "scheme reference source is_verified",
}
_OF_ORIGIN: Final = ("attribution", "changes_en", "changes_fr")

Row = tuple[int, dict[str, Any]]


def read_framework(path: Path, *, table: str, required: tuple[str, ...]) -> Raw:
    """Return the rows of one of TABLES in the framework file at `path`; columns that are not given are blank.

    Raises UnreadableFile where the file is no TOML, holds a key that nobody reads, or lacks a whole part.
    """
    file = locate(path)
    head = _part(file, "framework")
    rows = list(_READERS[table](file))
    known = {"framework_id": _framework_id(head)}
    cells = [[_cell((known | row).get(name)) for name in required] for _, row in rows]
    lines = np.array([line for line, _ in rows], dtype=np.int64)
    return Raw(pd.DataFrame(cells, columns=list(required), dtype="str"), lines)


def framework_origin(path: Path) -> dict[str, str]:
    """Return where the framework file at `path` is from: title, publisher, licence, attribution, changes.

    Raises UnreadableFile where it cannot be read, InputError where it does not say so.
    """
    file = locate(path)
    head, origin = _part(file, "framework"), _part(file, "origin")
    said = {"title": head.get("title_en"), "publisher": head.get("publisher"), "licence": head.get("licence")}
    said |= {name: origin.get(name) for name in _OF_ORIGIN}
    for name, value in said.items():
        part = "origin" if name in _OF_ORIGIN else "framework"
        if not isinstance(value, str) or not value.strip():
            key = "title_en" if name == "title" else name
            raise InputError(
                file.file,
                f"[{part}] gives no text for {key}",
                next_move=f'add {key} = "…" there',
                line=next(iter(file.block(part, 0)), 1),
            )
    more = {name: str(value) for name, value in origin.items() if name not in said}
    return {name: str(value) for name, value in said.items()} | more


def _framework_id(head: Mapping[str, Any]) -> str:
    scheme, version = (_cell(head.get(name)).strip() for name in ("scheme", "version"))
    return f"{scheme}@{version}" if scheme and version else ""


def _cell(value: Any) -> str:
    """Return a value as text; line breaks and indents of a long text are blanks, no-break spaces stay."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return re.sub(r"[ \t\n]+", " ", str(value)).strip(" ")


def _frameworks(file: Located) -> Iterator[Row]:
    yield file.begins["framework"][0], _part(file, "framework")


def _levels(file: Located) -> Iterator[Row]:
    yield from _listed(file, "levels", file.content)


def _criteria(file: Located) -> Iterator[Row]:
    for position, (line, section, issue, criterion) in enumerate(_walk(file), start=1):
        row = {key: value for key, value in criterion.items() if key not in {"threshold", "alignments"}}
        named = {key: value for key, value in (section | issue).items() if key not in {"issues", "criteria"}}
        threshold = _inner(file, criterion.get("threshold", {}), "threshold", line)
        row |= {"threshold_value" if key == "value" else key: value for key, value in threshold.items()}
        needs = "capital_en" in criterion or "capital_fr" in criterion
        yield line, {**named, **row, "position": position, "needs_capital": needs}


def _alignments(file: Located) -> Iterator[Row]:
    for number, (line, _, _, criterion) in enumerate(_walk(file)):
        given = criterion.get("alignments", [])
        if not isinstance(given, list):
            raise _misshapen(file, "alignments", line, "write alignments = [{scheme = …, reference = …}]")
        for place, one in enumerate(given):
            at = file.line_of("scheme", file.block(CRITERIA, number), place)
            row = _inner(file, one, "alignments", at)
            yield at, {"is_verified": False, **row, "criterion_id": criterion.get("criterion_id")}


_READERS: Final[Mapping[str, Callable[[Located], Iterator[Row]]]] = {
    "frameworks": _frameworks,
    "framework_levels": _levels,
    "criteria": _criteria,
    "criterion_alignments": _alignments,
}


def _walk(file: Located) -> Iterator[tuple[int, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Yield line, section, issue and criterion of each criterion, in the order of the file."""
    issues = criteria = 0
    for _, section in _listed(file, SECTIONS, file.content):
        for _, issue in _listed(file, ISSUES, section, issues):
            for line, criterion in _listed(file, CRITERIA, issue, criteria):
                criteria += 1
                yield line, section, issue, criterion
            issues += 1


def _listed(file: Located, name: str, holder: Mapping[str, Any], before: int = 0) -> Iterator[Row]:
    """Yield line and content of each table in the list `name`, of which `before` came earlier in the file."""
    key = name.rpartition(".")[2]
    given = holder.get(key)
    headers = file.begins.get(name, ())
    if not isinstance(given, list) or not given or len(headers) < before + len(given):
        where = f"[[{name.rpartition('.')[0] or name}]]"
        problem = f"{where} has no [[{name}]]" if "." in name else f"has no [[{name}]]"
        line = headers[before] if before < len(headers) else None
        raise UnreadableFile(
            file.file, problem, next_move=f"write each under a line [[{name}]] of its own", line=line
        )
    for number, one in enumerate(given, start=before):
        yield headers[number], _inner(file, one, name, headers[number])


def _part(file: Located, name: str) -> dict[str, Any]:
    """Return the table called `name`, once no key beside the parts stands in the file."""
    _known(file, "", file.content, 1)
    given = file.content.get(name)
    if not isinstance(given, dict) or name not in file.begins:
        raise UnreadableFile(
            file.file, f"has no [{name}]", next_move=f"add a line [{name}] with what it holds"
        )
    return _inner(file, given, name, file.begins[name][0])


def _inner(file: Located, given: Any, name: str, line: int) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise _misshapen(file, name, line, f"write {{{', '.join(_KEYS[name].split())}}} with their values")
    _known(file, name, given, line)
    return given


def _misshapen(file: Located, name: str, line: int, next_move: str) -> UnreadableFile:
    return UnreadableFile(file.file, f"{name} is not of its form", next_move=next_move, line=line)


def _known(file: Located, name: str, given: Mapping[str, Any], line: int) -> None:
    """Raise UnreadableFile where `given` has a key that nobody reads: a threshold misspelt would be no threshold."""
    keys = _KEYS[name].split()
    for key in given:
        if key not in keys:
            near = get_close_matches(key.lower(), keys, n=1, cutoff=0.7)
            move = f"name it {near[0]}" if near else f"remove it; keys here are {', '.join(keys)}"
            at = (
                file.begins[key][0]
                if not name and key in file.begins
                else file.line_of(key, range(line, len(file.lines) + 1))
            )
            raise UnreadableFile(file.file, f"has a key {key!r}, which nobody reads", next_move=move, line=at)
