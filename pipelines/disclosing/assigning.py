"""The events that only unpublished records tell of, as the disclosure engine takes them, and their classes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from pipelines.checks.narrowing import FLAG
from pipelines.measuring.moment import middle
from risk.disclosure import CRITICAL_CATEGORIES, RULES, assign, assign_sites
from risk.vocabulary import Audience
from warehouse.release import Release

# One table of rules for all below staff: two files side by side would be one larger system.
RULES_BELOW_STAFF: Final = RULES[Audience.RESEARCHER]
_SEVERITY: Final = {1: "low", 2: "low", 3: "middle", 4: "high", 5: "high"}
_CONFIRMED: Final = ("corroborated", "verified")


@dataclass(frozen=True)
class Series:
    """What goes from one release of an edition to the next: the release before, and the key of coded ids.

    `before` is staff's file of it, `public_before` the public's; `is_lost`: there was one, and staff's file of it
    cannot be read. `only_public`: the edition promises to hold nothing else.
    """

    before: Release | None
    public_before: Release | None
    key: bytes
    is_lost: bool = False
    only_public: bool = False


# Tables whose records may be public or not, with their keys.
PUBLISHED: Final = (
    *(("incidents", "incident_id"), ("site_records", "record_id"), ("assessments", "assessment_id")),
    *(("improvement_actions", "action_id"), ("grievances", "grievance_id")),
)


def carries(before: Release, table: str) -> bool:
    """Return whether staff's file of the release `before` has `table`; one of before there was such a table has not."""
    return table in before.manifest.tables[Audience.STAFF]


def carried(before: Release | None, table: str) -> pd.DataFrame | None:
    """Return what staff's file of the release `before` carries on in `table`, None where there is no such table."""
    if before is None or not carries(before, table):
        return None
    return before.query(f"SELECT * FROM {table}")


def published(public: Mapping[str, pd.DataFrame], series: Series) -> pd.DataFrame:
    """Return the records that this release or one before it shows to all: table_name, record_id.

    Whoever kept an older release could subtract them. An edition of public records alone keeps no such memory; if
    it is none any more, the public's file of the release before tells what was shown.
    """
    found = [
        pd.DataFrame({"table_name": table, "record_id": public[table].loc[public[table][FLAG], key]})
        for table, key in PUBLISHED
        if not series.only_public
    ]
    before = carried(series.before, "published_records")
    if before is not None:
        found.append(before)
    if series.public_before is not None and not series.only_public:
        found += [
            series.public_before.query(f"SELECT '{table}' AS table_name, {key} AS record_id FROM {table}")
            for table, key in PUBLISHED
            if table in series.public_before.manifest.tables[Audience.PUBLIC]
        ]
    rows = pd.concat(found) if found else pd.DataFrame({"table_name": [], "record_id": []})
    return rows.astype("string").drop_duplicates(ignore_index=True)


def disclosable(
    events: pd.DataFrame,
    records: pd.DataFrame,
    incidents: pd.DataFrame,
    as_of: date,
    shown: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return all events as `risk.disclosure.assign` takes them, from tables of the staff's release.

    An event is public where one of its records is, or was in a release before (`shown`, of `published`). It is protection-critical where any of its categories is, or
    a child or the age or sex of a victim is told.
    """
    columns = ["incident_id", FLAG, "has_children", "victims_age_band", "victims_sex", "embargo_until"]
    told = records[["incident_id", "event_id"]].merge(incidents[columns], on="incident_id")
    is_embargoed = (told["embargo_until"] > pd.Timestamp(as_of)).fillna(False)
    by = told.assign(
        has_victim=told[["victims_age_band", "victims_sex"]].notna().any(axis=1)
        | told["has_children"].fillna(False).astype(bool),
        is_embargoed=is_embargoed,
        is_public=(told[FLAG].fillna(False).astype(bool) & ~is_embargoed)
        | told["incident_id"].isin(ids_shown(shown, "incidents")),
    ).groupby("event_id")[["has_victim", "is_embargoed", "is_public"]]
    facts = by.any().reindex(events["event_id"])
    listed = events["categories"].str.split("; ")
    is_critical = listed.map(lambda some: not CRITICAL_CATEGORIES.isdisjoint(some)).to_numpy(dtype=bool)
    found = pd.DataFrame(
        {
            "event_id": events["event_id"],
            "territory_pcode": events["territory_pcode"],
            "province_pcode": events["province_pcode"],
            "h3_r5": _cells(events, incidents),
            "category": events["category"],
            "happened_on": middle(events),
            "severity_band": events["severity"].map(_SEVERITY).astype("string"),
            "verification_band": pd.Series(
                np.where(events["verification"].isin(_CONFIRMED), "confirmed", "reported"),
                index=events.index,
                dtype="string",
            ),
            "site_id": events["site_id"],
            "source_groups": events["source_groups"],
            "is_public_record": facts["is_public"].to_numpy(dtype=bool),
            "is_protection_critical": is_critical | facts["has_victim"].to_numpy(dtype=bool),
        }
    )
    # An event whose record has an embargo of its own has no last day until it is over. Then it comes in with the
    # quarter in which that was: on the day itself it would tell which day it is.
    until = told.groupby("event_id")["embargo_until"].max().reindex(events["event_id"])
    ends = pd.concat([events["date_end"], until.set_axis(events.index)], axis=1).max(axis=1)
    found["last_day"] = ends.mask(facts["is_embargoed"].to_numpy(dtype=bool))
    return found.reset_index(drop=True)


def _cells(events: pd.DataFrame, incidents: pd.DataFrame) -> pd.Series:
    """Return the cell of each event: that of a record at its very point."""
    spots = incidents.dropna(subset=["h3_r5", "lon"]).drop_duplicates(["lon", "lat"])
    both = events[["lon", "lat"]].merge(spots[["lon", "lat", "h3_r5"]], on=["lon", "lat"], how="left")
    return both["h3_r5"].set_axis(events.index).astype("string")


def cell_territories(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return which cells have ground in which territories, as far as records show."""
    both = pd.concat([tables[name][["h3_r5", "territory_pcode"]] for name in ("sites", "incidents")])
    return both.dropna().drop_duplicates().reset_index(drop=True)


def ids_shown(shown: pd.DataFrame | None, table: str) -> list[str]:
    """Return the ids of the records of `table` that are or were shown to all, of `published`."""
    return [] if shown is None else shown.loc[shown["table_name"] == table, "record_id"].tolist()


def site_batches(
    sites: pd.DataFrame, records: pd.DataFrame, shown: pd.DataFrame, before: Release | None
) -> pd.DataFrame:
    """Return the batch of every site that was never public, those of the release `before` carried on."""
    once = records.loc[records["record_id"].isin(ids_shown(shown, "site_records")), "site_id"]
    sites = sites.assign(**{FLAG: sites[FLAG] | sites["site_id"].isin(once)})
    earlier = carried(before, "disclosure_site_batches")
    if earlier is not None:
        earlier = earlier.rename(columns={"territory_pcode": "area_id"})
    areas = sites.rename(columns={"territory_pcode": "area_id"})[["site_id", "area_id", FLAG]]
    return assign_sites(areas, earlier, RULES_BELOW_STAFF)


def assignments(
    events: pd.DataFrame,
    linked: pd.DataFrame,
    as_of: date,
    before: Release | None,
    *,
    published: Collection[str] = (),
    kept_back: Collection[str] = (),
) -> pd.DataFrame:
    """Return the class of every unpublished event, those of the release `before` carried on.

    published, kept_back: events of the release before, as assigned, that are public now, or wait for it.
    """
    earlier = carried(before, "disclosure_assignments")
    if earlier is not None and "last_day" not in earlier:
        # Told before last days were kept.
        earlier = earlier.assign(last_day=earlier["happened_on"])
    return assign(
        events,
        earlier,
        RULES_BELOW_STAFF,
        as_of,
        cell_territories=linked,
        published=published,
        kept_back=kept_back,
    )
