"""One cell of text to one value."""

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading import outlines, parsers
from pipelines.reading.parsers import Parser

ALL = [
    parsers.text,
    parsers.number,
    parsers.degrees,
    parsers.whole,
    parsers.day,
    parsers.flag,
    outlines.wkt_outline,
    outlines.geojson_outline,
]


def value(parser: Parser, cell: str) -> object:
    found = parser.parse(pd.Series([cell], dtype="str")).iloc[0]
    return None if found is None or pd.isna(found) else found


@given(st.lists(st.text(max_size=20), max_size=8))
def test_no_parser_raises_or_moves_a_row_whatever_the_text(cells):
    for parser in ALL:
        parsed = parser.parse(pd.Series(cells, dtype=object))
        assert len(parsed) == len(cells)
        for cell, found in zip(cells, parsed, strict=True):
            assert isinstance(parser.explain(cell), str)
            assert cell.strip() or pd.isna(found)


@given(st.integers(min_value=-(2**62), max_value=2**62))
def test_a_whole_number_survives_with_a_fraction_of_zero(number):
    assert value(parsers.whole, str(number)) == number
    assert value(parsers.whole, f"{number}.0") == number


@given(st.floats(min_value=-180, max_value=180).map(lambda x: round(x, 7)))
def test_a_coordinate_may_be_written_with_a_comma_or_the_minus_sign(number):
    text = f"{number:.7f}"
    for cell in (text, text.replace(".", ","), text.replace("-", parsers.MINUS)):
        assert value(parsers.degrees, cell) == pytest.approx(number)


@given(st.dates(min_value=pd.Timestamp(1900, 1, 1).date(), max_value=pd.Timestamp(2100, 12, 31).date()))
def test_an_iso_day_is_read_and_the_same_day_the_other_way_is_not(day):
    assert value(parsers.day, day.isoformat()) == pd.Timestamp(day)
    assert value(parsers.day, day.strftime("%d/%m/%Y")) is None


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("31/12/2025", "not a date; write YYYY-MM-DD"),
        ("2025-13-01", "no day of the calendar; write YYYY-MM-DD"),
        ("2025-02-31", "no day of the calendar; write YYYY-MM-DD"),
        ("0025-01-01", "a date outside 1900–2100; correct the year"),
        ("2025-1-1", "not a date; write YYYY-MM-DD"),
    ],
)
def test_what_is_no_day_is_missing_with_its_reason(cell, why):
    assert value(parsers.day, cell) is None
    assert parsers.day.explain(cell) == why


def test_a_comma_that_may_mean_thousands_is_not_guessed():
    assert value(parsers.number, "12,5") == 12.5
    assert value(parsers.number, "0,500") == 0.5
    assert value(parsers.number, "1,234") is None
    assert "1234 or 1.234" in parsers.number.explain("1,234")


@pytest.mark.parametrize("cell", ["nan", "inf", "1e999", "1_000", "٣", "0x10", "1.2.3", "--1"])
def test_python_words_for_numbers_are_no_numbers(cell):
    assert value(parsers.number, cell) is None


@pytest.mark.parametrize("cell", ["8000.5", "1e3", "99999999999999999999", "8 000"])
def test_what_is_no_whole_number_is_missing(cell):
    assert value(parsers.whole, cell) is None


def test_yes_and_no_are_read_in_both_languages():
    assert [value(parsers.flag, cell) for cell in ("Yes", "oui", "TRUE", "no", "Non", "0")] == [
        *[True] * 3,
        *[False] * 3,
    ]
    assert value(parsers.flag, "maybe") is None


def test_an_outline_that_crosses_itself_is_missing_and_the_crossing_is_named():
    bow_tie = "POLYGON ((25 -10, 26 -11, 26 -10, 25 -11, 25 -10))"
    assert value(outlines.wkt_outline, bow_tie) is None
    assert "Self-intersection[25.5 -10.5]" in outlines.wkt_outline.explain(bow_tie)


def test_an_outline_keeps_its_corners():
    square = "POLYGON ((25 -10, 26 -10, 26 -11, 25 -11, 25 -10))"
    assert shapely.from_wkb(value(outlines.wkt_outline, square)).equals(shapely.from_wkt(square))


@pytest.mark.parametrize("cell", ["POLYGON EMPTY", "POINT (25 -10)", "POLYGON ((25 -10", "25 -10"])
def test_what_is_no_outline_is_missing(cell):
    assert value(outlines.wkt_outline, cell) is None
