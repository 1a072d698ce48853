from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from pipelines.places.overlap import count_concessions, incident_concessions, nearest_zea, site_concessions
from warehouse.derived import IncidentConcessions, SiteConcessions

CONCESSIONS = pd.DataFrame(
    {
        "concession_id": ["PE-2", "PE-1", "ZEA-9", "ZEA-3"],
        "permit_type": ["PE", "PE", "ZEA", "ZEA"],
        "holder": [None, "First SA", None, None],
        "status_reported": ["Actif", None, None, None],
        "geometry": [
            shapely.to_wkb(shapely.box(*box))
            for box in (
                (25.02, -11.0, 25.06, -10.9),
                (25.0, -11.0, 25.04, -10.9),
                (25.2, -11.0, 25.3, -10.9),
                (25.4, -11.0, 25.5, -10.9),
            )
        ],
    }
)
PRECISIONS = ["pit", "site", "locality", "sector", "territory", "province", "none"]


def _sites(*spots: tuple[float | None, float | None], **columns: Any) -> pd.DataFrame:
    sites = pd.DataFrame(
        {
            "site_id": pd.array([f"site-{number}" for number in range(len(spots))], dtype="string"),
            "lon": pd.array([lon for lon, _ in spots], dtype="Float64"),
            "lat": pd.array([lat for _, lat in spots], dtype="Float64"),
            "place_precision": pd.array(["site"] * len(spots), dtype="string"),
            "position_is_proxy": pd.array([False] * len(spots), dtype="boolean"),
        }
    )
    return sites.assign(**columns)


def _titles(sites: pd.DataFrame) -> list[tuple[str, str]]:
    pairs = site_concessions(sites, CONCESSIONS, "2020-01")
    return list(zip(pairs["site_id"], pairs["concession_id"], strict=True))


def test_every_title_the_point_lies_on_is_a_row() -> None:
    sites = _sites((25.01, -10.95), (25.03, -10.95), (25.1, -10.95), (25.25, -10.95), (None, None))
    assert _titles(sites) == [
        ("site-0", "PE-1"),
        ("site-1", "PE-1"),
        ("site-1", "PE-2"),
        ("site-3", "ZEA-9"),
    ]


def test_a_site_on_a_border_lies_on_the_title() -> None:
    assert _titles(_sites((25.02, -10.95), (25.04, -11.0))) == [
        ("site-0", "PE-1"),
        ("site-0", "PE-2"),
        ("site-1", "PE-1"),
        ("site-1", "PE-2"),
    ]


def test_two_sites_at_one_point_have_their_rows_each() -> None:
    assert _titles(_sites((25.01, -10.95), (25.01, -10.95))) == [("site-0", "PE-1"), ("site-1", "PE-1")]


def test_the_rows_keep_their_contract_and_what_the_cadastre_says() -> None:
    pairs = site_concessions(_sites((25.01, -10.95)), CONCESSIONS, "2020-01")
    SiteConcessions.validate(pairs)
    assert pairs.iloc[0].dropna().to_dict() == {
        "site_id": "site-0",
        "concession_id": "PE-1",
        "permit_type": "PE",
        "holder": "First SA",
        "is_certain": True,
        "cadastre_as_of": "2020-01",
    }


def test_a_vague_place_or_a_stand_in_has_its_rows_but_none_is_certain() -> None:
    sites = _sites(
        *[(25.01, -10.95)] * 8, place_precision=[*PRECISIONS, "pit"], position_is_proxy=[False] * 7 + [True]
    )
    certain = site_concessions(sites, CONCESSIONS, "2020-01").set_index("site_id")["is_certain"]
    assert certain.to_dict() == {
        "site-0": True,
        "site-1": True,
        "site-2": False,
        "site-3": False,
        "site-4": False,
        "site-5": False,
        "site-7": False,
    }


def test_titles_are_counted_where_certain_and_unknown_where_vague() -> None:
    spots = [(25.03, -10.95), (25.1, -10.95), (25.03, -10.95), (25.1, -10.95), (25.03, -10.95), (None, None)]
    sites = _sites(
        *spots,
        place_precision=["site", "pit", "locality", "sector", "site", "none"],
        position_is_proxy=[False, False, False, False, True, False],
    )
    counts = count_concessions(sites, site_concessions(sites, CONCESSIONS, "2020-01"))["concession_count"]
    assert str(counts.dtype) == "Int64"
    assert counts.fillna(-1).tolist() == [2, 0, -1, -1, -1, -1]


def test_incidents_have_the_same_rows_under_their_own_id() -> None:
    incidents = _sites((25.03, -10.95), place_precision="sector").rename(columns={"site_id": "incident_id"})
    pairs = incident_concessions(incidents, CONCESSIONS)
    IncidentConcessions.validate(pairs)
    assert pairs.to_numpy().tolist() == [["site-0", "PE-1", False], ["site-0", "PE-2", False]]


def test_a_site_in_a_zone_is_at_no_distance_and_another_is_measured_in_metres() -> None:
    sites = nearest_zea(_sites((25.25, -10.95), (25.19, -10.95), (25.39, -10.95)), CONCESSIONS)
    assert sites["nearest_zea_id"].tolist() == ["ZEA-9", "ZEA-9", "ZEA-3"]
    # 0.01° of longitude at 10.95° south are 1,093 m on the ellipsoid.
    assert sites["nearest_zea_distance_m"].tolist() == [
        0,
        pytest.approx(1093, abs=2),
        pytest.approx(1093, abs=2),
    ]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0]])
def test_half_way_between_two_zones_the_smaller_id_is_nearest(order: list[int]) -> None:
    # On the projected grid the eastern zone is nearer by 13 cm: less than a metre is no difference.
    swapped = CONCESSIONS.assign(concession_id=["PE-2", "PE-1", "ZEA-3", "ZEA-9"])
    middle = nearest_zea(_sites((25.35, -10.95)), swapped.iloc[order])
    assert middle["nearest_zea_id"].tolist() == ["ZEA-3"]


def test_a_distance_is_given_up_to_five_kilometres_of_doubt_and_never_from_a_stand_in() -> None:
    sites = _sites(
        *[(25.19, -10.95)] * 8, place_precision=[*PRECISIONS, "pit"], position_is_proxy=[False] * 7 + [True]
    )
    measured = nearest_zea(sites, CONCESSIONS)
    assert measured["nearest_zea_id"].notna().tolist() == [True, True, True] + [False] * 5
    assert measured["nearest_zea_distance_m"].notna().tolist() == [True, True, True] + [False] * 5


def test_without_zones_titles_or_sites_nothing_fails() -> None:
    no_zones = nearest_zea(_sites((25.19, -10.95)), CONCESSIONS.iloc[:2])
    assert no_zones[["nearest_zea_id", "nearest_zea_distance_m"]].isna().all(axis=None)
    assert len(nearest_zea(_sites(), CONCESSIONS)) == 0
    for sites, titles in ((_sites(), CONCESSIONS), (_sites((25.01, -10.95)), CONCESSIONS.iloc[:0])):
        pairs = site_concessions(sites, titles, "2020-01")
        assert len(SiteConcessions.validate(pairs)) == 0
        assert count_concessions(sites, pairs)["concession_count"].tolist() == [0] * len(sites)


def test_another_order_of_sites_or_titles_gives_the_same_rows() -> None:
    rng = np.random.default_rng(3)
    sites = _sites(*zip(rng.uniform(24.9, 25.6, 60), rng.uniform(-11.0, -10.9, 60), strict=True))
    order = rng.permutation(len(sites))
    mixed, titles = sites.iloc[order], CONCESSIONS.iloc[[2, 0, 3, 1]]
    pairs = site_concessions(sites, CONCESSIONS, "2020-01")
    assert len(pairs) > 10
    pd.testing.assert_frame_equal(site_concessions(mixed, titles, "2020-01"), pairs)
    pd.testing.assert_frame_equal(nearest_zea(mixed, titles), nearest_zea(sites, CONCESSIONS).iloc[order])
    pd.testing.assert_frame_equal(
        count_concessions(mixed, pairs), count_concessions(sites, pairs).iloc[order]
    )
