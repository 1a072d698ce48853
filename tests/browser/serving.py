"""The real server as a process of its own, on a free port of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from warehouse.settings import ROOT

PATIENCE = 60


# Runs Streamlit's command line after a line of ours, in the same process.
_FIRST = "import runpy, sys; exec(sys.argv.pop(1)); runpy.run_module('streamlit', run_name='__main__')"


@contextmanager
def served(
    releases_dir: Path,
    log: Path,
    *,
    variables: Mapping[str, str] = MappingProxyType({}),
    options: Mapping[str, str] = MappingProxyType({}),
    first: str = "",
) -> Iterator[str]:
    """Serve the releases in `releases_dir` and give the server's address; what it says goes to `log`.

    `variables` are added to its environment, `options` to its command line; it runs the line `first` first.
    """
    port = free_port()
    chosen = {"server.port": str(port), "server.address": "127.0.0.1", **options}
    command = [sys.executable, "-c", _FIRST, first, "run", "server.py"]
    command += [f"--{name}={value}" for name, value in chosen.items()]
    mine = {name: value for name, value in os.environ.items() if not name.startswith("COBALT_")}
    environment = {**mine, "COBALT_AUDIENCE": "staff", "COBALT_RELEASES_DIR": str(releases_dir)}
    environment |= variables
    with (
        log.open("wb") as said,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(PATIENCE)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    # Health alone: no page is asked for, so that the first deep link of a test is the first of the server.
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    said = log.read_text("utf-8")[-2000:]
    raise RuntimeError(f"the server did not start (exit code {process.poll()}); it said: {said}")
