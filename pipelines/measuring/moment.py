"""The day a release speaks of, and the window of time before it that the tests look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from risk.method import METHOD, Method


@dataclass(frozen=True)
class Moment:
    """The as-of day; the window is the last `method.window_months` months, that day included."""

    as_of: date
    method: Method = METHOD

    @property
    def end(self) -> pd.Timestamp:
        """Return the last day of the window."""
        return pd.Timestamp(self.as_of)

    @property
    def start(self) -> pd.Timestamp:
        """Return the first day of the window."""
        return self.before(self.method.window_months)

    def before(self, months: float) -> pd.Timestamp:
        """Return the first day of the last `months` whole months up to the as-of day.

        >>> Moment(date(2026, 11, 22)).before(24), Moment(date(2026, 6, 30)).before(3)
        (Timestamp('2024-11-23 00:00:00'), Timestamp('2026-04-01 00:00:00'))
        """
        return self.end + pd.Timedelta(days=1) - pd.DateOffset(months=int(months))

    def quarter_starts(self) -> pd.DatetimeIndex:
        """Return the first days of the window's quarters: stretches of three months that end on the day."""
        count = self.method.trend_quarters
        return pd.DatetimeIndex([self.before(3 * back) for back in range(count, 0, -1)])

    def quarter_of(self, days: pd.Series) -> pd.Series:
        """Return the first day of the window's quarter of each day, missing outside the window."""
        starts = self.quarter_starts()
        position = starts.searchsorted(days.to_numpy(dtype="datetime64[ns]"), side="right") - 1
        inside = ((days >= self.start) & (days <= self.end)).fillna(False).to_numpy(dtype=bool)
        found = pd.Series(starts[position.clip(0, len(starts) - 1)], index=days.index)
        return found.where(inside)

    def age_months(self, days: pd.Series) -> pd.Series:
        """Return how many months of 30.4375 days ago each day was."""
        ages: pd.Series = (self.end - days).dt.days / 30.4375
        return ages


def middle(rows: pd.DataFrame) -> pd.Series:
    """Return the middle day of each interval `date_start`–`date_end`."""
    return (rows["date_start"] + (rows["date_end"] - rows["date_start"]) / 2).dt.normalize()
