"""What the assessments of a site come to: level, what blocks, what is missing, and each section over time."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frame import absences, canvas, formats, framework_names, sourcing, tables, watermark
from frame.formats import number
from frame.opening import Opened
from layers import sections as charts
from risk.escaping import for_markdown
from risk.progress_words import ASSESSMENT_KINDS, ASSESSOR_KINDS, RESPONSE_TRACKS, RESULTS
from risk.texts import translate as _
from risk.texts import translate_count as _n

_COLUMNS: Final = 3
_SHOWN: Final = 6


def show(opened: Opened, assessments: pd.DataFrame, sections: pd.DataFrame, findings: pd.DataFrame) -> None:
    """Draw the assessments of a site, one block a framework: level, sections over time, and the same as a table."""
    st.header(_("Assessments"), anchor=False)
    if assessments.empty:
        what = _("No assessment of this site is on record: no level and no score. That is not a low score.")
        st.info(absences.nothing(opened.audience, what))
        return
    for scheme, rows in assessments.groupby("scheme", sort=False):
        last = rows.to_dict("records")[-1]
        st.subheader(framework_names.named(last), anchor=False)
        _level(last, findings[findings["assessment_id"] == last["assessment_id"]])
        _over_time(rows, sections[sections["scheme"] == scheme])
        _table(rows, sections[sections["scheme"] == scheme])
    sourcing.draw(opened, {"assessments": assessments["assessment_id"]})


def _level(last: dict[Any, Any], findings: pd.DataFrame) -> None:
    day = formats.day(last["assessed_on"])
    if last["is_blocked"]:
        said = _("No level: blocked by zero tolerance ({day})").format(day=day)
    elif pd.isna(last["level"]):
        said = _("No level reached ({day})").format(day=day)
    else:
        said = _("Level {level} ({day})").format(level=for_markdown(last["level"]), day=day)
    meaning = f": {for_markdown(formats.worded(last, 'level'))}" if pd.notna(last["level_en"]) else ""
    st.markdown(f"**{said}**{meaning}")
    st.caption(" · ".join(_counted(last)))
    st.caption(_("A level is given where all its conditions are met. It is no average."))
    blocked = _codes(last["blocked_by"])
    if blocked:
        st.markdown(f"**{_('What blocks')}**")
        _criteria(findings, blocked, key="blocks")
    missing = [code for code in _codes(last["missing_for_next"]) if code not in blocked]
    if missing:
        beyond = f" – {for_markdown(formats.worded(last, 'next'))}" if pd.notna(last["next_en"]) else ""
        title = _("What is missing for the level {level}").format(level=for_markdown(last["next_level"]))
        st.markdown(f"**{title}**{beyond}")
        _criteria(findings, missing, key="missing")


def _counted(row: dict[Any, Any]) -> list[str]:
    score = _("no score") if pd.isna(row["score_pct"]) else formats.percent(row["score_pct"])
    parts = [
        formats.named(_("Score over all sections"), score),
        _("{assessed} of {count} criteria assessed").format(
            assessed=number(row["criteria_assessed"]), count=number(row["criteria_applicable"])
        ),
    ]
    if pd.notna(row["response_track"]):
        parts.append(formats.named(_("Asks for"), _(RESPONSE_TRACKS[row["response_track"]])))
    return parts


def _codes(codes: Any) -> list[str]:
    return [] if pd.isna(codes) else str(codes).split("; ")


def _criteria(findings: pd.DataFrame, codes: list[str], *, key: str) -> None:
    """List criteria with what was found on each; many of them behind a line to open."""
    rows = findings.set_index("criterion_id", drop=False).reindex(codes)
    rows = rows.assign(criterion_id=codes, result=rows["result"].fillna("not_assessed")).to_dict("records")
    results = [_(RESULTS[row["result"]]) for row in rows]
    st.markdown(framework_names.listed(rows[:_SHOWN], results[:_SHOWN]))
    left = len(rows) - _SHOWN
    if left > 0:
        with st.expander(
            _n("{count} more criterion", "{count} more criteria", left).format(count=number(left)), key=key
        ):
            st.markdown(framework_names.listed(rows[_SHOWN:], results[_SHOWN:]))


def _over_time(assessments: pd.DataFrame, sections: pd.DataFrame) -> None:
    """Draw one small chart a section, three beside each other; on a phone one under the other."""
    canvas.legend(charts.LEGEND)
    days = (assessments["assessed_on"].min(), assessments["assessed_on"].max())
    rows = sections.assign(
        day=[formats.day(day) for day in sections["assessed_on"]],
        said=[said_of(row) for row in sections.to_dict("records")],
    )
    each = [own for _code, own in rows.groupby("section", sort=False)]
    for start in range(0, len(each), _COLUMNS):
        for place, own in zip(st.columns(_COLUMNS), each[start : start + _COLUMNS], strict=False):
            with place:
                _section(own, days)
    if assessments["framework_id"].nunique() > 1:
        st.caption(
            _(
                "Where the version of the framework changed, no line joins two scores: another version asks other "
                "things."
            )
        )


def _section(rows: pd.DataFrame, days: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    last = rows.to_dict("records")[-1]
    name = formats.worded(last, "section")
    alt = formats.several(f"{row['day']}: {row['said']}" for row in rows.to_dict("records"))
    with st.container(border=True):
        st.markdown(f"**{for_markdown(name)}**  \n:small[{last['day']} · {last['said']}]")
        marked = [watermark.words(), f"{name}.", alt]
        st.altair_chart(
            watermark.in_chart(charts.draw(rows, days)), width="stretch", alt=" ".join(filter(None, marked))
        )


def said_of(row: dict[Any, Any]) -> str:
    """Return what an assessment says of a section: its score, or why there is none."""
    assessed, applicable = row["criteria_assessed"], row["criteria_applicable"]
    of_all = _("{assessed} of {count} criteria assessed").format(
        assessed=number(assessed), count=number(applicable)
    )
    if applicable == 0:
        return _("no criterion applies")
    if assessed == 0:
        return _("not assessed")
    if pd.isna(row["score_pct"]):
        return _("no score: {of_all}, under 60 %").format(of_all=of_all)
    return f"{formats.percent(row['score_pct'])} ({of_all})"


def _table(assessments: pd.DataFrame, sections: pd.DataFrame) -> None:
    with st.expander(_("The same as a table")):
        each = assessments.to_dict("records")
        tables.show(
            assessments.assign(
                kind=[_(ASSESSMENT_KINDS[row["kind"]]) for row in each],
                assessor=[_(ASSESSOR_KINDS[row["assessor_kind"]]) for row in each],
                framework=[framework_names.plain(row) for row in each],
                reached=[
                    _("blocked")
                    if row["is_blocked"]
                    else row["level"]
                    if pd.notna(row["level"])
                    else _("none")
                    for row in each
                ],
                score=[_score(row) for row in each],
                coverage=[formats.percent(row["coverage_pct"]) for row in each],
            ),
            {
                "assessed_on": _("Assessment"),
                "kind": _("Kind"),
                "assessor": _("Assessor"),
                "framework": _("Framework"),
                "reached": _("Level"),
                "blocked_by": _("Blocked by"),
                "missing_for_next": _("Missing for the next level"),
                "coverage": _("Criteria assessed"),
                "score": _("Score"),
                "expires_on": _("Valid until"),
            },
            missing=_("none"),
        )
        tables.show(
            sections.assign(
                name=[formats.worded(row, "section") for row in sections.to_dict("records")],
                score=[_score(row) for row in sections.to_dict("records")],
            ),
            {
                "name": _("Section"),
                "assessed_on": _("Assessment"),
                "score": _("Score"),
                "criteria_assessed": _("Criteria assessed"),
                "criteria_applicable": _("Criteria that apply"),
                "met": _("met"),
                "partial": _("partly met"),
                "not_met": _("not met"),
            },
        )


def _score(row: dict[Any, Any]) -> str:
    if pd.notna(row["score_pct"]):
        return formats.percent(row["score_pct"])
    return _("no score") if row["criteria_assessed"] else _("not assessed")
