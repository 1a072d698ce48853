"""What staff watch: what became of each row on its way to an audience, and who looked at what."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from entry import use_log
from frame import audiences, readers, tables
from frame.opening import Opened
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import Audience
from warehouse import disclosures

OUTCOMES: Final[dict[str, str]] = {
    "rows_in": mark("rows in"),
    "shown": mark("shown"),
    "left_out": mark("left out: not public"),
    "kept_back": mark("to be published, but not yet: too few of their class would remain"),
    "as_published": mark("shown as published, counted nowhere else"),
    "embargoed": mark("under embargo"),
    "territory_quarter_category": mark("counted by territory, quarter and category"),
    "territory_year_category": mark("counted by territory, year and category"),
    "territory_year": mark("counted by territory and year"),
    "province_year": mark("counted by province and year"),
    "year": mark("counted by year"),
    "all": mark("counted in the total only"),
    "waiting": mark("not counted yet: too few"),
    "held": mark("retracted or changed, still counted as before"),
    "told": mark("told as a research record"),
    "cut": mark("left out: its class has changed"),
    "too_small": mark("left out: its group is too small"),
    "without_bands": mark("told without severity and verification"),
    "without_cell": mark("told without a cell"),
}
USES: Final[dict[str, str]] = {
    use_log.VIEW_AS: mark("viewed as another audience"),
    use_log.EXPORT: mark("took an export"),
}


def report(opened: Opened) -> None:
    """Draw the release report; for staff alone, for it holds small counts."""
    rows = disclosures.release_report(opened.release)
    if rows.empty:
        return
    st.header(_("What each audience's file holds"), anchor=False)
    names = list(audiences.LABELS)
    chosen = st.segmented_control(
        _("File for"),
        names,
        format_func=lambda one: _(audiences.LABELS[one]),
        default=Audience.RESEARCHER,
        required=True,
    )
    mine = rows[(rows["audience"] == Audience(chosen).value) & (rows["row_count"] > 0)]
    mine = mine.assign(outcome=mine["outcome"].map(lambda code: _(OUTCOMES[code])).astype("string"))
    tables.show(
        mine,
        {"table_name": _("Table"), "outcome": _("What became of rows"), "row_count": _("Rows")},
        caption=_(
            "Counts below 5 stand here: this table is for staff alone. The same lies as JSON beside the files."
        ),
        numbers=("row_count",),
    )


def use(opened: Opened) -> None:
    """Draw the log of use: all of it for staff, their own lines for other readers who signed in."""
    reader = readers.current()
    if reader.audience is Audience.PUBLIC or opened.audience is not reader.audience:
        return
    folder = opened.settings.state_dir
    own = None if reader.audience is Audience.STAFF else use_log.pseudonym(folder, readers.subject())
    lines = pd.DataFrame(
        use_log.lines(folder, own),
        columns=["at", "reader", "what", "edition", "release_id", "audience", "rows"],
    )
    st.header(_("Log of use"), anchor=False)
    if lines.empty:
        st.caption(_("Nothing is noted yet. Exports, and views as another audience, are."))
        return
    lines = lines.assign(
        what=lines["what"].map(lambda code: _(USES.get(code, code))),
        audience=lines["audience"].map(lambda code: _(audiences.LABELS[Audience(code)])),
        rows=lines["rows"].astype("Int64"),
    )
    tables.show(
        lines.astype(dict.fromkeys(("at", "reader", "what", "release_id", "audience"), "string")),
        {
            "at": _("When (UTC)"),
            "reader": _("Reader, coded"),
            "what": _("What"),
            "audience": _("File for"),
            "release_id": _("Release"),
            "rows": _("Rows"),
        },
        caption=_("Readers stand here as codes. Kept for {days} days.").format(
            days=opened.settings.use_log_days
        ),
        missing="–",
    )
