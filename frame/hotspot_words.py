"""Hotspots in words: how much more, how sure, how it changes; and what a whole map of them says."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st
from babel.numbers import format_decimal

from frame import formats
from frame.formats import number
from risk.method import METHOD
from risk.texts import mark, spoken
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import ABSENCES, CATEGORIES, HOTSPOT_CLASSES, TREND_CLASSES

PARTITIONS: Final[dict[str, str]] = {
    "cells_r5": mark("cells seven times as large"),
    "cells_r6": mark("the cells of the test"),
    "cells_r7": mark("cells a seventh as large"),
    "sites": mark("circles around sites"),
    "territories": mark("territories"),
}
_ARROWS: Final = {"rising": "↗ ", "falling": "↘ "}
# Below, a probability is written with a power of ten, so that it can be compared.
_PLAIN_P: Final = 0.0001
# Below, a probability is not told apart.
_LEAST_P: Final = 1e-99
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def decimal(value: Any, digits: int = 1) -> str:
    """Return a number with so many decimals, zeros too: `2.0`; whole from 10 upwards."""
    whole = float(value) >= 9.95
    return str(
        format_decimal(float(value), format="#,##0" if whole else f"0.{'0' * digits}", locale=spoken())
    )


def chance(p: Any) -> str:
    """Return a probability to two digits that count, small ones with a power of ten: `0.0031`, `2.1 × 10⁻⁸`."""
    if p >= _PLAIN_P:
        return str(format_decimal(float(f"{p:.1e}"), format="0.######", locale=spoken()))
    if p < _LEAST_P:
        return f"< {_power(_LEAST_P)}"
    digits, power = f"{p:.1e}".split("e")
    return f"{decimal(digits)} × {_power(float(f'1e{power}'))}"


def _power(one: float) -> str:
    """Return a power of ten: `10⁻⁸`."""
    return "10" + f"{one:.0e}".split("e")[1].replace("-0", "-").translate(_RAISED)


def excess(row: dict[Any, Any]) -> str:
    """Return what a hotspot's class says of it, with the size of the excess or why there is none.

    "Likely" is said of a confirmed one only: ranges of the others seldom held the true rate on made maps.
    """
    if row["hotspot_class"] == "distinctive":
        said = _("A larger part of all reports than elsewhere.")
    elif row["hotspot_class"] == "confirmed":
        words = _(
            "about {rr} times what the number of workers would lead us to expect (likely {low} to {high})"
        )
        said = _("{ratio}, and a larger part of all reports than elsewhere.").format(ratio=_times(row, words))
    else:
        words = _(
            "about {rr} times what the number of workers would lead us to expect (by chance alone {low} to {high})"
        )
        said = _("More reports than expected; this may be because reporting is better here. {ratio}.").format(
            ratio=_times(row, words)
        )
    return f"{said} {_('Only found when the map is cut like this.')}" if is_of_one_cut(row) else said


def _times(row: dict[Any, Any], words: str) -> str:
    """Return the ratio in `words`, or why there is none, as the start of a sentence."""
    ratio = no_ratio(row)
    if ratio is None:
        ratio = words.format(rr=decimal(row["rr"]), low=decimal(row["rr_low"]), high=decimal(row["rr_high"]))
    return ratio[:1].upper() + ratio[1:]


def is_of_one_cut(row: dict[Any, Any]) -> bool:
    """Return whether a hotspot is found again in fewer than half of the ways to cut the map."""
    return bool(pd.notna(row["holds_in"]) and 2 * row["holds_in"] < row["holds_of"])


def holds(row: dict[Any, Any]) -> str:
    """Return in how many ways to cut the map a hotspot is found, for a table: `1 of 5, only when cut like this`."""
    if pd.isna(row["holds_in"]):
        return _("not tried")
    words = _("{count} of {all}, only when cut like this") if is_of_one_cut(row) else _("{count} of {all}")
    return words.format(count=number(row["holds_in"]), all=number(row["holds_of"]))


def counted(row: dict[Any, Any]) -> list[str]:
    """Return what the ratio rests on: which reports, where that needs saying; that it is smoothed."""
    said = []
    if round(float(row["observed"]), 1) != row["event_count"]:
        said.append(
            _(
                "{count} lie here in at least half of the draws of vague places; {middle} on the middle draw, on "
                "which the test and the ratio rest"
            ).format(count=number(row["event_count"]), middle=number(row["observed"], digits=1))
        )
    if row["has_ratio"] and row["hotspot_class"] != "distinctive":
        said.append(_("the ratio is smoothed: drawn towards 1 where there is little to go by"))
    return said


def no_ratio(row: dict[Any, Any]) -> str | None:
    """Return why no ratio is given for a hotspot, or None where one is."""
    if row["has_ratio"]:
        return None
    if not row["is_weak"]:
        return _("no ratio is given: cells differ by no more than chance")
    count = int(row["event_count"])
    reports = _n("{count} report", "{count} reports", count).format(count=number(count))
    if _are_few(row):
        words = _("{reports} where the workers lead to expect {expected}: too few for a ratio")
    else:
        words = _("{reports} where the workers lead to expect {expected}: too weakly supported for a ratio")
    return words.format(reports=reports, expected=expected(row["expected"]))


def _are_few(row: dict[Any, Any]) -> bool:
    return bool(row["event_count"] < METHOD.min_reports)


def expected(count: Any) -> str:
    """Return an expected number of events: `fewer than 1`, else `about 4.2`."""
    if count < 1:
        return _("fewer than 1")
    return _("about {number}").format(number=decimal(count))


def ratio(row: dict[Any, Any]) -> str:
    """Return the ratio with its interval for a table, or why there is none."""
    if row["hotspot_class"] == "distinctive":
        return _("by share only")
    if not row["has_ratio"]:
        weak = _("too few reports") if _are_few(row) else _("too weakly supported")
        return weak if row["is_weak"] else _("no more than chance")
    return f"{decimal(row['rr'])} ({decimal(row['rr_low'])}–{decimal(row['rr_high'])})"


def trend(row: dict[Any, Any]) -> str:
    """Return the class of a hotspot's trend, with an arrow only where reporting stayed steady."""
    arrow = _ARROWS.get(row["trend_class"], "") if row["has_arrow"] else ""
    return arrow + _(TREND_CLASSES[row["trend_class"]])


def draws(share: Any) -> str:
    """Return a share of the draws of vague places as `19 of 20`."""
    return _("{count} of {all}").format(
        count=number(float(share) * METHOD.imputations), all=number(METHOD.imputations)
    )


def partitions(codes: Any) -> list[str]:
    """Return the names of partitions, from '; '-separated codes; a code without a name as it stands."""
    found = [] if pd.isna(codes) else [code for code in str(codes).split("; ") if code]
    return [_(PARTITIONS[code]) if code in PARTITIONS else code for code in found]


def where(row: dict[Any, Any]) -> str:
    """Return the territories a hotspot lies in, as they came."""
    return str(row["territory_names"]) if pd.notna(row["territory_names"]) else _("territory not known")


def name(row: dict[Any, Any]) -> str:
    """Return what tells a hotspot from others in a list: category, class, territories."""
    parts = (_(CATEGORIES[row["category"]].label), _(HOTSPOT_CLASSES[row["hotspot_class"]]), where(row))
    return " · ".join(parts)


def header(found: pd.DataFrame, cells: pd.DataFrame, tests: pd.DataFrame) -> None:
    """Draw the line over the map: how many outlines, how sure, how much nobody can tell, in which window."""
    if tests.empty:
        st.info(_("No test was made: there is no report, or no place with known workers."))
        return
    st.markdown(_none(tests) if found.empty else _outlines(found))
    tested = cells[cells["test_count"].notna()]
    if len(tested) and len(found) and not tested["no_excess_count"].sum():
        st.markdown(
            _(
                "**These reports are too few to tell much:** outside the outlines, in no cell are there enough of "
                "them to notice a three-fold excess."
            )
        )
    first = tests.iloc[0]
    parts = [
        *_silent(tested, len(tests)),
        _("reports from {start} to {end}").format(
            start=formats.day(first["window_start"]), end=formats.day(first["window_end"])
        ),
        _("**No outline is no finding of safety.**"),
    ]
    st.caption(" · ".join(parts))


def _silent(tested: pd.DataFrame, test_count: int) -> list[str]:
    """Return how many of the tested cells can tell nothing, and of the others what they are if all lie in outlines."""
    silent = int((tested["enough_count"] == 0).sum())
    words = (
        _("{count} of {all} cells with workers: not enough information in any category")
        if test_count > 1
        else _("{count} of {all} cells with workers: not enough information")
    )
    said = [words.format(count=number(silent), all=number(len(tested)))]
    others = len(tested) - silent
    if others and not tested["no_excess_count"].sum():
        said.append(
            _("{count} of {all}: in an outline").format(count=number(others), all=number(len(tested)))
        )
    return said


def _none(tests: pd.DataFrame) -> str:
    """Return why there is no outline: no report, too few to tell, or no excess."""
    if tests["event_count"].isna().all():
        why = _(ABSENCES[tests["absence"].iloc[0]])
        return _("**No outline:** no report in the window ({why}). Nobody may have looked.").format(why=why)
    if (tests["too_little_count"] == tests["cell_count"]).fillna(False).all():
        return _("**No outline:** too few reports to tell.")
    return _("**No outline:** nothing is reported more often than chance could explain.")


def _outlines(found: pd.DataFrame) -> str:
    weak = int(found["is_weak"].sum())
    are_few = (found["grade"] == "D") & (found["event_count"] < METHOD.min_reports)
    if are_few.all() and (found["hotspot_class"] == "reported").all():
        return _all_weak(found)
    counts = found["hotspot_class"].value_counts()
    words = {
        "confirmed": _n(
            "**{count}** confirmed hotspot", "**{count}** confirmed hotspots", counts.get("confirmed", 0)
        ),
        "reported": _n(
            "**{count}** reported hotspot", "**{count}** reported hotspots", counts.get("reported", 0)
        ),
        "distinctive": _n(
            "**{count}** distinctive theme", "**{count}** distinctive themes", counts.get("distinctive", 0)
        ),
    }
    parts = [said.format(count=number(counts.get(code, 0))) for code, said in words.items()]
    if weak:
        parts.append(
            _("{count} of them weak: fewer than {least} reports, or grade D").format(
                count=number(weak), least=METHOD.min_reports
            )
        )
    return "  ·  ".join(parts)


def _all_weak(found: pd.DataFrame) -> str:
    places = len(found[["lon", "lat"]].drop_duplicates())
    if places == len(found):
        words = _n(
            "**{places}** place with more reports than expected, on very few reports (grade D)",
            "**{places}** places with more reports than expected, all on very few reports (grade D)",
            places,
        )
    else:
        words = _n(
            "**{places}** place with more reports than expected, in {count} categories, all on very few reports (grade D)",
            "**{places}** places with more reports than expected, {count} outlines, all on very few reports (grade D)",
            places,
        )
    return words.format(places=number(places), count=number(len(found)))
