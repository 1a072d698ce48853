"""What the processes of the kill tests do: build without end, read without end."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from tests.made_tables import places, publish_tables, rejected
from warehouse.release import open_release

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
        time.sleep(0.01)
        if problem:
            sys.stdout.write(problem + "\n")
    sys.stdout.write(f"{reads}\n")
