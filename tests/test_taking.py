"""One export after the other is taken into the folder of an edition; what stands there is not spoilt."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipelines.checks.checking import check
from pipelines.forms.taking import REJECTED_FILE, TakenIn, take_in, taken_text
from pipelines.sources import SOURCES
from risk.errors import ConfigError, UnreadableFile
from tests.made_framework import framework
from tests.made_submissions import PERSONAL, UUID, api, kobo, write_csv, write_json

TABLES = ("assessments", "findings", "improvement_actions")


def take(folder: Path, *paths: Path, is_whole: bool = False) -> TakenIn:
    return take_in(paths, *framework(), folder, is_whole=is_whole)


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", dtype="str", keep_default_na=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def changed(taken: TakenIn, name: str) -> tuple[int, int, int, int]:
    change = taken.changes[name]
    return change.added, change.changed, change.unchanged, change.removed


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_json(tmp_path / "made.json", api())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "edition").mkdir()
    return tmp_path / "edition"


def test_what_was_taken_in_keeps_the_contracts(export: Path, folder: Path) -> None:
    taken = take(folder, export)
    assert [changed(taken, name) for name in TABLES] == [(1, 0, 0, 0), (7, 0, 0, 0), (2, 0, 0, 0)]
    for name in TABLES:
        found = check(SOURCES[name], folder / f"{name}.csv")
        assert found.rows_rejected == 0, found.rejected.to_string()
        assert len(found.taken) == taken.changes[name].added
    assert table(folder, "assessments")["public_record"].tolist() == ["no"]
    text = "".join(content.decode() for content in contents(folder).values())
    assert not [secret for secret in PERSONAL.values() if secret in text]


def test_taking_the_same_in_again_changes_nothing(export: Path, folder: Path) -> None:
    take(folder, export)
    before = contents(folder)
    taken = take(folder, export)
    assert contents(folder) == before
    assert [changed(taken, name) for name in TABLES] == [(0, 0, 1, 0), (0, 0, 7, 0), (0, 0, 2, 0)]


def test_an_edit_changes_its_rows_and_keeps_what_the_operator_wrote(
    export: Path, folder: Path, tmp_path: Path
) -> None:
    take(folder, export)
    rows = table(folder, "assessments").assign(public_record="yes", expires_on="2027-05-03", mine="x")
    rows.to_csv(folder / "assessments.csv", index=False)
    edited = api(_uuid="second", **{"meta/deprecatedID": f"uuid:{UUID}", "GOV/place/GOV_01": "partial"})
    del edited["WR/hours/WR_02"], edited["WR/hours/WR_02_value"]
    taken = take(folder, write_json(tmp_path / "later.json", edited))
    assert [changed(taken, name) for name in TABLES] == [(0, 1, 0, 0), (0, 1, 5, 1), (0, 1, 1, 0)]
    one = table(folder, "assessments").iloc[0]
    assert one[["assessment_id", "submission_id"]].tolist() == [f"asm-{UUID}", "second"]
    assert one[["public_record", "expires_on", "mine"]].tolist() == ["yes", "2027-05-03", "x"]
    findings = table(folder, "findings").set_index("criterion_id")
    assert findings.loc["GOV-01", "result"] == "partial"
    assert "WR-02" not in findings.index
    # A later edit names the one before it alone.
    third = api(_uuid="third", **{"meta/deprecatedID": "uuid:second"})
    take(folder, write_json(tmp_path / "last.json", third))
    assert table(folder, "assessments")["assessment_id"].tolist() == [f"asm-{UUID}"]
    assert table(folder, "findings")["finding_id"].str.startswith(f"asm-{UUID}-").all()
    assert len(table(folder, "improvement_actions")) == 2


def test_an_action_under_way_is_not_changed_or_removed(export: Path, folder: Path, tmp_path: Path) -> None:
    take(folder, export)
    rows = table(folder, "improvement_actions")
    rows.loc[0, ["status", "progress_pct"]] = ["in_progress", "40"]
    rows.to_csv(folder / "improvement_actions.csv", index=False)
    edited = api()
    edited["actions"][0]["actions/action_title"] = "Another title"
    taken = take(folder, write_json(tmp_path / "later.json", edited))
    assert table(folder, "improvement_actions").equals(rows)
    assert f"act-{UUID}-1: title_en differ in the form, but it is in_progress here; it stays" in taken.remarks
    taken = take(folder, write_json(tmp_path / "later.json", api(actions=[])))
    assert table(folder, "improvement_actions")["action_id"].tolist() == [f"act-{UUID}-1"]
    assert f"act-{UUID}-1: no longer in the form, but in_progress here; it stays" in taken.remarks


def test_a_deleted_submission_goes_with_what_belongs_to_it(
    export: Path, folder: Path, tmp_path: Path
) -> None:
    take(folder, export, write_csv(tmp_path / "b.csv", kobo(_uuid="stays", _id="7", site_record_id="site-b")))
    taken = take(folder, write_csv(tmp_path / "c.csv", kobo(_status="deleted")))
    assert table(folder, "assessments")["assessment_id"].tolist() == ["asm-stays"]
    assert set(table(folder, "findings")["assessment_id"]) == {"asm-stays"}
    assert table(folder, "improvement_actions").empty
    assert [changed(taken, name)[3] for name in TABLES] == [1, 7, 2]


def test_what_a_later_export_lacks_stays_unless_it_is_whole(
    export: Path, folder: Path, tmp_path: Path
) -> None:
    take(folder, export)
    other = write_csv(tmp_path / "b.csv", kobo(_uuid="b", _id="7", site_record_id="site-b"))
    taken = take(folder, other)
    assert any(
        remark.startswith("1 assessments taken before are not in these files") for remark in taken.remarks
    )
    assert len(table(folder, "assessments")) == 2
    take(folder, other, is_whole=True)
    assert table(folder, "assessments")["assessment_id"].tolist() == ["asm-b"]


def test_a_submission_set_aside_leaves_what_stood_before(export: Path, folder: Path, tmp_path: Path) -> None:
    take(folder, export)
    before = contents(folder)
    taken = take(
        folder, write_json(tmp_path / "bad.json", api(**{"assessment/assessed_on": "soon"})), is_whole=True
    )
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    assert len(taken.rejected) == 1
    told = pd.read_csv(folder / REJECTED_FILE)
    assert told.loc[0, ["file", "line", "column_name", "value"]].tolist() == [
        *("bad.json", 1, "assessment/assessed_on", "soon"),
    ]
    take(folder, export)
    assert not (folder / REJECTED_FILE).exists()


def test_the_operator_s_own_rows_stay(export: Path, folder: Path) -> None:
    columns = list(check(SOURCES["findings"], _own(folder, "findings")).taken.columns)
    assert columns[0] == "finding_id"
    _own(folder, "assessments")
    take(folder, export)
    assert table(folder, "assessments")["assessment_id"].tolist() == ["a-1", f"asm-{UUID}"]
    assert table(folder, "findings")["finding_id"].tolist()[0] == "f-1"
    take(folder, export, is_whole=True)
    assert table(folder, "assessments")["assessment_id"].tolist() == ["a-1", f"asm-{UUID}"]


def _own(folder: Path, name: str) -> Path:
    rows = {
        "assessments": "assessment_id;site_record_id;framework_id;kind;assessed_on;expires_on;assessor_kind;"
        "submission_id;note\na-1;site-b;made@2026.1;initial;2026-01-01;;programme;;\n",
        "findings": "finding_id;assessment_id;criterion_id;result;measured_value;note\nf-1;a-1;GOV-01;met;;\n",
    }
    path = folder / f"{name}.csv"
    path.write_text(rows[name], "utf-8-sig")
    return path


def test_a_table_that_is_broken_is_left_as_it_is(export: Path, folder: Path) -> None:
    path = _own(folder, "findings")
    path.write_text(path.read_text("utf-8") + "f-2;a-1\n", "utf-8")
    before = contents(folder)
    with pytest.raises(UnreadableFile, match=r"findings.csv, line 3: a row of 2 cells"):
        take(folder, export)
    assert contents(folder) == before


def test_a_folder_that_is_not_there_is_told(export: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="check the folder"):
        take(tmp_path / "nowhere", export)


def test_what_was_done_and_is_to_be_done_is_told(export: Path, folder: Path, tmp_path: Path) -> None:
    text = taken_text(take(folder, export, write_csv(tmp_path / "b.csv", kobo(_uuid="b", GOV_01="perhaps"))))
    assert text.splitlines()[0] == "assessments.csv: 2 added, 0 changed, 0 as before, 0 removed"
    assert (
        "  b.csv, line 2: GOV/place/GOV_01 is 'perhaps', no choice of this question; write one of met,"
        in text
    )
    assert f"  See all in {folder / REJECTED_FILE}" in text
    assert 'Next: add [[inputs]] with source = "assessments" and file = "assessments.csv" to' in text
    assert "assessments.origin.toml, which says where the file comes from" in text
    listed = "".join(f'[[inputs]]\nsource = "{name}"\nfile = "{name}.csv"\n' for name in TABLES)
    (folder / "edition.toml").write_text(listed, "utf-8")
    for name in TABLES:
        (folder / f"{name}.origin.toml").write_text("", "utf-8")
    assert take(folder, export).next_moves == ()
