"""How a contract's table lies in DuckDB: its column types, and what its content is, as one hash."""

from __future__ import annotations

from typing import Final, cast

import duckdb
import pandas as pd
import pyarrow as pa

from warehouse.contracts import TABLES
from warehouse.manifest import TablePromise

# Nothing is fetched, nothing outside the opened files is read.
SEALED: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

# Kind of a contract's column → type in DuckDB, type in Arrow.
_TYPES: Final[dict[str, tuple[str, pa.DataType]]] = {
    "string": ("VARCHAR", pa.string()),
    "Int64": ("BIGINT", pa.int64()),
    "Float64": ("DOUBLE", pa.float64()),
    "boolean": ("BOOLEAN", pa.bool_()),
    "datetime64": ("DATE", pa.date32()),
    "object": ("BLOB", pa.binary()),
}


def seal(connection: duckdb.DuckDBPyConnection) -> None:
    """Shut `connection` off from files and network, for good; it writes no progress to the terminal."""
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def quoted(name: str) -> str:
    """Return `name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def columns_of(table: str) -> list[str]:
    """Return the columns that the contract of `table` promises, in order."""
    return list(TABLES[table].contract.to_schema().columns)


def create_table(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Create the empty `table` of its contract."""
    specs = TABLES[table].contract.to_schema().columns
    lines = (
        f"{quoted(name)} {_type_of(spec.dtype)[0]}{'' if spec.nullable else ' NOT NULL'}"
        for name, spec in specs.items()
    )
    connection.execute(f"CREATE TABLE {quoted(table)} ({', '.join(lines)})")


def to_arrow(table: str, frame: pd.DataFrame) -> pa.Table:
    """Return `frame` with the columns of the contract of `table`, in order and typed.

    Raises KeyError where a column is missing and pyarrow.ArrowInvalid where a value has another type.
    """
    specs = TABLES[table].contract.to_schema().columns
    schema = pa.schema([(name, _type_of(spec.dtype)[1]) for name, spec in specs.items()])
    return pa.Table.from_pandas(frame[list(specs)], schema=schema, preserve_index=False)


def contents(cursor: duckdb.DuckDBPyConnection, relation: str) -> TablePromise:
    """Return the number of rows of `relation` and a hash of what they say.

    The hash does not depend on the order of the rows, on the file or on the version of the storage;
    it does on names and order of the columns.
    """
    names = [row[0] for row in cursor.execute(f"DESCRIBE {quoted(relation)}").fetchall()]
    values = ", ".join(f"{quoted(name)}::VARCHAR" for name in names)
    header = "\x1f".join(names)
    cursor.execute(
        f"""
        SELECT count(*), sha256(? || coalesce(string_agg(digest, '' ORDER BY digest), ''))
        FROM (SELECT sha256(json_array({values})) AS digest FROM {quoted(relation)})
        """,
        [header],
    )
    rows, digest = cast("tuple[int, str]", cursor.fetchone())
    return TablePromise(rows=rows, sha256=digest)


def _type_of(dtype: object) -> tuple[str, pa.DataType]:
    kind = str(dtype).partition("[")[0]
    return _TYPES[kind]
