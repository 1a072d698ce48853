"""A hotspot holds where another partition draws one like it over the same place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from risk.robustness import HOLDS_AS, MIN_OVERLAP, holds


def drawn(*rows: tuple[str, str, object]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["category", "hotspot_class", "geometry"])
    return frame.assign(hotspot_id=[f"h{number}" for number in range(len(frame))])


def square(x_m: float, side_m: float = 10) -> shapely.Polygon:
    return shapely.box(x_m, 0, x_m + side_m, side_m)


def test_a_hotspot_says_in_how_many_partitions_it_holds_and_in_which() -> None:
    here = drawn(("OSH", "confirmed", square(0)), ("OSH", "confirmed", square(1_000)))
    variants = {
        "cells of 5": drawn(("OSH", "confirmed", square(-5, 100))),
        "cells of 7": drawn(("OSH", "confirmed", square(3)), ("OSH", "confirmed", square(1_002))),
        "territories": drawn(),
    }
    found = holds(here, variants)
    assert found.values.tolist() == [["h0", 2, 3, "cells of 5; cells of 7"], ["h1", 1, 3, "cells of 7"]]


@pytest.mark.parametrize("own", HOLDS_AS)
@pytest.mark.parametrize("other", HOLDS_AS)
def test_only_the_same_class_or_a_surer_one_holds_a_hotspot(own: str, other: str) -> None:
    found = holds(drawn(("OSH", own, square(0))), {"other": drawn(("OSH", other, square(0)))})
    assert bool(found["holds_in"].iloc[0]) == (other in {own, "confirmed"})


def test_another_theme_holds_nothing() -> None:
    found = holds(drawn(("OSH", "reported", square(0))), {"other": drawn(("VIO", "confirmed", square(0)))})
    assert found["holds_in"].tolist() == [0]
    assert found["holds_where"].tolist() == [""]


@pytest.mark.parametrize(
    ("shift_m", "is_held"), [(0, True), (5, True), (5.1, False), (10, False), (50, False)]
)
def test_half_of_the_smaller_shape_must_be_shared(shift_m: float, is_held: bool) -> None:
    own = drawn(("OSH", "reported", square(0)))
    assert bool(holds(own, {"v": drawn(("OSH", "reported", square(shift_m)))})["holds_in"].iloc[0]) == is_held


def test_a_hotspot_that_splits_in_two_still_holds() -> None:
    halves = drawn(("OSH", "reported", square(0, 4)), ("OSH", "reported", square(6, 4)))
    assert holds(drawn(("OSH", "reported", square(0))), {"v": halves})["holds_in"].tolist() == [1]


def test_a_point_holds_where_it_lies_on_the_other() -> None:
    points = drawn(("OSH", "reported", shapely.Point(5, 5)), ("OSH", "reported", shapely.Point(50, 5)))
    assert holds(points, {"v": drawn(("OSH", "reported", square(0)))})["holds_in"].tolist() == [1, 0]


def test_it_agrees_with_a_look_at_every_pair() -> None:
    draw = np.random.default_rng(4)

    def made(number: int) -> pd.DataFrame:
        corners = draw.uniform(0, 200, (number, 2))
        sides = draw.uniform(5, 60, number)
        return drawn(
            *(
                (
                    str(draw.choice(["OSH", "VIO"])),
                    str(draw.choice(list(HOLDS_AS))),
                    shapely.box(x, y, x + side, y + side),
                )
                for (x, y), side in zip(corners, sides, strict=True)
            )
        )

    own, variant = made(80), made(60)
    expected = [
        any(
            one.category == other.category
            and other.hotspot_class in HOLDS_AS[one.hotspot_class]
            and one.geometry.intersection(other.geometry).area
            >= MIN_OVERLAP * min(one.geometry.area, other.geometry.area)
            and one.geometry.intersects(other.geometry)
            for other in variant.itertuples()
        )
        for one in own.itertuples()
    ]
    found = holds(own, {"v": variant})["holds_in"].astype(bool).tolist()
    assert found == expected
    assert 0 < sum(found) < 80


def test_no_order_of_rows_changes_what_holds() -> None:
    own = drawn(*(("OSH", "reported", square(20 * number)) for number in range(10)))
    variant = drawn(*(("OSH", "reported", square(26 * number)) for number in range(10)))
    found = holds(own, {"v": variant}).set_index("hotspot_id")
    shuffled = holds(own.sample(frac=1, random_state=1), {"v": variant.sample(frac=1, random_state=2)})
    pd.testing.assert_frame_equal(found, shuffled.set_index("hotspot_id").loc[found.index])


def test_no_hotspots_and_no_variants_are_no_error() -> None:
    own = drawn(("OSH", "reported", square(0)))
    assert holds(drawn(), {"v": own}).empty
    assert holds(own, {}).values.tolist() == [["h0", 0, 0, ""]]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (("OSH", "reported", None), "row 0 is missing, empty"),
        (("OSH", "reported", shapely.Polygon()), "row 0 is missing, empty"),
        (("OSH", "reported", shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])), "crosses itself"),
        (("OSH", "sure", square(0)), "class 'sure' is none of"),
    ],
)
def test_a_shape_that_cannot_be_laid_over_another_is_refused(bad: tuple, problem: str) -> None:
    good = drawn(("OSH", "reported", square(0)))
    with pytest.raises(ValueError, match=f"v: .*{problem}"):
        holds(good, {"v": drawn(bad)})
    with pytest.raises(ValueError, match=f"hotspots: .*{problem}"):
        holds(drawn(bad), {"v": good})
