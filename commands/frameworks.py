"""Frameworks that sites are assessed against: list the versions, hold a file to its contract, compare two."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from commands.command import Command, say
from risk.errors import ConfigError


def framework(args: argparse.Namespace) -> int:
    """List, check or compare versions of frameworks."""
    runs = {"list": _list, "check": _check, "diff": _diff}
    return runs[args.verb](args)


def _list(args: argparse.Namespace) -> int:
    from pipelines.frameworks.asking import standing_frameworks
    from pipelines.frameworks.listings import frameworks_text

    if args.versions:
        raise ConfigError("cobalt framework list takes no version. Next: leave it out")
    files = standing_frameworks(args.data)
    say(frameworks_text(files) if files else f"There is no framework in {args.data / 'frameworks'}.")
    return 0


def _check(args: argparse.Namespace) -> int:
    from pipelines.edition import framework_files
    from pipelines.frameworks.asking import checked_frameworks
    from pipelines.frameworks.listings import checked_text

    checked = checked_frameworks([Path(one) for one in args.versions] or framework_files(args.data))
    for file in checked:
        say(checked_text(file))
    return 1 if any(file.rows_rejected for file in checked) else 0


def _diff(args: argparse.Namespace) -> int:
    from pipelines.frameworks.asking import criteria_of
    from pipelines.frameworks.listings import difference_text
    from risk.frameworks import framework_diff

    if len(args.versions) != 2:
        raise ConfigError(
            f"cobalt framework diff compares two versions, not {len(args.versions)}. Next: give two ids or files"
        )
    a, b = args.versions
    say(difference_text(a, b, framework_diff(criteria_of(a, args.data), criteria_of(b, args.data))))
    return 0


FRAMEWORK: Final = Command(
    "framework",
    "list the frameworks that sites are assessed against, check files of them (exit 1 if one is broken), "
    "or say what changed between two versions",
    (
        "cobalt framework list",
        "cobalt framework check data/frameworks/illustrative-2026.1.toml",
        "cobalt framework diff illustrative@2025.1 illustrative@2026.1",
    ),
    ("verb", "versions", "--data"),
    framework,
)
