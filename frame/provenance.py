"""The page on the data itself: sources, licences, what was set aside, what was matched, what changed."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from frame import editions, formats, tables, watermark
from frame.opening import Opened
from risk.texts import mark
from risk.texts import translate as _
from risk.texts import translate_count as _n
from risk.vocabulary import MATCH_DECISIONS
from warehouse import records
from warehouse.compare import compare
from warehouse.release import audiences_of, open_release

STATES: Final[dict[str, str]] = {
    "loaded": mark("loaded"),
    "none_found": mark("read, and found empty"),
    "failed_to_load": mark("failed to load"),
}


def sources(opened: Opened) -> None:
    """Draw one row a file: what it is, who published it, under which licence, how its rows fared."""
    st.header(_("Sources and licences"), anchor=False)
    rows = records.origins(opened.release)
    shown = rows.assign(
        state=[_(STATES[code]) if pd.notna(code) else _("not reported") for code in rows["state"]],
        changes=rows[f"changes_{opened.language}"],
    )
    tables.show(
        shown,
        {
            "table_name": _("Table"),
            "publisher": _("Publisher"),
            "licence": _("Licence"),
            "published": _("Date of the data"),
            "rows_in": _("Rows in"),
            "rows_taken": _("Rows taken"),
            "rows_rejected": _("Rows set aside"),
            "state": _("State"),
            "title": _("Title"),
            "changes": _("What was changed"),
            "attribution": _("Credit"),
            "url": _("Address"),
            "file": _("File"),
        },
        links=("url",),
        wide=("changes",),
        height=38 + 35 * len(rows),
    )


def rejected(opened: Opened) -> None:
    """Draw what was set aside, and why."""
    st.header(_("What was set aside, and why"), anchor=False)
    rows = records.whole_table(opened.release, "rejected_row")
    count = int(records.origins(opened.release)["rows_rejected"].sum())
    if rows.empty and count:
        # Below staff the rows themselves are in no file: nobody has looked at what stands in them.
        said = _n(
            "{count} row was set aside. Staff see it.", "{count} rows were set aside. Staff see them.", count
        )
        st.markdown(said.format(count=formats.number(count)))
        return
    if rows.empty:
        st.markdown(_("Every row of every file kept its contract."))
        return
    tables.show(
        rows,
        {
            "table_name": _("Table"),
            "file": _("File"),
            "line": _("Line"),
            "column_name": _("Column"),
            "value": _("Value"),
            "reason": _("Reason"),
        },
        wide=("reason",),
    )


def matches(opened: Opened) -> None:
    """Draw the pairs of site records that were compared, with score, reason and decision."""
    st.header(_("One place, one site"), anchor=False)
    st.caption(
        _(
            "Publishers spell the same place differently. Each pair that came close is listed with what became of it."
        )
    )
    rows = records.site_matches(opened.release)
    shown = rows.assign(
        decision=[_(MATCH_DECISIONS[code]) for code in rows["decision"]],
        distance=[formats.distance(metres) for metres in rows["distance_m"]],
        # A rule's reason is a text of ours; a reviewer's stays as it was written.
        reason=[_(reason) for reason in rows["reason"]],
    )
    tables.show(
        shown,
        {
            "name_a": _("Name"),
            "name_b": _("Other name"),
            "name_score": _("Likeness of the names"),
            "distance": _("Distance"),
            "decision": _("Decision"),
            "reason": _("Reason"),
            "record_a": _("Record"),
            "record_b": _("Other record"),
        },
        wide=("reason",),
    )


def changes(opened: Opened) -> None:
    """Draw what changed since the release before this one."""
    st.header(_("What changed since the last release"), anchor=False)
    previous = opened.release.manifest.previous
    if previous is None:
        st.markdown(_("This is the first release of this edition."))
        return
    if opened.audience not in audiences_of(opened.release.edition, previous):
        st.markdown(_("The release before this one has no file for this audience."))
        return
    before = open_release(opened.release.edition, opened.audience, previous)
    rows = compare(before, opened.release)
    moved = rows[rows[["added", "removed", "changed"]].sum(axis=1) > 0]
    edition = editions.label(opened.release.edition)
    st.caption(_("{edition} · compared with release {id}").format(edition=edition, id=previous))
    if moved.empty:
        st.markdown(_("The same rows stand in every table."))
        return
    tables.show(
        moved,
        {
            "table": _("Table"),
            "added": _("Added"),
            "removed": _("Removed"),
            "changed": _("Changed"),
            "unchanged": _("Unchanged"),
        },
    )


def citing(opened: Opened) -> None:
    """Draw how to cite this release, and where its numbers are weak."""
    st.header(_("How to cite"), anchor=False)
    release = opened.release
    edition = editions.label(release.edition)
    cited = _("Cobalt Risk Atlas. {edition}, release {id}, as of {day}.").format(
        edition=edition, id=release.id, day=release.as_of.isoformat()
    )
    # What is copied leaves the page and its band.
    st.code(" ".join(filter(None, (watermark.words(), cited))), language=None)
    st.caption(_("Credit the publishers of the tables you use as well, under the licences above."))
