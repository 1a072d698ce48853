"""The `cobalt` command: parses, calls, reports; nothing else.

What was asked for goes to stdout, progress and logs to stderr. Exit codes: 0 done, 1 a message says what
is wrong and what to do next, 2 the arguments have no meaning, 130 stopped by Ctrl-C.

Each command imports what it needs when it runs: `cobalt --help` and `cobalt serve` start at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from risk.errors import CobaltError, ConfigError
from risk.vocabulary import Audience, Edition
from warehouse.settings import ROOT, Settings, settings

if TYPE_CHECKING:
    from warehouse.release import Release

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
    shown = "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)
    print(shown)


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


def serve(args: argparse.Namespace) -> int:
    """Start the app in place of this process, so that signals reach it."""
    from entry.listening import check, environment, secret_files, server
    from warehouse.release import open_release

    secrets = secret_files(Path.cwd())
    offered = check(args.host, secrets)
    audience = Audience.PUBLIC if offered else settings().audience
    release = open_release(args.edition, audience, releases_dir=args.releases)
    os.environ.update(environment(args.edition, args.releases))
    say(f"Serving release {release.id} of the {args.edition} edition on http://{args.host}:{args.port}")
    say("Readers sign in." if offered else f"Without sign-in, to this machine alone: {release.path.name}.")
    say("Stop with Ctrl-C.")
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, *server(args.host, args.port, secrets)])


def sign_out(args: argparse.Namespace) -> int:
    """End every sign-in of a reader."""
    from entry.sessions import end_reader

    end_reader(settings().state_dir, args.subject, time.time())
    say("Every sign-in of this reader has ended. A role stands with the provider: take it away there.")
    return 0


def check(args: argparse.Namespace) -> int:
    """Hold files to their contracts; nothing is built."""
    from pipelines.checks.asking import checked_files
    from pipelines.checks.reporting import summary

    checked = checked_files(args.files, args.source, args.data / args.edition, progress)
    for file in checked:
        say(summary(file, is_built=False))
    return 1 if any(file.rows_rejected for file in checked) else 0


def release(args: argparse.Namespace) -> int:
    """Hold a release to the rules of disclosure, from its files alone."""
    from pipelines.verifying.checking import check_release, findings_text

    found = check_release(args.edition, args.releases, args.ID)
    say(findings_text(found))
    return 1 if found.faults else 0


def sources(args: argparse.Namespace) -> int:
    """List the files of an edition."""
    from pipelines.edition import load_edition
    from pipelines.listings import sources_text

    say(sources_text(load_edition(args.data / args.edition)))
    return 0


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


def progress(items: Iterable[T], what: str) -> Iterable[T]:
    """Yield `items`, with a bar on a terminal once they last over two seconds; logs say the rest."""
    from tqdm import tqdm

    return tqdm(items, desc=what, delay=2, file=sys.stderr, disable=None, leave=False)


def _opened(args: argparse.Namespace, release_id: str | None) -> Release:
    from warehouse.release import open_release

    return open_release(args.edition, "staff", release_id, releases_dir=args.releases)


def _arguments(given: Settings) -> dict[str, dict[str, Any]]:
    """Return every argument that a command may take; `given` are the defaults."""
    return {
        "A": {"metavar": "A", "help": "id of the older release"},
        "action": {"choices": ["check"], "help": "what to do with it"},
        "ID": {"nargs": "?", "metavar": "ID", "help": "id of the release (default: the one being served)"},
        "B": {"metavar": "B", "help": "id of the newer release"},
        "subject": {"metavar": "SUBJECT", "help": "subject (sub), e-mail address or user name of the reader"},
        "files": {"nargs": "*", "type": Path, "metavar": "FILE", "help": "default: all of the edition"},
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


COMMANDS: Final = (
    Command(
        "build",
        "read an edition's files, hold them to their contracts, publish a release",
        ("cobalt build --as-of 2026-03-31", "cobalt build --edition training --size 33 --seed 2"),
        ("--edition", "--data", "--releases", "--as-of", "--size", "--seed"),
        build,
    ),
    Command(
        "serve",
        "serve the app from the release that was built last",
        ("cobalt serve", "cobalt serve --port 8600"),
        ("--edition", "--releases", "--port", "--host"),
        serve,
    ),
    Command(
        "sign-out",
        "end every sign-in of a reader at once, such as after a role was taken away",
        ("cobalt sign-out 8f14e45f", "cobalt sign-out reader@example.org"),
        ("subject",),
        sign_out,
    ),
    Command(
        "check",
        "hold files to their contracts without building; exit 1 if a row breaks one",
        ("cobalt check", "cobalt check data/open/incidents.csv", "cobalt check new.csv --source incidents"),
        ("files", "--source", "--edition", "--data"),
        check,
    ),
    Command(
        "release",
        "hold a release to the rules of disclosure, from its files alone; exit 1 if one is broken",
        ("cobalt release check", "cobalt release check 2026-03-31-0123456789 --edition training"),
        ("action", "ID", "--edition", "--releases"),
        release,
    ),
    Command(
        "rejected",
        "show the rows a build set aside, whole, as they came",
        ("cobalt rejected", "cobalt rejected --table incidents"),
        ("--table", "--release", "--edition", "--releases"),
        rejected,
    ),
    Command(
        "releases",
        "list the releases that stand, and which is served",
        ("cobalt releases", "cobalt releases --edition open"),
        ("--edition", "--releases"),
        releases,
    ),
    Command(
        "diff",
        "count what changed between two releases, or name the rows of one table",
        ("cobalt diff 2026-03-31-0123456789 2026-06-30-9876543210", "cobalt diff A B --table sites"),
        ("A", "B", "--table", "--edition", "--releases"),
        diff,
    ),
    Command(
        "sources",
        "list an edition's files: who reads them, into which table, where they are from",
        ("cobalt sources", "cobalt sources --edition open"),
        ("--edition", "--data"),
        sources,
    ),
)


def parser(given: Settings) -> argparse.ArgumentParser:
    """Return the parser of the command line; `given` are the defaults."""
    whole = argparse.ArgumentParser(
        prog="cobalt", description="Build and serve the Cobalt Risk Atlas. Configuration: COBALT_… variables."
    )
    known = _arguments(given)
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        one = commands.add_parser(
            command.name,
            help=command.does,
            description=command.does[0].upper() + command.does[1:] + ".",
            epilog="\n".join(("examples:", *(f"  {example}" for example in command.examples))),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        for name in command.arguments:
            one.add_argument(name, **known[name])
        one.set_defaults(run=command.run)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        given = settings()
        args = parser(given).parse_args(arguments)
        _log_to_stderr(given.log_level)
        code: int = args.run(args)
        sys.stdout.flush()
    except CobaltError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. What was published before still stands; see: cobalt releases\n")
        return 130
    except BrokenPipeError:  # the reader of our output, such as `head`, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _log_to_stderr(level: str) -> None:
    if level not in logging.getLevelNamesMapping():
        raise ConfigError(f"COBALT_LOG_LEVEL is {level!r}. Next: set it to DEBUG, INFO, WARNING or ERROR")
    logging.basicConfig(level=level, format="%(message)s", stream=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
