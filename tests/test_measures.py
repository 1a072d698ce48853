"""Measures of a release: each finds what it reads, the same rows give the same figures, none is a zero."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipelines.assembly import held
from pipelines.build import check_edition, tables_of
from pipelines.edition import load_edition
from pipelines.measures import MEASURES, digest, measured, ordered
from pipelines.measuring.events import rounded
from pipelines.measuring.moment import Moment
from pipelines.training.making import prepare
from warehouse.contracts import TABLES
from warehouse.inputs import EventMatches

MEASURED = {table for measure in MEASURES for table in measure.gives if table in TABLES}


@pytest.fixture(scope="module")
def moment(small: dict[str, pd.DataFrame]) -> Moment:
    return Moment(small["incidents"]["date_start"].max().date())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """Every table of a small training edition but the measured ones."""
    folder = tmp_path_factory.mktemp("editions") / "training"
    prepare(folder, size=0.2)
    spec = load_edition(folder)
    tables = tables_of(spec, check_edition(spec), spec.as_of)
    rest = {name: frame for name, frame in tables.items() if name not in MEASURED | {"measure_runs"}}
    none = pd.DataFrame(columns=list(EventMatches.to_schema().columns))
    return rest | {"event_matches": EventMatches.validate(none)}


@pytest.fixture(scope="module")
def found(small: dict[str, pd.DataFrame], moment: Moment) -> dict[str, pd.DataFrame]:
    return measured(small, moment)


def test_each_measure_comes_after_what_it_reads() -> None:
    seen: set[str] = set()
    given = {table for measure in MEASURES for table in measure.gives}
    for measure in ordered():
        assert {table for table in measure.reads if table in given} <= seen
        seen |= set(measure.gives)
    assert seen == given


def test_every_measured_table_keeps_its_contract(found: dict[str, pd.DataFrame]) -> None:
    assert set(found) == MEASURED | {"measure_runs"}
    for name, frame in found.items():
        held(name, frame)
    assert not found["hotspots"].empty


def test_the_order_of_the_rows_changes_nothing(
    small: dict[str, pd.DataFrame], moment: Moment, found: dict[str, pd.DataFrame]
) -> None:
    shuffled = {name: frame.sample(frac=1, random_state=7) for name, frame in small.items()}
    again = measured(shuffled, moment)
    for name, frame in found.items():
        assert digest(held(name, again[name])) == digest(held(name, frame)), name


def test_a_third_of_the_records_told_twice_leaves_the_flags_as_they_are(
    small: dict[str, pd.DataFrame], moment: Moment, found: dict[str, pd.DataFrame]
) -> None:
    incidents, citations = small["incidents"], small["citations"]
    copies = incidents.sample(frac=0.3, random_state=3)
    again = copies.assign(incident_id=copies["incident_id"] + "-again")
    told = citations[citations["record_id"].isin(copies["incident_id"])]
    told = told.assign(record_id=told["record_id"] + "-again")
    twice = measured(
        small | {"incidents": pd.concat([incidents, again]), "citations": pd.concat([citations, told])}, moment
    )
    columns = ["hotspot_id", "hotspot_class", "cells"]
    pd.testing.assert_frame_equal(twice["hotspots"][columns], found["hotspots"][columns])
    classes = ["unit_id", "category", "unit_class"]
    cells = [rows["risk_measures"].query("grain == 'cell'")[classes] for rows in (twice, found)]
    pd.testing.assert_frame_equal(*cells)


@pytest.mark.parametrize("lost", ["incidents", "sites", "site_visits", "citations", "observations"])
def test_a_table_that_is_empty_gives_no_number(
    small: dict[str, pd.DataFrame], moment: Moment, lost: str
) -> None:
    tables = small | {lost: small[lost].iloc[:0]}
    if lost == "sites":
        tables["site_visits"] = small["site_visits"].iloc[:0]
        tables["incidents"] = small["incidents"].assign(site_id=pd.NA)
    loads = small["loads"].copy()
    loads.loc[loads["table_name"] == {"sites": "site_records"}.get(lost, lost), "rows_taken"] = 0
    found = {name: held(name, frame) for name, frame in measured(tables | {"loads": loads}, moment).items()}
    for name in ("risk_measures", "coverage", "coverage_quarters", "risk_quarters"):
        frame = found[name]
        for column in frame.columns.intersection(["events", "visits", "sources", "sites_visited"]):
            assert not (frame[column] == 0).any(), (name, column)
    if lost in ("incidents", "sites"):
        assert found["hotspots"].empty
        assert not found["risk_measures"]["unit_class"].isin(["no_excess"]).any()
    if lost == "incidents":
        assert set(found["risk_measures"]["absence"]) == {"failed_to_load"}
    if lost == "sites":
        assert found["site_scores"].empty


def test_one_event_is_no_hotspot(small: dict[str, pd.DataFrame], moment: Moment) -> None:
    exact = small["incidents"].query("extent_kind == 'point'")
    found = measured(small | {"incidents": exact.tail(1)}, moment)
    assert found["hotspots"].empty
    assert not found["risk_measures"]["unit_class"].isin(["no_excess"]).any()


def test_nobody_at_work_leaves_nothing_to_test(small: dict[str, pd.DataFrame], moment: Moment) -> None:
    idle = small["sites"].assign(workers=pd.array([0] * len(small["sites"]), dtype="Int64"))
    found = measured(small | {"sites": idle}, moment)
    assert found["hotspots"].empty
    assert set(found["events"]["tested_as"]) == {"not_tested"}
    assert found["risk_measures"]["rr"].isna().all()


def test_a_digest_knows_rows_whatever_their_order() -> None:
    rows = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", None]})
    assert digest(rows) == digest(rows.iloc[::-1])
    assert digest(rows) != digest(rows.assign(a=[1, 2, 4]))
    assert digest(rows) != digest(rows.rename(columns={"a": "c"}))


@pytest.mark.parametrize(
    ("value", "kept"), [(1 / 3, 0.333333333), (0.0, 0.0), (1e-300, 0.0), (123456789.123, 123456789.0)]
)
def test_numbers_are_rounded_to_nine_digits(value: float, kept: float) -> None:
    assert rounded(pd.Series([value, np.nan])).tolist()[0] == kept
    assert rounded(pd.Series([value, np.nan])).isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("as_of", "first"), [(date(2026, 11, 22), "2024-11-23"), (date(2026, 6, 30), "2024-07-01")]
)
def test_the_window_is_two_years_that_end_on_the_day(as_of: date, first: str) -> None:
    moment = Moment(as_of)
    assert moment.start == pd.Timestamp(first)
    starts = moment.quarter_starts()
    assert starts[0] == moment.start
    assert len(starts) == 8
    days = pd.Series([moment.start, moment.end, moment.end + pd.Timedelta(days=1), pd.NaT])
    assert moment.quarter_of(days).tolist()[:2] == [starts[0], starts[-1]]
    assert moment.quarter_of(days).isna().tolist() == [False, False, True, True]
