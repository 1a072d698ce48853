"""The written truth of the training edition agrees with its records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipelines.training.events import EVENT, EVENT_SHARE, Events, draw_events
from pipelines.training.ground import make_ground
from pipelines.training.kinds import CODES, KINDS, MEASURE, theme_shares, variants
from pipelines.training.making import records_of, sites_of
from pipelines.training.plants import WINDOW_QUARTERS, factors
from pipelines.training.sites import Sites, make_sites
from pipelines.training.telling import all_texts, wordings
from pipelines.training.truth import WET_MONTHS, Truth, make_truth, month_weights, relative_rates, theme_rates
from risk.classification import CATEGORY_OF, classify
from warehouse.release import Release, close_all, open_release

# A test of chance may fail once in ten thousand seeds; the seed is fixed.
RARELY = 1e-4


@dataclass
class World:
    """What truly is, at size 1."""

    sites: Sites
    truth: Truth
    events: Events

    def zone(self, hotspot):
        return self.sites.frame["cell"].isin(hotspot.cells).to_numpy()


@pytest.fixture(scope="module")
def world() -> World:
    chance = [np.random.default_rng([1, step]) for step in range(4)]
    ground = make_ground(chance[0])
    sites = make_sites(chance[1], ground, sites_of(1))
    truth = make_truth(chance[2], ground, sites, 1, records_of(1) * EVENT_SHARE)
    return World(sites, truth, draw_events(chance[3], sites, truth))


@pytest.fixture(scope="module")
def told(training_edition_dir: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_csv(path) for path in (training_edition_dir / "truth").glob("*.csv")}


@pytest.fixture(scope="module")
def release(training_releases_dir: Path) -> Release:
    yield open_release("training", releases_dir=training_releases_dir)
    close_all()


def test_every_duplicate_points_to_two_records_of_one_event(told: dict[str, pd.DataFrame]) -> None:
    event = told["records"].set_index("incident_id")["event_id"]
    pairs = told["duplicates"]
    assert len(pairs) > 0
    assert (event[pairs["incident_a"]].to_numpy() == event[pairs["incident_b"]].to_numpy()).all()
    role = told["records"].set_index("incident_id")["role"]
    assert (role[pairs["incident_a"]] == "first").all()
    assert (role[pairs["incident_b"]].to_numpy() == pairs["how"].to_numpy()).all()


def test_every_record_is_known_to_the_truth(release: Release, told: dict[str, pd.DataFrame]) -> None:
    incidents = release.query("SELECT incident_id FROM incidents")["incident_id"]
    assert set(incidents) == set(told["records"]["incident_id"])
    assert set(told["records"]["event_id"].dropna()) <= set(told["events"]["event_id"])


def test_the_rules_find_the_categories_that_the_truth_names(
    release: Release, told: dict[str, pd.DataFrame]
) -> None:
    found = release.query("SELECT incident_id, category, secondary_categories FROM incidents")
    records = told["records"].dropna(subset="event_id").merge(found, on="incident_id")
    records = records.merge(told["events"], on="event_id")
    both = records["category"] + ("; " + records["secondary_categories"]).fillna("")
    assert both.str.split("; ").map(set).tolist() == records["categories"].str.split("; ").map(set).tolist()


def test_no_wording_adds_a_category() -> None:
    for one in variants():
        dead = 1 if one.is_fatal else None
        for language in ("en", "fr"):
            for sentence in all_texts(language, one.kind):
                read = classify(one.kind.word, one.hint, dead, dead, dead, None, one.has_child, sentence)
                assert (one.kind.category, *read.secondary) == one.categories, sentence


def test_each_kind_is_told_in_four_wordings_a_language() -> None:
    for kind in (*KINDS, MEASURE):
        assert kind.word in CATEGORY_OF
        for language in ("en", "fr"):
            sentences = [one for pair in wordings()[kind.word][language] for one in pair]
            assert len(set(sentences)) == len(sentences) == 4
    assert {kind.category for kind in KINDS} == set(CODES)


def test_the_chances_of_each_category_sum_to_one() -> None:
    for code in CODES:
        assert sum(one.chance for one in variants() if one.kind.category == code) == pytest.approx(1)
    assert np.diag(theme_shares()) == pytest.approx(1)


def test_relative_rates_are_one_on_average(world: World) -> None:
    workers = world.sites.workers
    each = np.arange(len(workers))
    found = relative_rates(theme_rates(world.truth.rates), workers, each, len(each))
    mean = np.nansum(found * workers[:, None, None], axis=0) / workers.sum()
    assert mean == pytest.approx(1)


def test_as_many_events_are_told_as_the_truth_expects(world: World) -> None:
    """Over 13 themes, each a sum of Poisson counts."""
    means = (world.truth.rates * world.truth.told).sum(axis=(0, 2))
    events = world.events.category[world.events.role == EVENT]
    counts = np.bincount(events, minlength=len(CODES))
    low, high = stats.poisson.interval(1 - RARELY / len(CODES), means)
    assert (low <= counts).all()
    assert (counts <= high).all()


def test_events_in_planted_zones_are_as_many_as_planted(world: World) -> None:
    events, truth = world.events, world.truth
    plain = truth.rates / factors(truth.plants, world.sites) * truth.told
    observed, if_planted, if_not = 0, 0.0, 0.0
    for hotspot in truth.plants.hotspots:
        category = CODES.index(hotspot.category)
        quarters = slice(hotspot.first_quarter, hotspot.last_quarter + 1)
        here = world.zone(hotspot)
        expected = float(plain[here, category, quarters].sum())
        inside = (events.role == EVENT) & (events.category == category) & here[events.site]
        inside &= (events.quarter >= quarters.start) & (events.quarter < quarters.stop)
        assert inside.sum() >= stats.poisson.ppf(RARELY / 10, hotspot.factor * expected)
        observed += int(inside.sum())
        if_planted += hotspot.factor * expected
        if_not += expected
    assert stats.poisson.ppf(RARELY, if_planted) <= observed <= stats.poisson.ppf(1 - RARELY, if_planted)
    assert observed > stats.poisson.ppf(1 - RARELY, 2 * if_not)


def test_a_zone_that_lasts_has_at_least_twice_the_rate_of_the_belt(told: dict[str, pd.DataFrame]) -> None:
    lasting = told["hotspots"][told["hotspots"]["is_in_window"] == "yes"]
    assert len(lasting) >= 3
    assert (lasting["relative_rate"] >= 2).all()


def test_a_planted_trend_goes_its_way(world: World) -> None:
    assert world.truth.plants.trends
    for trend in world.truth.plants.trends:
        here = (world.sites.frame["territory_pcode"] == trend.territory_pcode).to_numpy()
        rates = world.truth.rates[here][:, CODES.index(trend.category)].sum(axis=0)
        # The same quarter a year on, so that the season does not matter.
        assert rates[4:] / rates[:-4] == pytest.approx(trend.yearly_factor)


def test_near_towns_an_event_is_three_times_as_likely_to_be_told(world: World) -> None:
    distance = world.sites.frame["town_km"].to_numpy()
    in_west = (world.sites.frame["province_pcode"] == "XT72").to_numpy()
    near, far = in_west & (distance <= 8), in_west & (distance >= 30)
    assert near.any()
    assert far.any()
    assert world.truth.outlets[near].mean() == pytest.approx(3 * world.truth.outlets[far].mean())


def test_accidents_are_more_frequent_in_the_rains(world: World) -> None:
    assert month_weights().mean() == pytest.approx(1)
    happened = world.events.role == EVENT
    accidents = happened & (world.events.category == CODES.index("OSH"))
    month = world.events.day.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12 + 1
    is_wet = np.isin(month, WET_MONTHS)
    low, high = stats.binom.interval(1 - RARELY, int(accidents.sum()), 0.6)
    assert low <= int((accidents & is_wet).sum()) <= high


def test_the_children_s_monitor_tells_of_child_labour_only(
    training_edition_dir: Path, told: dict[str, pd.DataFrame]
) -> None:
    name = "Schoolbell Child Rights Monitor"
    citations = pd.read_csv(training_edition_dir / "citations.csv")
    by_monitor = citations.loc[citations["publisher"].str.startswith(name), "record_id"]
    event = told["records"].set_index("incident_id").loc[by_monitor.unique(), "event_id"].dropna()
    kinds = told["events"].set_index("event_id").loc[event, "kind"]
    assert len(kinds) > 0
    assert set(kinds) == {"child_labour_finding"}


def test_visits_find_graver_risks_where_the_truth_is_worse(
    training_edition_dir: Path, told: dict[str, pd.DataFrame]
) -> None:
    visits = pd.read_csv(training_edition_dir / "site_visits.csv")
    seen = pd.read_csv(training_edition_dir / "observations.csv").merge(visits, on="visit_id")
    seen["place"] = seen["site_record_id"].str.removeprefix("reg-")
    rates = told["relative_rates"].query("grain == 'site'")[["place", "category", "relative_rate"]]
    seen = seen.merge(rates, on=["place", "category"]).dropna(subset="relative_rate")
    high, low = seen["relative_rate"] >= 1.5, seen["relative_rate"] <= 0.67
    graver = stats.mannwhitneyu(
        seen.loc[high, "severity"].dropna(), seen.loc[low, "severity"].dropna(), alternative="greater"
    )
    assert graver.pvalue < RARELY
    assert seen.loc[high, "severity"].notna().mean() > seen.loc[low, "severity"].notna().mean()


def test_visits_are_uneven_and_some_sites_have_none(training_edition_dir: Path) -> None:
    visits = pd.read_csv(training_edition_dir / "site_visits.csv")
    counts = visits["site_record_id"].value_counts()
    register = pd.read_csv(training_edition_dir / "sites.csv")["record_id"].str.startswith("reg-").sum()
    assert 0 < len(counts) < register
    assert counts.min() == 1
    assert 4 <= counts.max() <= 6


def test_the_window_of_the_truth_is_that_of_the_method(world: World) -> None:
    from risk.method import METHOD

    assert METHOD.window_months == WINDOW_QUARTERS * 3
