"""Builds are killed at random moments while readers read: no error, no part, no mix."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from pipelines.build import build
from pipelines.release import building
from risk.errors import CobaltError
from risk.vocabulary import Edition
from tests.made_builds import read_once, tables
from tests.made_edition import write_edition
from tests.made_tables import publish_tables
from warehouse.release import list_releases, open_release, verify

ROOT = Path(__file__).resolve().parent.parent
KILLS = 8


def start(function: str, *arguments: object) -> subprocess.Popen:
    given = ", ".join(repr(str(a)) if isinstance(a, Path) else repr(a) for a in arguments)
    given = given.replace(repr(str(arguments[0])), f"Path({str(arguments[0])!r})")
    code = f"from pathlib import Path; from tests.made_builds import {function} as go; go({given})"
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


def wait_for(is_so: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until `is_so`, however busy the machine is; fail after `seconds`."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def test_a_build_killed_at_any_moment_leaves_readers_a_whole_release(tmp_path: Path) -> None:
    publish_tables(tmp_path, tables("first"), content="first ")
    chance = random.Random(20261122)
    builders = [start("build_without_end", tmp_path, number) for number in range(KILLS)]
    halves = 0
    with readers(tmp_path) as (problems, reads):
        for builder in builders:
            assert builder.stdout.readline() == "ready\n"
        started = time.perf_counter()
        publish_tables(tmp_path, tables("second"), content="second ")
        one_build_s = time.perf_counter() - started
        for builder in builders:
            builder.stdin.write("go\n")
            builder.stdin.flush()
            time.sleep(chance.uniform(0.1, 2.5) * one_build_s)
            if builder is builders[-1]:
                wait_for(lambda: len(list_releases("open", tmp_path)) >= 4)  # two were finished before a kill
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
    assert len(standing) > 4  # the first, second and last, and what was finished before a kill


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


def test_the_command_killed_at_any_moment_leaves_the_old_release(tmp_path: Path) -> None:
    edition = write_edition(tmp_path / "data" / "open")
    releases_dir = tmp_path / "releases"
    first = build(edition, releases_dir).release_id
    chance = random.Random(20261123)
    for _ in range(3):
        options = ["--data", str(tmp_path / "data"), "--releases", str(releases_dir), "--as-of", "2026-03-31"]
        command = [sys.executable, "cobalt.py", "build", *options]
        ours = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert ours.stderr is not None
        ours.stderr.readline()  # its first log line: files are being read
        time.sleep(chance.uniform(0, 0.5))
        ours.kill()
        ours.communicate()
        served = open_release("open", releases_dir=releases_dir, verified=True)
        assert served.id == first or served.as_of.isoformat() == "2026-03-31"
    last = build(edition, releases_dir, as_of=date(2026, 3, 31)).release_id
    assert open_release("open", releases_dir=releases_dir, verified=True).id == last
    assert [s.problem for s in list_releases("open", releases_dir)] == [None, None]


def test_a_second_command_at_once_is_refused(tmp_path: Path) -> None:
    write_edition(tmp_path / "data" / "open")
    options = ["--data", str(tmp_path / "data"), "--releases", str(tmp_path / "releases")]
    with building(Edition.OPEN, tmp_path / "releases"):
        second = subprocess.run(
            [sys.executable, "cobalt.py", "build", *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert second.returncode == 1
    assert second.stderr.startswith("Another build of the open edition is running in ")
    assert "Next: wait until it has ended" in second.stderr
