"""One place, one site: records are merged only where nobody can doubt it, or where somebody reviewed it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipelines.matches.matching import Matched, match_sites
from risk.errors import InputError
from warehouse.derived import SiteAlias
from warehouse.inputs import SiteMatches, SiteRecords

OPEN = Path(__file__).resolve().parent.parent / "data" / "open"
NO_REVIEW = pd.DataFrame(columns=list(SiteMatches.to_schema().columns))
# About 1 km in degrees of latitude.
KM = 1 / 110.6


def record(
    record_id: str, name: str, lat: float | None = -10.7, lon: float | None = 25.4, **more: Any
) -> dict:
    return {
        "record_id": record_id,
        "publisher": "IPIS" if record_id.startswith("ipis") else "compilation",
        "name": name,
        "kind": "unknown",
        "lon": lon,
        "lat": lat,
        "place_precision": "none" if lat is None else "site",
        "position_is_proxy": False,
        "is_public_record": True,
        **more,
    }


def table(*rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows)).reindex(columns=list(SiteRecords.to_schema().columns))
    return SiteRecords.validate(frame)


def review(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return SiteMatches.validate(
        pd.DataFrame(
            [(a, b, said, "seen", pd.Timestamp("2026-11-22")) for a, b, said in rows], columns=list(NO_REVIEW)
        )
    )


def decision(matched: Matched, a: str, b: str) -> str | None:
    rows = matched.alias.set_index(["record_a", "record_b"])["decision"]
    return rows.get(tuple(sorted((a, b))))


def test_like_names_close_by_are_merged_by_rule() -> None:
    matched = match_sites(
        table(record("site-a", "Tshipuki"), record("ipis-1", "Chipuki", -10.7 + KM)), NO_REVIEW
    )
    assert decision(matched, "site-a", "ipis-1") == "automatic"
    assert matched.site_of_record["ipis-1"] == "site-a"
    assert matched.sites.to_dict("records") == [{"site_id": "site-a", "record_ids": "ipis-1; site-a"}]
    SiteAlias.validate(matched.alias)


def test_names_with_other_numbers_are_other_places() -> None:
    matched = match_sites(table(record("site-a", "Goma 2"), record("ipis-1", "Goma1")), NO_REVIEW)
    assert decision(matched, "site-a", "ipis-1") == "candidate"
    assert matched.site_of_record.nunique() == 2


def test_a_number_holds_however_it_is_written() -> None:
    matched = match_sites(table(record("site-a", "Kamilombe 2"), record("ipis-1", "Kamilombe2")), NO_REVIEW)
    assert decision(matched, "site-a", "ipis-1") == "automatic"


def test_a_second_like_name_nearby_leaves_the_pair_to_a_person() -> None:
    rows = (record("site-a", "Kasulo"), record("ipis-1", "Kasulo"), record("ipis-2", "Kasulu", -10.7 + KM))
    matched = match_sites(table(*rows), NO_REVIEW)
    assert matched.site_of_record.nunique() == 3
    assert set(matched.alias["decision"]) == {"candidate"}


def test_a_review_that_settles_the_second_lets_the_first_be_merged() -> None:
    rows = (record("site-a", "Kasulo"), record("ipis-1", "Kasulo"), record("ipis-2", "Kasulu", -10.7 + KM))
    said = review(("ipis-2", "site-a", "different"), ("ipis-1", "ipis-2", "different"))
    matched = match_sites(table(*rows), said)
    assert decision(matched, "site-a", "ipis-1") == "automatic"
    assert decision(matched, "site-a", "ipis-2") == "forbidden"
    assert matched.site_of_record["ipis-2"] == "site-ipis-2"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"lat": -10.7 + 5 * KM}, "farther apart than their precisions promise"),
        ({"position_is_proxy": True}, "a position is a stand-in"),
        ({"place_precision": "sector"}, "a position is vague"),
        ({"publisher": "compilation"}, "one publisher keeps them apart"),
        ({"name": "Bridonne est"}, "the names are like, not very like"),
        ({"name": "Menuiserie"}, None),
    ],
)
def test_any_doubt_keeps_a_pair_apart(more: dict, reason: str | None) -> None:
    matched = match_sites(
        table(record("site-a", "Bridon"), {**record("ipis-1", "Bridon"), **more}), NO_REVIEW
    )
    assert matched.site_of_record.nunique() == 2
    assert list(matched.alias["reason"]) == ([reason] if reason else [])


def test_like_names_far_apart_are_not_even_candidates() -> None:
    matched = match_sites(table(record("site-a", "Milele"), record("ipis-1", "Milele", -11.0)), NO_REVIEW)
    assert matched.alias.empty
    SiteAlias.validate(matched.alias)


def test_a_record_without_a_position_is_a_candidate_in_its_territory_only() -> None:
    rows = (
        record("site-a", "Midingi", None, None, territory_reported="Kambove"),
        record("ipis-1", "Midingi", territory_reported="Kambove"),
        record("ipis-2", "Midingi", -9.0, territory_reported="Lubudi"),
    )
    matched = match_sites(table(*rows), NO_REVIEW)
    assert decision(matched, "site-a", "ipis-1") == "candidate"
    assert decision(matched, "site-a", "ipis-2") is None
    assert matched.alias["distance_m"].isna().all()


def test_a_review_joins_what_no_rule_would() -> None:
    rows = (record("site-a", "Etoile"), record("ipis-1", "Terril", -11.0))
    matched = match_sites(table(*rows), review(("site-a", "ipis-1", "same")))
    assert decision(matched, "site-a", "ipis-1") == "confirmed"
    assert matched.site_of_record.nunique() == 1


def test_a_pair_joined_through_other_reviewed_pairs_says_so() -> None:
    rows = (record("site-a", "Lenge"), record("site-b", "Lenge"), record("ipis-1", "Bora"))
    said = review(("site-a", "ipis-1", "same"), ("ipis-1", "site-b", "same"))
    matched = match_sites(table(*rows), said)
    assert matched.site_of_record.nunique() == 1
    assert decision(matched, "site-a", "site-b") == "confirmed"
    pair = matched.alias.set_index(["record_a", "record_b"]).loc[("site-a", "site-b")]
    assert pair["reason"] == "one place through other reviewed pairs: ipis-1 = site-a, ipis-1 = site-b"


def test_a_pair_joined_through_a_rule_is_not_called_reviewed() -> None:
    rows = (
        record("site-a", "Lenge", aliases="Bora"),
        record("ipis-1", "Lenge"),
        record("site-b", "Mwepu", -11.3, aliases="Lenge est"),
    )
    matched = match_sites(table(*rows), review(("site-b", "ipis-1", "same")))
    assert decision(matched, "site-a", "ipis-1") == "automatic"
    assert matched.site_of_record.nunique() == 1
    for pair in matched.alias.itertuples():
        assert pair.decision in {"confirmed", "automatic"}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_called_apart_is_apart_and_what_is_called_one_is_one(
    open_records: pd.DataFrame, open_review: pd.DataFrame, seed: int
) -> None:
    some = open_review.sample(frac=0.5, random_state=seed)
    alias = match_sites(open_records, some).alias
    is_one = alias["site_a"] == alias["site_b"]
    assert alias["decision"].isin(["confirmed", "automatic"]).equals(is_one)


def test_a_reviewed_difference_stops_a_chain_of_rules() -> None:
    rows = (record("site-a", "Lenge"), record("ipis-1", "Lenge"), record("site-b", "Bora", -10.7 + KM))
    said = review(("site-b", "ipis-1", "same"), ("site-a", "site-b", "different"))
    matched = match_sites(table(*rows), said)
    assert decision(matched, "site-a", "ipis-1") == "candidate"
    assert "review keeps apart" in matched.alias.set_index("record_b")["reason"]["site-a"]
    assert matched.site_of_record["ipis-1"] == "site-b"


def test_a_review_that_contradicts_itself_is_refused_by_name() -> None:
    rows = (record("site-a", "A1"), record("site-b", "B2"), record("site-c", "C3"))
    chain = review(
        ("site-a", "site-b", "same"), ("site-b", "site-c", "same"), ("site-c", "site-a", "different")
    )
    with pytest.raises(InputError, match=r"site-a and site-c.*site-a = site-b, site-b = site-c"):
        match_sites(table(*rows), chain)
    both = review(("site-a", "site-b", "same"), ("site-b", "site-a", "different"))
    with pytest.raises(InputError, match="site-a and site-b are said to be both"):
        match_sites(table(*rows), both)


def test_a_review_of_an_unknown_record_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    matched = match_sites(table(record("site-a", "Lenge")), review(("site-a", "site-gone", "same")))
    assert list(matched.site_of_record) == ["site-a"]
    assert "site-gone" in caplog.text


def test_no_records_give_no_sites() -> None:
    matched = match_sites(table(record("site-a", "Lenge")).iloc[:0], NO_REVIEW)
    assert matched.sites.empty
    assert matched.alias.empty


def test_the_order_of_the_records_does_not_matter(
    open_records: pd.DataFrame, open_review: pd.DataFrame
) -> None:
    one = match_sites(open_records, open_review)
    other = match_sites(open_records.sample(frac=1, random_state=3), open_review.iloc[::-1])
    pd.testing.assert_frame_equal(one.alias, other.alias)
    pd.testing.assert_frame_equal(one.sites, other.sites)


@pytest.fixture(scope="module")
def open_records() -> pd.DataFrame:
    raw = pd.concat([_read(name) for name in ("sites.csv", "ipis_sites.csv")], ignore_index=True)
    flags = {"true": True, "false": False}
    proxies = raw["position_is_proxy"].map(flags)
    return SiteRecords.validate(raw.assign(position_is_proxy=proxies, is_public_record=True))


@pytest.fixture(scope="module")
def open_review() -> pd.DataFrame:
    return SiteMatches.validate(_read("site_matches.csv"))


@pytest.fixture(scope="module")
def open_matched(open_records: pd.DataFrame, open_review: pd.DataFrame) -> Matched:
    return match_sites(open_records, open_review)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("site-karajipopo", "ipis-codmine03389"),
        ("site-tshipuki", "ipis-codmine03429"),
        ("site-kasulo-cdm-model-mine", "ipis-codmine03433"),
        ("site-kateketa", "ipis-codmine03404"),
        ("site-kakanda-kimbeja", "ipis-codmine03467"),
        ("site-dinamitiere", "ipis-codmine03711"),
        ("site-shabara", "ipis-codmine03744"),
        ("site-midingi", "ipis-codmine03393"),
    ],
)
def test_these_records_of_the_open_edition_are_one_place(open_matched: Matched, a: str, b: str) -> None:
    assert open_matched.site_of_record[a] == open_matched.site_of_record[b] == a


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("site-goma-2", "ipis-codmine03455"),
        ("site-kamilombe", "ipis-codmine03426"),
        ("site-kamilombe", "ipis-codmine03425"),
        ("site-kamilombe", "site-kamilombe-2"),
        ("site-kasulo-cdm-model-mine", "ipis-codmine03721"),
        ("site-miringi", "ipis-codmine03393"),
        ("site-lupoto", "site-lopoto-artisanal-producers"),
        ("site-pupe-1", "site-pupe-2"),
    ],
)
def test_these_records_of_the_open_edition_are_two_places(open_matched: Matched, a: str, b: str) -> None:
    assert open_matched.site_of_record[a] != open_matched.site_of_record[b]


def test_every_reviewed_pair_of_the_open_edition_is_in_the_list_of_pairs(
    open_matched: Matched, open_review: pd.DataFrame
) -> None:
    for row in open_review.itertuples():
        expected = {"same": "confirmed", "different": "forbidden"}[row.decision]
        assert decision(open_matched, row.record_a, row.record_b) == expected


def test_ten_thousand_records_can_be_matched(open_records: pd.DataFrame) -> None:
    rng = np.random.default_rng(1)
    syllables = np.array(["ka", "mu", "lo", "tshi", "wa", "ke", "ba", "ndi", "so", "le"])
    many = open_records.sample(10_000, replace=True, random_state=1).reset_index(drop=True)
    many["record_id"] = [f"ipis-{number:05d}" for number in range(len(many))]
    many["name"] = ["".join(rng.choice(syllables, 4)) for _ in range(len(many))]
    many["aliases"] = pd.NA
    placed = many["lon"].notna()
    many.loc[placed, "lon"] = rng.uniform(25, 28, placed.sum())
    many.loc[placed, "lat"] = rng.uniform(-12, -10, placed.sum())
    assert len(match_sites(many, NO_REVIEW).site_of_record) == 10_000


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(OPEN / name, dtype="string")
