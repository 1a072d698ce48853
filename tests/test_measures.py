"""Measures of a release: each finds what it reads, the same rows give the same figures, none is a zero."""

from __future__ import annotations

from datetime import date

import h3
import numpy as np
import pandas as pd
import pytest

from pipelines.assembly import held
from pipelines.build import check_edition, tables_of
from pipelines.edition import load_edition
from pipelines.measures import MEASURES, digest, measured, ordered
from pipelines.measuring.events import rounded
from pipelines.measuring.moment import Moment
from pipelines.measuring.partitions import partition, placed_in
from pipelines.training.making import prepare
from risk.method import METHOD
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
        small | {"incidents": pd.concat([incidents, again]), "citations": pd.concat([citations, told])},
        moment,
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


def test_vague_reports_do_not_pile_up_on_the_few_workers_who_are_placed() -> None:
    """A disc with one known cell of 80 workers, and three sites nearby that are placed vaguely."""
    lon, lat = 25.88, -10.65
    cell = h3.latlng_to_cell(lat, lon, 6)
    exposed = pd.DataFrame(
        {"site_id": ["s"], "lon": [lon], "lat": [lat], "h3_r6": [cell], "workers_exposed": [80.0]}
    )
    part = partition("cells_r6", exposed, pd.DataFrame(columns=["territory_pcode", "geometry"]))
    event = pd.DataFrame(
        {
            "event_id": ["e"],
            "lon": [lon],
            "lat": [lat],
            "site_id": [None],
            "extent_kind": ["disc"],
            "extent_radius_m": [5_000],
            "extent_concession_id": [None],
            "territory_pcode": [None],
            "h3_r6": [cell],
            "h3_r7": [h3.latlng_to_cell(lat, lon, 7)],
        }
    )
    nobody = pd.DataFrame({"lon": [], "lat": [], "workers_exposed": []})
    vague = pd.DataFrame({"lon": [lon] * 3, "lat": [lat] * 3, "workers_exposed": [155.0] * 3})
    none = pd.DataFrame({"territory_pcode": [], "concession_id": [], "geometry": []})
    tested = [
        placed_in(part, event, none, none, METHOD, adrift).events["area_id"] for adrift in (nobody, vague)
    ]
    assert tested[0].notna().all()
    assert tested[1].isna().all()


def test_what_is_dated_past_the_day_is_counted_up_to_it(
    small: dict[str, pd.DataFrame], moment: Moment
) -> None:
    """An interval that goes on after the day has a middle before it, so no age is below zero."""
    incidents = small["incidents"]
    first = incidents[incidents["site_id"].notna() & (incidents["record_kind"] == "event")].tail(1)
    long = first.assign(
        date_start=moment.end - pd.Timedelta(days=1),
        date_end=moment.end + pd.Timedelta(days=300),
        date_precision="year",
        verification="corroborated",
        killed_low=2,
        killed_best=2,
        killed_high=2,
        reported_on=pd.NaT,
    )
    rest = incidents[~incidents["incident_id"].isin(first["incident_id"])]
    found = measured(small | {"incidents": pd.concat([rest, long])}, moment)
    own = found["event_records"].set_index("incident_id")["event_id"][first["incident_id"].iloc[0]]
    assert found["events"].set_index("event_id")["is_in_window"][own]


def test_an_event_at_a_site_counts_where_its_workers_do() -> None:
    """A site, a lonely one 7 km off, and an event of the first that was published at the point of the second."""
    spots = {"s": (25.46, -10.695), "t": (25.425, -10.635)}
    cells = {name: h3.latlng_to_cell(lat, lon, 6) for name, (lon, lat) in spots.items()}
    assert cells["s"] != cells["t"]
    lon, lat = zip(*spots.values(), strict=True)
    sites = {"site_id": [*spots], "lon": lon, "lat": lat, "h3_r6": [*cells.values()]}
    exposed = pd.DataFrame({**sites, "workers_exposed": [14_000.0, 50.0]})
    part = partition("cells_r6", exposed, pd.DataFrame(columns=["territory_pcode", "geometry"]))
    event = {"lon": lon[1], "lat": lat[1], "extent_kind": "point", "h3_r6": cells["t"], "h3_r7": None}
    vague = dict.fromkeys(("extent_radius_m", "extent_concession_id", "territory_pcode"))
    events = pd.DataFrame(
        [{"event_id": f"e-{site}", "site_id": site, **event, **vague} for site in ("s", None, "elsewhere")]
    )
    nobody = pd.DataFrame({"lon": [], "lat": [], "workers_exposed": []})
    none = pd.DataFrame({"territory_pcode": [], "concession_id": [], "geometry": []})
    placed = placed_in(part, events, none, none, METHOD, nobody).events
    assert placed["unit_id"].tolist() == [cells["s"], cells["t"], cells["t"]]
