"""Research records: each like enough others, of classes whose embargo is over, and of no id that anybody knows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from pipelines.verifying.classes import CRITICAL_LIST, LEVELS, QUARTER_END, TABLE, hold_to_rules
from pipelines.verifying.opening import Files
from risk.disclosure_rules import Rules

RECORDS: Final = "research_records"
HERE: Final = "researcher"
VISIBLE: Final = (
    *("territory_pcode", "province_pcode", "quarter", "year", "category", "is_critical"),
    *("severity_band", "verification_band", "h3_r5"),
)
_SHOWN: Final = ", ".join(VISIBLE)
# What a record of each assigned event may show, and whether its class may be told.
_TOLD: Final = """
CREATE OR REPLACE TEMP TABLE {name} AS
WITH levels(level, shared) AS (VALUES {levels}),
classes AS (SELECT class_id, count(*) AS n, bool_or(is_cut) AS is_cut,
                   bool_or({young} > $last OR last_day IS NULL) AS is_young
            FROM {schema}.{table} WHERE class_id IS NOT NULL GROUP BY class_id)
SELECT event_id, class_id, cell_code, site_id, source_groups, batch, keeps_cell,
  {shared}, is_critical,
  CASE WHEN keeps_bands THEN severity_band END AS severity_band,
  CASE WHEN keeps_bands THEN verification_band END AS verification_band,
  CASE WHEN keeps_cell THEN h3_r5 END AS h3_r5,
  is_young, n >= CASE WHEN is_critical THEN $k_critical ELSE $k END AND NOT classes.is_cut AS is_whole
FROM {schema}.{table} JOIN levels USING (level) JOIN classes USING (class_id)
"""


def check_research(files: Files, rules: Rules) -> None:
    """Note every research record that stands out, is too young, or has no class that may be told."""
    if HERE not in [one.value for one in files.below]:
        return
    records = f"{HERE}.{RECORDS}"
    files.findings.count("research records", files.number(f"SELECT count(*) FROM {records}"))
    _check_alike(files, rules, records)
    told_of(files, "staff", "told_records", rules)
    _check_classes(files, records, rules)
    _check_ids(files, records)
    cells = "SELECT * FROM told_records WHERE h3_r5 IS NOT NULL AND is_whole AND NOT is_young"
    group = "class_id, severity_band, verification_band, h3_r5"
    hold_to_rules(files, rules, TABLE, "research records of a cell", cells, group)


def told_of(files: Files, schema: str, name: str, rules: Rules) -> None:
    """Make the table `name`: what a research record of each assigned event of `schema` may show."""
    levels = ", ".join(
        f"('{level}', {[*shared, *(['year'] if 'quarter' in shared else [])]})"
        for level, _, _, _, shared in LEVELS
    )
    shared = ", ".join(
        f"CASE WHEN list_contains(shared, '{one}') THEN {one} END AS {one}" for one in VISIBLE[:5]
    )
    sql = _TOLD.format(name=name, levels=levels, schema=schema, table=TABLE, shared=shared, young=QUARTER_END)
    row = files.connection.execute(f"SELECT value FROM {schema}.metadata WHERE key = 'as_of'").fetchone()
    last = date.fromisoformat(row[0] if row else "") - timedelta(days=rules.record_embargo_days)
    values = {"last": last, "k": rules.research_k, "k_critical": rules.research_k_critical}
    files.connection.execute(sql, values)


def _check_alike(files: Files, rules: Rules, records: str) -> None:
    k = f"CASE WHEN is_critical THEN {rules.research_k_critical} ELSE {rules.research_k} END"
    groups = f"SELECT {_SHOWN}, count(*) AS n, min(record_id) AS key FROM {records} GROUP BY ALL"
    files.findings.count("groups of research records", files.number(f"SELECT count(*) FROM ({groups})"))
    files.hold(
        HERE,
        RECORDS,
        f"the record is like fewer than {rules.research_k} ({rules.research_k_critical} where protection-critical)",
        f"SELECT key FROM ({groups}) WHERE n < {k}",
    )
    files.hold(
        HERE,
        RECORDS,
        "the category is protection-critical and the record does not say so",
        f"SELECT record_id AS key FROM {records} WHERE category IN ({CRITICAL_LIST}) AND NOT is_critical",
    )


def _check_classes(files: Files, records: str, rules: Rules) -> None:
    """Note records that no class gives, or that a class gives only once its embargo is over."""
    shown = f"SELECT {_SHOWN}, count(*) AS n, min(record_id) AS key FROM {records} GROUP BY ALL"
    made = f"""SELECT {_SHOWN}, count(*) FILTER (WHERE NOT is_young) AS old, count(*) AS any_age
               FROM told_records WHERE is_whole GROUP BY ALL"""
    same = " AND ".join(f"r.{one} IS NOT DISTINCT FROM m.{one}" for one in VISIBLE)
    both = f"({shown}) r LEFT JOIN ({made}) m ON {same}"
    files.hold(
        HERE,
        RECORDS,
        f"the record is younger than the embargo of {rules.record_embargo_days} days",
        f"SELECT key FROM {both} WHERE n > coalesce(old, 0) AND n <= any_age",
    )
    files.hold(
        HERE,
        RECORDS,
        "the records are more or others than the classes that may be told",
        f"SELECT key FROM {both} WHERE n > coalesce(any_age, 0)",
    )
    files.hold(
        HERE,
        RECORDS,
        "a class is told in part",
        f"""SELECT concat_ws(' / ', {", ".join(f"m.{one}" for one in VISIBLE)}) AS key
            FROM ({made}) m LEFT JOIN ({shown}) r ON {same} WHERE old > coalesce(n, 0)""",
    )


def _check_ids(files: Files, records: str) -> None:
    files.hold(
        HERE,
        RECORDS,
        "the id of the record is not coded",
        f"SELECT record_id AS key FROM {records} WHERE NOT regexp_full_match(record_id, 'rec-[0-9a-f]{{20}}')",
    )
