"""What a scan refuses: degrees where metres are meant, events of no category."""

from __future__ import annotations

import pandas as pd
import pytest

from risk.scans import poisson_scan
from risk.space_time_scans import space_time_scan
from tests.test_scans import counts, made_events, made_units


def test_a_radius_in_metres_is_refused_among_degrees() -> None:
    places = {"unit_id": ["a", "b", "c"], "x_m": [25.4, 25.5, 27.5], "y_m": [-10.7, -10.8, -11.6]}
    units = pd.DataFrame(places).assign(exposure=10)
    told = counts(units["unit_id"], [20, 5, 5])
    with pytest.raises(ValueError, match="look like degrees: project them to metres"):
        poisson_scan(units, told, replicas=9)
    # Without a radius the figures of a published map in degrees can be checked.
    assert len(poisson_scan(units, told, max_radius_m=None, replicas=9).clusters)


def test_an_event_without_a_category_is_refused_and_not_lost() -> None:
    units = made_units(20)
    told = counts(units["unit_id"], 2)
    with pytest.raises(ValueError, match="have no category; give one"):
        poisson_scan(units, told.assign(category=[None, *told["category"][1:]]), replicas=9)
    events = made_events(units, 30, seed=1)
    with pytest.raises(ValueError, match="has no category; give one"):
        space_time_scan(units, events.assign(category=[None, *events["category"][1:]]), replicas=9)
