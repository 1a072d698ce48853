"""One release held to all rules, from its files: for the command line in full, for a build in a cheap form."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Final

from pipelines.verifying.attack import attack
from pipelines.verifying.classes import check_classes
from pipelines.verifying.cohorts import check_cohorts
from pipelines.verifying.figures import check_figures
from pipelines.verifying.holdings import check_holdings
from pipelines.verifying.opening import Fault, Files, Findings, opened
from pipelines.verifying.research import check_research
from risk.disclosure_rules import RULES, Rules
from risk.errors import ReleaseError
from risk.vocabulary import Audience, Edition
from warehouse.contracts import TABLES
from warehouse.manifest import MANIFEST, Manifest, mixed, read_manifest
from warehouse.release import (
    current_release_id,
    edition_folder,
    file_name,
    open_release,
    report_name,
    sha256_of,
)
from warehouse.storage import columns_of, contents, quoted

log = logging.getLogger(__name__)

# One table of rules for all below staff.
BELOW_STAFF: Final[Rules] = RULES[Audience.RESEARCHER]
_BLOCKS_OF_A_BUILD: Final = 3
_BLOCKS: Final = 30


def check_release(edition: Edition | str, releases_dir: Path, release_id: str | None = None) -> Findings:
    """Return what is wrong with a release (default: the one being served), and what was looked at.

    Raises NoRelease where it is not there, BrokenRelease where its manifest or a file cannot be read.
    """
    chosen = release_id or current_release_id(edition, releases_dir)
    release = open_release(edition, release_id=chosen, releases_dir=releases_dir)
    folder = edition_folder(edition, releases_dir)
    return check_files(folder / chosen, _before(folder, release.manifest), deep=True)


def hold_to_rules(beside: Path, folder: Path) -> None:
    """Hold the files written `beside` the releases in `folder` to the rules before they are published.

    Raises ReleaseError with the first rule that is broken; it names no value of a row.
    """
    try:
        found = check_files(beside, _before(folder, read_manifest(beside)), deep=False)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    log.info("rules of disclosure: %d things checked", sum(found.checked.values()))
    if found.faults:
        shutil.rmtree(beside, ignore_errors=True)
        raise ReleaseError(f"Nothing was published: {found.faults[0].without_key()}")


def check_files(folder: Path, before: Path | None, *, deep: bool) -> Findings:
    """Return what is wrong with the files in `folder`, beside those of the release in `before`.

    `deep`: every byte is read, words of free text are searched, and the figures are attacked everywhere.
    """
    manifest = read_manifest(folder)
    with opened(folder, manifest, before) as files:
        _check_manifest(files, deep)
        if Audience.STAFF not in files.audiences or files.findings.faults:
            return files.findings
        check_holdings(files, deep=deep)
        check_classes(files, BELOW_STAFF)
        check_figures(files, BELOW_STAFF)
        check_research(files, BELOW_STAFF)
        check_cohorts(files, BELOW_STAFF)
        if not files.findings.faults:
            attack(files, BELOW_STAFF, _BLOCKS if deep else _BLOCKS_OF_A_BUILD)
        return files.findings


def findings_text(found: Findings) -> str:
    """Return `found` as text: each broken rule, then what was checked."""
    lines = [str(fault) for fault in found.faults]
    state = f"breaks {len(found.faults)} rules" if found.faults else "keeps the rules"
    checked = ", ".join(f"{many} {what}" for what, many in found.checked.items())
    return "\n".join([*lines, f"Release {found.release_id} {state}. Checked: {checked}."])


def _before(folder: Path, manifest: Manifest) -> Path | None:
    """Return the folder of the release before, where it stands."""
    before = folder / manifest.previous if manifest.previous else None
    return before if before is not None and (before / MANIFEST).is_file() else None


def _check_manifest(files: Files, deep: bool) -> None:
    """Note files and tables that are not what the manifest promises, and files that it does not name."""
    manifest = files.manifest
    note = files.findings.faults.append
    for name, promise in manifest.files.items():
        files.findings.count("files", 1)
        path = files.folder / name
        if path.stat().st_size != promise.size_bytes or (deep and sha256_of(path) != promise.sha256):
            note(Fault(name, "", "of all", "the file is not the one that the manifest promises"))
    known = {MANIFEST, report_name(manifest.edition), *(file_name(manifest.edition, one) for one in Audience)}
    for path in files.folder.iterdir():
        if path.name not in known or path.name not in {MANIFEST, *manifest.files}:
            note(Fault(path.name, "", "of all", "the file is no part of a release"))
    for audience in files.audiences:
        _check_tables(files, audience, deep)


def _check_tables(files: Files, audience: Audience, deep: bool) -> None:
    note, name = files.findings.faults.append, files.name(audience)
    cursor = files.connection
    found = cursor.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = ?", [audience.value])
    tables = {row[0] for row in found.fetchall()}
    promised = files.manifest.tables.get(audience.value, {})
    for table in sorted(tables ^ {*TABLES} | {*promised} ^ {*TABLES}):
        note(Fault(name, table, "of all", "the file, the manifest and the contracts name other tables"))
    said = dict(cursor.execute(f"SELECT key, value FROM {audience.value}.metadata").fetchall())
    wanted = {
        "edition": files.manifest.edition,
        "audience": audience.value,
        "release_id": files.manifest.release_id,
        "as_of": files.manifest.as_of.isoformat(),
    }
    for key, value in wanted.items():
        if said.get(key) != value:
            note(Fault(name, "metadata", key, "the file says another thing of itself than the manifest"))
    for table in sorted(tables & {*TABLES}):
        names = [row[0] for row in cursor.execute(f"DESCRIBE {audience.value}.{table}").fetchall()]
        if names != columns_of(table):
            note(Fault(name, table, "of all", "the columns are not those of the contract"))
    if deep:
        hashes = {table: _content(files, audience, table) for table in sorted(tables)}
        for table, found_hash in (mixed(hashes) if audience is Audience.STAFF else hashes).items():
            if found_hash != promised.get(table):
                note(Fault(name, table, "of all", "the rows are not those that the manifest promises"))


def _content(files: Files, audience: Audience, table: str) -> str:
    files.connection.execute(
        f"CREATE OR REPLACE TEMP VIEW read_back AS SELECT * FROM {audience.value}.{quoted(table)}"
    )
    return contents(files.connection, "read_back").sha256
