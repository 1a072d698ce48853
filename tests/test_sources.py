"""Each publisher's own format, in ten-line samples of it; whole files where the machine has them."""

import json
import os
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.checks.checking import check, summary
from pipelines.edition import load_edition
from pipelines.reading.workbooks import workbook_reader
from pipelines.source import Fault, Raw
from pipelines.sources import SOURCES
from pipelines.sources.cami_titles import holder_that_is_no_person
from risk.errors import UnreadableFile

OPEN = Path(__file__).resolve().parent.parent / "data" / "open"


@pytest.fixture(scope="session")
def whole_files():
    folder = os.environ.get("COBALT_SAMPLE_FILES")
    if not folder:
        pytest.skip("COBALT_SAMPLE_FILES is not set: whole publishers' files are not at hand")
    return Path(folder)


def test_a_source_is_registered_under_its_own_name():
    assert all(name == source.name for name, source in SOURCES.items())


@pytest.mark.parametrize("given", load_edition(OPEN).inputs, ids=lambda given: given.source)
def test_every_row_of_the_open_edition_keeps_its_contract(given):
    found = check(SOURCES[given.source], given.path)
    assert found.rows_rejected == 0, found.rejected[["line", "column_name", "reason"]].to_string()


def test_the_toll_of_the_open_edition_is_273():
    taken = check(SOURCES["incidents"], OPEN / "incidents.csv").taken
    assert int(taken.loc[taken["counts_in_toll"], "killed_best"].sum()) == 273


JUNK = """
x|-1|25.4|-10.7|none|site|yes|2025-01-01|2025-13-01|Cuivre|GPS|Lualaba|PE|CD71|CD7101|−5|1,234|POLYGON EMPTY|{
POLYGON ((25 -10, 26 -11, 26 -10, 25 -11, 25 -10))|{"type": "Point"}|Democratic Republic of the Congo|;'"<
"""
CELLS = st.sampled_from(["", " ", "9" * 30, *re.split(r"[|\n]", JUNK.strip())])


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_no_content_makes_a_source_raise_or_lose_a_row(source, data):
    names = list(dict.fromkeys((*(field.theirs for field in source.fields), *source.also)))
    row = st.tuples(*[CELLS] * len(names))
    rows = data.draw(st.lists(row, max_size=5))
    frame = pd.DataFrame(rows, columns=names, dtype="str")
    raw = Raw(frame, np.arange(2, len(rows) + 2), None, (Fault(0, "broken", ("x",)),) if rows else ())
    assert len(source.shape(raw)) == len(rows)
    found = check(replace(source, read=lambda path: raw), Path("sample.csv"))
    assert found.rows_in == len(found.taken) + found.rejected["line"].nunique()
    assert found.rows_in == len(rows) or source.scope is not None
    assert isinstance(summary(found), str)


def ipis(tmp_path, *rows):
    names = "vid,pcode,name,visit_date,longitude,latitude,province,territoire,workers_numb,source"
    names += ",location_origin,mineral1,mineral2,mineral3"
    path = tmp_path / "visits.csv"
    path.write_text("\n".join([names, *rows]), encoding="utf-8")
    return check(SOURCES["ipis_visits"], path)


def test_the_latest_visit_of_an_ipis_site_speaks(tmp_path):
    found = ipis(
        tmp_path,
        "1,p1,Old,2019-01-01,25.4,-10.7,Lualaba,T,8000.0,S,GPS,Cuivre,Cobalt,",
        "2,p1,New,2020-01-01,25.4,-10.7,Lualaba,T,50,S,Approximation,Cuivre,,",
        "3,p2,Left,2019-01-01,25.4,-10.7,Lualaba,T,8000.0,S,GPS,Cobalt,,",
        "4,p2,Gold now,2020-01-01,25.4,-10.7,Lualaba,T,,S,GPS,Or,,",
        "5,p3,Elsewhere,2020-01-01,28.4,-2.7,Sud-Kivu,T,,S,GPS,Cuivre,,",
        "6,p4,Both,2020-05-01,25.4,-10.7,Lualaba,T,8000.0,S,GPS,Cuivre,Cobalt,Or",
    )
    assert found.taken["record_id"].tolist() == ["ipis-p1", "ipis-p4"]
    assert found.taken["name"].tolist() == ["New", "Both"]
    assert found.taken["minerals"].tolist() == ["Cu", "Cu; Co; Au"]
    assert found.taken["workers_best"].tolist() == [50, 8000]
    assert found.taken["place_precision"].tolist() == ["locality", "site"]
    assert found.lines.tolist() == [3, 7]
    assert found.remarks.startswith("4 of 6 rows are not the latest visit")


def test_an_ipis_visit_without_a_day_is_set_aside_not_dropped(tmp_path):
    found = ipis(tmp_path, "1,p1,A,01/01/2019,25.4,-10.7,Lualaba,T,1,S,GPS,Cuivre,,")
    assert found.rejected["column_name"].tolist() == ["visit_date"]


def cami(tmp_path, *features):
    path = tmp_path / "titles.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return check(SOURCES["cami_titles"], path)


def title(code="101", kind="PE", holder="EXEMPLE MINING SARL (100%)", x=25.0, y=-10.0, area="5 cu"):
    ring = [[x, y], [x + 0.1, y], [x + 0.1, y - 0.1], [x, y - 0.1], [x, y]]
    return {
        "type": "Feature",
        "properties": {"Code": code, "Licence_": kind, "Parties": holder, "Status": "Actif", "Area": area},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_titles_and_zones_of_the_cadastre_get_our_ids_and_codes(tmp_path):
    taken = cami(tmp_path, title(), title("7", "AECP (Car)"), title("ZEA-005", "ZEA", holder=None)).taken
    assert taken["concession_id"].tolist() == ["PE-101", "AECP-7", "ZEA-005"]
    assert taken["squares"].tolist() == [5, 5, 5]


def test_a_holder_who_may_be_a_person_is_never_kept(tmp_path):
    found = cami(
        tmp_path,
        title("1", holder="Personne Fictive (100%)"),
        title("2", holder="EXEMPLE SARL (60%), Personne Fictive (40%)"),
        title("3", holder="Personne Fictive (100%)", kind="nonsense"),
    )
    assert found.taken["holder"].isna().tolist() == [True, False]
    assert found.taken.loc[1, "holder"] == "EXEMPLE SARL (60%)"
    for frame in (found.taken, found.rejected):
        assert not frame.map(lambda cell: "Fictive" in str(cell)).any(axis=None)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("EXEMPLE S.A. (100%)", "EXEMPLE S.A. (100%)"),
        ("SOCIÉTÉ EXEMPLE", "SOCIÉTÉ EXEMPLE"),
        ("EXEMPLE SARL , Personne Fictive (100%)", "EXEMPLE SARL (100%)"),
        ("Personnesarl Fictivesa (100%)", None),
        ("", None),
    ],
)
def test_a_body_is_known_by_its_legal_form_or_a_company_word(cell, kept):
    assert holder_that_is_no_person(cell) == kept


def test_titles_given_twice_or_far_away_are_set_aside(tmp_path):
    found = cami(tmp_path, title(), title(), title("102", x=6.7, y=-21.0))
    assert found.rejected["line"].tolist() == [2, 3]
    assert found.rejected.loc[0, "value"] == "PE-101"


def test_territories_of_the_belt_come_with_kind_and_area(tmp_path):
    areas = gpd.GeoDataFrame(
        {
            "ADM2_PCODE": ["CD7103", "CD7102", "CD8202"],
            "ADM2_FR": ["Kipushi", "Kipushi", "Ailleurs"],
            "ADM1_PCODE": ["CD71", "CD71", "CD82"],
        },
        geometry=[shapely.box(27, -12, 28, -11)] * 3,
        crs="EPSG:4326",
    )
    areas.to_file(tmp_path / "areas.shp")
    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as archive:
        for part in tmp_path.glob("areas.[!z]*"):
            archive.write(part, part.name)
    taken = check(SOURCES["ocha_territories"], tmp_path / "areas.zip").taken
    assert taken["kind"].tolist() == ["city", "territory"]
    # A square degree at 11.5° south: 110.6 km × 109.1 km.
    assert taken["area_km2"].tolist() == pytest.approx([12_070, 12_070], rel=0.002)


def write_workbook(path, sheet, rows):
    """Write the smallest .xlsx there is: one sheet, text in its cells."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
        for row in rows
    )
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{mime}.sheet.main+xml"/>'
        f'<Override PartName="/xl/s.xml" ContentType="{mime}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        f'<sheet name="{sheet}" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="s.xml"/></Relationships>',
        "xl/s.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


ICMM = ("ICMMID", "Confidence Factor", "Mine Name ", "Group Names", "Latitude", "Longitude", "Asset Type")
ICMM += ("Country", "Primary Commodity", "Secondary Commodity", "Other Commodities")


def test_facilities_of_the_drc_are_read_with_the_minus_sign(tmp_path):
    drc = "Democratic Republic of the Congo"
    rows = [
        ICMM,
        ("I1", "High", "A", "A;B;A", "−10.7", "25.4", "Mine", drc, "copper", "cobalt", "gold;copper"),
        ("I2", "Very Low", "B", "", "25.4", "-10.7", "Mine", drc, "copper", "", ""),
        ("I3", "High", "C", "", "-4.4", "13.8", "Mine", "Republic of the Congo", "lead", "", ""),
    ]
    write_workbook(tmp_path / "book.xlsx", "External", rows)
    found = check(SOURCES["icmm_facilities"], tmp_path / "book.xlsx")
    assert found.rows_in == 2
    facility = found.taken.iloc[0]
    assert facility[["facility_id", "lat", "aliases", "commodities", "place_precision"]].tolist() == [
        "icmm-I1",
        -10.7,
        "A; B",
        "copper; cobalt; gold",
        "site",
    ]
    assert found.rejected["line"].tolist() == [3]
    assert found.rejected.loc[0, "reason"].endswith("swapped?")


def test_a_workbook_without_the_sheet_is_refused(tmp_path):
    write_workbook(tmp_path / "book.xlsx", "Other", [ICMM])
    with pytest.raises(UnreadableFile, match="has no sheet 'External'; it has Other"):
        check(SOURCES["icmm_facilities"], tmp_path / "book.xlsx")


def test_all_titles_of_the_cadastre_are_read(whole_files):
    found = check(SOURCES["cami_titles"], whole_files / "cami_titles_2020.geojson")
    assert (found.rows_in, len(found.taken)) == (3466, 3463)
    assert found.rejected["line"].tolist() == [69, 772, 877]


def test_all_zones_of_the_cadastre_are_read(whole_files):
    found = check(SOURCES["cami_titles"], whole_files / "cami_zea_2020.geojson")
    assert (found.rows_in, len(found.taken)) == (461, 461)


def test_the_copper_cobalt_sites_of_ipis_are_those_of_our_table(whole_files):
    visits = whole_files / "ipis_cod_mines_curated_all_opendata_2023-06.csv"
    found = check(SOURCES["ipis_visits"], visits).taken
    ours = check(SOURCES["ipis_sites"], OPEN / "ipis_sites.csv").taken
    columns = ["record_id", "lon", "lat", "minerals", "visited_on", "workers_best"]
    found, ours = (frame.sort_values("record_id", ignore_index=True)[columns] for frame in (found, ours))
    assert found.equals(ours)


def test_the_areas_of_the_two_provinces_are_those_of_our_table(whole_files):
    found = check(SOURCES["ocha_territories"], whole_files / "cod_admbnda_adm2_rgc_20170711.zip").taken
    ours = check(SOURCES["territories"], OPEN / "territories.csv").taken
    columns = ["territory_pcode", "name", "kind", "province_pcode"]
    found, ours = (frame.sort_values("territory_pcode", ignore_index=True) for frame in (found, ours))
    assert found[columns].equals(ours[columns])
    assert found["area_km2"].tolist() == pytest.approx(ours["area_km2"].tolist(), rel=0.01, abs=1)


def test_the_facilities_of_the_drc_are_read_from_the_workbook(whole_files):
    found = check(SOURCES["icmm_facilities"], whole_files / "icmm_global_mining_dataset_2025-09.xlsx")
    assert (found.rows_in, len(found.taken)) == (43, 43)


def test_the_minus_sign_of_the_workbook_is_read(whole_files):
    path = whole_files / "icmm_global_mining_dataset_2025-09.xlsx"
    source = SOURCES["icmm_facilities"]
    raw = source.read(path)
    signed = raw.frame["Latitude"].str.contains("−")
    assert signed.any()
    assert (source.shape(raw).loc[signed, "lat"] < 0).all()


@pytest.mark.parametrize("data", [b"PK\x03\x04 cut off", b"no workbook at all"])
def test_what_is_no_workbook_is_refused(tmp_path, data):
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=r"damaged or cut off|no Excel workbook"):
        workbook_reader("External")(path, required=())
