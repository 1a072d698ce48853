"""One row a site, from the records that speak of it; what each publisher said stays in the records.

Id and name: those of the documented record with the smallest id. Neither positions nor names nor the
order of files or reviews can change an id; only other records in the group can.
Position: any that is no stand-in beats a stand-in; among those the finest precision; of equals, the one
taken on a visit (a GPS reading on the ground beats a point read off a map), the latest visit first, then
the record that gives the id. `position_record_id` says which record it was.
Workers: the latest figure that counts this one site, never a sum; 0 is an idle site and stays 0. Where
only a range was published, the best figure stays missing: no mean is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from risk.vocabulary import MINERALS, PLACE_PRECISIONS
from warehouse.derived import Placed, Sites

# From the finest to the vaguest.
_RANK: Final = {code: rank for rank, code in enumerate(PLACE_PRECISIONS)}
_FIGURES: Final = ("workers_low", "workers_best", "workers_high")
# How the ids of documented records begin.
_DOCUMENTED: Final = "site-"
# Columns that the place step adds.
_LATER: Final = frozenset(
    {*Placed.to_schema().columns, "concession_count", "nearest_zea_id", "nearest_zea_distance_m"}
)
SITE_COLUMNS: Final = [name for name in Sites.to_schema().columns if name not in _LATER]


def site_ids(records: pd.DataFrame, group_of: Mapping[str, str]) -> pd.Series:
    """Return the site_id of each record, indexed by record_id, for records that `group_of` joins.

    A documented record (`site-…`) gives its own id to the site; of several, the smallest id does, so
    that a better position or a further record with a larger id leaves the site's id as it is. A site
    that only visits speak of is named after its record: `ipis-codmine03393` gives `site-ipis-03393`.
    """
    id_of_group: dict[str, str] = {}
    for row in _in_precedence(records):
        id_of_group.setdefault(group_of[str(row["record_id"])], _site_id(str(row["record_id"])))
    found = [id_of_group[group_of[record]] for record in records["record_id"].astype(str)]
    index = pd.Index(records["record_id"].astype("string"), name="record_id")
    return pd.Series(found, index=index, dtype="string", name="site_id")


def merge_sites(records: pd.DataFrame, site_of_record: pd.Series) -> pd.DataFrame:
    """Return one row a site with the columns of contract `Sites` that come from records, by site_id.

    `site_of_record` is indexed by record_id, as `match_sites` gives it. The place step adds the rest.
    """
    groups: dict[str, list[dict[Any, Any]]] = {}
    for row in _in_precedence(records):
        groups.setdefault(str(site_of_record[row["record_id"]]), []).append(row)
    rows = [_merged(site_id, group) for site_id, group in sorted(groups.items())]
    promised = Sites.to_schema().select_columns(SITE_COLUMNS)
    return pd.DataFrame(promised.validate(pd.DataFrame(rows, columns=SITE_COLUMNS)))


def _merged(site_id: str, rows: list[dict[Any, Any]]) -> dict[str, Any]:
    """Return the row of one site; `rows` has the record that gives the id first."""
    place, figure = _position(rows), _workers(rows)
    kind = next((row for row in rows if row["kind"] != "unknown"), rows[0])
    name = str(rows[0]["name"])
    return {
        "site_id": site_id,
        "name": name,
        "aliases": _joined(_spellings(rows), but=name),
        "kind": kind["kind"],
        "kind_reported": kind["kind_reported"],
        "minerals": _minerals(rows),
        "lon": place["lon"],
        "lat": place["lat"],
        "place_precision": place["place_precision"],
        "position_is_proxy": place["position_is_proxy"],
        "position_record_id": place["record_id"] if _has_position(place) else pd.NA,
        "record_count": len(rows),
        "publishers": _joined(row["publisher"] for row in rows),
        "province_reported": _first([place, *rows], "province_reported"),
        "territory_reported": _first([place, *rows], "territory_reported"),
        "visited_on": max(
            (row["visited_on"] for row in rows if not pd.isna(row["visited_on"])), default=pd.NaT
        ),
        "workers": figure.get("workers_best", pd.NA),
        "workers_low": figure.get("workers_low", pd.NA),
        "workers_high": figure.get("workers_high", pd.NA),
        "workers_year": figure.get("workers_year", pd.NA),
        "workers_record_id": figure.get("record_id", pd.NA),
        "status_reported": _first(rows, "status_reported"),
        "operator_reported": _first(rows, "operator_reported"),
        "buyers_reported": _first(rows, "buyers_reported"),
        "note": _first(rows, "note"),
        "is_public_record": any(bool(row["is_public_record"]) for row in rows),
    }


def _position(rows: list[dict[Any, Any]]) -> dict[Any, Any]:
    """Return the record whose position is the site's (the rule is at the head of this module)."""

    def order(numbered: tuple[int, dict[Any, Any]]) -> tuple[bool, bool, int, int, int]:
        number, row = numbered
        visited = 0 if pd.isna(row["visited_on"]) else pd.Timestamp(row["visited_on"]).toordinal()
        return (
            not _has_position(row),
            bool(row["position_is_proxy"]),
            _RANK[str(row["place_precision"])],
            -visited,
            number,
        )

    return min(enumerate(rows), key=order)[1]


def _workers(rows: list[dict[Any, Any]]) -> dict[Any, Any]:
    """Return the record with the latest figure or range of this one site; empty where there is none."""
    counted = [
        (0 if pd.isna(row["workers_year"]) else int(row["workers_year"]), -number, row)
        for number, row in enumerate(rows)
        if not all(pd.isna(row[name]) for name in _FIGURES)
        and not pd.isna(row["workers_scope"])
        and row["workers_scope"] == "site"
    ]
    return max(counted, key=lambda found: found[:2])[2] if counted else {}


def _in_precedence(records: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the records as dicts: documented ones first, then by id."""

    def order(row: dict[Any, Any]) -> tuple[bool, str]:
        return not str(row["record_id"]).startswith(_DOCUMENTED), str(row["record_id"])

    return sorted((dict(row) for row in records.to_dict("records")), key=order)


def _site_id(record_id: str) -> str:
    return (
        record_id
        if record_id.startswith(_DOCUMENTED)
        else "site-" + re.sub(r"-codmine(?=\d)", "-", record_id)
    )


def _has_position(row: Mapping[Any, Any]) -> bool:
    return not pd.isna(row["lon"]) and not pd.isna(row["lat"])


def _first(rows: Iterable[Mapping[Any, Any]], column: str) -> Any:
    return next((row[column] for row in rows if not pd.isna(row[column])), pd.NA)


def _spellings(rows: Iterable[Mapping[Any, Any]]) -> Iterable[str]:
    for row in rows:
        yield str(row["name"])
        if not pd.isna(row["aliases"]):
            yield from str(row["aliases"]).split(";")


def _minerals(rows: Iterable[Mapping[Any, Any]]) -> Any:
    """Return every mineral that a record names, in the order of the vocabulary."""
    named = {m.strip() for row in rows if not pd.isna(row["minerals"]) for m in row["minerals"].split(";")}
    known = [symbol for symbol in MINERALS if symbol in named]
    return "; ".join([*known, *sorted(named - set(known))]) or pd.NA


def _joined(texts: Iterable[str], but: str = "") -> Any:
    """Return distinct texts, '; '-separated, in their order; those equal but for case count once."""
    distinct: dict[str, str] = {}
    for text in texts:
        distinct.setdefault(text.strip().casefold(), text.strip())
    distinct.pop(but.casefold(), None)
    return "; ".join(distinct.values()) or pd.NA
