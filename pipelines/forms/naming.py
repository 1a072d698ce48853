"""Criterion ids as names of questions, and back.

A name begins with a letter and holds letters, digits, `_`, `-` and `.`; `-` of an id becomes `_`, which
every tool takes. Any other character is written as `-`, its code point in hexadecimal, `-`.
"""

from __future__ import annotations

import re
from typing import Final

# Before an id that does not begin with a letter; no other name begins so.
_LEAD: Final = "n--"
_ESCAPE: Final = re.compile(r"-([0-9a-f]+)-")
_PLAIN: Final = re.compile(r"[A-Za-z0-9]", re.ASCII)


def question_name(criterion_id: str) -> str:
    """Return the name of the question on a criterion; two ids never have the same.

    >>> question_name("GOV-01"), question_name("1.2"), question_name("A_1")
    ('GOV_01', 'n--1-2e-2', 'A-5f-1')
    """
    name = "".join(_written(character) for character in criterion_id)
    return name if re.match(r"[A-Za-z]", name) else _LEAD + name


def criterion_of(name: str) -> str:
    """Return the id of the criterion whose question has this name.

    >>> criterion_of("GOV_01"), criterion_of("n--1-2e-2"), criterion_of("A-5f-1")
    ('GOV-01', '1.2', 'A_1')
    """
    text = name.removeprefix(_LEAD).replace("_", "-2d-")
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _written(character: str) -> str:
    if _PLAIN.fullmatch(character):
        return character
    return "_" if character == "-" else f"-{ord(character):x}-"
