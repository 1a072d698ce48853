"""What is asked about hotspots, and how an answer is put into words: no ratio on little, no cell lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h3
import pandas as pd
import pytest

from frame import hotspot_tables, hotspot_words
from risk.texts import speak
from tests.made_hotspots import CELLS, CONFIRMED, REPORTED, event, hotspot, release_with, theme_test
from warehouse import hotspots as asked
from warehouse.release import Release


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    speak("en")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """One hotspot of each class, and the cells around them."""
    return release_with(tmp_path_factory.mktemp("hotspots"))


def row_of(release: Release, hotspot_id: str) -> dict[Any, Any]:
    row: dict[Any, Any] = asked.hotspot(release, hotspot_id).to_dict("records")[0]
    return row


def test_grade_d_and_cells_that_differ_by_chance_alone_have_no_ratio(tmp_path: Path) -> None:
    rows = [hotspot(grade="D"), hotspot(REPORTED, CELLS[1], is_pooled=True, rr=1.0)]
    release = release_with(tmp_path, hotspots=rows)
    weak, pooled = row_of(release, CONFIRMED), row_of(release, REPORTED)
    assert weak["is_weak"]
    assert not pooled["is_weak"]
    assert "too weakly supported for a ratio" in hotspot_words.excess(weak)
    assert hotspot_words.ratio(weak) == "too weakly supported"
    assert "differ by no more than chance" in hotspot_words.excess(pooled)
    assert hotspot_words.ratio(pooled) == "no more than chance"
    assert not any("times what" in hotspot_words.excess(row) for row in (weak, pooled))


def test_the_test_of_a_category_says_what_it_left_out_and_whether_there_is_any_cluster() -> None:
    row = theme_test("OSH", vague_count=7, no_workers_count=2, scan_note=None)
    assert hotspot_tables._untested(row) == ("7: place known to a province at best, 2: no known workers near")
    assert hotspot_tables._scan(row).startswith("likely")
    assert hotspot_tables._scan(row | {"scan_p": 0.4}).startswith("not shown")
    assert hotspot_tables._scan(row | {"scan_p": None, "scan_note": "too few events for a scan"}) == (
        "too few events for a scan"
    )


def test_a_hotspot_is_told_in_french_with_french_numbers(release: Release) -> None:
    speak("fr")
    row = row_of(release, CONFIRMED)
    assert hotspot_words.excess(row) == (
        "Environ 3,0 fois ce que laisserait attendre le nombre de travailleurs (probablement 2,0 à 4,6), et une "
        "part de tous les signalements plus grande qu’ailleurs."
    )
    assert hotspot_words.draws(row["stability"]) == "19 des 20"
    assert hotspot_words.chance(0.000021) == "2,1 × 10⁻⁵"


def test_a_cell_counts_its_located_reports_of_the_window_once(release: Release) -> None:
    counts = asked.cells(release).set_index("cell")["report_count"]
    assert counts[CELLS[0]] == 5
    assert asked.cells(release, ("SEC",)).set_index("cell")["report_count"][CELLS[0]] == 1


def test_cells_with_equally_many_reports_come_in_together_or_not_at_all(tmp_path: Path) -> None:
    cells = [h3.latlng_to_cell(-10.7, 24.0 + 0.2 * n, 6) for n in range(12)]
    alike = [event(n, cell) for n, cell in enumerate(cells)]
    release = release_with(tmp_path, events=alike, event_records=[], hotspot_events=[])
    assert asked.top_cells(release)["cell_count"].iloc[0] == 0
    more = [*alike, *(event(20 + n, cells[n]) for n in range(3))]
    release = release_with(tmp_path / "more", events=more, event_records=[], hotspot_events=[])
    assert asked.top_cells(release)["cell_count"].iloc[0] == 3


def many_cells(count: int) -> pd.DataFrame:
    middle = h3.latlng_to_cell(-10.7, 25.5, 6)
    cells = sorted(h3.grid_disk(middle, 40))[:count]
    return pd.DataFrame(
        {
            "cell": cells,
            "report_count": pd.array([1 if n % 3 == 0 else pd.NA for n in range(count)], dtype="Int64"),
            "test_count": 13,
            "enough_count": 0,
            "last_visit_on": pd.Timestamp("2026-01-01"),
            "weeks_without_signal": range(count),
            "sources": 2,
        }
    )


def test_more_cells_than_a_map_can_draw_are_joined_and_none_is_lost() -> None:
    rows = many_cells(3_000)
    wide = asked.fitting(rows)
    assert len(wide) <= asked.MOST_CELLS
    assert wide["report_count"].sum() == rows["report_count"].sum()
    assert wide["test_count"].sum() == rows["test_count"].sum()
    assert wide["weeks_without_signal"].min() == 0
    assert "sources" not in wide


def test_few_cells_stay_as_they_are_and_joined_ones_keep_what_is_missing() -> None:
    rows = many_cells(9)
    assert asked.fitting(rows).equals(rows)
    silent = rows.assign(report_count=pd.array([pd.NA] * 9, dtype="Int64"))
    assert asked.fitting(silent, 3)["report_count"].isna().all()


def test_a_hotspot_that_is_not_there_has_no_row(release: Release) -> None:
    assert asked.hotspot(release, "nobody").empty
    assert asked.hotspot_events(release, "' OR 1=1 --").empty
