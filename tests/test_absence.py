"""What is not known never looks like safety: each source fails, holds no row, or loses half of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from frame import absences
from frame.front import FRONT, PAGES
from pipelines.build import build
from pipelines.measures import measured
from pipelines.measuring.moment import Moment
from pipelines.training.making import prepare
from risk.errors import UnreadableFile
from risk.texts import speak, translate
from risk.vocabulary import BANDS, UNIT_CLASSES, Edition
from tests.conftest import OPEN_EDITION
from tests.made_edition import FILES, write_edition
from tests.made_mutations import (
    Sound,
    cells_of,
    drawn_by,
    emptied,
    found_by,
    halved,
    is_zero,
    mutated,
    texts_of,
    unreadable,
)
from warehouse.absences import incomplete
from warehouse.release import close_all, current_release_id, open_release
from warehouse.settings import ROOT

# Counts of which none is ever zero: where nothing was counted, a word says why.
COUNTS = re.compile(r"^(events|all_events|visits|sources|sites_visited|\w+_count)$")
# That a site placed exactly lies on no title is known where there is a cadastre.
KNOWN = ("concession_count",)
# Files by stem of the training edition whose loss changes what is measured.
ALONE = ("incidents", "citations", "sites", "site_visits", "observations", "territories")
TOGETHER = ("provinces", "concessions", "facilities", "places", "toll_claims")
COMFORT = re.compile(
    r"\b(is|are|was|were) safe\b|\blow risk\b|(?<!no guarantee that there is )\bno risk\b|nothing happened",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """A small training edition: it has hotspots, cells without an excess, and low scores."""
    folder = tmp_path_factory.mktemp("sound") / "training"
    prepare(folder, size=0.3, seed=2)
    return Sound.of(folder)


@pytest.fixture(scope="module")
def moment(sound: Sound) -> Moment:
    return Moment(sound.spec.as_of)


@pytest.fixture(scope="module")
def whole(sound: Sound, moment: Moment, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is measured of the edition as it is, with what measures hand on to each other."""
    rows = sound.rows(tmp_path_factory.mktemp("whole"))
    return found_by(rows, moment, "risk_measures", "site_scores", "area_scores")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    st.cache_data.clear()
    speak("en")


def no_false_comfort(found: dict[str, pd.DataFrame]) -> None:
    """Hold measured tables to this: no count is 0, and each count that is missing has its reason."""
    for name, frame in found.items():
        for column in filter(COUNTS.match, frame.columns):
            if (name, column) not in {("hotspots", "site_count"), ("hotspots", "source_count")}:
                assert not (frame[column] == 0).any(), (name, column)
    for name in ("risk_measures", "coverage", "theme_tests"):
        events = found[name]["event_count" if name == "theme_tests" else "events"]
        assert (found[name]["absence"].notna() == events.isna()).all(), name
    assert (found["site_scores"]["absence"].notna() == found["site_scores"]["score"].isna()).all()
    assert (found["area_scores"]["absence"].notna() == found["area_scores"]["mean_score"].isna()).all()


def test_the_edition_as_it_is_has_what_a_loss_could_turn_into_comfort(whole: dict[str, Any]) -> None:
    assert {"no_excess", "reported"} <= {*whole["risk_measures"]["unit_class"].dropna()}
    assert {"low", "high"} <= {*whole["site_scores"]["band"]}
    assert set(whole["coverage"]["absence"].dropna()) >= {"none_found", "not_visited", "not_reported"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small made edition and its one release."""
    folder = tmp_path_factory.mktemp("made")
    build(write_edition(folder / "edition"), folder / "releases")
    return folder


@pytest.mark.parametrize("name", [*FILES])
def test_a_file_that_cannot_be_read_stops_the_build_and_the_old_release_stands(
    made: Path, tmp_path: Path, name: str
) -> None:
    releases = made / "releases"
    before = current_release_id(Edition.OPEN, releases)
    stood = sorted(path.name for path in (releases / "open").iterdir())
    edition = mutated(made / "edition", tmp_path / "edition", {name: unreadable})
    with pytest.raises(UnreadableFile, match=re.escape(f"{name}.csv")):
        build(edition, releases)
    assert current_release_id(Edition.OPEN, releases) == before
    assert sorted(path.name for path in (releases / "open").iterdir()) == stood
    assert open_release(Edition.OPEN, releases_dir=releases).id == before
    close_all()


@pytest.mark.parametrize("name", ["incidents", "site_matches"])
def test_nor_does_an_unreadable_file_of_the_open_edition_give_any_number(tmp_path: Path, name: str) -> None:
    edition = mutated(OPEN_EDITION, tmp_path / "open", {name: unreadable})
    with pytest.raises(UnreadableFile, match=re.escape(f"{name}.csv")):
        build(edition, tmp_path / "releases")
    assert not list((tmp_path / "releases").rglob("*.duckdb"))


@pytest.mark.parametrize("mutate", [emptied, halved])
@pytest.mark.parametrize("name", ALONE)
def test_a_source_that_lost_rows_gives_no_comfort(
    sound: Sound, moment: Moment, tmp_path: Path, name: str, mutate: Any
) -> None:
    rows = sound.rows(tmp_path, **{name: mutate})
    no_false_comfort(found := measured(rows, moment))
    if name in ("incidents", "citations", "sites"):
        assert not (found["risk_measures"]["unit_class"] == "no_excess").any()
    if name != "territories":
        assert not (found["site_scores"]["band"] == "low").any()
        assert not (found["area_scores"]["band"] == "low").any()
    if mutate is emptied:
        states_of_an_empty_source(name, found)
        # Restricted records need no source: without citations only the public ones are lost.
        assert name != "citations" or not rows["incidents"]["is_public_record"].any()


def states_of_an_empty_source(name: str, found: dict[str, pd.DataFrame]) -> None:
    """Hold the absence states to what can be known without the source at all."""
    coverage, measures = found["coverage"], found["risk_measures"]
    if name == "incidents":
        assert set(measures["absence"]) == set(coverage["absence"]) == {"failed_to_load"}
        assert found["hotspots"].empty
        assert found["events"].empty
    if name == "sites":
        assert found["site_scores"].empty
        assert found["hotspots"].empty
        assert "not_visited" not in set(coverage["absence"])
    if name in ("site_visits", "observations"):
        assert "none_found" not in {*coverage["absence"], *measures["absence"]}
    if name == "territories":
        assert "territory" not in set(measures["grain"])


@pytest.mark.parametrize("mutate", [emptied, halved])
def test_nor_do_the_sources_that_only_stand_beside(
    sound: Sound, moment: Moment, tmp_path: Path, mutate: Any
) -> None:
    rows = sound.rows(tmp_path, **dict.fromkeys(TOGETHER, mutate))
    no_false_comfort(measured(rows, moment))
    if mutate is emptied:
        assert rows["sites"]["concession_count"].isna().all()
        assert rows["sites"]["nearest_zea_distance_m"].isna().all()


@pytest.mark.parametrize("name", ["incidents"])
def test_the_open_edition_with_half_of_its_records_says_no_more_than_before(
    tmp_path: Path, open_release: Any, name: str
) -> None:
    edition = mutated(OPEN_EDITION, tmp_path / "open", {name: halved})
    releases = tmp_path / "releases"
    build(edition, releases, as_of=date(2026, 11, 1))
    release = open_release_of(releases)
    tables = ("risk_measures", "coverage", "theme_tests", "site_scores", "area_scores", "hotspots")
    found = {table: release.query(f"SELECT * FROM {table}") for table in tables}
    no_false_comfort(found)
    assert not (found["risk_measures"]["unit_class"] == "no_excess").any()
    whole_rows = open_release.query("SELECT count(*) AS n FROM incidents").loc[0, "n"]
    assert release.query("SELECT count(*) AS n FROM incidents").loc[0, "n"] < whole_rows
    state = incomplete(release, [name]).to_dict("records")
    assert [(row["state"], row["file"]) for row in state] == [("partial", f"{name}.csv")]
    close_all()


def open_release_of(releases: Path, edition: Edition = Edition.OPEN) -> Any:
    return open_release(edition, releases_dir=releases)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    share=some.floats(0.06, 0.95),
    seed=some.integers(0, 2**16),
    name=some.sampled_from(["incidents", "sites"]),
)
def test_no_loss_of_reports_or_sites_turns_a_class_into_no_excess(
    whole: dict[str, Any], moment: Moment, share: float, seed: int, name: str
) -> None:
    after = found_by(lost(whole, name, share, seed), moment, "found_units")["found_units"]
    assert not (after["unit_class"] == "no_excess").any()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    share=some.floats(0.06, 0.95),
    seed=some.integers(0, 2**16),
    name=some.sampled_from(["observations", "site_visits"]),
)
def test_no_loss_of_what_visits_saw_turns_a_score_into_low(
    whole: dict[str, Any], moment: Moment, share: float, seed: int, name: str
) -> None:
    after = found_by(lost(whole, name, share, seed), moment, "site_scores")["site_scores"]
    assert not (after["band"] == "low").any()


def lost(whole: dict[str, Any], name: str, share: float, seed: int) -> dict[str, Any]:
    """Return the tables of `whole` without a share of the rows of one, which `loads` tells of."""
    table = "site_records" if name == "sites" else name
    rows = whole[name]
    count = int(np.ceil(share * len(rows)))
    gone = np.random.default_rng(seed).choice(len(rows), count, replace=False)
    loads = whole["loads"].copy()
    of_table = loads["table_name"] == table
    loads.loc[of_table, "rows_rejected"] = np.ceil(share * loads.loc[of_table, "rows_in"]).astype(int)
    return whole | {name: rows.drop(rows.index[gone]), "loads": loads}


def test_a_few_rows_set_aside_take_nothing_away(whole: dict[str, Any], moment: Moment) -> None:
    loads = whole["loads"].assign(rows_rejected=(whole["loads"]["rows_in"] * 0.04).astype(int))
    after = found_by(whole | {"loads": loads}, moment, "found_units")["found_units"]
    pd.testing.assert_series_equal(after["unit_class"], whole["found_units"]["unit_class"])


@pytest.fixture(scope="module")
def halved_releases(sound: Sound, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the training edition in which every source of the scores lost half of its rows."""
    folder = tmp_path_factory.mktemp("halved")
    files = ("incidents", "sites", "site_visits", "observations")
    build(mutated(sound.folder, folder / "training", dict.fromkeys(files, halved)), folder / "releases")
    return folder / "releases"


@pytest.fixture(scope="module")
def emptied_releases(sound: Sound, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the training edition without reports, visits and cadastre: their files hold a header."""
    folder = tmp_path_factory.mktemp("emptied")
    files = ("incidents", "site_visits", "observations", "concessions")
    build(mutated(sound.folder, folder / "training", dict.fromkeys(files, emptied)), folder / "releases")
    return folder / "releases"


def opened(name: str, releases: Path, monkeypatch: pytest.MonkeyPatch, language: str = "en") -> AppTest:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(releases))
    monkeypatch.setenv("COBALT_EDITION", "training")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["edition"] = "training"
    app.query_params["lang"] = language
    app.run()
    app = app if name == FRONT else app.switch_page(f"pages/{name}.py").run()
    assert not app.exception
    return app


def comforts(app: AppTest) -> list[Any]:
    """Return what a page says, draws or lets download that would comfort without knowledge."""
    comforting = {translate(BANDS["low"]), translate(UNIT_CLASSES["no_excess"])}
    found: list[Any] = [text for text in texts_of(app) if COMFORT.search(text)]
    found += [cell for cell in cells_of(app) if isinstance(cell[1], str) and cell[1] in comforting]
    counts = [*cells_of(app), *drawn_by(app)]
    return found + [one for one in counts if COUNTS.match(one[0]) and is_zero(one[1]) and one[0] not in KNOWN]


@pytest.mark.parametrize("name", PAGES)
def test_each_page_says_that_half_of_its_sources_was_set_aside(
    halved_releases: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    app = opened(name, halved_releases, monkeypatch)
    used = absences.USED[PAGES[name]]
    said = "\n".join(warning.value for warning in app.warning)
    for table in {"incidents", "site_records", "site_visits", "observations"} & {*used}:
        line = (
            re.escape(absences.NAMES[table])
            + r": \d+ of \d+ rows were set aside: what is shown is incomplete"
        )
        assert re.search(line, said.replace(",", "")), table
    assert comforts(app) == []


@pytest.mark.parametrize("name", PAGES)
def test_each_page_says_that_a_source_is_empty(
    emptied_releases: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    app = opened(name, emptied_releases, monkeypatch)
    said = "\n".join(warning.value for warning in app.warning)
    for table in {"incidents", "site_visits", "observations", "concessions"} & {*absences.USED[PAGES[name]]}:
        assert f"{absences.NAMES[table]}: the file is empty" in said, table
    assert comforts(app) == []


def test_the_words_are_there_in_french_too(halved_releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(FRONT, halved_releases, monkeypatch, language="fr")
    said = "\n".join(warning.value for warning in app.warning)
    assert "lignes écartées\u00a0: ce qui est montré est incomplet" in said
    assert "rows were set aside" not in said
