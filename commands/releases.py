"""Releases: build one, hold it to the rules, list them, compare two, see what was set aside."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from commands.command import Command, progress, say

if TYPE_CHECKING:
    from warehouse.release import Release


def build(args: argparse.Namespace) -> int:
    """Build and publish a release."""
    from pipelines.build import build as build_release
    from pipelines.listings import built_text
    from pipelines.training.making import prepare_if_training

    folder = args.data / args.edition
    if prepare_if_training(args.edition, folder, args.size, args.seed):
        say(f"The training edition is made in {folder}: nothing in it is real.")
    built = build_release(folder, args.releases, as_of=args.as_of, progress=progress)
    say(built_text(built))
    return 0


def release(args: argparse.Namespace) -> int:
    """Hold a release to the rules of disclosure, from its files alone."""
    from pipelines.verifying.checking import check_release, findings_text

    found = check_release(args.edition, args.releases, args.ID)
    say(findings_text(found))
    return 1 if found.faults else 0


def rejected(args: argparse.Namespace) -> int:
    """Show the rows that were set aside, whole."""
    from pipelines.listings import rejected_text
    from warehouse.contracts import known_table

    say(rejected_text(_opened(args, args.release), known_table(args.table)))
    return 0


def releases(args: argparse.Namespace) -> int:
    """List the releases that stand."""
    from pipelines.listings import releases_text
    from warehouse.release import list_releases

    standing = list_releases(args.edition, args.releases)
    nothing = f"There is no release of the {args.edition} edition in {args.releases} yet."
    say(releases_text(standing) if standing else nothing)
    return 0


def diff(args: argparse.Namespace) -> int:
    """Say what changed between two releases."""
    from pipelines.listings import changed_rows_text, difference_text
    from warehouse.contracts import known_table

    a, b = _opened(args, args.A), _opened(args, args.B)
    table = known_table(args.table)
    say(changed_rows_text(a, b, table) if table else difference_text(a, b))
    return 0


def _opened(args: argparse.Namespace, release_id: str | None) -> Release:
    from warehouse.release import open_release

    return open_release(args.edition, "staff", release_id, releases_dir=args.releases)


BUILD: Final = Command(
    "build",
    "read an edition's files, hold them to their contracts, publish a release",
    ("cobalt build --as-of 2026-03-31", "cobalt build --edition training --size 33 --seed 2"),
    ("--edition", "--data", "--releases", "--as-of", "--size", "--seed"),
    build,
)
RELEASE: Final = Command(
    "release",
    "hold a release to the rules of disclosure, from its files alone; exit 1 if one is broken",
    ("cobalt release check", "cobalt release check 2026-03-31-0123456789 --edition training"),
    ("action", "ID", "--edition", "--releases"),
    release,
)
REJECTED: Final = Command(
    "rejected",
    "show the rows a build set aside, whole, as they came",
    ("cobalt rejected", "cobalt rejected --table incidents"),
    ("--table", "--release", "--edition", "--releases"),
    rejected,
)
RELEASES: Final = Command(
    "releases",
    "list the releases that stand, and which is served",
    ("cobalt releases", "cobalt releases --edition open"),
    ("--edition", "--releases"),
    releases,
)
DIFF: Final = Command(
    "diff",
    "count what changed between two releases, or name the rows of one table",
    ("cobalt diff 2026-03-31-0123456789 2026-06-30-9876543210", "cobalt diff A B --table sites"),
    ("A", "B", "--table", "--edition", "--releases"),
    diff,
)
