"""Servers as processes of their own, on free ports of this machine."""

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

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 60


@contextmanager
def streamlit_of(
    script: Path, folder: Path, environment: Mapping[str, str], *options: str
) -> Iterator[tuple[int, float]]:
    """Run `script` by Streamlit in `folder`; yield its port and the seconds until it was healthy."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true", *options]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COBALT_")}
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env={**kept, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_until_healthy(port, process)
            yield port, time.perf_counter() - began
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def wait_until_healthy(port: int, process: subprocess.Popen) -> None:
    """Return when the server on `port` says that it is well. Raises RuntimeError if it never does."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise RuntimeError(f"the server on port {port} did not start (exit code {process.poll()})")
