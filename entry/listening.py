"""Where the app may listen: without an identity provider on this machine only, with one wherever it is told."""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from entry import sessions
from entry.groups import read_access
from risk.errors import ConfigError
from warehouse.settings import settings

# A name of this machine in a request; any other one there comes from elsewhere, or from a page that plays a trick.
HERE: Final = ("localhost", "127.0.0.1", "::1", "[::1]")
_SECRETS: Final = Path(".streamlit") / "secrets.toml"
_NEEDED: Final = ("redirect_uri", "client_id", "client_secret", "server_metadata_url", "cookie_secret")
_SHORTEST_SECRET: Final = 32
_CALLBACK: Final = "/oauth2callback"


def secret_files(folder: Path) -> tuple[Path, ...]:
    """Return where Streamlit's secrets may lie for a server started in `folder`; the last one has the last word."""
    return tuple(dict.fromkeys((Path.home() / _SECRETS, folder.resolve() / _SECRETS)))


def server(host: str, port: int, files: Sequence[Path]) -> list[str]:
    """Return what Python is told to start the app on `host` and `port`, its secrets in `files`."""
    options = [("server.port", port), ("server.address", host), ("server.headless", "true")]
    options += [("secrets.files", path) for path in files]
    return ["-m", "streamlit", "run", "server.py", *(f"--{name}={value}" for name, value in options)]


def environment(edition: str, releases_dir: Path) -> dict[str, str]:
    """Return the variables for a server that runs in another folder than the one it was started from."""
    given = settings()
    paths = {
        "COBALT_RELEASES_DIR": releases_dir,
        "COBALT_ACCESS_FILE": given.access_file,
        "COBALT_STATE_DIR": given.state_dir,
    }
    named = {name: str(path.resolve()) for name, path in paths.items() if path is not None}
    return {"COBALT_EDITION": edition, **named}


def provider(files: Sequence[Path]) -> Mapping[str, Any] | None:
    """Return the section `[auth]` of the secrets in `files`, or None where no identity provider is named.

    Raises ConfigError for a file that cannot be read: it is never taken for one without a provider.
    """
    found: Any = None
    for path in files:
        if not path.exists():
            continue
        try:
            found = tomllib.loads(path.read_text("utf-8")).get("auth", found)
        except (OSError, ValueError) as error:
            # A line of it may hold a secret, so no word of it is repeated.
            raise ConfigError(
                f"{path} cannot be read ({type(error).__name__}). Next: correct it, or move it away"
            ) from None
    if found is not None and not isinstance(found, dict):
        raise ConfigError(f"{files[-1]}: auth is no section. Next: write [auth] and its keys below it")
    return found


def check(host: str | None, files: Sequence[Path]) -> bool:
    """Return whether readers sign in, once all that is needed for it, or for doing without it, is there.

    Raises ConfigError where the app would answer other machines without sign-in, or sign-in is not whole.
    """
    named = provider(files)
    if named is None:
        if not is_here(host):
            raise ConfigError(
                f"Without sign-in the atlas is served to this machine only, not on {host or 'every address'}. "
                f"Next: listen on 127.0.0.1, or name an identity provider in {files[-1]} (README, Sign-in)"
            )
        return False
    _check_provider(named, files[-1])
    chosen = settings()
    read_access(chosen.access_file)
    sessions.prepare(chosen.state_dir)
    return True


def is_here(host: str | None) -> bool:
    """Return whether only this machine can reach `host`; none means every address.

    >>> [is_here(host) for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "192.168.1.7", "atlas.example", None)]
    [True, True, True, False, False, False, False]
    """
    if host in HERE:
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _check_provider(named: Mapping[str, Any], file: Path) -> None:
    for key in _NEEDED:
        if not isinstance(named.get(key), str) or not named[key]:
            raise ConfigError(
                f"{file}, section [auth]: {key} is missing. Next: write it as a text (README, Sign-in)"
            )
    if len(named["cookie_secret"]) < _SHORTEST_SECRET:
        raise ConfigError(
            f"{file}, section [auth]: cookie_secret has {len(named['cookie_secret'])} characters. "
            f"Next: write {_SHORTEST_SECRET} or more random ones, such as python -c 'import secrets; "
            "print(secrets.token_hex(32))' gives"
        )
    back = urlsplit(named["redirect_uri"])
    if not back.path.endswith(_CALLBACK) or (back.scheme != "https" and not is_here(back.hostname)):
        raise ConfigError(
            f"{file}, section [auth]: redirect_uri is {named['redirect_uri']!r}. Next: write the address that "
            f"readers see, https beyond this machine, and {_CALLBACK} at its end"
        )
