"""How a framework and its criteria are named: the title in the reader's language, and how far it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from frame import formats
from risk.escaping import for_markdown
from risk.progress_words import FRAMEWORK_STANDINGS
from risk.texts import translate as _


def plain(row: Mapping[Any, Any]) -> str:
    """Return title and standing of a framework as they are, for a table or a chart; its id where it is not there."""
    if pd.isna(row["title_en"]):
        return str(row["framework_id"])
    return f"{formats.worded(row, 'title')} ({_(FRAMEWORK_STANDINGS[row['standing']])})"


def named(row: Mapping[Any, Any]) -> str:
    """Return the same, escaped."""
    return for_markdown(plain(row))


def criterion(row: Mapping[Any, Any]) -> str:
    """Return a criterion's id and its text in the reader's language, escaped; the id alone where there is no text."""
    code = f"**{for_markdown(row['criterion_id'])}**"
    return code if pd.isna(row["text_en"]) else f"{code} {for_markdown(formats.worded(row, 'text'))}"


def listed(rows: Iterable[Mapping[Any, Any]], behind: Iterable[str] = ()) -> str:
    """Return criteria as a list, each with what `behind` says of it."""
    words = [*behind]
    lines = [criterion(row) for row in rows]
    said = [f"{line} – {word}" for line, word in zip(lines, words, strict=True)] if words else lines
    return "\n".join(f"- {line}" for line in said)
