"""A refiner is never silently dropped from a list, and coverage counts what records show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.refiners import coverage, facility_keys, list_series, status_changes

AS_OF = pd.Timestamp("2023-03-01")


def listings(*rows: dict[str, Any]) -> pd.DataFrame:
    """Listings; the day of a list is the first of the month at the end of its id."""
    base = {
        "list_id": "rmi@2023-01",
        "listed_on": None,
        "refiner_id": None,
        "rmap_id": None,
        "name": None,
        "country": "FIN",
        "kind": "fine",
        "status": "active",
        "assessed_on": None,
    }
    frame = pd.DataFrame([{**base, **row} for row in rows], columns=list(base))
    listed = frame["listed_on"].fillna(frame["list_id"].str[-7:] + "-01")
    days = {"listed_on": pd.to_datetime(listed), "assessed_on": pd.to_datetime(frame["assessed_on"])}
    return frame.assign(listing_id=[f"l{number}" for number in range(len(frame))], **days)


def refiners(*rows: dict[str, Any]) -> pd.DataFrame:
    base = {"refiner_id": None, "rmap_id": None, "name": None, "country": "FIN", "kind": "fine"}
    return pd.DataFrame([{**base, **row} for row in rows], columns=list(base))


def on(day: str, **statuses: str) -> list[dict[str, Any]]:
    return [
        {"list_id": f"rmi@{day}", "refiner_id": name, "status": status} for name, status in statuses.items()
    ]


def history(found: pd.DataFrame) -> list[list[Any]]:
    days = found["changed_on"].dt.strftime("%Y-%m")
    rows = found.assign(day=days)[["refiner_id", "day", "status_before", "status"]]
    return rows.astype(object).where(rows.notna(), None).values.tolist()


def test_a_status_has_a_row_where_it_changes_only() -> None:
    rows = [*on("2021-01", a="eligible"), *on("2022-01", a="active"), *on("2023-01", a="active")]
    assert history(status_changes(listings(*rows))) == [
        ["a", "2021-01", None, "eligible"],
        ["a", "2022-01", "eligible", "active"],
    ]


def test_a_facility_that_a_later_list_lacks_is_removed_until_one_has_it_again() -> None:
    rows = [
        *on("2021-01", a="active", b="conformant"),
        *on("2022-01", a="active"),
        *on("2023-01", a="active"),
        *on("2024-01", a="active", b="active"),
    ]
    found = status_changes(listings(*rows))
    assert history(found[found["refiner_id"] == "b"]) == [
        ["b", "2021-01", None, "conformant"],
        ["b", "2022-01", "conformant", "removed"],
        ["b", "2024-01", "removed", "active"],
    ]
    assert found.loc[found["status"] == "removed", "list_id"].tolist() == ["rmi@2022-01"]


def test_the_list_of_another_publisher_removes_nothing() -> None:
    rows = [*on("2021-01", a="active"), {"list_id": "lme@2022-01", "refiner_id": "b"}]
    assert "removed" not in set(status_changes(listings(*rows))["status"])
    one = listings(*rows).assign(publisher="the same")
    assert "removed" in set(status_changes(one)["status"])


@pytest.mark.parametrize(
    ("list_id", "series"),
    [
        ("rmi@a", "rmi"),
        ("rmi-2024", "rmi"),
        ("rmi_2024-05-31", "rmi"),
        ("rmi20240531", "rmi"),
        ("rmi.2024.Q3", "rmi"),
        ("rmi-2024-05-31-cobalt", "rmi-cobalt"),
        ("rmi-120240", "rmi-120240"),
        ("2024-05", ""),
        ("rmi-cobalt", "rmi-cobalt"),
        ("list-1", "list-1"),
    ],
)
def test_the_edition_is_no_part_of_whose_list_it_is(list_id: str, series: str) -> None:
    assert list_series(pd.DataFrame({"list_id": [list_id]})).tolist() == [series]


def test_one_facility_has_one_key_by_whichever_name_it_goes() -> None:
    first = refiners(
        {"refiner_id": "a", "rmap_id": "CID1", "name": "One"},
        {"refiner_id": "b", "name": "Two"},
        {"refiner_id": "c", "name": "Twin"},
        {"refiner_id": "d", "name": "Twin"},
    )
    second = refiners(
        {"rmap_id": "CID1", "name": "Another name"},
        {"rmap_id": "CID2", "name": " TWO "},
        {"rmap_id": "CID2", "name": "Two, renamed"},
        {"rmap_id": "CID3", "name": "One"},
        {"rmap_id": "CID4", "name": "Twin"},
        {"name": "Two"},
        {"name": "Nobody"},
        {},
    )
    keys = [key.fillna("").tolist() for key in facility_keys(first, second.set_axis(range(5, 13)))]
    assert keys == [["a", "b", "c", "d"], ["a", "b", "b", "CID3", "CID4", "b", "nobody, fin", ""]]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sets(st.sampled_from("abcd"), min_size=1), min_size=1, max_size=5), st.integers(0, 99))
def test_nobody_is_dropped_and_the_order_of_rows_changes_nothing(lists: list[set[str]], seed: int) -> None:
    rows = [
        row
        for year, names in enumerate(lists, 2020)
        for row in on(f"{year}-01", **dict.fromkeys(names, "active"))
    ]
    found = status_changes(listings(*rows))
    assert set(found["refiner_id"]) == set().union(*lists)
    last = found.drop_duplicates("refiner_id", keep="last").set_index("refiner_id")["status"]
    assert set(last[last == "active"].index) == lists[-1]
    mixed = listings(*rows).sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(status_changes(mixed), found)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [{"refiner_id": "a", "status": "passed"}],
            "listing 'l0' has an unknown status; write one of conformant",
        ),
        ([{}], "listing 'l0' names no facility; use give|listing 'l0' names no facility"),
        ([{"refiner_id": "a"}, {"refiner_id": "a"}], "'l0' and 'l1' tell of 'a' on one list; keep one"),
        (
            [{"refiner_id": "a", "rmap_id": "CID1"}, {"refiner_id": "b", "rmap_id": "CID1"}],
            "'CID1' stands beside refiner_id 'a' and 'b'; correct one",
        ),
    ],
)
def test_a_listing_that_cannot_be_is_refused(rows: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        status_changes(listings(*rows))


def test_a_list_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="listing 'l0' has no day of its list; give listed_on"):
        status_changes(listings({"refiner_id": "a"}).assign(listed_on=pd.NaT))


def share(found: pd.DataFrame, year: int, kind: str) -> list[Any]:
    row = found.set_index(["year", "kind"]).loc[(year, kind)]
    return [None if pd.isna(value) else value for value in row[["known", "assessed", "share_pct"]]]


def test_half_of_the_fine_and_a_quarter_of_the_crude_were_assessed() -> None:
    rows = [
        {
            "rmap_id": f"CID{kind}{number}",
            "kind": kind,
            "assessed_on": "2020-06-01"
            if number < assessed
            else ("2018-12-31" if number == assessed else None),
        }
        for kind, known, assessed in (("fine", 38, 19), ("crude", 24, 6))
        for number in range(known)
    ]
    found = coverage(listings(*rows), refiners(), AS_OF)
    assert share(found, 2023, "fine") == [38, 19, 50.0]
    assert share(found, 2023, "crude") == [24, 6, 25.0]
    assert share(found, 2023, "unknown") == [0, 0, None]
    fine = found.set_index(["year", "kind"]).loc[(2023, "fine")]
    assert (fine["not_assessed"], fine["undated"]) == (19, 18)


def test_a_facility_without_a_day_of_assessment_is_known_and_not_assessed() -> None:
    found = coverage(
        listings({"refiner_id": "a", "status": "conformant"}), refiners({"refiner_id": "b"}), AS_OF
    )
    assert share(found, 2023, "fine") == [2, 0, 0.0]
    assert share(found, 2019, "fine") == [
        1,
        0,
        0.0,
    ]  # No record says since when b is known; a since its list.


def test_years_count_what_was_known_and_done_by_their_end() -> None:
    rows = listings(
        {"list_id": "rmi@2020-01", "refiner_id": "a", "assessed_on": "2018-05-01"},
        {"list_id": "rmi@2022-01", "refiner_id": "a", "assessed_on": "2021-05-01"},
        {"list_id": "rmi@2022-01", "refiner_id": "b", "assessed_on": "2020-05-01"},
        {"list_id": "rmi@2023-02", "refiner_id": "b", "assessed_on": "2023-04-01"},
        {"list_id": "rmi@2023-04", "refiner_id": "c", "assessed_on": "2023-01-01"},
    )
    found = coverage(rows, refiners(), AS_OF)
    assert [share(found, year, "fine")[:2] for year in range(2019, 2024)] == [
        [1, 0],  # a, known by its assessment of 2018, which is too old to count
        [2, 1],  # b, known by its assessment
        [2, 2],
        [2, 2],
        [2, 2],  # a has left the list and is known still; the list of April is not out yet
    ]


def test_a_kind_is_that_of_the_last_list_that_tells_it() -> None:
    rows = listings(
        {"list_id": "rmi@2021-01", "refiner_id": "a", "kind": "crude"},
        {"list_id": "rmi@2022-01", "refiner_id": "a", "kind": "unknown"},
        {"list_id": "rmi@2022-01", "refiner_id": "b", "kind": "unknown"},
    )
    found = coverage(rows, refiners({"refiner_id": "a", "kind": "fine"}), AS_OF)
    assert [share(found, 2023, kind)[0] for kind in ("crude", "fine", "unknown")] == [1, 0, 1]


def test_the_year_must_not_lie_ahead() -> None:
    with pytest.raises(ValueError, match="2024 is after 2023-03-01; give an earlier year"):
        coverage(listings(), refiners(), AS_OF, since=2024)


def test_empty_tables_keep_their_types() -> None:
    full = listings({"refiner_id": "a", "assessed_on": "2020-01-01"})
    assert status_changes(listings()).dtypes.equals(status_changes(full).dtypes)
    none = coverage(listings(), refiners(), AS_OF)
    assert none.dtypes.equals(coverage(full, refiners({"refiner_id": "a"}), AS_OF).dtypes)
    assert none["known"].eq(0).all()
    assert none["share_pct"].isna().all()
    assert np.array_equal(none["year"].unique(), range(2019, 2024))


def test_a_refiner_of_ours_gives_its_listings_its_id() -> None:
    rows = listings({"rmap_id": "CID000001", "listed_on": "2024-01-01", "status": "active"})
    ours = pd.DataFrame({"refiner_id": ["ref-a"], "rmap_id": ["CID000001"], "name": "A", "country": "FIN"})
    assert status_changes(rows)["facility_key"].tolist() == ["CID000001"]
    assert status_changes(rows, ours)["facility_key"].tolist() == ["ref-a"]
