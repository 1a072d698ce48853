"""A copy of a release with one file changed by SQL, and a manifest that promises just that."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb

from risk.vocabulary import Audience, Edition
from warehouse.manifest import MANIFEST, FilePromise, mixed, read_manifest
from warehouse.release import current_release_id, file_name, sha256_of
from warehouse.storage import contents


def broken(
    releases_dir: Path, folder: Path, audience: Audience, *statements: str, is_told: bool = True
) -> Path:
    """Return a releases folder like `releases_dir` where `statements` changed the file of `audience`.

    Staff's tables can be had as `s.<table>`. Without `is_told` the manifest stays as it was.
    """
    edition = Edition.TRAINING
    there = folder / "releases"
    shutil.copytree(releases_dir / edition, there / edition, copy_function=os.link)
    release = there / edition / current_release_id(edition, there)
    path = release / file_name(edition, audience)
    staff = releases_dir / edition / release.name / file_name(edition, Audience.STAFF)
    own = path.with_name("own")
    shutil.copyfile(path, own)
    own.replace(path)
    with closing(duckdb.connect(str(path))) as connection:
        connection.execute(f"ATTACH '{staff}' AS s (READ_ONLY)" if audience is not Audience.STAFF else "")
        for statement in statements:
            connection.execute(statement)
        connection.execute("CHECKPOINT")
        tables = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        hashes = {name: contents(connection, name).sha256 for name in tables}
    if is_told:
        manifest = read_manifest(release)
        written = FilePromise(sha256_of(path), path.stat().st_size)
        told = replace(
            manifest,
            files={**manifest.files, path.name: written},
            tables={
                **manifest.tables,
                audience.value: mixed(hashes) if audience is Audience.STAFF else hashes,
            },
        )
        (release / MANIFEST).unlink()
        (release / MANIFEST).write_text(told.to_text(), "utf-8")
    return there
