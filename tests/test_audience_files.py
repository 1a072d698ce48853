"""Each audience's file holds what is its own: public rows, figures measured from them, disclosed counts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from frame import provenance
from pipelines.build import build, check_edition, files_of
from pipelines.disclosing.assigning import disclosable
from pipelines.disclosing.audiences import DISCLOSED, Series, quarters
from pipelines.disclosing.keys import KEY_FILE, record_key
from pipelines.disclosing.public_rows import first_restricted, public_only
from pipelines.edition import load_edition
from pipelines.training.making import prepare
from risk.errors import InputError, ReleaseError
from risk.texts import speak
from risk.vocabulary import Audience, Edition
from warehouse.audiences import AUDIENCES
from warehouse.contracts import TABLES, restricted_columns

BELOW = [one for one in Audience if one is not Audience.STAFF]
Files = dict[Audience, dict[str, pd.DataFrame]]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("training") / "training"
    prepare(folder, size=0.3)
    spec = load_edition(folder)
    return files_of(spec, check_edition(spec), spec.as_of, Series(None, None, b"k" * 32))


def test_below_staff_every_record_is_public(files: Files) -> None:
    public = {
        name: set(frame.loc[frame["is_public_record"].astype(bool), TABLES[name].key[0]])
        for name, frame in files[Audience.STAFF].items()
        if name in ("incidents", "site_records", "site_visits")
    }
    for audience in BELOW:
        for name, ids in public.items():
            assert ids
            assert set(files[audience][name][TABLES[name].key[0]]) == ids
            assert len(files[audience][name]) < len(files[Audience.STAFF][name])


def test_what_hangs_on_a_restricted_record_goes_with_it(files: Files) -> None:
    shown, all_of_it = files[Audience.PUBLIC], files[Audience.STAFF]
    assert set(shown["observations"]["visit_id"]) <= set(shown["site_visits"]["visit_id"])
    assert set(shown["toll_claims"]["incident_id"]) <= set(shown["incidents"]["incident_id"])
    cited = shown["citations"]
    for table, key in (("incidents", "incident_id"), ("site_records", "record_id")):
        named = set(cited.loc[cited["table_name"] == table, "record_id"])
        assert named <= set(shown[table][key])
        gone = set(all_of_it[table][key]) - set(shown[table][key])
        assert gone
        assert not gone & named
    assert set(shown["incidents"]["site_record_id"].dropna()) <= set(shown["site_records"]["record_id"])
    assert set(shown["places"]["place_id"]) <= set(shown["incidents"]["place_id"].dropna())


def test_tables_of_one_audience_are_empty_in_the_files_of_others(files: Files) -> None:
    for name, mine in AUDIENCES.items():
        for audience in Audience:
            assert name in files[audience]
            if audience not in mine:
                assert files[audience][name].empty, (audience, name)
    assert len(files[Audience.STAFF]["disclosure_assignments"])
    assert len(files[Audience.RESEARCHER]["research_records"])
    assert all(len(files[Audience.PUBLIC][name]) for name in DISCLOSED)


def test_restricted_columns_are_blank_below_staff(files: Files) -> None:
    is_there = False
    for name in TABLES:
        for column in restricted_columns(name):
            staff = files[Audience.STAFF].get(name)
            is_there |= staff is not None and bool(staff[column].notna().any())
            for audience in BELOW:
                assert files[audience][name][column].isna().all(), (name, column)
    assert is_there


def test_the_report_accounts_for_every_record(files: Files) -> None:
    report = files[Audience.STAFF]["release_report"]
    for audience in BELOW:
        rows = report[report["audience"] == audience.value].set_index(["table_name", "outcome"])["row_count"]
        assert rows["incidents", "rows_in"] == rows["incidents", "shown"] + rows["incidents", "left_out"]
        ladder = ["territory_quarter_category", "territory_year_category", "territory_year", "province_year"]
        coded = sum(rows["disclosed_counts", name] for name in [*ladder, "year", "all", "waiting"])
        whole = rows["disclosed_counts", "as_published"] + rows["disclosed_counts", "embargoed"] + coded
        assert rows["disclosed_counts", "rows_in"] == whole
    assert not report.duplicated(["audience", "table_name", "outcome"]).any()


def test_an_edition_of_public_records_gives_all_the_same_rows() -> None:
    spec = load_edition(Path(__file__).resolve().parent.parent / "data" / "open")
    checked = check_edition(spec)
    assert first_restricted(checked, spec.as_of) is None
    for before, after in zip(checked, public_only(checked, spec.as_of), strict=True):
        rows = before.taken
        if before.table == "citations":
            # Those of places that no record names go with them.
            named = rows["table_name"].ne("places") | rows["record_id"].isin(after.taken["record_id"])
            rows = rows[named].reset_index(drop=True)
        if before.table != "places":
            pd.testing.assert_frame_equal(rows, after.taken)


def test_a_quarter_is_shown_once_its_last_day_is_past_the_embargo() -> None:
    over = date(2026, 9, 30) + timedelta(days=30)
    assert quarters(over)[-1] == "2026Q3"
    assert quarters(over - timedelta(days=1))[-1] == "2026Q2"
    assert len(quarters(over)) == 20


def test_the_key_of_an_edition_stays_and_is_its_operator_s_alone(tmp_path: Path) -> None:
    key = record_key(Edition.OPEN, tmp_path)
    assert record_key(Edition.OPEN, tmp_path) == key
    assert len(key) == 32
    path = tmp_path / KEY_FILE
    assert path.stat().st_mode & 0o077 == 0
    (tmp_path / "other").mkdir()
    assert record_key(Edition.OPEN, tmp_path / "other") != key
    assert record_key(Edition.TRAINING, tmp_path) == record_key(Edition.TRAINING, tmp_path / "other")
    path.write_bytes(key[:10])
    with pytest.raises(ReleaseError, match="put it back from a copy"):
        record_key(Edition.OPEN, tmp_path)


def test_without_the_staff_s_file_before_nothing_is_told_anew(tmp_path: Path) -> None:
    folder = tmp_path / "training"
    prepare(folder, size=0.05)
    text = (folder / "edition.toml").read_text("utf-8")
    (folder / "edition.toml").write_text(text.replace('"training"', '"open"', 1), "utf-8")
    spec = load_edition(folder)
    checked = check_edition(spec)
    with pytest.raises(ReleaseError, match="put that release, and the file current"):
        files_of(spec, checked, spec.as_of, Series(None, None, b"k" * 32, is_lost=True))


def test_where_current_is_lost_what_was_told_is_not_told_anew(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    prepare(folder, size=0.05)
    text = (folder / "edition.toml").read_text("utf-8")
    (folder / "edition.toml").write_text(text.replace('"training"', '"open"', 1), "utf-8")
    first = build(folder, tmp_path / "releases", as_of=date(2026, 6, 30))
    (tmp_path / "releases" / "open" / "current").unlink()
    with pytest.raises(ReleaseError, match="put that release, and the file current"):
        build(folder, tmp_path / "releases", as_of=date(2026, 9, 30))
    (tmp_path / "releases" / "open" / "current").write_text(f"{first.release_id}\n", "utf-8")
    assert build(folder, tmp_path / "releases", as_of=date(2026, 9, 30)).release_id != first.release_id


def test_an_edition_that_promises_public_records_alone_takes_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "training"
    prepare(folder, size=0.05)
    text = (folder / "edition.toml").read_text("utf-8")
    (folder / "edition.toml").write_text("only_public = true\n" + text, "utf-8")
    spec = load_edition(folder)
    with pytest.raises(InputError, match=r"\.csv, line \d+: the record is not public, or"):
        files_of(spec, check_edition(spec), spec.as_of, Series(None, None, b"k" * 32))


def test_below_staff_no_hash_of_a_whole_file_lets_a_guess_be_tried(files: Files) -> None:
    assert files[Audience.STAFF]["origins"]["sha256"].notna().all()
    for audience in BELOW:
        assert files[audience]["origins"]["sha256"].isna().all()


def test_where_the_day_is_vague_the_embargo_runs_from_the_last_that_may_be() -> None:
    as_of = date(2026, 9, 30)
    events = pd.DataFrame(
        {
            "event_id": ["evt-day", "evt-vague", "evt-own"],
            "category": "OSH",
            "categories": "OSH",
            "severity": 2,
            "verification": "verified",
            "date_start": pd.to_datetime(["2026-07-01", "2026-01-01", "2026-01-01"]),
            "date_end": pd.to_datetime(["2026-07-01", "2026-09-15", "2026-01-01"]),
            "lon": 26.0,
            "lat": -10.7,
            "territory_pcode": "CD7201",
            "province_pcode": "CD72",
            "site_id": "site-a",
            "source_groups": "A; B",
        }
    )
    incidents = pd.DataFrame(
        {
            "incident_id": ["day", "vague", "own"],
            "is_public_record": [False, False, True],
            "has_children": False,
            "victims_age_band": None,
            "victims_sex": None,
            "embargo_until": pd.to_datetime([None, None, "2027-01-01"]),
            "lon": 26.0,
            "lat": -10.7,
            "h3_r5": "85bd404ffffffff",
        }
    )
    records = pd.DataFrame({"incident_id": incidents["incident_id"], "event_id": events["event_id"]})
    found = disclosable(events, records, incidents, as_of).set_index("event_id")
    assert found.loc["evt-day", "last_day"] == pd.Timestamp("2026-07-01")
    assert found.loc["evt-vague", "last_day"] == pd.Timestamp("2026-09-15")
    assert found.loc["evt-vague", "happened_on"] == pd.Timestamp("2026-05-09")
    # Not public before its day, and without a day until then.
    assert pd.isna(found.loc["evt-own", "last_day"])
    assert not found.loc["evt-own", "is_public_record"]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([1, 2], "3 rows were set aside. Staff see them."),
        ([0, 1], "1 row was set aside. Staff see it."),
        ([0, 0], "Every row of every file kept its contract."),
    ],
)
def test_below_staff_the_page_says_how_many_rows_were_set_aside(
    monkeypatch: pytest.MonkeyPatch, files: Files, counts: list[int], words: str
) -> None:
    said: list[str] = []
    rejected = files[Audience.PUBLIC]["rejected_row"]
    monkeypatch.setattr(provenance.records, "whole_table", lambda *_: rejected)
    monkeypatch.setattr(provenance.records, "origins", lambda *_: pd.DataFrame({"rows_rejected": counts}))
    monkeypatch.setattr(provenance.st, "markdown", said.append)
    speak("en")
    provenance.rejected(SimpleNamespace(release=None))
    assert said == [words]
