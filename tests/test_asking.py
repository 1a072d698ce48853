"""Answers out of a release are kept for the next reader, and for no other release or audience."""

from dataclasses import replace
from datetime import date

import pytest

from tests.made_many import release_of, sites
from warehouse import asking, queries
from warehouse.asking import Choice, answer, ask
from warehouse.release import Release


@pytest.fixture(autouse=True)
def nothing_kept():
    asking.forget_answers()
    yield
    asking.forget_answers()


@pytest.fixture
def asked(monkeypatch):
    """The SQL that reaches DuckDB."""
    reached = []
    query = Release.query

    def noted(self, sql, parameters=()):
        reached.append((self.path, sql))
        return query(self, sql, parameters)

    monkeypatch.setattr(Release, "query", noted)
    return reached


def test_the_same_question_reaches_the_file_once(open_release, asked):
    first = queries.sites(open_release, province=("Lualaba",))
    second = queries.sites(open_release, province=("Lualaba",))
    assert first.equals(second)
    assert len(asked) == 1


def test_other_filters_are_another_question(open_release, asked):
    counts = [
        len(queries.incidents(open_release, **choice))
        for choice in (Choice(), Choice(severity=(5,)), Choice(start_on=date(2020, 1, 1)))
    ]
    assert len(set(counts)) == 3
    assert len(asked) == 3


def test_what_a_page_does_to_an_answer_stays_with_that_page(open_release):
    rows = queries.sites(open_release)
    rows["name"] = "Changed"
    rows.loc[0, "site_id"] = "changed"
    again = queries.sites(open_release)
    assert not again["name"].eq("Changed").any()
    assert not again["site_id"].eq("changed").any()


def test_an_answer_of_one_file_is_never_given_for_another(tmp_path):
    first, second = release_of(tmp_path / "a", sites(2)), release_of(tmp_path / "b", sites(3))
    assert [len(queries.sites(release)) for release in (first, second, first)] == [2, 3, 2]


def test_another_audience_is_another_file(open_release, asked):
    public = replace(open_release, path=open_release.path.with_name("public.duckdb"))
    queries.sites(open_release)
    with pytest.raises(Exception, match=r"public\.duckdb"):
        queries.sites(public)
    assert [path.name for path, _sql in asked] == ["staff.duckdb", "public.duckdb"]


def test_long_answers_are_not_kept(open_release, asked, monkeypatch):
    monkeypatch.setattr(asking, "MOST_ROWS_KEPT", 3)
    for _ in range(2):
        answer(open_release, "SELECT * FROM range(4)")
    assert len(asked) == 2


def test_the_oldest_answer_goes_first(open_release, asked, monkeypatch):
    monkeypatch.setattr(asking, "MOST_KEPT", 2)
    for number in (1, 2, 1, 3, 1, 2):
        answer(open_release, "SELECT $number AS n", {"number": number})
    assert len(asked) == 4  # 1, 2 and 3 once, and 2 again, which 3 had pushed out


def test_an_unknown_filter_is_refused(open_release):
    with pytest.raises(TypeError, match="colour"):
        ask(open_release, "SELECT 1", {"colour": ("red",)})
