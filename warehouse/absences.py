"""Which sources of a release are missing, empty or cut short, as a page must say beside what it shows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from warehouse.asking import answer
from warehouse.records import row_count
from warehouse.release import Release


def incomplete(release: Release, tables: Sequence[str]) -> pd.DataFrame:
    """Return one row a file of `tables` of which not every row was taken, and one a table without any file.

    Columns: table_name, file (missing where there is none), file_count (files of that table), rows_in,
    rows_taken, rows_rejected, and state: 'partial' (some rows were set aside), 'nothing_taken' (all were),
    'empty' (a header and no row), 'not_given' (no file of this edition holds the table, and no other
    source filled it: visits are also read from dated records of sites). In the order of `tables`, then of
    files. Files that were taken whole are no row. Raises ConfigError for a name that is no table.
    """
    rows = answer(
        release,
        """
        WITH asked AS (
            SELECT unnest(CAST($tables AS VARCHAR[])) AS table_name,
                   generate_subscripts(CAST($tables AS VARCHAR[]), 1) AS position),
        told AS (
            SELECT a.position, a.table_name, l.file, count(l.file) OVER (PARTITION BY a.table_name) AS file_count,
                   l.rows_in, l.rows_taken, l.rows_rejected,
                   CASE WHEN l.file IS NULL THEN 'not_given'
                        WHEN l.rows_in = 0 THEN 'empty'
                        WHEN l.rows_taken = 0 THEN 'nothing_taken'
                        WHEN l.rows_rejected > 0 THEN 'partial' END AS state
            FROM asked a LEFT JOIN loads l USING (table_name))
        SELECT * EXCLUDE (position) FROM told WHERE state IS NOT NULL ORDER BY position, file
        """,
        {"tables": list(tables)},
    )
    never = rows.loc[rows["state"] == "not_given", "table_name"]
    filled = [name for name in never if row_count(release, name)]
    return rows[~rows["table_name"].isin(filled)].reset_index(drop=True)
