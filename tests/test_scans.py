"""The scans find the published clusters, agree with a plain enumeration and keep their false alarms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from risk.method import METHOD
from risk.scans import TOO_FEW_EVENTS, Scans, poisson_scan
from risk.space_time_scans import ONE_PERIOD, space_time_scan
from risk.zones import circular_zones

KNOWN = Path(__file__).resolve().parent / "known"
ANY_NUMBER = replace(METHOD, scan_min_events=0)
QUARTERS = [f"{year}Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)]


def sids() -> tuple[pd.DataFrame, pd.DataFrame]:
    """North Carolina 1974–84, both periods pooled: births, and sudden infant deaths."""
    known = pd.read_csv(KNOWN / "sids_counties.csv")
    units = pd.DataFrame(
        {
            "unit_id": known["county"],
            "x_m": known["east"],
            "y_m": known["north"],
            "exposure": known["BIR74"] + known["BIR79"],
        }
    )
    return units, counts(known["county"], known["SID74"] + known["SID79"], "SIDS")


def counts(unit_ids: pd.Series | list[str], events: object, category: str = "OSH") -> pd.DataFrame:
    return pd.DataFrame({"category": category, "unit_id": unit_ids, "events": events})


def made_units(number: int, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "unit_id": [f"u{row:03d}" for row in range(number)],
            "x_m": rng.uniform(0, 200_000, number),
            "y_m": rng.uniform(0, 200_000, number),
            "exposure": np.round(rng.lognormal(6, 1, number)),
        }
    )


def made_counts(units: pd.DataFrame, total: int, seed: int) -> pd.DataFrame:
    share = units["exposure"] / units["exposure"].sum()
    return counts(units["unit_id"], np.random.default_rng(seed).multinomial(total, share))


def made_events(units: pd.DataFrame, total: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    share = units["exposure"] / units["exposure"].sum()
    return pd.DataFrame(
        {
            "category": "OSH",
            "unit_id": rng.choice(units["unit_id"], total, p=share),
            "period": rng.choice(QUARTERS, total),
        }
    )


def plain_llr(observed: float, expected: float, total: float) -> float:
    if observed <= expected:
        return 0.0
    rest = total - observed
    return observed * np.log(observed / expected) + (
        rest * np.log(rest / (total - expected)) if rest else 0.0
    )


def same(one: Scans, other: Scans) -> bool:
    pd.testing.assert_frame_equal(one.themes, other.themes)
    pd.testing.assert_frame_equal(one.clusters, other.clusters)
    return True


def test_the_clusters_of_sudden_infant_deaths_come_out() -> None:
    found = poisson_scan(*sids(), max_radius_m=None)
    best = found.clusters.head(5)
    known = [25.380685, 12.484724, 7.225956, 3.323025, 1.935968]
    assert np.abs(best["llr"].to_numpy(float) - known).max() <= 1e-6
    assert [set(text.split("; ")) for text in best["unit_ids"][:3]] == [
        {"Robeson", "Bladen", "Columbus", "Hoke", "Scotland"},
        {"Northampton", "Halifax", "Hertford"},
        {"Anson"},
    ]
    assert best["observed"].iloc[0] == 139
    assert round(best["expected"].iloc[0], 2) == 72.67
    assert (best["p"].iloc[0], found.themes["p"].iloc[0]) == (0.001, 0.001)
    assert best["p"].is_monotonic_increasing
    assert not found.themes["is_sampled"].iloc[0]


def test_the_scan_agrees_with_a_plain_enumeration() -> None:
    units = made_units(40)
    told = made_counts(units, 300, seed=1)
    found = poisson_scan(units, told, replicas=9).clusters.iloc[0]
    events, exposure = told["events"].to_numpy(), units["exposure"].to_numpy()
    xy_m = units[["x_m", "y_m"]].to_numpy()
    best = (0.0, set[str]())
    for centre in xy_m:
        away_m = np.hypot(*(xy_m - centre).T)
        for radius_m in away_m[away_m <= METHOD.scan_radius_m]:
            inside = away_m <= radius_m
            if exposure[inside].sum() <= exposure.sum() / 2:
                expected = 300 * exposure[inside].sum() / exposure.sum()
                llr = plain_llr(events[inside].sum(), expected, 300)
                best = max(best, (llr, set(units["unit_id"][inside])), key=lambda pair: pair[0])
    assert found["llr"] == pytest.approx(best[0], rel=1e-9)
    assert set(found["unit_ids"].split("; ")) == best[1]


def test_a_zone_keeps_within_its_radius_and_half_of_the_exposure() -> None:
    units = made_units(60)
    zones = circular_zones(units, max_radius_m=50_000)
    largest = [(number, int(sizes[-1])) for number, sizes in enumerate(zones.sizes) if len(sizes)]
    assert max(zones.radius_m(*zone) for zone in largest) <= 50_000
    assert max(zones.share[zones.members(*zone)].sum() for zone in largest) <= 0.5
    assert len(largest) == 60


def test_units_at_the_same_distance_enter_together() -> None:
    cross = pd.DataFrame(
        {
            "unit_id": list("abcde"),
            "x_m": [0, 3, -3, 0, 50],
            "y_m": [0, 0, 0, 3, 0],
            "exposure": [1, 1, 1, 1, 9],
        }
    )
    zones = circular_zones(cross)
    assert zones.sizes[0].tolist() == [1, 4]


def test_clusters_share_no_unit_and_come_in_order() -> None:
    units = made_units(80)
    found = poisson_scan(units, made_counts(units, 400, seed=2), replicas=19).clusters
    members = "; ".join(found["unit_ids"]).split("; ")
    assert len(found) > 3
    assert len(members) == len(set(members))
    assert found["llr"].is_monotonic_decreasing
    assert found["cluster_rank"].tolist() == list(range(1, len(found) + 1))


def test_no_order_of_rows_and_no_other_theme_changes_a_scan() -> None:
    units = made_units(50)
    one, two = made_counts(units, 200, seed=4), made_counts(units, 100, seed=5).assign(category="VIO")
    alone = poisson_scan(units, one, replicas=49, seed=7)
    both = pd.concat([two, one]).sample(frac=1, random_state=1)
    found = poisson_scan(units.sample(frac=1, random_state=2), both, replicas=49, seed=7)
    kept = Scans(found.themes.query("category == 'OSH'"), found.clusters.query("category == 'OSH'"))
    assert same(alone, kept)


def test_a_seed_gives_one_p_and_another_seed_another() -> None:
    units = made_units(50)
    told = made_counts(units, 200, seed=6)
    first, again, other = (poisson_scan(units, told, replicas=99, seed=seed) for seed in (1, 1, 2))
    assert same(first, again)
    assert first.clusters["p"].tolist() != other.clusters["p"].tolist()


def test_the_scan_keeps_its_false_alarms() -> None:
    units = made_units(30)
    maps = pd.concat([made_counts(units, 60, seed).assign(category=f"m{seed}") for seed in range(200)])
    p = poisson_scan(units, maps, replicas=99).themes["p"].to_numpy(float)
    alarms = int((p <= 0.05).sum())
    assert stats.binom.cdf(alarms, 200, 0.05) > 0.005
    assert stats.binom.sf(alarms - 1, 200, 0.05) > 0.005
    assert stats.kstest(p, "uniform").pvalue > 0.001


def test_few_events_are_a_statement_and_no_p() -> None:
    units = made_units(10)
    found = poisson_scan(units, made_counts(units, 19, seed=1), replicas=9)
    theme = found.themes.iloc[0]
    assert (theme["event_count"], theme["is_tested"], theme["reason"]) == (19, False, TOO_FEW_EVENTS)
    assert pd.isna(theme["p"])
    assert found.clusters.empty


def test_zero_events_and_one_event_and_equal_rates_are_no_error() -> None:
    units = made_units(12)
    none = poisson_scan(units, counts(units["unit_id"], 0), method=ANY_NUMBER)
    assert none.themes["reason"].tolist() == [TOO_FEW_EVENTS]
    one = poisson_scan(units, counts(["u003"], [1]), replicas=99, method=ANY_NUMBER)
    expected = units["exposure"][3] / units["exposure"].sum()
    assert one.themes["llr"].iloc[0] == pytest.approx(-np.log(expected))
    equal = poisson_scan(units, counts(units["unit_id"], units["exposure"]), replicas=9)
    assert equal.themes[["llr", "p"]].to_numpy().tolist() == [[0.0, 1.0]]
    assert equal.clusters.empty


def test_a_thinned_map_still_finds_a_planted_cluster() -> None:
    units = made_units(400)
    middle = np.hypot(units["x_m"] - 100_000, units["y_m"] - 100_000) < 20_000
    raised = units.assign(exposure=units["exposure"] * np.where(middle, 4, 1))
    found = poisson_scan(units, made_counts(raised, 600, seed=8), max_centres=80, replicas=99)
    assert found.themes["is_sampled"].iloc[0]
    assert found.themes["centre_count"].iloc[0] <= 80
    assert found.themes["p"].iloc[0] == 0.01
    planted, members = set(units["unit_id"][middle]), set(found.clusters["unit_ids"].iloc[0].split("; "))
    assert len(planted & members) >= 0.8 * len(planted)


@pytest.mark.parametrize(
    ("units", "told", "problem"),
    [
        ({"exposure": [1, None]}, {}, "'b' lacks a position or has no exposure"),
        ({"exposure": [1, -1]}, {}, "'b' lacks a position or has no exposure"),
        ({"x_m": [0, np.inf]}, {}, "'b' lacks a position"),
        ({"exposure": [0, 0]}, {}, "no unit has any exposure"),
        ({"exposure": [1, 0]}, {}, "without exposure; move them"),
        ({"unit_id": ["a", "a"]}, {}, "'a' is named twice"),
        ({}, {"unit_id": ["a", "z"]}, "'z', which is not a unit"),
        ({}, {"events": [1, 1.5]}, "'b' has no whole number of events"),
        ({}, {"events": [1, None]}, "'b' has no whole number of events"),
    ],
)
def test_bad_input_is_refused_with_its_name(units: dict, told: dict, problem: str) -> None:
    good = pd.DataFrame({"unit_id": ["a", "b"], "x_m": [0, 1_000], "y_m": 0, "exposure": 1}).assign(**units)
    with pytest.raises(ValueError, match=problem):
        poisson_scan(good, counts(["a", "b"], [10, 20]).assign(**told), replicas=9)


def test_the_space_time_scan_agrees_with_a_plain_enumeration() -> None:
    units = made_units(15)
    events = made_events(units, 80, seed=1)
    found = space_time_scan(units, events, max_radius_m=None, replicas=9).clusters.iloc[0]
    told = events.groupby(["unit_id", "period"]).size().unstack(fill_value=0).reindex(columns=QUARTERS)
    at = units.set_index("unit_id").loc[told.index, ["x_m", "y_m"]].to_numpy()
    best = (0.0, set[str](), "", "")
    for centre in at:
        away_m = np.hypot(*(at - centre).T)
        for radius_m in away_m:
            inside = told[away_m <= radius_m]
            for first in range(8):
                for last in range(first, min(first + 4, 8)):
                    here, then = inside.to_numpy().sum(), told.iloc[:, first : last + 1].to_numpy().sum()
                    if here <= 40:
                        crowd = inside.iloc[:, first : last + 1].to_numpy().sum()
                        llr = plain_llr(crowd, here * then / 80, 80)
                        where = set(inside.index)
                        best = max(
                            best, (llr, where, QUARTERS[first], QUARTERS[last]), key=lambda one: one[0]
                        )
    assert found["llr"] == pytest.approx(best[0], rel=1e-9)
    assert set(found["unit_ids"].split("; ")) == best[1]
    assert (str(found["first_period"]), str(found["last_period"])) == best[2:]


def test_a_crowd_in_place_and_time_is_found_and_a_place_always_crowded_is_not() -> None:
    units = made_units(30)
    base = made_events(units, 150, seed=2)
    crowd = pd.DataFrame({"category": "OSH", "unit_id": "u005", "period": ["2026Q2"] * 12})
    found = space_time_scan(units, pd.concat([base, crowd]), replicas=99)
    assert found.themes["p"].iloc[0] <= 0.02
    assert "u005" in found.clusters["unit_ids"].iloc[0]
    assert str(found.clusters["first_period"].iloc[0]) == "2026Q2"
    always = crowd.assign(period=(QUARTERS * 2)[:12])
    assert space_time_scan(units, pd.concat([base, always]), replicas=99).themes["p"].iloc[0] > 0.05


def test_the_space_time_scan_keeps_its_false_alarms() -> None:
    units = made_units(12)
    maps = pd.concat([made_events(units, 40, seed).assign(category=f"m{seed}") for seed in range(150)])
    p = space_time_scan(units, maps, replicas=99).themes["p"].to_numpy(float)
    alarms = int((p <= 0.05).sum())
    assert stats.binom.cdf(alarms, 150, 0.05) > 0.005
    assert stats.binom.sf(alarms - 1, 150, 0.05) > 0.005


def test_no_order_of_rows_changes_a_space_time_scan() -> None:
    units = made_units(20)
    events = made_events(units, 100, seed=3)
    shuffled = events.sample(frac=1, random_state=1), units.sample(frac=1, random_state=2)
    assert same(
        space_time_scan(units, events, replicas=49), space_time_scan(shuffled[1], shuffled[0], replicas=49)
    )


def test_one_period_or_few_events_are_a_statement() -> None:
    units = made_units(10)
    one = made_events(units, 30, seed=1).assign(period="2026Q1")
    few = made_events(units, 5, seed=1).assign(category="VIO")
    themes = space_time_scan(units, pd.concat([one, few]), replicas=9).themes
    assert themes["reason"].tolist() == [ONE_PERIOD, TOO_FEW_EVENTS]
    assert themes["p"].isna().all()


def test_months_and_dates_are_periods_too() -> None:
    units = made_units(10)
    events = made_events(units, 60, seed=4)
    days = pd.PeriodIndex(events["period"], freq="Q").to_timestamp()
    found = space_time_scan(units, events.assign(period=days), frequency="M", replicas=9)
    assert found.clusters["first_period"].iloc[0].freqstr == "M"


@pytest.mark.parametrize(
    ("told", "problem"), [({"period": None}, "a period is missing"), ({"unit_id": "z"}, "'z'")]
)
def test_an_event_without_place_or_time_is_refused(told: dict, problem: str) -> None:
    units = made_units(10)
    with pytest.raises(ValueError, match=problem):
        space_time_scan(units, made_events(units, 30, seed=1).assign(**told))
