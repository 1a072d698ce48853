"""Every source, one file a publisher's format: register a new one here."""

from __future__ import annotations

from typing import Final

from pipelines.source import Source
from pipelines.sources.cami_titles import CAMI_TITLES
from pipelines.sources.icmm_facilities import ICMM_FACILITIES
from pipelines.sources.incidents import INCIDENTS
from pipelines.sources.ipis_visits import IPIS_VISITS
from pipelines.sources.ocha_territories import OCHA_TERRITORIES
from pipelines.sources.own_tables import OWN_TABLES

SOURCES: Final[dict[str, Source]] = {
    source.name: source
    for source in (
        *OWN_TABLES,
        INCIDENTS,
        IPIS_VISITS,
        CAMI_TITLES,
        OCHA_TERRITORIES,
        ICMM_FACILITIES,
    )
}
