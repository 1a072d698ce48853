"""Who reports: invented outlets with their reach, and the chance that an event is told at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.training.ground import PROVINCES, Ground, plane_km
from pipelines.training.kinds import CODES
from pipelines.training.plants import QUARTER_STARTS
from pipelines.training.sites import Sites

Floats = npt.NDArray[np.float64]

# Near a town an event is three times as likely to be told as far from one.
NEAR_KM: Final = 8.0
FAR_KM: Final = 30.0
FAR_SHARE: Final = 1 / 3
NEAR_CHANCE: Final = 0.75
# An outlet closed for a year: the chance falls in one province.
GAP_QUARTERS: Final = (7, 11)
GAP_PROVINCE: Final = PROVINCES[1]
GAP_SHARE: Final = 0.6
# The children's monitor walks in one part only.
MONITOR_KM: Final = 50.0
MONITOR_CHANCE: Final = 0.5


@dataclass(frozen=True)
class Outlet:
    """One who reports: `language` of its reports, `weight` by province (XT72, XT71), what it is."""

    name: str
    language: str
    weight: tuple[float, float]
    kind: str


# Weights stand for reach: some cover one province, some both.
OUTLETS: Final = (
    Outlet("Radio Quorlisk", "fr", (3.0, 0.5), "radio"),
    Outlet("Radio Wexrovan", "fr", (0.5, 3.0), "radio"),
    Outlet("Le Messager de Torlisk", "fr", (2.0, 1.0), "press"),
    Outlet("La Gazette du Filon", "fr", (1.0, 1.5), "press"),
    Outlet("The Belt Courier", "en", (1.5, 1.5), "press"),
    Outlet("Ridge and River", "en", (0.5, 1.0), "press"),
    Outlet("Plateau Observer", "en", (1.0, 0.3), "press"),
    Outlet("Lantern Rights Watch", "en", (0.8, 0.8), "ngo"),
    Outlet("Veille des Mines de Yarquor", "fr", (0.8, 0.6), "ngo"),
    Outlet("Clear Streams Network", "en", (0.5, 0.5), "ngo"),
    Outlet("Digger Safety Bulletin", "en", (0.6, 0.6), "bulletin"),
)
MONITOR: Final = Outlet("Schoolbell Child Rights Monitor", "en", (0.0, 0.0), "child-rights monitor")
# They only print again what others wrote.
WIRES: Final = ("Meridian Wire", "Agence Longitude")

# They publish nothing: what they know, they told staff. More than any one record has sources.
NETWORKS: Final = tuple(
    Outlet(name, "", (0.0, 0.0), "monitoring network")
    for name in (
        *("Copper Ridge Watch", "Diggers' Vigil Network", "Hillside Health Circle"),
        *("Cooperative Safety Delegates", "Listening Posts of Yarquor", "Women of the Washing Places"),
        *("Traders' Early Warning", "Belt Parish Observers"),
    )
)
# It hands on what a network knows, and knows nothing itself.
RELAY: Final = "Joint Field Desk"


def efforts(ground: Ground, sites: Sites) -> tuple[Floats, Floats]:
    """Return the chance that an event is told, by site and quarter, (S, 20): by the outlets, by the monitor.

    The monitor tells of child labour only. Chances lie between 0 and 1.
    """
    far = np.clip((sites.frame["town_km"].to_numpy() - NEAR_KM) / (FAR_KM - NEAR_KM), 0, 1)
    by_place = NEAR_CHANCE * FAR_SHARE**far
    by_time = np.linspace(0.85, 1.0, len(QUARTER_STARTS))
    outlets = by_place[:, None] * by_time[None, :]
    in_gap = (sites.frame["province_pcode"] == GAP_PROVINCE).to_numpy()
    outlets[in_gap, GAP_QUARTERS[0] : GAP_QUARTERS[1]] *= GAP_SHARE
    base = plane_km(ground.towns["lon"], ground.towns["lat"])[1]
    away = np.linalg.norm(plane_km(sites.frame["lon"], sites.frame["lat"]) - base, axis=1)
    monitor = np.where(away <= MONITOR_KM, MONITOR_CHANCE, 0.0)[:, None] * np.ones(len(QUARTER_STARTS))
    return outlets, monitor


def told_chances(outlets: Floats, monitor: Floats) -> Floats:
    """Return the chance that an event is told by anybody, by site, primary category and quarter, (S, 13, 20)."""
    chances = np.repeat(outlets[:, None, :], len(CODES), axis=1)
    child = CODES.index("CHL")
    chances[:, child] = 1 - (1 - outlets) * (1 - monitor)
    return chances
