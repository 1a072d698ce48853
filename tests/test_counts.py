"""Numbers on the screen equal numbers counted from the files by csv and loops."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from tests import counting
from tests.counting import incidents, tally
from warehouse import queries
from warehouse.release import Release


@pytest.fixture(scope="module")
def options(open_release: Release) -> dict[str, dict[str, int]]:
    """What stands beside the filters: filter → code → count."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in queries.filter_options(open_release).itertuples():
        found[row.filter][row.code] = int(row.count)
    return found


def totals(release: Release, **filters: object) -> dict[str, int]:
    return queries.incident_totals(release, **filters).iloc[0].to_dict()


def test_every_incident_is_counted_once(open_release: Release) -> None:
    found = totals(open_release)
    assert found["incident_count"] == found["incident_count_all"] == len(incidents())
    assert found["unplaced_count"] == len(incidents()) - len(counting.placed())


def test_the_toll_is_273_with_its_published_range(open_release: Release) -> None:
    found = totals(open_release)
    assert (found["killed_low"], found["killed_best"], found["killed_high"]) == counting.toll(incidents())
    assert found["killed_best"] == 273
    assert found["toll_record_count"] == tally(row["toll_reported"] for row in incidents())["yes"]


def test_weak_records_are_counted(open_release: Release) -> None:
    weak = [row for row in incidents() if counting.verification(row) in {"unverified", "single_source"}]
    assert totals(open_release)["weak_count"] == len(weak)


def test_incidents_of_a_province_lie_in_it(open_release: Release, options: dict[str, dict[str, int]]) -> None:
    by_province = tally(counting.province(row) for row in incidents())
    assert options["province"] == by_province
    for name, count in by_province.items():
        chosen = [row for row in incidents() if counting.province(row) == name]
        found = totals(open_release, province=(name,))
        assert found["incident_count"] == count
        assert (found["killed_low"], found["killed_best"], found["killed_high"]) == counting.toll(chosen)


def test_incidents_of_a_territory_lie_in_it(
    open_release: Release, options: dict[str, dict[str, int]]
) -> None:
    by_territory = tally(counting.territory(row) for row in counting.placed())
    by_territory.pop("", None)
    assert options["territory"] == by_territory
    for pcode, count in by_territory.items():
        assert totals(open_release, territory=(pcode,))["incident_count"] == count


def test_primary_categories_are_counted(open_release: Release) -> None:
    roles = open_release.query(
        "SELECT category, count(*) AS n FROM incident_categories WHERE role = 'primary' GROUP BY category"
    )
    assert dict(roles.itertuples(index=False)) == tally(counting.category(row) for row in incidents())


def test_a_death_and_only_a_death_is_critical_as_a_death(open_release: Release) -> None:
    dead = {
        row["incident_id"]
        for row in incidents()
        if int(row["killed_low"] or 0) or int(row["killed_best"] or 0)
    }
    critical = queries.incidents(open_release, severity=(5,))
    assert dead <= set(critical["incident_id"])
    assert set(critical.loc[critical["severity_reason"] == "at least one death", "incident_id"]) == dead


@pytest.mark.parametrize("least", [1, 2, 3, 4, 5])
def test_severities_from_one_level_up_add_up(
    open_release: Release, options: dict[str, dict[str, int]], least: int
) -> None:
    levels = tuple(range(least, 6))
    found = totals(open_release, severity=levels)["incident_count"]
    assert found == sum(options["severity"][str(level)] for level in levels)
    assert sum(options["severity"].values()) == len(incidents())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("verification", counting.verification),
        ("place_precision", counting.precision),
        ("record_kind", lambda row: row["record_kind"]),
    ],
)
def test_codes_are_counted(
    open_release: Release, options: dict[str, dict[str, int]], name: str, value: object
) -> None:
    by_code = tally(value(row) for row in incidents())
    assert options[name] == by_code
    for code, count in by_code.items():
        assert totals(open_release, **{name: (code,)})["incident_count"] == count


@pytest.mark.parametrize("year", range(2014, 2027))
def test_a_year_holds_what_happened_in_it(open_release: Release, year: int) -> None:
    first, last = f"{year}-01-01", f"{year}-12-31"
    chosen = [row for row in incidents() if row["date_end"] >= first and row["date_start"] <= last]
    found = totals(open_release, start_on=date(year, 1, 1), end_on=date(year, 12, 31))
    assert found["incident_count"] == len(chosen)


def test_the_bars_hold_every_record_that_is_dated_finer_than_a_year(open_release: Release) -> None:
    quarters = queries.incident_quarters(open_release)
    by_quarter = tally(
        f"{row['date_start'][:4]}-{(int(row['date_start'][5:7]) - 1) // 3 * 3 + 1:02}"
        for row in incidents()
        if row["date_precision"] != "year"
    )
    found = quarters.groupby(quarters["quarter_start"].dt.strftime("%Y-%m"))["incident_count"].sum()
    assert found.to_dict() == by_quarter
    year_only = [row for row in incidents() if row["date_precision"] == "year"]
    assert queries.year_only_count(open_release) == len(year_only)


def test_sites_of_a_mineral_are_those_that_a_record_says_so_of(
    open_release: Release, options: dict[str, dict[str, int]]
) -> None:
    by_mineral = tally(
        symbol for records in counting.sites(open_release).values() for symbol in counting.minerals(records)
    )
    assert options["mineral"] == by_mineral
    for symbol, count in by_mineral.items():
        assert len(queries.sites(open_release, mineral=(symbol,))) == count


def test_no_site_record_is_lost_or_doubled(open_release: Release) -> None:
    groups = counting.sites(open_release)
    assert len(queries.sites(open_release)) == len(groups)
    assert sum(len(records) for records in groups.values()) == len(counting.rows("sites")) + len(
        counting.rows("ipis_sites")
    )


def test_titles_of_each_kind_are_counted(options: dict[str, dict[str, int]]) -> None:
    assert options["permit_type"] == tally(row["permit_type"] for row in counting.rows("concessions"))


def test_the_map_has_one_symbol_a_place_and_precision(open_release: Release) -> None:
    kinds = tally(queries.incident_places(open_release)["extent_kind"])
    expected = counting.symbols(incidents())
    assert kinds.pop("point") == expected["dots"]
    assert sum(kinds.values()) == expected["others"]


def test_only_sites_that_a_record_places_exactly_are_points(open_release: Release) -> None:
    found = queries.sites(open_release)
    assert set(found.loc[found["extent_kind"] == "point", "site_id"]) == counting.site_dots(open_release)
