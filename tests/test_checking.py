"""Files held to their contracts."""

import json

import pytest

from pipelines.checks.checking import check
from pipelines.checks.rejecting import MASK, NOT_READ
from pipelines.checks.reporting import summary
from pipelines.sources import SOURCES

PLACES = "place_id,name,kind_reported,province_reported,territory_reported,lon,lat,place_precision"
PLACES += ",position_is_proxy,note,verification_reported"


@pytest.fixture
def checked(tmp_path):
    def write(source, *rows, header=None, encoding="utf-8", end="\n"):
        path = tmp_path / f"{source}.csv"
        columns = header or ",".join(field.theirs for field in SOURCES[source].fields)
        lines = dict.fromkeys(columns.split(","))
        path.write_text(end.join([",".join(lines), *rows]) + end, encoding=encoding, newline="")
        return check(SOURCES[source], path)

    return write


def place(place_id="plc-a", lon="25.4", lat="-10.7", precision="site", name="Aye"):
    return f'{place_id},{name},,,,"{lon}","{lat}",{precision},no,,'


@pytest.fixture
def places(checked):
    return lambda *rows, **how: checked("places", *rows, header=PLACES, **how)


def faults(found):
    return [
        (fault.line, fault.column_name, fault.value, fault.reason) for fault in found.rejected.itertuples()
    ]


def test_sound_rows_are_all_taken(places):
    found = places(place(), place("plc-b"), encoding="utf-8-sig", end="\r\n")
    assert (found.rows_in, len(found.taken), len(found.rejected)) == (2, 2, 0)
    assert found.lines.tolist() == [2, 3]
    assert found.state == "loaded"


def test_swapped_coordinates_are_recognised(places):
    found = places(place(lon="-10.7", lat="25.4"), place("plc-b", lon="2.3", lat="48.9"))
    assert faults(found) == [
        (2, "lon, lat", "-10.7, 25.4", "outside the DRC; are longitude and latitude swapped?"),
        (3, "lon, lat", "2.3, 48.9", "outside the DRC; correct the position"),
    ]


def test_positions_are_held_to_the_bounds_of_their_edition(tmp_path):
    path = tmp_path / "places.csv"
    rows = (place(lon="26.4", lat="-39"), place("plc-b"), place("plc-c", lon="-39", lat="26.4"))
    path.write_text("\n".join([PLACES, *rows]) + "\n", encoding="utf-8")
    found = check(SOURCES["places"], path, (24.6, -40.0, 28.3, -38.0))
    assert found.taken["place_id"].tolist() == ["plc-a"]
    assert [reason for *_, reason in faults(found)] == [
        "outside the area of this edition; correct the position",
        "outside the area of this edition; are longitude and latitude swapped?",
    ]


def test_decimal_commas_and_the_minus_sign_are_read(places):
    found = places(place(lon="25,4889", lat="−10,7016"))
    assert found.taken.loc[0, ["lon", "lat"]].tolist() == [25.4889, -10.7016]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (place(lat=""), "a longitude without its latitude; give both or neither"),
        (place(lon=""), "a latitude without its longitude; give both or neither"),
        (place(precision="none"), "a position whose precision is 'none'"),
        (place(lon="", lat=""), "a precision without a position"),
        (place(precision="exact"), "not one of pit, site, locality, sector, territory, province, none"),
        (place(name=""), "empty; a value must be given"),
        (place(lon="east"), "no decimal degrees"),
        (place(lat="-95"), "below -90, the least allowed"),
        ("plc-a,Aye", "a row of 2 cells under a header of 11"),
    ],
)
def test_each_broken_promise_has_its_one_reason(places, row, reason):
    found = places(place("plc-z"), row)
    assert [line for line, *_ in faults(found)] == [3]
    assert faults(found)[0][3].startswith(reason)
    assert (found.rows_in, len(found.taken)) == (2, 1)


def test_a_place_known_only_by_its_territory_needs_no_point(places):
    assert len(places(place(lon="", lat="", precision="territory")).taken) == 1


def test_of_two_rows_with_one_id_the_first_stays(places):
    found = places(place(name="First"), "", place(name="Second"))
    assert found.taken["name"].tolist() == ["First"]
    assert faults(found) == [
        (4, "place_id", "plc-a", "in use since line 2; give this row its own, or remove it")
    ]


def test_a_row_set_aside_does_not_take_the_id_from_a_sound_one(places):
    found = places(place(name="First", lat="north"), place(name="Second"))
    assert found.taken["name"].tolist() == ["Second"]


def test_a_row_with_several_faults_is_one_row_set_aside(places):
    found = places(place(name="", lat="north", precision="exact"))
    assert len(found.rejected) == 3
    assert (found.rows_in, found.rows_rejected) == (1, 1)


def test_a_header_alone_is_none_found(places):
    found = places()
    assert (found.state, found.rows_in) == ("none_found", 0)
    assert summary(found) == "places.csv: a header and no row; nothing to take"


def test_columns_nobody_has_looked_at_are_not_shown(checked):
    found = checked("places", place(precision="exact") + ",somebody", header=f"{PLACES},contact")
    assert json.loads(found.rejected.loc[0, "row_text"])["contact"] == NOT_READ


def test_columns_that_may_name_a_person_are_masked(checked):
    header = "concession_id,title_number,permit_type,status_reported,holder,squares,wkt"
    rows = ("PE-1,1,PX,Actif,Personne Fictive,4,", "PE-2,2,PE,Actif,Personne Fictive")
    found = checked("concessions", *rows, header=header)
    assert found.rows_rejected == 2
    assert not found.rejected.map(lambda cell: "Fictive" in str(cell)).any(axis=None)
    assert json.loads(found.rejected.loc[0, "row_text"])["holder"] == MASK


def test_an_outline_that_crosses_itself_is_set_aside(checked):
    bow_tie = '"POLYGON ((25 -10, 26 -11, 26 -10, 25 -11, 25 -10))"'
    swapped = '"POLYGON ((-10 25, -10 26, -11 26, -11 25, -10 25))"'
    header = "concession_id,title_number,permit_type,status_reported,holder,squares,wkt"
    found = checked("concessions", f"PE-1,1,PE,,,4,{bow_tie}", f"PE-2,2,PE,,,4,{swapped}", header=header)
    reasons = found.rejected["reason"].tolist()
    assert "Self-intersection" in reasons[0]
    assert reasons[1] == "outside the DRC; are longitude and latitude swapped?"


def incident(**cells):
    row = {
        "incident_id": "inc-a",
        "summary": "A wall of earth fell.",
        "category_reported": "pit_collapse",
        "record_kind": "event",
        "verification_reported": "single_source",
        "source_count": "1",
        "date_start": "2025-02-01",
        "date_end": "2025-02-01",
        "date_precision": "day",
        "lon": "25.4",
        "lat": "-10.7",
        "place_precision_reported": "village",
        "position_is_proxy": "no",
        "killed_low": "1",
        "killed_best": "2",
        "killed_high": "3",
    } | cells
    names = dict.fromkeys(field.theirs for field in SOURCES["incidents"].fields)
    return ",".join(row.get(name, "") for name in names)


def test_the_codes_of_an_incident_are_derived_from_the_compilers_words(checked):
    taken = checked("incidents", incident()).taken.iloc[0]
    assert taken[["category", "severity", "verification", "place_precision"]].tolist() == [
        "OSH",
        5,
        "single_source",
        "locality",
    ]
    assert not taken["has_children"]
    assert not taken["counts_in_toll"]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"date_start": "31/12/2025"}, "date_start", "not a date; write YYYY-MM-DD"),
        ({"date_start": "2025-13-01"}, "date_start", "no day of the calendar; write YYYY-MM-DD"),
        ({"date_end": "2025-01-31"}, "date_end, date_start", "the wrong way round: date_end is before"),
        (
            {"killed_low": "3"},
            "killed_low, killed_best",
            "the wrong way round: killed_low is above killed_best",
        ),
        ({"killed_best": "", "killed_low": "4"}, "killed_low, killed_high", "the wrong way round"),
        ({"killed_low": "some"}, "killed_low", "not a whole number"),
        (
            {"category_reported": "unheard_of"},
            "category_reported",
            "no word known here; known are air_pollution",
        ),
        ({"verification_reported": "sure"}, "verification_reported", "no word known here"),
        ({"children_reported": "perhaps"}, "children_reported", "neither yes, no nor a number"),
        ({"source_count": ""}, "source_count", "empty; a value must be given"),
        ({"source_count": "0"}, "source_count", "below 1, the least allowed"),
    ],
)
def test_an_incident_that_breaks_its_contract_is_set_aside_in_the_publishers_words(
    checked, cells, column, reason
):
    found = checked("incidents", incident(**cells))
    assert found.rows_rejected == 1
    [(line, name, _, why)] = faults(found)
    assert (line, name) == (2, column)
    assert why.startswith(reason)


def test_a_refiner_may_stand_anywhere_in_the_world(checked):
    names = [field.theirs for field in SOURCES["refiners"].fields]
    cells = {"refiner_id": "r", "name": "R", "country": "FIN", "kind": "fine", "lon": "23", "lat": "63"}
    cells |= {"place_precision": "site", "rmap_status": "not_reported"}
    assert len(checked("refiners", ",".join(cells.get(name, "") for name in names)).taken) == 1


def test_the_summary_says_what_stands_and_where_to_look(checked):
    found = checked("incidents", incident(), incident(incident_id="b", date_start="31/02/2025"))
    assert summary(found).splitlines() == [
        "incidents.csv: 1 of 2 rows breaks its contract and was set aside; 1 was taken",
        "  line 3: date_start is '31/02/2025', not a date; write YYYY-MM-DD",
        "  See it whole, as it came: cobalt rejected --table incidents",
    ]


def test_a_pair_of_records_is_the_same_the_other_way_round(checked):
    header = "record_a,record_b,decision,reason,reviewed_on"
    found = checked(
        "site_matches",
        "a,b,same,x,2026-01-01",
        "b,a,different,x,2026-01-01",
        "c,c,same,x,2026-01-01",
        header=header,
    )
    assert sorted(found.rejected["line"]) == [3, 4]
