"""Hotspots: both tests must hold, imprecise reports make none, nothing missing becomes safe."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from risk.hotspots import Hotspots, find_hotspots
from risk.method import METHOD
from risk.weighing import Units, weigh
from risk.windows import windows_within

SIDE = 12
NO_MEMBERS = pd.DataFrame({"area_id": pd.Series(dtype=object), "unit_id": pd.Series(dtype=object)})


def grid() -> pd.DataFrame:
    """144 units 7 km apart, 100 workers each."""
    column, row = (part.ravel() for part in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    return pd.DataFrame(
        {
            "unit_id": [f"{r:02d}-{c:02d}" for r, c in zip(row, column, strict=True)],
            "x_m": 400_000.0 + 7_000 * column,
            "y_m": 8_800_000.0 + 7_000 * row,
            "exposure": 100.0,
        }
    )


def events(counts: dict[str, dict[str, int]], **columns: object) -> pd.DataFrame:
    """Return events from counts by category and unit, from two sources by turns."""
    rows = [(code, unit) for code, by_unit in counts.items() for unit, n in by_unit.items() for _ in range(n)]
    table = pd.DataFrame(rows, columns=["categories", "unit_id"]).astype(object)
    table.insert(0, "event_id", [f"e{number:05d}" for number in range(len(table))])
    sources = np.where(np.arange(len(table)) % 2, "radio", "monitor")
    return table.assign(**{"area_id": None, "source_groups": sources, **columns})


def everywhere(n: int) -> dict[str, int]:
    return dict.fromkeys(grid()["unit_id"], n)


HOT = {**everywhere(1), "05-05": 14, "05-06": 9, "06-05": 9}


@pytest.fixture(scope="module")
def one_hot() -> Hotspots:
    """OSH is hot around 05-05; LAB is even."""
    return find_hotspots(grid(), events({"OSH": HOT, "LAB": everywhere(3)}), NO_MEMBERS)


def test_a_planted_hotspot_is_confirmed_and_alone(one_hot: Hotspots) -> None:
    assert len(one_hot.hotspots) == 1
    row = one_hot.hotspots.iloc[0]
    assert (row["category"], row["hotspot_class"]) == ("OSH", "confirmed")
    assert {"05-05", "05-06", "06-05"} <= set(row["unit_ids"].split("; "))
    assert row["rr_low"] < row["rr"] < row["rr_high"]
    assert row["rr_low"] > 1
    assert (row["source_count"], row["located_pct"], row["stability"]) == (2, 100.0, 1.0)
    assert row["p_confirmed"] == max(row["p_rate"], row["p_share"]) <= one_hot.themes["cut_off_confirmed"][0]


def test_the_numbers_of_a_hotspot_are_those_of_its_window(one_hot: Hotspots) -> None:
    row = one_hot.hotspots.iloc[0]
    table = events({"OSH": HOT, "LAB": everywhere(3)})
    centre = grid().set_index("unit_id").loc[row["centre_unit_id"]]
    apart_m = np.hypot(grid()["x_m"] - centre["x_m"], grid()["y_m"] - centre["y_m"])
    inside = set(grid()["unit_id"][apart_m <= row["radius_m"]])
    own = table[table["unit_id"].isin(inside)]
    theme = own[own["categories"] == "OSH"]
    assert row["observed"] == row["event_count"] == len(theme)
    assert row["report_count"] == len(own)
    assert row["exposure"] == 100 * len(inside)
    assert row["expected"] == pytest.approx(sum(HOT.values()) * len(inside) / 144)
    assert row["expected_of_reports"] == pytest.approx(len(own) * sum(HOT.values()) / len(table))
    assert set(one_hot.events_of["event_id"]) == set(theme["event_id"])
    assert (one_hot.events_of["share"] == 1).all()
    assert set(one_hot.members_of["unit_id"]) == set(row["unit_ids"].split("; ")) <= inside


def test_units_that_show_no_excess_themselves_are_left_out_of_the_outline(one_hot: Hotspots) -> None:
    own = one_hot.units[one_hot.units["category"] == "OSH"].set_index("unit_id")
    kept = own.loc[one_hot.members_of["unit_id"]]
    assert ((kept["observed"] > kept["expected"]) | (kept["expected"] < 1)).all()
    assert set(kept.index) == {"05-05", "05-06", "06-05"}


def test_more_reports_of_everything_is_reported_and_not_confirmed() -> None:
    loud = {**everywhere(2), "05-05": 30}
    found = find_hotspots(grid(), events({"OSH": loud, "LAB": loud}), NO_MEMBERS)
    assert set(found.hotspots["hotspot_class"]) == {"reported"}


def test_a_larger_share_without_more_reports_is_distinctive() -> None:
    quiet = {**everywhere(9), **{f"0{r}-0{c}": 1 for r in (4, 5, 6) for c in (4, 5, 6)}}
    found = find_hotspots(grid(), events({"OSH": everywhere(2), "LAB": quiet}), NO_MEMBERS)
    here = found.hotspots[found.hotspots["category"] == "OSH"]
    assert set(here["hotspot_class"]) == {"distinctive"}
    assert (here["p_rate"] > 0.05).all()


def test_one_source_alone_confirms_nothing() -> None:
    table = events({"OSH": HOT, "LAB": everywhere(3)}, source_groups="radio")
    assert list(find_hotspots(grid(), table, NO_MEMBERS).hotspots["hotspot_class"]) == ["reported"]
    unknown = table.assign(source_groups=None)
    assert list(find_hotspots(grid(), unknown, NO_MEMBERS).hotspots["hotspot_class"]) == ["reported"]


def test_few_reports_confirm_nothing() -> None:
    strict = replace(METHOD, min_reports=1_000)
    table = events({"OSH": HOT, "LAB": everywhere(3)})
    assert list(find_hotspots(grid(), table, NO_MEMBERS, method=strict).hotspots["hotspot_class"]) == [
        "reported"
    ]


def test_a_monitor_of_one_theme_does_not_make_its_theme_distinctive() -> None:
    counts = {"CHL": {**everywhere(1), "08-08": 25}, "OSH": everywhere(4)}
    table = events(counts)
    is_monitored = (table["unit_id"] == "08-08") & (table["categories"] == "CHL")
    plain = find_hotspots(grid(), table, NO_MEMBERS).hotspots
    marked = find_hotspots(grid(), table.assign(has_only_theme_source=is_monitored), NO_MEMBERS).hotspots
    assert list(plain["hotspot_class"]) == ["confirmed"]
    assert list(marked["hotspot_class"]) == ["reported"]
    assert marked["observed"].tolist() == plain["observed"].tolist()


def test_reports_known_by_territory_make_no_hotspot() -> None:
    members = pd.DataFrame({"area_id": "T", "unit_id": grid()["unit_id"]})
    table = events({"OSH": everywhere(1), "LAB": everywhere(2)})
    vague = table.assign(unit_id=None, area_id="T")
    vague["event_id"] = "v" + vague["event_id"]
    found = find_hotspots(grid(), pd.concat([table, vague]), members)
    assert found.hotspots.empty
    on_the_centre = pd.concat([table, vague.assign(unit_id="05-05")])
    assert not find_hotspots(grid(), on_the_centre, members).hotspots.empty


def test_a_hotspot_that_few_imputations_hold_up_is_not_confirmed() -> None:
    near = pd.DataFrame(
        {"area_id": "near", "unit_id": ["05-05", "05-06", "05-07", "05-08", "05-09", "05-10"]}
    )
    table = events({"OSH": {**everywhere(1), "05-05": 8}, "LAB": everywhere(3)})
    vague = events({"OSH": {"x": 60}}, unit_id=None, area_id="near")
    vague["event_id"] = "v" + vague["event_id"]
    found = find_hotspots(grid(), pd.concat([table, vague]), near)
    assert found.hotspots["stability"].between(0, 1).all()
    confirmed = found.hotspots["hotspot_class"] == "confirmed"
    assert (found.hotspots["stability"][confirmed] >= METHOD.stability_confirmed).all()
    assert (found.events_of["share"] > 0).all()
    assert (found.events_of["share"] < 1).any()


def test_outlines_of_a_theme_share_no_unit() -> None:
    rng = np.random.default_rng(2)
    wild = dict(zip(grid()["unit_id"], rng.negative_binomial(0.4, 0.08, 144), strict=True))
    found = find_hotspots(grid(), events({"OSH": wild, "LAB": everywhere(5)}), NO_MEMBERS)
    assert len(found.hotspots) > 4
    joined = found.members_of.join(found.hotspots["category"], on="hotspot")
    assert not joined.duplicated(["category", "unit_id"]).any()


def test_what_was_not_shown_is_not_called_safe(one_hot: Hotspots) -> None:
    classes = one_hot.units.set_index(["category", "unit_id"])["unit_class"]
    assert classes["OSH", "05-05"] == "confirmed"
    table = one_hot.units[~one_hot.units["unit_class"].isin(["confirmed", "reported", "distinctive"])]
    e_min = one_hot.themes.set_index("category")["e_min"].loc[table["category"]].to_numpy()
    enough = (table["window_expected"] >= e_min) & ~table["has_passing_window"]
    assert (table["unit_class"] == np.where(enough, "no_excess", "too_little")).all()
    assert set(table["unit_class"]) == {"no_excess", "too_little"}


def test_a_theme_without_events_is_not_known_anywhere() -> None:
    found = find_hotspots(grid(), events({"OSH": HOT}), NO_MEMBERS, categories=["ENV"])
    silent = found.units[found.units["category"] == "ENV"]
    assert set(silent["unit_class"]) == {"too_little"}
    assert silent["rr"].isna().all()
    assert found.themes.set_index("category").loc["ENV", "event_count"] == 0


def test_even_rates_are_pooled_and_give_no_hotspot() -> None:
    found = find_hotspots(grid(), events({"OSH": everywhere(4), "LAB": everywhere(2)}), NO_MEMBERS)
    assert found.hotspots.empty
    assert found.units["is_pooled"].all()
    assert (found.units["rr"] == 1).all()


def test_untested_events_are_counted_and_said(one_hot: Hotspots) -> None:
    lost = events({"OSH": {"x": 3}, "LAB": {"x": 2}}, unit_id=None)
    lost["event_id"] = "l" + lost["event_id"]
    found = find_hotspots(grid(), pd.concat([events({"OSH": HOT, "LAB": everywhere(3)}), lost]), NO_MEMBERS)
    assert dict(zip(found.themes["category"], found.themes["untested_count"], strict=True)) == {
        "LAB": 2,
        "OSH": 3,
    }
    assert set(found.untested["reason"]) == {"no_place"}
    pd.testing.assert_frame_equal(found.hotspots, one_hot.hotspots)


def test_the_order_of_rows_changes_nothing() -> None:
    units = grid()
    areas = units["unit_id"].str[:1]
    members = pd.DataFrame({"area_id": areas, "unit_id": units["unit_id"]})
    table = events({"OSH": HOT, "LAB; OSH": everywhere(1), "LAB": everywhere(2)})
    vague = np.arange(len(table)) % 3 == 0
    table["area_id"] = np.where(vague, table["unit_id"].str[:1], None)
    table["unit_id"] = np.where(vague, None, table["unit_id"])
    one = find_hotspots(units, table, members, seed=5)
    mixed = [part.sample(frac=1, random_state=n) for n, part in enumerate((units, table, members))]
    other = find_hotspots(*mixed, seed=5)
    assert not one.hotspots.empty
    for field in fields(one):
        pd.testing.assert_frame_equal(getattr(one, field.name), getattr(other, field.name))


def test_moving_and_turning_the_map_changes_nothing(one_hot: Hotspots) -> None:
    units = grid()
    turned = units.assign(x_m=units["y_m"] - 8_000_000, y_m=9_500_000 - units["x_m"])
    found = find_hotspots(turned, events({"OSH": HOT, "LAB": everywhere(3)}), NO_MEMBERS)
    pd.testing.assert_frame_equal(found.hotspots, one_hot.hotspots)


def test_without_events_nothing_is_found_and_nothing_cleared() -> None:
    found = find_hotspots(grid(), events({}), NO_MEMBERS, categories=["OSH"])
    assert found.hotspots.empty
    assert set(found.units["unit_class"]) == {"too_little"}
    assert len(find_hotspots(grid(), events({}), NO_MEMBERS).themes) == 0


def test_one_event_is_no_hotspot() -> None:
    found = find_hotspots(grid(), events({"OSH": {"03-03": 1}}), NO_MEMBERS)
    assert found.hotspots.empty
    assert set(found.units["unit_class"]) == {"too_little"}


def test_without_units_every_event_is_untested() -> None:
    table = events({"OSH": {"x": 2}}, unit_id=None, area_id="T")
    found = find_hotspots(grid().head(0), table, NO_MEMBERS)
    assert len(found.untested) == 2
    assert found.themes["untested_count"].tolist() == [2]
    assert found.hotspots.empty
    assert found.units.empty


def test_a_unit_without_exposure_is_refused() -> None:
    with pytest.raises(ValueError, match="no exposure above 0"):
        find_hotspots(grid().assign(exposure=0.0), events({"OSH": HOT}), NO_MEMBERS)


def test_leaving_out_hopeless_windows_changes_no_decision() -> None:
    rng = np.random.default_rng(11)
    units = grid()
    windows = windows_within(units["x_m"], units["y_m"], METHOD.radii_m)
    exposure = rng.lognormal(4, 1, len(units))
    places = rng.choice(144, (600, 20), p=exposure / exposure.sum())
    places[:40] = rng.choice([40, 41, 52], (40, 20))
    is_theme = np.arange(600) < 150

    def by_unit(chosen: np.ndarray) -> np.ndarray:
        return np.stack([np.bincount(column, minlength=144) for column in places[chosen].T], axis=1).astype(
            float
        )

    counts = by_unit(is_theme)
    weighed = weigh("OSH", windows, Units(exposure, counts, counts, by_unit(is_theme | True)), q=METHOD.q)
    everything = np.arange(len(windows))
    for test in ("rate", "share", "confirmed"):
        full = np.median(weighed.exact(test, everything), axis=1)
        could = full <= METHOD.q
        assert could.any()
        np.testing.assert_array_equal(weighed.p[test][could], full[could])
        assert (weighed.p[test][~could] > METHOD.q).all()


def test_the_cut_off_is_one_for_all_themes(one_hot: Hotspots) -> None:
    assert one_hot.themes["cut_off_rate"].nunique() == 1
    assert one_hot.themes["passes_rate"].sum() > 0
    assert one_hot.themes["e_min"].nunique() == 1


def test_reports_drawn_over_an_area_clear_no_unit() -> None:
    exact = events({"OSH": everywhere(3), "LAB": everywhere(3)})
    cleared = find_hotspots(grid(), exact, NO_MEMBERS).units.query("category == 'OSH'")
    assert (cleared["unit_class"] == "no_excess").any()
    ids = grid()["unit_id"]
    members = pd.DataFrame({"area_id": "everywhere", "unit_id": ids})
    is_vague = exact["categories"] == "OSH"
    vague = exact.assign(
        unit_id=exact["unit_id"].mask(is_vague), area_id=exact["area_id"].mask(is_vague, "everywhere")
    )
    drawn = find_hotspots(grid(), vague, members).units.query("category == 'OSH'")
    assert set(drawn["unit_class"]) == {"too_little"}


def test_vague_reports_lower_the_part_that_is_located() -> None:
    exact = events({"OSH": {"05-05": 22, "11-11": 2}}, is_near=True)
    vague = events({"OSH": {"05-05": 90}}, unit_id=None, area_id="T", is_near=False)
    vague["event_id"] = "v" + vague["event_id"]
    members = pd.DataFrame({"area_id": "T", "unit_id": ["05-05", "05-06", "05-07", "06-05", "06-06"]})
    found = find_hotspots(grid(), pd.concat([exact, vague]), members)
    row = found.hotspots.iloc[0]
    share = found.events_of[found.events_of["hotspot"] == 0].set_index("event_id")["share"]
    near = share[share.index.isin(exact["event_id"])].sum()
    assert row["located_pct"] == pytest.approx(100 * near / share.sum())
    assert row["located_pct"] < 70
