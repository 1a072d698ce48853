"""One event, many reports: which reports tell of the same event, and the event that they make together.

Two reports may be one event where they share a theme, lie within 10 km and within 7 days of each other, do
not contradict each other, and match in text or in source. An uncertain place counts as near as its
precision allows: its radius is taken off the distance; a report known to a territory only is near all of
that territory, and one known to nothing better than a province matches by its address or its very words
alone. A report joins an event only if it may stand beside every report already in it (complete
linkage: T. Sørensen, 1948), so that by way of chains no event grows wider than 10 km and what the precision
of its places allows, or longer than 7 days.
Reviewed decisions go before every rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from risk.duplicate_clusters import Fits, grouped
from risk.duplicate_events import merged
from risk.duplicate_facts import Facts, facts, hashed
from risk.duplicate_pairs import NOWHERE, SETTING, Setting, neighbours, placeless, setting, stretches
from risk.duplicate_reasons import event_records
from risk.duplicate_scores import Matches, fits, joined, may_match, score
from risk.duplicate_texts import Told, read
from risk.errors import InputError
from risk.parallel import mapped

# Pairs whose arrays stay near the processor.
_AT_ONCE: Final = 30_000
REVIEW_FILE: Final = "event_matches.csv"
COLUMNS: Final = (
    "incident_id",
    "categories",
    "date_start",
    "date_end",
    "lon",
    "lat",
    "place_precision",
    "radius_m",
    "territory_pcode",
    "place_name",
    "site_id",
    "summary",
    "summary_fr",
    "killed_low",
    "killed_best",
    "killed_high",
    "injured",
    "source_groups",
    "source_urls",
    "verification",
    "reported_on",
)


@dataclass(frozen=True)
class Events:
    """Events, and which record belongs to which.

    `events`: one row an event, see `risk.duplicate_events.merged`. `event_records`: incident_id, event_id,
    role ('best' or 'same'), score (missing for the best record, copies and reviews), reason (a message id
    with the places {text_pct}, {distance_km}, {days_apart}) and these three numbers.
    """

    events: pd.DataFrame
    event_records: pd.DataFrame


def countable(reports: pd.DataFrame) -> pd.DataFrame:
    """Return the reports that count as events: neither a regulatory measure nor retracted.

    Wants `record_kind` and `verification`. Raises ValueError where a column is missing.
    """
    _require(reports, ("record_kind", "verification"))
    counts = (reports["record_kind"] != "regulatory_measure") & (reports["verification"] != "retracted")
    return reports[counts.fillna(True)]


def find_events(reports: pd.DataFrame, decisions: pd.DataFrame) -> Events:
    """Return the events that `reports` tell of, and the record of each.

    `reports` has the columns `COLUMNS`: categories, source_groups and source_urls are '; '-separated, the
    first category is the primary one; dates are days; lon and lat are degrees (WGS 84); radius_m is metres.
    Any value but incident_id, categories and dates may be missing. `decisions` has incident_a, incident_b,
    decision ('same' or 'different'); one whose records are not both here is passed over.
    The order of rows does not matter, and an exact copy of a report under another id is the same report.
    Raises ValueError for missing columns, repeated ids or dates that are missing or the wrong way
    round, InputError where decisions contradict each other.
    """
    reports = _checked(reports)
    same, different = _reviewed(decisions, reports["incident_id"])
    report_of, first = _without_copies(reports, different)
    matches, may_stand = _matches(reports, first)
    group = grouped(len(first), matches, may_stand, report_of[same], report_of[different])
    # What was read of the texts is no longer needed, and takes much memory.
    del may_stand
    reports = reports.drop(columns=["summary", "summary_fr", "source_urls"])
    events = merged(reports, group[report_of])
    return Events(events, event_records(reports, events, group, report_of, matches))


def _require(frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise ValueError(f"no column {', '.join(missing)}; give the columns {', '.join(columns)}")


def _checked(reports: pd.DataFrame) -> pd.DataFrame:
    _require(reports, COLUMNS)
    reports = reports[list(COLUMNS)].reset_index(drop=True)
    start, end = pd.to_datetime(reports["date_start"]), pd.to_datetime(reports["date_end"])
    wrong = reports["incident_id"][~(start <= end)]
    if len(wrong):
        raise ValueError(f"{wrong.iloc[0]}: date_start and date_end must be days, the first not the later")
    again = reports["incident_id"][reports["incident_id"].duplicated() | reports["incident_id"].isna()]
    if len(again):
        raise ValueError(f"incident_id {again.iloc[0]!r} is missing or repeated; give every report its own")
    for name in ("killed_low", "killed_best", "killed_high", "injured"):
        reports[name] = reports[name].astype("Int64")
    return reports


def _reviewed(decisions: pd.DataFrame, ids: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the reviewed pairs as row numbers: the same, and the different."""
    _require(decisions, ("incident_a", "incident_b", "decision"))
    unknown = decisions.loc[~decisions["decision"].isin(["same", "different"]), "decision"]
    if len(unknown):
        raise InputError(
            REVIEW_FILE, f"{unknown.iloc[0]!r} is no decision", next_move="write same or different"
        )
    index = pd.Index(ids)
    pairs = np.column_stack([index.get_indexer(decisions[name]) for name in ("incident_a", "incident_b")])
    is_here = (pairs >= 0).all(axis=1)
    is_same = (decisions["decision"] == "same").to_numpy(dtype=bool)
    same, different = pairs[is_here & is_same], pairs[is_here & ~is_same]
    graph = sparse.coo_array((np.ones(len(same)), (same[:, 0], same[:, 1])), shape=(len(ids), len(ids)))
    part = connected_components(graph, directed=False)[1]
    for a, b in different[part[different[:, 0]] == part[different[:, 1]]]:
        raise InputError(
            REVIEW_FILE,
            f"{ids.iloc[a]} and {ids.iloc[b]} are said to be different events, and other rows make them the same",
            next_move="change the row that is wrong",
        )
    return same, different


def _without_copies(reports: pd.DataFrame, different: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each report the number of what it says, and a report for each number.

    Reports that say the same in every column have one number; one that a review sets apart, or that says
    nothing but where and when (no text, no address), has its own.
    Numbers follow from what is said, not from ids or order, so that neither settles a tie.
    """
    said = reports.drop(columns="incident_id")
    said = said.assign(**{name: said[name].astype("float") for name in said.select_dtypes("Int64").columns})
    content = hashed(said)
    is_bare = reports[["summary", "summary_fr", "source_urls"]].isna().all(axis=1).to_numpy(dtype=bool)
    apart = np.unique(np.concatenate([different.ravel(), np.flatnonzero(is_bare)]).astype(np.intp))
    content[apart] ^= hashed(reports["incident_id"].iloc[apart].astype("string"))
    first, number = np.unique(content, return_index=True, return_inverse=True)[1:]
    # By day, so that what is compared lies together in memory.
    order = np.argsort(pd.to_datetime(reports["date_start"]).to_numpy()[first], kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank[number], first[order]


def _matches(reports: pd.DataFrame, rows: np.ndarray) -> tuple[Matches, Fits]:
    """Return the pairs of `rows` that match, and what says whether any pair may stand in one event."""
    at, beside = setting(reports[list(SETTING)].iloc[rows]), facts(reports, rows)
    told = read(beside.texts, reports["place_name"].iloc[rows].astype("string").fillna("").tolist())

    def look(pairs: tuple[np.ndarray, np.ndarray]) -> Matches:
        worth = _worth(at, told, beside, *pairs)
        i, j = (side[worth] for side in pairs)
        possible = fits(at, told, beside, i, j)
        return score(at, told, beside, i[possible], j[possible])

    found = mapped(lambda stretch: look(neighbours(at, stretch)), stretches(at))
    if (at.place == NOWHERE).any():
        found.append(look(placeless(at, _things(at, beside))))
    return joined(found), partial(fits, at, told, beside)


def _worth(at: Setting, told: Told, beside: Facts, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return the row numbers of the pairs that are worth a score."""
    parts = [slice(first, first + _AT_ONCE) for first in range(0, len(i), _AT_ONCE)]
    worth = [part.start + may_match(at, told, beside, i[part], j[part]) for part in parts]
    return np.concatenate([np.empty(0, np.intp), *worth])


def _things(at: Setting, beside: Facts) -> sparse.csr_array:
    """Return which addresses and very words each report has; words as a hash, where a report without a place has them."""
    starts = range(0, len(at.place), _AT_ONCE)
    tellings = (beside.texts[0][first : first + _AT_ONCE] for first in starts)
    words = np.concatenate([hashed(pd.Series(texts, dtype="string").str.lower()) for texts in tellings])
    is_told = words != hashed(pd.Series([""], dtype="string"))
    rows = np.flatnonzero(is_told & np.isin(words, words[is_told & (at.place == NOWHERE)]))
    column, different = pd.factorize(words[rows])
    shape = (len(words), max(len(different), 1))
    very_words = sparse.csr_array((np.ones(len(rows), np.int32), (rows, column)), shape=shape)
    return sparse.csr_array(sparse.hstack([beside.addresses, very_words]))
