"""Every error this project raises on purpose.

    CobaltError                 a person can act on the message
    ├── InputError              a file is not what it should be
    │   └── UnreadableFile      it cannot be read at all: the run stops
    ├── ReleaseError            a release cannot be had
    │   ├── NoRelease           there is none yet
    │   ├── BrokenRelease       its files do not match its manifest
    │   │   └── NoAudience      it has no file for this audience
    │   ├── OutdatedRelease     another version of the atlas built it
    │   └── BuildRunning        somebody else is building
    └── ConfigError             a COBALT_… variable, an argument or a file of the operator's has no meaning

Each message names the file, the line and the value where there are any, and the next move.
Errors are caught at two doors only: the command line and `app.py`.
"""

from __future__ import annotations


class CobaltError(Exception):
    """Base of the family; `str(error)` is the whole message for a reader."""


class InputError(CobaltError):
    """A file is not what it should be.

    >>> print(InputError("sites.csv", "'x' is not a number", next_move="write 12.5", line=3))
    sites.csv, line 3: 'x' is not a number. Next: write 12.5
    """

    def __init__(self, file: str, problem: str, *, next_move: str, line: int | None = None) -> None:
        self.file = file
        self.line = line
        self.problem = problem
        self.next_move = next_move
        where = file if line is None else f"{file}, line {line}"
        super().__init__(f"{where}: {problem}. Next: {next_move}")


class UnreadableFile(InputError):
    """The file cannot be read at all; nothing of it was taken and the run stops."""


class ReleaseError(CobaltError):
    """A release cannot be had."""


class NoRelease(ReleaseError):
    """There is no release of this edition yet."""


class BrokenRelease(ReleaseError):
    """The files of a release do not match its manifest."""


class NoAudience(BrokenRelease):
    """The release has no file for this audience; no other audience's file is opened in its place."""


class OutdatedRelease(ReleaseError):
    """Another version of the atlas built the release; its tables may lack what is asked for."""


class BuildRunning(ReleaseError):
    """Another build of the same edition holds the lock."""


class ConfigError(CobaltError):
    """A COBALT_… variable, an argument or a file of the operator's has no meaning."""
