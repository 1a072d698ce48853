"""Events are told in classes only, and every rule bites."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from risk.disclosure import COLUMNS, RULES, Rules, assign, counted, report
from risk.disclosure_rules import traits
from risk.vocabulary import Audience
from tests.made_restricted import AREAS, AS_OF, QUARTERS, grounds, group, made

MEMBER = RULES[Audience.MEMBER]


def level(events: pd.DataFrame, rules: Rules = MEMBER, as_of: date = AS_OF) -> set[str]:
    return set(assign(events, None, rules, as_of)["level"])


def cell(table: pd.DataFrame, *keys: str) -> pd.Series:
    names = ["area_level", "area_pcode", "period_kind", "period", "category"]
    return table.set_index(names).loc[keys]


def test_five_events_of_three_sites_and_two_sources_are_a_class() -> None:
    assert level(group(5, "a")) == {"territory_quarter_category"}


@pytest.mark.parametrize(
    "events",
    [
        group(4, "a"),
        group(30, "a", source_groups="a"),
        group(30, "a", source_groups=None),
        group(30, "a", site_id=None),
        group(9, "a", is_protection_critical=True),
        group(9, "a", category="CHL"),
        group(9, "a", is_protection_critical=None),
        group(30, "a").assign(site_id=lambda rows: np.where(rows.index < 15, "s", "t")),
        group(30, "a").assign(site_id=lambda rows: np.where(rows.index < 22, "s", rows["site_id"])),
    ],
)
def test_each_rule_bites(events: pd.DataFrame) -> None:
    assert level(events) == {"waiting"}


def test_the_limits_themselves_are_allowed() -> None:
    exactly = group(30, "a").assign(site_id=lambda rows: np.where(rows.index < 21, "s", rows["site_id"]))
    assert level(exactly) == {"territory_quarter_category"}
    assert level(group(10, "a", category="CHL")) == {"territory_quarter_category"}
    assert level(group(5, "a", source_groups="a; b")) == {"territory_quarter_category"}


def test_events_without_a_site_count_and_are_at_no_site() -> None:
    some = group(5, "a").assign(site_id=["s", "t", "u", None, None])
    assert level(some) == {"territory_quarter_category"}
    assert level(some.assign(site_id=["s", "t", None, None, None])) == {"waiting"}


def test_public_records_take_no_part() -> None:
    public = group(3, "p", is_public_record=True)
    found = assign(pd.concat([group(4, "a"), public]), None, MEMBER, AS_OF)
    assert set(found["event_id"].str[0]) == {"a"}
    assert set(found["level"]) == {"waiting"}


def test_events_come_in_by_whole_quarters_so_that_no_release_tells_a_day() -> None:
    events = group(5, "a")
    ends = date(2025, 3, 31) + timedelta(days=30)
    assert assign(events, None, MEMBER, ends - timedelta(days=1)).empty
    assert len(assign(events, None, MEMBER, ends)) == 5
    assert assign(group(5, "a", happened_on=pd.NaT), None, MEMBER, AS_OF).empty


def test_small_groups_are_told_in_the_finest_wider_class_that_stands() -> None:
    quarters = pd.concat(
        [group(3, f"q{number}", happened_on=pd.Timestamp(2025, 3 * number + 1, 1)) for number in range(2)]
    )
    assert level(quarters) == {"territory_year_category"}
    kinds = pd.concat([group(3, kind, category=kind) for kind in ("OSH", "ENV")])
    assert level(kinds) == {"territory_year"}
    places = pd.concat([group(3, place, territory_pcode=place) for place in ("T0", "T1")])
    assert level(places) == {"province_year"}
    provinces = pd.concat(
        [group(3, place, territory_pcode=place, province_pcode=place) for place in ("A", "B")]
    )
    assert level(provinces) == {"year"}
    years = pd.concat([group(3, str(year), happened_on=pd.Timestamp(year, 1, 1)) for year in (2024, 2025)])
    assert level(years.assign(territory_pcode=["T0"] * 3 + ["T1"] * 3)) == {"all"}


def test_a_sum_that_would_force_its_parts_goes_on() -> None:
    # 4 + 3 of at most 4 + 4: the one is 3 or 4, and so is the other.
    nearly = pd.concat([group(4, "a"), group(3, "b", happened_on=pd.Timestamp("2025-05-01"))])
    assert level(nearly) == {"waiting"}
    # Five cells with six events: at most one holds two.
    thin = pd.concat(
        [group(1, f"k{number}", category=kind) for number, kind in enumerate(("OSH", "ENV", "SEC", "COR"))]
        + [group(2, "x", category="LAB")]
    )
    assert level(thin) == {"waiting"}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"territory_pcode": None}, "province_year"),
        ({"territory_pcode": None, "province_pcode": None}, "year"),
        ({"category": None}, "territory_year"),
        ({"province_pcode": None}, "territory_quarter_category"),
    ],
)
def test_events_that_lack_something_begin_where_it_is_not_asked(more: dict[str, None], expected: str) -> None:
    assert level(group(6, "a", **more)) == {expected}


def test_protection_critical_events_never_share_a_class_with_others() -> None:
    events = made(800, 1)
    found = assign(events, None, MEMBER, AS_OF, cell_territories=grounds(events))
    classes = found.dropna(subset="class_id").groupby("class_id")
    assert (classes["is_critical"].nunique() == 1).all()
    sizes = classes.agg(
        size=("event_id", "size"), critical=("is_critical", "first"), sites=("site_id", "nunique")
    )
    assert (sizes["size"] >= np.where(sizes["critical"], 10, 5)).all()
    assert (sizes["sites"] >= 3).all()


def test_what_is_told_of_others_does_not_depend_on_protection_critical_events() -> None:
    events = made(600, 2)
    critical = events["is_protection_critical"] | events["category"].isin(["CHL", "VIO"])
    whole, part = (
        counted(assign(rows, None, MEMBER, AS_OF), AREAS, QUARTERS) for rows in (events, events[~critical])
    )
    is_other = ~whole["category"].isin(["ALL", "CRITICAL", "CHL", "VIO", "FOR", "SGB"])
    pd.testing.assert_frame_equal(whole[is_other], part[is_other])


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_events_does_not_matter(seed: int) -> None:
    events = made(500, seed)
    found = assign(events, None, MEMBER, AS_OF, cell_territories=grounds(events))
    mixed = events.sample(frac=1, random_state=seed)
    again = assign(mixed, None, MEMBER, AS_OF, cell_territories=grounds(events).iloc[::-1])
    pd.testing.assert_frame_equal(found, again)


def test_no_event_gives_no_class() -> None:
    found = assign(group(0, "a"), None, MEMBER, AS_OF)
    assert found.empty
    assert list(found) == list(COLUMNS)
    table = counted(found, AREAS, QUARTERS)
    assert set(table["state"]) == {"not_reported", "withheld"}
    assert report(group(0, "a"), found, MEMBER, AS_OF)["row_count"].sum() == 0


def test_the_report_adds_up() -> None:
    events = made(700, 3)
    events.loc[:49, "is_public_record"] = True
    found = assign(events, None, MEMBER, date(2026, 1, 1))
    counts = report(events, found, MEMBER, date(2026, 1, 1)).set_index(["table_name", "outcome"])["row_count"]
    parts = counts["events"].drop(["rows_in", "held"])
    assert parts.sum() == counts["events", "rows_in"] == 700
    assert parts["as_published"] == 50
    assert parts["embargoed"] > 0
    records = counts["research_records"].drop(["rows_in", "without_bands", "without_cell"])
    assert records.sum() == counts["research_records", "rows_in"] == len(found)


@pytest.mark.parametrize(
    ("events", "message"),
    [
        (group(5, "a").drop(columns="h3_r5"), "events lack h3_r5"),
        (group(5, "a", event_id="x"), "stands twice"),
    ],
)
def test_impossible_events_are_refused(events: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        assign(events, None, MEMBER, AS_OF)


@pytest.mark.parametrize("more", [{"min_count": 1}, {"most_of_one_site_share": 0.0}, {"lower_slack": 0}])
def test_rules_that_protect_nothing_are_refused(more: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        Rules(**more)  # type: ignore[arg-type]


def test_groups_of_sources_are_counted_once_whatever_their_order() -> None:
    rows = group(4, "a").assign(source_groups=["a; b", "b;a", "a", None])
    facts = traits(rows).facts(np.arange(4), np.zeros(4, dtype=np.int64), 1)
    assert (facts.counts[0], facts.sites[0], facts.sources[0], facts.most_of_one[0]) == (4, 4, 2, 1)


def test_cells_say_what_they_hold() -> None:
    events = pd.concat([group(7, "a"), group(2, "b", category="ENV"), group(12, "c", category="CHL")])
    empty = pd.DataFrame(
        [("territory", "T1", "quarter", "2025Q1", "OSH", "not_visited")],
        columns=["area_level", "area_pcode", "period_kind", "period", "category", "state"],
    )
    table = counted(assign(events, None, MEMBER, AS_OF), AREAS, QUARTERS, absences=empty)
    told = ("territory", "T0", "quarter", "2025Q1")
    assert cell(table, *told, "OSH").tolist() == [7, 7, "count"]
    assert cell(table, "all", "ALL", "all", "ALL", "OSH").tolist() == [7, 7, "count"]
    assert cell(table, *told, "ENV")["state"] == "suppressed"
    assert cell(table, *told, "NON_CRITICAL")[["at_least", "state"]].tolist() == [7, "at_least"]
    assert cell(table, *told, "CHL")[["at_least", "state"]].tolist() == [12, "at_least"]
    assert cell(table, *told, "ALL")[["at_least", "state"]].tolist() == [19, "at_least"]
    assert cell(table, "territory", "T1", "quarter", "2025Q1", "OSH")["state"] == "not_visited"
    assert cell(table, "territory", "T1", "quarter", "2025Q1", "CHL")["state"] == "withheld"
    assert cell(table, "territory", "T1", "quarter", "2025Q1", "ALL")["state"] == "withheld"
    assert table.loc[table["state"] != "count", "record_count"].isna().all()
    with pytest.raises(ValueError, match="'withheld' is no state of an empty cell"):
        counted(assign(events, None, MEMBER, AS_OF), AREAS, QUARTERS, absences=empty.assign(state="withheld"))


def test_zero_too_few_and_nobody_looked_are_one_for_protection_critical_counts() -> None:
    few = pd.concat([group(7, "a"), group(9, "c", category="CHL")])
    none = group(7, "a")
    tables = [counted(assign(rows, None, MEMBER, AS_OF), AREAS, QUARTERS) for rows in (few, none)]
    pd.testing.assert_frame_equal(*tables)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_called_a_count_is_the_count(seed: int) -> None:
    events = made(700, seed)
    found = assign(events, None, MEMBER, AS_OF)
    table = counted(found, AREAS, QUARTERS)
    rows = found[~found["is_critical"]]
    for _, row in table[table["category"].isin(["OSH", "ENV", "SEC", "NON_CRITICAL"])].iterrows():
        inside = np.full(len(rows), True)
        for name, value in (("category", row["category"]), (f"{row['area_level']}_pcode", row["area_pcode"])):
            if value not in ("ALL", "NON_CRITICAL"):
                inside &= rows[name].eq(value).fillna(False).to_numpy(dtype=bool)
        if row["period"] != "ALL":
            inside &= rows[row["period_kind"]].astype("string").eq(row["period"]).to_numpy(dtype=bool)
        true = int(inside.sum())
        assert (row["state"] == "not_reported") == (true == 0)
        if row["state"] == "count":
            assert row["record_count"] == true
        elif row["state"] == "at_least":
            assert row["at_least"] < true
