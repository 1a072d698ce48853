"""All that is known of one site, in the order in which a reader asks."""

from __future__ import annotations

from typing import Any

import pandas as pd

from frame import finding_lists, site_courses, site_figures, site_heads, site_levels, site_unknowns
from frame.opening import Opened
from warehouse import cells, improving, site_history


def show(opened: Opened, site: dict[str, Any] | None) -> None:
    """Draw the parts of the page under each other; of no site, nothing."""
    if site is None:
        return
    release, code = opened.release, site["site_id"]
    assessments = site_history.site_assessments(release, code)
    sections = site_history.site_sections(release, code)
    visits = site_history.site_visits(release, code)
    actions = improving.actions(release, site_id=code)
    site_heads.show(opened, site)
    site_heads.clocks(opened, assessments, actions)
    site_levels.show(opened, assessments, sections, site_history.site_findings(release, code))
    finding_lists.show(site_history.site_changes(release, code), assessments)
    site_courses.show(opened, assessments, visits, site_history.site_events(release, code), actions)
    site_courses.reports(opened, cells.incidents_about(release, ("site", code)))
    site_figures.show(opened, site_history.site_figures(release, code))
    site_unknowns.show(
        site_unknowns.Known(
            site=site,
            as_of=pd.Timestamp(release.as_of),
            assessments=assessments,
            sections=sections,
            visits=visits,
            actions=actions,
            never=site_history.never_assessed(release, code),
        )
    )
