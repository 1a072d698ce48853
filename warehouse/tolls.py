"""Contested tolls: incidents whose published range is open, and who gave which figure.

As in `warehouse.queries`, each function takes the release first, then the reader's filters as keywords.
Claims explain a range; they never enter a total.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from warehouse.asking import CHOSEN_INCIDENTS, ask
from warehouse.release import Release

# The ends differ, or one of them alone was published beside a best figure.
_IS_CONTESTED: Final = """
    coalesce(i.killed_low, i.killed_best) IS DISTINCT FROM coalesce(i.killed_high, i.killed_best)
"""


def claims(release: Release, *incident_ids: str) -> pd.DataFrame:
    """Return who gave which figure for these incidents, lowest first, as contract `TollClaims` has it.

    No row where the records do not say who.
    """
    return release.query(
        """SELECT * FROM toll_claims WHERE list_contains($ids, incident_id)
           ORDER BY incident_id, killed, claim_id""",
        {"ids": list(incident_ids)},
    )


def contested(release: Release, **filters: Any) -> pd.DataFrame:
    """Return the chosen incidents whose range is open, newest first: no order of size.

    Columns: incident_id, summary, summary_fr, date_start, date_end, date_precision, place_name, category,
    killed_low, killed_best, killed_high, counts_in_toll, claim_count (0: nobody is named).
    """
    return ask(
        release,
        f"""
        SELECT i.incident_id, i.summary, i.summary_fr, i.date_start, i.date_end, i.date_precision,
               coalesce(i.place_name, i.territory) AS place_name, i.category,
               i.killed_low, i.killed_best, i.killed_high, i.counts_in_toll,
               (SELECT count(*) FROM toll_claims c WHERE c.incident_id = i.incident_id) AS claim_count
        FROM incidents i WHERE {_IS_CONTESTED} AND {CHOSEN_INCIDENTS}
        ORDER BY i.date_start DESC, i.incident_id
        """,
        filters,
    )


def contested_totals(release: Release, **filters: Any) -> pd.DataFrame:
    """Return one row on the chosen incidents whose range is open.

    Columns: incident_count, named_count (those with a claim), toll_record_count (those that count in the
    toll), and of these alone killed_low, killed_best, killed_high; missing where there is none.
    """
    return ask(
        release,
        f"""
        SELECT count(*) AS incident_count,
               count(*) FILTER (i.incident_id IN (SELECT incident_id FROM toll_claims)) AS named_count,
               count(*) FILTER (i.counts_in_toll) AS toll_record_count,
               sum(coalesce(i.killed_low, i.killed_best)) FILTER (i.counts_in_toll) AS killed_low,
               sum(i.killed_best) FILTER (i.counts_in_toll) AS killed_best,
               sum(coalesce(i.killed_high, i.killed_best)) FILTER (i.counts_in_toll) AS killed_high
        FROM incidents i WHERE {_IS_CONTESTED} AND {CHOSEN_INCIDENTS}
        """,
        filters,
    )
