"""What is left of the files for readers below staff, before anything is measured."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipelines.disclosing.public_rows import first_restricted, first_restricted_value, public_only
from tests.test_restricted import incident, observation, shaped, site
from warehouse import contracts


def test_a_record_under_an_embargo_is_not_public_before_that_day(tmp_path: Path) -> None:
    given = shaped("incidents", incident("a", embargo_until="2031-01-01"), incident("b"), folder=tmp_path)
    for day, ids in ((date(2030, 12, 31), ["b"]), (date(2031, 1, 1), ["a", "b"])):
        assert (first_restricted([given], day) is not None) is (ids == ["b"])
        assert public_only([given], day)[0].taken["incident_id"].tolist() == ids


def test_below_staff_no_sensitivity_tells_that_victims_are_described(tmp_path: Path) -> None:
    given = shaped("incidents", incident("a", victims_sex="male"), incident("b"), folder=tmp_path)
    rows = given.taken
    assert rows["sensitivity"].tolist() == ["high", "moderate"]
    shown = public_only([given], date(2030, 1, 1))[0].taken
    assert shown["sensitivity"].tolist() == ["moderate", "moderate"]
    assert shown["victims_sex"].isna().all()


def source_of(table: str, record: str) -> dict[str, str]:
    return {"table_name": table, "record_id": record, "rank": "1", "about": "record", "title": "A report"}


def test_what_names_a_record_goes_where_the_record_is_not_public_or_not_there_any_more(
    tmp_path: Path,
) -> None:
    files = [
        shaped("sites", site("open"), site("shut", public_record="no"), folder=tmp_path),
        shaped(
            "incidents",
            *(incident(f"i-{name}", site_record_id=name) for name in ("open", "shut", "gone")),
            folder=tmp_path,
        ),
        shaped(
            "assessment_figures",
            *(
                {
                    "figure_id": f"f-{name}",
                    "site_record_id": name,
                    "scope": "site",
                    "indicator": "pits",
                    "value_reported": "3",
                }
                for name in ("open", "shut", "gone")
            ),
            folder=tmp_path,
        ),
        shaped(
            "citations",
            *(source_of("assessment_figures", f"f-{name}") for name in ("open", "shut", "gone")),
            *(source_of("site_records", name) for name in ("open", "shut", "gone")),
            folder=tmp_path,
        ),
    ]
    shown = {file.table: file.taken for file in public_only(files, date(2030, 1, 1))}
    assert shown["incidents"]["site_record_id"].fillna("-").tolist() == ["open", "-", "-"]
    assert shown["assessment_figures"]["figure_id"].tolist() == ["f-open"]
    assert shown["citations"]["record_id"].tolist() == ["f-open", "open"]


def test_rows_set_aside_are_told_where_they_say_that_they_are_public(tmp_path: Path) -> None:
    broken = {"severity_reported": "9", "date_start": "never"}
    files = [
        shaped(
            "incidents",
            incident("a"),
            incident("b", **broken),
            incident("c", public_record="no", **broken),
            folder=tmp_path,
        ),
        shaped(
            "observations", {**observation("v1"), "severity": "?"}, folder=tmp_path, lacks=("public_record",)
        ),
    ]
    assert [file.rows_rejected for file in files] == [2, 1]
    shown = public_only(files, date(2030, 1, 1))
    assert [file.rows_rejected for file in shown] == [1, 0]
    assert [file.state for file in shown] == ["loaded", "none_found"]


def test_what_staff_alone_may_see_is_blank_before_anything_is_measured(tmp_path: Path) -> None:
    given = shaped("incidents", incident("a", victims_sex="male", source_note="a neighbour"), folder=tmp_path)
    assert first_restricted([given], date(2030, 1, 1)) is None
    assert first_restricted_value([given]) == ("incidents.csv", 2)
    shown = public_only([given], date(2030, 1, 1))[0].taken
    assert shown[list(contracts.restricted_columns("incidents"))].isna().all(axis=None)
