"""The written truth of progress agrees with what is told of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipelines.training.events import EVENT_SHARE
from pipelines.training.frameworks import write_frameworks
from pipelines.training.ground import make_ground
from pipelines.training.kinds import CODES
from pipelines.training.making import records_of, sites_of
from pipelines.training.quality import IMPROVES, STAYS, TRUE_CHANGE, WORSENS, make_quality
from pipelines.training.refining import ROLES
from pipelines.training.sites import make_sites
from pipelines.training.truth import make_truth, over_window, relative_rates
from risk.grievances import placed_between

# A test of chance may fail once in ten thousand seeds; the seed is fixed.
RARELY = 1e-4
Rows = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def given(training_edition_dir: Path) -> Rows:
    return {path.stem: pd.read_csv(path) for path in training_edition_dir.glob("*.csv")}


@pytest.fixture(scope="module")
def truth(training_edition_dir: Path) -> Rows:
    return {path.stem: pd.read_csv(path) for path in (training_edition_dir / "truth").glob("*.csv")}


@pytest.fixture(scope="module")
def found(given: Rows, truth: Rows) -> pd.DataFrame:
    """Findings that were assessed, with what was truly so and what is known of their assessment."""
    both = (
        given["findings"]
        .merge(truth["findings"], on="finding_id")
        .merge(truth["assessments"], on="assessment_id")
    )
    return both[both["result"].isin(["met", "partial", "not_met"])]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("assessments", "assessment_id"),
        ("findings", "finding_id"),
        ("grievances", "grievance_id"),
    ],
)
def test_the_truth_knows_every_record(given: Rows, truth: Rows, table: str, key: str) -> None:
    assert truth[table][key].tolist() == given[table][key].tolist()


def test_the_truth_says_what_is_public(given: Rows, truth: Rows) -> None:
    assert truth["actions"]["action_id"].tolist() == given["improvement_actions"]["action_id"].tolist()
    for told, table in (("assessments",) * 2, ("actions", "improvement_actions"), ("grievances",) * 2):
        assert truth[told]["is_public_record"].tolist() == given[table]["public_record"].tolist()


def test_the_course_of_a_site_is_that_of_its_quality(given: Rows, truth: Rows) -> None:
    sites = truth["site_progress"]
    change = sites["quality_last_day"] - sites["quality_first_day"]
    for course, is_so in (
        (IMPROVES, change >= TRUE_CHANGE - 0.001),
        (WORSENS, change <= 0.001 - TRUE_CHANGE),
        (STAYS, change.abs() <= TRUE_CHANGE + 0.001),
    ):
        assert is_so[sites["course"] == course].all()
    assert set(sites["course"]) == {IMPROVES, STAYS, WORSENS}
    assert set(sites["register_record"]) == set(given["assessments"]["site_record_id"])
    assert sites["setback_on"].notna().any()
    quarters = truth["site_quality"].groupby("site")
    assert set(quarters.size()) == {20}
    assert np.allclose(quarters["quality"].first(), sites.set_index("site")["quality_first_day"].sort_index())


def test_better_sites_truly_meet_more(truth: Rows) -> None:
    sites = truth["site_quality"]
    share = sites["met"] / (sites["met"] + sites["partial"] + sites["not_met"])
    assert stats.spearmanr(sites["quality"], share).statistic > 0.8


def test_reports_follow_the_truth_but_for_wrong_ones(found: pd.DataFrame) -> None:
    sound = found[found["is_wrong"] == "no"]
    assert (sound["result"] == sound["true_result"]).mean() > 0.85
    wrong = found[found["is_wrong"] == "yes"]
    flattered = [
        ((rows["result"] == "met") & (rows["true_result"] != "met")).sum() for rows in (wrong, sound)
    ]
    unmet = [(rows["true_result"] != "met").sum() for rows in (wrong, sound)]
    table = [[flattered[k], unmet[k] - flattered[k]] for k in range(2)]
    assert stats.fisher_exact(table, alternative="greater").pvalue < RARELY


def test_the_truth_counts_what_was_found_wrongly(found: pd.DataFrame, truth: Rows) -> None:
    counts = (
        ((found["result"] == "met") & (found["true_result"] != "met")).groupby(found["assessment_id"]).sum()
    )
    known = truth["assessments"].set_index("assessment_id")
    assert (known["wrongly_met"] == counts.reindex(known.index, fill_value=0)).all()
    assert (
        known["assessed"] == found.groupby("assessment_id").size().reindex(known.index, fill_value=0)
    ).all()


def test_what_does_not_apply_is_so_found(given: Rows, truth: Rows) -> None:
    both = given["findings"].merge(truth["findings"], on="finding_id")
    assessed = both[both["result"] != "not_assessed"]
    assert ((assessed["result"] == "na") == (assessed["true_result"] == "na")).all()


def test_criteria_are_harder_where_the_risk_they_answer_is_higher(tmp_path: Path) -> None:
    chance = [np.random.default_rng([1, step]) for step in range(10)]
    ground = make_ground(chance[0])
    sites = make_sites(chance[1], ground, sites_of(1))
    truth = make_truth(chance[2], ground, sites, 1, records_of(1) * EVENT_SHARE)
    quality = make_quality(chance[9], sites, truth, write_frameworks(tmp_path / "frameworks"))
    each = np.arange(len(sites.frame))
    rate = relative_rates(over_window(truth.rates), sites.workers, each, len(each))[:, CODES.index("OSH"), 0]
    of_safety = [str(one).startswith("OSH") for one in quality.criteria]
    found = stats.spearmanr(rate[quality.site], quality.own[:, of_safety].mean(axis=1))
    assert found.statistic < 0
    assert found.pvalue < RARELY


def test_resolved_actions_are_done_but_for_those_that_only_say_so(given: Rows, truth: Rows) -> None:
    actions = given["improvement_actions"].merge(truth["actions"], on="action_id")
    resolved = actions[actions["status"] == "resolved"]
    assert ((resolved["is_falsely_resolved"] == "yes") == (resolved["is_truly_done"] == "no")).all()
    true = resolved[resolved["is_truly_done"] == "yes"]
    assert len(true) > len(resolved) / 2
    assert (pd.to_datetime(true["resolved_on"]) >= pd.to_datetime(true["met_from"])).all()
    waiting = actions[actions["status"] == "under_review"]
    assert set(waiting["is_truly_done"]) == {"yes", "no"}
    assert (actions.loc[actions["status"] == "in_progress", "is_truly_done"] == "no").mean() > 0.9


def test_the_truth_of_refiners_has_the_kind_that_lists_leave_out(given: Rows, truth: Rows) -> None:
    facilities = truth["refiners"]
    assert len(facilities) == len(given["refiners"]) + 2
    for kind, roles in ROLES.items():
        here = facilities[(facilities["kind"] == kind) & facilities["refiner_id"].notna()]
        assert here["role"].value_counts().to_dict() == roles
    assert (facilities["assessed_on"].notna() == (facilities["role"] == "assessed")).all()
    assert (facilities["removed_on"].notna() == facilities["role"].isin(["removed", "lost"])).all()


def test_alleged_days_lie_where_the_truth_says(given: Rows, truth: Rows) -> None:
    known = truth["grievances"]
    exact = known.assign(alleged_start=known["about_day"], alleged_end=known["about_day"])
    received = given["grievances"].set_index("grievance_id")["received_on"]
    exact["received_on"] = exact["grievance_id"].map(received)
    refiners = truth["refiners"].dropna(subset=["refiner_id", "assessed_on"])
    days = refiners.assign(assessed_on=refiners["assessed_on"].str.split("; ")).explode("assessed_on")
    of_sites = given["assessments"].assign(
        entity_kind="site", entity_id=given["assessments"]["site_record_id"]
    )
    of_refiners = days.assign(
        entity_kind="refiner", entity_id=days["refiner_id"], assessment_id=days["assessed_on"]
    )
    done = pd.concat([of_sites, of_refiners])[["assessment_id", "assessed_on", "entity_kind", "entity_id"]]
    columns = ["entity_kind", "entity_id", "action_id", "status", "started_on", "resolved_on"]
    none = pd.DataFrame(columns=columns).astype(dict.fromkeys(columns[-2:], "datetime64[ns]"))
    placed = placed_between(exact, done.assign(assessed_on=pd.to_datetime(done["assessed_on"])), none)
    found = placed.set_index("grievance_id")["placement"].reindex(known["grievance_id"])
    assert found.tolist() == known["placement"].tolist()
    assert set(known["placement"]) == {"before_first", "between", "after_last", "no_assessment"}


def test_the_alleged_time_holds_the_day_it_is_about(given: Rows, truth: Rows) -> None:
    both = given["grievances"].merge(truth["grievances"], on="grievance_id")
    start, end, day = (pd.to_datetime(both[name]) for name in ("alleged_start", "alleged_end", "about_day"))
    assert (start.isna() | (start <= day)).all()
    assert (end.isna() | (end >= day)).all()
    assert (day <= pd.to_datetime(both["received_on"])).all()
    assert set(both["time_told"]) == {"day", "month", "half_year", "since", "until", "not_told"}
    assert (start.isna() == both["time_told"].isin(["until", "not_told"])).all()
    assert set(both["is_true"]) == {"yes", "no"}
