"""How long building the open edition takes, a build that has nothing to do, and the start of the server.

    python benchmarks/build.py [--turns 3]

Whole commands, as a reader types them, each a process of its own. Medians.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.wire.servers import ROOT, streamlit_of

LINES = (
    ("build of the open edition", 15.0),
    ("build that has nothing to do", None),
    ("start of the server, first", None),
    ("start of the server, second", None),
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=3)
    figures: list[list[float]] = [[] for _ in LINES]
    for _ in range(parser.parse_args().turns):
        with tempfile.TemporaryDirectory() as name:
            for seconds, figure in zip(_turn(Path(name)), figures, strict=True):
                figure.append(seconds)
    print(f"{'':<34}{'target, s':>10}{'seconds':>9}")
    for (label, target), figure in zip(LINES, figures, strict=True):
        print(f"{label:<34}{'' if target is None else target:>10}{statistics.median(figure):>9.2f}")


def _turn(releases_dir: Path) -> tuple[float, ...]:
    builds = [_build(releases_dir) for _ in range(2)]
    starts = []
    for _ in range(2):
        environment = {"COBALT_RELEASES_DIR": str(releases_dir)}
        with streamlit_of(ROOT / "server.py", ROOT, environment) as (_, seconds):
            starts.append(seconds)
    return (*builds, *starts)


def _build(releases_dir: Path) -> float:
    command = [sys.executable, "cobalt.py", "build", "--releases", str(releases_dir)]
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
