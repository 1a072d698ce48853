"""Tables on a page, with headings in the reader's language and absence by its name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from frame import formats, watermark
from risk.texts import translate as _
from risk.texts import translate_count as _n

# A table ends at a whole row, so that none passes for the last one by being cut. A row of Streamlit's is
# 2.1875 times the size of the theme's letters; over and under the rows are three pixels of lines.
_ROW_PX: Final = 33
_LINES_PX: Final = 3
_MOST_ROWS: Final = 14


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
    right: tuple[str, ...] = (),
    widths: Mapping[str, int] | None = None,
) -> None:
    """Draw `rows` with `columns` (name → heading already translated); no rows say so in words.

    `links` are columns of addresses, `wide` columns of long text, `meanings` what a heading's help says, `missing`
    the word in an empty cell (default: not reported), `numbers` columns written as the page's language
    writes numbers (not years), `right` columns of text that begins with a number, `widths` pixels of columns
    whose longest words come late.
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
            meaning, width = (meanings or {}).get(name), (widths or {}).get(name)
            config[name] = st.column_config.NumberColumn(heading, help=meaning, width=width)
        elif name == watermark.COLUMN:
            # Its words stand in full in a download; on the page they leave room for the others.
            config[name] = st.column_config.Column(heading, width=watermark.COLUMN_PX)
        else:
            meaning, width = (meanings or {}).get(name), (widths or {}).get(name)
            side: Literal["right"] | None = "right" if name in right else None
            config[name] = st.column_config.Column(heading, help=meaning, width=width, alignment=side)
    word = missing or _("not reported")
    st.dataframe(
        _written(_worded(rows[list(columns)], word, links), numbers, word),
        hide_index=True,
        column_config=config,
        width="stretch",
        height=height or _ROW_PX * (1 + min(len(rows), _MOST_ROWS)) + _LINES_PX,
        placeholder=word,
    )


def _worded(rows: pd.DataFrame, word: str, links: tuple[str, ...]) -> pd.DataFrame:
    """Return `rows` with `word` for missing texts, so that a download has it too; of numbers and days it is blank."""
    texts = [name for name in rows if pd.api.types.is_string_dtype(rows[name]) and name not in links]
    return rows.assign(**{name: rows[name].astype("string").fillna(word) for name in texts})


def _written(rows: pd.DataFrame, numbers: tuple[str, ...], word: str) -> pd.DataFrame | Styler:
    """Return `rows` with `numbers` written in the page's language; they still sort and download as numbers."""
    if not numbers:
        return rows
    digits = {name: 2 if pd.api.types.is_float_dtype(rows[name]) else 0 for name in numbers}
    return rows.style.format(
        {name: partial(formats.number, digits=digits[name]) for name in numbers}, na_rep=word
    )


def counted(count: int) -> str:
    """Return `1 row` or `12 rows` in the reader's language."""
    return _n("{count} row", "{count} rows", count).format(count=count)
