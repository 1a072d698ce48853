"""Where in a TOML text its tables begin: `tomllib` gives the content alone, and a fault has to name its line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from risk.errors import UnreadableFile

_HEADER: Final = re.compile(r"\s*\[\[?\s*([^\[\]\"']+?)\s*\]\]?\s*(?:#.*)?$")
_LONG_TEXT: Final = re.compile(r'"""|\'\'\'')
_AT_LINE: Final = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class Located:
    """A TOML file: its content, its lines, and for each name of a table the lines where one begins, from 1."""

    file: str
    content: dict[str, Any]
    lines: tuple[str, ...]
    begins: dict[str, tuple[int, ...]]

    def block(self, name: str, number: int) -> range:
        """Return the lines of the `number`th table called `name`, from 0, those of its own sub-tables included.

        Empty where the text has no such header.
        """
        starts = self.begins.get(name, ())
        if number >= len(starts):
            return range(0)
        later = [
            line
            for other, found in self.begins.items()
            if not other.startswith(f"{name}.")
            for line in found
            if line > starts[number]
        ]
        return range(starts[number], min(later, default=len(self.lines) + 1))

    def line_of(self, key: str, block: range, number: int = 0) -> int:
        """Return the line of the `number`th time that `key` is given a value in `block`; else its first line."""
        pattern = re.compile(rf"(?<![\w.\-]){re.escape(key)}\s*=")
        found = [line for line in block for _ in pattern.findall(self.lines[line - 1])]
        return found[number] if number < len(found) else next(iter(block), 1)


def locate(path: Path) -> Located:
    """Return the TOML file at `path` with the lines of its tables. Raises UnreadableFile where it is none."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        content = tomllib.loads(text)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise UnreadableFile(path.name, reason, next_move=f"put the file at {path}") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(path.name, "is not in UTF-8", next_move="save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        said, at = str(error), _AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        shown = text.split("\n")[line - 1].strip()[:60] if at else "the end"
        problem = f"{_AT_LINE.sub('', said)}, at {shown!r}"
        raise UnreadableFile(path.name, problem, next_move="correct the TOML there", line=line) from error
    lines = tuple(text.split("\n"))
    return Located(path.name, content, lines, _begins(lines))


def _begins(lines: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    is_inside = False
    for number, line in enumerate(lines, start=1):
        header = None if is_inside else _HEADER.match(line)
        if header:
            found.setdefault(re.sub(r"\s*\.\s*", ".", header[1]), []).append(number)
        if len(_LONG_TEXT.findall(line)) % 2:
            is_inside = not is_inside
    return {name: tuple(numbers) for name, numbers in found.items()}
