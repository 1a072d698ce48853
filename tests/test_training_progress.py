"""Progress in the training edition: every word occurs, figures agree with results, nothing hidden is published."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import cobalt
from pipelines.edition import load_edition
from pipelines.matches.site_names import sound
from pipelines.training.frameworks import OLDER_FILE, SHARED, SHARED_FILES, older_text
from pipelines.training.making import MadeBy, make
from pipelines.training.progress_phrases import allegations, titles
from pipelines.training.refining import LIST_DAYS
from risk import progress_words as words
from risk.assessments import section_scores, site_levels
from risk.categories import CATEGORIES, PROTECTION_CRITICAL
from risk.grievances import grievance_states
from risk.improvements import action_states, finding_changes
from risk.refiners import coverage, status_changes
from tests.test_training import real_names
from warehouse.release import Release, close_all, open_release

AS_OF = pd.Timestamp("2026-09-30")
TABLES = (
    *("assessments", "findings", "improvement_actions", "action_extensions"),
    *("refiners", "refiner_statuses", "grievances", "grievance_steps", "criteria", "framework_levels"),
)
Rows = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def release(training_releases_dir: Path) -> Release:
    yield open_release("training", releases_dir=training_releases_dir)
    close_all()


@pytest.fixture(scope="module")
def given(release: Release) -> Rows:
    found = {name: release.query(f"SELECT * FROM {name}") for name in TABLES}
    found["assessments"]["site_id"] = found["assessments"]["site_record_id"]
    return found


@pytest.fixture(scope="module")
def sites(release: Release) -> pd.DataFrame:
    return release.query("SELECT * FROM site_records").set_index("record_id")


@pytest.fixture(scope="module")
def full(given: Rows) -> pd.DataFrame:
    """Findings with their assessment and their criterion."""
    both = given["findings"].merge(given["assessments"], on="assessment_id")
    return both.merge(given["criteria"], on=["framework_id", "criterion_id"])


@pytest.mark.parametrize(
    ("table", "column", "known"),
    [
        ("assessments", "kind", words.ASSESSMENT_KINDS),
        ("assessments", "assessor_kind", words.ASSESSOR_KINDS),
        ("findings", "result", words.RESULTS),
        ("improvement_actions", "status", words.ACTION_STATUSES),
        ("improvement_actions", "responsible", words.PARTY_KINDS),
        ("improvement_actions", "supporter", {*words.PARTY_KINDS} - {"site_operator", "cooperative"}),
        ("improvement_actions", "cost_band", words.COST_BANDS),
        ("improvement_actions", "funding_status", words.FUNDING_STATUSES),
        ("improvement_actions", "priority", words.PRIORITIES),
        ("improvement_actions", "verification", words.VERIFICATION_KINDS),
        ("refiners", "rmap_status", words.REFINER_STATUSES),
        ("refiner_statuses", "status", {*words.REFINER_STATUSES} - {"not_listed"}),
        ("refiner_statuses", "kind", ("crude", "fine", "unknown")),
        ("grievances", "entity_kind", words.ENTITY_KINDS),
        ("grievances", "category", CATEGORIES),
        ("grievance_steps", "status", words.GRIEVANCE_STATUSES),
    ],
)
def test_every_word_occurs_and_no_other(given: Rows, table: str, column: str, known: object) -> None:
    assert set(given[table][column].dropna()) == set(known)


def test_every_file_passes_its_check(training_edition_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (*TABLES[:8], "sites"):
        assert cobalt.main(["check", str(training_edition_dir / f"{name}.csv")]) == 0
    assert cobalt.main(["framework", "check", str(training_edition_dir / "frameworks" / OLDER_FILE)]) == 0
    assert capsys.readouterr().out.count(" all taken") == 9


def test_frameworks_are_the_edition_s_own(training_edition_dir: Path) -> None:
    own = training_edition_dir / "frameworks"
    named = {one.path for one in load_edition(training_edition_dir).inputs if one.source == "criteria"}
    assert named == {own / name for name in (OLDER_FILE, *SHARED_FILES)}
    for name in SHARED_FILES:
        assert (own / name).read_bytes() == (SHARED / name).read_bytes()
    text = (own / OLDER_FILE).read_text("utf-8")
    assert text == older_text((SHARED / SHARED_FILES[0]).read_text("utf-8"))
    assert "Invented for training" in text


def test_an_assessment_is_under_the_version_of_its_day(release: Release) -> None:
    both = release.query("SELECT * FROM assessments JOIN frameworks USING (framework_id)")
    assert set(both["framework_id"]) == {f"illustrative@{year}.1" for year in (2022, 2025, 2026)}
    assert (both["assessed_on"] >= both["valid_from"]).all()
    assert (both["assessed_on"] <= both["valid_until"].fillna(AS_OF)).all()


def test_a_third_of_the_sites_with_workers_is_assessed_one_to_five_times(given: Rows) -> None:
    times = given["assessments"].groupby("site_record_id").size()
    assert len(times) == 30
    assert times.between(1, 5).all()
    days = given["assessments"].sort_values("assessed_on").groupby("site_record_id")["assessed_on"]
    assert days.diff().dropna().min() >= pd.Timedelta(days=150)
    first = given["assessments"].sort_values("assessed_on").drop_duplicates("site_record_id")
    assert set(first["kind"]) == {"initial"}
    assert (given["assessments"]["kind"] == "initial").sum() == len(times)


def test_some_sections_have_too_few_findings_for_a_score(given: Rows) -> None:
    scores = section_scores(given["criteria"], given["assessments"], given["findings"])
    assert 0.03 < scores["score_pct"].isna().mean() < 0.25


def test_sites_reach_different_levels_and_some_are_blocked(given: Rows) -> None:
    found = site_levels(given["criteria"], given["framework_levels"], given["assessments"], given["findings"])
    assert {"ENTRY", "BASE"} <= set(found["level"].dropna())
    assert found["level"].isna().any()
    assert 0 < found["is_blocked"].mean() < 0.3


def test_what_was_measured_agrees_with_what_was_found(full: pd.DataFrame) -> None:
    known = full.dropna(subset="measured_value")
    value, limit = known["measured_value"].astype(float), known["threshold_value"].astype(float)
    held = pd.Series(False, index=known.index)
    for sign, rows in known.groupby("operator").groups.items():
        compared = {"<=": value.le, "<": value.lt, ">=": value.ge, ">": value.gt, "=": value.eq}[str(sign)](
            limit
        )
        held[rows] = compared[rows]
    assert len(known) > 50
    assert (held == (known["result"] == "met")).all()
    assert known["result"].isin(["met", "partial", "not_met"]).all()
    assert known["metric"].notna().all()


def test_no_published_assessment_counts_minors(full: pd.DataFrame) -> None:
    minors = full[full["metric"] == "people_under_18"]
    assert minors.loc[minors["is_public_record"], "measured_value"].isna().all()
    assert minors["measured_value"].notna().any()


def test_zero_tolerance_knows_no_half(full: pd.DataFrame) -> None:
    assert "partial" not in set(full.loc[full["kind_y"] == "zero_tolerance", "result"])


def test_findings_change_in_every_way(given: Rows) -> None:
    changed = finding_changes(given["criteria"], given["assessments"], given["findings"])
    assert {"gained", "lost", "kept_met", "kept_unmet", "newly_assessed"} <= set(changed["change"])


def test_actions_follow_from_unmet_findings_once_a_criterion(given: Rows, full: pd.DataFrame) -> None:
    actions = given["improvement_actions"]
    both = actions.merge(full, on="finding_id", suffixes=("", "_found"))
    assert len(both) == actions["finding_id"].notna().sum()
    assert both["result"].isin(["partial", "not_met"]).all()
    assert (both["site_record_id"] == both["site_record_id_found"]).all()
    assert not both.duplicated(["site_record_id", "criterion_id"]).any()
    assert (both["started_on"].dropna() > both["assessed_on"][both["started_on"].notna()]).all()
    assert both["needs_capital"].mean() > full["needs_capital"].mean()
    told = {criterion: pair[0] for criterion, pair in titles().items()}
    assert (both["criterion_id"].map(told) == both["title_en"]).all()
    assert actions["title_fr"].notna().mean() > 0.5


def test_the_days_of_actions_agree_with_their_status(given: Rows) -> None:
    actions = given["improvement_actions"]
    status = actions["status"]
    assert (actions["resolved_on"].notna() == (status == "resolved")).all()
    assert actions.loc[status.isin(["draft", "new"]), "started_on"].isna().all()
    assert (actions.loc[status == "resolved", "progress_pct"] == 100).all()
    assert (actions["verified_on"].notna() == (actions["verification"] != "not_verified")).all()
    assert (actions["resolved_on"].dropna() <= AS_OF).all()
    assert (actions["verified_on"] <= actions["resolved_on"])[actions["verified_on"].notna()].all()
    assert not (actions["responsible"] == actions["supporter"]).fillna(False).any()
    assert ((actions["funding_status"] == "not_needed") == (actions["cost_band"] == "none")).all()


def test_some_actions_are_overdue_some_were_given_more_time(given: Rows) -> None:
    states = action_states(given["improvement_actions"], given["action_extensions"], AS_OF)
    assert states["is_overdue"].any()
    assert (states["is_open"] & ~states["is_overdue"]).any()
    assert {0, 1, 2} <= set(states["extensions"])
    assert (given["action_extensions"]["extended_on"] <= AS_OF).all()


def test_half_of_the_fine_and_a_quarter_of_the_crude_refiners_are_assessed(given: Rows) -> None:
    assert given["refiners"]["kind"].value_counts().to_dict() == {"fine": 25, "crude": 15}
    found = coverage(given["refiner_statuses"], given["refiners"], AS_OF, 2021).set_index(["kind", "year"])
    assert found.loc[("fine", 2026), "assessed"] == 13
    assert found.loc[("crude", 2026), "assessed"] == 4
    assert found.loc["fine", "assessed"].is_monotonic_increasing


def test_lists_come_at_most_twice_a_year_and_statuses_change(given: Rows) -> None:
    lists = given["refiner_statuses"].groupby("list_id")["listed_on"].unique()
    assert sorted(str(days[0].date()) for days in lists) == list(LIST_DAYS)
    assert pd.Series(LIST_DAYS).str[:4].value_counts().max() <= 2
    changes = status_changes(given["refiner_statuses"])
    assert {("active", "conformant"), ("eligible", "active")} <= set(
        changes[["status_before", "status"]].dropna().itertuples(index=False, name=None)
    )
    # Some are called removed, others are simply no longer there.
    told = given["refiner_statuses"].query("status == 'removed'")
    assert len(changes.query("status == 'removed'")) > len(told) > 0
    assert set(given["refiner_statuses"]["cycle_years"].dropna()) == {1, 2, 3}


def test_no_refiner_is_a_real_one(given: Rows) -> None:
    names = given["refiner_statuses"]["name"]
    assert {sound(name.split()[0]) for name in names} & real_names() == set()
    assert given["refiner_statuses"]["country"].str.startswith("XT").all()
    assert given["refiner_statuses"]["rmap_id"].dropna().str.startswith("CID9").all()
    assert set(given["refiner_statuses"]["refiner_id"].dropna()) <= set(given["refiners"]["refiner_id"])


def test_grievances_are_of_what_there_is_and_their_steps_lead_onwards(
    given: Rows, sites: pd.DataFrame
) -> None:
    grievances = given["grievances"]
    by_kind = grievances.groupby("entity_kind")["entity_id"]
    assert set(by_kind.get_group("site")) <= set(sites.index)
    assert set(by_kind.get_group("refiner")) <= set(given["refiners"]["refiner_id"])
    states = grievance_states(grievances, given["grievance_steps"], AS_OF)
    assert states["is_open"].nunique() == 2
    first = given["grievance_steps"].sort_values("happened_on").drop_duplicates("grievance_id")
    assert set(first["status"]) == {"received"}
    assert set(allegations()) == set(CATEGORIES)


def test_nothing_of_a_hidden_site_is_published(given: Rows, sites: pd.DataFrame) -> None:
    grievances = given["grievances"].query("entity_kind == 'site'")
    for table, ids in (
        (given["assessments"], given["assessments"]["site_record_id"]),
        (given["improvement_actions"], given["improvement_actions"]["site_record_id"]),
        (grievances, grievances["entity_id"]),
    ):
        is_public = sites["is_public_record"].astype(bool).reindex(ids).to_numpy()
        assert not (table["is_public_record"].to_numpy(dtype=bool) & ~is_public).any()
        assert 0 < table["is_public_record"].mean() < 0.5
    critical = given["grievances"]["category"].isin(PROTECTION_CRITICAL)
    assert not given["grievances"].loc[critical, "is_public_record"].any()


def test_an_even_edition_has_progress_too(tmp_path: Path) -> None:
    make(tmp_path, MadeBy(size=0.05, seed=5), is_even=True)
    assert len(pd.read_csv(tmp_path / "assessments.csv")) > 0
