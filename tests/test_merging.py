"""A site row says what its records say, and no more."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.matches.merging import SITE_COLUMNS, merge_sites, site_ids
from warehouse.inputs import SiteRecords

BASE = {
    "publisher": "compilation",
    "name": "Lenge",
    "kind": "unknown",
    "lon": 25.4,
    "lat": -10.7,
    "place_precision": "site",
    "position_is_proxy": False,
    "is_public_record": True,
}
VISIT = {"publisher": "IPIS", "visited_on": "2020-10-05"}


def merged(*rows: dict[str, Any]) -> pd.Series:
    """Return the one site made of `rows`."""
    frame = pd.DataFrame([{**BASE, **row} for row in rows]).reindex(
        columns=list(SiteRecords.to_schema().columns)
    )
    records = SiteRecords.validate(frame)
    ids = site_ids(records, dict.fromkeys(records["record_id"], "one"))
    sites = merge_sites(records, ids)
    assert len(sites) == 1
    assert list(sites) == SITE_COLUMNS
    return sites.iloc[0]


def figure(people: int | None, year: int | None, scope: str | None = "site") -> dict[str, Any]:
    return {"workers_best": people, "workers_year": year, "workers_scope": scope}


def test_a_documented_record_gives_its_id_and_name() -> None:
    site = merged(
        {"record_id": "ipis-codmine00001", "name": "Chipuki", **VISIT},
        {"record_id": "site-b", "name": "Tshipuki"},
    )
    assert (site["site_id"], site["name"], site["aliases"]) == ("site-b", "Tshipuki", "Chipuki")
    assert (site["record_count"], site["publishers"]) == (2, "compilation; IPIS")


def test_a_site_that_only_a_visit_speaks_of_is_named_after_its_record() -> None:
    assert merged({"record_id": "ipis-codmine03393", **VISIT})["site_id"] == "site-ipis-03393"


def test_a_better_position_does_not_change_the_id_of_a_site() -> None:
    vague = {"record_id": "site-a", "place_precision": "sector", "position_is_proxy": True}
    exact = {"record_id": "site-b", "place_precision": "pit", "lon": 25.2}
    assert merged(vague, exact)["site_id"] == merged(exact, vague)["site_id"] == "site-a"
    assert (
        merged({**vague, "place_precision": "pit", "position_is_proxy": False}, exact)["site_id"] == "site-a"
    )
    assert merged(vague, exact, {"record_id": "site-c"})["site_id"] == "site-a"


def test_all_spellings_are_kept_once_and_the_name_is_not_among_them() -> None:
    site = merged(
        {"record_id": "site-a", "name": "Kasulo", "aliases": "Kasulu; Kasulo CDM"},
        {"record_id": "ipis-1", "name": "kasulo cdm", "aliases": "KASULO"},
    )
    assert site["aliases"] == "Kasulu; Kasulo CDM"


def test_the_finest_position_that_is_no_stand_in_wins() -> None:
    site = merged(
        {"record_id": "site-a", "lon": 25.1, "position_is_proxy": True},
        {"record_id": "site-b", "lon": 25.2, "place_precision": "locality"},
    )
    assert (site["lon"], site["position_record_id"]) == (25.2, "site-b")
    assert not site["position_is_proxy"]


def test_any_position_that_is_no_stand_in_beats_a_stand_in() -> None:
    site = merged(
        {"record_id": "site-a", "lon": 25.1, "place_precision": "pit", "position_is_proxy": True},
        {"record_id": "site-b", "lon": 25.2, "place_precision": "sector"},
    )
    assert (site["lon"], site["position_record_id"]) == (25.2, "site-b")


def test_a_finer_position_beats_a_visit() -> None:
    site = merged(
        {"record_id": "site-a", "lon": 25.1, "place_precision": "pit"},
        {"record_id": "ipis-1", "lon": 25.2, **VISIT},
    )
    assert site["position_record_id"] == "site-a"


def test_of_equal_positions_the_one_taken_on_a_visit_wins() -> None:
    site = merged(
        {"record_id": "site-a", "lon": 25.1, "territory_reported": "Lubudi"},
        {"record_id": "ipis-1", "lon": 25.2, "territory_reported": "Mutshatsha", **VISIT},
    )
    assert (site["lon"], site["position_record_id"]) == (25.2, "ipis-1")
    assert site["territory_reported"] == "Mutshatsha"
    assert site["visited_on"] == pd.Timestamp("2020-10-05")


def test_a_site_without_any_position_stays_without_one() -> None:
    site = merged({"record_id": "site-a", "lon": None, "lat": None, "place_precision": "none"})
    assert site[["lon", "lat", "position_record_id", "visited_on"]].isna().all()


def test_workers_are_the_latest_figure_and_never_a_sum() -> None:
    site = merged(
        {"record_id": "site-a", **figure(2000, 2014), "workers_low": 1500, "workers_high": 2500},
        {"record_id": "ipis-1", **figure(800, 2020), **VISIT},
    )
    assert (site["workers"], site["workers_year"], site["workers_record_id"]) == (800, 2020, "ipis-1")
    assert pd.isna(site["workers_low"])


def test_an_idle_site_has_zero_workers_and_an_unreported_one_has_none() -> None:
    assert merged({"record_id": "ipis-1", **figure(0, 2019), **VISIT})["workers"] == 0
    assert pd.isna(merged({"record_id": "ipis-1", **figure(None, None, None)})["workers"])


def test_a_range_without_a_best_figure_is_kept_and_no_mean_is_made() -> None:
    ranged = {"workers_low": 2000, "workers_high": 3000, "workers_year": 2023, "workers_scope": "site"}
    site = merged({"record_id": "site-a", **ranged}, {"record_id": "ipis-1", **figure(40, 2019), **VISIT})
    assert pd.isna(site["workers"])
    assert (site["workers_low"], site["workers_high"], site["workers_record_id"]) == (2000, 3000, "site-a")
    one_end = merged({"record_id": "site-a", "workers_low": 500, "workers_scope": "site"})
    assert (one_end["workers_low"], one_end["workers_record_id"]) == (500, "site-a")


def test_a_figure_of_a_whole_concession_is_not_a_figure_of_the_site() -> None:
    site = merged(
        {"record_id": "site-a", **figure(10_000, 2024, "whole_concession")},
        {"record_id": "ipis-1", **figure(40, 2019)},
    )
    assert site["workers"] == 40
    assert pd.isna(merged({"record_id": "site-a", **figure(10_000, 2024, "whole_concession")})["workers"])


def test_minerals_are_those_of_all_records() -> None:
    assert merged({"record_id": "site-a", "minerals": "Cu"}, {"record_id": "site-b", "minerals": "Au; Co"})[
        "minerals"
    ] == ("Co; Cu; Au")
    assert pd.isna(merged({"record_id": "site-a"})["minerals"])


def test_a_known_kind_beats_an_unknown_one() -> None:
    site = merged(
        {"record_id": "site-a"}, {"record_id": "site-b", "kind": "washing", "kind_reported": "laverie"}
    )
    assert (site["kind"], site["kind_reported"]) == ("washing", "laverie")
