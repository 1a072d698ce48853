"""Build a release of an edition: read, check, assemble, write, publish. One build at a time.

A file that cannot be read stops the run; the release that stood before is still served.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipelines.assembly import assemble, empty, held
from pipelines.checks.checking import Checked, check
from pipelines.checks.crosschecks import cross_check
from pipelines.checks.narrowing import FLAG
from pipelines.checks.reporting import summary
from pipelines.disclosing.assigning import Series
from pipelines.disclosing.audiences import for_audiences
from pipelines.disclosing.keeping_back import embargoed, kept_back, to_keep_back, units_to_keep_back
from pipelines.disclosing.keys import record_key
from pipelines.disclosing.public_rows import first_restricted, first_restricted_value, public_only
from pipelines.disclosing.series import hold_series, series_of
from pipelines.edition import EditionInput, EditionSpec, load_edition
from pipelines.measures import measured
from pipelines.measuring.moment import Moment
from pipelines.release import building, make_current, plan, publish, write
from pipelines.sources import SOURCES
from pipelines.verifying.checking import hold_to_rules
from risk.errors import InputError
from risk.vocabulary import Audience, Edition
from warehouse.columns import DRC_BOUNDS
from warehouse.contracts import TABLES
from warehouse.inputs import EventMatches, SiteMatches
from warehouse.manifest import Input
from warehouse.release import Release, open_release, sha256_of

log = logging.getLogger(__name__)

NOT_KNOWN: Final = "date not reported"

Progress = Callable[[Iterable[Any], str], Iterable[Any]]


@dataclass(frozen=True)
class Built:
    """What a build did: the release now served, whether it stood before, and its table `loads`.

    `faults` says, for each file with rows that were set aside, which and why; a no-op looks at none.
    """

    release_id: str
    was_noop: bool
    loads: pd.DataFrame
    faults: tuple[str, ...] = ()


def silent(items: Iterable[Any], _: str) -> Iterable[Any]:
    """Show no progress."""
    return items


def build(
    edition_dir: Path, releases_dir: Path, as_of: date | None = None, progress: Progress = silent
) -> Built:
    """Build the edition in `edition_dir` and publish it in `releases_dir`, unless that release stands.

    `as_of` is the day that stands for today; by default the one the edition names. `progress` wraps
    what takes long. Raises InputError where a file cannot be read or the edition contradicts itself,
    ReleaseError (BuildRunning, BrokenRelease) where a release cannot be had.
    """
    spec = load_edition(edition_dir)
    edition = Edition(spec.name)
    checked: tuple[Checked, ...] = ()
    with building(edition, releases_dir) as folder:
        key = record_key(edition, folder)
        planned = plan(edition, as_of or spec.as_of, made_of(spec, key), releases_dir)
        release_id = planned.manifest.release_id
        if planned.stands:
            make_current(folder, release_id)
        else:
            checked = check_edition(spec, progress)
            series = series_of(spec, planned.manifest.previous, folder, key)
            files = files_of(spec, checked, planned.manifest.as_of, series)
            beside = write(folder, planned.manifest, files)
            hold_to_rules(beside, folder)
            publish(folder, beside, release_id)
    release = open_release(edition, release_id=release_id, releases_dir=releases_dir)
    faults = tuple(summary(file) for file in checked if file.rows_rejected)
    return Built(release_id, planned.stands, release.query("SELECT * FROM loads"), faults)


def made_of(spec: EditionSpec, key: bytes) -> list[Input]:
    """Return what the id of a release depends on: each file with its hash, source and origin.

    The manifest lies beside every audience's file. Of an edition that may hold what is not public the hashes
    are keyed (HMAC, RFC 2104) with the secret `key`: whoever guesses a row cannot try it on them.
    """
    # Other bounds set other rows aside.
    bounds = {} if spec.bounds == DRC_BOUNDS else {"bounds": ", ".join(map(str, spec.bounds))}
    return [
        Input(
            given.path.name,
            given.sha256 if spec.only_public else hmac.digest(key, given.sha256.encode(), "sha256").hex(),
            given.source,
            {**given.origin, **_prefixed(given), **bounds},
        )
        for given in spec.inputs
    ]


def check_edition(spec: EditionSpec, progress: Progress = silent) -> tuple[Checked, ...]:
    """Return every file of the edition held to its contract, alone and together with the others.

    Raises UnreadableFile where one cannot be read, InputError where one changes meanwhile.
    """
    checked = [_check_input(given, spec) for given in progress(spec.inputs, "Reading")]
    return cross_check(checked, cited_files=spec.cited_files)


def tables_of(
    spec: EditionSpec, checked: Sequence[Checked], as_of: date, before: Release | None = None
) -> dict[str, pd.DataFrame]:
    """Return every table of a release of this edition but `metadata`, from its files as `checked`.

    Tables that no file gives are there, empty. What is measured speaks of the day `as_of`; of the
    release `before`, measures whose inputs are the same are taken over. Raises ReleaseError where a
    derived table breaks its contract.
    """
    rows = rows_of(spec, checked)
    found = measured(rows, Moment(as_of), before)
    tables = {name: frame for name, frame in rows.items() if name in TABLES}
    return tables | {name: held(name, frame) for name, frame in found.items()}


def files_of(
    spec: EditionSpec, checked: Sequence[Checked], as_of: date, series: Series
) -> dict[Audience, dict[str, pd.DataFrame]]:
    """Return the tables of each audience's file but `metadata`.

    What readers below staff are shown is measured anew from public rows, where any row is not public.
    Raises ReleaseError where a derived table breaks its contract, InputError where a row is not public in an
    edition that promises to hold none.
    """
    restricted = first_restricted(checked, as_of)
    hold_series(spec, series)
    private = restricted or first_restricted_value(checked)
    if private and spec.only_public:
        raise InputError(
            private[0],
            "the record is not public, or not in all columns, though edition.toml says only_public = true",
            next_move="take it out, or take that word of the edition back",
            line=private[1],
        )
    staff = tables_of(spec, checked, as_of, series.before)
    singled = to_keep_back(staff, series.before, as_of)
    staff["incidents"] = embargoed(staff["incidents"], singled, as_of)
    checked = kept_back(checked, singled, units_to_keep_back(staff, series.before), as_of)
    private = private or first_restricted(checked, as_of)
    public = staff
    if private:
        log.info("what is public: measured from public rows alone")
        public = tables_of(spec, public_only(checked, as_of), as_of, series.public_before)
    return for_audiences(
        staff, public, as_of, series, singled, has_restricted=first_restricted(checked, as_of) is not None
    )


def rows_of(spec: EditionSpec, checked: Sequence[Checked]) -> dict[str, pd.DataFrame]:
    """Return all that the measures read: every table from rows, and the reviewed `event_matches`.

    Raises ReleaseError where a derived table breaks its contract.
    """
    taken = {name: empty(promise.contract) for name, promise in TABLES.items()}
    taken |= {"site_matches": empty(SiteMatches), "event_matches": empty(EventMatches)}
    for table in dict.fromkeys(file.table for file in checked):
        taken[table] = pd.concat([file.taken for file in checked if file.table == table], ignore_index=True)
    taken["citations"] = with_origin_citations(taken["citations"], checked, spec)
    taken["origins"] = _origins(spec)
    taken["loads"] = _loads(checked)
    taken["rejected_row"] = pd.concat([file.rejected for file in checked], ignore_index=True)
    del taken["metadata"]
    return {**assemble(taken, _cadastre_as_of(spec)), "event_matches": taken["event_matches"]}


def with_origin_citations(
    citations: pd.DataFrame, checked: Sequence[Checked], spec: EditionSpec
) -> pd.DataFrame:
    """Return `citations` with the source that the origin of a whole file names for each of its records.

    It comes behind the sources a record already has. It does not speak for records that are not public:
    those were not published there.
    """
    last = citations.groupby(["table_name", "record_id"])["rank"].max()
    said = {given.path.name: given.citation for given in spec.inputs if given.citation is not None}
    added = []
    for file in checked:
        if file.file in said:
            taken = file.taken
            if FLAG in taken:
                taken = taken[taken[FLAG].astype(bool)]
            # A visit is cited once, however many observations it made.
            ids = taken[file.source.key[0]].astype("string").drop_duplicates()
            rank = [int(last.get((file.table, record), 0)) + 1 for record in ids]
            rows = pd.DataFrame({"table_name": file.table, "record_id": ids, "rank": rank, "about": "record"})
            added.append(rows.assign(**said[file.file]))
    return pd.concat([citations, *added], ignore_index=True).reindex(columns=citations.columns)


def _check_input(given: EditionInput, spec: EditionSpec) -> Checked:
    checked = check(SOURCES[given.source], given.path, spec.bounds)
    if sha256_of(given.path) != given.sha256:
        raise InputError(given.path.name, "changed while it was read", next_move="build again")
    return checked


def _origins(spec: EditionSpec) -> pd.DataFrame:
    rows = [
        {
            **given.origin,
            "table_name": SOURCES[given.source].table,
            "file": given.path.name,
            "source": given.source,
            "sha256": given.sha256,
        }
        for given in spec.inputs
    ]
    columns = list(TABLES["origins"].contract.to_schema().columns)
    return pd.DataFrame(rows).reindex(columns=columns)


def _loads(checked: Sequence[Checked]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "table_name": file.table,
                "file": file.file,
                "rows_in": file.rows_in,
                "rows_taken": len(file.taken),
                "rows_rejected": file.rows_rejected,
                "state": file.state,
                "remarks": file.remarks,
            }
            for file in checked
        ]
    )


def _cadastre_as_of(spec: EditionSpec) -> str:
    dates = [
        given.origin.get("published", NOT_KNOWN)
        for given in spec.inputs
        if SOURCES[given.source].table == "concessions"
    ]
    return "; ".join(dict.fromkeys(dates)) or NOT_KNOWN


def _prefixed(given: EditionInput) -> dict[str, str]:
    return {f"citation.{key}": value for key, value in (given.citation or {}).items()}
