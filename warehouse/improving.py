"""What improves: actions and their days, what it would take, gains and losses. One frame out, as in `queries`.

Filters are keywords; an absent or empty one means all. Nothing here is in an order of score.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from warehouse.asking import answer
from warehouse.queries import LISTED
from warehouse.release import Release

# Of each mark what it asks of an action `a` and its state `t`.
MARKS = {
    "overdue": "t.is_overdue",
    "unfunded": "t.is_open AND a.funding_status = 'unfunded'",
    "in_review": "a.status = 'under_review'",
}
_JOINED = """
    FROM improvement_actions a JOIN action_states t USING (action_id)
    LEFT JOIN sites s USING (site_id) LEFT JOIN findings f USING (finding_id)"""
_CHOSEN = f"""
    ($site IS NULL OR a.site_id = $site)
    AND ($territory IS NULL OR list_contains($territory::VARCHAR[], s.territory_pcode))
    AND ($status IS NULL OR list_contains($status::VARCHAR[], a.status))
    AND {" AND ".join(f"(NOT ${name} OR ({asks}))" for name, asks in MARKS.items())}"""


def _bound(
    site_id: str | None, territory: Sequence[str], status: Sequence[str], marks: Sequence[str]
) -> dict[str, Any]:
    return {
        "site": site_id,
        "territory": list(territory) or None,
        "status": list(status) or None,
        **{name: name in marks for name in MARKS},
    }


def actions(
    release: Release,
    *,
    site_id: str | None = None,
    territory: Sequence[str] = (),
    status: Sequence[str] = (),
    marks: Sequence[str] = (),
) -> pd.DataFrame:
    """Return improvement actions with their states, by the day they are due, then by site and title.

    Columns: those of `improvement_actions` and `action_states`, site_name, territory, criterion_id (of the
    finding it follows from; missing where none is known). What has no due day comes last. `marks`, of `MARKS`:
    all of them hold. Of more than `LISTED` the first are returned.
    """
    return answer(
        release,
        f"""
        SELECT a.*, t.* EXCLUDE (action_id), s.name AS site_name, s.territory, f.criterion_id {_JOINED}
        WHERE {_CHOSEN}
        ORDER BY t.due_now_on NULLS LAST, strip_accents(lower(s.name)), a.title_en, a.action_id LIMIT {LISTED}
        """,
        _bound(site_id, territory, status, marks),
    )


def action_counts(
    release: Release,
    *,
    territory: Sequence[str] = (),
    status: Sequence[str] = (),
    marks: Sequence[str] = (),
) -> pd.DataFrame:
    """Return one row a status that occurs: status, action_count, and of these how many each of `MARKS` holds for."""
    counts = ", ".join(f"count(*) FILTER ({asks}) AS {name}" for name, asks in MARKS.items())
    return answer(
        release,
        f"SELECT a.status, count(*) AS action_count, {counts} {_JOINED} WHERE {_CHOSEN} "
        "GROUP BY a.status ORDER BY a.status",
        _bound(None, territory, status, marks),
    )


def territories_with_sites(release: Release) -> pd.DataFrame:
    """Return one row a territory with sites or incidents, by name, with its open actions.

    Columns: territory_pcode, territory, kind, name (as `territory`), open_actions.
    """
    return answer(
        release,
        """
        SELECT t.territory_pcode, t.name, t.kind,
               (SELECT count(*) FROM improvement_actions a JOIN action_states USING (action_id)
                JOIN sites s USING (site_id) WHERE is_open AND s.territory_pcode = t.territory_pcode) AS open_actions
        FROM territories t
        WHERE t.territory_pcode IN (SELECT territory_pcode FROM sites UNION SELECT territory_pcode FROM incidents)
        ORDER BY t.name, t.kind, t.territory_pcode
        """,
    )


def days_to_resolve(release: Release, *, territory: Sequence[str] = ()) -> pd.DataFrame:
    """Return one row: resolved (actions), measured (of these, with both days), median_days, low_days, high_days.

    Half of the measured ones lie from low_days to high_days, the quartiles. Missing where none is measured.
    """
    return answer(
        release,
        f"""
        SELECT count(*) AS resolved, count(t.days_to_resolve) AS measured, median(t.days_to_resolve) AS median_days,
               quantile_cont(t.days_to_resolve, 0.25) AS low_days, quantile_cont(t.days_to_resolve, 0.75) AS high_days
        {_JOINED} WHERE {_CHOSEN}
        """,
        _bound(None, territory, ["resolved"], ()),
    )


_NEEDS = """
    needs AS (
        SELECT n.*, s.territory_pcode, s.territory, s.name AS site_name,
               CASE WHEN NOT n.has_action THEN 'no_action'
                    WHEN n.funding_status IN ('funded', 'not_needed') THEN 'funded' ELSE 'not_funded' END AS answered
        FROM capital_needs n LEFT JOIN sites s USING (site_id)
        WHERE $territory IS NULL OR list_contains($territory::VARCHAR[], s.territory_pcode))"""


def needs_by_territory(release: Release, *, territory: Sequence[str] = ()) -> pd.DataFrame:
    """Return one row a territory and way in which needs are answered, by name of the territory.

    Columns: territory_pcode, name, kind (missing where the place is not known), answered (no_action, not_funded,
    funded), need_count (sites and criteria), site_count.
    """
    return answer(
        release,
        f"""
        WITH {_NEEDS}
        SELECT n.territory_pcode, t.name, t.kind, n.answered, count(*) AS need_count,
               count(DISTINCT n.site_id) AS site_count
        FROM needs n LEFT JOIN territories t USING (territory_pcode)
        GROUP BY ALL ORDER BY t.name NULLS LAST, t.kind, n.territory_pcode, n.answered
        """,
        {"territory": list(territory) or None},
    )


def needs_by_criterion(release: Release, *, territory: Sequence[str] = ()) -> pd.DataFrame:
    """Return one row a territory and criterion with what it would take, by territory, framework and its order.

    Columns: territory_pcode, name, kind, framework_id, title_en, title_fr, standing, criterion_id, text_en,
    text_fr, capital_en, capital_fr, site_count, no_action, not_funded, funded (sites each).
    """
    return answer(
        release,
        f"""
        WITH {_NEEDS}
        SELECT n.territory_pcode, t.name, t.kind, n.framework_id, w.title_en, w.title_fr, w.standing,
               n.criterion_id, c.text_en, c.text_fr, any_value(n.capital_en) AS capital_en,
               any_value(n.capital_fr) AS capital_fr, count(DISTINCT n.site_id) AS site_count,
               count(*) FILTER (n.answered = 'no_action') AS no_action,
               count(*) FILTER (n.answered = 'not_funded') AS not_funded,
               count(*) FILTER (n.answered = 'funded') AS funded
        FROM needs n LEFT JOIN territories t USING (territory_pcode)
        LEFT JOIN criteria c USING (framework_id, criterion_id) LEFT JOIN frameworks w USING (framework_id)
        GROUP BY n.territory_pcode, t.name, t.kind, n.framework_id, w.title_en, w.title_fr, w.standing,
                 n.criterion_id, c.text_en, c.text_fr, c.position
        ORDER BY t.name NULLS LAST, t.kind, n.territory_pcode, n.framework_id, c.position, n.criterion_id
        """,
        {"territory": list(territory) or None},
    )


def latest_changes(release: Release, *, territory: Sequence[str] = ()) -> pd.DataFrame:
    """Return what changed from the assessment before to the last one of each site, by section and change.

    Columns: scheme, framework_id (of the last), title_en, title_fr, standing, section, section_en, section_fr,
    change, change_count (sites and criteria), site_count (sites with two assessments under the scheme). In the
    order of scheme and section.
    """
    return answer(
        release,
        """
        WITH pairs AS (
            SELECT x.*, dense_rank() OVER (PARTITION BY site_id, scheme ORDER BY assessed_on DESC) AS back
            FROM finding_changes x LEFT JOIN sites s USING (site_id)
            WHERE $territory IS NULL OR list_contains($territory::VARCHAR[], s.territory_pcode)),
        mine AS (SELECT * FROM pairs WHERE back = 1),
        newest AS (SELECT scheme, max(framework_id) AS framework_id, count(DISTINCT site_id) AS site_count
                   FROM mine GROUP BY scheme),
        named AS (SELECT split_part(framework_id, '@', 1) AS scheme, section, arg_max(section_en, framework_id) AS
                         section_en, arg_max(section_fr, framework_id) AS section_fr, min(position) AS position
                  FROM criteria GROUP BY ALL)
        SELECT m.scheme, w.framework_id, k.title_en, k.title_fr, k.standing, m.section,
               coalesce(n.section_en, m.section) AS section_en, coalesce(n.section_fr, m.section) AS section_fr,
               m.change, count(*) AS change_count, w.site_count
        FROM mine m JOIN newest w USING (scheme) LEFT JOIN frameworks k ON k.framework_id = w.framework_id
        LEFT JOIN named n ON (n.scheme, n.section) = (m.scheme, m.section)
        GROUP BY m.scheme, w.framework_id, k.title_en, k.title_fr, k.standing, m.section, n.section_en, n.section_fr,
                 n.position, m.change, w.site_count
        ORDER BY m.scheme, n.position, m.section, m.change
        """,
        {"territory": list(territory) or None},
    )
