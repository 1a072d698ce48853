"""The secret that codes the ids of research records: one an edition, kept beside its releases, never in one."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

from pipelines.release import BUILDING
from risk.errors import ReleaseError
from risk.vocabulary import Edition

KEY_FILE: Final = ".record-key"
_BYTES: Final = 32


def record_key(edition: Edition, folder: Path) -> bytes:
    """Return the key of `edition`, made at its first build; of the invented edition, a constant.

    Without it nobody can tell which event a coded id belongs to; with another one, the same event gets another
    id. Raises ReleaseError where the file cannot be written or read, or is no such key.
    """
    if edition is Edition.TRAINING:
        # Nothing in it is real, and two machines shall make the same.
        return hashlib.sha256(b"training").digest()
    path = folder / KEY_FILE
    try:
        if not path.exists():
            # Named so that a killed build leaves nothing that the next does not sweep.
            beside = path.with_name(f"{BUILDING}key-{secrets.token_hex(4)}")
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(secrets.token_bytes(_BYTES))
            beside.rename(path)
        key = path.read_bytes()
    except OSError as error:
        raise ReleaseError(f"{path} cannot be had ({error}). Next: check its permissions") from error
    if len(key) != _BYTES:
        raise ReleaseError(f"{path} holds {len(key)} bytes, not {_BYTES}. Next: put it back from a copy")
    return key
