"""The method in words: what is asked of a map, what cannot be seen, the formulas and who found them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import streamlit as st

from frame import method_figures
from frame.formats import number
from frame.opening import Opened
from risk.texts import mark
from risk.texts import translate as _
from warehouse import methods

LIMITS: Final = (
    mark(
        "**One bad site among others:** a cell holds several sites, and a single bad one is seldom noticed. "
        "Sites are the work of visits."
    ),
    mark(
        "**Places with many of the workers:** they move the average with them, so that their own excess is "
        "seldom noticed; the answer there is *not enough information*."
    ),
    mark(
        "**Vague places:** a report known to a province at best is counted in totals and tested nowhere; one "
        "known to a territory is drawn over its cells by their workers."
    ),
    mark(
        "**Workers:** figures are rough, old or taken from like sites. Where they are too low, a rate looks "
        "too high."
    ),
    mark(
        "**Who tells of what:** a theme that outlets of one region tell of more eagerly looks distinctive there."
    ),
    mark(
        "**The size of an excess:** a place is drawn because it stands out, so its ratio tends to be too high, "
        "the more so the fewer its reports; the interval does not know that the place was picked."
    ),
    mark(
        "**Scores:** the draws behind an interval allow for typical values worse than the score itself takes. "
        "So intervals lie mostly above their score; they are widened to hold it."
    ),
)


class Formula(NamedTuple):
    """A formula in LaTeX, what it says (a message id), and who it is from."""

    says: str
    latex: str
    source: str


FORMULAS: Final[dict[str, tuple[Formula, ...]]] = {
    mark("Hotspot test"): (
        Formula(
            mark(
                "More events in the window W than its part of the workers e leads to expect (N: all of the theme)"
            ),
            r"p_R = P\left[\mathrm{Bin}\left(N,\ \tfrac{\sum_W e}{\sum e}\right) \ge O\right]",
            "Przyborowski & Wilenski 1940",
        ),
        Formula(
            mark("A larger part of all M reports than elsewhere (M_W: those in the window)"),
            r"p_S = P\left[\mathrm{Hypergeom}(M,\ N,\ M_W) \ge O\right]",
            "Fisher 1935",
        ),
        Formula(
            mark("Confirmed: both at once; then corrected over all windows, radii and themes at 5 %"),
            r"p_C = \max(p_R,\ p_S)",
            "Berger 1982; Benjamini & Hochberg 1995",
        ),
        Formula(
            mark("A vague report lies in cell j of its area G by its workers; 20 draws, the median p counts"),
            r"P(j) = \frac{e_j}{\sum_{G} e}",
            "Rubin 1987",
        ),
        Formula(
            mark("Of windows that overlap, the one with the best likelihood ratio is drawn (E: expected)"),
            r"\mathrm{LLR} = O \ln\frac{O}{E} + (N-O)\ln\frac{N-O}{N-E}",
            "Kulldorff 1997",
        ),
    ),
    mark("Size of the excess"): (
        Formula(
            mark("Mean rate m, and the spread A of rates beyond chance; none: every ratio is 1"),
            r"A = \max\left(0,\ \frac{\sum e_j (c_j/e_j - m)^2}{\sum e} - \frac{m}{\bar e}\right)",
            "Marshall 1991",
        ),
        Formula(
            mark(
                "The ratio, drawn towards 1 where there is little to go by; its interval is that of the Gamma law"
            ),
            r"\mathrm{RR}_j = \frac{c_j + \alpha}{(e_j + \beta)\, m}, \quad \alpha = \frac{m^2}{A},\ \beta = \frac{m}{A}",
            "Marshall 1991; Clayton & Kaldor 1987",
        ),
    ),
    mark("Trend of a hotspot"): (
        Formula(
            mark("Do its events O_t come later than those of the theme everywhere, N_t, by quarter t?"),
            r"z = \frac{\sum_t (t-\mu)\, O_t}{\sqrt{O\, v}}, \quad q_t = \frac{N_t}{N},\ \mu = \sum q_t t,"
            r"\ v = \sum q_t t^2 - \mu^2",
            "Cox 1955; Armitage 1955",
        ),
    ),
    mark("Score of a site"): (
        Formula(
            mark(
                "A finding x moves to the typical value b of like sites as it ages; h is the half-life, R its weight"
            ),
            r"\tilde x = \frac{w x + 0.25\, b}{w + 0.25}, \quad w = 2^{-\mathrm{age}/h} R",
            "Bühlmann 1967",
        ),
        Formula(
            mark("Reports become a mark: 0 at half of what is expected, 10 at eight times"),
            r"y = 10 \cdot \mathrm{clip}\left(\frac{\log_2 \mathrm{RR} + 1}{4},\ 0,\ 1\right)",
            "Cobalt Risk Atlas",
        ),
        Formula(
            mark("Marks are joined so that a bad one is not averaged away"),
            r"\mathrm{IGM}(x) = \frac{10}{9}\left(10 - e^{\sum w \ln\left(\frac{9}{10}(10-x) + 1\right)}\right)",
            "Marin-Ferrer, Vernaccini & Poljansek 2017 (INFORM)",
        ),
        Formula(
            mark("Interval: 1,000 draws of weights, levels, ageing, mean and places; 5 to 95 % of them"),
            r"S^{(1)}, \dots, S^{(1000)}",
            "Saisana, Saltelli & Tarantola 2005",
        ),
    ),
    mark("Areas and grades"): (
        Formula(
            mark("Mean risk of an area: by workers n of its sites"),
            r"\bar S = \frac{\sum n_i S_i}{\sum n_i}",
            "Cobalt Risk Atlas",
        ),
        Formula(
            mark("Evidence behind a grade: what is a year old counts half"),
            r"n_{\mathrm{eff}} = \sum 2^{-\mathrm{age}/12}",
            "Cobalt Risk Atlas",
        ),
    ),
}


def lead(opened: Opened) -> None:
    """Say in plain words what is asked of the map, and how often the answer was right where the truth is known."""
    st.markdown(
        _(
            "A map of reports shows where people and reporters are. This atlas asks two things of every place: "
            "are there more reports than the number of workers leads to expect, and are they a larger part of "
            "all reports than elsewhere? Only where both hold does it say **confirmed**. What nobody reported or "
            "visited is unknown, and never called safe."
        )
    )
    right, cells, even = (method_figures.of(opened, test) for test in ("words", "cells", "even belt"))
    above = method_figures.one(right, "confirmed", "outlines, truly above the rate of the belt")
    found = method_figures.one(cells, "confirmed", "cells at twice the rate, flagged")
    ours, theirs = (
        method_figures.one(even, setting, "belts with a false alarm")
        for setting in ("confirmed", "Gi*, corrected")
    )
    if above is None or found is None or ours is None or theirs is None:
        st.info(_unmeasured(opened))
        return
    hundred = method_figures.of_hundred
    said = (
        _above(above, method_figures.one(right, "confirmed", "outlines, truly at twice the rate")),
        _(
            "Where nothing is worse anywhere, *confirmed* raised a false alarm on **{ours} of {all}** maps; "
            "corrected Gi*, a common choice, on **{theirs}**."
        ).format(
            ours=number(ours["value"] * ours["runs"]),
            theirs=number(theirs["value"] * theirs["runs"]),
            all=number(ours["runs"]),
        ),
        _(
            "Of cells truly at twice the rate it finds **{found} of 100**: what is not shown is not safe."
        ).format(found=hundred(found["value"])),
    )
    st.markdown("\n".join(f"- {text}" for text in said))
    st.caption(method_figures.measured(right))


def _above(above: dict[str, Any], twice: dict[str, Any] | None) -> str:
    """Return how many places called confirmed truly lie above the average, and how many at twice it."""
    hundred = method_figures.of_hundred
    if method_figures.has_no_width(above):
        said = _(
            "On made maps, where the truth is known, **{right} of 100** places called confirmed truly lie above "
            "the average rate ({editions})."
        ).format(right=hundred(above["value"]), editions=method_figures.on_editions(above))
    else:
        said = _(
            "On made maps, where the truth is known, **{right} of 100** places called confirmed truly lie above "
            "the average rate (likely {low}–{high})."
        ).format(right=hundred(above["value"]), low=hundred(above["low"]), high=hundred(above["high"]))
    if twice is None:
        return said
    return f"{said} " + _("At twice that rate or more lie **{twice} of 100** ({low}–{high}).").format(
        twice=hundred(twice["value"]), low=hundred(twice["low"]), high=hundred(twice["high"])
    )


def _unmeasured(opened: Opened) -> str:
    """Return which figures are missing, so that nobody takes those that follow for them."""
    if method_figures.of(opened, "power").empty or method_figures.of(opened, "null").empty:
        return _("This release holds no figures on how the method was tried.")
    return _(
        "No figures yet on how often the words are right. Below: what the method can notice, and its false alarms."
    )


def limits(opened: Opened) -> None:
    """Say what the measures cannot see."""
    st.header(_("What it cannot see"), anchor=False)
    least = methods.least_expected(opened.release)
    said = [_(text) for text in LIMITS]
    if least is not None:
        few = _(
            "**Few reports:** in this release a place needs about {count} expected reports of a theme before a "
            "three-fold excess would be noticed; elsewhere the answer is *not enough information*."
        )
        said.insert(0, few.format(count=number(least, digits=1)))
    st.markdown("\n".join(f"- {text}" for text in said))


def formulas() -> None:
    """Draw each formula with what it says and who it is from, folded by measure."""
    st.header(_("Formulas"), anchor=False)
    for title, several in FORMULAS.items():
        with st.expander(_(title)):
            for formula in several:
                st.markdown(_(formula.says))
                st.latex(formula.latex)
                st.caption(formula.source)


def origins() -> None:
    """Say where the words come from."""
    st.header(_("Where the words come from"), anchor=False)
    st.markdown(
        _(
            "Risk categories follow Annex II of the OECD guidance on responsible minerals where it names a risk; "
            "health and safety, working conditions, environment, community and legality are added. Severity, "
            "verification, precision of places, grades and bands are scales of this atlas. A publisher's own "
            "word always stands beside ours."
        )
    )
