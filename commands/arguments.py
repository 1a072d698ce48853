"""Every argument that a command may take, once for all of them."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from risk.vocabulary import Edition
from warehouse.settings import Settings


def arguments(given: Settings) -> dict[str, dict[str, Any]]:
    """Return what `add_argument` takes for each argument, by its name; `given` are the defaults."""
    return {
        "A": {"metavar": "A", "help": "id of the older release"},
        "action": {"choices": ["check"], "help": "what to do with it"},
        "ID": {"nargs": "?", "metavar": "ID", "help": "id of the release (default: the one being served)"},
        "B": {"metavar": "B", "help": "id of the newer release"},
        "subject": {"metavar": "SUBJECT", "help": "subject (sub), e-mail address or user name of the reader"},
        "files": {"nargs": "*", "type": Path, "metavar": "FILE", "help": "default: all of the edition"},
        "verb": {"choices": ["list", "check", "diff", "form"], "help": "what to do"},
        "versions": {
            "nargs": "*",
            "metavar": "VERSION",
            "help": "diff: two ids or files; form: one; check: files (default: all of the data folder)",
        },
        "exports": {"nargs": "+", "type": Path, "metavar": "FILE", "help": "exports, later ones are newer"},
        "--out": {"type": Path, "metavar": "FILE", "help": "form: the workbook to write"},
        "--framework": {"required": True, "metavar": "ID", "help": "version that the form is on"},
        "--whole": {
            "action": "store_true",
            "help": "the files hold every submission there is: those that they lack are removed",
        },
        "--build": {"action": "store_true", "help": "build a release of the edition at once"},
        "--edition": {
            "choices": [edition.value for edition in Edition],
            "default": given.edition.value,
            "help": "body of data (default: %(default)s)",
        },
        "--data": _folder(given.data_dir, "folder that holds the editions (default: %(default)s)"),
        "--releases": _folder(given.releases_dir, "folder that holds the releases (default: %(default)s)"),
        "--as-of": {
            "type": _day,
            "metavar": "DATE",
            "help": "day that stands for today (default: the edition's)",
        },
        "--size": {"type": float, "metavar": "N", "help": "of the training edition; 1 is 300 sites"},
        "--seed": {"type": int, "metavar": "N", "help": "of the training edition: which belt"},
        "--source": {"metavar": "NAME", "help": "format of the files (default: by the name of each)"},
        "--table": {"metavar": "NAME", "help": "only this table, row by row"},
        "--release": {"metavar": "ID", "help": "release to look into (default: the one being served)"},
        "--port": {"type": int, "default": 8501, "help": "port to listen on (default: %(default)s)"},
        "--host": {"default": "127.0.0.1", "help": "address to listen on (default: %(default)s)"},
    }


def _folder(default: Path, text: str) -> dict[str, Any]:
    return {"type": Path, "metavar": "DIR", "default": default, "help": text}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write 2026-03-31") from None
