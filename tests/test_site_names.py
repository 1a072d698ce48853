"""Names are alike by their sound; numbers are compared as numbers."""

from __future__ import annotations

import pytest

from pipelines.matches.site_names import LIKE, compare, sound, spellings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tshipuki", "Chipuki"),
        ("Shabara", "Chabara"),
        ("Karajipopo", "Karaji popo"),
        ("Karadjipopo", "KARAJIPOPO"),
        ("Dynamitière", "Dinamitiere"),
        ("Luisha", "Lwisha"),
        ("Carrière de Milele", "Milele"),
    ],
)
def test_spellings_of_one_name_sound_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_an_alias_speaks_for_the_site() -> None:
    found = compare(spellings("Tilwezembe", "Tulizembe; Tilwizembe"), spellings("Tulizembé"))
    assert (found.score, found.name_a, found.is_whole) == (100, "Tulizembe", True)


def test_a_part_of_a_name_weighs_less_than_the_whole() -> None:
    found = compare(spellings("Kakanda - Kimbeja"), spellings("Kimbeja"))
    assert found.score == 90
    assert not found.is_whole


@pytest.mark.parametrize(
    ("one", "other"), [("Goma 2", "Goma1"), ("Kasulo CDM", "Kasulo 2"), ("Kansonga800", "Kansonga")]
)
def test_numbers_must_agree(one: str, other: str) -> None:
    assert not compare(spellings(one), spellings(other)).has_same_numerals


def test_generic_words_alone_still_make_a_name() -> None:
    assert compare(spellings("Carriere 52"), spellings("Carrière 52")).score == 100
    assert compare(spellings("Carriere 52"), spellings("Tshala 52")).score < LIKE


def test_a_name_without_letters_is_like_nothing() -> None:
    assert compare(spellings("52"), spellings("52")).score == 0
