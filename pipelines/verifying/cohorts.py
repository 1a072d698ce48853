"""Sums of progress held to their batches: large enough, as they were, and nothing else told."""

from __future__ import annotations

from typing import Final

from pipelines.verifying.opening import BEFORE, Files
from risk.disclosure_rules import CRITICAL_CATEGORIES, Rules
from risk.vocabulary import Audience

UNITS: Final = "disclosure_cohorts"
SUMS: Final = "disclosure_cohort_sums"
_CRITICAL: Final = ", ".join(f"'{code}'" for code in sorted(CRITICAL_CATEGORIES))
_PARTS: Final = f"""SELECT *, split_part(cohort_id, '|', 1) AS subject, split_part(cohort_id, '|', 2) AS place,
    split_part(cohort_id, '|', 3)::BIGINT AS year, split_part(item, '|', 1) AS framework_id,
    split_part(item, '|', 2) AS section, split_part(item, '|', 3) AS criterion_id FROM staff.{SUMS}"""
# Each table told: its columns beside the numbers, and the rows and number of units that it is the sum of.
_RESULTS: Final = ("year", "framework_id", "section")
_TOLD: Final = {
    "disclosed_criteria": (("territory_pcode", *_RESULTS, "criterion_id"), "assessed", "assessments"),
    "disclosed_sections": (("territory_pcode", *_RESULTS), "assessed", "answers"),
    "disclosed_province_sections": (("province_pcode", *_RESULTS), "assessed", "answers"),
    "disclosed_actions": (("territory_pcode", "year", "kind"), "started', 'resolved", "action_count"),
    "disclosed_action_totals": (("year", "kind"), "started', 'resolved", "action_count"),
    "disclosed_grievances": (("year", "category"), "grievance", "grievance_count"),
    "disclosed_grievance_totals": (("year",), "grievance", "grievance_count"),
}
_NAMES: Final = {"kind": "subject", "category": "place", "territory_pcode": "place"}


def check_cohorts(files: Files, rules: Rules) -> None:
    """Note every batch, sum and figure of progress that breaks a rule."""
    files.findings.count("sums of progress", files.number(f"SELECT count(*) FROM staff.{SUMS}"))
    key = "concat_ws(' / ', cohort_id, batch, item) AS key"
    least = "CASE WHEN split_part(cohort_id, '|', 2) = 'CRITICAL' THEN $critical ELSE $least END"
    values = {"least": rules.min_count, "critical": rules.min_count_critical}
    files.hold(
        "staff",
        SUMS,
        "fewer units than the minimum are summed",
        f'SELECT {key} FROM staff.{SUMS} WHERE units < {least} OR units <> "full" + half + "none"',
        values,
    )
    files.hold(
        "staff",
        SUMS,
        "a sum of no batch that stands, or of fewer of its units",
        f"""SELECT {key} FROM staff.{SUMS} s LEFT JOIN (SELECT cohort_id, batch, count(*) AS n FROM staff.{UNITS}
            WHERE batch IS NOT NULL GROUP BY ALL) u USING (cohort_id, batch) WHERE n IS NULL OR s.units > n""",
    )
    files.hold(
        "staff",
        SUMS,
        "a criterion of a protection-critical category is summed",
        f"""SELECT {key} FROM ({_PARTS}) JOIN staff.criteria USING (framework_id, criterion_id)
            WHERE category IN ({_CRITICAL})""",
    )
    if files.has_before:
        _check_frozen(files, key)
    for audience in files.below:
        for table in _TOLD:
            _check_told(files, audience, table)


def _check_frozen(files: Files, key: str) -> None:
    """Note sums that differ from those of the release before, or joined a batch that it had told."""
    stood = f"(SELECT DISTINCT cohort_id, batch FROM {BEFORE}.{SUMS})"
    files.hold(
        "staff",
        SUMS,
        "a batch that was told is summed anew",
        f"""SELECT {key} FROM (SELECT * FROM staff.{SUMS} SEMI JOIN {stood} USING (cohort_id, batch)
            EXCEPT SELECT * FROM {BEFORE}.{SUMS})""",
    )
    files.hold(
        "staff",
        SUMS,
        "a batch that was told has left in part",
        f"""SELECT {key} FROM {BEFORE}.{SUMS} b SEMI JOIN staff.{SUMS} USING (cohort_id, batch)
            WHERE (cohort_id, batch, item) NOT IN (SELECT (cohort_id, batch, item) FROM staff.{SUMS})
            AND item NOT IN (SELECT concat_ws('|', framework_id, section, criterion_id) FROM staff.criteria
                             WHERE category IN ({_CRITICAL}))""",
    )


def _check_told(files: Files, audience: Audience, table: str) -> None:
    """Note rows that are not the sums; where the table is not this audience's, it is empty and so is looked at there."""
    by, subjects, units = _TOLD[table]
    here = f"{audience.value}.{table}"
    if not files.number(f"SELECT count(*) FROM {here}"):
        return
    names = ", ".join(f"{_NAMES.get(one, one)} AS {one}" for one in by)
    areas = "(SELECT DISTINCT territory_pcode AS place, province_pcode FROM staff.territories)"
    known = " AND province_pcode IS NOT NULL" if "province_pcode" in by else ""
    results = ', sum("full") AS met, sum(half) AS partial, sum("none") AS not_met' if "section" in by else ""
    made = f"""SELECT {names}, sum(units) AS n{results} FROM ({_PARTS}) LEFT JOIN {areas} USING (place)
               WHERE subject IN ('{subjects}'){known} GROUP BY ALL"""
    differs = [f"a.{units} IS DISTINCT FROM m.n"]
    if results:
        differs += [f"a.{one} IS DISTINCT FROM m.{one}" for one in ("met", "partial", "not_met")]
    files.hold(
        audience,
        table,
        "the numbers are not the sums of the batches",
        f"""SELECT concat_ws(' / ', {", ".join(by)}) AS key FROM {here} a FULL JOIN ({made}) m USING ({", ".join(by)})
            WHERE {" OR ".join(differs)}""",
    )
