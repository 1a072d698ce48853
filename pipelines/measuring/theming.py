"""The hotspot test of each category in one row: what it looked at, and what it could have noticed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.measuring.events import missing_if_zero, rounded
from pipelines.measuring.moment import Moment
from risk.scans import TOO_FEW_EVENTS
from risk.vocabulary import Absence

Tables = Mapping[str, pd.DataFrame]


def theme_tests(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `theme_tests`."""
    themes = tables["tested_themes"].merge(tables["scanned"], on="category", how="left")
    units = tables["found_units"]
    too_little = units[units["unit_class"] == "too_little"].groupby("category").size()
    events = themes["event_count"] + themes["untested_count"]
    is_there = not tables["told_events"].empty
    why = Absence.NOT_REPORTED if is_there else Absence.FAILED_TO_LOAD
    has_cells = not tables["tested_cells"].empty
    rows = pd.DataFrame(
        {
            "category": themes["category"],
            "window_start": moment.start,
            "window_end": moment.end,
            "event_count": missing_if_zero(events),
            "tested_count": missing_if_zero(themes["event_count"]),
            "absence": pd.Series(why.value, themes.index, dtype="string").where(events == 0),
            "e_min": rounded(themes["e_min"].where(np.isfinite(themes["e_min"]))) if has_cells else pd.NA,
            "p_cutoff_rate": rounded(themes["cut_off_rate"]),
            "p_cutoff_share": rounded(themes["cut_off_share"]),
            "cell_count": missing_if_zero(themes["category"].map(units.groupby("category").size()).fillna(0)),
            "too_little_count": missing_if_zero(themes["category"].map(too_little).fillna(0)),
            "scan_p": rounded(themes["scan_p"]),
            "scan_note": themes["scan_note"].fillna(TOO_FEW_EVENTS).where(themes["scan_p"].isna()),
        }
    )
    return {"theme_tests": rows.sort_values("category", ignore_index=True)}
