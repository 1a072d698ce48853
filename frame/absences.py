"""What a page cannot know, because a source is missing, empty or cut short: said under its header."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from frame.formats import number
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import Audience
from warehouse import disclosures
from warehouse.absences import incomplete
from warehouse.release import Release

NAMES: Final[dict[str, str]] = {
    "provinces": mark("outlines of provinces"),
    "territories": mark("outlines of territories"),
    "concessions": mark("titles"),
    "facilities": mark("industrial mines and plants"),
    "facility_production": mark("cobalt production"),
    "site_records": mark("sites"),
    "site_visits": mark("visits"),
    "observations": mark("what visits saw"),
    "incidents": mark("incidents"),
    "toll_claims": mark("claims on deaths"),
    "refiners": mark("refiners"),
    "assessment_figures": mark("assessment figures"),
    "places": mark("places"),
    "regulatory_notes": mark("notes on rules"),
    "citations": mark("sources of records"),
    "method_figures": mark("figures on the method"),
    "frameworks": mark("assessment frameworks"),
    "framework_levels": mark("levels of frameworks"),
    "criteria": mark("criteria of frameworks"),
    "assessments": mark("assessments"),
    "findings": mark("findings of assessments"),
    "improvement_actions": mark("improvement actions"),
    "action_extensions": mark("more time for actions"),
    "refiner_statuses": mark("lists of facilities"),
    "grievances": mark("grievances"),
    "grievance_steps": mark("steps of grievances"),
}
_PLACED: Final = ("provinces", "territories")
_TOLD: Final = ("incidents", "citations")
_SEEN: Final = ("site_records", "site_visits", "observations")
_IMPROVED: Final = (
    *("assessments", "findings", "improvement_actions", "action_extensions"),
    *("frameworks", "framework_levels", "criteria"),
)
# Page, by its question → the tables whose loss changes what it shows.
USED: Final[dict[str, tuple[str, ...]]] = {
    "What is known, and where?": (
        *_TOLD,
        "toll_claims",
        "site_records",
        "concessions",
        *_PLACED,
        "places",
    ),
    "Where is risk concentrated?": (*_TOLD, *_SEEN, *_PLACED, "concessions"),
    "How do territories compare?": (*_TOLD, *_SEEN, *_PLACED),
    "What is changing?": (*_TOLD, *_SEEN, *_PLACED),
    "What was reported, and when?": (*_TOLD, "toll_claims", "site_records", *_PLACED),
    "Whose ground are the sites on?": ("site_records", "concessions", *_PLACED, "citations"),
    "What is known of this site?": (
        *_TOLD,
        "site_records",
        "site_visits",
        "concessions",
        "assessment_figures",
        *_PLACED,
        *_IMPROVED,
    ),
    "What improves, and what would help?": (*_IMPROVED, "site_records", "territories", "citations"),
    "Which refiners are assessed?": ("refiners", "refiner_statuses", "citations"),
    "What was alleged, and what was assessed when?": (
        *("grievances", "grievance_steps", "assessments", "improvement_actions"),
        *("refiner_statuses", "site_records", "frameworks"),
    ),
    "What else is on record?": (
        "refiners",
        "assessment_figures",
        "facilities",
        "facility_production",
        "concessions",
        "places",
        "site_records",
        "regulatory_notes",
        "citations",
    ),
    "How is this computed?": (*_TOLD, *_SEEN, "method_figures"),
    "What do unpublished records add?": _TOLD,
    "Where does this come from?": tuple(NAMES),
}
# Tables that an edition may do without; where a page uses them, it says so.
_NEVER: Final[dict[str, str]] = {
    "site_visits": mark("This edition has no visits."),
    "observations": mark("This edition has no findings from visits."),
}
_WORDS: Final[dict[str, str]] = {
    "partial": mark("{source}: {count} of {all} rows were set aside: what is shown is incomplete"),
    "nothing_taken": mark("{source}: all {all} rows were set aside: nothing of it is shown"),
    "empty": mark("{source}: the file is empty: nothing of it is shown"),
}


def say(release: Release, question: str) -> None:
    """Draw what the page that asks `question` cannot know, one line a source; nothing where all is there.

    What was lost is a warning; what the edition never had is a quiet line.
    """
    rows = incomplete(release, USED.get(question, ())).to_dict("records")
    lost = [_line(row) for row in rows if row["state"] != "not_given"]
    never = [_(_NEVER[row["table_name"]]) for row in rows if _was_never_given(row)]
    if lost:
        lost.append(_("What is missing is not known to be absent: no place is safer for it."))
        st.warning("  \n".join(lost))
    if never:
        st.caption(" ".join(never))
    if disclosures.has_unpublished(release):
        st.caption(
            _(
                "Published records only. Where this page says not visited or not reported, an unpublished visit or "
                "report may exist: see “{page}”"
            ).format(page=_("What do unpublished records add?"))
        )


def _was_never_given(row: dict[Any, Any]) -> bool:
    return row["state"] == "not_given" and row["table_name"] in _NEVER


def _line(row: dict[Any, Any]) -> str:
    source = _(NAMES[row["table_name"]])
    if row["file_count"] > 1:
        source = f"{source} ({row['file']})"
    said = _(_WORDS[row["state"]])
    return said.format(source=source, count=number(row["rows_rejected"]), all=number(row["rows_in"]))


def nothing(audience: Audience, what: str) -> str:
    """Return `what` (that nothing of a kind is on record), and that this says nothing about any site."""
    published = "" if audience is Audience.STAFF else _("This file holds published records only.") + " "
    return f"{what} {published}{_('Absence of records says nothing about any site.')}"
