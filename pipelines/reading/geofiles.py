"""Files of features as they stand: GeoJSON, and a shapefile in a zip.

Attributes are text; the outline is text too, in the column `geometry` (GeoJSON as it came, or WKT for
a shapefile). The "line" of a row is the number of its feature, from 1.
"""

from __future__ import annotations

import json
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyogrio
import pyogrio.errors
import pyogrio.raw
import pyproj
import shapely

from pipelines.reading.text_tables import check_columns, read_head
from pipelines.source import Fault, Raw
from risk.errors import UnreadableFile

GEOMETRY: Final = "geometry"
_AGAIN: Final = "fetch the file again from its publisher"
_LARGEST_UNPACKED: Final = 4 << 30


def read_geojson(path: Path, *, required: tuple[str, ...]) -> Raw:
    """Return the features of a GeoJSON file, one row each.

    Raises UnreadableFile where the file is empty, cut off, no FeatureCollection, in other coordinates
    than longitude and latitude (WGS 84), or lacks a property of `required`.
    """
    if not read_head(path).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        raise UnreadableFile(path.name, "is no GeoJSON (it does not begin with '{')", next_move=_AGAIN)
    content = _load(path)
    _check_crs(path.name, _crs_name(content.get("crs")))
    features = content.get("features")
    if content.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise UnreadableFile(path.name, "holds no FeatureCollection", next_move=_AGAIN)
    faults = tuple(
        Fault(place, "no feature with properties; write it as a GeoJSON Feature", (_as_text(feature),))
        for place, feature in enumerate(features)
        if not _is_feature(feature)
    )
    rows = [_row(feature) if _is_feature(feature) else {} for feature in features]
    names = list(dict.fromkeys(name for row in rows for name in row)) or list(required)
    check_columns(path.name, names, required)
    frame = pd.DataFrame(rows, columns=names, index=range(len(rows))).fillna("").astype("str")
    return Raw(frame, np.arange(1, len(rows) + 1, dtype=np.int64), None, faults)


def _load(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8, which GeoJSON must be (byte {error.start})"
        raise UnreadableFile(path.name, problem, next_move=_AGAIN) from error
    except json.JSONDecodeError as error:
        problem = f"is cut off or damaged ({error.msg}, column {error.colno})"
        raise UnreadableFile(path.name, problem, line=error.lineno, next_move=_AGAIN) from error
    except RecursionError as error:
        raise UnreadableFile(path.name, "is nested too deeply to be GeoJSON", next_move=_AGAIN) from error
    return content if isinstance(content, dict) else {}


def _is_feature(feature: Any) -> bool:
    return isinstance(feature, dict) and isinstance(feature.get("properties"), dict)


def _row(feature: dict[str, Any]) -> dict[str, str]:
    row = {str(name).strip(): _as_text(value) for name, value in feature["properties"].items()}
    row[GEOMETRY] = _as_text(feature.get("geometry"))
    return row


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _crs_name(crs: Any) -> str | None:
    """Return the name in the `crs` member of older GeoJSON; newer files have none and are WGS 84."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return None if crs is None else str(name or crs)


def _check_crs(name: str, crs: str | None) -> None:
    if crs is None:
        return
    try:
        found = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        found = None
    if found is None or not found.equals(pyproj.CRS.from_epsg(4326), ignore_axis_order=True):
        shown = crs if len(crs) < 60 or found is None else found.name
        raise UnreadableFile(
            name,
            f"has its coordinates in {shown}, not in longitude and latitude (EPSG:4326)",
            next_move="reproject it to EPSG:4326, as with ogr2ogr -t_srs EPSG:4326",
        )


def read_zipped_shapefile(path: Path, *, required: tuple[str, ...]) -> Raw:
    """Return the features of the one shapefile in a zip, one row each, outlines as WKT.

    Raises UnreadableFile where the zip is cut off or damaged, holds no shapefile or several, is in
    other coordinates than longitude and latitude, or lacks a field of `required`.
    """
    member = _member(path)
    place = f"/vsizip/{path.resolve()}/{member}"
    try:
        # GDAL warns of rings it had to turn round; outlines are judged later, one by one.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            meta, _, geometry, values = pyogrio.raw.read(place)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
    ) as error:
        raise UnreadableFile(path.name, f"has a damaged shapefile ({error})", next_move=_AGAIN) from error
    if meta["crs"] is None:
        raise UnreadableFile(
            path.name, "does not say its coordinates (.prj is not in it)", next_move="add the .prj file"
        )
    _check_crs(path.name, meta["crs"])
    columns = {str(name): _texts(array) for name, array in zip(meta["fields"], values, strict=True)}
    columns[GEOMETRY] = _wkt(geometry)
    check_columns(path.name, list(columns), required)
    count = len(columns[GEOMETRY])
    return Raw(pd.DataFrame(columns), np.arange(1, count + 1, dtype=np.int64))


def _member(path: Path) -> str:
    """Return the name of the one .shp in the zip, after a check of every part's checksum."""
    if not read_head(path).startswith(b"PK"):
        raise UnreadableFile(path.name, "is no zip", next_move=_AGAIN)
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST_UNPACKED:
                raise UnreadableFile(
                    path.name, "unpacks to more than 4 GB", next_move="check where it is from"
                )
            damaged = archive.testzip()
            shapes = [name for name in archive.namelist() if name.lower().endswith(".shp")]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile(
            path.name, f"is a zip that is cut off or damaged ({error})", next_move=_AGAIN
        ) from error
    if damaged is not None:
        raise UnreadableFile(path.name, f"is a zip whose part {damaged} is damaged", next_move=_AGAIN)
    if len(shapes) != 1:
        found = f"{len(shapes)} shapefiles ({', '.join(shapes)})" if shapes else "no shapefile (.shp)"
        raise UnreadableFile(path.name, f"holds {found}", next_move="give a zip with one shapefile in it")
    return shapes[0]


def _texts(array: Any) -> pd.Series:
    """Return a field as text; numbers without a fraction lose their '.0', days are ISO."""
    series = pd.Series(array)
    if series.dtype.kind == "f":
        series = series.map(lambda value: str(int(value)) if float(value).is_integer() else repr(value))
    elif series.dtype.kind == "M":
        series = series.dt.strftime("%Y-%m-%d")
    return series.astype(object).where(series.notna(), "").astype("str")


def _wkt(geometry: Any) -> pd.Series:
    shapes = shapely.from_wkb(geometry, on_invalid="ignore")
    return pd.Series(shapely.to_wkt(shapes, rounding_precision=-1), dtype=object).fillna("").astype("str")
