"""Every source, one file a publisher's format: register a new one here."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipelines.source import Source
from pipelines.sources.cami_titles import CAMI_TITLES
from pipelines.sources.frameworks import FRAMEWORKS
from pipelines.sources.icmm_facilities import ICMM_FACILITIES
from pipelines.sources.incidents import INCIDENTS
from pipelines.sources.ipis_visits import IPIS_VISITS
from pipelines.sources.ocha_territories import OCHA_TERRITORIES
from pipelines.sources.own_tables import OWN_TABLES
from pipelines.sources.refiner_lists import REFINER_LISTS
from risk.errors import ConfigError

SOURCES: Final[dict[str, Source]] = {
    source.name: source
    for source in (
        *OWN_TABLES,
        INCIDENTS,
        IPIS_VISITS,
        CAMI_TITLES,
        OCHA_TERRITORIES,
        ICMM_FACILITIES,
        *FRAMEWORKS,
        REFINER_LISTS,
    )
}


def source_of(path: Path, name: str | None = None) -> Source:
    """Return the source called `name`, or else the one that the file at `path` is named after.

    Raises ConfigError where there is none.
    """
    chosen = name or path.name.partition(".")[0]
    if chosen not in SOURCES:
        problem = f"--source is {name!r}" if name else f"{path.name} is named after no source"
        raise ConfigError(f"{problem}. Next: give --source, one of {', '.join(SOURCES)}")
    return SOURCES[chosen]
