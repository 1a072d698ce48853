"""What is measured of progress speaks of the day of the release, of sites after matching, and of no zero that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.build import build
from pipelines.measuring.moment import Moment
from pipelines.measuring.progressing import listed, one_a_day
from tests.made_progress import SECRET, plant_progress
from warehouse.contracts import TABLES
from warehouse.release import Release, close_all, open_release

AS_OF = Moment(date(2026, 6, 30))


def empty(name: str) -> pd.DataFrame:
    contract = TABLES[name].contract
    return contract.validate(pd.DataFrame(columns=list(contract.to_schema().columns)))


def filled(name: str, *rows: dict[str, Any]) -> pd.DataFrame:
    contract = TABLES[name].contract
    return contract.validate(pd.DataFrame(rows).reindex(columns=list(contract.to_schema().columns)))


@pytest.fixture(scope="module")
def planted(
    training_edition_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Release, str]]:
    data = tmp_path_factory.mktemp("data")
    folder, first, _ = plant_progress(training_edition_dir, data)
    build(folder, data / "releases", as_of=date(2026, 6, 30))
    release = open_release("training", releases_dir=data / "releases")
    yield release, first
    close_all()


def row(release: Release, table: str, key: str) -> dict[str, Any]:
    (name,) = TABLES[table].key
    return dict(release.query(f"SELECT * FROM {table} WHERE {name} = $key", {"key": key}).iloc[0])


def test_assessments_and_actions_know_their_site(planted: tuple[Release, str]) -> None:
    release, record = planted
    site = release.query("SELECT site_id FROM site_records WHERE record_id = $id", {"id": record})["site_id"][
        0
    ]
    for table, key in (("assessments", "asm-1"), ("improvement_actions", "act-1")):
        assert row(release, table, key)["site_id"] == site
    placed = row(release, "grievance_placements", "gri-1")
    assert (placed["entity_id"], placed["placement"]) == (site, "between")
    assert (placed["last_before_id"], placed["next_after_id"]) == ("asm-1", "asm-2")
    assert placed["open_action_ids"] == f"act-1; {SECRET}-act"


def test_what_is_later_than_the_day_is_not_read(planted: tuple[Release, str]) -> None:
    release, _ = planted
    state = row(release, "action_states", "act-1")
    assert (state["due_now_on"], state["is_overdue"], state["extensions"]) == (
        pd.Timestamp("2026-08-01"),
        False,
        1,
    )
    assert row(release, "grievance_states", "gri-1")["status"] == "accepted"
    assert release.query("SELECT max(year) AS year FROM refiner_coverage")["year"][0] == 2026


def test_a_grievance_on_a_refiner_lies_among_the_assessments_that_lists_tell_of(
    planted: tuple[Release, str],
) -> None:
    placed = row(planted[0], "grievance_placements", "gri-2")
    assert (placed["entity_id"], placed["placement"], placed["last_before_id"]) == (
        "CID000001",
        "after_last",
        "lst-1",
    )
    assert placed["last_before_on"] == pd.Timestamp("2024-11-05")


def test_of_two_records_of_one_site_on_one_day_the_smaller_id_is_compared() -> None:
    rows = pd.DataFrame(
        {
            "assessment_id": ["b", "a", "c", "d"],
            "site_id": ["s", "s", "s", "t"],
            "framework_id": ["f@1", "f@2", "g@1", "f@1"],
            "assessed_on": pd.to_datetime(["2026-01-01"] * 4),
        }
    )
    assert sorted(one_a_day(rows)["assessment_id"]) == ["a", "c", "d"]


REFINER = {"refiner_id": "r", "name": "R", "country": "FIN", "kind": "fine", "place_precision": "none"}


def test_where_no_record_tells_a_day_of_any_assessment_none_is_not_known() -> None:
    refiners = filled("refiners", {**REFINER, "rmap_status": "conformant"})
    found = listed({"refiner_statuses": empty("refiner_statuses"), "refiners": refiners}, AS_OF)
    fine = found["refiner_coverage"].set_index(["kind", "year"]).loc[("fine", 2026)]
    assert fine[["known", "undated"]].tolist() == [1, 1]
    assert fine[["assessed", "not_assessed", "share_pct"]].isna().all()
    dated = {"listing_id": "l", "list_id": "l@1", "listed_on": "2026-01-01", "refiner_id": "r", "name": "R"}
    lists = filled(
        "refiner_statuses",
        {**dated, "country": "FIN", "kind": "fine", "status": "conformant", "assessed_on": "2020-01-01"},
    )
    found = listed({"refiner_statuses": lists, "refiners": refiners}, AS_OF)["refiner_coverage"]
    assert found.set_index(["kind", "year"]).loc[("fine", 2026), "share_pct"] == 100.0


def test_without_a_refiner_there_is_no_coverage() -> None:
    tables = {name: empty(name) for name in ("refiner_statuses", "refiners")}
    assert all(frame.empty for frame in listed(tables, AS_OF).values())


def test_a_list_of_after_the_day_changes_no_status() -> None:
    base = {"refiner_id": "r", "name": "R", "country": "FIN", "kind": "fine"}
    lists = filled(
        "refiner_statuses",
        {**base, "listing_id": "1", "list_id": "l@1", "listed_on": "2026-01-01", "status": "active"},
        {**base, "listing_id": "2", "list_id": "l@2", "listed_on": "2026-07-01", "status": "conformant"},
    )
    found = listed({"refiner_statuses": lists, "refiners": empty("refiners")}, AS_OF)["refiner_changes"]
    assert found["status"].tolist() == ["active"]
