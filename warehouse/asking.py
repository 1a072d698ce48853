"""How a page asks: the reader's filters, bound as parameters, and answers kept for the next reader.

Parameters are bound, never written into the SQL. A release never changes, so an answer of few rows
is kept under the audience's own file (its path names edition, release and audience), the SQL and
the parameters: no answer out of one file is ever given for another.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

import pandas as pd

from warehouse.release import Release

MOST_KEPT: Final = 256
MOST_ROWS_KEPT: Final = 3_000

_kept: OrderedDict[tuple[Any, ...], pd.DataFrame] = OrderedDict()
_kept_lock = threading.Lock()


@dataclass(frozen=True)
class Choice:
    """What a reader chose; it unpacks with ** into any query below."""

    province: tuple[str, ...] = ()
    territory: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    severity: tuple[int, ...] = ()
    verification: tuple[str, ...] = ()
    record_kind: tuple[str, ...] = ()
    place_precision: tuple[str, ...] = ()
    mineral: tuple[str, ...] = ()
    permit_type: tuple[str, ...] = ()
    start_on: date | None = None
    end_on: date | None = None

    def keys(self) -> Iterator[str]:
        """Return the names of the filters."""
        return iter(field.name for field in fields(self))

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


# What has no position is found by the publisher's own province.
CHOSEN_INCIDENTS = """
    ($province IS NULL OR list_contains($province, coalesce(i.province, i.province_reported)))
    AND ($territory IS NULL OR list_contains($territory, i.territory_pcode))
    AND ($severity IS NULL OR list_contains($severity, i.severity))
    AND ($verification IS NULL OR list_contains($verification, i.verification))
    AND ($record_kind IS NULL OR list_contains($record_kind, i.record_kind))
    AND ($place_precision IS NULL OR list_contains($place_precision, i.place_precision))
    AND ($start_on IS NULL OR i.date_end >= $start_on)
    AND ($end_on IS NULL OR i.date_start <= $end_on)
    AND ($category IS NULL OR i.incident_id IN (
        SELECT incident_id FROM incident_categories WHERE list_contains($category, category)))
    AND ($mineral IS NULL OR i.site_id IN (
        SELECT site_id FROM sites WHERE list_has_any($mineral, string_split(minerals, '; '))))
"""

CHOSEN_SITES = """
    ($province IS NULL OR list_contains($province, coalesce(s.province, s.province_reported)))
    AND ($territory IS NULL OR list_contains($territory, s.territory_pcode))
    AND ($mineral IS NULL OR list_has_any($mineral, string_split(s.minerals, '; ')))
"""

# One symbol on the map: the same point at the same precision, or the same outline.
PLACE_KEY = (
    "left(md5(concat_ws('|', round(i.lon, 6), round(i.lat, 6), i.place_precision, i.extent_kind,"
    " i.extent_concession_id)), 12)"
)

_TYPES = {
    "province": "VARCHAR[]",
    "territory": "VARCHAR[]",
    "category": "VARCHAR[]",
    "severity": "BIGINT[]",
    "verification": "VARCHAR[]",
    "record_kind": "VARCHAR[]",
    "place_precision": "VARCHAR[]",
    "mineral": "VARCHAR[]",
    "permit_type": "VARCHAR[]",
    "start_on": "TIMESTAMP",
    "end_on": "TIMESTAMP",
}


def ask(release: Release, sql: str, filters: Mapping[str, Any], **more: Any) -> pd.DataFrame:
    """Return the rows of `sql`, whose `$name`s are filters of `Choice` or parameters in `more`.

    An absent or empty filter binds as NULL. Raises TypeError for an unknown filter.
    """
    choice = Choice(**filters)
    bound: dict[str, Any] = dict(more)
    for name in _TYPES:
        if re.search(rf"\${name}\b", sql):
            sql = re.sub(rf"\${name}\b", f"CAST(${name} AS {_TYPES[name]})", sql)
            value = choice[name]
            bound[name] = (list(value) or None) if isinstance(value, (tuple, list)) else value
    return answer(release, sql, bound)


def answer(release: Release, sql: str, bound: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Return the rows of `sql` with `bound` parameters, kept if they are few; the frame is the caller's own."""
    bound = bound or {}
    values = (tuple(value) if isinstance(value, list) else value for value in bound.values())
    key = (release.path, sql, *bound, *values)
    with _kept_lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key].copy(deep=False)
    rows = release.query(sql, bound)
    if len(rows) <= MOST_ROWS_KEPT:
        with _kept_lock:
            _kept[key] = rows.copy(deep=False)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return rows


def forget_answers() -> None:
    """Drop every kept answer, for tests and for measuring."""
    with _kept_lock:
        _kept.clear()
