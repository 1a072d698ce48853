"""What becomes of reports that are one event: reviews, the event they make, refusals, and what never matters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from risk.duplicates import countable, find_events
from risk.errors import InputError
from risk.texts import translate
from tests.made_pairs import NO_TOLL, TEXT, decided, find, frame, report
from tests.made_reports import NO_DECISIONS, made_reports
from warehouse.release import Release

MADE = made_reports(7, events=20).drop(columns=["event", "told"])


def test_a_review_goes_before_every_rule() -> None:
    rows = (report("a"), report("b"), report("c", lon=26.4, site_id="site-9", summary="A flood."))
    found = find(*rows, decisions=decided(("b", "a", "different"), ("a", "c", "same")))
    event = found.event_records.set_index("incident_id")["event_id"]
    assert event["a"] == event["c"] != event["b"]
    assert "one event, decided by review" in set(found.event_records["reason"])


def test_a_copy_does_not_undo_a_review() -> None:
    rows = (report("a"), report("b", summary=TEXT + " Rescue went on."), report("c"))
    for pair in (("a", "b", "different"), ("a", "c", "different")):
        event = find(*rows, decisions=decided(pair)).event_records.set_index("incident_id")["event_id"]
        assert event[pair[0]] != event[pair[1]]


@pytest.mark.parametrize(
    "rows",
    [
        [("a", "b", "same"), ("b", "a", "different")],
        [("a", "b", "same"), ("b", "c", "same"), ("a", "c", "different")],
        [("a", "a", "different")],
    ],
)
def test_a_review_that_contradicts_itself_is_refused(rows: list[tuple[str, str, str]]) -> None:
    with pytest.raises(InputError, match=r"event_matches\.csv: .* Next: change the row"):
        find(report("a"), report("b"), report("c"), decisions=decided(*rows))


def test_a_review_of_records_that_are_not_here_is_passed_over() -> None:
    assert len(find(report("a"), decisions=decided(("a", "x", "same"))).events) == 1
    with pytest.raises(InputError, match="'maybe' is no decision"):
        find(report("a"), decisions=decided(("a", "x", "maybe")))


def test_the_event_takes_the_best_of_each_report() -> None:
    event = find(
        report("b", categories="OSH; LAB", place_precision="locality", killed_low=8, killed_high=11)
        | {"verification": "corroborated", "site_id": None, "date_end": "2024-03-05"},
        report("a", categories="LAB; OSH; CHL", reported_on="2024-03-04", killed_best=10, killed_high=10),
    ).events.iloc[0]
    assert (event["event_id"], event["incident_id"]) == ("evt-a", "b")
    assert event["categories"] == "OSH; CHL; LAB"
    assert (event["killed_low"], event["killed_best"], event["killed_high"]) == (8, 9, 11)
    assert event["killed_incident_id"] == "b"
    assert (event["place_precision"], event["site_id"]) == ("site", "site-1")
    assert event["date_end"] == pd.Timestamp("2024-03-04")
    assert event["reported_on"] == pd.Timestamp("2024-03-04")
    assert (event["record_count"], event["source_count"]) == (2, 2)
    assert event["source_groups"] == "outlet of a; outlet of b"


@pytest.mark.parametrize(
    ("states", "groups", "state"),
    [
        (("single_source", "unverified"), ("x", "y"), "corroborated"),
        (("single_source", "unverified"), ("x", "x"), "single_source"),
        (("single_source", "disputed"), ("x", "y"), "disputed"),
        (("verified", "disputed"), ("x", "y"), "verified"),
        (("retracted", "single_source"), ("x", "y"), "single_source"),
        (("retracted", "retracted"), ("x", "y"), "retracted"),
    ],
)
def test_the_state_of_an_event_follows_from_its_reports(
    states: tuple[str, str], groups: tuple[str, str], state: str
) -> None:
    rows = [
        report(name, verification=one, source_groups=group)
        for name, one, group in zip("ab", states, groups, strict=True)
    ]
    (found,) = find(*rows).events["verification"]
    assert found == state


def test_an_event_of_one_report_says_what_the_report_says() -> None:
    event = find(report("a", source_groups=None, **NO_TOLL)).events.iloc[0]
    assert (event["verification"], event["record_count"]) == ("single_source", 1)
    assert pd.isna(event["source_count"])
    assert pd.isna(event["killed_low"])
    assert pd.isna(event["killed_incident_id"])


def test_the_reason_is_a_text_with_its_numbers() -> None:
    records = find(report("a"), report("b", summary=TEXT + " More soon.", lon=25.41)).event_records
    best, same = records.sort_values("role").to_dict("records")
    assert best["reason"] == "the best verified and best placed of its reports"
    text = translate(same["reason"]).format(**same)
    assert "% alike" in text
    assert "1.1 km" in text
    assert 0 < same["score"] <= 100


def test_measures_of_authorities_and_retracted_reports_do_not_count() -> None:
    rows = frame(*(report(name) for name in "abc")).assign(
        record_kind=["event", "regulatory_measure", "event"],
        verification=["single_source", "single_source", "retracted"],
    )
    assert list(countable(rows)["incident_id"]) == ["a"]
    with pytest.raises(ValueError, match="record_kind"):
        countable(rows.drop(columns="record_kind"))


def test_nothing_and_one_report_are_answered() -> None:
    assert find().events.empty
    assert find().event_records.empty
    found = find(report("a"))
    assert list(found.events["event_id"]) == ["evt-a"]
    assert list(found.event_records["role"]) == ["best"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (frame(report("a")).drop(columns="summary"), "no column summary"),
        (frame(report("a"), report("a")), "incident_id 'a' is missing or repeated"),
        (frame(report("a", date_end="2024-03-03")), "a: date_start and date_end"),
        (frame(report("a", date_end=None)), "a: date_start and date_end"),
    ],
)
def test_what_cannot_be_used_is_refused(rows: pd.DataFrame, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        find_events(rows, NO_DECISIONS)


HARSH = st.text(st.characters(codec="utf-8"), max_size=60)


@settings(max_examples=25, deadline=None)
@given(a=HARSH, b=HARSH, place=HARSH)
def test_no_text_breaks_it(a: str, b: str, place: str) -> None:
    rows = [
        report("a", summary=a, place_name=place),
        report("b", summary=b, summary_fr=a, source_groups=b),
        report("c", summary=f"{a} {b}\x1e 999999999999999999999999 {place}", source_urls=a),
    ]
    assert find(*rows).events["record_count"].sum() == 3


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 1_000))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    shuffled = MADE.iloc[np.random.default_rng(seed).permutation(len(MADE))]
    first, second = (find_events(rows, NO_DECISIONS) for rows in (MADE, shuffled))
    pd.testing.assert_frame_equal(first.events, second.events)
    pd.testing.assert_frame_equal(first.event_records, second.event_records)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 1_000), share=st.floats(0.01, 1.0))
def test_an_exact_copy_of_rows_changes_no_event(seed: int, share: float) -> None:
    copies = MADE.sample(frac=share, random_state=seed)
    # Copies before and after: the smaller id is now the copy's, now the original's.
    ids = [f"{'aaa' if at % 2 else 'zzz'}-{at}" for at in range(len(copies))]
    both = pd.concat([MADE, copies.assign(incident_id=ids)], ignore_index=True)
    first, second = (find_events(rows, NO_DECISIONS) for rows in (MADE, both))
    assert len(first.events) == len(second.events)
    event = second.event_records.set_index("incident_id")["event_id"]
    assert (event[ids].to_numpy() == event[copies["incident_id"]].to_numpy()).all()
    old = first.event_records.groupby("event_id")["incident_id"].agg(frozenset)
    known = second.event_records[second.event_records["incident_id"].isin(MADE["incident_id"])]
    assert set(old) == set(known.groupby("event_id")["incident_id"].agg(frozenset))


def open_reports(release: Release) -> pd.DataFrame:
    """The 101 records of the open edition with their sources."""
    return release.query(
        """SELECT i.*, concat_ws('; ', i.category, i.secondary_categories) AS categories,
                  i.extent_radius_m AS radius_m, i.date_start AS reported_on,
                  (SELECT string_agg(DISTINCT publisher, '; ') FROM citations c
                   WHERE c.table_name = 'incidents' AND c.record_id = i.incident_id) AS source_groups,
                  (SELECT string_agg(DISTINCT url, '; ') FROM citations c
                   WHERE c.table_name = 'incidents' AND c.record_id = i.incident_id) AS source_urls
           FROM (SELECT * EXCLUDE (reported_on) FROM incidents) i ORDER BY incident_id""",
        {},
    )


def test_the_open_records_are_one_row_an_event_already(open_release: Release) -> None:
    found = find_events(open_reports(open_release), NO_DECISIONS)
    assert found.event_records.loc[found.event_records["role"] == "same", "incident_id"].tolist() == []
    assert len(found.events) == 101


def test_each_open_record_is_found_again_in_its_french(open_release: Release) -> None:
    english = open_reports(open_release).assign(summary_fr=None, source_urls=None, **NO_TOLL, injured=None)
    french = english.assign(
        summary=open_reports(open_release)["summary_fr"],
        incident_id=english["incident_id"] + "-fr",
        source_groups="another",
    )
    found = find_events(pd.concat([english, french], ignore_index=True), NO_DECISIONS)
    event = found.event_records.set_index("incident_id")["event_id"]
    is_found = event[english["incident_id"]].to_numpy() == event[french["incident_id"]].to_numpy()
    assert is_found.mean() >= 0.9
    sizes = found.events["record_count"]
    assert is_found.sum() >= 0.98 * (sizes * (sizes - 1) // 2).sum()
