"""The tables on the method: its words, its figures beside what else is used, its constants, its runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import method_figures, tables
from frame.formats import number
from frame.hotspot_words import decimal
from frame.method_names import CONSTANTS, FIGURES, GROUNDS, SETTINGS, TWICE, WAYS, WORDS
from frame.opening import Opened
from risk.method import METHOD
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import BANDS, CATEGORIES, UNIT_CLASSES
from warehouse import methods

_TESTS: Final = ("rate", "share", "confirmed")


def words(opened: Opened) -> None:
    """Draw what each class of a place means, what it does not mean, and how often it was right."""
    st.header(_("What each word means"), anchor=False)
    figures = method_figures.of(opened, "words")
    for code, word in WORDS.items():
        checks = ((word.figure, word.checked), TWICE)
        tried = [(method_figures.one(figures, code, figure), said) for figure, said in checks]
        right = " · ".join(f"{method_figures.per_cent(row)} {_(said)}" for row, said in tried if row)
        lines = [
            f"**{_(UNIT_CLASSES[code])}**",
            _(word.means),
            _("*It does not mean* {what}").format(what=_(word.does_not)),
            f":gray[{right}]" if right else "",
            _beside_the_other(figures) if code == "too_little" else "",
            _where_uneven(opened) if code == "reported" else "",
        ]
        st.markdown("  \n".join(filter(None, lines)))
    if len(figures):
        st.caption(method_figures.measured(figures))


def _beside_the_other(figures: pd.DataFrame) -> str:
    """Return the figures of the two words for cells without an outline in one sentence; empty if not tried."""
    rows = [method_figures.one(figures, code, WORDS[code].figure) for code in ("no_excess", "too_little")]
    if None in rows:
        return ""
    return _(
        "Three times the rate is rare in both: {none} where no excess is shown, {little} where information is not "
        "enough. So *no excess shown* tells little more."
    ).format(**dict(zip(("none", "little"), map(method_figures.per_cent, rows), strict=True)))


def _where_uneven(opened: Opened) -> str:
    """Return how often reports against workers raise a false alarm where reporting is uneven; empty if not tried."""
    part = method_figures.false_alarms_where_uneven(method_figures.of(opened, "null"))
    if part is None:
        return ""
    return _(
        "Where reporting is uneven, reports against workers raised a false alarm on **{count} of 100** made maps "
        "without any excess."
    ).format(count=method_figures.of_hundred(part))


def beside_others(opened: Opened) -> None:
    """Draw our classes beside what a user would pick instead, on the same made events."""
    cells, even = method_figures.of(opened, "cells"), method_figures.of(opened, "even belt")
    if cells.empty:
        return
    st.header(_("Beside what else is used"), anchor=False)
    asked = {
        "twice": (cells, "flagged cells, truly at twice the rate"),
        "below": (cells, "flagged cells, truly at the rate of the belt or below"),
        "found": (cells, "cells at twice the rate, flagged"),
        "alarm": (even, "belts with a false alarm"),
    }
    rows = [
        {"way": _(label)}
        | {
            key: method_figures.per_cent(method_figures.one(figures, way, figure))
            for key, (figures, figure) in asked.items()
        }
        for way, label in WAYS.items()
    ]
    tables.show(
        pd.DataFrame(rows),
        {
            "way": _("What marks a cell"),
            "twice": _("Marked, truly at twice the rate"),
            "below": _("Marked, truly average or below"),
            "found": _("At twice the rate, marked"),
            "alarm": _("False alarm where nothing is worse"),
        },
    )
    st.caption(
        _(
            "On made copperbelts whose truth is known, where reporting is three times as dense near towns. All "
            "see the same events, after duplicates were merged."
        )
    )
    st.caption(
        _(
            "An outline is judged as a whole: it may truly lie above average while some of the cells in it, marked "
            "with it, do not."
        )
    )
    st.caption(method_figures.measured(cells))


def power(opened: Opened) -> None:
    """Draw how often a planted zone is found, by excess and number of reports; and the false alarms."""
    found, silent = method_figures.of(opened, "power"), method_figures.of(opened, "null")
    if found.empty or silent.empty:
        return
    st.header(_("What it can notice"), anchor=False)
    st.caption(
        _("How often a zone of 15 km is found, in percent: by reports against workers, then as confirmed")
    )
    parts = found["setting"].str.extract(
        r"^(?P<places>.+?); excess (?P<excess>[\d.]+); (?P<reports>\d+) reports"
    )
    rates = pd.concat([found, parts], axis=1).dropna(subset=["reports"])
    shown, heads = _power_rows(rates)
    tables.show(shown, {"places": _("Places"), "excess": _("True excess")} | heads)
    st.caption(method_figures.measured(found, has_brackets=False))
    st.caption(_("False alarms: maps without any excess on which at least one place passes"))
    tables.show(
        _silent_rows(silent),
        {
            "ground": _("Reporting"),
            "reports": _("Reports"),
            "rate": _("Reports against workers"),
            "share": _("Part of all reports"),
            "confirmed": _("Both: confirmed"),
        },
    )
    st.caption(method_figures.measured(silent))


def _power_rows(rates: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return one row a kind of places and excess, and the heading of each number of reports."""
    sizes = sorted(rates["reports"].unique(), key=int)
    rates = rates.assign(places=_in_order(rates["places"], GROUNDS), excess=rates["excess"].astype(float))
    rows: list[dict[str, Any]] = []
    for (places, excess), each in rates.groupby(["places", "excess"], observed=True):
        row = {"places": _(GROUNDS.get(places, places)), "excess": f"× {decimal(excess)}"}
        for size in sizes:
            pair = [_value(each, size, test) for test in ("rate", "confirmed")]
            row[size] = " · ".join(pair)
        rows.append(row)
    heads = {
        size: _n("{count} report", "{count} reports", int(size)).format(count=number(int(size)))
        for size in sizes
    }
    return pd.DataFrame(rows), heads


def _in_order(values: pd.Series, names: Mapping[str, str]) -> pd.Categorical:
    """Return `values` in the order of `names`, unknown ones last."""
    known = [name for name in names if name in set(values)]
    return pd.Categorical(values, [*known, *sorted(set(values) - set(known))], ordered=True)


def _value(rows: pd.DataFrame, size: str, test: str) -> str:
    found = rows[(rows["reports"] == size) & (rows["figure"] == f"zone found, {test}")]["value"]
    return "–" if found.empty else method_figures.of_hundred(found.iloc[0])


def _silent_rows(silent: pd.DataFrame) -> pd.DataFrame:
    parts = silent["setting"].str.extract(r"^(?P<ground>.+); (?P<reports>\d+) reports$")
    rows = pd.concat([silent, parts], axis=1).dropna(subset=["reports"])
    found = []
    rows = rows.assign(ground=_in_order(rows["ground"], GROUNDS), reports=rows["reports"].astype(int))
    for (ground, reports), each in rows.groupby(["ground", "reports"], observed=True):
        setting = each["setting"].iloc[0]
        values = {
            test: method_figures.per_cent(method_figures.one(each, setting, f"any flag, {test}"))
            for test in _TESTS
        }
        found.append({"ground": _(GROUNDS.get(ground, ground)), "reports": number(reports)} | values)
    return pd.DataFrame(found)


def calibration(opened: Opened) -> None:
    """Draw whether intervals hold what they promise, scores keep the order, and duplicates are found."""
    rows = pd.concat(
        [
            method_figures.of(opened, test)
            for test in ("intervals", "order of sites", "duplicates", "exposure", "hold-out")
        ],
        ignore_index=True,
    )
    if rows.empty:
        return
    rows = rows.assign(at=_in_order(rows["setting"], SETTINGS), what=_in_order(rows["figure"], FIGURES))
    rows = rows.sort_values(["at", "what"], ignore_index=True)
    st.header(_("Checked against a known truth"), anchor=False)
    st.caption(
        _(
            "Made editions of 300 sites and some 6,000 records, read and measured as any other. A 90 % interval "
            "should hold in 90 of 100 cases; where it does not, the figure says so. The *told* rate is that of "
            "events somebody reports: no measure of reports can see beyond it."
        )
    )
    shown = pd.DataFrame(
        {
            "setting": [_(SETTINGS.get(setting, setting)) for setting in rows["setting"]],
            "figure": [_(FIGURES.get(figure, figure)) for figure in rows["figure"]],
            "value": [method_figures.per_cent(row) for row in rows.to_dict("records")],
        }
    )
    tables.show(
        shown, {"setting": _("Of what"), "figure": _("Checked"), "value": _("Result")}, wide=("figure",)
    )
    st.caption(method_figures.measured(rows))


def constants() -> None:
    """Draw every number that a measure uses, with its meaning."""
    st.header(_("Constants"), anchor=False)
    rows = [
        {"meaning": _(meaning), "value": _constant(getattr(METHOD, name)), "name": name}
        for name, meaning in CONSTANTS.items()
    ]
    tables.show(
        pd.DataFrame(rows),
        {"meaning": _("Meaning"), "value": _("Value"), "name": _("Name")},
        caption=_("Method {version}. Its version is part of every release.").format(version=METHOD.version),
        wide=("meaning",),
    )


def _constant(value: Any) -> str:
    """Return a constant as the reader's language writes it: its numbers, and the names of its parts."""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "; ".join(f"{_(BANDS[name])} < {_exact(end)}" for name, end in value)
    if isinstance(value, tuple):
        return "; ".join(_exact(one) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{_(CATEGORIES[code].label)} {_exact(one)}" for code, one in value.items())
    return _exact(value)


def _exact(value: float) -> str:
    return number(value, digits=6)


def runs(opened: Opened) -> None:
    """Draw how each measured table of this release was made."""
    st.header(_("How this release was made"), anchor=False)
    rows = methods.runs(opened.release)
    tables.show(
        rows,
        {
            "table_name": _("Table"),
            "reads": _("Reads"),
            "rows": _("Rows"),
            "inputs_hash": _("Hash of what it read"),
        },
        caption=_(
            "The same inputs, day and method give the same hash and the same rows, on any machine; the hash "
            "is shortened here."
        ),
        wide=("reads",),
    )
