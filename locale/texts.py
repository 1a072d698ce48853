"""Bring both catalogues up to date with the texts in the code: `make texts`.

The texts are read from the syntax tree, so that those inside f-strings are found too. English is the
message id itself; a French text that is missing stays empty, and a test fails on it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parent.parent
ROOMS: Final = ("risk", "warehouse", "pipelines", "layers", "frame", "pages")
LANGUAGES: Final = ("en", "fr")
# `column` and `optional` carry the descriptions of the codebook.
_ONE: Final = {"mark", "_", "column", "optional"}
_MANY: Final = {"_n"}
# What must be the same in both languages: placeholders, then Markdown's bold, code and links.
_MARKS: Final = re.compile(r"\{\w*\}|\*\*|`[^`]*`|\]\(")
# Straight apostrophes and quotes; ; : ? ! % » without their no-break space, « without its own.
_UNFRENCH: Final = re.compile(r"['\"]| [;:?!%»]|(?<=\S)[;:?!%»](?=\s|$)|«(?!\u00a0)")

Text = str | tuple[str, str]


def texts_of(source: str) -> Iterator[Text]:
    """Yield the texts that `source` marks: a string, or singular and plural.

    >>> list(texts_of("_('a'); f'{_(\\"b\\")}'; _n('c', 'd', 2); _(x['no'])"))
    ['a', ('c', 'd'), 'b']
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        values = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        words = [value for value in values if isinstance(value, str)]
        if node.func.id in _ONE and words:
            yield words[0]
        elif node.func.id in _MANY and len(words) == 2:
            yield words[0], words[1]


def texts() -> set[Text]:
    """Return every text of the product."""
    files = [*ROOT.glob("*.py"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    return {text for path in files for text in texts_of(path.read_text("utf-8"))}


def catalogue_path(language: str) -> Path:
    """Return the path of a language's catalogue."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "cobalt.po"


def read_catalogue(language: str) -> Catalog:
    """Return a language's catalogue."""
    with catalogue_path(language).open("rb") as stream:
        return read_po(stream, locale=language)


def update(language: str) -> Catalog:
    """Return the catalogue with the texts of today: known translations kept, gone ones dropped."""
    old = read_catalogue(language) if catalogue_path(language).exists() else Catalog(locale=language)
    new = Catalog(locale=language, project="Cobalt Risk Atlas", fuzzy=False)
    for text in sorted(texts(), key=str):
        known = old.get(text[0] if isinstance(text, tuple) else text)
        kept = known.string if known else ""
        new.add(text, kept if language != "en" else text)
    return new


def faults(language: str, catalogue: Catalog, wanted: Set[Text]) -> list[str]:
    """Return what is wrong with a catalogue, one line a text, each naming it; `wanted` are the texts in the code.

    A French text may be 1.6 times as long as the English and 12 characters more: layouts hold both.
    """
    held = {message.id: message for message in catalogue if message.id}
    found = [f"{text!r} is not in the catalogue" for text in sorted(wanted - held.keys(), key=str)]
    found += [f"{text!r} is no longer in the code" for text in sorted(held.keys() - wanted, key=str)]
    for text, message in held.items():
        ours, theirs = _forms(text), _forms(message.string)
        if message.fuzzy:
            found.append(f"{text!r} is fuzzy")
        if len(ours) != len(theirs) or not all(theirs):
            found.append(f"{text!r} is not translated")
            continue
        for english, said in zip(ours, theirs, strict=True):
            found += [f"{english!r} {fault}: {said!r}" for fault in _faults_of(language, english, said)]
    return found


def _faults_of(language: str, english: str, said: str) -> Iterator[str]:
    if sorted(_MARKS.findall(english)) != sorted(_MARKS.findall(said)):
        yield "has other placeholders or Markdown"
    if language == "en":
        if said != english:
            yield "is its own text"
        return
    if len(said) > 1.6 * len(english) + 12:
        yield "is too long"
    if _UNFRENCH.search(said):
        yield "is not in French typography"


def _forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def main() -> None:
    """Write both catalogues and name what is left to do."""
    for language in LANGUAGES:
        catalogue = update(language)
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            write_po(stream, catalogue, sort_output=True, omit_header=True, width=100)
        left = faults(language, catalogue, texts())
        sys.stdout.write(f"{language}: {len(catalogue)} texts, {len(left)} to mend\n")
        sys.stdout.writelines(f"  {fault}\n" for fault in left)


if __name__ == "__main__":
    main()
