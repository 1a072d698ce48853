"""Words of publishers become codes by rules that are written down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from risk import classification as rules
from risk.vocabulary import CATEGORIES, PLACE_PRECISIONS, SITE_KINDS, VERIFICATIONS

OPEN = Path(__file__).resolve().parent.parent / "data" / "open"


@pytest.fixture(scope="module")
def incidents() -> pd.DataFrame:
    frame = pd.read_csv(OPEN / "incidents.csv", dtype="string")
    for name in ("killed_low", "killed_best", "killed_high", "injured"):
        frame[name] = pd.to_numeric(frame[name]).astype("Int64")
    frame["has_children"] = frame["children_reported"].notna()
    return frame


def test_every_word_of_the_open_edition_is_mapped(incidents: pd.DataFrame) -> None:
    assert set(incidents["category_reported"]) <= set(rules.CATEGORY_OF)
    assert set(incidents["verification_reported"]) <= set(rules.VERIFICATION_OF)
    assert set(incidents["place_precision_reported"]) <= set(rules.PLACE_PRECISION_OF)


def test_every_code_of_the_mappings_is_in_the_vocabulary() -> None:
    assert {code for found in rules.CATEGORY_OF.values() for code in found} <= set(CATEGORIES)
    assert set(rules.VERIFICATION_OF.values()) <= set(VERIFICATIONS)
    assert set(rules.PLACE_PRECISION_OF.values()) <= set(PLACE_PRECISIONS)
    assert set(rules.SITE_KIND_OF.values()) <= set(SITE_KINDS)
    assert set(rules.CATEGORY_OF) >= rules.CONFRONTATIONS | rules.PLACES_OF_WORK


def test_the_thirty_six_words_have_these_primary_categories() -> None:
    by_category: dict[str, list[str]] = {}
    for word, found in rules.CATEGORY_OF.items():
        by_category.setdefault(found[0], []).append(word)
    assert by_category == {
        "ENV": ["air_pollution", "pollution_allegation", "toxic_spill"],
        "VIO": ["armed_attack", "mob_violence"],
        "OSH": [
            "asphyxiation",
            "bridge_collapse_crowd",
            "drowning",
            "electrocution",
            "explosives_accident",
            "pit_accident",
            "pit_collapse",
            "pit_wall_failure_industrial",
            "road_transport_accident",
            "tailings_heap_collapse",
            "underground_fire",
        ],
        "CHL": ["child_labour_finding"],
        "COR": ["bribery", "illegal_tax"],
        "FOR": ["forced_labour_finding"],
        "NSA": ["armed_group_presence"],
        "SGB": ["sexual_violence"],
        "TRC": ["ore_fraud"],
        "SEC": ["clash_security_forces", "military_deployment", "security_force_violence"],
        "COM": ["eviction", "protest", "protest_riot", "roadblock"],
        "LGL": ["illegal_mining_raid", "inspection_finding", "penalty", "restriction_or_closure"],
        "LAB": ["labour_rights_allegation", "strike"],
    }


def test_the_toll_of_the_open_edition_is_273(incidents: pd.DataFrame) -> None:
    counted = incidents["toll_reported"] == "yes"
    assert incidents.loc[counted, "killed_best"].sum() == 273


@pytest.mark.parametrize(
    ("word", "hints", "added"),
    [
        ("drowning", "fatal; military control of site", "SEC"),
        ("bridge_collapse_crowd", "role of guards contested", "SEC"),
        ("restriction_or_closure", "extortion by uniformed men", "COR"),
        ("security_force_violence", "soldiers charging access fees reported", "COR"),
        ("road_transport_accident", "acid spill", "ENV"),
        ("protest", "water pollution alleged", "ENV"),
        ("road_transport_accident", "mob killing; trade disruption", "VIO"),
        ("toxic_spill", "mass fatality; homes destroyed", "COM"),
        ("eviction", "sexual assault", "SGB"),
    ],
)
def test_hints_add_secondary_categories(word: str, hints: str, added: str) -> None:
    assert added in rules.classify(word, hints, None, None, None, None, False).secondary


def test_a_death_in_a_confrontation_is_a_killing_and_one_in_a_collapse_is_not() -> None:
    assert "VIO" in rules.classify("clash_security_forces", None, 1, 1, 1, None, False).secondary
    assert "VIO" not in rules.classify("clash_security_forces", None, None, None, None, 6, False).secondary
    assert "VIO" not in rules.classify("pit_collapse", None, 9, 9, 9, None, False).secondary


def test_a_child_in_a_pit_is_child_labour_and_a_child_hit_elsewhere_is_not() -> None:
    assert rules.classify("pit_collapse", None, 2, 2, 2, None, True).secondary == ("CHL",)
    assert rules.classify("protest_riot", None, 2, 2, 2, None, True).secondary == ("VIO",)
    assert rules.classify("air_pollution", None, None, None, None, None, True).secondary == ("COM",)


@pytest.mark.parametrize(
    ("word", "summary", "added"),
    [
        ("restriction_or_closure", "Minister suspends the plant after the acid release", ("ENV",)),
        ("restriction_or_closure", "Trade halted to limit fraud", ("TRC",)),
        ("penalty", "Firm to pay for the basin overflow", ("ENV",)),
        ("protest", "Sit-in over fumes", ("ENV",)),
        ("strike", "Staff stop work over intrusions", ("LGL",)),
        ("protest_riot", "Riot after a seizure; soldiers fired live rounds", ("SEC",)),
        ("eviction", "Soldiers evicted thousands", ("SEC",)),
        ("eviction", "Villagers beaten", ("VIO",)),
        ("armed_attack", "Armed men in uniform entered at night", ("SEC",)),
        ("drowning", "The guard lets groups in at night for a fee", ("COR",)),
        ("protest_riot", "Vehicles burned, a police post wrecked", ()),
        ("pit_collapse", "Diggers buried on an acid plant's ground, soldiers fired", ()),
    ],
)
def test_a_summary_says_what_the_word_does_not(word: str, summary: str, added: tuple[str, ...]) -> None:
    assert rules.classify(word, None, None, None, None, None, False, summary).secondary == added


def test_every_category_is_the_primary_one_of_some_word() -> None:
    assert {found[0] for found in rules.CATEGORY_OF.values()} == set(CATEGORIES)


def test_a_report_taken_back_is_retracted() -> None:
    assert rules.verification_state("retracted") == "retracted"


def test_the_primary_category_is_never_secondary_too(incidents: pd.DataFrame) -> None:
    found = rules.classify_incidents(incidents)
    for row in found.dropna(subset=["secondary_categories"]).itertuples():
        assert row.category not in str(row.secondary_categories).split("; ")


def test_sexual_violence_named_in_the_summary_only_is_not_missed() -> None:
    found = rules.classify("eviction", None, None, None, None, None, False, "beatings and sexual assault")
    assert found.secondary == ("SGB", "VIO")
    assert (found.severity, found.severity_reason) == (5, rules.SEXUAL_VIOLENCE)


@pytest.mark.parametrize(
    ("word", "hints", "killed", "injured", "severity", "reason"),
    [
        ("pit_collapse", None, (1, 1, 1), None, 5, rules.DEATH),
        ("pit_collapse", None, (0, 1, 1), None, 5, rules.DEATH),
        ("clash_security_forces", None, (0, None, 2), 2, 4, rules.DEATH_CLAIMED),
        ("pit_collapse", "number of victims unknown", (None, None, None), None, 4, rules.DEATH_CLAIMED),
        ("eviction", "army deployment; looting", (None, None, None), None, 4, rules.EVICTION_BY_FORCE),
        ("eviction", "urban displacement", (None, None, None), None, 3, rules.LOSS),
        ("child_labour_finding", None, (None, None, None), None, 4, rules.CHILDREN_AT_WORK),
        ("armed_attack", "abduction", (None, None, None), None, 4, rules.ABDUCTION),
        ("clash_security_forces", None, (None, None, None), 6, 3, rules.INJURY),
        ("toxic_spill", None, (0, 0, 0), 0, 3, rules.LOSS),
        ("protest_riot", "arson", (None, None, None), None, 3, rules.LOSS),
        ("protest_riot", "warning shots", (None, None, None), None, 2, rules.EXPOSURE),
        ("strike", None, (None, None, None), None, 2, rules.EXPOSURE),
        ("penalty", None, (None, None, None), None, 1, rules.PROCEDURAL),
        ("sexual_violence", None, (None, None, None), None, 5, rules.SEXUAL_VIOLENCE),
        ("forced_labour_finding", None, (None, None, None), None, 4, rules.FORCED_LABOUR),
        ("armed_group_presence", "abduction", (None, None, None), None, 4, rules.ABDUCTION),
        ("armed_group_presence", None, (None, None, None), None, 2, rules.EXPOSURE),
        ("illegal_tax", None, (None, None, None), None, 3, rules.LOSS),
        ("bribery", None, (None, None, None), None, 2, rules.EXPOSURE),
        ("ore_fraud", None, (None, None, None), None, 2, rules.EXPOSURE),
    ],
)
def test_severity_follows_the_worst_rule_that_holds(
    word: str, hints: str | None, killed: tuple, injured: int | None, severity: int, reason: str
) -> None:
    found = rules.classify(word, hints, *killed, injured, False)
    assert (found.severity, found.severity_reason) == (severity, reason)


def test_a_person_critically_hurt_weighs_more_than_an_injury() -> None:
    found = rules.classify("armed_attack", None, None, None, None, 2, False, "two hurt, one critically")
    assert (found.severity, found.severity_reason) == (4, rules.GRAVE_INJURY)


@pytest.mark.parametrize(
    ("incident", "category", "secondary", "severity"),
    [
        ("inc-20181002-kawama-lubumbashi-likasi-security-force-violence", "SEC", "VIO", 5),
        ("inc-20190220-kabwe-village-tenke-barr-road-transport-accident", "OSH", "ENV", 5),
        ("inc-20160308-kov-pit-pit-wall-failure-industrial", "OSH", None, 5),
        ("inc-20190625-kisanfu-eviction", "COM", "VIO; SEC", 4),
        ("inc-20240201-fungurume-protest-riot", "COM", "VIO; SEC", 5),
        ("inc-20230912-kolwezi-eviction", "COM", "SGB; VIO", 5),
        ("inc-20251106-cdm-plant-kasapa-restriction-or-closure", "LGL", "ENV", 1),
        ("inc-20260105-kolwezi-protest-riot", "COM", None, 4),
    ],
)
def test_these_incidents_of_the_open_edition_read_as_a_person_would(
    incidents: pd.DataFrame, incident: str, category: str, secondary: str | None, severity: int
) -> None:
    found = rules.classify_incidents(incidents[incidents["incident_id"] == incident]).iloc[0]
    assert (found["category"], found["severity"]) == (category, severity)
    assert found["secondary_categories"] == secondary if secondary else pd.isna(found["secondary_categories"])


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_missing_is_neither_zero_nor_a_death(missing: object) -> None:
    found = rules.classify("pit_collapse", missing, missing, missing, missing, missing, missing, missing)
    assert found == rules.Classification("OSH", (), 2, rules.EXPOSURE)


@pytest.mark.parametrize("word", ["meteorite", "", None, pd.NA])
def test_an_unknown_word_gives_no_code(word: object) -> None:
    assert rules.classify(word, None, None, None, None, None, False) == rules.Classification(
        None, (), None, rules.NOT_CLASSIFIED
    )
    assert rules.verification_state(word) is None
    assert rules.place_precision(word) is None
    assert rules.site_kind(word) is None


def test_a_table_is_classified_as_its_rows_are(incidents: pd.DataFrame) -> None:
    shuffled = incidents.sample(frac=1, random_state=1)
    found = rules.classify_incidents(shuffled)
    assert found.index.equals(shuffled.index)
    row = shuffled.iloc[7]
    alone = rules.classify(
        row["category_reported"],
        row["hints_reported"],
        row["killed_low"],
        row["killed_best"],
        row["killed_high"],
        row["injured"],
        row["has_children"],
        row["summary"],
    )
    assert found["category"].iloc[7] == alone.primary
    assert found["severity"].iloc[7] == alone.severity
    assert found["severity"].between(1, 5).all()


def test_many_rows_of_few_kinds_are_classified_once_each(incidents: pd.DataFrame) -> None:
    many = pd.concat([incidents] * 300, ignore_index=True)
    assert len(rules.classify_incidents(many)) == 300 * len(incidents)


def test_an_empty_table_stays_empty(incidents: pd.DataFrame) -> None:
    found = rules.classify_incidents(incidents.iloc[:0])
    assert found.empty
    assert list(found) == ["category", "secondary_categories", "severity", "severity_reason"]
