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
from collections.abc import Sequence
from typing import Final

from commands import checking, frameworks, releases, serving
from commands.arguments import arguments as _arguments
from commands.command import Command
from risk.errors import CobaltError, ConfigError
from warehouse.settings import Settings, settings

COMMANDS: Final[tuple[Command, ...]] = (
    releases.BUILD,
    serving.SERVE,
    serving.SIGN_OUT,
    checking.CHECK,
    releases.RELEASE,
    releases.REJECTED,
    releases.RELEASES,
    releases.DIFF,
    checking.SOURCES,
    frameworks.FRAMEWORK,
    frameworks.SUBMISSIONS,
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
