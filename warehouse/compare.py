"""What changed between two releases: rows added, removed, changed, by the key of each table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

import duckdb
import pandas as pd

from warehouse.contracts import TABLES
from warehouse.release import Release, to_frame
from warehouse.storage import SEALED, quoted, seal

COUNTS: Final = ("added", "removed", "changed", "unchanged")


def compare(a: Release, b: Release) -> pd.DataFrame:
    """Return one row a table that either release has: table, added, removed, changed, unchanged.

    `a` is the older, `b` the newer. Counts are keys, as contracts.TABLES names them; a key is
    changed where any of its columns differ. A table that one of the two lacks is wholly added or removed.
    """
    with _both(a, b) as connection:
        rows = [
            {"table": table} | _counts(connection, table)
            for table in TABLES
            if _columns(connection, "a", table) or _columns(connection, "b", table)
        ]
    counted = pd.DataFrame(rows, columns=["table", *COUNTS])
    return counted.astype({"table": "string"} | dict.fromkeys(COUNTS, "Int64"))


def changed_rows(a: Release, b: Release, table: str) -> pd.DataFrame:
    """Return the keys of `table` that differ: the key columns, `change`, `columns`.

    `change` is added, removed or changed; `columns` names the columns that changed, '; '-separated,
    and is missing for rows added or removed. Ordered by key.
    """
    with _both(a, b) as connection:
        if not (_columns(connection, "a", table) or _columns(connection, "b", table)):
            return pd.DataFrame(columns=[*TABLES[table].key, "change", "columns"])
        key = ", ".join(quoted(name) for name in TABLES[table].key)
        changes = _changes(connection, table)
        sql = f"SELECT {key}, change, columns FROM ({changes}) WHERE change <> 'unchanged' ORDER BY ALL"
        return to_frame(connection.execute(sql).to_arrow_table())


@contextmanager
def _both(a: Release, b: Release) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection of its own that sees both releases read-only, and nothing else."""
    with closing(duckdb.connect(":memory:", config=SEALED)) as connection:
        for name, release in (("a", a), ("b", b)):
            path = str(release.path).replace("'", "''")
            connection.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
        seal(connection)
        yield connection


def _columns(connection: duckdb.DuckDBPyConnection, side: str, table: str) -> list[str]:
    """Return the columns that `table` has on this side; none where it, or its key, is not there."""
    found = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND table_name = ?"
        " ORDER BY column_index",
        [side, table],
    )
    names = [row[0] for row in found.fetchall()]
    return names if set(TABLES[table].key) <= set(names) else []


def _counts(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, int]:
    sql = f"SELECT change, count(*) FROM ({_changes(connection, table)}) GROUP BY change"
    counted = dict(connection.execute(sql).fetchall())
    return {change: counted.get(change, 0) for change in COUNTS}


def _changes(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return SQL that gives one row a key: the key, `change`, `columns`.

    Rows that share a key (rejected rows may) are compared as one bag of values a column.
    """
    key = TABLES[table].key
    before, after = (_columns(connection, side, table) for side in ("a", "b"))
    values = [name for name in dict.fromkeys(before + after) if name not in key]
    same_key = " AND ".join(f"a.{quoted(name)} IS NOT DISTINCT FROM b.{quoted(name)}" for name in key)
    keys = ", ".join(f"coalesce(a.{quoted(name)}, b.{quoted(name)}) AS {quoted(name)}" for name in key)
    changed = ", ".join(
        f"CASE WHEN a.{quoted(name)} IS DISTINCT FROM b.{quoted(name)} THEN '{name}' END" for name in values
    )
    left = f"{_bags('a' if before else 'b', table, before or after, values)} {'' if before else 'LIMIT 0'}"
    right = f"{_bags('b' if after else 'a', table, after or before, values)} {'' if after else 'LIMIT 0'}"
    return f"""
        WITH both_sides AS (
            SELECT {keys}, a._n AS _before, b._n AS _after,
                   list_filter([{changed}]::VARCHAR[], lambda name: name IS NOT NULL) AS _changed
            FROM ({left}) AS a FULL JOIN ({right}) AS b ON {same_key}
        )
        SELECT * EXCLUDE (_before, _after, _changed),
               CASE WHEN _before IS NULL THEN 'added' WHEN _after IS NULL THEN 'removed'
                    WHEN _before <> _after OR len(_changed) > 0 THEN 'changed'
                    ELSE 'unchanged' END AS change,
               CASE WHEN _before IS NOT NULL AND _after IS NOT NULL AND len(_changed) > 0
                    THEN array_to_string(_changed, '; ') END AS columns
        FROM both_sides
    """


def _bags(side: str, table: str, columns: list[str], values: list[str]) -> str:
    """Return SQL for one row a key of `table` on this side: key, number of rows `_n`, sorted values."""
    key = ", ".join(quoted(name) for name in TABLES[table].key)
    bags = [
        f"list_sort(list({quoted(name)}::VARCHAR)) AS {quoted(name)}"
        if name in columns
        else f"NULL::VARCHAR[] AS {quoted(name)}"
        for name in values
    ]
    return f"SELECT {', '.join([key, 'count(*) AS _n', *bags])} FROM {side}.{quoted(table)} GROUP BY {key}"
