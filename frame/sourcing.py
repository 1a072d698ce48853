"""The sources of several records together, each source once; of what was not published, the file it is from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
import streamlit as st

from frame import citing
from frame.formats import number
from frame.opening import Opened
from risk.escaping import for_markdown
from risk.texts import translate as _
from risk.texts import translate_count as _n
from warehouse import records

_ONE_SOURCE = ["title", "publisher", "published", "url"]


def draw(opened: Opened, tables: Mapping[str, Iterable[str]]) -> None:
    """Draw the sources of the records of `tables` (table → ids), behind one line to open; of none, nothing."""
    asked = {table: [str(one) for one in ids] for table, ids in tables.items()}
    asked = {table: ids for table, ids in asked.items() if ids}
    if not asked:
        return
    found = [records.citations(opened.release, table, *ids) for table, ids in asked.items()]
    cited = pd.concat([rows for rows in found if not rows.empty] or found[:1])
    without = {
        table: len(set(ids) - set(rows["record_id"]))
        for (table, ids), rows in zip(asked.items(), found, strict=True)
    }
    with st.expander(_("Sources")):
        if not cited.empty:
            citing.sources(cited.drop_duplicates(_ONE_SOURCE))
        _uncited(opened, {table: count for table, count in without.items() if count})


def _uncited(opened: Opened, counts: Mapping[str, int]) -> None:
    """Say how many records cite no published source, and which files they were read from."""
    if not counts:
        return
    origins = records.origins(opened.release)
    titles = origins.loc[origins["table_name"].isin(list(counts)), "title"].drop_duplicates()
    files = ", ".join(for_markdown(title) for title in titles) or _("not reported")
    total = sum(counts.values())
    st.caption(
        _n(
            "{count} record cites no published source. It was read from: {files}",
            "{count} records cite no published source. They were read from: {files}",
            total,
        ).format(count=number(total), files=files)
    )
