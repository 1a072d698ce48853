"""`cobalt release check` passes a good release, and names the file, table, row and rule of a broken one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cobalt
from pipelines.verifying.attack import System, recovered
from pipelines.verifying.checking import check_release
from pipelines.verifying.opening import Findings
from risk.vocabulary import Audience
from tests.made_broken import broken
from warehouse.manifest import MANIFEST
from warehouse.release import current_release_id

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
        "the event is younger than the embargo of 30 days, or has no day (1 row)",
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


@pytest.fixture(scope="module")
def good(training_releases_dir: Path) -> Findings:
    return check_release("training", training_releases_dir)


def test_a_good_release_passes_and_says_what_was_checked(good: Findings) -> None:
    assert good.faults == []
    looked_at = ("classes", "figures", "research records", "counts below the minimum attacked", "tables")
    assert all(good.checked[what] > 0 for what in looked_at)
    assert good.checked["counts below the minimum attacked"] > 100


@pytest.mark.parametrize("name", BROKEN)
def test_a_release_with_one_rule_broken_is_named(
    name: str, training_releases_dir: Path, tmp_path: Path
) -> None:
    audience, statement, message = BROKEN[name]
    releases_dir = broken(training_releases_dir, tmp_path, audience, statement)
    found = [str(fault) for fault in check_release("training", releases_dir).faults]
    assert [text for text in found if message in text] != [], found


def test_a_young_record_is_called_young(training_releases_dir: Path, tmp_path: Path) -> None:
    audience, statement, _ = BROKEN["a young record"]
    found = check_release("training", broken(training_releases_dir, tmp_path, audience, statement)).faults
    assert "the record is younger than the embargo of 180 days" in {fault.rule for fault in found}


def test_a_file_that_is_not_the_promised_one_is_named(training_releases_dir: Path, tmp_path: Path) -> None:
    statement = "UPDATE places SET note = 'x'"
    releases_dir = broken(training_releases_dir, tmp_path, PUBLIC, statement, is_told=False)
    found = [str(fault) for fault in check_release("training", releases_dir).faults]
    assert any("training-public.duckdb, row of all: the file is not the one" in text for text in found), found
    assert any("table places, row of all: the rows are not those that the man" in text for text in found)


def test_a_file_more_is_named(training_releases_dir: Path, tmp_path: Path) -> None:
    there = tmp_path / "releases"
    shutil.copytree(training_releases_dir, there, copy_function=os.link)
    release = there / "training" / current_release_id("training", there)
    (release / "notes.txt").write_text("a", "utf-8")
    found = [str(fault) for fault in check_release("training", there).faults]
    assert found[0].startswith("notes.txt, row of all: the file is no part of a release")


def test_a_manifest_that_was_altered_ends_with_1(
    training_releases_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "releases"
    shutil.copytree(training_releases_dir, there)
    path = there / "training" / current_release_id("training", there) / MANIFEST
    path.write_text(path.read_text("utf-8").replace('"size_bytes": 1', '"size_bytes": 2'), "utf-8")
    assert cobalt.main(["release", "check", "--edition", "training", "--releases", str(there)]) == 1
    assert "was altered after it was written" in capsys.readouterr().err


def test_the_command_says_what_it_found(
    training_releases_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = ["--edition", "training", "--releases", str(training_releases_dir)]
    name = current_release_id("training", training_releases_dir)
    assert cobalt.main(["release", "check", name, *there]) == 0
    assert capsys.readouterr().out.startswith(f"Release {name} keeps the rules. Checked: 5 files, ")
    audience, statement, message = BROKEN["a count off by one"]
    there[-1] = str(broken(training_releases_dir, tmp_path, audience, statement))
    assert cobalt.main(["release", "check", *there]) == 1
    said = capsys.readouterr().out
    assert message in said
    assert "breaks " in said.splitlines()[-1]


def test_the_open_edition_tells_nothing_unpublished(open_releases_dir: Path) -> None:
    assert check_release("open", open_releases_dir).faults == []


def test_an_attack_finds_what_a_difference_of_figures_tells() -> None:
    events = pd.DataFrame({"piece": [0, 0, 0, 1, 1, 2]})
    counts, figures = np.array([3.0, 2.0, 1.0]), np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 1.0]])
    system = System(figures, figures @ counts, counts, pd.DataFrame(index=range(3)), events)
    groups = [events[events["piece"] == piece] for piece in range(3)]
    assert recovered(system, groups) == [1]
    assert recovered(system, [events[:2], events[3:4]]) == []
    assert system.holds()
