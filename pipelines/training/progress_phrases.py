"""What is said of assessments, actions and grievances, out of `progress_phrases.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.training.columns import Objects

OTHER: Final = "other"
_FILE: Final = Path(__file__).with_name("progress_phrases.toml")


@cache
def _phrases() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def notes(about: str) -> Objects:
    """Return the notes that may stand beside `about`: assessments, findings, extensions, steps."""
    return np.array(_phrases()["notes"][about], dtype=object)


def titles() -> Mapping[str, tuple[str, str]]:
    """Return the title of an action in English and French, by criterion; OTHER answers none."""
    return {name: (pair[0], pair[1]) for name, pair in _phrases()["titles"].items()}


def allegations() -> Mapping[str, tuple[str, ...]]:
    """Return what may be alleged, by category, with a place for the {name} of the entity."""
    return {code: tuple(said) for code, said in _phrases()["allegations"].items()}
