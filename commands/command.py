"""What a command is, and how it speaks: results to stdout, progress to stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Command:
    """One command: its name, what it does in a line, examples, its arguments, and what runs it."""

    name: str
    does: str
    examples: tuple[str, ...]
    arguments: tuple[str, ...]
    run: Callable[[argparse.Namespace], int]


def say(text: str = "") -> None:
    """Write a line to stdout; characters that would steer a terminal are shown, not sent."""
    shown = "".join(c if c.isprintable() or c in "\n\t\u00a0" else ascii(c)[1:-1] for c in text)
    print(shown)


def progress(items: Iterable[T], what: str) -> Iterable[T]:
    """Yield `items`, with a bar on a terminal once they last over two seconds; logs say the rest."""
    from tqdm import tqdm

    shown: Iterable[T] = tqdm(items, desc=what, delay=2, file=sys.stderr, disable=None, leave=False)
    return shown
