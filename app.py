"""The front door: page configuration, language, navigation over `pages/`."""

from __future__ import annotations

from frame import front

front.open_door()
