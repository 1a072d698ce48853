"""Bring both catalogues up to date with the texts in the code: `make texts`.

The texts are read from the syntax tree, so that those inside f-strings are found too. English is the
message id itself; a French text that is missing stays empty, and a test fails on it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
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

Text = str | tuple[str, str]


def texts_of(source: str) -> Iterator[Text]:
    """Yield the texts that `source` marks: a string, or singular and plural.

    >>> list(texts_of("_('a'); f'{_(\\"b\\")}'; _n('c', 'd', 2); _(x['no'])"))
    ['a', 'b', ('c', 'd')]
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


def main() -> int:
    """Write both catalogues; return how many French texts are missing."""
    missing = 0
    for language in LANGUAGES:
        catalogue = update(language)
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            write_po(stream, catalogue, sort_output=True, omit_header=True, width=100)
        empty = [message.id for message in catalogue if message.id and not _is_full(message.string)]
        missing += len(empty)
        sys.stdout.write(f"{language}: {len(catalogue)} texts, {len(empty)} missing\n")
        sys.stdout.writelines(f"  {text!r}\n" for text in empty)
    return missing


def _is_full(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    main()
