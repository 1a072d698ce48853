"""The open edition: every record cited, every reference kept, nobody named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

OPEN = Path(__file__).resolve().parent.parent / "data" / "open"
TABLES = sorted(path.stem for path in OPEN.glob("*.csv"))
IDS = {
    "provinces": "province_pcode",
    "territories": "territory_pcode",
    "concessions": "concession_id",
    "facilities": "facility_id",
    "facility_production": "production_id",
    "sites": "record_id",
    "ipis_sites": "record_id",
    "incidents": "incident_id",
    "refiners": "refiner_id",
    "assessment_figures": "figure_id",
    "places": "place_id",
    "regulatory_notes": "note_id",
}


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(OPEN / f"{name}.csv", dtype="string")


def origin(name: str) -> dict:
    return tomllib.loads((OPEN / f"{name}.origin.toml").read_text(encoding="utf-8"))


def test_the_edition_lists_every_file_and_no_other() -> None:
    edition = tomllib.loads((OPEN / "edition.toml").read_text(encoding="utf-8"))
    assert edition["name"] == "open"
    assert sorted(entry["file"] for entry in edition["inputs"]) == [f"{name}.csv" for name in TABLES]


@pytest.mark.parametrize("name", TABLES)
def test_every_file_says_where_it_comes_from(name: str) -> None:
    told = origin(name)
    for key in ("title", "publisher", "licence", "attribution", "changes_en", "changes_fr", "compiled_on"):
        assert told[key].strip()


@pytest.mark.parametrize(("name", "key"), IDS.items())
def test_every_record_is_cited(name: str, key: str) -> None:
    records = read(name)
    assert records[key].is_unique
    table = "site_records" if name.endswith("sites") else name
    citations = read("citations")
    cited = set(citations.loc[citations["table_name"] == table, "record_id"])
    assert "citation" in origin(name) or set(records[key]) <= cited


@pytest.mark.parametrize("name", TABLES)
def test_files_are_plain_utf8_with_unix_lines(name: str) -> None:
    raw = (OPEN / f"{name}.csv").read_bytes()
    assert raw.decode("utf-8").endswith("\n")
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")


def test_every_citation_belongs_to_a_record() -> None:
    citations = read("citations")
    known = {"site_records": set(read("sites")["record_id"]) | set(read("ipis_sites")["record_id"])}
    for table, rows in citations.groupby("table_name"):
        ids = known.get(str(table)) or set(read(str(table))[IDS[str(table)]])
        assert set(rows["record_id"]) <= ids
    assert not citations.duplicated(["table_name", "record_id", "rank"]).any()


def test_references_between_tables_hold() -> None:
    sites, places = set(read("sites")["record_id"]), set(read("places")["place_id"])
    incidents = read("incidents")
    assert set(incidents["place_id"].dropna()) <= places
    assert set(incidents["site_record_id"].dropna()) <= sites
    assert set(read("assessment_figures")["site_record_id"].dropna()) <= sites
    assert set(read("facility_production")["facility_id"].dropna()) <= set(read("facilities")["facility_id"])
    matches = read("site_matches")
    both = set(matches["record_a"]) | set(matches["record_b"])
    assert both <= sites | set(read("ipis_sites")["record_id"])


def test_holders_are_firms_or_authorities() -> None:
    firm = re.compile(
        r"\b(s\.?a\.?r?\.?l?\.?u?|sprl|sas|sasu|mining|mines?|mini[eè]re|societe|compagnie|gouvernorat|province|"
        r"zone|corporation|company|congolaise|development|metalkol|projet|kinsevere|pengxin)\b",
        re.IGNORECASE,
    )
    holders = read("concessions")["holder"].dropna().unique()
    assert [holder for holder in holders if not firm.search(holder.replace('"', " "))] == []


def test_no_note_claims_that_a_measure_is_in_force() -> None:
    notes = read("regulatory_notes")
    assert (
        not notes["text_en"]
        .str.contains(r"\b(?:is|are|remains?|still|currently)\b.*\b(?:in force|suspended)\b")
        .any()
    )
    assert len(notes) == 6


def test_the_counts_are_those_of_the_compilation() -> None:
    counted = {name: len(read(name)) for name in IDS}
    assert counted == {
        "provinces": 26,
        "territories": 16,
        "concessions": 256,
        "facilities": 58,
        "facility_production": 35,
        "sites": 61,
        "ipis_sites": 105,
        "incidents": 101,
        "refiners": 57,
        "assessment_figures": 95,
        "places": 78,
        "regulatory_notes": 6,
    }


def test_an_idle_site_has_zero_workers_and_one_without_a_figure_has_a_blank() -> None:
    workers = read("ipis_sites")["workers_best"]
    assert ((workers == "0").sum(), workers.isna().sum()) == (10, 4)


def test_every_reviewed_pair_says_why_in_a_sentence() -> None:
    reasons = read("site_matches")["reason"]
    assert reasons.str.len().gt(10).all()
    assert not reasons.str.contains(r"\b(?:may|might|perhaps|probably)\b").any()


def test_every_stand_in_of_the_sites_is_marked() -> None:
    sites = read("sites")
    shared = sites.duplicated(["lon", "lat"], keep=False) & sites["lon"].notna()
    vague = shared & (sites["place_precision"] != "site")
    assert (sites.loc[vague, "position_is_proxy"] == "true").all()
    assert (sites.loc[sites["lon"].isna(), "position_is_proxy"] == "false").all()
