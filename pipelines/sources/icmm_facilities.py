"""ICMM Global Mining Dataset: an Excel workbook of facilities; those of the DRC."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.reading import parsers
from pipelines.reading.workbooks import workbook_reader
from pipelines.source import Field, Raw, Scope, Source, define
from warehouse.inputs import Facilities

_COMMODITIES: Final = ("Primary Commodity", "Secondary Commodity", "Other Commodities")


def _in_the_drc(raw: Raw) -> npt.NDArray[np.bool_]:
    country = raw.frame["Country"].str.strip()
    return np.array(country == "Democratic Republic of the Congo", dtype=bool)


def _listed(rows: pd.DataFrame) -> pd.Series:
    """Return the distinct words of each row, '; '-separated."""
    texts = [
        "; ".join(dict.fromkeys(word.strip() for cell in row for word in cell.split(";") if word.strip()))
        for row in rows.itertuples(index=False)
    ]
    return pd.Series([text or None for text in texts], dtype="string")


def _finish(shaped: pd.DataFrame, raw: Raw) -> pd.DataFrame:
    """Add commodities, other names each once, and how well the place is known."""
    confidence = raw.frame["Confidence Factor"].str.strip()
    return shaped.assign(
        facility_id="icmm-" + shaped["facility_id"],
        aliases=_listed(raw.frame[["Group Names"]]),
        commodities=_listed(raw.frame[list(_COMMODITIES)]),
        # The publisher grades how sure it is of a facility; only the best grade is taken as exact.
        place_precision=np.where(
            shaped["lon"].isna() & shaped["lat"].isna(),
            "none",
            np.where(confidence == "High", "site", "locality"),
        ),
        verification_reported="confidence factor: " + confidence.astype("string"),
    )


ICMM_FACILITIES: Final[Source] = define(
    "icmm_facilities",
    "facilities",
    Facilities,
    reader=workbook_reader("External"),
    fields=(
        Field("facility_id", "ICMMID"),
        Field("name", "Mine Name"),
        Field("lon", "Longitude", parsers.degrees),
        Field("lat", "Latitude", parsers.degrees),
        Field("facility_kind_reported", "Asset Type"),
    ),
    finish=_finish,
    also=("Confidence Factor", "Group Names", "Country", *_COMMODITIES),
    scope=Scope(_in_the_drc, "a facility in the Democratic Republic of the Congo"),
    about="ICMM Global Mining Dataset, Excel workbook; the facilities of the DRC",
)
