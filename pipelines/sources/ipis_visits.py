"""IPIS mine-site visits, the whole curated CSV: the latest visit of each copper-cobalt site."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.reading import parsers
from pipelines.reading.text_tables import read_delimited
from pipelines.source import Field, Raw, Scope, Source, define
from warehouse.inputs import SiteRecords

_MINERALS: Final = ("mineral1", "mineral2", "mineral3")
_SYMBOLS: Final = {"Cobalt": "Co", "Cuivre": "Cu", "Or": "Au", "Fer": "Fe", "Nickel": "Ni", "Zinc": "Zn"}
_WANTED: Final = ("Cobalt", "Cuivre")
_PROVINCES: Final = ("Haut-Katanga", "Lualaba")


def _latest_copper_cobalt(raw: Raw) -> npt.NDArray[np.bool_]:
    """Keep a site's latest visit (the later row where two share a day), if it found copper or cobalt.

    A day that cannot be read may be the latest: that row stays, and its contract speaks.
    """
    frame = raw.frame.apply(lambda cells: cells.str.strip())
    day = parsers.day.parse(frame["visit_date"])
    order = pd.DataFrame({"pcode": frame["pcode"], "day": day}).sort_values("day", kind="stable")
    latest = ~order.dropna().duplicated("pcode", keep="last")
    keeps = pd.Series(day.isna().to_numpy() | (frame["pcode"] == "").to_numpy())
    keeps[latest.index[latest]] = True
    wanted = frame[list(_MINERALS)].isin(_WANTED).any(axis=1) & frame["province"].isin(_PROVINCES)
    return np.array(keeps & wanted, dtype=bool)


def _finish(shaped: pd.DataFrame, raw: Raw) -> pd.DataFrame:
    """Add ids, minerals as symbols, and how well the place is known."""
    minerals = pd.DataFrame({name: raw.frame[name].str.strip().map(_SYMBOLS) for name in _MINERALS})
    listed = [
        "; ".join(dict.fromkeys(str(symbol) for symbol in row if pd.notna(symbol)))
        for row in minerals.itertuples(index=False)
    ]
    is_gps = raw.frame["location_origin"].str.strip() == "GPS"
    return shaped.assign(
        record_id="ipis-" + shaped["publisher_id"],
        minerals=pd.Series([text or None for text in listed], dtype="string"),
        # "Approximation", "GPS (village …)" and the like are near, not exact.
        place_precision=np.where(is_gps, "site", "locality"),
        workers_year=shaped["visited_on"].dt.year.where(shaped["workers_best"].notna()).astype("Int64"),
    )


IPIS_VISITS: Final[Source] = define(
    "ipis_visits",
    "site_records",
    SiteRecords,
    reader=read_delimited,
    fields=(
        Field("publisher_id", "pcode"),
        Field("name", "name"),
        Field("lon", "longitude", parsers.degrees),
        Field("lat", "latitude", parsers.degrees),
        Field("province_reported", "province"),
        Field("territory_reported", "territoire"),
        Field("visited_on", "visit_date", parsers.day),
        Field("workers_best", "workers_numb", parsers.whole),
        Field("verification_reported", "source"),
    ),
    constants={
        "publisher": "IPIS",
        "kind": "unknown",
        "position_is_proxy": False,
        "workers_scope": "site",
        "is_public_record": True,
    },
    finish=_finish,
    also=(*_MINERALS, "location_origin"),
    scope=Scope(
        _latest_copper_cobalt,
        "the latest visit of a copper or cobalt site in Haut-Katanga or Lualaba",
    ),
    about="IPIS mine-site visits, the publisher's curated CSV; latest visit of each copper-cobalt site",
)
