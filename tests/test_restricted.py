"""What is not public: said by the contracts, read from the files, held to what it belongs to."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipelines.checks.checking import Checked, check
from pipelines.checks.crosschecks import cross_check
from pipelines.matches.merging import merge_sites
from pipelines.sources import SOURCES
from risk.errors import UnreadableFile
from risk.vocabulary import CATEGORIES
from warehouse import contracts
from warehouse.inputs import SiteRecords
from warehouse.release import Release

# Tables with a row for what somebody told: the words in them came from outside.
TOLD = ("incidents", "site_records", "sites", "site_visits", "observations", "citations", "toll_claims")
# Their texts that no code list bounds and that are no words of a record: ids, codes, names of areas we draw.
OURS = {
    *("incident_id", "record_id", "site_id", "visit_id", "claim_id", "place_id", "site_record_id"),
    *("position_record_id", "workers_record_id", "table_name", "secondary_categories", "severity_reason"),
    # Only words of a list are taken, though the contract of the derived table does not say so.
    *("category_reported", "verification_reported", "place_precision_reported"),
    *("province_pcode", "province", "territory_pcode", "territory", "h3_r4", "h3_r5", "h3_r6", "h3_r7"),
    *("extent_concession_id", "nearest_zea_id"),
}


def shaped(name: str, *rows: dict[str, str], folder: Path, lacks: tuple[str, ...] = ()) -> Checked:
    known = dict.fromkeys(field.theirs for field in SOURCES[name].fields)
    names = [column for column in known if column not in lacks]
    frame = pd.DataFrame([{**dict.fromkeys(names, ""), **row} for row in rows])[names]
    frame.to_csv(folder / f"{name}.csv", index=False)
    return check(SOURCES[name], folder / f"{name}.csv")


def incident(incident_id: str, **more: str) -> dict[str, str]:
    return {
        "incident_id": incident_id,
        "summary": "A pit fell in",
        "category_reported": "pit_collapse",
        "record_kind": "event",
        "verification_reported": "single_source",
        "source_count": "1",
        "date_start": "2026-01-02",
        "date_end": "2026-01-02",
        "date_precision": "day",
        "place_precision_reported": "none",
        "position_is_proxy": "no",
        "children_reported": "no",
        "toll_reported": "no",
        **more,
    }


def site(record_id: str, **more: str) -> dict[str, str]:
    return {
        "record_id": record_id,
        "publisher": "P",
        "name": record_id,
        "kind": "unknown",
        "place_precision": "none",
        "position_is_proxy": "no",
        **more,
    }


def visit(visit_id: str, record_id: str, **more: str) -> dict[str, str]:
    known = {"visit_id": visit_id, "site_record_id": record_id, "visited_on": "2026-01-02", "visitor": "V"}
    return {**known, "is_on_site": "yes", "is_independent": "yes", **more}


def observation(visit_id: str, **more: str) -> dict[str, str]:
    return {"visit_id": visit_id, "category": "OSH", "severity": "2", "has_worst_form": "no", **more}


def by_table(*files: Checked, cited: tuple[str, ...] = ()) -> dict[str, Checked]:
    return {file.source.name: file for file in cross_check(files, cited_files=cited)}


@pytest.mark.parametrize("table", TOLD)
def test_every_text_from_outside_is_restricted_or_free_text(table: str) -> None:
    columns = contracts.TABLES[table].contract.to_schema().columns
    texts = {name for name, spec in columns.items() if str(spec.dtype).startswith("string")}
    assert texts
    unbounded = {name for name in texts if not columns[name].checks}
    marked = {*contracts.restricted_columns(table), *contracts.free_text_columns(table)}
    ours = OURS - {"verification_reported"} if table == "site_records" else OURS
    assert unbounded - marked - ours == set()


def test_what_staff_alone_know_is_restricted() -> None:
    staff_only = {"victims_age_band", "victims_sex", "embargo_until", "source_note"}
    assert set(contracts.restricted_columns("incidents")) == staff_only
    assert set(contracts.restricted_columns("rejected_row")) == {"value", "reason", "row_text"}
    assert contracts.restricted_columns("loads") == ("remarks",)


@pytest.mark.parametrize("table", contracts.TABLES)
def test_the_codebook_says_what_is_restricted(table: str) -> None:
    book = contracts.codebook(table).set_index("column")
    assert tuple(book.index[book["is_restricted"]]) == contracts.restricted_columns(table)
    assert tuple(book.index[book["is_free_text"]]) == contracts.free_text_columns(table)
    assert not (book["is_restricted"] & book["is_free_text"]).any()


def test_no_key_is_restricted() -> None:
    for name, promise in contracts.TABLES.items():
        if name != "rejected_row":
            assert not {*contracts.restricted_columns(name), *contracts.free_text_columns(name)} & {
                *promise.key
            }


def test_a_column_that_becomes_restricted_gives_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = contracts.contracts_digest()
    monkeypatch.setattr(contracts, "restricted_columns", lambda table: ("name",))
    assert contracts.contracts_digest() != before


OPTIONAL = ("public_record", "victims_age_band", "victims_sex", "embargo_until", "source_note")


def test_a_file_without_the_column_and_a_blank_cell_are_public(tmp_path: Path) -> None:
    found = shaped("incidents", incident("a"), folder=tmp_path, lacks=OPTIONAL)
    assert found.taken.loc[0, "is_public_record"]
    found = shaped(
        "incidents", incident("a"), incident("b", public_record="no"), incident("c", public_record="yes"),
        folder=tmp_path,
    )  # fmt: skip
    assert found.taken["is_public_record"].tolist() == [True, False, True]


def test_a_word_that_is_neither_yes_nor_no_makes_nothing_public(tmp_path: Path) -> None:
    found = shaped("incidents", incident("a", public_record="perhaps"), folder=tmp_path)
    assert found.taken.empty
    assert found.rejected.loc[0, "reason"] == "neither yes nor no; write yes or no"


@pytest.mark.parametrize("name", ["public_records", "is_public_record", "Public_Record"])
def test_a_misspelt_column_makes_nothing_public(tmp_path: Path, name: str) -> None:
    shaped("incidents", incident("a", public_record="no"), folder=tmp_path)
    path = tmp_path / "incidents.csv"
    path.write_text(path.read_text("utf-8").replace("public_record", name), "utf-8")
    with pytest.raises(UnreadableFile, match=f"column '{name}', which nobody reads.*name it public_record"):
        check(SOURCES["incidents"], path)


def test_victims_are_known_by_bands_only(tmp_path: Path) -> None:
    found = shaped(
        "incidents",
        incident("a", victims_age_band="child", victims_sex="female", source_note="health worker"),
        incident("b", victims_age_band="12"),
        incident("c", victims_sex="girl"),
        incident("d", embargo_until="soon"),
        folder=tmp_path,
    )
    assert found.taken["incident_id"].tolist() == ["a"]
    assert found.rejected["column_name"].tolist() == ["victims_age_band", "victims_sex", "embargo_until"]
    assert found.rejected.loc[0, "reason"] == "not one of child, adult, mixed"


@pytest.mark.parametrize(
    ("more", "sensitivity"),
    [
        ({}, "moderate"),
        ({"children_reported": "2"}, "high"),
        ({"victims_age_band": "adult"}, "high"),
        ({"victims_sex": "male", "children_reported": "yes"}, "high"),
        ({"category_reported": "child_labour_finding", "children_reported": "yes"}, "severe"),
        ({"category_reported": "military_deployment", "victims_sex": "male"}, "severe"),
    ],
)
def test_a_record_of_children_or_described_victims_is_one_step_more_sensitive(
    tmp_path: Path, more: dict[str, str], sensitivity: str
) -> None:
    found = shaped("incidents", incident("a", **more), folder=tmp_path)
    assert found.taken.loc[0, "sensitivity"] == sensitivity


def test_no_record_is_less_sensitive_than_its_category(open_release: Release) -> None:
    rows = open_release.query("SELECT sensitivity, category FROM incidents")
    steps = ["low", "moderate", "high", "severe"]
    least = [steps.index(CATEGORIES[code].sensitivity) for code in rows["category"]]
    assert all(steps.index(one) >= low for one, low in zip(rows["sensitivity"], least, strict=True))


def test_a_public_record_needs_a_source_and_a_restricted_one_does_not(tmp_path: Path) -> None:
    files = (
        shaped("incidents", incident("a"), incident("b", public_record="no"), folder=tmp_path),
        shaped("sites", site("c"), site("d", public_record="no"), folder=tmp_path),
    )
    found = by_table(*files)
    assert found["incidents"].taken["incident_id"].tolist() == ["b"]
    assert found["sites"].taken["record_id"].tolist() == ["d"]
    assert found["incidents"].rejected.loc[0, "reason"] == (
        "a record without a source; add a row for it to citations (table_name incidents), "
        "or write no in public_record where none was published"
    )


def test_a_restricted_record_may_have_a_source_that_was_never_printed(tmp_path: Path) -> None:
    source = {
        "table_name": "incidents",
        "record_id": "a",
        "rank": "1",
        "about": "record",
        "title": "Unpublished",
    }
    files = (
        shaped("incidents", incident("a", public_record="no"), folder=tmp_path),
        shaped("citations", {**source, "publisher": "A network"}, folder=tmp_path),
    )
    found = by_table(*files)
    assert len(found["incidents"].taken) == len(found["citations"].taken) == 1


def test_what_a_visit_that_is_not_public_saw_is_not_public(tmp_path: Path) -> None:
    files = (
        shaped("sites", site("a"), site("b", public_record="no"), folder=tmp_path),
        shaped(
            "site_visits", visit("v1", "a"), visit("v2", "a", public_record="no"), visit("v3", "b"),
            folder=tmp_path,
        ),
        shaped(
            "observations", observation("v1"), observation("v2"), observation("v3"),
            folder=tmp_path, lacks=("public_record",),
        ),
    )  # fmt: skip
    found = by_table(*files, cited=("sites.csv", "site_visits.csv", "observations.csv"))
    assert found["site_visits"].taken["is_public_record"].tolist() == [True, False, False]
    assert found["observations"].taken["is_public_record"].tolist() == [True, False, False]
    assert found["site_visits"].remarks == "1 taken as not public, as their record in site_records is"
    assert found["observations"].remarks == "2 taken as not public, as their record in site_visits is"


def test_a_site_is_public_if_one_of_its_records_is() -> None:
    row = {
        "publisher": "P",
        "name": "Kasulo",
        "kind": "unknown",
        "place_precision": "site",
        "lon": 25.4,
        "lat": -10.7,
    }
    rows = [
        {**row, "record_id": name, "position_is_proxy": False, "is_public_record": is_public, **more}
        for name, is_public, more in (
            ("site-a", False, {}),
            ("ipis-b", True, {}),
            ("site-c", False, {"name": "Far Pit", "lat": -9.0}),
        )
    ]
    columns = list(SiteRecords.to_schema().columns)
    records = SiteRecords.validate(pd.DataFrame(rows).reindex(columns=columns))
    site_of = pd.Series(["site-a", "site-a", "site-c"], index=records["record_id"])
    sites = merge_sites(records, site_of)
    assert dict(zip(sites["site_id"], sites["is_public_record"], strict=True)) == {
        "site-a": True,
        "site-c": False,
    }


def test_every_record_of_the_open_edition_is_public_and_cited(open_release: Release) -> None:
    for table, key in (
        ("incidents", "incident_id"),
        ("site_records", "record_id"),
        ("site_visits", "visit_id"),
    ):
        rows = open_release.query(f"SELECT * FROM {table}")
        assert len(rows) > 0
        assert rows["is_public_record"].all()
        cited = open_release.query(
            "SELECT record_id FROM citations WHERE table_name = $t AND about = 'record'", {"t": table}
        )
        # A visit that a publisher's record speaks of is cited with that record.
        ids = rows[key] if table != "site_visits" else rows[~rows[key].str.startswith("visit-")][key]
        assert set(ids) <= set(cited["record_id"])
    assert open_release.query("SELECT is_public_record FROM sites")["is_public_record"].all()
    assert open_release.query("SELECT is_public_record FROM observations")["is_public_record"].all()


def test_the_open_edition_knows_nothing_that_is_for_staff_alone(open_release: Release) -> None:
    hidden = list(contracts.restricted_columns("incidents"))
    assert open_release.query("SELECT * FROM incidents")[hidden].isna().all(axis=None)
