"""Who is exposed: what was reported, what stands in for it, and what is not known."""

from __future__ import annotations

import pandas as pd
import pytest

from risk.exposure import site_exposure
from warehouse.release import Release


def sites(*rows: tuple[str, str, int | None]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["site_id", "kind", "workers"])
    return frame.astype({"workers": "Int64"})


def exposed(frame: pd.DataFrame) -> dict[str, tuple[float | None, str]]:
    found = site_exposure(frame)
    return {
        row.site_id: (None if pd.isna(row.workers_exposed) else row.workers_exposed, row.exposure_state)
        for row in found.itertuples()
    }


def placed(*rows: tuple[str, str, float | None, str, str]) -> pd.DataFrame:
    columns = ["site_id", "cell", "workers_exposed", "exposure_state", "place_precision"]
    return pd.DataFrame(list(rows), columns=columns).astype({"workers_exposed": "Float64"})


def test_a_reported_figure_stands() -> None:
    assert exposed(sites(("a", "shaft", 120))) == {"a": (120, "reported")}


def test_a_site_without_a_figure_gets_the_median_of_working_sites_of_its_kind() -> None:
    found = exposed(
        sites(
            ("a", "shaft", 100),
            ("b", "shaft", 300),
            ("c", "shaft", 0),
            ("d", "shaft", None),
            ("e", "depot", 5),
        )
    )
    assert found["d"] == (200, "imputed")


def test_a_kind_without_figures_gets_the_median_of_all_kinds() -> None:
    found = exposed(sites(("a", "shaft", 100), ("b", "depot", 20), ("c", "washing", None)))
    assert found["c"] == (60, "imputed")


def test_a_published_zero_is_idle_and_exposes_nobody() -> None:
    assert exposed(sites(("a", "shaft", 0), ("b", "shaft", 10)))["a"] == (None, "idle")


def test_where_no_site_has_a_figure_nothing_is_invented() -> None:
    assert exposed(sites(("a", "shaft", None), ("b", "shaft", 0))) == {
        "a": (None, "unknown"),
        "b": (None, "idle"),
    }


def test_an_imputed_number_stays_within_the_published_range() -> None:
    frame = sites(("a", "shaft", 100), ("b", "shaft", None), ("c", "shaft", None), ("d", "shaft", None))
    frame["workers_low"] = pd.array([None, 2000, 50, None], dtype="Int64")
    frame["workers_high"] = pd.array([None, 3000, 80, 0], dtype="Int64")
    found = exposed(frame)
    assert (found["b"], found["c"]) == ((2000, "imputed"), (80, "imputed"))
    assert found["d"] == (None, "idle")


def test_a_kind_that_is_missing_is_the_kind_unknown() -> None:
    frame = sites(("a", "unknown", 40), ("b", "shaft", 100), ("c", "unknown", None))
    frame["kind"] = frame["kind"].astype("string").mask(frame["site_id"] == "c")
    assert exposed(frame)["c"] == (40, "imputed")


def test_the_order_of_sites_does_not_matter() -> None:
    frame = sites(("a", "shaft", 100), ("b", "shaft", None), ("c", "depot", None), ("d", "shaft", 7))
    assert exposed(frame) == exposed(frame.iloc[::-1])
    assert site_exposure(frame.iloc[::-1])["site_id"].tolist() == ["d", "c", "b", "a"]


def test_no_site_gives_no_row() -> None:
    found = site_exposure(sites())
    assert found.empty
    assert list(found) == ["site_id", "workers_exposed", "exposure_state"]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (sites(("a", "shaft", -1)), "site a: workers is below 0"),
        (sites(("a", "shaft", 1), ("a", "shaft", 2)), "stands twice"),
    ],
)
def test_an_impossible_figure_is_refused(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        site_exposure(frame)


def test_the_open_edition_exposes_its_sites(
    open_release: Release,
) -> None:
    rows = open_release.query("SELECT * FROM sites")
    found = rows.merge(site_exposure(rows), on="site_id")
    states = found["exposure_state"].value_counts()
    assert states["reported"] == (rows["workers"] > 0).sum()
    assert states["idle"] == (rows["workers"] == 0).sum()
    assert found["workers_exposed"].notna().sum() == len(rows) - states["idle"]
