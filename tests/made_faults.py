"""Releases with one rule of disclosure broken each: whose file, by which statement, and what the check says."""

from __future__ import annotations

from risk.vocabulary import Audience

PUBLIC, MEMBER, RESEARCHER, STAFF = (
    *(Audience.PUBLIC, Audience.MEMBER),
    *(Audience.RESEARCHER, Audience.STAFF),
)
A_CLASS = """(SELECT class_id FROM disclosure_assignments WHERE level = 'territory_year' AND NOT is_critical
              ORDER BY class_id LIMIT 1)"""
ONE = "(SELECT min(rowid) FROM {})"
HIDDEN = "SELECT min(incident_id) FROM s.incidents WHERE NOT is_public_record"
BROKEN = {
    "a restricted row": (
        PUBLIC,
        f"INSERT INTO incidents SELECT * FROM s.incidents WHERE incident_id = ({HIDDEN})",
        "table incidents, row inc-t0035c323c179: a row that is not public lies below staff (1 row). Next: do not serve",
    ),
    "a restricted row called public": (
        MEMBER,
        f"""INSERT INTO incidents SELECT * REPLACE (true AS is_public_record) FROM s.incidents
            WHERE incident_id = ({HIDDEN})""",
        "training-member.duckdb, table incidents, row inc-t0035c323c179: the row is no public row of staff's file",
    ),
    "a record under an embargo of its own": (
        STAFF,
        "UPDATE incidents SET embargo_until = DATE '2026-10-01' WHERE incident_id = 'inc-t003c146373ac'",
        "training-public.duckdb, table incidents, row inc-t003c146373ac: the row is no public row of staff's file",
    ),
    "a restricted column": (
        PUBLIC,
        f"UPDATE incidents SET victims_sex = 'female' WHERE rowid = {ONE.format('incidents')}",
        "column victims_sex is restricted and must be missing below staff (1 row)",
    ),
    "another value": (
        RESEARCHER,
        f"UPDATE incidents SET severity = 6 - severity, killed_best = 7 WHERE rowid = {ONE.format('incidents')}",
        "table incidents, row inc-t003c146373ac: the row differs from the same row of staff's file (1 row)",
    ),
    "an id in a text": (
        PUBLIC,
        f"UPDATE hotspots SET cells = cells || '; ' || ({HIDDEN})",
        "table hotspots, row inc-t0035c323c179: column cells names what is not public",
    ),
    "an id in words": (
        PUBLIC,
        f"UPDATE incidents SET summary = 'See (' || ({HIDDEN}) || ').' WHERE rowid = {ONE.format('incidents')}",
        "row inc-t0035c323c179: column summary names what is not public",
    ),
    "a measure of all records": (
        PUBLIC,
        f"UPDATE events SET record_count = record_count + 1 WHERE rowid = {ONE.format('events')}",
        "table events, row evt-inc-t003c146373ac: the number of records differs from the records in this file",
    ),
    "a table of one file alone": (
        PUBLIC,
        "UPDATE coverage SET events = events + 1 WHERE events IS NOT NULL",
        "table coverage, row of all: the table is everybody's and differs",
    ),
    "staff's table": (
        PUBLIC,
        "INSERT INTO rejected_row VALUES ('incidents', 'a.csv', 2, 'lon', 'x', 'no number', '{}')",
        "table rejected_row, row a.csv / 2 / lon: the table is not for the public file and must be empty",
    ),
    "assignments": (
        RESEARCHER,
        "INSERT INTO disclosure_assignments SELECT * FROM s.disclosure_assignments LIMIT 3",
        "the table is not for the researcher file and must be empty (3 rows)",
    ),
    "a small class": (
        STAFF,
        f"""DELETE FROM disclosure_assignments WHERE class_id = {A_CLASS} AND event_id NOT IN
            (SELECT event_id FROM disclosure_assignments WHERE class_id = {A_CLASS} ORDER BY event_id LIMIT 4)""",
        "a class: fewer events than the minimum (1 row)",
    ),
    "a mixed class": (
        STAFF,
        f"""UPDATE disclosure_assignments SET is_critical = true WHERE event_id =
            (SELECT min(event_id) FROM disclosure_assignments WHERE class_id = {A_CLASS})""",
        "a class mixes protection-critical events with others (1 row)",
    ),
    "a class of one site": (
        STAFF,
        f"UPDATE disclosure_assignments SET site_id = 'site-a' WHERE class_id = {A_CLASS}",
        "a class: one site holds too large a share (1 row)",
    ),
    "a class of few sites": (
        STAFF,
        f"""UPDATE disclosure_assignments SET site_id = CASE WHEN event_id < 'evt-inc-t8' THEN 'site-a' END
            WHERE class_id = {A_CLASS}""",
        "a class: events of too few sites",
    ),
    "a class of one source": (
        STAFF,
        f"UPDATE disclosure_assignments SET source_groups = 'A; A' WHERE class_id = {A_CLASS}",
        "a class: too few independent groups of sources tell of it (1 row)",
    ),
    "an embargoed event": (
        STAFF,
        f"""UPDATE disclosure_assignments SET last_day = DATE '2026-09-01' WHERE event_id =
            (SELECT min(event_id) FROM disclosure_assignments WHERE class_id = {A_CLASS})""",
        "the quarter of the event is younger than the embargo of 30 days, or not known (1 row)",
    ),
    "an event that was public once": (
        STAFF,
        """INSERT INTO published_records SELECT 'incidents', min(incident_id) FROM event_records
           JOIN disclosure_assignments USING (event_id) WHERE class_id IS NOT NULL""",
        "an event that a public record tells of is counted (1 row)",
    ),
    "a public record that nobody remembers": (
        STAFF,
        "DELETE FROM published_records WHERE record_id = 'inc-t003c146373ac'",
        "row incidents / inc-t003c146373ac: what all see is not remembered as published",
    ),
    "a pointer to a site that is not there": (
        MEMBER,
        """UPDATE incidents SET site_record_id = 'site-x' WHERE incident_id =
           (SELECT min(incident_id) FROM incidents WHERE site_record_id IS NOT NULL)""",
        "site_record_id names no row of site_records in the same file",
    ),
    "a citation of what is not there": (
        PUBLIC,
        "UPDATE citations SET record_id = 'inc-x' WHERE rowid = (SELECT min(rowid) FROM citations)",
        "record_id names no row of the table that is cited",
    ),
    "a public event": (
        STAFF,
        f"""UPDATE disclosure_assignments SET event_id = 'evt-inc-t003c146373ac' WHERE event_id =
            (SELECT min(event_id) FROM disclosure_assignments WHERE class_id = {A_CLASS})""",
        "row evt-inc-t003c146373ac: an event that a public record tells of is counted",
    ),
    "a critical event told with the others": (
        STAFF,
        "UPDATE disclosure_assignments SET is_critical = false WHERE level = 'territory_year'",
        "a protection-critical event is taken for another",
    ),
    "a count off by one": (
        RESEARCHER,
        """UPDATE disclosed_counts SET at_least = at_least + 1, record_count = record_count + 1
           WHERE area_level = 'all' AND period_kind = 'all' AND category = 'ALL'""",
        "row all / ALL / all / ALL / ALL: the number differs from the sum of the classes inside (1 row)",
    ),
    "a critical cell told as zero": (
        PUBLIC,
        """UPDATE disclosed_counts SET state = 'not_reported' WHERE area_pcode = 'XT7101' AND category = 'CHL'
           AND period = '2024' AND state = 'withheld'""",
        "row territory / XT7101 / year / 2024 / CHL: a protection-critical number must be 'at_least' or 'withheld'",
    ),
    "a critical count": (
        PUBLIC,
        """UPDATE disclosed_counts SET state = 'count', record_count = at_least WHERE at_least IS NOT NULL
           AND category = 'CRITICAL'""",
        "a protection-critical number must be 'at_least' or 'withheld'",
    ),
    "a suppressed cell told as empty": (
        PUBLIC,
        "UPDATE disclosed_counts SET state = 'none_found' WHERE state = 'suppressed'",
        "the state is not the one that the classes give",
    ),
    "a cell left out": (
        PUBLIC,
        "DELETE FROM disclosed_counts WHERE state = 'withheld' AND period = '2024'",
        "the table is no full grid of areas, periods and categories",
    ),
    "a quarter that is not over": (
        PUBLIC,
        "UPDATE disclosed_counts SET period = '2026Q3' WHERE period = '2026Q2'",
        "the quarter is not over, or under embargo",
    ),
    "another cell": (
        PUBLIC,
        "UPDATE disclosed_cells SET record_count = record_count - 1 WHERE h3_r5 = 'rest'",
        "table disclosed_cells, row rest: the number differs from the classes counted in the cell",
    ),
    "a number of sites": (
        PUBLIC,
        "UPDATE disclosed_sites SET site_count = site_count + 1 WHERE site_count IS NOT NULL",
        "the number is not that of the batches of unpublished sites",
    ),
    "a site without a batch": (
        STAFF,
        "DELETE FROM disclosure_site_batches WHERE rowid = (SELECT min(rowid) FROM disclosure_site_batches)",
        "an unpublished site has no row, or its row is called held",
    ),
    "a site that is not there": (
        STAFF,
        """INSERT INTO disclosure_site_batches
           SELECT 'site-x', territory_pcode, NULL, false FROM disclosure_site_batches LIMIT 1""",
        "row site-x / ",
    ),
    "a few sites told": (
        STAFF,
        """UPDATE disclosure_site_batches SET batch = 1 WHERE territory_pcode =
           (SELECT min(territory_pcode) FROM disclosure_site_batches WHERE batch IS NULL)""",
        "a territory is told to have fewer than 5 unpublished sites",
    ),
    "the hash of a file": (
        MEMBER,
        "UPDATE origins SET sha256 = repeat('0', 64) WHERE file = 'incidents.csv'",
        "table origins, row incidents / incidents.csv: the hash of a file with unpublished rows lies below staff",
    ),
    "a unique record": (
        RESEARCHER,
        f"UPDATE research_records SET severity_band = 'high' WHERE rowid = {ONE.format('research_records')}",
        "the record is like fewer than 5 (10 where protection-critical) (1 row)",
    ),
    "a young record": (
        STAFF,
        f"""UPDATE disclosure_assignments SET last_day = DATE '2026-06-01' WHERE event_id =
            (SELECT min(event_id) FROM disclosure_assignments WHERE class_id = {A_CLASS})""",
        "training-researcher.duckdb, table research_records, row rec-",
    ),
    "a record that is not coded": (
        RESEARCHER,
        """UPDATE research_records SET record_id = (SELECT min(event_id) FROM s.disclosure_assignments)
           WHERE rowid = (SELECT min(rowid) FROM research_records)""",
        "table research_records, row evt-inc-t0035c323c179: the id of the record is not coded (1 row)",
    ),
    "a record too many": (
        RESEARCHER,
        """INSERT INTO research_records SELECT * REPLACE ('rec-00000000000000000000' AS record_id)
           FROM research_records LIMIT 1""",
        "the records are more or others than the classes that may be told",
    ),
    "records in the file of others": (
        MEMBER,
        "INSERT INTO research_records (record_id, is_critical) VALUES ('rec-00000000000000000000', false)",
        "the table is not for the member file and must be empty",
    ),
}
