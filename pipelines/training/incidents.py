"""Incident records as our own tables: incidents, citations, claims of tolls."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.sources.incidents import INCIDENTS
from pipelines.training.columns import Flags, Objects, iso_days, known_where, opaque_ids
from pipelines.training.events import Events
from pipelines.training.kinds import MEASURE, variants
from pipelines.training.places import SITE
from pipelines.training.records import (
    FALSE,
    MEASURED,
    PRECISIONS,
    TRANSLATED,
    VERBATIM,
    Records,
    ids,
    outlet_names,
)
from pipelines.training.reporting import RELAY, WIRES
from pipelines.training.restricting import Restricted, teller_names
from pipelines.training.sites import Sites
from pipelines.training.telling import texts

# What a record holds of its place, as `place_columns` names it.
_PLACE: Final = (
    *("place_id", "place_name", "province_reported", "territory_reported"),
    *("lon", "lat", "place_precision_reported"),
)
UNPUBLISHED: Final = "Unpublished report"
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
    restricted: Restricted,
) -> tuple[pd.DataFrame, Objects]:
    """Return the table of incidents and the headline of each report.

    `places` is of `place_columns`; `second_ids` holds for each site the id of its record by the second
    publisher, None where it has none.
    """
    headlines, summary, french = _told_texts(records, events, sites, places)
    start, end = _interval(records)
    is_false = records.role == FALSE
    columns = _words(records, events) | {
        "incident_id": ids(records),
        "summary": summary,
        "summary_fr": french,
        "verification_note": known_where(is_false, "taken back by the outlet"),
        "verification_note_fr": known_where(is_false, "retiré par le média"),
        "source_count": _source_counts(records),
        "date_start": start,
        "date_end": end,
        "date_precision": np.array(PRECISIONS, dtype=object)[records.frame["precision"].to_numpy()],
        "reported_on": iso_days(records.frame["reported_day"].to_numpy()),
        "site_record_id": _site_records(rng, records, places, second_ids),
        "position_is_proxy": "no",
        "public_record": np.where(restricted.records, "no", "yes"),
        **{name: restricted.frame[name] for name in restricted.frame},
    }
    columns["verification_reported"] = _verification(rng, records, events, columns["record_kind"])
    table = pd.DataFrame(columns | _victims(records, events) | {name: places[name] for name in _PLACE})
    order = dict.fromkeys(field.theirs for field in INCIDENTS.fields)
    return table[list(order)], headlines


def citations_table(records: Records, headlines: Objects, is_restricted: Flags) -> pd.DataFrame:
    """Return who told each record, one row a source; "X via Y" is a re-post of X.

    Sources of restricted records have no address and no headline: nothing was published.
    """
    names, number = teller_names(records, is_restricted), (records.tellers >= 0).sum(axis=1)
    wire = np.where(is_restricted, RELAY, np.array(WIRES, dtype=object)[records.event % len(WIRES)])
    by_wire = np.array([f"{a} via {b}" for a, b in zip(names[:, 0], wire, strict=True)], dtype=object)
    names[:, 0] = np.where(records.role == VERBATIM, by_wire, names[:, 0])
    is_also_wired = records.is_reposted & (records.role != VERBATIM)
    names = np.column_stack([names, known_where(is_also_wired, by_wire)])
    row, column = np.nonzero(names != None)  # noqa: E711 - element by element
    rank = np.where(column == names.shape[1] - 1, number[row] + 1, column + 1)
    known = ids(records)[row]
    urls = [f"https://training.invalid/{one}/{k}" for one, k in zip(known, rank, strict=True)]
    return pd.DataFrame(
        {
            "table_name": "incidents",
            "record_id": known,
            "rank": rank,
            "about": "record",
            "title": known_where(~is_restricted[row], headlines[row], UNPUBLISHED),
            "publisher": names[row, column],
            "published": iso_days(records.frame["reported_day"].to_numpy())[row],
            "url": known_where(~is_restricted[row], np.array(urls, dtype=object)),
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


def _told_texts(
    records: Records, events: Events, sites: Sites, places: pd.DataFrame
) -> tuple[Objects, Objects, Objects]:
    """Return headline, summary and French summary (None where there is none) of each record."""
    language = outlet_names(records.tellers[:, 0], "language")
    is_translated = records.role == TRANSLATED
    heads, summary, french = (np.full(len(records), None, dtype=object) for _ in range(3))
    for which, tongue, column in (
        (~is_translated, "en", summary),
        ((language == "fr") | is_translated, "fr", french),
    ):
        rows = np.flatnonzero(which)
        told = texts(tongue, records, rows, events, sites, places)
        pairs = np.array(list(told), dtype=object).reshape(-1, 2)
        heads[rows], column[rows] = pairs[:, 0], pairs[:, 1]
    summary[is_translated] = french[is_translated]
    return heads, summary, french


def _words(records: Records, events: Events) -> dict[str, Any]:
    """Return the compiler's words for each record: kind of incident, hints, kind of record, children."""
    variant = events.variant[records.event]
    is_measure = records.role == MEASURED
    columns = {
        "category_reported": ([one.kind.word for one in variants()], MEASURE.word),
        "hints_reported": ([one.hint or None for one in variants()], None),
        "record_kind": ([one.kind.record_kind for one in variants()], MEASURE.record_kind),
        "children_reported": (["yes" if one.has_child else None for one in variants()], None),
    }
    return {
        name: known_where(~is_measure, np.array(values, dtype=object)[variant], otherwise)
        for name, (values, otherwise) in columns.items()
    }


def _victims(records: Records, events: Events) -> dict[str, Any]:
    """Return the figures of the dead and injured; a retracted report counts in no total."""
    killed, injured = records.frame["killed"].to_numpy(), events.injured[records.event]
    return {
        "killed_low": _counted(records.frame["low"].to_numpy(), killed),
        "killed_best": _counted(killed, killed),
        "killed_high": _counted(records.frame["high"].to_numpy(), killed),
        "injured": _counted(injured, injured),
        "toll_reported": known_where((killed > 0) & (records.role != FALSE), "yes"),
    }


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


def _is_contested(records: Records, events: Events) -> Flags:
    has_range = (records.frame["low"] != records.frame["high"]).to_numpy()
    found: Flags = events.is_contested[records.event] & has_range & (records.role != VERBATIM)
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
    register = ("reg-" + opaque_ids("s", len(second_ids)))[number]
    return known_where(is_site, np.where(takes_second, second, register))
