"""An area is three numbers, never one, and nothing takes an urgent finding away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from risk.areas import area_scores
from risk.uncertainty import Draws, draw_scores
from tests.made_evidence import finding, seen


def sites(*rows: tuple[str, str | None, float | None, float | None, float | None]) -> pd.DataFrame:
    columns = ["site_id", "area_id", "workers_exposed", "score", "assessed_age_months"]
    frame = pd.DataFrame(list(rows), columns=columns)
    return frame.astype({"workers_exposed": "Float64", "score": "Float64", "assessed_age_months": "Float64"})


def findings(site_id: str, **more: object) -> pd.DataFrame:
    urgent = {"site_id": site_id, "track": "immediate", "verification": "verified", "is_open": True}
    return pd.DataFrame([{**urgent, **more}])


def area(frame: pd.DataFrame, area_id: str = "north") -> pd.Series:
    return frame.set_index("area_id").loc[area_id]


def drawn(site_ids: list[str], scores: list[list[float]]) -> Draws:
    return Draws(site_ids, np.array(scores), pd.DataFrame())


def test_an_area_weighs_its_sites_by_workers() -> None:
    found = area(
        area_scores(
            sites(
                ("a", "north", 300, 20, 3),
                ("b", "north", 100, 80, 24),
                ("c", "north", 100, None, None),
                ("d", "north", None, 90, 1),
                ("e", "south", 50, 70, 18),
            )
        )
    )
    assert found["mean_score"] == 35
    assert found["burden_workers"] == 100
    assert found["assessed_workers_pct"] == 60
    assert (found["site_count"], found["scored_site_count"], found["workers_exposed"]) == (4, 3, 500)
    assert found["area_state"] == "scored"


def test_seventy_is_a_burden_and_eighteen_months_are_covered() -> None:
    rows = sites(("a", "north", 10, 70, 18), ("b", "south", 10, 69.99, 18.1))
    found = area_scores(rows)
    assert area(found)[["burden_workers", "assessed_workers_pct"]].tolist() == [10, 100]
    assert area(found, "south")[["burden_workers", "assessed_workers_pct"]].tolist() == [0, 0]


def test_an_area_without_a_scored_site_is_not_an_area_without_risk() -> None:
    rows = sites(("a", "north", 300, None, None), ("b", "south", None, 50, 2), ("c", None, 5, 50, 2))
    found = area_scores(rows, areas=["north", "south", "west"])
    assert found["area_id"].tolist() == ["north", "south", "west"]
    assert set(found["area_state"]) == {"insufficient"}
    assert found[["mean_score", "burden_workers"]].isna().all(axis=None)
    assert area(found)["assessed_workers_pct"] == 0
    assert pd.isna(area(found, "south")["assessed_workers_pct"])
    assert area(found, "west").drop(["area_state", "has_immediate_finding"]).isna().all()


@pytest.mark.parametrize("score", [0, None])
def test_an_urgent_finding_raises_a_flag_that_no_mean_takes_away(score: float | None) -> None:
    rows = sites(("a", "north", 5, score, 1), ("b", "north", 100_000, 0, 1), ("c", "south", 5, 90, 1))
    found = area_scores(rows, findings("a"))
    assert area(found)["has_immediate_finding"]
    assert area(found)["immediate_count"] == 1
    assert not area(found, "south")["has_immediate_finding"]
    assert pd.isna(area(found, "south")["immediate_count"])


@pytest.mark.parametrize(
    "more", [{"is_open": False}, {"verification": "corroborated"}, {"track": "mitigate"}]
)
def test_only_open_verified_findings_of_the_immediate_track_raise_it(more: dict[str, object]) -> None:
    found = area_scores(sites(("a", "north", 5, 10, 1)), findings("a", **more))
    assert not area(found)["has_immediate_finding"]


def test_a_finding_at_an_unknown_site_is_not_lost() -> None:
    with pytest.raises(ValueError, match="at nowhere, which is not among the sites"):
        area_scores(sites(("a", "north", 5, 10, 1)), findings("nowhere"))


def test_intervals_come_from_the_draws_of_the_same_sites() -> None:
    rows = sites(("b", "north", 100, 80, 1), ("a", "north", 300, 20, 1), ("c", "south", 5, None, 1))
    draws = drawn(["a", "b", "c"], [[10, 30], [60, 90], [np.nan, np.nan]])
    found = area_scores(rows, draws=draws)
    ends = [np.quantile([22.5, 45.0], q) for q in (0.05, 0.95)]
    assert area(found)[["mean_score_low", "mean_score_high"]].tolist() == pytest.approx(ends, abs=1e-9)
    burden = [np.quantile([0, 100], q) for q in (0.05, 0.95)]
    assert area(found)[["burden_workers_low", "burden_workers_high"]].tolist() == pytest.approx(
        burden, abs=1e-9
    )
    assert pd.isna(area(found, "south")["mean_score_low"])
    with pytest.raises(ValueError, match="site b has a score and no draws"):
        area_scores(rows, draws=drawn(["a"], [[10, 30]]))


def test_more_evidence_in_an_area_narrows_its_interval() -> None:
    many = seen(*(finding(f"s{number:03d}", "OSH", number % 11, 12) for number in range(100)))
    draws = draw_scores(many)
    rows = sites(
        *((name, "north" if number else "south", 10, 50, 1) for number, name in enumerate(draws.site_ids))
    )
    found = area_scores(rows, draws=draws)
    widths = found["mean_score_high"] - found["mean_score_low"]
    assert widths[0] < 0.5 * widths[1]


def test_the_order_of_sites_does_not_matter() -> None:
    rng = np.random.default_rng(2)
    rows = sites(*((f"s{i:02d}", f"area-{i % 4}", *rng.uniform(1, 100, 3)) for i in range(40)))
    mixed = rows.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(area_scores(rows), area_scores(mixed))


def test_no_site_gives_no_area() -> None:
    found = area_scores(sites())
    assert found.empty
    assert "mean_score" in found


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (sites(("a", "north", 5, 101, 1)), "score has a value outside 0 to 100"),
        (sites(("a", "north", -5, 10, 1)), "workers_exposed has a value outside"),
        (sites(("a", "north", 5, 10, -1)), "assessed_age_months has a value outside"),
        (sites(("a", "north", 5, 10, 1), ("a", "south", 5, 10, 1)), "stands twice"),
        (sites(("a", "north", 5, 10, 1)).drop(columns="score"), "sites lack score"),
    ],
)
def test_impossible_sites_are_refused(rows: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        area_scores(rows)


def test_a_burden_of_which_nobody_counted_the_workers_is_not_nought() -> None:
    draws = drawn(["a", "b"], [[60.0] * 4, [90.0] * 4])
    found = area(area_scores(sites(("a", "north", 100, 60, 1), ("b", "north", None, 90, 1)), draws=draws))
    assert found[["burden_workers", "burden_workers_low", "burden_workers_high"]].isna().all()
    assert found["mean_score"] == 60
    idle = area(area_scores(sites(("a", "north", 100, 60, 1), ("b", "north", 0, 90, 1))))
    assert idle["burden_workers"] == 0
    some = area(area_scores(sites(("a", "north", 100, 80, 1), ("b", "north", None, 90, 1))))
    assert some["burden_workers"] == 100


def test_without_findings_nobody_knows_whether_one_is_urgent() -> None:
    rows = sites(("a", "north", 100, 20, 3))
    assert pd.isna(area(area_scores(rows))["has_immediate_finding"])
    assert not area(area_scores(rows, findings("a", track="mitigate")))["has_immediate_finding"]
