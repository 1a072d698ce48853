"""Files of features as they stand."""

import json
import zipfile

import geopandas as gpd
import pytest
import shapely

from pipelines.reading.geofiles import read_geojson, read_zipped_shapefile
from risk.errors import UnreadableFile

SQUARE = {"type": "Polygon", "coordinates": [[[25, -10], [26, -10], [26, -11], [25, -11], [25, -10]]]}


def collection(*features, **more) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def feature(**properties):
    return {"type": "Feature", "properties": properties, "geometry": SQUARE}


def crs(name):
    return {"crs": {"type": "name", "properties": {"name": name}}}


@pytest.fixture
def geojson(tmp_path):
    def read(text: str):
        path = tmp_path / "titles.geojson"
        path.write_text(text, encoding="utf-8")
        return read_geojson(path, required=("Code", "geometry"))

    return read


@pytest.fixture
def shapefile(tmp_path):
    def write(crs="EPSG:4326", names=("areas",), without=()):
        with zipfile.ZipFile(tmp_path / "areas.zip", "w") as archive:
            for name in names:
                frame = gpd.GeoDataFrame(
                    {"CODE": ["CD7101"], "N": [2.0]}, geometry=[shapely.box(25, -11, 26, -10)], crs=crs
                )
                frame.to_file(tmp_path / f"{name}.shp")
                for part in tmp_path.glob(f"{name}.*"):
                    if part.suffix not in {".zip", *without}:
                        archive.write(part, part.name)
        return tmp_path / "areas.zip"

    return write


def read_areas(path):
    return read_zipped_shapefile(path, required=("CODE", "geometry"))


def test_a_feature_is_known_by_its_number(geojson):
    raw = geojson(collection(feature(Code="101", Area=5), feature(Code=None), **crs("EPSG:4326")))
    assert raw.lines.tolist() == [1, 2]
    assert raw.frame["Code"].tolist() == ["101", ""]
    assert raw.frame["Area"].tolist() == ["5", ""]
    assert json.loads(raw.frame.loc[0, "geometry"]) == SQUARE


def test_something_among_the_features_that_is_none_is_a_fault(geojson):
    raw = geojson(collection(feature(Code="101"), "nonsense"))
    assert [fault.position for fault in raw.faults] == [1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (collection(feature(Code="101"))[:-20], "line 1: is cut off or damaged"),
        (collection(feature(Code="101"), **crs("EPSG:32735")), "not in longitude and latitude"),
        (collection(feature(Code="101"), **crs("nonsense")), "coordinates in nonsense"),
        (collection(feature(Other="101")), "lacks the column Code"),
        ('{"type": "Feature"}', "holds no FeatureCollection"),
        ('{"a":' * 50_000, "nested too deeply|cut off or damaged"),
        ("id,name", "is no GeoJSON"),
        ("", "is empty"),
    ],
)
def test_what_is_no_geojson_is_refused(geojson, text, says):
    with pytest.raises(UnreadableFile, match=says):
        geojson(text)


def test_a_shapefile_is_read_out_of_its_zip(shapefile):
    raw = read_areas(shapefile())
    assert raw.frame["CODE"].tolist() == ["CD7101"]
    assert raw.frame["N"].tolist() == ["2"]
    assert shapely.from_wkt(raw.frame.loc[0, "geometry"]).equals(shapely.box(25, -11, 26, -10))


def test_a_zip_cut_off_anywhere_is_refused(shapefile):
    path = shapefile()
    whole = path.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(UnreadableFile, match="cut off or damaged"):
            read_areas(path)


def test_a_zip_with_one_wrong_byte_is_refused(shapefile):
    path = shapefile()
    data = bytearray(path.read_bytes())
    data[100] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(UnreadableFile, match="damaged"):
        read_areas(path)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"without": (".shp",)}, "holds no shapefile"),
        ({"without": (".prj",)}, "does not say its coordinates"),
        ({"without": (".shx", ".dbf")}, "damaged shapefile|lacks the column"),
        ({"names": ("areas", "others")}, "holds 2 shapefiles"),
        ({"crs": "EPSG:32735"}, "not in longitude and latitude"),
    ],
)
def test_a_zip_that_is_no_one_shapefile_is_refused(shapefile, how, says):
    with pytest.raises(UnreadableFile, match=says):
        read_areas(shapefile(**how))
