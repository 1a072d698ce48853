"""Why each report belongs to its event, in a text with its numbers."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from risk.duplicate_scores import Matches
from risk.texts import mark

# Twenty points of evidence or more are the full score.
_PER_POINT: Final = 5.0
BEST: Final = mark("the best verified and best placed of its reports")
COPY: Final = mark("the same report under another number")
REVIEWED: Final = mark("one event, decided by review")
# By what tells most, with and without a distance.
_ADDRESS: Final = (
    mark("the same address of a source, {distance_km} km and {days_apart} d apart"),
    mark("the same address of a source, {days_apart} d apart"),
)
_SOURCE: Final = (
    mark("one source, text {text_pct} % alike, {distance_km} km and {days_apart} d apart"),
    mark("one source, text {text_pct} % alike, {days_apart} d apart"),
)
_TEXT: Final = (
    mark("text {text_pct} % alike, {distance_km} km and {days_apart} d apart"),
    mark("text {text_pct} % alike, {days_apart} d apart"),
)


def event_records(
    reports: pd.DataFrame, events: pd.DataFrame, group: np.ndarray, report_of: np.ndarray, matches: Matches
) -> pd.DataFrame:
    """Return one row a report, by its id: event_id, role, score, reason and its numbers.

    `group` gives the event of each distinct report, `report_of` the distinct report of each row. The
    reason names the match with the best record, or else the strongest one within the event.
    """
    ids = reports["incident_id"].to_numpy()
    best_row = pd.Series(np.arange(len(ids)), index=ids)[events["incident_id"]].to_numpy()
    best_of_group = np.empty(len(events), dtype=np.int64)
    best_of_group[group[report_of[best_row]]] = best_row
    event_of_group = np.empty(len(events), dtype=object)
    event_of_group[group[report_of[best_row]]] = events["event_id"].to_numpy()
    mine = group[report_of]
    is_best = best_of_group[mine] == np.arange(len(ids))
    is_copy = ~is_best & (report_of[best_of_group[mine]] == report_of)
    why = _strongest(matches, group, report_of[best_of_group]).reindex(report_of)
    why.loc[is_best | is_copy, :] = pd.NA
    reason = why.pop("reason").to_numpy(dtype=object, copy=True)
    reason[pd.isna(reason)] = REVIEWED
    reason[is_copy], reason[is_best] = COPY, BEST
    found = pd.DataFrame({"incident_id": ids, "event_id": event_of_group[mine]})
    found["role"] = np.where(is_best, "best", "same")
    found["score"] = why["score"].to_numpy()
    found["reason"] = reason
    for name in ("text_pct", "distance_km", "days_apart"):
        found[name] = why[name].to_numpy()
    return found.sort_values("incident_id", ignore_index=True)


def _strongest(matches: Matches, group: np.ndarray, best: np.ndarray) -> pd.DataFrame:
    """Return the match that tells most of each distinct report, by its number."""
    i, j = matches.pairs[:, 0], matches.pairs[:, 1]
    inside = group[i] == group[j]
    frame = pd.DataFrame(
        {
            "a": i,
            "b": j,
            "score": np.clip(_PER_POINT * matches.score, 0, 100),
            "reason": _reasons(matches),
            "text_pct": np.round(matches.text_pct),
            "distance_km": np.round(matches.distance_km, 1),
            "days_apart": pd.array(matches.days_apart, dtype="Int64"),
        }
    )[inside]
    both = pd.concat([frame, frame.rename(columns={"a": "b", "b": "a"})], ignore_index=True)
    both["is_best"] = best[group[both["b"]]] == both["b"]
    both = both.sort_values(["is_best", "score", "b"], ascending=[False, False, True])
    strongest: pd.DataFrame = both.drop_duplicates("a").set_index("a").drop(columns=["b", "is_best"])
    return strongest


def _reasons(matches: Matches) -> np.ndarray:
    kinds = np.array([*_ADDRESS, *_SOURCE, *_TEXT], dtype=object)
    kind = np.where(matches.has_address, 0, np.where(matches.has_source, 2, 4))
    return np.asarray(kinds[kind + np.isnan(matches.distance_km)])
