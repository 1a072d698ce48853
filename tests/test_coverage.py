"""That nothing was reported is told apart from that nobody looked."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from risk.coverage import coverage, coverage_quarters

AS_OF = pd.Timestamp("2026-11-01")
START = pd.Timestamp("2024-11-02")


def visits(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return visits that found nothing."""
    table = pd.DataFrame(list(rows), columns=["unit_id", "site_id", "visited_on", "visit_group"])
    return dated(table.assign(has_finding=False), "visited_on")


def reports(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    return dated(pd.DataFrame(list(rows), columns=["unit_id", "date", "source_groups"]), "date")


def sites(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["unit_id", "site_id"])


def dated(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.assign(**{column: pd.to_datetime(frame[column])})


def looked(
    seen: pd.DataFrame | None = None,
    told: pd.DataFrame | None = None,
    known: pd.DataFrame | None = None,
    **more: Any,
) -> pd.DataFrame:
    given = [
        made() if frame is None else frame
        for frame, made in ((seen, visits), (told, reports), (known, sites))
    ]
    return coverage(*given, as_of=AS_OF, window_start=START, **more).set_index("unit_id")


def test_each_absence_has_its_own_name() -> None:
    found = looked(
        visits(("visited", "a", "2026-01-01", "IPIS")),
        reports(("told", "2026-02-01", "radio")),
        sites(("visited", "a"), ("known", "b"), ("told", "c")),
        units=["empty"],
    )
    assert found["absence"].fillna("").to_dict() == {
        "empty": "not_reported",
        "known": "not_visited",
        "told": "",
        "visited": "none_found",
    }


def test_no_count_is_ever_zero() -> None:
    found = looked(
        visits(("x", "a", "2026-01-01", "IPIS")),
        reports(("y", "2026-02-01", None)),
        sites(("z", "b")),
        units=["w"],
    )
    counts = found[["site_count", "sites_visited", "visits", "sources", "events"]]
    assert not (counts == 0).any(axis=None)
    assert pd.isna(found.loc["x", "events"])
    assert pd.isna(found.loc["y", "visits"])
    assert pd.isna(found.loc["y", "sources"])
    assert found.loc["y", "events"] == 1


def test_visits_sites_and_sources_are_counted_once() -> None:
    found = looked(
        visits(
            ("x", "a", "2026-01-01", "IPIS"),
            ("x", "a", "2026-01-01", "IPIS"),
            ("x", "a", "2026-01-01", "SAEMAPE"),
            ("x", "b", "2026-03-01", "IPIS"),
        ),
        reports(("x", "2026-02-01", "radio; paper"), ("x", "2026-03-01", "radio"), ("x", "2026-03-01", "")),
        sites(("x", "a"), ("x", "b"), ("x", "c"), ("x", "d")),
    ).loc["x"]
    assert found[["visits", "sites_visited", "site_count", "sources", "events"]].tolist() == [3, 2, 4, 2, 3]
    assert found["site_visited_pct"] == 50


def test_a_share_of_visited_sites_needs_known_sites() -> None:
    found = looked(visits(("x", "a", "2026-01-01", "IPIS")), None, sites(("y", "b")))
    assert pd.isna(found.loc["x", "site_visited_pct"])
    assert found.loc["y", "site_visited_pct"] == 0


def test_weeks_without_a_signal_count_from_the_later_of_visit_and_report() -> None:
    found = looked(
        visits(("x", "a", "2026-10-01", "IPIS"), ("y", "b", "2019-01-01", "IPIS")),
        reports(("x", "2026-10-12", "radio")),
        units=["z"],
    )
    assert found.loc["x", "weeks_without_signal"] == 2
    assert found.loc["y", "weeks_without_signal"] == (AS_OF - pd.Timestamp("2019-01-01")).days // 7
    assert found.loc["y", "last_visit_on"] == pd.Timestamp("2019-01-01")
    assert pd.isna(found.loc["z", "weeks_without_signal"])


def test_a_visit_before_the_window_does_not_say_that_none_was_found() -> None:
    found = looked(visits(("x", "a", "2020-01-01", "IPIS")), None, sites(("x", "a")))
    assert found.loc["x", "absence"] == "not_visited"
    assert pd.isna(found.loc["x", "visits"])


def test_both_ends_of_the_window_are_in_it_and_the_future_is_not() -> None:
    days = ["2024-11-01", "2024-11-02", "2026-11-01", "2026-11-02"]
    found = looked(None, reports(*(("x", day, "radio") for day in days)))
    assert found.loc["x", "events"] == 2
    assert found.loc["x", "last_event_on"] == AS_OF
    assert found.loc["x", "weeks_without_signal"] == 0


def test_a_visit_that_found_something_is_not_none_found() -> None:
    seen = visits(("x", "a", "2026-01-01", "IPIS"), ("y", "b", "2026-01-01", "IPIS"))
    found = looked(seen.assign(has_finding=[True, False]))
    assert found["absence"].tolist() == ["not_reported", "none_found"]


def test_a_visit_of_which_nobody_knows_what_it_found_has_not_found_none() -> None:
    seen = visits(("x", "a", "2026-01-01", "IPIS"), ("y", "b", "2026-01-01", "IPIS"))
    unknown = looked(seen.assign(has_finding=pd.array([None, False], dtype="boolean")))
    assert unknown["absence"].tolist() == ["not_reported", "none_found"]
    assert looked(seen.drop(columns="has_finding"))["absence"].tolist() == ["not_reported"] * 2


def test_the_last_day_counts_to_its_end_and_ids_may_be_numbers() -> None:
    seen = visits(("1", "a", "2026-11-01 14:00", "IPIS")).astype({"unit_id": int})
    known = sites(("1", "a")).astype({"unit_id": int})
    found = looked(seen, reports(("1", "2026-11-01 18:30", "radio")), known)
    assert found[["site_count", "visits", "events"]].to_numpy().tolist() == [[1, 1, 1]]


@pytest.mark.parametrize(
    ("failed", "absences"),
    [
        (["reports"], ["failed_to_load"] * 3),
        (["visits"], ["failed_to_load"] * 3),
        (["sites"], ["failed_to_load", "failed_to_load", "none_found"]),
    ],
)
def test_a_table_that_failed_to_load_says_nothing_of_the_ground(
    failed: list[str], absences: list[str]
) -> None:
    found = looked(
        visits(("visited", "a", "2026-01-01", "IPIS")),
        reports(),
        sites(("known", "b")),
        units=["empty", "known", "visited"],
        failed=failed,
    )
    assert found["absence"].tolist() == absences
    if "visits" in failed:
        assert found["site_visited_pct"].isna().all()


def test_an_unknown_table_cannot_fail() -> None:
    with pytest.raises(ValueError, match="write visits, reports or sites"):
        looked(failed=["incidents"])


def test_rows_without_place_or_day_are_refused() -> None:
    with pytest.raises(ValueError, match="reports has a row without unit_id or date"):
        looked(None, reports(("x", None, "radio")))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="window starts"):
        coverage(visits(), reports(), sites(), as_of=START, window_start=AS_OF)


def test_nothing_at_all_gives_no_row() -> None:
    assert looked().empty


def test_quarters_hold_what_was_seen_and_told_in_them() -> None:
    starts = pd.DatetimeIndex(["2026-05-02", "2026-08-02"])
    found = coverage_quarters(
        visits(
            ("x", "a", "2026-05-02", "IPIS"),
            ("x", "b", "2026-08-01", "IPIS"),
            ("x", "a", "2026-05-01", "IPIS"),
        ),
        reports(("x", "2026-08-02", "radio; paper"), ("y", "2026-11-01", None), ("y", "2026-11-02", "radio")),
        as_of=AS_OF,
        quarter_starts=starts,
    )
    rows = {(row.unit_id, str(row.quarter_start)[:10]): row for row in found.itertuples()}
    assert list(rows) == [("x", "2026-05-02"), ("x", "2026-08-02"), ("y", "2026-08-02")]
    first, second, third = rows.values()
    assert (first.visits, first.sites_visited, second.sources, second.events) == (2, 2, 2, 1)
    assert pd.isna(first.events)
    assert pd.isna(second.visits)
    assert (third.events, pd.isna(third.sources)) == (1, True)


def test_quarters_of_nothing_are_no_rows_and_keep_their_columns() -> None:
    starts = pd.DatetimeIndex(["2026-08-02"])
    found = coverage_quarters(visits(), reports(), as_of=AS_OF, quarter_starts=starts, failed=["visits"])
    assert found.empty
    assert {"unit_id", "quarter_start", "visits", "sources", "events"} <= set(found)
    with pytest.raises(ValueError, match="quarter_starts"):
        coverage_quarters(visits(), reports(), as_of=AS_OF, quarter_starts=pd.DatetimeIndex([]))


def test_the_order_of_rows_does_not_matter() -> None:
    seen = visits(*((f"u{i % 7}", f"s{i % 11}", f"2026-0{1 + i % 9}-15", "IPIS") for i in range(60)))
    told = reports(*((f"u{i % 5}", f"2026-0{1 + i % 9}-10", f"p{i % 4}; q") for i in range(60)))
    known = sites(*((f"u{i % 7}", f"s{i % 11}") for i in range(77)))
    mixed = [frame.sample(frac=1, random_state=1) for frame in (seen, told, known)]
    pd.testing.assert_frame_equal(looked(seen, told, known), looked(*mixed))
