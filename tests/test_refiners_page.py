"""Which refiners are assessed: shares with their counts, a status never without what it does not say, gaps by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from frame import countries, refiner_cards, refiner_words
from layers import refiner_coverage
from layers import refiners as layer
from risk.texts import speak
from risk.vocabulary import RMAP_STATUSES
from tests.made_refiner_lists import built
from tests.test_layers import leaflet
from tests.test_pages import opened, said
from warehouse import refiners
from warehouse.release import Release, open_release


@pytest.fixture(scope="module")
def made_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("lists"))


@pytest.fixture(scope="module")
def made(made_dir: Path) -> Release:
    return open_release("open", releases_dir=made_dir)


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    st.cache_data.clear()
    speak("en")


@pytest.fixture
def at_made(made_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(made_dir))


@pytest.fixture
def at_open(open_releases_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(open_releases_dir))


def table(app: AppTest, column: str) -> pd.DataFrame:
    return next(part.value for part in app.dataframe if column in part.value)


def one(made: Release, key: str) -> pd.Series:
    return refiners.known(made).set_index("facility_key").loc[key]


@pytest.mark.usefixtures("at_made")
def test_half_of_the_fine_and_a_quarter_of_the_crude_refiners_were_assessed() -> None:
    app = opened("refiners")
    assert not app.exception
    words = said(app)
    assert "**50\u00a0%**: 10 of 20 known have an assessment since 2019 on record." in words
    assert "**25\u00a0%**: 5 of 20 known have an assessment since 2019 on record." in words


@pytest.mark.usefixtures("at_made")
def test_refiners_of_unknown_kind_count_in_neither_share() -> None:
    app = opened("refiners")
    assert "2 refiners of unknown kind count in neither chart and are in the table." in said(app)
    rows = table(app, "share")
    last = rows[rows["year"] == "2023"].set_index("kind")
    assert last["known"].to_dict() == {"crude refiner": 20, "fine refiner": 20, "kind not reported": 2}
    assert last["share"].to_dict() == {
        "crude refiner": "25\u00a0%",
        "fine refiner": "50\u00a0%",
        "kind not reported": "not known",
    }


@pytest.mark.usefixtures("at_made")
def test_no_status_stands_without_what_it_does_not_say() -> None:
    app = opened("refiners", refiner="ref-made")
    for column in ("said", "after"):
        assert (table(app, column)["caveat"] == refiner_words.SHORT_CAVEAT).all()
    # Over the map, over the table, under the charts, on the card, and under the meanings.
    assert said(app).count(refiner_words.CAVEAT) == 5


def test_nor_does_one_on_the_map(made: Release) -> None:
    rows = refiners.known(made).to_dict("records")
    assert all(refiner_words.SHORT_CAVEAT in refiner_words.tip(row) for row in rows)


@pytest.mark.usefixtures("at_made")
def test_who_is_off_a_list_stays_in_sight(made: Release) -> None:
    app = opened("refiners")
    gone = table(app, "said").set_index("facility_key").loc["CID000039"]
    assert gone["said"] == "removed"
    assert gone["due"] == "none: off the list"
    assert gone["assessed_on"] == "not reported"
    assert table(app, "said").set_index("facility_key").loc["ref-made", "assessed_on"] == "2022-06-30"
    history = table(app, "after")
    last = history[history["name"] == "Refinery 39"]
    assert last["after"].tolist() == ["removed", "eligible"]
    assert last["before"].tolist() == ["eligible", "first on a list"]
    assert one(made, "CID000039")["list_id"] == "facilities-2023-01-15"


@pytest.mark.usefixtures("at_made")
def test_not_reported_is_a_status_of_its_own() -> None:
    app = opened("refiners", refiner_status="not_reported")
    assert table(app, "said")["name"].tolist() == ["Not on a List", "Refinery 40"]
    assert "not reported: **2**" in said(app)


def test_days_left_are_counted_from_the_day_of_the_release(made: Release) -> None:
    passed, reckoned, given = (one(made, key) for key in ("ref-made", "CID000001", "CID000002"))
    assert (passed["next_due_on"], passed["days_left"]) == (pd.Timestamp("2023-03-01"), -30)
    assert (reckoned["next_due_on"], reckoned["is_reckoned"]) == (pd.Timestamp("2025-06-30"), True)
    assert (given["days_left"], given["is_reckoned"]) == (822, False)
    assert pd.isna(one(made, "CID000015")["days_left"])
    assert refiner_words.left(-1) == "passed 1 day ago"
    assert refiner_words.due(reckoned.to_dict()) == "30 Jun 2025 (reckoned from the cycle)"


def test_a_refiner_of_ours_on_lists_is_one_refiner_with_its_history(made: Release) -> None:
    row = one(made, "ref-made")
    assert (row["name"], row["status"], row["told_by"]) == ("Our Name of It", "conformant", "list")
    assert row["company_word"] == "Conformant"
    found = refiners.changes(made)
    assert found[found["facility_key"] == "ref-made"]["status"].tolist() == ["conformant", "eligible"]
    assert refiners.assessments(made, "ref-made")["assessed_on"].tolist() == [pd.Timestamp("2022-06-30")]


def test_what_a_later_list_says_is_not_read(made: Release) -> None:
    early = Release(
        made.id, made.edition, made.audience, pd.Timestamp("2022-06-01").date(), made.path, made.manifest
    )
    row = refiners.known(early).set_index("facility_key").loc["CID000002"]
    assert row["list_id"] == "facilities-2022-01-15"
    assert pd.isna(row["assessed_on"])


@pytest.mark.usefixtures("at_made")
def test_filters_stand_in_the_address() -> None:
    app = opened(
        "refiners", refiner_kind="crude", refiner_country="COD", refiner_status=["conformant", "nonsense"]
    )
    assert not app.exception
    assert table(app, "said")["name"].tolist() == [f"Refinery {number}" for number in range(20, 25)]
    assert app.session_state["kept"]["refiner_status"] == ("conformant",)


@pytest.mark.usefixtures("at_made")
def test_a_link_chooses_a_refiner_and_one_to_nothing_says_so() -> None:
    words = said(opened("refiners", refiner="ref-made"))
    assert "**Our Name of It**" in words
    assert "passed 30 days ago" in words
    app = opened("refiners", refiner="ref-nowhere")
    assert any("not in this release" in warning.value for warning in app.warning)
    assert "refiner" not in app.session_state["kept"]


def test_a_click_on_the_map_chooses_and_one_on_anything_else_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state: dict[str, object] = {"kept": {}}
    monkeypatch.setattr(st, "session_state", state)
    refiner_cards.take_from_map("site:a")
    assert "refiner" not in state
    refiner_cards.take_from_map("refiner:a, fin")
    assert state["refiner"] == "a, fin"


@pytest.mark.usefixtures("at_open")
def test_without_a_list_statuses_are_as_companies_said_and_shares_are_not_known() -> None:
    app = opened("refiners")
    assert not app.exception
    words = said(app)
    assert "A status here is what a company or buyer reported, with its date: history, not today." in words
    assert "**32** known; how many were assessed is not known" in words
    assert "\u00a0%**" not in words
    assert "0 of" not in words
    rows = table(app, "said").set_index("facility_key")
    assert rows.loc["ref-kcc-luilu", "whose"] == "a company or buyer, 2021"
    assert rows.loc["ref-umicore-olen", "whose"] == "a company or buyer, 8 Mar 2024"
    assert rows.loc["ref-mutanda", ["said", "whose"]].tolist() == ["not reported", "nobody on record"]
    assert "No change is on record" in words


def test_a_bar_of_which_nobody_knows_the_assessed_part_has_no_assessed_part() -> None:
    years = pd.DataFrame(
        {
            "year": [2019, 2020],
            "known": [4, 4],
            "assessed": pd.array([pd.NA, 0], dtype="Int64"),
            "share": ["not known", "0 %"],
            "counts": ["?/4", "0/4"],
        }
    )
    chart = refiner_coverage.draw(years).to_dict()
    assessed, outlined = (chart["datasets"][chart["layer"][place]["data"]["name"]] for place in (1, 2))
    assert [row["year"] for row in assessed] == ["2020"]
    assert [row["year"] for row in outlined] == ["2019"]
    assert chart["layer"][2]["mark"]["strokeDash"]


def test_each_status_looks_different_and_what_nobody_reported_has_no_fill() -> None:
    looks = [tuple(sorted(layer._style(code).items())) for code in RMAP_STATUSES]
    assert len({str(look) for look in looks}) == len(RMAP_STATUSES)
    assert "dashArray" in layer._style("not_reported")
    assert {*refiner_words.MEANINGS} == {*RMAP_STATUSES}


def test_a_hostile_name_does_not_run_on_the_map() -> None:
    row = {
        "facility_key": "</script>x",
        "lon": 1.0,
        "lat": 2.0,
        "status": "active",
        "tip": "<img onerror=ran(1)>",
    }
    drawn = leaflet(layer.draw(pd.DataFrame([row])))
    assert "ran(1)" in drawn
    assert "<img" not in drawn
    assert "</script>x" not in drawn


def test_a_country_is_named_in_the_language_of_the_reader() -> None:
    assert [countries.name(code) for code in ("FIN", "COD", "XYZ", pd.NA)] == [
        "Finland",
        "DR Congo",
        "XYZ",
        "not reported",
    ]
    speak("fr")
    assert countries.name("FIN") == "Finlande"
