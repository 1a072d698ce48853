"""What the figures on the method and its constants are called on a page."""

from __future__ import annotations

from typing import Final, NamedTuple

from risk.texts import mark


class Word(NamedTuple):
    """A class of a place: what it means and does not; the figure that checks it, and what that one says."""

    means: str
    does_not: str
    figure: str
    checked: str


WORDS: Final[dict[str, Word]] = {
    "confirmed": Word(
        mark(
            "More reports than the number of workers leads to expect, and a larger part of all reports than "
            "elsewhere; 5 reports or more, 2 sources or more, wherever vague ones may lie."
        ),
        mark("proof: each report may be wrong, and workers are counted roughly."),
        "outlines, truly above the rate of the belt",
        mark("truly above average"),
    ),
    "reported": Word(
        mark("More reports than the number of workers leads to expect."),
        mark("more risk: it may be that reporting is better here."),
        "outlines, truly above the rate of the belt",
        mark("truly above average"),
    ),
    "distinctive": Word(
        mark("This theme is a larger part of all reports than elsewhere."),
        mark("more events than elsewhere: others may be rarer here, or told of less."),
        "outlines, truly a larger part of all events",
        mark("truly a larger part of all events"),
    ),
    "no_excess": Word(
        mark("Enough reports to notice a three-fold excess within 20 km; none was found."),
        mark("safety: a smaller excess, or a single bad site, goes unnoticed."),
        "windows of 20 km, truly at three times the rate",
        mark("truly at three times the rate"),
    ),
    "too_little": Word(
        mark("Too few workers or reports to tell."),
        mark("anything good or bad: nobody can tell."),
        "windows of 20 km, truly at three times the rate",
        mark("truly at three times the rate"),
    ),
}
# The harder check of a place that is drawn: the figure, and what it says.
TWICE: Final = ("outlines, truly at twice the rate", mark("truly at twice the rate"))
WAYS: Final[dict[str, str]] = {
    "confirmed": mark("confirmed hotspot"),
    "confirmed or reported": mark("confirmed or reported hotspot"),
    "cells with most events": mark("the 5 % of cells with most reports"),
    "kernel density": mark("heat map (kernel), its top 5 %"),
    "Gi*, p < 0.05": mark("Gi* on rates, p < 0.05"),
    "Gi*, corrected": mark("Gi* on rates, corrected"),
    "emerging hot spots": mark("emerging hot spots"),
}
GROUNDS: Final[dict[str, str]] = {
    "exact": mark("exact"),
    "a third vague": mark("a third of them vague"),
    "half by territory": mark("half known to the territory only"),
    "reporting 3 times as likely near towns, uneven": mark("three times as dense near towns, and uneven"),
}
SETTINGS: Final[dict[str, str]] = {
    "cells, under 1 event expected": mark("ratio of cells, under 1 event expected"),
    "cells, 1 to 5 expected": mark("ratio of cells, 1 to 5 expected"),
    "cells, 5 or more": mark("ratio of cells, 5 or more expected"),
    "sites, under 1 event expected": mark("ratio of sites, under 1 event expected"),
    "sites, 1 to 5 expected": mark("ratio of sites, 1 to 5 expected"),
    "sites, 5 or more": mark("ratio of sites, 5 or more expected"),
    "windows drawn as confirmed": mark("ratio of confirmed hotspots"),
    "windows drawn as reported": mark("ratio of reported hotspots"),
    "windows drawn as distinctive": mark("ratio of distinctive themes"),
    "score of the site": mark("score of sites"),
    "score, grades A to C": mark("score of sites, grades A to C"),
    "part of the score from visits": mark("part of the score from visits"),
    "part of the score from reports": mark("part of the score from reports"),
    "severity at the latest visit": mark("mean severity at the latest visit"),
    "number of events at the site": mark("number of events at the site"),
    "events per worker at the site": mark("events per worker at the site"),
    "verbatim": mark("duplicates, word for word"),
    "reworded": mark("duplicates, re-worded"),
    "translated": mark("duplicates, translated"),
    "all kinds": mark("duplicates of all kinds"),
    "cells": mark("workers of cells"),
    "smoothed rate × workers": mark("smoothed rate × workers"),
    "hotspots, then smoothed × workers": mark("hotspots first, then smoothed rate × workers"),
    "smoothed rate": mark("smoothed rate"),
    "past events": mark("past events"),
    "kernel density": mark("heat map (kernel)"),
}
FIGURES: Final[dict[str, str]] = {
    "hold the true rate": mark("90 % intervals that hold the true rate"),
    "hold the told rate": mark("90 % intervals that hold the told rate"),
    "rank correlation with the true rate": mark("rank correlation with the true rate"),
    "rank correlation with the age of the latest visit": mark(
        "rank correlation with the age of the latest visit"
    ),
    "90 % intervals of the rank, hold the true rank": mark(
        "90 % intervals of the rank that hold the true rank"
    ),
    "width of the rank's interval, share of all sites": mark(
        "width of the rank's interval, part of all sites"
    ),
    "pairs of records of one event, merged": mark("pairs of records of one event that were merged"),
    "merged pairs, truly one event": mark("merged pairs that truly are one event"),
    "within a quarter of the true workers": mark("within a quarter of the true number"),
    "within a factor of two of the true workers": mark("within a factor of two of the true number"),
    "hit rate, n/N": mark("events of the next year in 5 % of the cells"),
    "PAI": mark("PAI: times their share of the area"),
    "PEI*": mark("PEI*: part of the most that could be hit"),
    "true rate there, relative to the belt": mark("true rate in the next year, 1 is average"),
}
CONSTANTS: Final[dict[str, str]] = {
    "window_months": mark("Window of time of the tests, months"),
    "trend_quarters": mark("Quarters of a trend"),
    "resolution": mark("Resolution of the cells of the test (H3)"),
    "radii_m": mark("Radii of the windows, metres"),
    "imputations": mark("Draws of vague places"),
    "q": mark("False discovery rate of the tests"),
    "q_falling": mark("False discovery rate of rising and falling"),
    "min_reports": mark("Reports that a confirmed hotspot needs, and a ratio"),
    "min_sources": mark("Independent groups of sources that a confirmed hotspot needs"),
    "stability_confirmed": mark("Share of draws in which a confirmed hotspot passes"),
    "noticed_excess": mark("Excess that a test should notice"),
    "noticed_power": mark("Chance to notice it"),
    "nearest_exposed_m": mark("An exact event without workers goes to the nearest cell within, metres"),
    "near_m": mark("Located: to so many metres or better"),
    "interval": mark("Ends of an interval"),
    "same_event_m": mark("Reports of one event: at most so many metres apart"),
    "same_event_days": mark("Reports of one event: at most so many days apart"),
    "scan_radius_m": mark("Largest radius of the scan, metres"),
    "scan_replicas": mark("Made maps behind the p of the scan"),
    "scan_min_events": mark("Events that a scan needs"),
    "trend_min_reports": mark("Events that a trend needs"),
    "trend_min_quarters": mark("Quarters that a trend needs"),
    "steady_effort_pct": mark("Steady effort: changes by at most, percent"),
    "half_life_months": mark("Half-life of a finding, months"),
    "half_life_by_category": mark("Half-life of findings that change fast, months"),
    "half_life_structural_months": mark("Half-life of a finding on structures, months"),
    "prior_weight": mark("Weight of the typical value"),
    "floor_score": mark("A confirmed worst form holds its theme at this mark or above"),
    "floor_months": mark("For so many months"),
    "bands": mark("Upper ends of the bands of a score"),
    "draws": mark("Draws behind the interval of a score"),
    "burden_score": mark("A site counts as a burden from this score"),
    "assessed_months": mark("A visit counts as recent for, months"),
}
