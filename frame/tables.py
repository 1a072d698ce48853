"""Tables on a page, with headings in the reader's language and absence by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd
import streamlit as st

from frame import watermark
from risk.texts import translate as _
from risk.texts import translate_count as _n


def show(
    rows: pd.DataFrame,
    columns: Mapping[str, str],
    *,
    caption: str | None = None,
    links: tuple[str, ...] = (),
    wide: tuple[str, ...] = (),
    meanings: Mapping[str, str] | None = None,
    height: int | Literal["content"] | None = None,
    missing: str | None = None,
    numbers: tuple[str, ...] = (),
    widths: Mapping[str, int] | None = None,
) -> None:
    """Draw `rows` with `columns` (name → heading already translated); no rows say so in words.

    `links` are columns of addresses, `wide` columns of long text, `meanings` what a heading's help says, `missing`
    the word in an empty cell (default: not reported), `numbers` columns written as the reader's browser
    writes numbers (not years), `widths` pixels of columns whose longest words come late.
    Rows of an invented edition say so in a first column, which goes into the reader's download with them.
    """
    if caption:
        st.caption(caption)
    if rows.empty:
        st.info(_("No record matches. This says nothing about safety: nobody may have looked."))
        return
    rows, columns = watermark.in_rows(rows, columns)
    config: dict[str, Any] = {}
    for name, heading in columns.items():
        if name in links:
            config[name] = st.column_config.LinkColumn(heading, display_text=_("open"))
        elif name in wide:
            config[name] = st.column_config.TextColumn(heading, width="large")
        elif pd.api.types.is_datetime64_any_dtype(rows[name]):
            config[name] = st.column_config.DateColumn(heading)
        elif name in numbers:
            meaning = (meanings or {}).get(name)
            config[name] = st.column_config.NumberColumn(heading, help=meaning, format="localized")
        elif name == watermark.COLUMN:
            # Its words stand in full in a download; on the page they leave room for the others.
            config[name] = st.column_config.Column(heading, width=watermark.COLUMN_PX)
        else:
            meaning, width = (meanings or {}).get(name), (widths or {}).get(name)
            config[name] = st.column_config.Column(heading, help=meaning, width=width)
    word = missing or _("not reported")
    st.dataframe(
        _worded(rows[list(columns)], word, links),
        hide_index=True,
        column_config=config,
        width="stretch",
        height=height or min(38 + 35 * len(rows), 420),
        placeholder=word,
    )


def _worded(rows: pd.DataFrame, word: str, links: tuple[str, ...]) -> pd.DataFrame:
    """Return `rows` with `word` for missing texts, so that a download has it too; of numbers and days it is blank."""
    texts = [name for name in rows if pd.api.types.is_string_dtype(rows[name]) and name not in links]
    return rows.assign(**{name: rows[name].astype("string").fillna(word) for name in texts})


def counted(count: int) -> str:
    """Return `1 row` or `12 rows` in the reader's language."""
    return _n("{count} row", "{count} rows", count).format(count=count)
