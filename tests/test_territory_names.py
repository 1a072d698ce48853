from __future__ import annotations

import pandas as pd
import pytest

from pipelines.places.territory_names import is_other, names_other


@pytest.mark.parametrize(
    ("reported", "name", "kind"),
    [
        ("Kolwezi (ville)", "Kolwezi", "city"),
        ("Ville de Kolwezi", "Kolwezi", "city"),
        ("kolwezi", "Kolwezi", "city"),
        ("Kipushi", "Kipushi", "territory"),
        ("Kipushi", "Kipushi", "city"),
        ("Territoire de Kipushi", "Kipushi", "territory"),
        ("  MUTSHATSHA ", "Mutshatsha", "territory"),
        ("Kambové", "Kambove", "territory"),
        ("Haut-Uélé", "Haut Uele", "territory"),
        ("Lubudi; Mutshatsha", "Mutshatsha", "territory"),
    ],
)
def test_spelling_and_marks_do_not_make_another_territory(reported: str, name: str, kind: str) -> None:
    assert is_other(reported, name, kind) is False


@pytest.mark.parametrize(
    ("reported", "name", "kind"),
    [
        ("Kolwezi (ville)", "Mutshatsha", "territory"),
        ("Kipushi (ville)", "Kipushi", "territory"),
        ("Kipushi (territoire)", "Kipushi", "city"),
        ("Kalemie", "Lubudi", "territory"),
        ("Kambove; Lubudi", "Mutshatsha", "territory"),
    ],
)
def test_another_name_or_another_kind_is_another_territory(reported: str, name: str, kind: str) -> None:
    assert is_other(reported, name, kind) is True


@pytest.mark.parametrize(
    ("reported", "name"), [(None, "Lubudi"), ("Lubudi", None), ("", "Lubudi"), (" ;", "Lubudi")]
)
def test_a_missing_name_is_neither_same_nor_other(reported: str | None, name: str | None) -> None:
    assert is_other(reported, name, "territory") is None


def test_a_column_is_compared_row_by_row_whatever_its_index() -> None:
    reported = pd.Series(["Lubudi", "Lubudi", None, "Likasi (ville)"], index=[9, 9, 1, 0])
    name = pd.Series(["Lubudi", "Sakania", "Lubudi", "Likasi"])
    kind = pd.Series(["territory", "territory", "territory", "city"])
    other = names_other(reported, name, kind)
    assert other.tolist()[:2] + other.tolist()[3:] == [False, True, False]
    assert other.isna().tolist() == [False, False, True, False]
    assert other.index.tolist() == [9, 9, 1, 0]
    assert str(other.dtype) == "boolean"
