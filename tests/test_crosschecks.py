"""Promises that hold between the files of an edition."""

import pytest

from pipelines.checks.checking import check
from pipelines.checks.crosschecks import cross_check
from pipelines.sources import SOURCES


@pytest.fixture
def edition(tmp_path):
    def write(**files):
        found = []
        for source, rows in files.items():
            names = list(dict.fromkeys(field.theirs for field in SOURCES[source].fields))
            lines = [",".join(names), *(",".join(row.get(name, "") for name in names) for row in rows)]
            path = tmp_path / f"{source}.csv"
            path.write_text("\n".join(lines), encoding="utf-8")
            found.append(check(SOURCES[source], path))
            assert found[-1].rows_rejected == 0
        return found

    return write


def site(record_id):
    return {
        "record_id": record_id,
        "publisher": "P",
        "name": "N",
        "kind": "unknown",
        "place_precision": "none",
        "position_is_proxy": "no",
    }


def citation(table, record, rank="1", about="record"):
    return {"table_name": table, "record_id": record, "rank": rank, "about": about, "title": "T"}


def by_table(files):
    return {file.source.name: file for file in files}


def test_a_record_without_a_source_is_set_aside(edition):
    files = edition(
        sites=[site("a"), site("b"), site("c")],
        citations=[citation("site_records", "a"), citation("site_records", "c", about="position")],
    )
    found = by_table(cross_check(files, cited_files=()))
    assert found["sites"].taken["record_id"].tolist() == ["a"]
    assert found["sites"].rejected["line"].tolist() == [3, 4]
    assert found["sites"].rows_in == 3
    # The position's source of a record that is gone speaks of nothing.
    assert found["citations"].rejected["line"].tolist() == [3]


def test_the_origin_of_a_file_may_cite_all_its_records(edition):
    files = edition(sites=[site("a")])
    assert len(cross_check(files, cited_files={"sites.csv"})[0].taken) == 1


def test_a_citation_of_an_unknown_record_or_table_is_set_aside(edition):
    files = edition(
        sites=[site("a")],
        citations=[
            citation("site_records", "a"),
            citation("site_records", "x"),
            citation("nonsense", "a"),
        ],
    )
    found = by_table(cross_check(files, cited_files=()))["citations"]
    assert found.rejected["line"].tolist() == [3, 4]
    assert found.rejected["value"].tolist() == ["site_records, x", "nonsense"]


def test_one_id_in_two_files_of_a_table_stays_in_the_first(edition):
    files = edition(sites=[site("a")], ipis_sites=[site("b"), site("a")])
    found = by_table(cross_check(files, cited_files={"sites.csv", "ipis_sites.csv"}))
    assert found["sites"].rows_rejected == 0
    assert found["ipis_sites"].taken["record_id"].tolist() == ["b"]
    assert "in use in sites.csv" in found["ipis_sites"].rejected.loc[0, "reason"]


def test_a_figure_of_an_unknown_site_is_kept_and_remarked(edition):
    figure = {"figure_id": "f", "site_record_id": "x", "scope": "s", "indicator": "i", "value_reported": "2"}
    [found] = cross_check(edition(assessment_figures=[figure]), cited_files={"assessment_figures.csv"})
    assert found.taken.loc[0, "site_record_id"] == "x"
    assert found.remarks == "1 kept whose site_record_id is of no record taken in site_records (line 2 'x')"


def test_a_reviewed_match_of_an_unknown_record_is_set_aside(edition):
    match = {
        "record_a": "a",
        "record_b": "x",
        "decision": "same",
        "reason": "r",
        "reviewed_on": "2026-01-01",
    }
    found = by_table(cross_check(edition(sites=[site("a")], site_matches=[match]), cited_files={"sites.csv"}))
    assert found["site_matches"].rejected["column_name"].tolist() == ["record_b"]
