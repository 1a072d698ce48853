"""Which measure reads what: the order of the measures, and which of them need not be made again.

A measure turns tables into tables, and `reads` gives the order. Where the release before was made by
the same method, for the same day and from the same rows, its tables are taken over instead.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines.measuring import (
    area_scoring,
    drawing,
    events,
    finding,
    looking,
    progressing,
    rating,
    scanning,
    scoring,
    theming,
)
from pipelines.measuring.moment import Moment
from warehouse.contracts import TABLES, method_version
from warehouse.release import Release
from warehouse.storage import columns_of

log = logging.getLogger(__name__)

Tables = Mapping[str, Any]


@dataclass(frozen=True)
class Measure:
    """What is computed together: the tables it gives, those it reads, and how.

    A table that is no table of a release is handed on to later measures only.
    """

    name: str
    gives: tuple[str, ...]
    reads: tuple[str, ...]
    compute: Callable[[Any, Moment], dict[str, Any]]


MEASURES: Final = (
    Measure("exposure", ("site_exposures",), ("sites",), looking.exposures),
    Measure(
        "events", ("told_events", "event_records"), ("incidents", "citations", "event_matches"), events.told
    ),
    Measure(
        "places of events",
        ("events", "known_events", "tested_cells", "area_members"),
        ("told_events", "sites", "site_exposures", "territories", "concessions"),
        finding.placed_events,
    ),
    Measure(
        "coverage",
        ("coverage", "coverage_quarters"),
        ("known_events", "sites", "site_exposures", "site_visits", "observations", "territories", "loads"),
        looking.looked,
    ),
    Measure(
        "hotspot test",
        ("found_hotspots", "hotspot_events", "found_units", "tested_themes"),
        ("known_events", "tested_cells", "area_members", "loads"),
        finding.tested,
    ),
    Measure(
        "robustness",
        ("hotspot_holds",),
        ("found_hotspots", "known_events", "sites", "site_exposures", "territories", "concessions"),
        finding.held_elsewhere,
    ),
    Measure("scan", ("scan_zones", "scanned"), ("known_events", "tested_cells"), scanning.scans),
    Measure(
        "themes",
        ("theme_tests",),
        ("tested_themes", "scanned", "found_units", "told_events", "tested_cells"),
        theming.theme_tests,
    ),
    Measure(
        "hotspots",
        ("hotspots", "hotspot_quarters"),
        (
            "found_hotspots",
            "hotspot_events",
            "hotspot_holds",
            "tested_themes",
            "tested_cells",
            "known_events",
            "sites",
            "site_exposures",
            "site_visits",
            "observations",
        ),
        drawing.hotspots,
    ),
    Measure(
        "rates of cells",
        ("cell_measures",),
        ("found_units", "tested_cells", "known_events"),
        finding.cell_measures,
    ),
    Measure(
        "rates",
        ("risk_measures", "site_ratios"),
        (
            "known_events",
            "sites",
            "site_exposures",
            "site_visits",
            "observations",
            "territories",
            "coverage",
            "cell_measures",
        ),
        rating.risk_measures,
    ),
    Measure("quarters", ("risk_quarters",), ("known_events",), rating.risk_quarters),
    Measure(
        "findings",
        ("site_findings", "worst_forms"),
        ("observations", "site_visits", "sites", "known_events"),
        scoring.findings,
    ),
    Measure(
        "scores of sites",
        ("site_scores", "score_draws"),
        ("site_findings", "worst_forms", "site_ratios", "known_events", "sites", "coverage", "loads"),
        scoring.scores,
    ),
    Measure(
        "scores of areas",
        ("area_scores",),
        (
            "site_scores",
            "score_draws",
            "site_findings",
            "known_events",
            "sites",
            "site_exposures",
            "site_visits",
            "territories",
            "coverage",
            "loads",
        ),
        area_scoring.areas,
    ),
    Measure(
        "assessments",
        ("assessment_sections", "assessment_levels", "finding_changes", "capital_needs"),
        ("criteria", "framework_levels", "assessments", "findings", "improvement_actions"),
        progressing.assessed,
    ),
    Measure("actions", ("action_states",), ("improvement_actions", "action_extensions"), progressing.acted),
    Measure(
        "refiners",
        ("refiner_changes", "refiner_coverage"),
        ("refiner_statuses", "refiners"),
        progressing.listed,
    ),
    Measure(
        "grievances",
        ("grievance_states", "grievance_placements"),
        (
            "grievances",
            "grievance_steps",
            "site_records",
            "assessments",
            "improvement_actions",
            "refiner_statuses",
            "refiners",
        ),
        progressing.complained,
    ),
)


def ordered(measures: Iterable[Measure] = MEASURES) -> list[Measure]:
    """Return the measures in an order in which each finds what it reads."""
    by_table = {table: measure for measure in measures for table in measure.gives}
    needs = {
        measure.name: {by_table[table].name for table in measure.reads if table in by_table}
        for measure in measures
    }
    by_name = {measure.name: measure for measure in measures}
    return [by_name[name] for name in TopologicalSorter(needs).static_order()]


def measured(tables: Tables, moment: Moment, previous: Release | None = None) -> dict[str, pd.DataFrame]:
    """Return every measured table of a release, from the rows that were taken and derived.

    `previous` is the release before: its rows are taken over where all that a measure depends on is the
    same. A measure that hands on what no release holds is taken over only where nobody asks for that.
    """
    known = dict(tables)
    identities = {name: digest(frame) for name, frame in tables.items()}
    kept = _kept(previous)
    runs = []
    for measure in ordered():
        began = time.perf_counter()
        identity = _identity(measure, moment, identities)
        is_kept = all(kept.get(table) == identity for table in measure.gives)
        found = _taken_over(measure, previous) if is_kept and previous else measure.compute(known, moment)
        known |= found
        identities |= dict.fromkeys(measure.gives, identity)
        runs += [_run(table, measure, identity, found[table]) for table in measure.gives if table in TABLES]
        log.info("%s: %s in %.1f s", measure.name, "kept" if is_kept else "made", time.perf_counter() - began)
    known["measure_runs"] = pd.DataFrame(runs).sort_values("table_name", ignore_index=True)
    names = ("measure_runs", *(str(run["table_name"]) for run in runs))
    # Beside its promised columns a table may carry what only other measures ask for.
    return {name: known[name].reindex(columns=columns_of(name)) for name in names}


def digest(frame: pd.DataFrame) -> str:
    """Return a hash of what the rows of `frame` say, whatever their order."""
    if frame.empty:
        return "nothing"
    said = frame.assign(
        **{name: frame[name].map(repr) for name in frame.columns if frame[name].dtype == object}
    )
    rows = np.sort(pd.util.hash_pandas_object(said, index=False).to_numpy())
    return hashlib.sha256(rows.tobytes() + "\x1f".join(frame.columns).encode()).hexdigest()


def _identity(measure: Measure, moment: Moment, identities: Mapping[str, str]) -> str:
    parts = [method_version(), moment.as_of.isoformat(), measure.name]
    parts += [f"{table}={identities[table]}" for table in measure.reads]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _run(table: str, measure: Measure, identity: str, rows: pd.DataFrame) -> dict[str, Any]:
    reads = "; ".join(measure.reads)
    return {"table_name": table, "reads": reads, "inputs_sha256": identity, "rows": len(rows)}


def _kept(previous: Release | None) -> dict[str, str]:
    if previous is None or previous.manifest.method_version != method_version():
        return {}
    rows = previous.query("SELECT table_name, inputs_sha256 FROM measure_runs")
    return dict(zip(rows["table_name"], rows["inputs_sha256"], strict=True))


def _taken_over(measure: Measure, previous: Release) -> dict[str, pd.DataFrame]:
    return {
        table: previous.query(f"SELECT {', '.join(columns_of(table))} FROM {table}")
        for table in measure.gives
    }
