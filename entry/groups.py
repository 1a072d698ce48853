"""Who may open which audience's file: one table from the groups that an identity provider names to audiences.

    claims = ["groups", "roles"]        # where a token names them; a dot leads into a nested claim

    [audiences]
    staff = ["atlas-staff"]
    researcher = ["atlas-research"]
    member = ["atlas-members"]

Whoever is in no group of the table is the public. Read anew at each click, so that a change bites at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from risk.errors import ConfigError
from risk.vocabulary import Audience

CLAIMS: Final = ("groups", "roles")
_MAY_BE_NAMED: Final = tuple(one.value for one in Audience if one is not Audience.PUBLIC)


@dataclass(frozen=True)
class Access:
    """The table: names of the claims that hold groups, and the groups of each audience."""

    claims: tuple[str, ...]
    groups: Mapping[Audience, frozenset[str]]

    def audience_of(self, claims: Mapping[str, Any]) -> Audience:
        """Return the most privileged audience that one of the reader's groups is mapped to.

        >>> access = Access(("groups",), {Audience.MEMBER: frozenset({"m"}), Audience.STAFF: frozenset({"s"})})
        >>> [str(access.audience_of({"groups": groups})) for groups in (["m", "s"], "m", ["x"], None)]
        ['staff', 'member', 'public', 'public']
        """
        mine = {group for name in self.claims for group in _texts(_claim(claims, name))}
        # Audiences stand in the vocabulary in the order of what they may see.
        may = [one for one in Audience if mine & self.groups.get(one, frozenset())]
        return may[-1] if may else Audience.PUBLIC


def read_access(path: Path | None) -> Access:
    """Return the table in the file at `path`.

    Raises ConfigError where there is none, it cannot be read, or a key or value of it has no meaning.
    """
    if path is None:
        raise ConfigError(
            "Readers sign in, and no table says what they may see. Next: set COBALT_ACCESS_FILE to one (README, Sign-in)"
        )
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read ({error}). Next: check COBALT_ACCESS_FILE") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is no TOML: {error}. Next: correct that line") from error
    _check_keys(path, "", said, ("claims", "audiences"))
    audiences = said.get("audiences")
    if not isinstance(audiences, dict) or not audiences:
        raise ConfigError(
            f"{path}: no audience is named. Next: add [audiences] with {_MAY_BE_NAMED[-1]} = […]"
        )
    _check_keys(path, "audiences.", audiences, _MAY_BE_NAMED)
    return Access(
        _names(path, "claims", said.get("claims", list(CLAIMS))),
        {
            Audience(key): frozenset(_names(path, f"audiences.{key}", groups))
            for key, groups in audiences.items()
        },
    )


def _check_keys(path: Path, where: str, said: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in said:
        if key not in known:
            raise ConfigError(
                f"{path}: {where}{key} has no meaning. Next: use one of {', '.join(known)}; "
                "who is in no group is the public"
            )


def _names(path: Path, key: str, value: object) -> tuple[str, ...]:
    if (
        not isinstance(value, list)
        or not value
        or not all(isinstance(one, str) and one.strip() for one in value)
    ):
        raise ConfigError(f'{path}: {key} is {value!r}. Next: write a list of names, such as ["atlas-staff"]')
    return tuple(value)


def _claim(claims: Mapping[str, Any], name: str) -> object:
    """Return the claim `name`, whole as it stands, else by its dots through nested claims."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _texts(value: object) -> tuple[str, ...]:
    """Return the texts in a claim that is one or holds several; anything else names no group."""
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()
