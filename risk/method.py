"""The version of the method: raise it when the same inputs would give other rows."""

from __future__ import annotations

from typing import Final

METHOD_VERSION: Final = "2"
