"""Records that may not be published yet: the others of their class would be too few, and all could count them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pandas as pd

from pipelines.checks.checking import Checked
from pipelines.checks.narrowing import FLAG
from pipelines.disclosing.assigning import RULES_BELOW_STAFF
from pipelines.disclosing.public_rows import EMBARGO
from warehouse.release import Release

log = logging.getLogger(__name__)

_MEMBERS: Final = """
SELECT a.class_id, a.is_critical, a.event_id, r.incident_id,
       p.record_id IS NOT NULL AS was_public
FROM disclosure_assignments a
LEFT JOIN event_records r USING (event_id)
LEFT JOIN published_records p ON p.table_name = 'incidents' AND p.record_id = r.incident_id
WHERE a.class_id IS NOT NULL
"""


def kept_back(checked: Sequence[Checked], before: Release | None, as_of: date) -> tuple[Checked, ...]:
    """Return the files with one more day of embargo on records whose publication would single others out.

    The release `before` told how many events a class holds. Once some of them are published, whoever counts
    knows how many are not: it must stay none, or the minimum or more. Otherwise none of the class that is not
    public yet is published. Staff see the embargo, and the log says how many records it concerns.
    """
    if before is None or "published_records" not in before.manifest.tables["staff"]:
        return tuple(checked)
    members = before.query(_MEMBERS)
    if members.empty:
        return tuple(checked)
    is_asked = members["incident_id"].isin(_public_ids(checked, as_of)) & ~members["was_public"]
    events = (
        members.assign(is_asked=is_asked, is_known=is_asked | members["was_public"])
        .groupby(["class_id", "is_critical", "event_id"], as_index=False)[["is_asked", "is_known"]]
        .any()
    )
    classes = events.groupby(["class_id", "is_critical"], as_index=False).agg(
        asked=("is_asked", "sum"), known=("is_known", "sum"), all=("event_id", "size")
    )
    least = classes["is_critical"].map(RULES_BELOW_STAFF.least)
    left = classes["all"] - classes["known"]
    shut = classes.loc[(classes["asked"] > 0) & (left > 0) & (left < least), "class_id"]
    singled = set(members.loc[is_asked & members["class_id"].isin(shut), "incident_id"])
    if singled:
        log.warning(
            "incidents: %d records are not published yet: too few of those they are counted with would remain",
            len(singled),
        )
    return tuple(_embargoed(file, singled, as_of) if file.table == "incidents" else file for file in checked)


def count_kept_back(incidents: pd.DataFrame, as_of: date) -> int:
    """Return how many of staff's incidents wait so, by their embargo of one day more."""
    until = incidents[EMBARGO] == pd.Timestamp(as_of + timedelta(days=1))
    return int((until.fillna(False) & incidents[FLAG].fillna(False)).sum())


def _public_ids(checked: Sequence[Checked], as_of: date) -> set[str]:
    found: set[str] = set()
    for file in checked:
        if file.table == "incidents":
            rows = file.taken
            is_open = ~(rows[EMBARGO] > pd.Timestamp(as_of)).fillna(False)
            found |= set(rows.loc[rows[FLAG].fillna(False).astype(bool) & is_open, "incident_id"])
    return found


def _embargoed(file: Checked, singled: set[str], as_of: date) -> Checked:
    until = pd.Timestamp(as_of + timedelta(days=1))
    is_held = file.taken["incident_id"].isin(singled)
    later = file.taken[EMBARGO].mask(is_held, until)
    return replace(file, taken=file.taken.assign(**{EMBARGO: later}))
