"""Frameworks that sites are assessed against: list, check and compare versions, make forms, take submissions in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from commands.command import Command, progress, say
from risk.errors import ConfigError


def framework(args: argparse.Namespace) -> int:
    """List, check or compare versions of frameworks, or write the form on one."""
    runs = {"list": _list, "check": _check, "diff": _diff, "form": _form}
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


def _form(args: argparse.Namespace) -> int:
    from pipelines.forms.xlsform import write_form
    from pipelines.frameworks.asking import framework_of

    if len(args.versions) != 1 or args.out is None:
        raise ConfigError(
            "cobalt framework form writes the form on one version to a file. Next: give an id, and --out FILE.xlsx"
        )
    if args.out.suffix != ".xlsx":
        raise ConfigError(f"--out is {args.out}, no workbook. Next: give it a name that ends in .xlsx")
    form = write_form(*framework_of(args.versions[0], args.data).form_tables, args.out)
    say(f"{args.out}: the form on {form.framework_id}, in English and French.")
    say(
        f"Next: upload it to KoboToolbox or ODK; then: cobalt submissions FILE --framework {form.framework_id}"
    )
    return 0


def submissions(args: argparse.Namespace) -> int:
    """Take submissions of a form into an edition."""
    from pipelines.forms.registering import take_into_edition
    from pipelines.frameworks.asking import framework_of

    tables = framework_of(args.framework, args.data).form_tables
    say(take_into_edition(args.exports, tables, args.data / args.edition, is_whole=args.whole))
    if args.build:
        from pipelines.build import build
        from pipelines.listings import built_text

        say(built_text(build(args.data / args.edition, args.releases, as_of=args.as_of, progress=progress)))
    return 0


FRAMEWORK: Final = Command(
    "framework",
    "list the frameworks that sites are assessed against, check files of them (exit 1 if one is broken), "
    "say what changed between two versions, or write the form on one",
    (
        "cobalt framework list",
        "cobalt framework check data/frameworks/illustrative-2026.1.toml",
        "cobalt framework diff illustrative@2025.1 illustrative@2026.1",
        "cobalt framework form illustrative@2026.1 --out form.xlsx",
    ),
    ("verb", "versions", "--out", "--data"),
    framework,
)
SUBMISSIONS: Final = Command(
    "submissions",
    "take exports of a form from KoboToolbox or ODK into an edition; again and again without harm",
    (
        "cobalt submissions export.xlsx --framework illustrative@2026.1 --edition training",
        "cobalt submissions all.json --framework illustrative@2026.1 --whole --build",
    ),
    ("exports", "--framework", "--whole", "--build", "--as-of", "--edition", "--data", "--releases"),
    submissions,
)
