"""Small maps of areas: one number each, on a ramp that grows darker; what is not known is hatched.

They are charts, not Leaflet maps: no frame, no script and no tile of their own, so that three of them cost
less than one map.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd
import shapely

from layers import palette
from layers.legend import Entry, Legend
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import BANDS

UNKNOWN: Final = "unknown"
UNKNOWN_LINE: Final = "#75797e"
# A known nought is neither plain land nor hatched.
NONE: Final = "none"
NONE_DOT: Final = "#6b6557"
FLAG: Final = "#7a1f1f"
RISK: Final = {code: palette.SEVERITY[level] for code, level in zip(BANDS, (1, 3, 4, 5), strict=False)}
SHARE: Final = ("#d3e5e1", "#9cc8bf", "#5f9f94", "#1f6a5f")
HEIGHT: Final = 260
# Under this share of workers at visited sites a number speaks for a small part of the area only.
LITTLE_PCT: Final = 25
# Part of the map's width that a letter of a name takes.
_LETTER: Final = 0.0155
_HATCH: Final = Entry(mark("insufficient data"), UNKNOWN_LINE, "hatched")
_PARTLY: Final = Entry(mark("of what was looked at: under 25 % of workers"), palette.SEVERITY[2], "striped")
_FLAG: Final = Entry(mark("serious finding of the immediate track"), FLAG, "triangle")


@dataclass(frozen=True)
class Measure:
    """One number of an area: title, what it counts, and its steps (code, least value, words, colour), in order."""

    title: str
    counted: str
    steps: tuple[tuple[str, float, str, str], ...]
    # Whether the fill says that it speaks for a small part only.
    is_striped: bool = False

    def step_of(self, value: Any) -> str:
        """Return the code of the step that `value` falls in; what is missing is unknown, never the least step."""
        if pd.isna(value):
            return UNKNOWN
        return [code for code, least, _words, _colour in self.steps if float(value) >= least][-1]

    @property
    def legend(self) -> Legend:
        """Return its ramp (none: dotted), stripes, hatching, and the sign of findings that no average takes away."""
        ramp = tuple(
            Entry(words, NONE_DOT, "stippled") if code == NONE else Entry(words, colour, "cell")
            for code, _least, words, colour in self.steps
        )
        partly = (_PARTLY,) if self.is_striped else ()
        return Legend(self.counted, (*ramp, *partly, _HATCH, _FLAG))


MEASURES: Final[dict[str, Measure]] = {
    "mean_score": Measure(
        mark("Mean risk"),
        mark("Score of its sites, 0 to 100, weighted by workers"),
        (
            ("low", 0, mark("low: under 25"), RISK["low"]),
            ("medium", 25, mark("medium: 25 to 49"), RISK["medium"]),
            ("high", 50, mark("high: 50 to 74"), RISK["high"]),
            ("extreme", 75, mark("extreme: 75 or more"), RISK["extreme"]),
        ),
        is_striped=True,
    ),
    "burden_workers": Measure(
        mark("Burden"),
        mark("Workers at sites with a score of 70 or more"),
        (
            (NONE, 0, mark("none reaches 70"), palette.LAND),
            ("few", 1, mark("under 1,000 workers"), palette.COUNTS[1]),
            ("some", 1_000, mark("1,000 to 9,999"), palette.COUNTS[2]),
            ("many", 10_000, mark("10,000 or more"), palette.COUNTS[4]),
        ),
    ),
    "assessed_workers_pct": Measure(
        mark("Coverage"),
        mark("Share of workers at sites visited in the last 18 months"),
        (
            (NONE, 0, mark("no site visited in the last 18 months"), palette.LAND),
            ("few", 1e-9, mark("under 25 %"), SHARE[0]),
            ("some", 25, mark("25 to 49 %"), SHARE[1]),
            ("half", 50, mark("50 to 74 %"), SHARE[2]),
            ("most", 75, mark("75 % or more"), SHARE[3]),
        ),
    ),
}


def draw(areas: pd.DataFrame, measure: str) -> alt.LayerChart:
    """Return a small map of `areas`, coloured by `measure`, one of `MEASURES`; no row draws no area.

    `areas` needs unit_id, name, outline (GeoJSON text), lon and lat (degrees, of a point inside), the
    column `measure` (missing: hatched; none: dotted), `said` (the number in words), `grade`, is_partly_seen (then
    the colour of a mean is striped), and immediate_count: where there is one, a triangle stands on the
    area whatever its colour. Raises KeyError for an unknown measure.
    """
    told = MEASURES[measure]
    shapes = shapely.from_geojson(areas["outline"].to_numpy(dtype=object))
    steps = [told.step_of(value) for value in areas[measure]]
    unknown = np.array([step == UNKNOWN for step in steps], dtype=bool)
    layers = [_filled(areas, shapes, steps, told), _hatched(shapes, unknown)]
    layers += [_dotted(shapes, steps), _named(areas, shapes)]
    if told.is_striped:
        partly = areas["is_partly_seen"].to_numpy(dtype=bool) & ~unknown
        layers.insert(2, _striped(shapes, partly))
    flagged = areas[areas["immediate_count"].notna()]
    if not flagged.empty:
        layers.append(_flags(flagged, _width(shapes)))
    # Altair copies every point at each step of a chain, so all is said at once.
    return alt.LayerChart(
        layer=layers,
        height=HEIGHT,
        projection=alt.Projection(type="mercator"),
        config=alt.Config(view=alt.ViewConfig(stroke=None)),
    )


def _filled(areas: pd.DataFrame, shapes: Any, steps: list[str], told: Measure) -> alt.Chart:
    colours = {code: colour for code, _least, _words, colour in told.steps} | {UNKNOWN: palette.LAND}
    features = [
        _feature(shape, name=row["name"], said=row["said"], grade=row["grade"], fill=colours[step])
        for shape, row, step in zip(shapes, areas.to_dict("records"), steps, strict=True)
    ]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=features))
        .mark_geoshape(stroke=palette.BORDER, strokeWidth=0.8)
        .encode(
            fill=alt.Fill("properties.fill:N", scale=None),
            tooltip=[
                alt.Tooltip("properties.name:N", title=_("Name")),
                alt.Tooltip("properties.said:N", title=_(told.title)),
                alt.Tooltip("properties.grade:N", title=_("Grade")),
            ],
        )
    )
    return chart


def _hatched(shapes: Any, unknown: Any) -> alt.Chart:
    """Return slanting lines over what is not known; Vega has no fill pattern."""
    chart: alt.Chart = _lines(shapes, unknown, 45, rising=True).mark_geoshape(
        filled=False, stroke=UNKNOWN_LINE, strokeWidth=0.8, tooltip=None
    )
    return chart


def _striped(shapes: Any, partly: Any) -> alt.Chart:
    """Return broad pale stripes, slanting the other way, over a colour that speaks for a small part only."""
    chart: alt.Chart = _lines(shapes, partly, 30, rising=False).mark_geoshape(
        filled=False, stroke=palette.LAND, strokeWidth=2.5, tooltip=None
    )
    return chart


def _lines(shapes: Any, chosen: Any, count: int, *, rising: bool) -> alt.Chart:
    """Return slanting lines within the `chosen` shapes, `count` of them across the map."""
    west, south, east, north = shapely.total_bounds(shapes) if len(shapes) else (0.0, 0.0, 1.0, 1.0)
    gap, high = max(east - west, north - south) / count, north - south
    first, last = (south, north) if rising else (north, south)
    lines = [
        [(west + start, first), (west + start + high, last)] for start in np.arange(-high, east - west, gap)
    ]
    parts = [
        shapely.get_parts(found)
        for found in shapely.intersection(shapely.multilinestrings([lines]), shapes[chosen])
    ]
    # Where a line only touches a corner, the intersection is a point.
    crossing = [found[shapely.get_dimensions(found) == 1] for found in parts]
    features = [_feature(shapely.multilinestrings(found)) for found in crossing if len(found)]
    return alt.Chart(alt.InlineData(values=features))


def _dotted(shapes: Any, steps: list[str]) -> alt.Chart:
    """Return dots over areas of which it is known that there is none."""
    is_none = np.array([step == NONE for step in steps], dtype=bool)
    west, south, east, north = shapely.total_bounds(shapes) if len(shapes) else (0.0, 0.0, 1.0, 1.0)
    gap = max(east - west, north - south) / 40
    lon, lat = np.meshgrid(np.arange(west + gap / 2, east, gap), np.arange(south + gap / 2, north, gap))
    inside = shapely.contains_xy(shapely.union_all(shapes[is_none]), lon, lat)
    dots = [{"lon": round(x, 3), "lat": round(y, 3)} for x, y in zip(lon[inside], lat[inside], strict=True)]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=dots))
        .mark_circle(size=4, color=NONE_DOT, opacity=1, tooltip=None)
        .encode(longitude="lon:Q", latitude="lat:Q")
    )
    return chart


def letters(areas: pd.DataFrame) -> list[str | None]:
    """Return the letter that stands for the name of each area too narrow for it; None where the name fits.

    Letters, for a number on a map would read as a rank; beyond the alphabet there is none.
    """
    shapes = shapely.from_geojson(areas["outline"].to_numpy(dtype=object))
    free = iter(ascii_lowercase)
    return [None if fits else next(free, "") for fits in _fits(areas, shapes)]


def _fits(areas: pd.DataFrame, shapes: Any) -> list[bool]:
    """Return whether each area is wide enough for its name."""
    bounds, whole = shapely.bounds(shapes).reshape(-1, 4), _width(shapes)
    wide: list[bool] = (
        (bounds[:, 2] - bounds[:, 0]) / whole > _LETTER * areas["name"].str.len().to_numpy()
    ).tolist()
    return wide


def _named(areas: pd.DataFrame, shapes: Any) -> alt.Chart:
    """Return the names of the areas, of those too narrow for theirs a letter."""
    # A triangle stands above the middle, so the name goes under it.
    below = areas["lat"].where(areas["immediate_count"].isna(), areas["lat"] - 0.02 * _width(shapes))
    tags = letters(areas)
    # A city's letter stands a little above its middle, clear of the name of the territory around it.
    is_tag = pd.Series([tag is not None for tag in tags], areas.index) & areas["immediate_count"].isna()
    below = below.where(~is_tag, areas["lat"] + 0.02 * _width(shapes))
    labels = [name if letter is None else letter for name, letter in zip(areas["name"], tags, strict=True)]
    rows = areas.assign(lat=below, name=labels)[["name", "lon", "lat"]]
    named = [
        {str(key): value for key, value in row.items()} for row in rows.to_dict("records") if row["name"]
    ]
    base = alt.Chart(alt.InlineData(values=named)).encode(longitude="lon:Q", latitude="lat:Q", text="name:N")
    halo = base.mark_text(fontSize=9, stroke=palette.LAND, strokeWidth=3, strokeOpacity=0.85, tooltip=None)
    names: alt.Chart = halo + base.mark_text(fontSize=9, fill="#1f2933", tooltip=None)
    return names


def _width(shapes: Any) -> float:
    """Return the longer side of the map in degrees."""
    west, south, east, north = shapely.total_bounds(shapes) if len(shapes) else (0.0, 0.0, 1.0, 1.0)
    return float(max(east - west, north - south))


def _flags(flagged: pd.DataFrame, width: float) -> alt.Chart:
    rows = [
        {
            "lon": row["lon"],
            "lat": row["lat"] + 0.025 * width,
            "name": row["name"],
            "count": int(row["immediate_count"]),
        }
        for row in flagged.to_dict("records")
    ]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(
            shape="triangle-up",
            size=100,
            filled=True,
            fill=FLAG,
            stroke="#ffffff",
            strokeWidth=1.2,
            opacity=1,
        )
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            tooltip=[
                alt.Tooltip("name:N", title=_("Name")),
                alt.Tooltip("count:Q", title=_(_FLAG.label)),
            ],
        )
    )
    return chart


def _feature(shape: Any, **properties: str) -> dict[str, Any]:
    """Return a GeoJSON feature whose rings turn as d3 reads them: the other way round than the standard."""
    turned = shapely.orient_polygons(shape, exterior_cw=True)
    geometry = json.loads(shapely.to_geojson(shapely.set_precision(turned, 0.001, mode="pointwise")))
    return {"type": "Feature", "geometry": geometry, "properties": properties}
