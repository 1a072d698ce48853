"""What assessments, actions, lists of refiners and grievances come to on the day of the release.

What is dated later than that day is not read. The cross checks have set aside what could not be measured.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipelines.measuring.moment import Moment
from risk.assessments import section_scores, site_levels
from risk.findings import scheme_of
from risk.grievances import grievance_states, placed_between
from risk.improvements import action_states, capital_needs, finding_changes
from risk.refiners import coverage, facility_keys, status_changes
from warehouse.progress import RMAP_ID

Tables = Mapping[str, pd.DataFrame]
_NOT_KNOWN = ["assessed", "not_assessed", "share_pct"]


def assessed(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `assessment_sections`, `assessment_levels`, `finding_changes` and `capital_needs`."""
    criteria = tables["criteria"]
    assessments = _until(tables["assessments"], "assessed_on", moment)
    findings = tables["findings"]
    findings = findings[findings["assessment_id"].isin(assessments["assessment_id"])]
    told_apart = one_a_day(assessments)
    return {
        "assessment_sections": section_scores(criteria, assessments, findings),
        "assessment_levels": site_levels(criteria, tables["framework_levels"], assessments, findings),
        "finding_changes": finding_changes(criteria, told_apart, findings),
        "capital_needs": capital_needs(criteria, assessments, findings, tables["improvement_actions"]),
    }


def one_a_day(assessments: pd.DataFrame) -> pd.DataFrame:
    """Return the assessments with one a site, framework scheme and day: that with the smallest id.

    Two records of one site, each with an assessment of that day, are known for one only when they are matched:
    nobody could tell which of the two came first. Both keep their level and their sections.
    """
    rows = assessments.assign(scheme=scheme_of(assessments["framework_id"])).sort_values("assessment_id")
    return rows.drop_duplicates(["site_id", "scheme", "assessed_on"]).drop(columns="scheme")


def acted(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `action_states`."""
    actions, extensions = tables["improvement_actions"], tables["action_extensions"]
    return {"action_states": action_states(actions, extensions, moment.end)}


def listed(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `refiner_changes` and `refiner_coverage`.

    Where none of the refiners of a kind has a day of an assessment on record, how many were assessed is missing,
    not zero. Without any refiner or list there is no row.
    """
    listings, refiners = tables["refiner_statuses"], tables["refiners"]
    # Who is who is told by all lists there are; what later ones say of a status is not.
    changes = _until(status_changes(listings, refiners), "changed_on", moment)
    found = coverage(listings, refiners, moment.end)
    is_dated = found["undated"] < found["known"]
    found[_NOT_KNOWN] = found[_NOT_KNOWN].where(is_dated | (found["known"] == 0))
    return {
        "refiner_changes": changes,
        "refiner_coverage": found if len(listings) or len(refiners) else found.iloc[:0],
    }


def complained(tables: Tables, moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `grievance_states` and `grievance_placements`."""
    steps = tables["grievance_steps"]
    states = grievance_states(tables["grievances"], steps, moment.end)
    grievances = _until(tables["grievances"], "received_on", moment)
    listings = _until(tables["refiner_statuses"], "listed_on", moment)
    cases, listings = _with_entities(grievances, listings, tables)
    visits = _until(tables["assessments"], "assessed_on", moment)
    done = pd.concat([_of_sites(visits), _of_refiners(_until(listings, "assessed_on", moment))])
    return {
        "grievance_states": states,
        "grievance_placements": placed_between(cases, done, tables["improvement_actions"]),
    }


def _until(rows: pd.DataFrame, column: str, moment: Moment) -> pd.DataFrame:
    """Return the rows dated up to the day of the release."""
    return rows[(rows[column] <= moment.end).fillna(False).astype(bool)]


def _with_entities(
    grievances: pd.DataFrame, listings: pd.DataFrame, tables: Tables
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the grievances and the listings with the entity each is of.

    A site record becomes its site and a refiner's id its key on all lists; what is of no row stays as it is.
    """
    given = grievances["entity_id"].astype("string")
    site_of = tables["site_records"].set_index("record_id")["site_id"]
    is_rmap = given.str.fullmatch(RMAP_ID.strip("^$")).astype(bool)
    named = pd.DataFrame({"refiner_id": given.mask(is_rmap), "rmap_id": given.where(is_rmap)})
    named = named.assign(name=None, country=None)
    of_listings, _, of_cases = facility_keys(tables["refiner_statuses"], tables["refiners"], named)
    kinds = grievances["entity_kind"]
    entity = given.mask(kinds == "refiner", of_cases)
    entity = entity.mask(kinds == "site", given.map(site_of).astype("string").fillna(given))
    keys = of_listings.loc[listings.index]
    return grievances.assign(entity_id=entity), listings.assign(entity_id=keys)


def _of_sites(assessments: pd.DataFrame) -> pd.DataFrame:
    rows = assessments.assign(entity_kind="site", entity_id=assessments["site_id"])
    return rows[["entity_kind", "entity_id", "assessment_id", "assessed_on"]]


def _of_refiners(listings: pd.DataFrame) -> pd.DataFrame:
    """Return the assessments that lists tell of, one row a refiner and day, named by the first such listing."""
    rows = listings.sort_values(["listed_on", "listing_id"])
    rows = rows.drop_duplicates(["entity_id", "assessed_on"])
    rows = rows.assign(entity_kind="refiner", assessment_id=rows["listing_id"])
    return rows[["entity_kind", "entity_id", "assessment_id", "assessed_on"]]
