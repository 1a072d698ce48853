"""From the rows that kept their contracts to the tables of a release: match, place, derive, hold to contract."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache

import pandas as pd
from pandera.errors import SchemaErrors

from pipelines.matches.matching import match_sites, merge_sites
from pipelines.places.overlap import count_concessions, incident_concessions, nearest_zea, site_concessions
from pipelines.places.place import place
from risk.errors import ReleaseError
from warehouse.columns import Table
from warehouse.contracts import TABLES

log = logging.getLogger(__name__)

Tables = Mapping[str, pd.DataFrame]


def assemble(taken: Tables, cadastre_as_of: str) -> dict[str, pd.DataFrame]:
    """Return every table of a release that comes from rows: those `taken` from files, and those derived.

    `taken` holds one frame an input table, `site_matches` among them; `cadastre_as_of` is the date of
    the titles, as published. Raises ReleaseError where a derived table breaks its contract.
    """
    areas = (taken["territories"], taken["provinces"], taken["concessions"])
    matched = match_sites(taken["site_records"], taken["site_matches"])
    records = taken["site_records"].assign(
        site_id=taken["site_records"]["record_id"].map(matched.site_of_record).astype("string")
    )
    sites = place(merge_sites(taken["site_records"], matched.site_of_record), *areas)
    overlaps = site_concessions(sites, taken["concessions"], cadastre_as_of)
    sites = nearest_zea(count_concessions(sites, overlaps), taken["concessions"])
    if taken["concessions"].empty:
        # Without a cadastre nobody knows that a site lies on no title.
        sites = sites.assign(concession_count=pd.array([pd.NA] * len(sites), dtype="Int64"))
    incidents = place(with_site(taken["incidents"], records), *areas)
    derived = {
        "site_records": records,
        "sites": sites,
        "site_alias": matched.alias,
        "site_visits": site_visits(taken["site_visits"], records),
        "assessments": with_site(taken["assessments"], records),
        "improvement_actions": with_site(taken["improvement_actions"], records),
        "site_concessions": overlaps,
        "incidents": incidents,
        "incident_categories": incident_categories(incidents),
        "incident_concessions": incident_concessions(incidents, taken["concessions"]),
    }
    for name, frame in derived.items():
        log.info("%s: %d rows derived", name, len(frame))
    given = {name: frame for name, frame in taken.items() if name in TABLES}
    return {name: held(name, frame) for name, frame in {**given, **derived}.items()}


def held(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` in the types and order of its contract.

    Raises ReleaseError where it breaks one: what we derive ourselves is not set aside.
    """
    contract = TABLES[table].contract
    if frame.empty:
        return empty(contract)
    try:
        return contract.validate(frame[_ordered(table, frame)], lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        first = cases.iloc[0]
        raise ReleaseError(
            f"Table {table} breaks its contract in {len(cases)} places, first in column {first['column']}: "
            f"{first['failure_case']!r} is not {first['check']}. Nothing was published. "
            "Next: correct the step that derives it, build again"
        ) from error


def empty(contract: type[Table]) -> pd.DataFrame:
    """Return no row, in the columns and types of `contract`."""
    return _no_row(contract).copy()


@cache
def _no_row(contract: type[Table]) -> pd.DataFrame:
    return contract.validate(pd.DataFrame(columns=list(contract.to_schema().columns)))


def with_site(rows: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with site_id: the site their site record belongs to, missing where they name none."""
    site_of = records.set_index("record_id")["site_id"]
    return rows.assign(site_id=rows["site_record_id"].map(site_of).astype("string"))


def site_visits(visits: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return `visits` with their site, and a visit for each dated visit that a publisher's record speaks of.

    A record's own visit is left out where a row of `visits` tells of the same record and day.
    """
    dated = records[records["visited_on"].notna()]
    known = pd.MultiIndex.from_frame(visits[["site_record_id", "visited_on"]])
    dated = dated[~pd.MultiIndex.from_frame(dated[["record_id", "visited_on"]]).isin(known)]
    spoken = pd.DataFrame(
        {
            "visit_id": "visit-" + dated["record_id"],
            "site_record_id": dated["record_id"],
            "visited_on": dated["visited_on"],
            "visitor": dated["publisher"],
            "is_on_site": True,
            "is_independent": True,
            "workers": dated["workers_best"].where(dated["workers_scope"] == "site"),
            "is_public_record": dated["is_public_record"],
        }
    )
    return with_site(pd.concat([visits, spoken], ignore_index=True), records)


def incident_categories(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return one row an incident and category: incident_id, category, role (primary or secondary)."""
    several = incidents["secondary_categories"].str.split("; ")
    secondary = incidents[["incident_id"]].assign(category=several, role="secondary").explode("category")
    primary = incidents[["incident_id", "category"]].assign(role="primary")
    both = pd.concat([primary, secondary.dropna(subset="category")])
    return both.drop_duplicates(["incident_id", "category"]).sort_values(
        ["incident_id", "role", "category"], ignore_index=True
    )


def _ordered(table: str, frame: pd.DataFrame) -> list[str]:
    """Return the columns of `frame`, the contract's first, in its order; it speaks of the others."""
    promised = list(TABLES[table].contract.to_schema().columns)
    known = [name for name in promised if name in frame.columns]
    return [*known, *(name for name in frame.columns if name not in promised)]
