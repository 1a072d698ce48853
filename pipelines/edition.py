"""What an edition is made of: `edition.toml`, and an origin beside each file.

    data/<edition>/edition.toml          name, titles, as-of date, [[inputs]] source and file; bounds
                                         = [west, south, east, north], by default a box around the DRC;
                                         only_public = true where no record may be unpublished
    data/<edition>/<file>.origin.toml    title, publisher, licence, attribution, what was changed
    data/method/<file>                   what the method was measured to do; part of every edition
    data/frameworks/<file>.toml          a version of a framework, its origin in it; part of every edition but
    data/<edition>/frameworks/           those that have a folder of their own: it is read in place of that one

An origin may hold a table `[citation]`: the source that speaks for every record of its file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from pipelines.frameworks.reading import TABLES as FRAMEWORK_TABLES
from pipelines.frameworks.reading import framework_origin
from pipelines.sources import SOURCES
from risk.errors import InputError
from risk.vocabulary import Edition
from warehouse.columns import DRC_BOUNDS, Bounds
from warehouse.release import sha256_of

EDITION_FILE: Final = "edition.toml"
METHOD_FOLDER: Final = "method"
FRAMEWORK_FOLDER: Final = "frameworks"
ORIGIN_TEXTS: Final = ("title", "publisher", "licence", "attribution", "changes_en", "changes_fr")
ORIGIN_OPTIONS: Final = ("published", "url", "compiled_on")
CITATION_TEXTS: Final = ("title", "publisher", "published", "url")


@dataclass(frozen=True)
class EditionInput:
    """One file of an edition: who reads it, where it is from, its content's SHA-256.

    `origin` holds the texts of ORIGIN_TEXTS, and of ORIGIN_OPTIONS those that are given; `citation` is
    the source of every record of the file, or None where each record has its own.
    """

    source: str
    path: Path
    origin: Mapping[str, str]
    sha256: str
    citation: Mapping[str, str] | None = None


@dataclass(frozen=True)
class EditionSpec:
    """An edition as its folder describes it.

    `only_public`: it promises to hold no record that is not public; a build that finds one stops.
    """

    name: str
    title_en: str
    title_fr: str
    as_of: date
    inputs: tuple[EditionInput, ...]
    bounds: Bounds = DRC_BOUNDS
    only_public: bool = False

    @property
    def cited_files(self) -> frozenset[str]:
        """Names of the files whose origin cites each of their records."""
        return frozenset(given.path.name for given in self.inputs if given.citation is not None)


def load_edition(folder: Path) -> EditionSpec:
    """Return what the edition in `folder` is made of, files in the order of `edition.toml`.

    Raises InputError where a file is missing or no TOML, a source is unknown, a date, a flag or bounds are
    none, or a path leads out of the folder.
    """
    content = _toml(folder / EDITION_FILE)
    name = _text(content, "name", EDITION_FILE)
    if name not in {edition.value for edition in Edition}:
        allowed = ", ".join(edition.value for edition in Edition)
        raise InputError(EDITION_FILE, f"name is {name!r}", next_move=f"write one of {allowed}")
    inputs = content.get("inputs")
    if not isinstance(inputs, list) or not inputs:
        raise InputError(EDITION_FILE, "names no file", next_move="add [[inputs]] with source and file")
    found = tuple(_input(folder, entry) for entry in inputs) + _method_figures(folder.parent / METHOD_FOLDER)
    files = framework_files_of(folder)
    _refuse_twice([*(given.path.name for given in found), *(path.name for path in files)])
    return EditionSpec(
        name=name,
        title_en=_text(content, "title_en", EDITION_FILE),
        title_fr=_text(content, "title_fr", EDITION_FILE),
        as_of=_day(content.get("as_of")),
        inputs=found + tuple(part for path in files for part in _framework(path)),
        bounds=_bounds(content.get("bounds", list(DRC_BOUNDS))),
        only_public=_flag(content, "only_public"),
    )


def framework_files(data_dir: Path) -> list[Path]:
    """Return the framework files that every edition under `data_dir` without its own holds, by name."""
    return sorted((data_dir / FRAMEWORK_FOLDER).glob("*.toml"))


def framework_files_of(folder: Path) -> list[Path]:
    """Return the framework files of the edition in `folder`, by name: its own, else those beside it."""
    has_own = (folder / FRAMEWORK_FOLDER).is_dir()
    return framework_files(folder if has_own else folder.parent)


def bounds_of(folder: Path) -> Bounds:
    """Return the bounds of the edition in `folder`, those of the DRC where there is none.

    Raises InputError where its `edition.toml` cannot be read, or its bounds are none.
    """
    path = folder / EDITION_FILE
    return _bounds(_toml(path).get("bounds", list(DRC_BOUNDS))) if path.is_file() else DRC_BOUNDS


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise InputError(path.name, reason, next_move=f"write {path}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(path.name, f"is no TOML ({error})", next_move="correct it, in UTF-8") from error


def _text(content: Mapping[str, Any], key: str, file: str) -> str:
    value = content.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError(file, f"gives no text for {key}", next_move=f'add {key} = "…"')
    return value


def _flag(content: Mapping[str, Any], key: str) -> bool:
    value = content.get(key, False)
    if not isinstance(value, bool):
        raise InputError(
            EDITION_FILE, f"{key} is {value!r}, neither true nor false", next_move=f"write {key} = true"
        )
    return value


def _day(value: Any) -> date:
    """Return the as-of date, written as a TOML date or as text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) and len(value) == 10 else "")
    except ValueError:
        problem = f"as_of is {value!r}, not a date" if value is not None else "gives no as_of date"
        raise InputError(EDITION_FILE, problem, next_move='write as_of = "YYYY-MM-DD"') from None


def _bounds(value: Any) -> Bounds:
    """Return west, south, east, north; the box must have an inside, on this earth."""
    numbers = value if isinstance(value, list) else []
    if len(numbers) == 4 and all(type(number) in (int, float) for number in numbers):
        west, south, east, north = (float(number) for number in numbers)
        if -180 <= west < east <= 180 and -90 <= south < north <= 90:
            return west, south, east, north
    raise InputError(
        EDITION_FILE,
        f"bounds are {value!r}, not a box in degrees",
        next_move="write bounds = [west, south, east, north]",
    )


def _input(folder: Path, entry: Any) -> EditionInput:
    if not isinstance(entry, dict):
        raise InputError(EDITION_FILE, "has inputs that are no tables", next_move="write [[inputs]]")
    source, file = _text(entry, "source", EDITION_FILE), _text(entry, "file", EDITION_FILE)
    if source not in SOURCES:
        known = ", ".join(SOURCES)
        raise InputError(
            EDITION_FILE, f"names the unknown source {source!r}", next_move=f"use one of {known}"
        )
    path = folder / file
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError) as error:  # a symlink that leads to itself
        raise InputError(file, f"cannot be found ({error})", next_move="put the file itself there") from error
    if not resolved.is_relative_to(folder.resolve()):
        raise InputError(
            EDITION_FILE, f"the file {file!r} lies outside {folder}", next_move="put it in there"
        )
    if not path.is_file():
        raise InputError(
            file, f"is not in {folder}, though {EDITION_FILE} names it", next_move="put it there"
        )
    origin, citation = _origin(path.with_name(f"{path.stem}.origin.toml"))
    return EditionInput(source, path, origin, sha256_of(path), citation)


def _method_figures(folder: Path) -> tuple[EditionInput, ...]:
    """Return the files of figures on the method, by name: they are the same for every edition."""
    return tuple(
        _input(folder, {"source": "method_figures", "file": path.name})
        for path in sorted(folder.glob("*.csv"))
    )


def _framework(path: Path) -> tuple[EditionInput, ...]:
    """Return one file of a framework as what it is read for: each of its tables."""
    origin, sha256 = framework_origin(path), sha256_of(path)
    return tuple(EditionInput(table, path, origin, sha256) for table in FRAMEWORK_TABLES)


def _origin(path: Path) -> tuple[dict[str, str], dict[str, str] | None]:
    content = _toml(path)
    origin = {key: _text(content, key, path.name) for key in ORIGIN_TEXTS}
    origin |= {key: str(content[key]) for key in ORIGIN_OPTIONS if key in content}
    given = content.get("citation")
    if given is None:
        return origin, None
    if not isinstance(given, dict):
        raise InputError(path.name, "has a citation that is no table", next_move="write it as [citation]")
    citation = {"title": _text(given, "title", path.name)}
    return origin, citation | {key: str(given[key]) for key in CITATION_TEXTS if key in given}


def _refuse_twice(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise InputError(EDITION_FILE, f"names the file {name!r} twice", next_move="keep one of the two")
