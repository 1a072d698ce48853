"""The scan beside the hotspot test: is there any cluster at all, wherever and however large?

It looks at the events of the window that lie in one cell; vague ones have no place on its map.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from pipelines.measuring.events import exploded, rounded
from pipelines.measuring.moment import Moment
from risk.scans import poisson_scan

Tables = Mapping[str, pd.DataFrame]
# More centres give no better p, only a finer choice of the zone: beyond these a sample is taken.
MOST_CENTRES: Final = 2_000
_ZONES: Final = ["category", "rank", "cells", "observed", "expected", "llr", "p"]


def scans(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `scan_zones`, and `scanned`: one row a category with its p, or why there is none."""
    events, units = tables["known_events"], tables["tested_cells"]
    located = events[events["is_in_window"] & (events["tested_as"] == "cell")]
    counts = (
        exploded(located[["cell", "categories"]], "categories")
        .groupby(["one", "cell"])
        .size()
        .reset_index(name="events")
        .rename(columns={"one": "category", "cell": "unit_id"})
    )
    if units.empty or counts.empty:
        zones = pd.DataFrame(columns=_ZONES)
        return {"scan_zones": zones, "scanned": pd.DataFrame(columns=["category", "scan_p", "scan_note"])}
    found = poisson_scan(
        units[["unit_id", "x_m", "y_m", "exposure"]],
        counts,
        max_radius_m=moment.method.scan_radius_m,
        max_centres=MOST_CENTRES if len(units) > MOST_CENTRES else None,
        replicas=moment.method.scan_replicas,
        method=moment.method,
    )
    zones = found.clusters.assign(rank=found.clusters.groupby("category").cumcount() + 1)
    zones = zones.rename(columns={"unit_ids": "cells"})
    for name in ("expected", "llr", "p"):
        zones[name] = rounded(zones[name])
    themes = found.themes.rename(columns={"p": "scan_p", "reason": "scan_note"})
    themes["scan_note"] = themes["scan_note"].mask(themes["is_tested"].astype(bool))
    return {"scan_zones": zones[_ZONES], "scanned": themes[["category", "scan_p", "scan_note"]]}
