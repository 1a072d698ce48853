"""Incident records as our own tables: incidents, citations, claims of tolls."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.training.events import Events
from pipelines.training.places import SITE
from pipelines.training.records import (
    FALSE,
    VERBATIM,
    Records,
    hint_and_kind,
    ids,
    outlet_names,
    told_texts,
)
from pipelines.training.reporting import WIRES
from pipelines.training.sites import Sites

Objects = npt.NDArray[np.object_]

_PRECISIONS: Final = np.array(["day", "week", "month", "quarter"], dtype=object)
_CLAIMS: Final = (
    ("the operator", "l’exploitant", "low", "exactly"),
    ("the clinic", "le dispensaire", "killed", "at least"),
    ("a diggers' union", "un syndicat de creuseurs", "high", "about"),
)


def incidents_table(
    rng: np.random.Generator,
    records: Records,
    events: Events,
    sites: Sites,
    places: pd.DataFrame,
    second_ids: Objects,
) -> tuple[pd.DataFrame, Objects]:
    """Return the table of incidents and the headline of each report.

    `places` is of `place_columns`; `second_ids` holds for each site the id of its record by the second
    publisher, None where it has none.
    """
    headlines, summary, french = told_texts(records, events, sites, places)
    word, hints, kind, children = hint_and_kind(records, events)
    start, end = _interval(records)
    killed = records.frame["killed"].to_numpy()
    is_false = records.role == FALSE
    table = pd.DataFrame(
        {
            "incident_id": ids(records),
            "summary": summary,
            "summary_fr": french,
            "category_reported": word,
            "hints_reported": hints,
            "record_kind": kind,
            "verification_reported": _verification(rng, records, events, kind),
            "verification_note": np.where(is_false, "taken back by the outlet", None),
            "verification_note_fr": np.where(is_false, "retiré par le média", None),
            "source_count": _source_counts(records),
            "date_start": start,
            "date_end": end,
            "date_precision": _PRECISIONS[records.frame["precision"].to_numpy()],
            "reported_on": iso_days(records.frame["reported_day"].to_numpy()),
            "place_id": places["place_id"],
            "place_name": places["place_name"],
            "site_record_id": _site_records(rng, records, places, second_ids),
            "province_reported": places["province_reported"],
            "territory_reported": places["territory_reported"],
            "lon": places["lon"],
            "lat": places["lat"],
            "place_precision_reported": places["place_precision_reported"],
            "position_is_proxy": "no",
            "killed_low": _counted(records.frame["low"].to_numpy(), killed),
            "killed_best": _counted(killed, killed),
            "killed_high": _counted(records.frame["high"].to_numpy(), killed),
            "injured": _counted(events.injured[records.event], events.injured[records.event]),
            "children_reported": children,
            "toll_reported": np.where((killed > 0) & ~is_false, "yes", None),
        }
    )
    return table, headlines


def citations_table(records: Records, headlines: Objects) -> pd.DataFrame:
    """Return who published each record, one row a source; "X via Y" is a re-post of X."""
    names, number = outlet_names(records.tellers), (records.tellers >= 0).sum(axis=1)
    wire = np.array(WIRES, dtype=object)[records.event % len(WIRES)]
    by_wire = np.array([f"{a} via {b}" for a, b in zip(names[:, 0], wire, strict=True)], dtype=object)
    names[:, 0] = np.where(records.role == VERBATIM, by_wire, names[:, 0])
    is_also_wired = records.is_reposted & (records.role != VERBATIM)
    names = np.column_stack([names, np.where(is_also_wired, by_wire, None)])
    row, column = np.nonzero(names != None)  # noqa: E711 - element by element
    rank = np.where(column == names.shape[1] - 1, number[row] + 1, column + 1)
    known = ids(records)[row]
    return pd.DataFrame(
        {
            "table_name": "incidents",
            "record_id": known,
            "rank": rank,
            "about": "record",
            "title": headlines[row],
            "publisher": names[row, column],
            "published": iso_days(records.frame["reported_day"].to_numpy())[row],
            "url": [f"https://training.invalid/{one}/{k}" for one, k in zip(known, rank, strict=True)],
        }
    )


def toll_claims_table(records: Records, events: Events) -> pd.DataFrame:
    """Return who gave which toll, for the contested ones."""
    rows = np.flatnonzero(_is_contested(records, events))
    known, frame = ids(records)[rows], records.frame.iloc[rows]
    claims = [
        pd.DataFrame(
            {
                "claim_id": [f"{one}-{k + 1}" for one in known],
                "incident_id": known,
                "claimant": english,
                "claimant_fr": french,
                "killed": frame[figure].to_numpy(),
                "bound": bound,
                "citation_rank": 1,
                "note": None,
            }
        )
        for k, (english, french, figure, bound) in enumerate(_CLAIMS)
    ]
    return pd.concat(claims).sort_values("claim_id", ignore_index=True)


def iso_days(days: npt.NDArray[np.int64]) -> Objects:
    """Return days from 1970 as YYYY-MM-DD; each distinct day is written once."""
    distinct, which = np.unique(days, return_inverse=True)
    return distinct.astype("datetime64[D]").astype(str).astype(object)[which]


def _interval(records: Records) -> tuple[Objects, Objects]:
    """Return the first and the last day of each record, after the precision of its date."""
    day, precision = (records.frame[name].to_numpy() for name in ("day", "precision"))
    month = day.astype("datetime64[D]").astype("datetime64[M]")
    quarter = month - month.astype(np.int64) % 3
    monday = day - (day + 3) % 7  # 1970-01-01 was a Thursday

    def first(months: npt.NDArray) -> npt.NDArray[np.int64]:
        return np.asarray(months.astype("datetime64[D]").astype(np.int64))

    start = np.choose(precision, [day, monday, first(month), first(quarter)])
    end = np.choose(precision, [day, monday + 6, first(month + 1) - 1, first(quarter + 3) - 1])
    return iso_days(start), iso_days(end)


def _counted(figures: npt.NDArray[np.int64], known: npt.NDArray[np.int64]) -> pd.Series:
    """Return figures, missing where nobody was hurt: no report gives a zero."""
    return pd.Series(figures).astype("Int64").where(known > 0)


def _is_contested(records: Records, events: Events) -> npt.NDArray[np.bool_]:
    has_range = (records.frame["low"] != records.frame["high"]).to_numpy()
    found: npt.NDArray[np.bool_] = events.is_contested[records.event] & has_range & (records.role != VERBATIM)
    return found


def _verification(rng: np.random.Generator, records: Records, events: Events, kind: Objects) -> Objects:
    """Return the compiler's word for how sure a record is."""
    by = outlet_names(records.tellers[:, 0], "kind")
    single = np.where(rng.random(len(records)) < 0.08, "headline_only", "single_source")
    return np.select(
        [
            records.role == FALSE,
            _is_contested(records, events),
            (records.tellers >= 0).sum(axis=1) > 1,
            kind == "allegation",
            np.isin(by, ["ngo", "child-rights monitor"]),
        ],
        ["retracted", "contested", "multiple_sources", "allegation", "ngo_finding"],
        single,
    ).astype(object)


def _source_counts(records: Records) -> npt.NDArray[np.int64]:
    """Return the number of citations: a re-post is one, though it is no further group of sources."""
    also = records.is_reposted & (records.role != VERBATIM)
    return np.asarray((records.tellers >= 0).sum(axis=1) + also)


def _site_records(
    rng: np.random.Generator, records: Records, places: pd.DataFrame, second_ids: Objects
) -> Objects:
    """Return the site record that a report of a site names: now and then that of the second publisher."""
    is_site = records.told.word <= SITE
    number = np.where(is_site, places["site_number"].to_numpy(dtype=object), 0).astype(np.int64)
    second = second_ids[number]
    takes_second = (rng.random(len(records)) < 0.3) & (second != None)  # noqa: E711
    register = np.array([f"reg-s{k + 1:05d}" for k in range(len(second_ids))], dtype=object)[number]
    return np.where(is_site, np.where(takes_second, second, register), None)
