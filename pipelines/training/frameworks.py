"""The frameworks of the training edition: the examples that every edition has, and an older one before them.

The older version is invented for training, out of what the first example asks, so that assessments reach
back over five years. All stand in the edition's own folder.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipelines.sources import SOURCES
from risk.errors import InputError

SHARED: Final = Path(__file__).resolve().parents[2] / "data" / "frameworks"
SHARED_FILES: Final = ("illustrative-2025.1.toml", "illustrative-2026.1.toml")
OLDER_FILE: Final = "illustrative-2022.1.toml"
# What the older version does not ask yet: choices of this generator.
_NOT_YET: Final = (
    *("GOV-10", "GOV-12", "WR-08", "WR-12", "WR-13", "OSH-10", "OSH-12"),
    *("ENV-03", "TRD-03", "TRD-09"),
)
_OLDER_HEAD: Final[Mapping[str, str]] = {
    "version": "2022.1",
    "standing": "superseded",
    "publisher": "Cobalt Risk Atlas, invented",
    "title_en": "Illustrative catalogue 2022.1, invented for training: artisanal cobalt sites",
    "title_fr": "Catalogue d’exemple 2022.1, inventé pour l’exercice\N{NO-BREAK SPACE}: sites artisanaux de cobalt",
    "note_en": "Invented for training: no such version was ever published. It asks some of what version "
    "2025.1 asks, so that assessments of the training edition reach back over five years. It is not the "
    "framework of the Responsible Minerals Initiative (RMI).",
    "note_fr": "Inventé pour l’exercice\N{NO-BREAK SPACE}: aucune version de ce nom n’a jamais été publiée. Il "
    "demande une partie de ce que demande la version 2025.1, pour que les évaluations de l’édition d’exercice "
    "remontent sur cinq ans. Ce n’est pas le cadre de la Responsible Minerals Initiative (RMI).",
}
_OLDER_DAYS: Final = "valid_from = 2021-10-01\nvalid_until = 2024-12-31\n"
_OLDER_ORIGIN: Final[Mapping[str, str]] = {
    "attribution": "Invented for training: nothing in it is real",
    "changes_en": "Made by the generator of the training edition from version 2025.1: criteria left out, "
    "alignments too.",
    "changes_fr": "Produit par le générateur de l’édition d’exercice à partir de la version 2025.1, sans une "
    "partie des critères et sans les correspondances.",
}


@dataclass(frozen=True)
class Version:
    """One version of the framework: its id, its first day (from 1970), its criteria in their order."""

    framework_id: str
    first_day: int
    criteria: pd.DataFrame


def shared_version() -> str:
    """Return a word for what the shared files hold: another one where a letter of them changed.

    Raises InputError where one of them is missing.
    """
    found = hashlib.sha256()
    for path in _shared():
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def write_frameworks(folder: Path) -> tuple[Version, ...]:
    """Write all versions into the new `folder` and return them, the oldest first.

    Raises InputError where a shared one is missing.
    """
    folder.mkdir()
    shared = _shared()
    for path in shared:
        shutil.copyfile(path, folder / path.name)
    (folder / OLDER_FILE).write_text(older_text(shared[0].read_text("utf-8")), "utf-8")
    found = [_version(folder / name) for name in (OLDER_FILE, *SHARED_FILES)]
    return tuple(sorted(found, key=lambda version: version.first_day))


def older_text(text: str) -> str:
    """Return the older version as the text of its file, made of that of the version after it."""
    content = tomllib.loads(text)
    days = ("valid_from", "valid_until")
    head = {name: value for name, value in content["framework"].items() if name not in days}
    lines = ["# Made by `cobalt build --edition training`.", "[framework]"]
    lines += [*_keys(head | dict(_OLDER_HEAD)), _OLDER_DAYS, "[origin]", *_keys(_OLDER_ORIGIN), ""]
    for level in content["levels"]:
        lines += ["[[levels]]", *_keys(level), ""]
    lines += _sections(content["sections"])
    return "\n".join(lines)


def _shared() -> list[Path]:
    paths = [SHARED / name for name in SHARED_FILES]
    for path in paths:
        if not path.is_file():
            raise InputError(
                path.name, "is missing, and the training edition needs it", next_move=f"put it into {SHARED}"
            )
    return paths


def _version(path: Path) -> Version:
    head, criteria = (SOURCES[name].shape(SOURCES[name].read(path)) for name in ("frameworks", "criteria"))
    first = head["valid_from"].to_numpy(dtype="datetime64[D]").astype(int)[0]
    return Version(str(head["framework_id"].iloc[0]), int(first), criteria)


def _sections(sections: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the sections, without criteria that are not asked yet and what is empty without them."""
    for section in sections:
        issues = [(issue, _asked(issue)) for issue in section["issues"]]
        if any(asked for _, asked in issues):
            yield from ("[[sections]]", *_keys(section), "")
        for issue, asked in issues:
            if asked:
                yield from ("[[sections.issues]]", *_keys(issue), "")
            for criterion in asked:
                yield from ("[[sections.issues.criteria]]", *_keys(criterion), "")


def _asked(issue: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in issue["criteria"] if one["criterion_id"] not in _NOT_YET]


def _keys(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each text or number, and for a threshold; lists are of tables and stand elsewhere."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield f"{name} = {{ {', '.join(_keys(value))} }}"
        elif not isinstance(value, list):
            yield f"{name} = {json.dumps(value, ensure_ascii=False)}"
