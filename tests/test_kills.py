"""Builds are killed at random moments while readers read: no error, no part, no mix."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from risk.errors import CobaltError
from tests.made_tables import places, publish_tables, rejected
from warehouse.release import list_releases, open_release, verify

ROOT = Path(__file__).resolve().parent.parent
KILLS = 8
ROWS = 500


def tables(tag: str) -> dict:
    """Two tables that agree on `tag` in every row: half a release, or a mix of two, would not."""
    return {"places": places(*[tag] * ROWS), "rejected_row": rejected(*[tag] * ROWS)}


def build_without_end(releases_dir: Path, number: int) -> None:
    """What the processes to be killed do, from the moment they are told to go."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for turn in range(10_000):
        publish_tables(releases_dir, tables(f"{number}-{turn}"), content=f"{number}-{turn} ")


def read_once(releases_dir: Path) -> str:
    """Read the release being served as a page does and return what is wrong with it, or ''."""
    release = open_release("open", releases_dir=releases_dir)
    said = release.query("SELECT value FROM metadata WHERE key = 'release_id'").loc[0, "value"]
    names = release.query("SELECT name AS tag, count(*) AS n FROM places GROUP BY tag")
    reasons = release.query("SELECT reason AS tag, count(*) AS n FROM rejected_row GROUP BY tag")
    if said != release.id:
        return f"{release.id} says it is {said}"
    if not names.equals(reasons) or names["n"].tolist() != [ROWS]:
        return f"{release.id} is partial or mixed: {names} {reasons}"
    return ""


def read_until_told(releases_dir: Path) -> None:
    """What the reading process does: one line a problem, and in the end how often it read."""
    told = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), told.set()), daemon=True).start()
    reads = 0
    while not told.is_set():
        problem = read_once(releases_dir)
        reads += 1
        if problem:
            sys.stdout.write(problem + "\n")
    sys.stdout.write(f"{reads}\n")


def start(function: str, *arguments: object) -> subprocess.Popen:
    given = ", ".join(repr(str(a)) if isinstance(a, Path) else repr(a) for a in arguments)
    given = given.replace(repr(str(arguments[0])), f"Path({str(arguments[0])!r})")
    code = f"from pathlib import Path; from tests.test_kills import {function} as go; go({given})"
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, text=True, cwd=ROOT)


@contextmanager
def readers(releases_dir: Path) -> Iterator[tuple[list[str], list[int]]]:
    """Read in two threads of this process and in one other process, until the block ends."""
    problems: list[str] = []
    reads = [0, 0, 0]
    told = threading.Event()

    def read(place: int) -> None:
        while not told.is_set():
            try:
                problem = read_once(releases_dir)
            except CobaltError as error:
                problem = str(error)
            reads[place] += 1
            if problem:
                problems.append(problem)
            time.sleep(0.01)

    threads = [threading.Thread(target=read, args=(place,)) for place in (0, 1)]
    other = start("read_until_told", releases_dir)
    for thread in threads:
        thread.start()
    try:
        yield problems, reads
    finally:
        told.set()
        for thread in threads:
            thread.join()
        *said, count = other.communicate("stop\n")[0].splitlines()
        problems.extend(said)
        reads[2] = int(count)


def test_a_build_killed_at_any_moment_leaves_readers_a_whole_release(tmp_path: Path) -> None:
    publish_tables(tmp_path, tables("first"), content="first ")
    chance = random.Random(20261122)
    builders = [start("build_without_end", tmp_path, number) for number in range(KILLS)]
    halves = 0
    with readers(tmp_path) as (problems, reads):
        for builder in builders:
            assert builder.stdout.readline() == "ready\n"
        for builder in builders:
            builder.stdin.write("go\n")
            builder.stdin.flush()
            time.sleep(chance.uniform(0.02, 0.6))
            builder.kill()
            builder.communicate()
            assert builder.returncode == -signal.SIGKILL
            halves += any((tmp_path / "open").glob(".building-*"))
            verify(open_release("open", releases_dir=tmp_path))
    assert problems == []
    assert min(reads) > 10
    assert halves > 0, "no kill fell into a build: the test shows nothing"

    last = publish_tables(tmp_path, tables("last"), content="last ")
    assert not any((tmp_path / "open").glob(".building-*"))
    standing = list_releases("open", tmp_path)
    assert [s.problem for s in standing] == [None] * len(standing)
    assert [s.release_id for s in standing if s.is_current] == [last]
    assert len(standing) > KILLS / 2


@pytest.mark.parametrize("moment", ["rename", "replace"])
def test_a_build_that_dies_between_its_last_steps_is_taken_up_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    first = publish_tables(tmp_path, tables("a"))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, moment, die)
        with pytest.raises(KeyboardInterrupt):
            publish_tables(tmp_path, tables("b"), content="b")
    assert open_release("open", releases_dir=tmp_path, verified=True).id == first
    second = publish_tables(tmp_path, tables("b"), content="b")
    assert second != first
    assert open_release("open", releases_dir=tmp_path, verified=True).id == second
    assert not any((tmp_path / "open").glob(".building-*"))
