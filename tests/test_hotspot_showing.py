"""What a view of hotspots leaves out is said: outlines that vanish, the open one that is not drawn, an empty filter."""

from __future__ import annotations

import pandas as pd
import pytest

from frame import hotspot_showing, hotspot_words
from frame.hotspot_views import View
from tests.made_hotspots import CONFIRMED, REPORTED
from tests.test_hotspot_page import _english_again, opened, release, said
from warehouse import hotspots as asked
from warehouse.release import Release

__all__ = ["_english_again", "release"]


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("worker", "Outlines that pass by this measure: 2 of 3; that vanish: 1."),
        ("both", "Outlines that pass by this measure: 1 of 3; that vanish: 2."),
        ("reports", "Outlines are not drawn by number of reports."),
    ],
)
def test_a_measure_says_how_many_outlines_pass_and_how_many_vanish(
    monkeypatch: pytest.MonkeyPatch, release: Release, measure: str, words: str
) -> None:
    assert words in said(opened(monkeypatch, release, measure=measure))


def test_a_measure_that_all_outlines_pass_by_says_so(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    words = said(opened(monkeypatch, release, measure="share", hotspot_class="confirmed"))
    assert "All outlines pass by this measure." in words


def test_by_number_of_reports_no_outline_is_called_missing_and_the_pill_is_explained(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    words = said(opened(monkeypatch, release, measure="reports"))
    assert "Outlines are not drawn by number of reports. No outline is no finding of safety." in words
    assert "No outline was found" not in words
    assert "*Not enough information* is about the tests" in words
    for query in ({"measure": "reports", "shown": "looked"}, {"measure": "share"}):
        assert "is about the tests" not in said(opened(monkeypatch, release, **query))


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (View(("CHL",), (), "either", ()), "No outline was found."),
        (View((), ("reported",), "share", ()), "No outline passes by this measure: of 1 none stays."),
        (View(("OSH",), ("reported",), "either", ()), "The filters leave no outline; of other classes: 1."),
    ],
)
def test_a_filter_that_leaves_nothing_says_so(release: Release, view: View, words: str) -> None:
    found = asked.hotspots(release, view.category)
    assert view.of(found).empty
    assert hotspot_showing.nothing(view, found) == words


def test_an_empty_filter_is_told_under_the_switches_and_in_place_of_the_table(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    words = said(opened(monkeypatch, release, category="OSH", hotspot_class="reported"))
    assert words.count("The filters leave no outline; of other classes: 1.") == 2


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"measure": "share"}, "a reported hotspot does not pass by this measure."),
        ({"measure": "reports"}, "outlines are not drawn by number of reports."),
        ({"category": "OSH"}, "its category is not among the chosen ones."),
        ({"hotspot_class": "confirmed"}, "its class is not among the chosen ones."),
    ],
)
def test_the_card_of_an_outline_that_is_not_drawn_says_why(
    monkeypatch: pytest.MonkeyPatch, release: Release, query: dict[str, str], words: str
) -> None:
    app = opened(monkeypatch, release, at=f"hotspot:{REPORTED}", **query)
    assert [warning.value for warning in app.warning] == [f"This outline is not on the map: {words}"]


def test_the_card_of_an_outline_that_is_drawn_says_no_such_thing(
    monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    assert not opened(monkeypatch, release, at=f"hotspot:{REPORTED}", measure="worker").warning
    assert not opened(monkeypatch, release, at=f"hotspot:{CONFIRMED}", measure="both").warning


def test_the_cells_with_enough_reports_only_because_they_lie_in_an_outline_are_named_as_such() -> None:
    cells = pd.DataFrame({"enough_count": [0, 0, 1, 2], "no_excess_count": [0, 0, 0, 0]})
    assert hotspot_words._silent(cells, 13) == [
        "2 of 4 cells with workers: not enough information in any category",
        "2 of 4: in an outline",
    ]
    assert hotspot_words._silent(cells.iloc[:3], 1) == [
        "2 of 3 cells with workers: not enough information",
        "1 of 3: in an outline",
    ]
    cleared = cells.assign(no_excess_count=[0, 0, 0, 2])
    assert len(hotspot_words._silent(cleared, 13)) == 1
