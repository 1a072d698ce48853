"""The tables of grievances and of their steps."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipelines.training.action_tables import known_days
from pipelines.training.columns import columns_of, iso_days, known_where, opaque_ids, yes_or_no
from pipelines.training.progress_phrases import allegations, notes

_SUMMARY_CHANCE: Final = 0.9
_NOTE_CHANCE: Final = 0.3


def grievances_table(rng: np.random.Generator, grievances: pd.DataFrame) -> pd.DataFrame:
    """Return the table `grievances`."""
    said, count = allegations(), len(grievances)
    style = rng.integers(0, 1000, count)
    summary = [
        said[category][k % len(said[category])].format(name=name)
        for category, name, k in zip(grievances["category"], grievances["entity_name"], style, strict=True)
    ]
    columns = ["grievance_id", "entity_kind", "entity_id", "entity_name", "category"]
    return columns_of(
        "grievances",
        {
            **grievances[columns],
            "received_on": iso_days(grievances["received"].to_numpy()),
            "alleged_start": known_days(grievances["start"].to_numpy()),
            "alleged_end": known_days(grievances["end"].to_numpy()),
            "summary": known_where(rng.random(count) < _SUMMARY_CHANCE, summary),
            "public_record": yes_or_no(grievances["is_public"].to_numpy()),
        },
    )


def steps_table(rng: np.random.Generator, grievances: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """Return the table `grievance_steps`."""
    count = len(steps)
    return columns_of(
        "grievance_steps",
        {
            "step_id": opaque_ids("stp-", count),
            "grievance_id": grievances["grievance_id"].to_numpy()[steps["grievance"]],
            "happened_on": iso_days(steps["day"].to_numpy()),
            "status": steps["status"],
            "note": known_where(rng.random(count) < _NOTE_CHANCE, rng.choice(notes("steps"), count)),
        },
    )
