"""One set of tables an audience: staff's with everything, the others' from public rows and disclosed figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import pandas as pd

from pipelines.assembly import empty, held
from pipelines.disclosing.assigning import (
    RULES_BELOW_STAFF,
    Series,
    assignments,
    cell_territories,
    disclosable,
    published,
    site_batches,
)
from pipelines.disclosing.keeping_back import (
    assigned_records,
    count_kept_back,
    counted_records,
    public_now,
    waiting_now,
)
from pipelines.disclosing.progress import OWN, progress_cohorts, told_progress
from risk.disclosure import counted, counted_cells, counted_sites, report, research_records
from risk.disclosure_rules import last_open_day
from risk.vocabulary import Audience
from warehouse.audiences import may_see
from warehouse.contracts import TABLES, restricted_columns

Tables = Mapping[str, pd.DataFrame]
YEARS: Final = 5
DISCLOSED: Final = ("disclosed_counts", "disclosed_cells", "disclosed_sites")
_STAFF_OWN: Final = (
    *("disclosure_assignments", "disclosure_site_batches", "published_records", "release_report"),
    *("disclosure_records", *OWN),
)
# Tables whose rows are records: what is not shown of them was left out.
_OF_RECORDS: Final = (
    *("incidents", "incident_categories", "incident_concessions", "toll_claims", "citations"),
    *("site_records", "sites", "site_concessions", "site_visits", "observations", "places", "rejected_row"),
    *("assessments", "findings", "improvement_actions", "action_extensions", "grievances", "grievance_steps"),
)


def for_audiences(
    staff: Tables, public: Tables, as_of: date, series: Series, singled: set[str], *, has_restricted: bool
) -> dict[Audience, dict[str, pd.DataFrame]]:
    """Return the tables of each audience's file.

    staff: every table from all rows; public: the same from public rows alone; singled: incidents whose
    publication is kept back; has_restricted: some are not public.
    Raises ReleaseError where a table breaks its contract.
    """
    shown = published(public, series)
    events = disclosable(staff["events"], staff["event_records"], staff["incidents"], as_of, shown)
    stood = counted_records(series.before)
    coded = assignments(
        events,
        cell_territories(dict(staff)),
        as_of,
        series.before,
        published=public_now(staff, singled, stood, as_of),
        kept_back=waiting_now(staff, singled, stood),
    )
    records = assigned_records(coded, staff["event_records"], stood)
    batches = site_batches(staff["sites"], staff["site_records"], shown, series.before)
    cohorts = progress_cohorts(staff, shown, as_of, series.before)
    # What was told goes on being told, also where the last of it has been published or taken back.
    has_restricted = has_restricted or any(len(rows) for rows in (coded, batches, *cohorts.values()))
    told = _told(staff, coded, batches, as_of, series.key) | {
        name: held(name, frame)
        for name, frame in told_progress(cohorts["disclosure_cohort_sums"], staff["territories"]).items()
    }
    if not series.only_public:
        # Whoever guesses a row of a file could try it on the hash of the whole.
        public = {**public, "origins": public["origins"].assign(sha256=None)}
    rows: dict[Audience, dict[str, pd.DataFrame]] = {
        audience: _below(audience, public, told, has_restricted)
        for audience in Audience
        if audience is not Audience.STAFF
    }
    reports = _report(events, coded, as_of, staff, rows)
    own = {
        "disclosure_assignments": held("disclosure_assignments", coded),
        "disclosure_site_batches": held(
            "disclosure_site_batches", batches.rename(columns={"area_id": "territory_pcode"})
        ),
        "published_records": held("published_records", shown),
        "disclosure_records": held("disclosure_records", records),
        **{name: held(name, frame) for name, frame in cohorts.items()},
        "release_report": reports,
    }
    nothing = {name: empty(TABLES[name].contract) for name in told}
    return {Audience.STAFF: {**staff, **nothing, **own}, **rows}


def _told(
    staff: Tables, coded: pd.DataFrame, batches: pd.DataFrame, as_of: date, key: bytes
) -> dict[str, pd.DataFrame]:
    """Return what is told of unpublished records, each table held to its contract."""
    areas = staff["territories"][["territory_pcode", "province_pcode"]].dropna().drop_duplicates()
    pcodes = areas["territory_pcode"].tolist()
    counts = counted_sites(batches, pcodes)
    found = {
        "disclosed_counts": counted(coded, areas, quarters(as_of)),
        "disclosed_cells": counted_cells(coded),
        "disclosed_sites": counts.rename(columns={"area_id": "territory_pcode"}),
        "research_records": research_records(coded, RULES_BELOW_STAFF, as_of, key=key),
    }
    return {name: held(name, frame) for name, frame in found.items()}


def quarters(as_of: date) -> list[str]:
    """Return the calendar quarters of the last five years that are over, and past the embargo, on the day.

    >>> quarters(date(2026, 10, 15))[-1], quarters(date(2026, 11, 1))[-1], len(quarters(date(2026, 11, 1)))
    ('2026Q2', '2026Q3', 20)
    """
    newest = last_open_day(as_of, RULES_BELOW_STAFF.aggregate_embargo_days).to_period("Q")
    return [str(one) for one in pd.period_range(end=newest, periods=4 * YEARS, freq="Q")]


def _below(audience: Audience, public: Tables, told: Tables, has_restricted: bool) -> dict[str, pd.DataFrame]:
    """Return the tables of an audience below staff: emptied where they are not its own, restricted columns blank."""
    disclosed = {name: frame if has_restricted else frame.iloc[:0] for name, frame in told.items()}
    found = {}
    for name in TABLES:
        if name == "metadata":
            continue
        frame = disclosed.get(name, public.get(name))
        if frame is None or not may_see(audience, name):
            found[name] = empty(TABLES[name].contract)
        else:
            found[name] = _blanked(name, frame)
    return found


def _blanked(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    blank = [name for name in restricted_columns(table) if name in frame]
    return frame.assign(**{name: frame[name].mask(pd.Series(True, frame.index)) for name in blank})


def _report(
    events: pd.DataFrame,
    coded: pd.DataFrame,
    as_of: date,
    staff: Tables,
    rows: Mapping[Audience, Tables],
) -> pd.DataFrame:
    """Return the release report: for each audience and table rows in, rows shown, and what became of the others.

    What is measured anew from public rows has a number of rows of its own: those in and those shown differ, and
    the difference is not what was left out.
    """
    found = [(Audience.STAFF, name, "shown", len(frame)) for name, frame in staff.items() if len(frame)]
    for audience, tables in rows.items():
        for name, frame in tables.items():
            if name not in (*_STAFF_OWN, *DISCLOSED, "research_records", "metadata"):
                found.append((audience, name, "rows_in", len(staff[name])))
            if name not in _STAFF_OWN:
                found.append((audience, name, "shown", len(frame)))
            if name in _OF_RECORDS:
                found.append((audience, name, "left_out", len(staff[name]) - len(frame)))
            if name == "incidents":
                found.append((audience, name, "kept_back", count_kept_back(staff["incidents"], as_of)))
    made = report(events, coded, RULES_BELOW_STAFF, as_of)
    own = made["table_name"].map({"events": "disclosed_counts", "research_records": "research_records"})
    for audience in rows:
        is_its = may_see(audience, "research_records") | (made["table_name"] == "events")
        found += [
            (audience, name, outcome, count)
            for name, outcome, count in zip(
                own[is_its], made["outcome"][is_its], made["row_count"][is_its], strict=True
            )
        ]
    frame = pd.DataFrame(found, columns=["audience", "table_name", "outcome", "row_count"])
    frame["audience"] = frame["audience"].astype("string")
    return held("release_report", frame)
