"""A small made framework as a file: two levels, two sections, three criteria."""

from __future__ import annotations

from pathlib import Path

TEXT = '''# A made framework.
[framework]
scheme = "made"
version = "1"
standing = "in_force"
title_en = "A made framework"
title_fr = "Un cadre inventé"
publisher = "Nobody"
licence = "CC0"
valid_from = 2025-01-01
valid_until = 2025-12-31

[origin]
attribution = "Nobody"
changes_en = "None."
changes_fr = "Aucun."

[[levels]]
level = "LOW"
rank = 1
meaning_en = "Low"
meaning_fr = "Bas"

[[levels]]
level = "TOP"
rank = 2
meaning_en = "Top"
meaning_fr = "Haut"

[[sections]]
section = "A"
section_en = "First"
section_fr = "Premier"

[[sections.issues]]
issue = "one"
issue_en = "One"
issue_fr = "Un"

[[sections.issues.criteria]]
criterion_id = "A-01"
kind = "zero_tolerance"
level = "LOW"
weight = 2
category = "CHL"
response_track = "immediate"
text_en = """
Nobody under 18
works here."""
text_fr = "Aucun mineur ne travaille ici\N{NO-BREAK SPACE}; aucun."

[[sections.issues.criteria]]
criterion_id = "A-02"
kind = "threshold"
level = "TOP"
weight = 1.5
response_track = "improve"
threshold = { metric = "depth", operator = "<=", value = 10, unit = "m" }
text_en = "Pits are shallow."
text_fr = "Les puits sont peu profonds."
capital_en = "Machines"
capital_fr = "Engins"
alignments = [
  { scheme = "X", reference = "depth", source = "A list", is_verified = true },
  { scheme = "Y", reference = "pits" },
]

[[sections]]
section = "B"
section_en = "Second"
section_fr = "Deuxième"

[[sections.issues]]
issue = "two"
issue_en = "Two"
issue_fr = "Deux"

[[sections.issues.criteria]]
criterion_id = "B-01"
kind = "progressive"
level = "TOP"
weight = 1
response_track = "improve"
text_en = "Women lead, too."
text_fr = "Des femmes dirigent aussi."
'''


def write_framework(folder: Path, *changes: tuple[str, str], name: str = "made-1.toml") -> Path:
    """Write the framework with `changes` (what stood there, what stands there now) and return its path."""
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def line_of(part: str, text: str = TEXT, *, after: str = "") -> int:
    """Return the line, from 1, on which `part` first stands, behind the first `after`."""
    return text[: text.index(part, text.index(after))].count("\n") + 1
