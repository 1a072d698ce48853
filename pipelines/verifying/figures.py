"""Published figures and states, counted again from the classes."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pipelines.verifying.classes import CRITICAL_LIST, LEVELS, TABLE
from pipelines.verifying.holdings import has_restricted
from pipelines.verifying.opening import BEFORE, Files
from pipelines.verifying.sites import check_site_batches, check_told_sites
from risk.disclosure_rules import Rules

KEYS: Final = ("area_level", "area_pcode", "period_kind", "period", "category")
TOLD: Final = ("disclosed_counts", "disclosed_cells", "disclosed_sites")
_ON: Final = ", ".join(KEYS)
_HIDDEN: Final = f"category IN ({CRITICAL_LIST}, 'CRITICAL')"
_EMPTY: Final = "('none_found', 'not_reported', 'not_visited', 'failed_to_load')"
# Each figure that events belong to by their attributes, whether at least one is coded inside, or one is not.
_SUMS: Final = """
WITH fine(level, a, p, c) AS (VALUES {levels}, ('waiting', -1, -1, -1)),
atoms AS (SELECT territory_pcode, province_pcode, quarter, year, category, is_critical, level, count(*) AS n
          FROM {rows} GROUP BY ALL),
placed AS (
  SELECT atoms.*, fine.* EXCLUDE (level), unnest([
    {{'w': 0, 'area_level': 'all', 'area_pcode': 'ALL'}},
    {{'w': 1, 'area_level': 'province', 'area_pcode': province_pcode}},
    {{'w': 2, 'area_level': 'territory', 'area_pcode': territory_pcode}}]) AS area
  FROM atoms JOIN fine USING (level)),
timed AS (
  SELECT *, unnest([
    {{'w': 0, 'period_kind': 'all', 'period': 'ALL'}},
    {{'w': 1, 'period_kind': 'year', 'period': year::VARCHAR}},
    {{'w': 2, 'period_kind': 'quarter', 'period': quarter}}]) AS time
  FROM placed WHERE area.area_pcode IS NOT NULL),
kept AS (
  SELECT *, unnest(list_filter([
    {{'w': 0, 'is_it': true, 'name': 'ALL'}},
    {{'w': 0, 'is_it': is_critical, 'name': 'CRITICAL'}},
    {{'w': 0, 'is_it': NOT is_critical, 'name': 'NON_CRITICAL'}},
    {{'w': 1, 'is_it': is_critical = (category IN ({critical})), 'name': category}}], x -> x.is_it)) AS kind
  FROM timed WHERE time.period IS NOT NULL)
SELECT area.area_level AS area_level, area.area_pcode AS area_pcode, time.period_kind AS period_kind,
       time.period AS period, kind.name AS category,
       (sum(n) FILTER (WHERE a >= area.w AND p >= time.w AND c >= kind.w))::BIGINT AS inside,
       bool_or(NOT is_critical AND NOT (a >= area.w AND p >= time.w AND c >= kind.w)) AS is_loose
FROM kept WHERE kind.name IS NOT NULL GROUP BY 1, 2, 3, 4, 5
"""


def check_figures(files: Files, rules: Rules) -> None:
    """Note every figure and state that the classes, and the sites, do not give."""
    if not has_restricted(files):
        for audience in files.below:
            for table in (*TOLD, "research_records"):
                rule = "nothing is unpublished and the table tells something"
                files.hold(audience, table, rule, f"SELECT 'any' AS key FROM {audience.value}.{table}")
        return
    sums_of(files, f"staff.{TABLE}", "made")
    check_site_batches(files, rules)
    if files.has_before:
        for name, one, other in (("came", "staff", BEFORE), ("went", BEFORE, "staff")):
            rows = f"""SELECT * FROM {one}.{TABLE} ANTI JOIN
                       (SELECT event_id, class_id FROM {other}.{TABLE} WHERE class_id IS NOT NULL)
                       USING (event_id, class_id) WHERE class_id IS NOT NULL"""
            sums_of(files, f"({rows})", name)
    for audience in files.below:
        _check_counts(files, audience.value)
        _check_states(files, audience.value)
        _check_grid(files, audience.value, rules)
        _check_cells(files, audience.value, rules)
        check_told_sites(files, audience.value)
        if audience in files.before:
            _check_differences(files, audience.value, rules)


def sums_of(files: Files, rows: str, name: str) -> None:
    """Make the table `name`: for each figure that has events, `inside` (coded in it) and `is_loose`."""
    levels = ", ".join(f"('{level}', {a}, {p}, {c})" for level, a, p, c, _ in LEVELS)
    sums = _SUMS.format(levels=levels, rows=rows, critical=CRITICAL_LIST)
    files.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sums}")


def _check_counts(files: Files, here: str) -> None:
    table, key = "disclosed_counts", f"concat_ws(' / ', {_ON}) AS key"
    files.findings.count("figures", files.number(f"SELECT count(*) FROM {here}.{table}"))
    both = f"{here}.{table} LEFT JOIN made USING ({_ON})"
    files.hold(
        here,
        table,
        "the number differs from the sum of the classes inside",
        f"SELECT {key} FROM {both} WHERE at_least IS DISTINCT FROM inside",
    )
    files.hold(
        here,
        table,
        "a number is called complete and is not, or has no state of one",
        f"""SELECT {key} FROM {here}.{table} WHERE (state = 'count') <> (record_count IS NOT NULL)
            OR (record_count IS NOT NULL AND record_count IS DISTINCT FROM at_least)
            OR (at_least IS NOT NULL) <> (state IN ('count', 'at_least'))""",
    )


def _check_states(files: Files, here: str) -> None:
    table, key = "disclosed_counts", f"concat_ws(' / ', {_ON}) AS key"
    both = f"{here}.{table} LEFT JOIN made USING ({_ON})"
    files.hold(
        here,
        table,
        "a protection-critical number must be 'at_least' or 'withheld': none, too few and nobody looked are one",
        f"SELECT {key} FROM {both} WHERE {_HIDDEN} AND "
        "state <> CASE WHEN inside IS NULL THEN 'withheld' ELSE 'at_least' END",
    )
    files.hold(
        here,
        table,
        "the state is not the one that the classes give",
        f"""SELECT {key} FROM {both} WHERE NOT ({_HIDDEN}) AND NOT CASE
              WHEN category = 'ALL' AND inside IS NOT NULL THEN state = 'at_least'
              WHEN inside IS NULL AND coalesce(is_loose, false) THEN state = 'suppressed'
              WHEN category = 'ALL' THEN state = 'withheld'
              WHEN inside IS NULL THEN state IN {_EMPTY}
              WHEN is_loose THEN state = 'at_least' ELSE state = 'count' END""",
    )


def _check_grid(files: Files, here: str, rules: Rules) -> None:
    """Note cells that lack, are twice, or speak of a quarter that is not over or under embargo."""
    table, key = "disclosed_counts", f"concat_ws(' / ', {_ON}) AS key"
    files.hold(
        here,
        table,
        "the table is no full grid of areas, periods and categories: what is left out tells something",
        f"""SELECT 'of all' AS key FROM (SELECT count(*) AS n, count(DISTINCT (area_level, area_pcode)) AS a,
              count(DISTINCT (period_kind, period)) AS p, count(DISTINCT category) AS c,
              count(DISTINCT ({_ON})) AS u FROM {here}.{table})
            WHERE n <> a * p * c OR n <> u OR a <> 1 + (SELECT count(*) FROM staff.territories) +
              (SELECT count(DISTINCT province_pcode) FROM staff.territories)""",
    )
    last = files.manifest.as_of - timedelta(days=rules.aggregate_embargo_days)
    files.hold(
        here,
        table,
        "the quarter is not over, or under embargo",
        f"""SELECT {key} FROM {here}.{table} WHERE period_kind = 'quarter' AND
            make_date(period[1:4]::INT, 3 * period[6:6]::INT - 2, 1) + INTERVAL 3 MONTH - INTERVAL 1 DAY > $last""",
        {"last": last},
    )


def _check_cells(files: Files, here: str, rules: Rules) -> None:
    files.findings.count("cells", files.number(f"SELECT count(*) FROM {here}.disclosed_cells"))
    made = f"""SELECT cell_code AS h3_r5, count(*) AS n FROM staff.{TABLE}
               WHERE level <> 'waiting' GROUP BY cell_code"""
    files.hold(
        here,
        "disclosed_cells",
        "the number differs from the classes counted in the cell, or says more than 'at_least'",
        f"""SELECT h3_r5 AS key FROM {here}.disclosed_cells FULL JOIN ({made}) USING (h3_r5)
            WHERE record_count IS DISTINCT FROM n OR state IS DISTINCT FROM 'at_least' OR n < {rules.min_count}""",
    )


def _check_differences(files: Files, here: str, rules: Rules) -> None:
    """Note figures that differ from the release before by anything but what came and went in whole classes."""
    before, on = f"{BEFORE}_{here}.disclosed_counts", f"USING ({_ON})"
    differs = f"""SELECT concat_ws(' / ', {_ON}) AS key, coalesce(now.at_least, 0) - coalesce(b.at_least, 0) AS d,
                    coalesce(came.inside, 0) AS came, coalesce(went.inside, 0) AS went,
                    CASE WHEN {_HIDDEN} THEN $least_critical ELSE $least END AS least
                  FROM {here}.disclosed_counts now JOIN {before} b {on}
                  LEFT JOIN came {on} LEFT JOIN went {on}"""
    values = {"least": rules.min_count, "least_critical": rules.min_count_critical}
    files.findings.count("differences of figures", files.number(f"SELECT count(*) FROM ({differs})", values))
    files.hold(
        here,
        "disclosed_counts",
        "the difference to the release before is not what came and went in whole classes",
        f"SELECT key FROM ({differs}) WHERE d <> came - went",
        values,
    )
    files.hold(
        here,
        "disclosed_counts",
        "the difference to the release before is made of fewer events than the minimum",
        f"SELECT key FROM ({differs}) WHERE (came BETWEEN 1 AND least - 1) OR (went BETWEEN 1 AND least - 1)",
        values,
    )
