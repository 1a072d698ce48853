"""Numbers of unpublished sites, held to their batches; and what came and went since the release before."""

from __future__ import annotations

from typing import Final

from pipelines.verifying.opening import BEFORE, Files
from risk.disclosure_rules import Rules

BATCHES: Final = "disclosure_site_batches"
_KEY: Final = "concat_ws(' / ', site_id, territory_pcode) AS key"


def check_site_batches(files: Files, rules: Rules) -> None:
    """Note batches that are too small, sites that lack or are counted wrongly, and small steps."""
    least = rules.min_count
    table = f"staff.{BATCHES}"
    files.findings.count(
        "sites in batches", files.number(f"SELECT count(*) FROM {table} WHERE batch IS NOT NULL")
    )
    # A site that was public once is counted no more.
    once = """SELECT site_id FROM staff.site_records JOIN staff.published_records p USING (record_id)
              WHERE p.table_name = 'site_records'"""
    restricted = f"""SELECT site_id, territory_pcode FROM staff.sites
                     WHERE is_public_record IS NOT TRUE AND site_id NOT IN ({once})"""
    both = f"({restricted} AND territory_pcode IS NOT NULL) r"
    files.hold(
        "staff",
        BATCHES,
        "an unpublished site has no row, or its row is called held",
        f"""SELECT {_KEY} FROM {both} LEFT JOIN {table} b USING (site_id, territory_pcode)
            WHERE b.is_held IS DISTINCT FROM false""",
    )
    files.hold(
        "staff",
        BATCHES,
        "the site is not there and not held",
        f"SELECT {_KEY} FROM {table} ANTI JOIN {both} USING (site_id, territory_pcode) WHERE NOT is_held",
    )
    # Together, whatever stays of a batch: what went is looked at below, and what stays here.
    rule = f"a territory is told to have fewer than {least} unpublished sites"
    told = f"SELECT territory_pcode AS key FROM {table} WHERE batch IS NOT NULL GROUP BY territory_pcode"
    files.hold("staff", BATCHES, rule, f"{told} HAVING count(*) < {least}")
    if files.has_before:
        _check_steps(files, least)
    elif files.manifest.previous is None:
        rule = f"a batch holds fewer than {least} sites"
        files.hold("staff", BATCHES, rule, f"{told}, batch HAVING count(*) < {least}")


def check_told_sites(files: Files, here: str) -> None:
    """Note numbers of sites in the file of `here` that are not those of the batches."""
    files.findings.count(
        "territories with sites", files.number(f"SELECT count(*) FROM {here}.disclosed_sites")
    )
    made = f"""SELECT t.territory_pcode, nullif(count(b.site_id), 0) AS n
               FROM staff.territories t LEFT JOIN
               (SELECT * FROM staff.{BATCHES} WHERE batch IS NOT NULL) b USING (territory_pcode)
               GROUP BY ALL"""
    files.hold(
        here,
        "disclosed_sites",
        "the number is not that of the batches of unpublished sites",
        f"""SELECT territory_pcode AS key FROM {here}.disclosed_sites FULL JOIN ({made}) USING (territory_pcode)
            WHERE site_count IS DISTINCT FROM n
            OR state IS DISTINCT FROM CASE WHEN n IS NULL THEN 'suppressed' ELSE 'at_least' END""",
    )


def _check_steps(files: Files, least: int) -> None:
    """Note territories where fewer than the minimum came into the number told, or went out of it."""
    for one, other, what in (("staff", BEFORE, "came"), (BEFORE, "staff", "went")):
        told = f"SELECT site_id, territory_pcode, batch FROM {one}.{BATCHES} WHERE batch IS NOT NULL"
        gone = f"""SELECT * FROM ({told}) ANTI JOIN (SELECT * FROM {other}.{BATCHES} WHERE batch IS NOT NULL)
                   USING (site_id, territory_pcode, batch)"""
        files.hold(
            "staff",
            BATCHES,
            f"fewer than {least} sites {what} at once",
            f"SELECT territory_pcode AS key FROM ({gone}) GROUP BY ALL HAVING count(*) < {least}",
        )
