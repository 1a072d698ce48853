"""What an invented edition says of itself wherever it is shown: page, tab, map, chart, table, download.

A page, a picture cut out of it or a downloaded table must not pass for a record of what happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final, TypeVar

import altair as alt
import pandas as pd
import streamlit as st

from frame import editions
from risk.texts import mark
from risk.texts import translate as _
from risk.vocabulary import Edition

WORDS: Final = mark("Invented – training edition. Nothing here is real.")
COLUMN: Final = "invented_edition"
# Wide enough for the first word of it.
COLUMN_PX: Final = 80
# Its colours are its own in both themes; what is fixed stands on each page of a print.
_STYLE: Final = """<style>
.stElementContainer:has(.atlas-invented) { position: absolute; }
.atlas-invented { position: fixed; left: 0; right: 0; bottom: 0; z-index: 1000000; padding: .3rem .8rem;
  background: #7a1f1f; color: #fff; font-weight: 600; font-size: .9rem; line-height: 1.3; text-align: center; text-wrap: balance;
  pointer-events: none; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
@media print { .atlas-invented { background: rgb(255 255 255 / 75%); color: #7a1f1f; } }
.stMainBlockContainer, [data-testid="stSidebarUserContent"] { padding-bottom: 4.5rem !important; }
</style>"""

_LINE_PX: Final = 22

Drawn = TypeVar("Drawn", bound=alt.TopLevelMixin)


def words() -> str | None:
    """Return what the chosen edition says of itself in the reader's language; the open one says nothing."""
    return None if editions.chosen() is Edition.OPEN else _(WORDS)


def band() -> None:
    """Draw the band that stays in sight at the foot of every page of an invented edition."""
    said = words()
    if said:
        st.html(f'{_STYLE}<div class="atlas-invented" role="note">{escape(said)}</div>')


def in_rows(rows: pd.DataFrame, columns: Mapping[str, str]) -> tuple[pd.DataFrame, Mapping[str, str]]:
    """Return `rows` and `columns` (name → heading) with a first column that says on each row it is invented.

    First, for the last one of a wide table is out of sight. Streamlit offers every table as a file, so what is in the table is in the file.
    """
    said = words()
    if not said:
        return rows, columns
    return rows.assign(**{COLUMN: said}), {COLUMN: _("Edition"), **columns}


def in_chart(chart: Drawn) -> Drawn:
    """Return `chart` with the words as its title, above one it has; a saved picture holds them too."""
    said = words()
    if not said:
        return chart
    marked = chart.copy()
    # Two lines fit a phone.
    lines = [f"{part.rstrip('.')}." for part in said.split(". ")]
    title = getattr(chart, "title", alt.Undefined)
    if title is not alt.Undefined:
        own = title.text if isinstance(title, alt.TitleParams) else title
        lines += [own] if isinstance(own, str) else list(own)
    height = getattr(chart, "height", alt.Undefined)
    if isinstance(height, int | float):
        # Streamlit fits chart and title into the height: the bars keep theirs.
        marked.height = height + _LINE_PX * len(lines)
    marked.title = alt.TitleParams(lines, anchor="start", fontSize=13, fontWeight="bold")
    return marked
