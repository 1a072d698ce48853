"""Which reports are one event: what speaks for it, and what against it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.made_pairs import NO_TOLL, TEXT, find, frame, report


def count(**change: Any) -> int:
    return len(find(report("a"), report("b", **change)).events)


def test_the_same_words_on_the_same_day_are_one_event() -> None:
    assert count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "A gallery collapsed at Kamilombe overnight; 9 artisanal miners were killed.",
        "Neuf creuseurs ont péri dans l’éboulement d’une galerie à Kamilombe, dans la nuit.",
        "Kamilombe: nine dead in tunnel collapse",
    ],
)
def test_other_words_and_another_language_can_tell_of_the_same_event(text: str) -> None:
    assert count(summary=text) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"categories": "ENV"},
        {"lon": 25.55, "site_id": None},
        {"lon": 25.55, "site_id": "site-2", "place_precision": "locality"},
        {"date_start": "2024-03-12", "date_end": "2024-03-12"},
        {"killed_low": 14, "killed_best": 14, "killed_high": 14},
        {"summary": "Diggers of Kamilombe went on strike over the price of ore."},
        {"summary": TEXT.replace("Nine", "Fourteen"), "date_start": "2024-03-06", "date_end": "2024-03-06"}
        | dict.fromkeys(("killed_low", "killed_best", "killed_high")),
        {"territory_pcode": "CD0709", "place_precision": "territory", "site_id": None, "place_name": None},
    ],
    ids=["theme", "distance", "sites", "days", "toll", "story", "numbers on another day", "territory"],
)
def test_what_contradicts_keeps_two_reports_apart(change: dict[str, Any]) -> None:
    assert count(**change) == 2


def test_tolls_within_each_others_published_ranges_do_not_contradict() -> None:
    assert count(killed_low=8, killed_best=11, killed_high=11) == 1


def test_a_follow_up_with_a_raised_toll_is_the_same_event() -> None:
    raised = {"killed_low": 12, "killed_best": 12, "killed_high": 12, "reported_on": "2024-03-07"}
    text = f"{TEXT} The toll has risen to twelve."
    assert count(**raised, summary=text) == 1
    assert count(**raised, summary=TEXT) == 2
    assert count(**raised | {"reported_on": "2024-03-04"}, summary=text) == 2


def test_the_same_source_is_not_enough_where_the_text_contradicts() -> None:
    other = "Police fired tear gas at a march of traders in Kamilombe; 31 were arrested."
    assert count(source_groups="outlet of a", summary=other, **NO_TOLL) == 2


def test_the_same_address_is_the_same_event_unless_it_looks_back_on_several() -> None:
    same = {"source_urls": "https://example.org/a", "summary": "Deuil à la mine."}
    assert count(**same) == 1
    month = {"date_start": "2024-03-01", "date_end": "2024-03-31"}
    assert count(**same, **month, killed_low=2, killed_best=2, killed_high=2) == 2


def test_the_address_of_a_whole_site_joins_nothing() -> None:
    home = {"source_urls": "https://example.org/"}
    found = find(report("a", **home), report("b", **home, summary="A bridge was repaired.", **NO_TOLL))
    assert len(found.events) == 2


def test_an_uncertain_place_counts_as_near_as_its_precision_allows() -> None:
    far = {"lon": 25.40 + 30 / 109.3, "site_id": None, "place_name": None}
    assert count(**far) == 2
    assert count(**far, place_precision="sector") == 1
    assert count(**far, place_precision="sector", radius_m=5_000) == 2


def test_a_report_known_to_its_territory_only_can_be_one_of_that_territory() -> None:
    vague = {"place_precision": "territory", "lon": 26.4, "site_id": None, "place_name": None}
    assert count(**vague) == 1
    both = [report(one, **vague, summary="Accident à la mine.", **NO_TOLL) for one in "ab"]
    assert len(find(both[0], both[1] | {"summary": "Accident at the mine."}).events) == 2


def test_a_report_without_a_place_is_known_by_its_very_words() -> None:
    nowhere = {"place_precision": "none", "lon": None, "lat": None, "territory_pcode": None, "site_id": None}
    assert count(**nowhere, place_name=None) == 1
    assert count(**nowhere, place_name=None, summary=TEXT.replace("Nine", "Some")) == 2


def test_an_event_does_not_chain_beyond_seven_days() -> None:
    days = [report(f"r{at}", date_start=f"2024-03-{day:02d}", date_end=f"2024-03-{day:02d}") for at, day in
            enumerate(range(1, 25))]  # fmt: skip
    found = find(*days)
    rows = frame(*days).merge(found.event_records, on="incident_id").groupby("event_id")["date_start"]
    assert (rows.max() - rows.min()).dt.days.max() <= 7
    assert len(found.events) >= 3


def test_an_event_does_not_chain_beyond_ten_kilometres() -> None:
    line = [report(f"r{at}", lon=25.4 + at * 4 / 109.3, site_id=None) for at in range(8)]
    found = find(*line)
    rows = frame(*line).merge(found.event_records, on="incident_id").groupby("event_id")["lon"]
    assert (rows.max() - rows.min()).max() * 109.3 <= 10.1
    assert 2 < len(found.events) < 8


def test_reports_that_say_nothing_are_not_one_event() -> None:
    silent = {
        "summary": None,
        "source_urls": None,
        "source_groups": None,
        "place_name": None,
        "site_id": None,
    }
    year = {"date_start": "2026-01-01", "date_end": "2026-12-31", "place_precision": "territory", **NO_TOLL}
    assert len(find(report("a", **silent, **year), report("b", **silent, **year)).events) == 2
    two = find(report("a", **silent), report("b", **silent, killed_low=2, killed_best=2, killed_high=2))
    assert len(two.events) == 2


def test_a_list_of_categories_needs_no_space_and_may_hold_an_unknown_one() -> None:
    found = find(report("a", categories="OSH;LAB"), report("b", categories="LAB; XYZ; CHL"))
    assert found.events["categories"].tolist() == ["OSH; CHL; LAB; XYZ"]
