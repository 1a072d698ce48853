"""What the check of releases counts of a group is counted whatever of its key is missing."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.verifying.classes import facts_of

ROWS = """SELECT * FROM (VALUES
    ('c', {band}, false, 'site-a', 'A; B'),
    ('c', {band}, false, 'site-a', 'B'),
    ('c', {band}, false, 'site-b', ' C'),
    ('c', {band}, false, NULL, NULL)) AS t (class_id, band, is_critical, site_id, source_groups)"""


@pytest.mark.parametrize("band", ["NULL", "'low'"])
def test_sites_sources_and_the_largest_part_are_counted_with_and_without_bands(band: str) -> None:
    (row,) = (
        duckdb.connect().execute(facts_of(ROWS.format(band=band), "class_id, band")).df().to_dict("records")
    )
    assert (row["n"], row["sites"], row["sources"], row["most"]) == (4, 2, 3, 2)
