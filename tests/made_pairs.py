"""A report told by hand, to be changed in one thing at a time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from risk.duplicates import COLUMNS, Events, find_events
from tests.made_reports import NO_DECISIONS

TEXT = "Nine diggers died when a tunnel caved in at Kamilombe during the night."
NO_TOLL = dict.fromkeys(("killed_low", "killed_best", "killed_high"))


def report(incident_id: str, **change: Any) -> dict[str, Any]:
    return {
        "incident_id": incident_id,
        "categories": "OSH",
        "date_start": "2024-03-04",
        "date_end": "2024-03-04",
        "lon": 25.40,
        "lat": -10.70,
        "place_precision": "site",
        "radius_m": None,
        "territory_pcode": "CD0708",
        "place_name": "Kamilombe",
        "site_id": "site-1",
        "summary": TEXT,
        "summary_fr": None,
        "killed_low": 9,
        "killed_best": 9,
        "killed_high": 9,
        "injured": None,
        "source_groups": f"outlet of {incident_id}",
        "source_urls": f"https://example.org/{incident_id}",
        "verification": "single_source",
        "reported_on": "2024-03-05",
        **change,
    }


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    made = pd.DataFrame(list(rows), columns=list(COLUMNS))
    for name in ("date_start", "date_end", "reported_on"):
        made[name] = pd.to_datetime(made[name])
    return made


def find(*rows: dict[str, Any], decisions: pd.DataFrame = NO_DECISIONS) -> Events:
    return find_events(frame(*rows), decisions)


def decided(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["incident_a", "incident_b", "decision"])
