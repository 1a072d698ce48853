"""What is told of unpublished assessments, actions and grievances: sums of large cohorts, and no other way to them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipelines.build import build
from pipelines.disclosing.keeping_back import units_to_keep_back
from pipelines.training.making import prepare
from pipelines.verifying.checking import check_release
from risk.disclosure_rules import CRITICAL_CATEGORIES
from risk.vocabulary import Audience
from tests.made_broken import broken
from warehouse import disclosures
from warehouse.release import Release, open_release

LEAST = 5
BROKEN = {
    "a sum of few": (
        Audience.STAFF,
        'UPDATE disclosure_cohort_sums SET units = 4, "full" = 4, half = 0, "none" = 0 '
        "WHERE rowid = (SELECT min(rowid) FROM disclosure_cohort_sums)",
        "fewer units than the minimum are summed",
    ),
    "a sum of nobody": (
        Audience.STAFF,
        "UPDATE disclosure_cohorts SET batch = NULL",
        "a sum of no batch that stands",
    ),
    "a criterion about children": (
        Audience.STAFF,
        """UPDATE disclosure_cohort_sums SET item = (SELECT framework_id || '|' || section || '|' || criterion_id
           FROM criteria WHERE category = 'CHL' LIMIT 1)
           WHERE rowid = (SELECT min(rowid) FROM disclosure_cohort_sums WHERE cohort_id LIKE 'assessed%')""",
        "a criterion of a protection-critical category is summed",
    ),
    "another number": (
        Audience.MEMBER,
        "UPDATE disclosed_sections SET met = met + 1 WHERE rowid = (SELECT min(rowid) FROM disclosed_sections)",
        "the numbers are not the sums of the batches",
    ),
    "criteria in the file of members": (
        Audience.MEMBER,
        """INSERT INTO disclosed_criteria BY NAME SELECT 2024 AS year, 'f@1' AS framework_id, 'GOV' AS section,
           5 AS met, 0 AS partial, 0 AS not_met, 'XT7101' AS territory_pcode, 'GOV-01' AS criterion_id,
           5 AS assessments""",
        "the table is not for the member file and must be empty",
    ),
}


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One release of an edition with 300 sites and no incident: enough assessments, and quick to build."""
    folder = tmp_path_factory.mktemp("progress")
    prepare(folder / "training", size=1)
    for name in ("incidents", "toll_claims", "citations"):
        path = folder / "training" / f"{name}.csv"
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        kept = rows[rows["table_name"] != "incidents"] if name == "citations" else rows.iloc[:0]
        kept.to_csv(path, index=False)
    build(folder / "training", folder / "releases")
    return folder / "releases"


def of(releases_dir: Path, audience: Audience) -> Release:
    return open_release("training", audience, releases_dir=releases_dir)


def test_members_are_told_sections_by_territory_and_all_are_told_provinces(
    releases: Path,
) -> None:
    member, public = (of(releases, one) for one in (Audience.MEMBER, Audience.PUBLIC))
    rows = disclosures.disclosed_results(member, "territory")
    assert len(rows) > 0
    assert (rows["answers"] == rows["met"] + rows["partial"] + rows["not_met"]).all()
    assert rows[["name", "title_en", "section_en", "section_fr"]].notna().all(axis=None)
    assert disclosures.disclosed_results(public, "territory").empty
    provinces = disclosures.disclosed_results(public, "province")
    assert provinces["answers"].sum() == rows["answers"].sum()


def test_researchers_are_told_criteria_of_five_sites_or_more_and_none_about_people_to_protect(
    releases: Path,
) -> None:
    researcher, member = (of(releases, one) for one in (Audience.RESEARCHER, Audience.MEMBER))
    rows = disclosures.disclosed_criteria(researcher)
    assert (rows["assessments"] >= LEAST).all()
    criteria = researcher.query("SELECT criterion_id, category FROM criteria")
    critical = set(criteria.loc[criteria["category"].isin(CRITICAL_CATEGORIES), "criterion_id"])
    assert critical
    assert not critical & set(rows["criterion_id"])
    assert disclosures.disclosed_criteria(member).empty


def test_actions_and_grievances_are_told_by_year(releases: Path) -> None:
    member = of(releases, Audience.MEMBER)
    years = disclosures.disclosed_actions(member, "all")
    assert (years[["started", "resolved"]].dropna() >= LEAST).all(axis=None)
    assert years["started"].notna().any()
    told = disclosures.disclosed_actions(member, "territory")
    assert (told["mean_days"].dropna() % 10 == 0).all()
    by_group = disclosures.disclosed_grievances(member, by_category=True)
    totals = disclosures.disclosed_grievances(member, by_category=False)
    assert by_group["grievance_count"].sum() == totals["grievance_count"].sum()
    # The year of the release is not over.
    assert max(years["year"]) < member.manifest.as_of.year


def test_what_was_summed_together_is_published_together_or_not_yet(releases: Path) -> None:
    staff = of(releases, Audience.STAFF)
    tables = {
        name: staff.query(f"SELECT * FROM {name}")
        for name in ("assessments", "improvement_actions", "grievances")
    }
    units = staff.query(
        """SELECT cohort_id, batch, split_part(unit_id, '|', 2) AS id FROM disclosure_cohorts
           WHERE batch IS NOT NULL AND unit_id LIKE 'assessed%' ORDER BY 1, 2, 3"""
    )
    first = units[
        (units["cohort_id"] == units["cohort_id"].iloc[0]) & (units["batch"] == units["batch"].iloc[0])
    ]
    assert units_to_keep_back(tables, staff) == {}
    rows = tables["assessments"]
    some = rows.assign(
        is_public_record=rows["is_public_record"] | rows["assessment_id"].isin(first["id"][1:])
    )
    assert units_to_keep_back({**tables, "assessments": some}, staff) == {"assessments": set(first["id"][1:])}
    whole = rows.assign(is_public_record=rows["is_public_record"] | rows["assessment_id"].isin(first["id"]))
    assert units_to_keep_back({**tables, "assessments": whole}, staff) == {}


@pytest.mark.parametrize("name", BROKEN)
def test_a_sum_that_breaks_a_rule_is_found(name: str, releases: Path, tmp_path: Path) -> None:
    audience, statement, message = BROKEN[name]
    releases_dir = broken(releases, tmp_path, audience, statement)
    found = [str(fault) for fault in check_release("training", releases_dir).faults]
    assert [text for text in found if message in text] != [], found
