"""OCHA common operational dataset, administrative level 2: a shapefile in a zip.

Only the territories and cities of the two provinces of the cobalt belt are meant: the other tables know
no others. The areas come without their size and their kind: the size is measured on an equal-area
projection; the six cities are known by their P-codes, since one name may be both a territory and a city.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.reading import outlines
from pipelines.reading.geofiles import GEOMETRY, read_zipped_shapefile
from pipelines.source import Field, Raw, Scope, Source, define
from warehouse.inputs import Territories

_PROVINCES: Final = ("CD71", "CD72")
_CITIES: Final = ("CD7101", "CD7103", "CD7106", "CD7201", "CD7204")
_EQUAL_AREA: Final = "ESRI:54034"


def _of_the_belt(raw: Raw) -> npt.NDArray[np.bool_]:
    return np.array(raw.frame["ADM1_PCODE"].str.strip().isin(_PROVINCES), dtype=bool)


def _finish(shaped: pd.DataFrame, raw: Raw) -> pd.DataFrame:
    """Add the kind and the area in km²."""
    outline = gpd.GeoSeries.from_wkb(shaped["geometry"], crs="EPSG:4326")
    area = outline.to_crs(_EQUAL_AREA).area / 1e6
    is_city = shaped["territory_pcode"].isin(_CITIES)
    return shaped.assign(kind=np.where(is_city, "city", "territory"), area_km2=area.where(outline.notna()))


OCHA_TERRITORIES: Final[Source] = define(
    "ocha_territories",
    "territories",
    Territories,
    reader=read_zipped_shapefile,
    fields=(
        Field("territory_pcode", "ADM2_PCODE"),
        Field("name", "ADM2_FR"),
        Field("province_pcode", "ADM1_PCODE"),
        Field("geometry", GEOMETRY, outlines.wkt_outline),
    ),
    finish=_finish,
    scope=Scope(_of_the_belt, "an area of Haut-Katanga (CD71) or Lualaba (CD72)"),
    about="OCHA administrative areas, level 2, zipped shapefile; the areas of the two provinces",
)
