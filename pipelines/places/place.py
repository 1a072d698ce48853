"""Place: which province, territory and cells a row lies in, and what may be drawn for it.

Rules where outlines leave a doubt. They are generalised: territories to 0.01°, provinces to 0.03°.
1. A point in a territory, or on its border, has that territory and the territory's province; on a
   border of several the smallest P-code.
2. A point in none of them, but in a province whose territories the table does not hold, has that
   province and no territory.
3. Any other point is in a gap, or just beyond the outer border: it has the nearest territory within
   2 km, the smallest P-code of several at the same metre.
4. Further off it has the province whose coarser outline it lies in, else the nearest within 2 km,
   else none.
Nothing more precise than the publication is added: a row known to its province only has no
territory, and a point that is a stand-in never stands for the title it happens to lie on.
"""

from __future__ import annotations

from typing import Any, Final

import h3
import numpy as np
import pandas as pd

from pipelines.places import territory_names
from pipelines.places.locating import (
    NOWHERE,
    Flags,
    Indices,
    Outlines,
    Points,
    areas_m2,
    first_inside,
    nearest,
    outlines,
    pairs_inside,
    points,
)
from risk.vocabulary import EXACT_PRECISIONS, PLACE_PRECISIONS

GAP_M: Final = 2_000
CELL_RESOLUTIONS: Final = (4, 5, 6, 7)
# Titles that are mines: research permits and zones are no place a publisher means by "concession".
MINE_PERMITS: Final = frozenset({"PE", "PER", "PEPM"})


def place(
    rows: pd.DataFrame,
    territories: pd.DataFrame,
    provinces: pd.DataFrame,
    concessions: pd.DataFrame,
) -> pd.DataFrame:
    """Return `rows` with the columns of contract `Placed`; order, length and index stay as they are.

    `rows` has lon and lat (degrees), place_precision, position_is_proxy, territory_reported and,
    where a publisher's own word for the precision is kept, place_precision_reported. The other three
    are the tables of their contracts. A row without a position, or with precision `none`, has every
    column missing and extent_kind `none`. Raises KeyError where a column is not there.
    """
    positions = points(rows)
    areas = _areas(positions, outlines(territories, "territory_pcode"), provinces)
    placed = {name: _each_row(values, positions.of_row) for name, values in areas.items()}
    precision = rows["place_precision"].astype("string").fillna("none").to_numpy(dtype=object)
    kind = placed.pop("territory_kind")
    for values in (placed["territory_pcode"], placed["territory"], kind):
        values[precision == "province"] = pd.NA
    placed["has_other_territory"] = territory_names.names_other(
        rows["territory_reported"], pd.Series(placed["territory"]), pd.Series(kind)
    ).array
    for resolution in CELL_RESOLUTIONS:
        placed[f"h3_r{resolution}"] = _each_row(_cells(positions, resolution), positions.of_row)
    titles = outlines(concessions[concessions["permit_type"].isin(MINE_PERMITS)], "concession_id")
    placed |= _extents(rows, positions, precision, placed, titles)
    return rows.assign(**placed)


def is_exact(rows: pd.DataFrame) -> Flags:
    """Return for each row whether its position is there, known to 1 km, and no stand-in.

    A stand-in that is neither admitted nor denied counts as one.
    """
    is_near = rows["place_precision"].isin(EXACT_PRECISIONS).to_numpy(dtype=bool)
    exact: Flags = (points(rows).of_row != NOWHERE) & is_near & ~_is_proxy(rows)
    return exact


def _areas(positions: Points, territories: Outlines, provinces: pd.DataFrame) -> dict[str, Any]:
    """Return province and territory of each distinct position, after the rules above."""
    lon, lat = positions.lon, positions.lat
    borders = outlines(provinces, "province_pcode")
    territory = first_inside(lon, lat, territories)
    province = np.full(len(lon), NOWHERE, dtype=np.intp)
    outside = np.flatnonzero(territory == NOWHERE)
    province[outside] = first_inside(lon[outside], lat[outside], borders)
    divided = np.isin(borders.keys, territories.rows["province_pcode"].to_numpy(dtype=object))
    # NOWHERE looks up the last element: no province at all is a gap, too.
    gaps = outside[np.append(divided, True)[province[outside]]]
    territory[gaps] = nearest(lon[gaps], lat[gaps], territories, GAP_M)[0]
    adrift = np.flatnonzero((territory == NOWHERE) & (province == NOWHERE))
    province[adrift] = nearest(lon[adrift], lat[adrift], borders, GAP_M)[0]

    pcode = _taken(borders.keys, province)
    of_territory = _taken(territories.rows["province_pcode"], territory)
    pcode[territory != NOWHERE] = of_territory[territory != NOWHERE]
    names = pd.Index(provinces["province_pcode"].astype("string")).get_indexer(pd.Index(pcode))
    return {
        "province_pcode": pcode,
        "province": _taken(provinces["name"], np.where(pd.isna(pcode), NOWHERE, names)),
        "territory_pcode": _taken(territories.keys, territory),
        "territory": _taken(territories.rows["name"], territory),
        "territory_kind": _taken(territories.rows["kind"], territory),
    }


def _cells(positions: Points, resolution: int) -> Any:
    """Return the H3 cell of each distinct position; parents would not do, cells do not nest exactly."""
    spots = zip(positions.lat.tolist(), positions.lon.tolist(), strict=True)
    return pd.array([h3.latlng_to_cell(lat, lon, resolution) for lat, lon in spots], dtype="string")


def _extents(
    rows: pd.DataFrame, positions: Points, precision: Any, placed: dict[str, Any], titles: Outlines
) -> dict[str, Any]:
    """Return what is drawn for each row: kind of extent, radius of a disc, title of an outline."""
    has_position = positions.of_row != NOWHERE
    radius_m = pd.Series(precision).map({p.code: p.radius_m for p in PLACE_PRECISIONS.values()})
    title = _titles_meant(rows, positions, precision, titles)
    has_territory, has_province = ~pd.isna(placed["territory_pcode"]), ~pd.isna(placed["province_pcode"])
    is_area = np.isin(precision, ["territory", "province"])
    kind = np.select(
        [
            ~has_position,
            is_exact(rows),
            title != NOWHERE,
            radius_m.notna().to_numpy(),
            (precision == "territory") & has_territory,
            is_area & has_province,
        ],
        ["none", "point", "concession", "disc", "territory", "province"],
        default="none",
    )
    return {
        "extent_kind": pd.array(kind.tolist(), dtype="string"),
        "extent_radius_m": radius_m.where(kind == "disc").astype("Int64").array,
        "extent_concession_id": _taken(titles.keys, title),
    }


def _titles_meant(rows: pd.DataFrame, positions: Points, precision: Any, titles: Outlines) -> Indices:
    """Return the title a row means by "concession", else NOWHERE.

    Of several the smallest, but a right to tailings only (PER) after every mine: an event told of a
    concession is told of the mine, and the tailings beside it often have another holder.
    """
    meant = np.full(len(rows), NOWHERE, dtype=np.intp)
    if "place_precision_reported" not in rows:
        return meant
    word = rows["place_precision_reported"].astype("string").str.strip().str.casefold()
    says_concession = (word == "concession").fillna(False).to_numpy(dtype=bool)
    asked = np.flatnonzero(
        says_concession & (precision == "sector") & ~_is_proxy(rows) & (positions.of_row != NOWHERE)
    )
    spot = positions.of_row[asked]
    row, title = pairs_inside(positions.lon[spot], positions.lat[spot], titles)
    # Titles are in the order of their ids: of two with one area the smaller id comes first.
    is_tailings = titles.rows["permit_type"].to_numpy(dtype=object)[title] == "PER"
    order = np.lexsort((title, np.round(areas_m2(titles))[title], is_tailings, row))
    first = order[np.unique(row[order], return_index=True)[1]]
    meant[asked[row[first]]] = title[first]
    return meant


def _is_proxy(rows: pd.DataFrame) -> Flags:
    return rows["position_is_proxy"].astype("boolean").fillna(True).to_numpy(dtype=bool)


def _taken(values: Any, which: Indices) -> Any:
    """Return the text at each index, missing at NOWHERE."""
    return pd.array(values, dtype="string").take(which, allow_fill=True)


def _each_row(values: Any, of_row: Indices) -> Any:
    """Return the value of each row's position, missing where the row has none."""
    return values.take(of_row, allow_fill=True)
