"""Every class that figures are sums of, held to the rules; and what came and went since the release before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from pipelines.verifying.opening import BEFORE, Files
from risk.disclosure_rules import CRITICAL_CATEGORIES, Rules

TABLE: Final = "disclosure_assignments"
# Level, and how fine it is in area, period and category; and the columns that events of a class share.
LEVELS: Final = (
    ("territory_quarter_category", 2, 2, 1, ("territory_pcode", "province_pcode", "quarter", "category")),
    ("territory_year_category", 2, 1, 1, ("territory_pcode", "province_pcode", "year", "category")),
    ("territory_year", 2, 1, 0, ("territory_pcode", "province_pcode", "year")),
    ("province_year", 1, 1, 0, ("province_pcode", "year")),
    ("year", 0, 1, 0, ("year",)),
    ("all", 0, 0, 0, ()),
)
CRITICAL_LIST: Final = ", ".join(f"'{code}'" for code in sorted(CRITICAL_CATEGORIES))
# What rules look at, of rows `{rows}` in groups of the columns `{group}`.
_FACTS: Final = """
WITH rows AS ({rows}),
sizes AS (SELECT {group}, count(*) AS n, bool_or(is_critical) AS is_critical,
            count(DISTINCT site_id) AS sites FROM rows GROUP BY ALL),
shares AS (SELECT {group}, max(n) AS most FROM
            (SELECT {group}, site_id, count(*) AS n FROM rows WHERE site_id IS NOT NULL GROUP BY ALL) GROUP BY ALL),
told AS (SELECT {group}, count(DISTINCT source) AS sources FROM
            (SELECT {group}, trim(unnest(string_split(source_groups, ';'))) AS source FROM
              (SELECT DISTINCT {group}, source_groups FROM rows WHERE source_groups IS NOT NULL))
            WHERE source <> '' GROUP BY ALL)
SELECT sizes.*, most, sources, concat_ws(' / ', {keys}) AS key
FROM sizes LEFT JOIN shares ON {of_shares} LEFT JOIN told ON {of_told}
"""
_RULES: Final = (
    ("fewer events than the minimum", "n < CASE WHEN is_critical THEN $least_critical ELSE $least END"),
    ("events of too few sites", "sites < $sites"),
    ("too few independent groups of sources tell of it", "coalesce(sources, 0) < $sources"),
    ("one site holds too large a share", "coalesce(most, 0) > $share * n + 1e-9"),
)


# The last day of the quarter in which the event may have happened at the latest.
QUARTER_END: Final = "(date_trunc('quarter', last_day) + INTERVAL 3 MONTH - INTERVAL 1 DAY)"


def check_classes(files: Files, rules: Rules) -> None:
    """Note every class and every cell of a batch that breaks a rule, and every event that may not be in one."""
    classed = f"SELECT * FROM staff.{TABLE} WHERE class_id IS NOT NULL"
    what = files.number(f"SELECT count(DISTINCT class_id) FROM staff.{TABLE}")
    files.findings.count("classes", what)
    hold_to_rules(files, rules, TABLE, "a class", classed, "class_id")
    hold_to_rules(files, rules, TABLE, "a cell or the rest", classed, "batch, is_critical, cell_code")
    _check_shape(files)
    _check_events(files, rules)
    if files.has_before:
        _check_changes(files, rules)


def hold_to_rules(
    files: Files, rules: Rules, table: str, what: str, rows: str, group: str, schema: str = "staff"
) -> None:
    """Note each group of `rows` (columns of assignments) that breaks one of the rules of numbers."""
    values = numbers(rules)
    facts = facts_of(rows, group)
    files.connection.execute(f"CREATE OR REPLACE TEMP TABLE facts AS {facts}")
    for rule, breaks in _RULES:
        used = {name: value for name, value in values.items() if f"${name} " in f"{breaks} "}
        files.hold(schema, table, f"{what}: {rule}", f"SELECT key FROM facts WHERE {breaks}", used)


def facts_of(rows: str, group: str) -> str:
    """Return the query of what the rules look at: counts, sites, sources and the most of one site of each group.

    A column that is missing in a group, as bands may be, is part of its key as well: plain joins would lose it.
    """
    columns = group.split(", ")
    of_shares, of_told = (
        " AND ".join(f"sizes.{one} IS NOT DISTINCT FROM {other}.{one}" for one in columns)
        for other in ("shares", "told")
    )
    keys = ", ".join(f"sizes.{one}" for one in columns)
    return _FACTS.format(rows=rows, group=group, keys=keys, of_shares=of_shares, of_told=of_told)


def numbers(rules: Rules) -> dict[str, Any]:
    """Return the numbers of `rules` as parameters."""
    return {
        "least": rules.min_count,
        "least_critical": rules.min_count_critical,
        "sites": rules.min_sites,
        "sources": rules.min_source_groups,
        "share": rules.most_of_one_site_share,
    }


def _check_shape(files: Files) -> None:
    """Note classes that mix what they must not, and rows whose level and class do not fit."""
    mixed = f"SELECT class_id AS key FROM staff.{TABLE} WHERE class_id IS NOT NULL GROUP BY class_id HAVING "
    rule = "a class mixes protection-critical events with others"
    files.hold("staff", TABLE, rule, mixed + "count(DISTINCT is_critical) > 1")
    files.hold(
        "staff", TABLE, "a class has two levels or batches", mixed + "count(DISTINCT (level, batch)) > 1"
    )
    for level, _, _, _, shared in LEVELS:
        if shared:
            several = " OR ".join(f"count(DISTINCT {one}) + max(({one} IS NULL)::INT) <> 1" for one in shared)
            of_level = f"""SELECT class_id AS key FROM staff.{TABLE} WHERE level = '{level}'
                           GROUP BY class_id HAVING {several}"""
            files.hold("staff", TABLE, "events of a class differ in what its level says they share", of_level)
    known = ", ".join(f"'{level[0]}'" for level in LEVELS)
    fits = f"level IN ({known}) AND class_id IS NOT NULL AND cell_code IS NOT NULL AND batch IS NOT NULL"
    waits = "level = 'waiting' AND class_id IS NULL AND cell_code IS NULL"
    rule = "level, class and cell do not fit together"
    files.hold(
        "staff", TABLE, rule, f"SELECT event_id AS key FROM staff.{TABLE} WHERE NOT (({fits}) OR ({waits}))"
    )
    rule = "a category is protection-critical and the event is not"
    files.hold(
        "staff",
        TABLE,
        rule,
        f"SELECT event_id AS key FROM staff.{TABLE} WHERE category IN ({CRITICAL_LIST}) AND NOT is_critical",
    )


def _check_events(files: Files, rules: Rules) -> None:
    """Note assigned events under embargo, public ones, and critical ones that are not taken so."""
    day = files.manifest.as_of
    last = {"last": day - timedelta(days=rules.aggregate_embargo_days)}
    files.hold(
        "staff",
        TABLE,
        f"the quarter of the event is younger than the embargo of {rules.aggregate_embargo_days} days, or not known",
        f"SELECT event_id AS key FROM staff.{TABLE} WHERE {QUARTER_END} > $last OR last_day IS NULL",
        last,
    )
    _make_told(files)
    held = f"SELECT a.event_id AS key FROM staff.{TABLE} a LEFT JOIN told USING (event_id) WHERE NOT a.is_held AND "
    # A record that must wait, so that its publication singles nobody out, is counted on where it stood.
    stood = f"(event_id, class_id) IN (SELECT (event_id, class_id) FROM {BEFORE}.{TABLE} WHERE class_id IS NOT NULL)"
    new = f" AND NOT ({stood})" if files.has_before else " AND embargo_until <> $day::DATE + 1"
    files.findings.count("assigned events", files.number(f"SELECT count(*) FROM staff.{TABLE}"))
    files.hold("staff", TABLE, "an event that a public record tells of is counted", held + "is_public")
    files.hold(
        "staff",
        TABLE,
        "a record of the event is under an embargo of its own",
        held + "embargo_until > $day" + new,
        {"day": day},
    )
    files.hold(
        "staff",
        TABLE,
        "a protection-critical event is taken for another",
        held + "(has_victim OR is_listed) AND NOT a.is_critical",
    )
    files.hold(
        "staff",
        TABLE,
        "the event is not there and not held",
        held + "told.event_id IS NULL AND class_id <> ''",
    )


def _make_told(files: Files) -> None:
    """Make the table `told`: what the records of each event say of it."""
    files.connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE told AS SELECT r.event_id,
              bool_or(i.is_public_record AND NOT coalesce(i.embargo_until > $day, false) OR
                      (i.incident_id IN (SELECT record_id FROM staff.published_records))) AS is_public, max(i.embargo_until) AS embargo_until,
              bool_or(coalesce(i.has_children, false) OR i.victims_age_band IS NOT NULL
                      OR i.victims_sex IS NOT NULL) AS has_victim,
              bool_or(list_has_any(string_split(e.categories, '; '), [{CRITICAL_LIST}])) AS is_listed
            FROM staff.event_records r JOIN staff.incidents i USING (incident_id)
            JOIN staff.events e USING (event_id) GROUP BY r.event_id""",
        {"day": files.manifest.as_of},
    )


def _check_changes(files: Files, rules: Rules) -> None:
    """Note what came into a class that stood, and what went, or stays, where too few did."""
    shown = "class_id, cell_code, level, batch, is_critical, territory_pcode, province_pcode, quarter, year, category"
    stood = f"SELECT * FROM {BEFORE}.{TABLE} WHERE class_id IS NOT NULL"
    files.findings.count(
        "events in classes of the release before", files.number(f"SELECT count(*) FROM ({stood})")
    )
    files.hold(
        "staff",
        TABLE,
        "an event joined a class that the release before had told",
        f"""SELECT event_id AS key FROM staff.{TABLE} n WHERE class_id IN (SELECT class_id FROM ({stood}))
            AND NOT EXISTS (SELECT 1 FROM {BEFORE}.{TABLE} b
                            WHERE b.event_id = n.event_id AND b.class_id = n.class_id)""",
    )
    files.hold(
        "staff",
        TABLE,
        "an event of a class that stood is coded anew",
        f"""SELECT event_id AS key FROM (
              SELECT event_id, {shown} FROM staff.{TABLE} WHERE (event_id, class_id) IN
                (SELECT (event_id, class_id) FROM ({stood}))
              EXCEPT SELECT event_id, {shown} FROM {BEFORE}.{TABLE})""",
    )
    files.hold(
        "staff",
        TABLE,
        "a cell that was told not to be empty has lost the event that waited there",
        f"""SELECT event_id AS key FROM {BEFORE}.{TABLE} b WHERE level = 'waiting' AND NOT is_critical AND NOT EXISTS
            (SELECT 1 FROM staff.{TABLE} n WHERE NOT n.is_critical
             AND n.territory_pcode IS NOT DISTINCT FROM b.territory_pcode
             AND n.quarter IS NOT DISTINCT FROM b.quarter AND n.category IS NOT DISTINCT FROM b.category)""",
    )
    gone = f"{stood} AND NOT EXISTS (SELECT 1 FROM staff.{TABLE} n WHERE n.event_id = {TABLE}.event_id AND n.class_id = {TABLE}.class_id)"
    for group, what in (("class_id", "class"), ("batch, is_critical, cell_code", "cell or rest")):
        hold_to_rules(files, rules, TABLE, f"what left a {what} since the release before", gone, group)
