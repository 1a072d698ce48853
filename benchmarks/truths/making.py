"""Make an edition, measure it as the build does, and read its truth."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.against import Map
from pipelines.build import check_edition, rows_of
from pipelines.edition import load_edition
from pipelines.measures import MEASURES, ordered
from pipelines.measuring.events import exploded
from pipelines.measuring.moment import Moment
from pipelines.measuring.partitions import in_metres
from pipelines.training.making import MadeBy, make
from pipelines.training.plants import AS_OF

# What is scored: neither the robustness runs nor the scan nor areas are.
NEEDED = (
    "exposure",
    "events",
    "places of events",
    "coverage",
    "hotspot test",
    "rates of cells",
    "rates",
    "findings",
    "scores of sites",
)
TRUTHS = (
    "relative_rates",
    "relative_rates_by_quarter",
    "sites",
    "hotspots",
    "events",
    "records",
    "duplicates",
)


@dataclass(frozen=True)
class Scored:
    """An edition: what the measures found (`found`, tables by name), and what is true (`truth`)."""

    found: dict[str, Any]
    truth: dict[str, pd.DataFrame]
    moment: Moment

    @cached_property
    def _tables(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Return the tested cells that truly have workers: unit_id, x_m, y_m, exposure (as measured)."""
        rates = self.truth["relative_rates"]
        working = rates[(rates["grain"] == "cell") & (rates["workers"] > 0)]["place"]
        units = self.found["tested_cells"]
        return units[units["unit_id"].isin(working)].reset_index(drop=True)

    def true_rates(self, column: str = "relative_rate", grain: str = "cell") -> pd.DataFrame:
        """Return the true values of `column`, one row a place, one column a category."""
        if (column, grain) not in self._tables:
            rates = self.truth["relative_rates"]
            rates = rates[rates["grain"] == grain]
            self._tables[column, grain] = rates.pivot(index="place", columns="category", values=column)
        return self._tables[column, grain]

    def map_of(self, theme: str) -> Map:
        """Return the map of a theme that a user would draw: events at their published position.

        Events are those of the window after duplicates were merged, to the favour of whoever draws it.
        """
        mine = self.placed[self.placed["theme"] == theme]
        units = self.cells
        return Map(
            *(units[name].to_numpy(float) for name in ("x_m", "y_m", "exposure")),
            at=pd.Index(units["unit_id"]).get_indexer(mine["h3_r6"]),
            event_x_m=mine["x_m"].to_numpy(),
            event_y_m=mine["y_m"].to_numpy(),
            quarter=mine["quarter"].to_numpy(),
            quarters=self.moment.method.trend_quarters,
        )

    @cached_property
    def placed(self) -> pd.DataFrame:
        """Return the events of the window with a position, one row an event and theme."""
        known = self.found["known_events"]
        known = known[known["is_in_window"] & known["lon"].notna()]
        starts = self.moment.quarter_starts()
        x_m, y_m = in_metres(known["lon"].to_numpy(float), known["lat"].to_numpy(float))
        quarter = starts.get_indexer(pd.DatetimeIndex(self.moment.quarter_of(known["happened_on"])))
        return exploded(known.assign(x_m=x_m, y_m=y_m, quarter=quarter), "categories").rename(
            columns={"one": "theme"}
        )


def made(
    seed: int,
    size: float,
    *,
    is_even: bool = False,
    as_of: date = AS_OF,
    needed: tuple[str, ...] = NEEDED,
) -> Scored:
    """Return the edition of `seed` and `size`, as the `needed` measures saw it `as_of` a day, with its truth."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "training"
        folder.mkdir()
        make(folder, MadeBy(seed=seed, size=size), is_even=is_even)
        truth = {
            name: pd.read_csv(folder / "truth" / f"{name}.csv")
            for name in TRUTHS
            if not (is_even and name == "hotspots")
        }
        return Scored(measured(folder, as_of, needed), truth, Moment(as_of))


def measured(folder: Path, as_of: date, needed: tuple[str, ...]) -> dict[str, Any]:
    """Return the tables of the edition in `folder`, and those that the `needed` measures give."""
    spec = load_edition(folder)
    known: dict[str, Any] = rows_of(spec, check_edition(spec))
    for measure in ordered([one for one in MEASURES if one.name in needed]):
        known |= measure.compute(known, Moment(as_of))
    return known
