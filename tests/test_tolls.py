"""A contested toll is told with its range and with those who gave the figures."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from frame import tolls as told
from pipelines.build import build
from risk.texts import speak
from tests.conftest import OPEN_EDITION
from warehouse import queries, tolls
from warehouse.release import Release, close_all, open_release

TENKE = "inc-20190220-kabwe-village-tenke-barr-road-transport-accident"
KALANDO = "inc-20251115-mulondo-kalando-bridge-collapse-crowd"
KCC = "inc-20190627-kcc-concession-pit-collapse"
TSHIPUKI = "inc-20250913-tshipuki-pit-collapse"
TILWEZEMBE = "inc-20260206-tilwezembe-pit-collapse"


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    speak("en")


def incident(release: Release, incident_id: str) -> dict:
    rows = release.query("SELECT * FROM incidents WHERE incident_id = $id", {"id": incident_id})
    return rows.to_dict("records")[0]


def line(release: Release, incident_id: str) -> str:
    return told.toll(incident(release, incident_id), tolls.claims(release, incident_id))


def test_sixteen_incidents_are_contested_and_eleven_of_them_name_somebody(open_release: Release) -> None:
    found = tolls.contested(open_release)
    assert len(found) == 16
    assert (found["claim_count"] > 0).sum() == 11
    file = pd.read_csv(OPEN_EDITION / "incidents.csv")
    is_open = (file["killed_low"] != file["killed_high"]) & file["killed_high"].notna()
    assert set(found["incident_id"]) == set(file.loc[is_open, "incident_id"])


def test_totals_of_the_contested_are_those_of_the_file(open_release: Release) -> None:
    file = pd.read_csv(OPEN_EDITION / "incidents.csv")
    mine = file[file["incident_id"].isin(tolls.contested(open_release)["incident_id"])]
    counted = mine[mine["toll_reported"] == "yes"]
    row = tolls.contested_totals(open_release).iloc[0]
    assert (row["incident_count"], row["named_count"], row["toll_record_count"]) == (16, 11, len(counted))
    for name in ("killed_low", "killed_best", "killed_high"):
        assert row[name] == counted[name].fillna(counted["killed_best"]).sum()


def test_the_filters_choose_among_the_contested(open_release: Release) -> None:
    some = tolls.contested(open_release, category=["SEC"])
    chosen = set(queries.incidents(open_release, category=["SEC"])["incident_id"])
    assert 0 < len(some) < 16
    assert set(some["incident_id"]) <= chosen
    assert tolls.contested_totals(open_release, category=["SEC"])["incident_count"].iloc[0] == len(some)
    assert tolls.contested(open_release, category=["TRC"]).empty
    assert pd.isna(tolls.contested_totals(open_release, category=["TRC"])["killed_best"].iloc[0])


def test_each_claim_is_told_with_its_claimant_and_how_it_was_meant(open_release: Release) -> None:
    assert line(open_release, TENKE) == (
        "**20 (18–21)** – Health minister: 18; Glencore: about 20; Police: 21"
    )
    assert line(open_release, TILWEZEMBE) == "**12 (11–12)** – SAEMAPE: 11; Later count: 12"


def test_where_nobody_is_named_the_card_says_so(open_release: Release) -> None:
    assert line(open_release, KALANDO) == (
        "**32 (32–49)** – the sources at hand do not say who gave which figure"
    )


def test_an_end_of_the_range_that_nobody_is_named_for_is_said(open_release: Release) -> None:
    assert line(open_release, KCC).endswith("Provincial government: 43; nobody named for 36")


def test_a_claim_says_why_it_lies_outside_the_range_and_what_it_counts(open_release: Release) -> None:
    assert "KCC: 19 (first count; below the range of the record)" in line(open_release, KCC)
    assert line(open_release, TSHIPUKI).endswith("Diggers: about 30 (people buried)")


def test_every_note_of_the_open_claims_has_words_in_both_languages(open_release: Release) -> None:
    notes = open_release.query("SELECT DISTINCT note FROM toll_claims WHERE note IS NOT NULL", {})["note"]
    assert set(notes) == set(told.NOTES)


def test_a_note_that_nobody_translated_is_told_as_it_stands_and_cannot_write_on_the_card() -> None:
    one = {"claimant": "KCC", "claimant_fr": "KCC", "killed": 2, "bound": "exactly", "note": "a [new](x) one"}
    assert told.claim(one) == r"KCC: 2 (a \[new\]\(x\) one)"


def test_a_range_from_nought_says_that_deaths_are_disputed(open_release: Release) -> None:
    eviction = incident(open_release, "inc-20190625-kisanfu-eviction")
    assert told.deaths(eviction) == "0–3, deaths disputed"
    best = {"killed_low": 0, "killed_best": 1, "killed_high": 1}
    assert told.deaths(best) == "1 (0–1), deaths disputed"
    assert told.deaths({"killed_low": 0, "killed_best": 0, "killed_high": 0}) == "0"
    assert told.deaths({"killed_low": None, "killed_best": None, "killed_high": None}) == "not reported"


def test_the_contested_stand_by_date_in_no_order_of_size(open_release: Release) -> None:
    assert tolls.contested(open_release)["date_start"].is_monotonic_decreasing


def test_french_readers_get_the_french_claimant(open_release: Release) -> None:
    speak("fr")
    said = line(open_release, TENKE).split(" – ")[1]
    assert said.startswith("Ministre de la Santé\u00a0: 18\u00a0; Glencore")


def test_an_undisputed_toll_is_one_number() -> None:
    row = {"incident_id": "i", "killed_low": 3, "killed_best": 3, "killed_high": 3}
    claims = pd.DataFrame({"incident_id": [], "killed": [], "claim_id": []})
    assert told.toll(row, claims) == "3"
    assert not told.is_contested(row | {"killed_low": None, "killed_high": None})


def test_a_claimant_cannot_write_on_the_card() -> None:
    one = {"claimant": "**KCC** [x](y)", "claimant_fr": None, "killed": 2, "bound": "up to", "note": None}
    assert told.claim(one) == r"\*\*KCC\*\* \[x\]\(y\): up to 2"


def test_claims_lie_in_the_range_of_their_record_or_say_why_not(open_release: Release) -> None:
    ranges = tolls.contested(open_release).set_index("incident_id")
    for row in tolls.claims(open_release, *ranges.index).itertuples():
        low, high = ranges.loc[row.incident_id, ["killed_low", "killed_high"]]
        assert low <= row.killed <= high or "range" in row.note


def test_a_named_citation_is_one_of_the_record(open_release: Release) -> None:
    ranked = open_release.query(
        """SELECT c.claim_id, s.rank FROM toll_claims c LEFT JOIN citations s ON s.table_name = 'incidents'
           AND s.record_id = c.incident_id AND s.rank = c.citation_rank WHERE c.citation_rank IS NOT NULL""",
        {},
    )
    assert len(ranked)
    assert ranked["rank"].notna().all()


def test_other_claims_change_no_total(open_release: Release, tmp_path: Path) -> None:
    edition = tmp_path / "open"
    shutil.copytree(OPEN_EDITION, edition)
    claims = pd.read_csv(edition / "toll_claims.csv", dtype="string")
    claims.assign(killed="900").to_csv(edition / "toll_claims.csv", index=False)
    build(edition, tmp_path / "releases")
    other = open_release_of(tmp_path / "releases")
    assert set(tolls.claims(other, TENKE)["killed"]) == {900}
    one, two = (queries.incident_totals(release).iloc[0] for release in (open_release, other))
    for name, total in (("killed_low", 260), ("killed_best", 273), ("killed_high", 402)):
        assert one[name] == two[name] == total
    pd.testing.assert_frame_equal(tolls.contested_totals(open_release), tolls.contested_totals(other))
    close_all()


def open_release_of(releases_dir: Path) -> Release:
    return open_release("open", releases_dir=releases_dir)
