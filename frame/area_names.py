"""Names of areas as a reader tells them apart: where a city and a territory share one, the city says so."""

from __future__ import annotations

import pandas as pd

from risk.texts import translate as _


def names(areas: pd.DataFrame) -> list[str]:
    """Return the names of `areas` (name, kind), with the kind behind those that stand twice.

    >>> names(pd.DataFrame({"name": ["Kipushi", "Kipushi"], "kind": ["city", "territory"]}))
    ['Kipushi (city)', 'Kipushi']
    """
    twins = areas["name"].duplicated(keep=False)
    return [
        f"{name} ({_('city')})" if twin and kind == "city" else str(name)
        for name, kind, twin in zip(areas["name"], areas["kind"], twins, strict=True)
    ]
