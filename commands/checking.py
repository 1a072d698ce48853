"""Files before they are built: hold them to their contracts, list what an edition is made of."""

from __future__ import annotations

import argparse
from typing import Final

from commands.command import Command, progress, say


def check(args: argparse.Namespace) -> int:
    """Hold files to their contracts; nothing is built."""
    from pipelines.checks.asking import checked_files
    from pipelines.checks.reporting import summary

    checked = checked_files(args.files, args.source, args.data / args.edition, progress)
    for file in checked:
        say(summary(file, is_built=False))
    return 1 if any(file.rows_rejected for file in checked) else 0


def sources(args: argparse.Namespace) -> int:
    """List the files of an edition."""
    from pipelines.edition import load_edition
    from pipelines.listings import sources_text

    say(sources_text(load_edition(args.data / args.edition)))
    return 0


CHECK: Final = Command(
    "check",
    "hold files to their contracts without building; exit 1 if a row breaks one",
    ("cobalt check", "cobalt check data/open/incidents.csv", "cobalt check new.csv --source incidents"),
    ("files", "--source", "--edition", "--data"),
    check,
)
SOURCES: Final = Command(
    "sources",
    "list an edition's files: who reads them, into which table, where they are from",
    ("cobalt sources", "cobalt sources --edition open"),
    ("--edition", "--data"),
    sources,
)
