"""One site over time: who it is, its assessments, what changed, what was done, and what nobody looked at.

As in `warehouse.queries`, each function takes the release first and returns one frame. What is dated after the
day of the release is left out.
"""

from __future__ import annotations

import pandas as pd

from warehouse.asking import answer
from warehouse.release import Release

_SCHEME = "split_part({}.framework_id, '@', 1)"
# The assessments of the site that are measured: those up to the day of the release.
_MINE = f"""
    mine AS (
        SELECT a.*, {_SCHEME.format("a")} AS scheme FROM assessments a
        JOIN assessment_levels l USING (assessment_id) WHERE a.site_id = $id)"""


def site_names(release: Release) -> pd.DataFrame:
    """Return every site in the order of the alphabet.

    Columns: site_id, name, kind, territory, last_visit_on, last_assessed_on, open_actions (missing for none).
    """
    return answer(
        release,
        """
        SELECT s.site_id, s.name, s.kind, s.territory,
               (SELECT max(v.visited_on) FROM site_visits v
                WHERE v.site_id = s.site_id AND v.visited_on <= $as_of) AS last_visit_on,
               (SELECT max(a.assessed_on) FROM assessments a JOIN assessment_levels USING (assessment_id)
                WHERE a.site_id = s.site_id) AS last_assessed_on,
               (SELECT nullif(count(*), 0) FROM improvement_actions a JOIN action_states t USING (action_id)
                WHERE a.site_id = s.site_id AND t.is_open) AS open_actions
        FROM sites s ORDER BY strip_accents(lower(s.name)), s.name, s.site_id
        """,
        {"as_of": release.as_of},
    )


def site_assessments(release: Release, site_id: str) -> pd.DataFrame:
    """Return the assessments of a site with what they come to, by scheme and day.

    Columns: those of `assessments` and `assessment_levels`; scheme, version, standing, title_en, title_fr of the
    framework; level_en, level_fr, next_en, next_fr (what the levels mean); days_left until it expires.
    """
    return answer(
        release,
        f"""
        WITH {_MINE}
        SELECT m.*, l.* EXCLUDE (assessment_id, site_id), f.version, f.standing, f.title_en, f.title_fr,
               here.meaning_en AS level_en, here.meaning_fr AS level_fr,
               beyond.meaning_en AS next_en, beyond.meaning_fr AS next_fr,
               date_diff('day', $as_of::DATE, m.expires_on::DATE) AS days_left
        FROM mine m JOIN assessment_levels l USING (assessment_id)
        LEFT JOIN frameworks f USING (framework_id)
        LEFT JOIN framework_levels here ON (here.framework_id, here.level) = (m.framework_id, l.level)
        LEFT JOIN framework_levels beyond ON (beyond.framework_id, beyond.level) = (m.framework_id, l.next_level)
        ORDER BY m.scheme, m.assessed_on, m.assessment_id
        """,
        {"id": site_id, "as_of": release.as_of},
    )


def site_sections(release: Release, site_id: str) -> pd.DataFrame:
    """Return `assessment_sections` of a site with scheme, framework_id, assessed_on, section_en and section_fr.

    In the order of scheme, section and day.
    """
    return answer(
        release,
        f"""
        WITH {_MINE},
        named AS (SELECT framework_id, section, any_value(section_en) AS section_en,
                         any_value(section_fr) AS section_fr, min(position) AS position
                  FROM criteria GROUP BY framework_id, section)
        SELECT m.scheme, m.framework_id, m.assessed_on, s.*,
               coalesce(n.section_en, s.section) AS section_en, coalesce(n.section_fr, s.section) AS section_fr
        FROM assessment_sections s JOIN mine m USING (assessment_id)
        LEFT JOIN named n USING (framework_id, section)
        ORDER BY m.scheme, n.position, s.section, m.assessed_on, m.assessment_id
        """,
        {"id": site_id},
    )


def site_findings(release: Release, site_id: str) -> pd.DataFrame:
    """Return every criterion of the frameworks of a site's assessments with what each assessment found.

    Columns: scheme, assessment_id, framework_id, criterion_id, section, kind, text_en, text_fr, finding_id and
    result, which is 'not_assessed' where there is no finding. By scheme, day and place in the framework.
    """
    return answer(
        release,
        f"""
        WITH {_MINE}
        SELECT m.scheme, m.assessment_id, c.framework_id, c.criterion_id, c.section, c.kind, c.text_en, c.text_fr,
               f.finding_id, coalesce(f.result, 'not_assessed') AS result
        FROM mine m JOIN criteria c USING (framework_id)
        LEFT JOIN findings f ON (f.assessment_id, f.criterion_id) = (m.assessment_id, c.criterion_id)
        ORDER BY m.scheme, m.assessed_on, m.assessment_id, c.position
        """,
        {"id": site_id},
    )


def never_assessed(release: Release, site_id: str) -> pd.DataFrame:
    """Return the criteria that no assessment of the site under their scheme has looked at.

    Of the version of its last assessment. Columns: scheme, criterion_id, section, text_en, text_fr, of_all (how
    many criteria that version has).
    """
    return answer(
        release,
        f"""
        WITH {_MINE},
        latest AS (SELECT scheme, arg_max(framework_id, (assessed_on, assessment_id)) AS framework_id
                   FROM mine GROUP BY scheme)
        SELECT l.scheme, c.criterion_id, c.section, c.text_en, c.text_fr,
               (SELECT count(*) FROM criteria k WHERE k.framework_id = l.framework_id) AS of_all
        FROM latest l JOIN criteria c USING (framework_id)
        WHERE NOT EXISTS (
            SELECT 1 FROM findings f JOIN mine m USING (assessment_id)
            WHERE m.scheme = l.scheme AND f.criterion_id = c.criterion_id AND f.result <> 'not_assessed')
        ORDER BY l.scheme, c.position
        """,
        {"id": site_id},
    )


def site_changes(release: Release, site_id: str) -> pd.DataFrame:
    """Return `finding_changes` of a site with text_en and text_fr of the criterion, latest pair first."""
    return answer(
        release,
        """
        SELECT x.*, coalesce(c.text_en, b.text_en) AS text_en, coalesce(c.text_fr, b.text_fr) AS text_fr
        FROM finding_changes x
        LEFT JOIN criteria c ON (c.framework_id, c.criterion_id) = (x.framework_id, x.criterion_id)
        LEFT JOIN criteria b ON (b.framework_id, b.criterion_id) = (x.framework_id_before, x.criterion_id)
        WHERE x.site_id = $id
        ORDER BY x.scheme, x.assessed_on DESC, coalesce(c.position, b.position), x.criterion_id
        """,
        {"id": site_id},
    )


def site_visits(release: Release, site_id: str) -> pd.DataFrame:
    """Return the visits to a site, by day."""
    return answer(
        release,
        """SELECT * FROM site_visits WHERE site_id = $id AND visited_on <= $as_of
           ORDER BY visited_on, visit_id""",
        {"id": site_id, "as_of": release.as_of},
    )


def site_events(release: Release, site_id: str) -> pd.DataFrame:
    """Return the events of which a record says that they happened at the site, by day."""
    return answer(
        release,
        """
        SELECT e.* FROM events e WHERE e.date_start <= $as_of AND e.event_id IN (
            SELECT r.event_id FROM event_records r JOIN incidents i USING (incident_id) WHERE i.site_id = $id)
        ORDER BY e.date_start, e.event_id
        """,
        {"id": site_id, "as_of": release.as_of},
    )


def site_figures(release: Release, site_id: str) -> pd.DataFrame:
    """Return the published figures that belong to a record of the site, by year and id."""
    return answer(
        release,
        """
        SELECT f.* FROM assessment_figures f JOIN site_records r ON r.record_id = f.site_record_id
        WHERE r.site_id = $id ORDER BY f.year NULLS LAST, f.figure_id
        """,
        {"id": site_id},
    )
