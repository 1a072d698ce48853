"""What is told below staff of unpublished assessments, actions and grievances: sums of whole cohorts.

A cohort is a year that is over, in one territory; of grievances, of those about people who need protection or of
the others: one category of one year is seldom enough. Criteria of protection-critical
categories are told nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import pandas as pd

from pipelines.checks.narrowing import FLAG
from pipelines.disclosing.assigning import RULES_BELOW_STAFF, carried, ids_shown
from risk.disclosure_cohorts import assign_cohorts, freeze, summed
from risk.disclosure_rules import CRITICAL_CATEGORIES, last_open_day
from risk.disclosure_tables import CRITICAL, NON_CRITICAL
from warehouse.release import Release

Tables = Mapping[str, pd.DataFrame]
OWN: Final = ("disclosure_cohorts", "disclosure_cohort_sums")
_VALUES: Final = {"met": 1.0, "partial": 0.5, "not_met": 0.0}
_ROUND_DAYS: Final = 10
_PLACE: Final = ["territory_pcode", "year"]
_RESULTS: Final = {"full": "met", "half": "partial", "none": "not_met"}


def progress_cohorts(
    staff: Tables, shown: pd.DataFrame, as_of: date, before: Release | None
) -> dict[str, pd.DataFrame]:
    """Return `disclosure_cohorts` and `disclosure_cohort_sums`, those of the release `before` carried on."""
    last = last_open_day(as_of, RULES_BELOW_STAFF.aggregate_embargo_days)
    # Whole years: the last that is over by that day.
    newest = last.year if (last.month, last.day) == (12, 31) else last.year - 1
    parts = [_assessed(staff, shown), *_acted(staff, shown), _complained(staff, shown)]
    values = pd.concat(parts, ignore_index=True)
    values = values[(values["year"] <= newest).fillna(False).astype(bool)]
    units = values.drop_duplicates("unit_id")[["unit_id", "cohort_id", "entity_id", "is_critical"]]
    assigned, sums = (carried(before, name) for name in OWN)
    batches = assign_cohorts(units, assigned, RULES_BELOW_STAFF)
    frozen = freeze(batches, values, sums, RULES_BELOW_STAFF)
    # A criterion that is about people who need protection now was, perhaps, not when its sums were told.
    asked = staff["criteria"]
    critical = asked[asked["category"].isin(CRITICAL_CATEGORIES)]
    items = critical["framework_id"] + "|" + critical["section"] + "|" + critical["criterion_id"]
    return {OWN[0]: batches, OWN[1]: frozen[~frozen["item"].isin(items)].reset_index(drop=True)}


def told_progress(sums: pd.DataFrame, territories: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tables of sums, from `disclosure_cohort_sums`. territories: territory_pcode, province_pcode."""
    parts = sums["cohort_id"].astype("string").str.split("|", expand=True).reindex(columns=range(3))
    rows = sums.assign(subject=parts[0], place=parts[1], year=pd.to_numeric(parts[2]).astype("Int64"))
    results = rows[rows["subject"] == "assessed"].rename(columns={"place": "territory_pcode"})
    item = results["item"].astype("string").str.split("|", expand=True).reindex(columns=range(3))
    results = results.assign(framework_id=item[0], section=item[1], criterion_id=item[2])
    areas = territories[["territory_pcode", "province_pcode"]].drop_duplicates("territory_pcode")
    results = results.merge(areas, on="territory_pcode", how="left")
    of = ["framework_id", "section"]
    actions = rows[rows["subject"].isin(["started", "resolved"])].rename(
        columns={"place": "territory_pcode", "subject": "kind"}
    )
    cases = rows[rows["subject"] == "grievance"].rename(columns={"place": "category"})
    return {
        "disclosed_criteria": _results(results, [*_PLACE, *of, "criterion_id"], "assessments"),
        "disclosed_sections": _results(results, [*_PLACE, *of], "answers"),
        "disclosed_province_sections": _results(results, ["province_pcode", "year", *of], "answers"),
        "disclosed_actions": _actions(actions, [*_PLACE, "kind"]),
        "disclosed_action_totals": _actions(actions, ["year", "kind"]),
        "disclosed_grievances": _counts(cases, ["year", "category"]),
        "disclosed_grievance_totals": _counts(cases, ["year"]),
    }


def _results(rows: pd.DataFrame, by: list[str], units: str) -> pd.DataFrame:
    found = summed(rows.dropna(subset=by), by).rename(columns={**_RESULTS, "units": units})
    return found[[*by, units, "met", "partial", "not_met"]]


def _actions(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    found = summed(rows, by)
    # Rounded: the days of one more batch tell a mean, not the days of each of its actions.
    mean = (found["days"].astype("Float64") / found["units"] / _ROUND_DAYS).round() * _ROUND_DAYS
    is_done = found["kind"].eq("resolved")
    return found.assign(action_count=found["units"], mean_days=mean.where(is_done))[
        [*by, "action_count", "mean_days"]
    ]


def _counts(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return summed(rows, by).rename(columns={"units": "grievance_count"})[[*by, "grievance_count"]]


def _restricted(rows: pd.DataFrame, table: str, key: str, shown: pd.DataFrame) -> pd.DataFrame:
    is_public = rows[FLAG].fillna(False).astype(bool) | rows[key].isin(ids_shown(shown, table))
    return rows[~is_public]


def _assessed(staff: Tables, shown: pd.DataFrame) -> pd.DataFrame:
    """Return one row a finding of the last assessment of each site and year."""
    rows = _restricted(staff["assessments"], "assessments", "assessment_id", shown)
    rows = rows.assign(year=rows["assessed_on"].dt.year.astype("Int64"))
    rows = rows.sort_values(["assessed_on", "assessment_id"]).drop_duplicates(
        ["site_id", "year"], keep="last"
    )
    rows = rows.merge(staff["sites"][["site_id", "territory_pcode"]], on="site_id").dropna(
        subset="territory_pcode"
    )
    asked = staff["criteria"][["framework_id", "criterion_id", "section", "category"]]
    found = rows.merge(staff["findings"][["assessment_id", "criterion_id", "result"]], on="assessment_id")
    found = found.merge(asked, on=["framework_id", "criterion_id"])
    found = found[~found["category"].isin(CRITICAL_CATEGORIES)]
    return _values(
        found,
        unit="assessed|" + found["assessment_id"],
        cohort="assessed|" + found["territory_pcode"] + "|" + found["year"].astype("string"),
        entity=found["site_id"],
        item=found["framework_id"] + "|" + found["section"] + "|" + found["criterion_id"],
        value=found["result"].map(_VALUES),
    )


def _acted(staff: Tables, shown: pd.DataFrame) -> list[pd.DataFrame]:
    rows = _restricted(staff["improvement_actions"], "improvement_actions", "action_id", shown)
    rows = rows[~rows["status"].isin(["draft", "cancelled"])]
    rows = rows.merge(staff["action_states"][["action_id", "days_to_resolve"]], on="action_id")
    rows = rows.merge(staff["sites"][["site_id", "territory_pcode"]], on="site_id").dropna(
        subset="territory_pcode"
    )
    found = []
    for kind in ("started", "resolved"):
        some = rows.dropna(subset=f"{kind}_on")
        some = some.assign(year=some[f"{kind}_on"].dt.year.astype("Int64"))
        found.append(
            _values(
                some,
                unit=f"{kind}|" + some["action_id"],
                cohort=f"{kind}|" + some["territory_pcode"] + "|" + some["year"].astype("string"),
                entity=some["site_id"],
                item=pd.Series("actions", some.index),
                days=some["days_to_resolve"] if kind == "resolved" else None,
            )
        )
    return found


def _complained(staff: Tables, shown: pd.DataFrame) -> pd.DataFrame:
    rows = _restricted(staff["grievances"], "grievances", "grievance_id", shown)
    is_critical = rows["category"].isin(CRITICAL_CATEGORIES)
    group = is_critical.map({True: CRITICAL, False: NON_CRITICAL}).astype("string")
    rows = rows.assign(year=rows["received_on"].dt.year.astype("Int64"))
    return _values(
        rows,
        unit="grievance|" + rows["grievance_id"],
        cohort="grievance|" + group + "|" + rows["year"].astype("string"),
        entity=rows["entity_id"],
        item=pd.Series("grievances", rows.index),
        is_critical=is_critical,
    )


def _values(
    rows: pd.DataFrame,
    *,
    unit: pd.Series,
    cohort: pd.Series,
    entity: pd.Series,
    item: pd.Series,
    value: pd.Series | float = 1.0,
    days: pd.Series | None = None,
    is_critical: pd.Series | bool = False,
) -> pd.DataFrame:
    columns = {"unit_id": unit, "cohort_id": cohort, "entity_id": entity, "item": item}
    frame = pd.DataFrame({name: column.astype("string") for name, column in columns.items()}, rows.index)
    nothing = pd.Series(pd.NA, rows.index, dtype="Float64")
    return frame.assign(
        value=value, days=nothing if days is None else days.astype("Float64"), year=rows["year"],
        is_critical=is_critical,
    )  # fmt: skip
