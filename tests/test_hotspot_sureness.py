"""The card of a hotspot says how sure it is in words that hold: its range, its counts, what it lacks, how it was cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from frame import hotspot_doubts, hotspot_words
from risk.method import METHOD
from tests.made_hotspots import CELLS, CONFIRMED, DISTINCTIVE, REPORTED, hotspot, release_with
from tests.test_hotspot_page import _english_again, opened, release, row_of, said
from warehouse.release import Release

__all__ = ["_english_again", "release"]


def figure(test: str, setting: str, name: str, value: float, version: str = METHOD.version) -> dict[str, Any]:
    """Return a row of `method_figures`."""
    ends = {"low": value - 0.1, "high": min(value + 0.1, 1.0)}
    made = {"runs": 30, "method_version": version, "measured_on": pd.Timestamp("2026-11-01")}
    return {"test": test, "setting": setting, "figure": name, "value": value, **ends, **made}


def figures(version: str = METHOD.version) -> list[dict[str, Any]]:
    """Return how often confirmed hotspots and distinctive themes were right, and their ranges."""
    return [
        figure("words", "confirmed", "outlines, truly above the rate of the belt", 0.97, version),
        figure("words", "confirmed", "outlines, truly at twice the rate", 0.73, version),
        figure("words", "distinctive", "outlines, truly a larger part of all events", 0.9, version),
        figure("intervals", "windows drawn as confirmed", "hold the told rate", 0.71, version),
        figure("intervals", "windows drawn as confirmed", "hold the true rate", 0.52, version),
        figure("intervals", "windows drawn as distinctive", "hold the told rate", 0.6, version),
        figure("intervals", "windows drawn as distinctive", "hold the true rate", 0.6, version),
    ]


def test_the_card_says_how_often_its_word_and_its_range_were_right(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    release = release_with(tmp_path, method_figures=figures())
    words = said(opened(monkeypatch, release, at=f"hotspot:{CONFIRMED}"))
    assert "97\u00a0% (87–100) truly above average" in words
    assert "73\u00a0% (63–83) truly at twice the rate" in words
    assert (
        "the range held the rate of what is told in 71\u00a0% (61–81) of cases, the true rate in 52\u00a0% (42–62)"
        in words
    )
    assert "measured by method" not in words
    words = said(opened(monkeypatch, release, at=f"hotspot:{DISTINCTIVE}"))
    assert "90\u00a0% (80–100) truly a larger part of all events" in words
    assert "the range held" not in words  # it gives no ratio
    words = said(opened(monkeypatch, release, at=f"hotspot:{REPORTED}"))
    assert "On made maps" not in words  # not measured here


def test_the_card_says_where_its_figures_are_of_another_method(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    release = release_with(tmp_path, method_figures=figures("1"))
    words = said(opened(monkeypatch, release, at=f"hotspot:{CONFIRMED}"))
    assert f"measured by method 1; this release was made by method {METHOD.version}" in words


def test_only_a_confirmed_hotspot_has_a_likely_range(release: Release) -> None:
    reported, confirmed = (hotspot_words.excess(row_of(release, one)) for one in (REPORTED, CONFIRMED))
    assert "(by chance alone 2.0 to 4.6)" in reported
    assert "likely" not in reported
    assert "(likely 2.0 to 4.6)" in confirmed


def test_the_card_says_which_count_its_ratio_rests_on_where_there_are_two(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [hotspot(observed=12.5), hotspot(REPORTED, CELLS[1])]
    release = release_with(tmp_path, hotspots=rows)
    words = said(opened(monkeypatch, release, at=f"hotspot:{CONFIRMED}"))
    assert (
        "14 lie here in at least half of the draws of vague places; 12.5 on the middle draw, on which the test and "
        "the ratio rest" in words
    )
    assert "the ratio is smoothed: drawn towards 1" in words
    words = said(opened(monkeypatch, release, at=f"hotspot:{REPORTED}"))
    assert "the middle draw" not in words
    assert "the ratio is smoothed: drawn towards 1" in words


def test_the_table_of_reports_says_which_of_its_rows_are_not_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inside = dict.fromkeys(range(5), 1.0) | {10: 0.2}
    shares = [{"hotspot_id": CONFIRMED, "event_id": f"evt-{n}", "share": part} for n, part in inside.items()]
    release = release_with(tmp_path, hotspots=[hotspot()], hotspot_events=shares)
    words = said(opened(monkeypatch, release, at=f"hotspot:{CONFIRMED}"))
    assert "1 of them lie in the outline in fewer than half of the draws" in words
    assert "They are not among the 5 above." in words


def doubts(**changes: Any) -> list[str]:
    row = {
        "hotspot_class": "reported",
        "p_share": 0.04,
        "p_cutoff_share": 0.001,
        "observed": 14.0,
        "report_count": 20.0,
        "expected_of_reports": 5.0,
        "source_count": 4,
        "stability": 0.95,
    }
    return hotspot_doubts._other_test(row | changes)


def test_a_larger_share_is_asked_for_only_where_there_can_be_one() -> None:
    (partly,) = doubts()
    assert partly.endswith("A larger share is needed to confirm it.")
    wholly, lacking = doubts(observed=4.0, report_count=4.0, expected_of_reports=1.92)
    assert "though all 4 reports here are of this category, where about 1.9 would be usual" in wholly
    assert "More of them would, or more reports of other categories elsewhere." in wholly
    assert "larger share" not in wholly.lower()
    assert lacking == "To be confirmed it also lacks: reports (4 of 5)."


def test_what_keeps_a_hotspot_from_being_confirmed_is_named() -> None:
    passes = {"p_share": 0.0001}
    assert doubts(**passes, source_count=1, stability=0.55) == [
        "It passes by share too; to be confirmed it lacks: independent sources (1 of 2), draws in which it passes "
        "(11 of 20, not 16 of 20)."
    ]
    (stricter,) = doubts(**passes)
    assert "both tests at once are stricter, and take 16 of 20 draws" in stricter


@pytest.mark.parametrize(("count", "is_caveat"), [(1, True), (2, True), (3, False), (5, False)])
def test_a_hotspot_of_one_way_to_cut_the_map_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, count: int, is_caveat: bool
) -> None:
    release = release_with(tmp_path, hotspots=[hotspot(holds_in=count, grade="A")])
    app = opened(monkeypatch, release, at=f"hotspot:{CONFIRMED}")
    assert ("Only found when the map is cut like this." in said(app)) == is_caveat
    (table,) = (part.value for part in app.dataframe if "holds" in part.value)
    assert table["holds"].tolist() == [f"{count} of 5" + ", only when cut like this" * is_caveat]
    columns = list(table.columns)
    assert columns.index("ratio") + 1 == columns.index("holds") == columns.index("grade") - 1


def test_small_chances_can_be_compared_with_their_cut_off() -> None:
    told = {
        0.0031: "0.0031",
        0.00015: "0.00015",
        2.07e-8: "2.1 × 10⁻⁸",
        9.96e-8: "1.0 × 10⁻⁷",
        7e-17: "7.0 × 10⁻¹⁷",
    }
    assert {p: hotspot_words.chance(p) for p in told} == told
    assert hotspot_words.chance(0.0) == "< 10⁻⁹⁹"
