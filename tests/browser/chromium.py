"""Find a Chromium for the browser tests, or install one; `python -m tests.browser.chromium`.

Order: COBALT_CHROMIUM, a Chromium on the machine, the system's packages, Playwright's own download.
Without any, the run fails and says so: browser tests are never skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromium(RuntimeError):
    """No Chromium could be had."""


def find() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    chosen = os.environ.get("COBALT_CHROMIUM")
    if chosen:
        if not Path(chosen).is_file():
            raise NoChromium(f"COBALT_CHROMIUM is {chosen!r}, which is no file. Next: correct or unset it")
        return chosen
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _playwrights_own()


def ensure() -> str:
    """Return the path of a Chromium, installing one if there is none. Raises NoChromium."""
    path = find()
    if path is None:
        sys.stdout.write("No Chromium found; installing one for the browser tests.\n")
        path = _from_system() or _from_playwright()
    if path is None:
        raise NoChromium(
            "No Chromium could be found or installed. Next: install one with the system's packages "
            "(for example `apt-get install chromium`) or set COBALT_CHROMIUM to its path"
        )
    return path


def _from_system() -> str | None:
    if not shutil.which("apt-get"):
        return None
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "chromium", "fonts-dejavu-core"]):
        subprocess.run([*prefix, "apt-get", *command], env=quiet, check=False, stdout=subprocess.DEVNULL)
    return find()


def _from_playwright() -> str | None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return find()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


if __name__ == "__main__":
    try:
        sys.stdout.write(f"Browser tests use {ensure()}\n")
    except NoChromium as error:
        sys.exit(str(error))
