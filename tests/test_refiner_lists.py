"""Lists of facilities are read however their columns are spelt; what cannot be told is set aside."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipelines.checks.checking import Checked, check
from pipelines.sources import SOURCES
from risk.errors import UnreadableFile
from tests.made_submissions import write_csv, write_xlsx

NAME = "made-list-2023-01-15.csv"
ROW = {
    "Smelter ID": "CID003226",
    "Standard Smelter Name": "A Made Refinery",
    "Country": "FINLAND",
    "Metal": "Cobalt",
    "RMAP Status": "Conformant",
    "Last Audit Date": "2022-11-10",
    "Audit Cycle": "3 years",
    "Re-audit/Next due": "2025-11-10",
}


def listed(folder: Path, *rows: dict[str, str], name: str = NAME) -> Checked:
    return check(SOURCES["refiner_lists"], write_csv(folder / name, *rows))


def test_a_list_becomes_dated_statuses(tmp_path: Path) -> None:
    found = listed(tmp_path, ROW)
    row = found.taken.iloc[0]
    assert row[["listing_id", "list_id"]].tolist() == [
        "made-list-2023-01-15-CID003226",
        "made-list-2023-01-15",
    ]
    assert row[["rmap_id", "name", "country", "kind"]].tolist() == [
        "CID003226",
        "A Made Refinery",
        "FIN",
        "unknown",
    ]
    assert row[["status", "status_reported", "cycle_years"]].tolist() == ["conformant", "Conformant", 3]
    days = [pd.Timestamp(day) for day in ("2023-01-15", "2022-11-10", "2025-11-10")]
    assert row[["listed_on", "assessed_on", "next_due_on"]].tolist() == days
    assert pd.isna(row["refiner_id"])
    assert "'Smelter ID' read as 'Facility ID'" in found.remarks


@pytest.mark.parametrize(
    "names",
    [
        ("Facility ID", "Facility Name", "Status"),
        ("CID", "Standard Facility Name", "RMAP Status"),
        ("smelter_id", "SMELTER NAME", "Assessment status"),
    ],
)
def test_columns_are_known_by_several_spellings(names: tuple[str, str, str], tmp_path: Path) -> None:
    found = listed(tmp_path, dict(zip(names, ("CID000001", "A", "Active"), strict=True)))
    assert found.taken[["rmap_id", "name", "status"]].to_numpy().tolist() == [["CID000001", "A", "active"]]


def test_a_workbook_is_read_as_well(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "list 20230115.xlsx", Facilities=[ROW], Notes=[{"a": "b"}])
    taken = check(SOURCES["refiner_lists"], path).taken
    assert taken["listed_on"].tolist() == [pd.Timestamp("2023-01-15")]
    assert taken["rmap_id"].tolist() == ["CID003226"]


def test_of_a_list_of_several_metals_cobalt_is_read(tmp_path: Path) -> None:
    found = listed(
        tmp_path,
        ROW,
        {**ROW, "Smelter ID": "CID000002", "Metal": "Gold"},
        {**ROW, "Smelter ID": "CID000003", "Metal": "Cobalt, Nickel"},
        {**ROW, "Smelter ID": "nonsense", "Metal": "Tin"},
    )
    assert found.taken["rmap_id"].tolist() == ["CID003226", "CID000003"]
    assert found.rejected.empty
    assert "2 of 4 rows are not said to be of cobalt and were left out" in found.remarks


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Conformant", "conformant"),
        ("RMAP Conformant", "conformant"),
        ("Cross-Recognized", "cross_recognized"),
        ("cross recognised", "cross_recognized"),
        ("ELIGIBLE", "eligible"),
        ("Not listed", "not_listed"),
        ("Removed", "removed"),
        ("", "not_reported"),
    ],
)
def test_a_status_is_one_of_our_codes(word: str, code: str, tmp_path: Path) -> None:
    assert listed(tmp_path, {**ROW, "RMAP Status": word}).taken["status"].tolist() == [code]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        (
            {"RMAP Status": "Superb"},
            "Status",
            "no word known here; write one of conformant, active, cross_recognized",
        ),
        ({"Smelter ID": "3226"}, "Facility ID", "no id of a facility; write CID and six digits"),
        ({"Smelter ID": "CID12"}, "Facility ID", "no id of a facility; write CID and six digits"),
        ({"Smelter ID": ""}, "Facility ID", "empty; a value must be given"),
        ({"Standard Smelter Name": ""}, "Facility Name", "empty; a value must be given"),
        ({"Country": "Atlantis"}, "Country", "no country known here; write its name in English"),
        (
            {"Last Audit Date": "03/05/2022"},
            "Last Assessment Date",
            "a date that may mean two days; write 2022-05-03",
        ),
        ({"Audit Cycle": "7 years"}, "Assessment Cycle", "no cycle of 1, 2 or 3 years; write 3"),
        (
            {"Re-audit/Next due": "2021-01-01"},
            "Next Assessment Due, Last Assessment Date",
            "the wrong way round",
        ),
    ],
)
def test_what_cannot_be_told_is_set_aside(
    changes: dict[str, str], column: str, reason: str, tmp_path: Path
) -> None:
    found = listed(tmp_path, {**ROW, **changes}, {**ROW, "Smelter ID": "CID000002"})
    assert found.taken["rmap_id"].tolist() == ["CID000002"]
    assert found.rejected["line"].tolist() == [2]
    assert found.rejected.loc[0, "column_name"] == column
    assert found.rejected.loc[0, "reason"].startswith(reason)


def test_a_facility_is_on_a_list_once(tmp_path: Path) -> None:
    found = listed(tmp_path, ROW, ROW)
    assert len(found.taken) == 1
    assert found.rejected["reason"].tolist() == ["in use since line 2; give this row its own, or remove it"]


def test_the_day_of_a_list_is_in_a_column_or_in_the_name_of_the_file(tmp_path: Path) -> None:
    rows = [{**ROW, "listed_on": "2024-02-01"}, {**ROW, "Smelter ID": "CID000002", "listed_on": ""}]
    dates = [pd.Timestamp("2024-02-01"), pd.Timestamp("2023-01-15")]
    assert listed(tmp_path, *rows).taken["listed_on"].tolist() == dates
    found = listed(tmp_path, *rows, name="undated.csv")
    assert found.rejected[["line", "column_name", "reason"]].to_numpy().tolist() == [
        [3, "listed_on", "empty; a value must be given"]
    ]
    with pytest.raises(
        UnreadableFile, match=r"undated.csv: says nowhere of which day .* as in list-2026-01-31\.csv"
    ):
        listed(tmp_path, ROW, name="undated.csv")
    with pytest.raises(UnreadableFile, match="says nowhere"):
        listed(tmp_path, ROW, name="list-2023-13-45.csv")


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="lacks the columns Facility ID, Facility Name, Status"):
        listed(tmp_path, {"a": "1", "b": "2"})


def test_half_of_the_fine_and_a_quarter_of_the_crude_refiners_were_assessed(tmp_path: Path) -> None:
    """The made list stands for the figures that were published in early 2023: about 50 % and 25 %."""
    rows = [
        {
            **ROW,
            "Smelter ID": f"CID{number:06}",
            "Type": "Fine refiner" if number < 20 else "Crude refiner",
            "RMAP Status": "Conformant" if is_assessed else "Eligible",
            "Last Audit Date": "2022-06-30" if is_assessed else "",
            "Re-audit/Next due": "",
        }
        for number in range(40)
        for is_assessed in [number < 10 or 20 <= number < 25]
    ]
    taken = listed(tmp_path, *rows).taken
    share = taken["assessed_on"].notna().groupby(taken["kind"]).mean()
    assert share.to_dict() == {"crude": 0.25, "fine": 0.5}
    assert (taken["status"] == "conformant").sum() == 15
