"""Four things a user would pick instead of the window test, each as a function from a map to flagged cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

# What is hot is bounded by area, as it is on most maps: the hottest twentieth of the cells.
HOT_SHARE = 0.05
NEIGHBOURS_M = 12_000.0
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Map:
    """Cells with workers, and the events of one theme that have a position, as a map shows them.

    `x_m`, `y_m`, `exposure` (cells,); `at` the cell of each event, −1 outside every cell; `event_x_m`,
    `event_y_m` and `quarter` (0 the first of `quarters`), one element an event.
    """

    x_m: Floats
    y_m: Floats
    exposure: Floats
    at: npt.NDArray[np.intp]
    event_x_m: Floats
    event_y_m: Floats
    quarter: npt.NDArray[np.intp]
    quarters: int

    def counts(self) -> Floats:
        """Return the events in each cell and quarter, (cells, quarters)."""
        found = np.zeros((len(self.x_m), self.quarters))
        inside = self.at >= 0
        np.add.at(found, (self.at[inside], self.quarter[inside]), 1)
        return found


def hottest(values: Floats) -> Flags:
    """Return the cells with the highest values, a twentieth of them; none where the value is 0."""
    most = max(1, round(HOT_SHARE * len(values)))
    found = np.zeros(len(values), dtype=bool)
    found[np.argsort(-values, kind="stable")[:most]] = True
    return found & (values > 0)
