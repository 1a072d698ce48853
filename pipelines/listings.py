"""What the command line lists, as text: releases, differences, rejected rows, sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pipelines.checks.reporting import fault_sentence
from pipelines.edition import EditionSpec
from pipelines.sources import SOURCES
from warehouse.compare import changed_rows, compare
from warehouse.release import Release, Standing

if TYPE_CHECKING:
    from pipelines.build import Built


def built_text(built: Built) -> str:
    """Return what a build did: which rows were set aside, which release is served, how many rows were taken."""
    if built.was_noop:
        return f"Release {built.release_id} is made of the same files, date and method: nothing to build."
    taken, aside = (int(built.loads[name].sum()) for name in ("rows_taken", "rows_rejected"))
    done = f"Release {built.release_id} is built and served."
    return "\n".join(
        [
            *built.faults,
            done,
            f"{built.loads['file'].nunique()} files: {taken} rows taken, {aside} set aside.",
        ]
    )


def releases_text(standing: Iterable[Standing]) -> str:
    """Return one line a release: id, when it was built, method, whether it is served or broken, and why."""
    rows, problems = [], []
    for one in standing:
        built, method = (
            (one.manifest.built_at[:19], one.manifest.method_version) if one.manifest else ("", "")
        )
        state = "broken" if one.problem else "served" if one.is_current else ""
        rows.append((one.release_id, built.replace("T", " "), method, state))
        problems += [one.problem] if one.problem else []
    return "\n".join([aligned(("release", "built (UTC)", "method", "state"), rows), *problems])


def difference_text(a: Release, b: Release) -> str:
    """Return one line a table: rows added, removed, changed and unchanged from `a` to `b`."""
    counted = compare(a, b)
    return f"From {a.id} to {b.id}\n{aligned(tuple(counted.columns), counted.itertuples(index=False))}"


def changed_rows_text(a: Release, b: Release, table: str) -> str:
    """Return one line a row of `table` that differs: its key, what happened, and to which columns."""
    rows = changed_rows(a, b, table).fillna("")
    verb = "row differs" if len(rows) == 1 else "rows differ"
    said = f"{table}, from {a.id} to {b.id}: {len(rows)} {verb}"
    if rows.empty:
        return said
    return f"{said}\n{aligned(tuple(rows.columns), rows.astype(str).itertuples(index=False))}"


def rejected_text(release: Release, table: str | None) -> str:
    """Return each row that was set aside: where it stood, what was wrong, and the row as it came."""
    rows = release.query(
        "SELECT * FROM rejected_row WHERE $table IS NULL OR table_name = $table ORDER BY ALL",
        {"table": table},
    )
    lines = []
    groups = rows.groupby(["table_name", "file", "line"], sort=False)
    for (meant_for, file, line), faults in groups:
        lines.append(f"{file}, line {line}, meant for {meant_for}")
        told = zip(faults["column_name"], faults["value"], faults["reason"], strict=True)
        lines += [f"  {fault_sentence(*fault)}" for fault in told]
        lines.append(f"  {faults['row_text'].iloc[0]}")
    count = {0: "no row", 1: "1 row"}.get(len(groups), f"{len(groups)} rows")
    lines.append(f"Release {release.id} set {count} aside{f' for {table}' if table else ''}.")
    return "\n".join(lines)


def sources_text(spec: EditionSpec) -> str:
    """Return each file of the edition: table, source and its format, origin, licence."""
    lines = [f"{spec.title_en}, as of {spec.as_of}"]
    for given in spec.inputs:
        source = SOURCES[given.source]
        published = given.origin.get("published", "date not reported")
        lines += [
            "",
            f"{given.path.name} → {source.table}",
            f"  source: {source.name}: {source.about}",
            f"  origin: {given.origin['title']}; {given.origin['publisher']}; {published}",
            f"  licence: {given.origin['licence']}",
        ]
    others = [name for name in SOURCES if name not in {given.source for given in spec.inputs}]
    if others:
        lines += ["", f"Known, not used in this edition: {', '.join(others)}"]
    return "\n".join(lines)


def aligned(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as text: words to the left, numbers to the right.

    >>> print(aligned(("table", "added"), [("sites", 12), ("places", 3)]))
    table   added
    sites      12
    places      3
    """
    lines = [tuple(header), *(tuple(row) for row in rows)]
    widths = [max(len(str(line[i])) for line in lines) for i in range(len(header))]
    numeric = [all(not isinstance(line[i], str) for line in lines[1:]) for i in range(len(header))]
    return "\n".join(
        "  ".join(
            str(cell).rjust(width) if right else str(cell).ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in lines
    )
