"""Outlines as text (WKT, GeoJSON) to WKB, and why one cannot be taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from pipelines.reading.parsers import Parser


def _read_wkt(cell: str) -> BaseGeometry | None:
    return shapely.from_wkt(cell, on_invalid="ignore")


def _read_geojson(cell: str) -> BaseGeometry | None:
    return shapely.from_geojson(cell, on_invalid="ignore")


def _why_not(shape: BaseGeometry | None, form: str) -> str | None:
    """Return why `shape` cannot stand as an outline, or None where it can."""
    if shape is None:
        return f"no geometry; write {form}"
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return f"a {shape.geom_type}, where an outline (Polygon or MultiPolygon) is needed"
    if shape.is_empty:
        return "an outline without any corner; draw it or leave the row out"
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return "an outline with a coordinate that is no number; correct it"
    if not shape.is_valid:
        why = shapely.is_valid_reason(shape)
        return f"an outline that is not valid ({why}); redraw it without crossing itself"
    return None


def _parser(read: Callable[[str], BaseGeometry | None], form: str) -> Parser:
    def one(cell: str) -> bytes | None:
        shape = read(cell)
        if shape is None or _why_not(shape, form) is not None:
            return None
        return shapely.to_wkb(shapely.force_2d(shape))

    def explain(cell: str) -> str:
        return _why_not(read(cell), form) or "no outline"

    return Parser(object, one, explain)


wkt_outline: Final = _parser(_read_wkt, "WKT, such as POLYGON ((25.1 -10.2, …))")
geojson_outline: Final = _parser(_read_geojson, "a GeoJSON geometry")
