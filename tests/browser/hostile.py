"""The open edition with an attack in every free text: a page that runs one of them is broken."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from tests.conftest import OPEN_EDITION

# `ran` is a function that the test gives to every frame; only a script can call it.
ATTACKS = (
    '<img src=x onerror="ran(1)">',
    "${ran(2)}",
    "`+ran(3)+`",
    "</script><script>ran(4)</script>",
    "{{'x'}}{% raw %}{{ ran(5) }}",
    "\u202e\u2067RTL\u200f",
    "[a](javascript:ran(6))",
    "'+ran(7)+'\\u0027;ran(7);//",
    '"><svg onload=ran(8)>',
    "$\\href{javascript:ran(9)}{x}$ :red[x] <!--",
)
LONG = "A" * 10_000

# file → columns of free text; ids, codes, numbers and dates keep their contracts
TEXTS = {
    "provinces": ("name",),
    "territories": ("name",),
    "concessions": ("title_number", "status_reported", "holder"),
    "facilities": ("name", "aliases", "operator", "owners_reported", "status_reported", "note"),
    "facility_production": ("scope", "period"),
    "sites": (
        "publisher",
        "name",
        "aliases",
        "status_reported",
        "operator_reported",
        "buyers_reported",
        "note",
    ),
    "ipis_sites": ("name", "note"),
    "incidents": ("summary", "verification_note", "place_name", "territory_reported"),
    "refiners": ("name", "parent_company", "products", "status_note"),
    "assessment_figures": ("scope", "assessor", "indicator", "value_reported", "note"),
    "places": ("name", "note"),
    "regulatory_notes": ("issuer", "text_en", "text_fr"),
    "citations": ("title", "publisher", "published", "url"),
    "site_matches": ("reason",),
}
ORIGIN_TEXTS = ("title", "publisher", "licence", "attribution", "changes_en", "changes_fr")


def write(folder: Path) -> Path:
    """Write the hostile edition into `folder` and return it."""
    shutil.copytree(OPEN_EDITION, folder)
    for name, columns in TEXTS.items():
        _poison(folder / f"{name}.csv", columns)
    for path in folder.glob("*.origin.toml"):
        lines = path.read_text("utf-8").splitlines()
        path.write_text("\n".join(_origin_line(line) for line in lines) + "\n", "utf-8")
    return folder


def _poison(path: Path, columns: tuple[str, ...]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names, rows = list(reader.fieldnames or ()), list(reader)
    for number, row in enumerate(rows):
        for turn, column in enumerate(columns):
            row[column] += " " + ATTACKS[(number + turn) % len(ATTACKS)]
            if number == 1 and column in {"summary", "note", "name", "holder"}:
                row[column] += LONG
            if column == "url":
                row[column] = row[column].replace(" ", "") if row[column].startswith("http") else ""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


def _origin_line(line: str) -> str:
    key, equals, value = line.partition(" = ")
    if equals and key in ORIGIN_TEXTS and value.endswith('"'):
        attack = " ".join(ATTACKS).replace("\\", "\\\\").replace('"', '\\"')
        return f'{key} = {value[:-1]} {attack}"'
    return line
