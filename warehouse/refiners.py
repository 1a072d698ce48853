"""Refiners: what is known of each, how its status changed, and how many were assessed.

One facility may stand on lists, in our own table, or in both: `risk.refiners.facility_keys` tells who is who. What
is dated after the day of the release is not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from risk.frames import DAY, days_between
from risk.refiners import REMOVED, facility_keys, list_series
from warehouse.asking import answer
from warehouse.release import Release

_OURS: Final = ("refiner_id", "parent_company", "lon", "lat", "place_precision", "products", "status_note")
_SAID: Final = {
    "rmap_status": "company_status",
    "rmap_status_reported": "company_word",
    "rmap_status_reported_on": "company_said_on",
}
_LISTED: Final = ("status_reported", "cycle_years", "next_due_on")
_STANDING: Final = ("status", "series", "list_id", "changed_on", "seen_on")


def known(
    release: Release,
    *,
    kind: Sequence[str] = (),
    country: Sequence[str] = (),
    status: Sequence[str] = (),
) -> pd.DataFrame:
    """Return one row a known refiner, by name; an empty filter means all.

    Columns: facility_key, refiner_id, rmap_id, name, parent_company, country, kind, lon, lat, place_precision,
    products, status_note; status (of the list that has it last, else the one a company or buyer reported) and
    told_by ('list', 'company' or 'nobody'); of the list: series, status_reported (its word), changed_on (day of the
    list that first showed this status), list_id and seen_on (the last list that told of it, and its day);
    company_status, company_word, company_said_on; assessed_on (the latest day that any list gives), cycle_years,
    next_due_on (missing for one that was removed), is_reckoned (that day follows from cycle and assessment, no
    list gives it), days_left (from the day of the release; negative where it has passed).

    The kind is that of the last list that tells it, else that of our table.
    """
    rows = _facilities(release)
    for name, chosen in (("kind", kind), ("country", country), ("status", status)):
        if chosen:
            rows = rows[rows[name].isin(list(chosen))]
    return rows.reset_index(drop=True)


def changes(release: Release) -> pd.DataFrame:
    """Return the history of statuses, latest first: the columns of `refiner_changes`, keyed as in `known`."""
    return answer(release, "SELECT * FROM refiner_changes ORDER BY changed_on DESC, name, series")


def coverage(release: Release) -> pd.DataFrame:
    """Return how many known refiners were assessed since 2019, one row a kind and year, in that order."""
    return answer(release, "SELECT * FROM refiner_coverage ORDER BY kind, year")


def has_lists(release: Release) -> bool:
    """Return whether the release holds any list of facilities."""
    return bool(answer(release, "SELECT count(*) > 0 AS has FROM refiner_statuses").loc[0, "has"])


def assessments(release: Release, facility_key: str) -> pd.DataFrame:
    """Return the assessments of a refiner that lists tell of, one row a day: assessment_id, assessed_on, list_id."""
    listings = _keys(release)[0]
    rows = listings[(listings["facility_key"] == facility_key) & _is_by(release, listings["assessed_on"])]
    rows = rows.drop_duplicates("assessed_on").sort_values("assessed_on", ignore_index=True)
    return rows.rename(columns={"listing_id": "assessment_id"})[["assessment_id", "assessed_on", "list_id"]]


def _keys(release: Release) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return listings up to the day of the release and our refiners, with their keys."""
    listings = answer(release, "SELECT * FROM refiner_statuses ORDER BY listed_on, listing_id")
    refiners = answer(release, "SELECT * FROM refiners ORDER BY refiner_id")
    of_listings, of_refiners = facility_keys(listings, refiners)
    listings = listings.assign(facility_key=of_listings, series=list_series(listings))
    return (
        listings[_is_by(release, listings["listed_on"])],
        refiners.assign(facility_key=of_refiners),
    )


def _is_by(release: Release, days: pd.Series) -> pd.Series:
    return (pd.to_datetime(days) <= pd.Timestamp(release.as_of)).fillna(False).astype(bool)


def _facilities(release: Release) -> pd.DataFrame:
    listings, refiners = _keys(release)
    ours = refiners.drop_duplicates("facility_key").set_index("facility_key")
    last = listings.drop_duplicates("facility_key", keep="last").set_index("facility_key")
    keys = ours.index.union(last.index, sort=True).rename("facility_key")
    mine, listed = ours.reindex(keys), last.reindex(keys)
    standing = _standing(release, listings).reindex(keys)
    found = pd.DataFrame({name: mine[name] for name in _OURS}, index=keys)
    found = found.assign(
        **{ours_now: mine[theirs] for theirs, ours_now in _SAID.items()},
        **{name: listed[name] for name in _LISTED},
        **{name: standing[name] for name in _STANDING if name != "status"},
        rmap_id=mine["rmap_id"].fillna(listed["rmap_id"]),
        name=mine["name"].fillna(listed["name"]),
        country=mine["country"].fillna(listed["country"]),
        kind=_kinds(listings).reindex(keys).fillna(mine["kind"]).fillna("unknown"),
        status=standing["status"].fillna(mine["rmap_status"]).fillna("not_reported"),
    )
    is_listed = standing["status"].notna()
    has_word = found["company_word"].notna() | (
        found["company_status"].fillna("not_reported") != "not_reported"
    )
    said = has_word.map({True: "company", False: "nobody"}).mask(is_listed, "list")
    found = found.assign(told_by=said).pipe(_with_due, release, listings)
    found["words"] = found["name"].str.casefold()
    return found.reset_index().sort_values(["words", "facility_key"]).drop(columns="words")


def _kinds(listings: pd.DataFrame) -> pd.Series:
    """Return the kind that the last list tells which tells one, by facility."""
    told = listings[listings["kind"] != "unknown"]
    return told.drop_duplicates("facility_key", keep="last").set_index("facility_key")["kind"]


def _standing(release: Release, listings: pd.DataFrame) -> pd.DataFrame:
    """Return the status of each facility on lists: of those of several publishers, that which has it, and last."""
    own = ["facility_key", "series"]
    rows = changes(release).sort_values(["changed_on", "list_id"]).drop_duplicates(own, keep="last")
    seen = listings.drop_duplicates(own, keep="last")[[*own, "listed_on", "list_id"]]
    rows = rows.merge(seen.rename(columns={"list_id": "stood_on"}), on=own, how="left")
    gone = (rows["status"] == REMOVED) | rows["stood_on"].isna()
    rows["seen_on"] = pd.to_datetime(rows["changed_on"].where(gone, rows["listed_on"])).astype(DAY)
    rows["list_id"] = rows["list_id"].where(gone, rows["stood_on"])
    rows = rows.assign(there=~gone).sort_values(["there", "seen_on", "series"])
    return rows.drop_duplicates("facility_key", keep="last").set_index("facility_key")[list(_STANDING)]


def _with_due(found: pd.DataFrame, release: Release, listings: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the latest assessment, the next due day and the days left until it."""
    done = listings[_is_by(release, listings["assessed_on"])]
    assessed_on = done.groupby("facility_key")["assessed_on"].max().reindex(found.index)
    assessed_on = pd.to_datetime(assessed_on).astype(DAY)
    given = pd.to_datetime(found["next_due_on"]).astype(DAY)
    reckoned = pd.Series(
        [
            day + pd.DateOffset(years=int(years)) if pd.notna(day) and pd.notna(years) else pd.NaT
            for day, years in zip(assessed_on, found["cycle_years"], strict=True)
        ],
        found.index,
        dtype=DAY,
    )
    due_on = given.fillna(reckoned).where(found["status"] != REMOVED)
    as_of = pd.Series(pd.Timestamp(release.as_of), found.index, dtype=DAY)
    return found.assign(
        assessed_on=assessed_on,
        next_due_on=due_on,
        is_reckoned=given.isna() & due_on.notna(),
        days_left=days_between(due_on, as_of),
    )
