"""How territories compare: three numbers and never one, no ranking, and what is not known in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import shapely
import streamlit as st
from streamlit.testing.v1 import AppTest

from frame import area_words
from risk.texts import speak
from tests.made_areas import made_rows, publish_areas
from tests.test_pages import opened, said
from warehouse import areas
from warehouse.release import Release


@pytest.fixture(scope="module")
def made_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("areas")


@pytest.fixture(scope="module")
def made(made_dir: Path) -> Release:
    return publish_areas(made_dir)


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    st.cache_data.clear()
    speak("en")


@pytest.fixture
def made_page(made: Release, made_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(made_dir))
    return opened("territories", theme="ENV")


@pytest.fixture
def open_page(open_releases_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(open_releases_dir))
    return opened("territories")


def alts(app: AppTest) -> list[str]:
    """Return what a screen reader says of each map."""
    return [chart.proto.alt for chart in app.get("vega_lite_chart")]


def row_of(app: AppTest, name: str, table: int = 0) -> pd.Series:
    rows = app.dataframe[table].value
    return rows[rows["name"] == name].iloc[0]


def test_a_number_too_weak_for_a_band_is_not_given(made: Release) -> None:
    rows = areas.area_scores(made, "territory").set_index("name")
    assert (
        rows.loc["Gamma", ["mean_score", "mean_score_low", "burden_workers", "burden_workers_high"]]
        .isna()
        .all()
    )
    assert rows.loc["Gamma", "assessed_workers_pct"] == 10
    assert rows.loc["Alpha", "mean_score"] == 62


@pytest.mark.parametrize(
    ("name", "state"), [("Alpha", "shown"), ("Beta", "weak"), ("Gamma", "too_few"), ("Delta", "no_reports")]
)
def test_a_ratio_is_given_only_where_it_is_supported(made: Release, name: str, state: str) -> None:
    row = areas.area_rates(made, "territory", "ENV").set_index("name").loc[name]
    assert row["ratio_state"] == state
    assert row[["rr", "rr_low", "rr_high"]].notna().all() == (state == "shown")


def test_coverage_is_not_nought_where_the_visits_could_not_be_read(made: Release, tmp_path: Path) -> None:
    rows = made_rows()
    rows["loads"] = [row | {"rows_taken": 0 if "site" in row["table_name"] else 80} for row in rows["loads"]]
    found = areas.area_scores(publish_areas(tmp_path, rows), "territory")
    assert found["assessed_workers_pct"].isna().all()


def test_neighbours_keep_one_border_when_they_are_simplified(made: Release) -> None:
    shapes = shapely.from_geojson(areas.area_outlines(made, "territory")["outline"].to_numpy(dtype=object))
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(4)


def test_the_page_shows_three_maps_and_one_table_by_name(made_page: AppTest) -> None:
    assert not made_page.exception
    assert [part.value for part in made_page.subheader] == ["Mean risk", "Burden", "Coverage"]
    table = made_page.dataframe[0].value
    assert table["name"].tolist() == ["Alpha", "Beta", "Delta", "Gamma"]
    assert not {"rank", "total", "index"} & {str(name) for name in table.columns}


def test_each_number_has_its_interval_and_its_grade(made_page: AppTest) -> None:
    row = row_of(made_page, "Alpha")
    assert (row["mean"], row["band"]) == ("62 (50–70)", "high")
    assert row["burden"] == "4,000 (1,000–5,000)"
    assert (row["coverage"], row["grade"]) == ("80\u00a0%", "B – supported")
    assert row["why"] == "too few independent sources"


def test_insufficient_data_is_a_word_with_its_reason(made_page: AppTest) -> None:
    weak, nothing = row_of(made_page, "Gamma"), row_of(made_page, "Delta")
    assert (weak["band"], weak["why"]) == ("insufficient data", "too little recent evidence")
    assert (nothing["band"], nothing["why"]) == ("insufficient data", "not visited")
    assert {weak["mean"], nothing["mean"], weak["burden"], nothing["burden"]} == {"insufficient"}
    assert nothing["coverage"] == "none visited"
    assert nothing["last_visit_on"] == "no visit on record"
    assert nothing["immediate"] == "not visited"


def test_a_burden_of_nought_is_a_word_and_known_of_sites_with_a_score_only(made_page: AppTest) -> None:
    row = row_of(made_page, "Beta")
    assert (row["burden"], row["sites"]) == ("none reaches 70", "12 out of 20")
    (burden,) = (chart for chart in alts(made_page) if "Burden" in chart)
    assert "Beta none reaches 70 at the 12 of 20 sites with a score" in burden
    assert "0–0" not in burden


@pytest.mark.parametrize(
    ("best", "high", "words"),
    [(0.0, 0.0, "none reaches 70"), (0.0, 900.0, "none reaches 70 (0–900)"), (None, None, "insufficient")],
)
def test_a_burden_is_never_a_bare_nought(best: float | None, high: float | None, words: str) -> None:
    row = {"burden_workers": best, "burden_workers_low": best, "burden_workers_high": high}
    assert area_words.burden(row) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "none visited"), (0.2, "under 1 %"), (None, "not known"), (7.1, "7\u00a0%")]
)
def test_a_coverage_is_never_a_bare_nought(share: float | None, words: str) -> None:
    assert area_words.coverage({"assessed_workers_pct": share}) == words


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        (24.9, "low, of what was looked at, with serious findings"),
        (25.0, "low, with serious findings"),
        (None, "low, of what was looked at, with serious findings"),
    ],
)
def test_a_band_says_where_little_was_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, coverage: float | None, words: str
) -> None:
    rows = made_rows()
    rows["area_scores"] = [
        row | {"assessed_workers_pct": coverage} if row["unit_id"] == "CD7102" else row
        for row in rows["area_scores"]
    ]
    publish_areas(tmp_path, rows)
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path))
    app = opened("territories")
    assert not app.exception
    assert row_of(app, "Beta")["band"] == words
    assert row_of(app, "Delta")["band"] == "insufficient data"
    assert f"Beta 10 (5–20), {words}, coverage: " in alts(app)[0]


@pytest.mark.parametrize(
    ("band", "low", "high", "immediate", "words"),
    [
        ("low", 5, 24.4, None, "low"),
        ("low", 5, 24.6, None, "low to medium"),
        ("medium", 17, 44, None, "low to medium"),
        ("medium", 17, 44, 1, "low to medium, with serious findings"),
        ("medium", 31, 49.7, 1, "medium to high"),
        ("high", 20, 80, None, "low to extreme"),
        ("low", None, None, 2, "low, with serious findings"),
        ("insufficient", None, None, 2, "insufficient data"),
    ],
)
def test_a_band_names_what_its_interval_reaches_into(
    band: str, low: float | None, high: float | None, immediate: int | None, words: str
) -> None:
    row = {"band": band, "mean_score_low": low, "mean_score_high": high, "immediate_count": immediate}
    assert area_words.band(row | {"assessed_workers_pct": 60.0}) == words


def test_ground_that_nobody_visited_has_no_band(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made_rows()
    rows["area_scores"] = [
        row | {"assessed_workers_pct": 0.0} if row["unit_id"] == "CD7102" else row
        for row in rows["area_scores"]
    ]
    found = areas.area_scores(publish_areas(tmp_path, rows), "territory").set_index("name").loc["Beta"]
    assert found["band"] == "insufficient"
    assert found[["mean_score", "mean_score_high", "burden_workers"]].isna().all()
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path))
    app = opened("territories")
    row = row_of(app, "Beta")
    assert (row["band"], row["mean"], row["coverage"]) == (
        "insufficient data",
        "insufficient",
        "none visited",
    )
    assert row["why"] == "no site visited in the last 18 months"
    assert "Beta insufficient data (no site visited in the last 18 months)" in alts(app)[0]


def test_workers_are_whole_and_alike_in_both_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = made_rows()
    for table in ("area_scores", "risk_measures"):
        rows[table] = [
            row | {"workers_exposed": 14821.5} if row["unit_id"] == "CD7101" else row for row in rows[table]
        ]
    publish_areas(tmp_path, rows)
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(tmp_path))
    app = opened("territories")
    assert row_of(app, "Alpha")["workers"] == row_of(app, "Alpha", 1)["workers"] == "14,822"


def test_no_average_takes_an_urgent_finding_away(made_page: AppTest) -> None:
    assert row_of(made_page, "Beta")["immediate"] == "▲ 1 finding"
    assert row_of(made_page, "Beta")["band"] == "low, with serious findings"
    assert "**2** with serious findings that ask for an answer at once" in said(made_page)


def test_the_rate_says_why_there_is_none(made_page: AppTest) -> None:
    words = {name: row_of(made_page, name, 1)["rr_interval"] for name in ("Alpha", "Beta", "Gamma", "Delta")}
    assert words == {
        "Alpha": "1.8 to 3.2",
        "Beta": "too weakly supported for a ratio",
        "Gamma": "too few reports for a ratio",
        "Delta": "not reported; not visited either",
    }
    assert row_of(made_page, "Delta", 1)["reports"] == "not reported; not visited either"
    assert "A ratio below 1 is no sign of safety: fewer may report here." in said(made_page)


@pytest.mark.parametrize("grain", ["territory", "province"])
@pytest.mark.parametrize("category", ["ALL", "OSH", "SEC"])
def test_what_no_area_counts_is_what_is_missing_from_their_sum(
    open_release: Release, grain: str, category: str
) -> None:
    row = areas.unplaced_reports(open_release, grain, category).iloc[0]
    counted = areas.area_rates(open_release, grain, category)["events"].fillna(0).sum()
    assert row["event_count"] - row["unplaced_count"] == counted


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 9), None),
        ((1, 9), "1 of 9 reports of the 24 months is placed in no province; the table does not count it."),
        (
            (61, 2201),
            "61 of 2,201 reports of the 24 months are placed in no territory; the table does not count them.",
        ),
    ],
)
def test_reports_in_no_area_are_told(counts: tuple[int, int], words: str | None) -> None:
    grain = "province" if counts[1] == 9 else "territory"

    def draw(missing: int, all_of_them: int, grain: str) -> None:
        import pandas as pd

        from frame import area_rates

        area_rates.unplaced(pd.Series({"unplaced_count": missing, "event_count": all_of_them}), grain)

    app = AppTest.from_function(draw, args=(*counts, grain)).run()
    assert [part.value for part in app.caption] == ([words] if words else [])


def test_provinces_are_compared_alike(made: Release, made_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALT_RELEASES_DIR", str(made_dir))
    app = opened("territories", grain="province")
    assert not app.exception
    assert app.dataframe[0].value["name"].tolist() == ["North", "South"]


def test_the_open_edition_says_that_nobody_looked(open_page: AppTest) -> None:
    assert not open_page.exception
    words = said(open_page)
    assert "**0** of 16 areas with a mean risk" in words
    assert "No site was visited in the 24 months" in words
    assert "no sign of safety" in words
    assert set(open_page.dataframe[0].value["band"]) == {"insufficient data"}
    assert set(open_page.dataframe[0].value["mean"]) == {"insufficient"}
    assert set(open_page.dataframe[0].value["coverage"]) == {"none visited", "not known"}
