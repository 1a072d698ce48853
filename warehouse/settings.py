"""Configuration: the COBALT_… environment variables, read in this one place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from risk.errors import ConfigError
from risk.vocabulary import Audience, Edition

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """What the operator may choose; each field is one variable."""

    data_dir: Path
    releases_dir: Path
    edition: Edition
    audience: Audience
    access_file: Path | None
    state_dir: Path
    sign_in_minutes: int
    use_log_days: int
    background_url: str | None
    background_credit: str
    log_level: str


def settings() -> Settings:
    """Return the configuration of this process.

    Raises ConfigError where a variable has no meaning.
    """
    return Settings(
        data_dir=Path(os.environ.get("COBALT_DATA_DIR") or ROOT / "data"),
        releases_dir=Path(os.environ.get("COBALT_RELEASES_DIR") or ROOT / "data" / "releases"),
        edition=_choice("COBALT_EDITION", Edition, Edition.OPEN),
        audience=_choice("COBALT_AUDIENCE", Audience, Audience.PUBLIC),
        access_file=Path(named) if (named := os.environ.get("COBALT_ACCESS_FILE")) else None,
        state_dir=Path(os.environ.get("COBALT_STATE_DIR") or ROOT / "data" / "state"),
        sign_in_minutes=_whole("COBALT_SIGN_IN_MINUTES", 60, "minutes"),
        use_log_days=_whole("COBALT_USE_LOG_DAYS", 400, "days"),
        background_url=os.environ.get("COBALT_BACKGROUND_URL") or None,
        background_credit=os.environ.get("COBALT_BACKGROUND_CREDIT", ""),
        log_level=os.environ.get("COBALT_LOG_LEVEL", "INFO").upper(),
    )


def _whole(name: str, default: int, unit: str) -> int:
    raw = os.environ.get(name)
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or int(raw) < 1:
        raise ConfigError(f"{name} is {raw!r}. Next: set it to a whole number of {unit}, 1 or more")
    return int(raw)


def _choice(name: str, known: type[Any], default: Any) -> Any:
    raw = os.environ.get(name)
    if not raw:
        return default
    try:
        return known(raw)
    except ValueError:
        allowed = ", ".join(str(choice) for choice in known)
        raise ConfigError(f"{name} is {raw!r}. Next: set it to one of {allowed}") from None
