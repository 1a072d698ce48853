"""Imprecise events go where people work in their area, the same whatever the order of the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from risk.imputation import Placement, ground_of, nearest_exposed, place_events

UNITS = pd.DataFrame(
    {
        "unit_id": ["d", "a", "c", "b"],
        "x_m": [30_000.0, 0.0, 20_000.0, 10_000.0],
        "y_m": [8_000_000.0] * 4,
        "exposure": [100.0, 300.0, 100.0, 100.0],
    }
)
MEMBERS = pd.DataFrame({"area_id": ["T", "T", "T", "S", "empty"], "unit_id": ["a", "b", "idle", "d", "idle"]})


def events(*rows: tuple[str, str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["event_id", "unit_id", "area_id"])


def placed(table: pd.DataFrame, *, imputations: int = 20, seed: int = 0) -> Placement:
    return place_events(ground_of(UNITS), table, MEMBERS, imputations=imputations, seed=seed)


def test_units_stand_in_the_order_of_their_ids() -> None:
    ground = ground_of(UNITS)
    assert list(ground.unit_ids) == ["a", "b", "c", "d"]
    assert list(ground.exposure) == [300, 100, 100, 100]


def test_exact_events_are_placed_once() -> None:
    found = placed(events(("2", "c", None), ("1", "a", "T")))
    assert found.places.tolist() == [[0], [2]]
    assert found.untested.empty


def test_an_imprecise_event_goes_where_people_work_in_its_area() -> None:
    found = placed(events(("1", None, "T")), imputations=4_000)
    shares = np.bincount(found.places[0], minlength=4) / 4_000
    assert shares == pytest.approx([0.75, 0.25, 0, 0], abs=4.5 * (0.75 * 0.25 / 4_000) ** 0.5)
    assert shares[2:].sum() == 0


def test_an_area_with_one_unit_always_gives_that_unit() -> None:
    assert set(placed(events(("1", None, "S"))).places.ravel()) == {3}


def test_no_draw_leaves_its_area() -> None:
    rng = np.random.default_rng(6)
    units = pd.DataFrame(
        {"unit_id": np.arange(500), "x_m": 1e5, "y_m": 8e6, "exposure": rng.lognormal(0, 3, 500)}
    )
    members = pd.DataFrame({"area_id": np.arange(500) // 5, "unit_id": np.arange(500)})
    table = pd.DataFrame({"event_id": np.arange(2_000), "unit_id": None, "area_id": np.arange(2_000) % 100})
    found = place_events(ground_of(units), table, members, imputations=20)
    assert (found.places // 5 == found.events["area_id"].to_numpy(int)[:, None]).all()


def test_an_event_without_place_or_workers_is_untested_and_says_why() -> None:
    found = placed(events(("1", None, None), ("2", None, "empty"), ("3", None, "unheard"), ("4", "a", None)))
    assert dict(zip(found.untested["event_id"], found.untested["reason"], strict=True)) == {
        "1": "no_place",
        "2": "no_exposed_unit",
        "3": "no_exposed_unit",
    }
    assert list(found.events["event_id"]) == ["4"]


def test_the_order_of_rows_changes_nothing() -> None:
    table = events(*((f"{n:03d}", None, "T") if n % 3 else (f"{n:03d}", "b", None) for n in range(100)))
    one = placed(table)
    shuffled = table.sample(frac=1, random_state=3)
    members = MEMBERS.sample(frac=1, random_state=4)
    units = UNITS.sample(frac=1, random_state=5)
    other = place_events(ground_of(units), shuffled, members, imputations=20)
    assert (one.places == other.places).all()
    assert list(one.events["event_id"]) == list(other.events["event_id"])


def test_another_seed_draws_anew() -> None:
    table = events(*((f"{n}", None, "T") for n in range(50)))
    assert (placed(table, seed=1).places == placed(table, seed=1).places).all()
    assert (placed(table, seed=1).places != placed(table, seed=2).places).any()


def test_counts_and_shares_add_up_to_the_events() -> None:
    found = placed(events(*((f"{n}", None, "T") for n in range(30)), ("x", "d", None)))
    counts = found.counts(np.ones(31, dtype=bool))
    assert counts.shape == (4, 20)
    assert (counts.sum(axis=0) == 31).all()
    np.testing.assert_allclose(found.shares().sum(axis=0), 1.0)
    np.testing.assert_allclose(found.shares().sum(axis=1), counts.mean(axis=1))


@pytest.mark.parametrize("exposure", [0.0, -1.0, float("nan"), float("inf")])
def test_a_unit_without_exposure_is_refused(exposure: float) -> None:
    with pytest.raises(ValueError, match="'d' has no exposure"):
        ground_of(UNITS.assign(exposure=[exposure, 1, 1, 1]))


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="unit 'a' stands twice"):
        ground_of(pd.concat([UNITS, UNITS.iloc[[1]]]))
    with pytest.raises(ValueError, match="event '1' stands twice"):
        placed(events(("1", "a", None), ("1", "b", None)))
    with pytest.raises(ValueError, match="no id is given"):
        placed(pd.DataFrame({"event_id": [None], "unit_id": ["a"], "area_id": [None]}))


def test_an_event_in_a_unit_without_workers_is_refused() -> None:
    with pytest.raises(ValueError, match="'idle', which has no exposure: move it to the nearest"):
        placed(events(("1", "idle", None)))


def test_the_nearest_unit_with_workers_is_found_within_10_km() -> None:
    found = nearest_exposed([4_000.0, 45_000.0, float("nan")], [8_003_000.0, 8e6, 8e6], UNITS)
    assert found["unit_id"][0] == "a"
    assert found["unit_id"][1:].isna().all()
    assert found["distance_m"][0] == pytest.approx(5_000)
    assert found["distance_m"][1:].isna().all()
