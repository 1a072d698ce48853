"""How many made duplicates are found, and how many of the found are true."""

from __future__ import annotations

import pandas as pd
import pytest

from risk.duplicates import find_events
from tests.made_reports import NO_DECISIONS, made_reports

SEEDS = range(6)


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    """Reports of all seeds with the event found for each, and whether it is that of the first report."""
    parts = []
    for seed in SEEDS:
        reports = made_reports(seed)
        found = find_events(reports.drop(columns=["event", "told"]), NO_DECISIONS)
        event = found.event_records.set_index("incident_id")["event_id"]
        reports = reports.assign(seed=seed, found=reports["incident_id"].map(event))
        first = reports[reports["told"] == "original"].set_index("event")["found"]
        parts.append(reports.assign(is_found=reports["found"] == reports["event"].map(first)))
    return pd.concat(parts, ignore_index=True)


def pairs(told: pd.DataFrame, *by: str) -> int:
    sizes = told.groupby(list(by)).size()
    return int((sizes * (sizes - 1) // 2).sum())


def test_what_is_called_one_event_is_one(told: pd.DataFrame) -> None:
    called = pairs(told, "seed", "found")
    assert called > 1_000
    assert pairs(told, "seed", "found", "event") >= 0.98 * called


@pytest.mark.parametrize(
    ("ways", "share"),
    [
        (["copy"], 1.0),
        (["reworded"], 0.9),
        (["reworded", "headline", "follow_up"], 0.9),
        (["follow_up"], 0.9),
        (["translated"], 0.6),
    ],
)
def test_a_duplicate_is_found_however_it_is_told(told: pd.DataFrame, ways: list[str], share: float) -> None:
    again = told[told["told"].isin(ways)]
    assert len(again) > 90
    assert again["is_found"].mean() >= share


def test_an_event_that_looks_like_another_stays_apart(told: pd.DataFrame) -> None:
    firsts = told[told["told"] == "original"]
    other = firsts[firsts["event"] % 2 == 1]
    beside = other.assign(event=other["event"] - 1).merge(firsts, on=["seed", "event"])
    assert len(beside) > 400
    assert (beside["found_x"] == beside["found_y"]).mean() <= 0.02


def test_every_theme_has_its_stories(told: pd.DataFrame) -> None:
    themes = told["categories"].str.split("; ").explode()
    assert themes.nunique() == 13
    assert told["categories"].str[:3].nunique() == 13
