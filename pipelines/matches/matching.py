"""One place, one site: which records of several publishers speak of the same place.

Two records are compared where their names are alike and their positions near enough for what each
publisher promises. Only an unambiguous pair is merged by rule: very like whole names, both positions
exact or near and no stand-in, within their combined precision, from different publishers, and no
second record of a like name around either of them. Every other pair is a candidate, kept apart until
somebody reviews it. A review wins over every rule, a reviewed "different" also over chains of others.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from pipelines.matches.merging import merge_sites as merge_sites
from pipelines.matches.merging import site_ids
from pipelines.matches.pairing import Pair, Sighting, measure, near_pairs, sightings
from pipelines.matches.site_names import VERY_LIKE
from risk.errors import InputError
from risk.texts import mark
from warehouse.derived import SiteAlias

log = logging.getLogger(__name__)

REVIEW_FILE: Final = "site_matches.csv"
# Positions this good (exact or near) may be merged by rule; vaguer ones want a review.
NEAR_M: Final = 5_000


@dataclass(frozen=True)
class Matched:
    """Sites with the records they are made of, every pair that came close, and the site of each record.

    `sites` has one row a site: site_id, record_ids ('; '-separated).
    `alias` follows contract `SiteAlias`. `site_of_record` is indexed by record_id.
    """

    sites: pd.DataFrame
    alias: pd.DataFrame
    site_of_record: pd.Series


@dataclass(frozen=True)
class Decided:
    """A pair with what became of it."""

    pair: Pair
    decision: str
    reason: str


class Groups:
    """Records that belong together, and pairs that never may (union-find)."""

    def __init__(self, records: Iterable[str], apart: Iterable[tuple[str, str]]) -> None:
        self._parent = {record: record for record in records}
        self._apart: dict[str, set[str]] = {record: set() for record in self._parent}
        for a, b in apart:
            self._apart[a].add(b)
            self._apart[b].add(a)

    def root(self, record: str) -> str:
        """Return the record that stands for the group of `record`."""
        while self._parent[record] != record:
            self._parent[record] = self._parent[self._parent[record]]
            record = self._parent[record]
        return record

    def may_join(self, a: str, b: str) -> bool:
        """Return whether no review keeps anything in the one group apart from anything in the other."""
        rest = self.root(b)
        return all(self.root(other) != rest for other in self._apart[self.root(a)])

    def join(self, a: str, b: str) -> None:
        """Make one group of two; the smaller name stands for it, so that order does not matter."""
        kept, gone = sorted((self.root(a), self.root(b)))
        if kept != gone:
            self._parent[gone] = kept
            self._apart[kept] |= self._apart.pop(gone)


def match_sites(records: pd.DataFrame, reviewed: pd.DataFrame) -> Matched:
    """Return which records are one place, and every pair that came close with what became of it.

    `records` follows contract `SiteRecords`, `reviewed` contract `SiteMatches`. Positions are compared
    in metres (EPSG:32735); a record without one can only be a candidate, by name and territory.
    Reviewed pairs with a record that is not there are passed over with a warning.
    Raises InputError where the review contradicts itself, naming the pairs.
    """
    seen = sightings(records)
    review = _reviews(reviewed, set(seen))
    pairs = {(pair.a, pair.b): pair for pair in near_pairs(seen)}
    for key in review:
        pairs.setdefault(key, measure(seen[key[0]], seen[key[1]]))
    groups = Groups(seen, (key for key, (decision, _) in review.items() if decision == "different"))
    _join_reviewed(groups, review)
    # How many unreviewed pairs each record is in: more than one is a doubt.
    crowd = Counter(record for key in pairs if key not in review for record in key)
    decided = [
        _by_review(pair, review[key]) if key in review else _by_rule(pair, seen, crowd)
        for key, pair in sorted(pairs.items())
    ]
    decided = _say_what_was_joined(_join_automatic(groups, decided), groups)
    site_of_record = site_ids(records, {record: groups.root(record) for record in seen})
    alias = _alias(decided, site_of_record)
    log.info("site_alias: %d records, %d sites, %d pairs", len(seen), site_of_record.nunique(), len(alias))
    return Matched(_sites(site_of_record), alias, site_of_record)


def _reviews(reviewed: pd.DataFrame, known: set[str]) -> dict[tuple[str, str], tuple[str, str]]:
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for row in reviewed.itertuples(index=False):
        a, b = sorted((str(row.record_a), str(row.record_b)))
        decision = str(row.decision)
        if not {a, b} <= known:
            log.warning("%s: %s and %s are not both among the site records; passed over", REVIEW_FILE, a, b)
            continue
        if a == b or found.get((a, b), (decision, ""))[0] != decision:
            raise InputError(
                REVIEW_FILE,
                f"{a} and {b} are said to be both the same place and different places",
                next_move="keep one of the two rows",
            )
        found[a, b] = decision, str(row.reason)
    return found


def _join_reviewed(groups: Groups, review: dict[tuple[str, str], tuple[str, str]]) -> None:
    """Join what the review calls the same, then refuse if that joins what it calls different."""
    same = [key for key, (decision, _) in sorted(review.items()) if decision == "same"]
    for a, b in same:
        groups.join(a, b)
    for (a, b), (decision, _) in sorted(review.items()):
        if decision == "different" and groups.root(a) == groups.root(b):
            chain = [f"{c} = {d}" for c, d in same if groups.root(c) == groups.root(a)]
            raise InputError(
                REVIEW_FILE,
                f"the review contradicts itself: {a} and {b} are different places, but it also says "
                + ", ".join(chain),
                next_move="change one of these rows",
            )


def _by_review(pair: Pair, verdict: tuple[str, str]) -> Decided:
    decision, reason = verdict
    return Decided(pair, "confirmed" if decision == "same" else "forbidden", reason)


def _by_rule(pair: Pair, seen: dict[str, Sighting], crowd: Counter[str]) -> Decided:
    """Return whether a pair may be merged without a review, and the first reason against it."""
    a, b = seen[pair.a], seen[pair.b]
    doubts = (
        (not pair.likeness.has_same_numerals, mark("the numbers in the names differ")),
        (a.publisher == b.publisher, mark("one publisher keeps them apart")),
        (pair.distance_m is None, mark("a position is missing")),
        (a.is_stand_in or b.is_stand_in, mark("a position is a stand-in")),
        (not _is_near_exact(a) or not _is_near_exact(b), mark("a position is vague")),
        (not pair.is_within_precision, mark("farther apart than their precisions promise")),
        (
            not pair.likeness.is_whole or pair.likeness.score < VERY_LIKE,
            mark("the names are like, not very like"),
        ),
        (crowd[pair.a] > 1 or crowd[pair.b] > 1, mark("another record of a like name is near")),
    )
    for holds, doubt in doubts:
        if holds:
            return Decided(pair, "candidate", doubt)
    return Decided(pair, "automatic", mark("very like names within the precision of both, and no other near"))


def _is_near_exact(one: Sighting) -> bool:
    return one.radius_m is not None and one.radius_m <= NEAR_M


def _join_automatic(groups: Groups, decided: list[Decided]) -> list[Decided]:
    """Join pairs merged by rule, best first; one that a review forbids by a chain stays a candidate."""
    refused = set()
    best_first = sorted(
        (one for one in decided if one.decision == "automatic"),
        key=lambda one: (-one.pair.likeness.score, one.pair.distance_m, one.pair.a, one.pair.b),
    )
    for one in best_first:
        if groups.may_join(one.pair.a, one.pair.b):
            groups.join(one.pair.a, one.pair.b)
        else:
            refused.add((one.pair.a, one.pair.b))
    why = mark("would join places that the review keeps apart")
    return [
        replace(one, decision="candidate", reason=why) if (one.pair.a, one.pair.b) in refused else one
        for one in decided
    ]


def _say_what_was_joined(decided: list[Decided], groups: Groups) -> list[Decided]:
    """Return the pairs, those that wait for a review but are one place by now with the pairs that made it so."""
    links = {(one.pair.a, one.pair.b): one for one in decided if one.decision in ("confirmed", "automatic")}
    return [
        _by_chain(one, _chain(one.pair, list(links)), links)
        if one.decision == "candidate" and groups.root(one.pair.a) == groups.root(one.pair.b)
        else one
        for one in decided
    ]


def _by_chain(one: Decided, chain: list[tuple[str, str]], links: dict[tuple[str, str], Decided]) -> Decided:
    """Return the pair as joined by `chain`; one link by rule makes the whole a matter of rule."""
    said = ", ".join(f"{a} = {b}" for a, b in chain)
    if all(links[link].decision == "confirmed" for link in chain):
        return replace(one, decision="confirmed", reason=f"one place through other reviewed pairs: {said}")
    return replace(one, decision="automatic", reason=f"one place through other pairs: {said}")


def _chain(pair: Pair, links: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the fewest of `links` that lead from one record of `pair` to the other."""
    ways: dict[str, list[tuple[str, str]]] = {pair.a: []}
    for _ in links:
        if pair.b in ways:
            break
        ways |= {
            end: [*ways[start], (a, b)]
            for a, b in links
            for start, end in ((a, b), (b, a))
            if start in ways and end not in ways
        }
    return ways[pair.b]


def _alias(decided: list[Decided], site_of_record: pd.Series) -> pd.DataFrame:
    rows = [
        {
            "record_a": one.pair.a,
            "record_b": one.pair.b,
            "site_a": site_of_record[one.pair.a],
            "site_b": site_of_record[one.pair.b],
            "name_a": one.pair.likeness.name_a,
            "name_b": one.pair.likeness.name_b,
            "name_score": round(one.pair.likeness.score, 1),
            "distance_m": one.pair.distance_m,
            "decision": one.decision,
            "reason": one.reason,
        }
        for one in decided
    ]
    return SiteAlias.validate(pd.DataFrame(rows, columns=list(SiteAlias.to_schema().columns)))


def _sites(site_of_record: pd.Series) -> pd.DataFrame:
    grouped = site_of_record.index.to_series().groupby(site_of_record.to_numpy(), sort=True)
    joined = grouped.agg(lambda records: "; ".join(sorted(records)))
    return joined.rename_axis("site_id").rename("record_ids").reset_index()
