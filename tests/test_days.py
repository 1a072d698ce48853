"""A day is read in the forms that people write; one that may be two is none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reading.days import Order, day_of, order_of, why_no_day, written_day


@pytest.mark.parametrize(
    "cell",
    [
        *("2026-08-03", "20260803", "2026/08/03 10:00", "2026-08-03T23:59:00.000+02:00", "3 août 2026"),
        *("03-Aug-2026", "Aug 3, 2026", "August 3 2026", "3 Aout 2026 10:00", "46237"),
    ],
)
def test_one_day_in_many_forms(cell: str) -> None:
    assert day_of(cell) == date(2026, 8, 3)


@pytest.mark.parametrize(
    "cell", ["", "soon", "2026-02-30", "31/02/2026", "2026", "Aug 2026", "3 Foo 2026", "12345678"]
)
def test_what_is_no_day(cell: str) -> None:
    assert day_of(cell) is None
    assert why_no_day(cell) == "not a date; write YYYY-MM-DD"


def test_the_order_is_what_the_other_dates_show() -> None:
    assert day_of("03/08/2026", Order.DAY_FIRST) == date(2026, 8, 3)
    assert day_of("03/08/2026", Order.MONTH_FIRST) == date(2026, 3, 8)
    assert order_of(["01/02/2026", "1/31/2026"]) is Order.MONTH_FIRST
    assert order_of(["31/1/2026", "1/31/2026"]) is Order.UNKNOWN
    assert why_no_day("3/8/2026") == "a date that may mean two days; write 2026-08-03 or 2026-03-08"


@given(st.text(max_size=20))
def test_no_text_makes_it_raise(cell: str) -> None:
    day_of(cell)
    assert why_no_day(cell)
    order_of([cell])
    if cell.strip():
        written_day.one(cell.strip())


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_a_day_survives(day: date) -> None:
    assert day_of(day.isoformat()) == day
    assert day_of(f"{day.day}/{day.month}/{day.year}", Order.DAY_FIRST) == day
