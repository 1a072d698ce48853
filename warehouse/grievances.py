"""Grievances: what was alleged about whom, how each case went, and what was assessed and done around it.

Below staff a release holds published rows alone, and what is placed among assessments is placed among the
published ones. Nothing here is a name that a grievance gives: sites and refiners have those of our own tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from risk.grievances import STAGES
from warehouse import refiners
from warehouse.asking import answer
from warehouse.release import Release


def cases(release: Release, *, state: Sequence[str] = (), entity_kind: Sequence[str] = ()) -> pd.DataFrame:
    """Return one row a grievance, latest received first; an empty filter means all, `state` is 'open' or 'ended'.

    Columns: grievance_id, entity_kind, entity_id (site after matching, refiner as in `refiners.known`, or company),
    entity (name of the site or refiner; missing for a company and for what no table knows), category,
    received_on, alleged_start, alleged_end, summary (staff's file alone), is_public_record, those of
    `grievance_states` and of `grievance_placements`, and days_open (up to the day of the release; missing where
    it ended).
    """
    rows = answer(
        release,
        """
        SELECT g.grievance_id, g.entity_kind, coalesce(p.entity_id, g.entity_id) AS entity_id, t.name AS entity,
               g.category, g.received_on, g.alleged_start, g.alleged_end, g.summary, g.is_public_record,
               s.* EXCLUDE (grievance_id), p.* EXCLUDE (grievance_id, entity_kind, entity_id),
               CASE WHEN s.is_open THEN date_diff('day', g.received_on, CAST($as_of AS TIMESTAMP)) END AS days_open
        FROM grievances g
        JOIN grievance_states s USING (grievance_id)
        LEFT JOIN grievance_placements p USING (grievance_id)
        LEFT JOIN sites t ON g.entity_kind = 'site' AND t.site_id = p.entity_id
        ORDER BY g.received_on DESC, g.grievance_id
        """,
        {"as_of": _day(release)},
    )
    if state:
        rows = rows[rows["is_open"].map({True: "open", False: "ended"}).isin(list(state))]
    if entity_kind:
        rows = rows[rows["entity_kind"].isin(list(entity_kind))]
    if (rows["entity_kind"] == "refiner").any():
        names = refiners.known(release).set_index("facility_key")["name"]
        named = rows["entity_id"].where(rows["entity_kind"] == "refiner").map(names)
        rows = rows.assign(entity=rows["entity"].fillna(named))
    return rows.reset_index(drop=True)


def steps(release: Release, grievance_id: str | None = None) -> pd.DataFrame:
    """Return the dated history of one grievance, or of all: grievance_id, happened_on, status, note.

    By grievance, then in the order the steps were taken; the first is its receipt. The note stands in staff's
    file alone.
    """
    rows = answer(
        release,
        """
        SELECT grievance_id, happened_on, status, note, step_id FROM grievance_steps
        WHERE happened_on <= CAST($as_of AS TIMESTAMP) AND ($id IS NULL OR grievance_id = $id)
        UNION ALL
        SELECT grievance_id, received_on, 'received', NULL, '' FROM grievances
        WHERE received_on <= CAST($as_of AS TIMESTAMP) AND ($id IS NULL OR grievance_id = $id)
          AND grievance_id NOT IN (
            SELECT grievance_id FROM grievance_steps
            WHERE status = 'received' AND happened_on <= CAST($as_of AS TIMESTAMP))
        """,
        {"as_of": _day(release), "id": grievance_id},
    )
    rows = rows.assign(stage=rows["status"].map(STAGES))
    rows = rows.sort_values(["grievance_id", "happened_on", "stage", "step_id"], ignore_index=True)
    return rows.drop(columns=["stage", "step_id"])


def assessments(release: Release, entity_kind: str, entity_id: str) -> pd.DataFrame:
    """Return the assessments of an entity up to the day of the release, by day; of a company none is on record.

    Columns: assessment_id, assessed_on, and of a site kind, level, is_blocked, coverage_pct, framework_id,
    framework_en, framework_fr and standing, of a refiner list_id.
    """
    if entity_kind == "refiner":
        return refiners.assessments(release, entity_id)
    return answer(
        release,
        """
        SELECT a.assessment_id, a.assessed_on, a.kind, l.level, l.is_blocked, l.coverage_pct, a.framework_id,
               f.title_en AS framework_en, f.title_fr AS framework_fr, f.standing
        FROM assessments a
        LEFT JOIN assessment_levels l USING (assessment_id)
        LEFT JOIN frameworks f USING (framework_id)
        WHERE $kind = 'site' AND a.site_id = $id AND a.assessed_on <= CAST($as_of AS TIMESTAMP)
        ORDER BY a.assessed_on, a.assessment_id
        """,
        {"kind": entity_kind, "id": entity_id, "as_of": _day(release)},
    )


def actions(release: Release, case: dict[Any, Any]) -> pd.DataFrame:
    """Return the improvement actions of the site that `case` (a row of `cases`) is about, in the order they started.

    Columns: those of `improvement_actions` and `action_states`, and was_running (when the alleged event began).
    Drafts are left out: nobody has decided on them.
    """
    rows = answer(
        release,
        """
        SELECT a.*, s.* EXCLUDE (action_id)
        FROM improvement_actions a LEFT JOIN action_states s USING (action_id)
        WHERE $kind = 'site' AND a.site_id = $id AND a.status <> 'draft'
          AND (a.started_on IS NULL OR a.started_on <= CAST($as_of AS TIMESTAMP))
        ORDER BY a.started_on NULLS LAST, a.action_id
        """,
        {"kind": case["entity_kind"], "id": case["entity_id"], "as_of": _day(release)},
    )
    running = [] if pd.isna(case["open_action_ids"]) else case["open_action_ids"].split("; ")
    return rows.assign(was_running=rows["action_id"].isin(running))


def _day(release: Release) -> str:
    return release.as_of.isoformat()
