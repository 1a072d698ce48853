"""Incident records to events: what counts, which records tell of one event, and who reported it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import binom

from pipelines.measuring.moment import Moment, middle
from risk.duplicates import COLUMNS, find_events
from risk.listed import listed_values
from risk.sources import source_groups
from risk.vocabulary import DATE_PRECISIONS, PLACE_PRECISIONS

# What the place step found, taken from the record that speaks for the event.
PLACED: Final = (
    "province_pcode",
    "territory_pcode",
    "h3_r4",
    "h3_r5",
    "h3_r6",
    "h3_r7",
    "extent_kind",
    "extent_radius_m",
    "extent_concession_id",
)
# Of a million records a copy of what is not needed takes more memory than all else.
_NEEDED: Final = dict.fromkeys(
    (
        *(name for name in COLUMNS if name not in ("categories", "radius_m", "source_groups", "source_urls")),
        *("category", "secondary_categories", "record_kind", "extent_radius_m", "territory_pcode"),
    )
)
_ONE_THEME_EVENTS: Final = 10
_ONE_THEME_SHARE: Final = 0.95
_BY_CHANCE: Final = 0.001
# Below, a chance has too few digits left to be rounded.
_SMALLEST: Final = 1e-280


def told(tables: Mapping[str, pd.DataFrame], moment: Moment) -> dict[str, pd.DataFrame]:
    """Return `told_events` and `event_records`."""
    found, records = events_of(tables["incidents"], tables["citations"], tables["event_matches"], moment)
    return {"told_events": found, "event_records": records}


def known_records(incidents: pd.DataFrame, moment: Moment) -> pd.DataFrame:
    """Return the incident records that count and were known on the day.

    Measures of authorities are no incidents, retracted records no longer any; what happened, or was
    first reported, after the day is not known yet.
    """
    counts = (incidents["record_kind"] != "regulatory_measure") & (incidents["verification"] != "retracted")
    is_past = incidents["date_start"] <= moment.end
    is_told = incidents["reported_on"].isna() | (incidents["reported_on"] <= moment.end)
    return incidents[counts & is_past & is_told].reset_index(drop=True)


def with_sources(records: pd.DataFrame, citations: pd.DataFrame) -> pd.DataFrame:
    """Return `records` with source_groups and source_urls, '; '-separated, from their citations."""
    is_meant = (citations["table_name"] == "incidents") & (citations["about"] == "record")
    cited = citations.loc[is_meant, ["record_id", "rank", "publisher", "url"]]
    # Numbers sort and compare many times faster than ids.
    record = pd.Index(records["incident_id"]).get_indexer(pd.Index(cited["record_id"]))
    cited = cited.assign(record=record, group=source_groups(cited["publisher"]))
    cited = cited[cited["record"] >= 0].sort_values(["record", "rank"])
    groups, urls = (
        listed(cited.dropna(subset=[column]).drop_duplicates(["record", column]), "record", column)
        for column in ("group", "url")
    )
    everyone = pd.RangeIndex(len(records))
    return records.assign(
        source_groups=groups.reindex(everyone).array,
        source_urls=urls.reindex(everyone).array,
    )


def listed(rows: pd.DataFrame, key: str, column: str) -> pd.Series:
    """Return the values of `column` of each `key`, '; '-separated; `rows` stand in the order of the key.

    The same as a group-by that joins, without a frame a group: of a million groups that takes minutes.
    """
    keys, values = rows[key].to_numpy(), rows[column].tolist()
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, dtype=int)
    ends = [*starts[1:].tolist(), len(values)]
    texts = ["; ".join(values[start:end]) for start, end in zip(starts.tolist(), ends, strict=False)]
    return pd.Series(texts, index=keys[starts], dtype="string")


def events_of(
    incidents: pd.DataFrame, citations: pd.DataFrame, decisions: pd.DataFrame, moment: Moment
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the events known on the day, and which record tells of which.

    Events have the columns of contract `Events` but those on testing, beside them `PLACED`,
    `is_near` (located to 10 km), `happened_on` (middle day) and `has_only_theme_source`.
    """
    found = find_events(_told(incidents, citations, moment), decisions)
    first = found.events["categories"].str.split("; ", n=1).str[0]
    events = found.events.assign(category=first.astype("string"))
    events = _with_place(events.drop(columns="territory_pcode"), found.event_records, incidents)
    # What may still come of a long interval has not happened yet.
    happened = middle(
        events.assign(date_end=events["date_end"].mask(events["date_end"] > moment.end, moment.end))
    )
    events = events.assign(
        happened_on=happened,
        is_in_window=((happened >= moment.start) & (happened <= moment.end)).astype("boolean"),
        is_near=_is_near(events, moment),
    )
    return events.assign(has_only_theme_source=_only_theme_source(events)), found.event_records


def _told(incidents: pd.DataFrame, citations: pd.DataFrame, moment: Moment) -> pd.DataFrame:
    """Return the records known on the day as `find_events` takes them."""
    records = with_sources(known_records(incidents[list(_NEEDED)], moment), citations)
    return records.assign(
        categories=_joined(records["category"], records["secondary_categories"]),
        radius_m=records["extent_radius_m"],
    )


def _with_place(events: pd.DataFrame, members: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return `events` with what the place step found for the record that their position comes from.

    Their severity is the highest that a record of theirs has, their date as exact as the most exact one.
    """
    columns = ["incident_id", "lon", "lat", "place_precision", "date_precision", "severity"]
    known = records[columns].assign(row=np.arange(len(records)))
    own = members[["incident_id", "event_id"]].merge(known, on="incident_id")
    spots = events[["event_id", "lon", "lat", "place_precision"]]
    both = own.merge(spots, on="event_id", suffixes=("", "_event"))
    is_spot = (both["place_precision"] == both["place_precision_event"]) & (
        (both["lon"] == both["lon_event"]).fillna(False) | both["lon_event"].isna()
    )
    order = both[["event_id", "incident_id", "row"]].assign(is_other=~is_spot.astype(bool))
    order = order.sort_values(["event_id", "is_other", "incident_id"]).drop_duplicates("event_id")
    place = records[list(PLACED)].iloc[order["row"]].set_index(pd.Index(order["event_id"]))
    exactness = {code: rank for rank, code in enumerate(DATE_PRECISIONS)}
    dated = both.assign(rank=both["date_precision"].map(exactness)).sort_values(["event_id", "rank"])
    by_event = events["event_id"]
    return events.join(place, on="event_id").assign(
        severity=by_event.map(both.groupby("event_id")["severity"].max()),
        date_precision=by_event.map(
            dated.drop_duplicates("event_id").set_index("event_id")["date_precision"]
        ),
    )


def exploded(events: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return one row an event and '; '-separated value of `column`, named `one`; missing values have none.

    Every column is repeated: hand in those that are needed.
    """
    rows, values = listed_values(events[column])
    return events.iloc[rows].assign(one=pd.array(values, dtype="string"))


def _joined(first: pd.Series, others: pd.Series) -> pd.Series:
    return first.str.cat("; " + others.fillna("")).str.removesuffix("; ").astype("string")


def _is_near(events: pd.DataFrame, moment: Moment) -> pd.Series:
    radius_m = events["place_precision"].map({p.code: p.radius_m for p in PLACE_PRECISIONS.values()})
    is_near = (radius_m.astype("Float64") <= moment.method.near_m) & events["lon"].notna()
    return is_near.fillna(False).astype("boolean")


def _only_theme_source(events: pd.DataFrame) -> pd.Series:
    """Return whether each event is known only from groups that report one category.

    A group is one where at least ten of its events, and 95 % of them, are of one category, and chance
    would not have made it so from the category's share in all events.
    """
    inside = events.loc[events["is_in_window"], ["event_id", "category", "source_groups"]]
    pairs = exploded(inside, "source_groups")
    if pairs.empty:
        return pd.Series(False, events.index, dtype="boolean")
    share = events.loc[events["is_in_window"], "category"].value_counts(normalize=True)
    counts = pairs.groupby(["one", "category"]).size().reset_index(name="of_category")
    counts["events"] = counts.groupby("one")["of_category"].transform("sum")
    chance = binom.sf(counts["of_category"] - 1, counts["events"], counts["category"].map(share))
    narrow = (
        (counts["events"] >= _ONE_THEME_EVENTS)
        & (counts["of_category"] >= _ONE_THEME_SHARE * counts["events"])
        & (chance < _BY_CHANCE)
    )
    has_only = pairs["one"].isin(counts.loc[narrow, "one"]).groupby(pairs["event_id"]).all()
    return events["event_id"].map(has_only).fillna(False).astype("boolean")


def missing_if_zero(counts: pd.Series) -> pd.Series:
    """Return whole counts with zero as missing: that nothing was counted is said by a word beside it."""
    whole = counts.astype("Int64")
    return whole.mask(whole == 0)


def rounded(values: pd.Series, digits: int = 9) -> pd.Series:
    """Return numbers to `digits` significant digits, so that two machines give the same release."""
    numbers = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan, copy=True)
    is_number = np.isfinite(numbers) & (np.abs(numbers) > _SMALLEST)
    numbers[np.isfinite(numbers) & ~is_number] = 0.0
    scale = 10.0 ** (digits - 1 - np.floor(np.log10(np.abs(numbers[is_number]))))
    numbers[is_number] = np.round(numbers[is_number] * scale) / scale
    return pd.Series(pd.array(numbers, dtype="Float64"), index=values.index).mask(np.isnan(numbers))
