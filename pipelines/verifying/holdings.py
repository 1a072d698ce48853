"""Which rows and columns lie in whose file: nothing below staff that is not public, no id of it in any text."""

from __future__ import annotations

from typing import Final

from pipelines.verifying.opening import BEFORE, Files
from risk.vocabulary import Audience
from warehouse.audiences import BELOW_STAFF, may_see
from warehouse.contracts import TABLES, free_text_columns, restricted_columns
from warehouse.storage import columns_of, quoted

FLAG: Final = "is_public_record"
FLAGGED: Final = tuple(name for name in TABLES if FLAG in columns_of(name))
# Told by a publisher, row by row: below staff each is a row of staff's file. Site ids come from matching anew.
FROM_FILES: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("provinces", "territories", "concessions", "facilities", "facility_production", "refiners"),
        frozenset(),
    ),
    **dict.fromkeys(("observations", "toll_claims", "assessment_figures", "places"), frozenset()),
    **dict.fromkeys(("regulatory_notes", "citations", "method_figures"), frozenset()),
    **dict.fromkeys(("frameworks", "framework_levels", "criteria", "criterion_alignments"), frozenset()),
    "refiner_statuses": frozenset(),
    # The hash of a file that holds unpublished rows is left out.
    "origins": frozenset({"sha256"}),
    "site_records": frozenset({"site_id"}),
    "site_visits": frozenset({"site_id"}),
    "assessments": frozenset({"site_id"}),
    "improvement_actions": frozenset({"site_id", "finding_id"}),
    **dict.fromkeys(("findings", "action_extensions", "grievances", "grievance_steps"), frozenset()),
    # How sensitive a record is depends on what staff alone know of victims, too.
    "incidents": frozenset({"site_id", "site_record_id", "sensitivity"}),
}
# What only points to a record: below staff the same as staff's, or missing.
_POINTERS: Final = ("site_record_id", "finding_id")
SHARED: Final = tuple(
    name for name in TABLES if name != "metadata" and all(may_see(one, name) for one in BELOW_STAFF)
)
_OF_ASSESSMENTS: Final = ("findings", "assessment_sections", "assessment_levels", "finding_changes")
# Ids of what is not public; those that matching makes end in the id of the record that they are named after.
_IDS: Final = """
CREATE TEMP TABLE hidden_ids AS
WITH shown AS (SELECT *, coalesce(is_public_record, false) AND NOT {embargoed} AS is_shown FROM staff.incidents),
has AS (SELECT ({any_restricted}) AS it),
hidden AS (
  SELECT incident_id AS id FROM shown WHERE NOT is_shown
  UNION ALL SELECT record_id FROM staff.site_records WHERE is_public_record IS NOT TRUE
  UNION ALL SELECT visit_id FROM staff.site_visits WHERE is_public_record IS NOT TRUE
  UNION ALL SELECT assessment_id FROM staff.assessments WHERE is_public_record IS NOT TRUE
  UNION ALL SELECT finding_id FROM staff.findings SEMI JOIN
    (SELECT assessment_id FROM staff.assessments WHERE is_public_record IS NOT TRUE) USING (assessment_id)
  UNION ALL SELECT action_id FROM staff.improvement_actions WHERE is_public_record IS NOT TRUE
  UNION ALL SELECT extension_id FROM staff.action_extensions SEMI JOIN
    (SELECT action_id FROM staff.improvement_actions WHERE is_public_record IS NOT TRUE) USING (action_id)
  UNION ALL SELECT grievance_id FROM staff.grievances WHERE is_public_record IS NOT TRUE
  UNION ALL SELECT step_id FROM staff.grievance_steps SEMI JOIN
    (SELECT grievance_id FROM staff.grievances WHERE is_public_record IS NOT TRUE) USING (grievance_id)
  UNION ALL SELECT site_id FROM staff.sites WHERE is_public_record IS NOT TRUE
  UNION ALL SELECT claim_id FROM staff.toll_claims SEMI JOIN
    (SELECT incident_id FROM shown WHERE NOT is_shown) USING (incident_id)
  UNION ALL SELECT p.place_id FROM staff.places p, has WHERE has.it AND NOT EXISTS
    (SELECT 1 FROM shown i WHERE i.place_id = p.place_id AND i.is_shown)
  UNION ALL SELECT place_id FROM shown i, has WHERE has.it AND NOT is_shown AND
    NOT EXISTS (SELECT 1 FROM shown o WHERE o.place_id = i.place_id AND o.is_shown)
  UNION ALL SELECT event_id FROM staff.event_records JOIN shown USING (incident_id)
    GROUP BY event_id HAVING NOT bool_or(is_shown)
  UNION ALL SELECT event_id FROM staff.event_records JOIN shown USING (incident_id)
    WHERE NOT is_shown AND ends_with(event_id, incident_id)
  UNION ALL SELECT site_id FROM staff.site_records
    WHERE is_public_record IS NOT TRUE AND ends_with(site_id, record_id))
SELECT DISTINCT id FROM hidden WHERE id IS NOT NULL
"""


def has_restricted(files: Files) -> bool:
    """Return whether staff's file holds any row that is not public, or goes on telling of some that were not."""
    told = " OR ".join(
        f"EXISTS (SELECT 1 FROM staff.{name})"
        for name in ("disclosure_assignments", "disclosure_site_batches", "disclosure_cohorts")
    )
    return bool(files.number(f"SELECT ({_any_restricted(files)} OR {told})::INT"))


def check_holdings(files: Files, *, deep: bool) -> None:
    """Note every row and value below staff that is not public. `deep`: words of free text are searched, too."""
    files.connection.execute(_IDS.format(any_restricted=_any_restricted(files), embargoed=_embargoed(files)))
    files.findings.count("ids of what is not public", files.number("SELECT count(*) FROM hidden_ids"))
    # Files below staff hold the same tables for the most part: the same content is looked at once.
    known: set[tuple[str, str]] = set()
    for audience in files.below:
        hashes = files.manifest.tables.get(audience.value, {})
        contents = {(name, hashes.get(name, audience.value)) for name in TABLES if name != "metadata"}
        for table in [name for name in TABLES if _may_hold(files, audience, name)]:
            if (table, hashes.get(table, audience.value)) not in known:
                _check_rows(files, audience, table)
                _search_ids(files, audience, table, deep)
        if contents - known:
            _check_counts(files, audience)
        known |= contents
    _check_alike(files)
    _check_hashes(files)


def _check_hashes(files: Files) -> None:
    """Note hashes of whole files by which a guess of an unpublished row could be tried."""
    if not has_restricted(files):
        return
    rule = "the hash of a file with unpublished rows lies below staff"
    for audience in files.below:
        told = f"SELECT concat_ws(' / ', table_name, file) AS key FROM {audience.value}.origins"
        files.hold(audience, "origins", rule, f"{told} WHERE sha256 IS NOT NULL")
    _check_published(files)
    known = [item.sha256 for item in files.manifest.inputs]
    told = "SELECT concat_ws(' / ', table_name, file) AS key FROM staff.origins"
    rule = "the manifest tells the hash of a file as it is"
    files.hold("staff", "origins", rule, f"{told} WHERE list_contains($known, sha256)", {"known": known})


def _embargoed(files: Files, alias: str = "") -> str:
    """Return SQL of whether an incident is under an embargo of its own."""
    return f"coalesce({alias}embargo_until > DATE '{files.manifest.as_of.isoformat()}', false)"


def _any_restricted(files: Files) -> str:
    embargoed = f"EXISTS (SELECT 1 FROM staff.incidents WHERE {_embargoed(files)}) OR "
    return embargoed + " OR ".join(
        f"EXISTS (SELECT 1 FROM staff.{name} WHERE {FLAG} IS NOT TRUE)" for name in FLAGGED if name != "sites"
    )


def _may_hold(files: Files, audience: Audience, table: str) -> bool:
    """Return whether the table may hold rows; note those of one that may not."""
    files.findings.count("tables", 1)
    if may_see(audience, table):
        return True
    files.hold(
        audience,
        table,
        f"the table is not for the {audience.value} file and must be empty",
        f"SELECT {_key(table)} AS key FROM {audience.value}.{table}",
    )
    return False


def _check_rows(files: Files, audience: Audience, table: str) -> None:
    here = f"{audience.value}.{table}"
    many = files.number(f"SELECT count(*) FROM {here}")
    files.findings.count("rows below staff", many)
    if not many:
        return
    for name in restricted_columns(table):
        files.findings.count("restricted columns", 1)
        files.hold(
            audience,
            table,
            f"column {name} is restricted and must be missing below staff",
            f"SELECT {_key(table)} AS key FROM {here} WHERE {quoted(name)} IS NOT NULL",
        )
    if table in FLAGGED:
        files.hold(
            audience,
            table,
            "a row that is not public lies below staff",
            f"SELECT {_key(table)} AS key FROM {here} WHERE {FLAG} IS NOT TRUE",
        )
    if table in FROM_FILES:
        _check_equal(files, audience, table)


def _check_equal(files: Files, audience: Audience, table: str) -> None:
    """Note rows that are no public row of staff's file, or say something else than it."""
    keys = TABLES[table].key
    on = " AND ".join(f"a.{quoted(name)} = s.{quoted(name)}" for name in keys)
    both = f"FROM {audience.value}.{table} a LEFT JOIN staff.{table} s ON {on}"
    public = f" OR s.{FLAG} IS NOT TRUE" if table in FLAGGED else ""
    public += f" OR {_embargoed(files, 's.')}" if table == "incidents" else ""
    files.hold(
        audience,
        table,
        "the row is no public row of staff's file",
        f"SELECT {_key(table, 'a')} AS key {both} WHERE s.{quoted(keys[0])} IS NULL{public}",
    )
    skipped = {*keys, *restricted_columns(table), *FROM_FILES[table]}
    compared = [quoted(name) for name in columns_of(table) if name not in skipped]
    differs = [f"a.{name} IS DISTINCT FROM s.{name}" for name in compared]
    pointers = [name for name in _POINTERS if name in FROM_FILES[table]]
    differs += [f"(a.{name} IS NOT NULL AND a.{name} IS DISTINCT FROM s.{name})" for name in pointers]
    if differs:
        files.hold(
            audience,
            table,
            "the row differs from the same row of staff's file",
            f"SELECT {_key(table, 'a')} AS key {both} WHERE s.{quoted(keys[0])} IS NOT NULL "
            f"AND ({' OR '.join(differs)})",
        )


def _search_ids(files: Files, audience: Audience, table: str, deep: bool) -> None:
    free = () if deep else free_text_columns(table)
    types = files.connection.execute(f"DESCRIBE {audience.value}.{table}").fetchall()
    for name in (row[0] for row in types if row[1] == "VARCHAR" and row[0] not in free):
        files.findings.count("text columns searched for ids", 1)
        column = quoted(name)
        files.hold(
            audience,
            table,
            f"column {name} names what is not public",
            f"""SELECT word AS key FROM (
                  SELECT unnest(list_distinct(list_concat([value], string_split_regex(value, {_BREAKS})))) AS word
                  FROM (SELECT DISTINCT {column} AS value FROM {audience.value}.{table}
                        WHERE {column} IS NOT NULL))
                SEMI JOIN (SELECT id AS word FROM hidden_ids) USING (word)""",
        )


# What may stand between two words: an id never holds a blank, a bracket, a quote or a comma.
_BREAKS: Final = """'[\\s;,()\\[\\]{}"''<>|]+|[.:](\\s|$)'"""


def _check_counts(files: Files, audience: Audience) -> None:
    """Note what is measured from other rows than those that lie beside it."""
    here = audience.value
    rule = "the number of records differs from the records in this file: it was measured from others"
    events = f"""SELECT event_id AS key FROM {here}.events LEFT JOIN
        (SELECT event_id, count(*) AS n FROM {here}.event_records GROUP BY ALL) USING (event_id)
        WHERE record_count IS DISTINCT FROM n"""
    files.hold(audience, "events", rule, events)
    sites = f"""SELECT site_id AS key FROM {here}.sites LEFT JOIN
        (SELECT site_id, count(*) AS n FROM {here}.site_records GROUP BY ALL) USING (site_id)
        WHERE record_count IS DISTINCT FROM n"""
    files.hold(audience, "sites", rule, sites)
    levels = f"""SELECT assessment_id AS key FROM {here}.assessment_levels LEFT JOIN
        (SELECT assessment_id, count(*) AS n FROM {here}.findings
         WHERE result IN ('met', 'partial', 'not_met') GROUP BY ALL) USING (assessment_id)
        WHERE criteria_assessed IS DISTINCT FROM coalesce(n, 0)"""
    files.hold(audience, "assessment_levels", rule, levels)
    named = {
        "event_records": ("incident_id", "incidents"),
        "incident_categories": ("incident_id", "incidents"),
        "incident_concessions": ("incident_id", "incidents"),
        "toll_claims": ("incident_id", "incidents"),
        "hotspot_events": ("event_id", "events"),
        "site_scores": ("site_id", "sites"),
        "site_exposures": ("site_id", "sites"),
        "site_concessions": ("site_id", "sites"),
        "observations": ("visit_id", "site_visits"),
        **dict.fromkeys(("assessments", "improvement_actions", "capital_needs"), ("site_id", "sites")),
        **dict.fromkeys(_OF_ASSESSMENTS, ("assessment_id", "assessments")),
        **dict.fromkeys(("action_extensions", "action_states"), ("action_id", "improvement_actions")),
        **dict.fromkeys(
            ("grievance_steps", "grievance_states", "grievance_placements"), ("grievance_id", "grievances")
        ),
    }
    for table in ("incidents", "assessment_figures", "site_visits"):
        files.hold(
            audience,
            table,
            "site_record_id names no row of site_records in the same file",
            f"""SELECT {_key(table)} AS key FROM {here}.{table} WHERE site_record_id IS NOT NULL
                AND site_record_id NOT IN (SELECT record_id FROM {here}.site_records)""",
        )
    _check_citations(files, audience)
    for table, (column, other) in named.items():
        files.hold(
            audience,
            table,
            f"the row belongs to no row of {other} in the same file",
            f"SELECT {column} AS key FROM {here}.{table} ANTI JOIN {here}.{other} USING ({column})",
        )


def _check_citations(files: Files, audience: Audience) -> None:
    here = audience.value
    cited = [name for name, promise in TABLES.items() if len(promise.key) == 1 or name == "observations"]
    known = " UNION ALL ".join(
        f"SELECT '{name}', {quoted(TABLES[name].key[0])}::VARCHAR FROM {here}.{name}"
        for name in cited
        if name != "metadata"
    )
    files.hold(
        audience,
        "citations",
        "record_id names no row of the table that is cited",
        f"""SELECT concat_ws(' / ', table_name, record_id) AS key FROM {here}.citations
            WHERE (table_name, record_id) NOT IN ({known})""",
    )


def _check_published(files: Files) -> None:
    """Note records that all see, in this release or the one before, and that staff's file does not remember."""
    tables = (
        *(("incidents", "incident_id"), ("site_records", "record_id"), ("assessments", "assessment_id")),
        *(("improvement_actions", "action_id"), ("grievances", "grievance_id")),
    )
    shown = [f"SELECT '{name}' AS t, {key} AS id FROM {files.below[0].value}.{name}" for name, key in tables]
    if files.has_before:
        shown.append(f"SELECT table_name, record_id FROM {BEFORE}.published_records")
    rule = "what all see is not remembered as published"
    known = "SELECT table_name AS t, record_id AS id FROM staff.published_records"
    told = f"SELECT concat_ws(' / ', t, id) AS key FROM ({' UNION ALL '.join(shown)}) ANTI JOIN ({known}) USING (t, id)"
    files.hold("staff", "published_records", rule, told)


def _check_alike(files: Files) -> None:
    """Note tables that are everybody's and differ between two files below staff."""
    for one in files.below[1:]:
        first, other = (files.manifest.tables.get(each.value, {}) for each in (files.below[0], one))
        for table in SHARED:
            if first.get(table) != other.get(table):
                rule = f"the table is everybody's and differs from the {files.below[0].value} file"
                files.hold(one, table, rule, "SELECT 'of all' AS key")


def _key(table: str, alias: str = "") -> str:
    """Return SQL of a row's key as one text."""
    before = f"{alias}." if alias else ""
    return f"concat_ws(' / ', {', '.join(before + quoted(name) for name in TABLES[table].key)})"
