from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.made_tables import places, publish_tables, rejected
from warehouse.compare import changed_rows, compare
from warehouse.release import Release, open_release


def two(tmp_path: Path, before: dict, after: dict) -> tuple[Release, Release]:
    ids = [publish_tables(tmp_path, before), publish_tables(tmp_path, after, content="b")]
    a, b = (open_release("open", release_id=release_id, releases_dir=tmp_path) for release_id in ids)
    return a, b


def counts(frame: pd.DataFrame, table: str) -> tuple[int, ...]:
    row = frame.set_index("table").loc[table]
    return tuple(int(row[name]) for name in ("added", "removed", "changed", "unchanged"))


def test_rows_added_removed_changed_and_unchanged_are_told_apart(tmp_path: Path) -> None:
    a, b = two(
        tmp_path,
        {"places": places("Kolwezi@25.5", "Likasi", "Fungurume")},
        {"places": places("Kolwezi@25.6", "Likasi", "Fungurume", "Kasumbalesa")},
    )
    assert counts(compare(a, b), "places") == (1, 0, 1, 2)
    assert counts(compare(b, a), "places") == (0, 1, 1, 2)
    assert changed_rows(a, b, "places").fillna("-").to_dict("records") == [
        {"place_id": "p0", "change": "changed", "columns": "lon"},
        {"place_id": "p3", "change": "added", "columns": "-"},
    ]


def test_absence_and_an_empty_text_are_different_values(tmp_path: Path) -> None:
    a, b = two(tmp_path, {"places": places("a")}, {"places": places("a").assign(note="", lat=1.0)})
    assert list(changed_rows(a, b, "places")["columns"]) == ["lat; note"]


def test_a_release_compared_with_itself_has_no_change(tmp_path: Path) -> None:
    a, _ = two(tmp_path, {"places": places("a", "b")}, {"places": places("a")})
    result = compare(a, a)
    assert counts(result, "places") == (0, 0, 0, 2)
    assert result[["added", "removed", "changed"]].to_numpy().sum() == 0
    assert changed_rows(a, a, "places").empty


def test_a_table_that_one_release_lacks_is_wholly_added_or_removed(tmp_path: Path) -> None:
    a, b = two(
        tmp_path,
        {"places": places("a")},
        {"places": places("a"), "rejected_row": rejected("no number")},
    )
    assert counts(compare(a, b), "rejected_row") == (1, 0, 0, 0)
    assert counts(compare(b, a), "rejected_row") == (0, 1, 0, 0)
    assert list(changed_rows(b, a, "rejected_row")["change"]) == ["removed"]
    assert changed_rows(a, b, "sites").empty
    assert list(compare(a, b)["table"]) == ["places", "rejected_row", "metadata"]


def test_rows_without_a_whole_key_and_rows_that_share_one_are_compared_too(tmp_path: Path) -> None:
    twice = pd.concat([rejected("no number"), rejected("out of range")])
    nameless = rejected("whole row").assign(column_name=None)
    a, b = two(
        tmp_path,
        {"rejected_row": pd.concat([twice, nameless])},
        {"rejected_row": pd.concat([nameless, twice.assign(reason=["no number", "too far"])])},
    )
    assert counts(compare(a, a), "rejected_row") == (0, 0, 0, 2)
    assert counts(compare(a, b), "rejected_row") == (0, 0, 1, 1)


def test_comparing_leaves_both_releases_open_for_readers(tmp_path: Path) -> None:
    a, b = two(tmp_path, {"places": places("a")}, {"places": places("a", "b")})
    assert len(a.query("SELECT * FROM places")) == 1
    compare(a, b)
    assert len(b.query("SELECT * FROM places")) == 2
