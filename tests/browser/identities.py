"""A provider of identities as a process of its own, and an atlas whose readers sign in there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import BrowserContext

from tests.browser.serving import PATIENCE, free_port, served

COOKIE: Final = "_streamlit_user"
SECRET: Final = "a cookie secret of the tests that is long enough"
READERS: Final[Mapping[str, list[str]]] = {
    "stella": ["atlas-staff", "atlas-members"],
    "remy": ["atlas-research"],
    "maya": ["atlas-members", "football"],
}
_ACCESS: Final = """claims = ["roles", "groups"]
[audiences]
staff = ["atlas-staff"]
researcher = ["atlas-research"]
member = ["atlas-members"]
"""
_SECRETS: Final = """[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{secret}"
client_id = "atlas"
client_secret = "of the tests"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@dataclass(frozen=True)
class Atlas:
    """A served atlas: its address, that of its provider, and the folder of its ended sign-ins."""

    address: str
    provider: str
    state_dir: Path


def set_groups(provider: str, reader: str, groups: list[str]) -> None:
    """Let the provider know `reader` with `groups` from now on."""
    body = json.dumps({"groups": groups}).encode()
    request = urllib.request.Request(f"{provider}/users/{reader}", data=body, method="PUT")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=5):
        pass


@contextmanager
def provided(folder: Path) -> Iterator[str]:
    """Run the provider and give its address, once it knows its readers."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    with (
        (folder / "provider.log").open("wb") as said,
        subprocess.Popen(command, stdout=said, stderr=said) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            until = time.monotonic() + PATIENCE
            while not _knows_its_readers(address):
                assert time.monotonic() < until, (folder / "provider.log").read_text("utf-8")
                time.sleep(0.05)
            yield address
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _knows_its_readers(address: str) -> bool:
    try:
        for reader, groups in READERS.items():
            set_groups(address, reader, groups)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
    return True


@contextmanager
def signed_in_atlas(releases_dir: Path, folder: Path, first: str = "") -> Iterator[Atlas]:
    """Serve the releases to readers who sign in; what lies outside of the repository lies in `folder`."""
    with provided(folder) as provider:
        (folder / "access.toml").write_text(_ACCESS, "utf-8")
        secrets = folder / "secrets.toml"
        secrets.write_text(_SECRETS.format(secret=SECRET, provider=provider), "utf-8")
        variables = {
            "COBALT_ACCESS_FILE": str(folder / "access.toml"),
            "COBALT_STATE_DIR": str(folder / "state"),
            # A trap: with sign-in, what a reader without it may see does not depend on this.
            "COBALT_AUDIENCE": "staff",
        }
        options = {"secrets.files": str(secrets)}
        log = folder / "atlas.log"
        with served(releases_dir, log, variables=variables, options=options, first=first) as address:
            yield Atlas(address, provider, folder / "state")


def cookie_of(context: BrowserContext) -> dict[str, Any]:
    """Return the cookie of the sign-in in a browser."""
    return next(dict(one) for one in context.cookies() if one["name"] == COOKIE)


def signed(value: str, **changes: object) -> str:
    """Return the cookie `value` with other claims, signed as only the server can."""
    signer = URLSafeTimedSerializer(SECRET, salt=COOKIE)
    return str(signer.dumps(json.dumps(json.loads(signer.loads(value)) | changes)))
