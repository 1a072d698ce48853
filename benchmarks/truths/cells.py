"""Flagged cells against the true relative rates: ours by class, and four things a user would pick instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from benchmarks.against import Flags, Map, counts, emerging, kernel, local_g
from benchmarks.truths.making import Scored
from benchmarks.truths.tally import Part, share
from risk.trends import trend
from risk.vocabulary import CATEGORIES

TWICE = 2.0
# By events of the category in the window.
THEMES = ((0, 100, "under 100 events"), (100, 250, "100 to 249 events"), (250, np.inf, "250 events or more"))
OURS: Mapping[str, tuple[str, ...]] = {
    "confirmed": ("confirmed",),
    "confirmed or reported": ("confirmed", "reported"),
    "distinctive theme": ("distinctive",),
}
THEIRS: Mapping[str, Callable[[Map], Flags]] = {
    "cells with most events": counts.flagged,
    "kernel density": kernel.flagged,
    "Gi*, p < 0.05": local_g.flagged,
    "Gi*, corrected": local_g.flagged_after_correction,
    "emerging hot spots": emerging.flagged,
}


def flags(scored: Scored) -> dict[str, pd.DataFrame]:
    """Return, by way of looking, which cells are flagged: cell × category."""
    cells = pd.Index(scored.cells["unit_id"])
    ours = {name: _outlined(scored, classes, cells) for name, classes in OURS.items()}
    maps = {code: scored.map_of(code) for code in CATEGORIES}
    theirs = {
        name: pd.DataFrame({code: work(told) for code, told in maps.items()}, index=cells)
        for name, work in THEIRS.items()
    }
    return ours | theirs


def _outlined(scored: Scored, classes: tuple[str, ...], cells: pd.Index) -> pd.DataFrame:
    found = pd.DataFrame(False, index=cells, columns=list(CATEGORIES))
    for row in scored.found["found_hotspots"].itertuples():
        if row.hotspot_class in classes:
            found.loc[cells.intersection(row.unit_ids.split("; ")), row.category] = True
    return found


def against_truth(flagged: pd.DataFrame, rates: pd.DataFrame, name: str) -> Iterator[Part]:
    """Yield precision and recall of flagged cells; `rates` is cell × category, as `flagged`."""
    hot, truth = flagged.to_numpy(bool).ravel(), rates.loc[flagged.index, flagged.columns].to_numpy().ravel()
    yield share("cells", name, "flagged cells, truly at twice the rate", truth >= TWICE, hot)
    yield share("cells", name, "flagged cells, truly at the rate of the belt or below", truth <= 1, hot)
    yield share("cells", name, "cells at twice the rate, flagged", hot, truth >= TWICE)


def by_size_of_theme(
    flagged: pd.DataFrame, rates: pd.DataFrame, events: pd.Series, name: str
) -> Iterator[Part]:
    """Yield recall for categories with few, some and many events in the window; `events` by category."""
    for least, most, size in THEMES:
        codes = [code for code in flagged if least <= events.get(code, 0) < most]
        hot, truth = flagged[codes].to_numpy(bool), rates.loc[flagged.index, codes].to_numpy()
        yield share(
            "cells",
            f"{name}; {size}",
            "cells at twice the rate, flagged",
            hot.ravel(),
            truth.ravel() >= TWICE,
        )


def against_zones(flagged: pd.DataFrame, zones: pd.DataFrame, name: str) -> Iterator[Part]:
    """Yield how much of the planted zones is flagged: their cells, and zones of which half or more is."""
    parts = [
        flagged.loc[flagged.index.intersection(zone.cells.split("; ")), zone.category]
        for zone in zones[zones["is_in_window"] == "yes"].itertuples()
    ]
    cells = np.concatenate([part.to_numpy(bool) for part in parts] or [np.empty(0, dtype=bool)])
    yield share("cells", name, "cells of planted zones, flagged", cells)
    yield share(
        "cells", name, "planted zones, half flagged", np.array([part.mean() >= 0.5 for part in parts])
    )


def against_silence(flagged: pd.DataFrame, name: str) -> Iterator[Part]:
    """Yield false alarms on a belt where every worker is at the same risk."""
    hot = flagged.to_numpy(bool)
    yield Part("even belt", name, "belts with a false alarm", float(hot.any()), 1.0)
    yield share("even belt", name, "cells flagged", hot.ravel())


def trends_of_silence(scored: Scored) -> Iterator[Part]:
    """Yield how many cells seem to have a trend on a belt where none has one, each test at 5 %."""
    ours, theirs = [], []
    for code in CATEGORIES:
        told = scored.map_of(code)
        by_quarter = told.counts()
        busy = by_quarter.sum(axis=1) >= scored.moment.method.trend_min_reports
        if busy.any():
            p = trend(by_quarter[busy], by_quarter.sum(axis=0))[1]
            ours.append(p < 0.05)
            theirs.append(emerging.trending(told)[busy])
    figure = "cells with five events, trend at 5 %"
    yield share("even belt", "score test of trends", figure, np.concatenate(ours))
    yield share("even belt", "emerging hot spots", figure, np.concatenate(theirs))
