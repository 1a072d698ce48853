"""The open edition counted from its files alone: csv and loops, nothing of ours but the word lists.

The one thing taken from a release is which records of a site belong together, for that is a decision.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise

from risk.classification import CATEGORY_OF, PLACE_PRECISION_OF, VERIFICATION_OF
from tests.conftest import OPEN_EDITION
from warehouse.release import Release

csv.field_size_limit(10_000_000)

Row = dict[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Return the rows of a file of the open edition as they stand."""
    with (OPEN_EDITION / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def incidents() -> tuple[Row, ...]:
    """Return the incidents of the open edition."""
    return rows("incidents")


def placed() -> list[Row]:
    """Return the incidents with a position."""
    return [row for row in incidents() if row["lon"]]


def tally(values: Iterable[str]) -> dict[str, int]:
    """Return how often each value comes."""
    found: dict[str, int] = defaultdict(int)
    for value in values:
        found[value] += 1
    return dict(found)


def category(row: Row) -> str:
    """Return the primary category that the compiler's word stands for."""
    return CATEGORY_OF[row["category_reported"]][0]


def verification(row: Row) -> str:
    """Return the verification state that the compiler's word stands for."""
    return VERIFICATION_OF[row["verification_reported"]]


def precision(row: Row) -> str:
    """Return the place precision that the compiler's word stands for."""
    return PLACE_PRECISION_OF[row["place_precision_reported"]]


def province(row: Row) -> str:
    """Return the province that a row's point lies in; without a point, the publisher's own."""
    return (_area(row, "provinces")["name"] if row["lon"] else "") or row["province_reported"]


def territory(row: Row) -> str:
    """Return the P-code of the territory that a row's point lies in, '' without a point."""
    return _area(row, "territories")["territory_pcode"] if row["lon"] else ""


def toll(chosen: Iterable[Row]) -> tuple[int, int, int]:
    """Return deaths low, best and high over the records that count; an end nobody gave is the best figure."""
    low = best = high = 0
    for row in chosen:
        if row["toll_reported"] == "yes":
            best += int(row["killed_best"] or 0)
            low += int(row["killed_low"] or row["killed_best"] or 0)
            high += int(row["killed_high"] or row["killed_best"] or 0)
    return low, best, high


def is_point(row: Row, precision_of_row: str) -> bool:
    """Return whether a place is known within a kilometre, by a point of its own."""
    return bool(row["lon"]) and precision_of_row in {"pit", "site"} and row["position_is_proxy"] != "true"


def symbols(chosen: Iterable[Row]) -> dict[str, int]:
    """Return how many incident symbols a map must have: dots, and discs or outlines of titles."""
    dots, others = set(), set()
    for row in chosen:
        if row["lon"]:
            on_title = row["place_precision_reported"] == "concession" and row["position_is_proxy"] != "true"
            key = (row["lon"], row["lat"], precision(row), on_title)
            (dots if is_point(row, precision(row)) else others).add(key)
    return {"dots": len(dots), "others": len(others)}


def sites(release: Release) -> dict[str, list[Row]]:
    """Return the records of each site, by site id; the grouping is the release's."""
    site_of = dict(release.query("SELECT record_id, site_id FROM site_records").itertuples(index=False))
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in (*rows("sites"), *rows("ipis_sites")):
        groups[site_of[row["record_id"]]].append(row)
    return dict(groups)


def site_dots(release: Release) -> set[str]:
    """Return the ids of the sites that are drawn as a dot: a record places them exactly."""
    return {
        site_id
        for site_id, records in sites(release).items()
        if any(is_point(row, row["place_precision"]) for row in records)
    }


def minerals(records: Iterable[Mapping[str, str]]) -> set[str]:
    """Return the minerals that any of a site's records names."""
    return {symbol.strip() for row in records for symbol in row["minerals"].split(";") if symbol.strip()}


@cache
def _rings(name: str) -> tuple[tuple[Row, tuple[tuple[tuple[float, float], ...], ...]], ...]:
    return tuple((row, tuple(_points(row["wkt"]))) for row in rows(name))


def _points(wkt: str) -> Iterator[tuple[tuple[float, float], ...]]:
    for ring in re.findall(r"\(([^()]+)\)", wkt):
        pairs = (pair.split() for pair in ring.split(","))
        yield tuple((float(x), float(y)) for x, y in pairs)


def _area(row: Row, name: str) -> Row:
    """Return the area that the row's point lies in, by the even-odd rule over all its rings."""
    x, y = float(row["lon"]), float(row["lat"])
    for area, rings in _rings(name):
        if sum(_crossings(ring, x, y) for ring in rings) % 2:
            return area
    return defaultdict(str)


def _crossings(ring: tuple[tuple[float, float], ...], x: float, y: float) -> int:
    found = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            found += 1
    return found
