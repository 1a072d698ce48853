"""Many random kills of publishing processes while readers read: counts of what went wrong, 0 expected.

    python benchmarks/kills.py [--kills 60]

Each publisher builds release after release until it is killed (SIGKILL) at a random moment, up to 2.5 builds
after it began. Two threads and one other process read all the while, as a page does; after each kill, every
byte of the release being served is compared with its manifest.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from tests.made_builds import tables
from tests.made_tables import publish_tables
from tests.test_kills import readers, start
from warehouse.release import list_releases, open_release, verify


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=60)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as name:
        releases_dir = Path(name)
        publish_tables(releases_dir, tables("first"), content="first ")
        with readers(releases_dir) as (problems, reads):
            halves = _kill(releases_dir, kills)
        last = publish_tables(releases_dir, tables("last"), content="last ")
        standing = list_releases("open", releases_dir)
        left = len(list((releases_dir / "open").glob(".building-*")))
    lines = (
        ("processes killed", kills),
        ("of these while a release was half built", halves),
        ("releases published", len(standing)),
        ("reads meanwhile", sum(reads)),
        ("reads that failed, or saw a part or a mix", len(problems)),
        ("releases that do not match their manifest", sum(s.problem is not None for s in standing)),
        ("half-built releases left after the next", left),
        ("served release is not the last", int([s.release_id for s in standing if s.is_current] != [last])),
    )
    for label, count in lines:
        print(f"{label:<44}{count:>8,}")
    for problem in problems[:5]:
        print(problem)


def _kill(releases_dir: Path, kills: int) -> int:
    """Kill `kills` publishers one after the other; return how many left a half-built release behind."""
    chance = random.Random(20261122)
    began = time.perf_counter()
    publish_tables(releases_dir, tables("second"), content="second ")
    one_build_s = time.perf_counter() - began
    halves = 0
    for number in range(kills):
        builder = start("build_without_end", releases_dir, number)
        builder.stdout.readline()
        builder.stdin.write("go\n")
        builder.stdin.flush()
        time.sleep(chance.uniform(0.05, 2.5) * one_build_s)
        builder.kill()
        builder.communicate()
        halves += any((releases_dir / "open").glob(".building-*"))
        verify(open_release("open", releases_dir=releases_dir))
    return halves


if __name__ == "__main__":
    main()
